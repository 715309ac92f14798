import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { createClock } from './clock.ts'
import { addressOf, endpoint, methodOf } from './contract.ts'
import { dayText, instantAt, localDateOf, localTimeOf } from './dates.ts'
import { createHub } from './hub.ts'

test('names that begin with list, get or find are read, all others change something', () => {
  assert.equal(methodOf('listActivities'), 'GET')
  assert.equal(methodOf('getActivity'), 'GET')
  assert.equal(methodOf('findPerson'), 'GET')
  assert.equal(methodOf('closeActivity'), 'POST')
  assert.equal(methodOf('getter'), 'POST')
  assert.equal(addressOf('work', 'submitWork'), '/api/work/submitWork')
  assert.equal(endpoint('member', z.object({}))().kind, 'json')
})

test('a calendar day is the one in Shanghai, whatever the machine thinks', () => {
  assert.equal(localDateOf(new Date('2026-11-21T16:00:00Z')), '2026-11-22')
  assert.equal(localDateOf(new Date('2026-11-21T15:59:59Z')), '2026-11-21')
  assert.equal(instantAt('2026-11-22', '08:30').toISOString(), '2026-11-22T00:30:00.000Z')
  assert.equal(localTimeOf(new Date('2026-11-22T00:30:00Z')), '08:30')
  assert.equal(dayText('2026-03-05'), '3月5日')
})

test('the clock goes on when the machine is set back, and follows when it is set forward', () => {
  let wall = 1_000_000
  let steady = 0
  const clock = createClock(0, { wall: () => wall, steady: () => steady })
  assert.equal(clock.now().getTime(), 1_000_000)
  wall += 5_000
  steady += 5_000
  assert.equal(clock.now().getTime(), 1_005_000)
  // Somebody sets the machine back by an hour; two seconds later it is two seconds later.
  wall -= 3_600_000
  wall += 2_000
  steady += 2_000
  assert.equal(clock.now().getTime(), 1_007_000)
  // Set right again, and then forward by a minute.
  wall += 3_600_000
  assert.equal(clock.now().getTime(), 1_007_000)
  wall += 60_000
  assert.equal(clock.now().getTime(), 1_067_000)
})

test('a moved clock keeps running from where it was moved to', () => {
  let steady = 0
  const clock = createClock(0, { wall: () => 1_000 + steady, steady: () => steady })
  clock.moveTo(new Date('2026-11-18T02:00:00Z'))
  steady += 1_500
  assert.equal(clock.now().toISOString(), '2026-11-18T02:00:01.500Z')
})

test('messages reach the pages of their own organisation only', () => {
  const hub = createHub()
  const seen: string[] = []
  const stop = hub.listen('a', (message) => seen.push(`a:${message.rooms.join()}`))
  hub.listen('b', (message) => seen.push(`b:${message.rooms.join()}`))
  hub.tell('a', { rooms: ['work'] })
  stop()
  hub.tell('a', { rooms: ['activity'] })
  assert.deepEqual(seen, ['a:work'])
  assert.equal(hub.listeners, 1)
})
