import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { loadAgenda } from '../calendar/agenda-view.ts'
import { Refusal } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import * as org from '../org/actions.ts'
import { dissolveUnit } from '../org/unit-actions.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import {
  changeProgramme,
  createProgramme,
  decideDelivery,
  deliver,
  publishProgramme,
  startDelivery,
  withdrawDelivery,
} from './actions.ts'
import { problemOf, stateOf } from './rules.ts'
import { viewDelivery, viewProgramme } from './present.ts'
import { listDeliverables, listReceipts } from './store.ts'

const services = await createTestServices()
const districtId = newId()
await services.inOrganisation(districtId, systemActor('test'), (tx) =>
  org.createOrganisation(tx, { kind: 'district', name: '云溪区', districtId: null }),
)
const inDistrict = <R>(work: Parameters<typeof services.inOrganisation<R>>[2]) =>
  services.inOrganisation(districtId, { ...systemActor('officer'), roles: ['districtOfficer'] }, work)
const school = await createTestSchool(services, '第一小学', districtId)
const other = await createTestSchool(services, '第二小学', districtId)
const { call } = await createTestClients(services, school)

const item = (title: string, dueOn: string, extra: object = {}) => ({
  title,
  dueOn,
  owner: 'organisation' as const,
  artefact: 'any' as const,
  ...extra,
})
const phases = (deliverables: ReturnType<typeof item>[]) => [
  { title: '启动阶段', from: '2026-09-01', to: '2026-12-31', deliverables },
  { title: '实施阶段', from: '2027-01-01', to: '2028-12-31', deliverables: [] },
]
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message)

test('phases may not overlap, deadlines lie in their phase, and only a district asks schools', () => {
  const wrong = (deliverable: object) =>
    problemOf({ title: 'x', phases: phases([item('方案', '2026-10-01', deliverable)]) }, false)
  assert.match(wrong({ dueOn: '2027-02-01' })?.message ?? '', /不在“启动阶段”/)
  assert.match(wrong({ owner: 'schools' })?.message ?? '', /只有区里的项目/)
  assert.match(wrong({ owner: 'units' })?.message ?? '', /哪一类组/)
  assert.equal(wrong({}), null)
  const twice = [...phases([]), { title: '评估阶段', from: '2028-12-01', to: '2029-01-01', deliverables: [] }]
  assert.match(problemOf({ title: 'x', phases: twice }, false)?.message ?? '', /重叠/)
  assert.equal(stateOf('2026-12-01', '2026-12-02', '2026-12-03'), 'late')
  assert.equal(stateOf('2026-12-01', null, '2026-11-18'), 'dueSoon')
})

test('a district defines, its schools deliver, the district sees who has and the school who must', async () => {
  const { id } = await inDistrict(async (tx) => {
    const made = await createProgramme(tx, {
      title: '校本研修三年行动',
      phases: phases([
        item('实施方案', '2026-11-10', { owner: 'schools', artefact: 'plan' }),
        item('启动会', '2026-12-01'),
      ]),
    })
    return made
  })
  await assert.rejects(
    school.as('principal', (tx) => viewProgramme(tx, id)),
    refusal(/找不到/),
    'a draft stays in the district',
  )
  await inDistrict((tx) => publishProgramme(tx, { id }))
  const seen = await school.as('principal', (tx) => viewProgramme(tx, id))
  assert.equal(seen.isDistrict, true)
  const [plan] = seen.phases[0]?.deliverables ?? []
  assert.equal(plan?.owners[0]?.state, 'overdue')
  assert.match(seen.abilities.change ?? '', /区里的项目/)
  await assert.rejects(
    school.as('teacher', (tx) => startDelivery(tx, { id, deliverableId: plan?.id ?? '', unitId: null })),
    refusal(/校长、教导处或教科室/),
  )
  await school.as('principal', async (tx) => {
    const { deliveryId } = await startDelivery(tx, { id, deliverableId: plan?.id ?? '', unitId: null })
    await assert.rejects(deliver(tx, { deliveryId }), refusal(/至少有一样/))
    await deliver(tx, { deliveryId, note: '已报纸质版' })
  })
  const facts = await school.as('system', (tx) =>
    tx.many<{ kind: string; attributes: Record<string, unknown> }>(
      sql`SELECT kind, attributes FROM facts WHERE org_id = ${tx.orgId} AND source_room = 'programme' ORDER BY kind`,
    ),
  )
  assert.deepEqual(
    facts.map((fact) => fact.kind),
    ['plan.filed', 'step.done'],
  )
  assert.equal(facts[0]?.attributes.filedWith, 'district')
  assert.equal(facts[1]?.attributes.flow, id)
  const progress = await inDistrict((tx) => viewProgramme(tx, id))
  assert.deepEqual(progress.progress.map((row) => `${row.name} ${row.done}/${row.of}`).sort(), [
    '云溪区 0/1',
    '第一小学 1/1',
    '第二小学 0/1',
  ])
  const late = progress.phases[0]?.deliverables[0]?.owners.find((owner) => owner.schoolId === school.id)
  assert.equal(late?.state, 'late')
  const theirs = await other.as('principal', (tx) => viewProgramme(tx, id))
  assert.equal(
    theirs.phases[0]?.deliverables[0]?.owners[0]?.deliveredOn,
    null,
    'one school does not see the other',
  )
})

