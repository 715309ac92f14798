import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saveTraining } from '../attendance/actions.ts'
import { Refusal } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import * as org from '../org/actions.ts'
import { rebuildOrganisation } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { unpackFindings } from '../regime/rules.ts'
import { findFindingSet } from '../regime/store.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import { startWork, submitWork, acceptWork } from '../work/actions.ts'
import * as actions from './actions.ts'
import * as present from './present.ts'
import { addressProblem, topicFacts } from './rules.ts'

const services = await createTestServices()
const districtId = newId()
await services.inOrganisation(districtId, systemActor('test'), (tx) =>
  org.createOrganisation(tx, { kind: 'district', name: '云溪区', districtId: null }),
)
const school = await createTestSchool(services, '第一小学', districtId)
const other = await createTestSchool(services, '第二小学', districtId)
const { call } = await createTestClients(services, school)
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message)
/** Facts of this room and kind that still stand. */
const standing = (kind: string, of: TestSchool = school) =>
  of.as('system', (tx) =>
    tx.many<{ subjectId: string; attributes: Record<string, unknown> }>(sql`
      SELECT f.subject_id, f.attributes FROM facts f WHERE f.org_id = ${tx.orgId} AND f.kind = ${kind} AND f.reverses IS NULL
        AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id) ORDER BY f.id`),
  )

test('a topic leaves a problem, and after an outing the step of the feedback; hidden it leaves nothing', () => {
  const topic = {
    id: 't',
    kind: 'question' as const,
    unitId: 'u',
    authorId: 'p',
    problemKind: '',
    linkRoom: 'training' as const,
    linkId: 'o',
    answerId: null,
    hiddenReason: null,
    version: 1,
    createdOn: '2026-11-18',
  }
  assert.deepEqual(
    topicFacts(topic, false).map((fact) => fact.kind),
    ['problem.collected'],
  )
  assert.deepEqual(
    topicFacts({ ...topic, kind: 'discussion' }, true).map((fact) => fact.attributes),
    [{ flow: 'outingFeedback', step: 'discussion', caseId: 'o', actor: 'member', artefact: true }],
  )
  assert.deepEqual(topicFacts({ ...topic, hiddenReason: 'x' }, true), [])
  assert.match(addressProblem('javascript:alert(1)') ?? '', /http/)
  assert.match(addressProblem('www') ?? '', /http/)
  assert.equal(addressProblem('https://basic.smartedu.cn/x'), null)
})

test('a question in a group: read by members, answered, marked, counted; strangers and the wrong role are declined', async () => {
  const { id } = await school.as('teacher', (tx) =>
    actions.openTopic(tx, {
      kind: 'question',
      unitId: school.groupId,
      title: '分数的意义怎样引入？',
      body: '学生总说不清单位一。',
    }),
  )
  await assert.rejects(
    school.as('outsider', (tx) => present.viewTopic(tx, id)),
    refusal(/别的组的话题/),
  )
  await assert.rejects(
    school.as('outsider', (tx) =>
      actions.openTopic(tx, { kind: 'discussion', unitId: school.groupId, title: '我也来' }),
    ),
    refusal(/自己所在的组/),
  )
  assert.equal((await call('outsider', 'exchange/getTopic', { id })).status, 403)
  assert.equal(
    (await school.as('outsider', (tx) => present.loadTopics(tx, { view: 'all' }))).topics.length,
    0,
  )
  const before = await school.as('colleague', (tx) => present.loadTopics(tx, { view: 'questions' }))
  assert.deepEqual([before.topics[0]?.unread, before.counts], [null, { unread: 1, questions: 1 }])
  services.clock.moveTo(new Date(services.clock.now().getTime() + 60_000))
  const { replyId } = await school.as('colleague', (tx) =>
    actions.reply(tx, { id, body: '先折纸，再讲整体。' }),
  )
  const mine = await school.as('teacher', (tx) => present.loadTopics(tx, { view: 'unread' }))
  assert.equal(mine.topics[0]?.unread, 1)
  assert.deepEqual(
    (await school.as('teacher', present.exchangeItems)).map((item) => item.mark),
    ['1 条新回复'],
  )
  services.clock.moveTo(new Date(services.clock.now().getTime() + 60_000))
  await school.as('teacher', (tx) => actions.readTopic(tx, { id }))
  assert.deepEqual(await school.as('teacher', present.exchangeItems), [])
  await assert.rejects(
    school.as('colleague', (tx) => actions.markAnswer(tx, { id, replyId })),
    refusal(/由提问的人/),
  )
  assert.equal((await standing('problem.collected'))[0]?.attributes.answered, false)
  await school.as('teacher', (tx) => actions.markAnswer(tx, { id, replyId }))
  const facts = await standing('problem.collected')
  assert.deepEqual(
    facts.map((fact) => [fact.subjectId, fact.attributes]),
    [[school.people.teacher, { answered: true, shared: true }]],
  )
  await assert.rejects(
    school.as('teacher', (tx) => actions.editReply(tx, { replyId, body: '改别人的' })),
    refusal(/只有本人/),
  )
  await school.as('colleague', (tx) => actions.withdrawReply(tx, { replyId }))
  assert.equal(
    (await standing('problem.collected'))[0]?.attributes.answered,
    false,
    'the answer falls with the reply',
  )
  await assert.rejects(
    school.as('colleague', (tx) => actions.hideTopic(tx, { id, reason: '不想看' })),
    refusal(/由组长/),
  )
  await school.as('leader', (tx) => actions.hideTopic(tx, { id, reason: '与研修无关' }))
  assert.deepEqual(await standing('problem.collected'), [])
  await assert.rejects(
    school.as('colleague', (tx) => present.viewTopic(tx, id)),
    refusal(/收起/),
  )
  const seen = await school.as('teacher', (tx) => present.viewTopic(tx, id))
  assert.equal(seen.hiddenReason, '与研修无关', 'the author reads why')
  await school.as('leader', (tx) => actions.restoreTopic(tx, { id }))
  assert.equal((await standing('problem.collected')).length, 1)
  await school.as('teacher', (tx) => actions.closeTopic(tx, { id, closed: true }))
  await assert.rejects(
    school.as('colleague', (tx) => actions.reply(tx, { id, body: '还有' })),
    refusal(/已经结束/),
  )
})

