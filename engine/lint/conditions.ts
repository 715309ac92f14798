import { attributesOn, meets, personRegister } from '../cohorts.ts'
import { conditionsOf, settingValues } from '../conditions.ts'
import { factKinds } from '../facts.ts'
import { personAttributes, unitAttributes, unitKinds } from '../subjects.ts'
import type { FactKind } from '../facts.ts'
import type { SubjectAttribute } from '../subjects.ts'
import type { LintContext } from '../lint.ts'
import { implies, isImpossible } from '../satisfiable.ts'
import type { KnownNames } from '../satisfiable.ts'
import { blocksOf, minimaOf } from '../schema.ts'
import type { Binds, Regime, Rule } from '../schema.ts'
import { countedIn, walk } from './parts.ts'
import type { Counted, LintReport, Path } from './parts.ts'

const register: Record<string, FactKind | undefined> = factKinds

/** What is known of the attributes of people; ages and years beyond these bounds occur in no school. */
function knownOfPeople(regime: Regime): KnownNames {
  const years = [0, 80] as const
  return {
    settings: settingValues(regime),
    values: valuesOf(personAttributes),
    wholeNumbers: { age: [14, 100], yearsInSchool: years, yearsTeaching: years },
  }
}

/** What is known of the attributes of a kind of facts. */
export function knownOfFacts(regime: Regime, fact: string): KnownNames {
  return {
    settings: settingValues(regime),
    values: valuesOf(register[fact]?.attributes ?? {}),
    wholeNumbers: { weekday: [1, 7] },
  }
}

function valuesOf(attributes: Record<string, Pick<SubjectAttribute, 'type' | 'values'>>) {
  // An attribute that a room left out is empty, so that the empty word is always possible.
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, values }]) => [
      name,
      type === 'boolean' ? [true, false] : values ? [...values, ''] : undefined,
    ]),
  )
}

/** Rules that bind nobody, exceptions that leave nobody or are never used, and records that can never count. */
export function lintConditions(regime: Regime, context: LintContext, report: LintReport): void {
  const people = knownOfPeople(regime)
  regime.cohorts.forEach((cohort, index) => {
    const path: Path = ['cohorts', index, 'when']
    const rules = rulesBinding(regime, cohort.id)
    if (rules.length === 0 && !isNamed(regime, cohort.id)) {
      report('note', null, ['cohorts', index], `人群“${cohort.label}”没有规则约束。`)
    }
    if (isImpossible([cohort.when], people)) {
      const what = `人群“${cohort.label}”的条件（${cohort.when}）互相矛盾，永远没有人符合`
      if (rules.length === 0) report('warning', null, path, `${what}。`)
      for (const rule of rules) report('warning', rule.id, path, `${what}，这条规则约束不到任何人。`)
    } else if (rules.length > 0) lintCohort(regime, cohort, rules, path, context, report)
  })
  regime.rules.forEach((rule, index) => {
    const path: Path = ['rules', index]
    lintUnits(regime, rule, path, context, report)
    lintExceptions(regime, rule, path, people, report)
    lintCounts(regime, rule, path, report)
    lintInside(regime, rule, path, report)
  })
  const shared = [
    ...countedIn(regime.hours, ['hours'], regime),
    ...regime.tables.flatMap((table, index) => countedIn(table.rows, ['tables', index, 'rows'], regime)),
  ]
  for (const count of shared) lintCount(regime, null, count, report)
}

const bindingsOf = (regime: Regime, rule: Rule): Binds[] => [
  rule.binds,
  ...minimaOf(regime, rule).map((minimum) => minimum.binds),
]

/** Whether a rule names a cohort in any of its blocks (a target among people). */
function isNamed(regime: Regime, cohort: string): boolean {
  let named = false
  walk(regime.rules, ['rules'], (object) => {
    if (Object.entries(object).some(([name, value]) => name !== 'id' && value === cohort)) named = true
  })
  return named
}

function rulesBinding(regime: Regime, cohort: string): Rule[] {
  return regime.rules.filter((rule) =>
    bindingsOf(regime, rule).some((binds) => 'person' in binds && binds.person === cohort),
  )
}

function lintCohort(
  regime: Regime,
  cohort: Regime['cohorts'][number],
  rules: Rule[],
  path: Path,
  { people, units, on }: LintContext,
  report: LintReport,
) {
  if (!people || people.length === 0 || on === undefined) return
  const condition = conditionsOf(regime).forPerson(cohort.when)
  const kinds = new Map((units ?? []).map((unit) => [unit.id, unit.kind]))
  const results = people.map((person) =>
    meets(
      condition,
      attributesOn(person, (unitId) => kinds.get(unitId), on),
      personRegister,
    ),
  )
  if (results.some((result) => result.met)) return
  const missing = [...new Set(results.flatMap((result) => result.missing))]
  const because = missing.length > 0 ? `（名册里缺少${missing.join('、')}）` : ''
  const names = rules.map((rule) => `“${rule.title}”`).join('、')
  report(
    'note',
    null,
    path,
    `按现在的名册，没有人属于“${cohort.label}”${because}，${names}暂时约束不到任何人。`,
  )
}

