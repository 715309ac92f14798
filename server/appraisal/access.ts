import type { Actor } from '../kit/sql.ts'

export const can = {
  record(actor: Actor): string | null {
    const may =
      actor.kind === 'system' || actor.roles.includes('academicOffice') || actor.roles.includes('principal')
    return may ? null : '检查和考评得分由教导处登记。'
  },
  /** Whose scores the actor may read beside the own ones. */
  seeAll(actor: Actor): string | null {
    const roles = ['academicOffice', 'researchOffice', 'principal', 'districtOfficer'] as const
    return actor.kind === 'system' || roles.some((role) => actor.roles.includes(role))
      ? null
      : '您可以看自己的得分；他人的得分由教导处查看。'
  },
}
