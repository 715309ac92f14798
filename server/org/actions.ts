import { addDays } from '../../engine/days.ts'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { forgetCallers } from '../access/actions.ts'
import { audit } from '../audit/actions.ts'
import { markForRecompute } from '../facts/actions.ts'
import { refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { enqueueRebuild } from '../regime/adoption.ts'
import { pinyinKeys } from '../roster/pinyin.ts'
import type { PostRole, UnitKind } from './words.ts'
import * as store from './store.ts'

/** Posts, service or attributes have changed: members that bodies derive from them follow soon. */
export async function followChange(tx: Tx): Promise<void> {
  if (tx.notes.get('bulk')) return
  await enqueue(tx, 'settleDuties', { orgId: tx.orgId }, { key: `settleDuties:${tx.orgId}` })
}

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
  const [id] = await createPeople(tx, [input])
  return id as string
}

/** Takes many people onto the staff at once. Returns their ids in the same order. */
export async function createPeople(tx: Tx, people: NewPerson[]): Promise<string[]> {
  if (people.length === 0) return []
  const rows = people.map((person) => registerRow({ id: newId(), ...person, phone: person.phone ?? null }))
  await store.insertPeople(tx, rows)
  const idOf = (index: number) => (rows[index] as store.NewPersonRow).id
  await store.insertServices(
    tx,
    people.map(({ from }, index) => ({ id: newId(), personId: idOf(index), from, reason: '入职' })),
  )
  await store.setAttributes(
    tx,
    people.flatMap(({ attributes, from }, index) =>
      Object.entries(attributes).map(([name, value]) => ({ personId: idOf(index), name, value, from })),
    ),
    true,
  )
  const [first] = people
  if (people.length === 1 && first) {
    await audit(tx, {
      type: 'org.personCreated',
      id: idOf(0),
      payload: { name: first.name, staffNumber: first.staffNumber },
    })
    await markForRecompute(tx, [{ kind: 'person', id: idOf(0) }])
  } else {
    await audit(tx, { type: 'org.peopleCreated', id: null, payload: { count: people.length } })
    await enqueueRebuild(tx)
  }
  changed(tx, 'org', 'setup')
  return rows.map((row) => row.id)
}

