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
  /** Registers, groups, posts: principal, 教导处, administrator; in the district its officers. */
  maintain(actor: Actor): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (actor.kind === 'system' || holds(actor, keepers) || holds(actor, ['districtOfficer'])) return null
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
      return organisation === 'district'
        ? `“${postRoleLabels[role]}”只能由区里的管理员任免。`
        : `“${postRoleLabels[role]}”只能由校长或管理员任免。`
    return null
  },
  /** The whole record of a person: the offices, the person, and the district that looks in. */
  seePerson(actor: Actor, personId: string): string | null {
    if (actor.kind === 'system' || actor.personId === personId) return null
    if (holds(actor, offices) || holds(actor, ['districtOfficer'])) return null
    return '只有本人、校长、教导处、教科室和管理员可以看个人档案。'
  },
  /** Somebody on the staff says what is wrong in the own record. */
  proposeCorrection(actor: Actor, personId: string): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    return actor.personId === personId ? null : '只能对自己的资料提出更正。'
  },
  decideCorrection(actor: Actor, correction: { status: string }): string | null {
    if (correction.status !== 'proposed') return '这份更正已经处理过了，请刷新页面。'
    return can.maintain(actor)
  },
  withdrawCorrection(actor: Actor, correction: { status: string; personId: string }): string | null {
    if (correction.status !== 'proposed') return '这份更正已经处理过了，请刷新页面。'
    return can.proposeCorrection(actor, correction.personId)
  },
  /** Who came and who went: the offices, and the district. */
  seeTransfers(actor: Actor): string | null {
    if (actor.kind === 'system' || holds(actor, offices) || holds(actor, ['districtOfficer'])) return null
    return '只有校长、教导处、教科室、管理员和区里可以看人员调动。'
  },
  /** Areas of the district and the schools in them. */
  maintainAreas(actor: Actor, organisation: 'school' | 'district'): string | null {
    if (actor.districtId !== null || organisation !== 'district') return '片区由区里划分。'
    if (actor.kind === 'system' || holds(actor, ['districtOfficer', 'administrator'])) return null
    return '片区由区级教研员或区里的管理员划分。'
  },
  /** From which year five-year cycles run. */
  setCycle(actor: Actor, organisation: 'school' | 'district'): string | null {
    if (actor.districtId !== null || organisation !== 'district') return '五年周期由区里统一设定。'
    if (actor.kind === 'system' || holds(actor, ['districtOfficer', 'administrator'])) return null
    return '五年周期由区级教研员或区里的管理员设定。'
  },
  /** Saved conditions over people. */
  saveCohort(actor: Actor): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (actor.kind === 'system' || holds(actor, offices)) return null
    return '人员范围由校长、教导处、教科室或管理员设定。'
  },
  seeCohorts(actor: Actor): string | null {
    return can.saveCohort({ ...actor, districtId: null }) === null || holds(actor, ['districtOfficer'])
      ? null
      : '只有校长、教导处、教科室、管理员和区里可以看人员范围。'
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
