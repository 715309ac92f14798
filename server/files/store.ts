import { sql, type Tx } from '../kit/sql.ts'

export interface AttachmentRow {
  id: string
  ownerRoom: string
  ownerId: string
  name: string
  mediaType: string
  sizeBytes: number
  sha256: string
  uploadedAt: Date
  uploadedByName: string | null
}

const columns = sql`a.id, a.owner_room, a.owner_id, a.name, a.media_type, a.size_bytes, a.sha256, a.uploaded_at, p.name AS uploaded_by_name`

export async function insertAttachment(
  tx: Tx,
  attachment: {
    id: string
    ownerRoom: string
    ownerId: string
    name: string
    mediaType: string
    sizeBytes: number
    sha256: string
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO attachments (org_id, id, owner_room, owner_id, name, media_type, size_bytes, sha256, uploaded_by, uploaded_at)
    VALUES (${tx.orgId}, ${attachment.id}, ${attachment.ownerRoom}, ${attachment.ownerId}, ${attachment.name}, ${attachment.mediaType},
      ${attachment.sizeBytes}, ${attachment.sha256}, ${tx.actor.personId}, ${tx.now})`)
}

export function findAttachment(tx: Tx, id: string): Promise<AttachmentRow | undefined> {
  return tx.maybe<AttachmentRow>(sql`
    SELECT ${columns} FROM attachments a LEFT JOIN people p ON p.org_id = a.org_id AND p.id = a.uploaded_by
    WHERE a.org_id = ${tx.orgId} AND a.id = ${id} AND a.removed_at IS NULL`)
}

export function listAttachments(tx: Tx, ownerRoom: string, ownerId: string): Promise<AttachmentRow[]> {
  return tx.many<AttachmentRow>(sql`
    SELECT ${columns} FROM attachments a LEFT JOIN people p ON p.org_id = a.org_id AND p.id = a.uploaded_by
    WHERE a.org_id = ${tx.orgId} AND a.owner_room = ${ownerRoom} AND a.owner_id = ${ownerId} AND a.removed_at IS NULL
    ORDER BY a.uploaded_at, a.id`)
}

export async function markRemoved(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`UPDATE attachments SET removed_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export function markAllRemoved(tx: Tx, ownerRoom: string, ownerId: string): Promise<number> {
  return tx.run(sql`
    UPDATE attachments SET removed_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND owner_room = ${ownerRoom} AND owner_id = ${ownerId} AND removed_at IS NULL`)
}
