import { ConditionError, conditionsOf } from './conditions.ts'
import type { Conditions } from './conditions.ts'
import { factKinds, unitKinds } from './facts.ts'
import type { FactKind } from './facts.ts'
import type { Report } from './load.ts'
import { blocksOf, minimaOf } from './schema.ts'
import type { Binds, Counts, Regime, Rule, ScoreBlock } from './schema.ts'

type Path = (string | number)[]
const register: Record<string, FactKind> = factKinds

/** Everything that a regime must get right beyond its form; reports each mistake with its place. */
export function checkRegime(regime: Regime, report: Report) {
  const conditions = conditionsOf(regime)
  const checker = { regime, conditions, report }
  checkNames(regime, report)
  regime.cohorts.forEach((cohort, index) =>
    attempt(report, ['cohorts', index, 'when'], () => conditions.forPerson(cohort.when)),
  )
  regime.hours.forEach((source, index) =>
    checkCounts(checker, source.counts, ['hours', index, 'counts'], null, true),
  )
  regime.rules.forEach((rule, index) => checkRule(checker, rule, ['rules', index]))
  checkForces(regime, report)
}

interface Checker {
  regime: Regime
  conditions: Conditions
  report: Report
}

function attempt(report: Report, path: Path, compile: () => unknown) {
  try {
    compile()
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    report(path, error.message)
  }
}

function checkNames(regime: Regime, report: Report) {
  const twice = (list: { id: string }[], path: string) => {
    const seen = new Set<string>()
    list.forEach((one, index) => {
      if (seen.has(one.id)) report([path, index, 'id'], `编号 ${one.id} 出现了两次`)
      seen.add(one.id)
    })
  }
  twice(regime.rules, 'rules')
  twice(regime.cohorts, 'cohorts')
  twice(regime.forms, 'forms')
  regime.rules.forEach((rule, index) => {
    if (!rule.id.startsWith(`${regime.id}-`)) {
      report(['rules', index, 'id'], `规则编号应以 ${regime.id}- 开头，现在是 ${rule.id}`)
    }
  })
}

function checkRule(checker: Checker, rule: Rule, path: Path) {
  const { regime, report } = checker
  const blocks = blocksOf(rule)
  if (blocks.length !== 1) {
    const found = blocks.length === 0 ? '一种都没有' : `同时有 ${blocks.join('、')}`
    report(path, `${rule.id} 要写明一种（只能一种）计算方式，现在${found}；不计算的写 manual 和理由`)
    return
  }
  checkBinds(checker, rule.binds, [...path, 'binds'])
  checkMinima(checker, rule, path)
  if (rule.form) {
    checkCounts(checker, rule.form.counts, [...path, 'form', 'counts'], rule.binds)
    const { form } = rule.form
    if (form !== undefined && !regime.forms.some((one) => one.id === form)) {
      report([...path, 'form', 'form'], `forms 里没有 ${form}`)
    }
    if (
      form === undefined &&
      rule.form.counts !== 'hours' &&
      rule.form.counts.every((one) => one.requires.length === 0)
    ) {
      report([...path, 'form'], `${rule.id} 没有说明什么算完整：请写 form，或在 counts 里写 requires`)
    }
  }
  if (rule.list) {
    checkCounts(checker, rule.list.counts, [...path, 'list', 'counts'], rule.binds)
    const terms = (regime.vocabularies as Record<string, unknown[]>)[rule.list.vocabulary]
    if (!terms || terms.length === 0)
      report([...path, 'list', 'vocabulary'], `没有词表 ${rule.list.vocabulary}，或者它是空的`)
  }
  if (rule.limit) {
    checkCounts(checker, rule.limit.counts, [...path, 'limit', 'counts'], rule.binds)
    if (rule.limit.offsets)
      checkCounts(checker, rule.limit.offsets, [...path, 'limit', 'offsets'], rule.binds)
  }
  if (rule.rotation) checkCounts(checker, rule.rotation.counts, [...path, 'rotation', 'counts'], null)
  if (rule.score) checkScore(checker, rule, rule.score, [...path, 'score'])
  if (rule.award) {
    const basis = regime.rules.find((one) => one.id === rule.award?.rule)
    if (!basis?.score) report([...path, 'award', 'rule'], `${rule.award.rule} 不是评分规则，不能作为依据`)
  }
  const { body } = rule
  if (body) {
    checkUnitKinds(report, body.unitKinds, [...path, 'body', 'unitKinds'])
    const { when } = body
    if (when) attempt(report, [...path, 'body', 'when'], () => checker.conditions.forUnit(when))
  }
  rule.inside.forEach((inside, index) => {
    if (inside.rule === rule.id || !regime.rules.some((one) => one.id === inside.rule)) {
      report([...path, 'inside', index, 'rule'], `没有可以包含它的规则 ${inside.rule}`)
    }
  })
  const ranks = new Map<number, string>()
  rule.exceptions.forEach((exception, index) => {
    attempt(report, [...path, 'exceptions', index, 'when'], () =>
      checker.conditions.forPerson(exception.when),
    )
    const other = ranks.get(exception.rank)
    if (other) {
      report(
        [...path, 'exceptions', index, 'rank'],
        `例外 ${other} 和 ${exception.id} 的次序（rank）相同，无法决定听谁的`,
      )
    }
    ranks.set(exception.rank, exception.id)
  })
}

