import type { Role } from '../kit/gate.ts'
import type { Actor } from '../kit/sql.ts'

const keepers: readonly Role[] = ['principal', 'academicOffice', 'administrator']
const isOne = (roles: readonly Role[], of: readonly Role[]) => roles.some((role) => of.includes(role))

export const can = {
  /** Opening, resetting, disabling: principal, 教导处, administrator. */
  manageAccounts(actor: Actor): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看，不能管理学校的账号。'
    if (actor.kind === 'system' || isOne(actor.roles, keepers)) return null
    return '账号由校长、教导处或管理员管理；忘记密码请找他们重设。'
  },
  /** The accounts of those above: whoever sets such a password could sign in as them. */
  touchAccount(actor: Actor, rolesOfOwner: readonly Role[]): string | null {
    const reason = can.manageAccounts(actor)
    if (reason) return reason
    const high: readonly Role[] = ['principal', 'administrator', 'districtOfficer']
    if (
      isOne(rolesOfOwner, high) &&
      actor.kind !== 'system' &&
      !isOne(actor.roles, ['principal', 'administrator'])
    )
      return '校长和管理员的账号只能由校长或管理员处理。'
    return null
  },
}
