import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { createAccount, hashPassword } from './access/actions.ts'
import { type Endpoint, methodOf } from './kit/contract.ts'
import { gates, type Role } from './kit/gate.ts'
import { rooms } from './rooms.ts'
import { createTestClients, createTestSchool, createTestServices } from './testing.ts'
import { foreignRecords, marker } from './isolation-records.ts'

// Generated from the contracts: a new endpoint is covered the day it is written. Nobody gets in without a session,
// nobody past the gate of another role, and a record of another school is as if it did not exist.

const services = await createTestServices()
const own = await createTestSchool(services, '本校')
const other = await createTestSchool(services, '外校')
const { app, call } = await createTestClients(services, own, 'own-')
const records = await foreignRecords(other)

interface Case {
  path: string
  endpoint: Endpoint
  name: string
}
const cases: Case[] = rooms.flatMap((room) =>
  Object.entries(room.contract).map(([name, endpoint]) => ({ path: `${room.name}/${name}`, endpoint, name })),
)

test('every room is reachable and names its endpoints without doubles', () => {
  assert.ok(cases.length > 40, `only ${cases.length} endpoints found`)
  assert.equal(new Set(cases.map((entry) => entry.path)).size, cases.length)
  assert.equal(new Set(rooms.map((room) => room.name)).size, rooms.length)
})

for (const { path, endpoint } of cases) {
  if (endpoint.gate === 'anyone') continue
  test(`${path} asks for a session`, async () => {
    const response = await call(null, path, {})
    assert.equal(response.status, 401)
    assert.equal(response.body.error.code, 'signInFirst')
  })
}

test('an account with its first password can do nothing but change it', async () => {
  const loginName = 'first-password'
  const passwordHash = await hashPassword('probe-2026')
  const school = await createTestSchool(services, '新校')
  await school.as('system', (tx) =>
    createAccount(tx, {
      personId: school.people.principal,
      loginName,
      passwordHash,
      mustChangePassword: true,
    }),
  )
  const signedIn = await app.inject({
    method: 'POST',
    url: '/api/access/signIn',
    payload: { loginName, password: 'probe-2026' },
  })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  for (const { path, endpoint, name } of cases) {
    if (endpoint.gate === 'anyone' || endpoint.gate === 'signedIn') continue
    const response = await app.inject({ method: methodOf(name), url: `/api/${path}`, headers: { cookie } })
    assert.equal(response.statusCode, 403, path)
    assert.equal(response.json().error.code, 'changePasswordFirst', path)
  }
})

const roleOf = {
  principal: 'principal',
  academicOffice: 'academicOffice',
  leader: 'groupLeader',
  teacher: 'teacher',
} as const
for (const [who, role] of Object.entries(roleOf) as [keyof typeof roleOf, Role][]) {
  test(`${role} is stopped at every gate that does not name the role`, async () => {
    let stopped = 0
    for (const { path, endpoint } of cases) {
      const wanted: readonly Role[] | null = gates[endpoint.gate]
      const held: Role[] = [role, 'teacher']
      if (wanted === null || held.some((one) => wanted.includes(one))) continue
      const response = await call(who, path, {})
      assert.equal(response.status, 403, path)
      assert.equal(response.body.error.code, 'forbidden', path)
      stopped++
    }
    assert.ok(stopped > 0, 'no gate was tried')
  })
}

interface JsonSchema {
  type?: string | string[]
  format?: string
  pattern?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  minLength?: number
  minimum?: number
}

/** The other school's record that a field asks for; the most exact name wins. */
function foreignRecord(path: string, field: string): string | undefined {
  return records[`${path}.${field}`] ?? records[`${path.split('/')[0]}.${field}`] ?? records[field]
}

/** A value that the schema takes, with the other school's id in every id field; `used` collects those fields. */
function sample(schema: JsonSchema, field: string, path: string, used: Set<string>): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const choice = schema.anyOf ?? schema.oneOf
  if (choice) return sample(choice.find((one) => one.type !== 'null') ?? {}, field, path, used)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') {
    const properties = Object.entries(schema.properties ?? {})
    return Object.fromEntries(properties.map(([key, property]) => [key, sample(property, key, path, used)]))
  }
  if (type === 'array') return schema.items ? [sample(schema.items, field, path, used)] : []
  if (type === 'integer' || type === 'number') return Math.max(1, schema.minimum ?? 1)
  if (type === 'boolean') return true
  if (schema.format === 'uuid') {
    used.add(field)
    return foreignRecord(path, field) ?? '00000000-0000-7000-8000-000000000000'
  }
  if (schema.format === 'date-time') return '2026-11-18T02:00:00.000Z'
  if (/schoolYear/.test(field)) return '2026-2027'
  if (/term/i.test(field)) return '2026-2027-1'
  if (/day|date|from|to$|on$/i.test(field) && schema.pattern?.includes('4}-')) return '2026-11-18'
  if (schema.pattern?.includes(':')) return '15:00'
  if (field === 'room') return 'work'
  if (field === 'phone') return '13900000000'
  return '试'.repeat(Math.max(2, schema.minLength ?? 2))
}

/** Fields whose first allowed value would make the foreign id meaningless. */
const chosen: Record<string, Record<string, unknown>> = { 'plan/startPlan': { level: 'teacher' } }

/** Acts on many records at once answer with a list of what was declined; nothing may have been done. */
const batches = ['access/openAccounts', 'inbox/approveMany', 'plan/filePlans', 'work/acceptWorks']

for (const { path, endpoint } of cases) {
  const used = new Set<string>()
  const schema = z.toJSONSchema(endpoint.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const input = { ...(sample(schema, '', path, used) as Record<string, unknown>), ...chosen[path] }
  if (used.size === 0) continue
  test(`${path} does not know the records of another school`, async () => {
    for (const field of used)
      assert.ok(
        foreignRecord(path, field),
        `no foreign record for ${path} ${field}: add it to isolation-records.ts`,
      )
    if (endpoint.kind === 'upload') return
    const before = await auditCount()
    for (const who of ['principal', 'academicOffice', 'teacher'] as const) {
      const response = await call(who, path, input)
      const text = JSON.stringify(response.body)
      assert.notEqual(
        response.body.error?.code,
        'badInput',
        `the sample is not valid: ${text} ${JSON.stringify(input)}`,
      )
      assert.ok(!text.includes(marker), `${who} read the other school: ${text.slice(0, 400)}`)
      // A list filtered by a foreign id may be empty; everything else must be declined.
      const allowed =
        methodOf(endpointName(path)) === 'GET' || batches.includes(path)
          ? [200, 403, 404, 422]
          : [403, 404, 422]
      assert.ok(allowed.includes(response.status), `${who}: ${response.status} ${text.slice(0, 300)}`)
    }
    assert.equal(await auditCount(), before, 'something was written in the other school')
  })
}

function endpointName(path: string): string {
  return path.slice(path.indexOf('/') + 1)
}
async function auditCount(): Promise<number> {
  const rows = await other.as('system', (tx) =>
    tx.connection.query<{ count: string }>('SELECT count(*) AS count FROM audit_entries'),
  )
  return Number(rows.rows[0]?.count)
}
