import { addDays } from '../../engine/days.ts'
import { growthWords } from '../duty/growth-actions.ts'
import { can as dutyCan } from '../duty/access.ts'
import { dayText, instantAt } from '../kit/dates.ts'
import type { Role } from '../kit/gate.ts'
import type { Tx } from '../kit/sql.ts'
import { listPosts, type PostRow } from '../org/store.ts'
import { can as programmeCan } from '../programme/access.ts'
import { listToAccept } from '../programme/store.ts'
import { can as regimeCan } from '../regime/access.ts'
import { listFindings } from '../regime/actions.ts'
import { findYearInForce, regimesInForce } from '../regime/adoption.ts'
import { listToDecide } from '../regulation/actions.ts'
import { can as slotCan } from '../slot/access.ts'
import { weekdayOfLabel } from '../slot/words.ts'
import type { PlacedItem } from './contract.ts'
import * as store from './store.ts'

/** People settle a clause from so many days before the end of its period on. */
const confirmationDays = 30

/** Posts of today, read only when somebody is asked for whom an office would act. */
function postsOnce(tx: Tx): () => Promise<PostRow[]> {
  let posts: Promise<PostRow[]> | undefined
  return () => (posts ??= listPosts(tx, tx.today))
}

/**
 * Whether something lies on the caller's desk: the caller holds one of the posts, or is the principal of a school in which
 * nobody else (than the one whom it concerns) holds one.
 */
async function isOnDesk(
  tx: Tx,
  posts: () => Promise<PostRow[]>,
  roles: readonly Role[],
  except: string | null = null,
): Promise<boolean> {
  if (tx.actor.roles.some((role) => roles.includes(role))) return true
  if (!tx.actor.roles.includes('principal')) return false
  return !(await posts()).some((post) => roles.includes(post.role) && post.personId !== except)
}

/** What waits for the caller's decision and is decided in its own place, whoever else could also decide it left in peace. */
export async function listPlaced(tx: Tx): Promise<PlacedItem[]> {
  const posts = postsOnce(tx)
  const lists = await Promise.all([
    slots(tx, posts),
    deliveries(tx, posts),
    supplies(tx, posts),
    growth(tx),
    regimeVersions(tx),
    dutyConfirmations(tx, posts),
    regulations(tx),
  ])
  return lists.flat()
}

async function slots(tx: Tx, posts: () => Promise<PostRow[]>): Promise<PlacedItem[]> {
  if (slotCan.decideShift(tx.actor) !== null || !(await isOnDesk(tx, posts, ['academicOffice']))) return []
  return (await store.listSlotsToDecide(tx)).map((row): PlacedItem => {
    const isShift = row.kind === 'shift'
    return {
      kind: row.kind,
      id: row.id,
      title: `${row.unitName}：${row.title}`,
      personName: row.personName,
      detail: isShift
        ? `${dayText(row.fromDay)}的一次改到${row.toDay ? dayText(row.toDay) : ''}`
        : `${weekdayOfLabel(row.weekday)} ${row.starts}–${row.ends}，${dayText(row.fromDay)}起`,
      text: row.reason,
      waitingSince: row.since,
      action: { label: isShift ? '去处理' : '去备案', place: { page: 'slots' } },
    }
  })
}

async function deliveries(tx: Tx, posts: () => Promise<PostRow[]>): Promise<PlacedItem[]> {
  if (!tx.actor.roles.some((role) => role === 'academicOffice' || role === 'principal')) return []
  const items: PlacedItem[] = []
  for (const row of await listToAccept(tx)) {
    const one = { status: 'delivered', unitId: null, deliveredBy: row.deliveredBy }
    if (programmeCan.receive(tx.actor, { status: 'published', isDistrict: false }, one) !== null) continue
    if (!(await isOnDesk(tx, posts, ['academicOffice'], row.deliveredBy))) continue
    items.push({
      kind: 'delivery',
      id: row.id,
      title: row.deliverable,
      personName: row.deliveredByName ?? row.ownerName,
      detail: `${row.ownerName} · ${row.programme}`,
      text: '',
      waitingSince: row.deliveredAt,
      action: { label: '去验收', place: { page: 'programme', id: row.programmeId } },
    })
  }
  return items
}

async function supplies(tx: Tx, posts: () => Promise<PostRow[]>): Promise<PlacedItem[]> {
  if (dutyCan.deliver(tx.actor, { status: 'requested' }) !== null) return []
  if (!(await isOnDesk(tx, posts, ['academicOffice', 'administrator']))) return []
  return (await store.listSuppliesToDeliver(tx)).map(
    (row): PlacedItem => ({
      kind: 'supply',
      id: row.id,
      title: row.what,
      personName: row.personName,
      detail: `${dayText(row.neededOn)}前要用${row.neededOn < tx.today ? '，已经过了' : ''}${row.purpose === '' ? '' : ` · ${row.purpose}`}`,
      text: '',
      waitingSince: instantAt(row.requestedOn, '08:00'),
      action: { label: '去办理', place: { page: 'environment' } },
    }),
  )
}

