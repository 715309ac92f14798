import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { getRegimeText, listExampleIds, listRegimeIds } from '../../regimes/read.ts'
import { findingsSchema } from './forms.ts'
import type { FindingsOutput } from './forms.ts'
import { run } from './main.ts'
import { listSchemas, schemasFolder } from './schemas.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'xiaoyan-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a command within this process, from the folder of the program; that the program hands commands over is tried apart. */
async function xiaoyan(...words: string[]) {
  process.chdir(root)
  const { log, error } = console
  const out: string[] = []
  const err: string[] = []
  console.log = (text: string) => out.push(text)
  console.error = (text: string) => err.push(text)
  try {
    const code = await run(words)
    return { code, out: out.join('\n'), err: err.join('\n'), json: () => JSON.parse(out.join('\n')) }
  } finally {
    Object.assign(console, { log, error })
  }
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const sample = 'docs/guide/command-line'
const given = (changes: Record<string, string> = {}) =>
  Object.entries({
    people: `${sample}/people.csv`,
    units: `${sample}/units.csv`,
    calendar: `${sample}/calendar.json`,
    facts: `${sample}/facts.csv`,
    on: '2026-11-22',
    ...changes,
  }).flatMap(([name, value]) => [`--${name}`, value])
const evaluate = (changes: Record<string, string> = {}, ...more: string[]) =>
  xiaoyan('evaluate', '--regime', sample, ...given(changes), ...more)
const sampleText = (name: string) => readFileSync(join(root, sample, name), 'utf8')

interface Problems {
  problems: { file: string | null; line: number | null; column: string | null; message: string }[]
}
/** Problems as `people.csv 3 B message`. */
function problemsOf(result: { json: () => Problems }): string[] {
  return result
    .json()
    .problems.map(({ file: path, line, column, message }) =>
      [path?.split('/').at(-1), line, column, message].filter((part) => part !== null).join(' '),
    )
}

test('every command of the guide runs, and what it prints as JSON is JSON', async () => {
  const guide = readFileSync(join(root, 'docs/guide/command-line.md'), 'utf8')
  const commands = [...guide.matchAll(/^xiaoyan (.+)$/gm)].map((match) =>
    (match[1] ?? '').replace('/tmp/xiaoyan-schemas', join(folder, 'schemas')).split(' '),
  )
  assert.ok(commands.length >= 8, `${commands.length} commands`)
  for (const words of commands) {
    const { code, out, err, json } = await xiaoyan(...words)
    assert.equal(code, 0, `${words.join(' ')}\n${err}`)
    assert.ok(out.length > 0)
    if (words.includes('--json')) assert.equal(typeof json(), 'object')
  }
})

test('boot.mjs hands commands over and passes their exit code on', () => {
  const boot = (...words: string[]) =>
    spawnSync(process.execPath, ['boot.mjs', ...words], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, XIAOYAN_NO_INSTALL: '1' },
    })
  const listed = boot('regimes', 'list', '--json')
  assert.equal(listed.status, 0, listed.stderr)
  const regimes = JSON.parse(listed.stdout) as { id: string; rules: number; kinds: Record<string, number> }[]
  assert.deepEqual(
    regimes.map((regime) => regime.id),
    listRegimeIds(),
  )
  for (const { rules, kinds } of regimes) {
    assert.equal(Object.keys(kinds).length, 16)
    assert.equal(
      Object.values(kinds).reduce((sum, one) => sum + one, 0),
      rules,
    )
  }
  assert.equal(boot('regimes', 'lisst').status, 2)
})

test('wrong usage ends with 2 and says what is wrong, as JSON when asked', async () => {
  for (const [words, about] of [
    [[], /没有写命令/],
    [['evaluat'], /没有“evaluat”这个命令/],
    [['evaluate', ...given()], /没有写 --regime/],
    [['evaluate', '--regime', sample, '--on', '2026-11-22'], /没有写 --people/],
    [['evaluate', '--regime', sample, ...given({ on: '2026-02-30' })], /--on 2026-02-30：2026年2月没有30日/],
    [['evaluate', '--regime', sample, '--regime', sample, ...given()], /写了两次/],
    [['evaluate', '--regime', sample, ...given(), '--colour', 'red'], /不认识的选项 --colour/],
    [['try', '--old', sample, ...given()], /--new 要写一次/],
    [['facts', 'kinds', 'all'], /多出来的词“all”/],
  ] as [string[], RegExp][]) {
    const asJson = await xiaoyan(...words, '--json')
    assert.equal(asJson.code, 2, words.join(' '))
    assert.match(problemsOf(asJson).join(), about)
  }
  const plain = await xiaoyan('evaluate', '--colour', 'red')
  assert.equal(plain.code, 2)
  assert.match(plain.err, /不认识的选项 --colour.*\n用法：xiaoyan evaluate --regime/)
})

