import { z } from 'zod'
import { endpoint } from '../kit/contract.ts'
import { loginName, organisationName } from '../org/contract.ts'

/** `open`: may be set up with this token; `wrongToken`: the link is not the one in the terminal; `done`: nothing left to do. */
export type SetupState = 'open' | 'wrongToken' | 'done'

export type SetupStepKey = 'schools' | 'calendar' | 'people' | 'units' | 'leaders' | 'accounts' | 'regime'
/** One step of the guided checklist. */
export interface SetupStep {
  key: SetupStepKey
  title: string
  /** How it stands, or what to do. */
  sentence: string
  isDone: boolean
}
export interface SetupProgress {
  steps: SetupStep[]
  organisation: { name: string; kind: 'school' | 'district' }
  /** `还差：学年和学期、人员。` */
  sentence: string
}

export const setupApi = {
  getSetupState: endpoint('anyone', z.object({ token: z.string().max(100).default('') }))<{
    state: SetupState
  }>(),
  /** Founds the school or the district with its schools, and signs the administrator in. Works once. */
  setUp: endpoint(
    'anyone',
    z.object({
      token: z.string().max(100),
      kind: z.enum(['school', 'district']),
      name: organisationName,
      /** For a district: its schools, as far as known. */
      schools: z.array(organisationName).max(300, '一次最多 300 所学校').default([]),
      administrator: z.object({
        name: z.string().trim().min(1, '请填写姓名').max(40, '姓名不超过 40 个字'),
        staffNumber: z
          .string()
          .trim()
          .max(32)
          .regex(/^[\p{L}\p{N}_.-]*$/u, '工号只能由字母、数字和短横线组成')
          .default(''),
        /** In a school: whether this is the principal. */
        isPrincipal: z.boolean().default(false),
        loginName,
        password: z.string().max(200),
      }),
    }),
  )<{ organisationId: string }>(),
  /** What is still missing before the organisation can begin. */
  getProgress: endpoint('member', z.object({}))<SetupProgress>(),
}
export type SetupApi = typeof setupApi
