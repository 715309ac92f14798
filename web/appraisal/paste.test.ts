import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPaste } from './paste.ts'

const people = [
  { id: 'a', name: '林小满', staffNumber: '004' },
  { id: 'b', name: '赵春雨', staffNumber: '005' },
  { id: 'c', name: '赵春雨', staffNumber: '015' },
]

test('reads names or numbers, points and remarks from one paste', () => {
  const { scores, problems } = readPaste('姓名\t得分\n林小满\t92\t笔记完整\n005,赵春雨，88.5分\n', people)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    [...scores],
    [
      ['a', { points: '92', remark: '笔记完整' }],
      ['b', { points: '88.5', remark: '' }],
    ],
  )
})

test('names each line that cannot be used', () => {
  const { scores, problems } = readPaste('林小满 101\n王五 90\n赵春雨 90\n林小满 80\n林小满 70\n015', people)
  assert.deepEqual([...scores.keys()], ['a'])
  assert.equal(problems.length, 5)
  assert.match(
    problems.join('\n'),
    /超过 100[\s\S]*没有找到“王五”[\s\S]*请写工号[\s\S]*两次[\s\S]*没有找到分数/,
  )
})
