import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atMost, patience, stopInOrder } from './stopping.ts'

const never = new Promise<never>(() => undefined)

test('a job that does not end holds nobody up: the database is stopped all the same, and last', async () => {
  const done: string[] = []
  const part = (name: string, work: Promise<unknown> = Promise.resolve()) => {
    const end = () => {
      done.push(name)
      return work
    }
    return { close: end, stop: end, end }
  }
  await stopInOrder(
    {
      app: part('app'),
      worker: part('worker', never),
      typesetter: part('typesetter'),
      pool: part('pool', never),
      database: part('database'),
    },
    { worker: 1, pool: 1 },
  )
  assert.deepEqual(done, ['app', 'worker', 'typesetter', 'pool', 'database'])
  assert.deepEqual(patience, { worker: 10_000, pool: 5_000 })
})

test('what ends in time or fails is not waited for any longer', async () => {
  // With the whole patience: the test would not end if the timer were waited for or kept the process alive.
  await atMost(3_600_000, Promise.resolve())
  await atMost(3_600_000, Promise.reject(new Error('gone')))
})
