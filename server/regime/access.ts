import type { Actor } from '../kit/sql.ts'

const officeRoles = ['academicOffice', 'researchOffice', 'principal', 'administrator'] as const

/** Whether the actor sees everything of the organisation: its offices, or the district officer who looks into it. */
function seesAll(actor: Actor): boolean {
  return (
    actor.kind === 'system' ||
    actor.districtId !== null ||
    officeRoles.some((role) => actor.roles.includes(role))
  )
}

const leads = (actor: Actor, unitIds: readonly string[]) =>
  actor.leads.some((lead) => unitIds.includes(lead.unitId))

/** Who may see what, and who may adopt; `null` means yes, a sentence says why not. */
export const can = {
  /** `unitIds`: the groups of which the person is a member today. */
  seePerson(actor: Actor, person: { id: string; unitIds: readonly string[] }): string | null {
    if (actor.personId === person.id && actor.districtId === null) return null
    if (seesAll(actor) || leads(actor, person.unitIds)) return null
    return '您只能查看自己的研修进度；组长可以查看本组，教导处、教科室和校长可以查看全校。'
  },
  seeGroup(actor: Actor, unitId: string): string | null {
    if (seesAll(actor) || leads(actor, [unitId])) return null
    return '小组的进度由组长、教导处、教科室和校长查看。'
  },
  seeSchool(actor: Actor): string | null {
    return seesAll(actor) ? null : '全校的进度由教导处、教科室和校长查看。'
  },
  adopt(actor: Actor): string | null {
    if (actor.districtId !== null) return '在这所学校只能查看；制度由学校自己采用。'
    const allowed = ['principal', 'academicOffice', 'districtOfficer'] as const
    if (actor.kind === 'system' || allowed.some((role) => actor.roles.includes(role))) return null
    return '采用制度由校长或教导处办理。'
  },
}
