import { findForm } from '../../engine/schema.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import type { PlanSection } from './contract.ts'
import { type Horizon, horizonLabels, type Paper, type PlanLevel } from './words.ts'
import { joinSections, usualSections } from './rules.ts'

/** The sections of a paper that is begun today, as the regimes in force ask for them. */
export async function sectionsFor(tx: Tx, paper: Paper, level: PlanLevel): Promise<PlanSection[]> {
  const stated = new Map<string, PlanSection>()
  for (const { regime } of await regimesInForce(tx, tx.today)) {
    const form = findForm(regime, { for: paper, level })
    for (const section of form?.sections ?? []) {
      if (stated.has(section.id)) continue
      stated.set(section.id, {
        key: section.id,
        label: section.label,
        hint: section.hint ?? '',
        required: section.required,
        clause: `《${regime.title}》${section.clause ?? form?.clause ?? ''}`,
      })
    }
  }
  return joinSections([...stated.values()], usualSections[paper][level])
}

/** For how long papers are written where the regime in force sets it (`planPeriod`); a term otherwise. */
export async function usualHorizon(tx: Tx): Promise<Horizon> {
  for (const { regime } of await regimesInForce(tx, tx.today)) {
    const value = regime.settings.planPeriod?.value
    if (typeof value === 'string' && value in horizonLabels) return value as Horizon
  }
  return 'term'
}
