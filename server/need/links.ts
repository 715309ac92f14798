import type { AttributeValue } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { findModuleOf, listModules, listWeaknesses } from './store.ts'

/**
 * What a module says of an activity that carries it, for the fact that it was held: whom it is for, and whether it
 * rests on a diagnosed need (a survey, or a weakness that was noted). Empty for an activity of no module.
 */
export async function needAttributes(
  tx: Tx,
  activity: { id: string; audience?: string[] | null },
): Promise<Record<string, AttributeValue>> {
  const link = await findModuleOf(tx, activity.id)
  const module = link && (await listModules(tx, { id: link.moduleId }))[0]
  if (!module) return {}
  const rests =
    module.surveyId !== null || (await listWeaknesses(tx)).some((one) => one.moduleId === module.id)
  return { audience: [...new Set([...(activity.audience ?? []), module.layer])], needBased: rests }
}
