import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read, utils, type WorkSheet, write } from '@e965/xlsx'
import { strToU8, unzipSync, zipSync } from 'fflate'
import writeExcelFile from 'write-excel-file/node'
import { columnLetter, findColumn } from './columns.ts'
import { decodeText } from './csv.ts'
import { readRoster } from './read.ts'
import { parseDate } from './values.ts'

const today = '2026-11-22'
const limits = { today }

function workbook(rows: unknown[][], change: (sheet: WorkSheet) => void = () => undefined): Uint8Array {
  return sheets({ 花名册: rows }, change)
}
function sheets(content: Record<string, unknown[][]>, change: (sheet: WorkSheet) => void = () => undefined) {
  const book = utils.book_new()
  for (const [name, rows] of Object.entries(content)) {
    const sheet = utils.aoa_to_sheet(rows)
    change(sheet)
    utils.book_append_sheet(book, sheet, name)
  }
  return new Uint8Array(write(book, { type: 'buffer', bookType: 'xlsx', compression: true }))
}
const csv = (text: string) => new TextEncoder().encode(text)
/** `工号,姓名\r\n001,张三` in GBK: Node writes no GBK, so that the bytes stand here. */
const gbk = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...csv(part)] : part)))
const 工号 = [0xb9, 0xa4, 0xba, 0xc5]
const 姓名 = [0xd0, 0xd5, 0xc3, 0xfb]
const 曾 = [0xd4, 0xf8]

const header = [
  '工号',
  '姓名',
  '性别',
  '出生日期',
  '身份',
  '任教学科',
  '职称',
  '入职日期',
  '手机',
  '教研组',
  '备课组',
  '年级组',
  '职务',
]
const zeng = [
  '0012',
  '曾小明',
  '男',
  '1986-03-05',
  '教师',
  '语文、道德与法治',
  '一级教师',
  '2012-08-20',
  '13800000001',
  '语文教研组',
  '三年级语文备课组',
  '三年级组',
  '备课组长',
]
const zengRead = {
  row: 2,
  employeeNumber: '0012',
  name: '曾小明',
  sex: 'male',
  birthDate: '1986-03-05',
  staffKind: 'teacher',
  subjects: ['语文', '道德与法治'],
  title: '一级教师',
  degree: null,
  joinedOn: '2012-08-20',
  firstAppointedOn: null,
  backboneLevel: null,
  backboneAuthority: null,
  putonghuaLevel: null,
  teachingStyle: null,
  mobile: '13800000001',
  teachingResearchGroups: ['语文教研组'],
  lessonPreparationGroups: ['三年级语文备课组'],
  gradeGroups: ['三年级组'],
  posts: [{ title: '组长', leads: { kind: 'lessonPreparationGroup', name: '三年级语文备课组' } }],
}

test('reads every column of an .xlsx', async () => {
  const reading = await readRoster(workbook([header, zeng]), '花名册.xlsx', limits)
  assert.deepEqual(reading, { rows: [zengRead], problems: [], headerFound: header, ignoredColumns: [] })
})

test('reads an .xls', async () => {
  const book = utils.book_new(utils.aoa_to_sheet([header, zeng]), '花名册')
  const reading = await readRoster(write(book, { type: 'buffer', bookType: 'biff8' }), '花名册.XLS', limits)
  assert.deepEqual(reading.problems, [])
  assert.deepEqual(reading.rows, [zengRead])
})

test('reads CSV in UTF-8 with and without mark, with tabs, and in UTF-16', async () => {
  const text = [header, zeng].map((row) => row.join(',')).join('\r\n')
  for (const variant of [text, `\ufeff${text}`, text.replaceAll(',', '\t')]) {
    const reading = await readRoster(csv(variant), '花名册.csv', limits)
    assert.deepEqual(reading.problems, [])
    assert.deepEqual(reading.rows, [zengRead])
    assert.deepEqual(reading.headerFound, header)
  }
  const utf16 = Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le')
  assert.deepEqual((await readRoster(utf16, '花名册.csv', limits)).rows, [zengRead])
})

