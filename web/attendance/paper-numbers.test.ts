import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNumbers } from './paper-numbers.ts'

const people = ['张华', '李梅', '王强', '赵敏', '陈静'].map((name, index) => ({
  personId: String(index),
  name,
  staffNumber: `xl00${index + 1}`,
}))
const names = (text: string) => readNumbers(text, people).found.map((one) => one.name)

test('numbers of the sheet, spans, names and 工号 are read in any mixture, in the order of the sheet', () => {
  assert.deepEqual(names('4 2'), ['李梅', '赵敏'])
  assert.deepEqual(names('1-3，陈静'), ['张华', '李梅', '王强', '陈静'])
  assert.deepEqual(names('XL005、1'), ['张华', '陈静'])
})

test('what fits nobody is named and takes nobody along', () => {
  assert.deepEqual(readNumbers('6 2-9 小王 3', people), { found: [people[2]], unknown: ['6', '2-9', '小王'] })
})
