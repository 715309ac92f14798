import { explain } from '../../engine/trace/explain.ts'
import { factKinds } from '../../engine/facts.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { type HandlerContext, room } from '../kit/serve.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import type { LocalDate, Subject } from '../../engine/types.ts'
import {
  findOrganisation,
  findPerson,
  findUnit,
  listMembers,
  listPeople,
  listPosts,
  listUnits,
  listUnitsOfPerson,
} from '../org/store.ts'
import { unitKindLabels } from '../org/contract.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import * as boards from './boards.ts'
import { regimeApi, type SubjectBoard, type TraceAnswer, type TraceRecordRef } from './contract.ts'
import { boardFile } from './export.ts'
import { loadInput } from './input.ts'
import { clausesOf, pageOf, presetListOf, presetOf } from './pages.ts'
import { packFindings, type RuleSummary, unpackFindings } from './rules.ts'
import * as store from './store.ts'

type Context = Pick<HandlerContext<unknown>, 'tx' | 'services'>

/** Has figures of an earlier day worked out anew; the page says so meanwhile. */
async function refresh(services: Services, tx: Tx, board: { isStale: boolean; evaluatedOn: LocalDate | null }, subject: Subject | null) {
  if (board.isStale) await actions.refreshIfStale(services, tx.orgId, board.evaluatedOn, subject)
}

async function personBoard({ tx, services }: Context, personId: string, termId?: string): Promise<SubjectBoard> {
  const person = (await findPerson(tx, personId)) ?? refuseNotFound('人员')
  const units = await listUnitsOfPerson(tx, personId, tx.today)
  demand(can.seePerson(tx.actor, { id: personId, unitIds: units.map((unit) => unit.id) }))
  const view = await boards.findView(tx, termId)
  const board = await boards.loadSubjectBoard(tx, view, {
    kind: 'person',
    id: personId,
    name: person.name,
    note: units.map((unit) => unit.name).join('、'),
  })
  await refresh(services, tx, board, { kind: 'person', id: personId })
  return board
}

/** The earliest day for which any of the findings was worked out; null before the first time. */
const oldest = (rows: { evaluatedOn: LocalDate }[]): LocalDate | null =>
  rows.reduce<LocalDate | null>((day, row) => (day === null || row.evaluatedOn < day ? row.evaluatedOn : day), null)

const byId = (rows: store.TermSummaryRow[]): Map<string, RuleSummary[] | null> =>
  new Map(rows.map((row) => [row.subjectId, row.rules]))

export async function loadGroupBoard({ tx, services }: Context, unitId: string, termId?: string) {
  const unit = (await findUnit(tx, unitId)) ?? refuseNotFound('小组')
  demand(can.seeGroup(tx.actor, unitId))
  const members = await listMembers(tx, unitId, tx.today)
  const leaders = (await listPosts(tx, tx.today)).filter((post) => post.unitId === unitId && post.role === 'groupLeader')
  const view = await boards.findView(tx, termId)
  const kind = unitKindLabels[unit.kind] ?? ''
  const own = await boards.loadSubjectBoard(tx, view, { kind: 'unit', id: unitId, name: unit.name, note: kind })
  const rows = view
    ? await store.listTermSummaries(tx, view.inForce.year.id, view.term.id, members.map((member) => member.personId))
    : []
  const summaries = byId(rows)
  const behind = members.filter((member) => boards.isBehind(summaries.get(member.personId)))
  const sentence = !view
    ? boards.noRegimeSentence
    : behind.length === 0
      ? `${unit.name} ${members.length} 人都没有逾期的事项。${own.sentence}`
      : `${unit.name} ${members.length} 人中有 ${behind.length} 人有逾期事项：${namesOf(behind)}。`
  const head = boards.headOf(tx, view, oldest([...rows, ...(own.evaluatedOn ? [{ evaluatedOn: own.evaluatedOn }] : [])]), sentence)
  await refresh(services, tx, head, null)
  return {
    ...head,
    group: { id: unitId, name: unit.name, kind, leaders: leaders.map((post) => post.personName), members: members.length },
    own,
    members: view
      ? boards.matrixOfPeople(
          view,
          members.map((member) => ({ id: member.personId, name: member.name, note: '' })),
          summaries,
        )
      : { columns: [], rows: [] },
  }
}

