import type { documentsApi } from '../../server/documents/contract.ts'
import { api, fileAddress } from '../kit/api.ts'

export const documents = api<typeof documentsApi>('documents')

export type BookletList = Awaited<ReturnType<typeof documents.listBooklets>>
export type Line = BookletList['lines'][number]
export type Issued = Line['issued'][number]

export type Format = 'pdf' | 'word'

/** The booklet as it stands today. */
export const bookletAddress = (personId: string, schoolYearId: string, format: Format): string =>
  fileAddress(documents.getBooklet, { personId, schoolYearId, format })

/** A paper as it was issued. */
export const issuedAddress = (documentId: string, format: Format): string =>
  fileAddress(documents.getIssued, { documentId, format })
