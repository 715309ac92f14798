import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { recordRollCall } from '../activity/attendance-actions.ts'
import { Refusal } from '../kit/errors.ts'
import { sql } from '../kit/sql.ts'
import { setAttributes } from '../org/store.ts'
import { saveCohort } from '../org/cohorts.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as actions from './actions.ts'
import type { Question } from './contract.ts'
import { loadChoices, needItems, viewModule, viewOverview, viewSurvey } from './present.ts'
import {
  answerProblem,
  countAnswers,
  isInLayer,
  moduleProgress,
  surveyProblem,
  wantedModules,
} from './rules.ts'
import { surveySheets } from './sheets.ts'

const services = await createTestServices()
const school = await createTestSchool(services, '第一小学')
const { call } = await createTestClients(services, school)
const { people } = school
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message)

const questions: Question[] = [
  {
    id: 'modules',
    kind: 'modules',
    label: '想学什么',
    most: 2,
    options: [
      { id: 'classroomTeaching', label: '课堂教学方法' },
      { id: 'informationTechnology', label: '信息技术应用' },
    ],
  },
  { id: 'words', kind: 'text', label: '还想说的', most: 1, options: [] },
]

test('layers follow age, years and 骨干 on record; what is unknown is not met', () => {
  assert.equal(isInLayer({}, {}), true)
  assert.equal(isInLayer({}, { staffKind: 'support' }), false)
  assert.equal(isInLayer({ ageAtMost: 35 }, { age: 35 }), true)
  assert.equal(isInLayer({ ageAtMost: 35 }, {}), false, 'no date of birth')
  assert.equal(isInLayer({ yearsTeachingAtMost: 2 }, { yearsTeaching: 3 }), false)
  assert.equal(isInLayer({ backbone: true }, { backboneLevel: '区级' }), true)
})

test('whoever comes without being expected is reached but is no share', () => {
  const held = [{ minutes: 90, expected: ['a', 'b'], attended: ['a', 'guest'] }]
  assert.deepEqual(moduleProgress(held, ['a', 'b', 'guest']), {
    held: 1,
    heldMinutes: 90,
    expected: 2,
    attended: 1,
    people: 3,
    reached: 2,
    ratePerMille: 500,
  })
})

test('answers are checked against the questions, counts of anonymous ones wait for three', () => {
  assert.equal(answerProblem(questions, { modules: ['classroomTeaching'] }), null, 'the text may stay empty')
  assert.match(answerProblem(questions, {}) ?? '', /第 1 题还没有选/)
  assert.match(answerProblem(questions, { modules: ['x'] }) ?? '', /选项已经变了/)
  assert.match(
    answerProblem([{ ...(questions[0] as Question), most: 1 }], {
      modules: ['classroomTeaching', 'informationTechnology'],
    }) ?? '',
    /最多选 1 项/,
  )
  assert.match(
    surveyProblem(
      {
        questions: [{ ...(questions[0] as Question), options: [] }],
        layers: ['allTeachers'],
        dueOn: '2026-12-01',
      },
      '2026-11-18',
    )?.message ?? '',
    /至少要有 2 个选项/,
  )
  const layers = [
    { id: 'allTeachers', label: '全员' },
    { id: 'newTeachers', label: '新教师' },
  ]
  const asked = ['a', 'b', 'c'].map((_, index) => ({
    layers: index === 0 ? ['allTeachers', 'newTeachers'] : ['allTeachers'],
    answered: true,
  }))
  const given = asked.map((one) => ({
    layers: one.layers,
    answers: { modules: ['classroomTeaching'] },
    personName: null,
  }))
  const all = countAnswers({ questions, anonymous: true }, layers, asked, given)
  assert.equal(all.questions[0]?.options[0]?.count, 3)
  assert.deepEqual(all.questions[0]?.options[0]?.byLayer, [3, null], 'one new teacher alone is not shown')
  assert.deepEqual(wantedModules(all), [
    { layer: 'allTeachers', module: 'classroomTeaching', label: '课堂教学方法' },
  ])
  const few = countAnswers({ questions, anonymous: true }, layers, asked, given.slice(0, 2))
  assert.match(few.hidden ?? '', /满 3 人/)
  assert.equal(few.questions[0]?.options[0]?.count, null)
})

