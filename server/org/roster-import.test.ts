import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../kit/sql.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import type { PersonView, RosterPreview, RosterResult } from './contract.ts'

const services = await createTestServices()

/** GBK as Excel writes it; Node only decodes, so the table is turned round. */
function gbk(text: string): Buffer {
  const codes = new Map<string, number[]>()
  const decoder = new TextDecoder('gbk')
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++)
      codes.set(decoder.decode(new Uint8Array([high, low])), [high, low])
  return Buffer.from(
    Array.from(text).flatMap((sign) => (sign < '\u0080' ? sign.charCodeAt(0) : (codes.get(sign) ?? []))),
  )
}
type Who = 'principal' | 'academicOffice' | 'teacher'

async function clientsOf(name: string) {
  const school = await createTestSchool(services, name)
  const clients = await createTestClients(services, school, name)
  async function upload(who: Who, content: Uint8Array, fileName: string, from = '2026-11-18') {
    const boundary = '----roster'
    const head = (text: string) => `--${boundary}\r\nContent-Disposition: form-data; ${text}\r\n\r\n`
    const payload = Buffer.concat([
      Buffer.from(`${head('name="input"')}${JSON.stringify({ from })}\r\n`),
      Buffer.from(head(`name="file"; filename="${fileName}"`)),
      content,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const response = await clients.app.inject({
      method: 'POST',
      url: '/api/org/uploadRoster',
      payload,
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        cookie: clients.cookies[who] ?? '',
      },
    })
    return { status: response.statusCode, body: response.json() }
  }
  const confirm = (who: Who, preview: RosterPreview, decisions: Record<string, string> = {}) =>
    clients.call(who, 'org/confirmRoster', {
      reference: preview.reference,
      fileName: preview.fileName,
      fingerprint: preview.fingerprint,
      from: preview.from,
      decisions,
    })
  async function preview(who: Who, text: string, fileName = '花名册.csv', from?: string) {
    const answer = await upload(who, Buffer.from(text), fileName, from)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body as RosterPreview
  }
  async function person(q: string) {
    const { body } = await clients.call('principal', 'org/listPeople', { q, status: 'all' })
    return (await clients.call('principal', 'org/getPerson', { personId: body.people[0].id }))
      .body as PersonView
  }
  const countPeople = () =>
    school.as('system', async (tx) => {
      const row = await tx.one<{ count: number }>(sql`SELECT count(*) FROM people WHERE org_id = ${tx.orgId}`)
      return row.count
    })
  return { school, ...clients, upload, preview, confirm, person, countPeople }
}

const header = '工号,姓名,性别,出生日期,身份,任教学科,职称,手机,教研组,年级组,职务\n'
const own = await clientsOf('试验小学')

test('a roster with mistakes shows all of them with row and column, and imports nothing', async () => {
  const before = await own.countPeople()
  const preview = await own.preview(
    'principal',
    `${header}101,曾小明,男,1986-02-30,教师,语文,,13800000001,语文教研组,,\n,单国英,女,1975.11.20,教师,数学,,1380000,数学教研组,,\n101,仇英,不详,,,,,,,,\n`,
  )
  assert.equal(preview.plan, null)
  assert.deepEqual(
    preview.problems.map((problem) => [problem.row, problem.columnTitle, problem.value]),
    [
      [2, '工号', '101'],
      [2, '出生日期', '1986-02-30'],
      [3, '工号', ''],
      [3, '手机', '1380000'],
      [4, '工号', '101'],
      [4, '性别', '不详'],
    ],
  )
  const confirmed = await own.confirm('principal', preview)
  assert.equal(confirmed.status, 422)
  assert.match(confirmed.body.error.message, /还有 6 处问题，一条也没有导入/)
  assert.equal(await own.countPeople(), before)
})

const roster = `${header}101,曾小明,男,1986-02-03,教师,语文、道德与法治,一级教师,13800000001,语文教研组,三年级组,教研组长、班主任
102,单国英,女,1975.11.20,教师,数学,高级教师,13800000002,数学教研组,三年级组,年级组长、副校长
103,仇英,女,,职员,,,,,,\n`

test('a CSV in GBK becomes people, groups, memberships and posts from the chosen day', async () => {
  const answer = await own.upload('academicOffice', gbk(roster), '花名册.csv', '2026-09-01')
  const preview = answer.body as RosterPreview
  assert.deepEqual(preview.problems, [])
  assert.deepEqual(
    preview.plan?.create.map((one) => [one.row, one.name, one.groups, one.posts]),
    [
      [2, '曾小明', '语文教研组、三年级组', '语文教研组组长、班主任'],
      [3, '单国英', '数学教研组、三年级组', '三年级组组长、副校长'],
      [4, '仇英', '', ''],
    ],
  )
  assert.deepEqual(
    preview.plan?.newUnits.map((unit) => [unit.kind, unit.name, unit.members]),
    [
      ['teachingResearchGroup', '语文教研组', 1],
      ['gradeGroup', '三年级组', 2],
    ],
  )
  assert.equal(preview.plan?.missing.length, 6)
  const { body } = await own.confirm('academicOffice', preview)
  const { personIds, ...counts } = body as RosterResult
  assert.deepEqual(counts, { created: 3, updated: 0, returned: 0, unchanged: 0, units: 2, missing: 6 })
  assert.equal(personIds.length, 3)
  const zeng = await own.person('zxm')
  assert.deepEqual(
    { ...zeng.attributes, subjects: zeng.attributes.subjects },
    {
      gender: '男',
      birthDate: '1986-02-03',
      staffKind: 'teaching',
      subjects: ['语文', '道德与法治'],
      title: '一级教师',
      positions: ['班主任'],
      classTeacher: true,
    },
  )
  assert.deepEqual(
    zeng.posts.map((post) => [post.role, post.title, post.from]),
    [['groupLeader', '语文教研组组长', '2026-09-01']],
  )
  assert.deepEqual((await own.person('102')).memberships.map((one) => one.name).sort(), [
    '三年级组',
    '数学教研组',
  ])
})

test('the same file again changes nothing', async () => {
  const preview = await own.preview('principal', roster, '花名册.csv', '2026-09-01')
  assert.deepEqual(
    [preview.plan?.create.length, preview.plan?.update.length, preview.plan?.unchanged],
    [0, 0, 3],
  )
})

test('a later roster updates by 工号, says old and new, and ends nobody', async () => {
  const next = `工号,姓名,职称,教研组\n101,曾晓明,高级教师,数学教研组\n`
  const preview = await own.preview('principal', next)
  assert.deepEqual(
    preview.plan?.update[0]?.changes.map((change) => [change.label, change.before, change.after]),
    [
      ['姓名', '曾小明', '曾晓明'],
      ['职称', '一级教师', '高级教师'],
      ['教研组', '语文教研组', '数学教研组'],
    ],
  )
  const result = (await own.confirm('principal', preview)).body as RosterResult
  assert.deepEqual([result.created, result.updated, result.missing], [0, 1, 8])
  const zeng = await own.person('101')
  assert.deepEqual([zeng.name, zeng.attributes.title, zeng.attributes.gender], ['曾晓明', '高级教师', '男'])
  assert.deepEqual(
    zeng.memberships.map((one) => [one.name, one.from, one.to]),
    [
      ['数学教研组', '2026-11-18', null],
      ['三年级组', '2026-09-01', null],
      ['语文教研组', '2026-09-01', '2026-11-17'],
    ],
  )
  assert.deepEqual((await own.call('teacher', 'org/listPeople', { status: 'left' })).body.total, 0)
  const serving = (await own.call('teacher', 'org/listPeople', {})).body.total
  assert.equal(serving, 9)
})

test('an old name under a new 工号 must be decided: another person, or the same one renumbered', async () => {
  const preview = await own.preview('principal', '工号,姓名\n903,仇英\n')
  const [same] = preview.plan?.create[0]?.maybeSameAs ?? []
  assert.equal(same?.staffNumber, '103')
  const undecided = await own.confirm('principal', preview)
  assert.match(undecided.body.error.message, /请先选择是同一个人还是新来的人/)
  const before = await own.countPeople()
  const merged = await own.confirm('principal', preview, { 903: same?.personId ?? '' })
  assert.deepEqual([merged.body.created, merged.body.updated], [0, 1])
  assert.equal(await own.countPeople(), before)
  assert.equal((await own.person('903')).attributes.staffKind, 'support')
})

test('somebody who had left comes back under the old 工号', async () => {
  const { id } = await own.person('903')
  await own.call('principal', 'org/endService', { personId: id, on: '2026-11-01', reason: '离职' })
  const preview = await own.preview('principal', '工号,姓名\n903,仇英\n')
  assert.equal(preview.plan?.update[0]?.isReturning, true)
  assert.equal((await own.confirm('principal', preview)).body.returned, 1)
  const back = await own.person('903')
  assert.equal(back.leftOn, null)
  assert.deepEqual(
    back.service.map((one) => [one.from, one.to]),
    [
      ['2026-11-18', null],
      ['2026-09-01', '2026-11-01'],
    ],
  )
})

test('two administrators who confirm at once import once', async () => {
  const text = `${header}201,甲一,,,,,,,体育教研组,,\n202,甲二,,,,,,,体育教研组,,\n`
  const [one, two] = [await own.preview('principal', text), await own.preview('academicOffice', text)]
  const before = await own.countPeople()
  const answers = await Promise.all([own.confirm('principal', one), own.confirm('academicOffice', two)])
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409])
  assert.match(JSON.stringify(answers.map((answer) => answer.body)), /已经有了变动，这次没有导入/)
  assert.equal(await own.countPeople(), before + 2)
})