test('reads CSV in GBK', async () => {
  const bytes = gbk(工号, ',', 姓名, '\r\n0012,', 曾, 曾, '\r\n')
  assert.equal(decodeText(bytes), '工号,姓名\r\n0012,曾曾\r\n')
  const reading = await readRoster(bytes, '花名册.csv', limits)
  assert.deepEqual(reading.problems, [])
  assert.deepEqual(
    reading.rows.map(({ employeeNumber, name }) => [employeeNumber, name]),
    [['0012', '曾曾']],
  )
})

test('keeps quoted commas and line breaks of CSV in one cell and unwraps ="0012"', async () => {
  const reading = await readRoster(
    csv('工号,姓名,任教学科\n="0012",张三,"语文,数学\n英语"\n'),
    'a.csv',
    limits,
  )
  assert.deepEqual(reading.problems, [])
  assert.equal(reading.rows[0]?.employeeNumber, '0012')
  assert.deepEqual(reading.rows[0]?.subjects, ['语文', '数学', '英语'])
})

test('refuses CSV with a quotation mark that never closes, and bytes that are no text', async () => {
  const open = await readRoster(csv('工号,姓名\n1,"张三\n2,李四\n'), 'a.csv', limits)
  assert.match(open.problems[0]?.message ?? '', /第2行.*引号/)
  const noise = await readRoster(Uint8Array.from([1, 0, 255, 255, 0, 3]), 'a.csv', limits)
  assert.match(noise.problems[0]?.message ?? '', /编码/)
})

test('tolerates spaces, stars, remarks, order and synonyms in the header and a title above it', async () => {
  const reading = await readRoster(
    workbook(
      [
        ['兴隆小学教职工花名册'],
        [],
        ['姓 名', '教师编号（必填）', '联系电话', '＊所在教研组', '备注'],
        ['张三', 'A1', '138 0000 0001', '语文组;英语组', '支教'],
      ],
      (sheet) => {
        sheet['!merges'] = [utils.decode_range('A1:E1')]
      },
    ),
    'a.xlsx',
    limits,
  )
  assert.deepEqual(reading.problems, [])
  assert.equal(reading.rows[0]?.row, 4)
  assert.equal(reading.rows[0]?.mobile, '13800000001')
  assert.deepEqual(reading.rows[0]?.teachingResearchGroups, ['语文组', '英语组'])
  assert.deepEqual(reading.ignoredColumns, ['备注'])
  assert.equal(findColumn('工号*')?.field, 'employeeNumber')
  assert.equal(columnLetter(27), 'AB')
})

test('names what a wrong header holds and what is expected', async () => {
  const reading = await readRoster(
    workbook([
      ['序号', '姓名', '部门'],
      [1, '张三', '语文'],
    ]),
    'a.xlsx',
    limits,
  )
  assert.equal(reading.problems.length, 1)
  assert.match(
    reading.problems[0]?.message ?? '',
    /没有“工号”列：第1行是“序号、姓名、部门”；必需的列是“工号”“姓名”/,
  )
  assert.deepEqual(reading.headerFound, ['序号', '姓名', '部门'])
  const none = await readRoster(csv('a,b\n1,2'), 'a.csv', limits)
  assert.match(none.problems[0]?.message ?? '', /没有“工号”和“姓名”列/)
})

test('refuses two columns of the same meaning', async () => {
  const { problems } = await readRoster(csv('工号,姓名,手机,联系电话\n1,张三,,'), 'a.csv', limits)
  assert.match(problems[0]?.message ?? '', /C列“手机”和D列“联系电话”都是“手机”/)
})

