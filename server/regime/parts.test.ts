import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadRegime } from '../../engine/load.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import type { DraftPage } from './drafts-contract.ts'
import type { PartsPage, RuleChoices, RuleForm } from './parts-contract.ts'
import { nextRuleId, problemsOfRule, ruleOf } from './rule-form.ts'

const whole: RuleForm['counts']['where'] = { join: 'all', conditions: [] }
const reflection: RuleForm = {
  kind: 'quota',
  shape: 'amount',
  title: '教学反思',
  clause: '二.7',
  text: '每两周写一篇教学反思。',
  consequence: '',
  binds: { of: 'person', cohort: 'teachers', unitKinds: [] },
  per: 'fortnight',
  counts: {
    fact: 'work.accepted',
    where: { join: 'all', conditions: [{ attribute: 'workKind', operator: 'is', value: 'reflection' }] },
  },
  of: 'subject',
  atLeast: 1,
  measure: 'count',
  unit: '篇',
  form: '',
  reaches: 3,
  result: '',
  scoring: 'weights',
  parts: [],
  bands: [],
  manual: '',
}
const held = { fact: 'activity.held', where: whole }
const groups = { of: 'unit' as const, cohort: '', unitKinds: ['teachingResearchGroup'] }
const theSchool = { of: 'organisation' as const, cohort: '', unitKinds: [] }

describe('a rule written by form', () => {
  test('says which field is missing', () => {
    assert.deepEqual(problemsOfRule(reflection), {})
    const wrong = (change: Partial<RuleForm>) => Object.keys(problemsOfRule({ ...reflection, ...change }))
    assert.deepEqual(wrong({ clause: '', title: '' }), ['title', 'clause'])
    assert.deepEqual(wrong({ atLeast: 0, unit: '' }), ['atLeast', 'unit'])
    assert.deepEqual(wrong({ counts: { fact: 'nothing', where: whole } }), ['counts'])
    assert.deepEqual(wrong({ binds: { of: 'unit', cohort: '', unitKinds: [] } }), ['binds'])
    assert.deepEqual(wrong({ shape: 'manual', manual: '无' }), ['manual'])
    assert.deepEqual(
      wrong({
        shape: 'score',
        parts: [{ label: '平时', amount: 60, most: null, counts: { fact: 'check.scored', where: whole } }],
        bands: [
          { grade: '合格', from: 60 },
          { grade: '合格', from: 80 },
        ],
      }),
      ['bands'],
    )
  })

  test('counts of its people what is never recorded of a group or the school', () => {
    const counts = (rule: Partial<RuleForm>) => ruleOf('a-01', { ...reflection, ...rule }).counts
    assert.deepEqual(counts({}), { fact: 'work.accepted', where: 'workKind == "reflection"' })
    const study = { fact: 'study.logged', where: whole }
    assert.deepEqual(counts({ binds: groups, counts: study }), { fact: 'study.logged', of: 'members' })
    assert.deepEqual(counts({ binds: theSchool, counts: study }), { fact: 'study.logged', of: 'everyone' })
    assert.deepEqual(counts({ binds: theSchool, counts: held }), { fact: 'activity.held' })
  })

  test('bands follow each other without gap, and numbers go on after the highest', () => {
    const { score } = ruleOf('a-01', {
      ...reflection,
      shape: 'score',
      parts: [],
      bands: [
        { grade: '优秀', from: 85 },
        { grade: '不合格', from: 0 },
        { grade: '合格', from: 60 },
      ],
    }) as { score: { bands: { grade: string; from: number; below?: number }[] } }
    assert.deepEqual(
      score.bands.map(({ grade, from, below }) => [grade, from, below]),
      [
        ['不合格', 0, 60],
        ['合格', 60, 85],
        ['优秀', 85, undefined],
      ],
    )
    assert.equal(nextRuleId({ id: 'own', rules: [{ id: 'own-02' }, { id: 'own-09' }] } as never), 'own-10')
  })
})

// The clock stands at 2026-11-18.
const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school, 'own-')
const stranger = await createTestClients(services, other, 'other-')
type Who = Parameters<typeof call>[0]

async function ok<Body>(path: string, input: unknown, who: Who = 'academicOffice'): Promise<Body> {
  const answer = await call(who, path, input)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body as Body
}
const partsOf = (id: string) => ok<PartsPage>('regimeParts/getParts', { id })
const draftOf = (id: string) => ok<DraftPage>('regimeDrafts/getDraft', { id })
const newDraft = async (preset = 'xinglong') =>
  (await ok<{ id: string }>('regimeDrafts/createDraft', { origin: `preset:${preset}` })).id
