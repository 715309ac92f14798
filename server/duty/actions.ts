import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findLeftOn, findPerson, findUnit, listPosts } from '../org/store.ts'
import { can } from './access.ts'
import { labelIn, valuesNamed } from './rules.ts'
import { countedOf, regimesNow, settleFacts } from './standing.ts'
import * as store from './store.ts'
import { type HolderKind, usualLayers } from './words.ts'

/** Whether the values that a rule names fit those of a record. */
const fits = (named: Record<string, string[]>, record: Record<string, string>, attributes: string[]) =>
  attributes.every((name) => !named[name] || named[name].includes(record[name] ?? ''))

async function findHolder(
  tx: Tx,
  kind: HolderKind,
  holderId: string | null,
  from: LocalDate,
): Promise<string> {
  if (kind === 'organisation') return tx.orgId
  if (holderId === null)
    refuse(kind === 'person' ? '请选择责任人。' : '请选择负责的组。', { fields: { holderId: '请选择' } })
  if (kind === 'unit') {
    const unit = (await findUnit(tx, holderId)) ?? refuseNotFound('组')
    if (unit.toOn !== null && unit.toOn < from)
      refuse(`“${unit.name}”已经在 ${unit.toOn} 撤销了，请选择别的组。`)
    return unit.id
  }
  const person = (await findPerson(tx, holderId)) ?? refuseNotFound('人员')
  if (await findLeftOn(tx, person.id, from)) refuse(`${person.name}在 ${from} 已经离职，请选择别人负责。`)
  return person.id
}

/** The word for the holder's part in a duty: what the regime asks for, where the holder has that post. */
async function roleOf(tx: Tx, personId: string | null, wanted: string[], from: LocalDate): Promise<string> {
  if (personId === null) return ''
  const own = (await listPosts(tx, from, personId)).map((post) => post.role as string)
  const order = [
    'principal',
    'vicePrincipal',
    'academicOffice',
    'researchOffice',
    'groupLeader',
    'deputyLeader',
  ]
  return (
    own.find((role) => wanted.includes(role)) ??
    order.find((role) => own.includes(role)) ??
    own[0] ??
    'teacher'
  )
}

/** Assigns a duty from a day on; warnings say why the regime would not count it. */
export async function assignDuty(
  tx: Tx,
  input: {
    duty?: string
    statement?: string
    layer?: string
    role?: string
    firstResponsible?: boolean
    holderKind: HolderKind
    holderId: string | null
    from: LocalDate
  },
): Promise<{ id: string; warnings: string[] }> {
  demand(can.assign(tx.actor))
  await store.lockRoom(tx)
  const { duty = '', layer = '', firstResponsible = false, holderKind, from } = input
  const regimes = await regimesNow(tx)
  const counted = countedOf(regimes, 'duty.assigned')
  const known = counted.filter((one) => duty !== '' && one.values.duty?.includes(duty))
  const terms = regimes.flatMap((regime) => [
    ...regime.vocabularies.otherTerms,
    ...regime.vocabularies.layers,
  ])
  if (duty !== '' && known.length === 0 && !terms.some((term) => term.id === duty))
    refuse('现行制度没有这项职责，请从列表里选，或用自己的话写。', { fields: { duty: '请重新选择' } })
  const statement = input.statement?.trim() || (duty === '' ? '' : labelIn(regimes, 'duty', duty))
  if (statement === '') refuse('请写明负责什么。', { fields: { statement: '请填写' } })
  const layers = layersOf(regimes)
  if (layer !== '' && !layers.some((one) => one.id === layer))
    refuse('没有这个管理层级，请重新选择。', { fields: { layer: '请重新选择' } })
  const holderId = await findHolder(tx, holderKind, input.holderId, from)
  const wantedRoles = known.flatMap((one) => one.values.role ?? [])
  const role =
    input.role && wantedRoles.includes(input.role)
      ? input.role
      : await roleOf(tx, holderKind === 'person' ? holderId : null, wantedRoles, from)
  const twin = (await store.listDuties(tx)).find(
    (one) =>
      one.statement === statement &&
      one.layer === layer &&
      one.holderId === holderId &&
      (one.to === null || one.to >= from),
  )
  if (twin) refuse(`${twin.holderName}从 ${twin.from} 起已经负责“${statement}”，不用再分配。`)
  const row = {
    id: newId(),
    duty,
    statement,
    layer,
    role,
    firstResponsible,
    holderKind,
    holderId,
    from,
    to: null,
  }
  await store.insertDuty(tx, row)
  await settleDuty(tx, { ...row, withdrawnBecause: null })
  await audit(tx, { type: 'duty.assigned', id: row.id, payload: { ...row } })
  changed(tx, 'duty')
  return { id: row.id, warnings: whyNotCounted(row, known) }
}

