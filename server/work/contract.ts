import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'
import type { AttachmentView } from '../files/contract.ts'
import type { WorkStatus } from './words.ts'

/** A part that must (or may) be filled in beside the text. */
export interface WorkPart {
  key: string
  label: string
  hint: string
  required: boolean
  clause: string | null
}

export interface WorkKind {
  kind: string
  label: string
  parts: WorkPart[]
  minimumCharacters: number
  /** May be begun; a retired kind is only there for old works. */
  inUse: boolean
}

/** A line in a list of works. */
export interface WorkLine {
  id: string
  kind: string
  kindLabel: string
  title: string
  /** The first words of the text. */
  beginning: string
  author: { personId: string; name: string }
  status: WorkStatus
  characters: number
  countsOn: LocalDate | null
  savedAt: Date
  submittedAt: Date | null
  decidedAt: Date | null
  decidedByName: string | null
  /** What the reviewer said last. */
  remark: string
}

export interface WorkVersion {
  number: number
  title: string
  /** Cleaned HTML. */
  body: string
  parts: Record<string, string>
  characters: number
  submittedAt: Date
  decision: 'accepted' | 'returned' | 'withdrawn' | null
  decidedByName: string | null
  decidedAt: Date | null
  remark: string
}

export interface WorkView extends WorkLine {
  /** Cleaned HTML: the author's draft, or for everybody else what was handed in last. */
  body: string
  parts: Record<string, string>
  form: WorkPart[]
  minimumCharacters: number
  draftVersion: number
  versions: WorkVersion[]
  attachments: AttachmentView[]
  abilities: WorkAbilities
}

export type WorkAbilities = Record<
  'edit' | 'submit' | 'withdraw' | 'discard' | 'review' | 'reverse',
  string | null
>

const text = z.string().max(200_000, '文字太长，请分成几篇')
const draft = {
  title: z.string().trim().max(120, '标题请不超过 120 字'),
  /** HTML from the editor; cleaned on the server. */
  body: text,
  parts: z.record(z.string().max(60), z.string().max(20_000)).default({}),
}
const reason = z.string().trim().max(2000, '说明请不超过 2000 字')

export const workApi = {
  /** The kinds that may be written, each with the parts and the length asked for. */
  listWorkKinds: endpoint('staff', z.object({}))<WorkKind[]>(),
  listMyWorks: endpoint('staff', z.object({}))<WorkLine[]>(),
  /** Works of others that the caller may see; drafts of others never. */
  listWorks: endpoint(
    'member',
    z.object({
      status: z.enum(['submitted', 'returned', 'accepted']).optional(),
      kind: z.string().max(60).optional(),
      personId: id.optional(),
      search: z.string().trim().max(60).optional(),
      limit: z.number().int().min(1).max(2000).default(50),
    }),
  )<{ works: WorkLine[]; total: number }>(),
  listWorksToReview: endpoint('leaders', z.object({}))<(WorkLine & { waitsForLeader: string | null })[]>(),
  getWork: endpoint('member', z.object({ id }))<WorkView>(),
  startWork: endpoint('staff', z.object({ kind: z.string().max(60), title: draft.title.optional() }))<{
    id: string
  }>(),
  /** Saves the draft if it is still the version that was read; else 409 `conflict` with the other text in `fields`. */
  saveWork: endpoint('staff', z.object({ id, version: z.number().int().min(1), ...draft }))<{
    version: number
    characters: number
    savedAt: Date
  }>(),
  submitWork: endpoint('staff', z.object({ id, version: z.number().int().min(1).optional() }))<{
    countsOn: LocalDate
  }>(),
  withdrawWork: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  /** Throws a draft away that was never handed in. */
  discardWork: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  acceptWork: endpoint('leaders', z.object({ id, remark: reason.default('') }))<Record<string, never>>(),
  /** Accepts several; those that cannot be accepted are named, the others are done. */
  acceptWorks: endpoint('leaders', z.object({ ids: z.array(id).min(1).max(200) }))<{
    accepted: number
    refused: { id: string; reason: string }[]
  }>(),
  returnWork: endpoint('leaders', z.object({ id, reason }))<Record<string, never>>(),
  /** Takes an acceptance back: the work goes to its author again and no longer counts. */
  reverseAcceptance: endpoint('leaders', z.object({ id, reason }))<Record<string, never>>(),
}
