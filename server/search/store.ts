import type { LocalDate } from '../../engine/types.ts'
import type { ActivityStatus, Scope } from '../activity/words.ts'
import { sql, type Tx } from '../kit/sql.ts'

/** This room owns no table: it reads what others keep. */
const likeable = (text: string) => text.toLowerCase().replace(/[\\%_]/g, '\\$&')

/** People in service today by name, pinyin, initials or 工号, with their groups. */
export function listPeople(
  tx: Tx,
  text: string,
  limit: number,
): Promise<{ id: string; name: string; staffNumber: string; unitIds: string[]; unitNames: string }[]> {
  const begins = `${likeable(text)}%`
  return tx.many(sql`
    SELECT p.id, p.name, p.staff_number, coalesce(array_agg(u.id) FILTER (WHERE u.id IS NOT NULL), '{}') AS unit_ids,
      coalesce(string_agg(u.name, '、' ORDER BY u.name), '') AS unit_names
    FROM people p
    LEFT JOIN memberships m ON m.org_id = p.org_id AND m.person_id = p.id AND m.from_on <= ${tx.today}
      AND (m.to_on IS NULL OR m.to_on >= ${tx.today})
    LEFT JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
    WHERE p.org_id = ${tx.orgId}
      AND (p.name LIKE ${`%${begins}`} OR p.pinyin LIKE ${begins} OR p.pinyin_initials LIKE ${begins}
        OR lower(p.staff_number) LIKE ${begins})
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${tx.today} AND (s.to_on IS NULL OR s.to_on >= ${tx.today}))
    GROUP BY p.org_id, p.id
    ORDER BY p.name = ${text} DESC, lower(p.staff_number) = ${text.toLowerCase()} DESC, p.name LIKE ${begins} DESC,
      p.sort_key, p.staff_number LIMIT ${limit}`)
}

export interface FoundActivity {
  id: string
  theme: string
  heldOn: LocalDate
  unitName: string | null
  scope: Scope
  unitId: string | null
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  status: ActivityStatus
  iAmListed: boolean
}

/** Activities by theme, those nearest to today first. */
export function listActivities(tx: Tx, text: string, limit: number): Promise<FoundActivity[]> {
  const me = tx.actor.personId
  return tx.many<FoundActivity>(sql`
    SELECT a.id, a.theme, a.held_on, u.name AS unit_name, a.scope, a.unit_id, a.host_id, a.speaker_id, a.recorder_id, a.status,
      EXISTS (SELECT 1 FROM activity_people e WHERE e.org_id = a.org_id AND e.activity_id = a.id AND e.person_id = ${me})
        OR EXISTS (SELECT 1 FROM attendance t WHERE t.org_id = a.org_id AND t.activity_id = a.id AND t.person_id = ${me})
        AS i_am_listed
    FROM activities a LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    WHERE a.org_id = ${tx.orgId} AND a.theme ILIKE ${`%${likeable(text)}%`}
    ORDER BY abs(a.held_on - ${tx.today}::date), a.starts_at DESC, a.id LIMIT ${limit}`)
}
