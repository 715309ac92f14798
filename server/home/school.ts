import { addDays, daysBetween } from '../../engine/days.ts'
import { minimaOf } from '../../engine/schema.ts'
import { isAsked } from '../../engine/summary.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { listLeaves, listMakeUps } from '../activity/attendance-store.ts'
import type { ActivityLine } from '../activity/contract.ts'
import { proposeSpeaker } from '../activity/actions.ts'
import { listLines } from '../activity/queries.ts'
import type { InboxItem } from '../inbox/contract.ts'
import { inboxKindLabels } from '../inbox/words.ts'
import { localDateOf } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { listMembers, listPeople, listPosts, listUnits } from '../org/store.ts'
import { type BoardView, isBehind, loadSubjectBoard } from '../regime/boards.ts'
import { clausesOf } from '../regime/pages.ts'
import type { RuleSummary } from '../regime/rules.ts'
import { listMemberships, listTermSummaries, type TermSummaryRow } from '../regime/store.ts'
import type { GroupPart, HomeActivity, OfficePart, PrincipalPart, Waiting } from './contract.ts'
import { behindOf, datesAhead, dayLabel, traceOf, weekAround } from './rules.ts'

/** What waits for the caller, by kind in the order of urgency. */
export function waitingOf(items: InboxItem[], today: LocalDate): Waiting[] {
  const kinds = new Map<string, Waiting>()
  for (const item of items) {
    const days = Math.max(0, daysBetween(localDateOf(item.waitingSince), today))
    const known = kinds.get(item.kind)
    if (known) {
      known.count++
      known.days = Math.max(known.days, days)
    } else kinds.set(item.kind, { kind: item.kind, label: inboxKindLabels[item.kind], count: 1, days })
  }
  return [...kinds.values()]
}

export function activityOf(line: ActivityLine, today: LocalDate): HomeActivity {
  return {
    id: line.id,
    theme: line.theme,
    kindLabel: line.kindLabel,
    unitName: line.unit?.name ?? '全校',
    day: line.day,
    dayLabel: dayLabel(line.day, today),
    startTime: line.startTime,
    endTime: line.endTime,
    place: line.place,
    speakerName: line.speakerName,
    status: line.status,
    expected: line.expected,
    attended: line.attended,
    canOpen: line.canOpen,
    mayRun: line.abilities.run === null,
  }
}

const titleIn = (view: BoardView) => (summary: RuleSummary) => {
  const known = view.rules.get(`${summary.regimeId}|${summary.ruleId}`)
  if (!known) return ''
  return (
    minimaOf(known.regime, known.rule).find((one) => one.id === summary.minimumId)?.title ?? known.rule.title
  )
}

// ── Group leader ──────────────────────────────────────────────────────────────

