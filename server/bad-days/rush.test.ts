import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { rebuildOrganisation } from '../regime/actions.ts'
import { systemActor } from '../kit/services.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'

const services = await createTestServices(instantAt('2026-11-18', '10:00'))
const school = await createTestSchool(services)
await school.as('principal', (tx) =>
  adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
)
await rebuildOrganisation(services, school.id, systemActor('test'))
const { call } = await createTestClients(services, school)

test('a hundred pages opened at once are answered, also when every one of them has to start something more', async () => {
  // A new morning: every board is of yesterday and asks for new figures in a transaction of its own.
  services.clock.moveTo(instantAt('2026-11-19', '07:30'))
  const pages = [
    ['teacher', 'access/getSession'],
    ['teacher', 'regime/getMyBoard'],
    ['leader', 'regime/getMyBoard'],
    ['principal', 'regime/getSchoolBoard'],
  ] as const
  // Connections of the tests' database: 8.
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const [who, path] = pages[index % pages.length] ?? pages[0]
      return call(who, path, {})
    }),
  )
  const failed = answers.filter((answer) => answer.status !== 200)
  assert.deepEqual(
    failed.map((answer) => JSON.stringify(answer.body)),
    [],
  )
})
