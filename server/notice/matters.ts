import { addDays } from '../../engine/days.ts'
import { loadActor } from '../access/actions.ts'
import { listLines } from '../activity/queries.ts'
import type { ActivityLine } from '../activity/contract.ts'
import { listItems } from '../home/mine.ts'
import { dayLabel } from '../home/rules.ts'
import { listWaiting } from '../inbox/actions.ts'
import { inboxKindLabels } from '../inbox/words.ts'
import { dayText, localDateOf } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { type BoardView, loadSubjectBoard } from '../regime/boards.ts'
import { listShifts, listSlots } from '../slot/store.ts'
import type { Matter } from './message-store.ts'
import type { ReminderKind } from './words.ts'

/** The same transaction as seen by a person with today's posts. */
export async function asPerson(tx: Tx, personId: string): Promise<Tx> {
  return { ...tx, actor: (await loadActor(tx, { accountId: null, personId })).actor }
}

const kindOfKey: Record<string, ReminderKind> = {
  lessonChange: 'change',
  returned: 'returned',
  makeUp: 'makeUp',
  consultation: 'regulation',
  movedUp: 'change',
  materials: 'activity',
  minutes: 'activity',
}

/**
 * Everything of which the person who acts is to be reminded now: what is due, sent back or to be made up, tomorrow's
 * activities, what was moved or called off, and what waits for a decision. One entry for one matter.
 */
export async function listMatters(tx: Tx, view: BoardView | null): Promise<Matter[]> {
  const { actor } = tx
  if (!actor.personId || actor.districtId !== null || !actor.roles.includes('teacher')) return []
  const me = { id: actor.personId, name: actor.name, lead: new Set(actor.leads.map((lead) => lead.unitId)) }
  // They do not wait for each other: all travel on the one connection.
  const [waiting, activities, shifts, decisions] = await Promise.all([
    loadSubjectBoard(tx, view, { kind: 'person', id: me.id, name: me.name, note: '' }).then((board) =>
      listItems(tx, view, me, board),
    ),
    activityMatters(tx),
    shiftMatters(tx),
    decisionMatters(tx),
  ])
  const items = waiting.filter((item) => !item.key.startsWith('activity '))
  const own = items.map((item): Matter => {
    const kind = kindOfKey[item.key.split(' ')[0] ?? ''] ?? 'duty'
    return {
      matter: item.key,
      kind,
      state: item.state,
      mark: item.mark,
      title: item.title,
      detail: item.detail,
      label: item.action.label,
      place: item.action.place,
      // Progress is no reason to speak up again, a new day or a new reason is.
      fingerprint: kind === 'returned' ? item.detail : `${item.state} ${item.dueOn ?? ''}`,
    }
  })
  return [...own, ...activities, ...shifts, ...decisions]
}

const lastsDays = 14

/** Activities of today and tomorrow; those called off or moved as long as their day has not passed. */
async function activityMatters(tx: Tx): Promise<Matter[]> {
  const lines = await listLines(tx, { from: tx.today, to: addDays(tx.today, lastsDays), mine: true })
  const tomorrow = addDays(tx.today, 1)
  return lines.flatMap((line): Matter[] => {
    if (!line.isMine) return []
    if (line.status === 'cancelled') return [changeOf(line, '已取消', '活动取消', tx.today)]
    if (line.status !== 'planned') return []
    if (line.day > tomorrow)
      return line.movedFrom === null
        ? []
        : [changeOf(line, `改到${dayText(line.day)}`, `活动由${dayText(line.movedFrom)}改期`, tx.today)]
    const where = [line.unit?.name ?? '全校', line.place, line.movedFrom ? '日期改过' : '']
    return [
      {
        ...changeOf(line, `${dayLabel(line.day, tx.today)} ${line.startTime}`, '', tx.today),
        kind: 'activity',
        title: line.theme,
        detail: where.filter((part) => part !== '').join(' · '),
      },
    ]
  })
}

function changeOf(line: ActivityLine, mark: string, title: string, today: string): Matter {
  return {
    matter: `activity ${line.id}`,
    kind: 'change',
    state: line.day <= today ? 'dueSoon' : 'open',
    mark,
    title: `${title}：${line.theme}`,
    detail: `${line.unit?.name ?? '全校'} · ${dayText(line.day)} ${line.startTime}${line.place === '' ? '' : ` · ${line.place}`}`,
    label: '查看',
    place: { page: 'activity', id: line.id },
    fingerprint: `${line.status} ${line.day} ${line.startTime} ${line.place}`,
  }
}

/** Fixed study times that are held on another day, for the members. */
async function shiftMatters(tx: Tx): Promise<Matter[]> {
  const shifts = await listShifts(tx, tx.today)
  if (shifts.length === 0) return []
  const slots = new Map((await listSlots(tx)).map((slot) => [slot.id, slot]))
  return shifts.flatMap((shift): Matter[] => {
    const slot = slots.get(shift.slotId)
    if (!slot) return []
    if (shift.status !== 'granted') return []
    if (slot.unitId !== null && !tx.actor.unitIds.includes(slot.unitId)) return []
    return [
      {
        matter: `shift ${shift.id}`,
        kind: 'change',
        state: 'open',
        mark: `改到${dayText(shift.newOn)}`,
        title: `研修时间顺延：${slot.title}`,
        detail: `${dayText(shift.originalOn)}改到${dayText(shift.newOn)}，${shift.reason}`,
        label: '查看',
        place: { page: 'activities' },
        fingerprint: `${shift.status} ${shift.newOn}`,
      },
    ]
  })
}

/** What waits for the person's decision, one matter for each kind. */
async function decisionMatters(tx: Tx): Promise<Matter[]> {
  const byKind = Map.groupBy(await listWaiting(tx), (item) => item.kind)
  return [...byKind].map(([kind, items]): Matter => {
    const first = items.reduce((a, b) => (a.waitingSince <= b.waitingSince ? a : b))
    return {
      matter: `waiting ${kind}`,
      kind: 'decision',
      state: 'open',
      mark: `${items.length} 件`,
      title: inboxKindLabels[kind],
      detail: `${first.personName}：${first.title}${items.length > 1 ? ` 等，最早的从${dayText(localDateOf(first.waitingSince))}等到现在` : ''}`,
      label: '去处理',
      // A single thing is reached in one tap.
      place: items.length === 1 && 'action' in first ? first.action.place : { page: 'inbox' },
      // Each arrival need not ring; what lies for some days is told again.
      fingerprint: kind === 'leave' ? items.map((item) => item.id).join(' ') : kind,
    }
  })
}
