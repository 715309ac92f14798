import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { getRegime, getRegimeText, listRegimeIds } from '../../regimes/read.ts'
import { recordFacts } from '../facts/actions.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as actions from './actions.ts'
import { regimesInForce, findOwnRegime, adoptRegime } from './adoption.ts'
import type { DraftPage, TrialPage, VersionsPage } from './drafts-contract.ts'
import { readText, withoutReferences } from './regime-text.ts'

// The clock stands at 2026-11-18, in the twelfth week of the term.
const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school, 'own-')
const stranger = await createTestClients(services, other, 'other-')

await school.as('principal', (tx) =>
  adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
)

async function newDraft(origin = 'preset:xinglong'): Promise<string> {
  const made = await call('academicOffice', 'regimeDrafts/createDraft', { origin })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  return made.body.id
}
async function draftOf(
  id: string,
  who: 'academicOffice' | 'principal' = 'academicOffice',
): Promise<DraftPage> {
  const answer = await call(who, 'regimeDrafts/getDraft', { id })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
const fieldOf = (page: DraftPage, ruleId: string, label: string) => {
  const field = page.rules.find((rule) => rule.id === ruleId)?.fields.find((one) => one.label === label)
  assert.ok(field, `${ruleId} ${label}`)
  return field
}
const save = (
  who: 'academicOffice' | 'teacher' | 'principal',
  id: string,
  rowVersion: number,
  changes: unknown,
) => call(who, 'regimeDrafts/saveValues', { id, rowVersion, changes })

describe('comparing regimes', () => {
  test('puts their numbers side by side under the same heads, from the data alone', async () => {
    const answer = await call('teacher', 'regimeDrafts/getComparison', { keys: ['xinglong', 'baihe-5'] })
    assert.equal(answer.status, 200)
    const [one, two] = answer.body.regimes
    assert.deepEqual(
      one.headlines.map((headline: { key: string }) => headline.key),
      two.headlines.map((headline: { key: string }) => headline.key),
    )
    const of = (regime: typeof one, key: string) =>
      regime.headlines
        .find((headline: { key: string }) => headline.key === key)
        .values.map((value: { text: string }) => value.text)
    assert.deepEqual(of(one, 'reflection'), ['教学反思：每两周不少于 1 篇'])
    assert.deepEqual(of(two, 'absence'), ['无故缺席集中培训：满 3 次即“不合格”'])
    assert.equal(one.counts.rules, 37)
  })

  test('takes four at most', async () => {
    const keys = ['xinglong', 'baihe-5', 'xinhongqiao', 'yuyang-district', 'xinglong']
    assert.equal((await call('teacher', 'regimeDrafts/getComparison', { keys })).status, 400)
  })
})

describe('a version of the school', () => {
  test('is made from a preset and shows every setting and rule with its sentence', async () => {
    const page = await draftOf(await newDraft())
    assert.equal(page.rules.length, 37)
    assert.match(page.version, /^2026\.2-\d+$/)
    assert.ok(page.rules.every((rule) => rule.described.length > 0))
    assert.ok(page.settings.some((setting) => setting.label === '一学时的分钟数' && setting.value === 45))
    assert.deepEqual(page.changes, [])
  })

  test('is made from every regime that ships, also where its file uses references', () => {
    const using = listRegimeIds().filter((id) => /[\s[{,]&\w/.test(getRegimeText(id)))
    assert.ok(using.length > 0, 'no regime uses references any more')
    for (const id of using) {
      const { regime, problems } = readText(withoutReferences(getRegimeText(id)), id)
      assert.deepEqual(problems, [])
      assert.deepEqual(regime, getRegime(id))
    }
  })

  test('takes a changed number, says it in the sentence and lists the difference', async () => {
    const id = await newDraft()
    const page = await draftOf(id)
    const least = fieldOf(page, 'xinglong-23', '至少')
    const saved = await save('academicOffice', id, page.rowVersion, [{ path: least.path, value: 2 }])
    assert.equal(saved.status, 200, JSON.stringify(saved.body))
    const changed = await draftOf(id)
    assert.match(changed.rules.find((rule) => rule.id === 'xinglong-23')?.described[0] ?? '', /不少于 2 篇/)
    assert.deepEqual(
      changed.changes.map((change) => [change.label, change.old, change.new]),
      [['教学反思 · 至少', '1', '2']],
    )
    assert.match(changed.text, /原件没有规定的数值都在 settings 里/, 'the remarks of the file stay')
  })

  test('refuses what the language does not allow at its place, and changes nothing', async () => {
    const id = await newDraft()
    const page = await draftOf(id)
    const least = fieldOf(page, 'xinglong-23', '至少')
    const refused = await save('academicOffice', id, page.rowVersion, [{ path: least.path, value: 0 }])
    assert.equal(refused.status, 422)
    assert.ok(refused.body.error.fields[least.path.join('.')], JSON.stringify(refused.body.error))
    const negative = await save('academicOffice', id, page.rowVersion, [{ path: least.path, value: -1 }])
    assert.match(negative.body.error.message, /不能是负数/)
    const hidden = await save('academicOffice', id, page.rowVersion, [{ path: ['id'], value: 'other' }])
    assert.match(hidden.body.error.message, /不能在表单里改/)
    const wrongChoice = await save('academicOffice', id, page.rowVersion, [
      { path: ['rules', 22, 'per'], value: 'moon' },
    ])
    assert.match(wrongChoice.body.error.message, /从给出的选项中选/)
    assert.equal((await draftOf(id)).text, page.text)
  })

  test('refuses to overwrite what a colleague has saved meanwhile', async () => {
    const id = await newDraft()
    const page = await draftOf(id)
    const changes = [{ path: fieldOf(page, 'xinglong-23', '至少').path, value: 2 }]
    assert.equal((await save('academicOffice', id, page.rowVersion, changes)).status, 200)
    const late = await save('principal', id, page.rowVersion, changes)
    assert.equal(late.status, 409)
    assert.match(late.body.error.message, /刚被别人改过/)
  })

  test('switches a rule off only with a reason; what rests on it must go too', async () => {
    const id = await newDraft()
    const switchRule = (rowVersion: number, ruleId: string, because: string, off = true) =>
      call('academicOffice', 'regimeDrafts/switchRule', { id, rowVersion, ruleId, off, because })
    const without = await switchRule(1, 'xinglong-24', '')
    assert.match(without.body.error.message, /写明理由/)
    assert.equal((await switchRule(1, 'xinglong-24', '本校与教研活动合办')).status, 200)
    const page = await draftOf(id)
    assert.equal(page.rules.find((rule) => rule.id === 'xinglong-24')?.off?.because, '本校与教研活动合办')
    assert.deepEqual(page.problems, [])
    // The certificate rests on the score.
    assert.equal((await switchRule(2, 'xinglong-34', '本学年暂不评分')).status, 200)
    const broken = await draftOf(id)
    assert.ok(broken.problems.some((problem) => /不是评分规则/.test(problem.message)))
    const submit = await call('academicOffice', 'regimeDrafts/submitDraft', {
      id,
      rowVersion: broken.rowVersion,
      schoolYearId: '2026-2027',
      from: '2026-12-01',
    })
    assert.match(submit.body.error.message, /还不能提交/)
    assert.equal((await switchRule(3, 'xinglong-34', '', false)).status, 200)
    assert.deepEqual((await draftOf(id)).problems, [])
  })
})

describe('a whole file of the school', () => {
  const send = (text: string) =>
    call('academicOffice', 'regimeDrafts/createFromText', { text, fileName: '我校制度.yaml' })

  test('is taken when it can be read', async () => {
    const text = getRegimeText('baihe-5')
      .replaceAll('baihe-5', 'qingshan')
      .replace(/^title: .*$/m, 'title: 青山小学制度')
    const made = await send(text)
    assert.equal(made.status, 200, JSON.stringify(made.body))
    assert.equal((await draftOf(made.body.id)).title, '青山小学制度')
  })

  test('is refused with line and sentence when a value has no source', async () => {
    const refused = await send(getRegimeText('xinglong').replace('    clause: 二.7\n', ''))
    assert.equal(refused.status, 422)
    assert.match(refused.body.error.message, /第 \d+ 行：没有写明条款号/)
  })

  test('is refused when it is a bomb: references, depth, length', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
      .join('\n')}`
    assert.match((await send(bomb)).body.error.message, /不能用引用/)
    assert.match((await send('['.repeat(20_000))).body.error.message, /嵌套/)
    assert.match((await send('字'.repeat(500_000))).body.error.message, /文件太长/)
    assert.match((await send('')).body.error.message, /空的/)
    assert.equal((await send('a: [')).status, 422)
  })
})

describe('from draft to force', () => {
  test('教导处 submits, only the principal confirms, and the version binds from its day', async () => {
    const id = await newDraft()
    const page = await draftOf(id)
    await save('academicOffice', id, page.rowVersion, [
      { path: fieldOf(page, 'xinglong-23', '至少').path, value: 3 },
    ])
    const when = { id, rowVersion: page.rowVersion + 1, schoolYearId: '2026-2027' }
    const taken = await call('academicOffice', 'regimeDrafts/submitDraft', { ...when, from: '2026-08-31' })
    assert.match(taken.body.error.message, /同一天不能有两个版本/)
    const outside = await call('academicOffice', 'regimeDrafts/submitDraft', { ...when, from: '2028-01-01' })
    assert.match(outside.body.error.message, /不在这个学年内/)
    assert.equal(
      (await call('academicOffice', 'regimeDrafts/submitDraft', { ...when, from: '2026-12-01' })).status,
      200,
    )
    const submitted = await draftOf(id)
    assert.match(submitted.warnings.join(''), /也按新版本重新计算/)
    const frozen = await save('academicOffice', id, submitted.rowVersion, [
      { path: ['rules', 22, 'atLeast'], value: 4 },
    ])
    assert.match(frozen.body.error.message, /等待确认/)
    const notPrincipal = await call('academicOffice', 'regimeDrafts/confirmDraft', {
      id,
      rowVersion: submitted.rowVersion,
    })
    assert.equal(notPrincipal.status, 403)
    const confirmed = await call('principal', 'regimeDrafts/confirmDraft', {
      id,
      rowVersion: submitted.rowVersion,
    })
    assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
    const least = async (day: string) =>
      (await school.as('system', (tx) => findOwnRegime(tx, day)))?.rules.find(
        (rule) => rule.id === 'xinglong-23',
      )?.atLeast
    assert.equal(await least('2026-11-30'), 1)
    assert.equal(await least('2026-12-01'), 3)

    const versions: VersionsPage = (await call('principal', 'regimeDrafts/listVersions', {})).body
    const [latest, first] = versions.adoptions
    assert.equal(latest?.fromOn, '2026-12-01')
    assert.equal(latest?.withdraw, null)
    assert.match(first?.withdraw ?? '', /已经施行/)
    const difference = await call('principal', 'regimeDrafts/getDifference', {
      adoptionId: latest?.id,
      againstId: first?.id,
    })
    assert.deepEqual(
      difference.body.changes.map((change: { label: string; new: string }) => [change.label, change.new]),
      [['教学反思 · 至少', '3']],
    )
    const again = await call('principal', 'regime/adopt', {
      regimeId: 'baihe-5',
      schoolYearId: '2026-2027',
      from: '2026-12-01',
    })
    assert.match(again.body.error.message, /同一天不能有两个版本/)

    const withdrawn = await call('principal', 'regimeDrafts/withdrawAdoption', {
      adoptionId: latest?.id,
      because: '还要再讨论',
    })
    assert.equal(withdrawn.status, 200)
    assert.equal(await least('2026-12-01'), 1)
    assert.equal((await draftOf(id)).state, 'draft')
  })

  test('a rule that is switched off binds nobody and stands on the page with its reason', async () => {
    const id = await newDraft()
    const because = '本校与教研活动合办'
    await call('academicOffice', 'regimeDrafts/switchRule', {
      id,
      rowVersion: 1,
      ruleId: 'xinglong-24',
      off: true,
      because,
    })
    await call('academicOffice', 'regimeDrafts/submitDraft', {
      id,
      rowVersion: 2,
      schoolYearId: '2026-2027',
      from: '2027-03-01',
    })
    const confirmed = await call('principal', 'regimeDrafts/confirmDraft', { id, rowVersion: 3 })
    const { adoptionId } = confirmed.body
    const page = (await call('teacher', 'regime/getRegimePage', { adoptionId })).body
    assert.deepEqual(page.switchedOff, [{ clause: '二.8', title: '全校理论学习', because }])
    assert.ok(!page.clauses.some((clause: { ruleId: string }) => clause.ruleId === 'xinglong-24'))
    const next = await draftOf(await newDraft(`adoption:${adoptionId}`))
    assert.equal(next.rules.find((rule) => rule.id === 'xinglong-24')?.off?.because, because)
    const taken = await call('principal', 'regimeDrafts/withdrawAdoption', { adoptionId, because: '试完' })
    assert.equal(taken.status, 200)
  })

  test('is returned with a reason only', async () => {
    const id = await newDraft()
    await call('academicOffice', 'regimeDrafts/submitDraft', {
      id,
      rowVersion: 1,
      schoolYearId: '2026-2027',
      from: '2026-12-15',
    })
    const silent = await call('principal', 'regimeDrafts/returnDraft', { id, because: '' })
    assert.match(silent.body.error.message, /写明原因/)
    assert.equal(
      (await call('principal', 'regimeDrafts/returnDraft', { id, because: '学时偏多' })).status,
      200,
    )
    const page = await draftOf(id)
    assert.equal(page.state, 'draft')
    assert.equal(page.remark, '学时偏多')
  })

  test('a past school year cannot be given another version', async () => {
    const id = await newDraft()
    const refused = await call('academicOffice', 'regimeDrafts/submitDraft', {
      id,
      rowVersion: 1,
      schoolYearId: '2020-2021',
      from: '2020-09-01',
    })
    assert.match(refused.body.error.message, /还没有 2020-2021 学年/)
  })
})

describe('试算', () => {
  test('says who would fare worse and why, and writes nothing', async () => {
    await school.as('system', (tx) =>
      recordFacts(
        tx,
        ['2026-09-03', '2026-09-17', '2026-10-15'].map((on) => ({
          kind: 'work.accepted' as const,
          subject: { kind: 'person' as const, id: school.people.teacher },
          on,
          quantity: 1,
          attributes: { workKind: 'reflection', characters: 900, parts: [] },
          source: { room: 'work', id: newId() },
          key: `trial:${on}`,
        })),
      ),
    )
    const id = await newDraft()
    const page = await draftOf(id)
    await save('academicOffice', id, page.rowVersion, [
      { path: fieldOf(page, 'xinglong-23', '至少').path, value: 2 },
    ])
    const answer = await call('academicOffice', 'regimeDrafts/getTrial', { id })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const trial: TrialPage = answer.body
    assert.deepEqual(
      trial.rules.map((rule) => rule.ruleId),
      ['xinglong-23'],
    )
    const row = trial.rows.find(
      (one) => one.subject.id === school.people.teacher && one.old?.state === 'done',
    )
    assert.ok(row, JSON.stringify(trial.rows.slice(0, 3)))
    assert.equal(row.direction, 'worse')
    assert.equal(row.old?.figure, '1/1 篇')
    assert.equal(row.new?.figure, '1/2 篇')
    const none = await call('academicOffice', 'regimeDrafts/getTrial', { id, ruleId: 'xinglong-01' })
    assert.equal(none.body.total, 0)
  })
})

describe('open readings', () => {
  test('are listed with their defaults, confirmed with name and day, and open again when the value changes', async () => {
    const id = await newDraft()
    const page = await draftOf(id)
    const open = page.readings.filter((row) => row.decided === null)
    assert.ok(open.length > 10, `only ${open.length} readings`)
    const decide = (who: 'teacher' | 'academicOffice') =>
      call(who, 'regimeDrafts/decideReading', { draftId: id, setting: 'passScore' })
    assert.equal((await decide('teacher')).status, 403)
    assert.equal((await decide('academicOffice')).status, 200)
    const reading = async () => (await draftOf(id)).readings.find((row) => row.setting === 'passScore')
    assert.deepEqual((await reading())?.decided, { by: '吴静', on: '2026-11-18', decision: 'kept' })
    await save('principal', id, page.rowVersion, [{ path: ['settings', 'passScore', 'value'], value: 70 }])
    assert.deepEqual((await reading())?.decided, { by: '周明远', on: '2026-11-18', decision: 'changed' })
    const inForce = (await call('academicOffice', 'regimeDrafts/getReadings', {})).body
    assert.equal(
      inForce.rows.find((row: { setting: string }) => row.setting === 'passScore').decided,
      null,
      'what is in force still says 60, which is open again',
    )
    const settled = await call('academicOffice', 'regimeDrafts/decideReading', { setting: 'fundPerTerm' })
    assert.match(settled.body.error.message, /条款已有规定/)
  })
})

describe('who may', () => {
  test('teachers neither see nor make versions', async () => {
    const id = await newDraft()
    for (const [path, input] of [
      ['regimeDrafts/listVersions', {}],
      ['regimeDrafts/getDraft', { id }],
      ['regimeDrafts/getTrial', { id }],
      ['regimeDrafts/createDraft', { origin: 'preset:xinglong' }],
      ['regimeDrafts/saveValues', { id, rowVersion: 1, changes: [{ path: ['version'], value: '9' }] }],
      ['regimeDrafts/discardDraft', { id }],
    ] as const) {
      const answer = await call('teacher', path, input)
      assert.equal(answer.status, 403, path)
      assert.match(answer.body.error.message, /校长/)
    }
  })

  test('another school is told that there is no such version', async () => {
    const id = await newDraft()
    for (const path of ['getDraft', 'getTrial', 'getDraftFile', 'discardDraft'])
      assert.equal((await stranger.call('principal', `regimeDrafts/${path}`, { id })).status, 404, path)
    const copied = await stranger.call('principal', 'regimeDrafts/createDraft', { origin: `draft:${id}` })
    assert.equal(copied.status, 404)
  })
})

test('a district makes its regime in the same way and hands it to its schools', async () => {
  const districtId = newId()
  const { createOrganisation, createPerson, appoint } = await import('../org/actions.ts')
  const { saveSchoolYear } = await import('../calendar/store.ts')
  const { loadActor } = await import('../access/actions.ts')
  const drafts = await import('./drafts.ts')
  const system = systemActor('test')
  const officer = await services.inOrganisation(districtId, system, async (tx) => {
    await createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null })
    await saveSchoolYear(tx, { id: '2026-2027', from: '2026-08-31', to: '2027-07-09' })
    const personId = await createPerson(tx, {
      staffNumber: '900',
      name: '区教研员',
      from: '2020-09-01',
      attributes: {},
    })
    await appoint(tx, { personId, role: 'districtOfficer', title: '教研员', from: '2020-09-01' })
    return (await loadActor(tx, { accountId: null, personId })).actor
  })
  const member = await createTestSchool(services, '区属学校', districtId)
  await services.inOrganisation(districtId, officer, async (tx) => {
    const { id } = await drafts.createDraft(tx, { origin: 'preset:yuyang-district' })
    await drafts.submitDraft(tx, { id, rowVersion: 1, schoolYearId: '2026-2027', from: '2026-09-01' })
    await drafts.confirmDraft(tx, { id, rowVersion: 2 })
  })
  await actions.recomputeMarked(services, districtId, system)
  const received = await member.as('system', (tx) => regimesInForce(tx, tx.today))
  assert.deepEqual(
    received.map((one) => [one.level, one.regime.version]),
    [['district', (await member.as('system', (tx) => regimesInForce(tx, tx.today)))[0]?.regime.version]],
  )
  assert.match(received[0]?.regime.version ?? '', /-1$/)
})
