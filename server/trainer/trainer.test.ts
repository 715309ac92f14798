import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { recordRollCall } from '../activity/attendance-actions.ts'
import { listLiveFactsOfSource } from '../facts/store.ts'
import { instantAt } from '../kit/dates.ts'
import { Refusal } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { createOrganisation, createPerson, createUnit } from '../org/actions.ts'
import { listFindings, rebuildOrganisation } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as pool from './actions.ts'
import * as given from './contribution-actions.ts'
import * as invitations from './invitation-actions.ts'
import { loadMine } from './mine.ts'
import { loadContributions, loadTrainers } from './present.ts'
import { contributionFacts, type FactSource, wordForBody, wordsFor } from './rules.ts'

const services = await createTestServices(instantAt('2026-11-18', '17:30'))
const districtId = newId()
const researcher = await services.inOrganisation(districtId, systemActor('test'), async (tx) => {
  await createOrganisation(tx, { kind: 'district', name: '云岭区', districtId: null })
  return createPerson(tx, { staffNumber: 'Q1', name: '沈思远', from: '2020-09-01', attributes: {} })
})
const inDistrict = <Result>(work: Parameters<typeof services.inOrganisation<Result>>[2]) =>
  services.inOrganisation(
    districtId,
    { ...systemActor('officer'), kind: 'person', roles: ['districtOfficer'], personId: researcher },
    work,
  )
const school = await createTestSchool(services, '百合小学', districtId)
await school.as('system', (tx) =>
  adoptRegime(tx, { regimeId: 'baihe-4', schoolYearId: '2026-2027', from: '2026-08-31' }),
)
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof Refusal && pattern.test(error.message)
async function stateOf(of: TestSchool, ruleId: string, minimumId?: string) {
  await rebuildOrganisation(services, of.id, systemActor('test'))
  const findings = await of.as('system', (tx) =>
    listFindings(tx, { kind: 'organisation', id: of.id }, '2026-2027'),
  )
  return findings.find(
    (one) => one.ruleId === ruleId && (minimumId === undefined || one.minimumId === minimumId),
  )
}
const liveFacts = (of: TestSchool, room: string, id: string) =>
  of.as('system', (tx) => listLiveFactsOfSource(tx, { room, id }))

test('a kind becomes the words by which each regime calls it, the nearest first', () => {
  const words = [
    { id: 'ownBackbone', label: '校内骨干教师' },
    { id: 'outsideExpert', label: '校外培训专家' },
    { id: 'wellKnownTeacher', label: '名师' },
    { id: 'researchOfficer', label: '教研室教研员' },
  ]
  const named = (kind: Parameters<typeof wordsFor>[0]['kind'], isOwn: boolean) =>
    wordsFor({ kind, isOwn, countsAs: null }, words)
  assert.deepEqual(named('famousTeacher', false), ['wellKnownTeacher', 'outsideExpert'])
  assert.deepEqual(named('researchOfficer', false), ['researchOfficer', 'outsideExpert'])
  assert.deepEqual(named('subjectLeader', true), ['ownBackbone'])
  assert.deepEqual(named('researchDirector', true), [])
  assert.deepEqual(wordsFor({ kind: 'expert', isOwn: false, countsAs: ['ownBackbone', 'gone'] }, words), [
    'ownBackbone',
  ])
  assert.equal(wordForBody('校本研修学习小组', [{ id: 'studyGroup', label: '学习小组' }]), 'studyGroup')
})

test('guidance counts for those guided, of the own staff for the guide, and never twice for one group', () => {
  const row: FactSource = {
    id: 'x',
    kind: 'guidance',
    ownPersonId: null,
    guide: 'expert',
    trainers: [],
    level: 'city',
    activityId: null,
    activityKind: '',
    subject: '评课',
    heldOn: '2026-11-18',
    minutes: 60,
    guidanceKind: 'classroomTeaching',
    mode: 'faceToFace',
    answered: true,
    beneficiary: '',
    unitId: 'group',
    personIds: [],
  }
  const subjects = (more: Partial<FactSource>) =>
    contributionFacts('org', { ...row, ...more }).map(
      (fact) => `${fact.kind} ${fact.subject.kind} ${fact.subject.id}`,
    )
  assert.deepEqual(subjects({}), ['guidance.given unit group'])
  assert.deepEqual(subjects({ unitId: null }), ['guidance.given organisation org'])
  assert.deepEqual(subjects({ ownPersonId: 'me' }), ['guidance.given person me'])
  assert.deepEqual(subjects({ ownPersonId: 'me', personIds: ['new'] }), [
    'guidance.given person me',
    'guidance.given person new',
  ])
  assert.deepEqual(subjects({ kind: 'lecture', ownPersonId: 'me' }), [
    'activity.held unit group',
    'activity.spoke person me',
  ])
  assert.deepEqual(subjects({ kind: 'lecture', activityId: 'a' }), [])
})

