import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standingFacts } from '../lesson/testing.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as actions from './talk-actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)

const sentence =
  '这一课承接平行四边形的面积，学生会数方格，也会剪拼转化，本课要让学生自己想到用两个完全一样的三角形去拼。'
async function paper(at: TestSchool, who: 'teacher' | 'colleague', words = sentence) {
  const talk = await at.as(who, (tx) => actions.startTalk(tx, { title: '三角形的面积' }))
  const { sections } = await at.as(who, actions.loadForms)
  await at.as(who, (tx) =>
    actions.saveTalk(tx, {
      ...talk,
      version: 1,
      sections: Object.fromEntries(sections.map((section) => [section.key, `${section.label}。${words}`])),
    }),
  )
  return talk
}

test('a paper without a required part is sent back with what is missing', async () => {
  const talk = await school.as('teacher', (tx) => actions.startTalk(tx, { title: '圆的认识' }))
  await school.as('teacher', (tx) =>
    actions.saveTalk(tx, { ...talk, version: 1, sections: { textbook: '圆' } }),
  )
  await assert.rejects(
    school.as('teacher', (tx) => actions.submitTalk(tx, talk)),
    /还缺“学情”“目标”/,
  )
  await assert.rejects(
    school.as('teacher', (tx) =>
      actions.saveTalk(tx, { ...talk, version: 1, sections: { textbook: '椭圆' } }),
    ),
    /另一台设备/,
  )
})

test('龙滩 names parts, limit, occasion and sheet; paper, talk and scores are counted by its rule', async () => {
  const at = await createTestSchool(services, '龙滩小学')
  await at.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'longtan', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const forms = await at.as('teacher', actions.loadForms)
  assert.ok(forms.sections.some((section) => section.key === 'boardDesign' && section.required))
  assert.equal(forms.occasions[0]?.id, 'lessonTalkContest')
  assert.equal(forms.limitMinutes, 15)
  const talk = await paper(at, 'teacher')
  await at.as('teacher', (tx) => actions.submitTalk(tx, talk))
  await at.as('leader', (tx) => actions.acceptTalk(tx, { ...talk, original: true, remark: '' }))
  assert.deepEqual(await at.as('leader', (tx) => actions.timeTalk(tx, { ...talk, seconds: 960 })), {
    over: true,
  })
  await at.as('leader', (tx) => actions.timeTalk(tx, { ...talk, seconds: 840 }))
  const spoke = await standingFacts(at, at.people.teacher, 'activity.spoke')
  assert.deepEqual(
    spoke.map((fact) => [fact.attributes.activityKind, fact.attributes.speechKind, fact.attributes.minutes]),
    [['lessonTalkContest', 'lessonTalk', 14]],
  )
  const works = await standingFacts(at, at.people.teacher, 'work.accepted')
  assert.equal(works.length, 1)
  assert.equal(works[0]?.attributes.original, true)
  assert.ok([works[0]?.attributes.parts].flat().includes('theoryBasis'))
  const points = Object.fromEntries(forms.sheet.criteria.map((one) => [one.id, one.most]))
  const score = (comment: string) =>
    at.as('colleague', (tx) => actions.scoreTalk(tx, { ...talk, points, comment }))
  assert.deepEqual(await score(''), { total: 100 })
  await score('板书清楚')
  const scored = await standingFacts(at, at.people.teacher, 'evaluation.scored')
  assert.equal(scored.length, 1)
  assert.equal(scored[0]?.attributes.sheet, 'lessonTalkScores')
  assert.equal(scored[0]?.attributes.commented, true)
})

test('a copied paper is found; the reviewer decides and says why', async () => {
  const first = await paper(school, 'colleague')
  await school.as('colleague', (tx) => actions.submitTalk(tx, first))
  const copy = await paper(school, 'teacher')
  const { similarPercent } = await school.as('teacher', (tx) => actions.submitTalk(tx, copy))
  assert.equal(similarPercent, 100)
  const accept = (original: boolean, remark: string) =>
    school.as('leader', (tx) => actions.acceptTalk(tx, { ...copy, original, remark }))
  await assert.rejects(accept(true, ''), /100% 相同/)
  await accept(false, '与赵春雨的说课稿相同')
  const facts = await standingFacts(school, school.people.teacher, 'work.accepted')
  assert.deepEqual(
    facts.map((fact) => fact.attributes.original),
    [false],
  )
  await school.as('academicOffice', (tx) => actions.returnTalk(tx, { ...copy, reason: '重写' }))
  assert.equal((await standingFacts(school, school.people.teacher, 'work.accepted')).length, 0)
})

