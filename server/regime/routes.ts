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
import { unitKindLabels } from '../org/words.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import {
  regimesInForce,
  findAdoptedRegime,
  listPresetRegimes,
  adoptRegime,
  findYearInForce,
} from './adoption.ts'
import * as boards from './boards.ts'
import { regimeApi, type SubjectBoard } from './contract.ts'
import { boardFile } from './export.ts'
import { listSwitchedOff } from './drafts-store.ts'
import { demandFreeDay } from './drafts.ts'
import { clausesOf, pageOf, presetListOf, presetOf } from './pages.ts'
import type { RuleSummary } from './rules.ts'
import * as store from './store.ts'
import { loadTrace } from './trace.ts'

type Context = Pick<HandlerContext<unknown>, 'tx' | 'services'>

/** Has figures of an earlier day worked out anew; the page says so meanwhile. */
async function refresh(
  services: Services,
  tx: Tx,
  board: { isStale: boolean; evaluatedOn: LocalDate | null },
  subject: Subject | null,
) {
  if (board.isStale) await actions.refreshIfStale(services, tx.orgId, board.evaluatedOn, subject)
}

async function personBoard(
  { tx, services }: Context,
  personId: string,
  termId?: string,
): Promise<SubjectBoard> {
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
  rows.reduce<LocalDate | null>(
    (day, row) => (day === null || row.evaluatedOn < day ? row.evaluatedOn : day),
    null,
  )

const byId = (rows: store.TermSummaryRow[]): Map<string, RuleSummary[] | null> =>
  new Map(rows.map((row) => [row.subjectId, row.rules]))

async function loadGroupBoard({ tx, services }: Context, unitId: string, termId?: string) {
  const unit = (await findUnit(tx, unitId)) ?? refuseNotFound('小组')
  demand(can.seeGroup(tx.actor, unitId))
  const members = await listMembers(tx, unitId, tx.today)
  const leaders = (await listPosts(tx, tx.today)).filter(
    (post) => post.unitId === unitId && post.role === 'groupLeader',
  )
  const view = await boards.findView(tx, termId)
  const kind = unitKindLabels[unit.kind] ?? ''
  const own = await boards.loadSubjectBoard(tx, view, {
    kind: 'unit',
    id: unitId,
    name: unit.name,
    note: kind,
  })
  const rows = view
    ? await store.listTermSummaries(
        tx,
        view.inForce.year.id,
        view.term.id,
        members.map((member) => member.personId),
      )
    : []
  const summaries = byId(rows)
  const behind = members.filter((member) => boards.isBehind(summaries.get(member.personId)))
  const sentence = !view
    ? boards.noRegimeSentence
    : behind.length === 0
      ? `${unit.name} ${members.length} 人都没有逾期的事项。${own.sentence}`
      : `${unit.name} ${members.length} 人${dueText(boards.dueOf(members.map((member) => summaries.get(member.personId))).share)}；${behind.length} 人有逾期，最多的是${mostBehind(
          behind.map((member) => ({ id: member.personId, name: member.name })),
          summaries,
        )}。`
  const head = boards.headOf(
    tx,
    view,
    oldest([...rows, ...(own.evaluatedOn ? [{ evaluatedOn: own.evaluatedOn }] : [])]),
    sentence,
  )
  await refresh(services, tx, head, null)
  return {
    ...head,
    group: {
      id: unitId,
      name: unit.name,
      kind,
      leaders: leaders.map((post) => post.personName),
      members: members.length,
    },
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

const dueText = (share: number | null): string => (share === null ? '' : `，到期事项已完成 ${share}%`)

const namesOf = (people: { name: string }[]): string =>
  people.length > 6
    ? `${people
        .slice(0, 6)
        .map((person) => person.name)
        .join('、')}等`
    : people.map((person) => person.name).join('、')

async function loadSchoolBoard({ tx, services }: Context, termId?: string) {
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
      return {
        id: unit.id,
        name: unit.name,
        note: [...leader, `${memberIds.length} 人`].join(' · '),
        memberIds,
      }
    })
    .filter((group) => group.memberIds.length > 0)
  const hasDuties = (id: string) =>
    (summaries.get(id) ?? []).some((rule) => rule.state !== 'notApplicable' && rule.state !== 'manual')
  const bound = people.filter((person) => hasDuties(person.id))
  const peopleBehind = bound.filter((person) => boards.isBehind(summaries.get(person.id)))
  const groupsBehind = groups.filter((group) => boards.isBehind(summaries.get(group.id)))
  const due = boards.dueOf(bound.map((person) => summaries.get(person.id)))
  const sentence = !view
    ? boards.noRegimeSentence
    : rows.length === 0
      ? '进度正在第一次计算，稍后自动出现。'
      : `全校 ${bound.length} 人${dueText(due.share)}${
          peopleBehind.length > 0
            ? `；${peopleBehind.length} 人有逾期，最多的是${mostBehind(peopleBehind, summaries)}`
            : ''
        }。${
          groupsBehind.length === 0
            ? `${groups.length} 个组的活动和计划都没有逾期。`
            : `${groups.length} 个组中 ${groupsBehind.length} 个组有逾期：${namesOf(groupsBehind)}。`
        }`
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
      ...due,
    },
  }
}

