import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { type ActivityRow, lockActivity } from './store.ts'

/** The activity, held for this transaction; refuses when there is none in this school. */
export async function getLocked(tx: Tx, id: string): Promise<ActivityRow> {
  return (await lockActivity(tx, id)) ?? refuseNotFound('活动')
}
