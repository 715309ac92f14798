import { z } from 'zod'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
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

export type AccountState = 'unused' | 'active' | 'locked' | 'disabled'

export interface AccountListItem {
  accountId: string
  personId: string
  name: string
  staffNumber: string
  loginName: string
  /** `unused`: still with its first password. */
  state: AccountState
  lastSeenAt: Date | null
  hasLeft: boolean
  abilities: { reset: string | null; disable: string | null }
}

/** What a person needs for the first sign-in. Shown once, kept nowhere. */
export interface AccountSlip {
  personId: string
  name: string
  staffNumber: string
  loginName: string
  password: string
}

const slip = z.object({
  personId: z.string().max(40),
  name: z.string().max(60),
  staffNumber: z.string().max(40),
  loginName: z.string().max(80),
  password: z.string().max(40),
})
const uuid = z.uuid('编号不正确')

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

  /** Accounts of the organisation, and who has none yet. */
  listAccounts: endpoint('administrator', z.object({}))<{
    accounts: AccountListItem[]
    without: { personId: string; name: string; staffNumber: string }[]
    abilities: { open: string | null }
  }>(),
  /** Opens accounts (`null`: for everybody without one), at most 200 at a time; call again while some remain. */
  openAccounts: endpoint('administrator', z.object({ personIds: z.array(uuid).max(10_000).nullable() }), {
    keepsAnswer: false,
  })<{ slips: AccountSlip[]; remaining: number }>(),
  resetPasswords: endpoint(
    'administrator',
    z.object({ accountIds: z.array(uuid).min(1, '请先选择账号').max(200, '一次最多重设 200 个账号') }),
    { keepsAnswer: false },
  )<{ slips: AccountSlip[] }>(),
  disableAccount: endpoint('administrator', z.object({ accountId: uuid }))<Record<string, never>>(),
  enableAccount: endpoint('administrator', z.object({ accountId: uuid }))<Record<string, never>>(),
  /** Slips, just opened and still on the page, as an Excel file. */
  exportSlips: fileEndpoint('administrator', z.object({ slips: z.array(slip).min(1).max(10_000) })),
}
export type AccessApi = typeof accessApi
