import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import pg from 'pg'
import * as appraisal from '../appraisal/actions.ts'
import { saveSchoolYear } from '../calendar/store.ts'
import { instantAt } from '../kit/dates.ts'
import { sql } from '../kit/sql.ts'
import { adoptRegime } from '../regime/adoption.ts'
import * as study from '../study/actions.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { readPdf } from '../typesetting/pdf-reader.ts'
import * as work from '../work/actions.ts'
import { gatherBooklet } from './booklet.ts'
import { createGuessLimit, fingerprintOf, newCode, readCode } from './rules.ts'

const services = await createTestServices(instantAt('2026-11-18', '10:00'))
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { app, call } = await createTestClients(services, school)
const { teacher, colleague } = school.people
const schoolYearId = '2026-2027'

const hostile = '#eval("1+1") $x^2$ <label> @ref \\ // /* ‘引号’ <script>alert(1)</script> =1+1'
await school.as('academicOffice', (tx) =>
  adoptRegime(tx, { regimeId: 'xinglong', schoolYearId, from: '2026-08-31' }),
)
async function acceptReflection(
  title: string,
  body = '这节课先让学生动手再说理由，课堂比预想的活跃。'.repeat(6),
) {
  const { id } = await school.as('teacher', async (tx) => {
    const started = await work.startWork(tx, { kind: 'reflection', title, body: `<p>${body}</p>` })
    await work.submitWork(tx, started)
    return started
  })
  await school.as('leader', (tx) => work.acceptWork(tx, { id, remark: '写得实在' }))
}
await acceptReflection('折纸里的分数')
await school.as('teacher', (tx) =>
  study.logStudy(tx, {
    studiedOn: '2026-11-17',
    kind: 'theory',
    content: '课程标准：图形与几何',
    minutes: 90,
    excerpt: '空间观念不等于会画图。',
  }),
)

