import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { queryPublic, type Pool, raw, sql, type Tx } from '../kit/sql.ts'
import type { PostRole, UnitKind } from './words.ts'

export interface Organisation {
  id: string
  kind: 'school' | 'district'
  name: string
  districtId: string | null
  attributes: Record<string, AttributeValue>
}
export interface PersonRow {
  id: string
  staffNumber: string
  name: string
  sortKey: string
  phone: string | null
}
export interface UnitRow {
  id: string
  kind: UnitKind
  name: string
  parentId: string | null
  subject: string | null
  fromOn: LocalDate
  toOn: LocalDate | null
}
export interface MemberRow {
  personId: string
  name: string
  staffNumber: string
}
export interface PostRow {
  id: string
  personId: string
  personName: string
  unitId: string | null
  unitName: string | null
  role: PostRole
  title: string
  fromOn: LocalDate
  toOn: LocalDate | null
}

export function listOrganisations(pool: Pool): Promise<Organisation[]> {
  return queryPublic<Organisation>(
    pool,
    sql`SELECT id, kind, name, district_id, attributes FROM organisations ORDER BY kind, name`,
  )
}

export function findOrganisation(tx: Tx, id = tx.orgId): Promise<Organisation | undefined> {
  return tx.maybe<Organisation>(
    sql`SELECT id, kind, name, district_id, attributes FROM organisations WHERE id = ${id}`,
  )
}

export async function insertOrganisation(
  tx: Tx,
  organisation: { id: string; kind: 'school' | 'district'; name: string; districtId: string | null },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO organisations (id, kind, name, district_id, created_at)
    VALUES (${organisation.id}, ${organisation.kind}, ${organisation.name}, ${organisation.districtId}, ${tx.now})`)
}

/** Ends service, memberships and posts of a person on a day; what would only have begun later never was. */
export async function endService(tx: Tx, personId: string, on: LocalDate, reason: string): Promise<number> {
  const ended = await tx.run(sql`
    UPDATE service_periods SET to_on = ${on}, reason = ${reason}
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND (to_on IS NULL OR to_on > ${on}) AND from_on <= ${on}`)
  for (const table of ['memberships', 'posts'] as const) {
    const rows = await tx.many<{ id: string }>(sql`
      SELECT id FROM ${raw(table)} WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND (to_on IS NULL OR to_on > ${on})`)
    await endRows(
      tx,
      table,
      rows.map((row) => row.id),
      on,
    )
  }
  return ended
}

export async function insertAbsence(
  tx: Tx,
  absence: {
    id: string
    personId: string
    kind: string
    from: LocalDate
    to: LocalDate | null
    note: string
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO long_absences (org_id, id, person_id, kind, from_on, to_on, note)
    VALUES (${tx.orgId}, ${absence.id}, ${absence.personId}, ${absence.kind}, ${absence.from}, ${absence.to}, ${absence.note})`)
}

