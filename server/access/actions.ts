import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { FastifyRequest } from 'fastify'
import { audit } from '../audit/actions.ts'
import { refuse } from '../kit/errors.ts'
import type { Role } from '../kit/gate.ts'
import { newId } from '../kit/ids.ts'
import type { Caller } from '../kit/serve.ts'
import { type Services, systemActor } from '../kit/services.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import { isUuid } from '../kit/sql.ts'
import { findOrganisation, getStanding, type StandingRow } from '../org/store.ts'
import { lockAfterFailures, lockMinutes, passwordProblem, sessionDays } from './rules.ts'
import * as store from './store.ts'

export const sessionCookie = 'xiaoyan_session'

// OWASP's second recommendation for argon2id: 19 MiB, two passes.
const argon2Settings = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2Settings)
}

function tokenHashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function daysAfter(now: Date, days: number): Date {
  return new Date(now.getTime() + days * 86_400_000)
}

/** Recent failures per address, so that one machine cannot try many accounts. Whole schools share one address, so only failures count. */
const failuresByAddress = new Map<string, { count: number; until: number }>()
const failuresPerAddress = 100
const addressWindowMilliseconds = 10 * 60_000

/**
 * Checks a password and opens a session. Returns the token for the cookie; only its hash is kept. Wrong name and
 * wrong password are answered alike. Refuses while the account rests after too many failures.
 */
export async function signIn(
  services: Services,
  input: { loginName: string; password: string; address: string; userAgent: string },
): Promise<{ token: string; mustChangePassword: boolean }> {
  const now = services.clock.now()
  const machine = failuresByAddress.get(input.address)
  if (machine && machine.until > Date.now() && machine.count >= failuresPerAddress) {
    refuse('这个网络的登录失败次数过多，请 10 分钟后再试。', { status: 429, code: 'throttled' })
  }
  const account = await store.findAccountByLogin(services.pool, input.loginName)
  if (account?.lockedUntil && account.lockedUntil > now) {
    const minutes = Math.ceil((account.lockedUntil.getTime() - now.getTime()) / 60_000)
    refuse(`密码错误次数过多，账号已暂停登录，请 ${minutes} 分钟后再试，或请学校管理员重设密码。`, {
      status: 429,
      code: 'locked',
    })
  }
  // Without an account the same work is done, so that names cannot be found out by the time it takes.
  const right = await verify(account?.passwordHash ?? (await dummyHash()), input.password)
  if (!account || !right || account.disabledAt) {
    if (account && !right)
      await store.countFailure(
        services.pool,
        account.id,
        lockAfterFailures,
        new Date(now.getTime() + lockMinutes * 60_000),
      )
    noteFailure(input.address)
    refuse('登录名或密码不对。忘记密码请联系学校管理员重设。', { status: 401, code: 'wrongPassword' })
  }
  if (account.failedAttempts > 0) await store.clearFailures(services.pool, account.id)
  const token = randomBytes(32).toString('base64url')
  await store.insertSession(services.pool, {
    tokenHash: tokenHashOf(token),
    accountId: account.id,
    orgId: account.orgId,
    personId: account.personId,
    now,
    expiresAt: daysAfter(now, sessionDays),
    userAgent: input.userAgent.slice(0, 300),
  })
  await services.inOrganisation(
    account.orgId,
    { ...systemActor('access'), personId: account.personId },
    (tx) => audit(tx, { type: 'access.signedIn', id: account.id, payload: { address: input.address } }),
  )
  return { token, mustChangePassword: account.mustChangePassword }
}

let dummy: Promise<string> | undefined
function dummyHash(): Promise<string> {
  dummy ??= hashPassword('nobody has this password')
  return dummy
}

function noteFailure(address: string): void {
  const entry = failuresByAddress.get(address)
  if (entry && entry.until > Date.now()) entry.count++
  else failuresByAddress.set(address, { count: 1, until: Date.now() + addressWindowMilliseconds })
  if (failuresByAddress.size > 10_000) failuresByAddress.clear()
}

export function tokenOf(request: FastifyRequest): string | undefined {
  const cookie = request.headers.cookie
  if (!cookie) return undefined
  for (const part of cookie.split(';')) {
    const [name, value] = part.trim().split('=')
    if (name === sessionCookie && value) return value
  }
  return undefined
}

/** Callers found in the last seconds; a change of posts or a sign-out elsewhere is seen after this time at the latest. */
const callerCache = new Map<string, { caller: Caller; until: number }>()
const callerCacheMilliseconds = 5_000

export function forgetCallers(): void {
  callerCache.clear()
}

/**
 * Who sends this request: session → account → person with today's posts. A district officer may name one of the
 * district's schools in the header `x-school` (with `byAddress` also as `?school=`, for files that a link opens); the
 * caller then looks into that school and may only read.
 */
