import { addDays } from '../../engine/days.ts'
import { type FactKindName, factKinds } from '../../engine/facts.ts'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { forgetCallers } from '../access/actions.ts'
import { audit } from '../audit/actions.ts'
import { type FactInput, markForRecompute, recordFacts, reverseFacts } from '../facts/actions.ts'
import { listLiveFactsOfPerson, listLiveFactsOfSource } from '../facts/store.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { beginService, createPerson, endService, refuseTakenNumber, savePerson } from './actions.ts'
import type { TransferView } from './contract.ts'
import { getOwn, listNeighbours } from './schools.ts'
import { inScopeOf } from './scope.ts'
import * as store from './store.ts'
import * as transfers from './transfer-store.ts'

/**
 * Kinds of facts that go along with a person: what somebody did or earned. What a school decided about its own affairs
 * (duties, leave, checks, plans, steps of its flows) stays with the school.
 */
const carriedKinds: readonly FactKindName[] = [
  'activity.attended',
  'activity.spoke',
  'attendance.madeUp',
  'study.logged',
  'book.read',
  'notebook.kept',
  'work.accepted',
  'work.published',
  'lesson.given',
  'lesson.observed',
  'lesson.prepared',
  'topic.approved',
  'topic.joined',
  'topic.concluded',
  'mentoring.recorded',
  'outing.returned',
  'contest.entered',
  'prize.won',
  'award.granted',
  'title.held',
  'certificate.issued',
  'test.taken',
  'points.entered',
  'credit.recognised',
]
/** As far back as the longest period by which regimes count, with what may count early for it. */
const daysCarried = 5 * 366 + 92

/** Values of a day that stay behind: duties belong to the old school, the day of joining is the new school's. */
const leftBehind: ReadonlySet<string> = new Set(['positions', 'classTeacher', 'joinedOn', 'schoolBefore'])

/**
 * Hands a person over to another school of the same district: the service ends here on a day and begins there on the
 * next, with the same data and with the records of the running years, so that hours and credits of a cycle go on. Who
 * comes back takes up the old record. All sides in one transaction. Returns the id under which the new school knows them.
 */
export async function transferPerson(
  tx: Tx,
  input: { personId: string; schoolId: string; on: LocalDate; staffNumber: string; note: string },
): Promise<{ personId: string; transferId: string }> {
  await store.lockRegister(tx)
  const own = await getOwn(tx)
  const person = (await store.findPerson(tx, input.personId)) ?? refuseNotFound('人员')
  const target =
    (await listNeighbours(tx)).find((school) => school.id === input.schoolId) ??
    refuse('只能调到同一个区的其他学校；调往区外请办理“离职”。', { fields: { schoolId: '请另选学校' } })
  const detail = await store.loadPersonDetail(tx, person.id)
  const note = input.note === '' ? '' : `：${input.note}`
  const came = (await transfers.listOfPerson(tx, person.id)).find(
    (one) => one.side === 'in' && one.fromId === target.id,
  )
  await endService(tx, { personId: person.id, on: input.on, reason: `调往${target.name}${note}` })
  const from = addDays(input.on, 1)
  const attributes: Record<string, AttributeValue> = {}
  for (const one of detail.attributes.toReversed())
    if (!leftBehind.has(one.name) && (one.to === null || one.to >= from)) attributes[one.name] = one.value
  const row: Omit<transfers.TransferRow, 'side' | 'toPersonId'> = {
    id: newId(),
    personName: person.name,
    fromId: own.id,
    fromName: own.name,
    fromPersonId: person.id,
    toId: target.id,
    toName: target.name,
    lastDay: input.on,
    note: input.note,
    carried: 0,
    comparedAt: tx.now,
    withdrawnBecause: null,
  }
  const before = spansBefore(own.name, detail, input.on)
  const { toPersonId, carried } = await inScopeOf(tx, target.id, async (there) => {
    await refuseTakenNumber(there, input.staffNumber, came?.fromPersonId ?? null)
    const id = await receive(there, {
      known: came?.fromPersonId ?? null,
      name: person.name,
      staffNumber: input.staffNumber,
      phone: person.phone,
      from,
      attributes,
    })
    await store.setServiceReason(there, id, from, `由${own.name}调入${note}`)
    await transfers.insertSchoolsBefore(there, id, before)
    await transfers.insertTransfer(there, { ...row, side: 'in', toPersonId: id })
    await audit(there, {
      type: 'org.personReceived',
      id,
      payload: { from: own.name, note: input.note, on: from },
    })
    const added = await carryOver(there, { ...row, side: 'in', toPersonId: id })
    return { toPersonId: id, carried: added.records }
  })
  const outgoing = { ...row, toPersonId, carried }
  await transfers.insertTransfer(tx, { ...outgoing, side: 'out' })
  if (own.districtId !== null)
    await inScopeOf(tx, own.districtId, async (district) => {
      await transfers.insertTransfer(district, { ...outgoing, side: 'seen' })
      changed(district, 'org')
    })
  await audit(tx, {
    type: 'org.personTransferred',
    id: person.id,
    payload: { to: target.name, schoolId: target.id, on: input.on, note: input.note, carried },
  })
  return { personId: toPersonId, transferId: row.id }
}

