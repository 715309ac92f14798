import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { getRegimeText } from '../../regimes/read.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as actions from './actions.ts'
import { adoptRegime } from './adoption.ts'
import { dutyKindOf } from './confirmations.ts'
import type { CorrectionsPage, DutiesPage, ResultPage, ResultsPage } from './results-contract.ts'

// The clock stands at 2027-01-11, in the closing window of the first term.
const services = await createTestServices(new Date('2027-01-11T02:00:00Z'))
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school, 'own-')
const stranger = await createTestClients(services, other, 'other-')
const system = systemActor('test')
const { people, groupId } = school

/** The regime as a school that keeps no accounts here would change it: one clause is for people to judge. */
function withManualClause(): string {
  const document = parseDocument(getRegimeText('xinglong'))
  const rules = document.get('rules') as YAMLSeq<YAMLMap>
  const rule = rules.items.find((one) => one.get('id') === 'xinglong-14')
  rule?.delete('form')
  rule?.set('manual', '本校不在这里记帐，请核对学校帐目。')
  return String(document)
}

await school.as('principal', async (tx) => {
  await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' })
  await tx.run(sql`UPDATE regime_adoptions SET source = ${withManualClause()} WHERE org_id = ${tx.orgId}`)
})
const recompute = () => actions.recomputeMarked(services, school.id, system)
const study = (on: string, minutes: number, source = newId()) =>
  school.as('system', (tx) =>
    recordFacts(tx, [
      {
        kind: 'study.logged',
        subject: { kind: 'person', id: people.teacher },
        on,
        quantity: minutes,
        attributes: { studyKind: 'theory', hasExcerpt: true },
        source: { room: 'study', id: source },
        key: `study:${source}`,
      },
    ]),
  )
const holdMeeting = (on: string) =>
  school.as('system', (tx) =>
    recordFacts(tx, [
      {
        kind: 'activity.held',
        subject: { kind: 'unit', id: groupId },
        on,
        quantity: 90,
        attributes: { activityKind: 'teamStudy', scope: 'group' },
        source: { room: 'activity', id: newId() },
        key: `meeting:${on}`,
      },
    ]),
  )
await actions.rebuildOrganisation(services, school.id, system)