/** Layers of management of the regime, where its rules count by layers; else the usual four. */
export function layersOf(
  regimes: Awaited<ReturnType<typeof regimesNow>>,
): { id: string; label: string; clause: string | null }[] {
  const layered = regimes.filter((regime) =>
    regime.rules.some(
      (rule) => JSON.stringify(rule).includes('duty.assigned') && /layer/.test(JSON.stringify(rule)),
    ),
  )
  const own = layered.flatMap((regime) => regime.vocabularies.layers)
  if (own.length > 0)
    return own.map((term) => ({ id: term.id, label: term.label, clause: term.clause ?? null }))
  return usualLayers.map((term) => ({ ...term, clause: null }))
}

/** Sentences of what a rule requires of a duty that it knows and this one has not. */
export function whyNotCounted(
  row: { duty: string; layer: string; role: string },
  known: ReturnType<typeof countedOf>,
): string[] {
  const record = { duty: row.duty, layer: row.layer, role: row.role }
  return [
    ...new Set(
      known
        .filter((one) => one.values.duty?.includes(row.duty))
        .flatMap((one) => {
          const failing = one.requires.find((required) => {
            const named = valuesNamed(required.when, {})
            return named.role !== undefined && !named.role.includes(row.role)
          })
          if (failing) return [`${failing.otherwise}（${one.regimeTitle} ${one.clause}），这条职责不计入。`]
          if (!fits(one.values, record, ['layer']))
            return [`请选择管理层级，否则不计入（${one.regimeTitle} ${one.clause}）。`]
          return []
        }),
    ),
  ]
}

async function settleDuty(tx: Tx, row: Omit<store.DutyRow, 'holderName'>): Promise<void> {
  const counted = countedOf(await regimesNow(tx), 'duty.assigned')
  const mine = counted.filter((one) =>
    fits(one.values, { duty: row.duty, layer: row.layer }, ['duty', 'layer']),
  )
  await settleFacts(tx, {
    id: row.id,
    kind: 'duty.assigned',
    subject: { kind: row.holderKind, id: row.holderId },
    attributes: { duty: row.duty || row.statement, layer: row.layer, role: row.role },
    from: row.from,
    to: row.to,
    isWithdrawn: row.withdrawnBecause !== null,
    per: mine.some((one) => one.per === 'term') ? 'term' : 'schoolYear',
  })
}

async function getDuty(tx: Tx, id: string): Promise<store.DutyRow> {
  const duty = (await store.findDuty(tx, id)) ?? refuseNotFound('职责')
  if (duty.withdrawnBecause !== null) refuse('这条职责已经作废，请刷新页面。')
  return duty
}

/** A duty ends with a day; it no longer stands for the running year, earlier years keep it. */
export async function endDuty(tx: Tx, input: { dutyId: string; lastDay: LocalDate }): Promise<void> {
  demand(can.assign(tx.actor))
  await store.lockRoom(tx)
  const duty = await getDuty(tx, input.dutyId)
  if (duty.to !== null && duty.to < tx.today) refuse(`这条职责已经在 ${duty.to} 结束。`)
  if (input.lastDay < duty.from)
    refuse(`这条职责从 ${duty.from} 开始，最后一天不能更早；记错了请用“作废”。`, {
      fields: { lastDay: '不能早于开始的日子' },
    })
  await store.endDuty(tx, duty.id, input.lastDay)
  await settleDuty(tx, { ...duty, to: input.lastDay })
  await audit(tx, { type: 'duty.ended', id: duty.id, payload: { on: input.lastDay } })
  changed(tx, 'duty')
}

