import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { Artefact, DeliveryEvent, LinkRoom, Owner, ProgrammeStatus } from './words.ts'

export interface ProgrammeRow {
  id: string
  title: string
  flow: string
  aim: string
  basis: string
  status: ProgrammeStatus
  version: number
}
export interface PhaseRow {
  id: string
  programmeId: string
  title: string
  from: LocalDate
  to: LocalDate
}
export interface DeliverableRow {
  id: string
  programmeId: string
  phaseId: string
  title: string
  step: string
  owner: Owner
  unitKind: string | null
  dueOn: LocalDate
  artefact: Artefact
}
export interface DeliveryRow {
  id: string
  programmeId: string
  deliverableId: string
  unitId: string | null
  linkRoom: LinkRoom | null
  linkId: string | null
  linkTitle: string
  note: string
  status: 'draft' | 'delivered' | 'accepted' | 'returned' | 'withdrawn'
  deliveredOn: LocalDate | null
  deliveredBy: string | null
  deliveredByName: string | null
  deliveredAt: Date | null
  decidedByName: string
  decidedOn: LocalDate | null
  decisionNote: string
  files: number
  version: number
}

const columns = sql`id, title, flow, aim, basis, status, version`
export function listProgrammes(tx: Tx): Promise<ProgrammeRow[]> {
  return tx.many<ProgrammeRow>(
    sql`SELECT ${columns} FROM programmes WHERE org_id = ${tx.orgId} ORDER BY created_at DESC, id`,
  )
}
export function findProgramme(tx: Tx, id: string): Promise<ProgrammeRow | undefined> {
  return tx.maybe<ProgrammeRow>(
    sql`SELECT ${columns} FROM programmes WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}
export function lockProgramme(tx: Tx, id: string): Promise<ProgrammeRow | undefined> {
  return tx.maybe<ProgrammeRow>(
    sql`SELECT ${columns} FROM programmes WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`,
  )
}
/** Phases of these programmes in their order. */
export function listPhases(tx: Tx, programmeIds: string[]): Promise<PhaseRow[]> {
  return tx.many<PhaseRow>(sql`
    SELECT id, programme_id, title, from_on AS "from", to_on AS "to" FROM programme_phases
    WHERE org_id = ${tx.orgId} AND programme_id = ANY(${programmeIds}::uuid[]) ORDER BY programme_id, position`)
}
export function listDeliverables(tx: Tx, programmeIds: string[]): Promise<DeliverableRow[]> {
  return tx.many<DeliverableRow>(sql`
    SELECT id, programme_id, phase_id, title, step, owner, unit_kind, due_on, artefact FROM programme_deliverables
    WHERE org_id = ${tx.orgId} AND programme_id = ANY(${programmeIds}::uuid[]) ORDER BY phase_id, position`)
}

export async function insertProgramme(
  tx: Tx,
  programme: Omit<ProgrammeRow, 'status' | 'version'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO programmes (org_id, id, title, flow, aim, basis, status, created_by, created_at)
    VALUES (${tx.orgId}, ${programme.id}, ${programme.title}, ${programme.flow}, ${programme.aim}, ${programme.basis}, 'draft',
      ${tx.actor.personId}, ${tx.now})`)
}
export async function updateProgramme(
  tx: Tx,
  programme: Pick<ProgrammeRow, 'id' | 'title' | 'aim' | 'basis'>,
): Promise<void> {
  await tx.run(sql`
    UPDATE programmes SET title = ${programme.title}, aim = ${programme.aim}, basis = ${programme.basis}, version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${programme.id}`)
}
export async function updateStatus(tx: Tx, id: string, status: ProgrammeStatus): Promise<void> {
  await tx.run(sql`
    UPDATE programmes SET status = ${status}, version = version + 1,
      published_at = CASE WHEN ${status} = 'published' THEN ${tx.now} ELSE published_at END,
      closed_at = CASE WHEN ${status} = 'closed' THEN ${tx.now} ELSE closed_at END
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function deleteProgramme(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM programmes WHERE org_id = ${tx.orgId} AND id = ${id} AND status = 'draft'`)
}
/** Writes all phases and deliverables; those with known ids stay the same, those that are gone go. */
export async function replaceParts(
  tx: Tx,
  programmeId: string,
  phases: (Omit<PhaseRow, 'programmeId'> & { position: number })[],
  deliverables: (Omit<DeliverableRow, 'programmeId'> & { position: number })[],
): Promise<void> {
  await tx.run(sql`
    DELETE FROM programme_deliverables WHERE org_id = ${tx.orgId} AND programme_id = ${programmeId}
      AND NOT (id = ANY(${deliverables.map((one) => one.id)}::uuid[]))`)
  await tx.run(sql`
    INSERT INTO programme_phases (org_id, id, programme_id, position, title, from_on, to_on)
    SELECT ${tx.orgId}, r.id, ${programmeId}, r.position, r.title, r."from", r."to"
    FROM jsonb_to_recordset(${JSON.stringify(phases)}::jsonb) AS r (id uuid, position int, title text, "from" date, "to" date)
    ON CONFLICT (org_id, id) DO UPDATE SET position = excluded.position, title = excluded.title,
      from_on = excluded.from_on, to_on = excluded.to_on`)
  await tx.run(sql`
    INSERT INTO programme_deliverables (org_id, id, programme_id, phase_id, position, title, step, owner, unit_kind, due_on, artefact)
    SELECT ${tx.orgId}, r.id, ${programmeId}, r."phaseId", r.position, r.title, r.step, r.owner, r."unitKind", r."dueOn", r.artefact
    FROM jsonb_to_recordset(${JSON.stringify(deliverables)}::jsonb) AS r (id uuid, "phaseId" uuid, position int, title text,
      step text, owner text, "unitKind" text, "dueOn" date, artefact text)
    ON CONFLICT (org_id, id) DO UPDATE SET phase_id = excluded.phase_id, position = excluded.position, title = excluded.title,
      owner = excluded.owner, unit_kind = excluded.unit_kind, due_on = excluded.due_on, artefact = excluded.artefact`)
  await tx.run(sql`
    DELETE FROM programme_phases WHERE org_id = ${tx.orgId} AND programme_id = ${programmeId}
      AND NOT (id = ANY(${phases.map((one) => one.id)}::uuid[]))`)
}

