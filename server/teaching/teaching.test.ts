import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bookLesson, giveLesson } from '../lesson/actions.ts'
import { saveObservation, startObservation, submitObservation } from '../lesson/observation-actions.ts'
import { booking, notes, standingFacts } from '../lesson/testing.ts'
import { rateLesson } from '../lesson/rating-actions.ts'
import { generalSheet } from '../lesson/sheets.ts'
import { endService } from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import { flowsOfRegime, listFlows } from './definitions.ts'
import { startDesign } from './design-actions.ts'
import { loadLessonStudy, loadRuns, stepChoices, viewRun } from './present.ts'
import { teachingItems } from './reminders.ts'
import { listPresetRegimes } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)
const yangyi = await createTestSchool(services, '阳义小学')
await yangyi.as('system', (tx) =>
  adoptRegime(tx, { regimeId: 'yangyi', schoolYearId: '2026-2027', from: '2026-08-31' }),
)

async function begin(at: TestSchool, flow: string, title: string): Promise<string> {
  const { ids } = await at.as('teacher', (tx) =>
    actions.startFlow(tx, { flow, title, personIds: [], unitId: null }),
  )
  return ids[0] ?? ''
}
const finish = (
  at: TestSchool,
  who: keyof TestSchool['people'],
  id: string,
  stepId: string,
  more: Partial<actions.FinishInput> = {},
) => at.as(who, (tx) => actions.finishStep(tx, { id, stepId, body: '写了几句', links: [], ...more }))
async function givenLesson(
  at: TestSchool,
  change: Parameters<typeof booking>[1] & { followsId?: string } = {},
) {
  const { followsId, ...rest } = change
  const lesson = await at.as('teacher', (tx) =>
    bookLesson(tx, { ...booking(at, rest), ...(followsId ? { followsId } : {}) }),
  )
  await at.as('teacher', (tx) => giveLesson(tx, lesson))
  return lesson.id
}

test('steps come in their order and each leaves its fact once', async () => {
  const id = await begin(school, 'actionResearch', '小组合作有名无实')
  await assert.rejects(finish(school, 'teacher', id, 'planning'), /先完成“问题”/)
  await assert.rejects(finish(school, 'teacher', id, 'problem', { body: '' }), /请写几句话/)
  const first = await finish(school, 'teacher', id, 'problem')
  const again = await finish(school, 'teacher', id, 'problem')
  assert.equal(again.entryId, first.entryId)
  await assert.rejects(finish(school, 'teacher', id, 'problem', { body: '另一段' }), /已经完成/)
  const facts = await standingFacts(school, school.people.teacher, 'step.done')
  assert.equal(facts.length, 1)
  const [fact] = facts
  assert.deepEqual(
    { flow: fact?.attributes.flow, step: fact?.attributes.step, caseId: fact?.attributes.caseId },
    { flow: 'actionResearch', step: 'problem', caseId: id },
  )
  assert.equal(fact?.attributes.artefact, true)
})

test('two presses at the same moment leave one record', async () => {
  const id = await begin(school, 'actionResearch', '同时按两下')
  const both = await Promise.all([
    finish(school, 'teacher', id, 'problem'),
    finish(school, 'teacher', id, 'problem'),
  ])
  assert.equal(both[0].entryId, both[1].entryId)
})

test('a step taken back loses its fact, but not under a later one', async () => {
  const id = await begin(school, 'actionResearch', '撤回')
  const before = (await standingFacts(school, school.people.teacher, 'step.done')).length
  const first = await finish(school, 'teacher', id, 'problem')
  const second = await finish(school, 'teacher', id, 'planning')
  const withdraw = (entryId: string, reason = '写错了') =>
    school.as('teacher', (tx) => actions.withdrawStep(tx, { entryId, reason }))
  await assert.rejects(withdraw(first.entryId), /后面的“计划”已经完成/)
  await assert.rejects(withdraw(second.entryId, ''), /请写明原因/)
  await withdraw(second.entryId)
  await withdraw(first.entryId)
  assert.equal((await standingFacts(school, school.people.teacher, 'step.done')).length, before)
  await finish(school, 'teacher', id, 'problem', { body: '改正后的问题' })
  assert.equal((await standingFacts(school, school.people.teacher, 'step.done')).length, before + 1)
})