test('a planned lecture by somebody of the pool meets the rule on lecturers, is rated by those who came, and can be undone', async () => {
  const { people, groupId } = school
  const office = <Result>(work: Parameters<typeof school.as<Result>>[1]) => school.as('academicOffice', work)
  const own = await office((tx) =>
    pool.addTrainer(tx, { personId: people.leader, kind: 'subjectLeader', level: 'district' }),
  )
  await assert.rejects(
    office((tx) => pool.addTrainer(tx, { personId: people.leader, kind: 'backbone', level: 'school' })),
    refusal(/已经在师资库里/),
  )
  await assert.rejects(
    school.as('teacher', (tx) => pool.addTrainer(tx, { name: '甲', kind: 'expert', level: 'city' })),
    refusal(/教导处/),
  )
  const expert = await office((tx) =>
    pool.addTrainer(tx, { name: '丁一凡', kind: 'expert', level: 'city', employer: '师范大学' }),
  )
  const lecture = async (trainerId: string, startTime: string, endTime: string) => {
    const { id } = await office((tx) =>
      planActivity(tx, {
        scope: 'organisation',
        kind: 'lecture',
        theme: '作业设计',
        content: '三个例子',
        place: '报告厅',
        day: '2026-11-18',
        startTime,
        endTime,
        hostId: people.academicOffice,
        trainerId,
        modes: ['interactive'],
      }),
    )
    await office((tx) => startActivity(tx, id))
    const entries = [people.teacher, people.leader].map((personId) => ({
      personId,
      status: 'present' as const,
    }))
    await office((tx) => recordRollCall(tx, { id, entries }))
    await office((tx) => closeActivity(tx, { id }))
    return id
  }
  assert.notEqual((await stateOf(school, 'baihe-4-12', 'ownLectures'))?.state, 'done')
  const activityId = await lecture(own.id, '15:00', '16:00')
  const held = (await liveFacts(school, 'activity', activityId)).find((one) => one.kind === 'activity.held')
  assert.deepEqual(
    [held?.attributes.trainers, held?.attributes.trainerLevel, held?.attributes.modes],
    [['ownBackbone', 'subjectLeader'], 'district', ['interactive']],
  )
  // Of the own staff: he is the speaker of the activity without being named twice.
  const spoke = await liveFacts(school, 'activity', activityId)
  assert.ok(spoke.some((one) => one.kind === 'activity.spoke' && one.subjectId === people.leader))
  assert.equal((await stateOf(school, 'baihe-4-12', 'ownLectures'))?.state, 'done')
  assert.notEqual((await stateOf(school, 'baihe-4-12', 'expertLectures'))?.state, 'done')

  const [row] = (await office((tx) => loadContributions(tx, null))).contributions
  assert.deepEqual([row?.giverName, row?.people, row?.activity?.id], ['陈立新', 3, activityId])
  const rate = (who: keyof TestSchool['people'], stars: number) =>
    school.as(who, (tx) =>
      given.rate(tx, { contributionId: row?.id ?? '', stars, sentence: stars < 4 ? '例子可以再多些' : '' }),
    )
  await assert.rejects(rate('colleague', 5), refusal(/参加过的老师/))
  await assert.rejects(rate('leader', 5), refusal(/自己讲的/))
  await rate('teacher', 5)
  await rate('teacher', 3)
  const mine = await school.as('leader', loadMine)
  assert.deepEqual(
    [mine.isTrainer, mine.contributions[0]?.stars, mine.contributions[0]?.comments],
    [true, 3, ['例子可以再多些']],
  )
  assert.equal((await school.as('teacher', loadMine)).isTrainer, false)

  // Named after the closing: nothing is typed again, and taking it back takes the count back.
  const later = await planned(groupId)
  const linked = await office((tx) =>
    given.recordContribution(tx, { kind: 'lecture', trainerId: expert.id, activityId: later, fee: 800 }),
  )
  assert.deepEqual(
    (await liveFacts(school, 'activity', later)).find((one) => one.kind === 'activity.held')?.attributes
      .trainers,
    ['outsideExpert', 'expert'],
  )
  await assert.rejects(
    office((tx) => given.recordContribution(tx, { kind: 'lecture', trainerId: own.id, activityId: later })),
    refusal(/已经有主讲人/),
  )
  const year = await office((tx) => loadContributions(tx, null))
  assert.equal(year.years.find((one) => one.trainerId === expert.id)?.fee, 800)
  const seen = await school.as('teacher', (tx) => loadContributions(tx, null))
  assert.ok(seen.contributions.every((one) => !('fee' in one)) && seen.years.every((one) => !('fee' in one)))
  await office((tx) => given.withdrawContribution(tx, { contributionId: linked.id, reason: '记错了活动' }))
  const after = (await liveFacts(school, 'activity', later)).filter((one) => one.kind === 'activity.held')
  assert.deepEqual(
    after.map((one) => one.attributes.trainers),
    [undefined],
  )

  async function planned(unitId: string) {
    const { id } = await school.as('leader', (tx) =>
      planActivity(tx, {
        scope: 'group',
        unitId,
        kind: 'groupTraining',
        theme: '课堂提问',
        place: '办公室',
        day: '2026-11-18',
        startTime: '16:30',
        endTime: '17:20',
        hostId: people.leader,
      }),
    )
    await school.as('leader', (tx) => startActivity(tx, id))
    await school.as('leader', (tx) => closeActivity(tx, { id }))
    return id
  }
})

