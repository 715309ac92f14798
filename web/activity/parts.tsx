import { activityStatusLabels, attendanceLabels, scopeLabels } from '../../server/activity/words.ts'
import type { ActivityStatus, AttendanceStatus } from '../../server/activity/words.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, dayWithWeekday } from '../kit/words.ts'
import type { ActivityLine } from './api.ts'

const statusTones = {
  planned: 'open',
  running: 'dueSoon',
  closed: 'done',
  cancelled: 'notApplicable',
} as const
export function ActivityStatusMark({ status }: { status: ActivityStatus }) {
  return <StateMark state={statusTones[status]} word={activityStatusLabels[status]} />
}

const attendanceTones = {
  signedIn: 'done',
  present: 'done',
  late: 'dueSoon',
  leftEarly: 'dueSoon',
  onLeave: 'excused',
  absent: 'overdue',
} as const
export function AttendanceMark({ status }: { status: AttendanceStatus | 'leaveAsked' | null }) {
  if (status === null) return <StateMark state="open" word="未签到" />
  if (status === 'leaveAsked') return <StateMark state="excused" word="已请假" />
  return <StateMark state={attendanceTones[status]} word={attendanceLabels[status]} />
}

/** `11月18日 周三 15:30—17:00` */
export function whenText(line: { day: string; startTime: string; endTime: string }, today?: string): string {
  return `${dayWithWeekday(line.day, today)} ${line.startTime}—${line.endTime}`
}

export function unitText(line: Pick<ActivityLine, 'unit' | 'scope'>): string {
  return line.unit?.name ?? scopeLabels[line.scope]
}

export function movedText(line: Pick<ActivityLine, 'movedFrom' | 'weekLabel'>): string | null {
  return line.movedFrom === null
    ? null
    : `原定${dayText(line.movedFrom)}，改期举行，仍计入${line.weekLabel ?? '原来那一周'}`
}
