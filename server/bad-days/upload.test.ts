import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createCrowd, signInOver } from './crowd.ts'
import { databaseOf, makeBase, memoryOf, startProgram } from './program.ts'

const megabyte = 1024 * 1024
const base = makeBase()
const dataFolder = join(base, 'data')
const program = await startProgram({ dataFolder })
after(async () => {
  await program.stop()
  rmSync(base, { recursive: true, force: true })
})
const crowd = await createCrowd(databaseOf(dataFolder), { people: 2, activities: 1, sessionsPerPerson: 1 })

interface Sent {
  status: number
  message: string
  megabytes: number
}

/** Sends a picture of 200 MB as fast as the server takes it; `declared`: with its length in the header. */
function sendLarge(declared: boolean): Promise<Sent> {
  const boundary = 'xiaoyan-boundary'
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="input"\r\n\r\n{"room":"work","id":"01900000-0000-7000-8000-000000000000"}\r\n` +
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const block = Buffer.alloc(megabyte, 0xff)
  return new Promise((resolve, reject) => {
    let megabytes = 0
    let answered: Sent | undefined
    const sending = request(
      `${program.address}/api/files/uploadAttachment`,
      {
        method: 'POST',
        headers: {
          'content-type': `multipart/form-data; boundary=${boundary}`,
          cookie: `xiaoyan_session=${crowd.sessions[0]}`,
          ...(declared ? { 'content-length': head.length + 200 * megabyte + tail.length } : {}),
        },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => {
          answered = {
            status: response.statusCode ?? 0,
            message: JSON.parse(text).error?.message ?? '',
            megabytes,
          }
          sending.destroy()
          resolve(answered)
        })
      },
    )
    // The server may close while we still send; its answer is what counts.
    sending.on('error', (error) => setTimeout(() => answered ?? reject(error), 500))
    sending.write(head)
    const pour = () => {
      if (answered) return
      if (megabytes === 200) {
        sending.end(tail)
        return
      }
      megabytes++
      if (sending.write(block)) setImmediate(pour)
      else sending.once('drain', pour)
    }
    pour()
  })
}

for (const declared of [true, false]) {
  test(`refuses 200 MB ${declared ? 'by its announced length' : 'that do not announce their length'} early, in a sentence, without holding it in memory`, async (t) => {
    const before = memoryOf(program.pid).now
    const { status, message, megabytes } = await sendLarge(declared)
    assert.equal(status, 413)
    assert.match(message, /20 ?MB/)
    assert.match(message, /压缩/)
    // What the sender has handed to the system by then includes what lies in the buffers in between.
    assert.ok(megabytes <= (declared ? 10 : 40), `the sender got rid of ${megabytes} MB`)
    const grown = memoryOf(program.pid).peak - before
    assert.ok(grown < 120, `memory grew by ${Math.round(grown)} MB`)
    assert.deepEqual(listStored(), [])
    t.diagnostic(`${megabytes} MB taken from the sender, memory at its peak ${Math.round(grown)} MB higher`)
  })
}

test('goes on serving others while ten such uploads press at once', async () => {
  const before = memoryOf(program.pid).now
  const large = Promise.allSettled(Array.from({ length: 10 }, () => sendLarge(false)))
  const answer = await signInOver(program.address, crowd, 1)
  assert.equal(answer.body.result, 'signedIn')
  for (const one of await large) {
    assert.equal(one.status, 'fulfilled', String((one as PromiseRejectedResult).reason))
    assert.equal((one as PromiseFulfilledResult<Sent>).value.status, 413)
  }
  const grown = memoryOf(program.pid).peak - before
  assert.ok(grown < 200, `memory grew by ${Math.round(grown)} MB`)
  assert.deepEqual(listStored(), [])
})

/** Files and parts of files that were kept. */
function listStored(): string[] {
  try {
    return readdirSync(join(dataFolder, 'files'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
  } catch {
    return []
  }
}
