import { addDays, mondayOf } from '../../engine/days.ts'
import { schoolYearOf } from '../../engine/periods.ts'
import type { LocalDate } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { localTimeOf } from '../kit/dates.ts'
import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnits } from '../org/store.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse, type Term } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import { findRecordForm, lessonSettings } from './actions.ts'
import { loadComments } from './comments.ts'
import type {
  BookingChoices,
  Choice,
  LessonLine,
  LessonView,
  MonthRow,
  ObservationLine,
  ObservationView,
  RatingView,
} from './contract.ts'
import { listCounted, listDutyKeys, loadQuotas, seesDutiesOf } from './duties.ts'
import * as notes from './observation-store.ts'
import { demandVisible } from './observation-actions.ts'
import { knowsLesson, selfAllowed } from './rating-actions.ts'
import * as rules from './rules.ts'
import { sheetsInUse } from './sheets.ts'
import * as store from './store.ts'
import { quickPhrases } from './words.ts'

interface Words {
  kinds: Term[]
  tags: Term[]
  periods: store.Period[]
}

async function loadWords(tx: Tx): Promise<Words> {
  return {
    kinds: await vocabularyOf(tx, 'lessonKinds'),
    tags: await vocabularyOf(tx, 'contentTags'),
    periods: (await lessonSettings(tx)).periods,
  }
}
const labelIn = (terms: readonly Term[], id: string) => terms.find((term) => term.id === id)?.label ?? id
const choosable = (terms: readonly Term[], on: LocalDate): Choice[] =>
  terms.filter((term) => isInUse(term, on)).map(({ id, label }) => ({ id, label }))
const periodChoices = (periods: readonly store.Period[]) =>
  periods.map((period) => ({ number: period.number, label: rules.periodLabel(periods, period.number) }))

function lineOf(tx: Tx, row: store.LessonView, words: Words): LessonLine {
  const { actor, today } = tx
  return {
    id: row.id,
    kind: row.kind,
    kindLabel: labelIn(words.kinds, row.kind),
    scope: row.scope,
    teacher: { id: row.teacherId, name: row.teacherName, leftOn: row.teacherLeftOn },
    guideName: row.guideName,
    unitName: row.unitName,
    subject: row.subject,
    className: row.className,
    topic: row.topic,
    room: row.room,
    heldOn: row.heldOn,
    period: row.period,
    periodLabel: rules.periodLabel(words.periods, row.period),
    status: row.status,
    reason: row.reason,
    observers: row.observers,
    observed: row.observed,
    ratings: row.ratings,
    iEnrolled: row.iEnrolled,
    isMine: row.teacherId === actor.personId,
    myObservationId: row.myObservationId,
    abilities: {
      enrol: can.enrol(actor, row, today),
      observe: can.observe(actor, row, today),
      confirm: can.confirm(actor, row),
      give: can.give(actor, row, today),
    },
  }
}

/** This term, else this and the coming month. */
export async function termRange(tx: Tx): Promise<{ from: LocalDate; to: LocalDate }> {
  const { terms } = await loadCalendar(tx)
  const term =
    terms.find((one) => one.from <= tx.today && tx.today <= one.to) ??
    [...terms].reverse().find((one) => one.to < tx.today)
  return term ? { from: term.from, to: term.to } : { from: addDays(tx.today, -30), to: addDays(tx.today, 30) }
}

export interface LessonQuestion {
  view: 'open' | 'mine' | 'asked' | 'all'
  from?: LocalDate | undefined
  to?: LocalDate | undefined
  kind?: string | undefined
  unitId?: string | undefined
  search?: string | undefined
}

