import type { CalendarInput, LocalDate, TermInput } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

/** The organisation's whole calendar as the engine takes it. */
export async function loadCalendar(tx: Tx): Promise<CalendarInput> {
  // All four travel together.
  const [schoolYears, terms, specialDays, district] = await Promise.all([
    tx.many<{ id: string; fromOn: LocalDate; toOn: LocalDate }>(sql`
      SELECT id, from_on, to_on FROM school_years WHERE org_id = ${tx.orgId} ORDER BY from_on`),
    tx.many<{
      id: string
      schoolYearId: string
      number: 1 | 2
      name: string
      fromOn: LocalDate
      toOn: LocalDate
      windows: TermInput['windows']
    }>(sql`
      SELECT id, school_year_id, number, name, from_on, to_on, windows FROM terms WHERE org_id = ${tx.orgId} ORDER BY from_on`),
    tx.many<CalendarInput['specialDays'][number]>(sql`
      SELECT day, kind, name FROM special_days WHERE org_id = ${tx.orgId} ORDER BY day`),
    tx.maybe<{ cycle: NonNullable<CalendarInput['cycle']> | null }>(sql`
      SELECT coalesce(d.attributes, o.attributes) -> 'cycle' AS cycle FROM organisations o
      LEFT JOIN organisations d ON d.id = o.district_id WHERE o.id = ${tx.orgId}`),
  ])
  return {
    ...(district?.cycle ? { cycle: district.cycle } : {}),
    schoolYears: schoolYears.map(({ id, fromOn, toOn }) => ({ id, from: fromOn, to: toOn })),
    terms: terms.map(({ fromOn, toOn, ...term }) => ({ ...term, from: fromOn, to: toOn })),
    specialDays,
  }
}

export async function saveSchoolYear(
  tx: Tx,
  year: { id: string; from: LocalDate; to: LocalDate },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO school_years (org_id, id, from_on, to_on) VALUES (${tx.orgId}, ${year.id}, ${year.from}, ${year.to})
    ON CONFLICT (org_id, id) DO UPDATE SET from_on = excluded.from_on, to_on = excluded.to_on`)
}

export async function saveTerm(tx: Tx, term: TermInput): Promise<void> {
  await tx.run(sql`
    INSERT INTO terms (org_id, id, school_year_id, number, name, from_on, to_on, windows)
    VALUES (${tx.orgId}, ${term.id}, ${term.schoolYearId}, ${term.number}, ${term.name}, ${term.from}, ${term.to}, ${JSON.stringify(term.windows)})
    ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, from_on = excluded.from_on, to_on = excluded.to_on, windows = excluded.windows`)
}

export async function replaceSpecialDays(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  days: CalendarInput['specialDays'],
): Promise<void> {
  await tx.run(
    sql`DELETE FROM special_days WHERE org_id = ${tx.orgId} AND day BETWEEN ${range.from} AND ${range.to}`,
  )
  await tx.run(sql`
    INSERT INTO special_days (org_id, day, kind, name)
    SELECT ${tx.orgId}, d.day, d.kind, d.name
    FROM jsonb_to_recordset(${JSON.stringify(days)}::jsonb) AS d (day date, kind text, name text)`)
}

export interface SpecialWeekRow {
  id: string
  name: string
  from: LocalDate
  to: LocalDate
  note: string
}
/** Weeks with a name of their own that touch a range. */
export function listSpecialWeeks(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
): Promise<SpecialWeekRow[]> {
  return tx.many<SpecialWeekRow>(sql`
    SELECT id, name, from_on AS "from", to_on AS "to", note FROM special_weeks
    WHERE org_id = ${tx.orgId} AND from_on <= ${range.to} AND to_on >= ${range.from} ORDER BY from_on, name`)
}
export function findSpecialWeek(tx: Tx, id: string): Promise<SpecialWeekRow | undefined> {
  return tx.maybe<SpecialWeekRow>(sql`
    SELECT id, name, from_on AS "from", to_on AS "to", note FROM special_weeks
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function saveSpecialWeek(tx: Tx, row: SpecialWeekRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO special_weeks (org_id, id, name, from_on, to_on, note)
    VALUES (${tx.orgId}, ${row.id}, ${row.name}, ${row.from}, ${row.to}, ${row.note})
    ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, from_on = excluded.from_on, to_on = excluded.to_on,
      note = excluded.note`)
}
export async function deleteSpecialWeek(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM special_weeks WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Two people who change the calendar at once take turns. */
export async function lockCalendar(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`calendar:${tx.orgId}`}, 0))`)
}

/** Activities inside the present terms of a school year that would lie outside all the new ones. */
export function listActivitiesOutside(
  tx: Tx,
  schoolYearId: string,
  terms: { from: LocalDate; to: LocalDate }[],
): Promise<{ theme: string; heldOn: LocalDate }[]> {
  return tx.many(sql`
    SELECT a.theme, a.held_on FROM activities a
    JOIN terms t ON t.org_id = a.org_id AND a.held_on BETWEEN t.from_on AND t.to_on
    WHERE a.org_id = ${tx.orgId} AND t.school_year_id = ${schoolYearId} AND a.status <> 'cancelled'
      AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(${JSON.stringify(terms)}::jsonb) AS n ("from" date, "to" date)
        WHERE a.held_on BETWEEN n."from" AND n."to")
    ORDER BY a.held_on`)
}
