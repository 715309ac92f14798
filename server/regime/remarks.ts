import { valueLabels } from '../../engine/describe.ts'
import { lintRegime, type LintContext, type LintMessage } from '../../engine/lint.ts'
import type { Regime } from '../../engine/schema.ts'
import type { CalendarInput } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { listSlots } from '../slot/store.ts'
import { loadPeople, loadUnits } from './store.ts'

/** What is known of the school beside its regime: the roster, and how often a group has a fixed time in a week. */
export async function lintContextOf(tx: Tx): Promise<LintContext> {
  const [people, units, slots] = [await loadPeople(tx, null), await loadUnits(tx), await listSlots(tx)]
  const kindOf = new Map(units.map((unit) => [unit.id, unit.kind]))
  const ofHolder = new Map<string, { kind: string; perWeek: number }>()
  for (const slot of slots) {
    if (slot.status !== 'filed' || slot.from > tx.today || (slot.to !== null && slot.to < tx.today)) continue
    const key = slot.unitId ?? ''
    const kind = slot.unitId === null ? 'organisation' : (kindOf.get(slot.unitId) ?? '')
    const before = ofHolder.get(key)?.perWeek ?? 0
    ofHolder.set(key, { kind, perWeek: before + (slot.parity === 'every' ? 1 : 0.5) })
  }
  // Of several groups of a kind the one with most: what even that one cannot do, nobody can.
  const slotsPerWeek: Record<string, number> = {}
  for (const { kind, perWeek } of ofHolder.values())
    slotsPerWeek[kind] = Math.max(slotsPerWeek[kind] ?? 0, perWeek)
  return { people, units, on: tx.today, slotsPerWeek }
}

/** What a careful reader says of the text that binds, for people who use the form. */
export function remarksOf(
  regime: Regime | null,
  calendar: CalendarInput,
  text: string,
  context: LintContext,
): LintMessage[] {
  if (!regime) return []
  return lintRegime(regime, calendar, { ...context, text }).map((one) => ({
    ...one,
    message: inWords(one.message),
  }))
}

/** A remark without the names of the file's fields. */
export function inWords(message: string): string {
  return message
    .replace(/（[^（）]*[A-Za-z]{3,}[^（）一-鿿]*）/g, '')
    .replace(/（[A-Za-z]+ 的 [A-Za-z-]+）/g, '')
    .replace(/\s?\b([A-Za-z]{3,})\b\s?/g, (whole, name: string) =>
      valueLabels[name] === undefined ? whole : `“${valueLabels[name]}”`,
    )
}
