import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPresetRegimes } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { sheetsOfRegimes, generalSheet } from './sheets.ts'
import { resultsOf, totalOf } from './rules.ts'
import { booking, notes, standingFacts } from './testing.ts'

// 2026-11-18 10:00, a Wednesday.
const services = await createTestServices()
const school = await createTestSchool(services)
const { app, call, cookies } = await createTestClients(services, school)
const { people } = school

let period = 0
async function lesson(change: Parameters<typeof booking>[1] = {}): Promise<string> {
  period++
  const made = await call(
    'teacher',
    'lesson/bookLesson',
    booking(school, { heldOn: '2026-11-17', period, room: '', ...change }),
  )
  assert.equal(made.status, 200, JSON.stringify(made.body))
  return made.body.id
}
const start = async (who: keyof typeof people, input: object): Promise<string> => {
  const begun = await call(who, 'lesson/startObservation', input)
  assert.equal(begun.status, 200, JSON.stringify(begun.body))
  return begun.body.id
}
const full = Object.fromEntries(generalSheet.criteria.map((criterion) => [criterion.id, 0]))

test('the rubric weighs its criteria, and voices weigh as the sheet says', () => {
  const sheet = { ...generalSheet, voices: { peers: 1, leaders: 3, experts: 1, self: 0 } }
  assert.equal(totalOf(sheet, full), 95)
  assert.equal(totalOf(sheet, { goals: 0, results: 3 }), 75.7)
  const low = Object.fromEntries(sheet.criteria.map((criterion) => [criterion.id, 1]))
  const [result] = resultsOf([
    { voice: 'peers', sheet, scores: full },
    { voice: 'leaders', sheet, scores: low },
    { voice: 'self', sheet, scores: full },
  ])
  assert.equal(result?.total, 87.5)
  assert.equal(result?.voices.find((voice) => voice.voice === 'self')?.mean, 95)
})

test('a regime brings its own sheet with its criteria', () => {
  const regime = {
    title: '评价制度',
    vocabularies: { otherTerms: [{ id: 'lessonSheet', label: '课堂评价表' }] },
    forms: [
      {
        id: 'sixCriteria',
        label: '六项指标',
        clause: '二',
        for: 'record',
        sections: [
          { id: 'participation', label: '学生参与程度', required: true },
          { id: 'interest', label: '兴趣、情感与自信', required: true },
        ],
      },
    ],
    rules: [
      {
        clause: '二(四)1',
        title: '课堂评价',
        form: {
          counts: [{ fact: 'evaluation.scored', where: 'sheet == "lessonSheet"' }],
          form: 'sixCriteria',
          attribute: 'criteria',
        },
      },
    ],
  }
  const [sheet] = sheetsOfRegimes([regime as never])
  assert.equal(sheet?.id, 'lessonSheet')
  assert.equal(sheet?.title, '课堂评价表')
  assert.deepEqual(
    sheet?.criteria.map((criterion) => [criterion.label, criterion.weight]),
    [
      ['学生参与程度', 50],
      ['兴趣、情感与自信', 50],
    ],
  )
})