/** The three with the most that is late: 张伟（5 项）. */
function mostBehind(
  people: { id: string; name: string }[],
  summaries: Map<string, RuleSummary[] | null>,
): string {
  return people
    .map((person) => ({ ...person, late: boards.dueOf([summaries.get(person.id)]).overdue }))
    .sort((a, b) => b.late - a.late)
    .slice(0, 3)
    .map((person) => `${person.name}（${person.late} 项）`)
    .join('、')
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

export const regimeRoom = room('regime', regimeApi, {
  async getMyBoard({ tx, services, input }) {
    const personId = tx.actor.personId
    if (!personId || tx.actor.districtId !== null)
      refuse('您在这所学校没有自己的研修任务。', { status: 404, code: 'notFound' })
    return personBoard({ tx, services }, personId, input.termId)
  },
  getPersonBoard: ({ tx, services, input }) => personBoard({ tx, services }, input.personId, input.termId),
  getGroupBoard: ({ tx, services, input }) => loadGroupBoard({ tx, services }, input.unitId, input.termId),
  getSchoolBoard: ({ tx, services, input }) => loadSchoolBoard({ tx, services }, input.termId),
  async getTrace({ tx, input }) {
    return loadTrace(tx, input, await demandSubject(tx, input.subject))
  },

  async getRegimePage({ tx, services, input }) {
    const abilities = { adopt: can.adopt(tx.actor) }
    const adoptions = await store.listAdoptions(tx)
    const inForce = await regimesInForce(tx, tx.today)
    const wanted = input.adoptionId
      ? ((await findAdoptedRegime(tx, input.adoptionId)) ?? refuseNotFound('制度'))
      : (inForce[0] ?? (adoptions[0] ? await findAdoptedRegime(tx, adoptions[0].id) : undefined))
    if (!wanted) return { none: true as const, abilities }
    const view = await boards.findView(tx, undefined)
    const binds = inForce.some((one) => one.adoptionId === wanted.adoptionId)
    const rows = view && binds ? await store.listTermSummaries(tx, view.inForce.year.id, view.term.id) : []
    const evaluatedOn = oldest(rows)
    const isStale = view !== null && binds && evaluatedOn !== tx.today
    await refresh(services, tx, { isStale, evaluatedOn }, null)
    const off = (await listSwitchedOff(tx)).get(wanted.adoptionId) ?? {}
    return pageOf(wanted, clausesOf(wanted.regime, rows), {
      switchedOff: Object.values(off).map(({ clause, title, because }) => ({ clause, title, because })),
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
    const presets = listPresetRegimes().map(presetOf)
    const current = (await regimesInForce(tx, tx.today)).find((one) => one.level === 'school')
    return presetListOf(presets, await loadCalendar(tx), current, tx.today, tx.actor)
  },
  async adopt({ tx, input }) {
    demand(can.adopt(tx.actor))
    const preset = listPresetRegimes().find((one) => one.id === input.regimeId)
    if (preset) await demandFreeDay(tx, input.from, { regimeId: preset.id, version: preset.version })
    await adoptRegime(tx, input)
    return {}
  },
  async getHours({ tx, input }) {
    const personId = input.personId ?? tx.actor.personId ?? refuseNotFound('人员')
    const name = await demandSubject(tx, { kind: 'person', id: personId })
    const view = await findYearInForce(tx)
    const set = view
      ? await store.findFindingSet(tx, { kind: 'person', id: personId }, view.year.id)
      : undefined
    return {
      person: { id: personId, name },
      hours: set?.summary.hours ?? null,
      evaluatedOn: set?.evaluatedOn ?? null,
    }
  },
  async getBoardFile({ tx, services, input }) {
    const context = { tx, services }
    const needed = () => input.id ?? refuse('请从进度页点“导出”。')
    switch (input.of) {
      case 'person':
        return boardFile({ kind: 'subject', board: await personBoard(context, needed(), input.termId) })
      case 'group': {
        const board = await loadGroupBoard(context, needed(), input.termId)
        return boardFile({
          kind: 'matrix',
          head: board,
          name: board.group.name,
          rowTitle: '教师',
          matrix: board.members,
        })
      }
      default: {
        const board = await loadSchoolBoard(context, input.termId)
        return input.of === 'groups'
          ? boardFile({
              kind: 'matrix',
              head: board,
              name: `${board.school.name}各组`,
              rowTitle: '小组',
              matrix: board.groups,
            })
          : boardFile({
              kind: 'matrix',
              head: board,
              name: `${board.school.name}教师`,
              rowTitle: '教师',
              matrix: board.people,
            })
      }
    }
  },
})