test('the ready-made survey goes out as it is, is answered by tapping, and its counts become modules', async () => {
  await school.as('system', (tx) =>
    setAttributes(tx, [
      { personId: people.teacher, name: 'birthDate', value: '1996-01-01', from: '2020-09-01' },
    ]),
  )
  const { survey, modules, layers } = await school.as('academicOffice', (tx) => loadChoices(tx))
  assert.deepEqual(
    layers.map((layer) => `${layer.label} ${layer.people}`),
    ['全员 6', '青年教师 1', '骨干教师 0', '新教师 0'],
  )
  await assert.rejects(
    school.as('teacher', (tx) => actions.saveSurvey(tx, survey)),
    refusal(/教导处、教科室/),
  )
  const { id } = await school.as('academicOffice', (tx) => actions.saveSurvey(tx, survey))
  await assert.rejects(
    school.as('teacher', (tx) => viewSurvey(tx, id)),
    refusal(/还在拟/),
  )
  assert.deepEqual(await school.as('academicOffice', (tx) => actions.openSurvey(tx, { id })), { asked: 6 })
  await assert.rejects(
    school.as('academicOffice', (tx) => actions.saveSurvey(tx, { ...survey, id })),
    refusal(/已经发出/),
  )
  assert.deepEqual(
    (await school.as('teacher', needItems)).map((item) => item.action.place),
    [{ page: 'survey', id }],
  )
  const first = modules[0]?.id ?? ''
  const answers = Object.fromEntries(
    survey.questions.map((one) => [one.id, one.kind === 'text' ? [] : [one.options[0]?.id ?? '']]),
  )
  const answered = await call('teacher', 'need/answerSurvey', { id, answers })
  assert.equal(answered.status, 200)
  await school.as('colleague', (tx) => actions.answerSurvey(tx, { id, answers }))
  await assert.rejects(
    school.as('leader', (tx) => actions.answerSurvey(tx, { id, answers: { modules: ['nothing'] } })),
    refusal(/选项已经变了/),
  )
  assert.deepEqual(await school.as('teacher', needItems), [])
  const mine = await school.as('teacher', (tx) => viewSurvey(tx, id))
  assert.deepEqual(mine.myAnswers?.modules, [first])
  assert.equal(mine.results, null, 'teachers see no counts while it runs')
  const theirs = await school.as('academicOffice', (tx) => viewSurvey(tx, id))
  assert.deepEqual(
    [theirs.answered, theirs.missing?.length, theirs.results?.questions[0]?.options[0]?.count],
    [2, 4, 2],
  )
  const { sheets } = await school.as('academicOffice', (tx) => surveySheets(tx, id))
  assert.deepEqual(
    sheets.map((sheet) => sheet.rows.length > 1),
    [true, true],
  )
  const { made } = await school.as('academicOffice', (tx) =>
    actions.proposeModules(tx, { id, termId: '2026-2027-1' }),
  )
  assert.equal(made, 2, 'for all and for the young')
  await assert.rejects(
    school.as('academicOffice', (tx) => actions.proposeModules(tx, { id, termId: '2026-2027-1' })),
    refusal(/都已经有了/),
  )
  await school.as('academicOffice', (tx) => actions.closeSurvey(tx, { id }))
  await assert.rejects(
    school.as('leader', (tx) => actions.answerSurvey(tx, { id, answers })),
    refusal(/已经结束/),
  )
  const shared = await school.as('teacher', (tx) => viewSurvey(tx, id))
  assert.equal(shared.results?.questions[0]?.options[0]?.count, 2, 'the summary is shared once it is closed')
  assert.deepEqual(shared.missing, null)
  const facts = await school.as('system', (tx) =>
    tx.many<{ attributes: object }>(
      sql`SELECT attributes FROM facts WHERE org_id = ${tx.orgId} AND kind = 'survey.held'`,
    ),
  )
  assert.deepEqual(
    facts.map((fact) => fact.attributes),
    [{ surveyKind: 'trainingNeed', respondents: ['allTeachers', 'youngTeachers'] }],
  )
})