/** A group that the caller leads: the activity to run, who needs help, what the group itself owes. */
export async function loadGroup(
  tx: Tx,
  view: BoardView | null,
  unit: { id: string; name: string; kind: string },
): Promise<GroupPart> {
  const isGroup = unit.kind !== 'body' && unit.kind !== 'department'
  const lines = await listLines(tx, {
    from: addDays(tx.today, -14),
    to: addDays(tx.today, 21),
    unitId: unit.id,
  })
  const open = lines.filter((line) => line.status === 'planned' || line.status === 'running')
  const ahead = open.filter((line) => line.day >= tx.today)
  const next = ahead.find((line) => line.status === 'running') ?? ahead[0]
  const members = isGroup ? await listMembers(tx, unit.id, tx.today) : []
  const part: GroupPart = {
    unit: { id: unit.id, name: unit.name, isGroup },
    sentence: '',
    unclosed: open.filter((line) => line.day < tx.today).map((line) => activityOf(line, tx.today)),
    next: next ? activityOf(next, tx.today) : null,
    speaker: !next && isGroup ? (await proposeSpeaker(tx, unit.id, tx.today)).because : '',
    behind: [],
    duty: null,
  }
  if (!view || !isGroup) return part
  const { year } = view.inForce
  const rows = await listTermSummaries(
    tx,
    year.id,
    view.term.id,
    members.map((member) => member.personId),
  )
  const summaries = byId(rows)
  const behind = behindOf(
    members.map((member) => ({ id: member.personId, name: member.name, note: '' })),
    summaries,
    titleIn(view),
  )
  const own = await loadSubjectBoard(tx, view, { kind: 'unit', id: unit.id, name: unit.name, note: '' })
  const duty = own.rows
    .filter((row) => isAsked(row.state) && row.state !== 'done' && row.target !== null)
    .sort((a, b) => rank(a.state) - rank(b.state) || ((a.dueOn ?? '9') < (b.dueOn ?? '9') ? -1 : 1))[0]
  return {
    ...part,
    sentence:
      rows.length === 0
        ? '进度正在第一次计算，稍后自动出现。'
        : behind.length === 0
          ? `${members.length} 位组员都没有逾期的事项。`
          : behind.length === members.length
            ? `${members.length} 位组员都有逾期的事项，先帮下面几位。`
            : `${members.length} 位组员中，${behind.length} 位有逾期的事项。`,
    behind: behind.slice(0, 3),
    duty: duty
      ? {
          title: duty.title,
          state: duty.state,
          value: duty.value,
          target: duty.target,
          unit: duty.unit,
          sentence: duty.sentence,
          place: traceOf(duty, { kind: 'unit', id: unit.id }, duty.periodId),
        }
      : null,
  }
}

const order = ['overdue', 'dueSoon', 'partly', 'open']
const rank = (state: string): number => (order.indexOf(state) + order.length + 1) % (order.length + 1)

const byId = (rows: TermSummaryRow[]): Map<string, RuleSummary[] | null> =>
  new Map(rows.map((row) => [row.subjectId, row.rules]))

// ── The school ────────────────────────────────────────────────────────────────

export interface School {
  rows: TermSummaryRow[]
  summaries: Map<string, RuleSummary[] | null>
  people: { id: string; name: string; note: string }[]
  groups: { id: string; name: string; leaders: string; memberIds: string[] }[]
}

/** What the office and the principal both look at, read once. */
export async function loadSchool(tx: Tx, view: BoardView | null): Promise<School> {
  const rows = view ? await listTermSummaries(tx, view.inForce.year.id, view.term.id) : []
  const people = await listPeople(tx, tx.today)
  const memberships = await listMemberships(tx, tx.today, tx.today)
  const posts = await listPosts(tx, tx.today)
  const units = (await listUnits(tx, tx.today)).filter(
    (unit) => unit.kind !== 'department' && unit.kind !== 'body',
  )
  const serving = new Set(people.map((person) => person.id))
  const groups = units
    .map((unit) => ({
      id: unit.id,
      name: unit.name,
      leaders: posts
        .filter((post) => post.unitId === unit.id && post.role === 'groupLeader')
        .map((post) => post.personName)
        .join('、'),
      memberIds: memberships
        .filter((one) => one.unitId === unit.id && serving.has(one.personId))
        .map((one) => one.personId),
    }))
    .filter((group) => group.memberIds.length > 0)
  const groupsOf = (id: string) =>
    groups.filter((group) => group.memberIds.includes(id)).map((group) => group.name)
  return {
    rows,
    summaries: byId(rows),
    people: people.map((person) => ({
      id: person.id,
      name: person.name,
      note: groupsOf(person.id).join('、'),
    })),
    groups,
  }
}

const mostBehind = 8

