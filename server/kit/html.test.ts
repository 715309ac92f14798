import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cleanHtml, countCharacters, countText, plainText } from './html.ts'

test('keeps what the editor writes', () => {
  for (const html of [
    '<h2>教学反思</h2><p>本课<strong>重点</strong>、<em>难点</em>和<u>疑点</u>。<br />下一行</p><p></p>',
    '<ul><li><p>一</p></li><li><p>二</p><ol start="3"><li>三</li></ol></li></ul>',
    '<blockquote><p>引用</p></blockquote>',
    '<table><tbody><tr><th colspan="2">表头</th></tr><tr><td rowspan="2">1 &lt; 2</td><td>&amp;</td></tr></tbody></table>',
    '<p><a href="https://example.cn/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">链接</a></p>',
  ]) {
    assert.equal(cleanHtml(html), html)
  }
})

test('removes scripts, styles, handlers and dangerous links', () => {
  const cases: [string, string][] = [
    ['<p>好<script>alert(1)</script></p>', '<p>好</p>'],
    ['<p onclick="alert(1)" style="color:red" class="x" id="y">好</p>', '<p>好</p>'],
    ['<style>p{}</style><p>好</p>', '<p>好</p>'],
    ['<a href="javascript:alert(1)">点</a>', '点'],
    ['<a href=" java\nscript:alert(1)">点</a>', '点'],
    ['<a href="&#106;avascript:alert(1)">点</a>', '点'],
    ['<a href="data:text/html,x">点</a>', '点'],
    ['<a href="//evil.cn">点</a>', '点'],
    ['<img src=x onerror=alert(1)>好', '好'],
    ['<svg><script>alert(1)</script></svg>好', '好'],
    [
      '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>好',
      '好',
    ],
    ['<iframe src="https://a.cn">x</iframe><object data="x">y</object>好', '好'],
    ['<td colspan="99999" rowspan="2" onmouseover=x>好</td>', '<td rowspan="2">好</td>'],
    ['<scr<script>ipt>alert(1)</script>好', 'ipt&gt;alert(1)好'],
    ['<p>a<!-- 注释 --><o:p></o:p><font color=red>b</font></p>', '<p>ab</p>'],
  ]
  for (const [dirty, clean] of cases) assert.equal(cleanHtml(dirty), clean, dirty)
})

test('turns boxes into paragraphs and foreign tags into ours', () => {
  assert.equal(cleanHtml('<div>一</div><div>二</div>'), '<p>一</p><p>二</p>')
  assert.equal(cleanHtml('<div><div><p>一</p></div></div>'), '<p>一</p>')
  assert.equal(
    cleanHtml('<h1>题</h1><h4>小</h4><b>粗</b><i>斜</i>'),
    '<h2>题</h2><h3>小</h3><strong>粗</strong><em>斜</em>',
  )
})

test('cleaning twice changes nothing more, and nothing dangerous survives', () => {
  const piece = fc.constantFrom(
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<script>',
    '</script>',
    '<a href="javascript:x">',
    '</a>',
    '<ul><li>',
    '</ul>',
    '<table><tr><td>',
    '<',
    '>',
    '"',
    "'",
    '&lt;script&gt;',
    '&amp;',
    '文字',
    '<img onerror=x src=y>',
    '<!--',
    '-->',
    '<style>',
    '<svg onload=x>',
    '<b>',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const clean = cleanHtml(pieces.join(''))
      assert.equal(cleanHtml(clean), clean)
      assert.doesNotMatch(clean, /<(script|style|img|svg|iframe)|<[^>]*(onerror|onload|javascript:)/i)
    }),
    { numRuns: 2000 },
  )
})

test('gives the text with one line for each paragraph, item and row', () => {
  assert.equal(
    plainText(
      '<h2>题</h2><p>一&nbsp;&lt;二&gt;</p>\n<ul><li><p>甲</p></li><li>乙</li></ul><table><tr><td>1</td><td>2</td></tr></table><script>x</script>a<br>b',
    ),
    '题\n一 <二>\n甲\n乙\n1\t2\na\nb',
  )
  assert.equal(plainText(''), '')
})

test('counts as Word does', () => {
  const cases: [string, number][] = [
    ['', 0],
    ['<p>教学反思</p>', 4],
    ['<p>你好，世界！</p>', 6],
    ['<p>Hello, world!</p>', 2],
    ['<p>用 PPT 上课3次</p>', 6],
    ['<p>2026年11月22日</p>', 6],
    ['<p>3.14 is pi</p>', 3],
    ["<p>don't don’t</p>", 2],
    ['<p>他说：“好……”——走</p>', 11],
    ['<p>“Hello”他说</p>', 5],
    ['<p>“Hello,” he said… don’t</p>', 4],
    ['<p>他说don’t</p>', 3],
    ['<p>一</p><p>二</p>', 2],
    ['<p>one</p><p>two</p>', 2],
    ['<p>　　空　格 </p>', 2],
    ['<p>①②（1）</p>', 5],
    ['<p>ＡＢ１</p>', 3],
    ['<p>a\u200bb</p>', 1],
    ['<p>𠮷</p>', 1],
    ['<p>1 - 2</p>', 3],
  ]
  for (const [html, count] of cases) assert.equal(countCharacters(html), count, html)
  assert.equal(countText('<p>'), 1)
})
