import { createAccount, hashPassword, signIn } from '../access/actions.ts'
import { passwordProblem } from '../access/rules.ts'
import { refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { type Services, systemActor } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { appoint, createOrganisation, createPerson } from '../org/actions.ts'
import { inScopeOf } from '../org/scope.ts'
import { listOrganisations, lockFounding } from '../org/store.ts'
import type { SetupState } from './contract.ts'
import { isSetupToken, spendSetupToken } from './token.ts'

/** Whether the program has no organisation yet and waits for its setup page. */
export async function needsSetup(services: Services): Promise<boolean> {
  return (await listOrganisations(services.pool)).length === 0
}

/** What the setup page may do with this token. */
export async function findSetupState(services: Services, token: string): Promise<SetupState> {
  if (!(await needsSetup(services))) return 'done'
  return isSetupToken(token) ? 'open' : 'wrongToken'
}

export interface SetupInput {
  token: string
  kind: 'school' | 'district'
  name: string
  schools: string[]
  administrator: {
    name: string
    staffNumber: string
    isPrincipal: boolean
    loginName: string
    password: string
  }
}

const alreadyDone = '已经设置过了，请直接登录。'

/**
 * Founds the first organisation with its administrator: only with the token of this start, only while there is none.
 * For a district its schools as well. Gives the token of the administrator's session.
 */
export async function setUp(
  services: Services,
  input: SetupInput,
  request: { address: string; userAgent: string },
): Promise<{ organisationId: string; token: string }> {
  if (!(await needsSetup(services))) refuse(alreadyDone, { status: 409, code: 'alreadySetUp' })
  if (!isSetupToken(input.token))
    refuse('这个链接不对或已失效，请从服务器启动时显示的链接进入；找不到时请重新启动程序，会显示新的链接。', {
      status: 403,
      code: 'wrongToken',
    })
  const { administrator } = input
  const problem = passwordProblem(administrator.password, administrator.loginName)?.replace('新密码', '密码')
  if (problem) refuse(problem, { fields: { 'administrator.password': problem } })
  const schools = input.kind === 'district' ? [...new Set(input.schools)] : []
  const passwordHash = await hashPassword(administrator.password)
  const organisationId = newId()
  await services.inOrganisation(organisationId, systemActor('setup'), async (tx) => {
    if (await lockFounding(tx)) refuse(alreadyDone, { status: 409, code: 'alreadySetUp' })
    await found(tx, input, schools, passwordHash)
  })
  spendSetupToken()
  const { token } = await signIn(services, {
    loginName: administrator.loginName,
    password: administrator.password,
    ...request,
  })
  return { organisationId, token }
}

async function found(tx: Tx, input: SetupInput, schools: string[], passwordHash: string): Promise<void> {
  const { kind, name, administrator } = input
  await createOrganisation(tx, { kind, name, districtId: null })
  const personId = await createPerson(tx, {
    staffNumber: administrator.staffNumber || administrator.loginName,
    name: administrator.name,
    from: tx.today,
    attributes: {},
  })
  const post = { personId, from: tx.today }
  await appoint(tx, { ...post, role: 'administrator', title: '管理员' })
  if (kind === 'district') await appoint(tx, { ...post, role: 'districtOfficer', title: '教研员' })
  else if (administrator.isPrincipal) await appoint(tx, { ...post, role: 'principal', title: '校长' })
  await createAccount(tx, {
    personId,
    loginName: administrator.loginName,
    passwordHash,
    mustChangePassword: false,
  })
  for (const school of schools) {
    await inScopeOf(tx, newId(), (there) =>
      createOrganisation(there, { kind: 'school', name: school, districtId: tx.orgId }),
    )
  }
}
