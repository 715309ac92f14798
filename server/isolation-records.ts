import { createAccount, hashPassword } from './access/actions.ts'
import { closeActivity, planActivity, startActivity } from './activity/actions.ts'
import { addMaterial } from './activity/participation-actions.ts'
import { listMakeUps } from './activity/attendance-store.ts'
import { assignDuty, registerItem, requestSupply } from './duty/actions.ts'
import { addBodyRule } from './duty/body-actions.ts'
import { proposeGrowth } from './duty/growth-actions.ts'
import { requestLeave } from './activity/leave-actions.ts'
import { appealAttendance, saveTraining } from './attendance/actions.ts'
import { recordScores } from './appraisal/actions.ts'
import { issueBooklet } from './documents/actions.ts'
import { createFeed } from './calendar/agenda-actions.ts'
import { saveSpecialWeek } from './calendar/weeks.ts'
import { newId } from './kit/ids.ts'
import { bookLesson, giveLesson } from './lesson/actions.ts'
import { startObservation } from './lesson/observation-actions.ts'
import { rateLesson } from './lesson/rating-actions.ts'
import { generalSheet } from './lesson/sheets.ts'
import { sql } from './kit/sql.ts'
import { noteWeakness, openSurvey, saveModule, saveSurvey } from './need/actions.ts'
import { saveNotice, startNotice } from './notice/actions.ts'
import { insertDelivery } from './notice/message-store.ts'
import { createUnit, recordLongAbsence } from './org/actions.ts'
import { saveCohort } from './org/cohorts.ts'
import { proposeCorrection } from './org/corrections.ts'
import { insertTransfer } from './org/transfer-store.ts'
import { savePlan, startPlan, submitPlan } from './plan/actions.ts'
import { findPlan } from './plan/store.ts'
import { logCourse, openTopic, reply, selectContribution } from './exchange/actions.ts'
import { createProgramme, publishProgramme, startDelivery } from './programme/actions.ts'
import { listDeliverables } from './programme/store.ts'
import { adoptRegime } from './regime/adoption.ts'
import { createDraft } from './regime/drafts.ts'
import { logStudy } from './study/actions.ts'
import { giveOpinion, openConsultation, startRegulation } from './regulation/actions.ts'
import { approveSlot, proposeSlot, shiftOccurrence } from './slot/actions.ts'
import { openStep, startFlow } from './teaching/actions.ts'
import { assignPreparation, commentDesign, presentDesign, saveDesign } from './teaching/design-actions.ts'
import { startTalk } from './teaching/talk-actions.ts'
import type { TestSchool } from './testing.ts'
import { addTrainer } from './trainer/actions.ts'
import { recordContribution } from './trainer/contribution-actions.ts'
import { invite } from './trainer/invitation-actions.ts'
import { recordTitle } from './duty/title-actions.ts'
import { startWork, submitWork } from './work/actions.ts'

/** Stands in every text of the other school, so that a leak can be seen in an answer. */
export const marker = '外校机密'

/**
 * One record of every kind in another school, by the name of the field that asks for it: `field`, `room.field` or
 * `room/endpoint.field`; the most exact name wins.
 */
