import type { AttributeValue } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { findCaseOf, hasComments } from './case-store.ts'

/** The word under which written comments of observers stand among the papers of an activity. */
const commentsPaper = 'lessonComments'

/**
 * What a case says of the activity at which it was discussed, for the fact that it was held: the case, and that there
 * are written comments of its observers. Empty for an activity of no case.
 */
export async function caseAttributes(
  tx: Tx,
  activityId: string,
  papers: readonly string[],
): Promise<Record<string, AttributeValue>> {
  const link = await findCaseOf(tx, activityId)
  if (!link) return {}
  const commented = await hasComments(tx, link.caseId)
  return { caseId: link.caseId, ...(commented ? { papers: [...papers, commentsPaper] } : {}) }
}
