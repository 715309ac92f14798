import { addDays, dayLabel } from '../../engine/days.ts'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import type { FactInput } from '../facts/actions.ts'
import type { AttendanceStatus, Scope } from './words.ts'
import type { TimeAttributes } from '../slot/rules.ts'
import { openTheme } from './series-rules.ts'
import type { Part } from './settings.ts'

/** What one member of a group has said this term so far. */
export interface Speaking {
  personId: string
  name: string
  /** Speeches of this term, planned ones included. */
  spoken: number
  /** Day of the last speech ever; null for none. */
  lastOn: LocalDate | null
}

/**
 * Whose turn it is: whoever spoke least this term, among those whoever waited longest, else in the order of the list.
 * So everybody speaks once before anybody twice (xinhongqiao-18).
 */
export function nextSpeaker(members: readonly Speaking[]): Speaking | undefined {
  let best: Speaking | undefined
  for (const member of members) {
    if (
      !best ||
      member.spoken < best.spoken ||
      (member.spoken === best.spoken && (member.lastOn ?? '') < (best.lastOn ?? ''))
    )
      best = member
  }
  return best
}

/** Why it is this person's turn, as a sentence. */
export function speakerBecause(members: readonly Speaking[]): string {
  const next = nextSpeaker(members)
  if (!next) return '本组还没有成员。'
  const silent = members.filter((member) => member.spoken === 0).length
  if (silent > 0) return `本学期还有 ${silent} 位老师没有发言，轮到${next.name}。`
  return `本学期每位老师都已发言 ${next.spoken} 次以上，${next.name}${next.lastOn ? `上次是 ${dayLabel(next.lastOn)}，` : ''}间隔最久。`
}

/** Final status of somebody who signed in: late when it was more than the grace after the beginning. */
export function statusBySigning(
  signedAt: Date,
  activity: { startsAt: Date; startedAt: Date | null },
  lateAfterMinutes: number,
): 'present' | 'late' {
  return signedAt.getTime() > lateFrom(activity, lateAfterMinutes).getTime() ? 'late' : 'present'
}

/** The instant after which a sign-in is late: the grace after the planned start, or after the real one if that was later. */
export function lateFrom(
  activity: { startsAt: Date; startedAt: Date | null },
  lateAfterMinutes: number,
): Date {
  const begin = Math.max(activity.startsAt.getTime(), activity.startedAt?.getTime() ?? 0)
  return new Date(begin + lateAfterMinutes * 60_000)
}

export function hasAttended(status: AttendanceStatus): boolean {
  return status === 'present' || status === 'late' || status === 'leftEarly'
}

/** An activity as its facts need it. */
export interface FactSource {
  id: string
  orgId: string
  scope: Scope
  unitId: string | null
  kind: string
  form: string
  contentTags: string[]
  /** Null: not said. */
  modes: string[] | null
  audience: string[] | null
  theme: string
  content: string
  place: string
  heldOn: LocalDate
  movedFrom: LocalDate | null
  movedReason: string | null
  startsAt: Date
  endsAt: Date
  hostId: string | null
  speakerId: string | null
  minutes: Record<string, string>
  minutesVersion: number
}

/** An activity that was moved still counts for the day first planned. */
export function countsOn(activity: { heldOn: LocalDate; movedFrom: LocalDate | null }): LocalDate {
  return activity.movedFrom ?? activity.heldOn
}

export function durationMinutes(activity: { startsAt: Date; endsAt: Date }): number {
  return Math.round((activity.endsAt.getTime() - activity.startsAt.getTime()) / 60_000)
}

/** The length of all sessions together. */
export function sessionMinutes(sessions: readonly { startsAt: Date; endsAt: Date }[]): number {
  return sessions.reduce((sum, session) => sum + durationMinutes(session), 0)
}

/**
 * What somebody's attendance becomes by the sessions in which they were: with enough of them present (late or left
 * early stays so), else on leave where leave was granted, else absent.
 */
export function statusBySessions(
  sessions: number,
  least: number,
  known: { before: AttendanceStatus | null; onLeave: boolean },
): AttendanceStatus {
  if (sessions >= least) return known.before && hasAttended(known.before) ? known.before : 'present'
  return known.onLeave ? 'onLeave' : 'absent'
}

/** `第 1、3 场`, or that it was none. */
export function sessionsText(numbers: readonly number[]): string {
  return numbers.length === 0 ? '没有到场' : `第 ${numbers.join('、')} 场`
}

function attributesOf(activity: FactSource): Record<string, AttributeValue> {
  return {
    activityKind: activity.kind,
    form: activity.form,
    contentTags: activity.contentTags,
    ...(activity.modes && activity.modes.length > 0 ? { modes: activity.modes } : {}),
    ...(activity.audience && activity.audience.length > 0 ? { audience: activity.audience } : {}),
    scope: activity.scope,
    organiser: activity.scope === 'group' ? 'group' : 'school',
    theme: activity.theme,
    unitId: activity.unitId ?? activity.orgId,
  }
}

/** The parts of the minutes that have text. */
export function filledParts(minutes: Record<string, string>): string[] {
  return Object.keys(minutes)
    .filter((part) => (minutes[part] ?? '').trim() !== '')
    .sort()
}