test('nobody reviews or scores the own talk, and a draft is nobody else’s business', async () => {
  const talk = await paper(school, 'teacher', '自己的话')
  assert.equal((await call('leader', 'talk/getTalk', talk)).status, 404)
  await school.as('teacher', (tx) => actions.submitTalk(tx, talk))
  assert.equal((await call('teacher', 'talk/acceptTalk', { ...talk, original: true })).status, 403)
  assert.equal((await call('teacher', 'talk/scoreTalk', { ...talk, points: {} })).status, 403)
  assert.equal((await call('colleague', 'talk/timeTalk', { ...talk, seconds: 60 })).status, 403)
  const incomplete = await call('colleague', 'talk/scoreTalk', { ...talk, points: { focus: 10 } })
  assert.equal(incomplete.status, 422)
  assert.equal(
    (await call('teacher', 'talk/saveTalkSettings', { limitMinutes: 5, similarPercent: 30 })).status,
    403,
  )
  assert.equal(
    (await call('academicOffice', 'talk/saveTalkSettings', { limitMinutes: 0, similarPercent: 30 })).status,
    400,
  )
  assert.equal(
    (await call('academicOffice', 'talk/saveTalkSettings', { limitMinutes: 10, similarPercent: 30 })).status,
    200,
  )
})

test('教导处 adds parts of its own, what the regime names stays; the paper shows where it is alike and waits in the inbox', async () => {
  const at = await createTestSchool(services, '部分小学')
  const { call: ask } = await createTestClients(services, at, 'parts-')
  await at.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'longtan', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const base = (await at.as('teacher', actions.loadForms)).sections.map((section) => section.key)
  const settings = { limitMinutes: 12, similarPercent: 30 }
  const own = { key: '', label: '作业设计', hint: '', required: true }
  const twice = await ask('academicOffice', 'talk/saveTalkSettings', { ...settings, sections: [own, own] })
  assert.match(twice.body.error.message, /写了两次/)
  assert.equal(
    (await ask('academicOffice', 'talk/saveTalkSettings', { ...settings, sections: [own] })).status,
    200,
  )
  const { sections } = await at.as('teacher', actions.loadForms)
  assert.deepEqual(
    sections.slice(0, -1).map((section) => section.key),
    base,
  )
  assert.equal(sections.at(-1)?.label, '作业设计')
  const first = await paper(at, 'colleague')
  await at.as('colleague', (tx) => actions.submitTalk(tx, first))
  const copy = await paper(at, 'teacher', `${sentence.slice(0, 20)}这里换成自己的话。`)
  await at.as('teacher', (tx) => actions.submitTalk(tx, copy))
  const likeness = await ask('leader', 'talk/getLikeness', copy)
  const [run] = likeness.body.sections[0].runs.filter((one: { isShared: boolean }) => one.isShared)
  assert.ok(run.text.includes(sentence.slice(0, 18)))
  assert.match(likeness.body.source, /赵春雨的说课稿/)
  assert.equal((await ask('outsider', 'talk/getLikeness', copy)).status, 404)
  const kinds = (await ask('leader', 'inbox/listInbox', {})).body.waiting.map(
    (item: { kind: string; id: string }) => [item.kind, item.id].join(),
  )
  assert.ok(kinds.includes(`talk,${copy.id}`))
  await at.as('leader', (tx) => actions.returnTalk(tx, { ...copy, reason: '请写自己的思考' }))
  const { returned } = (await ask('teacher', 'inbox/listInbox', {})).body
  assert.deepEqual(
    returned.map((item: { kind: string; reason: string }) => [item.kind, item.reason]),
    [['talk', '请写自己的思考']],
  )
})
