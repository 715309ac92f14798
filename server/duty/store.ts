import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { HolderKind, ProposalKind, ProposalStatus, SupplyStatus } from './words.ts'

/** Those who change bodies, duties or the environment of one organisation at once take turns. */
export async function lockRoom(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`duty:${tx.orgId}`}, 0))`)
}

// ── Bodies ───────────────────────────────────────────────────────────────────

export interface BodyTermRow {
  unitId: string
  from: LocalDate
  to: LocalDate | null
  regulationId: string | null
  paper: string
}
export function listBodyTerms(tx: Tx): Promise<BodyTermRow[]> {
  return tx.many(sql`
    SELECT unit_id, from_on AS "from", to_on AS "to", regulation_id, paper FROM body_terms WHERE org_id = ${tx.orgId}`)
}
export async function saveBodyTerm(tx: Tx, row: BodyTermRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO body_terms (org_id, unit_id, from_on, to_on, regulation_id, paper)
    VALUES (${tx.orgId}, ${row.unitId}, ${row.from}, ${row.to}, ${row.regulationId}, ${row.paper})
    ON CONFLICT (org_id, unit_id) DO UPDATE SET from_on = excluded.from_on, to_on = excluded.to_on,
      regulation_id = excluded.regulation_id, paper = excluded.paper`)
}
export interface MemberRuleRow {
  id: string
  unitId: string
  label: string
  condition: string
}
export function listMemberRules(tx: Tx): Promise<MemberRuleRow[]> {
  return tx.many(sql`
    SELECT id, unit_id, label, condition FROM body_member_rules WHERE org_id = ${tx.orgId} ORDER BY id`)
}
export async function insertMemberRule(tx: Tx, row: MemberRuleRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO body_member_rules (org_id, id, unit_id, label, condition)
    VALUES (${tx.orgId}, ${row.id}, ${row.unitId}, ${row.label}, ${row.condition})`)
}
export function deleteMemberRule(tx: Tx, row: { id: string; unitId: string }): Promise<number> {
  return tx.run(
    sql`DELETE FROM body_member_rules WHERE org_id = ${tx.orgId} AND id = ${row.id} AND unit_id = ${row.unitId}`,
  )
}
export function listMembersByRule(tx: Tx): Promise<{ unitId: string; personId: string }[]> {
  return tx.many(sql`SELECT unit_id, person_id FROM body_members_by_rule WHERE org_id = ${tx.orgId}`)
}
export async function insertMembersByRule(tx: Tx, unitId: string, personIds: string[]): Promise<void> {
  await tx.run(sql`
    INSERT INTO body_members_by_rule (org_id, unit_id, person_id)
    SELECT ${tx.orgId}, ${unitId}, unnest(${personIds}::uuid[]) ON CONFLICT DO NOTHING`)
}
export async function deleteMemberByRule(tx: Tx, unitId: string, personId: string): Promise<void> {
  await tx.run(sql`
    DELETE FROM body_members_by_rule WHERE org_id = ${tx.orgId} AND unit_id = ${unitId} AND person_id = ${personId}`)
}

// ── Duties ───────────────────────────────────────────────────────────────────

export interface DutyRow {
  id: string
  duty: string
  statement: string
  layer: string
  role: string
  firstResponsible: boolean
  holderKind: HolderKind
  holderId: string
  holderName: string
  from: LocalDate
  to: LocalDate | null
  withdrawnBecause: string | null
}
const dutyColumns = sql`d.id, d.duty, d.statement, d.layer, d.role, d.first_responsible, d.holder_kind, d.holder_id,
  coalesce(p.name, u.name, o.name) AS holder_name, d.from_on AS "from", d.to_on AS "to", d.withdrawn_because`
const dutyJoins = sql`LEFT JOIN people p ON p.org_id = d.org_id AND p.id = d.holder_id
  LEFT JOIN units u ON u.org_id = d.org_id AND u.id = d.holder_id LEFT JOIN organisations o ON o.id = d.holder_id`

export function listDuties(tx: Tx): Promise<DutyRow[]> {
  return tx.many(sql`
    SELECT ${dutyColumns} FROM duties d ${dutyJoins} WHERE d.org_id = ${tx.orgId} AND d.withdrawn_because IS NULL
    ORDER BY d.first_responsible DESC, d.from_on, d.id`)
}
export function findDuty(tx: Tx, id: string): Promise<DutyRow | undefined> {
  return tx.maybe(
    sql`SELECT ${dutyColumns} FROM duties d ${dutyJoins} WHERE d.org_id = ${tx.orgId} AND d.id = ${id}`,
  )
}
export async function insertDuty(
  tx: Tx,
  row: Omit<DutyRow, 'holderName' | 'withdrawnBecause'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO duties (org_id, id, duty, statement, layer, role, first_responsible, holder_kind, holder_id, from_on, to_on,
      assigned_by, assigned_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.duty}, ${row.statement}, ${row.layer}, ${row.role}, ${row.firstResponsible},
      ${row.holderKind}, ${row.holderId}, ${row.from}, ${row.to}, ${tx.actor.personId}, ${tx.now})`)
}
export async function endDuty(tx: Tx, id: string, to: LocalDate): Promise<void> {
  await tx.run(sql`UPDATE duties SET to_on = ${to} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function withdrawDuty(tx: Tx, id: string, because: string): Promise<void> {
  await tx.run(
    sql`UPDATE duties SET withdrawn_because = ${because} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

// ── Study environment ────────────────────────────────────────────────────────

export interface ItemRow {
  id: string
  kind: string
  name: string
  place: string
  note: string
  keeperId: string | null
  keeperName: string | null
  from: LocalDate
  to: LocalDate | null
  withdrawnBecause: string | null
}
const itemColumns = sql`e.id, e.kind, e.name, e.place, e.note, e.keeper_id, p.name AS keeper_name, e.from_on AS "from",
  e.to_on AS "to", e.withdrawn_because`
export function listItems(tx: Tx): Promise<ItemRow[]> {
  return tx.many(sql`
    SELECT ${itemColumns} FROM environment_items e LEFT JOIN people p ON p.org_id = e.org_id AND p.id = e.keeper_id
    WHERE e.org_id = ${tx.orgId} AND e.withdrawn_because IS NULL ORDER BY e.kind, e.from_on, e.id`)
}
export function findItem(tx: Tx, id: string): Promise<ItemRow | undefined> {
  return tx.maybe(sql`
    SELECT ${itemColumns} FROM environment_items e LEFT JOIN people p ON p.org_id = e.org_id AND p.id = e.keeper_id
    WHERE e.org_id = ${tx.orgId} AND e.id = ${id}`)
}
export async function insertItem(
  tx: Tx,
  row: Omit<ItemRow, 'keeperName' | 'to' | 'withdrawnBecause'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO environment_items (org_id, id, kind, name, place, note, keeper_id, from_on, registered_by, registered_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.kind}, ${row.name}, ${row.place}, ${row.note}, ${row.keeperId}, ${row.from},
      ${tx.actor.personId}, ${tx.now})`)
}
export async function endItem(tx: Tx, id: string, to: LocalDate): Promise<void> {
  await tx.run(sql`UPDATE environment_items SET to_on = ${to} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function withdrawItem(tx: Tx, id: string, because: string): Promise<void> {
  await tx.run(
    sql`UPDATE environment_items SET withdrawn_because = ${because} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

export interface SupplyRow {
  id: string
  what: string
  purpose: string
  neededOn: LocalDate
  requestedBy: string
  requestedByName: string
  requestedOn: LocalDate
  status: SupplyStatus
  settledOn: LocalDate | null
  settledByName: string | null
  note: string
}
const supplyColumns = sql`s.id, s.what, s.purpose, s.needed_on, s.requested_by, p.name AS requested_by_name, s.requested_on,
  s.status, s.settled_on, d.name AS settled_by_name, s.note`
const supplyJoins = sql`JOIN people p ON p.org_id = s.org_id AND p.id = s.requested_by
  LEFT JOIN people d ON d.org_id = s.org_id AND d.id = s.settled_by`
export function listSupplies(tx: Tx): Promise<SupplyRow[]> {
  return tx.many(sql`
    SELECT ${supplyColumns} FROM supply_requests s ${supplyJoins} WHERE s.org_id = ${tx.orgId} AND s.status <> 'withdrawn'
    ORDER BY (s.status <> 'requested'), s.needed_on DESC, s.id LIMIT 300`)
}
export function findSupply(tx: Tx, id: string): Promise<SupplyRow | undefined> {
  return tx.maybe(
    sql`SELECT ${supplyColumns} FROM supply_requests s ${supplyJoins} WHERE s.org_id = ${tx.orgId} AND s.id = ${id}`,
  )
}
export async function insertSupply(
  tx: Tx,
  row: { id: string; what: string; purpose: string; neededOn: LocalDate; requestedBy: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO supply_requests (org_id, id, what, purpose, needed_on, requested_by, requested_on, status)
    VALUES (${tx.orgId}, ${row.id}, ${row.what}, ${row.purpose}, ${row.neededOn}, ${row.requestedBy}, ${tx.today},
      'requested')`)
}
export async function settleSupply(
  tx: Tx,
  row: { id: string; status: SupplyStatus; on: LocalDate; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE supply_requests SET status = ${row.status}, settled_on = ${row.on}, settled_by = ${tx.actor.personId},
      note = ${row.note} WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}

// ── Growth ───────────────────────────────────────────────────────────────────

export interface ProposalRow {
  id: string
  personId: string
  name: string
  kind: ProposalKind
  word: string
  level: string
  from: LocalDate
  proof: string
  status: ProposalStatus
  note: string
  proposedByName: string | null
  decidedByName: string | null
}
const proposalColumns = sql`g.id, g.person_id, p.name, g.kind, g.word, g.level, g.from_on AS "from", g.proof, g.status,
  g.note, a.name AS proposed_by_name, d.name AS decided_by_name`
const proposalJoins = sql`JOIN people p ON p.org_id = g.org_id AND p.id = g.person_id
  LEFT JOIN people a ON a.org_id = g.org_id AND a.id = g.proposed_by
  LEFT JOIN people d ON d.org_id = g.org_id AND d.id = g.decided_by`
export function listProposals(tx: Tx): Promise<ProposalRow[]> {
  return tx.many(sql`
    SELECT ${proposalColumns} FROM growth_proposals g ${proposalJoins}
    WHERE g.org_id = ${tx.orgId} AND g.status <> 'withdrawn' ORDER BY g.from_on DESC, g.id DESC LIMIT 1000`)
}
export function findProposal(tx: Tx, id: string): Promise<ProposalRow | undefined> {
  return tx.maybe(sql`
    SELECT ${proposalColumns} FROM growth_proposals g ${proposalJoins} WHERE g.org_id = ${tx.orgId} AND g.id = ${id}`)
}
/** The proposal, locked until the end of the transaction. */
export function lockProposal(tx: Tx, id: string): Promise<ProposalRow | undefined> {
  return tx.maybe(sql`
    SELECT ${proposalColumns} FROM growth_proposals g ${proposalJoins} WHERE g.org_id = ${tx.orgId} AND g.id = ${id}
    FOR UPDATE OF g`)
}
export async function insertProposals(
  tx: Tx,
  rows: {
    id: string
    personId: string
    kind: ProposalKind
    word: string
    level: string
    from: LocalDate
    proof: string
  }[],
): Promise<void> {
  await tx.run(sql`
    INSERT INTO growth_proposals (org_id, id, person_id, kind, word, level, from_on, proof, status, proposed_by, proposed_at)
    SELECT ${tx.orgId}, r.id, r."personId", r.kind, r.word, r.level, r."from", r.proof, 'proposed', ${tx.actor.personId}, ${tx.now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, "personId" uuid, kind text, word text,
      level text, "from" date, proof text)`)
}
export async function decideProposal(
  tx: Tx,
  row: { id: string; status: ProposalStatus; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE growth_proposals SET status = ${row.status}, note = ${row.note}, decided_by = ${tx.actor.personId},
      decided_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}
export interface TrainingRow {
  id: string
  candidateId: string
  heldOn: LocalDate
  what: string
}
export function listTrainings(tx: Tx): Promise<TrainingRow[]> {
  return tx.many(sql`
    SELECT id, candidate_id, held_on, what FROM candidate_trainings WHERE org_id = ${tx.orgId} ORDER BY held_on, id`)
}
export async function insertTraining(tx: Tx, row: TrainingRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO candidate_trainings (org_id, id, candidate_id, held_on, what, recorded_by)
    VALUES (${tx.orgId}, ${row.id}, ${row.candidateId}, ${row.heldOn}, ${row.what}, ${tx.actor.personId})`)
}
