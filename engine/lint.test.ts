import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { getRegime, getRegimeText, listExampleIds, listRegimeIds } from '../regimes/read.ts'
import { lintRegime } from './lint.ts'
import type { LintContext } from './lint.ts'
import { settingsOfTheProgram } from './lint/words.ts'
import { loadRegime, problemLine } from './load.ts'
import { sampleCalendar, samplePerson } from './sample.ts'
import type { CalendarInput } from './types.ts'

const head = `id: trial
title: 试写
version: '1'
inForceFrom: 2026-08-01
document: { title: 试写, issuedBy: 试写, source: 试写 }
`
const cohorts = `cohorts:
  - { id: teachers, label: 教师, when: staffKind == "teaching", clause: '1' }
`
const rule = (number: string, body: string) => `  - id: trial-${number}
    clause: '${Number(number)}'
    kind: quota
    title: 规则${Number(number)}
    text: 试写。
${body
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`
interface Given {
  settings?: string
  vocabularies?: string
  cohorts?: string
  tables?: string
  rules: string[]
  calendar?: CalendarInput
  context?: LintContext
}

/** What lint says of a regime, as `warning trial-01 sentence`. */
function said(given: Given): string[] {
  const text = [
    head,
    `settings: ${given.settings ?? '{}'}\n`,
    given.vocabularies ?? '',
    given.cohorts ?? cohorts,
    given.tables ?? '',
    'rules:\n',
    ...given.rules,
  ].join('')
  const { regime, problems } = loadRegime(text, 'regime.yaml')
  assert.ok(regime, problems.map(problemLine).join('\n'))
  const messages = lintRegime(regime, given.calendar ?? sampleCalendar, { text, ...given.context })
  return messages
    .filter((message) => given.cohorts !== undefined || message.path !== 'cohorts.0')
    .map(({ severity, ruleId, message }) => `${severity} ${ruleId ?? '—'} ${message}`)
}
/** Demands exactly one message of a kind, and gives it. */
function only(given: Given, about: RegExp): string {
  const found = said(given).filter((message) => about.test(message))
  assert.equal(found.length, 1, JSON.stringify(said(given), null, 2))
  return found[0] ?? ''
}
const reflections = 'binds: { person: teachers }\ncounts: { fact: work.accepted }\nunit: 篇\n'
const meetings = 'binds: { unit: [teachingResearchGroup] }\ncounts: { fact: activity.held }\nunit: 次\n'

test('says nothing of a plain rule', () => {
  assert.deepEqual(said({ rules: [rule('01', `${reflections}atLeast: 2\nper: term`)] }), [])
})

test('warns where more activities are asked than the term has weeks or fixed times', () => {
  const weeks = only({ rules: [rule('01', `${meetings}atLeast: 21\nper: term`)] }, /^warning trial-01/)
  assert.match(weeks, /每学期要求 21 次，而第一学期只有 20 个教学周/)
  assert.deepEqual(said({ rules: [rule('01', `${meetings}atLeast: 20\nper: term`)] }), [])
  const twice = [rule('01', `${meetings}atLeast: 2\nper: week`)]
  const slots = only({ rules: twice, context: { slotsPerWeek: { teachingResearchGroup: 1 } } }, /^warning/)
  assert.match(slots, /教研组每周 1 个固定时间，一共只有 1 次/)
  const enough = said({ rules: twice, context: { slotsPerWeek: { teachingResearchGroup: 2 } } })
  assert.deepEqual(
    enough.filter((message) => message.startsWith('warning')),
    [],
  )
})

test('warns of more days or hours than the period holds', () => {
  const days = only({ rules: [rule('01', `${meetings}measure: days\natLeast: 6\nper: week`)] }, /^warning/)
  assert.match(days, /只有 \d 个上课日/)
  const hours =
    'binds: { person: teachers }\ncounts: { fact: study.logged }\nmeasure: hours\nunit: 学时\nper: week\n'
  assert.match(only({ rules: [rule('01', `${hours}atLeast: 60`)] }, /^warning/), /每天八小时也只有 53 学时/)
})

