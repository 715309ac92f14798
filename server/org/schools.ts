import { openAccountFor } from '../access/accounts.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { enqueueRebuild } from '../regime/adoption.ts'
import { can } from './access.ts'
import { appoint, createOrganisation, createPerson } from './actions.ts'
import { inScopeOf } from './scope.ts'
import * as store from './store.ts'

/** The organisation in whose scope the transaction acts. */
export async function getOwn(tx: Tx): Promise<store.Organisation> {
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

/** The organisation's name as it stands on papers from now on. */
export async function renameOrganisation(tx: Tx, name: string): Promise<void> {
  demand(can.appoint(tx.actor, 'administrator', (await getOwn(tx)).kind))
  const before = (await getOwn(tx)).name
  await store.renameOrganisation(tx, name)
  await audit(tx, { type: 'org.renamed', id: tx.orgId, payload: { before, name } })
  changed(tx, 'org', 'access')
}

/**
 * The district sets from which year and month five-year cycles run, for all its schools; `null` leaves it to their
 * regimes again. Everything that counts by cycles is computed anew.
 */
export async function setCycle(tx: Tx, cycle: { start: number; startMonth: number } | null): Promise<void> {
  const own = await getOwn(tx)
  demand(can.setCycle(tx.actor, own.kind))
  await store.lockRegister(tx)
  await store.setOrganisationAttribute(tx, 'cycle', cycle)
  await audit(tx, { type: 'org.cycleSet', id: tx.orgId, payload: { cycle } })
  await enqueueRebuild(tx)
  for (const school of await store.listSchoolsOf(tx, own.id))
    await inScopeOf(tx, school.id, async (there) => {
      await enqueueRebuild(there)
      changed(there, 'calendar', 'regime')
    })
  changed(tx, 'calendar', 'regime', 'org')
}