test('refuses merged cells with their range', async () => {
  const bytes = workbook([header, zeng, ['0013', '李四']], (sheet) => {
    sheet['!merges'] = [utils.decode_range('J2:J3')]
  })
  const reading = await readRoster(bytes, 'a.xlsx', limits)
  assert.deepEqual(
    reading.problems.map(({ row, column, value }) => ({ row, column, value })),
    [{ row: 2, column: 'J', value: 'J2:J3' }],
  )
  assert.match(reading.problems[0]?.message ?? '', /J2:J3是合并的单元格/)
})

test('reports a duplicate 工号 at both rows', async () => {
  const { rows, problems } = await readRoster(
    csv('工号,姓名\n007,张三\n008,李四\n００７,王五\n'),
    'a.csv',
    limits,
  )
  assert.deepEqual(
    problems.map(({ row, column }) => [row, column]),
    [
      [2, 'A'],
      [4, 'A'],
    ],
  )
  for (const problem of problems) assert.match(problem.message, /第2行张三、第4行王五/)
  assert.deepEqual(
    rows.map((row) => row.name),
    ['李四'],
  )
})

test('accepts all usual ways to write a day', () => {
  for (const written of [
    '1986-03-05',
    '1986.3.5',
    '1986/3/5',
    '1986年3月5日',
    '１９８６．３．５',
    '19860305',
    '1986。3。5',
    '1986-3-5 00:00:00',
    "'1986-3-5",
    31476,
    '31476',
    19860305,
  ]) {
    assert.deepEqual(parseDate(written), { value: '1986-03-05' }, String(written))
  }
  assert.deepEqual(parseDate(31476 - 1462, true), { value: '1986-03-05' })
  assert.deepEqual(parseDate('2000-2-29'), { value: '2000-02-29' })
})

test('refuses impossible days with row and column', async () => {
  const cases: [string, RegExp][] = [
    ['1986年2月30日', /1986年2月没有30日/],
    ['1900-2-29', /没有29日/],
    ['1986-13-01', /没有13月/],
    ['1986', /只有年份/],
    ['1986.3', /缺“日”/],
    ['1986年3月', /缺“日”/],
    ['86-3-5', /四位/],
    ['3/5/1986', /四位/],
    ['不详', /不是日期/],
    ['12', /不是日期/],
    ['2027-01-01', /今天之后/],
    ['2020-01-01', /不到14年/],
  ]
  const text = [
    '工号,姓名,出生日期',
    ...cases.map(([written], index) => `${index + 1},张三,${written}`),
  ].join('\n')
  const { problems, rows } = await readRoster(csv(text), 'a.csv', limits)
  assert.equal(problems.length, cases.length)
  assert.deepEqual(rows, [])
  for (const [index, [written, message]] of cases.entries()) {
    assert.equal(problems[index]?.row, index + 2)
    assert.equal(problems[index]?.column, 'C')
    assert.equal(problems[index]?.columnTitle, '出生日期')
    assert.equal(problems[index]?.value, written)
    assert.match(problems[index]?.message ?? '', message)
  }
})

test('reads date cells, numbers shown with zeros, numbers as 工号, and values of formulas', async () => {
  const bytes = workbook(
    [
      ['工号', '姓名', '出生日期', '手机'],
      [1, '张三', 31476, 13800000001],
      [35, '李四', 1986.3, 13800000002],
      [7, '王五', null, 13800000003],
    ],
    (sheet) => {
      sheet['A2'] = { t: 'n', v: 1, z: '0000' }
      sheet['C2'] = { t: 'n', v: 31476, z: 'yyyy"年"m"月"d"日"' }
      sheet['B4'] = { t: 's', v: '王五', f: 'CONCATENATE("王","五")' }
    },
  )
  const { rows, problems } = await readRoster(bytes, 'a.xlsx', limits)
  assert.deepEqual(
    rows.map((row) => [row.employeeNumber, row.name, row.birthDate, row.mobile]),
    [
      ['0001', '张三', '1986-03-05', '13800000001'],
      ['7', '王五', null, '13800000003'],
    ],
  )
  assert.deepEqual(
    problems.map(({ row, column, value }) => [row, column, value]),
    [[3, 'C', '1986.3']],
  )
})