test('notes are saved, handed in, reach the teacher, who answers; the lesson is known to be given', async () => {
  const lessonId = await lesson({ kind: 'discussionLesson' })
  const id = await start('colleague', { lessonId })
  assert.equal(await start('colleague', { lessonId }), id)
  const begun = await call('colleague', 'lesson/getObservation', { id })
  assert.equal(begun.body.className, '三（2）班')
  assert.equal(begun.body.sheet.id, 'generalLesson')
  assert.equal((await call('teacher', 'lesson/getObservation', { id })).status, 404, 'a draft is private')
  assert.match((await call('colleague', 'lesson/submitObservation', { id })).body.error.message, /至少记一笔/)
  const saved = await call('colleague', 'lesson/saveObservation', {
    id,
    version: 1,
    ...notes({ scores: full }),
  })
  assert.equal(saved.body.version, 2)
  const same = await call('colleague', 'lesson/saveObservation', {
    id,
    version: 1,
    ...notes({ scores: full }),
  })
  assert.equal(same.body.version, 2, 'the same content sent again is passed over')
  assert.equal((await call('colleague', 'lesson/submitObservation', { id })).status, 200)
  const [fact] = await standingFacts(school, people.colleague, 'lesson.observed')
  assert.equal(fact?.on, '2026-11-17')
  assert.deepEqual(fact?.attributes, {
    lessonKind: 'discussionLesson',
    noteKept: true,
    feedbackGiven: true,
    feedbackAfterDays: 1,
    feedbackParts: ['comment'],
    dropIn: false,
    contentTags: [],
    caseId: lessonId,
  })
  assert.equal((await standingFacts(school, people.teacher, 'lesson.given')).length, 1)
  const received = await call('teacher', 'lesson/listObservations', { view: 'received' })
  assert.equal(received.body.unanswered, 1)
  assert.equal(received.body.observations[0].comment, '学生说得多，好。')
  assert.equal((await call('teacher', 'lesson/readFeedback', { id })).status, 200)
  assert.equal((await call('outsider', 'lesson/getObservation', { id })).status, 404)
  assert.equal((await call('teacher', 'lesson/answerFeedback', { id, answer: '谢谢，下节改。' })).status, 200)
  const facts = await standingFacts(school, people.colleague, 'lesson.observed')
  assert.equal(facts.length, 1)
  assert.deepEqual(facts[0]?.attributes.feedbackParts, ['comment', 'teacherAnswer'])
  assert.match((await call('colleague', 'lesson/reopenObservation', { id })).body.error.message, /已经回应/)
  // The full sheet became the colleague's rating.
  const seen = await call('teacher', 'lesson/getLesson', { id: lessonId })
  assert.equal(seen.body.results[0].total, 95)
  const [score] = await standingFacts(school, people.teacher, 'evaluation.scored')
  assert.equal(score?.quantity, 95)
  assert.equal(score?.attributes.voice, 'lessonPeers')
  assert.equal(score?.attributes.caseId, lessonId)
})

test('notes taken back do not count until they are handed in again', async () => {
  const id = await start('outsider', { teacherId: people.leader, className: '四(1)班', period: 6 })
  await call('outsider', 'lesson/saveObservation', {
    id,
    version: 1,
    ...notes({ className: '四(1)班', period: 6 }),
  })
  await call('outsider', 'lesson/submitObservation', { id })
  assert.equal((await standingFacts(school, people.outsider, 'lesson.observed')).length, 1)
  assert.equal((await call('outsider', 'lesson/reopenObservation', { id })).status, 200)
  assert.equal((await standingFacts(school, people.outsider, 'lesson.observed')).length, 0)
  assert.match((await call('outsider', 'lesson/discardObservation', { id })).body.error.message, /要留底/)
  assert.equal((await call('outsider', 'lesson/submitObservation', { id })).status, 200)
  assert.equal((await standingFacts(school, people.outsider, 'lesson.observed')).length, 1)
  assert.equal((await call('outsider', 'lesson/getObservation', { id })).body.className, '四（1）班')
})

test('two devices do not overwrite each other; what a phone kept offline is not lost', async () => {
  const id = await start('colleague', { teacherId: people.leader, className: '四（1）班', period: 2 })
  const one = await call('colleague', 'lesson/saveObservation', {
    id,
    version: 1,
    ...notes({ comment: '平板上写的' }),
  })
  assert.equal(one.status, 200)
  const phone = await call('colleague', 'lesson/saveObservation', {
    id,
    version: 1,
    ...notes({ comment: '手机断网时写的' }),
  })
  assert.equal(phone.status, 409)
  assert.equal(JSON.parse(phone.body.error.fields.content).comment, '平板上写的')
  const again = await call('colleague', 'lesson/saveObservation', {
    id,
    version: Number(phone.body.error.fields.version),
    ...notes({ comment: '手机断网时写的' }),
  })
  assert.equal(again.status, 200)
})