test('a teacher may neither read nor take over a roster', async () => {
  assert.equal((await own.upload('teacher', Buffer.from(roster), '花名册.csv')).status, 403)
  const preview = await own.preview('principal', roster)
  assert.equal((await own.confirm('teacher', preview)).status, 403)
})

test('a roster makes nobody principal by the hand of 教导处', async () => {
  const preview = await own.preview('academicOffice', '工号,姓名,职务\n301,王自立,校长\n')
  const refused = await own.confirm('academicOffice', preview)
  assert.equal(refused.status, 403)
  assert.match(refused.body.error.message, /只能由校长或管理员任免/)
  assert.equal((await own.confirm('principal', preview)).status, 200)
})

test('the file of another school cannot be taken over by its reference', async () => {
  const other = await clientsOf('外校')
  const preview = await own.preview('principal', `${header}401,乙一,,,,,,,,,\n`)
  const stolen = await other.confirm('principal', preview)
  assert.equal(stolen.status, 404)
  assert.match(stolen.body.error.message, /请重新上传/)
})

test('a dissolved group is named as a mistake of the row', async () => {
  const units = (await own.call('principal', 'org/listUnits', {})).body.units as {
    id: string
    name: string
  }[]
  const sport = units.find((unit) => unit.name === '体育教研组')
  await own.call('principal', 'org/dissolveUnit', { unitId: sport?.id, on: '2026-11-18' })
  const preview = await own.preview(
    'principal',
    `${header}501,丙一,,,,,,,体育教研组,,\n`,
    '花名册.csv',
    '2026-11-20',
  )
  assert.match(preview.problems[0]?.message ?? '', /“体育教研组”已在 2026-11-18 撤销/)
})

