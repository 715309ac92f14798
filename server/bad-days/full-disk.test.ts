import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createCrowd, listRecords, signInOver } from './crowd.ts'
import { databaseOf, isSoon, makeBase, startProgram } from './program.ts'

const base = makeBase()
const disk = join(base, 'disk')
mkdirSync(disk)
const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=420m,mode=0755', 'xiaoyan-test', disk], {
  encoding: 'utf8',
})
after(() => {
  if (mount.status === 0) spawnSync('umount', ['-l', disk])
  rmSync(base, { recursive: true, force: true })
})

test('with a full disk the program says so in a sentence, goes on reading, and loses nothing it acknowledged', async (t) => {
  if (mount.status !== 0) {
    // In CI (root in a container) a run without this must not look like a success.
    const reason = `a small disk cannot be mounted here (${mount.stderr.trim() || mount.error?.message}): the full disk is NOT tested`
    console.error(`\n****  ${reason}  ****\n`)
    if (process.env.CI === 'true') assert.fail(reason)
    return t.skip(reason)
  }
  const dataFolder = join(disk, 'data')
  let program = await startProgram({ dataFolder })
  try {
    const people = 60
    const crowd = await createCrowd(databaseOf(dataFolder), { people, activities: 1, sessionsPerPerson: 1 })
    const acknowledged = new Set<number>()
    for (let person = 0; person < 20; person++) {
      if ((await signInOver(program.address, crowd, person)).status === 200) acknowledged.add(person)
    }
    assert.equal(acknowledged.size, 20)

    // Nearly full first: too little for the database to write, enough to open another connection.
    const { bavail, bsize } = statfsSync(disk)
    const filler = Math.floor((bavail * bsize) / 1024 / 1024) - 24
    spawnSync('sh', ['-c', `head -c ${filler}M /dev/zero > ${join(disk, 'filler')}`])
    // The database notices within two seconds; until then a sign-in may still get through, and then it is kept.
    const refusals: { status: number; message: string }[] = []
    const full = await isSoon(async () => {
      const person = acknowledged.size
      const { status, body } = await signInOver(program.address, crowd, person)
      if (status === 200) acknowledged.add(person)
      else refusals.push({ status, message: body.error?.message ?? '' })
      return status !== 200
    }, 10_000)
    assert.ok(full, 'the full disk is noticed')
    for (let person = 40; person < 50; person++) {
      const { status, body } = await signInOver(program.address, crowd, person)
      refusals.push({ status, message: body.error?.message ?? '' })
    }
    for (const { status, message } of refusals) {
      assert.equal(status, 503, message)
      assert.match(message, /磁盘空间不足.*没有保存.*管理员/)
    }
    const session = await fetch(`${program.address}/api/access/getSession`, {
      headers: { cookie: `xiaoyan_session=${crowd.sessions[0]}` },
    })
    assert.equal(session.status, 200, `${await session.clone().text()}\n${program.output()}`)
    assert.equal((await session.json()).session.person.name, '教师0')

    // Full to the last byte, killed and started again like that: nothing is lost.
    spawnSync('sh', ['-c', `cat /dev/zero > ${join(disk, 'filler2')} 2>/dev/null`])
    await program.kill()
    program = await startProgram({ dataFolder })
    const kept = await listRecords(databaseOf(dataFolder), crowd.orgId)
    assert.deepEqual(
      [...acknowledged].filter((person) => !kept.has(`${person}.0`)),
      [],
    )
    assert.equal((await signInOver(program.address, crowd, 51)).status, 503)

    rmSync(join(disk, 'filler'))
    rmSync(join(disk, 'filler2'))
    const writes = await isSoon(
      async () => (await signInOver(program.address, crowd, 51)).status === 200,
      10_000,
    )
    assert.ok(writes, 'writes again once there is space')
  } finally {
    await program.stop()
  }
})