test('reports formulas without a value', async () => {
  const bytes = workbook(
    [
      ['工号', '姓名'],
      ['1', ''],
      ['2', '李四'],
    ],
    (sheet) => {
      sheet['B2'] = { t: 'e', v: 42, w: '#N/A', f: 'VLOOKUP(1,A:A,2)' }
    },
  )
  const { problems } = await readRoster(bytes, 'a.xlsx', limits)
  assert.deepEqual(
    problems.map(({ row, column }) => [row, column]),
    [[2, 'B']],
  )
  assert.match(problems[0]?.message ?? '', /公式没有算出结果（#N\/A）/)
})

test('skips empty rows and keeps the row numbers that Excel shows', async () => {
  const { rows, problems } = await readRoster(workbook([header, [], zeng, ['', ' ', '　']]), 'a.xlsx', limits)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    rows.map((row) => row.row),
    [3],
  )
})

test('normalises full-width digits and spaced names, and reads 无 in a list as none', async () => {
  const text =
    '工号,姓名,手机,教研组,职称,职务\n００１２,张　三,１３８００００００００,无,无,\n2,阿依古丽•买买提,,,,'
  const { rows, problems } = await readRoster(csv(text), 'a.csv', limits)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    rows.map((row) => [row.employeeNumber, row.name, row.mobile, row.teachingResearchGroups, row.title]),
    [
      ['0012', '张三', '13800000000', [], null],
      ['2', '阿依古丽·买买提', null, null, null],
    ],
  )
})

test('reports all mistakes at once, from top to bottom', async () => {
  const text =
    '工号,姓名,性别,身份,手机\n1,,中,临时工,138\n,李四,,,\n1.38E+10,王五,,,1.38E+10\n合计,3人,,,\n工号,姓名,性别,身份,手机\n,,,,\n'
  const { rows, problems } = await readRoster(csv(text), 'a.csv', limits)
  assert.deepEqual(rows, [])
  assert.deepEqual(
    problems.map(({ row, column }) => `${column}${row}`),
    ['B2', 'C2', 'D2', 'E2', 'A3', 'A4', 'E4', 'A5', 'A6'],
  )
})

test('finds the group that a leader leads, and asks when it is not clear', async () => {
  const text = [
    '工号,姓名,教研组,备课组,年级组,职务',
    '1,甲,语文教研组,三年级语文备课组,三年级组,语文教研组组长、年级主任',
    '2,乙,语文组,,,组长',
    '3,丙,语文组,,三年级组,组长',
    '4,丁,语文组,,,数学组长',
    '5,戊,语文组,,,党小组长/教导处主任',
    '6,己,语文组,,,教研副组长',
  ].join('\n')
  const { rows, problems } = await readRoster(csv(text), 'a.csv', limits)
  const posts = Object.fromEntries(
    rows.map((row) => [
      row.name,
      (row.posts ?? []).map((post) => `${post.title}:${post.leads?.name ?? ''}`).join(' '),
    ]),
  )
  assert.deepEqual(posts, {
    甲: '组长:语文教研组 组长:三年级组',
    乙: '组长:语文组',
    戊: '党小组长: 教导主任:',
    己: '副组长:语文组',
  })
  assert.deepEqual(
    problems.map(({ row }) => row),
    [4, 5],
  )
  assert.match(problems[0]?.message ?? '', /可能指“语文组”或“三年级组”/)
  assert.match(problems[1]?.message ?? '', /没有对应的组/)
})

test('asks to merge several sheets that are rosters, and leaves 填写说明 aside', async () => {
  const two = await readRoster(sheets({ 语文组: [header, zeng], 数学组: [header, zeng] }), 'a.xlsx', limits)
  assert.match(two.problems[0]?.message ?? '', /2张花名册工作表（“语文组”、“数学组”）/)
  const one = await readRoster(
    sheets({ Sheet1: [], 花名册: [header, zeng], 填写说明: [header, zeng] }),
    'a.xlsx',
    limits,
  )
  assert.deepEqual(one.rows, [zengRead])
})

