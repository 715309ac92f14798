import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { markForRecompute } from '../facts/actions.ts'
import { refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { pinyinKeys } from '../roster/pinyin.ts'
import type { PostRole, UnitKind } from './contract.ts'
import * as store from './store.ts'

/** Founds a school or a district. The transaction must already be in the scope of the new id. */
export async function createOrganisation(
  tx: Tx,
  input: { kind: 'school' | 'district'; name: string; districtId: string | null },
): Promise<void> {
  await store.insertOrganisation(tx, { id: tx.orgId, ...input })
  await audit(tx, { type: 'org.created', id: tx.orgId, payload: { name: input.name, kind: input.kind } })
}

export interface NewPerson {
  staffNumber: string
  name: string
  phone?: string | null
  /** Day on which the service at this school begins. */
  from: LocalDate
  attributes: Record<string, AttributeValue>
}

/** Takes a person onto the staff. Returns the id. */
export async function createPerson(tx: Tx, input: NewPerson): Promise<string> {
  const id = newId()
  const keys = pinyinKeys(input.name)
  await store.insertPerson(tx, {
    id,
    staffNumber: input.staffNumber,
    name: input.name,
    pinyin: keys.full,
    initials: keys.initials,
    sortKey: keys.sortKey,
    phone: input.phone ?? null,
  })
  await store.insertService(tx, { id: newId(), personId: id, from: input.from, reason: '入职' })
  for (const [name, value] of Object.entries(input.attributes))
    await store.setAttribute(tx, id, name, value, input.from)
  await audit(tx, {
    type: 'org.personCreated',
    id,
    payload: { name: input.name, staffNumber: input.staffNumber },
  })
  await markForRecompute(tx, [{ kind: 'person', id }])
  changed(tx, 'org')
  return id
}

/** Founds a group, department or body. Returns the id. */
export async function createUnit(
  tx: Tx,
  input: { kind: UnitKind; name: string; parentId?: string | null; subject?: string | null; from: LocalDate },
): Promise<string> {
  const id = newId()
  await store.insertUnit(tx, {
    id,
    kind: input.kind,
    name: input.name,
    parentId: input.parentId ?? null,
    subject: input.subject ?? null,
    from: input.from,
  })
  await audit(tx, { type: 'org.unitCreated', id, payload: { name: input.name, kind: input.kind } })
  await markForRecompute(tx, [{ kind: 'unit', id }])
  changed(tx, 'org')
  return id
}

/** Makes a person member of a unit from a day on. */
export async function addMember(
  tx: Tx,
  input: { unitId: string; personId: string; from: LocalDate },
): Promise<void> {
  const members = await store.listMembers(tx, input.unitId, input.from)
  if (members.some((member) => member.personId === input.personId)) return
  await store.insertMembership(tx, { id: newId(), ...input })
  await audit(tx, {
    type: 'org.memberAdded',
    id: input.unitId,
    payload: { personId: input.personId, from: input.from },
  })
  await markForRecompute(tx, [
    { kind: 'person', id: input.personId },
    { kind: 'unit', id: input.unitId },
  ])
  changed(tx, 'org')
}

/** Gives a person a post in a unit (or the whole organisation) from a day on. */
export async function appoint(
  tx: Tx,
  input: { personId: string; unitId?: string | null; role: PostRole; title: string; from: LocalDate },
): Promise<void> {
  const person = (await store.findPerson(tx, input.personId)) ?? refuseNotFound('人员')
  if (input.role === 'groupLeader' && !input.unitId) refuse('任命组长时请选择所在的组。')
  await store.insertPost(tx, {
    id: newId(),
    personId: person.id,
    unitId: input.unitId ?? null,
    role: input.role,
    title: input.title,
    from: input.from,
  })
  await audit(tx, {
    type: 'org.appointed',
    id: person.id,
    payload: { role: input.role, title: input.title, unitId: input.unitId ?? null, from: input.from },
  })
  changed(tx, 'org', 'access')
}

/** Ends a person's service on a day (transfer, retirement); what they did stays, later duties fall away. */
export async function endService(
  tx: Tx,
  input: { personId: string; on: LocalDate; reason: string },
): Promise<void> {
  const ended = await store.endService(tx, input.personId, input.on, input.reason)
  if (ended === 0) refuse('这位老师在该日没有在职记录，无法办理调离。')
  await audit(tx, {
    type: 'org.serviceEnded',
    id: input.personId,
    payload: { on: input.on, reason: input.reason },
  })
  await markForRecompute(tx, [{ kind: 'person', id: input.personId }])
  changed(tx, 'org')
}

/** Records a long leave; duties rest while it lasts. */
export async function recordLongAbsence(
  tx: Tx,
  input: { personId: string; kind: string; from: LocalDate; to: LocalDate | null; note: string },
): Promise<void> {
  await store.insertAbsence(tx, { id: newId(), ...input })
  await audit(tx, { type: 'org.longAbsenceRecorded', id: input.personId, payload: { ...input } })
  await markForRecompute(tx, [{ kind: 'person', id: input.personId }])
  changed(tx, 'org')
}
