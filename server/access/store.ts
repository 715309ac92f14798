import type { StandingRow } from '../org/store.ts'
import type { Clock } from '../kit/clock.ts'
import { type Pool, queryPublic, sql, type Tx } from '../kit/sql.ts'

export interface AccountRow {
  id: string
  orgId: string
  personId: string
  loginName: string
  passwordHash: string
  mustChangePassword: boolean
  failedAttempts: number
  lockedUntil: Date | null
  disabledAt: Date | null
}

export async function findAccountByLogin(pool: Pool, loginName: string): Promise<AccountRow | undefined> {
  const rows = await queryPublic<AccountRow>(
    pool,
    sql`SELECT id, org_id, person_id, login_name, password_hash, must_change_password, failed_attempts, locked_until, disabled_at
      FROM accounts WHERE login_name = ${loginName.toLowerCase()}`,
  )
  return rows[0]
}

export interface SessionRow {
  accountId: string
  orgId: string
  personId: string
  loginName: string
  mustChangePassword: boolean
  lastSeenAt: Date
}

/** The session behind a token, with what its person is today. */
export type FoundSession = SessionRow & StandingRow
type Waiting = {
  tokenHash: Buffer
  resolve: (session: FoundSession | undefined) => void
  reject: (error: unknown) => void
}
const lookUps = new WeakMap<Pool, { waiting: Waiting[]; underWay: number }>()
/** So many look-ups run side by side; whoever comes while they run goes with the next one. */
const lookUpsAtOnce = 2

/**
 * The session behind a token, if it is still good and its account not disabled, with what its person is today. It comes
 * before almost every request, so those that arrive together are found by one statement; each token is read in the
 * scope of its own organisation.
 */
export function findSession(pool: Pool, tokenHash: Buffer, clock: Clock): Promise<FoundSession | undefined> {
  const queue = lookUps.get(pool) ?? { waiting: [], underWay: 0 }
  lookUps.set(pool, queue)
  return new Promise((resolve, reject) => {
    queue.waiting.push({ tokenHash, resolve, reject })
    void lookUp(pool, clock, queue)
  })
}

async function lookUp(
  pool: Pool,
  clock: Clock,
  queue: { waiting: Waiting[]; underWay: number },
): Promise<void> {
  if (queue.underWay >= lookUpsAtOnce || queue.waiting.length === 0) return
  const together = queue.waiting.splice(0)
  queue.underWay++
  try {
    const tokens = together.map((one) => one.tokenHash)
    const rows = await queryPublic<FoundSession & { number: number }>(
      pool,
      sql`SELECT t.number, s.account_id, s.org_id, s.person_id, s.login_name, s.must_change_password, s.last_seen_at,
        s.name, s.organisation_kind, s.posts, s.unit_ids, s.has_left
        FROM unnest(${tokens}::bytea[]) WITH ORDINALITY AS t (token, number), find_caller(t.token, ${clock.now()}, ${clock.today()}) s`,
    )
    const found = new Map(rows.map((row) => [row.number, row]))
    together.forEach(({ resolve }, index) => resolve(found.get(index + 1)))
  } catch (error) {
    for (const { reject } of together) reject(error)
  } finally {
    queue.underWay--
    void lookUp(pool, clock, queue)
  }
}

export async function insertSession(
  pool: Pool,
  session: {
    tokenHash: Buffer
    accountId: string
    orgId: string
    personId: string
    now: Date
    expiresAt: Date
    userAgent: string
  },
): Promise<void> {
  await queryPublic(
    pool,
    sql`INSERT INTO sessions (token_hash, account_id, org_id, person_id, created_at, last_seen_at, expires_at, user_agent)
      VALUES (${session.tokenHash}, ${session.accountId}, ${session.orgId}, ${session.personId}, ${session.now}, ${session.now},
        ${session.expiresAt}, ${session.userAgent})`,
  )
}

export async function touchSession(pool: Pool, tokenHash: Buffer, now: Date, expiresAt: Date): Promise<void> {
  await queryPublic(
    pool,
    sql`UPDATE sessions SET last_seen_at = ${now}, expires_at = ${expiresAt} WHERE token_hash = ${tokenHash}`,
  )
}

/** Lets every session of every organisation live at least until then. */
export async function extendSessions(pool: Pool, expiresAt: Date): Promise<void> {
  await queryPublic(pool, sql`UPDATE sessions SET expires_at = ${expiresAt} WHERE expires_at < ${expiresAt}`)
}

