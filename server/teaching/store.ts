import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { FlowStep, LinkRoom, RunStatus } from './words.ts'

/** Matters that go through the steps of a flow, and what was left at each step. */

export interface RunStep extends FlowStep {
  dueOn: LocalDate | null
}
export interface RunRow {
  id: string
  caseId: string
  batchId: string
  flow: string
  flowLabel: string
  clause: string
  title: string
  personId: string | null
  unitId: string | null
  ordered: boolean
  steps: RunStep[]
  status: RunStatus
  reason: string
  begunBy: string | null
  begunOn: LocalDate
  spread: boolean | null
  spreadReason: string
  model: string
  /** The word of the list `contentTags` by which lessons say that they follow the model. */
  modelTag: string
  decidedBy: string | null
  decidedOn: LocalDate | null
  revision: number
}
export interface RunView extends RunRow {
  personName: string | null
  unitName: string | null
  decidedByName: string | null
  /** First day after the person has left for good. */
  leftOn: LocalDate | null
  /** The reader has handed in notes of one of its lessons. */
  observes: boolean
}

const columns = sql`r.id, r.case_id, r.batch_id, r.flow, r.flow_label, r.clause, r.title, r.person_id, r.unit_id, r.ordered,
  r.steps, r.status, r.reason, r.begun_by, r.begun_on, r.spread, r.spread_reason, r.model, r.model_tag, r.decided_by, r.decided_on, r.revision`

export async function insertRun(tx: Tx, run: RunRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO flow_runs (org_id, id, case_id, batch_id, flow, flow_label, clause, title, person_id, unit_id, ordered, steps,
      status, begun_by, begun_on)
    VALUES (${tx.orgId}, ${run.id}, ${run.caseId}, ${run.batchId}, ${run.flow}, ${run.flowLabel}, ${run.clause}, ${run.title},
      ${run.personId}, ${run.unitId}, ${run.ordered}, ${JSON.stringify(run.steps)}::jsonb, 'running', ${run.begunBy}, ${run.begunOn})`)
}

/** A matter held until the transaction ends. */
export function lockRun(tx: Tx, id: string): Promise<RunRow | undefined> {
  return tx.maybe<RunRow>(
    sql`SELECT ${columns} FROM flow_runs r WHERE r.org_id = ${tx.orgId} AND r.id = ${id} FOR UPDATE`,
  )
}
export function findRun(tx: Tx, id: string): Promise<RunRow | undefined> {
  return tx.maybe<RunRow>(
    sql`SELECT ${columns} FROM flow_runs r WHERE r.org_id = ${tx.orgId} AND r.id = ${id}`,
  )
}

/** A running matter of the same flow and title, so that starting twice begins one. */
export function findSameRun(
  tx: Tx,
  same: { flow: string; title: string; personId: string | null; unitId: string | null },
): Promise<{ id: string } | undefined> {
  return tx.maybe(sql`
    SELECT id FROM flow_runs WHERE org_id = ${tx.orgId} AND flow = ${same.flow} AND title = ${same.title} AND status = 'running'
      AND person_id IS NOT DISTINCT FROM ${same.personId} AND unit_id IS NOT DISTINCT FROM ${same.unitId} LIMIT 1`)
}

export interface RunFilter {
  id?: string
  flow?: string | undefined
  /** Only those of this person, or of the groups given. */
  personId?: string | null
  unitIds?: readonly string[]
  status?: RunStatus | undefined
  /** Only those on which 教导处 has decided. */
  decided?: boolean
  caseId?: string
}

/** Whether somebody has handed in notes of a lesson of the matter. */
const observedBy = (
  personId: string | null,
) => sql`EXISTS (SELECT 1 FROM lessons l JOIN observations o ON o.org_id = l.org_id
  AND o.lesson_id = l.id WHERE l.org_id = r.org_id AND l.case_id = r.case_id AND o.observer_id = ${personId} AND o.status = 'submitted')`

/** The same for a matter that is locked. */
export async function isObservedBy(tx: Tx, run: RunRow, personId: string): Promise<boolean> {
  const found = await tx.maybe(sql`
    SELECT 1 FROM flow_runs r WHERE r.org_id = ${tx.orgId} AND r.id = ${run.id} AND ${observedBy(personId)}`)
  return found !== undefined
}

/** The comments that observers handed in of the lessons of a case, each observer's first. */
export function listCommentsOfCase(
  tx: Tx,
  caseId: string,
): Promise<{ id: string; observerId: string; heldOn: LocalDate; topic: string }[]> {
  return tx.many(sql`
    SELECT DISTINCT ON (o.observer_id) o.id, o.observer_id, o.held_on, o.topic
    FROM observations o JOIN lessons l ON l.org_id = o.org_id AND l.id = o.lesson_id
    WHERE o.org_id = ${tx.orgId} AND l.case_id = ${caseId} AND o.status = 'submitted' AND o.comment <> ''
    ORDER BY o.observer_id, o.held_on, o.submitted_at`)
}

/** How many lessons that were given bear a word, and of how many teachers. */
export function countTagged(
  tx: Tx,
  tags: readonly string[],
): Promise<{ tag: string; lessons: number; teachers: number }[]> {
  return tx.many(sql`
    SELECT t.tag, count(*) AS lessons, count(DISTINCT l.teacher_id) AS teachers
    FROM lessons l CROSS JOIN LATERAL unnest(l.content_tags) AS t (tag)
    WHERE l.org_id = ${tx.orgId} AND l.status = 'given' AND t.tag = ANY (${[...tags]}::text[]) GROUP BY t.tag`)
}

/** Matters with names, the newest first, people in their order. */
export function listRuns(tx: Tx, filter: RunFilter): Promise<RunView[]> {
  const conditions: Sql[] = [sql`r.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`r.id = ${filter.id}`)
  if (filter.flow) conditions.push(sql`r.flow = ${filter.flow}`)
  if (filter.status) conditions.push(sql`r.status = ${filter.status}`)
  if (filter.decided) conditions.push(sql`r.spread IS NOT NULL`)
  if (filter.caseId) conditions.push(sql`r.case_id = ${filter.caseId}`)
  const own = sql`r.person_id = ${filter.personId ?? null} OR EXISTS (SELECT 1 FROM flow_entries e WHERE e.org_id = r.org_id
    AND e.run_id = r.id AND e.person_id = ${filter.personId ?? null} AND e.withdrawn_at IS NULL)
    OR ${observedBy(filter.personId ?? null)}`
  const ofUnits = sql`r.unit_id = ANY (${[...(filter.unitIds ?? [])]}::uuid[])`
  if (filter.personId && filter.unitIds) conditions.push(sql`(${own} OR ${ofUnits})`)
  else if (filter.personId) conditions.push(sql`(${own})`)
  else if (filter.unitIds) conditions.push(ofUnits)
  return tx.many<RunView>(sql`
    SELECT ${columns}, p.name AS person_name, u.name AS unit_name, d.name AS decided_by_name,
      (SELECT CASE WHEN bool_or(s.to_on IS NULL OR s.to_on >= ${tx.today}) THEN NULL ELSE max(s.to_on) + 1 END
        FROM service_periods s WHERE s.org_id = r.org_id AND s.person_id = r.person_id) AS left_on,
      ${observedBy(tx.actor.personId)} AS observes
    FROM flow_runs r
    LEFT JOIN people p ON p.org_id = r.org_id AND p.id = r.person_id
    LEFT JOIN people d ON d.org_id = r.org_id AND d.id = r.decided_by
    LEFT JOIN units u ON u.org_id = r.org_id AND u.id = r.unit_id
    WHERE ${join(conditions, ' AND ')} ORDER BY r.begun_on DESC, r.batch_id, p.sort_key, r.id LIMIT 500`)
}

