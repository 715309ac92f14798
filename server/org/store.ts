import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { queryPublic, type Pool, sql, type Tx } from '../kit/sql.ts'
import type { PostRole, UnitKind } from './contract.ts'

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

export async function insertPerson(
  tx: Tx,
  person: {
    id: string
    staffNumber: string
    name: string
    pinyin: string
    initials: string
    sortKey: string
    phone: string | null
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO people (org_id, id, staff_number, name, pinyin, pinyin_initials, sort_key, phone, created_at)
    VALUES (${tx.orgId}, ${person.id}, ${person.staffNumber}, ${person.name}, ${person.pinyin}, ${person.initials},
      ${person.sortKey}, ${person.phone}, ${tx.now})`)
}

/** Sets the value of an attribute from a day on; an earlier value ends the day before. */
export async function setAttribute(
  tx: Tx,
  personId: string,
  name: string,
  value: AttributeValue,
  from: LocalDate,
): Promise<void> {
  await tx.run(sql`
    UPDATE person_attributes SET to_on = (${from}::date - 1)
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND name = ${name} AND to_on IS NULL AND from_on < ${from}`)
  await tx.run(sql`
    INSERT INTO person_attributes (org_id, person_id, name, from_on, value)
    VALUES (${tx.orgId}, ${personId}, ${name}, ${from}, ${JSON.stringify(value)}::jsonb)
    ON CONFLICT (org_id, person_id, name, from_on) DO UPDATE SET value = excluded.value, to_on = NULL`)
}

export async function insertService(
  tx: Tx,
  service: { id: string; personId: string; from: LocalDate; reason: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO service_periods (org_id, id, person_id, from_on, reason)
    VALUES (${tx.orgId}, ${service.id}, ${service.personId}, ${service.from}, ${service.reason})`)
}

/** Ends service, memberships and posts of a person on a day. */
export async function endService(tx: Tx, personId: string, on: LocalDate, reason: string): Promise<number> {
  const ended = await tx.run(sql`
    UPDATE service_periods SET to_on = ${on}, reason = ${reason}
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND to_on IS NULL AND from_on <= ${on}`)
  await tx.run(
    sql`UPDATE memberships SET to_on = ${on} WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND to_on IS NULL AND from_on <= ${on}`,
  )
  await tx.run(
    sql`UPDATE posts SET to_on = ${on} WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND to_on IS NULL AND from_on <= ${on}`,
  )
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

export async function insertMembership(
  tx: Tx,
  membership: { id: string; unitId: string; personId: string; from: LocalDate },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO memberships (org_id, id, unit_id, person_id, from_on)
    VALUES (${tx.orgId}, ${membership.id}, ${membership.unitId}, ${membership.personId}, ${membership.from})`)
}

export async function insertPost(
  tx: Tx,
  post: {
    id: string
    personId: string
    unitId: string | null
    role: PostRole
    title: string
    from: LocalDate
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO posts (org_id, id, person_id, unit_id, role, title, from_on)
    VALUES (${tx.orgId}, ${post.id}, ${post.personId}, ${post.unitId}, ${post.role}, ${post.title}, ${post.from})`)
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
