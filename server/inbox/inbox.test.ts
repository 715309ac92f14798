import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { startPlan, submitPlan } from '../plan/actions.ts'
import { returnWork, startWork, submitWork } from '../work/actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)
const body = '孩子们把长方形折成八份，争论八分之二和四分之一谁大。'.repeat(6)

async function write(who: 'teacher' | 'leader' | 'outsider'): Promise<string> {
  return school.as(who, async (tx) => {
    const { id } = await startWork(tx, { kind: 'reflection', title: `${who}的反思`, body })
    await submitWork(tx, { id })
    return id
  })
}
const waiting = async (who: 'teacher' | 'leader' | 'academicOffice' | 'principal') =>
  (await call(who, 'inbox/listInbox', {})).body.waiting as { kind: string; id: string }[]

test('each thing waits for one desk: the leader’s group, the office for the rest, nothing for teachers', async () => {
  const [teachers, leaders, outsiders] = [
    await write('teacher'),
    await write('leader'),
    await write('outsider'),
  ]
  const groupPlan = await school.as('leader', async (tx) => {
    const { id } = await startPlan(tx, {
      paper: 'plan',
      level: 'group',
      sections: { themes: '题', contents: '内容' },
    })
    await submitPlan(tx, { id })
    return id
  })
  const ids = async (who: Parameters<typeof waiting>[0]) => (await waiting(who)).map((item) => item.id).sort()
  assert.deepEqual(await ids('leader'), [teachers])
  assert.deepEqual(await ids('academicOffice'), [leaders, outsiders, groupPlan].sort())
  assert.deepEqual(await ids('principal'), [])
  assert.deepEqual(await ids('teacher'), [])
  assert.deepEqual((await call('academicOffice', 'inbox/getInboxCount', {})).body, {
    waiting: 3,
    tasks: 0,
    returned: 0,
  })
})

test('several are passed at once; what cannot be passed is named', async () => {
  const items = await waiting('academicOffice')
  const gone = items.find((item) => item.kind === 'work')
  await school.as('academicOffice', (tx) => returnWork(tx, { id: gone?.id ?? '', reason: '请补充' }))
  const { body: result } = await call('academicOffice', 'inbox/approveMany', { items })
  assert.equal(result.done, items.length - 1)
  assert.deepEqual(
    result.refused.map((one: { id: string }) => one.id),
    [gone?.id],
  )
  // The plan that was reviewed now waits for the stamp.
  assert.deepEqual(
    (await waiting('academicOffice')).map((item) => item.kind),
    ['planFile'],
  )
  assert.equal((await call('teacher', 'inbox/approveMany', { items })).status, 403)
})

test('what came back stands in the author’s list with the reason', async () => {
  const id = await write('teacher')
  await school.as('leader', (tx) => returnWork(tx, { id, reason: '标题太大，请落到一节课' }))
  const { body: inbox } = await call('teacher', 'inbox/listInbox', {})
  assert.deepEqual(
    inbox.returned.map((item: { id: string; reason: string; byName: string }) => [
      item.id,
      item.reason,
      item.byName,
    ]),
    [[id, '标题太大，请落到一节课', '陈立新']],
  )
})
