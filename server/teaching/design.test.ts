import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { Refusal } from '../kit/errors.ts'
import { bookLesson, giveLesson } from '../lesson/actions.ts'
import { saveObservation, startObservation, submitObservation } from '../lesson/observation-actions.ts'
import { booking, notes, standingFacts } from '../lesson/testing.ts'
import { listLiveFactsOfSource } from '../facts/store.ts'
import { endService } from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import { linkActivity, listCaseActivities } from './case-actions.ts'
import * as actions from './design-actions.ts'
import { compareLines, loadComparison, viewDesign } from './design-present.ts'
import { parseBlocks } from './blocks.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)
const text = '<p>教学目标：会比较分数。</p><p>导入：折纸。</p><p>新授：分一分。</p>'

async function prepared(at: TestSchool = school, personId = at.people.teacher) {
  return at.as('leader', (tx) =>
    actions.assignPreparation(tx, { title: '分数的大小', unitId: at.groupId, personId, dueOn: '2026-11-25' }),
  )
}

test('two people change the same design: nothing is lost and the second gets both texts merged', async () => {
  const { id } = await prepared()
  await school.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 0, body: text }))
  const theirs = text.replace('导入：折纸。', '导入：分月饼。')
  await school.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 1, body: theirs }))
  const mine = text.replace('新授：分一分。', '新授：折一折、涂一涂。')
  const save = (base: number, body: string) =>
    school.as('colleague', (tx) => actions.saveDesign(tx, { id, base, body }))
  const refusal = await save(1, mine).then(
    () => null,
    (error: unknown) => error,
  )
  assert.ok(refusal instanceof Refusal)
  assert.equal(refusal.status, 409)
  assert.match(refusal.message, /林小满刚才保存了第 2 稿/)
  assert.equal(refusal.fields?.clashes, '0')
  const merged = refusal.fields?.merged ?? ''
  assert.ok(merged.includes('分月饼') && merged.includes('涂一涂'))
  assert.deepEqual(await save(2, merged), { version: 3 })
  // The same text sent twice is one version.
  assert.deepEqual(await save(2, merged), { version: 3 })
  const both = await school.as('teacher', (tx) =>
    loadComparison(tx, { id, from: 1, to: 3, withParent: false }),
  )
  assert.ok(both.inserted > 0 && both.deleted > 0)
})

test('collective preparation: present, comment, minutes, own versions with their differences', async () => {
  const at = await createTestSchool(services, '备课小学')
  const { id } = await prepared(at)
  await assert.rejects(
    at.as('teacher', (tx) => actions.presentDesign(tx, { id })),
    /还没有初稿/,
  )
  await at.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 0, body: text }))
  await assert.rejects(
    at.as('colleague', (tx) => actions.adaptDesign(tx, { id })),
    /还在起草/,
  )
  await at.as('teacher', (tx) => actions.presentDesign(tx, { id }))
  await at.as('teacher', (tx) => actions.presentDesign(tx, { id }))
  const facts = await standingFacts(at, at.people.teacher, 'lesson.prepared')
  assert.equal(facts.length, 1)
  assert.equal(facts[0]?.attributes.collective, true)
  assert.ok([facts[0]?.attributes.parts].flat().includes('objectives'))
  const unitFacts = await at.as('system', (tx) => listLiveFactsOfSource(tx, { room: 'teaching', id }))
  assert.deepEqual(unitFacts.map((fact) => fact.subjectKind).sort(), ['person', 'unit'])

  const { commentId } = await at.as('colleague', (tx) =>
    actions.commentDesign(tx, { id, version: 1, quote: '导入：折纸。', text: '折纸费时，先分好纸。' }),
  )
  await assert.rejects(
    at.as('colleague', (tx) => actions.answerComment(tx, { commentId, answer: '采纳' })),
    /主备人/,
  )
  await at.as('teacher', (tx) => actions.answerComment(tx, { commentId, answer: '采纳，课前分好纸' }))
  await assert.rejects(
    at.as('teacher', (tx) => actions.settleDesign(tx, { id })),
    /还没有讨论记录/,
  )
  await at.as('leader', (tx) => actions.saveMinutes(tx, { id, minutes: '定了导入。', on: '2026-11-18' }))
  await at.as('leader', (tx) => actions.settleDesign(tx, { id }))
  await assert.rejects(
    at.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 1, body: '<p>改</p>' })),
    /已经定稿/,
  )

  const copy = await at.as('colleague', (tx) => actions.adaptDesign(tx, { id }))
  assert.deepEqual(await at.as('colleague', (tx) => actions.adaptDesign(tx, { id })), copy)
  await at.as('colleague', (tx) => actions.settleDesign(tx, copy))
  const adapted = async () =>
    (await standingFacts(at, at.people.colleague, 'lesson.prepared')).map((fact) => fact.attributes.adapted)
  assert.deepEqual(await adapted(), [false])
  await at.as('colleague', (tx) => actions.takeBackDesign(tx, { ...copy, reason: '还要改' }))
  assert.deepEqual(await adapted(), [])
  await at.as('colleague', (tx) =>
    actions.saveDesign(tx, { ...copy, base: 1, body: text.replace('折纸', '切苹果') }),
  )
  await at.as('colleague', (tx) => actions.settleDesign(tx, copy))
  assert.deepEqual(await adapted(), [true])
  const view = await at.as('leader', (tx) => viewDesign(tx, id))
  assert.ok((view.personal[0]?.changedPercent ?? 0) > 0)
})

