import assert from 'node:assert/strict'
import { test } from 'node:test'
import { implies, isImpossible } from './satisfiable.ts'

const known = {
  wholeNumbers: { age: [14, 100] as const },
  values: { staffKind: ['teaching', 'support'] },
  settings: { young: 35, kinds: ['a', 'b'] },
}

test('sees that two bounds, two values or a value outside its list can never hold together', () => {
  for (const source of [
    'age < 20 && age > 60',
    'age > 34 && age < 35',
    'age > 120',
    '60 < age && !(age >= 30)',
    'subject == "语文" && subject == "数学"',
    'subject in ["语文", "数学"] && subject == "英语"',
    'staffKind != "teaching" && staffKind != "support"',
    'staffKind == "retired"',
    'classTeacher && !classTeacher',
    'age > settings.young && age < 30',
    'kind in settings.kinds && kind == "c"',
    'name.contains("领导") && !name.contains("领导")',
    '(age < 20 || age > 90) && age == 50',
  ]) {
    assert.equal(isImpossible([source], known), true, source)
  }
})

test('leaves alone whatever could hold', () => {
  for (const source of [
    'age > 20 && age < 60',
    'age < 20 || age > 60',
    'quantity > 34 && quantity < 35',
    'subject == "语文" || subject == "数学"',
    '!(age > 20 && age < 60)',
    'size(contentTags) > 0 && "ethics" in contentTags',
    'name.contains("甲") && name.contains("乙")',
    'unknown > settings.missing && unknown < 0',
  ]) {
    assert.equal(isImpossible([source], known), false, source)
  }
})

test('sees that one condition lies inside another', () => {
  assert.equal(implies('age < 30', 'age < 35', known), true)
  assert.equal(implies('age < 35', 'age < 30', known), false)
  assert.equal(implies('subject == "语文" && classTeacher', 'classTeacher', known), true)
  assert.equal(implies('true', 'staffKind == "teaching" || staffKind == "support"', known), true)
})