function lintUnits(regime: Regime, rule: Rule, path: Path, { units }: LintContext, report: LintReport) {
  const known = { settings: settingValues(regime), values: valuesOf(unitAttributes) }
  walk(rule, path, (object, at) => {
    const isUnits = Array.isArray(object.unit) || Array.isArray(object.unitKinds)
    if (isUnits && typeof object.when === 'string' && isImpossible([object.when], known))
      report('warning', rule.id, [...at, 'when'], `条件（${object.when}）互相矛盾，永远没有哪个组织符合。`)
  })
  if (!units || !('unit' in rule.binds)) return
  const { unit: kinds } = rule.binds
  if (units.some((unit) => kinds.includes(unit.kind))) return
  const names = kinds.map((kind) => unitKinds[kind] ?? kind).join('、')
  report('note', rule.id, [...path, 'binds', 'unit'], `现在没有${names}，这条规则暂时约束不到任何组织。`)
}

function lintExceptions(regime: Regime, rule: Rule, path: Path, people: KnownNames, report: LintReport) {
  const bound = bindingsOf(regime, rule).flatMap((binds) =>
    'person' in binds ? (regime.cohorts.find((cohort) => cohort.id === binds.person)?.when ?? []) : [],
  )
  const [cohort = 'true'] = bound
  const one = new Set(bound).size <= 1
  if (isImpossible([cohort], people)) return
  const ranked = rule.exceptions
    .map((exception, index) => ({ exception, at: [...path, 'exceptions', index] }))
    .sort((a, b) => a.exception.rank - b.exception.rank)
  ranked.forEach(({ exception, at }, index) => {
    if (!one) return
    if (isImpossible([cohort, exception.when], people)) {
      report('note', rule.id, at, `例外“${exception.because}”（${exception.when}）对受约束的人永远用不上。`)
      return
    }
    const earlier = ranked
      .slice(0, index)
      .find(({ exception: other }) => implies(exception.when, other.when, people))
    if (earlier)
      report(
        'note',
        rule.id,
        at,
        `例外“${exception.because}”用不上：符合它的人都先符合次序在前的“${earlier.exception.because}”。`,
      )
    if ((exception.atLeast ?? 0) === 0 && implies(cohort, exception.when, people))
      report('warning', rule.id, at, `凡受这条约束的人都符合例外“${exception.because}”，等于没有要求任何人。`)
  })
}

function lintCounts(regime: Regime, rule: Rule, path: Path, report: LintReport) {
  for (const count of countedIn(rule, path, regime))
    if (count.path[0] === 'rules') lintCount(regime, rule.id, count, report)
}

function lintCount(regime: Regime, ruleId: string | null, count: Counted, report: LintReport) {
  const known = knownOfFacts(regime, count.fact)
  const label = register[count.fact]?.label ?? count.fact
  if (count.where !== null && isImpossible([count.where], known)) {
    const message = `条件（${count.where}）互相矛盾，没有一条“${label}”的记录能计入。`
    report('warning', ruleId, [...count.path, 'where'], message)
    return
  }
  const all = [...(count.where === null ? [] : [count.where]), ...count.requires]
  if (count.requires.length > 0 && isImpossible(all, known)) {
    const message = `算数的前提和条件互相矛盾，没有一条“${label}”的记录能计入。`
    report('warning', ruleId, [...count.path, 'requires'], message)
  }
}

/** Whether every record that counts here is also meant there. */
export function liesInside(inner: Counted, outer: Counted, regime: Regime): boolean {
  if (inner.fact !== outer.fact) return false
  if (outer.where === null || inner.where === outer.where) return true
  return inner.where !== null && implies(inner.where, outer.where, knownOfFacts(regime, inner.fact))
}

function lintInside(regime: Regime, rule: Rule, path: Path, report: LintReport) {
  rule.inside.forEach((inside, index) => {
    const wide = regime.rules.find((one) => one.id === inside.rule)
    if (!wide || inside.counts || blocksOf(rule).includes('manual')) return
    const narrow = countedIn(rule, path, regime)
    const own = countedIn(wide, [], regime)
    const nothingLeft =
      own.length > 0 && own.every((count) => narrow.some((other) => liesInside(count, other, regime)))
    if (nothingLeft)
      report(
        'warning',
        wide.id,
        [...path, 'inside', index],
        `能计入“${wide.title}”的记录都只计入“${rule.title}”，“${wide.title}”永远完不成。`,
      )
  })
}
