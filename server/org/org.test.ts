import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../kit/ids.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { systemActor } from '../kit/services.ts'
import { type Actor, sql, type Tx } from '../kit/sql.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { listAreaSchools } from './area-store.ts'
import * as areas from './areas.ts'
import type { CorrectionView, PersonView, TransferView, UnitView } from './contract.ts'
import { compareRecent, describeTransfers } from './transfers.ts'
import { listMembers, listPosts, listUnits } from './store.ts'

const services = await createTestServices()
const districtId = newId()
await services.inOrganisation(
  districtId,
  {
    kind: 'system',
    name: 'test',
    accountId: null,
    personId: null,
    roles: [],
    leads: [],
    unitIds: [],
    districtId: null,
  },
  (tx) => actions.createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null }),
)
const school = await createTestSchool(services, '试验小学', districtId)
const neighbour = await createTestSchool(services, '邻校', districtId)
const stranger = await createTestSchool(services, '区外小学')
const { call } = await createTestClients(services, school)
const there = await createTestClients(services, neighbour, 'n-')
const { people } = school
const today = '2026-11-18'
const ok = async (...args: Parameters<typeof call>) => {
  const answer = await call(...args)
  assert.equal(answer.status, 200, `${args[1]} ${JSON.stringify(answer.body)}`)
  return answer.body
}

test('people are found by name, initials, full pinyin and 工号; phone numbers are for the offices', async () => {
  await ok('principal', 'org/savePerson', {
    personId: people.teacher,
    phone: '13800000001',
    from: today,
  })
  for (const q of ['小满', 'lxm', 'linxiao', '004']) {
    const found = await ok('colleague', 'org/listPeople', { q })
    assert.deepEqual(
      found.people.map((person: { name: string }) => person.name),
      ['林小满'],
      q,
    )
    assert.equal(found.people[0].phone, null)
  }
  const office = await ok('academicOffice', 'org/listPeople', { q: 'lxm' })
  assert.equal(office.people[0].phone, '13800000001')
  assert.deepEqual(office.people[0].units[0].name, '数学教研组')
  const none = await ok('colleague', 'org/listPeople', { q: '%' })
  assert.equal(none.total, 0)
  const page = await ok('colleague', 'org/listPeople', { limit: 2, skip: 2 })
  assert.deepEqual([page.people.length, page.total], [2, 6])
})

test('a teacher sees the own record, not that of others, and changes neither', async () => {
  assert.equal((await call('teacher', 'org/getPerson', { personId: people.teacher })).status, 200)
  assert.equal((await call('teacher', 'org/getPerson', { personId: people.colleague })).status, 403)
  for (const [path, input] of [
    ['org/savePerson', { personId: people.teacher, name: '林', from: today }],
    ['org/createUnit', { kind: 'body', name: '自封小组', from: today }],
    ['org/appoint', { personId: people.teacher, role: 'principal', title: '校长', from: today }],
    ['org/endService', { personId: people.colleague, on: today, reason: '调离' }],
    ['org/uploadRoster', {}],
  ] as const)
    assert.equal((await call('teacher', path, input)).status, 403, path)
})

test('attributes are kept by date; a corrected birth date holds for always', async () => {
  await ok('principal', 'org/savePerson', {
    personId: people.teacher,
    from: '2026-09-01',
    attributes: { title: '一级教师', birthDate: '1990-02-03', subjects: ['科学', '数学'] },
  })
  await ok('principal', 'org/savePerson', {
    personId: people.teacher,
    from: '2026-11-01',
    attributes: { title: '高级教师', birthDate: '1991-02-03' },
  })
  const person = (await ok('principal', 'org/getPerson', { personId: people.teacher })) as PersonView
  assert.equal(person.attributes.title, '高级教师')
  assert.deepEqual(person.attributes.subjects, ['科学', '数学'])
  const of = (name: string) =>
    person.history.filter((one) => one.name === name).map(({ from, to, value }) => [from, to, value])
  assert.deepEqual(of('title'), [
    ['2026-11-01', null, '高级教师'],
    ['2026-09-01', '2026-10-31', '一级教师'],
  ])
  assert.deepEqual(of('birthDate'), [['1900-01-01', null, '1991-02-03']])
  const main = await school.as('system', (tx) =>
    tx.many<{ value: string }>(
      sql`SELECT value FROM person_attributes WHERE org_id = ${tx.orgId} AND person_id = ${people.teacher} AND name = 'subject' AND to_on IS NULL`,
    ),
  )
  assert.deepEqual(main, [{ value: '科学' }])
})