test('教导处 proposes an adviser, the principal decides; the appointment counts in the words of the regime', async () => {
  const other = await createTestSchool(services, '中心小学', districtId)
  await other.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'dawan', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  // Whom the district offers is taken over with one step.
  const offered = await inDistrict((tx) =>
    pool.addTrainer(tx, {
      personId: researcher,
      kind: 'researchOfficer',
      level: 'district',
      offered: true,
    }),
  )
  await assert.rejects(
    other.as('academicOffice', (tx) =>
      pool.addTrainer(tx, { name: '乙', kind: 'expert', level: 'city', offered: true }),
    ),
    refusal(/只有区里/),
  )
  const { id } = await other.as('academicOffice', (tx) => pool.takeOffer(tx, { offerId: offered.id }))
  assert.deepEqual((await other.as('academicOffice', (tx) => loadTrainers(tx, false))).offers, [])

  const invite = (from: string, to: string) =>
    other.as('academicOffice', (tx) =>
      invitations.invite(tx, { trainerId: id, kind: 'adviser', subject: '校本研修顾问', from, to }),
    )
  const first = await invite('2026-09-01', '2027-07-09')
  assert.equal(first.status, 'proposed')
  await assert.rejects(invite('2027-01-01', '2027-12-31'), refusal(/聘期不能重叠/))
  await assert.rejects(
    other.as('academicOffice', (tx) => invitations.approveInvitation(tx, { invitationId: first.id })),
    refusal(/校长批准/),
  )
  assert.deepEqual(await liveFacts(other, 'trainer', first.id), [])
  const { letterNumber } = await other.as('principal', (tx) =>
    invitations.approveInvitation(tx, { invitationId: first.id }),
  )
  assert.equal(letterNumber, '2026-1')
  const [fact] = await liveFacts(other, 'trainer', first.id)
  assert.deepEqual(
    [fact?.kind, fact?.subjectKind, fact?.attributes],
    ['duty.assigned', 'organisation', { duty: 'adviser', layer: '', role: 'researchOfficer' }],
  )
  await other.as('system', invitations.settleAdvisers)
  assert.equal((await liveFacts(other, 'trainer', first.id)).length, 1)

  // The visit: invited, refused with a reason, invited again, approved, given.
  const visit = () =>
    other.as('academicOffice', (tx) =>
      invitations.invite(tx, {
        trainerId: id,
        kind: 'guidance',
        subject: '评课',
        from: '2026-11-18',
        fee: 300,
      }),
    )
  const declined = await visit()
  await other.as('principal', (tx) =>
    invitations.refuseInvitation(tx, { invitationId: declined.id, reason: '当天有区里的活动' }),
  )
  const again = await visit()
  await other.as('principal', (tx) => invitations.approveInvitation(tx, { invitationId: again.id }))
  assert.notEqual((await stateOf(other, 'dawan-04'))?.state, 'done')
  const record = () =>
    other.as('academicOffice', (tx) =>
      given.recordContribution(tx, {
        kind: 'guidance',
        trainerId: id,
        invitationId: again.id,
        heldOn: '2026-11-18',
        unitId: other.groupId,
      }),
    )
  const made = await record()
  await assert.rejects(record(), refusal(/已经登记过/))
  assert.deepEqual(
    (await liveFacts(other, 'trainer', made.id)).map((one) => [one.subjectKind, one.attributes.guide]),
    [['unit', 'expert']],
  )
  assert.equal((await stateOf(other, 'dawan-04'))?.state, 'done')

  // A body guides a group; the researcher reads what was said in the school, and nobody else's.
  const bodyId = await other.as('system', (tx) =>
    createUnit(tx, { kind: 'body', name: '校本研修学习小组', from: '2026-09-01' }),
  )
  const byBody = await other.as('leader', (tx) =>
    given.recordContribution(tx, {
      kind: 'guidance',
      guideUnitId: bodyId,
      subject: '选题',
      heldOn: '2026-11-17',
      unitId: other.groupId,
    }),
  )
  assert.deepEqual(
    (await liveFacts(other, 'trainer', byBody.id)).map((one) => [one.subjectId, one.attributes.guide]),
    [[other.groupId, 'studyGroup']],
  )
  await assert.rejects(
    other.as('leader', (tx) =>
      given.recordContribution(tx, {
        kind: 'guidance',
        guideUnitId: bodyId,
        subject: '选题',
        heldOn: '2026-11-17',
      }),
    ),
    refusal(/教导处/),
  )
  await other.as('teacher', (tx) =>
    given.rate(tx, { contributionId: made.id, stars: 4, sentence: '说到了点子上' }),
  )
  const mine = await inDistrict(loadMine)
  assert.deepEqual(
    mine.engagements.map((one) => [one.organisationName, one.kind]),
    [['中心小学', 'adviser']],
  )
  assert.deepEqual(
    mine.contributions.map((one) => [one.organisationName, one.subject, one.comments]),
    [['中心小学', '评课', ['说到了点子上']]],
  )
  await other.as('principal', (tx) =>
    invitations.withdrawInvitation(tx, { invitationId: first.id, reason: '调离' }),
  )
  assert.deepEqual(await liveFacts(other, 'trainer', first.id), [])
})