const growthWhat = { step: '成长阶段', candidate: '培养对象', title: '骨干称号' } as const

async function growth(tx: Tx): Promise<PlacedItem[]> {
  if (dutyCan.confirm(tx.actor, { status: 'proposed' }) !== null) return []
  const rows = await store.listGrowthToConfirm(tx)
  if (rows.length === 0) return []
  const { steps, titles, levels } = await growthWords(tx)
  const label = (words: readonly { id: string; label: string }[], id: string) =>
    words.find((one) => one.id === id)?.label ?? id
  return rows.map((row): PlacedItem => {
    const word = label(row.kind === 'step' ? steps : titles, row.word)
    return {
      kind: 'growth',
      id: row.id,
      title: `${growthWhat[row.kind]}：${row.level === '' ? '' : label(levels, row.level)}${word}${row.people > 1 ? ` ${row.people} 人` : ''}`,
      personName: row.proposedByName ?? row.names[0] ?? '',
      detail: `提名：${row.names.slice(0, 4).join('、')}${row.people > 4 ? `等 ${row.people} 人` : ''}`,
      text: '',
      waitingSince: row.since,
      action: { label: '去确认', place: { page: 'growth' } },
    }
  })
}

async function regimeVersions(tx: Tx): Promise<PlacedItem[]> {
  if (regimeCan.confirmVersion(tx.actor) !== null) return []
  return (await store.listVersionsToConfirm(tx)).map(
    (row): PlacedItem => ({
      kind: 'regimeVersion',
      id: row.id,
      title: row.title,
      personName: row.personName ?? '',
      detail: row.fromOn === null ? '制度版本' : `拟从${dayText(row.fromOn)}起施行`,
      text: '',
      waitingSince: row.since,
      action: { label: '查看并确认', place: { page: 'regimeVersion', id: row.id } },
    }),
  )
}

/** Clauses that only people can settle, once their period ends soon or has ended; one entry for all of them. */
async function dutyConfirmations(tx: Tx, posts: () => Promise<PostRow[]>): Promise<PlacedItem[]> {
  const about = { kind: 'organisation' as const, id: tx.orgId, unitIds: [] }
  if (regimeCan.confirmDuty(tx.actor, about) !== null) return []
  if (!(await isOnDesk(tx, posts, ['academicOffice']))) return []
  // Most regimes leave nothing to people: then nothing more is read.
  const manual = new Map(
    (await regimesInForce(tx, tx.today)).flatMap(({ regime }) =>
      regime.rules.flatMap((rule) =>
        rule.manual === undefined ? [] : [[`${regime.id}|${rule.id}`, rule] as const],
      ),
    ),
  )
  const inForce = manual.size === 0 ? null : await findYearInForce(tx)
  if (!inForce) return []
  const open = (await listFindings(tx, { kind: 'organisation', id: tx.orgId }, inForce.year.id))
    .filter((one) => one.state === 'manual' && manual.has(`${one.regimeId}|${one.ruleId}`))
    .filter((one) => one.period.from <= tx.today && one.period.to <= addDays(tx.today, confirmationDays))
    .sort((a, b) => (a.period.to < b.period.to ? -1 : 1))
  const [first] = open
  if (!first) return []
  const title = manual.get(`${first.regimeId}|${first.ruleId}`)?.title ?? ''
  return [
    {
      kind: 'dutyConfirmation',
      id: tx.orgId,
      title: open.length === 1 ? title : `${title}等 ${open.length} 条`,
      personName: '全校',
      detail: `${first.period.label}到${dayText(first.period.to)}结束，由人确认做到没有`,
      text: '',
      waitingSince: instantAt(addDays(first.period.to, -confirmationDays), '08:00'),
      action: { label: '去确认', place: { page: 'regimeDuties' } },
    },
  ]
}

async function regulations(tx: Tx): Promise<PlacedItem[]> {
  if (!tx.actor.roles.some((role) => ['principal', 'academicOffice', 'researchOffice'].includes(role)))
    return []
  const { approve, answer } = await listToDecide(tx)
  const since = (version: (typeof approve)[number]) =>
    version.consultClosedAt ?? instantAt(version.consultTo ?? tx.today, '18:00')
  return [
    ...approve.map(
      (version): PlacedItem => ({
        kind: 'regulationApproval',
        id: version.id,
        title: version.title,
        personName: '学校制度',
        detail: `${version.opinionStates.length} 条意见都已处理`,
        text: '',
        waitingSince: since(version),
        action: { label: '查看并批准', place: { page: 'regulation', id: version.regulationId } },
      }),
    ),
    ...answer.map(
      (version): PlacedItem => ({
        kind: 'regulationAnswer',
        id: version.id,
        title: version.title,
        personName: '学校制度',
        detail: '征求意见已结束，还有修改建议没有答复',
        text: '',
        waitingSince: since(version),
        action: { label: '去答复', place: { page: 'regulation', id: version.regulationId } },
      }),
    ),
  ]
}
