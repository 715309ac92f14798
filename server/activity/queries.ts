import { addDays, mondayOf, weekdayOf } from '../../engine/days.ts'
import { isSchoolDay } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { localTimeOf } from '../kit/dates.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, findUnit, listMembers, listUnits } from '../org/store.ts'
import { findNextOccurrence } from '../slot/clashes.ts'
import { findDescribedTrainer, listTrainerChoices } from '../trainer/described.ts'
import { can } from './access.ts'
import { audienceWords, modesByKind } from './attributes.ts'
import { countStatuses, proposeSpeaker } from './actions.ts'
import * as attendance from './attendance-store.ts'
import { millisecondsLeft, tokenFor, windowMilliseconds, windowOf } from './codes.ts'
import type {
  ActivityDetail,
  ActivityLine,
  ActivityPlan,
  AttendanceLine,
  LiveView,
  Named,
  PlanChoices,
  PlanSuggestion,
  StatisticsLine,
} from './contract.ts'
import type { Scope } from './words.ts'
import { listSessions } from './participation-store.ts'
import { activityLine } from './present.ts'
import { suggestDay } from './rules.ts'
import { numberOf } from './running.ts'
import {
  type ActivitySettings,
  activitySettings,
  choosable,
  labelOf,
  minutesParts,
  settledParts,
  type Term,
} from './settings.ts'
import * as store from './store.ts'

type Filter = Parameters<typeof store.listViews>[1]

/** Activities as lines, for lists; the same for everybody except what they may not see. */
export async function listLines(tx: Tx, filter: Filter): Promise<ActivityLine[]> {
  const settings = await activitySettings(tx)
  const calendar = await loadCalendar(tx)
  const views = await store.listViews(tx, filter)
  return views.map((view) => activityLine(tx.actor, view, { settings, calendar }))
}

/** Mine of today and the rest of the week (from Saturday on also the next), those running first. */
export async function listMine(tx: Tx): Promise<ActivityLine[]> {
  const to = addDays(mondayOf(tx.today), weekdayOf(tx.today) >= 6 ? 13 : 6)
  const lines = await listLines(tx, { from: tx.today, to, mine: true })
  const order = (line: ActivityLine) => (line.status === 'running' ? 0 : 1)
  return lines.filter((line) => line.day >= tx.today).sort((a, b) => order(a) - order(b))
}

async function getView(tx: Tx, id: string): Promise<store.ActivityView> {
  const view = (await store.listViews(tx, { id }))[0] ?? refuseNotFound('活动')
  demand(can.open(tx.actor, view, view.iAmListed || view.myStatus !== null))
  return view
}

