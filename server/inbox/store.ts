import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

// The inbox writes nothing; it reads what waits in other rooms, each kind in one statement.

/** Fixed times that wait for 教导处, and occurrences that a leader asked to move. */
export function listSlotsToDecide(tx: Tx): Promise<
  {
    kind: 'slot' | 'shift'
    id: string
    title: string
    unitName: string
    personName: string
    weekday: number
    starts: string
    ends: string
    fromDay: LocalDate
    toDay: LocalDate | null
    reason: string
    since: Date
  }[]
> {
  return tx.many(sql`
    SELECT 'slot' AS kind, s.id, s.title, coalesce(u.name, '全校') AS unit_name, coalesce(p.name, '') AS person_name, s.weekday,
      s.starts, s.ends, s.from_on AS from_day, s.to_on AS to_day, '' AS reason, s.proposed_at AS since
    FROM slots s LEFT JOIN units u ON u.org_id = s.org_id AND u.id = s.unit_id
    LEFT JOIN people p ON p.org_id = s.org_id AND p.id = s.proposed_by
    WHERE s.org_id = ${tx.orgId} AND s.status = 'proposed' AND (s.to_on IS NULL OR s.to_on >= ${tx.today})
      AND (u.to_on IS NULL OR u.to_on >= ${tx.today})
    UNION ALL
    SELECT 'shift', h.id, s.title, coalesce(u.name, '全校'), coalesce(p.name, ''), s.weekday, s.starts, s.ends, h.original_on,
      h.new_on, h.reason, h.asked_at
    FROM slot_shifts h JOIN slots s ON s.org_id = h.org_id AND s.id = h.slot_id
    LEFT JOIN units u ON u.org_id = s.org_id AND u.id = s.unit_id
    LEFT JOIN people p ON p.org_id = h.org_id AND p.id = h.asked_by
    WHERE h.org_id = ${tx.orgId} AND h.status = 'asked'
    ORDER BY since LIMIT 300`)
}

/** Requests for supplies that nobody has dealt with. */
export function listSuppliesToDeliver(tx: Tx): Promise<
  {
    id: string
    what: string
    purpose: string
    neededOn: LocalDate
    personName: string
    requestedOn: LocalDate
  }[]
> {
  return tx.many(sql`
    SELECT s.id, s.what, s.purpose, s.needed_on, p.name AS person_name, s.requested_on
    FROM supply_requests s JOIN people p ON p.org_id = s.org_id AND p.id = s.requested_by
    WHERE s.org_id = ${tx.orgId} AND s.status = 'requested' ORDER BY s.requested_on, s.id LIMIT 300`)
}

/** Proposals for the ladder and the 骨干 pool; those that were made together are one. */
export function listGrowthToConfirm(tx: Tx): Promise<
  {
    id: string
    kind: 'step' | 'candidate' | 'title'
    word: string
    level: string
    people: number
    names: string[]
    proposedByName: string | null
    since: Date
  }[]
> {
  return tx.many(sql`
    SELECT min(g.id::text) AS id, g.kind, g.word, g.level, count(*)::int AS people,
      array_agg(p.name ORDER BY p.sort_key) AS names, min(a.name) AS proposed_by_name, min(g.proposed_at) AS since
    FROM growth_proposals g JOIN people p ON p.org_id = g.org_id AND p.id = g.person_id
    LEFT JOIN people a ON a.org_id = g.org_id AND a.id = g.proposed_by
    WHERE g.org_id = ${tx.orgId} AND g.status = 'proposed' GROUP BY g.kind, g.word, g.level, g.from_on
    ORDER BY min(g.proposed_at) LIMIT 100`)
}

/** Versions of the regime that wait to be put in force. */
export function listVersionsToConfirm(
  tx: Tx,
): Promise<
  { id: string; title: string; fromOn: LocalDate | null; personName: string | null; since: Date }[]