test('the day of a step cannot lie before the step ahead of it, nor after today', async () => {
  const id = await begin(school, 'actionResearch', '日期')
  await finish(school, 'teacher', id, 'problem', { on: '2026-11-16' })
  await assert.rejects(finish(school, 'teacher', id, 'planning', { on: '2026-11-12' }), /次序不对/)
  await assert.rejects(finish(school, 'teacher', id, 'planning', { on: '2026-12-01' }), /不能晚于今天/)
})

test('one lesson in six steps: the lessons give the case its word, colleagues comment, the second lesson must follow the first', async () => {
  const id = await begin(yangyi, 'sixLinks', '分数的初步认识')
  await finish(yangyi, 'teacher', id, 'introduction', { on: '2026-11-10' })
  const kind = { kind: 'publicLesson', heldOn: '2026-11-11' } as const
  const lesson = await givenLesson(yangyi, kind)
  const other = await givenLesson(yangyi, { kind: 'reportLesson', heldOn: '2026-11-12' }).catch(() => null)
  if (other)
    await assert.rejects(
      finish(yangyi, 'teacher', id, 'lesson', { links: [{ room: 'lesson', id: other }] }),
      /课型/,
    )
  await assert.rejects(finish(yangyi, 'teacher', id, 'lesson'), /请选择已经上过的课/)
  await finish(yangyi, 'teacher', id, 'lesson', { links: [{ room: 'lesson', id: lesson }] })
  await finish(yangyi, 'teacher', id, 'selfReflection', { on: '2026-11-12' })
  await assert.rejects(finish(yangyi, 'teacher', id, 'comments'), /不能自己评自己/)
  await finish(yangyi, 'colleague', id, 'comments', { on: '2026-11-13' })
  await finish(yangyi, 'leader', id, 'comments', { on: '2026-11-13' })
  await finish(yangyi, 'teacher', id, 'revisedDesign', { on: '2026-11-16' })
  const stranger = await givenLesson(yangyi, {
    kind: 'improvedLesson',
    heldOn: '2026-11-17',
    className: '三（9）班',
  })
  await assert.rejects(
    finish(yangyi, 'teacher', id, 'improvedLesson', { links: [{ room: 'lesson', id: stranger }] }),
    /不是同一课例/,
  )
  const second = await givenLesson(yangyi, {
    kind: 'improvedLesson',
    heldOn: '2026-11-17',
    period: 5,
    followsId: lesson,
  })
  const rate = (lessonId: string, index: number) =>
    yangyi.as('academicOffice', (tx) =>
      rateLesson(tx, {
        id: lessonId,
        sheetId: generalSheet.id,
        scores: Object.fromEntries(generalSheet.criteria.map((one) => [one.id, index])),
        comment: '',
      }),
    )
  await rate(lesson, 1)
  await rate(second, 0)
  const done = await finish(yangyi, 'teacher', id, 'improvedLesson', {
    links: [{ room: 'lesson', id: second }],
  })
  assert.equal(done.finished, true)
  const own = await standingFacts(yangyi, yangyi.people.teacher, 'step.done')
  assert.deepEqual([...new Set(own.map((fact) => fact.attributes.caseId))], [lesson])
  assert.equal(own.length, 5)
  assert.equal((await standingFacts(yangyi, yangyi.people.colleague, 'step.done')).length, 1)
  const view = await yangyi.as('teacher', (tx) => viewRun(tx, id))
  assert.equal(view.lessons.length, 2)
  assert.ok((view.difference ?? 0) > 0)
})

