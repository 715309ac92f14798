import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, completedYears, dayNumber, dayOf, weekdayOf } from './days.ts'
import { isSchoolDay, periodKinds, periodsOf, schoolYearOf, termOf, weekOf } from './periods.ts'
import type { PeriodKind } from './periods.ts'
import { sampleCalendar } from './sample.ts'

const [year] = sampleCalendar.schoolYears
assert.ok(year)
const labels = (kind: PeriodKind) => periodsOf(kind, sampleCalendar, year).map((period) => period.label)

test('numbers weeks from Monday to Sunday, the first holding the first day of the term', () => {
  const weeks = periodsOf('week', sampleCalendar, year)
  assert.equal(weeks.length, 40)
  const twelfth = weeks[11]
  assert.deepEqual(
    [twelfth?.id, twelfth?.label, twelfth?.from, twelfth?.to],
    ['2026-2027-1/week-12', '第12周（双周）', '2026-11-16', '2026-11-22'],
  )
  assert.deepEqual(labels('oddWeek').slice(0, 2), ['第1周（单周）', '第3周（单周）'])
  assert.deepEqual(labels('evenWeek').slice(0, 2), ['第2周（双周）', '第4周（双周）'])
})

test('begins the first week before the term when the term begins on a Wednesday', () => {
  const [first, second] = sampleCalendar.terms
  assert.ok(first && second)
  const calendar = { ...sampleCalendar, terms: [{ ...first, from: '2026-09-02' }, second] }
  assert.equal(periodsOf('week', calendar, year)[0]?.from, '2026-08-31')
  assert.equal(weekOf(calendar, '2026-09-06')?.number, 1)
  assert.equal(weekOf(calendar, '2026-09-07')?.number, 2)
})

test('leaves a single last week of a term of fortnights without a duty', () => {
  const [first, second] = sampleCalendar.terms
  assert.ok(first && second)
  const calendar = { ...sampleCalendar, terms: [{ ...first, to: '2027-01-22' }, second] }
  const fortnights = periodsOf('fortnight', calendar, year).filter((period) => period.termId === first.id)
  assert.equal(fortnights.length, 11)
  assert.equal(fortnights[9]?.incomplete, null)
  assert.match(fortnights[10]?.incomplete ?? '', /不足两周/)
})

test('gives months, half months, windows, terms and years their names', () => {
  assert.deepEqual(labels('month').slice(0, 3), ['2026年8月', '2026年9月', '2026年10月'])
  assert.deepEqual(labels('halfMonth').slice(1, 3), ['2026年9月上半月', '2026年9月下半月'])
  assert.deepEqual(labels('termWindow').slice(0, 3), ['第一学期期初', '第一学期期中', '第一学期期末'])
  assert.deepEqual(labels('term'), ['第一学期', '第二学期'])
  assert.deepEqual(labels('schoolYear'), ['2026—2027学年'])
  assert.deepEqual(labels('calendarYear'), ['2026年', '2027年'])
  assert.deepEqual(labels('fiveYears'), ['2026—2030年（五年周期）'])
  const cycle = periodsOf('fiveYears', sampleCalendar, year, { cycleStart: 2022 })
  assert.deepEqual(
    cycle.map((period) => period.label),
    ['2022—2026年（五年周期）', '2027—2031年（五年周期）'],
  )
})

test('holds school on weekdays of a term, not on holidays, and on weekend days worked instead', () => {
  assert.equal(isSchoolDay(sampleCalendar, '2026-09-30'), true)
  assert.equal(isSchoolDay(sampleCalendar, '2026-10-01'), false)
  assert.equal(isSchoolDay(sampleCalendar, '2026-10-10'), false)
  const special = [
    ...sampleCalendar.specialDays,
    { day: '2026-10-10', kind: 'workday' as const, name: '调休' },
  ]
  assert.equal(isSchoolDay({ ...sampleCalendar, specialDays: special }, '2026-10-10'), true)
  assert.equal(isSchoolDay(sampleCalendar, '2027-02-01'), false)
  assert.equal(termOf(sampleCalendar, '2027-02-01'), undefined)
  assert.equal(schoolYearOf(sampleCalendar, '2027-02-01')?.id, '2026-2027')
  assert.equal(weekOf(sampleCalendar, '2027-02-01'), undefined)
})

const phases = [
  { id: 'start', label: '启动阶段', from: '2026-09-01', to: '2026-12-31' },
  { id: 'work', label: '实施阶段', from: '2027-01-01', to: '2027-07-31' },
]

test('lays periods of a kind side by side, in order, without overlap, and gives each its own id', () => {
  for (const kind of Object.keys(periodKinds) as PeriodKind[]) {
    const periods = periodsOf(kind, sampleCalendar, year, { phases })
    assert.ok(periods.length > 0, kind)
    assert.equal(new Set(periods.map((period) => period.id)).size, periods.length, kind)
    periods.forEach((period, index) => {
      const next = periods[index + 1]
      assert.ok(period.from <= period.to, kind)
      assert.ok(!next || period.to < next.from, `${kind}: ${period.id} overlaps ${next?.id}`)
    })
  }
})

test('finds for any day of a term the week that holds it', () => {
  const day = fc.integer({ min: 0, max: 137 }).map((days) => addDays('2026-08-31', days))
  fc.assert(
    fc.property(day, (one) => {
      const week = weekOf(sampleCalendar, one)
      assert.ok(week && week.from <= one && one <= week.to)
      assert.equal(periodsOf('week', sampleCalendar, { from: one, to: one })[0]?.id, week.id)
    }),
  )
})

test('reckons with dates as people do', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (number) =>
      assert.equal(dayNumber(dayOf(number)), number),
    ),
  )
  assert.equal(weekdayOf('2026-11-22'), 7)
  assert.equal(weekdayOf('2026-11-23'), 1)
  assert.equal(addDays('2028-02-28', 1), '2028-02-29')
  assert.equal(completedYears('1986-11-23', '2026-11-22'), 39)
  assert.equal(completedYears('1986-11-22', '2026-11-22'), 40)
  assert.throws(() => dayNumber('22.11.2026'))
})