export async function updateRun(tx: Tx, run: RunRow): Promise<void> {
  await tx.run(sql`
    UPDATE flow_runs SET case_id = ${run.caseId}, status = ${run.status}, reason = ${run.reason}, spread = ${run.spread},
      spread_reason = ${run.spreadReason}, model = ${run.model}, model_tag = ${run.modelTag}, decided_by = ${run.decidedBy}, decided_on = ${run.decidedOn},
      revision = ${run.revision}
    WHERE org_id = ${tx.orgId} AND id = ${run.id}`)
}

export interface Link {
  room: LinkRoom
  id: string
  label: string
}
export interface EntryRow {
  id: string
  runId: string
  step: string
  personId: string
  personName: string
  body: string
  links: Link[]
  doneOn: LocalDate | null
  doneAt: Date | null
  savedAt: Date
}
const entryColumns = sql`e.id, e.run_id, e.step, e.person_id, p.name AS person_name, e.body, e.links, e.done_on, e.done_at, e.saved_at`

/** What stands at the steps of these matters; drafts too, without what was withdrawn. */
export function listEntries(tx: Tx, runIds: readonly string[]): Promise<EntryRow[]> {
  return tx.many<EntryRow>(sql`
    SELECT ${entryColumns} FROM flow_entries e JOIN people p ON p.org_id = e.org_id AND p.id = e.person_id
    WHERE e.org_id = ${tx.orgId} AND e.run_id = ANY (${[...runIds]}::uuid[]) AND e.withdrawn_at IS NULL
    ORDER BY e.done_on, e.done_at, e.id`)
}
export function findEntry(tx: Tx, id: string): Promise<EntryRow | undefined> {
  return tx.maybe<EntryRow>(sql`
    SELECT ${entryColumns} FROM flow_entries e JOIN people p ON p.org_id = e.org_id AND p.id = e.person_id
    WHERE e.org_id = ${tx.orgId} AND e.id = ${id} AND e.withdrawn_at IS NULL`)
}
export async function insertEntry(
  tx: Tx,
  entry: { id: string; runId: string; step: string; personId: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO flow_entries (org_id, id, run_id, step, person_id, saved_at)
    VALUES (${tx.orgId}, ${entry.id}, ${entry.runId}, ${entry.step}, ${entry.personId}, ${tx.now})`)
}
export async function updateEntry(
  tx: Tx,
  entry: Pick<EntryRow, 'id' | 'body' | 'links' | 'doneOn'>,
): Promise<void> {
  await tx.run(sql`
    UPDATE flow_entries SET body = ${entry.body}, links = ${JSON.stringify(entry.links)}::jsonb, done_on = ${entry.doneOn},
      done_at = CASE WHEN ${entry.doneOn}::date IS NULL THEN NULL ELSE coalesce(done_at, ${tx.now}::timestamptz) END,
      saved_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${entry.id}`)
}
export async function withdrawEntry(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.run(sql`
    UPDATE flow_entries SET withdrawn_at = ${tx.now}, withdrawn_reason = ${reason} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
