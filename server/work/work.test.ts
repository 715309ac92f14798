import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import { sql, type Tx } from '../kit/sql.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as work from './actions.ts'
import * as store from './store.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')

const long = '这节课我把分数的意义放在折纸里讲，学生先动手再说理由，课堂比预想的活跃。'.repeat(4)

interface FactRow {
  kind: string
  quantity: number
  countsOn: string
  attributes: Record<string, unknown>
  reverses: string | null
}
function factsOf(tx: Tx, id: string): Promise<FactRow[]> {
  return tx.many<FactRow>(sql`
    SELECT kind, quantity, counts_on, attributes, reverses FROM facts
    WHERE org_id = ${tx.orgId} AND source_room = 'work' AND source_id = ${id} ORDER BY recorded_at, id`)
}
const findWork = (id: string) => school.as('system', (tx) => store.findWork(tx, id))

async function submitted(
  who: 'teacher' | 'colleague' | 'leader' | 'outsider' | 'academicOffice' = 'teacher',
  title = '折纸里的分数',
) {
  return school.as(who, async (tx) => {
    const { id } = await work.startWork(tx, { kind: 'reflection', title, body: long })
    await work.submitWork(tx, { id })
    return id
  })
}

test('an accepted reflection leaves a fact on the day of its first submission', async () => {
  const id = await submitted()
  await school.as('leader', (tx) => work.acceptWork(tx, { id, remark: '写得实在' }))
  const facts = await school.as('system', (tx) => factsOf(tx, id))
  assert.equal(facts.length, 1)
  assert.equal(facts[0]?.kind, 'work.accepted')
  assert.equal(facts[0]?.countsOn, '2026-11-18')
  assert.equal(facts[0]?.attributes.workKind, 'reflection')
  assert.ok(Number(facts[0]?.attributes.characters) > 100)
})

test('a work returned and handed in again counts on the first day and keeps both versions', async () => {
  const id = await submitted()
  await school.as('leader', (tx) => work.returnWork(tx, { id, reason: '请写清学生的反应' }))
  await school.as('system', (tx) =>
    tx.run(sql`UPDATE works SET counts_on = '2026-11-10' WHERE org_id = ${tx.orgId} AND id = ${id}`),
  )
  await school.as('teacher', async (tx) => {
    const row = await store.findWork(tx, id)
    await work.saveWork(tx, {
      id,
      version: row?.draftVersion ?? 0,
      title: '折纸里的分数（改）',
      body: `${long}补充学生的反应。`,
    })
    assert.deepEqual(await work.submitWork(tx, { id }), { countsOn: '2026-11-10' })
  })
  const versions = await school.as('leader', (tx) => store.listVersions(tx, id))
  assert.deepEqual(
    versions.map((version) => [version.number, version.decision, version.title]),
    [
      [2, null, '折纸里的分数（改）'],
      [1, 'returned', '折纸里的分数'],
    ],
  )
})

test('a script in a reflection is removed and plain lines become paragraphs', async () => {
  const id = await school.as('teacher', async (tx) => {
    const made = await work.startWork(tx, { kind: 'reflection', title: '标题', body: '第一行\n第二行 a<b' })
    return made.id
  })
  assert.equal((await findWork(id))?.body, '<p>第一行</p><p>第二行 a&lt;b</p>')
  await school.as('teacher', (tx) =>
    work.saveWork(tx, {
      id,
      version: 1,
      title: '标题',
      body: '<p onclick="x()">好<script>alert(1)</script></p><img src=x onerror=y>',
    }),
  )
  assert.equal((await findWork(id))?.body, '<p>好</p>')
})

test('refuses an empty and a too short reflection, and one without a title', async () => {
  await school.as('teacher', async (tx) => {
    const { id } = await work.startWork(tx, { kind: 'essay' })
    await assert.rejects(work.submitWork(tx, { id }), /还没有正文/)
    await work.saveWork(tx, { id, version: 1, title: '', body: long })
    await assert.rejects(work.submitWork(tx, { id }), /请先写标题/)
    await work.saveWork(tx, { id, version: 2, title: '短', body: '太短了。' })
    await assert.rejects(work.submitWork(tx, { id }), /现在 4 字，至少写 100 字/)
  })
})