/** Everything of one activity that its page shows, with what the reader may do. */
export async function getDetail(tx: Tx, id: string): Promise<ActivityDetail> {
  const view = await getView(tx, id)
  const settings = await activitySettings(tx, view.heldOn)
  const calendar = await loadCalendar(tx)
  const { actor } = tx
  const runs = can.run(actor, view) === null || actor.districtId !== null
  const people = view.startedAt ? await attendance.listPeopleOfActivity(tx, id) : []
  const leave = actor.personId
    ? await attendance.findLeave(tx, { activityId: id, personId: actor.personId, seen: true })
    : undefined
  const named = (personId: string | null, name: string | null): Named | null =>
    personId === null ? null : { id: personId, name: name ?? '' }
  const trainer = view.trainerId ? await findDescribedTrainer(tx, view.trainerId) : undefined
  const members =
    view.unitId === null
      ? []
      : (await listMembers(tx, view.unitId, view.heldOn)).map((row) => ({ id: row.personId, name: row.name }))
  return {
    ...activityLine(actor, view, { settings, calendar }),
    content: view.content,
    contentTags: view.contentTags.map((tag) => ({ id: tag, label: labelOf(settings.contentTags, tag) })),
    form: view.form,
    host: named(view.hostId, view.hostName),
    speaker: named(view.speakerId, view.speakerName),
    speakerProblem:
      view.status === 'planned' &&
      view.speakerId !== null &&
      !(await store.isThereOn(tx, view.speakerId, view.heldOn))
        ? `中心发言人${view.speakerName ?? ''}那天已不在岗（调离或请长假），请换一位。`
        : null,
    recorder: named(view.recorderId, view.recorderName),
    trainer: named(view.trainerId, trainer?.name ?? null),
    modes: (view.modes ?? []).map((mode) => ({ id: mode, label: labelOf(settings.modes, mode) })),
    audience: view.audience?.length ? labelsOf(await audienceWords(tx), view.audience) : [],
    agenda: view.agenda,
    movedReason: view.movedReason,
    cancelledReason: view.cancelledReason,
    startedAt: view.startedAt,
    closedAt: view.closedAt,
    closedByName: view.closedByName,
    startsInMinutes: Math.round((view.startsAt.getTime() - tx.now.getTime()) / 60_000),
    minutesParts: minutesParts(settings, view.kind),
    minutesTexts: view.minutes,
    minutesVersion: view.minutesVersion,
    minutesSaved: view.minutesSavedAt
      ? { at: view.minutesSavedAt, byName: view.minutesSavedByName ?? '系统' }
      : null,
    swaps: await store.listSwaps(tx, id),
    sessions:
      view.leastSessions === null
        ? null
        : {
            numbers: (await listSessions(tx, id)).map((session) => session.number),
            least: view.leastSessions,
          },
    // Who was missing concerns those who run it; the others see the counts.
    attendance: runs && view.startedAt ? people.map(attendanceLine) : null,
    counts: countStatuses(people),
    leave: leave
      ? { id: leave.id, kind: leave.kind, status: leave.status, reason: leave.reason, decisionNote: '' }
      : null,
    members,
    details: {
      change: can.change(actor, view),
      move: can.move(actor, view, settings.moveForbiddenBy),
      cancel: can.cancel(actor, view),
      start: can.start(actor, view),
      close: can.close(actor, view),
      writeMinutes: can.writeMinutes(actor, view),
      rollCall: can.rollCall(actor, view),
      correct: can.correct(actor, view),
      askLeave: askLeaveAbility(view, can.askLeave(actor, view, view.iAmListed), leave?.status),
      recordLeave: actor.personId === null ? '请用个人账号操作。' : can.decideLeave(actor, ''),
    },
  }
}

function askLeaveAbility(
  view: store.ActivityView,
  ability: string | null,
  status: string | undefined,
): string | null {
  if (ability !== null) return ability
  if (status === 'asked') return '请假正在等教导处审批。'
  if (status === 'granted') return '请假已经批准。'
  if (view.myStatus && view.myStatus !== 'absent' && view.myStatus !== 'onLeave')
    return '您已经签到，不用请假。'
  return null
}

function attendanceLine(
  row: Awaited<ReturnType<typeof attendance.listPeopleOfActivity>>[number],
): AttendanceLine {
  return {
    personId: row.personId,
    name: row.name,
    staffNumber: row.staffNumber,
    status: row.status,
    time: row.signedAt ? localTimeOf(row.signedAt) : null,
    source: row.source,
    isGuest: row.isGuest,
    note: row.note ?? '',
    leave: row.leaveKind && row.leaveStatus ? { kind: row.leaveKind, status: row.leaveStatus } : null,
    sessions: row.sessions ?? [],
  }
}

/** As much of an activity as the projector shows, if this reader may open it. */
async function getWatched(tx: Tx, id: string) {
  const activity = (await store.findActivity(tx, id)) ?? refuseNotFound('活动')
  if (can.open(tx.actor, activity, false) !== null) {
    const { personId } = tx.actor
    const takesPart =
      (await store.isExpected(tx, activity, personId)) ||
      (personId !== null && (await attendance.findAttendance(tx, id, personId)) !== undefined)
    demand(can.open(tx.actor, activity, takesPart))
  }
  const unit = activity.unitId === null ? undefined : await findUnit(tx, activity.unitId)
  return { ...activity, unitName: unit?.name ?? null }
}

