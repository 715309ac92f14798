import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegime, getRegimeText, listRegimeIds } from '../regimes/read.ts'
import { describeRule } from './describe.ts'
import { loadRegime } from './load.ts'
import { readSimple, writeSimple } from './simple-conditions.ts'

/** What a sentence may not hold: words of software that nobody translated. */
const foreign = /[A-Za-z]{2,}/
const usual = /\b(?:IT|PPT|QQ|CAI|QC|UN|AB|WORD|EXCEL)\b/gi

for (const regimeId of listRegimeIds()) {
  test(`every rule of ${regimeId} can be said in plain Chinese`, () => {
    const regime = getRegime(regimeId)
    for (const rule of regime.rules) {
      const sentences = describeRule(regime, rule)
      assert.ok(sentences.length > 0, rule.id)
      for (const sentence of sentences) {
        assert.match(sentence, /[㐀-鿿]/, `${rule.id}: ${sentence}`)
        assert.match(sentence, /。$/, `${rule.id}: ${sentence}`)
        assert.doesNotMatch(sentence.replaceAll(usual, ''), foreign, `${rule.id}: ${sentence}`)
        assert.doesNotMatch(sentence, /undefined|null|NaN|。。|制度指定的一类/, `${rule.id}: ${sentence}`)
      }
    }
  })
}

const xinglong = getRegime('xinglong')
const said = (ruleId: string) => {
  const rule = xinglong.rules.find((one) => one.id === ruleId)
  assert.ok(rule)
  return describeRule(xinglong, rule).join('')
}

test('a least amount is said with its period, what counts and whether it can be made up', () => {
  assert.equal(
    said('xinglong-23'),
    '每位教师“教学反思”每两周不少于 1 篇。计入：“作品已采纳”（作品种类是“教学反思”）。所缺的可以在本学期内补上。',
  )
})

test('changing a number changes the sentence', () => {
  const changed = loadRegime(
    getRegimeText('xinglong').replace(
      /(id: xinglong-23[\s\S]*?atLeast: )1/,
      (_, before: string) => `${before}3`,
    ),
    'changed',
  )
  const rule = changed.regime?.rules.find((one) => one.id === 'xinglong-23')
  assert.ok(changed.regime && rule)
  assert.match(describeRule(changed.regime, rule)[0] ?? '', /每两周不少于 3 篇/)
})

test('a limit names what it forces, a certificate what it rests on', () => {
  const baihe = getRegime('baihe-5')
  const of = (ruleId: string) => {
    const rule = baihe.rules.find((one) => one.id === ruleId)
    assert.ok(rule)
    return describeRule(baihe, rule).join('')
  }
  assert.match(of('baihe-5-06'), /达到 3 次的，结果为“不合格”/)
  assert.match(of('baihe-5-06'), /“年度考核等次”因此定为“不合格”/)
  assert.match(of('baihe-5-07'), /等次为“合格”或“优秀”的，可发合格证书/)
  assert.match(of('baihe-5-05'), /30 分及以上、不到 40 分为“合格”/)
})

test('a block that the language gains later is still said', () => {
  const rule = xinglong.rules[0]
  assert.ok(rule)
  const unknown = { ...rule, body: undefined, manual: undefined } as typeof rule
  assert.deepEqual(describeRule(xinglong, unknown), ['学校须做到“研修领导小组”。'])
})

test('what a form can show is read and written alike', () => {
  for (const source of [
    'staffKind == "teaching"',
    'staffKind == "teaching" && age <= settings.youngAge',
    '"principal" in roles || "academicOffice" in roles',
    'grade in ["一年级", "二年级"] && !classTeacher',
    'backboneLevel != "" && backboneLevel.contains("学科带头人")',
    'subject == "" && yearsInSchool > -1 && yearsTeaching < 3.5 && age >= 30 && !("topicGroup" in unitKinds)',
    'weekday == 3 && status in settings.missedStatuses && classTeacher',
    'title == "一级\\"教师\\"" && grade != "六年级"',
  ]) {
    const read = readSimple(source)
    assert.ok(read, source)
    assert.equal(writeSimple(read), source)
  }
  assert.deepEqual(readSimple('3 <= age')?.conditions, [{ attribute: 'age', operator: 'atLeast', value: 3 }])
})

test('what a form cannot show is left as a text', () => {
  for (const source of [
    'classTeacher && (age < 30 || age > 50)',
    'roles.exists(role, role in settings.leaderRoles)',
    'age < yearsInSchool',
    'size(roles) > 1',
    'settings.strict && age < 30',
    'not a condition',
  ])
    assert.equal(readSimple(source), null, source)
})

test('most cohorts of the regimes that ship can be edited by form', () => {
  const cohorts = listRegimeIds().flatMap((id) => getRegime(id).cohorts)
  const simple = cohorts.filter((cohort) => readSimple(cohort.when) !== null)
  assert.ok(simple.length / cohorts.length > 0.85, `${simple.length} of ${cohorts.length}`)
  for (const { when } of simple) {
    const read = readSimple(when)
    assert.deepEqual(read && readSimple(writeSimple(read)), read, when)
  }
})
