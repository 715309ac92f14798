import type { FactKindName } from '../../engine/facts.ts'
import type { Regime } from '../../engine/schema.ts'
import type { AttributeValue, LocalDate, Subject } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { listLiveFactsOfSource } from '../facts/store.ts'
import { newId } from '../kit/ids.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation } from '../org/store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { countingDays, type CountedWords, wordsCounted } from './rules.ts'

const knownWords = new WeakMap<Regime, Map<string, CountedWords[]>>()

const byLevel = new WeakMap<Regime, Map<string, Regime>>()

/** A regime with the rules that concern this kind of organisation: what binds the district office is not the schools'. */
function concerning(regime: Regime, level: 'school' | 'district'): Regime {
  const known = byLevel.get(regime) ?? new Map<string, Regime>()
  byLevel.set(regime, known)
  const isOthers = (rule: Regime['rules'][number]) =>
    rule.binds !== undefined && 'organisation' in rule.binds && rule.binds.level !== level
  const own = known.get(level) ?? { ...regime, rules: regime.rules.filter((rule) => !isOthers(rule)) }
  known.set(level, own)
  return own
}

/** The regimes in force today, with the rules that concern this organisation. */
export async function regimesNow(tx: Tx): Promise<Regime[]> {
  const level = (await findOrganisation(tx))?.kind ?? 'school'
  return (await regimesInForce(tx, tx.today)).map((one) => concerning(one.regime, level))
}

/** What the regimes count of a kind of fact; found once for each regime. */
export function countedOf(regimes: readonly Regime[], fact: FactKindName): CountedWords[] {
  return regimes.flatMap((regime) => {
    const known = knownWords.get(regime) ?? new Map<string, CountedWords[]>()
    knownWords.set(regime, known)
    const words = known.get(fact) ?? wordsCounted([regime], fact)
    known.set(fact, words)
    return words
  })
}

/**
 * Makes the facts of something that holds over a time agree with the days on which it counts: missing ones are left,
 * those that no longer stand are reversed. Safe to repeat.
 */
export async function settleFacts(
  tx: Tx,
  record: {
    id: string
    kind: FactKindName
    subject: Subject
    attributes: Record<string, AttributeValue>
    from: LocalDate
    to: LocalDate | null
    isWithdrawn: boolean
    per: 'schoolYear' | 'term'
    /** The room whose record it is, where not this one's. */
    room?: string
  },
): Promise<void> {
  const source = { room: record.room ?? 'duty', id: record.id }
  const wanted = record.isWithdrawn ? [] : countingDays(record, await loadCalendar(tx), record.per, tx.today)
  const standing = await listLiveFactsOfSource(tx, source)
  const days = new Set(standing.map((fact) => fact.countsOn))
  const isSurplus = standing.some((fact) => !wanted.includes(fact.countsOn))
  if (isSurplus) {
    await reverseFacts(tx, source)
    days.clear()
  }
  await recordFacts(
    tx,
    wanted
      .filter((day) => !days.has(day))
      .map((on) => ({
        kind: record.kind,
        subject: record.subject,
        on,
        quantity: 1,
        attributes: record.attributes,
        source,
        // What was reversed may count again later, so the key is of this act alone; the days above keep it single.
        key: `${source.room}:${record.id}:${on}:${newId()}`,
      })),
  )
}