test('evaluate gives every finding with its trace, hours and scores', async () => {
  const result = await evaluate({}, '--json')
  assert.equal(result.code, 0, result.err)
  const output: FindingsOutput = findingsSchema.parse(result.json())
  const { findings = [], hours = [], scores = [], problems } = output
  assert.deepEqual(problems, [])
  const find = (ruleId: string, id: string, label: string) =>
    findings.find((one) => one.ruleId === ruleId && one.subject.id === id && one.period.label === label)
  const late = find('sample-01', 't02', '第3—4周')
  assert.deepEqual([late?.state, late?.value, late?.target, late?.unit], ['overdue', 0, 1, '篇'])
  assert.equal(late?.trace.clause.number, '1')
  assert.match(late?.trace.sentence ?? '', /第3—4周应写反思 1 篇，已采纳 0 篇/)
  const study = find('sample-02', 't01', '第一学期')
  assert.equal(study?.value, 16)
  assert.equal(study?.trace.facts.length, 3)
  assert.match(study?.trace.formula ?? '', /720 分钟 ÷ 45 = 16 学时/)
  // In post for 14 of 20 weeks.
  assert.equal(find('sample-02', 't04', '第一学期')?.target, 14)
  assert.equal(find('sample-01', 't05', '第3—4周')?.state, 'excused')
  assert.equal(find('sample-03', 'chinese', '第7—8周')?.state, 'overdue')
  assert.equal(find('sample-04', 't02', '第一学期')?.value, 2)
  assert.equal(
    findings.some((one) => one.subject.id === 's01'),
    false,
    'support staff are not bound',
  )
  assert.deepEqual(
    hours.find((one) => one.subject.id === 't03')?.bySource.map(({ source, hours: own }) => [source, own]),
    [
      ['个人研修', 22],
      ['集体研修', 8.8],
    ],
  )
  const score = scores.find((one) => one.subject.id === 't01')
  assert.deepEqual([score?.score, score?.grade, score?.parts.length], [12, '不合格', 2])
})

test('evaluate on an earlier day uses nothing recorded later', async () => {
  const facts = file(
    'late.csv',
    '种类,对象,日期,登记日期,作品种类\n作品已采纳,t01,2026-09-10,2026-10-20,教学反思\n',
  )
  const stateOn = async (on: string) => {
    const result = await evaluate({ facts, on }, '--rule', 'sample-01', '--person', 't01', '--json')
    return (result.json() as FindingsOutput).findings?.[0]?.state
  }
  assert.equal(await stateOn('2026-10-19'), 'overdue')
  assert.equal(await stateOn('2026-10-20'), 'done')
})

