import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isAlive } from '../postgres/processes.ts'
import { type Crowd, createCrowd, listRecords, signInOver } from './crowd.ts'
import { databaseOf, makeBase, postgresPid, type Program, startProgram } from './program.ts'

const people = 1_000
const base = makeBase()
const dataFolder = join(base, 'data')
let program: Program | undefined
let crowd: Crowd
after(async () => {
  await program?.stop()
  rmSync(base, { recursive: true, force: true })
})

/** Everybody signs in to one activity, 32 at a time, until all have or the server is gone. Gives who was told "done". */
async function signInAll(
  address: string,
  crowd: Crowd,
  activity: number,
  onAnswer: (acknowledged: Set<number>) => void,
): Promise<Set<number>> {
  const acknowledged = new Set<number>()
  let next = 0
  let isGone = false
  const work = async () => {
    while (!isGone && next < people) {
      const person = next++
      try {
        const { status, body } = await signInOver(address, crowd, person, activity)
        if (status === 200 && body.result === 'signedIn') acknowledged.add(person)
        onAnswer(acknowledged)
      } catch {
        isGone = true
      }
    }
  }
  await Promise.all(Array.from({ length: 32 }, work))
  return acknowledged
}

async function assertKept(crowd: Crowd, activity: number, acknowledged: Set<number>): Promise<void> {
  const kept = await listRecords(databaseOf(dataFolder), crowd.orgId)
  const lost = [...acknowledged].filter((person) => !kept.has(`${person}.${activity}`))
  assert.deepEqual(lost, [], 'sign-ins that were acknowledged and are gone')
}

test('every acknowledged sign-in outlives kill -9 of the server, then of server and database', async () => {
  program = await startProgram({ dataFolder })
  crowd = await createCrowd(databaseOf(dataFolder), { people, activities: 2, sessionsPerPerson: 1 })

  // First round: the server alone dies in the middle.
  let dying: Promise<void> | undefined
  const first = await signInAll(program.address, crowd, 0, (acknowledged) => {
    if (acknowledged.size >= 300) dying ??= program?.kill()
  })
  await dying
  assert.ok(first.size >= 300 && first.size < people, `killed in the middle: ${first.size}`)
  const survivor = postgresPid(dataFolder)
  assert.ok(isAlive(survivor), 'the database outlives the server')
  program = await startProgram({ dataFolder })
  await assertKept(crowd, 0, first)

  // Second round: the database dies with it.
  dying = undefined
  const second = await signInAll(program.address, crowd, 1, (acknowledged) => {
    if (acknowledged.size < 300 || dying) return
    process.kill(postgresPid(dataFolder), 'SIGKILL')
    dying = program?.kill()
  })
  await Promise.resolve(dying)
  assert.ok(second.size >= 300 && second.size < people, `killed in the middle: ${second.size}`)
  program = await startProgram({ dataFolder })
  await assertKept(crowd, 0, first)
  await assertKept(crowd, 1, second)

  // Whoever got no answer tries again and is in: nobody is there twice, nobody is missing.
  const rest = await signInAll(program.address, crowd, 1, () => undefined)
  const kept = await listRecords(databaseOf(dataFolder), crowd.orgId)
  for (const person of rest) assert.ok(!second.has(person), 'acknowledged as new twice')
  assert.equal([...kept].filter((record) => record.endsWith('.1')).length, people)
})

test('the database alone is killed: the program says so in a sentence and goes on by itself', async () => {
  const running = program
  assert.ok(running)
  const before = postgresPid(dataFolder)
  process.kill(before, 'SIGKILL')
  const sentences = new Set<string>()
  let back = false
  for (let attempt = 0; attempt < 200 && !back; attempt++) {
    const { status, body }: Awaited<ReturnType<typeof signInOver>> = await signInOver(
      running.address,
      crowd,
      0,
    ).catch((error: Error) => assert.fail(`the program is gone: ${error.message}\n${running.output()}`))
    if (status === 200) back = true
    else {
      assert.equal(status, 503, JSON.stringify(body))
      sentences.add(body.error?.message ?? '')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  assert.ok(back, 'signs in again without a restart of the program')
  for (const sentence of sentences) assert.match(sentence, /数据库.*请.*再试/)
})