test('a 工号 belongs to one person, whatever its case', async () => {
  await ok('principal', 'org/createPerson', { name: '钱一', staffNumber: 'ab1', from: today })
  const twice = await call('principal', 'org/createPerson', { name: '钱二', staffNumber: 'AB1', from: today })
  assert.equal(twice.status, 422)
  assert.match(twice.body.error.message, /已经是钱一的了/)
})

test('a leader is replaced by date: the new one leads from the day, the old one until the day before', async () => {
  await ok('academicOffice', 'org/setLeader', {
    unitId: school.groupId,
    personId: people.colleague,
    from: '2026-12-01',
  })
  const leadersOn = (on: string) =>
    school.as('system', async (tx) =>
      (await listPosts(tx, on)).filter((post) => post.unitId === school.groupId).map((post) => post.personId),
    )
  assert.deepEqual(await leadersOn('2026-11-30'), [people.leader])
  assert.deepEqual(await leadersOn('2026-12-01'), [people.colleague])
  // Taken back before it came into force: as if it had never been.
  await ok('academicOffice', 'org/setLeader', {
    unitId: school.groupId,
    personId: people.leader,
    from: '2026-12-01',
  })
  assert.deepEqual(await leadersOn('2026-12-01'), [people.leader])
})

test('a membership ends by date and the history stays', async () => {
  await ok('principal', 'org/addMembers', {
    unitId: school.groupId,
    personIds: [people.outsider, people.teacher],
    from: '2026-11-02',
  })
  await ok('principal', 'org/removeMember', {
    unitId: school.groupId,
    personId: people.outsider,
    on: '2026-11-15',
  })
  const membersOn = (on: string) =>
    school.as('system', async (tx) => (await listMembers(tx, school.groupId, on)).map((row) => row.personId))
  assert.ok((await membersOn('2026-11-15')).includes(people.outsider))
  assert.ok(!(await membersOn('2026-11-16')).includes(people.outsider))
  const unit = (await ok('teacher', 'org/getUnit', { unitId: school.groupId })) as UnitView
  assert.deepEqual(
    unit.former.map((row) => [row.name, row.from, row.to]),
    [['孙一鸣', '2026-11-02', '2026-11-15']],
  )
  assert.match(unit.abilities.edit ?? '', /由校长、教导处或管理员维护/)
  const leader = await call('principal', 'org/removeMember', {
    unitId: school.groupId,
    personId: people.leader,
    on: today,
  })
  assert.match(leader.body.error.message, /请先免去职务或换人/)
})

test('a dissolved group exists to its last day, then has no members and no leader, and its name stays its own', async () => {
  const { id } = await ok('principal', 'org/createUnit', {
    kind: 'lessonPreparationGroup',
    name: '三年级数学备课组',
    from: '2026-09-01',
  })
  await ok('principal', 'org/setLeader', { unitId: id, personId: people.teacher, from: '2026-09-01' })
  await ok('principal', 'org/dissolveUnit', { unitId: id, on: '2026-11-10' })
  const on = (day: string) =>
    school.as('system', async (tx) => ({
      exists: (await listUnits(tx, day)).some((unit) => unit.id === id),
      members: (await listMembers(tx, id, day)).length,
      posts: (await listPosts(tx, day)).filter((post) => post.unitId === id).length,
    }))
  assert.deepEqual(await on('2026-11-10'), { exists: true, members: 1, posts: 1 })
  assert.deepEqual(await on('2026-11-11'), { exists: false, members: 0, posts: 0 })
  const again = await call('principal', 'org/createUnit', {
    kind: 'lessonPreparationGroup',
    name: '三年级数学备课组',
    from: today,
  })
  assert.match(again.body.error.message, /在 2026-11-10 撤销过/)
})