/** The list as its page shows it: coming lessons of three weeks, or the whole term. */
export async function loadLessons(tx: Tx, asked: LessonQuestion) {
  const words = await loadWords(tx)
  const term = await termRange(tx)
  const monday = mondayOf(tx.today)
  const usual =
    asked.view === 'open'
      ? { from: monday, to: addDays(monday, 20) }
      : { ...term, to: later(term.to, addDays(tx.today, 60)) }
  const from = asked.from ?? usual.from
  const to = asked.to ?? usual.to
  const rows = await store.listLessons(tx, {
    from,
    to,
    ...(asked.kind ? { kind: asked.kind } : {}),
    ...(asked.unitId ? { unitId: asked.unitId } : {}),
    ...(asked.search ? { search: asked.search } : {}),
    ...(asked.view === 'asked' ? { statuses: ['asked' as const] } : {}),
    mine: asked.view === 'mine',
  })
  // Of lessons that are not announced only those know who take part in them; cancelled ones those who had enrolled.
  const seen = rows.filter((row) => {
    if (asked.view === 'asked') return can.run(tx.actor, row) === null
    if (row.status === 'asked') return can.run(tx.actor, row) === null && asked.view !== 'open'
    if (asked.view === 'open') return row.status !== 'cancelled' || row.iEnrolled
    return true
  })
  const recent = await store.listLessons(tx, {
    from: addDays(tx.today, -rules.daysBack),
    to: addDays(tx.today, rules.daysAhead),
    statuses: ['asked', 'booked'],
  })
  return {
    lessons: seen.map((row) => lineOf(tx, row, words)),
    from,
    to,
    kinds: choosable(words.kinds, tx.today),
    units: (await listUnits(tx, tx.today))
      .filter((unit) => unit.kind === 'teachingResearchGroup')
      .map((unit) => ({ id: unit.id, label: unit.name })),
    waiting: {
      toConfirm: recent.filter((row) => can.confirm(tx.actor, row) === null).length,
      toGive: recent.filter(
        (row) => row.teacherId === tx.actor.personId && can.give(tx.actor, row, tx.today) === null,
      ).length,
    },
    duties: await listDutyKeys(tx, 'lesson.given'),
    abilities: {
      book: can.book(tx.actor, null),
      settle: can.settle(tx.actor),
      duties: await seesDutiesOf(tx, 'lesson.given'),
    },
  }
}
const later = (a: LocalDate, b: LocalDate) => (a > b ? a : b)

async function ratingsOf(tx: Tx, lesson: store.LessonRow): Promise<RatingView[]> {
  return (await notes.listRatings(tx, [lesson.id])).map((rating) => ({
    id: rating.id,
    name: rating.personName ?? rating.expertName,
    voice: rating.voice,
    sheetTitle: rating.sheet.title,
    scores: rating.sheet.criteria.map((criterion) => {
      const step = rating.sheet.steps[rating.scores[criterion.id] ?? -1]
      return {
        label: criterion.label,
        step: step?.label ?? '',
        points: step ? Math.round(criterion.weight * step.share) / 100 : 0,
        weight: criterion.weight,
      }
    }),
    total: rating.total,
    comment: rating.comment,
    ratedAt: rating.ratedAt,
    isMine: rating.personId !== null && rating.personId === tx.actor.personId,
    abilities: { withdraw: can.withdrawRating(tx.actor, rating, lesson) },
  }))
}

/** A lesson with its observers, its series, its ratings and what the caller may do. */
export async function viewLesson(tx: Tx, id: string): Promise<LessonView> {
  const [row] = await store.listLessons(tx, { id })
  if (!row) return refuseNotFound('课')
  if (row.status === 'asked' && can.run(tx.actor, row) !== null && tx.actor.districtId === null)
    refuseNotFound('课')
  const words = await loadWords(tx)
  const { actor } = tx
  const series = await store.listLessons(tx, { caseId: row.caseId })
  const ratings = await notes.listRatings(
    tx,
    series.map((one) => one.id),
  )
  const mine = ratings.find(
    (rating) => rating.lessonId === row.id && rating.personId !== null && rating.personId === actor.personId,
  )
  const knows = actor.personId !== null && (await knowsLesson(tx, row, actor.personId))
  const line = lineOf(tx, row, words)
  const seesScores = can.run(actor, row) === null || actor.districtId !== null || mine !== undefined
  const observations = (await notes.listObservations(tx, { lessonId: row.id, status: 'submitted' })).filter(
    (one) => can.see(actor, one, []) === null,
  )
  return {
    ...line,
    caseId: row.caseId,
    contentTags: row.contentTags,
    contentTagLabels: row.contentTags.map((tag) => labelIn(words.tags, tag)),
    guideId: row.guideId,
    note: row.note,
    unitId: row.unitId,
    observerList: await store.listObservers(tx, row.id),
    steps: await store.listSteps(tx, row.id),
    series: series.map((one) => ({
      id: one.id,
      topic: one.topic,
      heldOn: one.heldOn,
      status: one.status,
      isThis: one.id === row.id,
      results: seesScores ? rules.resultsOf(ratings.filter((rating) => rating.lessonId === one.id)) : [],
    })),
    // Who gave which score is for the teacher and the leaders; colleagues see the result and their own rating.
    ratingList: (await ratingsOf(tx, row)).filter((rating) => rating.isMine || can.run(actor, row) === null),
    results: seesScores ? rules.resultsOf(ratings.filter((rating) => rating.lessonId === row.id)) : [],
    myRating: mine ? { sheetId: mine.sheet.id, scores: mine.scores, comment: mine.comment } : null,
    observations: observations.map((one) => ({
      id: one.id,
      observerName: one.observerName,
      submittedAt: one.submittedAt,
    })),
    comments: await loadComments(tx, row, words.periods),
    recordForm: await findRecordForm(tx, row.kind),
    record: row.record,
    // Whom it counts for is the teacher's and the leaders' affair.
    counted: row.status === 'given' && seesDuties(tx, row) ? await listCounted(tx, row) : [],
    expected:
      row.status === 'booked' || row.status === 'asked'
        ? (await loadQuotas(tx, 'lesson.given')).filter((quota) => quota.kinds.includes(row.kind))
        : [],
    abilities: {
      ...line.abilities,
      change: can.change(actor, row),
      cancel: can.cancel(actor, row),
      takeBack: can.takeBack(actor, row),
      rate: can.rate(actor, row, { knows, selfAllowed: await selfAllowed(tx) }),
      rateAsExpert: can.rateAsExpert(actor, row),
      repeat: can.repeat(actor, row),
      record: can.record(actor, row),
    },
  }
}

