import assert from 'node:assert/strict'
import { test } from 'node:test'
import { htmlToBlocks, textToBlocks } from './rich-text.ts'

const one = (html: string) => {
  const blocks = htmlToBlocks(html)
  assert.equal(blocks.length, 1)
  return blocks[0]
}

test('reads paragraphs, headings and quotes with their runs', () => {
  assert.deepEqual(
    htmlToBlocks(
      '<h2>一</h2><p>甲<strong>乙<em>丙</em></strong><u>丁</u></p><blockquote><p>戊</p></blockquote>',
    ),
    [
      { type: 'heading', runs: [{ text: '一' }] },
      {
        type: 'paragraph',
        runs: [
          { text: '甲' },
          { text: '乙', bold: true },
          { text: '丙', bold: true, italic: true },
          { text: '丁', underline: true },
        ],
      },
      { type: 'quote', runs: [{ text: '戊' }] },
    ],
  )
})

test('numbers ordered lists, also around a list inside them', () => {
  const html =
    '<ol><li><p>甲</p><ul><li><p>子</p></li></ul></li><li><p>乙</p><p>又</p></li></ol><ol><li>丙</li></ol>'
  assert.deepEqual(htmlToBlocks(html), [
    { type: 'listItem', ordered: true, number: 1, depth: 0, runs: [{ text: '甲' }] },
    { type: 'listItem', ordered: false, depth: 1, runs: [{ text: '子' }] },
    { type: 'listItem', ordered: true, number: 2, depth: 0, runs: [{ text: '乙' }] },
    { type: 'paragraph', runs: [{ text: '又' }] },
    { type: 'listItem', ordered: true, number: 1, depth: 0, runs: [{ text: '丙' }] },
  ])
})

test('decodes entities once and never brings tags back', () => {
  assert.deepEqual(one('<p>&lt;b&gt;a &amp;lt; b&nbsp;&#x4E00;</p>')?.runs, [{ text: '<b>a &lt; b\u00a0一' }])
})

test('drops scripts, styles and empty paragraphs, keeps the text of unknown tags', () => {
  const html = '<p></p><p>&nbsp;</p><script>x()</script><style>p{}</style><p><span>甲</span><x-y>乙</x-y></p>'
  assert.deepEqual(htmlToBlocks(html), [{ type: 'paragraph', runs: [{ text: '甲乙' }] }])
})

test('keeps line breaks, folds blanks and joins runs of one style', () => {
  assert.deepEqual(one('<p>  甲 \n 乙<br>丙<b>丁</b><b>戊</b> </p>')?.runs, [
    { text: '甲 乙\n丙' },
    { text: '丁戊', bold: true },
  ])
})

test('turns pairs of straight quotes beside Chinese text into Chinese quotes', () => {
  assert.deepEqual(
    one('<p>他说"再<b>试"一</b>次"好"。</p>')
      ?.runs.map((run) => run.text)
      .join(''),
    '他说“再试”一次“好”。',
  )
  assert.equal(one('<p>print("hi")</p>')?.runs[0]?.text, 'print("hi")')
  assert.equal(one('<p>屏幕27"大</p>')?.runs[0]?.text, '屏幕27"大')
})

test('reads broken HTML without failing', () => {
  assert.deepEqual(
    htmlToBlocks('</p></li></ul>甲<li>乙<p>丙</ol></b>丁').map((block) => block.runs[0]?.text),
    ['甲', '乙', '丙丁'],
  )
  assert.deepEqual(htmlToBlocks(''), [])
})

test('makes a paragraph of each line of plain text', () => {
  assert.deepEqual(
    textToBlocks('甲\r\n\n  <b>乙 ').map((block) => block.runs[0]?.text),
    ['甲', '<b>乙'],
  )
})