test('a group cannot be put below itself', async () => {
  const { id } = await ok('principal', 'org/createUnit', { kind: 'department', name: '教导处', from: today })
  const { id: below } = await ok('principal', 'org/createUnit', {
    kind: 'department',
    name: '教务',
    parentId: id,
    from: today,
  })
  const refused = await call('principal', 'org/saveUnit', {
    unitId: id,
    name: '教导处',
    parentId: below,
    subject: '',
  })
  assert.match(refused.body.error.message, /上级不能是它自己或它的下级/)
  const dissolved = await call('principal', 'org/dissolveUnit', { unitId: id, on: today })
  assert.match(dissolved.body.error.message, /下面还有“教务”/)
})

test('教导处 appoints leaders but no principal; the last one in charge stays', async () => {
  const grab = await call('academicOffice', 'org/appoint', {
    personId: people.academicOffice,
    role: 'administrator',
    title: '管理员',
    from: today,
  })
  assert.equal(grab.status, 403)
  assert.match(grab.body.error.message, /只能由校长或管理员任免/)
  const officer = await call('principal', 'org/appoint', {
    personId: people.teacher,
    role: 'districtOfficer',
    title: '教研员',
    from: today,
  })
  assert.equal(officer.status, 403)
  const principal = (await ok('principal', 'org/getPerson', { personId: people.principal })) as PersonView
  const last = await call('principal', 'org/endPost', { postId: principal.posts[0]?.id, on: today })
  assert.match(last.body.error.message, /最后一位校长或管理员/)
})

test('a transfer inside the district ends here and begins there with the same data; what was done stays', async () => {
  await school.as('system', (tx) =>
    recordFacts(tx, [
      {
        kind: 'study.logged',
        subject: { kind: 'person', id: people.teacher },
        on: '2026-10-12',
        quantity: 60,
        attributes: {},
        source: { room: 'study', id: newId() },
        key: 'transfer-test',
      },
    ]),
  )
  const listed = (await ok('principal', 'org/listSchools', {})).schools
  assert.deepEqual(listed, [{ id: neighbour.id, name: '邻校' }])
  const far = await call('principal', 'org/transferPerson', {
    personId: people.teacher,
    schoolId: stranger.id,
    on: today,
    staffNumber: '104',
  })
  assert.match(far.body.error.message, /只能调到同一个区/)
  const taken = await call('principal', 'org/transferPerson', {
    personId: people.teacher,
    schoolId: neighbour.id,
    on: today,
    staffNumber: '001',
  })
  assert.match(taken.body.error.message, /工号“001”已经是周明远的了/)
  const still = (await ok('principal', 'org/getPerson', { personId: people.teacher })) as PersonView
  assert.equal(still.leftOn, null, 'a refused transfer leaves both sides as they were')
  assert.equal(still.service[0]?.to, null)

  const given = await ok('principal', 'org/transferPerson', {
    personId: people.teacher,
    schoolId: neighbour.id,
    on: '2026-11-17',
    staffNumber: '104',
    note: '区内交流',
  })
  assert.equal(given.carried, 1)
  const left = (await ok('principal', 'org/getPerson', { personId: people.teacher })) as PersonView
  assert.equal(left.leftOn, '2026-11-18')
  assert.equal(left.service[0]?.reason, '调往邻校：区内交流')
  assert.ok(left.memberships.every((one) => one.to !== null))
  const found = await there.call('principal', 'org/listPeople', { q: '104' })
  assert.deepEqual([found.body.people[0].name, found.body.people[0].phone], ['林小满', '13800000001'])
  const arrived = (await there.call('principal', 'org/getPerson', { personId: found.body.people[0].id }))
    .body as PersonView
  assert.deepEqual(
    arrived.service.map(({ from, to, reason }) => [from, to, reason]),
    [['2026-11-18', null, '由试验小学调入：区内交流']],
  )
  assert.equal(arrived.attributes.birthDate, '1991-02-03')
  assert.equal(arrived.attributes.joinedOn, '2026-11-18')
  const facts = await school.as('system', (tx) =>
    tx.many(sql`SELECT 1 FROM facts WHERE org_id = ${tx.orgId} AND subject_id = ${people.teacher}`),
  )
  assert.equal(facts.length, 1)
  assert.deepEqual(left.transfers[0]?.side, 'out')
  assert.deepEqual(
    arrived.transfers.map(({ side, fromName, carried, kinds }) => [side, fromName, carried, kinds]),
    [['in', '试验小学', 1, [{ label: '个人研修', records: 1, quantity: 60, unit: '分钟' }]]],
  )
  const seen = await services.inOrganisation(districtId, systemActor('test'), (tx) =>
    describeTransfers(tx, null),
  )
  assert.deepEqual(
    seen.map(({ side, personName, fromName, toName, personId }) => [
      side,
      personName,
      fromName,
      toName,
      personId,
    ]),
    [['seen', '林小满', '试验小学', '邻校', null]],
  )
})