describe('what people confirm', () => {
  const duties = async (
    subject?: unknown,
    who: 'academicOffice' | 'leader' = 'academicOffice',
  ): Promise<DutiesPage> => (await call(who, 'regimeResults/listDuties', subject ? { subject } : {})).body
  const school0 = { kind: 'organisation', id: school.id }
  const confirm = (who: Parameters<typeof call>[0], input: object) =>
    call(who, 'regimeResults/confirmDuty', {
      subject: school0,
      ruleId: 'xinglong-14',
      periodId: '2026-2027',
      result: 'done',
      sentence: '账目已核对',
      ...input,
    })

  test('every manual clause waits for the office, with its reason', async () => {
    const page = await duties()
    const row = page.rows.find((one) => one.ruleId === 'xinglong-14')
    assert.equal(row?.kind, 'manual')
    assert.match(row.because, /记帐|帐目/)
    assert.ok(page.counts.open > 0)
  })

  test('a confirmation leaves a fact, settles the finding and is counted apart', async () => {
    const period = (await duties()).rows.find((one) => one.ruleId === 'xinglong-14')?.periods[0]
    assert.ok(period)
    const done = await confirm('academicOffice', { periodId: period.id, link: 'https://example.cn/a' })
    assert.equal(done.status, 200, JSON.stringify(done.body))
    await recompute()
    const row = (await duties()).rows.find((one) => one.ruleId === 'xinglong-14')
    assert.equal(row?.periods[0]?.state, 'done')
    assert.equal(row.periods[0]?.confirmation?.byName, '吴静')
    assert.equal((await duties()).counts.done, 1)
    const board = (await call('principal', 'regime/getSchoolBoard', {})).body
    const manual = board.own.manual.find((one: { ruleId: string }) => one.ruleId === 'xinglong-14')
    assert.equal(manual.confirmed, 'done')
    assert.ok(!board.own.rows.some((one: { ruleId: string }) => one.ruleId === 'xinglong-14'))
    const twice = await confirm('principal', { periodId: period.id })
    assert.match(twice.body.error.message, /已经有人确认过/)
  })

  test('it is withdrawn with a reason and then waits again', async () => {
    const before = (await duties()).rows.find((one) => one.ruleId === 'xinglong-14')?.periods[0]?.confirmation
    assert.ok(before)
    const withdraw = (because: string, who: 'academicOffice' | 'teacher' = 'academicOffice') =>
      call(who, 'regimeResults/withdrawConfirmation', { confirmationId: before.id, because })
    assert.equal((await withdraw('试试', 'teacher')).status, 403)
    assert.match((await withdraw('')).body.error.message, /写明原因/)
    assert.equal((await withdraw('账目还缺一张发票')).status, 200)
    await recompute()
    const page = await duties()
    assert.equal(page.rows.find((one) => one.ruleId === 'xinglong-14')?.periods[0]?.state, 'manual')
    assert.equal(page.withdrawn[0]?.because, '账目还缺一张发票')
  })

  test('refuses what is counted from records, bad links, and a no without a sentence', async () => {
    assert.match(
      (await confirm('academicOffice', { ruleId: 'xinglong-23' })).body.error.message,
      /不能人工确认/,
    )
    assert.match(
      (await confirm('academicOffice', { result: 'notDone', sentence: '' })).body.error.message,
      /用一句话写明/,
    )
    assert.match((await confirm('academicOffice', { link: 'javascript:1' })).body.error.message, /http/)
  })

  test('an act without a number may only be declared not due', () => {
    const regime = { settings: {} } as never
    const rule = (kind: string, atLeast: number) =>
      ({
        kind,
        counts: [],
        atLeast,
        inside: [],
        earlyDays: 0,
        measure: 'count',
        binds: { organisation: true },
      }) as never
    assert.equal(dutyKindOf(regime, rule('act', 1)), 'act')
    assert.equal(dutyKindOf(regime, rule('act', 4)), null)
    assert.equal(dutyKindOf(regime, rule('quota', 1)), null)
  })

  test('a group leader declares a flow of the own group not due, and that excuses it', async () => {
    const third = await createTestSchool(services, '龙潭试验校')
    const client = await createTestClients(services, third, 'third-')
    await third.as('principal', (tx) =>
      adoptRegime(tx, { regimeId: 'longtan', schoolYearId: '2026-2027', from: '2026-08-31' }),
    )
    await actions.rebuildOrganisation(services, third.id, system)
    const own = async (): Promise<DutiesPage> =>
      (await client.call('leader', 'regimeResults/listDuties', {})).body
    const page = await own()
    assert.deepEqual(page.subject.kind, 'unit')
    const row = page.rows.find((one) => one.kind === 'act' && one.periods.length > 0)
    assert.ok(row, JSON.stringify(page.rows.map((one) => one.ruleId)))
    const say = (result: string, sentence: string) =>
      client.call('leader', 'regimeResults/confirmDuty', {
        subject: { kind: 'unit', id: third.groupId },
        ruleId: row.ruleId,
        periodId: row.periods[0]?.id,
        result,
        sentence,
      })
    assert.match((await say('done', '做到了')).body.error.message, /只能声明/)
    assert.equal((await say('notDue', '本学期没有外出培训')).status, 200)
    await actions.recomputeMarked(services, third.id, system)
    const after = (await own()).rows.find((one) => one.ruleId === row.ruleId)?.periods[0]
    assert.equal(after?.state, 'excused')
    assert.equal(after.confirmation?.result, 'notDue')
    const teacher = await client.call('leader', 'regimeResults/listDuties', {
      subject: { kind: 'person', id: third.people.teacher },
    })
    assert.equal(teacher.body.abilities.confirm, null)
    const outsider = await client.call('leader', 'regimeResults/listDuties', {
      subject: { kind: 'person', id: third.people.outsider },
    })
    assert.equal(outsider.status, 403)
  })

  test('teachers and group leaders confirm nothing for the school; other schools find nothing', async () => {
    assert.equal((await confirm('teacher', {})).status, 403)
    assert.equal((await confirm('leader', {})).status, 403)
    assert.equal((await call('teacher', 'regimeResults/listDuties', {})).status, 403)
    const foreign = await stranger.call('principal', 'regimeResults/listDuties', {
      subject: { kind: 'unit', id: groupId },
    })
    assert.equal(foreign.status, 404)
  })
})

