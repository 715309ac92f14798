import type { Actor } from '../kit/sql.ts'

export interface EntryForAccess {
  personId: string
  withdrawnAt: Date | null
}

const offices = ['academicOffice', 'researchOffice', 'principal', 'districtOfficer'] as const

export const can = {
  /** Entries of a person whose groups are given. */
  see(actor: Actor, person: { personId: string; groupIds: string[] }): string | null {
    if (actor.kind === 'system' || actor.personId === person.personId) return null
    if (offices.some((role) => actor.roles.includes(role))) return null
    if (actor.leads.some((lead) => person.groupIds.includes(lead.unitId))) return null
    return '只有本人、所在组组长、教导处、教科室和校长可以看这些学习记录。'
  },
  withdraw(actor: Actor, entry: EntryForAccess): string | null {
    const office = actor.roles.includes('academicOffice') || actor.roles.includes('researchOffice')
    if (actor.kind !== 'system' && actor.personId !== entry.personId && !office)
      return '只有本人、教导处和教科室可以撤销这条学习记录。'
    if (entry.withdrawnAt) return '这条学习记录已经撤销。'
    return null
  },
}