test('a drafter who leaves is replaced, and what was written stays', async () => {
  const at = await createTestSchool(services, '换人小学')
  const { id } = await prepared(at)
  await at.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 0, body: text }))
  await at.as('system', (tx) =>
    endService(tx, { personId: at.people.teacher, on: '2026-11-17', reason: '调离' }),
  )
  await assert.rejects(
    at.as('leader', (tx) => actions.reassignDrafter(tx, { id, personId: at.people.outsider })),
    /不是本组成员/,
  )
  await at.as('leader', (tx) => actions.reassignDrafter(tx, { id, personId: at.people.colleague }))
  await at.as('colleague', (tx) => actions.presentDesign(tx, { id }))
  assert.equal((await at.as('colleague', (tx) => viewDesign(tx, id))).version, 1)
})

test('marks insertions and deletions side by side and keeps paragraphs together', () => {
  const rows = compareLines(['目标', '导入：折纸', '小结'], ['目标', '导入：分饼', '小结', '作业'])
  assert.deepEqual(
    rows.map((row) => row.change),
    ['same', 'changed', 'same', 'inserted'],
  )
  assert.deepEqual(
    rows[1]?.after?.filter((run) => run.kind === 'inserted').map((run) => run.text),
    ['分饼'],
  )
  assert.deepEqual(parseBlocks('<p>一</p><ul><li>二</li><li>三</li></ul>末'), [
    '<p>一</p>',
    '<ul><li>二</li><li>三</li></ul>',
    '末',
  ])
})

test('only members and leaders come near a design', async () => {
  const { id } = await prepared()
  assert.equal((await call('outsider', 'design/getDesign', { id })).status, 404)
  assert.equal(
    (
      await call('teacher', 'design/assignPreparation', {
        title: '自己派活',
        unitId: school.groupId,
        personId: school.people.colleague,
      })
    ).status,
    403,
  )
  assert.equal((await call('principal', 'design/getDesign', { id })).status, 200)
  assert.equal((await call('colleague', 'design/presentDesign', { id })).status, 403)
})

