import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { FlowDefinition, LinkRoom, RunStatus, StepActor } from './words.ts'
import { linkRoomLabels } from './words.ts'

type Ability = string | null
type Nothing = Record<string, never>
/** Where a case is seen: a shared design, a matter in steps, a lesson. */
const caseRooms = ['design', 'run', 'lesson'] as const
export type CaseRoom = (typeof caseRooms)[number]
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
  spreadReason: string
  model: string
  /** How many lessons say that they follow the model, and of how many teachers. */
  uses: { lessons: number; teachers: number } | null
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
  isGiven: boolean
  ratings: number
  total: number | null
}
/** What an observer wrote on one of its lessons. */
export interface RunComment {
  observationId: string
  observerName: string
  lessonLabel: string
  comment: string
  actionStep: string
  /** `课后 12 分钟` */
  writtenLabel: string
}
export interface RunView extends Omit<RunLine, 'steps' | 'cells'> {
  clause: string
  reason: string
  steps: StepView[]
  designs: { id: string; title: string; versions: number }[]
  /** Lessons of the matter with the means of their ratings, first to last, and what changed between them. */
  lessons: RatedLesson[]
  difference: number | null
  /** Null where the reader may not see what observers wrote. */
  comments: RunComment[] | null
  /** The lesson on which the improved one follows, where a lesson was given and the next is not booked yet. */
  toRepeat: string | null
  decidedByName: string | null
  decidedOn: LocalDate | null
  hasSpreading: boolean
  abilities: { stop: Ability; decideSpread: Ability; design: Ability }
}
/** An activity at which a case is discussed. */
export interface CaseActivity {
  id: string
  theme: string
  heldOn: LocalDate
  isHeld: boolean
}
export interface LinkChoice {
  room: LinkRoom
  id: string
  label: string
  note: string
  /** Belongs here by what is known already: it is chosen from the start. */
  isSuggested: boolean
}
/** What a lesson has to do with matters in steps and designs. */
export interface LessonStudy {
  runs: RunLine[]
  designs: { id: string; title: string; personName: string; versions: number }[]
  /** Flows that can be begun with this lesson. */
  flows: { flow: string; label: string; steps: string[] }[]
  abilities: { begin: Ability; design: Ability }
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
  /** Matters and designs that belong to a lesson, and what can be begun with it. */
  getLessonStudy: endpoint('member', z.object({ lessonId: id }))<LessonStudy>(),
  /** Lessons, works, observations and designs from which the reader chooses at a step. */
  listStepChoices: endpoint('staff', z.object({ id, stepId }))<LinkChoice[]>(),
  /** At which activities a case was discussed, and which could be named. */
  listCaseActivities: endpoint('member', z.object({ room: z.enum(caseRooms), id }))<{
    linked: CaseActivity[]
    choices: CaseActivity[]
    abilities: { link: Ability }
  }>(),
  /** Names an activity at which a case was discussed, or takes it back. */
  linkActivity: endpoint(
    'staff',
    z.object({ room: z.enum(caseRooms), id, activityId: id, linked: z.boolean().default(true) }),
  )<Nothing>(),
  startFlow: endpoint(
    'staff',
    z.object({
      flow: z.string().min(1, '请选择流程').max(60),
      /** May be empty where it begins with a lesson. */
      title: z.string().trim().max(60, '请不超过 60 字').default(''),
      lessonId: id.nullable().default(null),
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
    z.object({
      id,
      spread: z.boolean(),
      reason,
      model: z.string().trim().max(30, '名字请不超过 30 字').default(''),
    }),
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