/** What the projector shows. Only whoever runs it gets the code, so that nobody can pass it on from home. */
export async function getLive(
  tx: Tx,
  secret: Buffer,
  origin: string,
  id: string,
  /** Reads who has come; shared between many watchers by the route. */
  readArrivals = (activityId: string) => attendance.readArrivals(tx, activityId, 30),
): Promise<LiveView> {
  const view = await getWatched(tx, id)
  const arrivals = await readArrivals(id)
  const mayShow = view.status === 'running' && can.run(tx.actor, view) === null
  const number = mayShow ? await numberOf(tx, secret, id) : undefined
  return {
    activityId: id,
    theme: view.theme,
    unitName: view.unitName ?? '全校',
    place: view.place,
    day: view.heldOn,
    startTime: localTimeOf(view.startsAt),
    endTime: localTimeOf(view.endsAt),
    status: view.status,
    ...arrivals,
    names: arrivals.names.map((entry) => ({
      name: entry.name,
      time: localTimeOf(entry.at),
      isGuest: entry.isGuest,
    })),
    code:
      number === undefined
        ? null
        : {
            address: `${origin}/s/${tokenFor(secret, { activityId: id, window: windowOf(tx.now) })}`,
            number,
            millisecondsLeft: millisecondsLeft(tx.now),
            windowMilliseconds,
          },
  }
}

/** Who is still missing; for whoever runs the activity. */
export async function listMissing(tx: Tx, id: string) {
  const view = await getView(tx, id)
  demand(can.run(tx.actor, view))
  return attendance.listMissing(tx, id)
}

/** Everybody expected or present with status and leave; for whoever runs the activity. */
export async function listRollCall(tx: Tx, id: string): Promise<AttendanceLine[]> {
  const view = await getView(tx, id)
  demand(can.run(tx.actor, view))
  return (await attendance.listPeopleOfActivity(tx, id)).map(attendanceLine)
}

/** The plan of an activity with the lists to choose from. Refuses whoever may not change it. */
export async function getPlan(tx: Tx, id: string): Promise<ActivityPlan> {
  const view = await getView(tx, id)
  demand(can.change(tx.actor, view))
  const settings = await activitySettings(tx, view.heldOn)
  const turn = view.unitId === null ? undefined : await proposeSpeaker(tx, view.unitId, view.heldOn)
  return {
    ...choicesOf(settings, view.kind, turn),
    ...(await moreChoices(tx, settings, view.unitId)),
    values: {
      kind: view.kind,
      form: view.form,
      contentTags: view.contentTags,
      theme: view.theme,
      content: view.content,
      place: view.place,
      startTime: localTimeOf(view.startsAt),
      endTime: localTimeOf(view.endsAt),
      hostId: view.hostId,
      speakerId: view.speakerId,
      recorderId: view.recorderId,
      agenda: view.agenda,
      modes: view.modes,
      audience: view.audience,
      trainerId: view.trainerId,
    },
  }
}

const labelsOf = (terms: Term[], ids: string[]) => ids.map((id) => ({ id, label: labelOf(terms, id) }))

/** Ways of study, audiences and trainers of the pool; one who has left it is no choice. */
async function moreChoices(
  tx: Tx,
  settings: ActivitySettings,
  unitId: string | null,
): Promise<Pick<PlanChoices, 'modes' | 'usualModes' | 'audiences' | 'trainers'>> {
  return {
    modes: choosable(settings.modes),
    usualModes: await modesByKind(tx, settings, unitId),
    audiences: await audienceWords(tx),
    trainers: (await listTrainerChoices(tx)).map(({ id, name, note }) => ({ id, name, note })),
  }
}

function choicesOf(
  settings: ActivitySettings,
  kind: string,
  turn: Awaited<ReturnType<typeof proposeSpeaker>> | undefined,
): Omit<PlanChoices, 'modes' | 'usualModes' | 'audiences' | 'trainers'> {
  return {
    kinds: choosable(settings.kinds),
    forms: choosable(settings.forms),
    contentTags: choosable(settings.contentTags),
    settled: settledParts(settings, kind),
    members: (turn?.members ?? []).map((member) => ({
      id: member.personId,
      name: member.name,
      spoken: member.spoken,
    })),
    speakerBecause: turn?.because ?? '',
  }
}

