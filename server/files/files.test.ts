import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import { startWork, submitWork } from '../work/actions.ts'
import { maxUploadBytes } from './receive.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { app, call, cookies } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
function form(input: unknown, name: string, content: Buffer) {
  const boundary = 'x-boundary-x'
  const payload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="input"\r\n\r\n${JSON.stringify(input)}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    content,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
async function upload(who: keyof TestSchool['people'], id: string, name: string, content: Buffer) {
  const { payload, headers } = form({ room: 'work', id }, name, content)
  const response = await app.inject({
    method: 'POST',
    url: '/api/files/uploadAttachment',
    payload,
    headers: { ...headers, cookie: cookies[who] ?? '' },
  })
  return { status: response.statusCode, body: response.json() }
}
const body = '拍下学生的折纸，放在这篇反思后面，方便同组老师一起看。'.repeat(6)
const draft = (who: 'teacher' | 'colleague' = 'teacher') =>
  school.as(who, (tx) => startWork(tx, { kind: 'reflection', title: '有照片的反思', body }))

test('a picture is attached to a draft, shown in the browser, and taken off again', async () => {
  const { id } = await draft()
  const made = await upload('teacher', id, '折纸.png', png)
  assert.equal(made.status, 200)
  assert.equal(made.body.mediaType, 'image/png')
  assert.equal((await upload('teacher', id, '折纸.png', png)).body.id, made.body.id)
  const got = await call('teacher', 'files/getAttachment', { id: made.body.id })
  assert.equal(got.status, 200)
  assert.match(String(got.headers['content-disposition']), /^inline; filename\*=UTF-8''%E6%8A%98/)
  assert.deepEqual(got.body, png)
  assert.equal((await call('teacher', 'files/removeAttachment', { id: made.body.id })).status, 200)
  assert.equal((await call('teacher', 'files/getAttachment', { id: made.body.id })).status, 404)
})

test('other files are saved, never shown as a page', async () => {
  const { id } = await draft()
  const made = await upload('teacher', id, '说明.txt', Buffer.from('<script>alert(1)</script> 说明'))
  const got = await call('teacher', 'files/getAttachment', { id: made.body.id })
  assert.match(String(got.headers['content-disposition']), /^attachment/)
  assert.equal(got.headers['x-content-type-options'], 'nosniff')
})

test('who may see the record may see the file: the reviewer after submission, nobody else', async () => {
  const { id } = await draft()
  const { body: file } = await upload('teacher', id, 'a.png', png)
  assert.equal((await call('leader', 'files/getAttachment', { id: file.id })).status, 404)
  await school.as('teacher', (tx) => submitWork(tx, { id }))
  assert.equal((await call('leader', 'files/getAttachment', { id: file.id })).status, 200)
  assert.equal((await call('colleague', 'files/getAttachment', { id: file.id })).status, 404)
  assert.equal((await callOther('principal', 'files/getAttachment', { id: file.id })).status, 404)
  // What was handed in can no longer be changed, and never by others.
  assert.equal((await call('teacher', 'files/removeAttachment', { id: file.id })).status, 403)
  assert.equal((await upload('teacher', id, 'b.png', png)).status, 403)
  assert.equal((await upload('leader', id, 'b.png', png)).status, 403)
})

test('refuses content unlike its name and rooms that keep no files', async () => {
  const { id } = await draft()
  const wrong = await upload('teacher', id, '照片.png', Buffer.from('MZ this is a program'))
  assert.equal(wrong.status, 415)
  const { payload, headers } = form({ room: 'study', id }, 'a.png', png)
  const response = await app.inject({
    method: 'POST',
    url: '/api/files/uploadAttachment',
    payload,
    headers: { ...headers, cookie: cookies.teacher ?? '' },
  })
  assert.equal(response.statusCode, 404)
})

test('200 MB are refused at once, before they are sent', async () => {
  const { id } = await draft()
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const { headers } = form({ room: 'work', id }, 'film.png', Buffer.alloc(0))
  const answer = await new Promise<{ status: number; text: string; sent: number }>((resolve, reject) => {
    let sent = 0
    const request = httpRequest(`${address}/api/files/uploadAttachment`, {
      method: 'POST',
      headers: { ...headers, cookie: cookies.teacher ?? '', 'content-length': 200 * 1024 * 1024 },
    })
    request.on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text, sent })
        request.destroy()
      })
    })
    request.on('error', reject)
    // Only the head and a little of the body are ever sent.
    request.write(Buffer.alloc(1000))
    sent += 1000
  })
  assert.equal(answer.status, 413)
  assert.match(answer.text, /最多 20 MB/)
})

test('a file that grows beyond the limit without having said so is stopped and leaves nothing', async () => {
  const { id } = await draft()
  const big = Buffer.concat([png, Buffer.alloc(maxUploadBytes)])
  const answer = await upload('teacher', id, 'big.png', big)
  assert.equal(answer.status, 413)
  const incoming = join(services.dataFolder, 'files', '.incoming')
  assert.deepEqual(existsSync(incoming) ? readdirSync(incoming) : [], [])
})
