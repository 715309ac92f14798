import { schoolYearOf, termOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate, Subject, TermInput } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { localDateOf } from '../kit/dates.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { cleanWriting } from '../kit/paragraphs.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, findUnit, listPosts, listUnitsOfPerson } from '../org/store.ts'
import { can } from './access.ts'
import type { PlanLine } from './contract.ts'
import { type Horizon, type Paper, paperLabels, type PlanLevel } from './words.ts'
import { sectionsFor, usualHorizon } from './forms.ts'
import { filingNumber, filingSeries, filledSections, missingSections, usualTitle } from './rules.ts'
import * as store from './store.ts'

interface PlanPeriod {
  id: string
  name: string
  /** First calendar year of the school year in which it begins. */
  year: string
  termNumber: number | null
}

/** Without a term the one of today, else the next to come, else the last. */
export function termFor(calendar: CalendarInput, today: LocalDate): TermInput | undefined {
  return termOf(calendar, today) ?? calendar.terms.find((term) => term.from > today) ?? calendar.terms.at(-1)
}

/** The period of a paper; `termId` is the id of a term, of a school year, or the first year of a five-year plan. */
function periodFor(
  calendar: CalendarInput,
  horizon: Horizon,
  termId: string | undefined,
  today: LocalDate,
): PlanPeriod {
  const term =
    calendar.terms.find((one) => one.id === termId) ?? (termId ? undefined : termFor(calendar, today))
  if (horizon === 'term') {
    if (!term) refuse('校历里没有这个学期，请先请管理员设置校历。')
    return { id: term.id, name: term.name, year: term.schoolYearId.slice(0, 4), termNumber: term.number }
  }
  const year =
    calendar.schoolYears.find((one) => one.id === (term?.schoolYearId ?? termId)) ??
    schoolYearOf(calendar, today)
  if (horizon === 'schoolYear') {
    if (!year) refuse('校历里没有这个学年，请先请管理员设置校历。')
    return {
      id: year.id,
      name: `${year.id.replace('-', '—')}学年`,
      year: year.id.slice(0, 4),
      termNumber: null,
    }
  }
  // Five-year plans follow the national ones: 2026—2030.
  const asked = /^(\d{4})—\d{4}$/.exec(termId ?? '')?.[1]
  const start = Number(asked ?? today.slice(0, 4))
  const first = start - ((start - 1) % 5)
  return {
    id: `${first}—${first + 4}`,
    name: `${first}—${first + 4}年`,
    year: String(first),
    termNumber: null,
  }
}

/** The owner as people know it; refuses one that does not belong to the school. */
async function ownerName(tx: Tx, level: PlanLevel, ownerId: string): Promise<string> {
  if (level === 'organisation') return '全校'
  if (level === 'teacher') return ((await findPerson(tx, ownerId)) ?? refuseNotFound('人员')).name
  return ((await findUnit(tx, ownerId)) ?? refuseNotFound('组')).name
}

/**
 * The plan above: a teacher's rests on the plan of one of the groups, a group's on the school's, a summary on the
 * plan of the same owner. Null while that one has not been begun.
 */
async function findParent(
  tx: Tx,
  paper: { paper: Paper; level: PlanLevel; ownerId: string; termId: string },
): Promise<string | null> {
  if (paper.paper === 'summary') {
    return (await store.findPlanOf(tx, { ...paper, paper: 'plan' }))?.id ?? null
  }
  if (paper.level === 'group') {
    const school = { paper: 'plan', level: 'organisation', ownerId: tx.orgId, termId: paper.termId } as const
    return (await store.findPlanOf(tx, school))?.id ?? null
  }
  if (paper.level === 'teacher') {
    for (const unit of await groupsOf(tx, paper.ownerId)) {
      const group = { paper: 'plan', level: 'group', ownerId: unit.id, termId: paper.termId } as const
      const found = await store.findPlanOf(tx, group)
      if (found) return found.id
    }
  }
  return null
}

const groupOrder = ['teachingResearchGroup', 'lessonPreparationGroup', 'gradeGroup', 'trainingGroup']
/** The groups of a person, the 教研组 first; no bodies and departments. */
export async function groupsOf(tx: Tx, personId: string): Promise<{ id: string; name: string }[]> {
  const units = await listUnitsOfPerson(tx, personId, tx.today)
  return units
    .filter((unit) => groupOrder.includes(unit.kind))
    .sort((a, b) => groupOrder.indexOf(a.kind) - groupOrder.indexOf(b.kind))
}

/**
 * Begins a paper with the sections that the regimes in force ask for, linked to the plan above where there is one.
 * Each owner has one plan and one summary per period: a paper already begun is given back.
 */