/** A plan with everything filled in that is known: as the group's last activity, a week later, the next in turn speaking. */
export async function suggestPlan(
  tx: Tx,
  /** `whole`: for the whole school, also for whoever leads a group. */
  wanted: { unitId: string | null; day: LocalDate | null; whole?: boolean },
): Promise<PlanSuggestion> {
  const { actor } = tx
  const all = await listUnits(tx, tx.today)
  const units: PlanSuggestion['units'] = all
    .filter((unit) => unit.kind !== 'department')
    .map((unit) => ({
      scope: (unit.kind === 'body' ? 'body' : 'group') as Scope,
      unit: { id: unit.id, name: unit.name },
      label: unit.name,
    }))
    .filter((choice) => can.plan(actor, choice.scope, choice.unit?.id ?? null) === null)
  if (can.plan(actor, 'organisation', null) === null)
    units.push({ scope: 'organisation', unit: null, label: '全校' })
  const led = actor.leads[0]?.unitId
  const chosen =
    units.find((choice) => (wanted.unitId ? choice.unit?.id === wanted.unitId : false)) ??
    (wanted.whole ? units.find((choice) => choice.unit === null) : undefined) ??
    units.find((choice) => choice.unit?.id === led) ??
    units.find((choice) => choice.unit === null) ??
    units[0]
  const scope = chosen?.scope ?? 'group'
  const unitId = chosen?.unit?.id ?? null
  const settings = await activitySettings(tx)
  const calendar = await loadCalendar(tx)
  const last = await store.findLastOfUnit(tx, unitId)
  const slot = wanted.day === null ? await findNextOccurrence(tx, unitId, tx.today) : undefined
  const day =
    wanted.day ??
    slot?.day ??
    nextSchoolDay(calendar, suggestDay(last ? (last.movedFrom ?? last.heldOn) : null, tx.today))
  const turn = unitId && (await findUnit(tx, unitId)) ? await proposeSpeaker(tx, unitId, day) : undefined
  const isRetired = settings.kinds.some((term) => term.id === last?.kind && !term.inUse)
  const slotKind = choosable(settings.kinds).find((term) => term.id === slot?.slot.studyKind)?.id
  const kind = slotKind ?? (isRetired ? undefined : last?.kind) ?? choosable(settings.kinds)[0]?.id ?? ''
  const leader = turn?.members.find((member) => member.personId === actor.personId)
  const hostId = last?.hostId ?? leader?.personId ?? actor.personId
  // Whoever leads does not write the minutes.
  const recorderId = last && last.recorderId !== last.hostId ? last.recorderId : null
  const named = await Promise.all(
    [...new Set([hostId, recorderId])].filter((id) => id !== null).map((id) => findPerson(tx, id)),
  )
  return {
    scope,
    unit: chosen?.unit ?? null,
    units,
    ...choicesOf(settings, kind, turn),
    ...(await moreChoices(tx, settings, unitId)),
    suggestion: {
      kind,
      form: last?.form ?? '',
      place: slot?.slot.place || (last?.place ?? ''),
      day,
      startTime: slot?.slot.starts ?? (last ? localTimeOf(last.startsAt) : '15:30'),
      endTime: slot?.slot.ends ?? (last ? localTimeOf(last.endsAt) : '17:00'),
      hostId,
      speakerId: turn?.speaker?.personId ?? null,
      recorderId,
    },
    people: named.flatMap((one) => (one ? [{ id: one.id, name: one.name }] : [])),
    slot: slot ? `${slot.when}是固定研修时间“${slot.slot.title}”，已按下一次填好日期和时间。` : null,
    moveForbiddenBy: settings.moveForbiddenBy,
  }
}

/** The first week from a day on in which this weekday is a school day; the day itself where none is found. */
function nextSchoolDay(calendar: CalendarInput, day: LocalDate): LocalDate {
  for (let weeks = 0; weeks < 8; weeks++) {
    const candidate = addDays(day, weeks * 7)
    if (isSchoolDay(calendar, candidate)) return candidate
  }
  return day
}

/** Attendance of each person over a time; teachers see their own line. */
export async function listStatistics(
  tx: Tx,
  filter: {
    from: LocalDate
    to: LocalDate
    unitId?: string | null | undefined
    kind?: string | null | undefined
  },
): Promise<StatisticsLine[]> {
  const unitId = filter.unitId ?? null
  const sees = can.seeStatistics(tx.actor, unitId)
  const rows = await attendance.listStatistics(tx, {
    from: filter.from,
    to: filter.to,
    unitId,
    kind: filter.kind ?? null,
    personId: sees === 'all' ? null : (tx.actor.personId ?? '00000000-0000-0000-0000-000000000000'),
  })
  return rows.map((row) => ({
    ...row,
    ratePerMille:
      row.expected === 0
        ? null
        : Math.round(((row.expected - row.absent - row.onLeave) / row.expected) * 1000),
  }))
}