const newEmpty = async () =>
  (
    await ok<{ id: string }>('regimeParts/createEmpty', {
      title: '青山小学校本研修制度',
      issuedBy: '青山小学',
    })
  ).id

describe('a regime from nothing', () => {
  test('gets a rule of every shape by form, each with its clause, and can then be put in force', async () => {
    const id = await newEmpty()
    const start = await draftOf(id)
    assert.equal(start.rules.length, 0)
    const when = { schoolYearId: '2026-2027', from: '2026-12-01' }
    const early = await call('academicOffice', 'regimeDrafts/submitDraft', { id, rowVersion: 1, ...when })
    assert.match(early.body.error.message, /还没有规则/)
    let { rowVersion } = await ok<{ rowVersion: number }>('regimeParts/saveForm', {
      id,
      rowVersion: 1,
      form: '',
      label: '活动记录',
      clause: '三.1',
      about: { for: 'minutes', level: null, workKind: '' },
      sections: [
        { section: '', label: '活动过程', hint: '', required: true },
        { section: '', label: '照片', hint: '', required: false },
      ],
    })
    const formId = (await partsOf(id)).forms[0]?.id ?? ''
    const absent = {
      fact: 'activity.attended',
      where: { join: 'all', conditions: [{ attribute: 'status', operator: 'is', value: 'absent' }] },
    }
    const part = (label: string, fact: string) => ({
      label,
      amount: 50,
      most: null,
      counts: { fact, where: whole },
    })
    const rules: Record<string, Partial<RuleForm>>[] = [
      { quota: {} },
      { cadence: { kind: 'cadence', title: '教研活动', binds: groups, counts: held, unit: '次' } },
      {
        doc: {
          kind: 'doc',
          title: '学校计划',
          binds: theSchool,
          per: 'term',
          unit: '份',
          counts: {
            fact: 'plan.filed',
            where: { join: 'all', conditions: [{ attribute: 'paper', operator: 'is', value: 'plan' }] },
          },
        },
      },
      {
        form: {
          kind: 'form',
          shape: 'form',
          title: '记录齐全',
          binds: groups,
          counts: held,
          form: formId,
          unit: '次',
        },
      },
      {
        limit: {
          kind: 'link',
          shape: 'limit',
          title: '缺席',
          per: 'term',
          counts: absent as RuleForm['counts'],
          result: '不合格',
        },
      },
      {
        score: {
          kind: 'score',
          shape: 'score',
          title: '考核',
          per: 'schoolYear',
          parts: [part('平时', 'check.scored'), part('年终', 'evaluation.scored')],
          bands: [
            { grade: '合格', from: 60 },
            { grade: '不合格', from: 0 },
          ],
        },
      },
      {
        manual: {
          kind: 'act',
          shape: 'manual',
          title: '氛围',
          binds: theSchool,
          per: 'schoolYear',
          manual: '只能由人看',
        },
      },
    ]
    for (const one of rules)
      for (const [name, change] of Object.entries(one)) {
        const rule = { ...reflection, consequence: '', ...change }
        const added = await call('academicOffice', 'regimeParts/addRule', { id, rowVersion, rule })
        assert.equal(added.status, 200, `${name}: ${JSON.stringify(added.body)}`)
        rowVersion = added.body.rowVersion
      }
    const page = await draftOf(id)
    assert.equal(page.rules.length, rules.length)
    const { regime, problems } = loadRegime(page.text, '青山.yaml')
    assert.deepEqual(problems, [])
    assert.deepEqual(
      regime?.rules.map((rule) => [rule.kind, rule.clause]),
      ['quota', 'cadence', 'doc', 'form', 'link', 'score', 'act'].map((kind) => [kind, '二.7']),
    )
    assert.match(page.rules[0]?.described.join('') ?? '', /教师.*教学反思.*每两周不少于 1 篇/)
    // Numbers can be changed at once like those of any other rule.
    assert.ok(page.rules[0]?.fields.some((field) => field.label === '至少' && field.value === 1))

    const removed = await ok<{ rowVersion: number }>('regimeParts/removeRule', {
      id,
      rowVersion,
      ruleId: page.rules[6]?.id,
    })
    assert.equal((await draftOf(id)).rules.length, 6)
    await ok('regimeDrafts/submitDraft', { id, rowVersion: removed.rowVersion, ...when })
    await ok('regimeDrafts/confirmDraft', { id, rowVersion: removed.rowVersion + 1 }, 'principal')
  })

  test('is refused by sentence where a field is missing, and only for those who revise regimes', async () => {
    const id = await newEmpty()
    const rule = { ...reflection, clause: '' }
    const refused = await call('academicOffice', 'regimeParts/addRule', { id, rowVersion: 1, rule })
    assert.match(refused.body.error.message, /请写条款号/)
    assert.ok(refused.body.error.fields.clause)
    const wordless = {
      ...reflection,
      counts: {
        fact: 'work.accepted',
        where: { join: 'all', conditions: [{ attribute: 'workKind', operator: 'is', value: 'song' }] },
      },
    }
    const unknown = await call('academicOffice', 'regimeParts/addRule', { id, rowVersion: 1, rule: wordless })
    assert.match(unknown.body.error.message, /没有保存：.*song/)
    for (const [who, status] of [
      ['leader', 403],
      ['teacher', 403],
    ] as const) {
      assert.equal(
        (await call(who, 'regimeParts/addRule', { id, rowVersion: 1, rule: reflection })).status,
        status,
      )
      assert.equal((await call(who, 'regimeParts/getParts', { id })).status, status)
      assert.equal(
        (await call(who, 'regimeParts/createEmpty', { title: '制度', issuedBy: '学校' })).status,
        status,
      )
    }
    assert.equal((await stranger.call('principal', 'regimeParts/getParts', { id })).status, 404)
    const stale = await call('academicOffice', 'regimeParts/addRule', { id, rowVersion: 9, rule: reflection })
    assert.equal(stale.status, 409)
  })

  test('the choices name records, words and groups in Chinese', async () => {
    const { facts, cohorts } = await ok<RuleChoices>('regimeParts/getRuleChoices', { id: await newEmpty() })
    const work = facts.find((fact) => fact.kind === 'work.accepted')
    assert.ok(work?.isKept)
    const kinds = work.attributes.find((attribute) => attribute.name === 'workKind')
    assert.ok(kinds?.options.some((option) => option.label === '教学反思'))
    assert.deepEqual(cohorts, [{ id: 'teachers', label: '教师' }])
  })
})

