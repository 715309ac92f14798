import { addDays, weekdayOf } from '../../engine/days.ts'
import type { Finding, LocalDate } from '../../engine/types.ts'
import { listMakeUps } from '../activity/attendance-store.ts'
import type { ActivityLine } from '../activity/contract.ts'
import { listMine } from '../activity/queries.ts'
import { listFacts } from '../facts/store.ts'
import { listOwn } from '../inbox/own.ts'
import { dayText } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { listPlans } from '../plan/store.ts'
import { type BoardView, loadSubjectBoard } from '../regime/boards.ts'
import type { SubjectBoard } from '../regime/contract.ts'
import { unpackFindings } from '../regime/rules.ts'
import { findFindingSet, listRecordNames } from '../regime/store.ts'
import { listWorksOfPerson } from '../work/store.ts'
import type { HomeItem, MinePart, Place, Recognised } from './contract.ts'
import {
  countsAttendance,
  countsText,
  dayLabel,
  dutiesOfWeek,
  itemsOfDuties,
  nextDuty,
  ringsOf,
  stripsOf,
  traceOf,
  weekAround,
} from './rules.ts'

const mostItems = 5

type Me = { id: string; name: string; lead: ReadonlySet<string> }
/** One thing to do with its place in the order; `dueOn` where it has a day. */
export type RankedItem = HomeItem & { rank: number; dueOn?: LocalDate | null }

/** Everything that the person is to do, the most urgent first. */
export async function listItems(
  tx: Tx,
  view: BoardView | null,
  me: Me,
  board: SubjectBoard,
): Promise<RankedItem[]> {
  const rules = view?.rules ?? new Map()
  const weekend = weekdayOf(tx.today) >= 6
  const { to: weekEnd } = weekAround(weekend ? addDays(tx.today, 2) : tx.today)
  const [plans, works, lines, own, due] = await Promise.all([
    listPlans(tx, { ownerIds: [me.id] }),
    listWorksOfPerson(tx, me.id, 'submitted'),
    listMine(tx),
    listOwn(tx),
    listMakeUps(tx, { personId: me.id, status: 'due' }),
  ])
  const duties = itemsOfDuties(
    dutiesOfWeek(board.rows, rules, { today: tx.today, weekEnd }),
    me.id,
    {
      works: works.map((work) => ({ kind: work.kind, status: work.status, on: work.countsOn })),
      plans: plans
        .filter((plan) => plan.level === 'teacher')
        .map((plan) => ({ id: plan.id, paper: plan.paper, status: plan.status })),
    },
    tx.today,
  )
  const attendanceRules = board.rows.filter((row) => {
    const known = rules.get(`${row.regimeId}|${row.ruleId}`)
    return known !== undefined && countsAttendance(known)
  })
  const activities = lines
    .filter((line) => line.isMine && (line.status === 'planned' || line.status === 'running'))
    .filter((line) => !(line.unit && me.lead.has(line.unit.id) && line.abilities.run === null))
    .filter((line) => line.mine === null || line.mine === 'leaveAsked')
    .map((line) => activityItem(line, me.name, attendanceRules, tx.today))
  const returned = own.returned.map(
    (item): RankedItem => ({
      key: `returned ${item.id}`,
      state: 'overdue',
      mark: '已退回',
      title: item.title,
      detail: [item.byName ? `${item.byName}：` : '', item.reason].join(''),
      countsFor: '',
      action: item.action,
      rank: 1,
    }),
  )
  const makeUps = due.map((makeUp): RankedItem => {
    const isLate = makeUp.dueOn < tx.today
    return {
      dueOn: makeUp.dueOn,
      key: `makeUp ${makeUp.id}`,
      state: isLate ? 'overdue' : 'dueSoon',
      mark: isLate ? `${dayText(makeUp.dueOn)}已到期` : `${dayLabel(makeUp.dueOn, tx.today)}前`,
      title: `补学：${makeUp.theme}`,
      detail: `${dayText(makeUp.heldOn)}的活动${makeUp.missedStatus === 'onLeave' ? '请假' : '缺席'}，请自学后交一份说明。`,
      countsFor: countsText(attendanceRules.slice(0, 2)),
      action: { label: '交补学', place: { page: 'leaves' } },
      rank: isLate ? 2 : makeUp.dueOn <= weekEnd ? 4 : 6,
    }
  })
  return [
    ...activities,
    ...returned,
    ...makeUps,
    ...own.tasks.map(({ kind: _kind, ...task }): RankedItem => ({ ...task, countsFor: '' })),
    ...duties.map((item) => ({ ...item, rank: item.state === 'overdue' ? (item.dueOn ? 2 : 3) : 4 })),
  ].sort((a, b) => a.rank - b.rank)
}

/** A person's own week and year; the board that it rests on comes with it. */
export async function loadMine(
  tx: Tx,
  view: BoardView | null,
  me: Me,
): Promise<{ mine: MinePart; board: SubjectBoard }> {
  const subject = { kind: 'person' as const, id: me.id }
  const board = await loadSubjectBoard(tx, view, { ...subject, name: me.name, note: '' })
  const rules = view?.rules ?? new Map()
  const [ranked, recognised] = await Promise.all([
    listItems(tx, view, me, board),
    listRecognised(tx, view, me.id),
  ])
  const items = ranked.map(
    ({ key, state, mark, title, detail, countsFor, action }): HomeItem => ({
      key,
      state,
      mark,
      title,
      detail,
      countsFor,
      action,
    }),
  )
  return {
    board,
    mine: {
      items: items.slice(0, mostItems),
      more: Math.max(0, items.length - mostItems),
      next: items.length > 0 ? '' : nextDuty(board.rows, rules, tx.today),
      rings: ringsOf(board.rows, rules, me.id),
      term: board.term
        ? {
            name: board.term.name,
            weeks: board.weeks.length,
            holidays: board.weeks.flatMap((week, index) => (week.holiday === null ? [] : [index])),
            today: board.today,
          }
        : null,
      strips: stripsOf(board.rows, me.id),
      recognised,
    },
  }
}

