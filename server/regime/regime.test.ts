import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { saveSchoolYear } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { instantAt } from '../kit/dates.ts'
import { newId } from '../kit/ids.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { sql, type Tx } from '../kit/sql.ts'
import {
  addMember,
  appoint,
  createOrganisation,
  createPerson,
  endService,
  recordLongAbsence,
  savePerson,
} from '../org/actions.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import { findOwnRegime, adoptRegime } from './adoption.ts'
import type {
  GroupBoard,
  MatrixCellRef,
  RegimePage,
  SchoolBoard,
  SubjectBoard,
  TraceAnswer,
} from './contract.ts'
import { recomputeJob, rollDayJob } from './jobs.ts'
import * as store from './store.ts'

const system = systemActor('test')

async function prepare(options: { districtId?: string | null } = {}) {
  const services = await createTestServices()
  const school = await createTestSchool(services, '试验小学', options.districtId ?? null)
  await school.as('principal', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  await recomputeJob(services, { orgId: school.id, rebuild: true })
  return { services, school }
}

/** An accepted reflection of the teacher, as the work room leaves it. */
async function acceptReflection(school: TestSchool, on = '2026-11-17', personId = school.people.teacher) {
  const id = newId()
  await school.as('system', (tx) =>
    recordFacts(tx, [
      {
        kind: 'work.accepted',
        subject: { kind: 'person', id: personId },
        on,
        quantity: 1,
        attributes: { workKind: 'reflection', characters: 800 },
        source: { room: 'work', id },
        key: `work:${id}:1`,
      },
    ]),
  )
  return id
}

async function reflectionsOf(school: TestSchool): Promise<number> {
  const ruleId = await reflectionRule(school)
  const findings = await school.as('system', (tx) =>
    actions.listFindings(tx, { kind: 'person', id: school.people.teacher }, '2026-2027'),
  )
  return findings.filter((finding) => finding.ruleId === ruleId && finding.state === 'done').length
}

async function reflectionRule(school: TestSchool): Promise<string> {
  const regime = await school.as('system', (tx) => findOwnRegime(tx))
  return regime?.rules.find((rule) => rule.title === '教学反思')?.id ?? ''
}

async function createDistrict(services: Services): Promise<string> {
  const id = newId()
  await services.inOrganisation(id, system, async (tx) => {
    await createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null })
    await saveSchoolYear(tx, { id: '2026-2027', from: '2026-08-31', to: '2027-07-09' })
  })
  return id
}

const cellOf = (cells: Record<string, MatrixCellRef>, ruleId: string) =>
  Object.entries(cells).find(([key]) => key.split('|')[1] === ruleId)?.[1]