test('the template comes back as a file that can be filled in', async () => {
  const file = await own.call('principal', 'org/getRosterTemplate', {})
  assert.equal((file.body as Buffer).subarray(0, 2).toString(), 'PK')
})

test('10,000 rows are imported end to end', async (context) => {
  const large = await clientsOf('万人学校')
  const column = (title: string) => ({ title, width: 12, kind: 'text' as const })
  const surnames = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏'
  const titles = [
    '工号',
    '姓名',
    '性别',
    '出生日期',
    '身份',
    '任教学科',
    '职称',
    '手机',
    '教研组',
    '备课组',
    '职务',
  ]
  const rows = Array.from({ length: 10_000 }, (_, index) => {
    const group = `第${index % 200}小学语文教研组`
    return [
      `T${String(index).padStart(5, '0')}`,
      `${surnames[index % 30]}${surnames[(index * 7) % 30]}${'一二三四五六七八九十'[index % 10]}`,
      index % 3 ? '女' : '男',
      `19${70 + (index % 28)}-0${1 + (index % 9)}-1${index % 9}`,
      '教师',
      '语文',
      '一级教师',
      `138${String(index).padStart(8, '0')}`,
      group,
      `${group}备课组`,
      index < 200 ? '教研组长' : '',
    ]
  })
  const book = await writeSpreadsheet({ sheets: [{ name: '花名册', columns: titles.map(column), rows }] })
  let started = performance.now()
  const seconds = () => {
    const text = ((performance.now() - started) / 1000).toFixed(1)
    started = performance.now()
    return text
  }
  const answer = await large.upload('principal', book, '全校.xlsx', '2026-09-01')
  const preview = answer.body as RosterPreview
  assert.deepEqual(preview.problems, [])
  assert.equal(preview.plan?.create.length, 10_000)
  const looked = seconds()
  const { body } = await large.confirm('principal', preview)
  assert.deepEqual([body.created, body.units], [10_000, 400])
  const taken = seconds()
  const again = (await large.upload('principal', book, '全校.xlsx', '2026-09-01')).body as RosterPreview
  assert.deepEqual(
    [again.plan?.create.length, again.plan?.update.length, again.plan?.unchanged],
    [0, 0, 10_000],
  )
  const compared = seconds()
  const found = await large.call('teacher', 'org/listPeople', { q: 'T09999' })
  assert.equal(found.body.people[0].units.length, 2)
  context.diagnostic(
    `${(book.length / 1e6).toFixed(1)} MB, 10,000 rows: read and compared ${looked} s, taken over ${taken} s, the same again ${compared} s, found ${(performance.now() - started).toFixed(0)} ms`,
  )
})
