import type { Actor } from '../kit/sql.ts'

const heads = ['principal', 'academicOffice', 'administrator', 'districtOfficer']

export const can = {
  /** What is still missing concerns those who can do something about it. */
  seeProgress(actor: Actor): string | null {
    if (actor.kind === 'system' || actor.roles.some((role) => heads.includes(role))) return null
    return '学校设置由校长、教导处和管理员负责。'
  },
}