test('reads GBK, a byte order mark, English headings and JSON alike', async () => {
  const wanted = (await evaluate({}, '--json')).json() as FindingsOutput
  const figures = async (changes: Record<string, string>) => {
    const result = await evaluate(changes, '--json')
    assert.equal(result.code, 0, result.out)
    return (result.json() as FindingsOutput).findings?.map(
      ({ ruleId, subject, period, state, value, target }) =>
        [ruleId, subject.id, period.id, state, value, target].join(' '),
    )
  }
  const expected = wanted.findings?.map(({ ruleId, subject, period, state, value, target }) =>
    [ruleId, subject.id, period.id, state, value, target].join(' '),
  )
  assert.ok((expected?.length ?? 0) > 100)
  // 工号,姓名,身份,所在组 and t01,陈明,教师,数学教研组 in GBK.
  const gbk = Buffer.from(
    'b9a4bac52cd0d5c3fb2cc9edb7dd2ccbf9d4dad7e90a7430312cb3c2c3f72cbdcccaa62ccafdd1a7bdccd1d0d7e90a',
    'hex',
  )
  const read = await evaluate(
    { people: file('gbk.csv', gbk), facts: file('none.csv', '种类,对象,日期\n') },
    '--json',
  )
  assert.equal(read.code, 0, read.out)
  assert.equal(
    (read.json() as FindingsOutput).findings?.some((one) => one.subject.name === '陈明'),
    true,
  )
  assert.deepEqual(await figures({ people: file('bom.csv', `\uFEFF${sampleText('people.csv')}`) }), expected)
  const english = sampleText('facts.csv')
    .replace(
      '种类,对象,日期,数量,出勤,作品种类,研修类别,备注',
      'kind,subject,on,quantity,status,workKind,studyKind,remark',
    )
    .replaceAll('参加活动,', 'activity.attended,')
    .replaceAll('缺席', 'absent')
  assert.deepEqual(await figures({ facts: file('english.csv', english) }), expected)
  const people = [
    { id: 't01', name: '陈明', attributes: [{ name: 'staffKind', value: 'teaching', from: '2010-09-01' }] },
  ]
  const facts = [
    {
      kind: 'work.accepted',
      subject: { kind: 'person', id: 't01' },
      on: '2026-09-10',
      attributes: { workKind: 'reflection' },
    },
  ]
  const plain = await evaluate(
    { people: file('people.json', JSON.stringify(people)), facts: file('facts.json', JSON.stringify(facts)) },
    '--json',
  )
  assert.equal(
    (plain.json() as FindingsOutput).findings?.find((one) => one.ruleId === 'sample-01')?.state,
    'done',
  )
})

test("a school's roster with columns for its groups needs no file of units", async () => {
  const people = file(
    'roster.csv',
    '工号,姓名,身份,教研组,职务,手机\nt01,陈明,教师,数学教研组,教研组长,13800000000\n',
  )
  const facts = file('held.csv', '种类,对象,日期,时长\n活动已举行,数学教研组,2026-09-09,80\n')
  const words = given({ people, facts })
  words.splice(words.indexOf('--units'), 2)
  const result = await xiaoyan('evaluate', '--regime', sample, ...words, '--json')
  assert.equal(result.code, 0, result.out)
  const output = result.json() as FindingsOutput
  assert.equal(output.findings?.find((one) => one.ruleId === 'sample-03')?.state, 'done')
  assert.deepEqual(
    output.ignored?.map(({ columns }) => columns),
    [['手机']],
  )
})

test('a calendar may be a table', async () => {
  const calendar = file(
    'calendar.csv',
    `类别,名称,开始,结束
学年,,2026-08-31,2027-08-29
学期,第一学期,2026-08-31,2027-01-15
期初,,2026-08-31,2026-09-18
期中,,2026-11-02,2026-11-20
期末,,2026-12-28,2027-01-15
学期,第二学期,2027-02-22,2027-07-09
期初,,2027-02-22,2027-03-12
期中,,2027-05-03,2027-05-21
期末,,2027-06-21,2027-07-09
放假,国庆节,2026-10-01,2026-10-02
放假,国庆节,2026-10-05,2026-10-07
上班,国庆节调休,2026-10-10,
`,
  )
  const strip = (result: Awaited<ReturnType<typeof xiaoyan>>) => (result.json() as FindingsOutput).findings
  assert.deepEqual(strip(await evaluate({ calendar }, '--json')), strip(await evaluate({}, '--json')))
  const bad = file(
    'bad-calendar.csv',
    '类别,开始,结束\n学年,2026-08-31,2027-08-29\n学期,2026-08-31,2028-01-15\n假,2026-10-01,\n',
  )
  const problems = problemsOf(await evaluate({ calendar: bad }, '--json'))
  assert.ok(
    problems.some((one) => /^bad-calendar\.csv 3 B 学期 .*不在任何一个学年里/.test(one)),
    problems.join('\n'),
  )
  assert.ok(problems.some((one) => one.startsWith('bad-calendar.csv 4 A 不认识的类别“假”')))
})

