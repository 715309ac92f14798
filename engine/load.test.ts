import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegimeText } from '../regimes/read.ts'
import { loadRegime, problemLine } from './load.ts'

/** Problems after one change to a regime that is right; each as `line message`. */
function problemsAfter(regimeId: string, from: string | RegExp, to: string): string[] {
  const text = getRegimeText(regimeId)
  const changed = text.replace(from, to)
  assert.notEqual(changed, text, 'the change must hit')
  return loadRegime(changed, 'regime.yaml').problems.map(problemLine)
}
const lineOf = (regimeId: string, needle: string, offset = 0) =>
  getRegimeText(regimeId)
    .split('\n')
    .findIndex((line) => line.includes(needle)) +
  1 +
  offset

test('refuses a rule without a clause and says in which line it begins', () => {
  const problems = problemsAfter(
    'xinglong',
    '  - id: xinglong-23\n    clause: 二.7\n',
    '  - id: xinglong-23\n',
  )
  assert.deepEqual(problems, [
    `regime.yaml 第 ${lineOf('xinglong', 'id: xinglong-23')} 行：没有写明条款号（clause），任何规定都要能查到出处`,
  ])
})

test('refuses a setting that names neither a clause nor who assumed it', () => {
  const problems = problemsAfter(
    'xinglong',
    ', value: 60, note: 制度写“合格发证”，没有给出分数线；默认 60 分',
    ', value: 60',
  )
  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /第 \d+ 行：这个数值没有写明依据/)
})

test('refuses an unknown kind of fact and lists those that exist', () => {
  const [problem] = problemsAfter('xinglong', 'fact: work.accepted', 'fact: work.acepted')
  assert.match(problem ?? '', /不认识的事实种类 work\.acepted；可以用：.*work\.accepted/)
  assert.match(problem ?? '', new RegExp(`第 ${lineOf('xinglong', 'fact: work.accepted')} 行`))
})

test('refuses an unknown attribute, an unknown value and a condition that is no condition', () => {
  const where = 'where: workKind == "reflection"'
  assert.match(
    problemsAfter('xinglong', where, 'where: workSort == "reflection"')[0] ?? '',
    /不认识的名称 workSort/,
  )
  assert.match(
    problemsAfter('xinglong', where, 'where: workKind == "reflexion"')[0] ?? '',
    /“reflexion”不是 workKind 可以取的值/,
  )
  assert.match(problemsAfter('xinglong', where, 'where: workKind')[0] ?? '', /应当得出是或否/)
  assert.match(problemsAfter('xinglong', where, 'where: workKind ==')[0] ?? '', /写得不对/)
  const unknownSetting = problemsAfter(
    'xinglong',
    'status in settings.missedStatuses',
    'status in settings.missed',
  )
  assert.match(unknownSetting[0] ?? '', /不认识的名称 missed/)
})

test('refuses an unknown attribute of people', () => {
  assert.match(
    problemsAfter('xinglong', 'when: staffKind ==', 'when: staffSort ==')[0] ?? '',
    /不认识的名称 staffSort/,
  )
})

test('refuses an unknown period', () => {
  const [problem] = problemsAfter('xinglong', 'per: fortnight', 'per: twoWeeks')
  assert.match(problem ?? '', /不认识的周期 "twoWeeks"；可以用：week、/)
})

test('refuses bands that overlap or leave a gap', () => {
  assert.match(
    problemsAfter('baihe-5', 'from: 0, below: 30', 'from: 0, below: 31')[0] ?? '',
    /“不合格”和“合格”重叠/,
  )
  assert.match(
    problemsAfter('baihe-5', 'from: 0, below: 30', 'from: 0, below: 29')[0] ?? '',
    /空档：29 到 30 分没有结果/,
  )
})

test('refuses two results of one rank for the same score', () => {
  const second = `  - id: baihe-5-06
    clause: '4'
    kind: link
    title: 迟到
    text: 迟到五次的按合格处理。
    binds: { person: teachers }
    limit:
      counts: { fact: activity.attended, where: status == "late" }
      reaches: 5
      per: schoolYear
      result: 合格
      forces: { rule: baihe-5-05, grade: 合格, rank: 1 }
  - id: baihe-5-06x`
  const problems = problemsAfter(
    'baihe-5',
    '  - id: baihe-5-06\n',
    `${second.replace('baihe-5-06x', 'baihe-5-66')}\n`,
  )
  assert.match(problems[0] ?? '', /对 baihe-5-05 给出不同的结果，次序（rank）却相同/)
})

test('refuses two exceptions of one rank', () => {
  const exceptions = `    exceptions:
      - { id: one, when: classTeacher, rank: 1, because: 甲, clause: 二.7 }
      - { id: two, when: yearsTeaching < 2, rank: 1, because: 乙, clause: 二.7 }
    noun: 反思`
  assert.match(
    problemsAfter('xinglong', '    noun: 反思', exceptions)[0] ?? '',
    /例外 one 和 two 的次序（rank）相同/,
  )
})

test('refuses hours made of facts that have no duration, and facts that never belong to whom the rule binds', () => {
  assert.match(
    problemsAfter(
      'xinglong',
      'counts: { fact: study.logged }\n    measure',
      'counts: { fact: plan.filed }\n    measure',
    )[0] ?? '',
    /plan\.filed 没有时长/,
  )
  const [problem] = problemsAfter(
    'xinglong',
    'counts: { fact: activity.held }\n    atLeast',
    'counts: { fact: study.logged }\n    atLeast',
  )
  assert.match(problem ?? '', /从不记在组名下/)
})