const namesOf = (people: { name: string }[]): string =>
  people.length > 6
    ? `${people.slice(0, 6).map((person) => person.name).join('、')}等`
    : people.map((person) => person.name).join('、')

export async function loadSchoolBoard({ tx, services }: Context, termId?: string) {
  demand(can.seeSchool(tx.actor))
  const organisation = await findOrganisation(tx)
  const school = { id: tx.orgId, name: organisation?.name ?? '' }
  const view = await boards.findView(tx, termId)
  const own = await boards.loadSubjectBoard(tx, view, { kind: 'organisation', ...school, note: '' })
  const rows = view ? await store.listTermSummaries(tx, view.inForce.year.id, view.term.id) : []
  const summaries = byId(rows)
  const people = await listPeople(tx, tx.today)
  const units = await listUnits(tx, tx.today)
  const memberships = await store.listMemberships(tx, tx.today, tx.today)
  const leaders = (await listPosts(tx, tx.today)).filter((post) => post.role === 'groupLeader')
  const unitName = new Map(units.map((unit) => [unit.id, unit.name]))
  const present = new Set(people.map((person) => person.id))
  const groups = units
    .filter((unit) => unit.kind !== 'department' && unit.kind !== 'body')
    .map((unit) => {
      const memberIds = memberships
        .filter((one) => one.unitId === unit.id && present.has(one.personId))
        .map((one) => one.personId)
      const leader = leaders.filter((post) => post.unitId === unit.id).map((post) => post.personName)
      return { id: unit.id, name: unit.name, note: [...leader, `${memberIds.length} 人`].join(' · '), memberIds }
    })
    .filter((group) => group.memberIds.length > 0)
  const hasDuties = (id: string) => (summaries.get(id) ?? []).some((rule) => rule.state !== 'notApplicable' && rule.state !== 'manual')
  const bound = people.filter((person) => hasDuties(person.id))
  const peopleBehind = bound.filter((person) => boards.isBehind(summaries.get(person.id)))
  const groupsBehind = groups.filter((group) => boards.isBehind(summaries.get(group.id)))
  const sentence = !view
    ? boards.noRegimeSentence
    : rows.length === 0
      ? '进度正在第一次计算，稍后自动出现。'
      : `全校 ${bound.length} 人中 ${bound.length - peopleBehind.length} 人没有逾期事项${
          peopleBehind.length > 0 ? `，${peopleBehind.length} 人需要帮助` : ''
        }；${groups.length} 个组中${groupsBehind.length === 0 ? '没有组有逾期的活动或计划' : `${groupsBehind.length} 个组有逾期：${namesOf(groupsBehind)}`}。`
  const head = boards.headOf(tx, view, oldest(rows), sentence)
  await refresh(services, tx, head, null)
  const empty = { columns: [], rows: [] }
  return {
    ...head,
    school,
    own,
    groups: view ? boards.matrixOfGroups(view, groups, summaries) : empty,
    people: view
      ? boards.matrixOfPeople(
          view,
          bound.map((person) => ({
            id: person.id,
            name: person.name,
            note: memberships
              .filter((one) => one.personId === person.id)
              .flatMap((one) => unitName.get(one.unitId) ?? [])
              .join('、'),
          })),
          summaries,
        )
      : empty,
    totals: {
      people: bound.length,
      peopleBehind: peopleBehind.length,
      groups: groups.length,
      groupsBehind: groupsBehind.length,
    },
  }
}

