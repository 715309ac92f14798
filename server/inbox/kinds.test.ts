import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { getRegimeText } from '../../regimes/read.ts'
import * as activity from '../activity/actions.ts'
import * as participation from '../activity/participation-actions.ts'
import { deliverSupply, requestSupply } from '../duty/actions.ts'
import { confirmGrowth, proposeGrowth } from '../duty/growth-actions.ts'
import { listMatters } from '../notice/matters.ts'
import { systemActor } from '../kit/services.ts'
import { sql, type Tx } from '../kit/sql.ts'
import * as programme from '../programme/actions.ts'
import { listDeliverables } from '../programme/store.ts'
import { rebuildOrganisation, recomputeMarked } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { confirmDuty, listDuties } from '../regime/confirmations.ts'
import * as drafts from '../regime/drafts.ts'
import { listDrafts } from '../regime/drafts-store.ts'
import * as regulation from '../regulation/actions.ts'
import * as slot from '../slot/actions.ts'
import * as design from '../teaching/design-actions.ts'
import * as talk from '../teaching/talk-actions.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import { listWaiting } from './actions.ts'
import { listOwn } from './own.ts'

// Each kind appears for exactly those whose it is, and is gone when it has been done.

const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)
const { people, groupId, as } = school
type Who = keyof TestSchool['people']
const everybody = Object.keys(people) as Who[]
const system = systemActor('test')

/** The regime with one clause that people judge month by month. */
function withManualClause(): string {
  const document = parseDocument(getRegimeText('xinglong'))
  const rules = document.get('rules') as YAMLSeq<YAMLMap>
  const rule = rules.items.find((one) => one.get('id') === 'xinglong-14')
  rule?.delete('form')
  rule?.set('manual', '请核对学校帐目。')
  rule?.set('per', 'month')
  return String(document)
}
await as('principal', async (tx) => {
  await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' })
  await tx.run(sql`UPDATE regime_adoptions SET source = ${withManualClause()} WHERE org_id = ${tx.orgId}`)
})

/** What a person's inbox holds of these entries: `decide` a decision, `do` a task, `again` something sent back. */
async function inboxOf(who: Who, entries: string[]): Promise<string[]> {
  const asks = (what: string) => entries.some((entry) => entry.startsWith(what))
  return as(who, async (tx) => {
    const waiting = asks('decide') ? await listWaiting(tx) : []
    const own = asks('do') || asks('again') ? await listOwn(tx) : { tasks: [], returned: [] }
    return [
      ...waiting.map((item) => `decide ${item.kind}`),
      ...own.tasks.map((task) => `do ${task.key.split(' ')[0]}`),
      ...own.returned.map((item) => `again ${item.kind}`),
    ]
  })
}
/** Who has these entries now. */
async function holders(...entries: string[]): Promise<Record<string, Who[]>> {
  const held = await Promise.all(everybody.map((who) => inboxOf(who, entries)))
  return Object.fromEntries(
    entries.map((entry) => [entry, everybody.filter((_, index) => held[index]?.includes(entry))]),
  )
}

interface Step {
  /** What is done, by whom. */
  by: Who
  act: (tx: Tx) => Promise<unknown>
  /** Who has which entry afterwards; entries of the kind that are not named are nobody's. */
  holds: Record<string, Who[]>
}
const group: Who[] = ['leader', 'teacher', 'colleague']
const others = (who: Who) => group.filter((one) => one !== who)
const ids: Record<string, string> = {}
const keep = (name: string) => (made: { id: string }) => void (ids[name] = made.id)
const id = (name: string) => ids[name] ?? ''