test('the regime names the steps: 杨一 begins the learning process with its theme, 大坡 has three steps of its own', async () => {
  const regimes = listPresetRegimes()
  const flowOf = (regimeId: string, flow: string) => {
    const regime = regimes.find((one) => one.id === regimeId)
    return regime && flowsOfRegime(regime).find((one) => one.flow === flow)
  }
  assert.deepEqual(
    flowOf('yangyi', 'learningProcess')?.steps.map((step) => step.word),
    ['theme', 'theory', 'practice', 'reflection', 'practiceAgain', 'writing'],
  )
  assert.deepEqual(
    flowOf('dapo', 'classroomResearch')?.steps.map((step) => step.word),
    ['problem', 'theory', 'summedUp'],
  )
  const combined = flowOf('majiabao-plan', 'threeCombinations')
  assert.equal(combined?.of, 'unit')
  assert.equal(combined?.ordered, false)
  const labels = (await yangyi.as('teacher', listFlows)).map((flow) => flow.label)
  assert.ok(labels.includes('主题学习过程') && labels.includes('行动研究'))
  assert.equal(labels.filter((label) => label.includes('六环节')).length, 1)
})

test('a leader begins for the group; the matrix shows who is late and who has left, and a left matter can be stopped', async () => {
  const at = await createTestSchool(services, '离任小学')
  const { ids } = await at.as('leader', (tx) =>
    actions.startFlow(tx, {
      flow: 'learningProcess',
      title: '读懂学生',
      personIds: [],
      unitId: at.groupId,
      from: '2026-11-01',
      daysPerStep: 5,
    }),
  )
  assert.equal(ids.length, 3)
  const again = await at.as('leader', (tx) =>
    actions.startFlow(tx, { flow: 'learningProcess', title: '读懂学生', personIds: [], unitId: at.groupId }),
  )
  assert.deepEqual(again.ids, ids)
  const own = (await at.as('colleague', (tx) => loadRuns(tx, 'mine'))).runs[0]
  assert.equal(own?.cells[0]?.state, 'late')
  await finish(at, 'colleague', own?.id ?? '', 'theme')
  await at.as('system', (tx) =>
    endService(tx, { personId: at.people.colleague, on: '2026-11-17', reason: '调离' }),
  )
  const line = (await at.as('leader', (tx) => loadRuns(tx, 'group'))).runs.find((run) => run.id === own?.id)
  assert.equal(line?.leftOn, '2026-11-18')
  assert.equal(line?.cells[0]?.state, 'done')
  await assert.rejects(
    at.as('teacher', (tx) => actions.stopRun(tx, { id: own?.id ?? '', reason: '调离' })),
    /组长或教导处/,
  )
  await at.as('leader', (tx) => actions.stopRun(tx, { id: own?.id ?? '', reason: '调离' }))
  assert.equal((await standingFacts(at, at.people.colleague, 'step.done')).length, 1)
  await assert.rejects(
    at.as('leader', (tx) =>
      actions.startFlow(tx, {
        flow: 'learningProcess',
        title: '新主题',
        personIds: [at.people.colleague],
        unitId: at.groupId,
      }),
    ),
    /已不在本校任职/,
  )
})

