import type { FindingState } from '../../engine/types.ts'
import type { regulationApi } from '../../server/regulation/contract.ts'
import { stageLabels, type Stage } from '../../server/regulation/words.ts'
import { api } from '../kit/api.ts'

export const regulation = api<typeof regulationApi>('regulation')

export type Line = Awaited<ReturnType<typeof regulation.listRegulations>>['own'][number]
export type View = Awaited<ReturnType<typeof regulation.getRegulation>>
export type Opinion = View['opinionList'][number]

const states: Record<Stage, FindingState> = {
  draft: 'open',
  announced: 'open',
  consultation: 'dueSoon',
  answering: 'partly',
  approved: 'partly',
  inForce: 'done',
  replaced: 'excused',
  repealed: 'excused',
}
/** Mark and word of a stage. */
export const stageMark = (stage: Stage) => ({ state: states[stage], word: stageLabels[stage] })
