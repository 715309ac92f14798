import { sql, type Tx } from '../kit/sql.ts'

/** Title of the regime in force today, for the header; null before one is adopted. */
export async function currentRegimeTitle(tx: Tx): Promise<string | null> {
  const row = await tx.maybe<{ title: string }>(sql`
    SELECT title FROM regime_adoptions WHERE org_id = ${tx.orgId} AND from_on <= ${tx.today} ORDER BY from_on DESC, adopted_at DESC LIMIT 1`)
  return row?.title ?? null
}