const dense = (text: string) => text.replace(/\s+/g, '')
const pdfText = (bytes: Buffer) => dense(readPdf(bytes).pages.join(''))
const mine = { personId: teacher, schoolYearId, format: 'pdf' }
async function issue(personId = teacher) {
  const { status, body } = await call('academicOffice', 'documents/issueBooklet', { personId, schoolYearId })
  assert.equal(status, 200, JSON.stringify(body))
  return body as { id: string; code: string; issuedOn: string; fingerprint: string }
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test('a teacher prints the own booklet as a draft, with what was recorded and the findings', async () => {
  const { status, body, headers } = await call('teacher', 'documents/getBooklet', mine)
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/pdf')
  const text = pdfText(body)
  for (const part of [
    '林小满',
    '折纸里的分数',
    '陈立新：写得实在',
    '空间观念不等于会画图',
    '草稿',
    '第11—12周',
  ])
    assert.ok(text.includes(dense(part)), part)
  assert.ok(text.includes('个人研修2学时40学时'), '90 minutes are 2 学时 of 40')
})

test('the booklet is closed to colleagues, open to the leader of the group and the offices', async () => {
  assert.equal((await call('colleague', 'documents/getBooklet', mine)).status, 403)
  assert.equal((await call('outsider', 'documents/getBooklet', mine)).status, 403)
  assert.equal((await call('colleague', 'documents/listIssued', { personId: teacher })).status, 403)
  for (const who of ['leader', 'academicOffice', 'principal'] as const)
    assert.equal((await call(who, 'documents/getBooklet', mine)).status, 200, who)
  const foreign = await call('academicOffice', 'documents/getBooklet', {
    ...mine,
    personId: other.people.teacher,
  })
  assert.equal(foreign.status, 404)
})

test('issuing freezes the booklet: a later reflection changes neither its bytes nor its fingerprint', async () => {
  const issued = await issue()
  assert.match(issued.code, /^XY-2026-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
  const before = await call('teacher', 'documents/getIssued', { documentId: issued.id, format: 'pdf' })
  assert.equal(before.status, 200)
  const text = pdfText(before.body)
  assert.ok(text.includes(issued.code) && !text.includes('草稿'))
  await acceptReflection('后来写的一篇')
  const draft = await call('teacher', 'documents/getBooklet', mine)
  assert.ok(pdfText(draft.body).includes('后来写的一篇'))
  const later = await call('teacher', 'documents/getIssued', { documentId: issued.id, format: 'pdf' })
  assert.equal(sha256(later.body), sha256(before.body))
  assert.equal(
    (await call('colleague', 'documents/getIssued', { documentId: issued.id, format: 'pdf' })).status,
    403,
  )
})

test('the same booklet issued twice has two numbers, and both stay valid', async () => {
  const [first, second] = [await issue(colleague), await issue(colleague)]
  assert.notEqual(first.code, second.code)
  for (const { code } of [first, second])
    assert.equal((await call(null, 'documents/findDocument', { code })).body.genuine, true)
  const { body } = await call('colleague', 'documents/listIssued', { personId: colleague })
  assert.deepEqual(body.map((one: { code: string }) => one.code).sort(), [first.code, second.code].sort())
  const audited = await school.as('system', (tx) =>
    tx.many(
      sql`SELECT 1 FROM audit_entries WHERE org_id = ${tx.orgId} AND type = 'documents.issued' AND record_id IN (${first.id}, ${second.id})`,
    ),
  )
  assert.equal(audited.length, 2)
})

test('anybody verifies a number and learns what the paper is, nothing of its content', async () => {
  const { code, fingerprint } = await issue()
  const { status, body } = await call(null, 'documents/findDocument', { code })
  assert.equal(status, 200)
  assert.deepEqual(body, {
    genuine: true,
    code,
    title: '2026—2027学年校本研修报告册',
    holderName: '林小满',
    organisation: '试验小学',
    issuedOn: '2026-11-18',
    fingerprint,
  })
  assert.match(fingerprint, /^[0-9a-f]{12}$/)
  const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `
  assert.equal((await call(null, 'documents/findDocument', { code: typed })).body.code, code)
  const unknown = await call(null, 'documents/findDocument', { code: 'XY-2026-2222-2222' })
  assert.deepEqual(unknown.body, { genuine: false, code: 'XY-2026-2222-2222' })
})

test('frozen data cannot be changed by the application, and a changed row is neither printed nor vouched for', async () => {
  const { id, code } = await issue()
  await assert.rejects(
    school.as('system', (tx) =>
      tx.run(sql`UPDATE issued_documents SET title = 'x' WHERE org_id = ${tx.orgId}`),
    ),
    /permission denied/,
  )
  const owner = new pg.Client({ connectionString: services.connectionString })
  await owner.connect()
  await owner.query(
    `UPDATE issued_documents SET data = jsonb_set(data, '{result,grade}', '"优秀"') WHERE id = '${id}'`,
  )
  await owner.end()
  assert.equal((await call('teacher', 'documents/getIssued', { documentId: id, format: 'pdf' })).status, 422)
  assert.equal((await call(null, 'documents/findDocument', { code })).body.genuine, false)
})

test('a teacher and a leader cannot issue', async () => {
  for (const who of ['teacher', 'leader'] as const)
    assert.equal(
      (await call(who, 'documents/issueBooklet', { personId: teacher, schoolYearId })).status,
      403,
      who,
    )
  const { body } = await call('teacher', 'documents/listBooklets', {})
  assert.match(body.abilities.issue, /签发/)
})

test('a year without regime is refused with a sentence', async () => {
  await school.as('system', (tx) =>
    saveSchoolYear(tx, { id: '2024-2025', from: '2024-09-01', to: '2025-07-10' }),
  )
  const { status, body } = await call('teacher', 'documents/getBooklet', {
    ...mine,
    schoolYearId: '2024-2025',
  })
  assert.equal(status, 422)
  assert.match(body.error.message, /2024—2025学年还没有设置校历或采用制度/)
  const list = await call('academicOffice', 'documents/listBooklets', { schoolYearId: '2024-2025' })
  assert.match(list.body.problem, /采用制度/)
  assert.deepEqual(list.body.lines, [])
})

test('the list shows a teacher the own line, a leader the group, the office everybody; filters narrow it', async () => {
  const names = async (who: 'teacher' | 'leader' | 'academicOffice', filter: object = {}) => {
    const { body } = await call(who, 'documents/listBooklets', filter)
    return body.lines.map((line: { name: string }) => line.name).sort()
  }
  assert.deepEqual(await names('teacher'), [])
  const own = (await call('teacher', 'documents/listBooklets', {})).body.mine
  assert.equal(own.name, '林小满')
  assert.ok(own.reflections >= 1 && own.excerpts === 1)
  assert.match(own.sentence, /反思 \d+ 篇/)
  assert.deepEqual(await names('leader'), ['林小满', '赵春雨', '陈立新'].sort())
  assert.equal((await names('academicOffice')).length, 6)
  await issue(colleague)
  assert.ok((await names('academicOffice', { state: 'issued' })).includes('赵春雨'))
  assert.ok(!(await names('academicOffice', { state: 'notIssued' })).includes('赵春雨'))
  assert.deepEqual(await names('academicOffice', { q: '004' }), ['林小满'])
  const excel = await call('academicOffice', 'documents/getBookletListFile', {})
  assert.equal(excel.status, 200)
  assert.equal(excel.body.subarray(0, 2).toString(), 'PK')
})

test('a group comes as one ZIP of PDFs: the issued ones, drafts of the others', async () => {
  await issue(teacher)
  const { status, body } = await call('leader', 'documents/getBooklets', {
    unitId: school.groupId,
    schoolYearId,
  })
  assert.equal(status, 200)
  const files = unzipSync(body)
  const listing = Object.keys(files)
  assert.equal(listing.length, 3)
  assert.ok(
    listing.some((name) => /^004 林小满 XY-2026-.*\.pdf$/.test(name)),
    listing.join(),
  )
  const leader = listing.find((name) => name === '003 陈立新 草稿.pdf')
  assert.ok(leader, listing.join())
  assert.ok(pdfText(Buffer.from(files[leader] ?? [])).includes('陈立新'))
  assert.equal(
    (await call('outsider', 'documents/getBooklets', { unitId: school.groupId, schoolYearId })).status,
    403,
  )
  assert.equal(
    (await call('academicOffice', 'documents/getBooklets', { unitId: other.groupId, schoolYearId })).status,
    404,
  )
})

test('no transaction is open while a paper is set', async () => {
  const { renderPdf } = services.typesetter
  let open: number | undefined
  services.typesetter.renderPdf = async (...args) => {
    // As the owner of the server: the application itself does not see what its other connections do.
    const owner = new pg.Client({ connectionString: services.connectionString })
    await owner.connect()
    const { rows } = await owner.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
    )
    await owner.end()
    open = rows[0]?.open
    return renderPdf(...args)
  }
  try {
    assert.equal((await call('teacher', 'documents/getBooklet', mine)).status, 200)
  } finally {
    services.typesetter.renderPdf = renderPdf
  }
  assert.equal(open, 0)
})

test('text that looks like markup is printed as it was written, in PDF and Word', async () => {
  await acceptReflection(hostile, hostile.replaceAll('<', '&lt;').repeat(9))
  const pdf = await call('teacher', 'documents/getBooklet', mine)
  assert.equal(pdf.status, 200)
  assert.ok(pdfText(pdf.body).includes(dense('#eval("1+1")')), 'the title stands as it was written')
  const word = await call('teacher', 'documents/getBooklet', { ...mine, format: 'word' })
  assert.equal(word.status, 200)
  const xml = strFromU8(unzipSync(word.body)['word/document.xml'] ?? new Uint8Array())
  assert.ok(
    xml.includes('&lt;label&gt; @ref') && !xml.includes('<script'),
    'the title stands as it was written',
  )
  assert.match(String(word.headers['content-disposition']), /\.docx/)
})

test('recorded evaluations and checks stand in the booklet, and the score is the one of the engine', async () => {
  const record = (part: 'check' | 'evaluation', voice: string, points: number, remark = '') =>
    school.as('academicOffice', (tx) =>
      appraisal.recordScores(tx, {
        part,
        voice,
        title: part === 'check' ? '第一次平时检查' : '年终考评',
        scoredOn: '2026-11-18',
        rows: [{ personId: teacher, points, remark }],
      }),
    )
  await record('check', 'scheduled', 94)
  await record('evaluation', 'self', 92, '学会了等待。')
  const gather = () =>
    school.as('academicOffice', (tx) =>
      gatherBooklet(
        tx,
        { id: teacher, name: '林小满', staffNumber: '004', sortKey: '', phone: null },
        schoolYearId,
        null,
      ),
    )
  const half = await gather()
  assert.deepEqual(
    half.evaluations.voices.map((voice) => [voice.name, voice.score]),
    [
      ['自评', '92分'],
      ['互评', null],
      ['导评', null],
      ['审评', null],
    ],
  )
  assert.equal(half.evaluations.voices[0]?.blocks[0]?.runs[0]?.text, '学会了等待。')
  assert.equal(half.result.grade, null)
  assert.deepEqual(half.result.scores[1], {
    label: '年终评价，占40%',
    value: '缺：小组互评、校长导评、指导组审评',
  })
  await record('evaluation', 'peers', 95)
  await record('evaluation', 'principal', 92)
  await record('evaluation', 'guidanceGroup', 91)
  const whole = await gather()
  assert.deepEqual(whole.result.scores, [
    { label: '平时检查94分，占60%', value: '56.4分' },
    { label: '年终评价92.5分，占40%', value: '37分' },
    { label: '最终成绩', value: '93.4分' },
  ])
  assert.equal(whole.result.grade, '合格')
  assert.match(whole.result.statement, /最终成绩93\.4分，依据《兴隆小学校本研修制度》三\.1：合格，可发证/)
})

test('hours stand against the least amount of the right rule, by term and by week', async () => {
  const { hours } = await school.as('academicOffice', (tx) =>
    gatherBooklet(
      tx,
      { id: teacher, name: '林小满', staffNumber: '004', sortKey: '', phone: null },
      schoolYearId,
      null,
    ),
  )
  const row = (kind: string, minimum: string) => {
    const found = hours.rows.find((one) => one.kind === kind && one.minimum === minimum)
    assert.ok(found, `${kind} ${minimum} in ${JSON.stringify(hours.rows)}`)
    return found
  }
  assert.equal(row('个人研修', '40学时').achieved, '2学时')
  assert.match(row('个人研修（每周）', '每周2学时').achieved, /^\d+周达到$/)
  assert.match(row('个人理论学习（每周）', '每周2学时').achieved, /^\d+周达到$/)
  assert.ok(!hours.rows.some((one) => one.kind === '补学'), 'nothing was made up for')
})

test('numbers are unambiguous, fingerprints do not depend on the order of keys, and guesses are slowed down', () => {
  for (let times = 0; times < 500; times++) assert.doesNotMatch(newCode('2026').slice(8), /[01OILU]/)
  assert.equal(readCode('ｘｙ2026—7k3m 9qpd'), 'XY-2026-7K3M-9QPD')
  assert.equal(
    fingerprintOf({ a: 1, b: [{ d: 2, c: null }] }),
    fingerprintOf({ b: [{ c: null, d: 2 }], a: 1 }),
  )
  assert.notEqual(fingerprintOf({ a: 1 }), fingerprintOf({ a: '1' }))
  const limit = createGuessLimit()
  const now = instantAt('2026-11-18', '10:00')
  for (let times = 0; times < 30; times++) {
    assert.equal(limit.isOver('10.0.0.1', now), false)
    limit.miss('10.0.0.1', now)
  }
  assert.equal(limit.isOver('10.0.0.1', now), true)
  assert.equal(limit.isOver('10.0.0.2', now), false)
  assert.equal(limit.isOver('10.0.0.1', new Date(now.getTime() + 11 * 60_000)), false)
})

test('too many unknown numbers from one address are refused for a while', async () => {
  let refused = 0
  for (let times = 0; times < 40; times++) {
    const response = await app.inject({
      url: `/api/documents/findDocument?input=${encodeURIComponent(JSON.stringify({ code: `XY-2026-3333-${3000 + times}` }))}`,
      remoteAddress: '203.0.113.9',
    })
    if (response.statusCode === 429) refused++
  }
  assert.equal(refused, 10)
})
