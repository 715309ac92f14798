import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../kit/ids.ts'
import { createTestSchool, createTestServices } from '../testing.ts'
import { type FactInput, recordFacts, reverseFacts } from './actions.ts'
import { listFacts, takeMarks } from './store.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const range = { from: '2026-09-01', to: '2027-01-31' }
const teacher = { kind: 'person' as const, id: school.people.teacher }

function study(key: string, source = newId()): FactInput {
  return {
    kind: 'study.logged',
    subject: teacher,
    on: '2026-11-17',
    quantity: 90,
    attributes: { studyKind: 'theory', hasExcerpt: true },
    source: { room: 'study', id: source },
    key,
  }
}

test('the same act recorded twice leaves one fact', async () => {
  await school.as('teacher', (tx) => recordFacts(tx, [study('same'), study('same')]))
  await school.as('teacher', (tx) => recordFacts(tx, [study('same')]))
  assert.equal((await school.as('system', (tx) => listFacts(tx, range, [teacher]))).length, 1)
})

test('a fact and its mark exist only if the act is committed', async () => {
  await school.as('system', takeMarks)
  await assert.rejects(
    school.as('teacher', async (tx) => {
      await recordFacts(tx, [study('lost')])
      throw new Error('lost connection')
    }),
  )
  assert.equal((await school.as('system', (tx) => listFacts(tx, range, [teacher]))).length, 1)
  assert.deepEqual(await school.as('system', takeMarks), [])
})

test('a reversal undoes a record once, and only for the subject that is named', async () => {
  const source = newId()
  const colleague = { kind: 'person' as const, id: school.people.colleague }
  await school.as('system', (tx) =>
    recordFacts(tx, [study('a', source), { ...study('b', source), subject: colleague }]),
  )
  const reverse = () => school.as('system', (tx) => reverseFacts(tx, { room: 'study', id: source }, teacher))
  assert.equal(await reverse(), 1)
  assert.equal(await reverse(), 0)
  const facts = await school.as('system', (tx) => listFacts(tx, range, [teacher, colleague]))
  const [undone] = facts.filter((fact) => fact.reverses !== null)
  assert.equal(undone?.subject.id, teacher.id)
  assert.equal(
    facts.filter((fact) => fact.source.id === source && fact.subject.id === colleague.id).length,
    1,
  )
})

test('the subjects of new facts are marked once each for computing again', async () => {
  await school.as('system', takeMarks)
  await school.as('teacher', (tx) => recordFacts(tx, [study('m1'), study('m2')]))
  assert.deepEqual(await school.as('system', takeMarks), [teacher])
})

test('a fact about the wrong kind of subject is a bug, not a record', async () => {
  await assert.rejects(
    school.as('teacher', (tx) =>
      recordFacts(tx, [{ ...study('wrong'), subject: { kind: 'unit', id: school.groupId } }]),
    ),
    /cannot be about a unit/,
  )
})
