import { z } from 'zod'
import { endpoint } from '../kit/contract.ts'
import type { Role } from '../kit/gate.ts'
import type { LocalDate } from '../../engine/types.ts'

/** What the browser knows about whoever is signed in; decisions stay on the server. */
export interface Session {
  person: { id: string | null; name: string }
  account: { id: string; loginName: string; mustChangePassword: boolean }
  organisation: { id: string; name: string; kind: 'school' | 'district'; regimeTitle: string | null }
  roles: Role[]
  /** Groups and bodies led today. */
  leads: { unitId: string; name: string }[]
  /** Groups and bodies of which the person is a member today. */
  units: { unitId: string; name: string; kind: string }[]
  today: LocalDate
  /** `11月22日 周日 · 第12周（双周）`, or the name of the holidays. */
  todayLabel: string
  schoolYearId: string | null
  termId: string | null
  /** Set in the demo: the clock may be moved and accounts may be switched. */
  demo: boolean
}

export const accessApi = {
  /** Who is signed in; `null` without a session. Also says whether the program still waits for its setup. */
  getSession: endpoint('anyone', z.object({}))<{
    session: Session | null
    needsSetup: boolean
    demo: boolean
  }>(),
  signIn: endpoint(
    'anyone',
    z.object({ loginName: z.string().trim().min(1).max(64), password: z.string().min(1).max(200) }),
  )<{ mustChangePassword: boolean }>(),
  signOut: endpoint('signedIn', z.object({}))<Record<string, never>>(),
  changePassword: endpoint(
    'signedIn',
    z.object({ oldPassword: z.string().max(200), newPassword: z.string().max(200) }),
  )<Record<string, never>>(),
  /** Demo only: the accounts with their roles, for the sign-in page. */
  listDemoAccounts: endpoint('anyone', z.object({}))<
    { loginName: string; password: string; name: string; role: string; organisation: string }[]
  >(),
}
export type AccessApi = typeof accessApi
