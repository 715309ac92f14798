import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { findOrganisation, findPerson, listSchoolsOf, type Organisation } from '../org/store.ts'
import { findPeople } from '../activity/store.ts'
import { can } from './access.ts'
import type { TrainerFields } from './contract.ts'
import * as store from './store.ts'

export async function getOrganisation(tx: Tx): Promise<Organisation> {
  return (await findOrganisation(tx)) ?? refuseNotFound('单位')
}

const fieldsOf = (input: TrainerFields) => ({
  kind: input.kind,
  level: input.level,
  employer: input.employer ?? '',
  field: input.field ?? '',
  phone: input.phone ?? '',
  countsAs: input.countsAs && input.countsAs.length > 0 ? input.countsAs : null,
  offered: input.offered ?? false,
})

/**
 * Adds somebody to the pool: of the own staff by `personId` (name and phone are known), in a district of one of its
 * schools by `home`, else an outsider by name. Whoever had left the pool comes back into it.
 */
export async function addTrainer(
  tx: Tx,
  input: TrainerFields & {
    personId?: string | null
    home?: { schoolId: string; personId: string } | null
    name?: string
  },
): Promise<{ id: string }> {
  demand(can.maintain(tx.actor))
  const organisation = await getOrganisation(tx)
  if (input.offered) demand(can.offer(tx.actor, organisation))
  await store.lockRoom(tx)
  const fields = fieldsOf(input)
  const pool = await store.listTrainers(tx)
  let row: Omit<store.TrainerRow, 'leftOn'> = {
    ...fields,
    id: newId(),
    name: input.name?.trim() ?? '',
    personId: null,
    homeOrgId: null,
    homePersonId: null,
    districtTrainerId: null,
  }
  if (input.personId) {
    const person = (await findPerson(tx, input.personId)) ?? refuseNotFound('人员')
    row = { ...row, name: person.name, personId: person.id, phone: fields.phone || (person.phone ?? '') }
    row.employer = fields.employer || organisation.name
  } else if (input.home) {
    const { schoolId, personId } = input.home
    const school = (await listSchoolsOf(tx, tx.orgId)).find((one) => one.id === schoolId)
    if (!school) refuseNotFound('学校')
    const person = await inScopeOf(tx, schoolId, (other) => findPerson(other, personId))
    if (!person) refuseNotFound('人员')
    row = { ...row, name: person.name, homeOrgId: schoolId, homePersonId: person.id }
    row.employer = fields.employer || school.name
  }
  if (row.name === '') refuse('请填写姓名，或从本校教师中选择。', { fields: { name: '请填写' } })
  const same = pool.find((one) =>
    row.personId || row.homePersonId
      ? one.personId === row.personId && one.homePersonId === row.homePersonId
      : one.name === row.name && one.employer === row.employer,
  )
  if (same && same.leftOn === null)
    refuse(`${same.name}已经在师资库里了，可以直接修改。`, {
      fields: { [row.personId ? 'personId' : 'name']: '已经登记' },
    })
  if (same) {
    await store.updateTrainer(tx, { ...same, ...fields, employer: row.employer, leftOn: null })
    row = { ...row, id: same.id }
  } else await store.insertTrainer(tx, row)
  await audit(tx, {
    type: 'trainer.added',
    id: row.id,
    payload: { name: row.name, kind: row.kind, level: row.level, employer: row.employer },
  })
  changed(tx, 'trainer')
  return { id: row.id }
}

export async function getTrainer(tx: Tx, id: string): Promise<store.TrainerRow> {
  return (await store.findTrainer(tx, id)) ?? refuseNotFound('师资')
}

/** Changes what is known of somebody; facts that were left already keep what they say. */
export async function changeTrainer(
  tx: Tx,
  input: TrainerFields & { trainerId: string; name: string },
): Promise<void> {
  demand(can.maintain(tx.actor))
  if (input.offered) demand(can.offer(tx.actor, await getOrganisation(tx)))
  await store.lockRoom(tx)
  const before = await getTrainer(tx, input.trainerId)
  // The names of the own staff are those of the roster.
  const name = before.personId === null ? input.name.trim() : before.name
  await store.updateTrainer(tx, { ...before, ...fieldsOf(input), name })
  await audit(tx, {
    type: 'trainer.changed',
    id: before.id,
    payload: { name, kind: input.kind, level: input.level },
  })
  changed(tx, 'trainer', 'activity')
}

/** Takes somebody out of the pool or back into it; what was given stays in the records. */
export async function setTrainerLeft(tx: Tx, input: { trainerId: string; left: boolean }): Promise<void> {
  demand(can.maintain(tx.actor))
  await store.lockRoom(tx)
  const before = await getTrainer(tx, input.trainerId)
  if ((before.leftOn !== null) === input.left)
    refuse(input.left ? `${before.name}已经不在师资库里了。` : `${before.name}已经在师资库里。`)
  await store.updateTrainer(tx, { ...before, leftOn: input.left ? tx.today : null })
  await audit(tx, { type: input.left ? 'trainer.left' : 'trainer.returned', id: before.id, payload: {} })
  changed(tx, 'trainer')
}

/** Those whom the district offers and who are not in the pool yet; a district offers itself nothing. */
export async function listOffers(tx: Tx): Promise<store.TrainerRow[]> {
  const { districtId } = await getOrganisation(tx)
  if (districtId === null) return []
  const taken = new Set((await store.listTrainers(tx)).map((one) => one.districtTrainerId))
  const offered = await inScopeOf(tx, districtId, store.listTrainers)
  return offered.filter(
    (one) => one.offered && one.leftOn === null && one.homeOrgId !== tx.orgId && !taken.has(one.id),
  )
}

/** Takes somebody whom the district offers into the school's pool; the district's record stays the district's. */
export async function takeOffer(tx: Tx, input: { offerId: string }): Promise<{ id: string }> {
  demand(can.maintain(tx.actor))
  await store.lockRoom(tx)
  const offer = (await listOffers(tx)).find((one) => one.id === input.offerId) ?? refuseNotFound('区里的师资')
  const id = newId()
  await store.insertTrainer(tx, {
    ...offer,
    id,
    // Words are those of the regime of whoever uses them.
    countsAs: null,
    personId: null,
    homeOrgId: null,
    homePersonId: null,
    districtTrainerId: offer.id,
    offered: false,
  })
  await audit(tx, { type: 'trainer.taken', id, payload: { name: offer.name, from: offer.id } })
  changed(tx, 'trainer')
  return { id }
}

/** Staff of the district's schools whose name, initials or 工号 begins so. */
export async function findSchoolStaff(
  tx: Tx,
  search: string,
): Promise<{ schoolId: string; personId: string; name: string; note: string }[]> {
  demand(can.maintain(tx.actor))
  if (search === '') return []
  const found: { schoolId: string; personId: string; name: string; note: string }[] = []
  for (const school of await listSchoolsOf(tx, tx.orgId)) {
    const people = await inScopeOf(tx, school.id, (other) => findPeople(other, search))
    for (const person of people)
      found.push({ schoolId: school.id, personId: person.id, name: person.name, note: school.name })
    if (found.length >= 20) break
  }
  return found.slice(0, 20)
}