test('an anonymous answer has neither person nor time nor an entry in the audit log, and cannot be changed', async () => {
  const { survey } = await school.as('academicOffice', (tx) => loadChoices(tx))
  const input = { ...survey, anonymous: true, layers: ['allTeachers'], questions }
  const { id } = await school.as('academicOffice', (tx) => actions.saveSurvey(tx, input))
  await school.as('academicOffice', (tx) => actions.openSurvey(tx, { id }))
  const answers = { modules: ['classroomTeaching'], words: ['多听课'] }
  await school.as('teacher', (tx) => actions.answerSurvey(tx, { id, answers }))
  await assert.rejects(
    school.as('teacher', (tx) => actions.answerSurvey(tx, { id, answers })),
    refusal(/认不出是谁的/),
  )
  const [row] = await school.as('system', (tx) =>
    tx.many<{ personId: string | null; answeredAt: Date | null; audited: number }>(sql`
      SELECT person_id, answered_at, (SELECT count(*)::int FROM audit_entries WHERE org_id = ${tx.orgId}
        AND type = 'need.surveyAnswered' AND record_id = ${id}) AS audited
      FROM need_survey_answers WHERE org_id = ${tx.orgId} AND survey_id = ${id}`),
  )
  assert.deepEqual(row, { personId: null, answeredAt: null, audited: 0 })
  const view = await school.as('academicOffice', (tx) => viewSurvey(tx, id))
  assert.match(view.results?.hidden ?? '', /满 3 人/)
  assert.equal(view.missing, null)
  const { sheets } = await school.as('academicOffice', (tx) => surveySheets(tx, id))
  assert.equal(sheets.length, 1, 'no single answers before three')
})