const talkSteps: Step[] = [
  {
    by: 'teacher',
    async act(tx) {
      const made = await talk.startTalk(tx, { title: '三角形的面积' })
      keep('talk')(made)
      const { sections } = await talk.loadForms(tx)
      const words = Object.fromEntries(sections.map((one) => [one.key, `${one.label}：让学生自己想到去拼。`]))
      await talk.saveTalk(tx, { ...made, version: 1, sections: words })
      await talk.submitTalk(tx, made)
    },
    holds: { 'decide talk': ['leader'] },
  },
  {
    by: 'leader',
    act: (tx) => talk.returnTalk(tx, { id: id('talk'), reason: '学情写得太短' }),
    holds: { 'decide talk': [], 'again talk': ['teacher'] },
  },
  { by: 'teacher', act: (tx) => talk.submitTalk(tx, { id: id('talk') }), holds: { 'again talk': [] } },
  {
    by: 'leader',
    async act(tx) {
      await talk.acceptTalk(tx, { id: id('talk'), original: true, remark: '' })
      await talk.timeTalk(tx, { id: id('talk'), seconds: 600 })
    },
    holds: { 'decide talk': [], 'do talkScore': ['leader', 'colleague'] },
  },
  {
    by: 'colleague',
    async act(tx) {
      const { sheet } = await talk.loadForms(tx)
      const points = Object.fromEntries(sheet.criteria.map((one) => [one.id, 1]))
      await talk.scoreTalk(tx, { id: id('talk'), points, comment: '' })
    },
    holds: { 'do talkScore': ['leader'] },
  },
]

const preparationSteps: Step[] = [
  {
    by: 'leader',
    act: (tx) =>
      design
        .assignPreparation(tx, {
          title: '分数的意义',
          unitId: groupId,
          personId: people.teacher,
          dueOn: '2026-11-20',
        })
        .then(keep('design')),
    holds: { 'do draft': ['teacher'] },
  },
  {
    by: 'teacher',
    async act(tx) {
      await design.saveDesign(tx, { id: id('design'), base: 0, body: '<p>先折纸，再说几分之几。</p>' })
      await design.presentDesign(tx, { id: id('design') })
    },
    holds: { 'do draft': [], 'do preparationComment': others('teacher') },
  },
  {
    by: 'colleague',
    act: (tx) =>
      design.commentDesign(tx, { id: id('design'), version: 1, quote: '', text: '折纸要多留时间' }),
    holds: { 'do preparationComment': ['leader'] },
  },
  {
    by: 'teacher',
    async act(tx) {
      await design.saveMinutes(tx, { id: id('design'), minutes: '<p>留足折纸的时间。</p>', on: tx.today })
      await design.settleDesign(tx, { id: id('design') })
    },
    holds: { 'do preparationComment': [], 'do preparationVersion': others('teacher') },
  },
  {
    by: 'colleague',
    act: (tx) => design.adaptDesign(tx, { id: id('design') }),
    holds: { 'do preparationVersion': ['leader'] },
  },
]

const thursday = {
  unitId: groupId,
  weekday: 4,
  dayPart: 'afternoon' as const,
  firstPeriod: 7,
  lastPeriod: 8,
  from: '2026-11-18',
}
const slotSteps: Step[] = [
  {
    by: 'leader',
    act: (tx) => slot.proposeSlot(tx, thursday).then(keep('slot')),
    holds: { 'decide slot': ['academicOffice'] },
  },
  {
    by: 'academicOffice',
    act: (tx) => slot.returnSlot(tx, { id: id('slot'), reason: '和校会冲突' }),
    holds: { 'decide slot': [], 'again slot': ['leader'] },
  },
  {
    by: 'leader',
    act: (tx) => slot.changeSlot(tx, { ...thursday, weekday: 3, id: id('slot'), version: 2 }),
    holds: { 'decide slot': ['academicOffice'], 'again slot': [] },
  },
  {
    by: 'academicOffice',
    act: (tx) => slot.approveSlot(tx, { id: id('slot') }),
    holds: { 'decide slot': [] },
  },
  {
    by: 'leader',
    act: (tx) =>
      slot.shiftOccurrence(tx, { id: id('slot'), day: '2026-11-25', to: '2026-11-26', reason: '督导' }),
    holds: { 'decide shift': ['academicOffice'] },
  },
  {
    by: 'academicOffice',
    async act(tx) {
      const shift = await tx.one<{ id: string }>(sql`SELECT id FROM slot_shifts WHERE org_id = ${tx.orgId}`)
      await slot.decideShift(tx, { id: shift.id, grant: true })
    },
    holds: { 'decide shift': [] },
  },
]

