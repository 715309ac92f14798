import { addDays, endOfMonth } from '../../engine/days.ts'
import { termOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { can as canActivity } from '../activity/access.ts'
import { attendanceSettings } from '../activity/attendance-settings.ts'
import { findMakeUp } from '../activity/attendance-store.ts'
import { durationMinutes, lateFrom } from '../activity/rules.ts'
import {
  activitySettings,
  choosable,
  labelOf,
  minutesParts,
  type ActivitySettings,
} from '../activity/settings.ts'
import { listViews } from '../activity/store.ts'
import { loadCalendar } from '../calendar/store.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { localDateOf, localTimeOf } from '../kit/dates.ts'
import { demand, refuseForbidden, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, listUnitsOfPerson } from '../org/store.ts'
import { findView } from '../regime/boards.ts'
import { listTermSummaries } from '../regime/store.ts'
import { can } from './access.ts'
import { ledBy } from './actions.ts'
import type {
  AppealLine,
  BookLine,
  BookView,
  FiguresView,
  FullView,
  MissedView,
  TrainingChoices,
  TrainingLine,
  TrainingView,
} from './contract.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as trainings from './training-store.ts'
import type { FinalStatus } from './words.ts'

const noPerson = '00000000-0000-0000-0000-000000000000'

/** A person's attendance of one term with explanation, corrections, leave, make-up and appeal of each activity. */
export async function getBook(
  tx: Tx,
  input: { personId?: string | null | undefined; termId?: string | null | undefined },
): Promise<BookView> {
  const personId = input.personId ?? tx.actor.personId ?? refuseForbidden('请选择一位老师查看考勤。')
  const person = (await findPerson(tx, personId)) ?? refuseNotFound('人员')
  const isMine = personId === tx.actor.personId
  if (!isMine) {
    const units = await listUnitsOfPerson(tx, personId, tx.today)
    demand(can.seeBook(tx.actor, { id: personId, unitIds: units.map((unit) => unit.id) }))
  }
  const calendar = await loadCalendar(tx)
  const term =
    calendar.terms.find((one) => one.id === input.termId) ??
    termOf(calendar, tx.today) ??
    calendar.terms.findLast((one) => one.from <= tx.today)
  const from = term?.from ?? addDays(tx.today, -180)
  const to = term?.to ?? tx.today
  const rows = await store.listBook(tx, { personId, from, to })
  const changes = Map.groupBy(
    await store.listChanges(tx, { personId, activityIds: rows.map((row) => row.id) }),
    (change) => change.activityId,
  )
  const settings = await activitySettings(tx)
  const { appealDays } = await attendanceSettings(tx)
  const told = { calendar, settings, appealDays, isMine, today: tx.today }
  const lines = rows.map((row) => bookLine(row, changes.get(row.id) ?? [], told))
  const expected = lines.filter((line) => !line.isGuest)
  const count = (status: FinalStatus) => expected.filter((line) => line.status === status).length
  return {
    person: { id: person.id, name: person.name },
    isMine,
    from,
    to,
    terms: calendar.terms
      .filter((one) => one.from <= tx.today)
      .map((one) => ({ id: one.id, name: one.name, from: one.from, to: one.to })),
    counts: {
      expected: expected.length,
      present: count('present'),
      late: count('late'),
      leftEarly: count('leftEarly'),
      onLeave: count('onLeave'),
      absent: count('absent'),
      madeUp: lines.filter((line) => line.makeUp?.status === 'confirmed').length,
      makeUpsDue: lines.filter((line) => line.makeUp && ['due', 'returned'].includes(line.makeUp.status))
        .length,
    },
    lines,
    trainings: (await trainings.listTrainings(tx, { personId, from, to })).map((row) =>
      trainingLine(row, settings),
    ),
  }
}

function bookLine(
  row: store.BookRow,
  changes: store.ChangeRow[],
  told: {
    calendar: CalendarInput
    settings: ActivitySettings
    appealDays: number
    isMine: boolean
    today: LocalDate
  },
): BookLine {
  const until = rules.appealUntil(
    told.calendar,
    row.closedAt ? localDateOf(row.closedAt) : row.heldOn,
    told.appealDays,
  )
  const isOver = row.makeUpStatus !== 'confirmed' && row.makeUpStatus !== 'handedIn'
  const appeal = !told.isMine
    ? '只有本人能申诉。'
    : row.appealStatus === 'asked'
      ? '已经申诉，正在等教导处答复。'
      : row.appealStatus !== null
        ? '教导处已经答复过这次申诉。'
        : told.today > until
          ? `申诉已在${Number(until.slice(5, 7))}月${Number(until.slice(8))}日截止。`
          : null
  return {
    activity: {
      id: row.id,
      theme: row.theme,
      day: row.heldOn,
      startTime: localTimeOf(row.startsAt),
      endTime: localTimeOf(row.endsAt),
      minutes: durationMinutes(row),
      unitName: row.unitName ?? '全校',
      kindLabel: labelOf(told.settings.kinds, row.kind),
    },
    isGuest: row.isGuest,
    status: row.status,
    explanation: rules.explain({
      status: row.status,
      source: row.source,
      signedTime: row.signedAt ? localTimeOf(row.signedAt) : null,
      lateFromTime: localTimeOf(lateFrom(row, told.settings.lateAfterMinutes)),
      recordedByName: row.recordedByName,
      note: row.note,
      corrected: row.version > 1 || changes.length > 0,
      leaveKind: row.leaveStatus === 'granted' ? row.leaveKind : null,
      sessions: sessionsOf(row),
    }),
    changes: changes.map(changeLine),
    sessions: sessionsOf(row),
    leave:
      row.leaveId && row.leaveKind && row.leaveStatus
        ? { id: row.leaveId, kind: row.leaveKind, status: row.leaveStatus, note: row.leaveNote ?? '' }
        : null,
    makeUp:
      row.makeUpId && row.makeUpStatus && row.makeUpDueOn
        ? {
            id: row.makeUpId,
            status: row.makeUpStatus,
            dueOn: row.makeUpDueOn,
            isOverdue: isOver && row.makeUpDueOn < told.today,
          }
        : null,
    appeal:
      row.appealId && row.appealStatus && row.appealWanted
        ? {
            id: row.appealId,
            status: row.appealStatus,
            wanted: row.appealWanted,
            answer: row.appealAnswer ?? '',
          }
        : null,
    appealUntil: until,
    abilities: {
      appeal,
      askLeave: !told.isMine
        ? '只有本人能请假。'
        : row.status !== 'absent'
          ? '只有缺席的活动要补请假。'
          : row.leaveStatus === 'asked'
            ? '请假正在等教导处审批。'
            : null,
    },
  }
}

function changeLine(row: store.ChangeRow) {
  return {
    from: row.from,
    to: row.to,
    reason: row.reason,
    at: row.at,
    byName: row.byName ?? '系统',
    sessions: row.fromSessions && row.toSessions ? { from: row.fromSessions, to: row.toSessions } : null,
  }
}

function sessionsOf(row: Pick<store.BookRow, 'leastSessions' | 'allSessions' | 'attendedSessions'>) {
  return row.leastSessions === null
    ? null
    : { all: row.allSessions ?? [], attended: row.attendedSessions ?? [], least: row.leastSessions }
}

/** Corrections of one activity; for whoever runs it. */
export async function listChanges(tx: Tx, activityId: string) {
  const view = (await listViews(tx, { id: activityId }))[0] ?? refuseNotFound('活动')
  demand(canActivity.run(tx.actor, view))
  return (await store.listChanges(tx, { activityId })).map((row) => ({
    ...changeLine(row),
    person: { id: row.personId, name: row.personName },
  }))
}

/** Appeals of the caller, those that wait for an answer, or all. */
export async function listAppeals(tx: Tx, which: 'mine' | 'waiting' | 'all'): Promise<AppealLine[]> {
  const own = which === 'mine' || !can.seeAllAppeals(tx.actor)
  const rows = await store.listAppeals(tx, {
    ...(own ? { personId: tx.actor.personId ?? noPerson } : {}),
    ...(which === 'waiting' ? { status: 'asked' as const } : {}),
  })
  return rows.map((row) => {
    const decided = row.status === 'asked' ? null : '这条申诉已经处理过了。'
    return {
      id: row.id,
      activity: { id: row.activityId, theme: row.theme, day: row.heldOn, unitName: row.unitName ?? '全校' },
      person: { id: row.personId, name: row.personName },
      recorded: row.recorded,
      wanted: row.wanted,
      reason: row.reason,
      askedAt: row.askedAt,
      status: row.status,
      answer: row.answer,
      answeredByName: row.answeredByName,
      answeredAt: row.answeredAt,
      sessions: sessionsOf(row),
      abilities: {
        answer: decided ?? can.answerAppeal(tx.actor, row.personId),
        withdraw: decided ?? (row.personId === tx.actor.personId ? null : '只有本人能撤回。'),
      },
    }
  })
}

/** What somebody who missed an activity studies: its minutes and materials, and the proof handed in so far. */
export async function getMissed(tx: Tx, makeUpId: string): Promise<MissedView> {
  const makeUp = (await findMakeUp(tx, { id: makeUpId, seen: true })) ?? refuseNotFound('补学')
  const view = (await listViews(tx, { id: makeUp.activityId }))[0] ?? refuseNotFound('活动')
  const isMine = makeUp.personId === tx.actor.personId
  if (!isMine && canActivity.decideMakeUp(tx.actor, view, makeUp.personId) !== null) refuseNotFound('补学')
  const settings = await activitySettings(tx, view.heldOn)
  return {
    id: makeUp.id,
    activity: {
      id: view.id,
      theme: view.theme,
      day: view.heldOn,
      minutes: durationMinutes(view),
      unitName: view.unitName ?? '全校',
      speakerName: view.speakerName ?? '',
    },
    content: view.content,
    parts: minutesParts(settings, view.kind)
      .map((part) => ({ label: part.label, text: (view.minutes[part.id] ?? '').trim() }))
      .filter((part) => part.text !== ''),
    materials: await listAttachmentsOf(tx, 'activity', view.id),
    proofs: await listAttachmentsOf(tx, 'makeup', makeUp.id),
    canAttach: isMine && makeUp.status !== 'confirmed',
  }
}

interface Period {
  from: LocalDate
  to: LocalDate
  unitId?: string | null | undefined
  kind?: string | null | undefined
}

/** Figures of a time by group, kind and month, absences without leave, and limits of the regime that were reached. */
export async function getFigures(tx: Tx, input: Period): Promise<FiguresView> {
  const unitId = input.unitId ?? null
  const all = canActivity.seeStatistics(tx.actor, unitId) === 'all'
  const personId = all ? null : (tx.actor.personId ?? noPerson)
  const period = { from: input.from, to: input.to, unitId, kind: input.kind ?? null, personId }
  const rows = await store.listFigures(tx, period)
  const { kinds } = await activitySettings(tx)
  const by = (
    what: store.FigureRow['by'],
    label: (row: store.FigureRow) => string,
    key: (row: store.FigureRow) => string,
  ) =>
    rows
      .filter((row) => row.by === what)
      .map(({ activities, expected, present, late, leftEarly, onLeave, absent, ...row }) => {
        const counts = { activities, expected, present, late, leftEarly, onLeave, absent }
        return {
          key: key({ ...row, ...counts }),
          label: label({ ...row, ...counts }),
          ...counts,
          ratePerMille: rules.ratePerMille(counts),
        }
      })
  const absences = await store.listAbsences(tx, period)
  return {
    byUnit: by(
      'unit',
      (row) => row.unitName ?? '全校',
      (row) => row.unitId ?? 'organisation',
    ),
    byKind: by(
      'kind',
      (row) => labelOf(kinds, row.kind ?? ''),
      (row) => row.kind ?? '',
    ),
    byMonth: by(
      'month',
      (row) => `${row.month?.slice(0, 4)}年${Number(row.month?.slice(5))}月`,
      (row) => row.month ?? '',
    ),
    absences: absences.map((row) => ({
      person: { id: row.personId, name: row.name },
      activity: { id: row.activityId, theme: row.theme, day: row.heldOn, unitName: row.unitName ?? '全校' },
      makeUp: row.makeUp,
    })),
    limits: await listLimits(tx, { unitId, personId }),
    byOrganiser: await trainings.listByOrganiser(tx, { from: input.from, to: input.to, personId }),
  }
}

/** Whom a rule about attendance has caught, or nearly: from the findings as they were last computed. */
async function listLimits(
  tx: Tx,
  who: { unitId: string | null; personId: string | null },
): Promise<FiguresView['limits']> {
  const view = await findView(tx, undefined)
  if (!view) return []
  const about = new Map(
    [...view.rules].filter(([, { rule }]) => rule.limit !== undefined && countsAttendance(rule.limit.counts)),
  )
  if (about.size === 0) return []
  const members = who.unitId
    ? new Set((await trainings.listLed(tx, [who.unitId])).map((one) => one.id))
    : null
  const people = await trainings.listNames(tx)
  const summaries = await listTermSummaries(
    tx,
    view.inForce.year.id,
    view.term.id,
    who.personId ? [who.personId] : null,
  )
  return summaries
    .filter((set) => set.subjectKind === 'person' && (members === null || members.has(set.subjectId)))
    .flatMap((set) =>
      (set.rules ?? []).flatMap((row) => {
        const known = about.get(`${row.regimeId}|${row.ruleId}`)
        if (!known || (row.state !== 'overdue' && row.state !== 'dueSoon')) return []
        return {
          person: { id: set.subjectId, name: people.get(set.subjectId) ?? '' },
          regimeId: row.regimeId,
          ruleId: row.ruleId,
          minimumId: row.minimumId,
          periodId: row.periodId,
          title: known.rule.title,
          clause: `${known.regime.title} ${known.rule.clause}`,
          value: row.value ?? 0,
          unit: row.unit,
          result: row.state === 'overdue' ? row.result : null,
        }
      }),
    )
    .sort((a, b) => Number(b.result !== null) - Number(a.result !== null) || b.value - a.value)
}

function countsAttendance(counts: unknown): boolean {
  const list: unknown[] = Array.isArray(counts) ? counts : [counts]
  return list.some((one) => (one as { fact?: string } | null)?.fact === 'activity.attended')
}

/** Who was at everything in a month (满勤) and, of the others, why not. */
export async function getFullAttendance(
  tx: Tx,
  input: { dayInMonth: LocalDate; unitId?: string | null | undefined },
): Promise<FullView> {
  const month = input.dayInMonth.slice(0, 7)
  const from = `${month}-01`
  const unitId = input.unitId ?? null
  const all = canActivity.seeStatistics(tx.actor, unitId) === 'all'
  const { fullAttendanceAllows } = await attendanceSettings(tx, from)
  const rows = await store.listMonth(tx, {
    from,
    to: endOfMonth(from),
    unitId,
    personId: all ? null : (tx.actor.personId ?? noPerson),
  })
  return {
    month,
    rule: rules.fullRule(fullAttendanceAllows),
    lines: rows.map((row) => {
      const because = row.marks.flatMap((mark) => rules.spoils(mark, fullAttendanceAllows) ?? [])
      return {
        person: { id: row.personId, name: row.name },
        staffNumber: row.staffNumber,
        unitNames: row.unitNames,
        expected: row.expected,
        isFull: row.expected === 0 ? null : because.length === 0,
        because,
      }
    }),
  }
}

function trainingLine(row: trainings.TrainingRead, settings: ActivitySettings): TrainingLine {
  return {
    id: row.id,
    title: row.title,
    kind: row.kind,
    kindLabel: labelOf(settings.kinds, row.kind),
    organiser: row.organiser,
    organiserName: row.organiserName,
    place: row.place,
    day: row.heldOn,
    until: row.endedOn,
    minutes: row.minutes,
    note: row.note,
    status: row.status,
    people: row.people,
    recordedByName: row.recordedByName ?? '系统',
    decisionNote: row.decisionNote,
    attachments: row.attachments,
  }
}

const concernOf = (row: trainings.TrainingRead) => ({ ...row, personIds: row.people.map((one) => one.id) })

/** Trainings by others that the reader may see. */
export async function listTrainings(
  tx: Tx,
  input: { from: LocalDate; to: LocalDate; search?: string | null | undefined },
): Promise<TrainingLine[]> {
  const led = await ledBy(tx)
  const settings = await activitySettings(tx)
  const rows = await trainings.listTrainings(tx, {
    from: input.from,
    to: input.to,
    ...(input.search ? { search: input.search } : {}),
  })
  return rows
    .filter((row) => can.seeTraining(tx.actor, concernOf(row), led) === null)
    .map((row) => trainingLine(row, settings))
}

/** One training, with its proof; whoever may not see it is told that there is none. */
export async function getTraining(tx: Tx, id: string): Promise<TrainingView> {
  const row = (await trainings.listTrainings(tx, { id }))[0] ?? refuseNotFound('培训')
  const led = await ledBy(tx)
  const concern = concernOf(row)
  if (can.seeTraining(tx.actor, concern, led) !== null) refuseNotFound('培训')
  const change = can.changeTraining(tx.actor, concern)
  return {
    ...trainingLine(row, await activitySettings(tx)),
    files: await listAttachmentsOf(tx, 'training', id),
    abilities: { change, remove: change, attach: change, decide: can.decideTraining(tx.actor, concern, led) },
  }
}

/** Everything that recording a training needs. */
export async function getTrainingChoices(tx: Tx): Promise<TrainingChoices> {
  const { actor } = tx
  const isOffice = can.recordFor(actor, [noPerson], new Set()) === null
  const me = actor.personId ? { id: actor.personId, name: actor.name } : null
  const led = isOffice
    ? []
    : await trainings.listLed(
        tx,
        actor.leads.map((lead) => lead.unitId),
      )
  const people = me && !led.some((one) => one.id === me.id) ? [me, ...led] : led
  return {
    kinds: choosable((await activitySettings(tx)).kinds),
    organiserNames: await trainings.listOrganiserNames(tx),
    people: isOffice ? null : people,
    me,
    today: tx.today,
  }
}

/** Trainings that the caller may confirm now. */
export async function listWaitingTrainings(tx: Tx): Promise<trainings.TrainingRead[]> {
  const rows = await trainings.listTrainings(tx, { status: 'reported' })
  if (rows.length === 0) return []
  const led = await ledBy(tx)
  return rows.filter((row) => can.decideTraining(tx.actor, concernOf(row), led) === null)
}
