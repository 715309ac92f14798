import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read, utils } from '@e965/xlsx'
import { strFromU8, unzipSync } from 'fflate'
import { type Sheet, writeCsv, writeSpreadsheet } from './spreadsheet.ts'

const dangerous = ['=1+1', '+86 138', '-2+3', '@SUM(A1)', '\t=1', ' =HYPERLINK("http://x")']
const hours: Sheet = {
  name: '学时',
  columns: [
    { title: '工号', width: 14, kind: 'text' },
    { title: '姓名', width: 12, kind: 'text' },
    { title: '学时', width: 10, kind: 'decimal' },
    { title: '完成', width: 10, kind: 'percent' },
    { title: '截止', width: 12, kind: 'date' },
  ],
  rows: [
    ['00123456789012345678', '林晓慧', 46.5, 1.1625, '2026-07-12'],
    ['2', '吴桂芳', null, 0, null],
    ['3', '徐\u0000志\u000b远\n（借调）', 0, true, ''],
    ...dangerous.map((text, index) => [String(index), text, 1, 0.5, '2026-01-01']),
  ],
}

test('writes a workbook that reads back as it was', async () => {
  const book = read(await writeSpreadsheet({ sheets: [hours] }))
  assert.deepEqual(book.SheetNames, ['学时'])
  const rows = utils.sheet_to_json<unknown[]>(book.Sheets['学时'] as never, { header: 1, raw: true })
  assert.deepEqual(rows[0], ['工号', '姓名', '学时', '完成', '截止'])
  assert.deepEqual(rows[1], ['00123456789012345678', '林晓慧', 46.5, 1.1625, '2026-07-12'])
  assert.deepEqual(rows[2]?.slice(0, 2), ['2', '吴桂芳'])
  assert.equal(rows[3]?.[1], '徐志远\n（借调）')
  assert.equal(rows[3]?.[3], '是')
})

test('stores what looks like a formula as text, unchanged and in the text format', async () => {
  const sheet = read(await writeSpreadsheet({ sheets: [hours] }), { cellNF: true, cellFormula: true }).Sheets[
    '学时'
  ]
  dangerous.forEach((text, index) => {
    const cell = sheet?.[`B${index + 5}`]
    assert.equal(cell?.t, 's', text)
    assert.equal(cell?.v, text)
    assert.equal(cell?.f, undefined)
    assert.equal(cell?.z, '@')
  })
})

test('freezes the head and sets the widths', async () => {
  const files = unzipSync(await writeSpreadsheet({ sheets: [hours] }))
  const name = Object.keys(files).find((each) => each.endsWith('worksheets/sheet1.xml')) ?? ''
  const xml = strFromU8(files[name] ?? new Uint8Array())
  assert.match(xml, /<pane [^>]*ySplit="1"[^>]*state="frozen"/)
  assert.match(xml, /<col [^>]*width="14/)
})

test('gives every sheet a name that Excel accepts, none twice', async () => {
  const long = '五年级组/数学[2026]:'.repeat(5)
  const names = [long, long, "'", '', 'A', 'a']
  const book = read(await writeSpreadsheet({ sheets: names.map((name) => ({ ...hours, name })) }))
  assert.equal(new Set(book.SheetNames.map((name) => name.toLowerCase())).size, names.length)
  for (const name of book.SheetNames)
    assert.ok(name.length > 0 && name.length <= 31 && !/[\\/?*[\]:]/.test(name), name)
})

test('keeps signs of XML in cells, titles and names of sheets', async () => {
  const text = '<b>&amp;"\'_x0041_ ]]>'
  const sheet: Sheet = { name: text, columns: [{ title: text, width: 9, kind: 'text' }], rows: [[text]] }
  const book = read(await writeSpreadsheet({ sheets: [sheet] }))
  assert.equal(book.SheetNames[0], '<b>&amp;"\'_x0041_   >')
  assert.deepEqual(utils.sheet_to_json(book.Sheets[book.SheetNames[0] as string] as never, { header: 1 }), [
    [text],
    [text],
  ])
})

test('names columns beyond Z', async () => {
  const columns = Array.from({ length: 60 }, (_, place) => ({
    title: `列${place}`,
    width: 8,
    kind: 'integer' as const,
  }))
  const bytes = await writeSpreadsheet({
    sheets: [{ name: '宽', columns, rows: [columns.map((_, place) => place)] }],
  })
  const sheet = read(bytes).Sheets['宽']
  assert.equal(sheet?.['BH1']?.v, '列59')
  assert.equal(sheet?.['AA2']?.v, 26)
})

test('refuses a row with more cells than columns and a book without sheets', async () => {
  await assert.rejects(
    writeSpreadsheet({ sheets: [{ ...hours, rows: [['1', '2', 3, 4, '5', '6']] }] }),
    /more cells than columns/,
  )
  await assert.rejects(writeSpreadsheet({ sheets: [] }), /at least one sheet/)
})

test('writes CSV with byte order mark, quoted fields and guarded formulas', () => {
  const bytes = writeCsv({
    columns: hours.columns.slice(0, 2),
    rows: [
      ['1,2', '说"好"'],
      ['a\r\nb', null],
      ...dangerous.map((text) => ['x', text]),
      ['y', '-3.5'],
      ['z', '——'],
    ],
  })
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  const lines = bytes.toString('utf8').slice(1).split('\r\n')
  assert.deepEqual(lines, [
    '工号,姓名',
    '"1,2","说""好"""',
    '"a\nb",',
    "x,'=1+1",
    "x,'+86 138",
    "x,'-2+3",
    "x,'@SUM(A1)",
    'x,"\'\t=1"',
    'x,"\' =HYPERLINK(""http://x"")"',
    'y,-3.5',
    'z,——',
    '',
  ])
})