test('routes: the letter and the year come as files, phones and fees only for those who may', async () => {
  const { call } = await createTestClients(services, school)
  await call('principal', 'trainer/addTrainer', {
    name: '戊',
    kind: 'famousTeacher',
    level: 'province',
    phone: '13900000001',
  })
  const list = await call('academicOffice', 'trainer/listTrainers', {})
  const trainer = (list.body as { trainers: { id: string; name: string; phone: string }[] }).trainers.find(
    (one) => one.name === '戊',
  )
  assert.equal(trainer?.phone, '13900000001')
  const seen = (await call('teacher', 'trainer/listTrainers', {})).body as { trainers: { phone: string }[] }
  assert.ok(seen.trainers.every((one) => one.phone === ''))
  const invited = await call('principal', 'trainer/invite', {
    trainerId: trainer?.id,
    kind: 'adviser',
    subject: '校本研修顾问',
    from: '2026-11-18',
    to: '2027-07-09',
  })
  assert.equal((invited.body as { status: string }).status, 'approved')
  const invitationId = (invited.body as { id: string }).id
  const letter = await call('academicOffice', 'trainer/getLetterFile', { invitationId })
  assert.equal(letter.headers['content-type'], 'application/pdf')
  assert.equal((await call('teacher', 'trainer/getLetterFile', { invitationId })).status, 403)
  const sheet = await call('academicOffice', 'trainer/getYearFile', {})
  assert.match(String(sheet.headers['content-type']), /spreadsheetml/)
  assert.equal((await call('teacher', 'trainer/getYearFile', {})).status, 403)
  const stars = await call('teacher', 'trainer/rate', { contributionId: invitationId, stars: 6 })
  assert.equal(stars.status, 400)
})