describe('cohorts', () => {
  test('say live whom a condition meets, and are saved in the language of the regime', async () => {
    const id = await newDraft('baihe-3')
    const leaders = {
      join: 'any',
      conditions: [
        { attribute: 'roles', operator: 'has', value: 'groupLeader' },
        { attribute: 'roles', operator: 'has', value: 'principal' },
      ],
    }
    const count = await ok<PartsPage['cohorts'][number]['count']>('regimeParts/getCohortCount', {
      id,
      conditions: leaders,
    })
    assert.deepEqual([count.matched, count.of, count.names], [2, 6, ['陈立新', '周明远']])
    const unknown = { join: 'all', conditions: [{ attribute: 'age', operator: 'below', value: 35 }] }
    const young = await ok<typeof count>('regimeParts/getCohortCount', { id, conditions: unknown })
    assert.deepEqual([young.matched, young.undecided.names.length, young.undecided.missing], [0, 6, ['年龄']])

    const cohort = { id, cohort: '', label: '带头人', conditions: leaders, clause: '', note: '' }
    const sourceless = await call('academicOffice', 'regimeParts/saveCohort', { ...cohort, rowVersion: 1 })
    assert.match(sourceless.body.error.message, /请写依据/)
    await ok('regimeParts/saveCohort', { ...cohort, rowVersion: 1, note: '校务会议定' })
    const made = (await partsOf(id)).cohorts.find((one) => one.label === '带头人')
    assert.deepEqual([made?.conditions, made?.count.matched, made?.usedBy], [leaders, 2, []])
    assert.match((await draftOf(id)).text, /"groupLeader" in roles \|\| "principal" in roles/)

    const used = (await partsOf(id)).cohorts.find((one) => one.usedBy.length > 0)
    const kept = await call('academicOffice', 'regimeParts/removeCohort', {
      id,
      rowVersion: 2,
      cohort: used?.id,
    })
    assert.match(kept.body.error.message, /还有规则用到/)
    await ok('regimeParts/removeCohort', { id, rowVersion: 2, cohort: made?.id })
    assert.ok(!(await partsOf(id)).cohorts.some((one) => one.label === '带头人'))
  })

  test('a rule that binds nobody of the roster is remarked upon in the draft', async () => {
    const id = await newEmpty()
    const conditions = { join: 'all', conditions: [{ attribute: 'subject', operator: 'is', value: '音乐' }] }
    await ok('regimeParts/saveCohort', {
      id,
      rowVersion: 1,
      cohort: '',
      label: '音乐教师',
      conditions,
      clause: '一',
      note: '',
    })
    const cohort = (await partsOf(id)).cohorts.at(-1)?.id ?? ''
    const rule = { ...reflection, binds: { of: 'person', cohort, unitKinds: [] } }
    await ok('regimeParts/addRule', { id, rowVersion: 2, rule })
    const remarks = (await draftOf(id)).remarks.map((one) => one.message).join('')
    assert.match(remarks, /按现在的名册，没有人属于“音乐教师”/)
  })
})

