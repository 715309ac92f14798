import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { PlanForAccess } from './access.ts'
import type { PlanSection, PlanStepView } from './contract.ts'
import type { Horizon, Paper, PlanLevel, PlanStatus, PlanStep } from './words.ts'

export interface PlanRow extends PlanForAccess {
  id: string
  paper: Paper
  level: PlanLevel
  horizon: Horizon
  ownerId: string
  ownerName: string
  termId: string
  parentId: string | null
  title: string
  form: PlanSection[]
  sections: Record<string, string>
  draftVersion: number
  status: PlanStatus
  filingNumber: string | null
  stampedOn: LocalDate | null
  filings: number
  savedAt: Date
  submittedAt: Date | null
  opinion: string
}

function selectPlan(tx: Tx): Sql {
  return sql`
    SELECT n.id, n.paper, n.level, n.horizon, n.owner_id, coalesce(p.name, u.name, '全校') AS owner_name, n.term_id, n.parent_id,
      n.title, n.form, n.sections, n.draft_version, n.status, n.filing_number, n.stamped_on, n.filings, n.district_number,
      n.saved_at, s.at AS submitted_at, s.person_id AS submitted_by, coalesce(l.opinion, '') AS opinion,
      ARRAY(SELECT m.unit_id FROM memberships m JOIN units g ON g.org_id = m.org_id AND g.id = m.unit_id
        WHERE n.level = 'teacher' AND m.org_id = n.org_id AND m.person_id = n.owner_id AND g.kind NOT IN ('body', 'department')
          AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})) AS owner_group_ids
    FROM plans n
    LEFT JOIN people p ON n.level = 'teacher' AND p.org_id = n.org_id AND p.id = n.owner_id
    LEFT JOIN units u ON n.level = 'group' AND u.org_id = n.org_id AND u.id = n.owner_id
    LEFT JOIN LATERAL (SELECT x.at, x.person_id FROM plan_steps x
      WHERE x.org_id = n.org_id AND x.plan_id = n.id AND x.step = 'submitted' ORDER BY x.at DESC, x.id DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT x.opinion FROM plan_steps x
      WHERE x.org_id = n.org_id AND x.plan_id = n.id ORDER BY x.at DESC, x.id DESC LIMIT 1) l ON true`
}

export function findPlan(tx: Tx, id: string): Promise<PlanRow | undefined> {
  return tx.maybe<PlanRow>(sql`${selectPlan(tx)} WHERE n.org_id = ${tx.orgId} AND n.id = ${id}`)
}

/** Locks the paper until the end of the transaction. */
export function lockPlan(tx: Tx, id: string): Promise<PlanRow | undefined> {
  return tx.maybe<PlanRow>(
    sql`${selectPlan(tx)} WHERE n.org_id = ${tx.orgId} AND n.id = ${id} FOR UPDATE OF n`,
  )
}

export interface PlanFilter {
  termIds?: string[]
  level?: PlanLevel | undefined
  paper?: Paper | undefined
  statuses?: PlanStatus[]
  ownerIds?: string[]
}

export function listPlans(tx: Tx, filter: PlanFilter): Promise<PlanRow[]> {
  const conditions: Sql[] = [sql`n.org_id = ${tx.orgId}`]
  if (filter.termIds) conditions.push(sql`n.term_id = ANY (${filter.termIds}::text[])`)
  if (filter.level) conditions.push(sql`n.level = ${filter.level}`)
  if (filter.paper) conditions.push(sql`n.paper = ${filter.paper}`)
  if (filter.statuses) conditions.push(sql`n.status = ANY (${filter.statuses}::text[])`)
  if (filter.ownerIds) conditions.push(sql`n.owner_id = ANY (${filter.ownerIds}::uuid[])`)
  return tx.many<PlanRow>(sql`
    ${selectPlan(tx)} WHERE ${join(conditions, ' AND ')}
    ORDER BY s.at NULLS LAST, n.level DESC, coalesce(p.sort_key, u.name), n.paper LIMIT 2000`)
}