test('教导处 decides whether a case is spread, after the second rating and with a reason', async () => {
  const at = await createTestSchool(services, '推广小学')
  const id = await begin(at, 'teacherRating', '导学法')
  await assert.rejects(finish(at, 'teacher', id, 'summing'), /不能由本人填写/)
  const lesson = await givenLesson(at, { heldOn: '2026-11-10' })
  await finish(at, 'leader', id, 'summing', { links: [{ room: 'lesson', id: lesson }], on: '2026-11-10' })
  const decide = (spread: boolean, reason: string, model = '') =>
    at.as('academicOffice', (tx) => actions.decideSpread(tx, { id, spread, reason, model }))
  await assert.rejects(decide(true, '效果好', '导学五步'), /还没有完成“再作课”/)
  const second = await givenLesson(at, { heldOn: '2026-11-16', followsId: lesson, period: 5 })
  await finish(at, 'teacher', id, 'lessonAgain', { links: [{ room: 'lesson', id: second }] })
  await finish(at, 'leader', id, 'ratingAgain')
  await assert.rejects(decide(true, '效果好'), /起个名字/)
  await assert.rejects(decide(true, ' ', '导学五步'), /请写明理由/)
  await assert.rejects(
    at.as('leader', (tx) => actions.decideSpread(tx, { id, spread: true, reason: '好', model: '五步' })),
    /由教导处决定/,
  )
  await decide(true, '效果好', '导学五步')
  const { runs } = await at.as('teacher', (tx) => loadRuns(tx, 'spread'))
  assert.equal(runs[0]?.model, '导学五步')
  const words = async () =>
    (await standingFacts(at, at.people.teacher, 'step.done')).map((fact) => fact.attributes.step)
  assert.ok((await words()).includes('spreading'))
  await decide(false, '还要再看一学期')
  assert.ok(!(await words()).includes('spreading'))
})

test('teachers begin only for themselves, and people outside the group see nothing', async () => {
  const begun = await call('teacher', 'teaching/startFlow', {
    flow: 'actionResearch',
    title: '为别人开始',
    personIds: [school.people.outsider],
  })
  assert.equal(begun.status, 403)
  const id = await begin(school, 'actionResearch', '只给同组看')
  assert.equal((await call('outsider', 'teaching/getRun', { id })).status, 404)
  assert.equal((await call('colleague', 'teaching/getRun', { id })).status, 200)
  assert.equal(
    (await call('colleague', 'teaching/finishStep', { id, stepId: 'problem', body: '代写' })).status,
    403,
  )
  assert.equal((await call('leader', 'teaching/getMatrixFile', { view: 'group' })).status, 200)
  const unknown = await call('teacher', 'teaching/startFlow', { flow: 'nothing', title: '没有的流程' })
  assert.match(unknown.body.message ?? unknown.body.error?.message, /没有这种流程/)
})

test('begun with a lesson: its teacher, topic and case are known, observers of other groups comment, the rest is chosen from the start', async () => {
  const at = await createTestSchool(services, '起步小学')
  const { id: lessonId } = await at.as('teacher', (tx) =>
    bookLesson(tx, booking(at, { heldOn: '2026-11-18', period: 1 })),
  )
  const start = (who: 'leader' | 'colleague') =>
    at.as(who, (tx) =>
      actions.startFlow(tx, { flow: 'sixLinks', title: '', personIds: [], unitId: null, lessonId }),
    )
  await assert.rejects(start('colleague'), /只能为自己开始/)
  const id = (await start('leader')).ids[0] ?? ''
  const study = await at.as('teacher', (tx) => loadLessonStudy(tx, lessonId))
  assert.deepEqual(
    study.runs.map((run) => [run.title, run.isMine, run.myStep]),
    [['分数的初步认识', true, '课前介绍']],
  )
  assert.ok(!study.flows.some((flow) => flow.flow === 'sixLinks'))
  const design = await at.as('teacher', (tx) =>
    startDesign(tx, { title: '分数的初步认识', lessonId, body: '<p>目标：会说。</p>' }),
  )
  const suggested = async (who: 'teacher' | 'outsider', stepId: string) =>
    (await at.as(who, (tx) => stepChoices(tx, id, stepId)))
      .filter((choice) => choice.isSuggested)
      .map((choice) => choice.id)
  assert.deepEqual(await suggested('teacher', 'introduction'), [design.id])
  await finish(at, 'teacher', id, 'introduction')
  await at.as('teacher', (tx) => giveLesson(tx, { id: lessonId }))
  const [given] = await standingFacts(at, at.people.teacher, 'lesson.given')
  assert.deepEqual(given?.attributes.parts, ['design', 'lessonDesign'])
  assert.deepEqual(await suggested('teacher', 'lesson'), [lessonId])
  await finish(at, 'teacher', id, 'lesson', { links: [{ room: 'lesson', id: lessonId }] })
  await finish(at, 'teacher', id, 'selfReflection')
  await assert.rejects(finish(at, 'outsider', id, 'comments'), /没有找到|找不到|不存在/)
  const notesId = await at.as('outsider', async (tx) => {
    const begun = await startObservation(tx, { lessonId })
    await saveObservation(tx, { id: begun.id, version: 1, ...notes() })
    await submitObservation(tx, begun)
    return begun.id
  })
  // What the observer wrote stands at the step by itself, and counts for the observer.
  assert.equal((await standingFacts(at, at.people.outsider, 'step.done')).length, 1)
  assert.equal((await at.as('outsider', teachingItems)).length, 0)
  assert.deepEqual(
    (await at.as('teacher', teachingItems)).map((item) => item.title),
    ['分数的初步认识：根据评课意见改课'],
  )
  const view = await at.as('teacher', (tx) => viewRun(tx, id))
  assert.deepEqual(
    view.comments?.map((one) => [one.observerName, one.comment]),
    [['孙一鸣', '学生说得多，好。']],
  )
  assert.deepEqual(
    view.steps
      .find((step) => step.id === 'comments')
      ?.entries.map((one) => [one.personName, one.links[0]?.id]),
    [['孙一鸣', notesId]],
  )
  assert.equal(view.toRepeat, lessonId)
})

