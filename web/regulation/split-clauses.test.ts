import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitClauses } from './split-clauses.ts'

test('splits at 第一条, with chapters, title and preamble', () => {
  const split = splitClauses(
    '兴隆小学教师考勤制度\n　　为加强管理，制定本制度。\n第一章　总则\n　　第一条　教师按时到岗。\n第二条 请假须批准。\n（一）事假；\n（二）病假。\n第二章 附则\n第三条：本制度自公布之日起施行。',
  )
  assert.equal(split.title, '兴隆小学教师考勤制度')
  assert.equal(split.preamble, '为加强管理，制定本制度。')
  assert.equal(split.numbering, 'article')
  assert.deepEqual(split.clauses, [
    { kind: 'chapter', text: '总则' },
    { kind: 'clause', text: '教师按时到岗。' },
    { kind: 'clause', text: '请假须批准。\n（一）事假；\n（二）病假。' },
    { kind: 'chapter', text: '附则' },
    { kind: 'clause', text: '本制度自公布之日起施行。' },
  ])
})

test('splits at 一、 and keeps the numbers below it inside the clause', () => {
  const split = splitClauses('备课制度\n一、集体备课\n1. 每周一次。\n2. 定主讲。\n二、个人备课\n提前一周。')
  assert.equal(split.numbering, 'chinese')
  assert.deepEqual(
    split.clauses.map((clause) => clause.text),
    ['集体备课\n1. 每周一次。\n2. 定主讲。', '个人备课\n提前一周。'],
  )
})

test('splits at 1. but not inside 1.5', () => {
  const split = splitClauses('1. 每周 2 节。\n1.5 学时计一次。\n2、按时上交。')
  assert.deepEqual(
    split.clauses.map((clause) => clause.text),
    ['每周 2 节。\n1.5 学时计一次。', '按时上交。'],
  )
})

test('without numbers every paragraph is a clause', () => {
  assert.equal(splitClauses('教师按时到岗。\n\n请假须批准。').clauses.length, 2)
})