/** Finds the subject of an explanation and makes sure that the reader may see it. */
async function demandSubject(tx: Tx, subject: Subject): Promise<string> {
  if (subject.kind === 'organisation') {
    if (subject.id !== tx.orgId) refuseNotFound()
    demand(can.seeSchool(tx.actor))
    return (await findOrganisation(tx))?.name ?? ''
  }
  if (subject.kind === 'unit') {
    const unit = (await findUnit(tx, subject.id)) ?? refuseNotFound('小组')
    demand(can.seeGroup(tx.actor, unit.id))
    return unit.name
  }
  const person = (await findPerson(tx, subject.id)) ?? refuseNotFound('人员')
  const units = await listUnitsOfPerson(tx, person.id, tx.today)
  demand(can.seePerson(tx.actor, { id: person.id, unitIds: units.map((unit) => unit.id) }))
  return person.name
}

async function loadTrace(
  tx: Tx,
  input: { subject: Subject; ruleId: string; regimeId?: string | undefined; minimumId?: string | undefined; periodId?: string | undefined },
): Promise<TraceAnswer> {
  const name = await demandSubject(tx, input.subject)
  const noRule = () => refuse('现行制度中没有这一条，可能已换用新的制度。请从进度页重新进入。', { status: 404, code: 'notFound' })
  const current = (await actions.findYearInForce(tx)) ?? noRule()
  // The period may lie in an earlier school year, whose own regime then explains it.
  const yearId = current.calendar.schoolYears.find((year) => input.periodId?.startsWith(year.id))?.id
  const inForce = yearId && yearId !== current.year.id ? ((await actions.findYearInForce(tx, yearId)) ?? noRule()) : current
  const { calendar, year } = inForce
  const regime =
    inForce.regimes.find(
      ({ regime: one }) =>
        (input.regimeId === undefined || one.id === input.regimeId) && one.rules.some((rule) => rule.id === input.ruleId),
    )?.regime ?? noRule()
  const set = await store.findFindingSet(tx, input.subject, year.id)
  const findings = unpackFindings(set?.findings ?? packFindings([]), input.subject).filter(
    (finding) =>
      finding.regimeId === regime.id &&
      finding.ruleId === input.ruleId &&
      (input.minimumId === undefined || finding.minimumId === input.minimumId),
  )
  const told = Object.values(set?.summary.terms ?? {})
    .flat()
    .find((row) => row.regimeId === regime.id && row.ruleId === input.ruleId && row.periodId !== '')
  const periodId = input.periodId ?? told?.periodId
  const finding =
    findings.find((one) => one.period.id === periodId) ??
    findings.find((one) => one.period.from <= tx.today && tx.today <= one.period.to) ??
    findings[0] ??
    refuse('制度对此没有要求，或进度还没有算出。请稍后从进度页重新进入。', { status: 404, code: 'notFound' })
  const engineInput = await loadInput(tx, { subjects: [input.subject], regimes: [regime], calendar, year })
  const trace = explain(regime, engineInput, finding, tx.today) ?? noRule()
  const facts = new Map(engineInput.facts.map((fact) => [fact.id, fact]))
  const used = trace.facts.flatMap((one) => facts.get(one.factId) ?? [])
  const names = new Map(
    (await store.listRecordNames(tx, used.map((fact) => fact.source))).map((record) => [`${record.room} ${record.id}`, record.title]),
  )
  const subjects = new Map([...engineInput.people, ...engineInput.units].map((one) => [one.id, one.name]))
  const records = trace.facts.map((one): TraceRecordRef => {
    const fact = facts.get(one.factId)
    const kind = (factKinds as Record<string, { label: string }>)[fact?.kind ?? '']?.label ?? ''
    const title = fact ? names.get(`${fact.source.room} ${fact.source.id}`) : undefined
    return {
      ...one,
      title: title || kind || '记录',
      kind,
      unit: finding.unit,
      room: fact?.source.room ?? '',
      recordId: fact?.source.id ?? '',
      about: fact && fact.subject.id !== input.subject.id ? (subjects.get(fact.subject.id) ?? null) : null,
    }
  })
  return {
    trace,
    subject: { ...input.subject, name },
    records,
    periods: findings
      .filter((one) => one.minimumId === finding.minimumId && one.state !== 'notApplicable')
      .map((one) => ({ id: one.period.id, label: one.period.label, state: one.state })),
    evaluatedOn: tx.today,
  }
}

