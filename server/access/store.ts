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

/** The session behind a token, if it is still good and its account not disabled. */
export async function findSession(pool: Pool, tokenHash: Buffer, now: Date): Promise<SessionRow | undefined> {
  const rows = await queryPublic<SessionRow>(
    pool,
    sql`SELECT s.account_id, s.org_id, s.person_id, a.login_name, a.must_change_password, s.last_seen_at
      FROM sessions s JOIN accounts a ON a.id = s.account_id
      WHERE s.token_hash = ${tokenHash} AND s.expires_at > ${now} AND a.disabled_at IS NULL`,
  )
  return rows[0]
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

export function listAccounts(
  tx: Tx,
): Promise<
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