/** Where somebody served until a day: at earlier schools, then here. */
function spansBefore(name: string, detail: store.PersonDetail, lastDay: LocalDate) {
  const earlier = detail.attributes.flatMap((one) =>
    one.name === 'schoolBefore' && one.to !== null
      ? [{ name: String(one.value), from: one.from, to: one.to }]
      : [],
  )
  const here = detail.service.flatMap((one) =>
    one.from > lastDay
      ? []
      : [{ name, from: one.from, to: one.to === null || one.to > lastDay ? lastDay : one.to }],
  )
  return [...earlier, ...here]
}

/** Takes a person in: a new record, or the old one of somebody who comes back. */
async function receive(
  tx: Tx,
  person: {
    known: string | null
    name: string
    staffNumber: string
    phone: string | null
    from: LocalDate
    attributes: Record<string, AttributeValue>
  },
): Promise<string> {
  const { known, name, staffNumber, phone, from, attributes } = person
  if (known === null)
    return createPerson(tx, { name, staffNumber, phone, from, attributes: { ...attributes, joinedOn: from } })
  await beginService(tx, { personId: known, from })
  await savePerson(tx, { personId: known, name, staffNumber, phone: phone ?? '', from, attributes })
  return known
}

// ── The records that go along ────────────────────────────────────────────────

const sourceOf = (transferId: string) => ({ room: 'org', id: transferId })
/** The fact at the old school of which a fact is the copy. */
const originalOf = (key: string): string => key.split(':')[1] ?? ''

/**
 * Makes the records at the new school agree with what stands at the old one: missing ones are added with the name of the
 * school where they arose, and where something was reversed there it no longer counts here. Safe to repeat.
 */
async function carryOver(
  tx: Tx,
  transfer: transfers.TransferRow,
): Promise<{ records: number; added: number; reversed: number }> {
  const originals = await inScopeOf(tx, transfer.fromId, async (old) => {
    const fromHere = (await transfers.listOfPerson(old, transfer.fromPersonId))
      .filter((one) => one.side === 'in' && one.fromId === transfer.toId)
      .map((one) => one.id)
    const facts = await listLiveFactsOfPerson(old, transfer.fromPersonId, {
      from: addDays(transfer.lastDay, -daysCarried),
      kinds: carriedKinds,
    })
    // What somebody brought from here in the first place is here already.
    return facts.filter(
      (fact) =>
        fact.countsOn <= transfer.lastDay && !(fact.sourceRoom === 'org' && fromHere.includes(fact.sourceId)),
    )
  })
  const source = sourceOf(transfer.id)
  const standing = await listLiveFactsOfSource(tx, source)
  const wanted = new Set(originals.map((fact) => fact.id))
  let copied = new Set(standing.map((fact) => originalOf(fact.key)))
  let reversed = 0
  if ([...copied].some((id) => !wanted.has(id))) {
    reversed = await reverseFacts(tx, source)
    copied = new Set()
  }
  const missing = originals.filter((fact) => !copied.has(fact.id))
  await recordFacts(
    tx,
    missing.map(
      (fact): FactInput => ({
        kind: fact.kind as FactKindName,
        subject: { kind: 'person', id: transfer.toPersonId },
        on: fact.countsOn,
        quantity: fact.quantity,
        attributes: { carriedFrom: transfer.fromName, ...fact.attributes },
        source,
        // What was taken out may be brought in again, so the key is of this act alone.
        key: `carried:${fact.id}:${newId()}`,
      }),
    ),
  )
  await transfers.updateTransfer(tx, transfer.id, { carried: originals.length, withdrawnBecause: null })
  return { records: originals.length, added: missing.length, reversed }
}