export const regimeRoom = room('regime', regimeApi, {
  async getMyBoard({ tx, services, input }) {
    const personId = tx.actor.personId
    if (!personId || tx.actor.districtId !== null) refuse('您在这所学校没有自己的研修任务。', { status: 404, code: 'notFound' })
    return personBoard({ tx, services }, personId, input.termId)
  },
  getPersonBoard: ({ tx, services, input }) => personBoard({ tx, services }, input.personId, input.termId),
  getGroupBoard: ({ tx, services, input }) => loadGroupBoard({ tx, services }, input.unitId, input.termId),
  getSchoolBoard: ({ tx, services, input }) => loadSchoolBoard({ tx, services }, input.termId),
  getTrace: ({ tx, input }) => loadTrace(tx, input),

  async getRegimePage({ tx, services, input }) {
    const abilities = { adopt: can.adopt(tx.actor) }
    const adoptions = await store.listAdoptions(tx)
    const inForce = await actions.regimesInForce(tx, tx.today)
    const wanted = input.adoptionId
      ? ((await actions.findAdoptedRegime(tx, input.adoptionId)) ?? refuseNotFound('制度'))
      : (inForce[0] ?? (adoptions[0] ? await actions.findAdoptedRegime(tx, adoptions[0].id) : undefined))
    if (!wanted) return { none: true as const, abilities }
    const view = await boards.findView(tx, undefined)
    const binds = inForce.some((one) => one.adoptionId === wanted.adoptionId)
    const rows = view && binds ? await store.listTermSummaries(tx, view.inForce.year.id, view.term.id) : []
    const evaluatedOn = oldest(rows)
    const isStale = view !== null && binds && evaluatedOn !== tx.today
    await refresh(services, tx, { isStale, evaluatedOn }, null)
    return pageOf(wanted, clausesOf(wanted.regime, rows), {
      others: adoptions.map((row) => ({
        id: row.regimeId,
        title: row.title,
        version: row.version,
        level: row.origin === 'own' ? 'school' : 'district',
        adoptionId: row.id,
        current: inForce.some((one) => one.adoptionId === row.id),
        fromOn: row.fromOn,
        schoolYearId: row.schoolYearId,
      })),
      evaluatedOn,
      isStale,
      abilities,
    })
  },
  async listPresets({ tx }) {
    const presets = actions.listPresetRegimes().map(presetOf)
    const current = (await actions.regimesInForce(tx, tx.today)).find((one) => one.level === 'school')
    return presetListOf(presets, await loadCalendar(tx), current, tx.today, tx.actor)
  },
  async adopt({ tx, input }) {
    demand(can.adopt(tx.actor))
    await actions.adoptRegime(tx, input)
    return {}
  },
  async getHours({ tx, input }) {
    const personId = input.personId ?? tx.actor.personId ?? refuseNotFound('人员')
    const name = await demandSubject(tx, { kind: 'person', id: personId })
    const view = await actions.findYearInForce(tx)
    const set = view ? await store.findFindingSet(tx, { kind: 'person', id: personId }, view.year.id) : undefined
    return { person: { id: personId, name }, hours: set?.summary.hours ?? null, evaluatedOn: set?.evaluatedOn ?? null }
  },
  async getBoardFile({ tx, services, input }) {
    const context = { tx, services }
    const needed = () => input.id ?? refuse('请从进度页点“导出”。')
    switch (input.of) {
      case 'person':
        return boardFile({ kind: 'subject', board: await personBoard(context, needed(), input.termId) })
      case 'group': {
        const board = await loadGroupBoard(context, needed(), input.termId)
        return boardFile({ kind: 'matrix', head: board, name: board.group.name, rowTitle: '教师', matrix: board.members })
      }
      default: {
        const board = await loadSchoolBoard(context, input.termId)
        return input.of === 'groups'
          ? boardFile({ kind: 'matrix', head: board, name: `${board.school.name}各组`, rowTitle: '小组', matrix: board.groups })
          : boardFile({ kind: 'matrix', head: board, name: `${board.school.name}教师`, rowTitle: '教师', matrix: board.people })
      }
    }
  },
})
