import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import type { UploadedFile } from '../kit/serve.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import type { AttachmentView } from './contract.ts'
import { findFileOwner, type FileOwner } from './owners.ts'
import * as store from './store.ts'

/** Most files that one record may carry. */
const maxAttachments = 20

function getOwner(room: string): FileOwner {
  return findFileOwner(room) ?? refuseNotFound('记录')
}

function view(row: store.AttachmentRow): AttachmentView {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.mediaType,
    sizeBytes: row.sizeBytes,
    uploadedAt: row.uploadedAt,
    uploadedByName: row.uploadedByName,
  }
}

/** Attaches a file that is on disk already to a record. The same content under the same name is kept once. */
export async function createAttachment(
  tx: Tx,
  input: { room: string; id: string; file: UploadedFile },
): Promise<AttachmentView> {
  demand(await getOwner(input.room).attach(tx, input.id))
  const name =
    input.file.name
      .replace(/^.*[\\/]/, '')
      .replaceAll(/\p{C}/gu, '')
      .slice(-120) || '附件'
  const there = await store.listAttachments(tx, input.room, input.id)
  const same = there.find((attachment) => attachment.sha256 === input.file.sha256 && attachment.name === name)
  if (same) return view(same)
  if (there.length >= maxAttachments) refuse(`一条记录最多 ${maxAttachments} 个附件，请先移除不需要的。`)
  const id = newId()
  await store.insertAttachment(tx, {
    id,
    ownerRoom: input.room,
    ownerId: input.id,
    name,
    mediaType: input.file.mediaType,
    sizeBytes: input.file.sizeBytes,
    sha256: input.file.sha256,
  })
  await audit(tx, {
    type: 'files.attached',
    id,
    payload: { room: input.room, recordId: input.id, name, sha256: input.file.sha256 },
  })
  await getOwner(input.room).changed?.(tx, input.id)
  changed(tx, 'files', input.room)
  return view((await store.findAttachment(tx, id)) ?? refuseNotFound('附件'))
}

/** Files of a record that the caller has already been found to see. */
export async function listAttachmentsOf(tx: Tx, room: string, recordId: string): Promise<AttachmentView[]> {
  return (await store.listAttachments(tx, room, recordId)).map(view)
}

/** A file as another organisation may take it over: what it is called and where its content lies. */
export type FileContent = Pick<store.AttachmentRow, 'name' | 'mediaType' | 'sizeBytes' | 'sha256'>

export async function listFilesOf(tx: Tx, room: string, recordId: string): Promise<FileContent[]> {
  return store.listAttachments(tx, room, recordId)
}

/** Attaches what came with a record of another organisation; the content is kept once. Twice changes nothing. */
export async function takeOverFiles(
  tx: Tx,
  owner: { room: string; id: string },
  files: readonly FileContent[],
): Promise<void> {
  const there = await store.listAttachments(tx, owner.room, owner.id)
  for (const { name, mediaType, sizeBytes, sha256 } of files) {
    if (there.some((one) => one.sha256 === sha256 && one.name === name)) continue
    await store.insertAttachment(tx, {
      id: newId(),
      ownerRoom: owner.room,
      ownerId: owner.id,
      name,
      mediaType,
      sizeBytes,
      sha256,
    })
  }
}

/** Files of a record; refuses whoever may not see the record. */
export async function listAttachments(
  tx: Tx,
  input: { room: string; id: string },
): Promise<AttachmentView[]> {
  demand(await getOwner(input.room).see(tx, input.id))
  return listAttachmentsOf(tx, input.room, input.id)
}

/** One file with where its content lies; whoever may not see its record is told that there is none. */
export async function getAttachment(tx: Tx, id: string): Promise<store.AttachmentRow> {
  const attachment = (await store.findAttachment(tx, id)) ?? refuseNotFound('附件')
  const reason = await getOwner(attachment.ownerRoom).see(tx, attachment.ownerId)
  if (reason !== null) refuseNotFound('附件')
  return attachment
}

/** Takes a file off a record that may still be changed. */
export async function removeAttachment(tx: Tx, input: { id: string }): Promise<void> {
  const attachment = await getAttachment(tx, input.id)
  demand(await getOwner(attachment.ownerRoom).attach(tx, attachment.ownerId))
  await store.markRemoved(tx, attachment.id)
  await audit(tx, {
    type: 'files.removed',
    id: attachment.id,
    payload: { room: attachment.ownerRoom, recordId: attachment.ownerId, name: attachment.name },
  })
  await getOwner(attachment.ownerRoom).changed?.(tx, attachment.ownerId)
  changed(tx, 'files', attachment.ownerRoom)
}

/** For a room that throws a record away: its files go with it. */
export async function removeAttachmentsOf(tx: Tx, room: string, recordId: string): Promise<void> {
  await store.markAllRemoved(tx, room, recordId)
}
