import type { FindingState } from '../../engine/types.ts'
import type { Cell, RunLine } from '../../server/teaching/contract.ts'
import type { teachingApi } from '../../server/teaching/contract.ts'
import type { designApi } from '../../server/teaching/design-contract.ts'
import type { talkApi } from '../../server/teaching/talk-contract.ts'
import {
  type DesignStatus,
  designStatusLabels,
  type TalkStatus,
  talkStatusLabels,
} from '../../server/teaching/words.ts'
import { api } from '../kit/api.ts'
import { dayText } from '../kit/words.ts'

export const teaching = api<typeof teachingApi>('teaching')
export const design = api<typeof designApi>('design')
export const talk = api<typeof talkApi>('talk')

export type Runs = Awaited<ReturnType<typeof teaching.listRuns>>
export type Run = Awaited<ReturnType<typeof teaching.getRun>>
export type Design = Awaited<ReturnType<typeof design.getDesign>>
export type Talk = Awaited<ReturnType<typeof talk.getTalk>>

const cellStates: Record<Cell['state'], FindingState> = {
  done: 'done',
  skipped: 'excused',
  next: 'open',
  late: 'overdue',
  waiting: 'notApplicable',
}
/** The mark of a step: a shape and a word. */
export function cellMark(cell: Pick<Cell, 'state' | 'doneOn' | 'dueOn'>): {
  state: FindingState
  word: string
} {
  const due = cell.dueOn === null ? '' : `${dayText(cell.dueOn)}前`
  const word = {
    done: cell.doneOn === null ? '已完成' : dayText(cell.doneOn),
    skipped: '未做',
    next: due === '' ? '待做' : due,
    late: cell.dueOn === null ? '逾期' : `逾期 ${dayText(cell.dueOn)}`,
    waiting: '未到',
  }[cell.state]
  return { state: cellStates[cell.state], word }
}
export function runMark(
  run: Pick<RunLine, 'status' | 'spread' | 'leftOn'> & { cells?: { state: string }[] },
): {
  state: FindingState
  word: string
} {
  if (run.status === 'stopped') return { state: 'excused', word: '已中止' }
  if (run.spread === true) return { state: 'done', word: '已推广' }
  if (run.status === 'finished') return { state: 'done', word: '已完成' }
  if (run.leftOn !== null) return { state: 'excused', word: '已离任' }
  if (run.cells?.some((cell) => cell.state === 'late')) return { state: 'overdue', word: '有逾期' }
  return { state: 'partly', word: '进行中' }
}
export const designMarks: Record<DesignStatus, { state: FindingState; word: string }> = {
  drafting: { state: 'open', word: designStatusLabels.drafting },
  discussing: { state: 'partly', word: designStatusLabels.discussing },
  final: { state: 'done', word: designStatusLabels.final },
}
export const talkMarks: Record<TalkStatus, { state: FindingState; word: string }> = {
  draft: { state: 'open', word: talkStatusLabels.draft },
  submitted: { state: 'partly', word: talkStatusLabels.submitted },
  returned: { state: 'dueSoon', word: talkStatusLabels.returned },
  accepted: { state: 'done', word: talkStatusLabels.accepted },
}
/** `12分05秒` */
export function secondsText(seconds: number): string {
  return `${Math.floor(seconds / 60)}分${String(seconds % 60).padStart(2, '0')}秒`
}