test('a spread model becomes a word for lessons, which then show how far it has gone', async () => {
  const at = await createTestSchool(services, '模式小学')
  const id = await begin(at, 'teacherRating', '导学法')
  await finish(at, 'leader', id, 'summing', { on: '2026-11-10' })
  const lesson = await givenLesson(at, { heldOn: '2026-11-16', period: 5 })
  await finish(at, 'teacher', id, 'lessonAgain', { links: [{ room: 'lesson', id: lesson }] })
  await finish(at, 'leader', id, 'ratingAgain')
  await at.as('principal', (tx) =>
    actions.decideSpread(tx, { id, spread: true, reason: '学生说得多', model: '导学五步' }),
  )
  const tag = (await at.as('teacher', (tx) => vocabularyOf(tx, 'contentTags'))).find(
    (term) => term.label === '导学五步',
  )
  assert.ok(tag)
  await givenLesson(at, { heldOn: '2026-11-17', contentTags: [tag.id] })
  const { runs } = await at.as('teacher', (tx) => loadRuns(tx, 'spread'))
  assert.deepEqual(
    runs.map((run) => [run.model, run.uses]),
    [['导学五步', { lessons: 1, teachers: 1 }]],
  )
})

test('a step taken while an observer hands in the notes of the same lesson: neither waits for the other in vain', async () => {
  const at = await createTestSchool(services, '同时小学')
  const { id: lessonId } = await at.as('teacher', (tx) => bookLesson(tx, booking(at, { period: 1 })))
  const { ids } = await at.as('teacher', (tx) =>
    actions.startFlow(tx, { flow: 'sixLinks', title: '', personIds: [], unitId: null, lessonId }),
  )
  const id = ids[0] ?? ''
  const { id: notesId } = await at.as('colleague', (tx) => startObservation(tx, { lessonId }))
  await at.as('colleague', (tx) => saveObservation(tx, { id: notesId, version: 1, ...notes() }))
  await Promise.all([
    finish(at, 'teacher', id, 'introduction'),
    at.as('colleague', (tx) => submitObservation(tx, { id: notesId })),
  ])
  await finish(at, 'teacher', id, 'lesson', { links: [{ room: 'lesson', id: lessonId }] })
  await finish(at, 'teacher', id, 'selfReflection')
  const view = await at.as('teacher', (tx) => viewRun(tx, id))
  assert.equal(view.steps.find((step) => step.id === 'comments')?.entries.length, 1)
})