describe('corrections', () => {
  test('what is recorded late changes a closed week, and the page says what did it', async () => {
    await study('2026-11-17', 90)
    const page: CorrectionsPage = (await call('principal', 'regimeResults/getCorrections', {})).body
    const row = page.rows.find((one) => one.ruleId === 'xinglong-26')
    assert.ok(row, JSON.stringify(page))
    assert.equal(row.subject.name, '林小满')
    assert.match(row.period.label, /第12周/)
    assert.equal(row.old, '要求 2 学时，实有 0 学时，已逾期')
    assert.equal(row.new, '要求 2 学时，实有 2 学时，已完成')
    assert.deepEqual(
      row.causes.map((cause) => [cause.label, cause.on, cause.reversed]),
      [['个人研修', '2026-11-17', false]],
    )
    assert.ok(page.rows.every((one) => one.on === '2027-01-11'))
    assert.equal((await call('teacher', 'regimeResults/getCorrections', {})).status, 403)
  })
})

describe('results that stay', () => {
  const list = async (who: 'principal' | 'leader' | 'teacher' = 'principal'): Promise<ResultsPage> =>
    (await call(who, 'regimeResults/listResults', { spanId: '2026-2027-1' })).body
  const confirm = (
    who: 'principal' | 'academicOffice' | 'leader',
    subjects: { kind: string; id: string }[] = [{ kind: 'person', id: people.teacher }],
    spanId = '2026-2027-1',
  ) => call(who, 'regimeResults/confirmResults', { spanId, subjects })

  test('are confirmed by 教导处 with their explanations, once for the same findings', async () => {
    await recompute()
    assert.equal((await confirm('leader')).status, 403)
    assert.deepEqual((await confirm('academicOffice')).body, { confirmed: 1, unchanged: 0 })
    assert.deepEqual((await confirm('principal')).body, { confirmed: 0, unchanged: 1 })
    const row = (await list()).people.find((one) => one.subject.id === people.teacher)
    assert.equal(row?.differs, false)
    const page: ResultPage = (await call('teacher', 'regimeResults/getResult', { resultId: row?.latest?.id }))
      .body
    assert.ok(page.rows.length > 20)
    assert.ok(page.rows.every((one) => one.trace.sentence.length > 4))
    assert.deepEqual(page.sinceThen, [])
    assert.equal(
      (await call('colleague', 'regimeResults/getResult', { resultId: row?.latest?.id })).status,
      403,
    )
    assert.equal(
      (await stranger.call('principal', 'regimeResults/getResult', { resultId: row?.latest?.id })).status,
      404,
    )
  })

  test('a later correction leaves them as they are, is shown, and makes a new entry', async () => {
    const first = (await list()).people.find((one) => one.subject.id === people.teacher)?.latest
    const frozen = async () =>
      school.as('system', (tx) =>
        tx.one<{ text: string }>(
          sql`SELECT findings::text || traces::text AS text FROM confirmed_results WHERE org_id = ${tx.orgId} AND id = ${first?.id ?? ''}`,
        ),
      )
    const before = await frozen()
    const source = newId()
    await study('2026-10-20', 90, source)
    await recompute()
    assert.equal((await list()).people.find((one) => one.subject.id === people.teacher)?.differs, true)
    const page: ResultPage = (await call('principal', 'regimeResults/getResult', { resultId: first?.id }))
      .body
    assert.ok(page.sinceThen.some((one) => one.ruleId === 'xinglong-26' && one.direction === 'better'))
    assert.deepEqual((await confirm('principal')).body, { confirmed: 1, unchanged: 0 })
    const second = (await list()).people.find((one) => one.subject.id === people.teacher)?.latest
    assert.equal(second?.sequence, 2)
    const next: ResultPage = (await call('principal', 'regimeResults/getResult', { resultId: second.id }))
      .body
    assert.ok(next.sinceBefore.some((one) => one.ruleId === 'xinglong-26'))
    assert.equal(next.entries.length, 2)
    await school.as('system', (tx) => reverseFacts(tx, { room: 'study', id: source }))
    await recompute()
    assert.deepEqual(await frozen(), before)
    await assert.rejects(
      school.as('system', (tx) =>
        tx.run(sql`UPDATE confirmed_results SET digest = '' WHERE org_id = ${tx.orgId}`),
      ),
      /permission denied/,
    )
  })

  test('are refused before the closing window, for strangers, and shown to a teacher only as their own', async () => {
    assert.match((await confirm('principal', undefined, '2026-2027')).body.error.message, /还没有到期末/)
    for (const foreign of [
      { kind: 'person', id: other.people.teacher },
      { kind: 'unit', id: other.groupId },
      { kind: 'organisation', id: other.id },
      // A person's id does not become a group's by saying so.
      { kind: 'unit', id: people.teacher },
    ])
      assert.equal((await confirm('principal', [foreign])).status, 404, foreign.kind)
    const own = await list('teacher')
    assert.deepEqual(
      [...own.people, ...own.groups, ...own.school].map((one) => one.subject.id),
      [people.teacher],
    )
  })

  test('of a group and of the school are confirmed alike, and seen by whom they concern', async () => {
    const group = { kind: 'unit', id: groupId }
    const whole = { kind: 'organisation', id: school.id }
    const before = await list()
    assert.deepEqual(
      before.groups.map((one) => [one.subject.name, one.latest]),
      [['数学教研组', null]],
    )
    assert.deepEqual(
      before.school.map((one) => [one.subject.name, one.latest]),
      [['试验小学', null]],
    )
    assert.equal((await confirm('leader', [group])).status, 403)
    assert.deepEqual((await confirm('academicOffice', [group])).body, { confirmed: 1, unchanged: 0 })
    assert.deepEqual((await confirm('principal', [group, whole])).body, { confirmed: 1, unchanged: 1 })
    const after = await list()
    assert.deepEqual(
      [...after.groups, ...after.school].map((one) => one.differs),
      [false, false],
    )
    const [ofGroup, ofSchool] = [after.groups[0]?.latest?.id, after.school[0]?.latest?.id]
    const get = (who: 'leader' | 'teacher' | 'principal', resultId: string | undefined) =>
      call(who, 'regimeResults/getResult', { resultId })
    const page: ResultPage = (await get('leader', ofGroup)).body
    assert.ok(page.rows.length > 5)
    assert.deepEqual(page.sinceThen, [])
    assert.equal((await get('leader', ofSchool)).status, 403)
    assert.equal((await get('teacher', ofGroup)).status, 403)
    const leader = await list('leader')
    assert.deepEqual([leader.people.length, leader.groups.length, leader.school.length], [3, 1, 0])

    // A meeting that was entered late changes the group's result, not what was kept of it.
    const asked = page.rows.find(
      (one) => one.trace.finding.ruleId === 'xinglong-10' && one.state === 'overdue',
    )
    assert.ok(
      asked,
      JSON.stringify(page.rows.map((one) => [one.trace.finding.ruleId, one.period, one.state])),
    )
    await holdMeeting(asked.trace.finding.period.from)
    await recompute()
    assert.equal((await list()).groups[0]?.differs, true)
    const corrected: ResultPage = (await get('principal', ofGroup)).body
    assert.ok(corrected.sinceThen.some((one) => one.ruleId === 'xinglong-10' && one.direction === 'better'))
    assert.deepEqual(corrected.rows, page.rows)

    for (const [path, input] of [
      ['getResultsFile', { spanId: '2026-2027-1' }],
      ['getResultFile', { resultId: ofGroup }],
    ] as const) {
      const answer = await call('principal', `regimeResults/${path}`, input)
      assert.equal(answer.status, 200)
      assert.match(String(answer.headers['content-disposition']), /xlsx/)
      assert.equal(answer.body.subarray(0, 2).toString(), 'PK')
    }
    assert.equal((await call('leader', 'regimeResults/getResultFile', { resultId: ofSchool })).status, 403)
  })
})

test('a rebuild of all findings from the facts gives the same bytes', async () => {
  await recompute()
  const bytes = () =>
    school.as('system', (tx) =>
      tx.many<{ text: string }>(sql`
        SELECT subject_kind || subject_id || evaluated_on || findings::text || summary::text AS text FROM finding_sets
        WHERE org_id = ${tx.orgId} ORDER BY subject_kind, subject_id`),
    )
  const after = await bytes()
  assert.ok(after.length > 7)
  await actions.rebuildOrganisation(services, school.id, system, { years: 'all' })
  assert.deepEqual(await bytes(), after)
})