async function getReceived(tx: Tx, id: string): Promise<transfers.TransferRow> {
  const transfer = (await transfers.findTransfer(tx, id)) ?? refuseNotFound('调动记录')
  if (transfer.side !== 'in') refuse('转来的记录由调入的学校核对。')
  return transfer
}

/** The office of the new school compares again, after something was corrected at the old one. */
export async function compareCarried(
  tx: Tx,
  transferId: string,
): Promise<{ records: number; added: number; reversed: number }> {
  demand(can.maintain(tx.actor))
  await store.lockRegister(tx)
  const transfer = await getReceived(tx, transferId)
  const result = await carryOver(tx, transfer)
  if (result.added > 0 || result.reversed > 0 || transfer.withdrawnBecause !== null) {
    await audit(tx, { type: 'org.carriedCompared', id: transfer.toPersonId, payload: { ...result } })
    changed(tx, 'org')
  }
  return result
}

/** Takes the records that came along out again, with the reason; the old school keeps them as they were. */
export async function withdrawCarried(tx: Tx, input: { transferId: string; reason: string }): Promise<void> {
  demand(can.maintain(tx.actor))
  await store.lockRegister(tx)
  const transfer = await getReceived(tx, input.transferId)
  if (transfer.withdrawnBecause !== null) refuse('转来的记录已经撤出了，请刷新页面。')
  const records = await reverseFacts(tx, sourceOf(transfer.id))
  await transfers.updateTransfer(tx, transfer.id, { carried: 0, withdrawnBecause: input.reason })
  await audit(tx, {
    type: 'org.carriedWithdrawn',
    id: transfer.toPersonId,
    payload: { reason: input.reason, records },
  })
  await markForRecompute(tx, [{ kind: 'person', id: transfer.toPersonId }])
  tx.afterCommit(forgetCallers)
  changed(tx, 'org')
}

/** Compares everything that came along in the last months: late corrections at the old school arrive without being asked for. */
export async function compareRecent(tx: Tx): Promise<void> {
  for (const transfer of await transfers.listReceivedSince(tx, addDays(tx.today, -200)))
    if (transfer.withdrawnBecause === null) await compareCarried(tx, transfer.id)
}

/** Transfers of one person, or all that the organisation knows of, with what came along by kind. */
export async function describeTransfers(tx: Tx, personId: string | null): Promise<TransferView[]> {
  const rows = personId === null ? await transfers.listAll(tx) : await transfers.listOfPerson(tx, personId)
  const views: TransferView[] = []
  for (const row of rows) {
    const facts =
      personId !== null && row.side === 'in' ? await listLiveFactsOfSource(tx, sourceOf(row.id)) : []
    const { side, personName, fromName, toName, lastDay, note, carried, withdrawnBecause } = row
    const mayChange = side === 'in' ? can.maintain(tx.actor) : '转来的记录由调入的学校核对。'
    views.push({
      id: row.id,
      side,
      personId: side === 'in' ? row.toPersonId : side === 'out' ? row.fromPersonId : null,
      personName,
      fromName,
      toName,
      lastDay,
      note,
      carried,
      withdrawnBecause,
      kinds: [...Map.groupBy(facts, (fact) => fact.kind)].map(([kind, own]) => {
        const { label, quantity } = factKinds[kind as FactKindName]
        const sum = own.reduce((total, fact) => total + fact.quantity, 0)
        return { label, records: own.length, quantity: Math.round(sum * 10) / 10, unit: quantity.unit }
      }),
      abilities: {
        compare: mayChange,
        withdraw: mayChange ?? (withdrawnBecause === null ? null : '已经撤出了。'),
      },
    })
  }
  return views
}
