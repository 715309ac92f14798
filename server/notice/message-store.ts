import type { FindingState, LocalDate } from '../../engine/types.ts'
import { empty, sql, type Tx } from '../kit/sql.ts'
import type { Place } from '../home/contract.ts'
import type { DeliveryKind, DeliveryStatus, ReminderKind, Security } from './words.ts'

// ── Settings ──────────────────────────────────────────────────────────────────

export interface SettingsRow {
  quietFrom: string
  quietTo: string
  repeatDays: number
  gatheredAt: Date | null
  /** A gathering that has begun and not ended yet: since when, and the last person whom it has reached. */
  gatheringSince: Date | null
  gatheredTo: string | null
}

export const usualSettings: SettingsRow = {
  quietFrom: '21:00',
  quietTo: '06:30',
  repeatDays: 3,
  gatheredAt: null,
  gatheringSince: null,
  gatheredTo: null,
}

const settingColumns = sql`quiet_from, quiet_to, repeat_days, gathered_at, gathering_since, gathered_to`

export async function findSettings(tx: Tx): Promise<SettingsRow> {
  const row = await tx.maybe<SettingsRow>(
    sql`SELECT ${settingColumns} FROM message_settings WHERE org_id = ${tx.orgId}`,
  )
  return row ?? usualSettings
}

/** The settings, held until the transaction ends: those who gather or send take turns. */
export async function lockSettings(tx: Tx): Promise<SettingsRow> {
  await tx.run(sql`INSERT INTO message_settings (org_id) VALUES (${tx.orgId}) ON CONFLICT DO NOTHING`)
  return tx.one<SettingsRow>(
    sql`SELECT ${settingColumns} FROM message_settings WHERE org_id = ${tx.orgId} FOR UPDATE`,
  )
}

export async function updateSettings(tx: Tx, settings: SettingsRow): Promise<void> {
  await tx.run(sql`
    UPDATE message_settings SET quiet_from = ${settings.quietFrom}, quiet_to = ${settings.quietTo},
      repeat_days = ${settings.repeatDays}, gathered_at = ${settings.gatheredAt},
      gathering_since = ${settings.gatheringSince}, gathered_to = ${settings.gatheredTo}, version = version + 1
    WHERE org_id = ${tx.orgId}`)
}

// ── Reminders ─────────────────────────────────────────────────────────────────

/** A matter of which a person is reminded; `matter` names it for good. */
export interface Matter {
  matter: string
  kind: ReminderKind
  state: FindingState
  mark: string
  title: string
  detail: string
  label: string
  place: Place
  /** What has to change for it to be told again. */
  fingerprint: string
}

export interface ReminderRow extends Matter {
  id: string
  firstToldAt: Date
  toldAt: Date
  readAt: Date | null
  endedAt: Date | null
}

export function listReminders(
  tx: Tx,
  personId: string,
  options: { lock?: boolean } = {},
): Promise<ReminderRow[]> {
  return tx.many<ReminderRow>(sql`
    SELECT id, matter, kind, state, mark, title, detail, label, place, fingerprint, first_told_at, told_at, read_at, ended_at
    FROM reminders WHERE org_id = ${tx.orgId} AND person_id = ${personId} ORDER BY told_at DESC, id
    ${options.lock ? sql`FOR UPDATE` : empty}`)
}

/** Tells a matter: for the first time, or anew. */
export async function upsertReminder(tx: Tx, personId: string, id: string, one: Matter): Promise<void> {
  await tx.run(sql`
    INSERT INTO reminders (org_id, id, person_id, matter, kind, state, mark, title, detail, label, place, fingerprint, first_told_at, told_at)
    VALUES (${tx.orgId}, ${id}, ${personId}, ${one.matter}, ${one.kind}, ${one.state}, ${one.mark}, ${one.title}, ${one.detail},
      ${one.label}, ${JSON.stringify(one.place)}::jsonb, ${one.fingerprint}, ${tx.now}, ${tx.now})
    ON CONFLICT (org_id, person_id, matter) DO UPDATE SET kind = excluded.kind, state = excluded.state, mark = excluded.mark,
      title = excluded.title, detail = excluded.detail, label = excluded.label, place = excluded.place,
      fingerprint = excluded.fingerprint, told_at = excluded.told_at, told_count = reminders.told_count + 1,
      read_at = NULL, ended_at = NULL`)
}

