import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { getRegime, getRegimeText } from '../regimes/read.ts'
import { addDays } from './days.ts'
import { evaluate, findingKey } from './evaluate.ts'
import { hoursOf } from './hours.ts'
import { loadRegime } from './load.ts'
import { sampleCalendar, sampleFact, samplePerson, sampleSchool } from './sample.ts'
import type { Regime } from './schema.ts'
import { scoreOf } from './scores.ts'
import { explain } from './trace/explain.ts'
import type { EvaluationInput, Fact, Finding, PersonInput } from './types.ts'

const xinglong = getRegime('xinglong')
const person = { kind: 'person', id: 'p1' } as const

function inputWith(facts: Fact[], changes: Partial<PersonInput> = {}): EvaluationInput {
  return {
    organisation: { id: 'o', name: '示例小学', attributes: {} },
    calendar: sampleCalendar,
    people: [{ ...samplePerson('p1', 'g1'), ...changes }],
    units: [],
    facts,
  }
}
const evaluateOn = (
  facts: Fact[],
  on: string,
  regime: Regime = xinglong,
  changes: Partial<PersonInput> = {},
) => evaluate(regime, inputWith(facts, changes), { on, schoolYearId: '2026-2027', subjects: [person] })

/** 兴隆 with days of grace and another way of making up, so that the properties hold for every setting. */
function variant(graceDays: number, makeUp: string): Regime {
  const text = getRegimeText('xinglong')
    .replace('graceDays: { label: 宽限天数, value: 0', `graceDays: { label: 宽限天数, value: ${graceDays}`)
    .replace('makeUp: { label: 缺的能否补, value: term', `makeUp: { label: 缺的能否补, value: ${makeUp}`)
  const { regime } = loadRegime(text, 'variant.yaml')
  assert.ok(regime)
  return regime
}
const variants = [xinglong, variant(3, 'term'), variant(0, 'none'), variant(5, 'schoolYear')]

const anyDay = fc.integer({ min: -10, max: 330 }).map((days) => addDays('2026-08-31', days))
const anyKind = fc.constantFrom<[string, Fact['attributes']][]>(
  ['work.accepted', { workKind: 'reflection' }],
  ['study.logged', { studyKind: 'theory', hasExcerpt: true }],
  ['study.logged', { studyKind: 'professional', hasExcerpt: false }],
  ['plan.filed', { paper: 'plan', level: 'teacher', parts: ['growthGoal'] }],
  ['check.scored', { checkKind: 'random' }],
  ['evaluation.scored', { voice: 'self' }],
  ['activity.attended', { status: 'absent' }],
)
const anyFact = fc
  .tuple(anyDay, fc.integer({ min: 0, max: 30 }), anyKind, fc.integer({ min: 1, max: 200 }), fc.uuid())
  .map(([on, delay, [kind, attributes], quantity, id]) =>
    sampleFact({ id, kind, on, recordedOn: addDays(on, delay), quantity, attributes }),
  )
const anyFacts = fc.uniqueArray(anyFact, { selector: (fact) => fact.id, maxLength: 40 })
const anyRegime = fc.constantFrom(...variants)
const runs = { numRuns: 150 }

test('gives the same findings whatever the order of facts', () => {
  const shuffled = anyFacts.chain((facts) =>
    fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
  )
  fc.assert(
    fc.property(shuffled, anyDay, anyRegime, ([facts, other], on, regime) => {
      assert.deepEqual(evaluateOn(other, on, regime), evaluateOn(facts, on, regime))
    }),
    runs,
  )
})

test('counts a fact once however often it is given', () => {
  fc.assert(
    fc.property(anyFacts, anyDay, anyRegime, (facts, on, regime) => {
      assert.deepEqual(evaluateOn([...facts, ...facts], on, regime), evaluateOn(facts, on, regime))
    }),
    runs,
  )
})

test('restores earlier findings exactly when a fact is reversed, and the later ones when the reversal is', () => {
  fc.assert(
    fc.property(anyFacts, anyFact, anyRegime, (facts, mistake, regime) => {
      const on = '2027-08-29'
      const undo = {
        ...mistake,
        id: `undo-${mistake.id}`,
        recordedOn: mistake.recordedOn,
        reverses: mistake.id,
      }
      const redo = { ...undo, id: `redo-${mistake.id}`, reverses: undo.id }
      assert.deepEqual(evaluateOn([...facts, mistake, undo], on, regime), evaluateOn(facts, on, regime))
      const without = evaluateOn([...facts, mistake], on, regime)
      assert.deepEqual(evaluateOn([...facts, mistake, undo, redo], on, regime), without)
    }),
    runs,
  )
})

