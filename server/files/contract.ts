import { z } from 'zod'
import { endpoint, fileEndpoint, uploadEndpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'

export interface AttachmentView {
  id: string
  name: string
  mediaType: string
  sizeBytes: number
  uploadedAt: Date
  uploadedByName: string | null
}

const owner = { room: z.string().regex(/^[a-z]{2,30}$/), id }

export const filesApi = {
  /** Attaches one file to a record; the record's room says whether the caller may. */
  uploadAttachment: uploadEndpoint('member', z.object(owner))<AttachmentView>(),
  listAttachments: endpoint('member', z.object(owner))<AttachmentView[]>(),
  /** The content: pictures and PDF in the browser, all else to save. */
  getAttachment: fileEndpoint('member', z.object({ id })),
  removeAttachment: endpoint('member', z.object({ id }))<Record<string, never>>(),
}