const officeSteps: Step[] = [
  {
    by: 'outsider',
    act: (tx) => requestSupply(tx, { what: '白板笔 20 支', neededOn: '2026-11-20' }).then(keep('supply')),
    holds: { 'decide supply': ['academicOffice'] },
  },
  {
    by: 'academicOffice',
    act: (tx) => deliverSupply(tx, { supplyId: id('supply'), on: tx.today }),
    holds: { 'decide supply': [] },
  },
  {
    by: 'academicOffice',
    async act(tx) {
      const made = await proposeGrowth(tx, {
        personIds: [people.teacher, people.colleague],
        kind: 'candidate',
        word: 'backboneTeacher',
        level: 'school',
        from: tx.today,
      })
      ids.growth = made.ids.join(' ')
    },
    // What was proposed together is one entry.
    holds: { 'decide growth': ['principal'] },
  },
  {
    by: 'principal',
    act: (tx) => confirmGrowth(tx, { proposalIds: id('growth').split(' ') }),
    holds: { 'decide growth': [] },
  },
  {
    by: 'academicOffice',
    async act(tx) {
      const { id: draftId } = await drafts.createDraft(tx, { origin: 'preset:xinglong' })
      const draft = (await listDrafts(tx)).find((one) => one.id === draftId)
      ids.draft = draftId
      await drafts.submitDraft(tx, {
        id: draftId,
        rowVersion: draft?.rowVersion ?? 1,
        schoolYearId: '2026-2027',
        from: '2026-12-01',
      })
    },
    holds: { 'decide regimeVersion': ['principal'] },
  },
  {
    by: 'principal',
    act: (tx) => drafts.returnDraft(tx, { id: id('draft'), because: '先征求意见' }),
    holds: { 'decide regimeVersion': [] },
  },
  {
    by: 'academicOffice',
    act: () => rebuildOrganisation(services, school.id, system),
    holds: { 'decide dutyConfirmation': ['academicOffice'] },
  },
  {
    by: 'academicOffice',
    async act(tx) {
      const { rows } = await listDuties(tx, undefined)
      const row = rows.find((one) => one.ruleId === 'xinglong-14')
      for (const { id: periodId } of row?.periods ?? [])
        await confirmDuty(tx, {
          subject: { kind: 'organisation', id: school.id },
          ruleId: 'xinglong-14',
          periodId,
          result: 'done',
          sentence: '账目已核对',
        })
    },
    holds: {},
  },
  {
    by: 'academicOffice',
    act: () => recomputeMarked(services, school.id, system),
    holds: { 'decide dutyConfirmation': [] },
  },
]

const regulationSteps: Step[] = [
  {
    by: 'academicOffice',
    async act(tx) {
      const made = await regulation.startRegulation(tx, {
        kind: 'learning',
        title: '学习制度',
        clauses: [{ id: 'a', kind: 'clause', text: '每周学习一次。' }],
      })
      keep('regulation')(made)
      await regulation.openConsultation(tx, { ...made, from: tx.today, to: '2026-11-20' })
    },
    holds: { 'do consultation': everybody },
  },
  {
    by: 'teacher',
    act: (tx) =>
      regulation
        .giveOpinion(tx, { id: id('regulation'), clauseId: 'a', stance: 'change', text: '改为两周一次' })
        .then(keep('opinion')),
    holds: { 'do consultation': everybody.filter((who) => who !== 'teacher') },
  },
  {
    by: 'academicOffice',
    act: (tx) => regulation.endConsultation(tx, { id: id('regulation') }),
    holds: {
      'do consultation': [],
      'decide regulationAnswer': ['academicOffice'],
      'decide regulationApproval': [],
    },
  },
  {
    by: 'academicOffice',
    act: (tx) => regulation.answerOpinion(tx, { opinionId: id('opinion'), answer: 'adopted', reason: '' }),
    holds: { 'decide regulationAnswer': [], 'decide regulationApproval': ['principal'] },
  },
  {
    by: 'principal',
    act: (tx) => regulation.approveRegulation(tx, { id: id('regulation'), inForceFrom: '2026-12-01' }),
    holds: { 'decide regulationApproval': [] },
  },
]