/** A duty that was entered by mistake: as if it had never been. */
export async function withdrawDuty(tx: Tx, input: { dutyId: string; reason: string }): Promise<void> {
  demand(can.assign(tx.actor))
  await store.lockRoom(tx)
  const duty = await getDuty(tx, input.dutyId)
  await store.withdrawDuty(tx, duty.id, input.reason)
  await settleDuty(tx, { ...duty, withdrawnBecause: input.reason })
  await audit(tx, { type: 'duty.withdrawn', id: duty.id, payload: { reason: input.reason } })
  changed(tx, 'duty')
}

// ── Study environment ────────────────────────────────────────────────────────

async function settleItem(tx: Tx, row: Omit<store.ItemRow, 'keeperName'>): Promise<void> {
  const counted = countedOf(await regimesNow(tx), 'environment.registered')
  const mine = counted.filter((one) => one.values.environmentKind?.includes(row.kind))
  await settleFacts(tx, {
    id: row.id,
    kind: 'environment.registered',
    subject: { kind: 'organisation', id: tx.orgId },
    attributes: { environmentKind: row.kind },
    from: row.from,
    to: row.to,
    isWithdrawn: row.withdrawnBecause !== null,
    per: mine.some((one) => one.per === 'term') ? 'term' : 'schoolYear',
  })
}

/** Registers a venue, equipment, study time or the like from a day on. */
export async function registerItem(
  tx: Tx,
  input: {
    kind: string
    name: string
    place?: string
    note?: string
    keeperId?: string | null
    from: LocalDate
  },
): Promise<{ id: string }> {
  demand(can.maintainEnvironment(tx.actor))
  await store.lockRoom(tx)
  if (input.from > tx.today)
    refuse('请填已经有了的那一天，以后才有的到时再登记。', { fields: { from: '晚于今天' } })
  if (input.keeperId && !(await findPerson(tx, input.keeperId))) refuseNotFound('人员')
  const same = (await store.listItems(tx)).find(
    (one) => one.kind === input.kind && one.name === input.name && (one.to === null || one.to >= input.from),
  )
  if (same) refuse(`“${input.name}”从 ${same.from} 起已经登记过了。`, { fields: { name: '已经登记' } })
  const row = {
    id: newId(),
    kind: input.kind,
    name: input.name,
    place: input.place ?? '',
    note: input.note ?? '',
    keeperId: input.keeperId ?? null,
    from: input.from,
  }
  await store.insertItem(tx, row)
  await settleItem(tx, { ...row, to: null, withdrawnBecause: null })
  await audit(tx, { type: 'duty.itemRegistered', id: row.id, payload: { ...row } })
  changed(tx, 'duty')
  return { id: row.id }
}

async function getItem(tx: Tx, id: string): Promise<store.ItemRow> {
  const item = (await store.findItem(tx, id)) ?? refuseNotFound('研修条件')
  if (item.withdrawnBecause !== null) refuse('这一项已经作废，请刷新页面。')
  return item
}

/** Something is no longer there after a day. */
export async function endItem(tx: Tx, input: { itemId: string; lastDay: LocalDate }): Promise<void> {
  demand(can.maintainEnvironment(tx.actor))
  await store.lockRoom(tx)
  const item = await getItem(tx, input.itemId)
  if (item.to !== null) refuse(`这一项已经在 ${item.to} 停用。`)
  if (input.lastDay < item.from)
    refuse(`这一项从 ${item.from} 才有，最后一天不能更早。`, { fields: { lastDay: '不能早于登记的日子' } })
  await store.endItem(tx, item.id, input.lastDay)
  await settleItem(tx, { ...item, to: input.lastDay })
  await audit(tx, { type: 'duty.itemEnded', id: item.id, payload: { on: input.lastDay } })
  changed(tx, 'duty')
}