/** The words of a matter that is not told again but reads differently now. */
export async function updateWords(tx: Tx, id: string, one: Matter): Promise<void> {
  await tx.run(sql`
    UPDATE reminders SET state = ${one.state}, mark = ${one.mark}, title = ${one.title}, detail = ${one.detail},
      label = ${one.label}, place = ${JSON.stringify(one.place)}::jsonb WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function endReminders(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.run(
    sql`UPDATE reminders SET ended_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[]) AND ended_at IS NULL`,
  )
}

export async function markRead(tx: Tx, personId: string, ids: string[] | null): Promise<number> {
  return tx.run(sql`
    UPDATE reminders SET read_at = ${tx.now} WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND read_at IS NULL
      AND (${ids === null} OR id::text = ANY(${ids ?? []}::text[]))`)
}

export async function countUnreadReminders(tx: Tx, personId: string): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM reminders
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND read_at IS NULL AND ended_at IS NULL`)
  return count
}

// ── Preferences ───────────────────────────────────────────────────────────────

export interface PreferenceRow {
  personId: string
  digestOn: boolean
  digestTime: string
  digestedOn: LocalDate | null
  digestedAt: Date | null
  email: string | null
  emailOn: boolean
  emailProblem: string
  pendingEmail: string | null
  codeHash: Buffer | null
  codeUntil: Date | null
  codeTries: number
  codesOn: LocalDate | null
  codesSent: number
}

const preferenceColumns = sql`person_id, digest_on, digest_time, digested_on, digested_at, email, email_on, email_problem, pending_email,
  code_hash, code_until, code_tries, codes_on, codes_sent`

export const usualPreferences = (personId: string): PreferenceRow => ({
  personId,
  digestOn: true,
  digestTime: '07:10',
  digestedOn: null,
  digestedAt: null,
  email: null,
  emailOn: true,
  emailProblem: '',
  pendingEmail: null,
  codeHash: null,
  codeUntil: null,
  codeTries: 0,
  codesOn: null,
  codesSent: 0,
})

export function listPreferences(tx: Tx): Promise<PreferenceRow[]> {
  return tx.many<PreferenceRow>(
    sql`SELECT ${preferenceColumns} FROM message_preferences WHERE org_id = ${tx.orgId}`,
  )
}

export async function findPreferences(
  tx: Tx,
  personId: string,
  options: { lock?: boolean } = {},
): Promise<PreferenceRow> {
  const row = await tx.maybe<PreferenceRow>(sql`
    SELECT ${preferenceColumns} FROM message_preferences WHERE org_id = ${tx.orgId} AND person_id = ${personId}
    ${options.lock ? sql`FOR UPDATE` : empty}`)
  return row ?? usualPreferences(personId)
}

