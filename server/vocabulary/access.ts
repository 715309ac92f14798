import type { Actor } from '../kit/sql.ts'

export const can = {
  edit(actor: Actor): string | null {
    if (actor.districtId !== null) return '在这所学校只能查看；词表由学校自己维护。'
    const allowed = ['academicOffice', 'researchOffice', 'districtOfficer'] as const
    if (actor.kind === 'system' || allowed.some((role) => actor.roles.includes(role))) return null
    return '词表由教导处、教科室或区级教研员维护。'
  },
}