function activityItem(
  line: ActivityLine,
  myName: string,
  rules: SubjectBoard['rows'],
  today: string,
): HomeItem & { rank: number } {
  const isToday = line.day === today
  const running = line.status === 'running'
  const mine = line.speakerName === myName
  const parts = [
    line.unit?.name ?? '全校',
    line.place,
    mine ? '由您主讲' : line.speakerName === '' ? '' : `主讲 ${line.speakerName}`,
    line.mine === 'leaveAsked' ? '您已请假' : '',
  ]
  return {
    key: `activity ${line.id}`,
    state: running ? 'dueSoon' : 'open',
    mark: running ? '正在进行' : `${dayLabel(line.day, today)} ${line.startTime}`,
    title: line.theme,
    detail: parts.filter((part) => part !== '').join(' · '),
    countsFor: countsText(rules.slice(0, 2)),
    action: running
      ? { label: '签到', place: { page: 'scan' } }
      : { label: '查看', place: { page: 'activity', id: line.id } },
    rank: running ? 0 : isToday ? 0.5 : 5,
  }
}

// ── What was recognised ───────────────────────────────────────────────────────

const recognisedDays = 10
const mostRecognised = 4

const wordsOf: Record<string, string> = {
  'work.accepted': '已采纳',
  'activity.attended': '已参加',
  'activity.spoke': '中心发言',
  'attendance.madeUp': '补学已确认',
  'plan.filed': '已备案',
  'lesson.given': '已上课',
}
const roomPages: Record<string, 'work' | 'activity' | 'plan'> = {
  work: 'work',
  activity: 'activity',
  plan: 'plan',
}
const attendedStatuses = ['present', 'late', 'leftEarly']

/** Facts of the last days that others have confirmed, with the rules for which they counted. */
async function listRecognised(tx: Tx, view: BoardView | null, personId: string): Promise<Recognised[]> {
  const subject = { kind: 'person' as const, id: personId }
  const facts = await listFacts(tx, { from: addDays(tx.today, -60), to: tx.today }, [subject])
  const reversed = new Set(facts.flatMap((fact) => fact.reverses ?? []))
  const since = addDays(tx.today, -recognisedDays)
  const fresh = facts.filter(
    (fact) =>
      fact.kind in wordsOf &&
      fact.reverses === null &&
      !reversed.has(fact.id) &&
      fact.recordedOn >= since &&
      fact.recordedOn <= tx.today &&
      (fact.kind !== 'activity.attended' || attendedStatuses.includes(String(fact.attributes.status))),
  )
  if (fresh.length === 0) return []
  // One line for one record: whoever spoke was there as well.
  const byRecord = new Map<string, typeof fresh>()
  for (const fact of fresh) byRecord.set(fact.source.id, [...(byRecord.get(fact.source.id) ?? []), fact])
  const newest = [...byRecord.values()]
    .sort((a, b) => ((a[0]?.recordedOn ?? '') < (b[0]?.recordedOn ?? '') ? 1 : -1))
    .slice(0, mostRecognised)
  const names = new Map(
    (
      await listRecordNames(
        tx,
        newest.flatMap((own) => own.map((fact) => fact.source)),
      )
    ).map((one) => [one.id, one.title]),
  )
  const set = view ? await findFindingSet(tx, subject, view.inForce.year.id) : undefined
  const findings = set ? unpackFindings(set.findings, subject) : []
  return newest.map((own) => {
    const first = own.find((fact) => fact.kind === 'activity.spoke') ?? (own[0] as (typeof own)[number])
    const ids = new Set(own.map((fact) => fact.id))
    const counted = findings.filter(
      (finding) => finding.factIds.some((id) => ids.has(id)) && isCounted(view, finding),
    )
    const titles = counted.map(
      (finding) => view?.rules.get(`${finding.regimeId}|${finding.ruleId}`)?.rule.title ?? '',
    )
    const page = roomPages[first.source.room]
    const told = counted[0]
    const record: Place = page ? { page, id: first.source.id } : { page: 'boardMe' }
    return {
      key: first.source.id,
      on: first.recordedOn,
      what: own.length > 1 ? own.map((fact) => wordsOf[fact.kind]).join('、') : (wordsOf[first.kind] ?? ''),
      title: names.get(first.source.id) ?? '',
      countsFor: [...new Set(titles)].slice(0, 3).join('、'),
      record,
      why: told ? traceOf(told, subject, told.period.id) : null,
    }
  })
}

/** Limits and scores also name facts, but nobody would say that a lesson „counts for" being absent. */
function isCounted(view: BoardView | null, finding: Finding): boolean {
  const rule = view?.rules.get(`${finding.regimeId}|${finding.ruleId}`)?.rule
  return rule !== undefined && !rule.limit && !rule.score && !rule.award
}