const seesDuties = (tx: Tx, lesson: store.LessonRow) =>
  can.run(tx.actor, lesson) === null || tx.actor.districtId !== null

const unique = (values: readonly string[]) => [...new Set(values.filter((value) => value !== ''))]

/** Everybody in service with subject and the classes and rooms in which they have taught before. */
async function loadPeople(tx: Tx) {
  const used = await store.listUsedWords(tx)
  const byTeacher = new Map<string, typeof used>()
  for (const word of used) byTeacher.set(word.teacherId, [...(byTeacher.get(word.teacherId) ?? []), word])
  const people = await store.listTeachers(tx, tx.today)
  const teachers = people.map((person) => {
    const own = byTeacher.get(person.id) ?? []
    return {
      id: person.id,
      label: person.name,
      initials: person.initials,
      subject: person.subject || (own[0]?.subject ?? ''),
      classes: unique(own.map((word) => word.className)).slice(0, 6),
      rooms: unique(own.map((word) => word.room)).slice(0, 4),
    }
  })
  return { used, teachers, people }
}

/** What a booking chooses from. */
export async function bookingChoices(tx: Tx): Promise<BookingChoices> {
  const words = await loadWords(tx)
  const settings = await lessonSettings(tx)
  const { used, teachers, people } = await loadPeople(tx)
  const mayAll = can.book(tx.actor, { personId: '', unitIds: [] }) === null
  const led = new Set(tx.actor.leads.map((lead) => lead.unitId))
  const bookable: string[] | null = mayAll ? null : tx.actor.personId ? [tx.actor.personId] : []
  if (bookable)
    for (const { id, unitIds } of people)
      if (id !== tx.actor.personId && unitIds.some((unitId) => led.has(unitId))) bookable.push(id)
  return {
    kinds: choosable(words.kinds, tx.today),
    contentTags: choosable(words.tags, tx.today),
    periods: periodChoices(words.periods),
    teachers,
    classes: unique(used.map((word) => word.className)).sort((a, b) => a.localeCompare(b, 'zh-CN')),
    rooms: unique(used.map((word) => word.room)),
    subjects: unique([...teachers.map((teacher) => teacher.subject), ...used.map((word) => word.subject)]),
    confirms: settings.confirms,
    me: tx.actor.personId,
    bookable,
    quotas: await loadQuotas(tx, 'lesson.given'),
    earliest: addDays(tx.today, -rules.daysBack),
    latest: addDays(tx.today, rules.daysAhead),
  }
}

// ── Observations ──────────────────────────────────────────────────────────────

