import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planActivity } from '../activity/actions.ts'
import { endService } from '../org/actions.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import type { SearchMatch } from './contract.ts'
import { bestMatches, matchOf } from './rules.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '邻校')
const { call } = await createTestClients(services, school)
const neighbour = await createTestClients(services, other, 'n-')

const plan = (of: TestSchool, theme: string, more: object = {}) =>
  of.as('principal', (tx) =>
    planActivity(tx, {
      scope: 'group',
      unitId: of.groupId,
      kind: 'groupResearch',
      theme,
      content: '三上',
      place: '三楼',
      day: '2026-11-25',
      startTime: '15:00',
      endTime: '16:00',
      hostId: of.people.leader,
      ...more,
    }),
  )
const { id: ours } = await plan(school, '估算教学的难点')
await plan(other, '估算教学的邻校做法')

async function found(who: keyof TestSchool['people'], text: string): Promise<SearchMatch[]> {
  const { status, body } = await call(who, 'search/listMatches', { text })
  assert.equal(status, 200)
  return body as SearchMatch[]
}
const titles = (matches: SearchMatch[], kind: SearchMatch['kind']) =>
  matches.filter((match) => match.kind === kind).map((match) => match.title)

test('a person is found by name, initials, pinyin and 工号', async () => {
  const [person] = (await found('principal', '林小满')).filter((match) => match.kind === 'person')
  assert.ok(person)
  const number = /工号 (\S+)$/.exec(person.note)?.[1] ?? ''
  for (const text of ['小满', 'lxm', 'linxiao', 'LXM', number])
    assert.ok(
      (await found('principal', text)).some((match) => match.id === person.id),
      text,
    )
  assert.equal(person.opens, 'board')
})

test('a teacher finds what a teacher may open: oneself, groups, the activities of the own group', async () => {
  assert.deepEqual(titles(await found('teacher', '林小满'), 'person'), ['林小满'])
  assert.deepEqual(titles(await found('teacher', '陈立新'), 'person'), [])
  assert.deepEqual(titles(await found('leader', '林小满'), 'person'), ['林小满'])
  const groups = (await found('teacher', 'sx')).filter((match) => match.kind === 'group')
  assert.ok(groups.some((match) => match.id === school.groupId && match.opens === 'unit'))
  assert.ok(
    (await found('leader', '数学')).some((match) => match.id === school.groupId && match.opens === 'board'),
  )
  assert.deepEqual(
    (await found('teacher', '估算')).map((match) => match.id),
    [ours],
  )
  assert.deepEqual(await found('outsider', '估算'), [])
})

test('nothing of another school is found, by whatever text', async () => {
  assert.deepEqual(titles(await found('principal', '估算教学'), 'activity'), ['估算教学的难点'])
  const own = new Set(Object.values(school.people))
  for (const text of ['林', '小', 'l', '%', '_', '教'])
    for (const match of await found('principal', text))
      if (match.kind === 'person') assert.ok(own.has(match.id), `${text} found ${match.title}`)
  const { body } = await neighbour.call('principal', 'search/listMatches', { text: '难点' })
  assert.deepEqual(body, [])
})

test('who has left is no longer found', async () => {
  await other.as('principal', (tx) =>
    endService(tx, { personId: other.people.colleague, on: '2026-11-01', reason: '调离' }),
  )
  const name = (
    await other.as('system', (tx) =>
      tx.connection.query<{ name: string }>('SELECT name FROM people WHERE id = $1', [
        other.people.colleague,
      ]),
    )
  ).rows[0]?.name
  const { body } = await neighbour.call('principal', 'search/listMatches', { text: name })
  assert.deepEqual(titles(body as SearchMatch[], 'person'), [])
})

test('an empty text is refused, characters of patterns are taken as they are', async () => {
  assert.equal((await call('teacher', 'search/listMatches', { text: ' ' })).status, 400)
  assert.deepEqual(await found('principal', '100%_\\'), [])
})

test('names are matched by themselves, their beginning, a part and their initials, in this order', () => {
  assert.deepEqual(
    ['数学教研组', '数学', '小学数学组', '语文组'].map((name) => matchOf(name, '数学')),
    [1, 0, 2, null],
  )
  assert.equal(matchOf('数学教研组', 'sxjyz'), 3)
  assert.equal(matchOf('数学教研组', 'yz'), null)
  const items = ['小学数学组', '数学教研组', '数学'].map((name) => ({ name }))
  assert.deepEqual(
    bestMatches(items, '数学').map((item) => item.name),
    ['数学', '数学教研组', '小学数学组'],
  )
})