test('after training away from school the group talks: the step counts once another member has spoken', async () => {
  const training = await school.as('teacher', (tx) =>
    saveTraining(tx, {
      title: '区骨干教师培训',
      kind: 'teamStudy',
      organiser: 'district',
      day: '2026-11-17',
      minutes: 180,
      people: [{ personId: school.people.teacher }],
    }),
  )
  const link = { room: 'training' as const, id: training.id }
  const opening = await school.as('teacher', (tx) =>
    present.loadOpening(tx, { room: 'training', recordId: training.id }),
  )
  assert.deepEqual([opening.unitId, opening.title], [school.groupId, '外出学习分享：区骨干教师培训'])
  const { id } = await school.as('teacher', (tx) =>
    actions.openTopic(tx, { kind: 'discussion', unitId: opening.unitId, title: opening.title, link }),
  )
  await school.as('teacher', (tx) => actions.reply(tx, { id, body: '先说三点体会。' }))
  assert.deepEqual(await standing('step.done'), [])
  await school.as('colleague', (tx) => actions.reply(tx, { id, body: '第二点可以用在分数单元。' }))
  const [step] = await standing('step.done')
  assert.deepEqual([step?.subjectId, step?.attributes.caseId], [school.groupId, training.id])
  assert.deepEqual(
    (
      await school.as('colleague', (tx) =>
        present.loadForRecord(tx, { room: 'training', recordId: training.id }),
      )
    ).map((one) => one.replies),
    [2],
  )
  await assert.rejects(
    other.as('teacher', (tx) =>
      actions.openTopic(tx, { kind: 'discussion', unitId: null, title: '别校', link }),
    ),
    refusal(/找不到/),
  )
})

test('教科室 publishes a reply in the school and a work before the district; withdrawing takes both back', async () => {
  const { id } = await school.as('teacher', (tx) =>
    actions.openTopic(tx, { kind: 'discussion', unitId: null, title: '我的作业设计' }),
  )
  const { replyId } = await school.as('colleague', (tx) =>
    actions.reply(tx, { id, body: '分层作业三步走。' }),
  )
  assert.equal(
    (
      await call('leader', 'exchange/selectContribution', {
        source: 'reply',
        sourceId: replyId,
        level: 'school',
      })
    ).status,
    403,
  )
  const { selectionId } = await school.as('academicOffice', (tx) =>
    actions.selectContribution(tx, { source: 'reply', sourceId: replyId, level: 'school' }),
  )
  await assert.rejects(
    school.as('academicOffice', (tx) =>
      actions.selectContribution(tx, { source: 'reply', sourceId: replyId, level: 'school' }),
    ),
    refusal(/不用再选/),
  )
  await assert.rejects(
    school.as('colleague', (tx) => actions.editReply(tx, { replyId, body: '改了' })),
    refusal(/已被选为精选/),
  )
  const work = await school.as('teacher', async (tx) => {
    const started = await startWork(tx, {
      kind: 'reflection',
      title: '一次失败的导入',
      body: `<p>${'导入太长，学生走神了，下次要改。'.repeat(20)}</p>`,
    })
    await submitWork(tx, started)
    return started
  })
  const choose = () =>
    school.as('academicOffice', (tx) =>
      actions.selectContribution(tx, {
        source: 'work',
        sourceId: work.id,
        level: 'district',
        remark: '真实',
      }),
    )
  await assert.rejects(choose(), refusal(/已经采纳/))
  await school.as('leader', (tx) => acceptWork(tx, { id: work.id }))
  const published = await choose()
  assert.deepEqual(
    (await standing('work.published')).map((fact) => fact.attributes),
    [
      { workKind: 'essay', level: 'school', outlet: 'schoolBlog' },
      { workKind: 'reflection', level: 'district', outlet: 'schoolBlog' },
    ],
  )
  const theirs = await other.as('teacher', present.loadSelected)
  assert.deepEqual(
    theirs.district.map((one) => [one.schoolName, one.authorName, one.title]),
    [['第一小学', '林小满', '一次失败的导入']],
  )
  assert.deepEqual(theirs.school, [], 'what was chosen for the school alone stays there')
  await school.as('academicOffice', (tx) =>
    actions.withdrawSelection(tx, { selectionId: published.selectionId, reason: '作者要求' }),
  )
  assert.deepEqual((await other.as('teacher', present.loadSelected)).district, [])
  assert.equal((await standing('work.published')).length, 1)
  await assert.rejects(
    school.as('academicOffice', (tx) => actions.hideReply(tx, { replyId, reason: '试试' })),
    refusal(/先撤下/),
  )
  assert.ok(selectionId)
})