test('warns of a minimum above its cap, and of one that the caps of shorter periods do not allow', () => {
  const above = rule('01', `${reflections}atLeast: 5\nmaxPerPeriod: 4\nper: term`)
  assert.match(only({ rules: [above] }, /^warning/), /最多算 4 篇，却要求不少于 5 篇/)
  const month = rule('01', `${reflections}atLeast: 1\nmaxPerPeriod: 1\nper: month`)
  const term = rule('02', `${reflections}atLeast: 9\nper: term`)
  assert.match(only({ rules: [month, term] }, /^warning trial-02/), /每月最多算 1 篇，\d 期一共只有 \d 篇/)
})

test('warns of credits that the caps of a table do not let anybody reach', () => {
  const tables = (atMost: number) => `tables:
  - id: credits
    label: 学分
    unit: 学分
    rows:
      - { id: study, label: 自学, category: own, counts: { fact: study.logged }, grants: 1, each: hour, clause: '1' }
      - { id: paper, label: 论文, category: result, counts: { fact: work.published }, grants: 3, clause: '1' }
    caps:
      - { id: study, label: 自学, categories: [own], per: schoolYear, atMost: ${atMost}, clause: '1' }
      - { id: paper, label: 论文, rows: [paper], per: term, atMost: 6, clause: '1' }
`
  const asks = (more: string) =>
    rule('01', `binds: { person: teachers }\nmeasure: credits\nunit: 学分\nper: schoolYear\n${more}`)
  const all = asks('counts: { table: credits }\natLeast: 24')
  assert.match(
    only({ tables: tables(10), rules: [all] }, /^warning/),
    /要求 24 学分，而各项上限加起来只有 22 学分/,
  )
  assert.deepEqual(
    said({ tables: tables(12), rules: [all] }).filter((one) => one.startsWith('warning')),
    [],
  )
})

test('warns of two rules that contradict each other', () => {
  const one = rule('01', `${reflections}atLeast: 2\nper: term`)
  const other = rule('02', `${reflections}atLeast: 3\nper: term`)
  assert.match(only({ rules: [one, other] }, /^warning trial-02/), /一条要求 2 篇，一条要求 3 篇，互相矛盾/)
  const limit = rule(
    '02',
    'binds: { person: teachers }\nlimit: { counts: { fact: work.accepted }, reaches: 2, per: term, result: 谈话 }',
  )
  assert.match(only({ rules: [one, limit] }, /^warning trial-02/), /和“规则1”（1）矛盾/)
})

test('warns of a rule that never binds anybody', () => {
  const impossible = `cohorts:
  - { id: teachers, label: 中青年, when: age < 20 && age > 60, clause: '1' }
`
  const [message] = said({ cohorts: impossible, rules: [rule('01', `${reflections}atLeast: 2\nper: term`)] })
  assert.match(message ?? '', /^warning trial-01 人群“中青年”的条件（age < 20 && age > 60）互相矛盾/)
  const excused = rule(
    '01',
    `${reflections}atLeast: 2\nper: term\nexceptions: [{ id: all, when: staffKind == "teaching", rank: 1, because: 教师, clause: '1' }]`,
  )
  assert.match(only({ rules: [excused] }, /^warning/), /等于没有要求任何人/)
})

test('notes a cohort to which nobody in the roster belongs, and a kind of group that does not exist', () => {
  const old = `cohorts:
  - { id: teachers, label: 老教师, when: age > 90, clause: '1' }
`
  const context = { people: [samplePerson('p1', 'g1')], units: [], on: '2026-11-22' }
  const [message] = said({
    cohorts: old,
    rules: [rule('01', `${reflections}atLeast: 2\nper: term`)],
    context,
  })
  assert.match(message ?? '', /^note — 按现在的名册，没有人属于“老教师”/)
  const groups = said({ rules: [rule('01', `${meetings}atLeast: 2\nper: term`)], context })
  assert.ok(groups.some((one) => one.startsWith('note trial-01 现在没有教研组')))
})

test('warns of a condition that no record can meet', () => {
  const never =
    'binds: { person: teachers }\ncounts: { fact: study.logged, where: studyKind == "theory" && studyKind == "policy" }\nunit: 次\natLeast: 1\nper: term'
  assert.match(only({ rules: [rule('01', never)] }, /^warning/), /没有一条“个人研修”的记录能计入/)
})