test('refuses a reflection without the part that the regime demands, with its clause', async () => {
  const strict = await createTestSchool(services, '新虹桥')
  await strict.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinhongqiao', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  await strict.as('teacher', async (tx) => {
    const { id } = await work.startWork(tx, { kind: 'reflection', title: '一节课的反思', body: long })
    const error = await work.submitWork(tx, { id }).then(
      () => null,
      (problem) => problem,
    )
    assert.match(error?.message ?? '', /还缺/)
    assert.match(error?.clause ?? '', /三.6/)
    const kind = (await import('./forms.ts')).listKinds
    const parts = (await kind(tx)).find((one) => one.kind === 'reflection')?.parts ?? []
    const filled = Object.fromEntries(parts.map((part) => [part.key, '提问太快，下次多等几秒。']))
    await work.saveWork(tx, { id, version: 1, title: '一节课的反思', body: long, parts: filled })
    await work.submitWork(tx, { id })
  })
})

test('the author cannot accept an own work; the leader’s goes to the office', async () => {
  const id = await submitted('leader')
  await assert.rejects(
    school.as('leader', (tx) => work.acceptWork(tx, { id })),
    /自己的作品不能由自己审核/,
  )
  await school.as('academicOffice', (tx) => work.acceptWork(tx, { id }))
  assert.equal((await findWork(id))?.status, 'accepted')
})

test('a work of 教导处 waits for the principal', async () => {
  const id = await submitted('academicOffice')
  await assert.rejects(
    school.as('academicOffice', (tx) => work.acceptWork(tx, { id })),
    /自己的作品/,
  )
  await school.as('principal', (tx) => work.acceptWork(tx, { id }))
  const teachers = await submitted('teacher')
  await assert.rejects(
    school.as('principal', (tx) => work.acceptWork(tx, { id: teachers })),
    /只有作者所在组的组长/,
  )
})

test('colleagues and leaders of other groups cannot review', async () => {
  const id = await submitted('outsider')
  for (const who of ['teacher', 'leader'] as const)
    await assert.rejects(
      school.as(who, (tx) => work.acceptWork(tx, { id })),
      /只有作者所在组的组长/,
    )
})

test('refuses a reflection returned without a reason', async () => {
  const id = await submitted()
  await assert.rejects(
    school.as('leader', (tx) => work.returnWork(tx, { id, reason: '  ' })),
    /请写明原因/,
  )
  assert.equal((await findWork(id))?.status, 'submitted')
})

test('the leader decides what somebody handed in before leaving the group', async () => {
  const id = await submitted('colleague')
  await school.as('system', (tx) =>
    tx.run(
      sql`UPDATE memberships SET to_on = '2026-11-18' WHERE org_id = ${tx.orgId} AND person_id = ${school.people.colleague}`,
    ),
  )
  services.clock.moveTo(instantAt('2026-11-20', '10:00'))
  await school.as('leader', (tx) => work.acceptWork(tx, { id }))
  assert.equal((await findWork(id))?.countsOn, '2026-11-18')
  services.clock.moveTo(instantAt('2026-11-18', '10:00'))
})

test('taking an acceptance back reverses the fact, and a new acceptance counts again', async () => {
  const id = await submitted()
  await school.as('leader', (tx) => work.acceptWork(tx, { id }))
  await assert.rejects(
    school.as('leader', (tx) => work.reverseAcceptance(tx, { id, reason: '' })),
    /请写明原因/,
  )
  await school.as('leader', (tx) => work.reverseAcceptance(tx, { id, reason: '与上一篇重复' }))
  let facts = await school.as('system', (tx) => factsOf(tx, id))
  assert.equal(facts.filter((fact) => fact.reverses !== null).length, 1)
  await school.as('teacher', (tx) => work.submitWork(tx, { id }))
  await school.as('leader', (tx) => work.acceptWork(tx, { id }))
  facts = await school.as('system', (tx) => factsOf(tx, id))
  assert.equal(facts.filter((fact) => fact.reverses === null).length, 2)
})

test('withdrawn before any decision, the day of submission is forgotten; afterwards nobody can withdraw', async () => {
  const id = await submitted()
  await assert.rejects(
    school.as('leader', (tx) => work.withdrawWork(tx, { id })),
    /只有作者本人/,
  )
  await school.as('teacher', (tx) => work.withdrawWork(tx, { id }))
  assert.equal((await findWork(id))?.countsOn, null)
  await school.as('teacher', (tx) => work.submitWork(tx, { id }))
  await school.as('leader', (tx) => work.acceptWork(tx, { id }))
  await assert.rejects(
    school.as('teacher', (tx) => work.withdrawWork(tx, { id })),
    /已采纳，不能撤回/,
  )
})

