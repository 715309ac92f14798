import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cleanHtml } from '../../server/kit/html.ts'
import { isWordHtml, wordPaste } from './word-paste.ts'

const word = (body: string) => `<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-parent:""; font-size:10.5pt} @list l0:level1 {mso-level-number-format:bullet;} --></style>
</head><body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->${body}<!--EndFragment--></body></html>`

const item = (text: string, marker: string, level = 1, list = 0) =>
  `<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l${list} level${level} lfo1'><![if !supportLists]><span
lang=EN-US style='mso-fareast-font-family:等线'><span style='mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]><span style='mso-bidi-font-size:11.0pt'>${text}</span><span lang=EN-US><o:p></o:p></span></p>`

test('leaves HTML of other origin alone', () => {
  const html = '<p class="x" style="color:red">一</p>'
  assert.equal(isWordHtml(html), false)
  assert.equal(wordPaste(html), html)
})

test('keeps paragraphs, headings and emphasis and drops the rest', () => {
  assert.equal(
    wordPaste(
      word(`<p class=MsoTitle>教学反思<o:p></o:p></p>
<h1 style='mso-pagination:none'>一级</h1><h4>四级</h4>
<p class=MsoNormal style='text-indent:21.0pt'><b style='mso-bidi-font-weight:normal'>重<span lang=EN-US>点</span></b>与<span
style='font-style:italic;font-weight:bold'>难点</span>和<u>疑点</u>，<span lang=EN-US>a &lt; b<o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><a href="https://a.cn/?a=1&amp;b=2"><span>链接</span></a><a href="javascript:x">坏</a><img src="file:///C:/x.png" v:shapes="x"></p>`),
    ),
    '<h2>教学反思</h2><h2>一级</h2><h3>四级</h3>' +
      '<p><strong>重点</strong>与<strong><em>难点</em></strong>和<u>疑点</u>，a &lt; b</p>' +
      '<p><a href="https://a.cn/?a=1&amp;b=2">链接</a>坏</p>',
  )
})

test('a line break of the source between Chinese characters leaves no space', () => {
  assert.equal(
    wordPaste(word('<p class=MsoNormal>教学\r\n反思 of\nthe year</p>')),
    '<p>教学反思 of the year</p>',
  )
})

test('makes real lists of bullets and of numbers, each where it belongs', () => {
  assert.equal(
    wordPaste(
      word(
        `<p class=MsoNormal>前</p>${item('甲', '·')}${item('乙', 'Ø')}<p class=MsoNormal>中</p>${item('一', '1.')}${item('二', '2.')}`,
      ),
    ),
    '<p>前</p><ul><li><p>甲</p></li><li><p>乙</p></li></ul><p>中</p><ol><li><p>一</p></li><li><p>二</p></li></ol>',
  )
})

test('nests by level and comes back', () => {
  assert.equal(
    wordPaste(
      word(
        item('一', '1、') + item('甲', 'o', 2) + item('深', 'a)', 3) + item('乙', 'o', 2) + item('二', '2、'),
      ),
    ),
    '<ol><li><p>一</p><ul><li><p>甲</p><ol><li><p>深</p></li></ol></li><li><p>乙</p></li></ul></li><li><p>二</p></li></ol>',
  )
  assert.equal(
    wordPaste(word(item('深', '·', 3) + item('浅', '·', 1))),
    '<ul><li><p>深</p></li></ul><ul><li><p>浅</p></li></ul>',
  )
})

test('goes on with the number where a paragraph interrupts a list', () => {
  assert.equal(
    wordPaste(word(`${item('一', '（1）')}<p class=MsoNormal>说明</p>${item('二', '（2）')}`)),
    '<ol><li><p>一</p></li></ol><p>说明</p><ol start="2"><li><p>二</p></li></ol>',
  )
})

test('keeps 一、 and （一） as text, since a list of HTML would show other numbers', () => {
  assert.equal(
    wordPaste(word(item('指导思想', '一、') + item('目标', '（一）') + item('甲', '1.'))),
    '<p>一、指导思想</p><p>（一）目标</p><ol><li><p>甲</p></li></ol>',
  )
  const heading = `<h2 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>第一章<span>&nbsp;</span></span>总则</h2>`
  assert.equal(wordPaste(word(heading)), '<h2>第一章总则</h2>')
})

test('understands the comments that Chrome and WPS make of the conditions', () => {
  const html = `<p class="MsoNormal" style="mso-list:l0 level1 lfo1"><!--[if !supportLists]--><span style="mso-list:Ignore">1.<span>&nbsp;</span></span><!--[endif]-->内容</p>`
  assert.equal(wordPaste(html), '<ol><li><p>内容</p></li></ol>')
})

test('keeps tables with their spans, and lists that were real already', () => {
  assert.equal(
    wordPaste(
      word(`<table class=MsoTableGrid border=1 style='mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0'><td width=284 colspan=2
style='width:8cm'><p class=MsoNormal>表头</p></td></tr><tr><td><p class=MsoNormal>1<o:p></o:p></p><p class=MsoNormal>2</p></td><td></td></tr></table>
<ul style='margin-top:0cm'><li class=MsoNormal style='mso-list:l1 level1 lfo2'>甲</li><li class=MsoNormal>乙</li></ul>`),
    ),
    '<table><tr><td colspan="2"><p>表头</p></td></tr><tr><td><p>1</p><p>2</p></td><td></td></tr></table><ul><li><p>甲</p></li><li><p>乙</p></li></ul>',
  )
})

test('drops scripts and whatever hides in office tags', () => {
  const html = wordPaste(
    word(
      '<script>alert(1)</script><p class=MsoNormal onclick="x()">好<v:shape onload=x></v:shape><w:sdt>的</w:sdt></p>',
    ),
  )
  assert.equal(html, '<p>好的</p>')
})

test('the result always nests, so that cleaning on the server changes nothing but the looks', () => {
  const piece = fc.constantFrom(
    '<p class=MsoNormal>',
    '</p>',
    '<b>',
    '</b>',
    '<span style="font-weight:bold">',
    '</span>',
    '<u>',
    '</u>',
    '字',
    '&nbsp;',
    '<',
    '\n',
    '<table><tr><td>',
    '</td></tr></table>',
    item('项', '1.'),
    item('点', '·', 2),
    '<!--',
    '-->',
    '<o:p>',
    '</o:p>',
    '<ul><li>',
    '</li></ul>',
    '<br>',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const html = wordPaste(`<o:p></o:p>${pieces.join('')}`)
      const open: string[] = []
      for (const [, slash, name] of html.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
        if (name === 'br' || /^t[rd]$|^table$/.test(name as string)) continue
        if (slash) assert.equal(open.pop(), name, html)
        else open.push(name as string)
      }
      assert.deepEqual(open, [], html)
      assert.doesNotMatch(html, /mso|class=|style=|<o:/i)
      cleanHtml(html)
    }),
    { numRuns: 3000 },
  )
})

test('takes time in proportion to the length', () => {
  const long = word(item('项目', '1.').repeat(2000) + '<'.repeat(20_000) + '<a '.repeat(5000))
  assert.ok(wordPaste(long).startsWith('<ol><li><p>项目</p></li>'))
})