const group3 = {
  scope: 'group' as const,
  unitId: groupId,
  kind: 'teamStudy',
  theme: '估算教学',
  content: '以三年级上册为例',
  place: '三楼会议室',
  day: '2026-11-18',
  startTime: '10:10',
  endTime: '11:40',
  hostId: people.leader,
  speakerId: people.teacher,
}
const activitySteps: Step[] = [
  {
    by: 'leader',
    async act(tx) {
      const made = await activity.planActivity(tx, { ...group3, recorderId: people.colleague })
      keep('activity')(made)
      await participation.addMaterial(tx, {
        activityId: made.id,
        title: '《数与代数》选读',
        note: '',
        address: '',
        releasedOn: tx.today,
        byChoice: false,
      })
    },
    holds: { 'do materials': group },
  },
  {
    by: 'teacher',
    act: (tx) => participation.receiveMaterials(tx, { activityId: id('activity'), chosenIds: [] }),
    holds: { 'do materials': ['leader', 'colleague'] },
  },
  {
    by: 'leader',
    act: (tx) => activity.startActivity(tx, id('activity')),
    holds: { 'do materials': [], 'do minutes': [] },
  },
  {
    by: 'colleague',
    act: (tx) =>
      activity.saveMinutes(tx, {
        id: id('activity'),
        version: 0,
        parts: { process: '先听课', opinions: '林小满主讲', agreedView: '先画图再估' },
      }),
    holds: { 'do minutes': [] },
  },
  {
    by: 'leader',
    act: (tx) => activity.closeActivity(tx, { id: id('activity') }),
    holds: { 'do minutes': ['leader'] },
  },
  {
    by: 'leader',
    act: (tx) => participation.confirmMinutes(tx, { activityId: id('activity'), version: 1 }),
    holds: { 'do minutes': [] },
  },
  {
    by: 'academicOffice',
    async act(tx) {
      const made = await activity.planActivity(tx, {
        ...group3,
        scope: 'organisation',
        unitId: null,
        theme: '书法工作坊',
        day: '2026-11-26',
      })
      keep('workshop')(made)
      await participation.setEnrolment(tx, { activityId: made.id, byEnrolment: true, capacity: 1 })
    },
    holds: { 'do movedUp': [] },
  },
  {
    by: 'teacher',
    act: (tx) => participation.enrol(tx, { activityId: id('workshop') }),
    holds: { 'do movedUp': [] },
  },
  {
    by: 'outsider',
    act: (tx) => participation.enrol(tx, { activityId: id('workshop') }),
    holds: { 'do movedUp': [] },
  },
  {
    by: 'teacher',
    act: (tx) => participation.leaveEnrolment(tx, { activityId: id('workshop') }),
    holds: { 'do movedUp': ['outsider'] },
  },
  {
    by: 'outsider',
    act: (tx) => participation.noteMovedUp(tx, { activityId: id('workshop') }),
    holds: { 'do movedUp': [] },
  },
]

const programmeSteps: Step[] = [
  {
    by: 'principal',
    async act(tx) {
      const made = await programme.createProgramme(tx, {
        title: '两年专业知识测试',
        phases: [
          {
            title: '启动',
            from: '2026-11-01',
            to: '2026-12-31',
            deliverables: [
              {
                title: '组内方案',
                owner: 'units',
                unitKind: 'teachingResearchGroup',
                dueOn: '2026-11-25',
                artefact: 'plan',
              },
              { title: '学校方案', owner: 'organisation', dueOn: '2026-11-25', artefact: 'any' },
            ],
          },
        ],
      })
      await programme.publishProgramme(tx, made)
      keep('programme')(made)
    },
    holds: { 'do delivery': ['academicOffice', 'leader'] },
  },
  {
    by: 'leader',
    async act(tx) {
      const [first] = await listDeliverables(tx, [id('programme')])
      const { deliveryId } = await programme.startDelivery(tx, {
        id: id('programme'),
        deliverableId: first?.id ?? '',
        unitId: groupId,
      })
      ids.delivery = deliveryId
      await programme.deliver(tx, { deliveryId, note: '方案已打印' })
    },
    holds: { 'do delivery': ['academicOffice'], 'decide delivery': ['academicOffice'] },
  },
  {
    by: 'academicOffice',
    act: (tx) =>
      programme.decideDelivery(tx, {
        deliveryId: id('delivery'),
        schoolId: null,
        accept: false,
        note: '缺时间安排',
      }),
    holds: { 'decide delivery': [], 'again delivery': ['leader'] },
  },
  {
    by: 'leader',
    act: (tx) => programme.deliver(tx, { deliveryId: id('delivery'), note: '已补时间安排' }),
    holds: { 'decide delivery': ['academicOffice'], 'again delivery': [] },
  },
  {
    by: 'academicOffice',
    act: (tx) => programme.decideDelivery(tx, { deliveryId: id('delivery'), schoolId: null, accept: true }),
    holds: { 'decide delivery': [], 'again delivery': [], 'do delivery': ['academicOffice'] },
  },
  {
    // Nobody accepts the own hand-in: the school's goes to the principal.
    by: 'academicOffice',
    async act(tx) {
      const deliverables = await listDeliverables(tx, [id('programme')])
      const { deliveryId } = await programme.startDelivery(tx, {
        id: id('programme'),
        deliverableId: deliverables[1]?.id ?? '',
        unitId: null,
      })
      await programme.deliver(tx, { deliveryId, note: '学校方案见校园网' })
    },
    holds: { 'decide delivery': ['principal'], 'do delivery': [] },
  },
]