export async function loadOffice(
  tx: Tx,
  view: BoardView | null,
  school: School,
  calendar: CalendarInput,
): Promise<OfficePart> {
  const week = weekAround(tx.today)
  const lines = (await listLines(tx, week)).filter((line) => line.status !== 'cancelled')
  const held = new Set(lines.flatMap((line) => line.unit?.id ?? []))
  const makeUps = await listMakeUps(tx, {})
  const due = makeUps.filter((makeUp) => makeUp.status === 'due' || makeUp.status === 'returned')
  const behind = view ? behindOf(school.people, school.summaries, titleIn(view)) : []
  const bound = school.people.filter((person) =>
    (school.summaries.get(person.id) ?? []).some((summary) => isAsked(summary.state)),
  )
  return {
    people: bound.length,
    behindTotal: behind.length,
    behind: behind.slice(0, mostBehind),
    today: lines.filter((line) => line.day === tx.today).map((line) => activityOf(line, tx.today)),
    week: lines.filter((line) => line.day !== tx.today).map((line) => activityOf(line, tx.today)),
    idle: school.groups.filter((group) => !held.has(group.id)).map((group) => group.name),
    attendance: {
      leavesAsked: (await listLeaves(tx, { status: 'asked' })).length,
      makeUpsToConfirm: makeUps.filter((makeUp) => makeUp.status === 'handedIn').length,
      makeUpsDue: due.length,
      makeUpsOverdue: due.filter((makeUp) => makeUp.dueOn < tx.today).length,
    },
    dates: datesAhead(calendar, tx.today),
  }
}

/** How many of all have nothing late, in words that also suit nobody and everybody. */
function keepingUp(all: number, onTrack: number): string {
  if (onTrack === all) return `${all} 位教师都没有逾期的事项`
  if (onTrack === 0) return `${all} 位教师都有逾期的事项`
  return `${all} 位教师中 ${onTrack} 位没有逾期的事项`
}

const mostRules = 6

/** The school against its regimes: one sentence, the clauses that are kept least, the groups by how they keep up. */
export function principalOf(view: BoardView, school: School): PrincipalPart {
  const clauses = view.inForce.regimes.flatMap(({ regime, level }) =>
    clausesOf(regime, school.rows).flatMap((clause) =>
      clause.share
        ? [{ ...clause.share, clause, level, regimeId: regime.id, key: `${regime.id} ${clause.ruleId}` }]
        : [],
    ),
  )
  const kept = clauses.filter((one) => one.onTrack === one.bound).length
  const lowest = clauses
    .filter((one) => one.onTrack < one.bound)
    .sort((a, b) => a.onTrack / a.bound - b.onTrack / b.bound || b.bound - a.bound)
  const bound = school.people.filter((person) =>
    (school.summaries.get(person.id) ?? []).some((summary) => isAsked(summary.state)),
  )
  const behind = bound.filter((person) => isBehind(school.summaries.get(person.id))).length
  const title = view.inForce.regimes[0]?.regime.title ?? ''
  const sentence =
    clauses.length === 0
      ? '进度正在第一次计算，稍后自动出现。'
      : `对照《${title}》${view.inForce.regimes.length > 1 ? '和区级制度' : ''}，现在可以计算的 ${clauses.length} 条${kept === clauses.length ? '全部做到' : `中 ${kept} 条人人做到`}${
          lowest[0] ? `，差距最大的是“${lowest[0].clause.title}”` : ''
        }；${keepingUp(bound.length, bound.length - behind)}。`
  return {
    sentence,
    rules: lowest.slice(0, mostRules).map((one) => ({
      key: one.key,
      title: one.clause.title,
      clause: one.clause.clause,
      level: one.level,
      onTrack: one.onTrack,
      bound: one.bound,
      unit: one.unit,
      place: { page: 'clause', ruleId: one.clause.ruleId, regimeId: one.regimeId },
    })),
    groups: school.groups
      .map((group) => {
        const all = [group.id, ...group.memberIds].flatMap((id) => school.summaries.get(id) ?? [])
        const asked = all.filter((summary) => isAsked(summary.state))
        const late = asked.filter((summary) => summary.state === 'overdue')
        return {
          id: group.id,
          name: group.name,
          leaders: group.leaders,
          people: group.memberIds.length,
          behind: group.memberIds.filter((id) => isBehind(school.summaries.get(id))).length,
          share: asked.length === 0 ? null : Math.floor(((asked.length - late.length) / asked.length) * 100),
        }
      })
      .sort((a, b) => (b.share ?? -1) - (a.share ?? -1)),
  }
}
