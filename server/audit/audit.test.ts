import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { sql } from '../kit/sql.ts'
import { createTestSchool, createTestServices } from '../testing.ts'
import { audit, sealAudit, verifyAudit } from './actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '邻校')

/** Does what only the owner of the tables can do. */
async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: services.connectionString })
  await client.connect()
  try {
    await client.query('SET session_replication_role = replica')
    await client.query(`SET app.org_id = '${school.id}'`)
    assert.ok(((await client.query(statement)).rowCount ?? 0) > 0, 'nothing was tampered with')
  } finally {
    await client.end()
  }
}

test('sealing closes every entry once, in a chain, and finds nothing to do the second time', async () => {
  assert.ok((await school.as('system', sealAudit)) > 10)
  assert.equal(await school.as('system', sealAudit), 0)
  await school.as('teacher', (tx) =>
    audit(tx, { type: 'work.submitted', id: null, payload: { b: 2, a: { d: 1, c: [1, '二'] } } }),
  )
  assert.equal(await school.as('system', sealAudit), 1)
  const result = await school.as('system', verifyAudit)
  assert.equal(result.seals, 2)
  assert.deepEqual(result.problems, [])
})

test('two sealings at once do not cover an entry twice', async () => {
  await school.as('teacher', (tx) => audit(tx, { type: 'work.submitted', id: null }))
  const sealed = await Promise.all([school.as('system', sealAudit), school.as('system', sealAudit)])
  assert.equal(sealed[0] + sealed[1], 1)
  assert.deepEqual((await school.as('system', verifyAudit)).problems, [])
})

test('an act that is rolled back leaves no entry', async () => {
  const count = () =>
    school.as(
      'system',
      async (tx) =>
        (
          await tx.one<{ count: number }>(
            sql`SELECT count(*) AS count FROM audit_entries WHERE org_id = ${tx.orgId}`,
          )
        ).count,
    )
  const before = await count()
  await assert.rejects(
    school.as('teacher', async (tx) => {
      await audit(tx, { type: 'work.submitted', id: null })
      throw new Error('lost connection')
    }),
  )
  assert.equal(await count(), before)
})

test('one school does not see the log of another', async () => {
  const result = await other.as('system', verifyAudit)
  assert.equal(result.seals, 0)
})

test('a changed word, a removed entry and a removed seal are found', async () => {
  await asOwner(
    `UPDATE audit_entries SET actor_name = '别人' WHERE org_id = '${school.id}' AND type = 'org.created'`,
  )
  assert.match((await school.as('system', verifyAudit)).problems.join(), /第 1 号封条内的记录被改动过/)
  await asOwner(`DELETE FROM audit_entries WHERE org_id = '${school.id}' AND type = 'org.created'`)
  assert.match((await school.as('system', verifyAudit)).problems.join(), /第 1 号封条缺 1 条记录/)
  await asOwner(`DELETE FROM audit_seals WHERE org_id = '${school.id}' AND number = 1`)
  assert.match((await school.as('system', verifyAudit)).problems.join(), /第 1 号封条缺失/)
})
