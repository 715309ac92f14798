import { attendanceLabels } from '../../server/activity/words.ts'
import { momentText } from '../kit/words.ts'
import type { BookLine } from './api.ts'
import { sessionsText } from './sessions-input.tsx'

/** One correction in a line: when, by whom, what became what, and why. */
export function ChangeText({ change }: { change: BookLine['changes'][number] }) {
  const { sessions } = change
  const isOther = sessions !== null && sessions.from.join() !== sessions.to.join()
  return (
    <>
      {momentText(change.at)} {change.byName}：
      {(change.from !== change.to || !isOther) &&
        `${change.from ? attendanceLabels[change.from] : '没有记录'} → ${attendanceLabels[change.to]}，`}
      {isOther && `${sessionsText(sessions.from)} → ${sessionsText(sessions.to)}，`}
      {change.reason}
    </>
  )
}