test('a district returns what a school handed in: its facts go, the school sees why, handed in again it is accepted', async () => {
  const { id, deliverableId } = await inDistrict(async (tx) => {
    const made = await createProgramme(tx, {
      title: '读书三年计划',
      phases: phases([item('书目方案', '2026-12-10', { owner: 'schools', artefact: 'plan' })]),
    })
    await publishProgramme(tx, made)
    return { ...made, deliverableId: (await listDeliverables(tx, [made.id]))[0]?.id ?? '' }
  })
  const { deliveryId } = await school.as('principal', async (tx) => {
    const begun = await startDelivery(tx, { id, deliverableId, unitId: null })
    await deliver(tx, { ...begun, note: '书目在附件里' })
    return begun
  })
  const standing = () =>
    school.as('system', (tx) =>
      tx.many<{ kind: string; on: string }>(sql`
        SELECT f.kind, f.counts_on AS on FROM facts f WHERE f.org_id = ${tx.orgId} AND f.source_id = ${deliveryId} AND f.reverses IS NULL
          AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id) ORDER BY f.kind`),
    )
  const waiting = () => inDistrict(listReceipts)
  const decide = (accept: boolean, note = '', schoolId = school.id) =>
    inDistrict((tx) => decideDelivery(tx, { deliveryId, schoolId, accept, note }))
  assert.deepEqual(
    (await waiting())
      .filter((row) => row.programmeId === id)
      .map((row) => `${row.school} ${row.deliverable}`),
    ['第一小学 书目方案'],
  )
  assert.equal((await standing()).length, 2)
  // Neither the school itself, nor another one, nor without a reason.
  await assert.rejects(
    school.as('academicOffice', (tx) => decideDelivery(tx, { deliveryId, schoolId: null, accept: true })),
    refusal(/由区里验收/),
  )
  await assert.rejects(decide(true, '', other.id), refusal(/找不到/))
  await assert.rejects(decide(false), refusal(/退回的原因/))
  await decide(false, '缺各年级书目')
  assert.deepEqual(await standing(), [])
  assert.equal((await waiting()).filter((row) => row.programmeId === id).length, 0)
  const seen = (await school.as('principal', (tx) => viewProgramme(tx, id))).phases[0]?.deliverables[0]
    ?.owners[0]
  assert.deepEqual(
    [seen?.decision, seen?.decisionNote, seen?.deliveredOn, seen?.abilities.deliver],
    ['returned', '缺各年级书目', null, null],
  )
  await school.as('principal', (tx) => deliver(tx, { deliveryId, note: '已补各年级书目' }))
  await decide(true)
  assert.equal((await standing()).length, 2)
  await assert.rejects(
    school.as('principal', (tx) => withdrawDelivery(tx, { deliveryId })),
    refusal(/已经验收/),
  )
  const { history } = await inDistrict((tx) => viewDelivery(tx, { deliveryId, schoolId: school.id }))
  assert.deepEqual(
    history.map((event) => `${event.what} ${event.byName}`),
    ['accepted officer', 'delivered 周明远', 'returned officer', 'delivered 周明远'],
  )
  await assert.rejects(
    other.as('principal', (tx) => viewDelivery(tx, { deliveryId, schoolId: null })),
    refusal(/找不到/),
  )
  await assert.rejects(
    school.as('principal', (tx) => viewDelivery(tx, { deliveryId, schoolId: other.id })),
    refusal(/找不到/),
  )
})