export async function deleteSession(pool: Pool, tokenHash: Buffer): Promise<void> {
  await queryPublic(pool, sql`DELETE FROM sessions WHERE token_hash = ${tokenHash}`)
}

/** Counts a wrong password; from the limit on the account is locked until the given instant. */
export async function countFailure(
  pool: Pool,
  accountId: string,
  limit: number,
  lockedUntil: Date,
): Promise<void> {
  await queryPublic(
    pool,
    sql`UPDATE accounts SET failed_attempts = failed_attempts + 1,
        locked_until = CASE WHEN failed_attempts + 1 >= ${limit} THEN ${lockedUntil}::timestamptz ELSE locked_until END
      WHERE id = ${accountId}`,
  )
}

export async function clearFailures(pool: Pool, accountId: string): Promise<void> {
  await queryPublic(
    pool,
    sql`UPDATE accounts SET failed_attempts = 0, locked_until = NULL WHERE id = ${accountId}`,
  )
}

export async function insertAccount(
  tx: Tx,
  account: {
    id: string
    personId: string
    loginName: string
    passwordHash: string
    mustChangePassword: boolean
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO accounts (id, org_id, person_id, login_name, password_hash, must_change_password, created_at)
    VALUES (${account.id}, ${tx.orgId}, ${account.personId}, ${account.loginName.toLowerCase()}, ${account.passwordHash},
      ${account.mustChangePassword}, ${tx.now})`)
}

/** Sets a password and ends every session of the account except the one given. */
export async function updatePassword(
  tx: Tx,
  input: { accountId: string; passwordHash: string; mustChangePassword: boolean; keepSession: Buffer | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE accounts SET password_hash = ${input.passwordHash}, must_change_password = ${input.mustChangePassword},
      failed_attempts = 0, locked_until = NULL
    WHERE id = ${input.accountId} AND org_id = ${tx.orgId}`)
  await tx.run(sql`
    DELETE FROM sessions WHERE account_id = ${input.accountId} AND org_id = ${tx.orgId}
      AND token_hash IS DISTINCT FROM ${input.keepSession}::bytea`)
}

export async function setDisabled(tx: Tx, accountId: string, disabledAt: Date | null): Promise<void> {
  await tx.run(
    sql`UPDATE accounts SET disabled_at = ${disabledAt} WHERE id = ${accountId} AND org_id = ${tx.orgId}`,
  )
  if (disabledAt)
    await tx.run(sql`DELETE FROM sessions WHERE account_id = ${accountId} AND org_id = ${tx.orgId}`)
}

export function listAccounts(tx: Tx): Promise<
  {
    id: string
    personId: string
    loginName: string
    mustChangePassword: boolean
    lockedUntil: Date | null
    disabledAt: Date | null
  }[]
> {
  return tx.many(sql`
    SELECT id, person_id, login_name, must_change_password, locked_until, disabled_at FROM accounts WHERE org_id = ${tx.orgId}`)
}

export function findAccount(tx: Tx, id: string): Promise<AccountRow | undefined> {
  return tx.maybe<AccountRow>(sql`
    SELECT id, org_id, person_id, login_name, password_hash, must_change_password, failed_attempts, locked_until, disabled_at
    FROM accounts WHERE id = ${id} AND org_id = ${tx.orgId}`)
}

export interface AccountOwner {
  personId: string
  name: string
  staffNumber: string
}

/** People in service (today or later) without an account, in the order of their names. */
export function listWithoutAccount(tx: Tx): Promise<AccountOwner[]> {
  return tx.many<AccountOwner>(sql`
    SELECT p.id AS person_id, p.name, p.staff_number FROM people p
    WHERE p.org_id = ${tx.orgId}
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND (s.to_on IS NULL OR s.to_on >= ${tx.today}))
      AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.org_id = p.org_id AND a.person_id = p.id)
    ORDER BY p.sort_key, p.staff_number`)
}