test('notes of a lesson that was cancelled meanwhile are not handed in, and say why', async () => {
  const lessonId = await lesson()
  const id = await start('colleague', { lessonId })
  await call('colleague', 'lesson/saveObservation', { id, version: 1, ...notes() })
  assert.equal((await call('teacher', 'lesson/cancelLesson', { id: lessonId, reason: '停电' })).status, 200)
  const refused = await call('colleague', 'lesson/submitObservation', { id })
  assert.match(refused.body.error.message, /已经取消（停电）/)
  assert.equal((await call('colleague', 'lesson/discardObservation', { id })).status, 200)
})

test('a photo of 30 MB or of an unknown kind is refused with a sentence, and the notes stay', async () => {
  const id = await start('leader', { teacherId: people.teacher, className: '三（1）班', period: 7 })
  await call('leader', 'lesson/saveObservation', { id, version: 1, ...notes() })
  const upload = async (who: keyof typeof people, name: string, content: Buffer) => {
    const boundary = 'x-boundary-x'
    const response = await app.inject({
      method: 'POST',
      url: '/api/files/uploadAttachment',
      payload: Buffer.concat([
        Buffer.from(
          `--${boundary}\r\ncontent-disposition: form-data; name="input"\r\n\r\n${JSON.stringify({ room: 'observation', id })}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
        ),
        content,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]),
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, cookie: cookies[who] ?? '' },
    })
    return { status: response.statusCode, body: response.json() }
  }
  const jpeg = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1]),
    Buffer.alloc(2000),
  ])
  assert.equal((await upload('leader', '板书.jpg', jpeg)).status, 200)
  const large = await upload('leader', '全景.jpg', Buffer.concat([jpeg, Buffer.alloc(30 * 1024 * 1024)]))
  assert.equal(large.status, 413)
  assert.match(large.body.error.message, /最多 20 MB/)
  const unknown = await upload('leader', '照片.xyz', Buffer.from([0, 1, 2, 3, 250, 251, 9, 9]))
  assert.match(unknown.body.error.message, /不能上传“照片.xyz”/)
  assert.equal((await upload('colleague', '别人的.jpg', jpeg)).status, 404)
  const files = await call('leader', 'files/listAttachments', { room: 'observation', id })
  assert.equal(files.body.length, 1)
  assert.equal((await call('leader', 'lesson/getObservation', { id })).body.notes.length, 1)
})

test('a leader drops in, says something at once, leaves one step; next time it stands there', async () => {
  const refused = await call('teacher', 'lesson/startObservation', {
    teacherId: people.colleague,
    dropIn: true,
  })
  assert.match(refused.body.error.message, /学校领导/)
  const id = await start('academicOffice', {
    teacherId: people.colleague,
    className: '五（1）班',
    dropIn: true,
  })
  await call('academicOffice', 'lesson/saveObservation', {
    id,
    version: 1,
    ...notes({ comment: '', className: '五（1）班' }),
  })
  assert.match(
    (await call('academicOffice', 'lesson/submitObservation', { id })).body.error.message,
    /当场写下意见/,
  )
  await call('academicOffice', 'lesson/saveObservation', {
    id,
    version: 2,
    ...notes({ className: '五（1）班', comment: '板书有条理', actionStep: '提问后等三秒' }),
  })
  assert.equal((await call('academicOffice', 'lesson/submitObservation', { id })).status, 200)
  await call('colleague', 'lesson/answerFeedback', { id, answer: '明白了' })
  const [fact] = await standingFacts(school, people.academicOffice, 'lesson.observed')
  assert.equal(fact?.attributes.dropIn, true)
  assert.deepEqual(fact?.attributes.feedbackParts, ['leaderWords', 'actionStep', 'teacherAnswer'])
  // The principal sees all visits; the group leader none; the office not those of the principal.
  assert.equal((await call('principal', 'lesson/getObservation', { id })).status, 200)
  assert.equal((await call('leader', 'lesson/getObservation', { id })).status, 404)
  const next = await start('principal', {
    teacherId: people.colleague,
    className: '五（1）班',
    period: 4,
    dropIn: true,
  })
  const view = await call('principal', 'lesson/getObservation', { id: next })
  assert.equal(view.body.earlier.actionStep, '提问后等三秒')
  await call('principal', 'lesson/saveObservation', {
    id: next,
    version: 1,
    ...notes({ className: '五（1）班', comment: '有进步' }),
  })
  assert.match(
    (await call('principal', 'lesson/submitObservation', { id: next })).body.error.message,
    /改进要求落实/,
  )
  await call('principal', 'lesson/saveObservation', {
    id: next,
    version: 2,
    ...notes({ className: '五（1）班', comment: '有进步', followed: 'yes' }),
  })
  assert.equal((await call('principal', 'lesson/submitObservation', { id: next })).status, 200)
  assert.equal((await call('academicOffice', 'lesson/getObservation', { id: next })).status, 404)
  const visits = await call('academicOffice', 'lesson/listObservations', { view: 'visits' })
  assert.equal(visits.body.observations.length, 1)
  assert.equal(
    (await call('principal', 'lesson/listObservations', { view: 'visits' })).body.observations.length,
    2,
  )
  assert.equal(
    (await call('teacher', 'lesson/listObservations', { view: 'visits' })).body.observations.length,
    0,
  )
  const pdf = await call('colleague', 'lesson/getObservationFile', { id })
  assert.equal(pdf.status, 200)
  assert.equal(pdf.body.subarray(0, 5).toString(), '%PDF-')
})

test('the office inspects notes; what lacks something says what, and the mark can be taken back', async () => {
  const list = await call('academicOffice', 'lesson/listObservations', { view: 'uninspected' })
  const ids = list.body.observations.map((one: { id: string }) => one.id)
  assert.ok(ids.length > 0)
  assert.equal(
    (await call('teacher', 'lesson/inspectObservations', { ids, inspection: 'qualified' })).status,
    403,
  )
  const bare = await call('academicOffice', 'lesson/inspectObservations', { ids, inspection: 'insufficient' })
  assert.match(bare.body.error.message, /写明要补什么/)
  assert.equal(
    (await call('academicOffice', 'lesson/inspectObservations', { ids, inspection: 'qualified' })).status,
    200,
  )
  const checks = await standingFacts(school, people.colleague, 'check.done')
  assert.equal(checks[0]?.attributes.object, 'lessonNotes')
  assert.equal(
    (await call('academicOffice', 'lesson/inspectObservations', { ids, inspection: null })).status,
    200,
  )
  assert.equal((await standingFacts(school, people.colleague, 'check.done')).length, 0)
  assert.ok((await standingFacts(school, people.colleague, 'lesson.observed')).length > 0)
})

test('months are counted for the office and, of the group, for its leader', async () => {
  const office = await call('academicOffice', 'lesson/listMonths', {})
  assert.equal(office.body.rows.length, 6)
  assert.equal(
    office.body.rows.find((row: { personId: string }) => row.personId === people.colleague).months['2026-11'],
    1,
  )
  assert.equal((await call('leader', 'lesson/listMonths', {})).body.rows.length, 3)
  assert.equal((await call('teacher', 'lesson/listMonths', {})).status, 403)
  assert.equal((await call('leader', 'lesson/getMonthsFile', {})).status, 200)
})

test('colleagues rate, nobody the own lesson; an expert is entered by name; the lesson taught again stands beside the first', async () => {
  const id = await lesson({ className: '六（1）班' })
  const rating = { id, sheetId: 'generalLesson', scores: full, comment: '扎实' }
  assert.match((await call('colleague', 'lesson/rateLesson', rating)).body.error.message, /还没有上/)
  await call('teacher', 'lesson/giveLesson', { id })
  const sheet = {
    sheetId: null,
    title: '不自评的表',
    steps: generalSheet.steps,
    criteria: [{ label: '总体', weight: 100 }],
    voices: { peers: 1, leaders: 2, experts: 1, self: null },
  }
  assert.equal((await call('teacher', 'lesson/saveSheet', sheet)).status, 403)
  const made = await call('academicOffice', 'lesson/saveSheet', sheet)
  assert.equal(made.body.version, 1)
  const own = await call('teacher', 'lesson/rateLesson', {
    ...rating,
    sheetId: made.body.sheetId,
    scores: {},
  })
  assert.match(own.body.error.message, /不能给自己的课打分/)
  assert.match(
    (await call('colleague', 'lesson/rateLesson', { ...rating, scores: {} })).body.error.message,
    /还有 5 项没有评/,
  )
  assert.equal((await call('colleague', 'lesson/rateLesson', rating)).status, 200)
  const low = Object.fromEntries(generalSheet.criteria.map((criterion) => [criterion.id, 2]))
  const corrected = await call('colleague', 'lesson/rateLesson', { ...rating, scores: low })
  assert.equal(corrected.body.total, 70)
  assert.equal((await call('principal', 'lesson/rateLesson', rating)).status, 200)
  assert.equal(
    (await call('colleague', 'lesson/rateLesson', { ...rating, expertName: '王教研员' })).status,
    403,
  )
  assert.equal((await call('leader', 'lesson/rateLesson', { ...rating, expertName: '王教研员' })).status, 200)
  const seen = await call('teacher', 'lesson/getLesson', { id })
  assert.deepEqual(seen.body.ratingList.map((one: { voice: string }) => one.voice).sort(), [
    'experts',
    'leaders',
    'peers',
  ])
  assert.equal(seen.body.ratingList.length, 3)
  assert.equal(seen.body.results[0].total, 86.7)
  assert.equal(
    (await call('outsider', 'lesson/getLesson', { id })).body.results.length,
    0,
    'scores are not for everybody',
  )
  // Improved and taught again: one case, two results side by side.
  const again = await call('teacher', 'lesson/bookLesson', {
    ...booking(school, {
      kind: 'improvedLesson',
      heldOn: '2026-11-18',
      period: 2,
      className: '六（2）班',
      room: '',
    }),
    followsId: id,
  })
  await call('teacher', 'lesson/giveLesson', { id: again.body.id })
  await call('colleague', 'lesson/rateLesson', { ...rating, id: again.body.id })
  const series = (await call('teacher', 'lesson/getLesson', { id: again.body.id })).body.series
  assert.deepEqual(
    series.map((one: { results: { total: number }[] }) => one.results[0]?.total),
    [86.7, 95],
  )
  const cases = new Set(
    (await standingFacts(school, people.teacher, 'lesson.given')).map((fact) => fact.attributes.caseId),
  )
  assert.ok(cases.has(id) && !cases.has(again.body.id))
  const mine = seen.body.ratingList.find((one: { name: string }) => one.name === '赵春雨')
  assert.equal((await call('outsider', 'lesson/withdrawRating', { ratingId: mine.id })).status, 403)
  assert.equal((await call('colleague', 'lesson/withdrawRating', { ratingId: mine.id })).status, 200)
})

test('a sheet keeps its versions; what was rated keeps the sheet it was rated with', async () => {
  const first = await call('academicOffice', 'lesson/listSheets', {})
  const general = first.body.sheets.find((one: { id: string }) => one.id === 'generalLesson')
  const renewed = {
    sheetId: 'generalLesson',
    title: '课堂教学评价表（2026 修订）',
    steps: general.steps,
    criteria: general.criteria.slice(0, 3),
    voices: general.voices,
  }
  assert.equal((await call('academicOffice', 'lesson/saveSheet', renewed)).body.version, 1)
  const wrong = {
    ...renewed,
    steps: [
      { label: '差', share: 50 },
      { label: '优', share: 95 },
    ],
  }
  assert.match((await call('academicOffice', 'lesson/saveSheet', wrong)).body.error.message, /从高到低/)
  const list = await call('teacher', 'lesson/listSheets', {})
  const now = list.body.sheets.find((one: { id: string }) => one.id === 'generalLesson')
  assert.equal(now.criteria.length, 3)
  assert.equal(now.versions, 2)
  assert.ok(list.body.abilities.edit)
  for (const sheet of list.body.sheets.slice(0, -1))
    await call('academicOffice', 'lesson/retireSheet', { sheetId: sheet.id, retired: true })
  const last = list.body.sheets.at(-1)
  const refused = await call('academicOffice', 'lesson/retireSheet', { sheetId: last.id, retired: true })
  assert.match(refused.body.error.message, /至少要保留一张/)
})

test('the regime of 开发区第九中学 brings its six criteria, which add up to 100', async () => {
  const regime = listPresetRegimes().find((one) => one.id === 'kaifaqu-9')
  const [sheet] = sheetsOfRegimes(regime ? [regime] : [])
  assert.equal(sheet?.criteria.length, 6)
  assert.equal(
    sheet?.criteria.reduce((sum, criterion) => sum + criterion.weight, 0),
    100,
  )
})

test('notes found wanting go back, are completed and looked at again; the announcement praises and names nobody else', async () => {
  const at = await createTestSchool(services, '检查小学')
  const { call: ask } = await createTestClients(services, at, 'wanting-')
  const { id: lessonId } = (await ask('teacher', 'lesson/bookLesson', booking(at, { period: 1 }))).body
  const { id } = (await ask('colleague', 'lesson/startObservation', { lessonId })).body
  await ask('colleague', 'lesson/saveObservation', { id, version: 1, ...notes({ comment: '' }) })
  await ask('colleague', 'lesson/submitObservation', { id })
  const inspect = (inspection: string, remark = '') =>
    ask('academicOffice', 'lesson/inspectObservations', { ids: [id], inspection, remark })
  assert.equal((await inspect('insufficient', '请补一条建议')).status, 200)
  const home = (await ask('colleague', 'home/getHome', {})).body.mine.items
  assert.ok(home.some((item: { detail: string }) => item.detail.includes('请补一条建议')))
  const report = (await ask('academicOffice', 'lesson/getInspectionReport', {})).body
  assert.match(report.body, /需补充 1 份/)
  assert.ok(!report.body.includes('赵春雨'))
  assert.equal((await ask('colleague', 'lesson/reopenObservation', { id })).status, 200)
  const { draftVersion } = (await ask('colleague', 'lesson/getObservation', { id })).body
  await ask('colleague', 'lesson/saveObservation', { id, version: draftVersion, ...notes() })
  assert.equal((await ask('colleague', 'lesson/submitObservation', { id })).status, 200)
  const waiting = (await ask('academicOffice', 'lesson/listObservations', { view: 'uninspected' })).body
  assert.deepEqual(
    waiting.observations.map((one: { id: string }) => one.id),
    [id],
  )
  assert.equal((await inspect('excellent')).status, 200)
  assert.match((await ask('colleague', 'lesson/reopenObservation', { id })).body.error.message, /已经检查/)
  const praise = (await ask('academicOffice', 'lesson/getInspectionReport', {})).body
  assert.match(praise.body, /赵春雨 1 份/)
  const begun = await ask('academicOffice', 'notice/startNotice', { kind: 'checkResult', ...praise })
  const draft = (await ask('academicOffice', 'notice/getNotice', { id: begun.body.id })).body
  assert.deepEqual([draft.kindLabel, draft.title], ['检查结果通报', '听课记录检查通报'])
})
