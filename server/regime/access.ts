import type { Actor } from '../kit/sql.ts'

const officeRoles = [
  'academicOffice',
  'researchOffice',
  'principal',
  'administrator',
  'districtOfficer',
] as const

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

  /** Drafting and submitting a version: 教导处 and principal; the district officer for the district's own. */
  editVersions(actor: Actor): string | null {
    if (actor.districtId !== null) return '在这所学校只能查看；本校版本由学校自己修订。'
    const allowed = ['principal', 'academicOffice', 'districtOfficer'] as const
    if (actor.kind === 'system' || allowed.some((role) => actor.roles.includes(role))) return null
    return '制度版本由教导处或校长修订，您可以查看。'
  },
  /** Putting a version in force: the principal; for a district its officer. */
  confirmVersion(actor: Actor): string | null {
    if (actor.districtId !== null) return '在这所学校只能查看；版本由本校校长确认。'
    const allowed = ['principal', 'districtOfficer'] as const
    if (actor.kind === 'system' || allowed.some((role) => actor.roles.includes(role))) return null
    return '版本由校长确认后施行。'
  },
  seeVersions(actor: Actor): string | null {
    if (seesAll(actor) || actor.roles.includes('districtOfficer')) return null
    return '修订中的版本由校长、教导处和教科室查看；现行制度请看“制度全文”。'
  },
  /** What the engine leaves to people: by the offices, for a group also by its leader; nobody for oneself alone. */
  confirmDuty(
    actor: Actor,
    about: { kind: 'person' | 'unit' | 'organisation'; id: string; unitIds: readonly string[] },
  ): string | null {
    if (actor.districtId !== null) return '在这所学校只能查看；人工确认由学校办理。'
    if (actor.kind === 'system') return null
    if (about.kind === 'person' && about.id === actor.personId && !actor.roles.includes('principal'))
      return '自己的事项不能由自己确认，请组长或教导处办理。'
    if (officeRoles.some((role) => actor.roles.includes(role))) return null
    if (about.kind === 'organisation') return '学校的事项由教导处、教科室或校长确认。'
    if (leads(actor, about.kind === 'unit' ? [about.id] : about.unitIds)) return null
    return '小组和教师的事项由组长、教导处、教科室或校长确认。'
  },
  confirmResults(actor: Actor): string | null {
    if (actor.districtId !== null) return '在这所学校只能查看；结果由学校确认。'
    const allowed = ['principal', 'academicOffice'] as const
    if (actor.kind === 'system' || allowed.some((role) => actor.roles.includes(role))) return null
    return '结果由校长或教导处确认。'
  },
}
