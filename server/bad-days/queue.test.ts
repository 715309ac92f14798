import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { recordFacts } from '../facts/actions.ts'
import { createClock } from '../kit/clock.ts'
import { createHub } from '../kit/hub.ts'
import { newId } from '../kit/ids.ts'
import { createServices, systemActor } from '../kit/services.ts'
import { createPool, sql } from '../kit/sql.ts'
import { saveSchoolYear, saveTerm } from '../calendar/store.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createPerson } from '../org/actions.ts'
import { createOrganisation } from '../org/actions.ts'
import { testTerm } from '../testing.ts'
import { createTypesetter } from '../typesetting/renderer.ts'
import { databaseOf, isSoon, makeBase, type Program, startProgram } from './program.ts'

const base = makeBase()
const dataFolder = `${base}/data`
let program: Program | undefined
after(async () => {
  await program?.stop()
  rmSync(base, { recursive: true, force: true })
})
const system = systemActor('test')

test('what was queued when the server was killed is computed after the restart', async () => {
  program = await startProgram({ dataFolder })
  const pool = createPool(databaseOf(dataFolder), 2)
  const typesetter = createTypesetter()
  const services = createServices({
    pool,
    clock: createClock(),
    hub: createHub(),
    dataFolder,
    secret: Buffer.alloc(32),
    demo: false,
    typesetter,
    publicUrl: '',
  })
  const orgId = newId()
  // A school year around today, whenever that is.
  const shift = (days: number) =>
    new Date(Date.parse(services.clock.today()) + days * 86_400_000).toISOString().slice(0, 10)
  const term = { ...testTerm, from: shift(-60), to: shift(80) }
  const people = await services.inOrganisation(orgId, system, async (tx) => {
    await createOrganisation(tx, { kind: 'school', name: '断电小学', districtId: null })
    await saveSchoolYear(tx, { id: testTerm.schoolYearId, from: term.from, to: shift(250) })
    await saveTerm(tx, {
      ...term,
      windows: {
        opening: { from: term.from, to: shift(-50) },
        middle: { from: shift(-5), to: shift(5) },
        closing: { from: shift(70), to: term.to },
      },
    })
    await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: testTerm.schoolYearId, from: term.from })
    const ids: string[] = []
    for (let number = 0; number < 40; number++)
      ids.push(
        await createPerson(tx, {
          staffNumber: `Q${number}`,
          name: `教师${number}`,
          from: '2020-09-01',
          attributes: { staffKind: 'teaching' },
        }),
      )
    return ids
  })
  /** Figures of everybody's study, as the boards read them. */
  const read = () =>
    services.inOrganisation(orgId, system, async (tx) => ({
      marks: (
        await tx.one<{ count: number }>(sql`SELECT count(*) FROM recompute_marks WHERE org_id = ${orgId}`)
      ).count,
      sets: await tx.many<{ subjectId: string; evaluatedAt: Date; findings: unknown }>(
        sql`SELECT subject_id, evaluated_at, findings FROM finding_sets WHERE org_id = ${orgId} AND subject_kind = 'person' ORDER BY subject_id`,
      ),
    }))
  try {
    assert.ok(await isSoon(async () => (await read()).sets.length === people.length, 20_000))
    const before = await read()

    // Everybody studies; the server dies as soon as it begins to compute.
    await services.inOrganisation(orgId, system, (tx) =>
      recordFacts(
        tx,
        people.map((id) => ({
          kind: 'study.logged' as const,
          subject: { kind: 'person' as const, id },
          on: tx.today,
          quantity: 90,
          attributes: { studyKind: 'theory', hasExcerpt: true },
          source: { room: 'study', id: newId() },
          key: newId(),
        })),
      ),
    )
    await program.kill()
    assert.ok((await read()).marks > 0 || (await read()).sets.length > 0)
    await services.inOrganisation(orgId, system, (tx) =>
      recordFacts(
        tx,
        people.map((id) => ({
          kind: 'study.logged' as const,
          subject: { kind: 'person' as const, id },
          on: tx.today,
          quantity: 45,
          attributes: { studyKind: 'policy', hasExcerpt: false },
          source: { room: 'study', id: newId() },
          key: newId(),
        })),
      ),
    )
    const waiting = await read()
    assert.ok(waiting.marks >= people.length, `nothing waits: ${waiting.marks}`)

    program = await startProgram({ dataFolder })
    assert.ok(await isSoon(async () => (await read()).marks === 0, 20_000), 'all marks are worked off')
    const now = await read()
    assert.equal(now.sets.length, people.length)
    for (const [index, set] of now.sets.entries()) {
      assert.ok(set.evaluatedAt >= (before.sets[index]?.evaluatedAt ?? set.evaluatedAt))
      assert.notDeepEqual(set.findings, before.sets[index]?.findings, 'the new facts count')
    }
  } finally {
    await typesetter.stop()
    await pool.end()
  }
})