function checkMinima(checker: Checker, rule: Rule, path: Path) {
  const { regime, report } = checker
  const seen = new Set<string>()
  minimaOf(regime, rule).forEach((minimum, index) => {
    const at: Path = rule.minima ? [...path, 'minima', index] : path
    if (seen.has(minimum.id)) report([...at, 'id'], `${rule.id} 里的编号 ${minimum.id} 出现了两次`)
    seen.add(minimum.id)
    checkBinds(checker, minimum.binds, [...at, 'binds'])
    checkCounts(checker, minimum.counts, [...at, 'counts'], minimum.binds)
    const written = rule.minima?.[index]
    if (minimum.atLeast <= 0) report(at, `${rule.id} 没有写明至少多少（atLeast）`)
    if (minimum.unit === '') report(at, `${rule.id} 没有写明单位（unit）`)
    if ((written?.per ?? rule.per) === undefined) report(at, `${rule.id} 没有写明周期（per）`)
    const counted =
      minimum.counts === 'hours' ? regime.hours.flatMap((source) => source.counts) : minimum.counts
    const notTimed = counted.find(
      (count) => register[count.fact] && register[count.fact]?.quantity.unit !== '分钟',
    )
    if (minimum.measure === 'hours' && notTimed) {
      report([...at, 'counts'], `${notTimed.fact} 没有时长，不能折算成${minimum.unit}`)
    }
  })
}

function checkUnitKinds(report: Report, kinds: string[], path: Path) {
  kinds.forEach((kind, index) => {
    if (!(kind in unitKinds)) {
      report([...path, index], `不认识的组织类别 ${kind}；可以用：${Object.keys(unitKinds).join('、')}`)
    }
  })
}

function checkBinds({ regime, conditions, report }: Checker, binds: Binds, path: Path) {
  if ('person' in binds && !regime.cohorts.some((cohort) => cohort.id === binds.person)) {
    report([...path, 'person'], `cohorts 里没有 ${binds.person}`)
  }
  if ('unit' in binds) {
    checkUnitKinds(report, binds.unit, [...path, 'unit'])
    const { when } = binds
    if (when) attempt(report, [...path, 'when'], () => conditions.forUnit(when))
  }
}

function checkCounts(checker: Checker, counts: Counts, path: Path, binds: Binds | null, inHours = false) {
  const { regime, conditions, report } = checker
  if (counts === 'hours') {
    if (regime.hours.length === 0) report(path, '写了 counts: hours，但 hours 里没有写明哪些计入学时')
    return
  }
  if (counts.length === 0) report(path, '没有写明什么可以计入（counts）')
  counts.forEach((count, index) => {
    const at: Path = counts.length === 1 ? path : [...path, index]
    const kind = register[count.fact]
    if (!kind) {
      report([...at, 'fact'], `不认识的事实种类 ${count.fact}；可以用：${Object.keys(register).join('、')}`)
      return
    }
    const { where } = count
    if (where !== undefined) attempt(report, [...at, 'where'], () => conditions.forFact(count.fact, where))
    count.requires.forEach((required, at2) =>
      attempt(report, [...at, 'requires', at2, 'when'], () => conditions.forFact(count.fact, required.when)),
    )
    const wanted = inHours
      ? 'person'
      : !binds
        ? null
        : 'person' in binds
          ? 'person'
          : 'unit' in binds
            ? 'unit'
            : 'organisation'
    if (wanted && count.of === 'subject' && !kind.subjects.includes(wanted)) {
      report(
        [...at, 'fact'],
        `“${kind.label}”从不记在${{ person: '个人', unit: '组', organisation: '学校' }[wanted]}名下，数不到；要数全校的请写 of: everyone`,
      )
    }
  })
}

function checkScore(checker: Checker, rule: Rule, score: ScoreBlock, path: Path) {
  const { report } = checker
  score.parts?.forEach((part, index) =>
    checkCounts(checker, part.counts, [...path, 'parts', index, 'counts'], rule.binds),
  )
  score.points?.forEach((part, index) =>
    checkCounts(checker, part.counts, [...path, 'points', index, 'counts'], rule.binds),
  )
  const bands = score.bands ?? []
  bands.forEach((band, index) => {
    const at: Path = [...path, 'bands', index]
    const next = bands[index + 1]
    if (band.below !== undefined && band.below <= band.from) {
      report(at, `等次“${band.grade}”的上限 ${band.below} 不大于下限 ${band.from}`)
    }
    if (!next) return
    if (band.below === undefined || band.below > next.from) {
      report([...path, 'bands', index + 1], `等次“${band.grade}”和“${next.grade}”重叠：一个分数会有两个结果`)
    } else if (band.below < next.from) {
      report(
        [...path, 'bands', index + 1],
        `等次“${band.grade}”和“${next.grade}”之间有空档：${band.below} 到 ${next.from} 分没有结果`,
      )
    }
  })
}

function checkForces(regime: Regime, report: Report) {
  const answers = new Map<string, { rule: string; grade: string }>()
  regime.rules.forEach((rule, index) => {
    const forces = rule.limit?.forces
    if (!forces) return
    const path: Path = ['rules', index, 'limit', 'forces']
    const target = regime.rules.find((one) => one.id === forces.rule)
    if (!target?.score) {
      report([...path, 'rule'], `${forces.rule} 不是评分规则，不能强制定等`)
      return
    }
    if (target.score.bands && !target.score.bands.some((band) => band.grade === forces.grade)) {
      report([...path, 'grade'], `${forces.rule} 没有等次“${forces.grade}”`)
    }
    const key = `${forces.rule} ${forces.rank}`
    const other = answers.get(key)
    if (other && other.grade !== forces.grade) {
      report(
        [...path, 'rank'],
        `${other.rule} 和 ${rule.id} 对 ${forces.rule} 给出不同的结果，次序（rank）却相同`,
      )
    }
    answers.set(key, { rule: rule.id, grade: forces.grade })
  })
}
