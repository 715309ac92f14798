import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { listNotices } from '../activity/participation-store.ts'
import type { HomeItem } from '../home/contract.ts'
import { dayLabel } from '../home/rules.ts'
import { instantAt } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { lessonItems } from '../lesson/reminders.ts'
import { exchangeItems } from '../exchange/present.ts'
import { needItems } from '../need/present.ts'
import { listPosts } from '../org/store.ts'
import { type Owed, listOwed } from '../programme/present.ts'
import { listOpenConsultations } from '../regulation/actions.ts'
import { listReturnedPlans } from '../plan/actions.ts'
import { teachingItems } from '../teaching/reminders.ts'
import { listReturnedTalks } from '../teaching/talk-present.ts'
import { trainerItems } from '../trainer/reminders.ts'
import { listReturnedWorks } from '../work/actions.ts'
import { listReturnedMakeUps } from './attendance.ts'
import type { InboxTask, ReturnedItem } from './contract.ts'
import * as store from './store.ts'
import type { TaskKind } from './words.ts'

/** What others ask of a person, and what came back to the person. */
export interface Own {
  tasks: InboxTask[]
  returned: ReturnedItem[]
}

/** Everything asked of the person who acts by others, and everything that came back, each with its one place. */
export async function listOwn(tx: Tx): Promise<Own> {
  const { personId, districtId, roles } = tx.actor
  if (!personId || districtId !== null || !roles.includes('teacher')) return { tasks: [], returned: [] }
  // All asked at once: the questions travel together.
  const [owed, activities, teaching, consultations, lessons, steps, surveys, topics, ratings, returned] =
    await Promise.all([
      listMyOwed(tx),
      activityTasks(tx, personId),
      teachingTasks(tx, personId),
      consultationTasks(tx),
      lessonItems(tx),
      teachingItems(tx),
      needItems(tx),
      exchangeItems(tx),
      trainerItems(tx),
      listReturned(tx, personId),
    ])
  const tasks = [
    ...[
      ...activities,
      ...teaching,
      ...consultations,
      ...owed.filter((one) => one.returned === null).map((one) => owedTask(one, tx.today)),
    ].map(({ id, ...task }): InboxTask => ({ ...task, key: `${task.kind} ${id}`, rank: rankOf(task) })),
    ...asTasks('lesson', lessons),
    ...asTasks('teaching', steps),
    ...asTasks('survey', surveys),
    ...asTasks('topic', topics),
    ...asTasks('rating', ratings),
  ]
  return {
    tasks: tasks.sort((a, b) => a.rank - b.rank || ((a.dueOn ?? '9999') < (b.dueOn ?? '9999') ? -1 : 1)),
    returned: [...returned, ...owed.flatMap(returnedDelivery)],
  }
}

type Task = Omit<InboxTask, 'key' | 'rank'> & { id: string }

const rankOf = ({ kind, state }: Pick<InboxTask, 'kind' | 'state'>) =>
  kind === 'movedUp' ? 1 : state === 'overdue' ? 2 : state === 'dueSoon' ? 4 : 5

/** What a room asks for the first page, as it says it. */
const asTasks = (
  kind: TaskKind,
  items: (HomeItem & { rank: number; dueOn?: LocalDate | null })[],
): InboxTask[] =>
  items.map(({ key, state, mark, title, detail, action, rank, dueOn = null }) => ({
    kind,
    key,
    state,
    mark,
    title,
    detail,
    action,
    rank,
    dueOn,
  }))

/** State and mark of something with a last day; without one it is simply open. */
function due(dueOn: LocalDate | null, today: LocalDate): Pick<InboxTask, 'state' | 'mark' | 'dueOn'> {
  if (dueOn === null) return { state: 'open', mark: '待办', dueOn }
  if (dueOn < today) return { state: 'overdue', mark: `${dayLabel(dueOn, today)}已到期`, dueOn }
  return {
    state: dueOn <= addDays(today, 7) ? 'dueSoon' : 'open',
    mark: `${dayLabel(dueOn, today)}前`,
    dueOn,
  }
}

const activityWords = {
  movedUp: { title: '您已从候补转为正式参加', label: '知道了' },
  materials: { title: '确认活动材料', label: '看材料' },
  minutes: { title: '确认活动记录', label: '看记录' },
} as const

async function activityTasks(tx: Tx, personId: string): Promise<Task[]> {
  return (await listNotices(tx, personId)).map((row): Task => {
    const words = activityWords[row.kind]
    return {
      kind: row.kind,
      id: row.activityId,
      title: `${words.title}：${row.theme}`,
      detail: `${dayLabel(row.heldOn, tx.today)}的活动${
        row.kind === 'minutes'
          ? '，记录人已写好，由您确认'
          : row.kind === 'materials'
            ? '，活动前请看过并确认'
            : ''
      }`,
      ...(row.kind === 'minutes' ? due(null, tx.today) : due(row.heldOn, tx.today)),
      action: { label: words.label, place: { page: 'activity', id: row.activityId } },
    }
  })
}