test('groups deliver through their leaders with an activity that was held; withdrawing takes the fact back', async () => {
  const { id, deliverableId } = await school.as('principal', async (tx) => {
    const made = await createProgramme(tx, {
      title: '两年专业知识测试计划',
      phases: phases([
        item('组内启动会', '2026-12-10', {
          owner: 'units',
          unitKind: 'teachingResearchGroup',
          artefact: 'activity',
        }),
      ]),
    })
    await publishProgramme(tx, made)
    const view = await viewProgramme(tx, made.id)
    return { id: made.id, deliverableId: view.phases[0]?.deliverables[0]?.id ?? '' }
  })
  const held = await school.as('leader', async (tx) => {
    const activity = await planActivity(tx, {
      scope: 'group',
      unitId: school.groupId,
      kind: 'teamStudy',
      theme: '启动会',
      content: '分工',
      place: '会议室',
      day: '2026-11-18',
      startTime: '08:00',
      endTime: '09:00',
      hostId: school.people.leader,
      speakerId: school.people.teacher,
    })
    await startActivity(tx, activity.id)
    await closeActivity(tx, { id: activity.id })
    return activity.id
  })
  const { deliveryId } = await school.as('leader', (tx) =>
    startDelivery(tx, { id, deliverableId, unitId: school.groupId }),
  )
  assert.equal(
    (
      await school.as('academicOffice', (tx) =>
        startDelivery(tx, { id, deliverableId, unitId: school.groupId }),
      )
    ).deliveryId,
    deliveryId,
  )
  await school.as('leader', (tx) => deliver(tx, { deliveryId, link: { room: 'activity', id: held } }))
  const live = () =>
    school.as('system', (tx) =>
      tx.many<{ kind: string }>(sql`
        SELECT f.kind FROM facts f WHERE f.org_id = ${tx.orgId} AND f.source_id = ${deliveryId} AND f.reverses IS NULL
          AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id)`),
    )
  assert.deepEqual(await live(), [{ kind: 'step.done' }])
  const calendar = await school.as('leader', (tx) =>
    loadAgenda(tx, { scope: 'mine', from: '2026-12-01', to: '2026-12-31' }),
  )
  assert.equal(calendar.items.find((one) => one.kind === 'programme')?.state, 'done')
  await assert.rejects(
    school.as('principal', (tx) =>
      changeProgramme(tx, { id, version: 2, title: '改名', phases: phases([]) }),
    ),
    refusal(/已经有人提交/),
  )
  await school.as('leader', (tx) => withdrawDelivery(tx, { deliveryId }))
  assert.deepEqual(await live(), [])
})

test('two who change one programme: the second is told; a dissolved group owes nothing more', async () => {
  const unitId = await school.as('system', (tx) =>
    org.createUnit(tx, { kind: 'gradeGroup', name: '五年级组', subject: null, from: '2026-09-01' }),
  )
  const input = {
    title: '年级项目',
    phases: phases([
      item('总结', '2026-12-20', { owner: 'units', unitKind: 'gradeGroup', artefact: 'summary' }),
    ]),
  }
  const { id } = await school.as('principal', (tx) => createProgramme(tx, input))
  await school.as('academicOffice', (tx) =>
    changeProgramme(tx, { ...input, title: '年级研修项目', id, version: 1 }),
  )
  await assert.rejects(
    school.as('principal', (tx) => changeProgramme(tx, { ...input, id, version: 1 })),
    (error: unknown) => error instanceof Refusal && error.status === 409,
  )
  await assert.rejects(
    school.as('academicOffice', (tx) => publishProgramme(tx, { id })),
    refusal(/由校长/),
  )
  await school.as('principal', (tx) => publishProgramme(tx, { id }))
  assert.equal((await school.as('principal', (tx) => viewProgramme(tx, id))).of, 1)
  await school.as('system', (tx) => dissolveUnit(tx, { unitId, on: '2026-11-17' }))
  assert.equal((await school.as('principal', (tx) => viewProgramme(tx, id))).of, 0)
})

test('pages and export: a teacher reads, may not define, and gets the progress as a table', async () => {
  const list = await call('teacher', 'programme/listProgrammes', {})
  assert.equal(list.status, 200)
  assert.ok(list.body.programmes.length >= 2)
  assert.match(list.body.abilities.define, /区教研员或校长/)
  const file = await call('teacher', 'programme/getProgressFile', { id: list.body.programmes[0].id })
  assert.equal(file.status, 200)
  const refused = await call('teacher', 'programme/createProgramme', { title: 'x', phases: phases([]) })
  assert.equal(refused.status, 403)
})
