import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays } from '../days.ts'
import type { PeriodKind } from '../periods.ts'
import type { Finding, FindingState } from '../types.ts'
import { type Duty, dutySentence, dutyWords, periodSentence } from './duty.ts'

const on = '2026-11-18'
const reflection: Duty = {
  noun: '教学反思',
  unit: '篇',
  words: dutyWords({ words: {} }, 'work.accepted'),
  counted: true,
  makeUp: 'none',
  term: { from: '2026-08-31', to: '2027-01-17' },
  schoolYear: { from: '2026-08-31', to: '2027-08-31' },
  on,
}
const study: Duty = {
  ...reflection,
  noun: '个人研修',
  unit: '学时',
  counted: false,
  words: dutyWords({ words: {} }, undefined),
}

/** Findings of weeks or fortnights from the first of the term on; `2` is an amount of a week that is not done. */
function findings(kind: PeriodKind, states: (FindingState | number)[], target = 1): Finding[] {
  const days = kind === 'fortnight' ? 14 : 7
  return states.map((one, index): Finding => {
    const from = addDays('2026-08-31', index * days)
    const to = addDays(from, days - 1)
    const label =
      kind === 'fortnight'
        ? `第${index * 2 + 1}—${index * 2 + 2}周`
        : `第${index + 1}周（${index % 2 === 0 ? '单周' : '双周'}）`
    const state = typeof one === 'number' ? 'partly' : one
    return {
      regimeId: 'x',
      ruleId: 'r',
      minimumId: 'main',
      subject: { kind: 'person', id: 'p' },
      period: { kind, id: `${index}`, label, from, to },
      state,
      value: typeof one === 'number' ? one : state === 'done' ? target : 0,
      target,
      unit: '',
      dueOn: to,
      result: null,
      factIds: [],
    }
  })
}
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

test('a fortnightly duty speaks of its fortnights: how many are due, which is missing, what comes next', () => {
  const states: FindingState[] = ['done', 'done', 'overdue', 'done', 'done', 'open', 'open']
  assert.equal(
    dutySentence(reflection, findings('fortnight', states), 'fortnight'),
    '教学反思每两周 1 篇：已到期 5 次，完成 4 次，缺第5—6周；下一篇请在 11月22日 前交。',
  )
  assert.equal(
    dutySentence({ ...reflection, makeUp: 'term' }, findings('fortnight', states), 'fortnight'),
    '教学反思每两周 1 篇：已到期 5 次，完成 4 次，缺第5—6周（本学期内可补）；下一篇请在 11月22日 前交。',
  )
})

test('a weekly amount says what is left this week', () => {
  const before = times<FindingState>(11, 'done')
  assert.equal(
    dutySentence(study, findings('week', [...before, 1.5, 'open'], 2), 'week'),
    '个人研修每周 2 学时：已到期的 11 周都已完成，本周还差 0.5 学时，请在 11月22日 前完成。',
  )
  assert.equal(
    dutySentence(study, findings('week', [...before, 'done', 'open'], 2), 'week'),
    '个人研修每周 2 学时：已到期的 11 周都已完成，本周已完成，下一期请在 11月29日 前完成。',
  )
})

test('many missing periods are named by the first three and their number', () => {
  assert.equal(
    dutySentence(study, findings('week', [...times<FindingState>(11, 'overdue'), 'open'], 2), 'week'),
    '个人研修每周 2 学时：已到期 11 周，完成 0 周，缺第1周、第2周、第3周等 11 周；本周还差 2 学时，请在 11月22日 前完成。',
  )
})

test('at the beginning nothing is due, at the end nothing is left', () => {
  const early = { ...reflection, on: '2026-09-02' }
  assert.equal(
    dutySentence(early, findings('fortnight', ['open', 'open']), 'fortnight'),
    '教学反思每两周 1 篇：下一篇请在 9月13日 前交。',
  )
  assert.equal(
    dutySentence(
      { ...reflection, on: '2027-01-20' },
      findings('fortnight', times<FindingState>(10, 'done')),
      'fortnight',
    ),
    '教学反思每两周 1 篇：10 次都已完成。',
  )
})

test('a name that begins with the period is not given it twice', () => {
  const duty = { ...reflection, noun: '每周教研活动', unit: '次' }
  const weeks = findings('week', [...times<FindingState>(11, 'done'), 'done', 'open'])
  assert.match(dutySentence(duty, weeks, 'week'), /^每周教研活动 1 次：已到期的 11 周都已完成/)
  assert.match(
    periodSentence(duty, weeks[0] as Finding, 'week'),
    /^第1周（单周）应写教研活动 1 次，已采纳 1 次，已经完成。$/,
  )
})

test('a duty of the term speaks of the term', () => {
  const [finding] = findings('fortnight', ['partly'], 10) as [Finding]
  const term = {
    ...finding,
    value: 7,
    dueOn: '2027-01-15',
    period: { ...finding.period, kind: 'term', to: '2027-01-17' },
  }
  assert.equal(
    dutySentence(reflection, [term], 'term'),
    '本学期应写教学反思 10 篇，已采纳 7 篇，还差 3 篇；请在 1月15日 前交。',
  )
  assert.equal(
    dutySentence(
      { ...reflection, on: '2027-02-01' },
      [{ ...term, state: 'overdue', period: { ...term.period, label: '第一学期' } }],
      'term',
    ),
    '第一学期应写教学反思 10 篇，已采纳 7 篇，还差 3 篇，已过期。',
  )
  const cycle = { ...finding.period, kind: 'fiveYears', label: '2026—2030年（五年周期）', to: '2030-12-31' }
  assert.match(
    dutySentence(reflection, [{ ...finding, dueOn: '2030-12-31', period: cycle }], 'fiveYears'),
    /请在 2030年12月31日 前交。$/,
  )
})