test('never lowers the value of a minimum when a further fact counts', () => {
  const minima = new Set(['xinglong-04', 'xinglong-11', 'xinglong-23', 'xinglong-26'])
  fc.assert(
    fc.property(anyFacts, anyFact, anyDay, anyRegime, (facts, further, on, regime) => {
      const before = evaluateOn(facts, on, regime)
      const after = new Map(
        evaluateOn([...facts, further], on, regime).map((finding) => [findingKey(finding), finding]),
      )
      for (const finding of before.filter((one) => minima.has(one.ruleId))) {
        const value = after.get(findingKey(finding))?.value ?? -1
        assert.ok(value >= (finding.value ?? 0), `${findingKey(finding)}: ${finding.value} → ${value}`)
      }
    }),
    { numRuns: 400 },
  )
})

test('uses nothing that was recorded after the day', () => {
  fc.assert(
    fc.property(anyFacts, anyDay, anyRegime, (facts, on, regime) => {
      const known = facts.filter((fact) => fact.recordedOn <= on)
      assert.deepEqual(evaluateOn(facts, on, regime), evaluateOn(known, on, regime))
    }),
    runs,
  )
})

test('never counts more than was done', () => {
  fc.assert(
    fc.property(anyFacts, anyRegime, (facts, regime) => {
      const findings = evaluateOn(facts, '2027-08-29', regime)
      const reflections = facts.filter((fact) => fact.kind === 'work.accepted').length
      const counted = findings.filter((finding) => finding.ruleId === 'xinglong-23')
      assert.ok(counted.reduce((sum, finding) => sum + (finding.value ?? 0), 0) <= reflections)
    }),
    runs,
  )
})

test('explains every finding of a school in a finished sentence', () => {
  for (const regimeId of ['xinglong', 'xinhongqiao', 'baihe-5', 'yuyang-district']) {
    const regime = getRegime(regimeId)
    const school = sampleSchool(4)
    const findings = evaluate(regime, school, { on: '2026-11-22', schoolYearId: '2026-2027' })
    const keys = new Set(findings.map(findingKey))
    assert.equal(keys.size, findings.length, 'every finding has a key of its own')
    const first = new Map(
      findings.map((finding) => [`${finding.ruleId} ${finding.minimumId} ${finding.state}`, finding]),
    )
    for (const finding of first.values()) {
      const trace = explain(regime, school, findingKey(finding), '2026-11-22')
      assert.match(trace?.sentence ?? '', /^[^。].*。$/, finding.ruleId)
      assert.doesNotMatch(trace?.sentence ?? '', /undefined|null|NaN|。。/, finding.ruleId)
      assert.deepEqual(trace?.finding, finding)
    }
  }
})

test('lists in a trace what did not count and why', () => {
  const facts = [
    sampleFact({
      id: 'a',
      kind: 'study.logged',
      on: '2026-09-08',
      quantity: 45,
      attributes: { studyKind: 'theory', hasExcerpt: true },
    }),
    sampleFact({
      id: 'b',
      kind: 'study.logged',
      on: '2026-09-09',
      quantity: 45,
      attributes: { studyKind: 'theory' },
    }),
    sampleFact({
      id: 'c',
      kind: 'study.logged',
      on: '2026-09-10',
      quantity: 45,
      attributes: { studyKind: 'theory', hasExcerpt: true },
    }),
    sampleFact({ id: 'd', kind: 'study.logged', on: '2026-09-10', reverses: 'c' }),
  ]
  const finding = evaluateOn(facts, '2026-09-13').find(
    (one) => one.ruleId === 'xinglong-26' && one.period.label === '第2周（双周）',
  )
  assert.ok(finding)
  const trace = explain(xinglong, inputWith(facts), finding, '2026-09-13')
  assert.deepEqual(
    trace?.facts.map((fact) => [fact.factId, fact.counted, fact.because]),
    [
      ['a', 1, null],
      ['b', 0, '没有理论要点摘记，不计入'],
      ['c', 0, '这条记录已撤销'],
    ],
  )
})