test('whoever has left keeps the account but no role', async () => {
  const answer = await call('teacher', 'org/listPeople', {})
  assert.equal(answer.status, 403)
})

test('what came along follows corrections at the old school, can be taken out and brought in again, and goes home', async () => {
  const [transfer] = (await there.call('principal', 'org/listTransfers', {})).body.transfers as TransferView[]
  const transferId = transfer?.id ?? ''
  const personId = transfer?.personId ?? ''
  const standing = () =>
    neighbour.as('system', (tx) =>
      tx.many<{ quantity: number; attributes: unknown; countsOn: string }>(sql`
        SELECT quantity, attributes, counts_on FROM facts f
        WHERE org_id = ${tx.orgId} AND subject_id = ${personId} AND reverses IS NULL
          AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id)`),
    )
  assert.deepEqual(await standing(), [
    { quantity: 60, attributes: { carriedFrom: '试验小学' }, countsOn: '2026-10-12' },
  ])
  // Somebody at the old school finds a mistake; the nightly comparison brings it over, once.
  const study = (id: string, quantity: number) =>
    school.as('system', (tx) =>
      recordFacts(tx, [
        {
          kind: 'study.logged',
          subject: { kind: 'person', id: people.teacher },
          on: '2026-10-13',
          quantity,
          attributes: {},
          source: { room: 'study', id },
          key: id,
        },
      ]),
    )
  const late = newId()
  await study(late, 45)
  await neighbour.as('system', compareRecent)
  await neighbour.as('system', compareRecent)
  assert.deepEqual((await standing()).map((one) => one.quantity).sort(), [45, 60])
  await school.as('system', (tx) => reverseFacts(tx, { room: 'study', id: late }))
  const compared = await there.call('academicOffice', 'org/compareCarried', { transferId })
  assert.deepEqual([compared.body.records, compared.body.reversed], [1, 2])
  assert.deepEqual(
    (await standing()).map((one) => one.quantity),
    [60],
  )

  assert.equal((await call('principal', 'org/compareCarried', { transferId })).status, 422, 'the old school')
  assert.equal((await there.call('teacher', 'org/withdrawCarried', { transferId, reason: '错' })).status, 403)
  await there.call('principal', 'org/withdrawCarried', { transferId, reason: '办错了人' })
  assert.deepEqual(await standing(), [])
  await neighbour.as('system', compareRecent)
  assert.deepEqual(await standing(), [], 'what was taken out stays out until somebody asks')
  await there.call('principal', 'org/compareCarried', { transferId })
  assert.equal((await standing()).length, 1)

  // Back to the old school: the old record goes on, nothing of its own is counted twice.
  const home = await there.call('principal', 'org/transferPerson', {
    personId,
    schoolId: school.id,
    on: '2026-11-18',
    staffNumber: '004',
  })
  assert.deepEqual([home.status, home.body.carried], [200, 0])
  const again = (await ok('principal', 'org/getPerson', { personId: people.teacher })) as PersonView
  assert.deepEqual(
    again.service.map(({ from, to }) => [from, to]),
    [
      ['2026-11-19', null],
      ['2020-09-01', '2026-11-17'],
    ],
  )
})

