import type { Actor } from '../kit/sql.ts'

const leading = ['principal', 'academicOffice', 'researchOffice', 'districtOfficer'] as const

export const can = {
  /** What is told cannot be taken back and concerns everybody, so those who lead a school or the district decide. */
  move(actor: Actor): string | null {
    return leading.some((role) => actor.roles.includes(role))
      ? null
      : '往后讲会替全区记下之后的事，请换成校长、教导处、教科室或区教研员的账号再拨。'
  },
}
