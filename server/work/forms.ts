import { findForm, numberSetting } from '../../engine/schema.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse } from '../vocabulary/rules.ts'
import type { WorkKind, WorkPart } from './contract.ts'
import { defaultMinimumCharacters } from './rules.ts'

/**
 * The kinds of works, as the school's list has them: what a regime in force names under its own word first, those that
 * every school knows, the school's own; with the parts that the regime's forms ask for and its least length (setting
 * `minimumCharacters`). Retired kinds come too (`inUse`), for old works.
 */
export async function listKinds(tx: Tx): Promise<WorkKind[]> {
  const regimes = (await regimesInForce(tx, tx.today)).map((one) => one.regime)
  const terms = await vocabularyOf(tx, 'workKinds')
  const minimumCharacters = Math.max(
    0,
    ...(regimes.length > 0
      ? regimes.map((regime) => numberSetting(regime, 'minimumCharacters', defaultMinimumCharacters))
      : [defaultMinimumCharacters]),
  )
  return terms.map(({ id: kind, label, ...term }) => {
    const parts = new Map<string, WorkPart>()
    for (const regime of regimes) {
      const form = findForm(regime, { for: 'work', workKind: kind })
      for (const section of form?.sections ?? []) {
        if (parts.has(section.id)) continue
        parts.set(section.id, {
          key: section.id,
          label: section.label,
          hint: section.hint ?? '',
          required: section.required,
          clause: `《${regime.title}》${section.clause ?? form?.clause ?? ''}`,
        })
      }
    }
    return { kind, label, parts: [...parts.values()], minimumCharacters, inUse: isInUse(term, tx.today) }
  })
}