test('refuses unknown settings, fields, cohorts, forms and rules', () => {
  assert.match(
    problemsAfter('xinglong', '{ setting: fundPerTerm }', '{ setting: fund }')[0] ?? '',
    /设置里没有 fund/,
  )
  assert.match(
    problemsAfter('xinglong', '    noun: 专题会议', '    nown: 专题会议')[0] ?? '',
    /不认识的字段：nown/,
  )
  assert.match(
    problemsAfter('xinglong', 'binds: { person: teachers }', 'binds: { person: everybody }')[0] ?? '',
    /cohorts 里没有 everybody/,
  )
  assert.match(problemsAfter('xinglong', 'form: schoolPlan', 'form: plan')[0] ?? '', /forms 里没有 plan/)
  assert.match(
    problemsAfter('xinglong', 'rule: xinglong-09', 'rule: xinglong-99')[0] ?? '',
    /没有可以包含它的规则/,
  )
})

test('refuses a rule that states no way of computing, or two', () => {
  assert.match(
    problemsAfter('xinglong', /    link: \{ rules: \[xinglong-34\].*\n/, '')[0] ?? '',
    /一种都没有/,
  )
  assert.match(
    problemsAfter('xinglong', '    noun: 反思', '    manual: 看看再说\n    noun: 反思')[0] ?? '',
    /同时有 minimum、manual/,
  )
})

test('refuses broken YAML with the line', () => {
  const [problem] = problemsAfter('xinglong', 'id: xinglong\n', 'id: [xinglong\n')
  assert.match(problem ?? '', /第 \d+ 行：文件格式不对/)
})

const where = 'where: workKind == "reflection"'

test('refuses a condition that divides by nought or by something that may be nought', () => {
  assert.match(
    problemsAfter('xinglong', where, 'where: quantity / 0.0 > 1.0')[0] ?? '',
    /第 \d+ 行：.*除以零/,
  )
  assert.match(
    problemsAfter('xinglong', where, 'where: quantity / characters > 1.0')[0] ?? '',
    /除数不是固定的数/,
  )
})

test('refuses a condition that is very long or nested very deep, before it is worked out', () => {
  const long = Array.from({ length: 60 }, () => 'quantity > 1.0').join(' && ')
  assert.match(problemsAfter('xinglong', where, `where: ${long}`)[0] ?? '', /条件太长/)
  const deep = `where: ${'('.repeat(90)}quantity > 1.0${')'.repeat(90)}`
  assert.equal(problemsAfter('xinglong', where, deep).length, 1)
})

test('refuses aliases that unfold into an enormous document, and a file that is far too large', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index) => {
      const before = 'abcdefgh'[index]
      return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`
    }),
  ].join('\n')
  const started = loadRegime(bomb, 'bomb.yaml')
  assert.match(started.problems.map(problemLine)[0] ?? '', /bomb\.yaml 第 1 行：.*展开后过大/)
  assert.match(
    loadRegime(`# ${'长'.repeat(600_000)}`, 'large.yaml').problems.map(problemLine)[0] ?? '',
    /文件太大/,
  )
})

const example = 'examples/points-and-hours'

test('refuses rules that rest on each other in a circle', () => {
  const problems = problemsAfter(
    example,
    'target: { among: young, rule: points-and-hours-03, per: schoolYear, share: 0.8 }',
    'target: { among: young, rule: points-and-hours-08, per: schoolYear, share: 0.8 }',
  )
  assert.match(problems[0] ?? '', /没有可以依据的规则 points-and-hours-08/)
  const circle = `${getRegimeText(example)}
  - { id: points-and-hours-08, clause: 十, kind: link, title: 甲, text: 甲, binds: { person: teachers }, link: { rules: [points-and-hours-09], targets: [评优], strength: veto } }
  - { id: points-and-hours-09, clause: 十, kind: link, title: 乙, text: 乙, binds: { person: teachers }, link: { rules: [points-and-hours-08], targets: [评优], strength: veto } }
`
  assert.match(
    loadRegime(circle, 'circle.yaml').problems.map(problemLine)[0] ?? '',
    /points-and-hours-08 → points-and-hours-09 → points-and-hours-08 互为依据/,
  )
})

test('refuses cells, rows and versions of conversion tables that do not exist or are in force together', () => {
  assert.match(
    problemsAfter(example, 'categories: [together] }, atLeast', 'categories: [apart] }, atLeast')[0] ?? '',
    /换算表 hours 里没有“apart”这一类/,
  )
  assert.match(
    problemsAfter(example, '{ table: points }', '{ table: point }')[0] ?? '',
    /没有换算表 point；可以用：hours、points/,
  )
  assert.match(
    problemsAfter('examples/nested-credits', 'from: 2028-01-01', 'from: 2027-12-31')[0] ?? '',
    /换算表 credits 有两个版本在同一天有效/,
  )
  assert.match(
    problemsAfter(
      example,
      'measure: credits, counts: { table: hours }, atLeast: 30',
      'counts: { fact: study.logged }, measure: credits, atLeast: 30',
    )[0] ?? '',
    /要在 counts 里写明换算表/,
  )
})

test('refuses a target without a share, a phase that is not named and points without a number', () => {
  assert.match(
    problemsAfter(example, ', per: schoolYear, share: 0.8 }', ', per: schoolYear }')[0] ?? '',
    /目标要写比例 share 或人数 people/,
  )
  assert.match(
    problemsAfter(example, 'kind: flow\n', 'kind: flow\n    phases: [start]\n')[0] ?? '',
    /phases 里没有 start/,
  )
  assert.match(
    problemsAfter('examples/nested-credits', 'strength: veto', 'strength: points')[0] ?? '',
    /加减分要写明分数/,
  )
})
