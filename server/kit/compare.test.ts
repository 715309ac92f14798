import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareTexts, mergeParagraphs, sharedPieces } from './compare.ts'

test('marks what was deleted and inserted, and gives both texts back', () => {
  const before = '教师每周参加集体备课一次，迟到三次记缺席一次。'
  const after = '教师每周参加集体备课两次，迟到四次记缺席一次，由组长登记。'
  const runs = compareTexts(before, after)
  const without = (kind: string) =>
    runs
      .filter((run) => run.kind !== kind)
      .map((run) => run.text)
      .join('')
  assert.equal(without('inserted'), before)
  assert.equal(without('deleted'), after)
  assert.ok(runs.some((run) => run.kind === 'same' && run.text.includes('教师每周参加集体备课')))
})

test('merges paragraphs that two people changed at different places', () => {
  const base = ['目标', '导入', '新授', '练习']
  const mine = ['目标', '导入：猜谜', '新授', '练习']
  const theirs = ['目标', '导入', '新授', '拓展', '练习二题']
  assert.deepEqual(mergeParagraphs(base, mine, theirs), {
    merged: ['目标', '导入：猜谜', '新授', '拓展', '练习二题'],
    clashes: 0,
  })
})

test('keeps both where two people changed the same paragraph', () => {
  const { merged, clashes } = mergeParagraphs(['目标', '导入'], ['目标', '导入甲'], ['目标', '导入乙'])
  assert.deepEqual(merged, ['目标', '导入乙', '导入甲'])
  assert.equal(clashes, 1)
})

test('takes a paragraph that both wrote alike once, and one that was deleted not at all', () => {
  assert.deepEqual(mergeParagraphs(['一', '二', '三'], ['一', '三', '四'], ['一', '二', '三', '四']).merged, [
    '一',
    '三',
    '四',
  ])
})

test('a copied text shares all its pieces, another text hardly any', () => {
  const text = '本课是三年级上册的内容，学生已经认识了分数，会用折纸表示几分之一。'
  assert.equal(sharedPieces(text, `前言。${text}`), 100)
  assert.equal(sharedPieces(text, '圆柱的体积公式由长方体的体积推导出来，先切后拼。'), 0)
  assert.equal(sharedPieces('短', text), 0)
})
