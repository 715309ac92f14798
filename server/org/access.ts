import type { Role } from '../kit/gate.ts'
import type { Actor } from '../kit/sql.ts'
import { type PostRole, postRoleLabels } from './words.ts'

const keepers: readonly Role[] = ['principal', 'academicOffice', 'administrator']
const offices: readonly Role[] = [...keepers, 'researchOffice']
/** Posts that give power over everything else; only principal and administrator hand them out. */
const highPosts: readonly PostRole[] = ['principal', 'administrator', 'districtOfficer']

const holds = (actor: Actor, roles: readonly Role[]) => actor.roles.some((role) => roles.includes(role))
const onlyLooks = (actor: Actor) =>
  actor.districtId !== null ? '区里查看学校时只能看，不能改学校的人员和组。' : null

export const can = {
  /** Registers, groups, posts: principal, 教导处, administrator. */
  maintain(actor: Actor): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (actor.kind === 'system' || holds(actor, keepers)) return null
    return '人员和组由校长、教导处或管理员维护；需要更正请告诉他们。'
  },
  /** Handing out or ending a post. */
  appoint(actor: Actor, role: PostRole, organisation: 'school' | 'district'): string | null {
    const reason = can.maintain(actor)
    if (reason) return reason
    if (role === 'districtOfficer' && organisation === 'school') return '区级教研员由区里任命，学校不能任命。'
    if (['principal', 'academicOffice', 'researchOffice'].includes(role) && organisation === 'district')
      return `区里没有“${postRoleLabels[role]}”这个岗位，请选择区级教研员或管理员。`
    if (highPosts.includes(role) && actor.kind !== 'system' && !holds(actor, ['principal', 'administrator']))
      return `“${postRoleLabels[role]}”只能由校长或管理员任免。`
    return null
  },
  /** The whole record of a person: the offices, the person, and the district that looks in. */
  seePerson(actor: Actor, personId: string): string | null {
    if (actor.kind === 'system' || actor.personId === personId) return null
    if (holds(actor, offices) || holds(actor, ['districtOfficer'])) return null
    return '只有本人、校长、教导处、教科室和管理员可以看个人档案。'
  },
  /** Phone numbers stay in the school's offices. */
  seePhones(actor: Actor): boolean {
    return actor.kind === 'system' || (actor.districtId === null && holds(actor, offices))
  },
  createSchool(actor: Actor, organisation: 'school' | 'district'): string | null {
    if (actor.districtId !== null || organisation !== 'district') return '只有区里可以新建学校。'
    if (actor.kind === 'system' || holds(actor, ['districtOfficer', 'administrator'])) return null
    return '只有区级教研员或区里的管理员可以新建学校。'
  },
}
