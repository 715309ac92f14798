import { empty, sql, type Sql, type Tx } from '../kit/sql.ts'

/** One person's record at one activity (leave, make-up, appeal): by its id, or by both. */
export type OfPerson =
  | { id: string; seen?: boolean }
  | { activityId: string; personId: string; seen?: boolean }

/** The rest of a statement after `WHERE`: the record is held until the transaction ends unless it is only `seen`. */
export function thisRecord(tx: Tx, where: OfPerson): Sql {
  const condition =
    'id' in where
      ? sql`id = ${where.id}`
      : sql`activity_id = ${where.activityId} AND person_id = ${where.personId}`
  return sql`org_id = ${tx.orgId} AND ${condition} ${where.seen ? empty : sql`FOR UPDATE`}`
}