> {
  return tx.many(sql`
    SELECT d.id, d.title, d.from_on, p.name AS person_name, d.submitted_at AS since
    FROM regime_drafts d LEFT JOIN people p ON p.org_id = d.org_id AND p.id = d.submitted_by
    WHERE d.org_id = ${tx.orgId} AND d.state = 'submitted' ORDER BY d.submitted_at`)
}

// ── What is asked of one person ──────────────────────────────────────────────

/** Days for which a preparation is still asked for. */
const preparationDays = 120
/** Days after settling in which members make it their own, and after a talk in which it is scored. */
const afterDays = 30
const scoringDays = 14

/** Shared designs of the person's groups, with what the person has done with each. */
export function listPreparations(
  tx: Tx,
  personId: string,
): Promise<
  {
    id: string
    title: string
    unitName: string
    status: 'drafting' | 'discussing' | 'final'
    isDrafter: boolean
    drafterName: string
    dueOn: LocalDate | null
    commented: boolean
    adapted: boolean
  }[]
> {
  return tx.many(sql`
    SELECT d.id, d.title, u.name AS unit_name, d.status, d.person_id = ${personId} AS is_drafter, p.name AS drafter_name, d.due_on,
      EXISTS (SELECT 1 FROM design_comments c WHERE c.org_id = d.org_id AND c.design_id = d.id AND c.person_id = ${personId}) AS commented,
      EXISTS (SELECT 1 FROM designs o WHERE o.org_id = d.org_id AND o.parent_id = d.id AND o.person_id = ${personId}
        AND o.kind = 'personal') AS adapted
    FROM designs d JOIN units u ON u.org_id = d.org_id AND u.id = d.unit_id
    JOIN people p ON p.org_id = d.org_id AND p.id = d.person_id
    WHERE d.org_id = ${tx.orgId} AND d.kind = 'shared' AND d.unit_id = ANY(${[...tx.actor.unitIds]}::uuid[])
      AND d.created_at > ${tx.now}::timestamptz - make_interval(days => ${preparationDays})
      AND (d.status <> 'final' OR d.settled_on > ${tx.today}::date - ${afterDays}::int)
    ORDER BY d.due_on NULLS LAST, d.created_at LIMIT 50`)
}

/** Talks of colleagues in the same group that were given lately and that the person has not scored. */
export function listTalksToScore(
  tx: Tx,
  personId: string,
): Promise<{ id: string; title: string; personName: string; spokenOn: LocalDate }[]> {
  return tx.many(sql`
    SELECT t.id, t.title, p.name AS person_name, t.spoken_on FROM lesson_talks t
    JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    WHERE t.org_id = ${tx.orgId} AND t.person_id <> ${personId} AND t.submissions > 0
      AND t.spoken_on > ${tx.today}::date - ${scoringDays}::int
      AND EXISTS (SELECT 1 FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        AND u.kind NOT IN ('department', 'body')
        WHERE m.org_id = t.org_id AND m.person_id = t.person_id AND m.unit_id = ANY(${[...tx.actor.unitIds]}::uuid[])
          AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today}))
      AND NOT EXISTS (SELECT 1 FROM lesson_talk_scores s WHERE s.org_id = t.org_id AND s.talk_id = t.id AND s.judge_id = ${personId})
    ORDER BY t.spoken_on LIMIT 20`)
}

/** Fixed times that came back to a group that the person leads. */
export function listSlotsSentBack(
  tx: Tx,
): Promise<{ id: string; title: string; reason: string; byName: string | null; at: Date | null }[]> {
  return tx.many(sql`
    SELECT s.id, s.title, s.note AS reason, d.name AS by_name, s.decided_at AS at
    FROM slots s LEFT JOIN people d ON d.org_id = s.org_id AND d.id = s.decided_by
    WHERE s.org_id = ${tx.orgId} AND s.status = 'returned' AND s.unit_id = ANY(${tx.actor.leads.map((lead) => lead.unitId)}::uuid[])
      AND (s.to_on IS NULL OR s.to_on >= ${tx.today}) ORDER BY s.decided_at LIMIT 50`)
}
