import { z } from 'zod'

/** Kinds of units with the names people know; a unit's own name is free. */
export const unitKindLabels = {
  department: '部门',
  teachingResearchGroup: '教研组',
  lessonPreparationGroup: '备课组',
  gradeGroup: '年级组',
  trainingGroup: '培训组',
  body: '领导小组等组织',
} as const
export type UnitKind = keyof typeof unitKindLabels
export const unitKinds = Object.keys(unitKindLabels) as [UnitKind, ...UnitKind[]]

export const postRoleLabels = {
  groupLeader: '组长',
  academicOffice: '教导处',
  researchOffice: '教科室',
  principal: '校长',
  administrator: '管理员',
  districtOfficer: '区级教研员',
} as const
export type PostRole = keyof typeof postRoleLabels
export const postRoles = Object.keys(postRoleLabels) as [PostRole, ...PostRole[]]

export const staffKindLabels = { teaching: '教师', support: '职员' } as const
export type StaffKind = keyof typeof staffKindLabels

export const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, '日期应写成 2026-11-22 的样子')
  .refine(
    (text) =>
      !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
      new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
    '没有这一天',
  )
export const id = z.uuid('编号不正确')
