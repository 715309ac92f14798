import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { ApiError, api, errorFrom, fileAddress, onSignedOut, randomId } from './api.ts'
import type { ApiCall } from './api.ts'

interface Sent {
  address: string
  init: RequestInit
}
const realFetch = globalThis.fetch
afterEach(() => {
  globalThis.fetch = realFetch
  onSignedOut(() => {})
})
function answerWith(answer: () => Response): Sent[] {
  const sent: Sent[] = []
  globalThis.fetch = (async (address: string, init: RequestInit) => {
    sent.push({ address, init })
    return answer()
  }) as typeof fetch
  return sent
}
const room = api('activity') as unknown as Record<string, ApiCall<unknown, unknown>>

test('reads with GET and the input in the address, changes with POST and an idempotency key', async () => {
  const sent = answerWith(() => Response.json({ fine: true }))
  assert.deepEqual(await room.listActivities!({ term: '一' }), { fine: true })
  await room.closeActivity!({ id: '1' }, { idempotencyKey: 'one-and-the-same' })
  assert.equal(sent[0]!.address, `/api/activity/listActivities?input=${encodeURIComponent('{"term":"一"}')}`)
  assert.equal(sent[0]!.init.method, undefined)
  assert.equal(sent[1]!.address, '/api/activity/closeActivity')
  assert.equal(sent[1]!.init.method, 'POST')
  assert.equal((sent[1]!.init.headers as Record<string, string>)['Idempotency-Key'], 'one-and-the-same')
  assert.equal(sent[1]!.init.body, '{"id":"1"}')
})

test('gives the sentence, clause and field messages of a refusal', async () => {
  answerWith(() =>
    Response.json(
      { error: { code: 'refused', message: '太晚了。', clause: '一.2', fields: { on: '已过' } } },
      { status: 422 },
    ),
  )
  const error = await room.createActivity!({}).then(
    () => assert.fail('was not refused'),
    (problem: ApiError) => problem,
  )
  assert.equal(error.message, '太晚了。')
  assert.equal(error.clause, '一.2')
  assert.deepEqual(error.fields, { on: '已过' })
  assert.equal(error.isConnection, false)
})

test('says in Chinese that the server was not reached, and that trying again may help', async () => {
  globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'))
  const error = await room.createActivity!({}).catch((problem: ApiError) => problem)
  assert.ok(error instanceof ApiError && error.isConnection)
  assert.match(error.message, /连不上服务器/)
})

test('does not take the page of a captive portal for an answer', async () => {
  answerWith(() => new Response('<html>请登录校园网</html>'))
  await assert.rejects(room.listActivities!({}), { code: 'network' })
})

test('a full disk is an answer, a gateway without words is a lost connection', () => {
  assert.equal(errorFrom(503, { error: { code: 'diskFull', message: '磁盘空间不足。' } }).isConnection, false)
  assert.equal(errorFrom(502, undefined).isConnection, true)
})

test('tells when the session is over, but not for a wrong password', async () => {
  let told = 0
  onSignedOut(() => {
    told += 1
  })
  answerWith(() => Response.json({ error: { code: 'signInFirst', message: '请先登录。' } }, { status: 401 }))
  await assert.rejects(room.signIn!({}))
  assert.equal(told, 0)
  await assert.rejects(room.listActivities!({}))
  assert.equal(told, 1)
})

test('makes the address of a file', () => {
  const call = room.getExport as ApiCall<unknown, never>
  assert.equal(fileAddress(call, { a: 1 }), '/api/activity/getExport?input=%7B%22a%22%3A1%7D')
})

test('makes UUIDs without crypto.randomUUID', () => {
  assert.match(randomId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.notEqual(randomId(), randomId())
})