function observationLine(row: notes.ObservationLineRow, words: Words): ObservationLine {
  return {
    id: row.id,
    lessonId: row.lessonId,
    observer: { id: row.observerId, label: row.observerName },
    teacher: { id: row.teacherId, label: row.teacherName },
    heldOn: row.heldOn,
    period: row.period,
    periodLabel: rules.periodLabel(words.periods, row.period),
    className: row.className,
    subject: row.subject,
    topic: row.topic,
    kindLabel: row.dropIn ? '随时听课' : row.lessonKind ? labelIn(words.kinds, row.lessonKind) : '常态课',
    dropIn: row.dropIn,
    status: row.status,
    notes: row.notes.filter((note) => note.text.trim() !== '').length,
    comment: row.comment,
    actionStep: row.actionStep,
    total: row.sheet ? rules.totalOf(row.sheet, row.scores) : null,
    submittedAt: row.submittedAt,
    readAt: row.readAt,
    answer: row.answer,
    answeredAt: row.answeredAt,
    inspection: row.inspection,
    inspectionRemark: row.inspectionRemark,
  }
}

/** Where an observation begins: enrolled and today's lessons, drafts, and lists for all others. */
export async function loadToObserve(tx: Tx) {
  const words = await loadWords(tx)
  const me = tx.actor.personId
  const rows = await store.listLessons(tx, {
    from: addDays(tx.today, -7),
    to: tx.today,
    statuses: ['booked', 'given'],
  })
  const { used, teachers } = await loadPeople(tx)
  const drafts = me ? await notes.listObservations(tx, { observerId: me, status: 'draft', limit: 10 }) : []
  return {
    lessons: rows
      .filter(
        (row) => (row.iEnrolled || row.heldOn === tx.today) && can.observe(tx.actor, row, tx.today) === null,
      )
      .filter((row) => row.myObservationId === null)
      .sort((a, b) => Number(b.iEnrolled) - Number(a.iEnrolled) || (a.heldOn < b.heldOn ? 1 : -1))
      .map((row) => lineOf(tx, row, words)),
    teachers: teachers.filter((teacher) => teacher.id !== me),
    classes: unique(used.map((word) => word.className)).sort((a, b) => a.localeCompare(b, 'zh-CN')),
    periods: periodChoices(words.periods),
    nowPeriod: rules.periodAt(words.periods, localTimeOf(tx.now)),
    drafts: drafts.map((row) => observationLine(row, words)),
    abilities: { dropIn: can.dropIn(tx.actor) },
  }
}

/** An observation for its observer, its teacher or those who inspect it. */
export async function viewObservation(tx: Tx, id: string): Promise<ObservationView> {
  const [row] = await notes.listObservations(tx, { id })
  if (!row) return refuseNotFound('听课记录')
  await demandVisible(tx, row)
  const words = await loadWords(tx)
  const { actor } = tx
  const edit = can.edit(actor, row)
  const [earlier] = row.followsId ? await notes.listObservations(tx, { id: row.followsId }) : []
  const { used } = edit === null ? await loadPeople(tx) : { used: [] }
  return {
    ...observationLine(row, words),
    draftVersion: row.draftVersion,
    startedAt: row.startedAt,
    readOn: tx.now,
    notes: row.notes,
    sheet: row.sheet,
    scores: row.scores,
    contentTags: row.contentTags,
    followed: row.followed,
    earlier: earlier
      ? {
          id: earlier.id,
          heldOn: earlier.heldOn,
          actionStep: earlier.actionStep,
          observerName: earlier.observerName,
        }
      : null,
    inspectedByName: row.inspectedByName,
    sheets: (await sheetsInUse(tx)).map((sheet) => ({ id: sheet.id, label: sheet.title })),
    phrases: [...quickPhrases],
    tagChoices: choosable(words.tags, tx.today),
    classes: unique(used.map((word) => word.className)).sort((a, b) => a.localeCompare(b, 'zh-CN')),
    periods: periodChoices(words.periods),
    needsComment: row.dropIn,
    abilities: {
      edit,
      submit: edit,
      discard: can.discard(actor, row),
      reopen: can.reopen(actor, row),
      answer: can.answer(actor, row),
      inspect: can.inspect(actor, row),
    },
  }
}

export interface ObservationQuestion {
  view: 'mine' | 'received' | 'visits' | 'all' | 'uninspected'
  personId?: string | undefined
  from?: LocalDate | undefined
  to?: LocalDate | undefined
}

