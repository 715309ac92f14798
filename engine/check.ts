import { ConditionError, conditionsOf } from './conditions.ts'
import type { Conditions } from './conditions.ts'
import { factKinds } from './facts.ts'
import { unitKinds } from './subjects.ts'
import type { FactKind } from './facts.ts'
import type { Report } from './load.ts'
import { blocksOf, minimaOf } from './schema.ts'
import type { Aim, Binds, Counts, Regime, Rule, ScoreBlock, Table } from './schema.ts'
import { flatCounts } from './summary.ts'

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
  regime.tables.forEach((table, index) => checkTable(checker, table, ['tables', index]))
  regime.phases.forEach((phase, index) => {
    if (phase.to < phase.from) report(['phases', index, 'to'], `阶段“${phase.label}”的结束日早于开始日`)
  })
  regime.rules.forEach((rule, index) => checkRule(checker, rule, ['rules', index]))
  checkForces(regime, report)
  checkCircles(regime, report)
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
  twice(regime.phases, 'phases')
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
      flatCounts(regime, rule.form.counts).every((one) => one.requires.length === 0)
    ) {
      report([...path, 'form'], `${rule.id} 没有说明什么算完整：请写 form，或在 counts 里写 requires`)
    }
  }
  if (rule.list) {
    checkCounts(checker, rule.list.counts, [...path, 'list', 'counts'], rule.binds)
    const terms = (regime.vocabularies as Record<string, { id: string }[]>)[rule.list.vocabulary]
    if (!terms || terms.length === 0)
      report([...path, 'list', 'vocabulary'], `没有词表 ${rule.list.vocabulary}，或者它是空的`)
    rule.list.terms?.forEach((id, index) => {
      if (!terms?.some((term) => term.id === id))
        report([...path, 'list', 'terms', index], `词表 ${rule.list?.vocabulary} 里没有 ${id}`)
    })
    const most = rule.list.terms?.length ?? terms?.length ?? 0
    if (typeof rule.list.use === 'number' && rule.list.use > most)
      report([...path, 'list', 'use'], `要求用到 ${rule.list.use} 种，可是一共只有 ${most} 种`)
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
  checkWider(checker, rule, path)
  const { body } = rule
  if (body) {
    checkUnitKinds(report, body.unitKinds, [...path, 'body', 'unitKinds'])
    const { when } = body
    if (when) attempt(report, [...path, 'body', 'when'], () => checker.conditions.forUnit(when))
    body.members.forEach((member, index) => {
      const condition = member.when
      if (condition === undefined) return
      attempt(report, [...path, 'body', 'members', index, 'when'], () =>
        checker.conditions.forPerson(condition),
      )
    })
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
    const fromTable = minimum.counts !== 'hours' && 'table' in minimum.counts
    if (fromTable !== (minimum.measure === 'credits')) {
      report(
        [...at, 'measure'],
        fromTable
          ? '从换算表里数的要写 measure: credits'
          : 'measure: credits 要在 counts 里写明换算表（table）',
      )
    }
    if (minimum.measure === 'kinds' && minimum.kindsOf === null) {
      report([...at, 'kindsOf'], 'measure: kinds 要写明按哪个属性分种类（kindsOf）')
    }
    const counted = flatCounts(regime, minimum.counts)
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
  if (!Array.isArray(counts)) {
    checkCell(checker, counts, path)
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
    if (count.of === 'members' && wanted !== null && wanted !== 'unit') {
      report([...at, 'of'], 'of: members 只能用在约束组织的规则里')
    }
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
  score.parts?.forEach((part, index) => {
    const at: Path = [...path, 'parts', index]
    if ((part.counts === undefined) === (part.rule === undefined)) {
      report(at, `评分部分“${part.label}”要写 counts 或 rule 其中一种`)
    }
    if (part.counts !== undefined) checkCounts(checker, part.counts, [...at, 'counts'], rule.binds)
    if (part.rule !== undefined) checkReference(checker, part.rule, rule, [...at, 'rule'])
    part.voices?.forEach((voice, number) => {
      const { insteadOf } = voice
      if (!insteadOf) return
      attempt(report, [...at, 'voices', number, 'insteadOf', 'when'], () =>
        checker.conditions.forPerson(insteadOf.when),
      )
    })
  })
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

/** The blocks that look beyond one list of facts: flows, consequences, shares, targets, months and phases. */
function checkWider(checker: Checker, rule: Rule, path: Path) {
  const { regime, report } = checker
  const { flow, link, share, target } = rule
  const subject = rule.binds
  if (flow) {
    if (flow.begins) checkCounts(checker, flow.begins, [...path, 'flow', 'begins'], subject)
    const seen = new Set<string>()
    flow.steps.forEach((step, index) => {
      const at: Path = [...path, 'flow', 'steps', index]
      if (seen.has(step.id)) report([...at, 'id'], `步骤 ${step.id} 出现了两次`)
      seen.add(step.id)
      checkCounts(checker, step.counts, [...at, 'counts'], subject)
    })
  }
  link?.rules.forEach((id, index) => checkReference(checker, id, rule, [...path, 'link', 'rules', index]))
  if (link?.strength === 'points' && link.points === undefined && link.pointsWhenMissed === undefined) {
    report([...path, 'link', 'points'], '加减分要写明分数（points 或 pointsWhenMissed）')
  }
  if (share) {
    checkCounts(checker, share.part, [...path, 'share', 'part'], subject)
    checkCounts(checker, share.whole, [...path, 'share', 'whole'], subject)
  }
  if (target) {
    checkAim(checker, rule, target, [...path, 'target'])
    target.also.forEach((aim, index) => checkAim(checker, rule, aim, [...path, 'target', 'also', index]))
  }
  rule.phases?.forEach((id, index) => {
    if (!regime.phases.some((phase) => phase.id === id))
      report([...path, 'phases', index], `phases 里没有 ${id}`)
  })
}

function checkAim(checker: Checker, rule: Rule, aim: Aim, path: Path) {
  const { report, conditions } = checker
  checkBinds(checker, { person: aim.among }, [...path, 'among'])
  const ways = [aim.rule, aim.each, aim.when].filter((way) => way !== undefined).length
  if (ways === 0) report(path, '没有写明怎样算达到：请写 rule、each 或 when')
  if ((aim.share === undefined) === (aim.people === undefined)) {
    report(path, '目标要写比例 share 或人数 people 其中一种')
  }
  if (aim.rule !== undefined) checkReference(checker, aim.rule, rule, [...path, 'rule'])
  aim.each?.forEach((one, index) =>
    checkCounts(checker, one.counts, [...path, 'each', index, 'counts'], { person: aim.among }),
  )
  const { when } = aim
  if (when !== undefined) attempt(report, [...path, 'when'], () => conditions.forPerson(when))
}

function checkReference(checker: Checker, id: string, rule: Rule, path: Path) {
  if (id === rule.id || !checker.regime.rules.some((one) => one.id === id)) {
    checker.report(path, `没有可以依据的规则 ${id}`)
  }
}

/** A cell of a conversion table that a minimum asks for must exist. */
function checkCell(checker: Checker, cell: Extract<Counts, { table: string }>, path: Path) {
  const { regime, report } = checker
  const rows = regime.tables.filter((table) => table.id === cell.table).flatMap((table) => table.rows)
  if (rows.length === 0) {
    const known = regime.tables.map((table) => table.id).join('、')
    report([...path, 'table'], `没有换算表 ${cell.table}${known === '' ? '' : `；可以用：${known}`}`)
    return
  }
  const parts = [
    { name: 'categories', wanted: cell.categories, of: rows.map((row) => row.category) },
    { name: 'levels', wanted: cell.levels, of: rows.map((row) => row.level) },
    { name: 'topics', wanted: cell.topics, of: rows.map((row) => row.topic) },
  ]
  for (const { name, wanted, of } of parts) {
    wanted?.forEach((value, index) => {
      if (!of.includes(value)) report([...path, name, index], `换算表 ${cell.table} 里没有“${value}”这一类`)
    })
  }
}

function checkTable(checker: Checker, table: Table, path: Path) {
  const { regime, report } = checker
  const seen = new Set<string>()
  table.rows.forEach((row, index) => {
    const at: Path = [...path, 'rows', index]
    if (seen.has(row.id)) report([...at, 'id'], `编号 ${row.id} 出现了两次`)
    seen.add(row.id)
    if (!Array.isArray(row.counts)) {
      report([...at, 'counts'], '换算表的每一行要写明哪种事实可以换算（fact）')
      return
    }
    checkCounts(checker, row.counts, [...at, 'counts'], null)
    const notTimed = row.counts.find((count) => register[count.fact]?.quantity.unit !== '分钟')
    if (row.each === 'hour' && notTimed) {
      report([...at, 'each'], `${notTimed.fact} 没有时长，不能按学时换算`)
    }
  })
  table.caps.forEach((cap, index) => {
    const at: Path = [...path, 'caps', index]
    cap.rows?.forEach((id, number) => {
      if (!seen.has(id)) report([...at, 'rows', number], `换算表 ${table.id} 里没有 ${id} 这一行`)
    })
    checkCell(
      checker,
      { table: table.id, categories: cap.categories, levels: cap.levels, topics: cap.topics },
      at,
    )
  })
  const first = regime.tables.findIndex(
    (other) => other !== table && other.id === table.id && meet(other, table),
  )
  if (first > regime.tables.indexOf(table)) {
    report(['tables', first, 'id'], `换算表 ${table.id} 有两个版本在同一天有效；请写明 from 和 to`)
  }
}

const meet = (a: Table, b: Table) => (a.from ?? '') <= (b.to ?? '9999') && (b.from ?? '') <= (a.to ?? '9999')

/** Rules that rest on each other in a circle can never be worked out. */
function checkCircles(regime: Regime, report: Report) {
  const restsOn = new Map<string, string[]>()
  const add = (from: string, to: string | undefined) => {
    if (to !== undefined) restsOn.set(from, [...(restsOn.get(from) ?? []), to])
  }
  for (const rule of regime.rules) {
    add(rule.id, rule.award?.rule)
    for (const aim of rule.target ? [rule.target, ...rule.target.also] : []) add(rule.id, aim.rule)
    for (const id of rule.link?.rules ?? []) add(rule.id, id)
    for (const part of rule.score?.parts ?? []) add(rule.id, part.rule)
    // The score looks at the rules that force its grade.
    if (rule.limit?.forces) add(rule.limit.forces.rule, rule.id)
  }
  const visit = (id: string, path: string[]): string[] | null => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id]
    for (const next of restsOn.get(id) ?? []) {
      const circle = visit(next, [...path, id])
      if (circle) return circle
    }
    return null
  }
  const reported = new Set<string>()
  regime.rules.forEach((rule, index) => {
    const circle = visit(rule.id, [])
    if (circle?.[0] !== rule.id || circle.some((id) => reported.has(id))) return
    for (const id of circle) reported.add(id)
    report(['rules', index], `${circle.join(' → ')} 互为依据，绕成了圈，无法计算`)
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