test('a teacher says what is wrong in the own record, the office decides', async () => {
  const propose = (attributes: object, more: object = {}) =>
    call('colleague', 'org/proposeCorrection', { from: today, attributes, ...more })
  assert.match((await propose({ birthDate: '1991年2月' })).body.error.message, /出生日期要写成/)
  assert.match((await propose({ subjects: ['数学'] })).body.error.message, /没有改动/)
  assert.equal((await propose({ putonghuaLevel: '二级甲等' })).status, 200)
  assert.equal(
    (await propose({ putonghuaLevel: '一级乙等', teachingStyle: '导学' }, { phone: '13900000001' })).status,
    200,
  )
  const { waiting } = await ok('academicOffice', 'org/listCorrections', {})
  assert.deepEqual(
    waiting.map((one: CorrectionView) =>
      one.changes.map(({ label, before, after }) => [label, before, after]),
    ),
    [
      [
        ['手机', '（空）', '13900000001'],
        ['普通话等级', '（空）', '一级乙等'],
        ['教学特色', '（空）', '导学'],
      ],
    ],
  )
  const [{ id: correctionId }] = waiting
  assert.equal((await call('colleague', 'org/decideCorrection', { correctionId, accept: true })).status, 403)
  assert.match(
    (await call('principal', 'org/decideCorrection', { correctionId, accept: false })).body.error.message,
    /写明不采纳的原因/,
  )
  const inbox = await ok('academicOffice', 'inbox/listInbox', {})
  assert.ok(inbox.waiting.some((item: { kind: string; id: string }) => item.id === correctionId))
  await ok('academicOffice', 'org/decideCorrection', { correctionId, accept: true })
  const own = (await ok('colleague', 'org/getPerson', { personId: people.colleague })) as PersonView
  assert.deepEqual(
    [own.phone, own.attributes.putonghuaLevel, own.attributes.teachingStyle, own.correction],
    ['13900000001', '一级乙等', '导学', null],
  )
  const { mine } = await ok('colleague', 'org/listCorrections', {})
  assert.deepEqual(
    mine.map((one: CorrectionView) => one.status),
    ['accepted', 'withdrawn'],
  )
})

test('a saved condition is asked anew for each day, and says of whom it cannot be known', async () => {
  await ok('principal', 'org/savePerson', {
    personId: people.colleague,
    from: today,
    attributes: { birthDate: '1986-11-20' },
  })
  const parts = [
    { subject: 'age', test: 'below', value: '40' },
    { subject: 'unitKinds', test: 'is', value: 'teachingResearchGroup' },
  ]
  const wrong = await call('principal', 'org/saveCohort', {
    name: '青年',
    parts: [{ subject: 'age', test: 'below', value: '四十' }],
  })
  assert.match(wrong.body.error.message, /年龄请填 0 到 100 的整数/)
  assert.equal((await call('leader', 'org/saveCohort', { name: '青年', parts })).status, 403)
  const { id: cohortId } = await ok('academicOffice', 'org/saveCohort', { name: '青年', parts })
  const on = async (day: string) => {
    const found = await ok('principal', 'org/getCohort', { cohortId, on: day })
    return [found.members, found.undecided].map((list: { name: string }[]) => list.map((one) => one.name))
  }
  assert.deepEqual(await on('2026-11-19'), [['赵春雨'], ['陈立新']])
  assert.deepEqual(await on('2026-11-20'), [[], ['陈立新']])
  const { cohorts } = await ok('principal', 'org/listCohorts', {})
  assert.equal(
    cohorts.find((one: { id: string }) => one.id === cohortId).condition,
    '年龄不满 40 周岁，所在组织是“教研组”',
  )
  assert.equal((await call('teacher', 'org/listCohorts', {})).status, 403)
})

