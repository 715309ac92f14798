import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { forgetCallers } from '../access/actions.ts'
import { audit } from '../audit/actions.ts'
import { markForRecompute } from '../facts/actions.ts'
import { refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { enqueueRebuild } from '../regime/adoption.ts'
import { createUnit, followChange } from './actions.ts'
import { type UnitKind, unitKindLabels } from './words.ts'
import * as store from './store.ts'

async function getUnit(tx: Tx, id: string): Promise<store.UnitRow> {
  return (await store.findUnit(tx, id)) ?? refuseNotFound('组')
}

/** Founds a unit under a name that no other of its kind has or had, below a unit that exists. */
export async function foundUnit(
  tx: Tx,
  input: { kind: UnitKind; name: string; parentId: string | null; subject: string; from: LocalDate },
): Promise<string> {
  await store.lockRegister(tx)
  await refuseTakenName(tx, input.kind, input.name, null)
  await refuseWrongParent(tx, null, input.parentId)
  return createUnit(tx, { ...input, subject: input.subject || null })
}

async function refuseTakenName(tx: Tx, kind: UnitKind, name: string, except: string | null): Promise<void> {
  const same = (await store.listAllUnits(tx)).find(
    (unit) => unit.kind === kind && unit.name === name && unit.id !== except,
  )
  if (!same) return
  const label = unitKindLabels[kind]
  refuse(
    same.toOn === null
      ? `已经有叫“${name}”的${label}了，请换一个名称。`
      : `“${name}”在 ${same.toOn} 撤销过；为免混淆，请换一个名称，例如“${name}（新）”。`,
    { fields: { name: '名称已被使用' } },
  )
}

async function refuseWrongParent(tx: Tx, unitId: string | null, parentId: string | null): Promise<void> {
  const seen = new Set(unitId === null ? [] : [unitId])
  for (let at = parentId; at !== null; ) {
    if (seen.has(at)) refuse('上级不能是它自己或它的下级，请另选。', { fields: { parentId: '请另选' } })
    seen.add(at)
    at = (await getUnit(tx, at)).parentId
  }
}

/** Renames a unit, moves it below another, sets its subject. */
export async function saveUnit(
  tx: Tx,
  input: { unitId: string; name: string; parentId: string | null; subject: string },
): Promise<void> {
  await store.lockRegister(tx)
  const unit = await getUnit(tx, input.unitId)
  if (input.name !== unit.name) await refuseTakenName(tx, unit.kind, input.name, unit.id)
  await refuseWrongParent(tx, unit.id, input.parentId)
  await store.updateUnit(tx, { ...input, id: unit.id, subject: input.subject || null })
  await audit(tx, {
    type: 'org.unitSaved',
    id: unit.id,
    payload: { before: unit.name, name: input.name, parentId: input.parentId, subject: input.subject },
  })
  await markForRecompute(tx, [{ kind: 'unit', id: unit.id }])
  changed(tx, 'org', 'access')
}

/** Dissolves a unit on a day, with its memberships and posts; what it did stays. */
export async function dissolveUnit(tx: Tx, input: { unitId: string; on: LocalDate }): Promise<void> {
  await store.lockRegister(tx)
  const unit = await getUnit(tx, input.unitId)
  if (unit.toOn !== null) refuse(`“${unit.name}”已经在 ${unit.toOn} 撤销了。`)
  if (input.on < unit.fromOn) refuse(`“${unit.name}”从 ${unit.fromOn} 才成立，撤销日期不能更早。`)
  const below = (await store.listAllUnits(tx)).filter(
    (other) => other.parentId === unit.id && (other.toOn === null || other.toOn > input.on),
  )
  if (below[0])
    refuse(`“${unit.name}”下面还有“${below[0].name}”等 ${below.length} 个组，请先移走或撤销它们。`)
  await store.endUnit(tx, unit.id, input.on)
  await audit(tx, {
    type: 'org.unitDissolved',
    id: unit.id,
    payload: { name: unit.name, on: input.on },
  })
  await enqueueRebuild(tx)
  tx.afterCommit(forgetCallers)
  await followChange(tx)
  changed(tx, 'org', 'access', 'setup')
}

/** Makes people members of a unit from a day on; whoever is one already is passed over. Returns how many were added. */
export async function addMembers(
  tx: Tx,
  input: { unitId: string; personIds: string[]; from: LocalDate },
): Promise<number> {
  await store.lockRegister(tx)
  const unit = await getUnit(tx, input.unitId)
  if (unit.toOn !== null && unit.toOn < input.from) refuse(`“${unit.name}”已经在 ${unit.toOn} 撤销了。`)
  if (input.from < unit.fromOn) refuse(`“${unit.name}”从 ${unit.fromOn} 才成立，请选择这天或以后的日期。`)
  const members = new Set(
    (await store.listMembershipsOf(tx, unit.id))
      .filter((row) => row.to === null || row.to >= input.from)
      .map((row) => row.personId),
  )
  const added: string[] = []
  for (const personId of new Set(input.personIds)) {
    if (members.has(personId)) continue
    const person = (await store.findPerson(tx, personId)) ?? refuseNotFound('人员')
    if (await store.findLeftOn(tx, personId, input.from)) refuse(`${person.name}已经离职，不能加入组。`)
    added.push(personId)
  }
  await store.insertMemberships(
    tx,
    added.map((personId) => ({ id: newId(), unitId: unit.id, personId, from: input.from })),
  )
  if (added.length === 0) return 0
  await audit(tx, {
    type: 'org.membersAdded',
    id: unit.id,
    payload: { personIds: added, from: input.from },
  })
  await markForRecompute(tx, [
    { kind: 'unit', id: unit.id },
    ...added.map((id) => ({ kind: 'person' as const, id })),
  ])
  tx.afterCommit(forgetCallers)
  changed(tx, 'org', 'access', 'setup')
  return added.length
}

/** Ends a membership on a day; a leader must be replaced first. */
export async function removeMember(
  tx: Tx,
  input: { unitId: string; personId: string; on: LocalDate },
): Promise<void> {
  await store.lockRegister(tx)
  const unit = await getUnit(tx, input.unitId)
  const rows = (await store.listMembershipsOf(tx, unit.id)).filter(
    (row) => row.personId === input.personId && (row.to === null || row.to > input.on),
  )
  if (rows.length === 0) refuse('这个人现在不是本组成员，请刷新页面看最新情况。')
  const leads = (await store.listPostsOf(tx, unit.id)).filter(
    (post) => post.personId === input.personId && (post.toOn === null || post.toOn > input.on),
  )
  if (leads[0]) refuse(`${leads[0].personName}还是“${leads[0].title}”，请先免去职务或换人担任。`)
  await store.endRows(
    tx,
    'memberships',
    rows.map((row) => row.id),
    input.on,
  )
  await audit(tx, {
    type: 'org.memberRemoved',
    id: unit.id,
    payload: { personId: input.personId, on: input.on },
  })
  await markForRecompute(tx, [
    { kind: 'unit', id: unit.id },
    { kind: 'person', id: input.personId },
  ])
  tx.afterCommit(forgetCallers)
  changed(tx, 'org', 'access', 'setup')
}

/** Makes a person the leader of a unit from a day on, and a member if need be; who led before ends the day before. */
export async function setLeader(
  tx: Tx,
  input: { unitId: string; personId: string; from: LocalDate; title?: string | undefined },
): Promise<void> {
  await addMembers(tx, { unitId: input.unitId, personIds: [input.personId], from: input.from })
  const unit = await getUnit(tx, input.unitId)
  const before = (await store.listPostsOf(tx, unit.id)).filter(
    (post) => post.role === 'groupLeader' && (post.toOn === null || post.toOn >= input.from),
  )
  if (before.length === 1 && before[0]?.personId === input.personId && before[0].fromOn <= input.from)
    refuse(`${before[0].personName}已经是“${unit.name}”的组长。`)
  await store.endRows(
    tx,
    'posts',
    before.map((post) => post.id),
    addDays(input.from, -1),
  )
  const title = input.title || (unit.name.endsWith('组') ? `${unit.name}组长` : `${unit.name}负责人`)
  await store.insertPosts(tx, [
    { id: newId(), personId: input.personId, unitId: unit.id, role: 'groupLeader', title, from: input.from },
  ])
  await audit(tx, {
    type: 'org.leaderSet',
    id: unit.id,
    payload: {
      personId: input.personId,
      from: input.from,
      before: before.map((post) => post.personId),
    },
  })
  await markForRecompute(
    tx,
    [input.personId, ...before.map((post) => post.personId)].map((id) => ({ kind: 'person' as const, id })),
  )
  tx.afterCommit(forgetCallers)
  await followChange(tx)
  changed(tx, 'org', 'access', 'setup')
}