test('what a design is about counts with it, and a lesson gets its design also afterwards', async () => {
  const at = await createTestSchool(services, '标签小学')
  await at.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'dapo', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const { id } = await prepared(at)
  await at.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 0, body: text }))
  await at.as('teacher', (tx) => actions.presentDesign(tx, { id }))
  const tag = (who: 'teacher' | 'outsider', contentTags: string[]) =>
    at.as(who, (tx) => actions.tagDesign(tx, { id, contentTags }))
  await assert.rejects(tag('teacher', ['nothing']), /不在词表里/)
  await assert.rejects(tag('outsider', []), /没有找到|找不到|不存在/)
  await tag('teacher', ['guidedLearningPlan'])
  const [fact] = await standingFacts(at, at.people.teacher, 'lesson.prepared')
  assert.deepEqual(fact?.attributes.contentTags, ['guidedLearningPlan'])

  const lesson = await at.as('teacher', (tx) => bookLesson(tx, booking(at, { heldOn: '2026-11-17' })))
  await at.as('teacher', (tx) => giveLesson(tx, lesson))
  const parts = async () =>
    (await standingFacts(at, at.people.teacher, 'lesson.given')).map((one) => one.attributes.parts)
  assert.deepEqual(await parts(), [[]])
  await assert.rejects(
    at.as('colleague', (tx) => actions.startDesign(tx, { title: '代写', lessonId: lesson.id })),
    /由上课教师来写/,
  )
  const own = await at.as('teacher', (tx) => actions.startDesign(tx, { title: '补写', lessonId: lesson.id }))
  await at.as('teacher', (tx) => actions.saveDesign(tx, { id: own.id, base: 0, body: text }))
  assert.deepEqual(await parts(), [['design', 'lessonDesign']])
})

test('the activity at which a preparation was discussed counts with it; it belongs to one case', async () => {
  const at = await createTestSchool(services, '关联小学')
  const { id } = await prepared(at)
  await at.as('teacher', (tx) => actions.saveDesign(tx, { id, base: 0, body: text }))
  await at.as('teacher', (tx) => actions.presentDesign(tx, { id }))
  const { id: activityId } = await at.as('leader', (tx) =>
    planActivity(tx, {
      scope: 'group',
      unitId: at.groupId,
      kind: 'groupStudy',
      theme: '议一议分数的大小',
      content: '逐段讨论',
      day: '2026-11-18',
      startTime: '09:00',
      endTime: '09:40',
      place: '会议室',
      hostId: at.people.leader,
      speakerId: at.people.teacher,
    }),
  )
  await at.as('leader', (tx) => startActivity(tx, activityId))
  await at.as('leader', (tx) => closeActivity(tx, { id: activityId }))
  const link = (who: 'leader' | 'colleague', room: 'design' | 'lesson', of: string, linked = true) =>
    at.as(who, (tx) => linkActivity(tx, { room, id: of, activityId, linked }))
  await assert.rejects(link('colleague', 'design', id), /由主备人、组长或教导处办理/)
  const held = () =>
    at.as('system', async (tx) =>
      (await listLiveFactsOfSource(tx, { room: 'activity', id: activityId }))
        .filter((fact) => fact.kind === 'activity.held')
        .map((fact) => [fact.attributes.caseId, fact.attributes.papers]),
    )
  assert.deepEqual(await held(), [[undefined, undefined]])
  await link('leader', 'design', id)
  await link('leader', 'design', id)
  assert.deepEqual(await held(), [[id, undefined]])
  const lesson = await at.as('teacher', (tx) => bookLesson(tx, booking(at, { period: 1 })))
  await assert.rejects(link('leader', 'lesson', lesson.id), /已经关联了另一个课例/)
  await link('leader', 'design', id, false)
  await at.as('colleague', async (tx) => {
    const begun = await startObservation(tx, { lessonId: lesson.id })
    await saveObservation(tx, { id: begun.id, version: 1, ...notes() })
    await submitObservation(tx, begun)
  })
  await link('leader', 'lesson', lesson.id)
  // A lesson that was commented in writing brings those papers with it.
  assert.deepEqual(await held(), [[lesson.id, ['lessonComments']]])
  const seen = await at.as('teacher', (tx) => listCaseActivities(tx, { room: 'lesson', id: lesson.id }))
  assert.deepEqual(
    seen.linked.map((one) => one.theme),
    ['议一议分数的大小'],
  )
})