test('reads 10,000 rows and refuses 10,001', async (context) => {
  const rows = Array.from({ length: 10_001 }, (_, index) => zeng.with(0, String(index).padStart(5, '0')))
  const whole = [header, ...rows.slice(0, 10_000)]
  const files = {
    'a.xlsx': await writeExcelFile(whole).toBuffer(),
    'a.xls': write(utils.book_new(utils.aoa_to_sheet(whole)), {
      type: 'buffer',
      bookType: 'biff8',
    }) as Buffer,
    'a.csv': csv(whole.map((row) => row.join(',')).join('\n')),
  }
  for (const [name, bytes] of Object.entries(files)) {
    const begun = performance.now()
    const reading = await readRoster(bytes, name, limits)
    context.diagnostic(`${name}: ${bytes.length} bytes, ${Math.round(performance.now() - begun)} ms`)
    assert.deepEqual(reading.problems, [])
    assert.equal(reading.rows.length, 10_000)
    assert.equal(reading.rows.at(-1)?.employeeNumber, '09999')
  }
  const text = csv([header, ...rows].map((row) => row.join(',')).join('\n'))
  const reading = await readRoster(text, 'a.csv', limits)
  assert.deepEqual(reading.rows, [])
  assert.match(reading.problems[0]?.message ?? '', /10001行，超过每次10000行/)
})

test('counts the rows of a workbook that is too long', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => [String(index), '张三'])
  const reading = await readRoster(workbook([['工号', '姓名'], ...rows]), 'a.xlsx', { today, maxRows: 20 })
  assert.match(reading.problems[0]?.message ?? '', /60行，超过每次20行/)
})

test('refuses a zip bomb by its declared size, without unpacking it', async () => {
  const files = unzipSync(workbook([header, zeng]))
  const bomb = zipSync(
    { ...files, 'xl/worksheets/sheet2.xml': new Uint8Array(100 * 1024 * 1024) },
    { level: 6 },
  )
  assert.ok(bomb.length < 1024 * 1024)
  const reading = await readRoster(bomb, 'a.xlsx', limits)
  assert.match(reading.problems[0]?.message ?? '', /解压后会有100(\.\d)?MB.*没有读取/)
})

test('refuses a zip bomb that lies about its size', async () => {
  const files = unzipSync(workbook([header, zeng]))
  const bomb = zipSync(
    { ...files, 'xl/worksheets/sheet1.xml': new Uint8Array(100 * 1024 * 1024) },
    { level: 6 },
  )
  const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength)
  for (let at = 0; at + 30 < bomb.length; at++) {
    // Central and local records alike declare 4 KB.
    const sizeAt =
      view.getUint32(at, true) === 0x02014b50
        ? at + 24
        : view.getUint32(at, true) === 0x04034b50
          ? at + 22
          : 0
    if (sizeAt > 0 && view.getUint32(sizeAt, true) > 4096) view.setUint32(sizeAt, 4096, true)
  }
  const reading = await readRoster(bomb, 'a.xlsx', limits)
  assert.match(reading.problems[0]?.message ?? '', /过于庞大/)
})

test('stops a reading at its limit of time and of memory', async () => {
  const cells = `<row r="2">${'<c t="inlineStr"><is><t>字</t></is></c>'.repeat(700_000)}</row>`
  const files = unzipSync(workbook([header]))
  files['xl/worksheets/sheet1.xml'] = strToU8(
    `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${cells}</sheetData></worksheet>`,
  )
  const bytes = zipSync(files)
  const slow = await readRoster(bytes, 'a.xlsx', { today, maxMilliseconds: 30 })
  assert.match(slow.problems[0]?.message ?? '', /过于庞大/)
  const small = await readRoster(bytes, 'a.xlsx', { today, maxMemoryMegabytes: 90 })
  assert.match(small.problems[0]?.message ?? '', /过于庞大/)
})

