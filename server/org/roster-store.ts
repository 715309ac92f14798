import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { PostRole, UnitKind } from './words.ts'

/** A person with everything that a roster can say about them, as it stands from a day on. */
export interface RegisteredPerson {
  id: string
  staffNumber: string
  name: string
  phone: string | null
  isServing: boolean
  attributes: Record<string, AttributeValue>
  memberships: { id: string; unitId: string; kind: UnitKind; name: string }[]
  posts: {
    id: string
    role: PostRole
    title: string
    unitId: string | null
    kind: UnitKind | null
    name: string | null
  }[]
}

/** Everybody ever on the staff; memberships and posts that hold on the day or begin later. */
export function loadRegister(tx: Tx, from: LocalDate): Promise<RegisteredPerson[]> {
  return tx.many<RegisteredPerson>(sql`
    SELECT p.id, p.staff_number, p.name, p.phone, coalesce(s.serving, false) AS is_serving,
      coalesce(a.attributes, '{}') AS attributes, coalesce(m.memberships, '[]') AS memberships, coalesce(o.posts, '[]') AS posts
    FROM people p
    LEFT JOIN (SELECT person_id, bool_or(to_on IS NULL OR to_on >= ${from}) AS serving FROM service_periods
      WHERE org_id = ${tx.orgId} GROUP BY person_id) s ON s.person_id = p.id
    LEFT JOIN (SELECT person_id, jsonb_object_agg(name, value ORDER BY from_on) AS attributes FROM person_attributes
      WHERE org_id = ${tx.orgId} AND (to_on IS NULL OR to_on >= ${from}) GROUP BY person_id) a ON a.person_id = p.id
    LEFT JOIN (SELECT m.person_id, jsonb_agg(jsonb_build_object('id', m.id, 'unitId', u.id, 'kind', u.kind, 'name', u.name)) AS memberships
      FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
      WHERE m.org_id = ${tx.orgId} AND (m.to_on IS NULL OR m.to_on >= ${from}) GROUP BY m.person_id) m ON m.person_id = p.id
    LEFT JOIN (SELECT o.person_id, jsonb_agg(jsonb_build_object('id', o.id, 'role', o.role, 'title', o.title, 'unitId', u.id,
        'kind', u.kind, 'name', u.name)) AS posts
      FROM posts o LEFT JOIN units u ON u.org_id = o.org_id AND u.id = o.unit_id
      WHERE o.org_id = ${tx.orgId} AND (o.to_on IS NULL OR o.to_on >= ${from}) GROUP BY o.person_id) o ON o.person_id = p.id
    WHERE p.org_id = ${tx.orgId}
    ORDER BY p.sort_key, p.staff_number`)
}