describe('forms and words', () => {
  test('sections are renamed, added and put in another order; their old names in records stay', async () => {
    const id = await newDraft()
    const form = (await partsOf(id)).forms.find((one) => one.sections.length > 2)
    assert.ok(form)
    const [first, second, ...rest] = form.sections.map(({ id: section, ...one }) => ({ section, ...one }))
    assert.ok(first && second)
    const sections = [
      second,
      { ...first, label: '改名' },
      ...rest,
      { section: '', label: '新加', hint: '写什么', required: false },
    ]
    const about = { for: 'minutes', level: null, workKind: '' }
    await ok('regimeParts/saveForm', {
      id,
      rowVersion: 1,
      form: form.id,
      label: form.label,
      clause: form.clause,
      about,
      sections,
    })
    const saved = (await partsOf(id)).forms.find((one) => one.id === form.id)?.sections ?? []
    assert.deepEqual(
      saved.slice(0, 2).map((one) => [one.id, one.label]),
      [
        [second.section, second.label],
        [first.section, '改名'],
      ],
    )
    assert.deepEqual([saved.at(-1)?.label, saved.at(-1)?.required], ['新加', false])
    const used = (await partsOf(id)).forms.find((one) => one.usedBy.length > 0)
    const kept = await call('academicOffice', 'regimeParts/removeForm', { id, rowVersion: 2, form: used?.id })
    assert.match(kept.body.error.message, /还有规则用到/)
  })

  test('a word that a rule names may be renamed, not taken away', async () => {
    const id = await newDraft()
    const list = (await partsOf(id)).lists.find((one) => one.name === 'workKinds')
    assert.ok(list)
    const terms = list.terms.map((term) => ({ term: term.id, label: term.label, clause: term.clause ?? '' }))
    const used = list.terms.find((term) => term.used)
    const save = (rowVersion: number, next: typeof terms) =>
      call('academicOffice', 'regimeParts/saveWords', { id, rowVersion, list: 'workKinds', terms: next })
    const gone = await save(
      1,
      terms.filter((one) => one.term !== used?.id),
    )
    assert.match(gone.body.error.message, /还有规则或表单用到/)
    assert.equal((await save(1, [...terms, { term: '', label: '读书札记', clause: '二.9' }])).status, 200)
    const saved = (await partsOf(id)).lists.find((one) => one.name === 'workKinds')
    assert.deepEqual([saved?.terms.length, saved?.terms.at(-1)?.label], [terms.length + 1, '读书札记'])
    const twice = await save(2, [...terms, { term: '', label: used?.label ?? '', clause: '' }])
    assert.match(twice.body.error.message, /名称相同/)
  })

  test('a rule on which another rests is not taken away', async () => {
    const id = await newDraft()
    const remove = (ruleId: string) =>
      call('academicOffice', 'regimeParts/removeRule', { id, rowVersion: 1, ruleId })
    assert.match((await remove('xinglong-34')).body.error.message, /为依据/)
    assert.equal((await remove('xinglong-99')).status, 404)
    assert.equal((await remove('xinglong-24')).status, 200)
    const page = await draftOf(id)
    assert.equal(page.rules.length, 36)
    assert.ok(page.changes.some((change) => change.kind === 'removed' && change.ruleId === 'xinglong-24'))
    assert.match(page.text, /原件没有规定的数值都在 settings 里/, 'the remarks of the file stay')
  })
})
