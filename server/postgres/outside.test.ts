import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connectionString } from './connection.ts'
import { connectOutside, parseAddress, refuseUnfit } from './outside.ts'
import { startPostgres } from './supervisor.ts'

const server = await startPostgres({ memory: true })
after(() => server.stop())

test('accepts a server that answers, and makes the same address again', async () => {
  const address = connectionString(server.connection)
  const connection = await connectOutside(address)
  assert.deepEqual(connection, server.connection)
  assert.equal(connectionString(connection), address)
})

test('takes an address apart, with its password and options', () => {
  const address = 'postgresql://xiaoyan:p%40ss%3A@db.school.cn:6432/research?sslmode=no-verify'
  const connection = parseAddress(address)
  assert.deepEqual(connection, {
    host: 'db.school.cn',
    port: 6432,
    user: 'xiaoyan',
    password: 'p@ss:',
    database: 'research',
    ssl: { rejectUnauthorized: false },
    urlOptions: 'sslmode=no-verify',
  })
  assert.equal(connectionString(connection), address)
})

test('refuses what is not an address of PostgreSQL', () => {
  assert.throws(() => parseAddress('mysql://a@b/c'), /不是 PostgreSQL 的地址/)
  assert.throws(() => parseAddress('postgresql://a@b:port/c'), /看不懂/)
})

test('says what is wrong when the server cannot be reached, without the password', async () => {
  const missing = connectionString(server.connection, 'missing')
  await assert.rejects(connectOutside(missing), /没有名为 missing 的数据库/)
  await assert.rejects(connectOutside('postgresql://a:secret@127.0.0.1:1/b'), (error: Error) => {
    assert.match(error.message, /没有在这个端口监听/)
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
})

test('refuses a server older than 15 and one that does not store UTF-8', () => {
  assert.throws(() => refuseUnfit('h:1', '14.22 (Debian)', 'UTF8'), /是 PostgreSQL 14\.22 .*需要 15 或更新/)
  assert.throws(() => refuseUnfit('h:1', '16.3', 'SQL_ASCII'), /存不下中文/)
  assert.doesNotThrow(() => refuseUnfit('h:1', '15.0', 'UTF8'))
})