export async function foreignRecords(school: TestSchool): Promise<Record<string, string>> {
  const { people, groupId } = school
  const day = {
    day: '2026-11-18',
    startTime: '09:00',
    endTime: '10:00',
    place: '会议室',
    theme: marker,
    content: marker,
  }
  const group = {
    ...day,
    scope: 'group' as const,
    unitId: groupId,
    kind: 'teamStudy',
    hostId: people.leader,
    speakerId: people.teacher,
  }
  await school.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const planned = await school.as('leader', (tx) =>
    planActivity(tx, { ...group, startTime: '15:00', endTime: '16:00' }),
  )
  const { materialId } = await school.as('leader', (tx) =>
    addMaterial(tx, {
      activityId: planned.id,
      title: marker,
      note: marker,
      address: '',
      releasedOn: '2026-11-18',
      byChoice: true,
    }),
  )
  const closed = await school.as('leader', (tx) => planActivity(tx, group))
  await school.as('leader', (tx) => startActivity(tx, closed.id))
  await school.as('leader', (tx) => closeActivity(tx, { id: closed.id }))
  const leave = await school.as('teacher', (tx) =>
    requestLeave(tx, { activityId: planned.id, kind: 'sick', reason: marker }),
  )
  const appeal = await school.as('teacher', (tx) =>
    appealAttendance(tx, { activityId: closed.id, wanted: 'present', reason: marker }),
  )
  const training = await school.as('teacher', (tx) =>
    saveTraining(tx, {
      title: marker,
      kind: 'teamStudy',
      organiser: 'college',
      day: '2026-11-17',
      minutes: 180,
      people: [{ personId: people.teacher }],
    }),
  )
  const [makeUp] = await school.as('system', (tx) => listMakeUps(tx, { personId: people.teacher }))
  const work = await school.as('teacher', async (tx) => {
    const started = await startWork(tx, {
      kind: 'reflection',
      title: marker,
      body: `<p>${'这节课上得不好，要改。'.repeat(20)}</p>`,
    })
    await submitWork(tx, started)
    return started
  })
  const study = await school.as('teacher', (tx) =>
    logStudy(tx, { studiedOn: '2026-11-17', kind: 'theory', content: marker, minutes: 90 }),
  )
  const plan = await school.as('teacher', async (tx) => {
    const started = await startPlan(tx, { paper: 'plan', level: 'teacher' })
    const row = await findPlan(tx, started.id)
    await savePlan(tx, {
      id: started.id,
      version: row?.draftVersion ?? 1,
      sections: Object.fromEntries((row?.form ?? []).map((section) => [section.key, marker])),
    })
    await submitPlan(tx, started)
    return started
  })
  await school.as('academicOffice', (tx) =>
    recordScores(tx, {
      part: 'check',
      voice: 'scheduled',
      title: marker,
      scoredOn: '2026-11-17',
      rows: [{ personId: people.teacher, points: 90 }],
    }),
  )
  const issued = await school.as('academicOffice', (tx) =>
    issueBooklet(tx, { personId: people.teacher, schoolYearId: '2026-2027', origin: 'http://other.test' }),
  )
  const regulation = await school.as('academicOffice', async (tx) => {
    const clauses = [{ id: 'one', kind: 'clause' as const, text: marker }]
    const started = await startRegulation(tx, { kind: 'attendance', title: marker, clauses })
    await openConsultation(tx, { id: started.id, from: '2026-11-18', to: '2026-11-20' })
    return started
  })
  const opinion = await school.as('teacher', (tx) =>
    giveOpinion(tx, { id: regulation.id, clauseId: 'one', stance: 'change', text: marker }),
  )
  const slot = await school.as('leader', (tx) =>
    proposeSlot(tx, {
      unitId: groupId,
      title: marker,
      weekday: 4,
      dayPart: 'evening',
      from: '2026-11-18',
    }),
  )
  await school.as('academicOffice', (tx) => approveSlot(tx, slot))
  await school.as('leader', (tx) =>
    shiftOccurrence(tx, { id: slot.id, day: '2026-11-19', to: '2026-11-20', reason: marker }),
  )
  const accountId = await school.as('system', async (tx) =>
    createAccount(tx, {
      personId: people.colleague,
      loginName: 'foreign-colleague',
      passwordHash: await hashPassword('probe-2026'),
      mustChangePassword: false,
    }),
  )
  const first = async (statement: ReturnType<typeof sql>) =>
    (await school.as('system', (tx) => tx.many<{ id: string }>(statement)))[0]?.id ?? ''
  const score = await first(sql`SELECT id FROM scores WHERE org_id = ${school.id} LIMIT 1`)
  const adoption = await first(sql`SELECT id FROM regime_adoptions WHERE org_id = ${school.id} LIMIT 1`)
  await school.as('teacher', (tx) => createFeed(tx, { unitId: null }))
  const feed = await first(sql`SELECT id FROM calendar_feeds WHERE org_id = ${school.id} LIMIT 1`)
  const programme = await school.as('principal', async (tx) => {
    const made = await createProgramme(tx, {
      title: marker,
      phases: [
        {
          title: marker,
          from: '2026-11-01',
          to: '2026-12-31',
          deliverables: [{ title: marker, owner: 'organisation', dueOn: '2026-12-01', artefact: 'any' }],
        },
      ],
    })
    await publishProgramme(tx, made)
    const deliverableId = (await listDeliverables(tx, [made.id]))[0]?.id ?? ''
    return { ...made, deliverableId, ...(await startDelivery(tx, { ...made, deliverableId, unitId: null })) }
  })
  const shift = await first(sql`SELECT id FROM slot_shifts WHERE org_id = ${school.id} LIMIT 1`)
  const post = await first(sql`SELECT id FROM posts WHERE org_id = ${school.id} LIMIT 1`)
  const membership = await first(sql`SELECT id FROM memberships WHERE org_id = ${school.id} LIMIT 1`)
  const absence = await school.as('system', async (tx) => {
    await recordLongAbsence(tx, {
      personId: people.outsider,
      kind: '病假',
      from: '2026-11-20',
      to: null,
      note: marker,
    })
    return tx.one<{ id: string }>(sql`SELECT id FROM long_absences WHERE org_id = ${tx.orgId}`)
  })
  const person = people.teacher
  const confirmationId = newId()
  const resultId = newId()
  await school.as('system', async (tx) => {
    await tx.run(sql`
      INSERT INTO duty_confirmations (org_id, id, regime_id, rule_id, subject_kind, subject_id, school_year_id, period_id,
        period_label, counts_on, result, sentence, confirmed_at)
      VALUES (${tx.orgId}, ${confirmationId}, 'xinglong', 'xinglong-14', 'organisation', ${tx.orgId}, '2026-2027', '2026-2027',
        '2026—2027学年', '2026-11-18', 'done', ${marker}, ${tx.now})`)
    await tx.run(sql`
      INSERT INTO confirmed_results (org_id, id, subject_kind, subject_id, school_year_id, span_id, sequence, findings, traces,
        digest, remark, confirmed_at)
      VALUES (${tx.orgId}, ${resultId}, 'person', ${people.teacher}, '2026-2027', '2026-2027-1', 1, '[]', '[]', '', ${marker},
        ${tx.now})`)
  })
  const lesson = await school.as('teacher', (tx) =>
    bookLesson(tx, {
      kind: 'publicLesson',
      scope: 'organisation',
      teacherId: people.teacher,
      guideId: null,
      subject: '数学',
      className: '三（2）班',
      topic: marker,
      room: marker,
      heldOn: '2026-11-17',
      period: 3,
      contentTags: [],
      note: marker,
    }),
  )
  await school.as('teacher', (tx) => giveLesson(tx, lesson))
  const observation = await school.as('colleague', (tx) => startObservation(tx, { lessonId: lesson.id }))
  const rating = await school.as('colleague', (tx) =>
    rateLesson(tx, {
      id: lesson.id,
      sheetId: generalSheet.id,
      scores: Object.fromEntries(generalSheet.criteria.map((criterion) => [criterion.id, 0])),
      comment: marker,
    }),
  )
  const flow = await school.as('teacher', async (tx) => {
    const { ids } = await startFlow(tx, { flow: 'sixLinks', title: marker, personIds: [], unitId: null })
    const id = ids[0] ?? ''
    return { id, ...(await openStep(tx, { id, stepId: 'introduction' })) }
  })
  const design = await school.as('leader', async (tx) => {
    const { id } = await assignPreparation(tx, {
      title: marker,
      unitId: groupId,
      personId: people.leader,
      dueOn: null,
    })
    await saveDesign(tx, { id, base: 0, body: marker })
    await presentDesign(tx, { id })
    return { id, ...(await commentDesign(tx, { id, version: 1, quote: marker, text: marker })) }
  })
  const talk = await school.as('teacher', (tx) => startTalk(tx, { title: marker }))
  const bodyId = await school.as('system', (tx) =>
    createUnit(tx, { kind: 'body', name: marker, from: '2026-09-01' }),
  )
  await school.as('principal', (tx) => addBodyRule(tx, { unitId: bodyId, rule: 'groupLeaders' }))
  const bodyRule = await first(sql`SELECT id FROM body_member_rules WHERE org_id = ${school.id} LIMIT 1`)
  const duty = await school.as('academicOffice', (tx) =>
    assignDuty(tx, { statement: marker, holderKind: 'person', holderId: people.teacher, from: '2026-09-01' }),
  )
  const item = await school.as('academicOffice', (tx) =>
    registerItem(tx, { kind: 'venue', name: marker, from: '2026-09-01' }),
  )
  const supply = await school.as('teacher', (tx) =>
    requestSupply(tx, { what: marker, neededOn: '2026-12-01' }),
  )
  const { ids: proposals } = await school.as('academicOffice', (tx) =>
    proposeGrowth(tx, {
      personIds: [people.teacher],
      kind: 'candidate',
      word: 'backboneTeacher',
      level: 'school',
      from: '2026-09-01',
      proof: marker,
    }),
  )
  const trainer = await school.as('academicOffice', async (tx) => {
    const added = await addTrainer(tx, { name: marker, kind: 'expert', level: 'city' })
    const invited = await invite(tx, {
      trainerId: added.id,
      kind: 'adviser',
      subject: marker,
      from: '2026-09-01',
      to: '2027-07-09',
    })
    const given = await recordContribution(tx, {
      kind: 'guidance',
      trainerId: added.id,
      subject: marker,
      heldOn: '2026-11-17',
    })
    const title = { title: 'advancedGroup', level: 'district', grantedOn: '2026-11-01', proof: marker }
    const held = await recordTitle(tx, { ...title, unitId: groupId })
    return { id: added.id, invitationId: invited.id, contributionId: given.id, titleId: held.id }
  })
  const draft = await school.as('academicOffice', (tx) => createDraft(tx, { origin: 'preset:xinglong' }))
  const notice = await school.as('academicOffice', async (tx) => {
    const { id } = await startNotice(tx)
    const audience = { whole: null, unitIds: [groupId], cohorts: [], personIds: [], schoolIds: [] }
    await saveNotice(tx, { id, kind: 'general', title: marker, body: marker, audience, confirmByDay: null })
    return id
  })
  const need = await school.as('academicOffice', async (tx) => {
    const survey = await saveSurvey(tx, {
      title: marker,
      note: marker,
      kind: 'trainingNeed',
      layers: ['allTeachers'],
      dueOn: '2026-12-01',
      anonymous: false,
      sharesSummary: true,
      questions: [{ id: 'one', kind: 'text', label: marker, most: 1, options: [] }],
    })
    await openSurvey(tx, survey)
    const about = { layer: '', contentTag: '', source: 'talk' as const, observationId: null }
    const weakness = await noteWeakness(tx, { ...about, unitId: groupId, text: marker })
    const module = await saveModule(tx, {
      title: marker,
      termId: '2026-2027-1',
      contentTag: '',
      layer: 'allTeachers',
      form: '',
      activityKind: '',
      plannedMinutes: 90,
      responsibleId: people.leader,
      unitId: null,
      guidanceCourse: false,
      aim: marker,
      surveyId: survey.id,
      weaknessIds: [],
    })
    return { survey: survey.id, module: module.id, weakness: weakness.id }
  })
  const talked = await school.as('teacher', async (tx) => {
    const topic = await openTopic(tx, { kind: 'question', unitId: groupId, title: marker, body: marker })
    const about = { title: marker, platform: marker, minutes: 30, studiedOn: '2026-11-17' }
    return {
      topic: topic.id,
      ...(await reply(tx, { id: topic.id, body: marker })),
      course: await logCourse(tx, about),
    }
  })
  const selected = await school.as('academicOffice', (tx) =>
    selectContribution(tx, { source: 'reply', sourceId: talked.replyId, level: 'school' }),
  )
  const mailId = newId()
  await school.as('system', (tx) =>
    insertDelivery(tx, {
      id: mailId,
      personId: people.teacher,
      channel: 'email',
      kind: 'digest',
      key: 'digest',
      noticeId: null,
      address: 'someone@school.test',
      subject: marker,
      body: marker,
      html: '',
      status: 'failed',
      nextAt: tx.now,
    }),
  )
  const cohort = await school.as('principal', (tx) =>
    saveCohort(tx, { name: marker, parts: [{ subject: 'age', test: 'below', value: '40' }] }),
  )
  const correction = await school.as('teacher', (tx) =>
    proposeCorrection(tx, { attributes: { degree: marker }, from: '2026-11-18', note: marker }),
  )
  const week = await school.as('academicOffice', (tx) =>
    saveSpecialWeek(tx, { name: marker, from: '2026-11-23', to: '2026-11-29' }),
  )
  const transferId = newId()
  await school.as('system', (tx) =>
    insertTransfer(tx, {
      id: transferId,
      side: 'in',
      personName: marker,
      fromId: newId(),
      fromName: marker,
      fromPersonId: newId(),
      toId: school.id,
      toName: marker,
      toPersonId: people.teacher,
      lastDay: '2026-08-31',
      note: marker,
      carried: 0,
      comparedAt: tx.now,
      withdrawnBecause: null,
    }),
  )
  return {
    cohortId: cohort.id,
    'org.id': cohort.id,
    correctionId: correction.id,
    transferId,
    schoolIds: school.id,
    'calendar.id': week.id,
    personId: person,
    personIds: person,
    hostId: person,
    speakerId: person,
    recorderId: person,
    toPersonId: person,
    leaderId: person,
    ownerId: person,
    accountId,
    accountIds: accountId,
    unitId: groupId,
    unitIds: groupId,
    parentId: groupId,
    activityId: planned.id,
    activityIds: planned.id,
    withActivityId: planned.id,
    materialId,
    chosenIds: materialId,
    guestId: materialId,
    documentId: issued.id,
    adoptionId: adoption,
    postId: post,
    membershipId: membership,
    absenceId: absence.id,
    schoolId: school.id,
    teacherId: person,
    guideId: person,
    lessonId: lesson.id,
    followsId: lesson.id,
    'lesson.id': lesson.id,
    ...Object.fromEntries(
      ['get', 'save', 'submit', 'reopen', 'discard'].map((verb) => [
        `lesson/${verb}Observation.id`,
        observation.id,
      ]),
    ),
    'lesson/getObservationFile.id': observation.id,
    'lesson/readFeedback.id': observation.id,
    'lesson/answerFeedback.id': observation.id,
    'lesson/inspectObservations.ids': observation.id,
    'lesson/scoreComment.observationId': observation.id,
    ratingId: rating.ratingId,
    'plan.parentId': plan.id,
    'activity.id': planned.id,
    'attendance.id': closed.id,
    'attendance/withdrawLeave.id': leave.id,
    'attendance/decideLeave.id': leave.id,
    'attendance/adviseLeave.id': leave.id,
    appealId: appeal.id,
    trainingId: training.id,
    makeUpId: makeUp?.id ?? '',
    'attendance/handInMakeUp.id': makeUp?.id ?? '',
    'attendance/decideMakeUp.id': makeUp?.id ?? '',
    'activityLive.id': closed.id,
    'regime.id': person,
    'regimeDrafts.id': draft.id,
    'regimeParts.id': draft.id,
    draftId: draft.id,
    'regimeResults.id': person,
    confirmationId,
    resultId,
    againstId: adoption,
    'appraisal.id': score,
    'files.id': work.id,
    'inbox.id': work.id,
    'need.id': need.module,
    ...Object.fromEntries(
      [
        'getSurvey',
        'saveSurvey',
        'openSurvey',
        'closeSurvey',
        'discardSurvey',
        'answerSurvey',
        'getSurveyFile',
      ]
        .concat('proposeModules')
        .map((name) => [`need/${name}.id`, need.survey]),
    ),
    'need.surveyId': need.survey,
    'need.weaknessIds': need.weakness,
    'need.weaknessId': need.weakness,
    'need.responsibleId': person,
    'need.observationId': observation.id,
    'exchange.id': talked.topic,
    replyId: talked.replyId,
    'exchange.parentId': talked.replyId,
    'exchange.recordId': planned.id,
    'exchange/openTopic.id': planned.id,
    'exchange.sourceId': talked.topic,
    selectionId: selected.selectionId,
    courseId: talked.course.id,
    'notice.id': notice,
    'notice.schoolIds': school.id,
    'message.deliveryId': mailId,
    'plan.id': plan.id,
    'plan.ids': plan.id,
    'regulation.id': regulation.id,
    opinionId: opinion.id,
    'slot.id': slot.id,
    'programme.id': programme.id,
    deliverableId: programme.deliverableId,
    deliveryId: programme.deliveryId,
    'agenda.id': feed,
    'slot/decideShift.id': shift,
    'study.id': study.id,
    'duty.unitId': bodyId,
    ruleRecordId: bodyRule,
    'duty.regulationId': regulation.id,
    holderId: person,
    keeperId: person,
    dutyId: duty.id,
    itemId: item.id,
    supplyId: supply.id,
    titleId: trainer.titleId,
    trainerId: trainer.id,
    offerId: trainer.id,
    invitationId: trainer.invitationId,
    contributionId: trainer.contributionId,
    guidePersonId: person,
    guideUnitId: bodyId,
    proposalId: proposals[0] ?? '',
    proposalIds: proposals[0] ?? '',
    'teaching.id': flow.id,
    'teaching/listCaseActivities.id': design.id,
    'teaching/linkActivity.id': design.id,
    'teaching/finishStep.links.id': lesson.id,
    runId: flow.id,
    entryId: flow.entryId,
    'design.id': design.id,
    commentId: design.commentId,
    'talk.id': talk.id,
    'work.id': work.id,
    'work.ids': work.id,
  }
}