test('bad files: everything wrong at once, with file, row and column, and nothing computed', async () => {
  const people = file(
    'people.csv',
    '工号,姓名,身份,入职日期,所在组\nt01,陈明,教师,2026-02-30,数学教研组\nt01,王芳,校工头,2015-09-01,体育组\n,李静,教师,,\n',
  )
  const units = file('units.csv', '编号,名称,类别\nmath,数学教研组,教研组\nmath,语文教研组,兴趣班\n')
  const facts = file(
    'facts.csv',
    `编号,种类,对象,日期,数量,作品种类,研修类别,颜色
1,作品已采纳,t01,2026-13-01,,教学反思,,
1,吃饭,t01,2026-09-01,1,,,
3,个人研修,t77,2026-09-01,abc,,,
4,个人研修,t01,2026-09-02,,教学反思,闲书,
5,参加活动,学校,2026-09-02,80,,,
`,
  )
  const result = await evaluate({ people, units, facts }, '--json')
  assert.equal(result.code, 1)
  assert.deepEqual(Object.keys(result.json()), ['problems'])
  const problems = problemsOf(result)
  for (const wanted of [
    /^units\.csv 3 A 编号“math”重复/,
    /^units\.csv 3 不认识的组织类别“兴趣班”/,
    /^people\.csv 2 D .*2月没有30日/,
    /^people\.csv 3 A 工号“t01”重复，第 2 行已经有了/,
    /^people\.csv 3 C “人员类别”不能填“校工头”；可以填：教师、职员/,
    /^people\.csv 3 E 组织文件里没有“体育组”/,
    /^people\.csv 4 A 缺少工号/,
    /^facts\.csv 1 H 不认识的列“颜色”/,
    /^facts\.csv 2 D .*没有13月/,
    /^facts\.csv 3 A 记录编号“1”重复/,
    /^facts\.csv 3 B 不认识的事实种类“吃饭”/,
    /^facts\.csv 4 C 名册和组织里没有“t77”/,
    /^facts\.csv 4 E “abc”不是数字/,
    /^facts\.csv 5 E “个人研修”要写时长（分钟）/,
    /^facts\.csv 5 F “个人研修”没有“作品种类”这个属性/,
    /^facts\.csv 5 G “研修类别”不能填“闲书”；可以填：.*theory/,
    /^facts\.csv 6 C “参加活动”记在个人名下，不能记在学校名下/,
  ])
    assert.ok(
      problems.some((problem) => wanted.test(problem)),
      `${wanted} among\n${problems.join('\n')}`,
    )
  assert.equal(problems.length, 17, problems.join('\n'))
  const plain = await evaluate({ people, units, facts })
  assert.equal(plain.code, 1)
  assert.match(plain.err, /people\.csv 第 3 行 A 列：工号“t01”重复/)
})

test('missing columns, missing files, garbage and JSON of another form are refused with a sentence', async () => {
  const of = async (changes: Record<string, string>) => {
    const result = await xiaoyan('evaluate', '--regime', sample, ...given(changes), '--json')
    assert.equal(result.code, 1)
    return problemsOf(result).join('\n')
  }
  assert.match(
    await of({ people: file('a.csv', '姓名,身份\n陈明,教师\n') }),
    /a\.csv 1 没有“工号”这一列；这一行是：姓名、身份/,
  )
  assert.match(await of({ facts: join(folder, 'nowhere.csv') }), /没有这个文件/)
  assert.match(await of({ facts: folder }), /这是一个文件夹/)
  assert.match(await of({ people: file('a.docx', 'x') }), /不能读取这一类文件/)
  assert.match(
    await of({ people: file('b.csv', new Uint8Array([0xff, 0x00, 0x81, 0x00, 0x9d])) }),
    /文字编码/,
  )
  assert.match(await of({ people: file('c.csv', '') }), /空的/)
  assert.match(await of({ people: file('d.xlsx', 'PK\u0003\u0004 nothing') }), /损坏|不完整/)
  assert.match(await of({ calendar: file('a.json', '{"schoolYears":[]') }), /文件格式不对/)
  const wrong = await of({
    facts: file(
      'b.json',
      '[\n{"kind":"work.accepted","subject":{"kind":"person","id":"t01"},"on":"2026-02-30","attributes":{"colour":"red"}},\n{"kind":"x"}]',
    ),
  })
  assert.match(wrong, /b\.json 2 0\.on 日历上没有这一天/)
  assert.match(wrong, /b\.json 3 1\.subject 缺少 subject/)
  const unknown = await of({
    facts: file(
      'c.json',
      '[{"kind":"study.logged","subject":{"kind":"person","id":"t01"},"on":"2026-09-01","attributes":{"colour":"red"}}]',
    ),
  })
  assert.match(unknown, /“个人研修”没有属性“colour”/)
  assert.match(unknown, /要写时长（分钟）/)
  assert.match(await of({ 'school-year': '2030-2031' }), /校历里没有学年 2030-2031；有：2026-2027/)
  assert.match(await of({ on: '2029-01-01' }), /2029-01-01 不在校历的任何一个学年里/)
})

