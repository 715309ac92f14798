import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { Artefact, LinkRoom, Owner, ProgrammeStatus } from './words.ts'

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
  status: 'draft' | 'delivered' | 'withdrawn'
  deliveredOn: LocalDate | null
  deliveredByName: string | null
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
  d.status, d.delivered_on, p.name AS delivered_by_name, d.version,
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
      delivered_by = ${tx.actor.personId}, delivered_at = ${tx.now}, version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${delivery.id}`)
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
