import { createHash } from 'node:crypto'
import pg from 'pg'
import { hashPassword } from '../access/actions.ts'
import { tokenFor, windowOf } from '../activity/codes.ts'
import { localDateOf } from '../kit/dates.ts'
import { newId } from '../kit/ids.ts'

/** A school full of people with open sessions and activities that run, made for crowds of sign-ins. */
export interface Crowd {
  orgId: string
  /** Secret behind the codes on the screen. */
  secret: Buffer
  people: number
  activities: number
  /** Session number s of person p stands at `s * people + p`. */
  sessions: string[]
}

const personPrefix = '01900000-0000-7000-8000-'
const activityPrefix = '01900000-0000-7000-9000-'
/** First number behind the prefixes, so that a number alone makes an id. */
export const firstNumber = 100_000_000_000
export const personIdOf = (index: number) => personPrefix + (firstNumber + index)
export const activityIdOf = (index: number) => activityPrefix + (firstNumber + index)
export const crowdPrefixes = { person: personPrefix, activity: activityPrefix }
export const crowdPassword = 'crowd-2026'

/** The code that the screen shows for an activity at this moment. */
export function codeOf(crowd: Pick<Crowd, 'secret'>, activity: number, at = Date.now()): string {
  return tokenFor(crowd.secret, { activityId: activityIdOf(activity), window: windowOf(new Date(at)) })
}

/**
 * Fills a migrated database through the owner's connection: one school, its people in service with an account each
 * (login name `crowd<number>`), sessions, and activities of the whole school that run since an hour ago. `past`: so many
 * activities before them are closed and attended, as in a school that works with the program; without them the database
 * plans for a table of attendance that stays empty.
 */
export async function createCrowd(
  ownerConnection: string,
  size: { people: number; activities: number; sessionsPerPerson: number; past?: number },
): Promise<Crowd> {
  const client = new pg.Client({ connectionString: ownerConnection })
  await client.connect()
  const orgId = newId()
  const today = localDateOf(new Date())
  const crowd: Crowd = {
    orgId,
    secret: Buffer.alloc(0),
    people: size.people,
    activities: size.activities,
    sessions: [],
  }
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL app.org_id = '${orgId}'`)
    await client.query(
      `INSERT INTO organisations (id, kind, name, created_at) VALUES ($1, 'school', '万人小学', now())`,
      [orgId],
    )
    await client.query(
      `INSERT INTO people (org_id, id, staff_number, name, pinyin, pinyin_initials, sort_key, created_at)
       SELECT $1, ($2 || ($3::bigint + n))::uuid, 'C' || n, '教师' || n, 'jiaoshi', 'js', lpad(n::text, 6, '0'), now()
       FROM generate_series(0, $4::int - 1) AS n`,
      [orgId, personPrefix, firstNumber, size.people],
    )
    await client.query(
      `INSERT INTO service_periods (org_id, id, person_id, from_on) SELECT $1, gen_random_uuid(), id, '2019-09-01' FROM people WHERE org_id = $1`,
      [orgId],
    )
    await client.query(
      `INSERT INTO activities (org_id, id, scope, kind, theme, place, held_on, starts_at, ends_at, status, started_at, created_at)
       SELECT $1, ($2 || ($3::bigint + n))::uuid, 'organisation', 'wholeSchool', '全校培训', '礼堂', $5::date,
         now() - interval '1 hour', now() + interval '8 hours', 'running', now() - interval '1 hour', now()
       FROM generate_series(0, $4::int - 1) AS n`,
      [orgId, activityPrefix, firstNumber, size.activities, today],
    )
    await client.query(
      `INSERT INTO activity_people (org_id, activity_id, person_id)
       SELECT a.org_id, a.id, p.id FROM activities a JOIN people p ON p.org_id = a.org_id WHERE a.org_id = $1`,
      [orgId],
    )
    await client.query(
      `INSERT INTO activities (org_id, id, scope, kind, theme, place, held_on, starts_at, ends_at, status, started_at, closed_at, created_at)
       SELECT $1, gen_random_uuid(), 'organisation', 'wholeSchool', '全校培训', '礼堂', $2::date - n, now() - n * interval '1 day' - interval '1 hour',
         now() - n * interval '1 day', 'closed', now() - n * interval '1 day', now() - n * interval '1 day', now()
       FROM generate_series(1, $3::int) AS n`,
      [orgId, today, size.past ?? 0],
    )
    await client.query(
      `INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source)
       SELECT a.org_id, a.id, p.id, 'present', a.starts_at, a.starts_at, 'code'
       FROM activities a JOIN people p ON p.org_id = a.org_id WHERE a.org_id = $1 AND a.status = 'closed'`,
      [orgId],
    )
    await client.query(
      `INSERT INTO accounts (id, org_id, person_id, login_name, password_hash, must_change_password, created_at)
       SELECT gen_random_uuid(), org_id, id, 'crowd' || (right(id::text, 12)::bigint - $2), $3, false, now() FROM people WHERE org_id = $1`,
      [orgId, firstNumber, await hashPassword(crowdPassword)],
    )
    for (let turn = 0; turn < size.sessionsPerPerson; turn++) {
      const tokens = Array.from(
        { length: size.people },
        (_, person) => `crowd-${orgId.slice(-12)}-${turn}-${person}`,
      )
      await client.query(
        `INSERT INTO sessions (token_hash, account_id, org_id, person_id, created_at, last_seen_at, expires_at)
         SELECT decode(t.hash, 'hex'), a.id, a.org_id, a.person_id, now(), now(), now() + interval '60 days'
         FROM unnest($2::text[]) WITH ORDINALITY AS t (hash, number)
         JOIN accounts a ON a.org_id = $1 AND a.login_name = 'crowd' || (t.number - 1)`,
        [orgId, tokens.map((token) => createHash('sha256').update(token).digest('hex'))],
      )
      crowd.sessions.push(...tokens)
    }
    await client.query('COMMIT')
    await client.query('ANALYZE')
    const { rows } = await client.query<{ value: string }>(
      `SELECT value FROM server_settings WHERE name = 'secret'`,
    )
    crowd.secret = Buffer.from(rows[0]?.value ?? '', 'base64')
    return crowd
  } finally {
    await client.end()
  }
}

/** Who has a record of which activity: `person.activity` by their numbers. Reads past the row scope, as the owner. */
export async function listRecords(ownerConnection: string, orgId: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: ownerConnection })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL app.org_id = '${orgId}'`)
    const { rows } = await client.query<{ person: string; activity: string }>(
      'SELECT right(person_id::text, 12) AS person, right(activity_id::text, 12) AS activity FROM attendance WHERE org_id = $1',
      [orgId],
    )
    return new Set(
      rows.map((row) => `${Number(row.person) - firstNumber}.${Number(row.activity) - firstNumber}`),
    )
  } finally {
    await client.end()
  }
}

/** Signs one person in over HTTP, as the phone does. Rejects when the server cannot be reached. */
export async function signInOver(
  address: string,
  crowd: Crowd,
  person: number,
  activity = 0,
): Promise<{ status: number; body: { result?: string; error?: { code: string; message: string } } }> {
  const response = await fetch(`${address}/api/attendance/signIn`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: `xiaoyan_session=${crowd.sessions[person] ?? ''}`,
    },
    body: JSON.stringify({ token: codeOf(crowd, activity) }),
    signal: AbortSignal.timeout(20_000),
  })
  return { status: response.status, body: (await response.json()) as never }
}
