import { addDays, dayLabel } from '../../engine/days.ts'
import { isSchoolDay } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import type { FactInput } from '../facts/actions.ts'
import {
  attendanceLabels,
  type AttendanceSource,
  type AttendanceStatus,
  type LeaveKind,
  leaveKindLabels,
} from '../activity/words.ts'
import type { FinalStatus, Organiser } from './words.ts'

/** The last day for an appeal: so many school days after the day of closing. */
export function appealUntil(calendar: CalendarInput, closedOn: LocalDate, schoolDays: number): LocalDate {
  let day = closedOn
  // A year is long enough for any holidays; without a calendar the days are counted as they come.
  for (let left = schoolDays, tries = 0; left > 0 && tries < 400; tries++) {
    day = addDays(day, 1)
    if (isSchoolDay(calendar, day)) left--
  }
  return day > addDays(closedOn, 380) ? addDays(closedOn, schoolDays) : day
}

/** Why an attendance is recorded as it is, in one sentence. */
export function explain(row: {
  status: AttendanceStatus
  source: AttendanceSource
  signedTime: string | null
  lateFromTime: string
  recordedByName: string | null
  note: string
  corrected: boolean
  leaveKind: LeaveKind | null
  /** Of several sessions: all, those attended, and how many make somebody present. */
  sessions?: { all: number[]; attended: number[]; least: number } | null
}): string {
  const word = attendanceLabels[row.status]
  if (row.sessions && !row.corrected && row.source !== 'leave')
    return `共 ${row.sessions.all.length} 场，至少到 ${row.sessions.least} 场算出席；到了 ${row.sessions.attended.length} 场${row.sessions.attended.length > 0 ? `（第 ${row.sessions.attended.join('、')} 场）` : ''}，记为${word}。`
  if (row.source === 'leave')
    return `${row.leaveKind ? leaveKindLabels[row.leaveKind] : '请假'}已批准，记为请假。`
  if (row.corrected && row.source === 'parked')
    return `${row.signedTime ?? ''} 断网时扫码，联网后补交，记为${word}。`
  if (row.corrected) return `由${row.recordedByName ?? '系统'}更正为${word}：${row.note}`
  if (row.source === 'closing') return '活动结束时没有签到，也没有批准的请假，记为缺席。'
  if (row.source === 'rollCall') return `由${row.recordedByName ?? '主持人'}点名，记为${word}。`
  if (row.source === 'paper') return `照纸质签到表录入，记为${word}。`
  const how = row.source === 'number' ? '输入数字码签到' : row.source === 'parked' ? '断网时扫码' : '扫码签到'
  const signed = `${row.signedTime ?? ''} ${how}`
  if (row.status === 'late') return `${signed}，晚于 ${row.lateFromTime}，记为迟到。`
  return row.status === 'present' ? `${signed}，按时到场。` : `${signed}，记为${word}。`
}

/** Share of the expected who came, in tenths of a percent. */
export function ratePerMille(line: { expected: number; absent: number; onLeave: number }): number | null {
  if (line.expected === 0) return null
  return Math.round(((line.expected - line.absent - line.onLeave) / line.expected) * 1000)
}

/** Whether one record spoils a month of full attendance; the reason, or null. */
export function spoils(
  row: { status: AttendanceStatus; day: LocalDate; theme: string; leaveKind: LeaveKind | null },
  allowed: readonly string[],
): string | null {
  if (row.status === 'present' || row.status === 'signedIn' || allowed.includes(row.status)) return null
  if (row.status === 'onLeave' && row.leaveKind && allowed.includes(row.leaveKind)) return null
  const word =
    row.status === 'onLeave' && row.leaveKind ? leaveKindLabels[row.leaveKind] : attendanceLabels[row.status]
  return `${dayLabel(row.day)}《${row.theme}》${word}`
}

/** What does not spoil it, in words. */
export function fullRule(allowed: readonly string[]): string {
  const words = allowed.flatMap((one) =>
    one in leaveKindLabels
      ? [leaveKindLabels[one as LeaveKind]]
      : one in attendanceLabels
        ? [attendanceLabels[one as AttendanceStatus]]
        : [],
  )
  return words.length === 0
    ? '当月应到的活动全部按时出席，才算满勤；补学不恢复满勤。'
    : `当月应到的活动没有缺席、请假、迟到、早退，就是满勤；${words.join('、')}不影响满勤，补学不恢复满勤。`
}

/** What one person's part in a training organised by others leaves. */
export function trainingFact(
  training: {
    id: string
    title: string
    kind: string
    organiser: Organiser
    heldOn: LocalDate
    minutes: number
  },
  person: { personId: string; status: FinalStatus; version: number },
): FactInput {
  const attended = person.status !== 'onLeave' && person.status !== 'absent'
  return {
    kind: 'activity.attended',
    subject: { kind: 'person', id: person.personId },
    on: training.heldOn,
    quantity: attended ? training.minutes : 0,
    attributes: {
      activityKind: training.kind,
      scope: training.organiser === 'area' ? 'area' : 'district',
      organiser: training.organiser,
      theme: training.title,
      status: person.status,
    },
    source: { room: 'training', id: training.id },
    key: `training:${training.id}:attended:${person.personId}:${person.version}`,
  }
}