/** An item that was registered by mistake. */
export async function withdrawItem(tx: Tx, input: { itemId: string; reason: string }): Promise<void> {
  demand(can.maintainEnvironment(tx.actor))
  await store.lockRoom(tx)
  const item = await getItem(tx, input.itemId)
  await store.withdrawItem(tx, item.id, input.reason)
  await settleItem(tx, { ...item, withdrawnBecause: input.reason })
  await audit(tx, { type: 'duty.itemWithdrawn', id: item.id, payload: { reason: input.reason } })
  changed(tx, 'duty')
}

const step = (tx: Tx, supplyId: string, name: 'request' | 'delivered', on: LocalDate, actor: string) => ({
  kind: 'step.done' as const,
  subject: { kind: 'organisation' as const, id: tx.orgId },
  on,
  quantity: 1,
  attributes: { flow: 'supplies', step: name, caseId: supplyId, actor, artefact: false },
  source: { room: 'duty', id: supplyId },
  key: `duty:${supplyId}:${name}`,
})

/** Somebody needs something by a day. */
export async function requestSupply(
  tx: Tx,
  input: { what: string; purpose?: string; neededOn: LocalDate },
): Promise<{ id: string }> {
  demand(can.request(tx.actor))
  const requestedBy = tx.actor.personId ?? refuse('请用本人的账号提出申请。')
  if (input.neededOn < tx.today)
    refuse('需要的日子已经过去，请填今天或以后的日子。', { fields: { neededOn: '已经过去' } })
  const id = newId()
  await store.insertSupply(tx, {
    id,
    what: input.what,
    purpose: input.purpose ?? '',
    neededOn: input.neededOn,
    requestedBy,
  })
  await recordFacts(tx, [step(tx, id, 'request', tx.today, 'teacher')])
  await audit(tx, { type: 'duty.supplyRequested', id, payload: { ...input } })
  changed(tx, 'duty', 'inbox')
  return { id }
}

async function getSupply(tx: Tx, id: string): Promise<store.SupplyRow> {
  await store.lockRoom(tx)
  return (await store.findSupply(tx, id)) ?? refuseNotFound('申请')
}

/** What was asked for has arrived. */
export async function deliverSupply(
  tx: Tx,
  input: { supplyId: string; on: LocalDate; note?: string },
): Promise<void> {
  const supply = await getSupply(tx, input.supplyId)
  demand(can.deliver(tx.actor, supply))
  if (input.on > tx.today || input.on < supply.requestedOn)
    refuse(`送到的日子要在 ${supply.requestedOn} 到今天之间。`, { fields: { on: '请核对日期' } })
  await store.settleSupply(tx, { id: supply.id, status: 'delivered', on: input.on, note: input.note ?? '' })
  await recordFacts(tx, [step(tx, supply.id, 'delivered', input.on, 'logistics')])
  await audit(tx, { type: 'duty.supplyDelivered', id: supply.id, payload: { on: input.on } })
  changed(tx, 'duty', 'inbox')
}

/** Not granted, or taken back: the request no longer waits, and its fact is reversed. */
export async function closeSupply(
  tx: Tx,
  input: { supplyId: string; status: 'declined' | 'withdrawn'; note?: string },
): Promise<void> {
  const supply = await getSupply(tx, input.supplyId)
  demand(input.status === 'declined' ? can.deliver(tx.actor, supply) : can.withdrawRequest(tx.actor, supply))
  await store.settleSupply(tx, { id: supply.id, status: input.status, on: tx.today, note: input.note ?? '' })
  await reverseFacts(tx, { room: 'duty', id: supply.id })
  await audit(tx, {
    type: 'duty.supplyClosed',
    id: supply.id,
    payload: { status: input.status, note: input.note ?? '' },
  })
  changed(tx, 'duty', 'inbox')
}

/** Leaves the facts of a new school year, and takes back those of what has ended; once a day. */
export async function settleEverything(tx: Tx): Promise<void> {
  for (const duty of await store.listDuties(tx)) await settleDuty(tx, duty)
  for (const item of await store.listItems(tx)) await settleItem(tx, item)
}