async function teachingTasks(tx: Tx, personId: string): Promise<Task[]> {
  if (tx.actor.unitIds.length === 0) return []
  const tasks: Task[] = []
  for (const one of await store.listPreparations(tx, personId)) {
    const place = { page: 'design' as const, id: one.id }
    const about = { id: one.id, action: { label: '打开', place } }
    // The first draft stands among the steps of teaching.
    if (one.status === 'drafting' || one.isDrafter || one.adapted) continue
    if (one.status === 'final')
      tasks.push({
        ...about,
        kind: 'preparationVersion',
        title: `写自己的教案：${one.title}`,
        detail: `${one.unitName}的共同设计已定稿（主备${one.drafterName}），改成适合自己班的`,
        ...due(null, tx.today),
        action: { label: '写自己的', place },
      })
    else if (!one.commented)
      tasks.push({
        ...about,
        kind: 'preparationComment',
        title: `评议备课：${one.title}`,
        detail: `${one.unitName}，主备${one.drafterName}，请提意见`,
        ...due(null, tx.today),
        action: { label: '提意见', place },
      })
  }
  for (const talk of await store.listTalksToScore(tx, personId))
    tasks.push({
      kind: 'talkScore',
      id: talk.id,
      title: `说课评分：${talk.title}`,
      detail: `${talk.personName}${dayLabel(talk.spokenOn, tx.today)}说课，请评分`,
      ...due(null, tx.today),
      action: { label: '评分', place: { page: 'talk', id: talk.id } },
    })
  return tasks
}

async function consultationTasks(tx: Tx): Promise<Task[]> {
  return (await listOpenConsultations(tx)).map(
    (version): Task => ({
      kind: 'consultation',
      id: version.id,
      title: `征求意见：${version.title}`,
      detail: '点一条条文就可以提意见，同意也请说一声',
      ...due(version.consultTo ?? tx.today, tx.today),
      action: { label: '提意见', place: { page: 'regulation', id: version.regulationId } },
    }),
  )
}

// ── Deliverables of programmes ───────────────────────────────────────────────

/** What is the caller's to hand in: for the groups that one leads, and the school's for its offices. */
async function listMyOwed(tx: Tx): Promise<Owed[]> {
  const { actor } = tx
  const isOffice = actor.roles.some((role) => role === 'academicOffice' || role === 'researchOffice')
  if (actor.leads.length === 0 && !isOffice && !actor.roles.includes('principal')) return []
  const owed = await listOwed(tx)
  if (owed.length === 0) return []
  const led = new Set(actor.leads.map((lead) => lead.unitId))
  const posts = isOffice || actor.roles.includes('principal') ? await listPosts(tx, tx.today) : []
  // The principal where there is nobody in the offices; the offices for a group without a leader.
  const standsIn =
    isOffice || !posts.some((post) => post.role === 'academicOffice' || post.role === 'researchOffice')
  return owed.filter((one) =>
    one.unitId === null
      ? standsIn
      : led.has(one.unitId) ||
        (standsIn && !posts.some((post) => post.role === 'groupLeader' && post.unitId === one.unitId)),
  )
}

const owedKey = (one: Owed) => `${one.deliverableId}${one.unitId === null ? '' : ` ${one.unitId}`}`

function owedTask(one: Owed, today: LocalDate): Task {
  return {
    kind: 'delivery',
    id: owedKey(one),
    title: `提交：${one.title}`,
    detail: `${one.programme} · ${one.ownerName}`,
    ...due(one.dueOn, today),
    state: one.state === 'overdue' ? 'overdue' : 'dueSoon',
    action: { label: '去提交', place: { page: 'programme', id: one.programmeId } },
  }
}

function returnedDelivery(one: Owed): ReturnedItem[] {
  if (one.returned === null) return []
  const { byName, note, on } = one.returned
  return [
    {
      kind: 'delivery',
      id: owedKey(one),
      title: `${one.programme}：${one.title}`,
      reason: note,
      byName: byName === '' ? null : byName,
      at: on === null ? null : instantAt(on, '12:00'),
      action: { label: '重新提交', place: { page: 'programme', id: one.programmeId } },
    },
  ]
}

// ── What came back ───────────────────────────────────────────────────────────

async function listReturned(tx: Tx, personId: string): Promise<ReturnedItem[]> {
  const works = (await listReturnedWorks(tx, personId)).map(
    (work): ReturnedItem => ({
      kind: 'work',
      id: work.id,
      title: `${work.kindLabel}：${work.title}`,
      reason: work.remark,
      byName: work.decidedByName,
      at: work.decidedAt,
      action: { label: '修改', place: { page: 'work', id: work.id } },
    }),
  )
  const plans = (await listReturnedPlans(tx, personId)).map(
    (plan): ReturnedItem => ({
      kind: 'plan',
      id: plan.id,
      title: plan.title,
      reason: plan.opinion,
      byName: null,
      at: null,
      action: { label: '修改', place: { page: 'plan', id: plan.id } },
    }),
  )
  const slots =
    tx.actor.leads.length === 0
      ? []
      : (await store.listSlotsSentBack(tx)).map(
          (row): ReturnedItem => ({
            ...row,
            kind: 'slot',
            title: `固定时间：${row.title}`,
            action: { label: '修改', place: { page: 'slots' } },
          }),
        )
  return [
    ...works,
    ...plans,
    ...(await listReturnedTalks(tx)),
    ...slots,
    ...(await listReturnedMakeUps(tx, personId)),
  ]
}