describe('adopting a regime', () => {
  test('copies the text, is written into the audit log and changes nothing the second time', async () => {
    const { school } = await prepare()
    await school.as('principal', (tx) =>
      adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
    )
    const adoptions = await school.as('system', (tx) => store.listAdoptions(tx))
    assert.equal(adoptions.length, 1)
    assert.equal(adoptions[0]?.title, '兴隆小学校本研修制度')
    const source = await school.as('system', (tx) => store.getAdoptionSource(tx, adoptions[0]?.id ?? ''))
    assert.match(source, /^id: xinglong$/m)
  })

  test('refuses an unknown school year, a day outside it and an unknown regime', async () => {
    const services = await createTestServices()
    const school = await createTestSchool(services)
    const adopt = (input: Parameters<typeof adoptRegime>[1]) =>
      school.as('principal', (tx) => adoptRegime(tx, input))
    await assert.rejects(
      adopt({ regimeId: 'xinglong', schoolYearId: '2030-2031', from: '2030-09-01' }),
      /校历中还没有/,
    )
    await assert.rejects(
      adopt({ regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2020-09-01' }),
      /不在这个学年内/,
    )
    await assert.rejects(
      adopt({ regimeId: '../setup', schoolYearId: '2026-2027', from: '2026-09-01' }),
      /没有这份制度/,
    )
  })

  test('is for the principal and 教导处, and a teacher is told so', async () => {
    const services = await createTestServices()
    const school = await createTestSchool(services)
    const { call } = await createTestClients(services, school)
    const input = { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }
    const refused = await call('teacher', 'regime/adopt', input)
    assert.equal(refused.status, 403)
    assert.match(refused.body.error.message, /校长或教导处/)
    assert.equal((await call('academicOffice', 'regime/adopt', input)).status, 200)
    const list = await call('teacher', 'regime/listPresets', {})
    assert.match(list.body.abilities.adopt, /校长或教导处/)
    assert.equal(list.body.current.id, 'xinglong')
    const preset = list.body.presets.find((one: { id: string }) => one.id === 'xinglong')
    assert.ok(preset.headlines.length > 3)
  })

  test("a district's regime reaches its schools, and a school that is founded later", async () => {
    const services = await createTestServices()
    const districtId = await createDistrict(services)
    const early = await createTestSchool(services, '早校', districtId)
    await services.inOrganisation(districtId, system, (tx) =>
      adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-09-01' }),
    )
    await recomputeJob(services, { orgId: districtId })
    const late = await createTestSchool(services, '晚校', districtId)
    await recomputeJob(services, { orgId: late.id })
    for (const school of [early, late]) {
      const adoptions = await school.as('system', (tx) => store.listAdoptions(tx))
      assert.deepEqual(
        adoptions.map((row) => [row.origin, row.regimeId]),
        [['district', 'xinglong']],
      )
      const findings = await school.as('system', (tx) =>
        actions.listFindings(tx, { kind: 'person', id: school.people.teacher }, '2026-2027'),
      )
      assert.ok(findings.length > 0)
    }
    await recomputeJob(services, { orgId: late.id })
    assert.equal((await late.as('system', (tx) => store.listAdoptions(tx))).length, 1)
  })
})

describe('recomputing', () => {
  test('a fact moves the figure after the job, and its reversal restores it', async () => {
    const { services, school } = await prepare()
    const before = await reflectionsOf(school)
    const workId = await acceptReflection(school)
    assert.equal(await reflectionsOf(school), before, 'nothing changes before the job')
    await recomputeJob(services, { orgId: school.id })
    assert.equal(await reflectionsOf(school), before + 1)
    await school.as('system', (tx) => reverseFacts(tx, { room: 'work', id: workId }))
    await recomputeJob(services, { orgId: school.id })
    assert.equal(await reflectionsOf(school), before)
  })

  test('rebuilding gives the same findings as the steps did', async () => {
    const { services, school } = await prepare()
    const read = () =>
      school.as('system', async (tx) => {
        const sets: Record<string, unknown> = {}
        for (const kind of ['person', 'unit', 'organisation'] as const)
          for (const id of [...Object.values(school.people), school.groupId, school.id]) {
            const set = await store.findFindingSet(tx, { kind, id }, '2026-2027')
            if (set) sets[id] = { findings: set.findings, summary: set.summary }
          }
        return sets
      })
    await acceptReflection(school)
    await recomputeJob(services, { orgId: school.id })
    const workId = await acceptReflection(school, '2026-10-20', school.people.colleague)
    await school.as('system', (tx) =>
      recordFacts(tx, [
        {
          kind: 'activity.held',
          subject: { kind: 'unit', id: school.groupId },
          on: '2026-11-11',
          quantity: 80,
          attributes: { activityKind: 'teamStudy', scope: 'group', contentTags: ['ethics'], form: 'lecture' },
          source: { room: 'activity', id: newId() },
          key: 'activity:one',
        },
        {
          kind: 'check.scored',
          subject: { kind: 'person', id: school.people.teacher },
          on: '2026-11-12',
          quantity: 88,
          attributes: { checkKind: 'random' },
          source: { room: 'appraisal', id: newId() },
          key: 'check:one',
        },
      ]),
    )
    await recomputeJob(services, { orgId: school.id })
    await school.as('system', (tx) => reverseFacts(tx, { room: 'work', id: workId }))
    await recomputeJob(services, { orgId: school.id })
    const step = await read()
    assert.ok(Object.keys(step).length === 8)
    await actions.rebuildOrganisation(services, school.id, system)
    assert.deepEqual(await read(), step)
  })

  test('a post, a long leave, a changed record and a departure move the findings like a rebuild would', async () => {
    const { services, school } = await prepare()
    const { teacher, colleague, outsider } = school.people
    const read = () =>
      school.as('system', (tx) =>
        Promise.all(
          [teacher, colleague, outsider, school.groupId, school.id].map(async (id) => {
            const kind = id === school.id ? 'organisation' : id === school.groupId ? 'unit' : 'person'
            return (await store.findFindingSet(tx, { kind, id }, '2026-2027'))?.findings
          }),
        ),
      )
    const before = await read()
    const changes: ((tx: Tx) => Promise<unknown>)[] = [
      (tx) =>
        appoint(tx, {
          personId: colleague,
          unitId: school.groupId,
          role: 'groupLeader',
          title: '教研组长',
          from: '2026-09-01',
        }),
      (tx) =>
        recordLongAbsence(tx, {
          personId: teacher,
          kind: 'sickness',
          from: '2026-09-01',
          to: null,
          note: '',
        }),
      (tx) =>
        savePerson(tx, { personId: colleague, from: '2026-09-01', attributes: { joinedOn: '2026-09-01' } }),
      (tx) => endService(tx, { personId: outsider, on: '2026-10-01', reason: '调离' }),
    ]
    for (const change of changes) {
      await school.as('system', change)
      const marks = await school.as('system', (tx) =>
        tx.many(sql`SELECT 1 FROM recompute_marks WHERE org_id = ${tx.orgId}`),
      )
      assert.ok(marks.length > 0)
      await recomputeJob(services, { orgId: school.id })
      const stepped = await read()
      await recomputeJob(services, { orgId: school.id, rebuild: true })
      assert.deepEqual(stepped, await read())
    }
    assert.notDeepEqual(await read(), before)
  })

  test('a later day turns what was due soon into overdue', async () => {
    const { services, school } = await prepare()
    services.clock.moveTo(instantAt('2026-11-20', '10:00'))
    await rollDayJob(services)
    const weekly = async () => {
      const findings = await school.as('system', (tx) =>
        actions.listFindings(tx, { kind: 'person', id: school.people.teacher }, '2026-2027'),
      )
      return findings.find((one) => one.minimumId === 'week' && one.period.from === '2026-11-16')?.state
    }
    assert.equal(await weekly(), 'dueSoon')
    services.clock.moveTo(instantAt('2026-11-23', '10:00'))
    await rollDayJob(services)
    assert.equal(await weekly(), 'overdue')
  })

  test('two jobs at once leave the newest figure', async () => {
    const { services, school } = await prepare()
    const before = await reflectionsOf(school)
    const jobs: Promise<void>[] = []
    for (const day of ['2026-09-03', '2026-09-17', '2026-10-14', '2026-11-17']) {
      await acceptReflection(school, day)
      jobs.push(recomputeJob(services, { orgId: school.id }))
    }
    await Promise.all(jobs)
    assert.equal(await reflectionsOf(school), before + 4)
  })

  test('somebody who left before the school year is no longer among the subjects', async () => {
    const { services, school } = await prepare()
    const personId = await school.as('system', (tx) =>
      createPerson(tx, {
        staffNumber: '900',
        name: '钱多多',
        from: '2026-09-01',
        attributes: { staffKind: 'teaching' },
      }),
    )
    await school.as('system', (tx) => addMember(tx, { unitId: school.groupId, personId, from: '2026-09-01' }))
    await recomputeJob(services, { orgId: school.id })
    const set = () =>
      school.as('system', (tx) => store.findFindingSet(tx, { kind: 'person', id: personId }, '2026-2027'))
    assert.ok(await set())
    await school.as('system', (tx) =>
      tx.connection.query(
        `UPDATE service_periods SET from_on = '2020-01-01', to_on = '2020-02-01' WHERE person_id = '${personId}'`,
      ),
    )
    await actions.rebuildOrganisation(services, school.id, system)
    assert.equal(await set(), undefined)
  })
})

describe('boards', () => {
  test('show a new fact to the teacher, the leader and the school, with an explanation', async () => {
    const { services, school } = await prepare()
    const { call } = await createTestClients(services, school)
    const ruleId = await reflectionRule(school)
    const row = (board: SubjectBoard) => board.rows.find((one) => one.ruleId === ruleId)
    const before = row((await call('teacher', 'regime/getMyBoard', {})).body)
    assert.equal(before?.value, 0)
    assert.match(
      before?.sentence ?? '',
      /^反思每两周 1 篇：已到期 \d+ 次，完成 0 次，缺第1—2周、.*；下一篇请在 \d+月\d+日 前交。$/,
    )
    const workId = await acceptReflection(school)
    await recomputeJob(services, { orgId: school.id })

    const mine: SubjectBoard = (await call('teacher', 'regime/getMyBoard', {})).body
    assert.equal(row(mine)?.value, 1)
    assert.equal(row(mine)?.cells.filter((cell) => cell.state === 'done').length, 1)
    assert.equal(mine.isStale, false)

    const group: GroupBoard = (await call('leader', 'regime/getGroupBoard', { unitId: school.groupId })).body
    const member = group.members.rows.find((one) => one.key === school.people.teacher)
    assert.equal(cellOf(member?.cells ?? {}, ruleId)?.value, 1)

    const whole: SchoolBoard = (await call('principal', 'regime/getSchoolBoard', {})).body
    assert.equal(
      cellOf(whole.people.rows.find((one) => one.key === school.people.teacher)?.cells ?? {}, ruleId)?.value,
      1,
    )
    assert.match(cellOf(whole.groups.rows[0]?.cells ?? {}, ruleId)?.text ?? '', /^\d+%$/)

    const cell = row(mine)?.cells.find((one) => one.state === 'done')
    const trace: TraceAnswer = (
      await call('teacher', 'regime/getTrace', {
        subject: { kind: 'person', id: school.people.teacher },
        ruleId,
        periodId: cell?.periodId,
      })
    ).body
    assert.deepEqual(
      trace.records.map((record) => [record.room, record.recordId, record.counted]),
      [['work', workId, 1]],
    )
    assert.equal(trace.trace.finding.state, 'done')

    const sum: TraceAnswer = (
      await call('teacher', 'regime/getTrace', {
        subject: { kind: 'person', id: school.people.teacher },
        ruleId,
        periodId: '2026-2027-1',
      })
    ).body
    assert.equal(sum.trace.finding.value, 1)
    assert.deepEqual(
      sum.records.map((record) => record.recordId),
      [workId],
    )
  })

  test('of others stay closed: a colleague to a teacher, everybody to another school', async () => {
    const { services, school } = await prepare()
    const other = await createTestSchool(services, '别的小学')
    const { call } = await createTestClients(services, school)
    const status = async (who: keyof TestSchool['people'], path: string, input: unknown) =>
      (await call(who, path, input)).status
    const colleague = { personId: school.people.colleague }
    assert.equal(await status('teacher', 'regime/getPersonBoard', colleague), 403)
    assert.equal(await status('leader', 'regime/getPersonBoard', colleague), 200)
    assert.equal(await status('leader', 'regime/getPersonBoard', { personId: school.people.outsider }), 403)
    assert.equal(await status('academicOffice', 'regime/getPersonBoard', colleague), 200)
    assert.equal(await status('teacher', 'regime/getGroupBoard', { unitId: school.groupId }), 403)
    assert.equal(await status('teacher', 'regime/getSchoolBoard', {}), 403)
    assert.equal(await status('leader', 'regime/getSchoolBoard', {}), 403)
    assert.equal(await status('principal', 'regime/getPersonBoard', { personId: other.people.teacher }), 404)
    assert.equal(await status('principal', 'regime/getGroupBoard', { unitId: other.groupId }), 404)
    assert.equal(await status('teacher', 'regime/getHours', colleague), 403)
    const trace = (kind: string, id: string) => ({ subject: { kind, id }, ruleId: 'xinglong-11' })
    assert.equal(await status('teacher', 'regime/getTrace', trace('person', school.people.colleague)), 403)
    assert.equal(await status('principal', 'regime/getTrace', trace('person', other.people.teacher)), 404)
    assert.equal(await status('principal', 'regime/getTrace', trace('organisation', other.id)), 404)
    assert.equal(await status('teacher', 'district/getDistrictBoard', {}), 403)
  })

  test('say when their figures are of an earlier day, and have them worked out anew', async () => {
    const { services, school } = await prepare()
    const { call } = await createTestClients(services, school)
    services.clock.moveTo(instantAt('2026-11-23', '10:00'))
    const stale: SubjectBoard = (await call('teacher', 'regime/getMyBoard', {})).body
    assert.equal(stale.isStale, true)
    assert.equal(stale.evaluatedOn, '2026-11-18')
    await recomputeJob(services, { orgId: school.id })
    const fresh: SubjectBoard = (await call('teacher', 'regime/getMyBoard', {})).body
    assert.equal(fresh.isStale, false)
    assert.equal(fresh.evaluatedOn, '2026-11-23')
  })

  test('without a regime say so instead of failing', async () => {
    const services = await createTestServices()
    const school = await createTestSchool(services)
    const { call } = await createTestClients(services, school)
    for (const [who, path, input] of [
      ['teacher', 'regime/getMyBoard', {}],
      ['principal', 'regime/getSchoolBoard', {}],
      ['leader', 'regime/getGroupBoard', { unitId: school.groupId }],
    ] as const) {
      const answer = await call(who, path, input)
      assert.equal(answer.status, 200)
      assert.match(answer.body.sentence, /还没有采用/)
    }
    assert.equal((await call('teacher', 'regime/getRegimePage', {})).body.none, true)
  })

  test('the regime page shows every clause with the share that keeps to it', async () => {
    const { services, school } = await prepare()
    const { call } = await createTestClients(services, school)
    const page: RegimePage = (await call('teacher', 'regime/getRegimePage', {})).body
    assert.ok(page.clauses.length > 30)
    const clause = page.clauses.find((one) => one.title === '教学反思')
    assert.equal(clause?.binds, '教师')
    assert.equal(clause?.share?.bound, 6)
    assert.ok(page.clauses.some((one) => one.standing === 'noRecords' && one.because))
  })

  test('are exported as an Excel file', async () => {
    const { services, school } = await prepare()
    const { call } = await createTestClients(services, school)
    const file = await call('principal', 'regime/getBoardFile', { of: 'people' })
    assert.equal(file.status, 200)
    assert.equal(file.body.subarray(0, 2).toString(), 'PK')
    assert.equal((await call('teacher', 'regime/getBoardFile', { of: 'people' })).status, 403)
  })

  test('hours are added up by source', async () => {
    const { services, school } = await prepare()
    const { call } = await createTestClients(services, school)
    await school.as('system', (tx) =>
      recordFacts(tx, [
        {
          kind: 'study.logged',
          subject: { kind: 'person', id: school.people.teacher },
          on: '2026-11-16',
          quantity: 100,
          attributes: { studyKind: 'theory', hasExcerpt: true },
          source: { room: 'study', id: newId() },
          key: 'study:one',
        },
      ]),
    )
    await recomputeJob(services, { orgId: school.id })
    const { hours } = (await call('teacher', 'regime/getHours', {})).body
    assert.equal(hours.hours, 2.2)
    assert.equal(
      hours.terms[0].bySource.find((source: { source: string }) => source.source === '个人研修').minutes,
      100,
    )
  })
})
