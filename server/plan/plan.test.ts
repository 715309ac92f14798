import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, type Tx } from '../kit/sql.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as plan from './actions.ts'
import { filingNumber, filingSeries } from './rules.ts'
import * as store from './store.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
await school.as('system', (tx) =>
  adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')

interface FactRow {
  id: string
  subjectKind: string
  subjectId: string
  countsOn: string
  attributes: Record<string, unknown>
  reverses: string | null
}
function factsOf(tx: Tx, id: string): Promise<FactRow[]> {
  return tx.many<FactRow>(sql`
    SELECT id, subject_kind, subject_id, counts_on, attributes, reverses FROM facts
    WHERE org_id = ${tx.orgId} AND source_room = 'plan' AND source_id = ${id} ORDER BY recorded_at, id`)
}
const find = (id: string) => school.as('system', (tx) => store.findPlan(tx, id))

async function submitted(
  who: keyof TestSchool['people'],
  level: 'organisation' | 'group' | 'teacher',
  sections: Record<string, string>,
): Promise<string> {
  return school.as(who, async (tx) => {
    const { id } = await plan.startPlan(tx, { paper: 'plan', level, sections })
    await plan.submitPlan(tx, { id })
    return id
  })
}
const parts = {
  organisation: { goals: '目标', tasks: '任务', requirements: '要求' },
  group: { themes: '问题链', contents: '十次活动' },
  teacher: { growthGoal: '提问少而准' },
}

test('the three levels are linked upward and go from draft to filed with a number', async () => {
  const schoolPlan = await submitted('academicOffice', 'organisation', parts.organisation)
  const groupPlan = await submitted('leader', 'group', parts.group)
  const teacherPlan = await submitted('teacher', 'teacher', parts.teacher)
  assert.equal((await find(groupPlan))?.parentId, schoolPlan)
  assert.equal((await find(teacherPlan))?.parentId, groupPlan)

  await school.as('leader', (tx) => plan.reviewPlan(tx, { id: teacherPlan, opinion: '目标明确' }))
  await school.as('academicOffice', (tx) => plan.reviewPlan(tx, { id: groupPlan }))
  await school.as('principal', (tx) => plan.reviewPlan(tx, { id: schoolPlan }))
  const filed = await school.as('academicOffice', (tx) => plan.filePlan(tx, { id: teacherPlan }))
  assert.equal(filed.filingNumber, '2026-1-教-001')
  assert.equal(
    (await school.as('principal', (tx) => plan.filePlan(tx, { id: groupPlan }))).filingNumber,
    '2026-1-组-001',
  )
  assert.equal(
    (await school.as('principal', (tx) => plan.filePlan(tx, { id: schoolPlan }))).filingNumber,
    '2026-1-校-001',
  )

  const facts = await school.as('system', async (tx) => [
    ...(await factsOf(tx, teacherPlan)),
    ...(await factsOf(tx, groupPlan)),
    ...(await factsOf(tx, schoolPlan)),
  ])
  assert.deepEqual(
    facts.map((fact) => [
      fact.subjectKind,
      fact.subjectId,
      fact.attributes.level,
      fact.attributes.linkedUpward,
    ]),
    [
      ['person', school.people.teacher, 'teacher', true],
      ['unit', school.groupId, 'group', true],
      ['organisation', school.id, 'organisation', false],
    ],
  )
  assert.deepEqual(facts[0]?.attributes.parts, ['growthGoal'])
  const steps = await school.as('system', (tx) => store.listSteps(tx, teacherPlan))
  assert.deepEqual(
    steps.map((step) => [step.step, step.personName, step.opinion]),
    [
      ['submitted', '林小满', ''],
      ['reviewed', '陈立新', '目标明确'],
      ['filed', '吴静', ''],
    ],
  )
})

test('a plan without a required section is refused with the clause', async () => {
  const error = await school
    .as('colleague', async (tx) => {
      const { id } = await plan.startPlan(tx, {
        paper: 'plan',
        level: 'teacher',
        sections: { measures: '多听课' },
      })
      await plan.submitPlan(tx, { id })
    })
    .then(
      () => null,
      (problem) => problem,
    )
  assert.match(error?.message ?? '', /还缺“专业发展目标”/)
  assert.match(error?.clause ?? '', /《兴隆小学校本研修制度》一\.2\(2\)/)
  assert.deepEqual(Object.keys(error?.fields ?? {}), ['sections.growthGoal'])
})

test('empty paragraphs are no text and scripts are removed', async () => {
  await school.as('colleague', async (tx) => {
    const { id } = await plan.startPlan(tx, { paper: 'plan', level: 'teacher' })
    const row = await store.findPlan(tx, id)
    await plan.savePlan(tx, {
      id,
      version: row?.draftVersion ?? 0,
      sections: {
        growthGoal: '<p>&nbsp;</p><script>x()</script>',
        contents: '<p>读<b>一</b>本书</p>',
        unknown: 'x',
      },
    })
    assert.deepEqual(Object.keys((await store.findPlan(tx, id))?.sections ?? {}).sort(), [
      'contents',
      'growthGoal',
    ])
    assert.doesNotMatch((await store.findPlan(tx, id))?.sections.growthGoal ?? '', /script/)
    await assert.rejects(plan.submitPlan(tx, { id }), /专业发展目标/)
  })
})

test('each owner has one plan per term; two devices do not overwrite each other', async () => {
  await school.as('colleague', async (tx) => {
    const first = await plan.startPlan(tx, { paper: 'plan', level: 'teacher' })
    assert.deepEqual(await plan.startPlan(tx, { paper: 'plan', level: 'teacher' }), first)
    const { draftVersion = 0 } = (await store.findPlan(tx, first.id)) ?? {}
    const saved = await plan.savePlan(tx, {
      ...first,
      version: draftVersion,
      sections: { growthGoal: '手机' },
    })
    await assert.rejects(
      plan.savePlan(tx, { ...first, version: draftVersion, sections: { growthGoal: '电脑' } }),
      (problem: { status?: number; fields?: Record<string, string> }) =>
        problem.status === 409 && JSON.parse(problem.fields?.sections ?? '{}').growthGoal === '<p>手机</p>',
    )
    assert.equal(
      (await plan.savePlan(tx, { ...first, version: draftVersion, sections: { growthGoal: '手机' } }))
        .version,
      saved.version,
    )
  })
})

test('nobody reviews or stamps an own paper, and only the right posts may', async () => {
  const id = await submitted('leader', 'teacher', parts.teacher)
  await assert.rejects(
    school.as('leader', (tx) => plan.reviewPlan(tx, { id })),
    /自己提交的材料不能由自己审核/,
  )
  await assert.rejects(
    school.as('outsider', (tx) => plan.reviewPlan(tx, { id })),
    /找不到这条/,
  )
  await assert.rejects(
    school.as('academicOffice', (tx) => plan.filePlan(tx, { id })),
    /请先审核再盖章/,
  )
  await school.as('academicOffice', (tx) => plan.reviewPlan(tx, { id }))
  await assert.rejects(
    school.as('leader', (tx) => plan.filePlan(tx, { id })),
    /盖章备案由教导处或校长办理/,
  )
  const office = await submitted('academicOffice', 'teacher', parts.teacher)
  await assert.rejects(
    school.as('academicOffice', (tx) => plan.reviewPlan(tx, { id: office })),
    /自己提交/,
  )
  await school.as('principal', (tx) => plan.reviewPlan(tx, { id: office }))
  await assert.rejects(
    school.as('academicOffice', (tx) => plan.filePlan(tx, { id: office })),
    /自己提交的材料不能由自己盖章/,
  )
  await assert.rejects(
    school.as('teacher', (tx) =>
      plan.startPlan(tx, { paper: 'plan', level: 'group', ownerId: school.groupId }),
    ),
    /由组长撰写/,
  )
})

test('returned only with a reason, then handed in again; taken back only before the review', async () => {
  const id = await submitted('outsider', 'teacher', parts.teacher)
  await assert.rejects(
    school.as('academicOffice', (tx) => plan.returnPlan(tx, { id, reason: ' ' })),
    /请写明原因/,
  )
  await school.as('academicOffice', (tx) => plan.returnPlan(tx, { id, reason: '目标再具体' }))
  await school.as('outsider', (tx) => plan.submitPlan(tx, { id }))
  await school.as('outsider', (tx) => plan.takeBackPlan(tx, { id }))
  await school.as('outsider', (tx) => plan.submitPlan(tx, { id }))
  await school.as('academicOffice', (tx) => plan.reviewPlan(tx, { id }))
  await assert.rejects(
    school.as('outsider', (tx) => plan.takeBackPlan(tx, { id })),
    /还没有审核的材料/,
  )
  await school.as('academicOffice', (tx) => plan.returnPlan(tx, { id, reason: '盖章前发现漏页' }))
  assert.equal((await find(id))?.status, 'returned')
})

test('the principal takes a filing back: the fact is reversed and the number is not given again', async () => {
  const id = await school.as('colleague', async (tx) => {
    const { id: started } = await plan.startPlan(tx, { paper: 'plan', level: 'teacher' })
    const row = await store.findPlan(tx, started)
    await plan.savePlan(tx, { id: started, version: row?.draftVersion ?? 0, sections: parts.teacher })
    await plan.submitPlan(tx, { id: started })
    return started
  })
  await school.as('leader', (tx) => plan.reviewPlan(tx, { id }))
  const first = await school.as('academicOffice', (tx) => plan.filePlan(tx, { id }))
  await assert.rejects(
    school.as('academicOffice', (tx) => plan.withdrawFiling(tx, { id, reason: '错' })),
    /由校长办理/,
  )
  await school.as('principal', (tx) => plan.withdrawFiling(tx, { id, reason: '盖错了学期' }))
  const reversed = await school.as('system', (tx) => factsOf(tx, id))
  assert.equal(reversed.length, 2)
  assert.equal(reversed[1]?.reverses, reversed[0]?.id)
  assert.equal((await find(id))?.filingNumber, null)
  await school.as('colleague', (tx) => plan.submitPlan(tx, { id }))
  await school.as('leader', (tx) => plan.reviewPlan(tx, { id }))
  const second = await school.as('academicOffice', (tx) => plan.filePlan(tx, { id }))
  assert.notEqual(second.filingNumber, first.filingNumber)
  const again = await school.as('system', (tx) => factsOf(tx, id))
  assert.equal(again.filter((fact) => fact.reverses === null).length, 2)
})

test('a school plan filed with the district is noted with its number and counts as such', async () => {
  const [row] = await school.as('system', (tx) => store.listPlans(tx, { level: 'organisation' }))
  const id = row?.id ?? ''
  await assert.rejects(
    school.as('principal', (tx) =>
      plan.fileWithDistrict(tx, { id, number: '渝教研备2026-18', on: '2026-12-01' }),
    ),
    /还没有到/,
  )
  await school.as('principal', (tx) =>
    plan.fileWithDistrict(tx, { id, number: '渝教研备2026-18', on: '2026-11-18' }),
  )
  const facts = await school.as('system', (tx) => factsOf(tx, id))
  assert.deepEqual(
    facts.map((fact) => fact.attributes.filedWith),
    ['school', 'district'],
  )
})

test('another school and other teachers do not see a teacher’s plan; the group’s is read by all once handed in', async () => {
  const [mine] = await school.as('system', (tx) =>
    store.listPlans(tx, { level: 'teacher', ownerIds: [school.people.teacher] }),
  )
  const [group] = await school.as('system', (tx) => store.listPlans(tx, { level: 'group' }))
  assert.equal((await call('teacher', 'plan/getPlan', { id: mine?.id })).status, 200)
  assert.equal((await call('leader', 'plan/getPlan', { id: mine?.id })).status, 200)
  assert.equal((await call('outsider', 'plan/getPlan', { id: mine?.id })).status, 404)
  assert.equal((await call('outsider', 'plan/getPlan', { id: group?.id })).status, 200)
  assert.equal((await callOther('principal', 'plan/getPlan', { id: group?.id })).status, 404)
  assert.equal(
    (await callOther('principal', 'plan/withdrawFiling', { id: group?.id, reason: 'x' })).status,
    404,
  )
  assert.equal((await call('teacher', 'plan/filePlan', { id: mine?.id })).status, 403)
})

test('my papers of the term stand there with what can be begun', async () => {
  const { body } = await call('teacher', 'plan/listPapers', {})
  const mine = body.slots.filter((slot: { level: string }) => slot.level === 'teacher')
  assert.deepEqual(
    mine.map((slot: { paper: string; plan: { status: string } | null }) => [
      slot.paper,
      slot.plan?.status ?? null,
    ]),
    [
      ['plan', 'filed'],
      ['summary', null],
    ],
  )
  assert.equal(mine[1].abilities.start, null)
  const schools = body.slots.find((slot: { level: string; paper: string }) => slot.level === 'organisation')
  assert.match(schools.abilities.start, /由教导处/)
})

test('filing numbers speak of year, term and level', () => {
  const paper = { paper: 'summary', level: 'group', horizon: 'term', year: '2026', termNumber: 2 } as const
  assert.equal(filingNumber(filingSeries(paper), 12), '2026-2-组总-012')
  assert.equal(
    filingSeries({ ...paper, paper: 'plan', level: 'organisation', horizon: 'schoolYear' }),
    '2026-年-校',
  )
})
