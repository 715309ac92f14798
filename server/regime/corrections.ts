import { compareFindings } from '../../engine/compare.ts'
import { addDays } from '../../engine/days.ts'
import { evaluate } from '../../engine/evaluate.ts'
import { factKinds } from '../../engine/facts.ts'
import type { Fact, LocalDate, Subject } from '../../engine/types.ts'
import { demand } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { findYearInForce } from './adoption.ts'
import { listNames } from './drafts-store.ts'
import { loadInput } from './input.ts'
import type { CorrectionRow, CorrectionsPage } from './results-contract.ts'
import { reachOf } from './rules.ts'
import * as store from './results-store.ts'
import { side } from './trial.ts'

const usualDays = 14
const mostRows = 300
const mostDays = 92

/**
 * What became known late and changed the findings of periods that had ended: for each day on which such facts were
 * recorded, what was found without them and with them, and which facts did it. Worked out from the facts alone, so it
 * is right however often everything is computed anew.
 */
export async function listCorrections(
  tx: Tx,
  asked: { from?: LocalDate | undefined },
): Promise<CorrectionsPage> {
  demand(can.seeSchool(tx.actor))
  const to = tx.today
  const earliest = addDays(to, -mostDays)
  const wanted = asked.from ?? addDays(to, -usualDays)
  const from = wanted < earliest ? earliest : wanted
  const late = await store.listLateFacts(tx, from, to)
  const empty: CorrectionsPage = { from, to, rows: [], facts: late.length }
  const inForce = await findYearInForce(tx)
  if (!inForce || late.length === 0) return empty
  const { calendar, year } = inForce
  const regimes = inForce.regimes.map((one) => one.regime)
  const subjects = [...new Map(late.map((fact) => [fact.subjectId, subjectOf(fact)])).values()]
  const touchesSchool = regimes.some((regime) => reachOf(regime).everyoneBinds.includes('organisation'))
  if (touchesSchool && !subjects.some((one) => one.id === tx.orgId))
    subjects.push({ kind: 'organisation', id: tx.orgId })
  const input = await loadInput(tx, { subjects, regimes, calendar, year })
  const names = await listNames(
    tx,
    late.map((fact) => fact.recordedBy),
  )
  const subjectNames = new Map<string, string>([
    [tx.orgId, '学校'],
    ...input.people.map((one): [string, string] => [one.id, one.name]),
    ...input.units.map((one): [string, string] => [one.id, one.name]),
  ])
  const rows: CorrectionRow[] = []
  for (const [day, facts] of Map.groupBy(late, (fact) => fact.recordedOn)) {
    const own = [
      ...new Map(facts.map((fact) => [fact.subjectId, subjectOf(fact)])).values(),
      ...(touchesSchool ? [{ kind: 'organisation' as const, id: tx.orgId }] : []),
    ]
    const lateIds = new Set(facts.map((fact) => fact.id))
    const options = {
      on: day,
      schoolYearId: year.id,
      subjects: [...new Map(own.map((one) => [one.id, one])).values()],
    }
    const before: Fact[] = input.facts.filter((fact) => !lateIds.has(fact.id))
    for (const regime of regimes) {
      const old = evaluate(regime, { ...input, facts: before }, options)
      const renewed = evaluate(regime, input, options)
      for (const difference of compareFindings(old, renewed, { regimes: { old: regime, new: regime } })) {
        if (difference.period.to >= day) continue
        const oldFacts = new Set(difference.old?.factIds)
        const newFacts = new Set(difference.new?.factIds)
        const causes = facts.filter(
          (fact) =>
            (newFacts.has(fact.id) && !oldFacts.has(fact.id)) ||
            (fact.reverses !== null && oldFacts.has(fact.reverses) && !newFacts.has(fact.reverses)),
        )
        const rule = regime.rules.find((one) => one.id === difference.ruleId)
        rows.push({
          on: day,
          subject: { ...difference.subject, name: subjectNames.get(difference.subject.id) ?? '' },
          ruleId: difference.ruleId,
          regimeId: regime.id,
          minimumId: difference.minimumId,
          clause: rule?.clause ?? '',
          title: rule?.title ?? '',
          period: { id: difference.period.id, label: difference.period.label },
          direction: difference.direction,
          old: side(difference.old)?.sentence ?? '不作要求',
          new: side(difference.new)?.sentence ?? '不作要求',
          causes: causes.map((fact) => ({
            label: (factKinds as Record<string, { label: string }>)[fact.kind]?.label ?? '记录',
            on: fact.countsOn,
            reversed: fact.reverses !== null,
            byName: fact.recordedBy ? (names.get(fact.recordedBy) ?? null) : null,
          })),
        })
      }
    }
  }
  rows.sort((a, b) =>
    a.on < b.on ? 1 : a.on > b.on ? -1 : a.subject.name.localeCompare(b.subject.name, 'zh'),
  )
  return { ...empty, rows: rows.slice(0, mostRows) }
}

const subjectOf = (fact: store.LateFact): Subject => ({ kind: fact.subjectKind, id: fact.subjectId })