// ── Deliveries ───────────────────────────────────────────────────────────────

const deliveryColumns = sql`d.id, d.programme_id, d.deliverable_id, d.unit_id, d.link_room, d.link_id, d.link_title, d.note,
  d.status, d.delivered_on, d.delivered_by, p.name AS delivered_by_name, d.delivered_at, d.decided_by_name, d.decided_on,
  d.decision_note, d.version,
  (SELECT count(*) FROM attachments a WHERE a.org_id = d.org_id AND a.owner_room = 'programme' AND a.owner_id = d.id
    AND a.removed_at IS NULL)::int AS files`
const deliveryJoins = sql`LEFT JOIN people p ON p.org_id = d.org_id AND p.id = d.delivered_by`

export function listDeliveries(tx: Tx, programmeIds: string[]): Promise<DeliveryRow[]> {
  return tx.many<DeliveryRow>(sql`
    SELECT ${deliveryColumns} FROM programme_deliveries d ${deliveryJoins}
    WHERE d.org_id = ${tx.orgId} AND d.programme_id = ANY(${programmeIds}::uuid[]) AND d.status <> 'withdrawn'
    ORDER BY d.created_at`)
}
export function findDelivery(tx: Tx, id: string): Promise<DeliveryRow | undefined> {
  return tx.maybe<DeliveryRow>(sql`
    SELECT ${deliveryColumns} FROM programme_deliveries d ${deliveryJoins} WHERE d.org_id = ${tx.orgId} AND d.id = ${id}
      AND d.status <> 'withdrawn'`)
}
export async function lockDeliveries(tx: Tx, deliverableId: string): Promise<void> {
  await tx.run(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`programme:${tx.orgId}:${deliverableId}`}, 0))`,
  )
}
export async function insertDelivery(
  tx: Tx,
  delivery: Pick<DeliveryRow, 'id' | 'programmeId' | 'deliverableId' | 'unitId'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO programme_deliveries (org_id, id, programme_id, deliverable_id, unit_id, status, created_at)
    VALUES (${tx.orgId}, ${delivery.id}, ${delivery.programmeId}, ${delivery.deliverableId}, ${delivery.unitId}, 'draft', ${tx.now})`)
}
export async function updateDelivery(
  tx: Tx,
  delivery: Pick<DeliveryRow, 'id' | 'status' | 'linkRoom' | 'linkId' | 'linkTitle' | 'note' | 'deliveredOn'>,
): Promise<void> {
  await tx.run(sql`
    UPDATE programme_deliveries SET status = ${delivery.status}, link_room = ${delivery.linkRoom}, link_id = ${delivery.linkId},
      link_title = ${delivery.linkTitle}, note = ${delivery.note}, delivered_on = ${delivery.deliveredOn},
      delivered_by = ${tx.actor.personId}, delivered_at = ${tx.now}, decided_by_name = '', decided_on = NULL,
      decision_note = '', version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${delivery.id}`)
}
/** What the receiver decided; something returned has no day of delivery any more. */
export async function decideDelivery(
  tx: Tx,
  delivery: { id: string; status: 'accepted' | 'returned'; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE programme_deliveries SET status = ${delivery.status}, decided_by_name = ${tx.actor.name}, decided_on = ${tx.today},
      decision_note = ${delivery.note}, delivered_on = CASE WHEN ${delivery.status} = 'returned' THEN NULL ELSE delivered_on END,
      version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${delivery.id}`)
}

export interface EventRow {
  what: DeliveryEvent
  at: Date
  byName: string
  note: string
}
/** What has happened to a delivery, the latest first. */
export function listEvents(tx: Tx, deliveryId: string): Promise<EventRow[]> {
  return tx.many<EventRow>(sql`
    SELECT what, at, by_name, note FROM programme_delivery_events
    WHERE org_id = ${tx.orgId} AND delivery_id = ${deliveryId} ORDER BY at DESC, id DESC`)
}
export async function insertEvent(
  tx: Tx,
  event: { id: string; deliveryId: string; what: DeliveryEvent; note: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO programme_delivery_events (org_id, id, delivery_id, what, at, by_name, note)
    VALUES (${tx.orgId}, ${event.id}, ${event.deliveryId}, ${event.what}, ${tx.now}, ${tx.actor.name}, ${event.note})`)
}

