import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { loadActor } from '../server/access/actions.ts'
import { planActivity } from '../server/activity/actions.ts'
import { findActivity } from '../server/activity/store.ts'
import { moveClock } from '../server/demo/actions.ts'
import { progress } from '../server/demo/telling.ts'
import { instantAt } from '../server/kit/dates.ts'
import { systemActor } from '../server/kit/services.ts'
import { type Actor, sql, type Tx } from '../server/kit/sql.ts'
import { createTestServices } from '../server/testing.ts'
import { startWork, submitWork } from '../server/work/actions.ts'
import { listWorksOfPerson } from '../server/work/store.ts'
import { createCast } from './cast.ts'
import { demoStartDay } from './days.ts'
import { found, type ToldDistrict, type ToldSchool } from './founding.ts'
import { tellOnward } from './onward.ts'

/** A founded district on the morning of the demo's present, of which nothing has been told yet. */
async function createDistrict() {
  const services = await createTestServices(instantAt(demoStartDay, '08:10'))
  services.demo = true
  return { services, district: await found(services, createCast()) }
}
type Place = Awaited<ReturnType<typeof createDistrict>>
type Services = Place['services']

const schoolOf = (district: ToldDistrict, key: ToldSchool['cast']['key']): ToldSchool => {
  const school = district.schools.find((one) => one.cast.key === key)
  assert.ok(school)
  return school
}

async function as<Result>(
  services: Services,
  school: ToldSchool,
  key: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const personId = school.personIds[key] ?? ''
  const { actor } = await services.inOrganisation(school.id, systemActor('test'), (tx) =>
    loadActor(tx, { accountId: null, personId }),
  )
  return services.inOrganisation(school.id, actor as Actor, work)
}

const read = <Row>(
  services: Services,
  school: ToldSchool,
  statement: (orgId: string) => ReturnType<typeof sql>,
) => services.inOrganisation(school.id, systemActor('test'), (tx) => tx.many<Row>(statement(school.id)))

/** All that people did, without the ids, in a fixed order. */
async function deeds({ services, district }: Place): Promise<string[]> {
  const lines: string[] = []
  for (const { id, cast } of district.schools) {
    const rows = await services.inOrganisation(id, systemActor('test'), (tx) =>
      tx.many<{ line: string }>(sql`
        SELECT concat_ws('|', 'work', p.staff_number, w.title, w.body, w.status, w.submitted_at, w.decided_at) AS line
          FROM works w JOIN people p ON p.org_id = w.org_id AND p.id = w.person_id WHERE w.org_id = ${id}
        UNION ALL SELECT concat_ws('|', 'study', p.staff_number, s.studied_on, s.content, s.minutes, s.created_at)
          FROM study_entries s JOIN people p ON p.org_id = s.org_id AND p.id = s.person_id WHERE s.org_id = ${id}
        UNION ALL SELECT concat_ws('|', 'activity', a.theme, a.kind, a.starts_at, a.status, a.minutes)
          FROM activities a WHERE a.org_id = ${id}
        UNION ALL SELECT concat_ws('|', 'attendance', p.staff_number, a.starts_at, t.status, t.signed_at)
          FROM attendance t JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
          JOIN activities a ON a.org_id = t.org_id AND a.id = t.activity_id WHERE t.org_id = ${id}
        UNION ALL SELECT concat_ws('|', 'makeUp', p.staff_number, a.starts_at, m.status, m.handed_in_at)
          FROM make_ups m JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
          JOIN activities a ON a.org_id = m.org_id AND a.id = m.activity_id WHERE m.org_id = ${id}
        UNION ALL SELECT concat_ws('|', 'audit', e.type, e.actor_name, e.at) FROM audit_entries e
          WHERE e.org_id = ${id} AND e.at > '2026-11-18' AND e.actor_name NOT LIKE 'test%'`),
    )
    lines.push(...rows.map((row) => `${cast.key}|${row.line}`))
  }
  return lines.sort()
}

const nothing = async () => undefined
const whole = await createDistrict()

test('the story goes on: activities are held, people attend, write, study, and one step tells what three tell', async () => {
  const tally = await tellOnward(whole.services, { from: demoStartDay, to: '2026-12-11' }, nothing)
  assert.ok(tally.activities > 30 && tally.attendances > 300, JSON.stringify(tally))
  assert.ok(tally.reflections > 60 && tally.accepted > 40 && tally.studies > 100, JSON.stringify(tally))
  const parted = await createDistrict()
  for (const [from, to] of [
    [demoStartDay, '2026-11-22'],
    ['2026-11-23', '2026-11-26'],
    ['2026-11-27', '2026-12-11'],
  ] as const)
    await tellOnward(parted.services, { from, to }, nothing)
  assert.deepEqual(await deeds(parted), await deeds(whole))
})

test('telling a day again changes nothing', async () => {
  const before = await deeds(whole)
  const tally = await tellOnward(whole.services, { from: '2026-12-01', to: '2026-12-11' }, nothing)
  assert.equal(tally.activities + tally.reflections + tally.studies, 0)
  assert.deepEqual(await deeds(whole), before)
})

