import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import { studyKindLabels, type StudyKind } from './words.ts'

const studyKinds = Object.keys(studyKindLabels) as [StudyKind, ...StudyKind[]]

export interface StudyEntryView {
  id: string
  studiedOn: LocalDate
  kind: StudyKind
  content: string
  minutes: number
  excerpt: string
  createdAt: Date
  /** Set when it was withdrawn; it no longer counts. */
  withdrawnAt: Date | null
  withdrawnReason: string
  abilities: { withdraw: string | null }
}

const content = z.string().trim().min(1, '请写学了什么').max(300, '学习内容请不超过 300 字')

export const studyApi = {
  /** Own entries, newest first, and what the next entry most likely is. */
  listMyStudy: endpoint('staff', z.object({ from: localDate.optional() }))<{
    entries: StudyEntryView[]
    lastKind: StudyKind
    lastMinutes: number
    earliest: LocalDate
  }>(),
  /** Entries of one person, for the leader of a group, the offices and the district. */
  listStudyOf: endpoint('member', z.object({ personId: id, from: localDate.optional() }))<StudyEntryView[]>(),
  logStudy: endpoint(
    'staff',
    z.object({
      studiedOn: localDate,
      kind: z.enum(studyKinds),
      content,
      minutes: z.number().int('请填整数分钟').min(1, '至少 1 分钟').max(720, '一次最多 720 分钟'),
      excerpt: z.string().trim().max(20_000, '摘记请不超过 20000 字').default(''),
      /** The same study really took place twice that day. */
      again: z.boolean().default(false),
    }),
  )<{ id: string }>(),
  withdrawStudy: endpoint('staff', z.object({ id, reason: z.string().trim().max(500) }))<
    Record<string, never>
  >(),
}
