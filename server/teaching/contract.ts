import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { FlowDefinition, LinkRoom, RunStatus, StepActor } from './words.ts'
import { linkRoomLabels } from './words.ts'

type Ability = string | null
type Nothing = Record<string, never>
const linkRooms = Object.keys(linkRoomLabels) as [LinkRoom, ...LinkRoom[]]
const stepId = z.string().min(1).max(60)
const reason = z.string().trim().max(500, '原因请不超过 500 字')

export interface Cell {
  stepId: string
  state: 'done' | 'skipped' | 'next' | 'late' | 'waiting'
  doneOn: LocalDate | null
  dueOn: LocalDate | null
}
/** One line of the matrix: a person (or group) and where it stands at each step. */
export interface RunLine {
  id: string
  flow: string
  flowLabel: string
  title: string
  ownerName: string
  unitName: string | null
  isMine: boolean
  /** Waits for the reader at this step. */
  myStep: string | null
  leftOn: LocalDate | null
  status: RunStatus
  begunOn: LocalDate
  steps: { id: string; label: string }[]
  cells: Cell[]
  spread: boolean | null
  model: string
}
export interface EntryView {
  id: string
  personName: string
  isMine: boolean
  body: string
  links: { room: LinkRoom; id: string; label: string }[]
  attachments: AttachmentView[]
  doneOn: LocalDate | null
  abilities: { withdraw: Ability }
}
export interface StepView extends Cell {
  id: string
  label: string
  hint: string
  actor: StepActor
  isLesson: boolean
  optional: boolean
  clause: string
  entries: EntryView[]
  /** Whether the reader may take it, and why it cannot be taken now. */
  abilities: { act: Ability; now: Ability }
}
export interface RatedLesson {
  lessonId: string
  label: string
  heldOn: LocalDate
  ratings: number
  total: number | null
}
export interface RunView extends Omit<RunLine, 'steps' | 'cells'> {
  clause: string
  reason: string
  steps: StepView[]
  designs: { id: string; title: string; versions: number }[]
  /** Lessons linked at the steps with the means of their ratings, first to last, and what changed between them. */
  lessons: RatedLesson[]
  difference: number | null
  spreadReason: string
  decidedByName: string | null
  decidedOn: LocalDate | null
  hasSpreading: boolean
  abilities: { stop: Ability; decideSpread: Ability; design: Ability }
}
export interface LinkChoice {
  room: LinkRoom
  id: string
  label: string
  note: string
}

export const teachingApi = {
  /** Matters in steps: one's own, those of the groups, or (offices) all; with the flows that can be begun. */
  listRuns: endpoint(
    'member',
    z.object({
      view: z.enum(['mine', 'group', 'all', 'spread']).default('mine'),
      flow: z.string().max(60).optional(),
      status: z.enum(['running', 'finished', 'stopped']).optional(),
    }),
  )<{
    runs: RunLine[]
    flows: FlowDefinition[]
    units: { id: string; name: string; members: { id: string; name: string }[] }[]
    abilities: { begin: Ability; beginForOthers: Ability; all: Ability }
  }>(),
  getRun: endpoint('member', z.object({ id }))<RunView>(),
  /** Lessons, works, observations and designs from which the reader chooses at a step. */
  listStepChoices: endpoint('staff', z.object({ id, stepId }))<LinkChoice[]>(),
  startFlow: endpoint(
    'staff',
    z.object({
      flow: z.string().min(1, '请选择流程').max(60),
      title: z.string().trim().min(1, '请写主题或课题').max(60, '请不超过 60 字'),
      personIds: z.array(id).max(300).default([]),
      unitId: id.nullable().default(null),
      from: localDate.optional(),
      daysPerStep: z.number().int().min(1, '至少 1 天').max(60, '最多 60 天').default(7),
      lastDay: localDate.nullable().default(null),
    }),
  )<{ batchId: string; ids: string[] }>(),
  openStep: endpoint('staff', z.object({ id, stepId }))<{ entryId: string }>(),
  finishStep: endpoint(
    'staff',
    z.object({
      id,
      stepId,
      body: z.string().max(50_000, '文字太长，请附成文件').default(''),
      links: z
        .array(z.object({ room: z.enum(linkRooms), id }))
        .max(10)
        .default([]),
      on: localDate.optional(),
    }),
  )<{ entryId: string; finished: boolean }>(),
  withdrawStep: endpoint('staff', z.object({ entryId: id, reason: reason.default('') }))<Nothing>(),
  stopRun: endpoint('leaders', z.object({ id, reason }))<Nothing>(),
  decideSpread: endpoint(
    'office',
    z.object({ id, spread: z.boolean(), reason, model: z.string().trim().max(40).default('') }),
  )<Nothing>(),
  /** People by steps. */
  getMatrixFile: fileEndpoint(
    'member',
    z.object({
      view: z.enum(['mine', 'group', 'all', 'spread']).default('group'),
      flow: z.string().max(60).optional(),
    }),
  ),
}
export type TeachingApi = typeof teachingApi
