import type { Actor } from '../kit/sql.ts'

const offices = ['academicOffice', 'researchOffice', 'principal', 'administrator'] as const
const inOffice = (actor: Actor): boolean =>
  actor.kind === 'system' || offices.some((role) => actor.roles.includes(role))

/** Who may read and issue papers; `null` means yes, a sentence says why not. */
export const can = {
  /** A booklet is read by its owner, by a leader of one of the owner's groups, by the offices and by the district. */
  readBooklet(actor: Actor, owner: { personId: string; unitIds: readonly string[] }): string | null {
    if (actor.districtId !== null || inOffice(actor) || actor.personId === owner.personId) return null
    if (actor.leads.some((lead) => owner.unitIds.includes(lead.unitId))) return null
    return '报告册由本人、所在组的组长、教导处、教科室和校长查看。'
  },
  /** All booklets of a group at once. */
  readGroup(actor: Actor, unitId: string): string | null {
    if (actor.districtId !== null || inOffice(actor)) return null
    if (actor.leads.some((lead) => lead.unitId === unitId)) return null
    return '整组的报告册由本组组长、教导处、教科室和校长下载。'
  },
  /** Whether somebody sees the booklets of the whole school. */
  readAll(actor: Actor): boolean {
    return actor.districtId !== null || inOffice(actor)
  },
  /** Issuing gives a paper its number; that is for 教导处, 教科室 and the principal. */
  issue(actor: Actor): string | null {
    if (actor.districtId !== null) return '区里查看学校资料时不能签发。'
    return inOffice(actor) ? null : '报告册由教导处、教科室或校长签发。'
  },
}
