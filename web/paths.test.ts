import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paths } from './paths.ts'

test('gives the pattern of a route for $id and escapes anything else', () => {
  assert.equal(paths.activity('$id'), '/activities/$id')
  assert.equal(paths.activity('a/b'), '/activities/a%2Fb')
})

test('keeps the way back while signing in', () => {
  assert.equal(paths.signIn(), '/sign-in')
  assert.equal(paths.signIn('/'), '/sign-in')
  assert.equal(paths.signIn('/works?q=反思'), `/sign-in?to=${encodeURIComponent('/works?q=反思')}`)
})

test('a trace has an address that can be sent', () => {
  assert.equal(
    paths.trace({ rule: 'r', subjectKind: 'person', subject: 'p', period: '2026-2027-1/week-12' }),
    '/trace?rule=r&subjectKind=person&subject=p&period=2026-2027-1%2Fweek-12',
  )
})