/** Deliveries in this school of its own programmes that wait to be accepted, the longest first. */
export function listToAccept(tx: Tx): Promise<
  {
    id: string
    programmeId: string
    programme: string
    deliverable: string
    ownerName: string
    deliveredBy: string | null
    deliveredByName: string | null
    deliveredAt: Date
  }[]
> {
  return tx.many(sql`
    SELECT d.id, d.programme_id, g.title AS programme, x.title AS deliverable, coalesce(u.name, '学校') AS owner_name,
      d.delivered_by, p.name AS delivered_by_name, d.delivered_at
    FROM programme_deliveries d
    JOIN programmes g ON g.org_id = d.org_id AND g.id = d.programme_id AND g.status = 'published'
    JOIN programme_deliverables x ON x.org_id = d.org_id AND x.id = d.deliverable_id
    LEFT JOIN units u ON u.org_id = d.org_id AND u.id = d.unit_id
    LEFT JOIN people p ON p.org_id = d.org_id AND p.id = d.delivered_by
    WHERE d.org_id = ${tx.orgId} AND d.status = 'delivered' ORDER BY d.delivered_at LIMIT 200`)
}

// ── What schools handed in, in the scope of their district ───────────────────

/** In the scope of the district: something of a school waits to be accepted. */
export async function upsertReceipt(
  tx: Tx,
  row: { deliveryId: string; schoolId: string; programmeId: string; deliverableId: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO programme_receipts (org_id, delivery_id, school_id, programme_id, deliverable_id, delivered_at)
    VALUES (${tx.orgId}, ${row.deliveryId}, ${row.schoolId}, ${row.programmeId}, ${row.deliverableId}, ${tx.now})
    ON CONFLICT (org_id, delivery_id) DO UPDATE SET delivered_at = excluded.delivered_at`)
}
/** It was decided, or the school took it back. */
export async function deleteReceipt(tx: Tx, deliveryId: string): Promise<void> {
  await tx.run(sql`DELETE FROM programme_receipts WHERE org_id = ${tx.orgId} AND delivery_id = ${deliveryId}`)
}
/** In a district: what its schools handed in and it has not decided yet, the longest first. */
export function listReceipts(tx: Tx): Promise<
  {
    deliveryId: string
    schoolId: string
    school: string
    programmeId: string
    programme: string
    deliverable: string
    deliveredAt: Date
  }[]
> {
  return tx.many(sql`
    SELECT r.delivery_id, r.school_id, o.name AS school, r.programme_id, g.title AS programme, x.title AS deliverable,
      r.delivered_at
    FROM programme_receipts r
    JOIN organisations o ON o.id = r.school_id
    JOIN programmes g ON g.org_id = r.org_id AND g.id = r.programme_id AND g.status = 'published'
    JOIN programme_deliverables x ON x.org_id = r.org_id AND x.id = r.deliverable_id
    WHERE r.org_id = ${tx.orgId} ORDER BY r.delivered_at LIMIT 500`)
}

/** The newest records of a deliverer that could be what is asked for. */
export function listLinks(
  tx: Tx,
  input: { room: LinkRoom; paper: string | null; unitId: string | null; id?: string },
): Promise<{ id: string; title: string; note: string }[]> {
  const only = input.id ?? null
  if (input.room === 'activity')
    return tx.many(sql`
      SELECT id, theme AS title, held_on::text AS note FROM activities WHERE org_id = ${tx.orgId} AND status = 'closed'
        AND (${only}::uuid IS NULL OR id = ${only}::uuid)
        AND (${input.unitId}::uuid IS NULL OR unit_id = ${input.unitId}::uuid) ORDER BY held_on DESC LIMIT 30`)
  if (input.room === 'plan')
    return tx.many(sql`
      SELECT id, title, coalesce(filing_number, '') AS note FROM plans WHERE org_id = ${tx.orgId} AND status = 'filed'
        AND (${only}::uuid IS NULL OR id = ${only}::uuid) AND (${input.paper}::text IS NULL OR paper = ${input.paper})
        AND level <> 'teacher' AND owner_id = ${input.unitId ?? tx.orgId} ORDER BY id DESC LIMIT 30`)
  return tx.many(sql`
    SELECT DISTINCT ON (r.id) r.id, v.title, v.document_number AS note FROM regulations r
    JOIN regulation_versions v ON v.org_id = r.org_id AND v.regulation_id = r.id AND v.approved_at IS NOT NULL
    WHERE r.org_id = ${tx.orgId} AND (${only}::uuid IS NULL OR r.id = ${only}::uuid) ORDER BY r.id DESC, v.number DESC LIMIT 30`)
}

/** Groups of a kind that exist on a day, for whom each owes its delivery. */
export function listUnitsOfKind(
  tx: Tx,
  on: LocalDate,
): Promise<{ id: string; name: string; kind: string; toOn: LocalDate | null }[]> {
  return tx.many(sql`
    SELECT id, name, kind, to_on FROM units WHERE org_id = ${tx.orgId} AND from_on <= ${on}
      AND (to_on IS NULL OR to_on >= ${on}) ORDER BY kind, name`)
}
