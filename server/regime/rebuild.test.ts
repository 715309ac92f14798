import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveSchoolYear } from '../calendar/store.ts'
import { recordFacts } from '../facts/actions.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import { createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import { rebuildOrganisation } from './actions.ts'
import { adoptRegime } from './adoption.ts'
import { rebuildOrganisations } from './rebuild.ts'

const system = systemActor('test')
const services = await createTestServices()
const schools: TestSchool[] = []
for (let index = 0; index < 8; index++) {
  const school = await createTestSchool(services, `线程小学${index}`)
  await school.as('system', async (tx) => {
    await saveSchoolYear(tx, { id: '2025-2026', from: '2025-09-01', to: '2026-07-10' })
    await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2025-2026', from: '2025-09-01' })
    await recordFacts(
      tx,
      ['2025-10-15', '2026-06-20', '2026-09-21', '2026-11-17'].slice(index % 3).map((on) => ({
        kind: 'study.logged' as const,
        subject: { kind: 'person' as const, id: school.people.teacher },
        on,
        quantity: 45 + index,
        attributes: { studyKind: 'theory', hasExcerpt: true },
        source: { room: 'study', id: newId() },
        key: newId(),
      })),
    )
  })
  schools.push(school)
}

function setsOf(school: TestSchool) {
  return school.as('system', (tx) =>
    tx.many(sql`
      SELECT school_year_id, subject_kind, subject_id, evaluated_on, findings::text, summary::text FROM finding_sets
      WHERE org_id = ${tx.orgId} ORDER BY school_year_id, subject_kind, subject_id`),
  )
}

test('threads find the same of every school and year as one after the other, and the pages are told', async () => {
  for (const school of schools) await rebuildOrganisation(services, school.id, system, { years: 'all' })
  const expected = await Promise.all(schools.map(setsOf))
  assert.deepEqual(
    new Set(expected[0]?.map((row) => (row as { schoolYearId: string }).schoolYearId)),
    new Set(['2025-2026', '2026-2027']),
  )
  for (const school of schools)
    await school.as('system', (tx) => tx.run(sql`DELETE FROM finding_sets WHERE org_id = ${tx.orgId}`))
  const told = new Set<string>()
  const stops = schools.map(({ id }) => services.hub.listen(id, () => told.add(id)))
  await rebuildOrganisations(
    services,
    schools.map(({ id }) => id),
    system,
    { years: 'all', threads: 2 },
  )
  for (const stop of stops) stop()
  assert.deepEqual(await Promise.all(schools.map(setsOf)), expected)
  assert.equal(told.size, schools.length)
})

test('an organisation with too many facts to hold at once is computed in batches, with the same findings', async () => {
  const school = schools[0] as TestSchool
  const expected = await setsOf(school)
  await school.as('system', (tx) => tx.run(sql`DELETE FROM finding_sets WHERE org_id = ${tx.orgId}`))
  await rebuildOrganisation(services, school.id, system, { years: 'all', factsAtOnce: 1 })
  assert.deepEqual(await setsOf(school), expected)
})

test('an organisation that fails is reported after all others were computed', async () => {
  const broken = schools[0] as TestSchool
  await broken.as('system', (tx) =>
    tx.run(sql`UPDATE regime_adoptions SET source = 'title: [' WHERE org_id = ${tx.orgId}`),
  )
  const last = schools.at(-1) as TestSchool
  await last.as('system', (tx) => tx.run(sql`DELETE FROM finding_sets WHERE org_id = ${tx.orgId}`))
  await assert.rejects(
    rebuildOrganisations(
      services,
      schools.map(({ id }) => id),
      system,
      { threads: 2 },
    ),
    /读不懂/,
  )
  assert.ok((await setsOf(last)).length > 0)
})
