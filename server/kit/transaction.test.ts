import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestSchool, createTestServices } from '../testing.ts'
import { newId } from './ids.ts'
import { systemActor } from './services.ts'
import { sql, type Tx } from './sql.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '别校')
const actor = systemActor('test')

const addUnit = (tx: Tx, name: string) => sql`
  INSERT INTO units (org_id, id, kind, name, from_on) VALUES (${tx.orgId}, ${newId()}, 'teachingResearchGroup', ${name}, ${tx.today})
  RETURNING name`
const inSchool = <Result>(work: (tx: Tx) => Promise<Result>, commitsEarly: boolean) =>
  services.inOrganisation(school.id, actor, work, { commitsEarly })
const namesIn = (orgId: string, like: string) =>
  services.inOrganisation(orgId, actor, (tx) =>
    tx.many<{ name: string }>(sql`SELECT name FROM units WHERE name LIKE ${like} ORDER BY name`),
  )

test('the last statement is committed when its promise is kept, and only then are the pages told', async () => {
  let told = false
  await inSchool(async (tx) => {
    tx.afterCommit(() => (told = true))
    assert.deepEqual(await tx.last(addUnit(tx, '早组')), { name: '早组' })
    assert.deepEqual(await namesIn(school.id, '早组'), [{ name: '早组' }])
    assert.equal(told, false)
  }, true)
  assert.equal(told, true)
})

test('where the request has more to write, the last statement of an action is taken back with the rest', async () => {
  await assert.rejects(
    inSchool(async (tx) => {
      await tx.last(addUnit(tx, '收回组'))
      throw new Error('later')
    }, false),
    /later/,
  )
  assert.deepEqual(await namesIn(school.id, '收回组'), [])
})

test('a last statement that fails commits nothing of its transaction, and the connection stays good', async () => {
  await assert.rejects(
    inSchool(async (tx) => {
      await tx.run(addUnit(tx, '败组一'))
      await tx.last(sql`INSERT INTO units (org_id, id) VALUES (${tx.orgId}, ${newId()})`)
    }, true),
    /null value/,
  )
  assert.deepEqual(await namesIn(school.id, '败组%'), [])
  assert.deepEqual(await namesIn(school.id, '早组'), [{ name: '早组' }])
})

test('a statement after the last one has a transaction and the scope of its own', async () => {
  await inSchool(async (tx) => {
    await tx.last(addUnit(tx, '后组一'))
    await tx.run(addUnit(tx, '后组二'))
  }, true)
  await assert.rejects(
    inSchool(async (tx) => {
      await tx.last(addUnit(tx, '后组三'))
      await tx.run(addUnit(tx, '后组四'))
      throw new Error('later')
    }, true),
    /later/,
  )
  assert.deepEqual(
    (await namesIn(school.id, '后组%')).map((row) => row.name),
    ['后组一', '后组三', '后组二'].sort(),
  )
  assert.deepEqual(
    await namesIn(other.id, '%组%').then((rows) => rows.filter((row) => row.name.startsWith('后'))),
    [],
  )
})
