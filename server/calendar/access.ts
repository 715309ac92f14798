import type { Actor } from '../kit/sql.ts'

export const can = {
  /** 校历 is kept by principal, 教导处 and administrator, in a district by its officers as well. */
  save(actor: Actor): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看，不能改学校的校历。'
    if (actor.kind === 'system') return null
    const keepers = ['principal', 'academicOffice', 'administrator']
    return actor.roles.some((role) => keepers.includes(role))
      ? null
      : '校历由校长、教导处或管理员设置；需要更正请告诉他们。'
  },
}