export async function startPlan(
  tx: Tx,
  input: {
    paper: Paper
    level: PlanLevel
    /** Group or person; left out: the person who acts, the only group led, the school. */
    ownerId?: string | undefined
    termId?: string | undefined
    horizon?: Horizon | undefined
    sections?: Record<string, string>
  },
): Promise<{ id: string }> {
  const { paper, level } = input
  const ownerId =
    level === 'organisation'
      ? tx.orgId
      : (input.ownerId ?? (level === 'teacher' ? tx.actor.personId : tx.actor.leads[0]?.unitId))
  if (!ownerId) refuse(level === 'group' ? '请选择是哪一个组的材料。' : '请用本人的账号撰写。')
  demand(can.start(tx.actor, { level, ownerId }))
  const horizon = input.horizon ?? (await usualHorizon(tx))
  const period = periodFor(await loadCalendar(tx), horizon, input.termId, tx.today)
  const key = { paper, level, ownerId, termId: period.id }
  const there = await store.findPlanOf(tx, key)
  if (there) return there
  const id = newId()
  const isNew = await store.insertPlan(tx, {
    ...key,
    id,
    horizon,
    parentId: await findParent(tx, key),
    title: usualTitle({
      paper,
      level,
      horizon,
      ownerName: await ownerName(tx, level, ownerId),
      periodName: period.name,
    }),
    form: await sectionsFor(tx, paper, level),
    sections: cleanSections(input.sections ?? {}),
  })
  if (!isNew) return (await store.findPlanOf(tx, key)) ?? refuseNotFound('计划')
  await audit(tx, { type: 'plan.started', id, payload: key })
  changed(tx, 'plan')
  return { id }
}

function cleanSections(sections: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sections)
      .map(([key, text]) => [key, cleanWriting(text)] as const)
      .filter(([, text]) => text !== ''),
  )
}

async function lockVisible(tx: Tx, id: string): Promise<store.PlanRow> {
  const plan = (await store.lockPlan(tx, id)) ?? refuseNotFound('计划、总结')
  if (can.see(tx.actor, plan) !== null) refuseNotFound('计划、总结')
  return plan
}

function refuseConflict(plan: store.PlanRow): never {
  throw new Refusal('这份材料在另一台设备上改过了。两份都还在，请选择保留哪一份。', {
    status: 409,
    code: 'conflict',
    fields: {
      version: String(plan.draftVersion),
      savedAt: plan.savedAt.toISOString(),
      title: plan.title,
      sections: JSON.stringify(plan.sections),
    },
  })
}

/**
 * Saves the sections of a paper that is still the version that was read. The same text sent again is passed over;
 * another text on top of a newer version is refused (409 `conflict`) with the newer text in `fields`.
 */
export async function savePlan(
  tx: Tx,
  input: { id: string; version: number; title?: string | undefined; sections: Record<string, string> },
): Promise<{ version: number; savedAt: Date }> {
  const plan = await lockVisible(tx, input.id)
  demand(can.edit(tx.actor, plan))
  const known = new Set(plan.form.map((section) => section.key))
  const sections = Object.fromEntries(
    Object.entries(cleanSections(input.sections)).filter(([key]) => known.has(key)),
  )
  const title = input.title?.trim() || plan.title
  const keys = new Set([...Object.keys(sections), ...Object.keys(plan.sections)])
  const isSame = title === plan.title && [...keys].every((key) => sections[key] === plan.sections[key])
  if (isSame) return { version: plan.draftVersion, savedAt: plan.savedAt }
  if (input.version !== plan.draftVersion) refuseConflict(plan)
  await store.updateSections(tx, plan.id, { title, sections })
  changed(tx, 'plan')
  return { version: plan.draftVersion + 1, savedAt: tx.now }
}

/** Links a paper to the plan on which it rests, or to none. */
export async function linkPlan(tx: Tx, input: { id: string; parentId: string | null }): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.edit(tx.actor, plan))
  if (input.parentId !== null) {
    const possible = await listPossibleParents(tx, plan)
    if (!possible.some((parent) => parent.id === input.parentId))
      refuse('只能依据同一时期的上级计划（个人依据组，组依据学校），总结依据自己的计划。')
  }
  await store.updateParent(tx, plan.id, input.parentId)
  changed(tx, 'plan')
}

/** The plans on which a paper may rest. */
export async function listPossibleParents(tx: Tx, plan: store.PlanRow): Promise<store.PlanRow[]> {
  const base = { termIds: [plan.termId], paper: 'plan' as const }
  if (plan.paper === 'summary')
    return store.listPlans(tx, { ...base, level: plan.level, ownerIds: [plan.ownerId] })
  if (plan.level === 'group') return store.listPlans(tx, { ...base, level: 'organisation' })
  if (plan.level === 'teacher' && plan.ownerGroupIds.length > 0)
    return store.listPlans(tx, { ...base, level: 'group', ownerIds: plan.ownerGroupIds })
  return []
}