test('a weakness leads to a module; its activity counts as based on the need and for the layer', async () => {
  await school.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const about = { layer: '', contentTag: 'newTechnology', source: 'lesson' as const, observationId: null }
  await assert.rejects(
    school.as('leader', (tx) => actions.noteWeakness(tx, { ...about, unitId: null, text: '全校的' })),
    refusal(/教导处、教科室或校长/),
  )
  const weakness = await school.as('leader', (tx) =>
    actions.noteWeakness(tx, { ...about, unitId: school.groupId, text: '学生动手少，教师讲得多' }),
  )
  const module = {
    title: '用好交互白板',
    termId: '2026-2027-1',
    contentTag: 'newTechnology',
    layer: 'youngTeachers',
    form: 'caseDiscussion',
    activityKind: 'teamStudy',
    plannedMinutes: 180,
    responsibleId: people.leader,
    unitId: school.groupId,
    guidanceCourse: false,
    aim: '',
    surveyId: null,
    weaknessIds: [weakness.id],
  }
  await assert.rejects(
    school.as('academicOffice', (tx) => actions.saveModule(tx, { ...module, form: 'nothing' })),
    refusal(/没有这个形式/),
  )
  const { id } = await school.as('academicOffice', (tx) => actions.saveModule(tx, module))
  await assert.rejects(
    school.as('teacher', (tx) => viewModule(tx, id)),
    refusal(/还在拟/),
  )
  await school.as('principal', (tx) => actions.publishPlan(tx, { termId: '2026-2027-1' }))
  const activity = await school.as('leader', async (tx) => {
    const planned = await planActivity(tx, {
      scope: 'group',
      unitId: school.groupId,
      kind: 'teamStudy',
      theme: '白板上的图形拖动',
      content: '分工',
      place: '会议室',
      day: '2026-11-18',
      startTime: '08:00',
      endTime: '09:30',
      hostId: people.leader,
      speakerId: people.teacher,
    })
    assert.deepEqual(await actions.linkActivity(tx, { id, activityId: planned.id }), { note: null })
    return planned.id
  })
  await assert.rejects(
    school.as('colleague', (tx) => actions.unlinkActivity(tx, { id, activityId: activity })),
    refusal(/负责人或教导处/),
  )
  await school.as('leader', async (tx) => {
    await startActivity(tx, activity)
    await recordRollCall(tx, { id: activity, entries: [{ personId: people.teacher, status: 'present' }] })
    await closeActivity(tx, { id: activity })
  })
  const [fact] = await school.as('system', (tx) =>
    tx.many<{ attributes: Record<string, unknown> }>(
      sql`SELECT attributes FROM facts WHERE org_id = ${tx.orgId} AND kind = 'activity.held' AND source_id = ${activity}`,
    ),
  )
  assert.equal(fact?.attributes.needBased, true)
  assert.deepEqual(fact?.attributes.audience, ['youngTeachers'])
  const view = await school.as('teacher', (tx) => viewModule(tx, id))
  assert.deepEqual(
    [
      view.progress.held,
      view.progress.heldMinutes,
      view.progress.expected,
      view.progress.reached,
      view.isMine,
    ],
    [1, 90, 1, 1, true],
    'of three who were expected one is young',
  )
  assert.equal(view.people, null, 'names are for whoever arranges it')
  const overview = await school.as('academicOffice', (tx) => viewOverview(tx))
  assert.equal(overview.weaknesses.find((one) => one.id === weakness.id)?.state, 'answered')
  await assert.rejects(
    school.as('academicOffice', (tx) => actions.removeModule(tx, { id })),
    refusal(/要留底/),
  )
})

test('the school says who is young; what the regime defines and what the school saved are layers as well', async () => {
  const office = <R>(work: Parameters<typeof school.as<R>>[1]) => school.as('academicOffice', work)
  await assert.rejects(
    office((tx) =>
      actions.saveLayer(tx, {
        layer: 'newTeachers',
        criteria: { yearsTeachingAtLeast: 9, yearsTeachingAtMost: 3 },
      }),
    ),
    refusal(/下限比上限大/),
  )
  await office((tx) => actions.saveLayer(tx, { layer: 'youngTeachers', criteria: { ageAtMost: 28 } }))
  await office((tx) => actions.retireLayer(tx, { layer: 'backboneTeachers' }))
  await assert.rejects(
    office((tx) => actions.retireLayer(tx, { layer: 'allTeachers' })),
    refusal(/总要有/),
  )
  const cohort = await school.as('system', (tx) =>
    saveCohort(tx, { name: '女教师', parts: [{ subject: 'gender', test: 'is', value: '女' }] } as never),
  )
  const { layers } = await office((tx) => loadChoices(tx))
  assert.deepEqual(
    layers.map((one) => `${one.label} ${one.people} ${one.source}`),
    ['全员 6 usual', '青年教师 0 usual', '新教师 0 usual', '女教师 0 own'],
  )
  await assert.rejects(
    office((tx) => actions.saveLayer(tx, { layer: cohort.id, criteria: { ageAtMost: 30 } })),
    refusal(/人员范围/),
  )
  await school.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'keyan-peixun', schoolYearId: '2026-2027', from: '2026-11-01' }),
  )
  const named = (await office((tx) => loadChoices(tx))).layers
  assert.deepEqual(
    named.slice(0, 3).map((one) => `${one.id} ${one.label} ${one.source}`),
    ['allTeachers 全员 regime', 'youngTeachers 青年 regime', 'backboneTeachers 骨干 regime'],
  )
})