test('two devices: the second text is refused with the first in hand, the same text again is passed over', async () => {
  const { body: started } = await call('teacher', 'work/startWork', { kind: 'essay' })
  const save = (version: number, body: string) =>
    call('teacher', 'work/saveWork', { id: started.id, version, title: '一天', body, parts: {} })
  const first = await save(1, '<p>手机上写的</p>')
  assert.equal(first.body.version, 2)
  const again = await save(1, '<p>手机上写的</p>')
  assert.deepEqual([again.status, again.body.version], [200, 2])
  const second = await save(1, '<p>电脑上写的</p>')
  assert.equal(second.status, 409)
  assert.equal(second.body.error.code, 'conflict')
  assert.equal(second.body.error.fields.body, '<p>手机上写的</p>')
  assert.equal(second.body.error.fields.version, '2')
  assert.equal((await save(2, '<p>电脑上写的</p>')).body.version, 3)
})

test('a submission sent twice with one key makes one version', async () => {
  const { body: started } = await call('teacher', 'work/startWork', { kind: 'paper' })
  await call('teacher', 'work/saveWork', { id: started.id, version: 1, title: '论文', body: long, parts: {} })
  const headers = { 'idempotency-key': 'submit-the-paper-1' }
  const [one, two] = await Promise.all([
    call('teacher', 'work/submitWork', { id: started.id }, headers),
    call('teacher', 'work/submitWork', { id: started.id }, headers),
  ])
  assert.deepEqual([one.status, two.status], [200, 200])
  assert.deepEqual(one.body, two.body)
  assert.equal((await school.as('system', (tx) => store.listVersions(tx, started.id))).length, 1)
})

test('two reviewers at once: one decides, the other is told', async () => {
  const id = await submitted()
  const answers = await Promise.allSettled([
    school.as('leader', (tx) => work.acceptWork(tx, { id })),
    school.as('academicOffice', (tx) => work.returnWork(tx, { id, reason: '再改改' })),
  ])
  assert.equal(answers.filter((answer) => answer.status === 'fulfilled').length, 1)
})

test('a draft is invisible to others, and another school sees nothing at all', async () => {
  const { body: started } = await call('teacher', 'work/startWork', { kind: 'case' })
  await call('teacher', 'work/saveWork', { id: started.id, version: 1, title: '私密', body: long, parts: {} })
  for (const who of ['leader', 'principal', 'colleague'] as const)
    assert.equal((await call(who, 'work/getWork', { id: started.id })).status, 404)
  await call('teacher', 'work/submitWork', { id: started.id })
  assert.equal((await call('leader', 'work/getWork', { id: started.id })).status, 200)
  assert.equal((await call('colleague', 'work/getWork', { id: started.id })).status, 404)
  for (const who of ['principal', 'academicOffice', 'leader'] as const) {
    assert.equal((await callOther(who, 'work/getWork', { id: started.id })).status, 404)
    assert.equal((await callOther(who, 'work/acceptWork', { id: started.id })).status, 404)
  }
  assert.equal((await call('teacher', 'work/acceptWork', { id: started.id })).status, 403)
})

test('while the author changes a returned work, the reviewer reads what was handed in', async () => {
  const id = await submitted()
  await school.as('leader', (tx) => work.returnWork(tx, { id, reason: '再具体些' }))
  await school.as('teacher', (tx) =>
    work.saveWork(tx, { id, version: 1, title: '改了一半', body: '<p>还在改</p>' }),
  )
  const { body } = await call('leader', 'work/getWork', { id })
  assert.equal(body.title, '折纸里的分数')
  assert.doesNotMatch(body.body, /还在改/)
  const list = await call('leader', 'work/listWorks', { status: 'returned' })
  assert.equal(list.body.works.find((line: { id: string }) => line.id === id)?.title, '折纸里的分数')
})

test('accepting several names those that cannot be accepted and does the others', async () => {
  const mine = await submitted('leader')
  const theirs = await submitted('teacher')
  const result = await school.as('leader', (tx) => work.acceptWorks(tx, { ids: [mine, theirs, theirs] }))
  assert.equal(result.accepted, 1)
  assert.deepEqual(
    result.refused.map((one) => one.id),
    [mine],
  )
})

test('an empty draft is taken up again and may be thrown away; a submitted work may not', async () => {
  await school.as('colleague', async (tx) => {
    const first = await work.startWork(tx, { kind: 'narrative' })
    assert.deepEqual(await work.startWork(tx, { kind: 'narrative' }), first)
    await work.discardWork(tx, first)
    assert.equal(await store.findWork(tx, first.id), undefined)
    await assert.rejects(work.startWork(tx, { kind: 'poem' }), /没有这种作品/)
  })
  const id = await submitted()
  await assert.rejects(
    school.as('teacher', (tx) => work.discardWork(tx, { id })),
    /不能删除/,
  )
})