test('an online course counts as network study with its proof; the day and a doubled entry are checked', async () => {
  const course = {
    title: '大单元教学',
    platform: '国家中小学智慧教育平台',
    minutes: 90,
    studiedOn: '2026-11-17',
  }
  await assert.rejects(
    school.as('teacher', (tx) => actions.logCourse(tx, { ...course, address: '不是链接' })),
    refusal(/http/),
  )
  const { id } = await school.as('teacher', (tx) => actions.logCourse(tx, course))
  await assert.rejects(
    school.as('teacher', (tx) => actions.logCourse(tx, course)),
    refusal(/已经登记过/),
  )
  const [fact] = await standing('study.logged')
  assert.deepEqual([fact?.subjectId, fact?.attributes.studyKind], [school.people.teacher, 'network'])
  const mine = await school.as('teacher', (tx) => present.loadCourses(tx, 'mine'))
  assert.deepEqual([mine.minutes, mine.courses.length, mine.platforms[0]], [90, 1, course.platform])
  await assert.rejects(
    school.as('teacher', (tx) => present.loadCourses(tx, 'all')),
    refusal(/教导处、教科室和组长/),
  )
  const led = await school.as('leader', (tx) =>
    present.loadFigures(tx, { from: '2026-09-01', to: '2026-11-30' }),
  )
  assert.deepEqual(
    led.map((row) => [row.name, row.courseMinutes]),
    [
      ['陈立新', 0],
      ['林小满', 90],
      ['赵春雨', 0],
    ],
    'a leader sees the own group',
  )
  await assert.rejects(
    school.as('colleague', (tx) => actions.withdrawCourse(tx, { courseId: id, reason: '不是我的' })),
    refusal(/找不到/),
  )
  await school.as('teacher', (tx) => actions.withdrawCourse(tx, { courseId: id, reason: '登错了' }))
  assert.deepEqual(await standing('study.logged'), [])
  assert.equal((await school.as('teacher', (tx) => present.loadCourses(tx, 'mine'))).minutes, 0)
})

test('the rules count what the room leaves: articles chosen (longtan-06), problems brought before colleagues (geren-zongjie-07)', async () => {
  await other.as('teacher', (tx) =>
    actions.openTopic(tx, { kind: 'question', unitId: null, title: '怎样听评一节复习课？' }),
  )
  const valueOf = async (
    of: TestSchool,
    regimeId: string,
    personId: string,
    rule: string,
    minimum?: string,
  ) => {
    await of.as('system', (tx) =>
      adoptRegime(tx, { regimeId, schoolYearId: '2026-2027', from: '2026-08-31' }),
    )
    await rebuildOrganisation(services, of.id, systemActor('test'), { years: 'all' })
    const subject = { kind: 'person' as const, id: personId }
    const set = await of.as('system', (tx) => findFindingSet(tx, subject, '2026-2027'))
    const findings = (set ? unpackFindings(set.findings, subject) : []).filter(
      (finding) => finding.ruleId === rule && (minimum === undefined || finding.minimumId === minimum),
    )
    return Math.max(...findings.map((finding) => finding.value ?? 0))
  }
  assert.equal(await valueOf(school, 'longtan', school.people.colleague, 'longtan-06', 'posts'), 1)
  assert.equal(await valueOf(other, 'geren-zongjie', other.people.teacher, 'geren-zongjie-07'), 1)
})