export async function savePreferences(tx: Tx, row: PreferenceRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO message_preferences (org_id, person_id, digest_on, digest_time, digested_on, digested_at, email, email_on, email_problem,
      pending_email, code_hash, code_until, code_tries, codes_on, codes_sent)
    VALUES (${tx.orgId}, ${row.personId}, ${row.digestOn}, ${row.digestTime}, ${row.digestedOn}, ${row.digestedAt}, ${row.email},
      ${row.emailOn}, ${row.emailProblem}, ${row.pendingEmail}, ${row.codeHash}, ${row.codeUntil}, ${row.codeTries}, ${row.codesOn},
      ${row.codesSent})
    ON CONFLICT (org_id, person_id) DO UPDATE SET digest_on = excluded.digest_on, digest_time = excluded.digest_time,
      digested_on = excluded.digested_on, digested_at = excluded.digested_at, email = excluded.email, email_on = excluded.email_on,
      email_problem = excluded.email_problem, pending_email = excluded.pending_email, code_hash = excluded.code_hash,
      code_until = excluded.code_until, code_tries = excluded.code_tries, codes_on = excluded.codes_on, codes_sent = excluded.codes_sent`)
}

export function findPersonOfEmail(tx: Tx, email: string): Promise<{ personId: string } | undefined> {
  return tx.maybe(
    sql`SELECT person_id FROM message_preferences WHERE org_id = ${tx.orgId} AND lower(email) = lower(${email}) LIMIT 1`,
  )
}

// ── Mail server ───────────────────────────────────────────────────────────────

export interface MailRow {
  isOn: boolean
  host: string
  port: number
  security: Security
  trustsOwnCertificate: boolean
  userName: string
  passwordSealed: Buffer | null
  senderName: string
  senderAddress: string
  version: number
}

export function findMail(tx: Tx): Promise<MailRow | undefined> {
  return tx.maybe<MailRow>(sql`
    SELECT is_on, host, port, security, trusts_own_certificate, user_name, password_sealed, sender_name, sender_address, version
    FROM mail_settings WHERE org_id = ${tx.orgId}`)
}

export async function saveMail(tx: Tx, row: Omit<MailRow, 'version'>): Promise<void> {
  await tx.run(sql`
    INSERT INTO mail_settings (org_id, is_on, host, port, security, trusts_own_certificate, user_name, password_sealed, sender_name, sender_address)
    VALUES (${tx.orgId}, ${row.isOn}, ${row.host}, ${row.port}, ${row.security}, ${row.trustsOwnCertificate}, ${row.userName},
      ${row.passwordSealed}, ${row.senderName}, ${row.senderAddress})
    ON CONFLICT (org_id) DO UPDATE SET is_on = excluded.is_on, host = excluded.host, port = excluded.port, security = excluded.security,
      trusts_own_certificate = excluded.trusts_own_certificate, user_name = excluded.user_name, password_sealed = excluded.password_sealed,
      sender_name = excluded.sender_name, sender_address = excluded.sender_address, version = mail_settings.version + 1`)
}

// ── Deliveries ────────────────────────────────────────────────────────────────

export interface DeliveryRow {
  id: string
  personId: string
  personName: string
  channel: string
  kind: DeliveryKind
  key: string
  noticeId: string | null
  address: string
  subject: string
  body: string
  html: string
  status: DeliveryStatus
  attempts: number
  nextAt: Date
  createdAt: Date
  deliveredAt: Date | null
  reason: string
}

const deliveryColumns = sql`d.id, d.person_id, p.name AS person_name, d.channel, d.kind, d.key, d.notice_id, d.address, d.subject, d.body,
  d.html, d.status, d.attempts, d.next_at, d.created_at, d.delivered_at, d.reason`

/** Adds a delivery; false when the same has been added before. */
export async function insertDelivery(
  tx: Tx,
  row: Omit<DeliveryRow, 'personName' | 'attempts' | 'createdAt' | 'deliveredAt' | 'reason'> & {
    deliveredAt?: Date
  },
): Promise<boolean> {
  const added = await tx.run(sql`
    INSERT INTO deliveries (org_id, id, person_id, channel, kind, key, notice_id, address, subject, body, html, status, next_at, created_at, delivered_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.personId}, ${row.channel}, ${row.kind}, ${row.key}, ${row.noticeId}, ${row.address},
      ${row.subject}, ${row.body}, ${row.html}, ${row.status}, ${row.nextAt}, ${tx.now}, ${row.deliveredAt ?? null})
    ON CONFLICT (org_id, person_id, channel, key) DO NOTHING`)
  return added === 1
}

export function findDelivery(tx: Tx, id: string, lock = false): Promise<DeliveryRow | undefined> {
  return tx.maybe<DeliveryRow>(sql`
    SELECT ${deliveryColumns} FROM deliveries d JOIN people p ON p.org_id = d.org_id AND p.id = d.person_id
    WHERE d.org_id = ${tx.orgId} AND d.id = ${id} ${lock ? sql`FOR UPDATE OF d` : empty}`)
}

export async function updateDelivery(
  tx: Tx,
  row: Pick<
    DeliveryRow,
    'id' | 'status' | 'attempts' | 'nextAt' | 'deliveredAt' | 'reason' | 'body' | 'html'
  >,
): Promise<void> {
  await tx.run(sql`
    UPDATE deliveries SET status = ${row.status}, attempts = ${row.attempts}, next_at = ${row.nextAt},
      delivered_at = ${row.deliveredAt}, reason = ${row.reason}, body = ${row.body}, html = ${row.html}
    WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}

/** What has not gone out yet about a notice is not sent any more. */
export async function cancelOfNotice(tx: Tx, noticeId: string): Promise<void> {
  await tx.run(sql`
    UPDATE deliveries SET status = 'cancelled', reason = '通知已撤回或更正'
    WHERE org_id = ${tx.orgId} AND notice_id = ${noticeId} AND status = 'waiting'`)
}

/** E-mails, those that did not arrive first. */
export function listEmails(tx: Tx, limit: number): Promise<DeliveryRow[]> {
  return tx.many<DeliveryRow>(sql`
    SELECT ${deliveryColumns} FROM deliveries d JOIN people p ON p.org_id = d.org_id AND p.id = d.person_id
    WHERE d.org_id = ${tx.orgId} AND d.channel = 'email'
    ORDER BY (d.status = 'failed' AND d.created_at > ${tx.now}::timestamptz - interval '7 days') DESC, d.created_at DESC, d.id DESC LIMIT ${limit}`)
}

export async function countFailed(tx: Tx): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM deliveries WHERE org_id = ${tx.orgId} AND channel = 'email' AND status = 'failed'
      AND created_at > ${tx.now}::timestamptz - interval '7 days'`)
  return count
}

export function findLastDigest(tx: Tx, personId: string): Promise<{ body: string; at: Date } | undefined> {
  return tx.maybe(sql`
    SELECT body, created_at AS at FROM deliveries
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND channel = 'inProduct' AND kind = 'digest' ORDER BY created_at DESC LIMIT 1`)
}
