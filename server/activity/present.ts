import { mondayOf } from '../../engine/days.ts'
import { weekOf } from '../../engine/periods.ts'
import type { CalendarInput } from '../../engine/types.ts'
import { localTimeOf } from '../kit/dates.ts'
import type { Actor } from '../kit/sql.ts'
import { can } from './access.ts'
import type { LeaveView, MakeUpView } from './attendance-store.ts'
import type { ActivityLine, LeaveLine, MakeUpLine } from './contract.ts'
import { countsOn, durationMinutes } from './rules.ts'
import { labelOf, type ActivitySettings } from './settings.ts'
import type { ActivityView } from './store.ts'

/** One line of a list, as this reader may see it. */
export function activityLine(
  actor: Actor,
  view: ActivityView,
  words: { settings: ActivitySettings; calendar: CalendarInput },
): ActivityLine {
  const mayOpen = can.open(actor, view, view.iAmListed || view.myStatus !== null) === null
  const day = countsOn(view)
  const isMine =
    view.iAmListed ||
    view.myStatus !== null ||
    (actor.personId !== null && [view.hostId, view.speakerId, view.recorderId].includes(actor.personId))
  return {
    id: view.id,
    scope: view.scope,
    unit: view.unitId ? { id: view.unitId, name: view.unitName ?? '' } : null,
    kind: view.kind,
    kindLabel: labelOf(words.settings.kinds, view.kind),
    formLabel: mayOpen && view.form !== '' ? labelOf(words.settings.forms, view.form) : '',
    theme: view.theme,
    place: mayOpen ? view.place : '',
    day: view.heldOn,
    startTime: localTimeOf(view.startsAt),
    endTime: localTimeOf(view.endsAt),
    minutes: durationMinutes(view),
    status: view.status,
    movedFrom: view.movedFrom,
    speakerName: mayOpen ? (view.speakerName ?? '') : '',
    weekLabel: weekOf(words.calendar, day)?.label ?? null,
    weekFrom: mondayOf(day),
    expected: mayOpen ? view.expected : null,
    attended: mayOpen ? view.attended : null,
    mine: view.myStatus ?? (view.iAskedLeave ? 'leaveAsked' : null),
    isMine,
    canOpen: mayOpen,
    abilities: { run: can.run(actor, view) },
  }
}

export function leaveLine(actor: Actor, row: LeaveView): LeaveLine {
  const decided = row.status === 'asked' ? null : '这条请假已经处理过了。'
  return {
    id: row.id,
    activity: {
      id: row.activityId,
      theme: row.theme,
      day: row.heldOn,
      startTime: localTimeOf(row.startsAt),
      unitName: row.unitName ?? '全校',
      status: row.activityStatus,
    },
    person: { id: row.personId, name: row.personName },
    kind: row.kind,
    reason: row.reason,
    askedAt: row.askedAt,
    askedLate: row.askedLate,
    status: row.status,
    decidedByName: row.decidedByName,
    decisionNote: row.decisionNote,
    advice: row.advice
      ? { advice: row.advice, note: row.adviceNote, byName: row.advisedByName ?? '组长' }
      : null,
    clash: row.clashActivityId ? { id: row.clashActivityId, theme: row.clashTheme ?? '' } : null,
    abilities: {
      advise: decided ?? can.adviseLeave(actor, row, row.personId),
      decide: decided ?? can.decideLeave(actor, row.personId),
      withdraw: decided ?? (row.personId === actor.personId ? null : '只有本人能撤回。'),
    },
  }
}

export function makeUpLine(actor: Actor, row: MakeUpView, today: string): MakeUpLine {
  const isDone = row.status === 'confirmed'
  return {
    id: row.id,
    activity: {
      id: row.activityId,
      theme: row.theme,
      day: row.heldOn,
      minutes: durationMinutes(row),
      unitName: row.unitName ?? '全校',
    },
    person: { id: row.personId, name: row.personName },
    missedStatus: row.missedStatus,
    dueOn: row.dueOn,
    isOverdue: !isDone && row.dueOn < today,
    note: row.note,
    minutes: row.minutes,
    handedInAt: row.handedInAt,
    status: row.status,
    decidedByName: row.decidedByName,
    decisionNote: row.decisionNote,
    abilities: {
      handIn: isDone ? '补学已经确认。' : row.personId === actor.personId ? null : '只有本人能交补学。',
      decide:
        row.status === 'handedIn'
          ? can.decideMakeUp(
              actor,
              { ...row, hostId: null, speakerId: null, recorderId: null, status: 'closed' },
              row.personId,
            )
          : isDone
            ? '补学已经确认。'
            : '老师还没有交补学。',
    },
  }
}