test('an unknown regime, person or rule is refused; a broken regime is shown with its lines', async () => {
  assert.match(
    problemsOf(await xiaoyan('evaluate', '--regime', 'nothing', ...given(), '--json')).join(),
    /没有这个文件/,
  )
  const asked = await evaluate({}, '--person', 't99', '--rule', 'sample-99', '--json')
  assert.equal(asked.code, 1)
  assert.match(problemsOf(asked).join(), /名册里没有这个人.*制度里没有这条规则/s)
  const broken = file('broken.yaml', sampleText('regime.yaml').replace('per: fortnight', 'per: twoWeeks'))
  const [problem] = problemsOf(await xiaoyan('evaluate', '--regime', broken, ...given(), '--json'))
  const line =
    sampleText('regime.yaml')
      .split('\n')
      .findIndex((one) => one.includes('per: fortnight')) + 1
  assert.match(problem ?? '', new RegExp(`^broken\\.yaml ${line} rules\\.0\\.per 不认识的周期 "twoWeeks"`))
})

test('try says who fares differently and why', async () => {
  const result = await xiaoyan('try', '--old', sample, '--new', `${sample}/new`, ...given(), '--json')
  assert.equal(result.code, 0, result.out)
  const { summary, differences } = result.json() as {
    summary: { differences: Record<string, number>; subjects: Record<string, number> }
    differences: {
      ruleId: string
      subject: { id: string }
      direction: string
      old: { value: number; target: number; sentence: string } | null
      new: { value: number; target: number; result: string | null; sentence: string } | null
    }[]
  }
  assert.deepEqual(summary.differences, { better: 3, worse: 6, changed: 6, added: 5, removed: 0 })
  assert.equal(differences.length, 20)
  const find = (ruleId: string, id: string) =>
    differences.find((one) => one.ruleId === ruleId && one.subject.id === id)
  const absent = find('sample-04', 't02')
  assert.deepEqual([absent?.direction, absent?.old?.target, absent?.new?.target], ['worse', 3, 2])
  assert.equal(absent?.new?.result, '教导处谈话')
  const speech = find('sample-06', 't02')
  assert.deepEqual([speech?.direction, speech?.old], ['added', null])
  assert.match(find('sample-02', 't03')?.old?.sentence ?? '', /应完成个人研修 20 学时，已完成 22 学时/)
  assert.match(
    find('sample-02', 't03')?.new?.sentence ?? '',
    /应完成个人研修 24 学时，已完成 22 学时，还差 2 学时/,
  )
  assert.equal(find('sample-01', 't02')?.direction, 'better')
  const same = await xiaoyan('try', '--old', sample, '--new', sample, ...given())
  assert.match(same.out, /结果都一样/)
})

test('rules of the district office are tried with --level district, and bind no school', async () => {
  const at = `${sample}/district`
  const files = { people: `${at}/people.csv`, units: `${at}/units.csv`, facts: `${at}/facts.csv` }
  const read = async (...more: string[]) => {
    const result = await xiaoyan(
      'evaluate',
      '--regime',
      'yuyang-district',
      ...given(files),
      ...more,
      '--json',
    )
    assert.equal(result.code, 0, result.out)
    return findingsSchema.parse(result.json()).findings ?? []
  }
  const own = await read('--level', 'district')
  const find = (ruleId: string) => own.find((one) => one.ruleId === ruleId)
  // Three inspections of two schools: each school counts once.
  const plans = find('yuyang-district-21')
  assert.deepEqual([plans?.subject.name, plans?.state, plans?.value, plans?.target], ['本区', 'partly', 2, 3])
  assert.match(find('yuyang-district-16')?.trace.sentence ?? '', /领导小组/)
  const wrong = await xiaoyan('evaluate', '--regime', 'yuyang-district', ...given(files), '--json')
  assert.match(problemsOf(wrong).join(), /没有“区”/)
  const facts = file('as-school.csv', sampleText('district/facts.csv').replaceAll(',区,', ',学校,'))
  const school = await xiaoyan(
    'evaluate',
    '--regime',
    'yuyang-district',
    ...given({ ...files, facts }),
    '--json',
  )
  assert.equal(
    (school.json() as FindingsOutput).findings?.some((one) => one.ruleId === 'yuyang-district-21'),
    false,
  )
  const more = file(
    'more-schools.yaml',
    getRegimeText('yuyang-district').replace(/(schoolsInDistrict: .*value: )3/, '$12'),
  )
  const words = ['--old', 'yuyang-district', '--new', more, ...given(files), '--level']
  const tried = (await xiaoyan('try', ...words, 'district', '--json')).json() as {
    differences: { ruleId: string; direction: string }[]
  }
  assert.deepEqual(
    tried.differences.map((one) => [one.ruleId, one.direction]),
    [['yuyang-district-21', 'better']],
  )
  assert.match(problemsOf(await xiaoyan('try', ...words, 'county', '--json')).join(), /--level 只能写 school/)
})