/** Hands a paper in. Refuses, with the clause, while a required section is empty. */
export async function submitPlan(tx: Tx, input: { id: string; version?: number | undefined }): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.submit(tx.actor, plan))
  if (input.version !== undefined && input.version !== plan.draftVersion) refuseConflict(plan)
  const missing = missingSections(plan.form, plan.sections)
  if (missing.length > 0) {
    const clause = missing.find((section) => section.clause)?.clause
    refuse(
      `${paperLabels[plan.paper]}还缺“${missing.map((section) => section.label).join('”“')}”，请写好后再提交。`,
      {
        code: 'incomplete',
        fields: Object.fromEntries(
          missing.map((section) => [`sections.${section.key}`, `请写“${section.label}”。`]),
        ),
        ...(clause ? { clause } : {}),
      },
    )
  }
  if (plan.parentId === null) {
    const parentId = await findParent(tx, plan)
    if (parentId) await store.updateParent(tx, plan.id, parentId)
  }
  await step(tx, plan, 'submitted', 'submitted', '')
}

async function step(
  tx: Tx,
  plan: store.PlanRow,
  name: Parameters<typeof store.insertStep>[1]['step'],
  status: store.PlanRow['status'],
  opinion: string,
  payload: Record<string, unknown> = {},
): Promise<void> {
  await store.insertStep(tx, { id: newId(), planId: plan.id, step: name, status, opinion })
  await audit(tx, { type: `plan.${name}`, id: plan.id, payload: { title: plan.title, opinion, ...payload } })
  changed(tx, 'plan', 'inbox')
}

/** The writer takes a paper back before it is reviewed. */
export async function takeBackPlan(tx: Tx, input: { id: string }): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.takeBack(tx.actor, plan))
  await step(tx, plan, 'takenBack', 'draft', '')
}

/** Passes a paper, with an opinion; it then waits for the stamp. */
export async function reviewPlan(tx: Tx, input: { id: string; opinion?: string }): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.review(tx.actor, plan))
  await step(tx, plan, 'reviewed', 'reviewed', (input.opinion ?? '').trim())
}

/** Sends a paper back to its writer with the reason, before or after the review. */
export async function returnPlan(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.return(tx.actor, plan))
  const reason = input.reason.trim()
  if (reason === '')
    refuse('退回时请写明原因，让撰写人知道怎样修改。', { fields: { reason: '请写明原因。' } })
  await step(tx, plan, 'returned', 'returned', reason)
}

function subjectOf(plan: store.PlanRow): Subject {
  const kinds = { organisation: 'organisation', group: 'unit', teacher: 'person' } as const
  return { kind: kinds[plan.level], id: plan.ownerId }
}

function attributesOf(plan: store.PlanRow, filedWith: 'school' | 'district') {
  return {
    paper: plan.paper,
    level: plan.level,
    parts: filledSections(plan.sections),
    linkedUpward: plan.parentId !== null,
    horizon: plan.horizon,
    filedWith,
  }
}

/**
 * Stamps a reviewed paper and files it under the next number of its series. It counts on the day on which its owner
 * handed it in, so that nobody is late because the office was. Returns the number.
 */
export async function filePlan(
  tx: Tx,
  input: { id: string; opinion?: string },
): Promise<{ filingNumber: string }> {
  const plan = await lockVisible(tx, input.id)
  demand(can.file(tx.actor, plan))
  const period = periodFor(await loadCalendar(tx), plan.horizon, plan.termId, tx.today)
  const series = filingSeries({ ...plan, year: period.year, termNumber: period.termNumber })
  const number = filingNumber(series, await store.takeFilingNumber(tx, series))
  await store.markFiled(tx, plan.id, number)
  await step(tx, plan, 'filed', 'filed', (input.opinion ?? '').trim(), { number })
  await recordFacts(tx, [
    {
      kind: 'plan.filed',
      subject: subjectOf(plan),
      on: plan.submittedAt ? localDateOf(plan.submittedAt) : tx.today,
      quantity: 1,
      attributes: attributesOf(plan, 'school'),
      source: { room: 'plan', id: plan.id },
      key: `plan:${plan.id}:${plan.filings + 1}`,
    },
  ])
  return { filingNumber: number }
}