test('what a visitor recorded is left alone and not told a second time', async () => {
  const { services, district } = await createDistrict()
  const school = schoolOf(district, 'xinglong')
  // 语文教研组: its leader plans next week, a member has written for this fortnight.
  const member = school.cast.people.find(
    (one) => one.group === 'chinese' && one.post === null && one.diligence >= 0.9,
  )
  const leader = school.cast.people.find((one) => one.group === 'chinese' && one.post === 'groupLeader')
  assert.ok(member && leader)
  const workId = await as(services, school, member.key, async (tx) => {
    const { id } = await startWork(tx, {
      kind: 'reflection',
      title: '访客自己写的反思',
      body: `<p>${'课上有三个孩子一直没有开口，我想知道他们在等什么。'.repeat(20)}</p>`,
    })
    await submitWork(tx, { id })
    return id
  })
  const activityId = await as(services, school, leader.key, async (tx) => {
    const { id } = await planActivity(tx, {
      scope: 'group',
      unitId: school.groupIds.chinese ?? null,
      kind: 'theoryStudy',
      theme: '访客安排的活动',
      content: '带一份学生作业来。',
      place: '二楼会议室',
      day: '2026-11-26',
      startTime: '10:00',
      endTime: '11:00',
      hostId: school.personIds[leader.key] ?? null,
      recorderId: school.personIds[member.key] ?? null,
      speakerId: school.personIds[member.key] ?? null,
      agenda: [],
    })
    return id
  })
  await tellOnward(services, { from: demoStartDay, to: '2026-12-01' }, nothing)
  const works = await as(services, school, member.key, (tx) =>
    listWorksOfPerson(tx, school.personIds[member.key] ?? ''),
  )
  const inFortnight = works.filter((work) => work.countsOn !== null && work.countsOn <= '2026-11-22')
  assert.deepEqual(
    inFortnight.map((work) => [work.id, work.status, work.title]),
    [[workId, 'submitted', '访客自己写的反思']],
  )
  const activity = await as(services, school, leader.key, (tx) => findActivity(tx, activityId))
  assert.deepEqual([activity?.status, activity?.theme], ['planned', '访客安排的活动'])
  const inWeek = await read<{ theme: string }>(
    services,
    school,
    (
      orgId,
    ) => sql`SELECT theme FROM activities WHERE org_id = ${orgId} AND unit_id = ${school.groupIds.chinese}
      AND held_on BETWEEN '2026-11-23' AND '2026-11-29'`,
  )
  assert.deepEqual(inWeek, [{ theme: '访客安排的活动' }])
  // The others of the group went on with their own.
  const others = await read<{ count: number }>(
    services,
    school,
    (orgId) => sql`SELECT count(*) AS count FROM works WHERE org_id = ${orgId} AND status = 'accepted'`,
  )
  assert.ok((others[0]?.count ?? 0) > 5)
})

test('a telling that breaks off leaves the clock on the morning after the last day told, and can be taken up', async () => {
  const place = await createDistrict()
  const { services, district } = place
  const school = schoolOf(district, 'baihe')
  const principal = school.cast.people.find((one) => one.post === 'principal')
  assert.ok(principal)
  const owner = new pg.Client({ connectionString: services.connectionString })
  await owner.connect()
  try {
    await owner.query(`CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.org_id = '${school.id}' AND NEW.studied_on >= '2026-11-26' THEN RAISE 'the disk is full'; END IF; RETURN NEW; END $$`)
    await owner.query(
      'CREATE TRIGGER break_off BEFORE INSERT ON study_entries FOR EACH ROW EXECUTE FUNCTION break_off()',
    )
    const move = async () => {
      const view = await as(services, school, principal.key, (tx) => moveClock(tx, services, '2026-12-12'))
      assert.ok(view.telling)
      await assert.rejects(
        as(services, school, principal.key, (tx) => moveClock(tx, services, '2026-12-20')),
        /正在讲到/,
      )
      while (progress(services).telling) await new Promise((resolve) => setTimeout(resolve, 20))
      return progress(services).told
    }
    const broken = await move()
    assert.equal(broken?.isFailed, true)
    assert.match(broken.sentence, /11月26日时出了差错/)
    assert.equal(services.clock.today(), '2026-11-26')
    const after = await read<{ count: number }>(
      services,
      school,
      (orgId) =>
        sql`SELECT count(*) AS count FROM audit_entries WHERE org_id = ${orgId} AND at >= '2026-11-26 00:00+08'`,
    )
    assert.equal(after[0]?.count, 0)
    await owner.query('DROP TRIGGER break_off ON study_entries')
    const mended = await move()
    assert.equal(mended?.isFailed, false)
    assert.equal(services.clock.today(), '2026-12-12')
    assert.deepEqual(await deeds(place), await deeds(whole))
  } finally {
    await owner.end()
  }
})