/** Which of the items that can be settled are settled. People are settled by scope: a group's members, or everybody. */
export function settledItems(activity: {
  theme: string
  content: string
  place: string
  hostId: string | null
  speakerId: string | null
  form: string
}): string[] {
  const settled = ['time', 'people']
  if (activity.place.trim() !== '') settled.push('place')
  const hasTheme = activity.theme.trim() !== '' && activity.theme !== openTheme
  if (hasTheme) settled.push('theme')
  if (activity.content.trim() !== '' || hasTheme) settled.push('content')
  if (activity.hostId !== null) settled.push('host')
  if (activity.speakerId !== null) settled.push('speaker', 'mainSpeaker')
  if (activity.form !== '') settled.push('form')
  return settled
}

const knownItems = new Set([
  'time',
  'people',
  'place',
  'theme',
  'content',
  'host',
  'speaker',
  'mainSpeaker',
  'form',
])

/** The first required item that is not settled; items that this program cannot judge are left to people. */
export function findUnsettled(required: readonly Part[], settled: readonly string[]): Part | undefined {
  return required.find((part) => part.required && knownItems.has(part.id) && !settled.includes(part.id))
}

export function missingParts(required: readonly Part[], minutes: Record<string, string>): string[] {
  const filled = new Set(filledParts(minutes))
  return required.filter((part) => part.required && !filled.has(part.id)).map((part) => part.label)
}

/** That the activity was held; a new version of the minutes replaces it. `time` says in which part of the day and whether it met lessons. */
export function heldFact(
  activity: FactSource,
  time: TimeAttributes & Record<string, AttributeValue>,
): FactInput {
  return {
    kind: 'activity.held',
    subject: activity.unitId
      ? { kind: 'unit', id: activity.unitId }
      : { kind: 'organisation', id: activity.orgId },
    on: countsOn(activity),
    quantity: durationMinutes(activity),
    attributes: {
      ...attributesOf(activity),
      // Attendance is recorded by signing in; nobody writes it.
      minutesParts: ['attendance', ...filledParts(activity.minutes)].sort(),
      hostNamed: activity.hostId !== null,
      speakerNamed: activity.speakerId !== null,
      settledItems: settledItems(activity),
      ...(activity.movedFrom ? { movedFrom: activity.movedFrom } : {}),
      ...(activity.movedFrom && activity.movedReason ? { moveReason: activity.movedReason } : {}),
      ...time,
    },
    source: { room: 'activity', id: activity.id },
    key: `activity:${activity.id}:held:${activity.minutesVersion}`,
  }
}

/** All that one person's attendance leaves: attended, spoke, and the confirmed make-up. `version` rises with each correction. */
export function personFacts(
  activity: FactSource,
  /** `minutes`: of the sessions in which the person was, where there are several. */
  person: { personId: string; status: AttendanceStatus; version: number; minutes?: number | undefined },
  makeUp?: { minutes: number; missedStatus: string },
): FactInput[] {
  const shared = {
    subject: { kind: 'person' as const, id: person.personId },
    on: countsOn(activity),
    source: { room: 'activity', id: activity.id },
  }
  const key = (what: string) => `activity:${activity.id}:${what}:${person.personId}:${person.version}`
  const attended = hasAttended(person.status)
  const facts: FactInput[] = [
    {
      ...shared,
      kind: 'activity.attended',
      quantity: attended ? (person.minutes ?? durationMinutes(activity)) : 0,
      attributes: { ...attributesOf(activity), status: person.status },
      key: key('attended'),
    },
  ]
  if (attended && activity.speakerId === person.personId) {
    facts.push({
      ...shared,
      kind: 'activity.spoke',
      quantity: 1,
      attributes: attributesOf(activity),
      key: key('spoke'),
    })
  }
  if (makeUp && !attended) facts.push(madeUpFact(activity, person, makeUp))
  return facts
}

/** That a missed activity was made up; counts for the day of the activity, so that no blank is left (majiabao-11). */
export function madeUpFact(
  activity: FactSource,
  person: { personId: string; version: number },
  makeUp: { minutes: number; missedStatus: string },
): FactInput {
  return {
    kind: 'attendance.madeUp',
    subject: { kind: 'person', id: person.personId },
    on: countsOn(activity),
    quantity: makeUp.minutes,
    attributes: { ...attributesOf(activity), missedStatus: makeUp.missedStatus },
    source: { room: 'activity', id: activity.id },
    key: `activity:${activity.id}:madeUp:${person.personId}:${person.version}`,
  }
}

interface Listed {
  id: string
  label: string
}
/** The ways of study that the names of kind and form speak of: 理论学习 as a kind is 理论学习 as a way. */
export function usualModesOf(
  lists: { modes: readonly Listed[]; kinds: readonly Listed[]; forms: readonly Listed[] },
  activity: { kind: string; form: string },
): string[] {
  const named = [
    lists.kinds.find((one) => one.id === activity.kind),
    lists.forms.find((one) => one.id === activity.form),
  ].filter((one) => one !== undefined)
  return lists.modes
    .filter((mode) =>
      named.some(
        (one) => one.id === mode.id || one.label.includes(mode.label) || mode.label.includes(one.label),
      ),
    )
    .map((mode) => mode.id)
}

/** The same weekday of the next free week, for the next activity of a group. */
export function suggestDay(lastOn: LocalDate | null, today: LocalDate): LocalDate {
  if (lastOn === null) return today
  let day = lastOn
  while (day <= lastOn || day < today) day = addDays(day, 7)
  return day
}
