import { isUuid, type Tx } from '../kit/sql.ts'

/**
 * Does a part of a transaction in the scope of another organisation, so that both sides are kept or neither. The
 * caller has decided that the actor may: a district founds its schools, a school hands a person over to another.
 */
export async function inScopeOf<Result>(
  tx: Tx,
  orgId: string,
  work: (other: Tx) => Promise<Result>,
): Promise<Result> {
  if (!isUuid(orgId)) throw new Error(`not an organisation id: ${orgId}`)
  const setScope = (id: string) => tx.connection.query(`SET LOCAL app.org_id = '${id}'`)
  const notes = new Map<string, unknown>(tx.notes.get('bulk') ? [['bulk', true]] : [])
  await setScope(orgId)
  try {
    return await work({ ...tx, orgId, notes })
  } finally {
    // After a failed statement the transaction is over anyway, and nothing can be set any more.
    await setScope(tx.orgId).catch(() => undefined)
  }
}