test('warns of a window that the calendar lacks, and of one outside the period', () => {
  const [first, second] = sampleCalendar.terms
  assert.ok(first && second)
  const closing = { from: '2027-01-20', to: '2027-01-25' }
  const calendar = {
    ...sampleCalendar,
    terms: [{ ...first, windows: { ...first.windows, closing } }, second],
  }
  const due = [rule('01', `${reflections}atLeast: 1\nper: term\ndueBy: closing`)]
  assert.match(only({ rules: due, calendar }, /^warning/), /校历里第一学期没有可用的期末/)
  const weekly = [rule('01', `${reflections}atLeast: 1\nper: week\ndueBy: closing`)]
  assert.match(only({ rules: weekly }, /^warning/), /每周的要求却以期末为期限/)
})

test('notes what falls due in the holidays', () => {
  const monthly = only({ rules: [rule('01', `${reflections}atLeast: 1\nper: month`)] }, /^note trial-01/)
  assert.match(monthly, /2 期（如2027年1月）的最后期限 1月31日 在假期里/)
})

test('warns of a grade that the maxima of the points do not reach', () => {
  const score = (max: number) =>
    rule(
      '01',
      `binds: { person: teachers }
score:
  per: schoolYear
  points: [{ id: works, label: 作品, counts: { fact: work.accepted }, points: 1, max: ${max}, clause: '1' }]
  bands: [{ grade: 合格, from: 0, below: 30 }, { grade: 优秀, from: 30 }]`,
    )
  assert.match(only({ rules: [score(20)] }, /^warning/), /只有 20 分，谁也达不到“优秀”的 30 分/)
  assert.deepEqual(said({ rules: [score(30)] }), [])
  const award = rule(
    '02',
    'binds: { person: teachers }\naward: { rule: trial-01, atLeast: 31, result: 发证 }',
  )
  assert.match(only({ rules: [score(30), award] }, /^warning trial-02/), /谁也达不到 31 分/)
})

test('notes settings and words that nothing uses, and records that no page keeps yet', () => {
  const settings =
    "{ unused: { label: 没用的, value: 1, clause: '1' }, graceDays: { label: 宽限, value: 0, clause: '1' }, times: { label: 篇数, value: 2, clause: '1' } }"
  const vocabularies = `vocabularies:
  workKinds: [{ id: reflection, label: 反思 }, { id: essay, label: 随笔 }]
`
  const counted =
    'binds: { person: teachers }\ncounts: { fact: work.accepted, where: workKind == "reflection" }\nunit: 篇\natLeast: { setting: times }\nper: term'
  assert.deepEqual(said({ settings, vocabularies, rules: [rule('01', counted)] }), [
    'note — “随笔”（workKinds 的 essay）没有规则或表单用到：这样标注的记录不会计入任何一条。',
    'note — 设置“没用的”（unused）没有规则用到：改它不会改变任何结果。',
  ])
  const whole = said({ vocabularies, rules: [rule('01', `${reflections}atLeast: 2\nper: term`)] })
  assert.deepEqual(whole, [], 'a rule that counts every work uses every kind')
  const prizes = 'binds: { person: teachers }\ncounts: { fact: book.read }\nunit: 篇\natLeast: 1\nper: term'
  assert.match(only({ rules: [rule('01', prizes)] }, /^note trial-01/), /目前还没有页面登记/)
})

test('knows every setting that the program reads by name', () => {
  const sources = globSync('{engine,server}/**/*.ts', { cwd: new URL('..', import.meta.url) })
    .filter((path) => !/test|lint/.test(path))
    .map((path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
    .join('\n')
  const read = [
    ...sources.matchAll(/numberSetting\([^)]*?'(\w+)'/g),
    ...sources.matchAll(/regime\.settings\.(\w+)/g),
  ].map((match) => match[1] ?? '')
  assert.ok(read.length > 5)
  for (const name of read) assert.ok(settingsOfTheProgram.includes(name), `${name} is read by the program`)
})

test('finds nothing wrong in the first regimes and the examples, and reads every other', () => {
  const first = ['baihe-5', 'xinglong', 'xinhongqiao', 'yuyang-district']
  for (const id of [...listRegimeIds(), ...listExampleIds()]) {
    const messages = lintRegime(getRegime(id), sampleCalendar, { text: getRegimeText(id) })
    if (!first.includes(id) && !id.startsWith('examples/')) continue
    assert.deepEqual(
      messages.filter((message) => message.severity === 'warning'),
      [],
    )
  }
})