export async function findCaller(
  services: Services,
  request: FastifyRequest,
  { byAddress = false }: { byAddress?: boolean } = {},
): Promise<Caller | null> {
  const token = tokenOf(request)
  if (!token) return null
  const school = namedSchool(request, byAddress)
  const cacheKey = `${token} ${school ?? ''} ${services.clock.today()}`
  const cached = callerCache.get(cacheKey)
  if (cached && cached.until > performance.now()) return cached.caller
  const tokenHash = tokenHashOf(token)
  const now = services.clock.now()
  const session = await store.findSession(services.pool, tokenHash, services.clock)
  if (!session) return null
  if (Math.abs(now.getTime() - session.lastSeenAt.getTime()) > 3_600_000) {
    // With a full disk the database only reads; whoever is signed in must still be able to look.
    await store
      .touchSession(services.pool, tokenHash, now, daysAfter(now, sessionDays))
      .catch((error: { code?: string }) => {
        if (error.code !== '25006' && error.code !== '53100') throw error
      })
  }
  let caller: Caller = {
    orgId: session.orgId,
    actor: describeActor(session, session).actor,
    mustChangePassword: session.mustChangePassword,
  }
  if (school !== null && school !== session.orgId) {
    const looked = await lookInto(services, caller, school)
    if (!looked) refuse('您不能查看这所学校。', { status: 403, code: 'forbidden' })
    caller = looked
  }
  if (callerCache.size > 5_000) callerCache.clear()
  callerCache.set(cacheKey, { caller, until: performance.now() + callerCacheMilliseconds })
  return caller
}

function namedSchool(request: FastifyRequest, byAddress: boolean): string | null {
  const header = request.headers['x-school']
  if (typeof header === 'string') return isUuid(header) ? header : null
  const { school } = request.query as { school?: unknown }
  if (!byAddress || school === undefined) return null
  return typeof school === 'string' && isUuid(school)
    ? school
    : refuse('网址中的学校不正确，请从菜单重新进入。', { status: 400, code: 'badInput' })
}

async function lookInto(services: Services, caller: Caller, schoolId: string): Promise<Caller | null> {
  if (!caller.actor.roles.includes('districtOfficer')) return null
  const school = await services.inOrganisation(
    caller.orgId,
    caller.actor,
    (tx) => findOrganisation(tx, schoolId),
    { readOnly: true },
  )
  if (!school || school.districtId !== caller.orgId) return null
  return {
    ...caller,
    orgId: schoolId,
    actor: { ...caller.actor, leads: [], unitIds: [], districtId: caller.orgId },
  }
}

/** The person as an actor with today's roles. */
export async function loadActor(
  tx: Tx,
  session: { accountId: string | null; personId: string; loginName?: string },
): Promise<{ actor: Actor; name: string }> {
  return describeActor(session, await getStanding(tx, session.personId, tx.today))
}

function describeActor(
  session: { accountId: string | null; personId: string; loginName?: string },
  { name, organisationKind, posts, unitIds, hasLeft }: StandingRow,
): { actor: Actor; name: string } {
  const roles = new Set<Role>(posts.map((post) => post.role))
  // Whoever has left keeps the account and sees nothing of the school any more.
  if (organisationKind === 'school' && !hasLeft) roles.add('teacher')
  const shown = name ?? session.loginName ?? ''
  return {
    name: shown,
    actor: {
      kind: 'person',
      name: shown,
      accountId: session.accountId,
      personId: session.personId,
      roles: [...roles],
      leads: posts
        .filter((post) => post.unitId !== null && post.role === 'groupLeader')
        .map((post) => ({ unitId: post.unitId as string, role: post.role })),
      unitIds,
      districtId: null,
    },
  }
}

/** After the demo's clock has moved: nobody who was signed in is signed out by the leap. */
export async function keepEverybodySignedIn(services: Services): Promise<void> {
  await store.extendSessions(services.pool, daysAfter(services.clock.now(), sessionDays))
  forgetCallers()
}

export async function signOut(services: Services, request: FastifyRequest): Promise<void> {
  const token = tokenOf(request)
  if (token) await store.deleteSession(services.pool, tokenHashOf(token))
  forgetCallers()
}

/** Changes one's own password; all other sessions of the account end. */
export async function changePassword(
  tx: Tx,
  input: { oldPassword: string; newPassword: string; token: string | undefined },
): Promise<void> {
  const account = await store.findAccount(tx, tx.actor.accountId ?? '')
  if (!account || !(await verify(account.passwordHash, input.oldPassword))) {
    refuse('原密码不对。', { fields: { oldPassword: '原密码不对' } })
  }
  const problem =
    input.newPassword === input.oldPassword
      ? '新密码不能与原密码相同。'
      : passwordProblem(input.newPassword, account.loginName)
  if (problem) refuse(problem, { fields: { newPassword: problem } })
  await store.updatePassword(tx, {
    accountId: account.id,
    passwordHash: await hashPassword(input.newPassword),
    mustChangePassword: false,
    keepSession: input.token ? tokenHashOf(input.token) : null,
  })
  await audit(tx, { type: 'access.passwordChanged', id: account.id })
  tx.afterCommit(forgetCallers)
}

/** Opens an account for a person with an initial password that must be changed at the first sign-in. */
export async function createAccount(
  tx: Tx,
  input: { personId: string; loginName: string; passwordHash: string; mustChangePassword: boolean },
): Promise<string> {
  const id = newId()
  await store.insertAccount(tx, { id, ...input })
  await audit(tx, {
    type: 'access.accountCreated',
    id,
    payload: { personId: input.personId, loginName: input.loginName },
  })
  return id
}

/** A new initial password, set by the administrator; ends all sessions of the account. */
export async function resetPassword(tx: Tx, accountId: string, password: string): Promise<void> {
  const account = (await store.findAccount(tx, accountId)) ?? refuse('没有这个账号。', { status: 404 })
  await store.updatePassword(tx, {
    accountId,
    passwordHash: await hashPassword(password),
    mustChangePassword: true,
    keepSession: null,
  })
  await audit(tx, { type: 'access.passwordReset', id: accountId, payload: { personId: account.personId } })
  tx.afterCommit(forgetCallers)
}