export async function insertUnit(
  tx: Tx,
  unit: {
    id: string
    kind: UnitKind
    name: string
    parentId: string | null
    subject: string | null
    from: LocalDate
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO units (org_id, id, kind, name, parent_id, subject, from_on)
    VALUES (${tx.orgId}, ${unit.id}, ${unit.kind}, ${unit.name}, ${unit.parentId}, ${unit.subject}, ${unit.from})`)
}

/** People in service on a day, in the order of their names. */
export function listPeople(tx: Tx, on: LocalDate): Promise<PersonRow[]> {
  return tx.many<PersonRow>(sql`
    SELECT p.id, p.staff_number, p.name, p.sort_key, p.phone FROM people p
    WHERE p.org_id = ${tx.orgId} AND EXISTS (
      SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${on} AND (s.to_on IS NULL OR s.to_on >= ${on}))
    ORDER BY p.sort_key, p.staff_number`)
}

export function findPerson(tx: Tx, id: string): Promise<PersonRow | undefined> {
  return tx.maybe<PersonRow>(sql`
    SELECT id, staff_number, name, sort_key, phone FROM people WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Units that exist on a day. */
export function listUnits(tx: Tx, on: LocalDate): Promise<UnitRow[]> {
  return tx.many<UnitRow>(sql`
    SELECT id, kind, name, parent_id, subject, from_on, to_on FROM units
    WHERE org_id = ${tx.orgId} AND from_on <= ${on} AND (to_on IS NULL OR to_on >= ${on}) ORDER BY kind, name`)
}

export function findUnit(tx: Tx, id: string): Promise<UnitRow | undefined> {
  return tx.maybe<UnitRow>(sql`
    SELECT id, kind, name, parent_id, subject, from_on, to_on FROM units WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Members of a unit on a day who are in service and not on long leave. */
export function listMembers(tx: Tx, unitId: string, on: LocalDate): Promise<MemberRow[]> {
  return tx.many<MemberRow>(sql`
    SELECT p.id AS person_id, p.name, p.staff_number FROM memberships m
    JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
    WHERE m.org_id = ${tx.orgId} AND m.unit_id = ${unitId} AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${on} AND (s.to_on IS NULL OR s.to_on >= ${on}))
      AND NOT EXISTS (SELECT 1 FROM long_absences a WHERE a.org_id = p.org_id AND a.person_id = p.id
        AND a.from_on <= ${on} AND (a.to_on IS NULL OR a.to_on >= ${on}))
    ORDER BY p.sort_key, p.staff_number`)
}

/** Posts held on a day, of one person or of all. */
export function listPosts(tx: Tx, on: LocalDate, personId?: string): Promise<PostRow[]> {
  return tx.many<PostRow>(sql`
    SELECT o.id, o.person_id, p.name AS person_name, o.unit_id, u.name AS unit_name, o.role, o.title, o.from_on, o.to_on
    FROM posts o JOIN people p ON p.org_id = o.org_id AND p.id = o.person_id
    LEFT JOIN units u ON u.org_id = o.org_id AND u.id = o.unit_id
    WHERE o.org_id = ${tx.orgId} AND o.from_on <= ${on} AND (o.to_on IS NULL OR o.to_on >= ${on})
      AND (${personId ?? null}::uuid IS NULL OR o.person_id = ${personId ?? null}::uuid)
    ORDER BY o.role, p.sort_key`)
}

export function listUnitsOfPerson(tx: Tx, personId: string, on: LocalDate): Promise<UnitRow[]> {
  return tx.many<UnitRow>(sql`
    SELECT u.id, u.kind, u.name, u.parent_id, u.subject, u.from_on, u.to_on FROM memberships m
    JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
    WHERE m.org_id = ${tx.orgId} AND m.person_id = ${personId} AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})
    ORDER BY u.kind, u.name`)
}

// ── Batches: one statement for many people ────────────────────────────────────

export interface NewPersonRow {
  id: string
  staffNumber: string
  name: string
  pinyin: string
  initials: string
  sortKey: string
  phone: string | null
}

export async function insertPeople(tx: Tx, people: NewPersonRow[]): Promise<void> {
  await tx.run(sql`
    INSERT INTO people (org_id, id, staff_number, name, pinyin, pinyin_initials, sort_key, phone, created_at)
    SELECT ${tx.orgId}, r.id, r."staffNumber", r.name, r.pinyin, r.initials, r."sortKey", r.phone, ${tx.now}
    FROM jsonb_to_recordset(${JSON.stringify(people)}::jsonb) AS r (id uuid, "staffNumber" text, name text, pinyin text,
      initials text, "sortKey" text, phone text)`)
}

export async function updatePeople(tx: Tx, people: NewPersonRow[]): Promise<void> {
  if (people.length === 0) return
  await tx.run(sql`
    UPDATE people p SET staff_number = r."staffNumber", name = r.name, pinyin = r.pinyin, pinyin_initials = r.initials,
      sort_key = r."sortKey", phone = r.phone
    FROM jsonb_to_recordset(${JSON.stringify(people)}::jsonb) AS r (id uuid, "staffNumber" text, name text, pinyin text,
      initials text, "sortKey" text, phone text)
    WHERE p.org_id = ${tx.orgId} AND p.id = r.id`)
}

export async function insertServices(
  tx: Tx,
  services: { id: string; personId: string; from: LocalDate; reason: string }[],
): Promise<void> {
  if (services.length === 0) return
  await tx.run(sql`
    INSERT INTO service_periods (org_id, id, person_id, from_on, reason)
    SELECT ${tx.orgId}, r.id, r."personId", r."from", r.reason
    FROM jsonb_to_recordset(${JSON.stringify(services)}::jsonb) AS r (id uuid, "personId" uuid, "from" date, reason text)`)
}

export interface AttributeRow {
  personId: string
  name: string
  value: AttributeValue
  from: LocalDate
}

/** Sets values from a day on; an earlier value of the same name ends the day before. `''` takes the value away. */
export async function setAttributes(tx: Tx, rows: AttributeRow[], isNew = false): Promise<void> {
  if (rows.length === 0) return
  const json = JSON.stringify(rows)
  if (!isNew) {
    await tx.run(sql`
      UPDATE person_attributes a SET to_on = r."from" - 1
      FROM jsonb_to_recordset(${json}::jsonb) AS r ("personId" uuid, name text, "from" date)
      WHERE a.org_id = ${tx.orgId} AND a.person_id = r."personId" AND a.name = r.name AND a.to_on IS NULL AND a.from_on < r."from"`)
    await tx.run(sql`
      DELETE FROM person_attributes a
      USING jsonb_to_recordset(${json}::jsonb) AS r ("personId" uuid, name text, "from" date)
      WHERE a.org_id = ${tx.orgId} AND a.person_id = r."personId" AND a.name = r.name AND a.from_on >= r."from"`)
  }
  const kept = rows.filter((row) => row.value !== '')
  if (kept.length === 0) return
  await tx.run(sql`
    INSERT INTO person_attributes (org_id, person_id, name, from_on, value)
    SELECT ${tx.orgId}, r."personId", r.name, r."from", r.value
    FROM jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) AS r ("personId" uuid, name text, "from" date, value jsonb)`)
}

export async function insertUnits(
  tx: Tx,
  units: { id: string; kind: UnitKind; name: string; subject: string | null; from: LocalDate }[],
): Promise<void> {
  if (units.length === 0) return
  await tx.run(sql`
    INSERT INTO units (org_id, id, kind, name, subject, from_on)
    SELECT ${tx.orgId}, r.id, r.kind, r.name, r.subject, r."from"
    FROM jsonb_to_recordset(${JSON.stringify(units)}::jsonb) AS r (id uuid, kind text, name text, subject text, "from" date)`)
}

export async function insertMemberships(
  tx: Tx,
  rows: { id: string; unitId: string; personId: string; from: LocalDate }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    INSERT INTO memberships (org_id, id, unit_id, person_id, from_on)
    SELECT ${tx.orgId}, r.id, r."unitId", r."personId", r."from"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, "unitId" uuid, "personId" uuid, "from" date)`)
}

