import { addDays } from '../../engine/days.ts'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { openAccountFor } from '../access/accounts.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { enqueueRebuild } from '../regime/adoption.ts'
import { can } from './access.ts'
import { appoint, createOrganisation, createPerson, endService, refuseTakenNumber } from './actions.ts'
import { inScopeOf } from './scope.ts'
import * as store from './store.ts'

async function getOwn(tx: Tx): Promise<store.Organisation> {
  return (await store.findOrganisation(tx)) ?? refuseNotFound('学校')
}

/** The district founds a school below it. Returns its id. */
export async function createSchool(tx: Tx, name: string): Promise<string> {
  const own = await getOwn(tx)
  demand(can.createSchool(tx.actor, own.kind))
  await store.lockRegister(tx)
  if ((await store.listSchoolsOf(tx, own.id)).some((school) => school.name === name))
    refuse(`本区已经有“${name}”了，请换一个名称。`, { fields: { name: '名称已被使用' } })
  const id = newId()
  await inScopeOf(tx, id, async (school) => {
    await createOrganisation(school, { kind: 'school', name, districtId: own.id })
    // Takes over the district's regime.
    await enqueueRebuild(school)
  })
  await audit(tx, { type: 'org.schoolCreated', id, payload: { name } })
  changed(tx, 'org', 'setup')
  return id
}

/**
 * The district gives a school an administrator with an account: a new person, or the one who carries the 工号 there
 * already and forgot the password. The slip is kept nowhere.
 */
export async function openSchoolAdministrator(
  tx: Tx,
  input: { schoolId: string; name: string; staffNumber: string },
): Promise<{ name: string; loginName: string; password: string }> {
  const own = await getOwn(tx)
  demand(can.createSchool(tx.actor, own.kind))
  const school =
    (await store.listSchoolsOf(tx, own.id)).find((one) => one.id === input.schoolId) ?? refuseNotFound('学校')
  const slip = await inScopeOf(tx, school.id, async (there) => {
    const known = await store.findPersonByStaffNumber(there, input.staffNumber)
    if (known && known.name !== input.name)
      refuse(`“${school.name}”里工号“${input.staffNumber}”是另一个人，请核对姓名和工号。`)
    const personId =
      known?.id ??
      (await createPerson(there, {
        name: input.name,
        staffNumber: input.staffNumber,
        from: there.today,
        attributes: {},
      }))
    if (known && (await store.findLeftOn(there, known.id, there.today)))
      refuse(`${known.name}已经离开“${school.name}”，不能做管理员。`)
    const posts = await store.listPosts(there, there.today, personId)
    if (!posts.some((post) => post.role === 'administrator'))
      await appoint(there, { personId, role: 'administrator', title: '管理员', from: there.today })
    return openAccountFor(there, personId)
  })
  await audit(tx, {
    type: 'org.schoolAdministratorOpened',
    id: school.id,
    payload: { school: school.name, name: input.name, staffNumber: input.staffNumber },
  })
  return slip
}

/** The schools that a district has, or the other schools of a school's district. */
export async function listNeighbours(tx: Tx): Promise<{ id: string; name: string }[]> {
  const own = await getOwn(tx)
  const districtId = own.kind === 'district' ? own.id : own.districtId
  if (districtId === null) return []
  return (await store.listSchoolsOf(tx, districtId)).filter((school) => school.id !== own.id)
}

/**
 * Hands a person over to another school of the same district: the service ends here on a day and begins there on the
 * next, with the same data. What was done here stays here as it counted. Both sides in one transaction.
 */
export async function transferPerson(
  tx: Tx,
  input: { personId: string; schoolId: string; on: LocalDate; staffNumber: string; note: string },
): Promise<void> {
  await store.lockRegister(tx)
  const own = await getOwn(tx)
  const person = (await store.findPerson(tx, input.personId)) ?? refuseNotFound('人员')
  const target =
    (await listNeighbours(tx)).find((school) => school.id === input.schoolId) ??
    refuse('只能调到同一个区的其他学校；调往区外请办理“离职”。', { fields: { schoolId: '请另选学校' } })
  const detail = await store.loadPersonDetail(tx, person.id)
  const note = input.note === '' ? '' : `：${input.note}`
  await endService(tx, { personId: person.id, on: input.on, reason: `调往${target.name}${note}` })
  const from = addDays(input.on, 1)
  const attributes: Record<string, AttributeValue> = {}
  for (const one of detail.attributes.toReversed())
    if (one.to === null || one.to >= from) attributes[one.name] = one.value
  // Duties belong to the old school; the day of joining is the new school's.
  delete attributes.positions
  delete attributes.classTeacher
  await inScopeOf(tx, target.id, async (there) => {
    await refuseTakenNumber(there, input.staffNumber, null)
    const id = await createPerson(there, {
      name: person.name,
      staffNumber: input.staffNumber,
      phone: person.phone,
      from,
      attributes: { ...attributes, joinedOn: from },
    })
    await store.setServiceReason(there, id, `由${own.name}调入${note}`)
    await audit(there, {
      type: 'org.personReceived',
      id,
      payload: { from: own.name, note: input.note, on: from },
    })
  })
  await audit(tx, {
    type: 'org.personTransferred',
    id: person.id,
    payload: { to: target.name, schoolId: target.id, on: input.on, note: input.note },
  })
}

/** The organisation's name as it stands on papers from now on. */
export async function renameOrganisation(tx: Tx, name: string): Promise<void> {
  demand(can.appoint(tx.actor, 'administrator', (await getOwn(tx)).kind))
  const before = (await getOwn(tx)).name
  await store.renameOrganisation(tx, name)
  await audit(tx, { type: 'org.renamed', id: tx.orgId, payload: { before, name } })
  changed(tx, 'org', 'access')
}
