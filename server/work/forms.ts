import { findForm, numberSetting } from '../../engine/schema.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/actions.ts'
import type { WorkKind, WorkPart } from './contract.ts'
import { workKindLabels } from './words.ts'
import { defaultMinimumCharacters } from './rules.ts'

/**
 * The kinds that may be written today: those that every school knows and those that a regime in force names, with
 * the parts that its forms ask for and its least length (setting `minimumCharacters`).
 */
export async function listKinds(tx: Tx): Promise<WorkKind[]> {
  const regimes = (await regimesInForce(tx, tx.today)).map((one) => one.regime)
  const labels = new Map<string, string>()
  // What a regime names comes first and under its own word; the school's own regime before the district's.
  for (const regime of regimes)
    for (const term of regime.vocabularies.workKinds)
      if (!labels.has(term.id)) labels.set(term.id, term.label)
  for (const [kind, label] of Object.entries(workKindLabels)) if (!labels.has(kind)) labels.set(kind, label)
  const minimumCharacters = Math.max(
    0,
    ...(regimes.length > 0
      ? regimes.map((regime) => numberSetting(regime, 'minimumCharacters', defaultMinimumCharacters))
      : [defaultMinimumCharacters]),
  )
  return [...labels].map(([kind, label]) => {
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
    return { kind, label, parts: [...parts.values()], minimumCharacters }
  })
}