export async function insertPosts(
  tx: Tx,
  rows: {
    id: string
    personId: string
    unitId: string | null
    role: PostRole
    title: string
    from: LocalDate
  }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    INSERT INTO posts (org_id, id, person_id, unit_id, role, title, from_on)
    SELECT ${tx.orgId}, r.id, r."personId", r."unitId", r.role, r.title, r."from"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, "personId" uuid, "unitId" uuid, role text, title text, "from" date)`)
}

type DatedTable = 'memberships' | 'posts'

/** Ends rows on a day; what would only have begun later never was. */
export async function endRows(tx: Tx, table: DatedTable, ids: string[], on: LocalDate): Promise<void> {
  if (ids.length === 0) return
  const name = raw(table)
  await tx.run(
    sql`DELETE FROM ${name} WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[]) AND from_on > ${on}`,
  )
  await tx.run(sql`
    UPDATE ${name} SET to_on = ${on} WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[]) AND (to_on IS NULL OR to_on > ${on})`)
}

// ── The register ──────────────────────────────────────────────────────────────

export interface RegisterRow {
  id: string
  name: string
  staffNumber: string
  phone: string | null
  units: { unitId: string; name: string; kind: UnitKind }[]
  titles: string[]
  attributes: Record<string, AttributeValue>
  leftOn: LocalDate | null
  total: number
}

/** People by name, pinyin, initials or 工号, with what a list shows of them on a day. */
export function listRegister(
  tx: Tx,
  filter: {
    q: string
    unitId: string | null
    status: 'serving' | 'left' | 'all'
    on: LocalDate
    limit: number
    skip: number
  },
): Promise<RegisterRow[]> {
  const typed = filter.q.toLowerCase().replace(/[\\%_]/g, '\\$&')
  const { on, status } = filter
  return tx.many<RegisterRow>(sql`
    SELECT p.id, p.name, p.staff_number, p.phone, s.left_on, p.total,
      ARRAY(SELECT o.title FROM posts o WHERE o.org_id = ${tx.orgId} AND o.person_id = p.id AND o.from_on <= ${on}
        AND (o.to_on IS NULL OR o.to_on >= ${on}) ORDER BY o.role, o.title) AS titles,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('unitId', u.id, 'name', u.name, 'kind', u.kind) ORDER BY u.kind, u.name), '[]')
        FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = ${tx.orgId} AND m.person_id = p.id AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})) AS units,
      (SELECT coalesce(jsonb_object_agg(a.name, a.value ORDER BY a.from_on), '{}') FROM person_attributes a
        WHERE a.org_id = ${tx.orgId} AND a.person_id = p.id AND a.name IN ('staffKind', 'subject', 'title')
          AND a.from_on <= ${on} AND (a.to_on IS NULL OR a.to_on >= ${on})) AS attributes
    FROM (
      SELECT p.*, count(*) OVER () AS total FROM people p
      WHERE p.org_id = ${tx.orgId}
        AND (${typed} = '' OR lower(p.name) LIKE '%' || ${typed} || '%' OR p.pinyin LIKE ${typed} || '%'
          OR p.pinyin_initials LIKE ${typed} || '%' OR lower(p.staff_number) LIKE ${typed} || '%')
        AND (${filter.unitId}::uuid IS NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = p.org_id
          AND m.person_id = p.id AND m.unit_id = ${filter.unitId} AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})))
        AND (${status} = 'all' OR (${status} = 'serving') = EXISTS (SELECT 1 FROM service_periods v
          WHERE v.org_id = p.org_id AND v.person_id = p.id AND (v.to_on IS NULL OR v.to_on >= ${on})))
      ORDER BY p.sort_key, p.staff_number LIMIT ${filter.limit} OFFSET ${filter.skip}
    ) p
    CROSS JOIN LATERAL (SELECT CASE WHEN bool_or(v.to_on IS NULL OR v.to_on >= ${on}) THEN NULL ELSE max(v.to_on) + 1 END AS left_on
      FROM service_periods v WHERE v.org_id = ${tx.orgId} AND v.person_id = p.id) s
    ORDER BY p.sort_key, p.staff_number`)
}

/** First day after a person's service has ended for good; null while it lasts or has yet to begin. */
export async function findLeftOn(tx: Tx, personId: string, on: LocalDate): Promise<LocalDate | null> {
  const row = await tx.one<{ leftOn: LocalDate | null }>(sql`
    SELECT CASE WHEN bool_or(to_on IS NULL OR to_on >= ${on}) THEN NULL ELSE max(to_on) + 1 END AS left_on
    FROM service_periods WHERE org_id = ${tx.orgId} AND person_id = ${personId}`)
  return row.leftOn
}

/** What a person is and may do on a day; `standing_of` in the database. */
export interface StandingRow {
  name: string | null
  organisationKind: 'school' | 'district' | null
  posts: { role: PostRole; unitId: string | null }[]
  unitIds: string[]
  hasLeft: boolean
}

export function getStanding(tx: Tx, personId: string, on: LocalDate): Promise<StandingRow> {
  return tx.one<StandingRow>(sql`
    SELECT name, organisation_kind, posts, unit_ids, has_left FROM standing_of(${tx.orgId}, ${personId}, ${on})`)
}

export interface PersonDetail {
  attributes: { name: string; value: AttributeValue; from: LocalDate; to: LocalDate | null }[]
  service: { id: string; from: LocalDate; to: LocalDate | null; reason: string }[]
  memberships: {
    id: string
    unitId: string
    name: string
    kind: UnitKind
    from: LocalDate
    to: LocalDate | null
  }[]
  posts: {
    id: string
    role: PostRole
    title: string
    unitId: string | null
    unitName: string | null
    from: LocalDate
    to: LocalDate | null
  }[]
  absences: { id: string; kind: string; from: LocalDate; to: LocalDate | null; note: string }[]
}

/** Everything dated about one person, newest first. */
export async function loadPersonDetail(tx: Tx, personId: string): Promise<PersonDetail> {
  return {
    attributes: await tx.many(sql`
      SELECT name, value, from_on AS "from", to_on AS "to" FROM person_attributes
      WHERE org_id = ${tx.orgId} AND person_id = ${personId} ORDER BY from_on DESC, name`),
    service: await tx.many(sql`
      SELECT id, from_on AS "from", to_on AS "to", reason FROM service_periods
      WHERE org_id = ${tx.orgId} AND person_id = ${personId} ORDER BY from_on DESC`),
    memberships: await tx.many(sql`
      SELECT m.id, m.unit_id, u.name, u.kind, m.from_on AS "from", m.to_on AS "to" FROM memberships m
      JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
      WHERE m.org_id = ${tx.orgId} AND m.person_id = ${personId} ORDER BY m.from_on DESC, u.name`),
    posts: await tx.many(sql`
      SELECT o.id, o.role, o.title, o.unit_id, u.name AS unit_name, o.from_on AS "from", o.to_on AS "to" FROM posts o
      LEFT JOIN units u ON u.org_id = o.org_id AND u.id = o.unit_id
      WHERE o.org_id = ${tx.orgId} AND o.person_id = ${personId} ORDER BY o.from_on DESC, o.title`),
    absences: await tx.many(sql`
      SELECT id, kind, from_on AS "from", to_on AS "to", note FROM long_absences
      WHERE org_id = ${tx.orgId} AND person_id = ${personId} ORDER BY from_on DESC`),
  }
}

export function findPersonByStaffNumber(tx: Tx, staffNumber: string): Promise<PersonRow | undefined> {
  return tx.maybe<PersonRow>(sql`
    SELECT id, staff_number, name, sort_key, phone FROM people
    WHERE org_id = ${tx.orgId} AND lower(staff_number) = ${staffNumber.toLowerCase()} ORDER BY staff_number LIMIT 1`)
}

export function findAbsence(
  tx: Tx,
  id: string,
): Promise<{ id: string; personId: string; from: LocalDate; to: LocalDate | null } | undefined> {
  return tx.maybe(sql`
    SELECT id, person_id, from_on AS "from", to_on AS "to" FROM long_absences WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function endAbsence(tx: Tx, id: string, on: LocalDate): Promise<void> {
  await tx.run(sql`UPDATE long_absences SET to_on = ${on} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export function findPost(
  tx: Tx,
  id: string,
): Promise<
  | { id: string; personId: string; role: PostRole; title: string; fromOn: LocalDate; toOn: LocalDate | null }
  | undefined
> {
  return tx.maybe(sql`
    SELECT id, person_id, role, title, from_on, to_on FROM posts WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

// ── Units ─────────────────────────────────────────────────────────────────────

/** Members of every unit on a day, counted as the register knows them. */
export function countMembers(tx: Tx, on: LocalDate): Promise<{ unitId: string; members: number }[]> {
  return tx.many(sql`
    SELECT unit_id, count(DISTINCT person_id)::int AS members FROM memberships
    WHERE org_id = ${tx.orgId} AND from_on <= ${on} AND (to_on IS NULL OR to_on >= ${on}) GROUP BY unit_id`)
}

export interface MembershipRow {
  id: string
  personId: string
  name: string
  staffNumber: string
  from: LocalDate
  to: LocalDate | null
}

/** Everybody who is, was or will be a member of a unit. */
export function listMembershipsOf(tx: Tx, unitId: string): Promise<MembershipRow[]> {
  return tx.many<MembershipRow>(sql`
    SELECT m.id, m.person_id, p.name, p.staff_number, m.from_on AS "from", m.to_on AS "to" FROM memberships m
    JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
    WHERE m.org_id = ${tx.orgId} AND m.unit_id = ${unitId} ORDER BY p.sort_key, p.staff_number, m.from_on DESC`)
}

/** Posts in a unit, newest first. */
export function listPostsOf(tx: Tx, unitId: string): Promise<PostRow[]> {
  return tx.many<PostRow>(sql`
    SELECT o.id, o.person_id, p.name AS person_name, o.unit_id, u.name AS unit_name, o.role, o.title, o.from_on, o.to_on
    FROM posts o JOIN people p ON p.org_id = o.org_id AND p.id = o.person_id
    JOIN units u ON u.org_id = o.org_id AND u.id = o.unit_id
    WHERE o.org_id = ${tx.orgId} AND o.unit_id = ${unitId} ORDER BY o.from_on DESC, p.sort_key`)
}

/** All units, also those that no longer exist or do not yet. */
export function listAllUnits(tx: Tx): Promise<UnitRow[]> {
  return tx.many<UnitRow>(sql`
    SELECT id, kind, name, parent_id, subject, from_on, to_on FROM units WHERE org_id = ${tx.orgId} ORDER BY kind, name`)
}

export async function updateUnit(
  tx: Tx,
  unit: { id: string; name: string; parentId: string | null; subject: string | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE units SET name = ${unit.name}, parent_id = ${unit.parentId}, subject = ${unit.subject}
    WHERE org_id = ${tx.orgId} AND id = ${unit.id}`)
}

/** Units named in a roster that begins before they were founded here begin with it. */
export async function beginUnitsBy(tx: Tx, ids: string[], from: LocalDate): Promise<void> {
  if (ids.length === 0) return
  await tx.run(
    sql`UPDATE units SET from_on = ${from} WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[]) AND from_on > ${from}`,
  )
}

/** Ends a unit with all its memberships and posts on a day. */
export async function endUnit(tx: Tx, id: string, on: LocalDate): Promise<void> {
  await tx.run(sql`UPDATE units SET to_on = ${on} WHERE org_id = ${tx.orgId} AND id = ${id}`)
  for (const table of ['memberships', 'posts'] as const) {
    const rows = await tx.many<{ id: string }>(sql`
      SELECT id FROM ${raw(table)} WHERE org_id = ${tx.orgId} AND unit_id = ${id} AND (to_on IS NULL OR to_on > ${on})`)
    await endRows(
      tx,
      table,
      rows.map((row) => row.id),
      on,
    )
  }
}

// ── Organisations ─────────────────────────────────────────────────────────────

/** Schools of a district, by name. */
export function listSchoolsOf(tx: Tx, districtId: string): Promise<{ id: string; name: string }[]> {
  return tx.many(sql`
    SELECT id, name FROM organisations WHERE district_id = ${districtId} AND kind = 'school' ORDER BY name`)
}

export async function renameOrganisation(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`UPDATE organisations SET name = ${name} WHERE id = ${tx.orgId}`)
}

/** Sets one attribute of the organisation; `null` takes it away. */
export async function setOrganisationAttribute(tx: Tx, name: string, value: object | null): Promise<void> {
  await tx.run(
    value === null
      ? sql`UPDATE organisations SET attributes = attributes - ${name}::text WHERE id = ${tx.orgId}`
      : sql`UPDATE organisations SET attributes = attributes || jsonb_build_object(${name}::text, ${JSON.stringify(value)}::jsonb)
          WHERE id = ${tx.orgId}`,
  )
}

/** Those who change people and units of one organisation at the same time take turns. */
export async function lockRegister(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`register:${tx.orgId}`}, 0))`)
}

/** Whether any organisation exists. Those who set the program up at the same time take turns. */
export async function lockFounding(tx: Tx): Promise<boolean> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended('founding', 0))`)
  return (await tx.many(sql`SELECT 1 FROM organisations LIMIT 1`)).length > 0
}

/** Says why the service that began on a day began. */
export async function setServiceReason(
  tx: Tx,
  personId: string,
  from: LocalDate,
  reason: string,
): Promise<void> {
  await tx.run(sql`
    UPDATE service_periods SET reason = ${reason}
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND from_on = ${from}`)
}