test('says that the cohort cannot be decided when a birth date is missing', () => {
  const text = getRegimeText('xinglong').replace('when: staffKind == "teaching"', 'when: age < 40')
  const { regime, problems } = loadRegime(text, 'young.yaml')
  assert.ok(regime, problems.map((problem) => problem.message).join())
  const attributes = [{ name: 'staffKind', value: 'teaching', from: '2020-09-01', to: null }]
  const stateOf = (findings: Finding[]) => findings.find((finding) => finding.ruleId === 'xinglong-23')?.state
  assert.equal(stateOf(evaluateOn([], '2026-09-20', regime, { attributes })), 'manual')
  const old = [{ name: 'birthDate', value: '1970-01-01', from: '2020-09-01', to: null }]
  assert.equal(stateOf(evaluateOn([], '2026-09-20', regime, { attributes: old })), undefined)
  const young = [{ name: 'birthDate', value: '1990-01-01', from: '2020-09-01', to: null }]
  assert.equal(stateOf(evaluateOn([], '2026-09-20', regime, { attributes: young })), 'overdue')
})

test('takes a ranked exception before a later one', () => {
  const exceptions = `    exceptions:
      - { id: second, when: yearsTeaching < 2, rank: 2, because: 新教师减半, clause: 二.7, atLeast: 0.5 }
      - { id: first, when: classTeacher, rank: 1, because: 班主任免写, clause: 二.7 }
    noun: 反思`
  const { regime } = loadRegime(
    getRegimeText('xinglong').replace('    noun: 反思', exceptions),
    'exceptions.yaml',
  )
  assert.ok(regime)
  const attributes = [
    { name: 'classTeacher', value: true, from: '2020-09-01', to: null },
    { name: 'firstAppointedOn', value: '2026-01-01', from: '2020-09-01', to: null },
  ]
  const finding = evaluateOn([], '2026-09-20', regime, { attributes }).find(
    (one) => one.ruleId === 'xinglong-23',
  )
  assert.equal(finding?.state, 'excused')
  const trace = finding && explain(regime, inputWith([], { attributes }), finding, '2026-09-20')
  assert.deepEqual(trace?.exceptions, ['班主任免写（二.7）'])
})

test('adds up hours by source for terms and school year, holidays in the year only', () => {
  const facts = [
    sampleFact({ id: 'a', kind: 'study.logged', on: '2026-09-08', quantity: 90 }),
    sampleFact({ id: 'b', kind: 'study.logged', on: '2027-02-01', quantity: 45 }),
    sampleFact({
      id: 'c',
      kind: 'activity.attended',
      on: '2027-03-01',
      quantity: 80,
      attributes: { status: 'present' },
    }),
    sampleFact({
      id: 'd',
      kind: 'activity.attended',
      on: '2027-03-08',
      quantity: 80,
      attributes: { status: 'absent' },
    }),
  ]
  const hours = hoursOf(xinglong, inputWith(facts), 'p1', { on: '2027-06-01', schoolYearId: '2026-2027' })
  assert.equal(hours.minutes, 215)
  assert.equal(hours.hours, 4.7)
  assert.deepEqual(
    hours.terms.map((term) => [term.name, term.hours]),
    [
      ['第一学期', 2],
      ['第二学期', 1.7],
    ],
  )
  assert.deepEqual(
    hours.bySource.map((source) => [source.source, source.minutes]),
    [
      ['个人研修', 135],
      ['集体研修', 80],
      ['补学', 0],
    ],
  )
})

test('gives a score with its parts, and calls an absent part missing rather than nought', () => {
  const facts = [sampleFact({ id: 'a', kind: 'check.scored', on: '2026-10-08', quantity: 90 })]
  const options = { ruleId: 'xinglong-34', subject: person, on: '2027-06-01', schoolYearId: '2026-2027' }
  const [score] = scoreOf(xinglong, inputWith(facts), options)
  assert.equal(score?.score, null)
  assert.deepEqual(
    score?.parts.map((part) => [part.id, part.value, part.missing]),
    [
      ['routine', 90, false],
      ['yearEnd', null, true],
    ],
  )
})