test('regimes check runs the cases and shows what was expected and what came out', async () => {
  const own = join(folder, 'own')
  mkdirSync(join(own, 'first'), { recursive: true })
  writeFileSync(join(own, 'first/regime.yaml'), sampleText('regime.yaml'))
  const cases = sampleText('cases.yaml').replace(
    '{ state: done, value: 20, target: 20 }',
    '{ state: done, value: 21, target: 20 }',
  )
  writeFileSync(join(own, 'first/cases.yaml'), cases)
  const result = await xiaoyan('regimes', 'check', own, '--json')
  assert.equal(result.code, 1)
  const { ok, regimes } = result.json() as {
    ok: boolean
    regimes: { cases: { count: number; failed: { line: number; name: string; differences: unknown[] }[] } }[]
  }
  assert.equal(ok, false)
  assert.equal(regimes[0]?.cases.count, 3)
  assert.deepEqual(
    regimes[0]?.cases.failed.map(({ line, name, differences }) => ({ line, name, differences })),
    [
      {
        line: 3,
        name: '二十学时正好够',
        differences: [{ part: 'value', expected: '21', found: '20', message: 'value 应为 21，实为 20' }],
      },
    ],
  )
  const plain = await xiaoyan('regimes', 'check', join(own, 'first'))
  assert.match(
    plain.out,
    /cases\.yaml 第 3 行：例题“二十学时正好够”（sample-02）不符\n\s+value 应为 21，实为 20/,
  )
  writeFileSync(
    join(own, 'first/cases.yaml'),
    '- { name: 一题, rule: sample-01, on: 2026-09-20, expect: {} }\n',
  )
  assert.match((await xiaoyan('regimes', 'check', own)).out, /cases\.yaml 第 1 行：缺少 period/)
})

test('regimes check shows mistakes with their lines, and fails for warnings only when asked', async () => {
  const broken = file(
    'check.yaml',
    sampleText('regime.yaml').replace('fact: work.accepted, where', 'fact: work.acepted, where'),
  )
  const result = await xiaoyan('regimes', 'check', broken)
  assert.equal(result.code, 1)
  assert.match(result.out, /check\.yaml 第 \d+ 行：不认识的事实种类 work\.acepted/)
  const odd = file(
    'odd.yaml',
    sampleText('regime.yaml').replace('max: 20', 'max: 5').replace('max: 20', 'max: 5'),
  )
  const tolerant = await xiaoyan('regimes', 'check', odd)
  assert.equal(tolerant.code, 0)
  assert.match(tolerant.out, /odd\.yaml 第 \d+ 行：提醒：各项上限加起来只有 10 分，谁也达不到“优秀”的 30 分/)
  assert.equal((await xiaoyan('regimes', 'check', odd, '--strict')).code, 1)
})

test('the schemas in the repository are those of the code; `node boot.mjs schemas` writes them anew', () => {
  for (const [name, text] of listSchemas())
    assert.equal(
      readFileSync(join(schemasFolder, name), 'utf8'),
      text,
      `schemas/${name} is out of date: run node boot.mjs schemas`,
    )
})

test('every regime that comes with the program meets the schema for editors, one without a clause does not', () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(schemasFolder, 'regime.schema.json'), 'utf8')))
  for (const id of [...listRegimeIds(), ...listExampleIds()]) {
    const result = schema.safeParse(parse(getRegimeText(id)))
    assert.ok(result.success, `${id}: ${result.success ? '' : result.error.message}`)
  }
  const broken = parse(getRegimeText('xinglong')) as { rules: { clause?: string }[] }
  delete broken.rules[0]?.clause
  assert.equal(schema.safeParse(broken).success, false)
})