/** A row of the register with the keys by which it is found and sorted. */
export function registerRow(person: {
  id: string
  staffNumber: string
  name: string
  phone: string | null
}): store.NewPersonRow {
  const keys = pinyinKeys(person.name)
  return {
    id: person.id,
    staffNumber: person.staffNumber,
    name: person.name,
    phone: person.phone,
    pinyin: keys.full,
    initials: keys.initials,
    sortKey: keys.sortKey,
  }
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
  await store.insertMemberships(tx, [{ id: newId(), ...input }])
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
  if (input.unitId && !(await store.findUnit(tx, input.unitId))) refuseNotFound('组')
  await store.insertPosts(tx, [
    {
      id: newId(),
      personId: person.id,
      unitId: input.unitId ?? null,
      role: input.role,
      title: input.title,
      from: input.from,
    },
  ])
  await audit(tx, {
    type: 'org.appointed',
    id: person.id,
    payload: { role: input.role, title: input.title, unitId: input.unitId ?? null, from: input.from },
  })
  await markForRecompute(tx, [
    { kind: 'person', id: person.id },
    ...(input.unitId ? [{ kind: 'unit' as const, id: input.unitId }] : []),
  ])
  tx.afterCommit(forgetCallers)
  await followChange(tx)
  changed(tx, 'org', 'access', 'setup')
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
  tx.afterCommit(forgetCallers)
  await followChange(tx)
  changed(tx, 'org', 'access', 'setup')
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

/** A person who had left serves again from a day on. */
export async function beginService(tx: Tx, input: { personId: string; from: LocalDate }): Promise<void> {
  const { service } = await store.loadPersonDetail(tx, input.personId)
  const running = service.find((one) => one.to === null || one.to >= input.from)
  if (running) refuse(`这位老师从 ${running.from} 起在职，不用再办入职。`)
  await store.insertServices(tx, [{ id: newId(), ...input, reason: '返校' }])
  await audit(tx, { type: 'org.serviceBegun', id: input.personId, payload: { from: input.from } })
  await markForRecompute(tx, [{ kind: 'person', id: input.personId }])
  tx.afterCommit(forgetCallers)
  await followChange(tx)
  changed(tx, 'org', 'access', 'setup')
}

/** Ends a long leave on a day; it must have begun by then. */
export async function endLongAbsence(tx: Tx, input: { absenceId: string; on: LocalDate }): Promise<void> {
  const absence = (await store.findAbsence(tx, input.absenceId)) ?? refuseNotFound('长假记录')
  if (input.on < absence.from) refuse(`这段长假从 ${absence.from} 开始，结束日期不能更早。`)
  await store.endAbsence(tx, absence.id, input.on)
  await audit(tx, { type: 'org.longAbsenceEnded', id: absence.personId, payload: { on: input.on } })
  await markForRecompute(tx, [{ kind: 'person', id: absence.personId }])
  changed(tx, 'org')
}

/** What never changes in a life: a new value is a correction and holds for all days. */
export const lifelongAttributes: ReadonlySet<string> = new Set([
  'gender',
  'birthDate',
  'joinedOn',
  'firstAppointedOn',
])
/** The day from which corrections of these hold. */
export const always: LocalDate = '1900-01-01'

/** Changes what is known of a person. Attributes hold from the given day, corrections of birth and the like for always. */
export async function savePerson(
  tx: Tx,
  input: {
    personId: string
    name?: string | undefined
    staffNumber?: string | undefined
    phone?: string | undefined
    from: LocalDate
    attributes: Record<string, AttributeValue>
  },
): Promise<void> {
  await store.lockRegister(tx)
  const person = (await store.findPerson(tx, input.personId)) ?? refuseNotFound('人员')
  const staffNumber = input.staffNumber ?? person.staffNumber
  if (staffNumber !== person.staffNumber) await refuseTakenNumber(tx, staffNumber, person.id)
  await store.updatePeople(tx, [
    registerRow({
      id: person.id,
      name: input.name ?? person.name,
      staffNumber,
      phone: input.phone === undefined ? person.phone : input.phone || null,
    }),
  ])
  const attributes = withMainSubject(input.attributes)
  await store.setAttributes(
    tx,
    Object.entries(attributes).map(([name, value]) => ({
      personId: person.id,
      name,
      value: Array.isArray(value) && value.length === 0 ? '' : value,
      from: lifelongAttributes.has(name) ? always : input.from,
    })),
  )
  await audit(tx, { type: 'org.personSaved', id: person.id, payload: { ...input } })
  await markForRecompute(tx, [{ kind: 'person', id: person.id }])
  await followChange(tx)
  changed(tx, 'org', 'access')
}

/** The first of several subjects is the one by which rules ask. */
export function withMainSubject(attributes: Record<string, AttributeValue>): Record<string, AttributeValue> {
  const { subjects } = attributes
  return Array.isArray(subjects) ? { ...attributes, subject: subjects[0] ?? '' } : attributes
}

/** Refuses a 工号 that somebody else carries, whatever its case. */
export async function refuseTakenNumber(tx: Tx, staffNumber: string, except: string | null): Promise<void> {
  const holder = await store.findPersonByStaffNumber(tx, staffNumber)
  if (holder && holder.id !== except)
    refuse(`工号“${staffNumber}”已经是${holder.name}的了，请换一个。`, {
      fields: { staffNumber: `已经是${holder.name}的工号` },
    })
}

/** Ends a post on a day. The last administrator stays until there is another. */
export async function endPost(tx: Tx, input: { postId: string; on: LocalDate }): Promise<void> {
  await store.lockRegister(tx)
  const post = (await store.findPost(tx, input.postId)) ?? refuseNotFound('职务')
  if (post.toOn !== null && post.toOn <= input.on) refuse(`这个职务已经在 ${post.toOn} 结束了。`)
  if (post.role === 'administrator' || post.role === 'principal') {
    const after = (await store.listPosts(tx, addDays(input.on, 1))).filter(
      (other) => ['administrator', 'principal'].includes(other.role) && other.id !== post.id,
    )
    if (after.length === 0)
      refuse('这是最后一位校长或管理员，免去后没有人能管理系统了；请先任命另一位管理员。')
  }
  await store.endRows(tx, 'posts', [post.id], input.on)
  await audit(tx, {
    type: 'org.postEnded',
    id: post.personId,
    payload: { role: post.role, title: post.title, on: input.on },
  })
  await markForRecompute(tx, [{ kind: 'person', id: post.personId }])
  tx.afterCommit(forgetCallers)
  await followChange(tx)
  changed(tx, 'org', 'access', 'setup')
}
