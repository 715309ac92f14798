import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../kit/clock.ts'
import { newId } from '../kit/ids.ts'
import * as codes from './codes.ts'

const secret = Buffer.alloc(32, 7)
const activityId = newId()
const at = (milliseconds: number) =>
  new Date(1_795_000_005_000 - (1_795_000_005_000 % codes.windowMilliseconds) + milliseconds)
const window = codes.windowOf(at(0))

test('a code is short, says which activity and window, and cannot be made or changed by others', () => {
  const token = codes.tokenFor(secret, { activityId, window })
  assert.equal(token.length, 40)
  assert.deepEqual(codes.readToken(secret, token), { activityId, window })
  assert.equal(codes.readToken(Buffer.alloc(32, 8), token), undefined)
  for (let index = 0; index < token.length; index++) {
    const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
    assert.equal(codes.readToken(secret, changed), undefined)
  }
  for (const text of ['', 'x', `${token}A`, token.slice(1), '../../../etc/passwd'.padEnd(40, '.')]) {
    assert.equal(codes.readToken(secret, text), undefined)
  }
})

test('a live request may use the code on the screen and the one before it, no older and no future one', () => {
  assert.equal(codes.isFresh(window, at(0)), true)
  assert.equal(codes.isFresh(window, at(14_999)), true)
  assert.equal(codes.isFresh(window, at(29_999)), true)
  assert.equal(codes.isFresh(window, at(30_000)), false)
  assert.equal(codes.isFresh(window, at(-1)), false)
})

test('a parked scan must fit its window by a minute and arrive within twelve hours', () => {
  const hours = 3_600_000
  assert.equal(codes.isParkedInTime(window, at(7_000), at(2 * hours)), true)
  assert.equal(codes.isParkedInTime(window, at(-60_000), at(2 * hours)), true)
  assert.equal(codes.isParkedInTime(window, at(-60_001), at(2 * hours)), false)
  assert.equal(codes.isParkedInTime(window, at(75_000), at(2 * hours)), true)
  assert.equal(codes.isParkedInTime(window, at(75_001), at(2 * hours)), false)
  assert.equal(codes.isParkedInTime(window, at(0), at(12 * hours)), true)
  assert.equal(codes.isParkedInTime(window, at(0), at(12 * hours + 1)), false)
})

test('numbers of activities that run at once never collide, and turn with the window', () => {
  const ids = Array.from({ length: 2000 }, newId)
  const numbers = codes.numbersFor(secret, ids, window)
  assert.equal(numbers.size, ids.length)
  assert.deepEqual([...numbers.values()], ids)
  for (const number of numbers.keys()) assert.match(number, /^\d{6}$/)
  const next = codes.numbersFor(secret, [activityId], window + 1)
  assert.notDeepEqual([...next.keys()], [...codes.numbersFor(secret, [activityId], window).keys()])
})

test('a receipt holds for ten minutes, for its own code and only from this server', () => {
  const token = codes.tokenFor(secret, { activityId, window })
  const receipt = codes.receiptFor(secret, token, at(1_000))
  assert.deepEqual(codes.readReceipt(secret, receipt, token, at(601_000)), at(1_000))
  assert.equal(codes.readReceipt(secret, receipt, token, at(601_001)), undefined)
  assert.equal(
    codes.readReceipt(secret, receipt, codes.tokenFor(secret, { activityId, window: window + 1 }), at(2_000)),
    undefined,
  )
  assert.equal(codes.readReceipt(Buffer.alloc(32, 1), receipt, token, at(2_000)), undefined)
  const later = codes.receiptFor(Buffer.alloc(32, 1), token, at(500_000))
  assert.equal(codes.readReceipt(secret, later, token, at(501_000)), undefined)
})

test('when the clock of the machine is set back, a code that has turned does not become good again', () => {
  let wall = at(0).getTime()
  let steady = 0
  const clock = createClock(0, { wall: () => wall, steady: () => steady })
  const shown = codes.windowOf(clock.now())
  wall += 60_000
  steady += 60_000
  assert.equal(codes.isFresh(shown, clock.now()), false)
  // Somebody sets the machine back by an hour; two seconds pass.
  wall -= 3_600_000
  wall += 2_000
  steady += 2_000
  assert.equal(codes.isFresh(shown, clock.now()), false)
  assert.equal(codes.windowOf(clock.now()), codes.windowOf(at(62_000)))
  const current = codes.windowOf(clock.now())
  assert.equal(codes.isFresh(current, clock.now()), true)
})
