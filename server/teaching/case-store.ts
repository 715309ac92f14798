import { sql, type Tx } from '../kit/sql.ts'

/** Activities at which a case was discussed. */

export function findCaseOf(tx: Tx, activityId: string): Promise<{ caseId: string } | undefined> {
  return tx.maybe(
    sql`SELECT case_id FROM case_activities WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`,
  )
}

/** Cases of some activities, to tell which are free. */
export function listCaseLinks(
  tx: Tx,
  activityIds: readonly string[],
): Promise<{ activityId: string; caseId: string }[]> {
  return tx.many(sql`
    SELECT activity_id, case_id FROM case_activities
    WHERE org_id = ${tx.orgId} AND activity_id = ANY (${[...activityIds]}::uuid[])`)
}

export async function listActivityIdsOfCase(tx: Tx, caseId: string): Promise<string[]> {
  const rows = await tx.many<{ activityId: string }>(sql`
    SELECT activity_id FROM case_activities WHERE org_id = ${tx.orgId} AND case_id = ${caseId} ORDER BY linked_at`)
  return rows.map((row) => row.activityId)
}

export async function insertCaseLink(tx: Tx, link: { activityId: string; caseId: string }): Promise<void> {
  await tx.run(sql`
    INSERT INTO case_activities (org_id, activity_id, case_id, linked_by, linked_at)
    VALUES (${tx.orgId}, ${link.activityId}, ${link.caseId}, ${tx.actor.personId}, ${tx.now})`)
}

export async function deleteCaseLink(tx: Tx, activityId: string): Promise<void> {
  await tx.run(sql`DELETE FROM case_activities WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
}

/** A matter has taken over the word of its lessons: what was discussed of it goes with it. */
export async function updateCaseLinks(tx: Tx, from: string, to: string): Promise<void> {
  await tx.run(
    sql`UPDATE case_activities SET case_id = ${to} WHERE org_id = ${tx.orgId} AND case_id = ${from}`,
  )
}

/** Whether observers have written comments on a lesson of a case. */
export async function hasComments(tx: Tx, caseId: string): Promise<boolean> {
  const found = await tx.maybe(sql`
    SELECT 1 FROM observations o JOIN lessons l ON l.org_id = o.org_id AND l.id = o.lesson_id
    WHERE o.org_id = ${tx.orgId} AND l.case_id = ${caseId} AND o.status = 'submitted' AND o.comment <> '' LIMIT 1`)
  return found !== undefined
}
