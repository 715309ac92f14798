import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegime, listRegimeIds } from '../regimes/read.ts'
import { readSimple, writeSimple } from './simple-conditions.ts'

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
