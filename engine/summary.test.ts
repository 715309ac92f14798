import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareStates, statesFromWorst, summariseDuty } from './summary.ts'
import type { Finding, FindingState } from './types.ts'

const on = '2026-11-18'
function week(number: number, state: FindingState, more: Partial<Finding> = {}): Finding {
  const from = `2026-11-${String(2 + number * 7).padStart(2, '0')}`
  const to = `2026-11-${String(8 + number * 7).padStart(2, '0')}`
  return {
    regimeId: 'xinglong',
    ruleId: 'r',
    minimumId: 'main',
    subject: { kind: 'person', id: 'p' },
    period: { kind: 'week', id: `week-${number}`, label: `第${number}周`, from, to },
    state,
    value: state === 'done' ? 2 : 0,
    target: 2,
    unit: '学时',
    dueOn: to,
    result: null,
    factIds: [],
    ...more,
  }
}

test('adds up the periods, what goes beyond one fills no other, and the next day due is told', () => {
  const summary = summariseDuty(
    [week(0, 'done', { value: 5 }), week(1, 'overdue'), week(2, 'partly', { value: 1.5 }), week(3, 'open')],
    on,
  )
  assert.deepEqual(summary, {
    state: 'overdue',
    value: 3.5,
    target: 8,
    unit: '学时',
    dueOn: '2026-11-22',
    asked: 4,
    done: 1,
    overdue: 1,
    result: null,
    periodId: 'week-1',
  })
})

test('a single period keeps all that was done, and a period to come is no reason to worry', () => {
  assert.equal(summariseDuty([week(2, 'done', { value: 5 })], on)?.value, 5)
  const summary = summariseDuty([week(0, 'done'), week(1, 'done'), week(2, 'done'), week(3, 'open')], on)
  assert.deepEqual([summary?.state, summary?.dueOn, summary?.periodId], ['done', '2026-11-29', 'week-2'])
})

test('excused periods ask for nothing; where all are, the state says so', () => {
  const summary = summariseDuty([week(1, 'excused', { target: null }), week(2, 'done')], on)
  assert.deepEqual([summary?.asked, summary?.target, summary?.state], [1, 2, 'done'])
  assert.equal(summariseDuty([week(1, 'excused', { target: null })], on)?.state, 'excused')
})

test('of calendar years only the one in which the day lies counts', () => {
  const year = (number: number): Finding['period'] => ({
    kind: 'calendarYear',
    id: `year-${number}`,
    label: `${number}年`,
    from: `${number}-01-01`,
    to: `${number}-12-31`,
  })
  const summary = summariseDuty(
    [week(2, 'done', { period: year(2026) }), week(3, 'open', { period: year(2027) })],
    on,
  )
  assert.deepEqual([summary?.asked, summary?.target, summary?.state], [1, 2, 'done'])
  assert.equal(summariseDuty([week(3, 'open', { period: year(2027) })], on), null)
})

test('a grade is told, that something was made up is not', () => {
  assert.equal(summariseDuty([week(2, 'done', { result: '优秀' })], on)?.result, '优秀')
  assert.equal(summariseDuty([week(2, 'done', { result: '已补' })], on)?.result, null)
})

test('states stand in order from the one that needs help first', () => {
  assert.deepEqual([...statesFromWorst].reverse().sort(compareStates), statesFromWorst)
})