/** Files several papers; those that cannot be filed stay and are named with the reason. */
export async function filePlans(
  tx: Tx,
  input: { ids: string[] },
): Promise<{ filed: number; refused: { id: string; reason: string }[] }> {
  const refused: { id: string; reason: string }[] = []
  let filed = 0
  // In one order everywhere, so that two at once cannot wait for each other.
  for (const id of [...new Set(input.ids)].sort()) {
    try {
      await filePlan(tx, { id })
      filed++
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ id, reason: error.message })
    }
  }
  return { filed, refused }
}

/** The principal takes a filing back with the reason: the paper goes to its writer and no longer counts. */
export async function withdrawFiling(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.withdrawFiling(tx.actor, plan))
  const reason = input.reason.trim()
  if (reason === '') refuse('撤销备案时请写明原因。', { fields: { reason: '请写明原因。' } })
  await reverseFacts(tx, { room: 'plan', id: plan.id })
  await store.clearFiling(tx, plan.id)
  await step(tx, plan, 'withdrawn', 'returned', `备案号 ${plan.filingNumber} 作废：${reason}`, {
    number: plan.filingNumber,
  })
}

/** Notes the number under which the district has filed a paper of the school; it counts as filed with the district. */
export async function fileWithDistrict(
  tx: Tx,
  input: { id: string; number: string; on: LocalDate },
): Promise<void> {
  const plan = await lockVisible(tx, input.id)
  demand(can.fileWithDistrict(tx.actor, plan))
  if (input.on > tx.today) refuse('区里备案的日期还没有到，请核对。', { fields: { on: '日期还没有到。' } })
  await store.markDistrictFiling(tx, plan.id, input.number.trim(), input.on)
  await step(tx, plan, 'filedWithDistrict', 'filed', `区备案号 ${input.number.trim()}`, { on: input.on })
  await recordFacts(tx, [
    {
      kind: 'plan.filed',
      subject: subjectOf(plan),
      on: input.on,
      quantity: 1,
      attributes: attributesOf(plan, 'district'),
      source: { room: 'plan', id: plan.id },
      key: `plan:${plan.id}:${plan.filings}:district`,
    },
  ])
}

/** A paper as a line of a list. */
export function lineOf(plan: store.PlanRow): PlanLine {
  return {
    id: plan.id,
    paper: plan.paper,
    level: plan.level,
    horizon: plan.horizon,
    owner: { id: plan.ownerId, name: plan.ownerName },
    termId: plan.termId,
    title: plan.title,
    status: plan.status,
    filingNumber: plan.filingNumber,
    stampedOn: plan.stampedOn,
    districtNumber: plan.districtNumber,
    savedAt: plan.savedAt,
    submittedAt: plan.submittedAt,
    opinion: plan.opinion,
    missingSections: missingSections(plan.form, plan.sections).map((section) => section.label),
  }
}

/**
 * Papers that wait for the person who acts, each with what is to be decided. What a group leader reviews does not
 * also wait for the office, and what 教导处 can stamp does not also wait for the principal.
 */
export async function listPlansToDecide(tx: Tx): Promise<(PlanLine & { decision: 'review' | 'file' })[]> {
  const rows = await store.listPlans(tx, { statuses: ['submitted', 'reviewed'] })
  if (rows.length === 0) return []
  const posts = await listPosts(tx, tx.today)
  const isAcademic = tx.actor.roles.includes('academicOffice')
  const result: (PlanLine & { decision: 'review' | 'file' })[] = []
  for (const plan of rows) {
    const isFree = (personId: string) =>
      personId !== plan.submittedBy && !(plan.level === 'teacher' && personId === plan.ownerId)
    const academicFree = posts.some((post) => post.role === 'academicOffice' && isFree(post.personId))
    const leaders = posts.filter(
      (post) =>
        post.role === 'groupLeader' && post.unitId !== null && plan.ownerGroupIds.includes(post.unitId),
    )
    const leadsIt = leaders.some((post) => post.personId === tx.actor.personId)
    const isMine = leadsIt || isAcademic || !academicFree || plan.level === 'organisation'
    if (can.review(tx.actor, plan) === null) {
      const leaderFirst = !leadsIt && leaders.some((post) => isFree(post.personId))
      if (isMine && !leaderFirst) result.push({ ...lineOf(plan), decision: 'review' })
    } else if (can.file(tx.actor, plan) === null && isMine) result.push({ ...lineOf(plan), decision: 'file' })
  }
  return result
}

/** Papers of a person, of the groups led and (for the offices) of the school that came back with a reason. */
export async function listReturnedPlans(tx: Tx, personId: string): Promise<PlanLine[]> {
  const ownerIds = [personId, ...tx.actor.leads.map((lead) => lead.unitId), tx.orgId]
  const rows = await store.listPlans(tx, { statuses: ['returned'], ownerIds })
  return rows.filter((plan) => can.edit(tx.actor, plan) === null).map(lineOf)
}
