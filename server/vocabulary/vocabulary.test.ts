import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { suggestPlan } from '../activity/queries.ts'
import { createOrganisation } from '../org/actions.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { mergeTerms, nextOwnId } from './rules.ts'
import { vocabularyOf } from './actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
for (const one of [school, other])
  await one.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
const { call } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')

interface View {
  name: string
  terms: {
    id: string
    label: string
    source: string
    clause: string | null
    uses: number | null
    inUse: boolean
  }[]
}
async function list(name: string): Promise<View> {
  const { body } = await call('teacher', 'vocabulary/listVocabularies', {})
  return body.vocabularies.find((one: View) => one.name === name)
}
const labels = async (name: string) => (await list(name)).terms.map((term) => term.label)
const plan = (kind: string, contentTags: string[], hour = '15') => ({
  scope: 'group' as const,
  unitId: school.groupId,
  kind,
  contentTags,
  day: '2026-11-18',
  startTime: `${hour}:00`,
  endTime: `${hour}:45`,
  place: '会议室',
  theme: '怎样提问',
  content: '一节课的提问',
  hostId: school.people.leader,
  speakerId: school.people.teacher,
})

test('a list starts from the regime, with the clause of each term', async () => {
  const tags = await list('contentTags')
  assert.deepEqual(
    tags.terms.map((term) => [term.label, term.source, term.clause]),
    [
      ['师德教育', 'school', '二.2'],
      ['新理念', 'school', '二.2'],
      ['新课程', 'school', '二.2'],
      ['新技术', 'school', '二.2'],
    ],
  )
})

test('own terms are added, regime terms take another word, the order changes; the ids stay', async () => {
  const added = await call('academicOffice', 'vocabulary/addTerm', {
    vocabulary: 'contentTags',
    label: '劳动教育',
  })
  assert.equal(added.body.termId, 'own1')
  const twice = await call('academicOffice', 'vocabulary/addTerm', {
    vocabulary: 'contentTags',
    label: '劳动教育',
  })
  assert.match(twice.body.error.message, /已经有/)
  await call('academicOffice', 'vocabulary/saveTerm', {
    vocabulary: 'contentTags',
    termId: 'ethics',
    label: '师德师风',
    group: '一德',
    standsFor: null,
  })
  await call('academicOffice', 'vocabulary/orderTerms', {
    vocabulary: 'contentTags',
    termIds: ['own1', 'newTechnology', 'ethics'],
  })
  assert.deepEqual(await labels('contentTags'), ['劳动教育', '新技术', '师德师风', '新理念', '新课程'])
  const ethics = (await list('contentTags')).terms.find((term) => term.id === 'ethics')
  assert.equal((ethics as unknown as { regimeLabel: string }).regimeLabel, '师德教育')
  // Another school has the regime's own words.
  const { body } = await callOther('teacher', 'vocabulary/listVocabularies', {})
  assert.equal(body.vocabularies[0].terms[0].label, '师德教育')
})

test('activities choose from the list; a retired kind is no longer chosen but old activities keep its name', async () => {
  const { body: own } = await call('academicOffice', 'vocabulary/addTerm', {
    vocabulary: 'activityKinds',
    label: '青蓝结对活动',
  })
  const { id } = await school.as('leader', (tx) => planActivity(tx, plan(own.termId, ['own1'])))
  await school.as('leader', (tx) => startActivity(tx, id))
  await school.as('leader', (tx) => closeActivity(tx, { id }))
  const used = (await list('activityKinds')).terms.find((term) => term.id === own.termId)
  assert.equal(used?.uses, 1)
  assert.equal((await list('contentTags')).terms.find((term) => term.id === 'own1')?.uses, 1)

  await call('academicOffice', 'vocabulary/retireTerm', { vocabulary: 'activityKinds', termId: own.termId })
  const choices = await school.as('leader', (tx) => suggestPlan(tx, { unitId: school.groupId, day: null }))
  assert.ok(!choices.kinds.some((kind) => kind.id === own.termId))
  assert.notEqual(choices.suggestion.kind, own.termId)
  await assert.rejects(
    school.as('leader', (tx) => planActivity(tx, plan(own.termId, [], '17'))),
    /已经停用/,
  )
  const detail = await call('leader', 'activity/getActivity', { id })
  assert.equal(detail.body.kindLabel, '青蓝结对活动')
  await call('academicOffice', 'vocabulary/restoreTerm', { vocabulary: 'activityKinds', termId: own.termId })
  assert.equal((await list('activityKinds')).terms.find((term) => term.id === own.termId)?.inUse, true)
})