/** Lists of observations; what the caller may not see is not among them. */
export async function loadObservations(tx: Tx, asked: ObservationQuestion) {
  const words = await loadWords(tx)
  const range = await termRange(tx)
  const from = asked.from ?? range.from
  const to = asked.to ?? range.to
  const me = tx.actor.personId
  const none = { observations: [] as notes.ObservationLineRow[] }
  const unitIds = can.inspect(tx.actor, null) === null ? undefined : tx.actor.leads.map((lead) => lead.unitId)
  const rows = await (async () => {
    const common = { from, to, ...(asked.personId ? { observerId: asked.personId } : {}) }
    switch (asked.view) {
      case 'mine':
        return me ? notes.listObservations(tx, { from, to, observerId: me }) : none.observations
      case 'received':
        return me
          ? notes.listObservations(tx, { from, to, teacherId: me, status: 'submitted' })
          : none.observations
      case 'visits':
        if (can.dropIn(tx.actor) !== null) return none.observations
        return notes.listObservations(tx, { ...common, dropIn: true, status: 'submitted' })
      default:
        if (can.seeAll(tx.actor) !== null) return none.observations
        return notes.listObservations(tx, {
          ...common,
          status: 'submitted',
          ...(unitIds ? { unitIds } : {}),
          ...(asked.view === 'uninspected' ? { inspected: false } : {}),
        })
    }
  })()
  const groups = tx.actor.leads.map((lead) => lead.unitId)
  const seen = rows.filter(
    (row) =>
      can.see(tx.actor, row, unitIds === undefined ? [] : groups) === null &&
      (asked.view !== 'uninspected' || can.inspect(tx.actor, row) === null),
  )
  const mine = me
    ? await notes.listObservations(tx, {
        observerId: me,
        status: 'submitted',
        from: range.from,
        to: range.to,
      })
    : []
  const received = me
    ? await notes.listObservations(tx, { teacherId: me, status: 'submitted', from: range.from, to: range.to })
    : []
  return {
    observations: seen.map((row) => observationLine(row, words)),
    from,
    to,
    months: monthsOf(range.from, range.to < tx.today ? range.to : tx.today).map((month) => ({
      month,
      label: monthLabel(month),
      mine: mine.filter((row) => row.heldOn.startsWith(month)).length,
    })),
    unanswered: received.filter((row) => row.answeredAt === null && row.comment !== '').length,
    duties: await listDutyKeys(tx, 'lesson.observed'),
    abilities: {
      visits: can.dropIn(tx.actor),
      all: can.seeAll(tx.actor),
      inspect: can.inspect(tx.actor, null),
      dropIn: can.dropIn(tx.actor),
      duties: await seesDutiesOf(tx, 'lesson.observed'),
    },
  }
}

/** `2026-09` … `2026-11` */
function monthsOf(from: LocalDate, to: LocalDate): string[] {
  const months: string[] = []
  for (let day = `${from.slice(0, 7)}-01`; day <= to; ) {
    months.push(day.slice(0, 7))
    day = `${addDays(day, 31).slice(0, 7)}-01`
  }
  return months
}
const monthLabel = (month: string) => `${Number(month.slice(5))}月`

/** Observations of everybody by month of a school year; a group leader sees the group. */
export async function loadMonths(tx: Tx, schoolYearId: string | undefined) {
  const calendar = await loadCalendar(tx)
  const year = calendar.schoolYears.find((one) => one.id === schoolYearId) ??
    schoolYearOf(calendar, tx.today) ??
    calendar.schoolYears.at(-1) ?? { id: '', from: addDays(tx.today, -300), to: tx.today }
  const to = year.to < tx.today ? year.to : tx.today
  const unitIds =
    tx.actor.districtId !== null || can.inspect(tx.actor, null) === null
      ? null
      : tx.actor.leads.map((lead) => lead.unitId)
  const rows = new Map<string, MonthRow>()
  for (const count of await notes.countByMonth(tx, { from: year.from, to }, unitIds)) {
    const row = rows.get(count.personId) ?? {
      personId: count.personId,
      name: count.name,
      unitNames: count.unitNames,
      months: {},
      total: 0,
      inspected: 0,
      dropIns: 0,
    }
    if (count.month !== '') row.months[count.month] = count.observed
    row.total += count.observed
    row.inspected += count.inspected
    row.dropIns += count.dropIns
    rows.set(count.personId, row)
  }
  return {
    schoolYear: year.id === '' ? '最近' : `${year.id.replace('-', '—')}学年`,
    // A year that begins on the last days of August begins in September, unless somebody was quick.
    months: monthsOf(year.from, to)
      .filter(
        (month, index) =>
          index > 0 || year.from.slice(8) < '28' || [...rows.values()].some((row) => row.months[month]),
      )
      .map((month) => ({ month, label: monthLabel(month) })),
    rows: [...rows.values()],
    quotas: await loadQuotas(tx, 'lesson.observed'),
  }
}