const table: [string, Step[]][] = [
  ['papers of 说课: review, sent back, scores', talkSteps],
  ['preparation together: draft, comments, own versions', preparationSteps],
  ['fixed times and shifts', slotSteps],
  ['supplies, growth, versions of the regime, clauses that people settle', officeSteps],
  ['consultation, answers and approval of a regulation', regulationSteps],
  ['materials, minutes, moved up from the waiting list', activitySteps],
  ['deliverables of a programme, both ways', programmeSteps],
]

for (const [name, steps] of table)
  test(`${name}: for the right person, not for others, gone afterwards`, async () => {
    for (const [index, step] of steps.entries()) {
      await as(step.by, step.act)
      assert.deepEqual(
        await holders(...Object.keys(step.holds)),
        Object.fromEntries(
          Object.entries(step.holds).map(([entry, who]) => [
            entry,
            everybody.filter((one) => who.includes(one)),
          ]),
        ),
        `after step ${index + 1}`,
      )
    }
  })

test('first page, badge and reminders agree with the inbox; another school sees nothing of it', async () => {
  for (const who of everybody) {
    const { body: inbox } = await call(who, 'inbox/listInbox', {})
    const { body: count } = await call(who, 'inbox/getInboxCount', {})
    assert.deepEqual(count, {
      waiting: inbox.waiting.length + inbox.placed.length,
      tasks: inbox.tasks.length,
      returned: inbox.returned.length,
    })
    const { body: home } = await call(who, 'home/getHome', {})
    const waiting = home.waiting.reduce((sum: number, one: { count: number }) => sum + one.count, 0)
    assert.equal(waiting, count.waiting, who)
    const matters = await as(who, (tx) => listMatters(tx, null))
    for (const task of inbox.tasks as { key: string }[])
      assert.ok(
        matters.some((one) => one.matter === task.key),
        `${who}: ${task.key}`,
      )
  }
  const other = await createTestSchool(services, '外校')
  for (const who of everybody)
    assert.deepEqual(await other.as(who, async (tx) => [await listWaiting(tx), await listOwn(tx)]), [
      [],
      { tasks: [], returned: [] },
    ])
})

test('ten times as much that waits is read with the same number of statements', async () => {
  const countOf = (who: Who) =>
    as(who, async (tx) => {
      let count = 0
      const connection = new Proxy(tx.connection, {
        get(target, name) {
          const value = Reflect.get(target, name) as unknown
          if (name === 'query') count++
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      })
      const many = <Row>(statement: Parameters<Tx['many']>[0]) => {
        count++
        return tx.many<Row>(statement)
      }
      const watched = { ...tx, connection, many }
      await listWaiting(watched)
      await listOwn(watched)
      return count
    })
  const ask = (who: Who, times: number) =>
    as(who, async (tx) => {
      for (let index = 0; index < times; index++)
        await requestSupply(tx, { what: `彩纸 ${index}`, neededOn: '2026-12-01' })
      for (let index = 0; index < times; index++) {
        const made = await regulation.startRegulation(tx, {
          kind: 'learning',
          title: `学习制度 ${index}`,
          clauses: [{ id: 'a', kind: 'clause', text: '每周学习一次。' }],
        })
        await regulation.openConsultation(tx, { ...made, from: tx.today, to: '2026-11-25' })
      }
    })
  await ask('academicOffice', 1)
  const few = await countOf('academicOffice')
  await ask('academicOffice', 10)
  assert.ok(few > 10)
  assert.equal(await countOf('academicOffice'), few)
})
