import assert from 'node:assert/strict'
import { test } from 'node:test'
import { htmlOf, isPlain, linesOf } from './plain-html.ts'

test('what is typed in a plain field comes back as it was, signs of HTML included', () => {
  for (const text of [
    '一行',
    '第一行\n第二行',
    '空行\n\n之后',
    'a < b && c > "d"',
    '&lt; 本身',
    '末尾换行\n',
  ])
    assert.equal(linesOf(htmlOf(text)), text)
  assert.equal(htmlOf(''), '')
})

test('only paragraphs may be written in a plain field; anything formatted keeps the editor', () => {
  for (const html of ['', '<p>一</p><p>二</p>', '<p>一<br />二</p>', '一 &lt;b&gt;'])
    assert.equal(isPlain(html), true, html)
  for (const html of [
    '<p><strong>一</strong></p>',
    '<ul><li><p>一</p></li></ul>',
    '<pre>x</pre>',
    '<h3>一</h3>',
  ])
    assert.equal(isPlain(html), false, html)
})
