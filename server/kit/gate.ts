/** Roles that a person holds through dated posts; `teacher` is everybody on the staff. */
export const roleLabels = {
  teacher: '教师',
  groupLeader: '组长',
  deputyLeader: '副组长',
  academicOffice: '教导处',
  researchOffice: '教科室',
  vicePrincipal: '副校长',
  principal: '校长',
  archivist: '档案员',
  administrator: '管理员',
  districtOfficer: '区级教研员',
} as const
export type Role = keyof typeof roleLabels

/**
 * Who may call an endpoint at all:
 * - `anyone`: without signing in;
 * - `signedIn`: every account, also one that must still change its first password;
 * - `member`: every account of a school or district;
 * - `staff`: everybody on a school's staff;
 * - `leaders`: group leaders and the offices; `office`: 教导处, 教科室, principal, administrator;
 * - `principal`, `administrator`, `district`: just these;
 * - `register`: who keeps people, units and posts of a school or of the district itself.
 */
export const gates = {
  anyone: null,
  signedIn: null,
  member: [
    'teacher',
    'groupLeader',
    'academicOffice',
    'researchOffice',
    'principal',
    'administrator',
    'districtOfficer',
  ],
  staff: ['teacher'],
  leaders: ['groupLeader', 'academicOffice', 'researchOffice', 'principal', 'administrator'],
  office: ['academicOffice', 'researchOffice', 'principal', 'administrator'],
  principal: ['principal'],
  administrator: ['administrator', 'principal', 'academicOffice'],
  register: ['administrator', 'principal', 'academicOffice', 'districtOfficer'],
  district: ['districtOfficer'],
} as const satisfies Record<string, readonly Role[] | null>
export type Gate = keyof typeof gates

export function passesGate(gate: Gate, roles: readonly Role[]): boolean {
  const wanted: readonly Role[] | null = gates[gate]
  return wanted === null || roles.some((role) => wanted.includes(role))
}