/** The one paper of an owner and period, if it has been begun. */
export function findPlanOf(
  tx: Tx,
  paper: { paper: Paper; level: PlanLevel; ownerId: string; termId: string },
): Promise<{ id: string } | undefined> {
  return tx.maybe<{ id: string }>(sql`
    SELECT id FROM plans WHERE org_id = ${tx.orgId} AND paper = ${paper.paper} AND level = ${paper.level}
      AND owner_id = ${paper.ownerId} AND term_id = ${paper.termId}`)
}

/** Whether it was new: somebody else may have begun the same paper at this moment. */
export async function insertPlan(
  tx: Tx,
  plan: {
    id: string
    paper: Paper
    level: PlanLevel
    horizon: Horizon
    ownerId: string
    termId: string
    parentId: string | null
    title: string
    form: PlanSection[]
    sections: Record<string, string>
  },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    INSERT INTO plans (org_id, id, paper, level, horizon, owner_id, term_id, parent_id, title, form, sections, status,
      created_by, created_at, saved_at)
    VALUES (${tx.orgId}, ${plan.id}, ${plan.paper}, ${plan.level}, ${plan.horizon}, ${plan.ownerId}, ${plan.termId}, ${plan.parentId},
      ${plan.title}, ${JSON.stringify(plan.form)}::jsonb, ${JSON.stringify(plan.sections)}::jsonb, 'draft', ${tx.actor.personId},
      ${tx.now}, ${tx.now})
    ON CONFLICT (org_id, paper, level, owner_id, term_id) DO NOTHING`)
  return inserted > 0
}

export async function updateSections(
  tx: Tx,
  id: string,
  draft: { title: string; sections: Record<string, string> },
): Promise<void> {
  await tx.run(sql`
    UPDATE plans SET title = ${draft.title}, sections = ${JSON.stringify(draft.sections)}::jsonb,
      draft_version = draft_version + 1, saved_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function updateParent(tx: Tx, id: string, parentId: string | null): Promise<void> {
  await tx.run(sql`UPDATE plans SET parent_id = ${parentId} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Writes a step and the status that follows from it; the submitted text stays with the step. */
export async function insertStep(
  tx: Tx,
  step: { id: string; planId: string; step: PlanStep; status: PlanStatus; opinion: string },
): Promise<void> {
  await tx.run(sql`
    WITH moved AS (
      UPDATE plans SET status = ${step.status} WHERE org_id = ${tx.orgId} AND id = ${step.planId} RETURNING org_id, id, sections)
    INSERT INTO plan_steps (org_id, id, plan_id, step, person_id, at, opinion, sections)
    SELECT m.org_id, ${step.id}::uuid, m.id, ${step.step}, ${tx.actor.personId}::uuid, ${tx.now}::timestamptz, ${step.opinion},
      CASE WHEN ${step.step === 'submitted'} THEN m.sections ELSE '{}'::jsonb END FROM moved m`)
}

export async function markFiled(tx: Tx, id: string, filingNumber: string): Promise<void> {
  await tx.run(sql`
    UPDATE plans SET filing_number = ${filingNumber}, stamped_on = ${tx.today}, filings = filings + 1
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function clearFiling(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    UPDATE plans SET filing_number = NULL, stamped_on = NULL, district_number = NULL, district_filed_on = NULL
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function markDistrictFiling(tx: Tx, id: string, number: string, on: LocalDate): Promise<void> {
  await tx.run(sql`
    UPDATE plans SET district_number = ${number}, district_filed_on = ${on} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** The next number of a series; two at once wait for each other. */
export async function takeFilingNumber(tx: Tx, series: string): Promise<number> {
  const row = await tx.one<{ lastNumber: number }>(sql`
    INSERT INTO filing_series (org_id, series, last_number) VALUES (${tx.orgId}, ${series}, 1)
    ON CONFLICT (org_id, series) DO UPDATE SET last_number = filing_series.last_number + 1 RETURNING last_number`)
  return row.lastNumber
}

export function listSteps(tx: Tx, planId: string): Promise<PlanStepView[]> {
  return tx.many<PlanStepView>(sql`
    SELECT s.step, p.name AS person_name, s.at, s.opinion FROM plan_steps s
    LEFT JOIN people p ON p.org_id = s.org_id AND p.id = s.person_id
    WHERE s.org_id = ${tx.orgId} AND s.plan_id = ${planId} ORDER BY s.at, s.id`)
}