/** Names of accounts are unique over all schools: those who choose some take turns. */
export async function lockLoginNames(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended('login names', 0))`)
}

/** Which of these names belong to an account of whatever school. With a numbered one every number of it. */
export async function listTakenLoginNames(tx: Tx, names: string[]): Promise<string[]> {
  const rows = await tx.many<{ loginName: string }>(sql`
    SELECT login_name FROM accounts
    WHERE login_name = ANY(${names.map((name) => name.toLowerCase())}::text[])
      OR regexp_replace(login_name, '-[0-9]+$', '') = ANY(${names.map((name) => name.toLowerCase())}::text[])`)
  return rows.map((row) => row.loginName)
}

/** Adds accounts with a first password; gives the people who had none yet. */
export async function insertAccounts(
  tx: Tx,
  accounts: { id: string; personId: string; loginName: string; passwordHash: string }[],
): Promise<string[]> {
  const rows = await tx.many<{ personId: string }>(sql`
    INSERT INTO accounts (id, org_id, person_id, login_name, password_hash, must_change_password, created_at)
    SELECT r.id, ${tx.orgId}, r."personId", r."loginName", r."passwordHash", true, ${tx.now}
    FROM jsonb_to_recordset(${JSON.stringify(accounts)}::jsonb) AS r (id uuid, "personId" uuid, "loginName" text, "passwordHash" text)
    ON CONFLICT (org_id, person_id) DO NOTHING RETURNING person_id`)
  return rows.map((row) => row.personId)
}

/** Sets first passwords and ends all sessions of the accounts. */
export async function updatePasswords(
  tx: Tx,
  accounts: { id: string; passwordHash: string }[],
): Promise<void> {
  await tx.run(sql`
    UPDATE accounts a SET password_hash = r."passwordHash", must_change_password = true, failed_attempts = 0, locked_until = NULL
    FROM jsonb_to_recordset(${JSON.stringify(accounts)}::jsonb) AS r (id uuid, "passwordHash" text)
    WHERE a.org_id = ${tx.orgId} AND a.id = r.id`)
  await tx.run(sql`
    DELETE FROM sessions WHERE org_id = ${tx.orgId} AND account_id = ANY(${accounts.map(({ id }) => id)}::uuid[])`)
}

export interface OwnedAccount extends AccountOwner {
  id: string
  loginName: string
  disabledAt: Date | null
}

export function listAccountsOfPerson(tx: Tx, personId: string): Promise<OwnedAccount[]> {
  return tx.many<OwnedAccount>(sql`
    SELECT a.id, a.person_id, a.login_name, a.disabled_at, p.name, p.staff_number FROM accounts a
    JOIN people p ON p.org_id = a.org_id AND p.id = a.person_id
    WHERE a.org_id = ${tx.orgId} AND a.person_id = ${personId}`)
}

export function listAccountsFor(tx: Tx, ids: string[]): Promise<OwnedAccount[]> {
  return tx.many<OwnedAccount>(sql`
    SELECT a.id, a.person_id, a.login_name, a.disabled_at, p.name, p.staff_number FROM accounts a
    JOIN people p ON p.org_id = a.org_id AND p.id = a.person_id
    WHERE a.org_id = ${tx.orgId} AND a.id = ANY(${ids}::uuid[]) ORDER BY p.sort_key, p.staff_number`)
}

export interface AccountListRow extends AccountOwner {
  accountId: string
  loginName: string
  mustChangePassword: boolean
  lockedUntil: Date | null
  disabledAt: Date | null
  lastSeenAt: Date | null
  hasLeft: boolean
}

/** Every account with its owner and when it was last used. */
export function listAccountRows(tx: Tx): Promise<AccountListRow[]> {
  return tx.many<AccountListRow>(sql`
    SELECT a.id AS account_id, a.person_id, a.login_name, a.must_change_password, a.locked_until, a.disabled_at, p.name,
      p.staff_number, (SELECT max(s.last_seen_at) FROM sessions s WHERE s.account_id = a.id) AS last_seen_at,
      NOT EXISTS (SELECT 1 FROM service_periods v WHERE v.org_id = p.org_id AND v.person_id = p.id
        AND (v.to_on IS NULL OR v.to_on >= ${tx.today})) AS has_left
    FROM accounts a JOIN people p ON p.org_id = a.org_id AND p.id = a.person_id
    WHERE a.org_id = ${tx.orgId} ORDER BY p.sort_key, p.staff_number`)
}

export async function countAccounts(tx: Tx): Promise<{ accounts: number; unused: number }> {
  return tx.one(sql`
    SELECT count(*) AS accounts, count(*) FILTER (WHERE must_change_password) AS unused FROM accounts
    WHERE org_id = ${tx.orgId} AND disabled_at IS NULL`)
}
