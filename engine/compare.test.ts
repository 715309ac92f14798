import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegime, getRegimeText } from '../regimes/read.ts'
import { compareFindings, matchRules, summariseDifferences } from './compare.ts'
import { evaluate } from './evaluate.ts'
import { loadRegime, problemLine } from './load.ts'
import { sampleSchool } from './sample.ts'
import type { Regime } from './schema.ts'
import type { Finding, FindingState } from './types.ts'

function changed(regimeId: string, ...changes: [string, string][]): Regime {
  let text = getRegimeText(regimeId)
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), from)
    text = text.replaceAll(from, to)
  }
  const { regime, problems } = loadRegime(text, 'regime.yaml')
  assert.ok(regime, problems.map(problemLine).join('\n'))
  return regime
}

function finding(state: FindingState, given: Partial<Finding> = {}): Finding {
  const period = { kind: 'term', id: 't1', label: '第一学期', from: '2026-09-01', to: '2027-01-15' }
  return {
    regimeId: 'r',
    ruleId: 'r-01',
    minimumId: 'main',
    subject: { kind: 'person', id: 'p1' },
    period,
    state,
    value: 1,
    target: 2,
    unit: '篇',
    dueOn: '2027-01-15',
    result: null,
    factIds: [],
    ...given,
  }
}
const directionOf = (old: Finding | null, renewed: Finding | null) => {
  const [difference, ...more] = compareFindings(old ? [old] : [], renewed ? [renewed] : [])
  assert.deepEqual(more, [])
  return difference?.direction
}

test('tells better from worse by state, by what is lacking and by the day', () => {
  assert.equal(directionOf(finding('overdue'), finding('done', { value: 2 })), 'better')
  assert.equal(directionOf(finding('done', { value: 2 }), finding('partly')), 'worse')
  assert.equal(directionOf(finding('partly'), finding('partly', { target: 4 })), 'worse')
  assert.equal(directionOf(finding('partly'), finding('partly', { dueOn: '2026-12-01' })), 'worse')
  assert.equal(directionOf(finding('done'), finding('done', { target: 1 })), 'better')
  assert.equal(directionOf(finding('partly'), finding('partly', { unit: '次' })), 'changed')
  assert.equal(directionOf(finding('partly'), finding('partly')), undefined)
})

test('a duty that begins or ends is added or removed, a rest beside a rest is no difference', () => {
  assert.equal(directionOf(null, finding('open')), 'added')
  assert.equal(directionOf(finding('excused'), finding('open')), 'added')
  assert.equal(directionOf(finding('overdue'), null), 'removed')
  assert.equal(directionOf(finding('overdue'), finding('notApplicable', { target: null })), 'removed')
  assert.equal(directionOf(null, finding('notApplicable', { target: null })), undefined)
  assert.equal(directionOf(finding('excused'), finding('notApplicable')), undefined)
  assert.equal(directionOf(finding('manual'), finding('open')), 'changed')
})

test('a certificate that is lost is worse, not a duty that is gone', () => {
  const got = finding('done', { value: 60, result: '可发证书' })
  const lost = finding('notApplicable', { value: 60, target: 70, result: '未达到：可发证书' })
  assert.equal(directionOf(got, lost), 'worse')
})

const school = sampleSchool(3)
const options = { on: '2027-01-10', schoolYearId: '2026-2027' }

test('the same regime on the same facts makes no difference', () => {
  const findings = evaluate(getRegime('xinglong'), school, options)
  assert.deepEqual(compareFindings(findings, findings), [])
})

test('asking more hours makes those worse who lack them, and says so per person', () => {
  const old = getRegime('xinglong')
  const renewed = changed('xinglong', ['atLeast: 40', 'atLeast: 400'])
  const compare = (on?: string) =>
    compareFindings(evaluate(old, school, options), evaluate(renewed, school, options), {
      regimes: { old, new: renewed },
      ...(on ? { on } : {}),
    })
  const begun = compare(options.on)
  assert.deepEqual(
    begun.map(({ ruleId, subject, direction }) => `${ruleId} ${subject.id} ${direction}`),
    ['p0', 'p1', 'p2'].map((id) => `xinglong-11 ${id} worse`),
  )
  assert.equal(compare().length, 6, 'with the term that has not begun')
  const summary = summariseDifferences(begun)
  assert.equal(summary.differences.worse, 3)
  assert.equal(summary.subjects.worse, 3)
  assert.deepEqual(
    summary.rules.map((rule) => rule.ruleId),
    ['xinglong-11'],
  )
})

test('a rule that counts by another period is told once for the whole year', () => {
  const old = getRegime('xinglong')
  const renewed = changed('xinglong', ['per: fortnight', 'per: month'])
  const differences = compareFindings(evaluate(old, school, options), evaluate(renewed, school, options), {
    regimes: { old, new: renewed },
    on: options.on,
  })
  const own = differences.filter(({ ruleId, subject }) => ruleId === 'xinglong-23' && subject.id === 'p1')
  assert.equal(own.length, 1)
  assert.ok(own[0]?.parts.includes('period'))
  assert.ok((own[0]?.tallies?.old.asked ?? 0) > (own[0]?.tallies?.new.asked ?? 0))
})

test('grades are ranked by their bands, and a count that must not be reached is better when lower', () => {
  const old = getRegime('baihe-5')
  const graded = (grade: string) =>
    finding('done', { ruleId: 'baihe-5-05', regimeId: 'baihe-5', value: 35, target: 30, result: grade })
  const absences = (value: number) => finding('done', { ruleId: 'baihe-5-06', value, target: 3 })
  const direction = (a: Finding, b: Finding) =>
    compareFindings([a], [b], { regimes: { old, new: old } })[0]?.direction
  assert.equal(direction(graded('合格'), graded('优秀')), 'better')
  assert.equal(direction(graded('优秀'), graded('不合格')), 'worse')
  assert.equal(direction(absences(2), absences(1)), 'better')
  assert.equal(direction(absences(1), absences(2)), 'worse')
})

test('rules keep their counterpart when the regime gets another id', () => {
  const old = getRegime('xinglong')
  const renewed = changed(
    'xinglong',
    ['id: xinglong\n', 'id: xinglong-b\n'],
    ['xinglong-', 'xinglong-b-'],
    ['xinglong-b-b', 'xinglong-b'],
  )
  const matched = matchRules(old, renewed)
  assert.equal(matched.get('xinglong-b-23'), 'xinglong-23')
  assert.equal(matched.size, old.rules.length)
  assert.equal(
    matchRules(old, getRegime('xinhongqiao')).size < 5,
    true,
    'unrelated regimes have little in common',
  )
  assert.deepEqual(
    compareFindings(evaluate(old, school, options), evaluate(renewed, school, options), {
      regimes: { old, new: renewed },
    }),
    [],
  )
})
