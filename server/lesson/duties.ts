import { minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import { listLiveFactsOfSource } from '../facts/store.ts'
import type { Tx } from '../kit/sql.ts'
import { listPeople } from '../org/store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { type BoardView, findView, matrixOfPeople } from '../regime/boards.ts'
import { bindsText } from '../regime/fields.ts'
import { type RuleSummary, ruleKey, unpackFindings } from '../regime/rules.ts'
import { findFindingSet, listMemberships, listTermSummaries } from '../regime/store.ts'
import { can } from './access.ts'
import type { CountedRule, Duties, Quota } from './contract.ts'
import * as rules from './rules.ts'

/** What of lessons regimes ask for: to give them, or to observe those of others. */
export type LessonFact = 'lesson.given' | 'lesson.observed'

const asks = (asked: unknown, fact: LessonFact) => JSON.stringify(asked ?? null).includes(`"${fact}"`)
const partsOf = (rule: Rule) => [rule.counts, rule.minima, rule.form, rule.flow, rule.list]

/** What the regimes in force ask for of observing or of lessons, in their own words, and of whom. */
export async function loadQuotas(tx: Tx, fact: LessonFact): Promise<Quota[]> {
  return (await regimesInForce(tx, tx.today)).flatMap(({ regime }) =>
    regime.rules.flatMap((rule): Quota[] => {
      if (!asks(partsOf(rule), fact)) return []
      return [
        {
          text: rule.text,
          clause: `《${regime.title}》${rule.clause}`,
          who: bindsText(regime, rule),
          kinds: rules.lessonKindsIn(JSON.stringify(partsOf(rule))),
        },
      ]
    }),
  )
}

/** The least amounts of a rule that count a kind of fact; every one of a rule that counts it in another way. */
function minimaAsking(regime: Regime, rule: Rule, fact: LessonFact): string[] | 'all' {
  const minima = minimaOf(regime, rule)
  if (asks([rule.form, rule.flow, rule.list], fact)) return 'all'
  return minima.filter((minimum) => asks(minimum.counts, fact)).map((minimum) => minimum.id)
}

/** Tells the duties of giving (or observing) lessons from all others. */
function dutyFilter(view: BoardView, fact: LessonFact): (row: RuleSummary) => boolean {
  const asked = new Map<string, string[] | 'all'>()
  for (const [key, { regime, rule }] of view.rules)
    if (rule.limit === undefined && rule.manual === undefined && asks(partsOf(rule), fact))
      asked.set(key, minimaAsking(regime, rule, fact))
  return (row) => {
    const minima = asked.get(`${row.regimeId}|${row.ruleId}`)
    return minima !== undefined && (minima === 'all' || minima.includes(row.minimumId))
  }
}

/** The keys of the caller's own duties of a kind, by which boards name them. */
export async function listDutyKeys(tx: Tx, fact: LessonFact): Promise<string[]> {
  const view = await findView(tx, undefined)
  if (!view || tx.actor.personId === null) return []
  const set = await findFindingSet(tx, { kind: 'person', id: tx.actor.personId }, view.inForce.year.id)
  return (set?.summary.terms[view.term.id] ?? []).filter(dutyFilter(view, fact)).map(ruleKey)
}

/** Whether somebody sees who owes what; a school whose regimes ask for nothing of the kind has nothing to show. */
export async function seesDutiesOf(tx: Tx, fact: LessonFact): Promise<string | null> {
  const asked = (await loadQuotas(tx, fact)).length > 0
  return can.seeDuties(tx.actor) ?? (asked ? null : '现行制度没有规定节数。')
}

const reached = new Set(['done', 'excused'])

/** Who owes which lessons and how far everybody is: all people for the offices, the own groups for their leaders. */
export async function loadDuties(tx: Tx, fact: LessonFact): Promise<Duties> {
  const quotas = await loadQuotas(tx, fact)
  const view = await findView(tx, undefined)
  const empty: Duties = { termId: '', termName: '', quotas, columns: [], rows: [], done: 0, behind: 0 }
  if (!view || can.seeDuties(tx.actor) !== null) return empty
  const isAsked = dutyFilter(view, fact)
  const all = tx.actor.districtId !== null || can.inspect(tx.actor, null) === null
  const led = new Set(tx.actor.leads.map((lead) => lead.unitId))
  const memberships = await listMemberships(tx, tx.today, tx.today)
  const people = (await listPeople(tx, tx.today)).filter(
    (person) => all || memberships.some((one) => one.personId === person.id && led.has(one.unitId)),
  )
  const sets = await listTermSummaries(
    tx,
    view.inForce.year.id,
    view.term.id,
    people.map((person) => person.id),
  )
  const summaries = new Map(sets.map((set) => [set.subjectId, (set.rules ?? []).filter(isAsked)]))
  const matrix = matrixOfPeople(
    view,
    people.map((person) => ({ id: person.id, name: person.name, note: '' })),
    summaries,
  )
  const rows = matrix.rows.filter((row) => Object.keys(row.cells).length > 0)
  return {
    termId: view.term.id,
    termName: view.term.name,
    quotas,
    columns: matrix.columns,
    rows,
    done: rows.filter((row) => Object.values(row.cells).every((cell) => reached.has(cell.state))).length,
    behind: rows.filter((row) => Object.values(row.cells).some((cell) => cell.state === 'overdue')).length,
  }
}

/** For which rules a lesson that was given has counted, with the way to each explanation. */
export async function listCounted(tx: Tx, lesson: { id: string; teacherId: string }): Promise<CountedRule[]> {
  const view = await findView(tx, undefined)
  if (!view) return []
  const subject = { kind: 'person' as const, id: lesson.teacherId }
  const facts = await listLiveFactsOfSource(tx, { room: 'lesson', id: lesson.id })
  const ids = new Set(facts.map((fact) => fact.id))
  if (ids.size === 0) return []
  const set = await findFindingSet(tx, subject, view.inForce.year.id)
  const counted = (set ? unpackFindings(set.findings, subject) : []).filter((finding) =>
    finding.factIds.some((id) => ids.has(id)),
  )
  return counted.flatMap((finding): CountedRule[] => {
    const known = view.rules.get(`${finding.regimeId}|${finding.ruleId}`)
    if (!known || known.rule.limit) return []
    const { regimeId, ruleId, minimumId } = finding
    const { title, clause } = known.rule
    return [
      { regimeId, ruleId, minimumId, periodId: finding.period.id, title, clause, personId: lesson.teacherId },
    ]
  })
}