test('refuses other files with a sentence', async () => {
  const cases: [Uint8Array, string, RegExp][] = [
    [csv('工号,姓名'), '花名册.docx', /请用Excel文件/],
    [csv('工号,姓名'), '花名册', /请用Excel文件/],
    [new Uint8Array(), 'a.xlsx', /空的/],
    [csv('<html><table>'), 'a.xls', /网页格式/],
    [csv('%PDF-1.7'), 'a.xlsx', /PDF/],
    [csv('hello'), 'a.xlsx', /损坏/],
    [csv('PK\u0003\u0004 broken'), 'a.xlsx', /损坏/],
    [zipSync({ 'word/document.xml': csv('x') }), 'a.xlsx', /不是Excel表格/],
    [
      Uint8Array.from([
        0xd0,
        0xcf,
        0x11,
        0xe0,
        0xa1,
        0xb1,
        0x1a,
        0xe1,
        ...Array.from({ length: 600 }, () => 7),
      ]),
      'a.xls',
      /损坏/,
    ],
    [Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 7, 7, 7]), 'a.xls', /损坏/],
    [new Uint8Array(6 * 1024 * 1024), 'a.csv', /6MB，超过5MB/],
    [csv('工号,姓名\n'), 'a.csv', /没有人员/],
    [workbook([]), 'a.xlsx', /没有内容/],
  ]
  for (const [bytes, name, message] of cases) {
    const reading = await readRoster(bytes, name, limits)
    assert.deepEqual(reading.rows, [])
    assert.equal(reading.problems.length, 1, name)
    assert.match(reading.problems[0]?.message ?? '', message)
  }
})

test('a truncated workbook and one with noise inside give a sentence, never an error', async () => {
  const whole = workbook([header, zeng])
  for (const cut of [30, 200, whole.length >> 1, whole.length - 30]) {
    const reading = await readRoster(whole.slice(0, cut), 'a.xlsx', limits)
    assert.match(reading.problems[0]?.message ?? '', /损坏/)
  }
  for (const at of [100, 700, 1500, 3000]) {
    const noisy = whole.slice()
    noisy.fill(0x5a, at, at + 40)
    const reading = await readRoster(noisy, 'a.xlsx', limits)
    assert.ok(reading.problems.length > 0 || reading.rows.length === 1)
  }
})

test('the template reads back as an empty roster and its examples are valid', async () => {
  const { rosterTemplate } = await import('./template.ts')
  const bytes = await rosterTemplate()
  const empty = await readRoster(bytes, '模板.xlsx', limits)
  assert.match(empty.problems[0]?.message ?? '', /只有表头/)
  const book = read(bytes, { cellStyles: true })
  assert.deepEqual(book.SheetNames, ['花名册', '填写说明'])
  assert.equal(utils.sheet_to_json(book.Sheets['花名册'] as WorkSheet, { header: 1 }).length, 1)
  const guide = utils.sheet_to_json<string[]>(book.Sheets['填写说明'] as WorkSheet, {
    header: 1,
    blankrows: false,
  })
  const examples = await readRoster(workbook(guide.slice(-3)), 'a.xlsx', limits)
  assert.deepEqual(examples.problems, [])
  assert.equal(examples.rows.length, 2)
  assert.deepEqual(examples.rows[1]?.posts, [
    { title: '教导主任', leads: null },
    { title: '组长', leads: { kind: 'teachingResearchGroup', name: '数学教研组' } },
  ])
  const xml = new TextDecoder().decode(unzipSync(bytes)['xl/worksheets/sheet1.xml'])
  assert.match(xml, /<col style="\d+" min="1"/)
  assert.match(xml, /<dataValidation type="list"[^>]*sqref="C2:C10001"><formula1>"男,女"/)
})
