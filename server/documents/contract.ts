import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'
import type { BookletState, DocumentKind } from './words.ts'

const schoolYearId = z.string().regex(/^\d{4}-\d{4}$/, '学年应写成 2026-2027 的样子')
const format = z.enum(['pdf', 'word'])
export type DocumentFormat = z.output<typeof format>

const bookletFilter = z.object({
  /** The present school year unless told. */
  schoolYearId: schoolYearId.optional(),
  unitId: id.optional(),
  state: z.enum(['issued', 'notIssued', 'overdue']).optional(),
  /** Part of a name or of a 工号. */
  q: z.string().trim().max(40).optional(),
})
export type BookletFilter = z.output<typeof bookletFilter> & { state?: BookletState | undefined }

/** A paper that was issued: frozen, numbered, open to verification. */
export interface IssuedDocument {
  id: string
  kind: DocumentKind
  title: string
  holderName: string
  schoolYearId: string
  code: string
  issuedOn: LocalDate
  issuedByName: string | null
  /** First 12 characters of the fingerprint of what was frozen; the public page shows the same. */
  fingerprint: string
}

/** A line in the list of booklets of a school year: what it would hold if it were printed now. */
export interface BookletLine {
  personId: string
  name: string
  staffNumber: string
  groups: { unitId: string; name: string }[]
  plans: number
  reflections: number
  excerpts: number
  activities: number
  /** Clauses of the regime under which something is late. */
  overdueRules: number
  /** The newest first. */
  issued: IssuedDocument[]
  /** What the booklet holds and what is missing, in one or two sentences. */
  sentence: string
}

export interface BookletList {
  schoolYear: { id: string; label: string } | null
  schoolYears: { id: string; label: string }[]
  /** Why no booklet can be made for this year, in a sentence. */
  problem: string | null
  /** One's own; null for those who were not on the staff. */
  mine: BookletLine | null
  /** Everybody whose booklet one may read, by the filter; empty for a teacher who leads nothing. */
  lines: BookletLine[]
  /** Everybody before the filter. */
  total: number
  groups: { unitId: string; name: string }[]
  abilities: { issue: string | null; readOthers: boolean }
}

/** What anybody may know about a number: that it is genuine, whose and what, and nothing of the content. */
export type Verification =
  | {
      genuine: true
      code: string
      title: string
      holderName: string
      organisation: string
      issuedOn: LocalDate
      fingerprint: string
    }
  | { genuine: false; code: string }

export const documentsApi = {
  /** One's own booklet and, for leaders and offices, those of the group or of everybody. */
  listBooklets: endpoint('member', bookletFilter)<BookletList>(),
  /** The same list as Excel. */
  getBookletListFile: fileEndpoint('leaders', bookletFilter),
  listIssued: endpoint('member', z.object({ personId: id }))<IssuedDocument[]>(),
  /** The booklet as it stands today, marked as a draft. */
  getBooklet: fileEndpoint('member', z.object({ personId: id, schoolYearId, format })),
  /** All booklets of a group as one ZIP of PDFs: what was issued last, or else the draft. */
  getBooklets: fileEndpoint('leaders', z.object({ unitId: id, schoolYearId })),
  /** Freezes the booklet of a school year under a number; a later issue gets a new number and both stay valid. */
  issueBooklet: endpoint('office', z.object({ personId: id, schoolYearId }))<IssuedDocument>(),
  getIssued: fileEndpoint('member', z.object({ documentId: id, format })),
  getActivityRecord: fileEndpoint('member', z.object({ activityId: id, format })),
  getSignInSheet: fileEndpoint('member', z.object({ activityId: id })),
  findDocument: endpoint(
    'anyone',
    z.object({ code: z.string().trim().min(1, '请填写编号').max(40, '编号没有这么长') }),
  )<Verification>(),
}
export type DocumentsApi = typeof documentsApi