test('the last term in use cannot be retired', async () => {
  for (const termId of ['self', 'peers', 'principal'])
    await call('academicOffice', 'vocabulary/retireTerm', { vocabulary: 'voices', termId })
  const last = await call('academicOffice', 'vocabulary/retireTerm', {
    vocabulary: 'voices',
    termId: 'guidanceGroup',
  })
  assert.match(last.body.error.message, /至少要保留/)
})

test('a kind of work that is retired is offered no more', async () => {
  await call('academicOffice', 'vocabulary/retireTerm', { vocabulary: 'workKinds', termId: 'essay' })
  const kinds = (await call('teacher', 'work/listWorkKinds', {})).body as { kind: string }[]
  assert.ok(!kinds.some((kind) => kind.kind === 'essay'))
  assert.match((await call('teacher', 'work/startWork', { kind: 'essay' })).body.error.message, /停用/)
})

test('a term that stands for one of the district counts in both lists', async () => {
  const districtId = newId()
  await services.inOrganisation(districtId, systemActor('test'), (tx) =>
    createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null }),
  )
  const child = await createTestSchool(services, '区属小学', districtId)
  await child.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  await child.as('system', (tx) =>
    tx.run(sql`
      INSERT INTO vocabulary_terms (org_id, vocabulary, term_id, label, is_own, stands_for, changed_at)
      VALUES (${tx.orgId}, 'contentTags', 'newCurriculum', NULL, false, 'subjectSkills', ${tx.now})`),
  )
  const { id } = await child.as('leader', (tx) =>
    planActivity(tx, {
      ...plan('teamStudy', ['newCurriculum']),
      unitId: child.groupId,
      hostId: child.people.leader,
      speakerId: child.people.teacher,
    }),
  )
  const row = await child.as('system', (tx) =>
    tx.one<{ contentTags: string[] }>(
      sql`SELECT content_tags FROM activities WHERE org_id = ${tx.orgId} AND id = ${id}`,
    ),
  )
  assert.deepEqual(row.contentTags, ['newCurriculum', 'subjectSkills'])
})

test('teachers and the principal read the lists but do not change them', async () => {
  for (const who of ['teacher', 'principal'] as const) {
    const answer = await call(who, 'vocabulary/addTerm', { vocabulary: 'contentTags', label: '心理健康' })
    assert.equal(answer.status, 403)
  }
  const unknown = await call('academicOffice', 'vocabulary/saveTerm', {
    vocabulary: 'contentTags',
    termId: 'own1',
    label: '劳动教育',
    group: '',
    standsFor: 'subjectSkills',
  })
  assert.match(unknown.body.error.message, /区制度/)
})

test('exports every list for Excel', async () => {
  const file = await call('teacher', 'vocabulary/getVocabularyFile', {})
  assert.equal(file.body.subarray(0, 2).toString(), 'PK')
})

test('where no regime names kinds the usual ones are offered, and own ones beside them', () => {
  const own = {
    vocabulary: 'activityKinds',
    termId: 'own1',
    label: '沙龙',
    groupName: null,
    position: null,
    isOwn: true,
    retiredOn: null,
    standsFor: null,
  }
  const terms = mergeTerms('activityKinds', [], [own])
  assert.equal(terms[0]?.label, '教研活动')
  assert.deepEqual([terms.at(-1)?.label, terms.at(-1)?.source], ['沙龙', 'own'])
  assert.equal(nextOwnId([own]), 'own2')
})

test('lists are in force for a day: what is retired later is still in use before', async () => {
  const terms = await school.as('system', (tx) => vocabularyOf(tx, 'workKinds', '2026-11-17'))
  assert.equal(terms.find((term) => term.id === 'essay')?.retiredOn, '2026-11-18')
})
