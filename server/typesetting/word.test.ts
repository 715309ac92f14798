import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import { Parser } from 'htmlparser2'
import { getSample } from './samples.ts'
import { writeActivityRecordWord, writeRecordBookletWord } from './word.ts'

/** The parts of a .docx, and the text of its body; fails when a part is not well formed. */
function readWord(bytes: Uint8Array) {
  const files = Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, body]) => [name, body]))
  const xml = (name: string) => strFromU8(files[name] ?? new Uint8Array())
  for (const name of Object.keys(files).filter((each) => each.endsWith('.xml')))
    assertWellFormed(name, xml(name))
  const text = [...xml('word/document.xml').matchAll(/<w:t[ >][^<]*<\/w:t>|<w:t>[^<]*<\/w:t>/g)]
    .map((match) => match[0].replace(/<[^>]*>/g, ''))
    .join('')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
  return { files, xml, text }
}

function assertWellFormed(name: string, source: string) {
  const open: string[] = []
  const parser = new Parser(
    {
      onopentagname: (tag) => open.push(tag),
      onclosetag: (tag, implied) => {
        assert.equal(open.pop(), tag, name)
        assert.ok(!implied || source.includes('/>'), name)
      },
    },
    { xmlMode: true },
  )
  parser.end(source)
  assert.deepEqual(open, [], name)
}

test('writes the record booklet with all chapters, headings, contents field and Chinese fonts', async () => {
  const data = getSample('record-booklet/1')
  const { xml, text, files } = readWord(await writeRecordBookletWord(data))
  const document = xml('word/document.xml')
  for (const entry of data.reflections.entries) {
    assert.ok(text.includes(entry.title), entry.title)
    for (const block of entry.blocks)
      for (const run of block.runs) assert.ok(text.includes(run.text), run.text)
  }
  for (const row of data.attendance.rows) assert.ok(text.includes(row.activity))
  assert.match(document, /TOC \\h \\o &quot;1-2&quot;|TOC[^<]*1-2/)
  assert.equal([...document.matchAll(/<w:pStyle w:val="Heading1"\/>/g)].length, 8)
  assert.match(xml('word/styles.xml'), /w:eastAsia="宋体"/)
  assert.match(xml('word/styles.xml'), /w:eastAsia="黑体"/)
  assert.match(document, /<w:tblHeader/)
  assert.ok(
    Object.keys(files).some((name) => /^word\/footer\d\.xml$/.test(name) && xml(name).includes('PAGE')),
  )
  assert.equal(Object.keys(files).filter((name) => name.endsWith('.png')).length, 2)
})

test('writes the activity record', async () => {
  const data = getSample('activity-record/1')
  const { text } = readWord(await writeActivityRecordWord(data))
  for (const word of [
    data.theme,
    ...data.attendance.present,
    '教导处（签名）：______________',
    '图要贯穿全课',
  ])
    assert.ok(text.includes(word), word)
})

test('begins every numbered list at one', async () => {
  const { xml } = readWord(await writeRecordBookletWord(getSample('record-booklet/1')))
  const used = [...xml('word/document.xml').matchAll(/<w:numId w:val="(\d+)"\/>/g)].map((match) => match[1])
  const sample = getSample('record-booklet/1')
  const lists = [...sample.plan.sections, ...sample.reflections.entries, ...sample.excerpts.entries].flatMap(
    (part) => part.blocks.filter((block) => block.ordered && block.number === 1),
  ).length
  // One number for each ordered list and one for all dotted ones.
  assert.equal(new Set(used).size, lists + 1)
})

test('keeps markup in the text as text and drops characters that XML forbids', async () => {
  const data = getSample('activity-record/1')
  data.theme = '<w:br/>&amp;"]]>\u0000\u000b甲'
  data.place = '乙\ud800\uffff'
  const { text } = readWord(await writeActivityRecordWord(data))
  assert.ok(text.includes('<w:br/>&amp;"]]>甲'))
  for (const forbidden of ['\u0000', '\u000b', '\uffff', '\ud800']) assert.ok(!text.includes(forbidden))
})
