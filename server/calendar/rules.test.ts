import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testTerm } from '../testing.ts'
import type { SchoolYearDraft } from './contract.ts'
import { proposeSpecialDays } from './holidays.ts'
import { problemsOf, proposeSchoolYear, specialDaysProblem, usualWindows } from './rules.ts'

test('proposes the dates that schools really have', () => {
  const draft = proposeSchoolYear(2026)
  assert.equal(draft.id, '2026-2027')
  assert.deepEqual([draft.from, draft.to], ['2026-08-31', '2027-08-29'])
  const [first, second] = draft.terms
  assert.deepEqual([first?.from, first?.to], [testTerm.from, testTerm.to])
  assert.deepEqual(first?.windows, testTerm.windows)
  assert.deepEqual([second?.from, second?.to], ['2027-02-22', '2027-07-09'])
  assert.deepEqual(second?.windows.middle, { from: '2027-04-26', to: '2027-05-16' })
})

test('every proposal for thirty years may be saved as it is, and the years follow each other without a gap', () => {
  let before: SchoolYearDraft | undefined
  for (let year = 2020; year < 2050; year++) {
    const draft = proposeSchoolYear(year)
    assert.deepEqual(problemsOf(draft, before ? [before] : []), [], draft.id)
    if (before) assert.ok(new Date(draft.from).getTime() - new Date(before.to).getTime() === 86_400_000)
    before = draft
  }
})

test('names what is wrong with a school year at its field', () => {
  const draft = proposeSchoolYear(2026)
  const [first, second] = draft.terms as [SchoolYearDraft['terms'][0], SchoolYearDraft['terms'][0]]
  const fieldsOf = (changed: Partial<SchoolYearDraft>, others: Parameters<typeof problemsOf>[1] = []) =>
    problemsOf({ ...draft, ...changed }, others).map((problem) => problem.field)
  assert.deepEqual(fieldsOf({ id: '2026-2028' }), ['id'])
  assert.deepEqual(fieldsOf({ to: '2027-07-01' }), ['terms.1.to'])
  assert.deepEqual(fieldsOf({ terms: [first, { ...second, from: '2027-01-11' }] }), ['terms.1.from'])
  assert.deepEqual(fieldsOf({}, [{ id: '2025-2026', from: '2025-09-01', to: '2026-08-31' }]), ['from'])
  const early = { ...first.windows, opening: { from: '2026-08-20', to: '2026-09-20' } }
  assert.deepEqual(fieldsOf({ terms: [{ ...first, windows: early }, second] }), [
    'terms.0.windows.opening.from',
  ])
  const crossed = { ...first.windows, middle: { from: '2026-09-10', to: '2026-11-22' } }
  assert.deepEqual(fieldsOf({ terms: [{ ...first, windows: crossed }, second] }), [
    'terms.0.windows.middle.from',
  ])
})

test('a very short term still gets windows inside itself', () => {
  const range = { from: '2026-09-01', to: '2026-09-09' }
  const windows = usualWindows(range)
  for (const window of Object.values(windows)) assert.ok(window.from >= range.from && window.to <= range.to)
})

test('holidays come as published, and later years say that 调休 is still unknown', () => {
  const { days, sentence } = proposeSpecialDays({ from: '2026-08-31', to: '2027-08-29' })
  const of = (day: string) => days.find((one) => one.day === day)
  assert.deepEqual(of('2026-10-01'), {
    day: '2026-10-01',
    kind: 'holiday',
    name: '国庆节',
    isPublished: true,
  })
  assert.deepEqual(of('2026-10-10'), {
    day: '2026-10-10',
    kind: 'workday',
    name: '国庆节调休',
    isPublished: true,
  })
  assert.equal(of('2026-10-03'), undefined, 'a Saturday off anyway')
  assert.deepEqual(of('2027-04-05'), { day: '2027-04-05', kind: 'holiday', name: '清明', isPublished: false })
  assert.match(sentence, /2026 年已按国务院公布.*2027 年只按法定节日.*调休要等/)
  assert.equal(new Set(days.map((one) => one.day)).size, days.length)
})

test('refuses special days outside the year, twice, or worked days that are no weekend', () => {
  const year = { from: '2026-08-31', to: '2027-07-09' }
  const day = (text: string, kind: 'holiday' | 'workday' = 'holiday') => ({ day: text, kind, name: '试' })
  assert.match(specialDaysProblem([day('2026-08-01')], year) ?? '', /不在这个学年/)
  assert.match(specialDaysProblem([day('2026-10-01'), day('2026-10-01')], year) ?? '', /写了两次/)
  assert.match(specialDaysProblem([day('2026-10-09', 'workday')], year) ?? '', /本来就是周一至周五/)
  assert.equal(specialDaysProblem([day('2026-10-10', 'workday')], year), null)
})