test('areas are the district’s: a school is in one at a time, and one of them leads', async () => {
  const asDistrict = <Result>(work: (tx: Tx) => Promise<Result>) =>
    services.inOrganisation(districtId, systemActor('test'), work)
  const area = (name: string) => asDistrict((tx) => areas.createArea(tx, { name, from: '2026-09-01' }))
  const [north, south] = [await area('城北片区'), await area('城南片区')]
  const add = (unitId: string, schoolIds: string[]) =>
    asDistrict((tx) => areas.addAreaSchools(tx, { unitId, schoolIds, from: '2026-09-01' }))
  assert.equal(await add(north, [school.id, neighbour.id]), 2)
  await assert.rejects(add(south, [neighbour.id]), /邻校已经在“城北片区”里/)
  await assert.rejects(add(south, [stranger.id]), /找不到/)
  await asDistrict((tx) => areas.setLeadSchool(tx, { unitId: north, schoolId: neighbour.id }))
  await asDistrict((tx) =>
    areas.removeAreaSchool(tx, { unitId: north, schoolId: school.id, on: '2026-11-17' }),
  )
  assert.deepEqual(
    (await asDistrict((tx) => listAreaSchools(tx, today))).map(({ areaName, name, leads }) => [
      areaName,
      name,
      leads,
    ]),
    [['城北片区', '邻校', true]],
  )
  const officer: Actor = { ...systemActor('officer'), kind: 'person', roles: ['districtOfficer'] }
  assert.equal(can.maintain(officer), null, 'the district keeps its own bodies')
  assert.match(can.maintain({ ...officer, districtId }) ?? '', /区里查看学校时只能看/)
  assert.match(can.appoint(officer, 'districtOfficer', 'district') ?? '', /由区里的管理员任免/)
  const refused = await call('principal', 'org/createUnit', { kind: 'area', name: '自封片区', from: today })
  assert.match(refused.body.error.message, /片区由区里/)
})

test('records of another school are as if they did not exist', async () => {
  const { groupId: unitId } = stranger
  const personId = stranger.people.teacher
  for (const [path, input] of [
    ['org/getPerson', { personId }],
    ['org/savePerson', { personId, name: '改名', from: today }],
    ['org/endService', { personId, on: today, reason: '调离' }],
    ['org/recordLongAbsence', { personId, kind: 'sickness', from: today, to: null }],
    ['org/appoint', { personId, role: 'researchOffice', title: '主任', from: today }],
    ['org/appoint', { personId: people.colleague, unitId, role: 'groupLeader', title: '组长', from: today }],
    ['org/getUnit', { unitId }],
    ['org/saveUnit', { unitId, name: '改名', parentId: null, subject: '' }],
    ['org/dissolveUnit', { unitId, on: today }],
    ['org/addMembers', { unitId, personIds: [people.colleague], from: today }],
    ['org/addMembers', { unitId: school.groupId, personIds: [personId], from: today }],
    ['org/setLeader', { unitId: school.groupId, personId, from: today }],
    ['org/createUnit', { kind: 'department', name: '外挂', parentId: unitId, from: today }],
  ] as const)
    assert.equal((await call('principal', path, input)).status, 404, path)
})
