import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { TermChange } from './rules.ts'

export function listChanges(tx: Tx): Promise<TermChange[]> {
  return tx.many<TermChange>(sql`
    SELECT vocabulary, term_id, label, group_name, position, is_own, retired_on, stands_for FROM vocabulary_terms
    WHERE org_id = ${tx.orgId} ORDER BY vocabulary, position NULLS LAST, changed_at, term_id`)
}

/** Those who change lists at the same time take turns. */
export async function lockChanges(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`vocabulary:${tx.orgId}`}, 0))`)
}

export async function saveChange(tx: Tx, change: TermChange): Promise<void> {
  await tx.run(sql`
    INSERT INTO vocabulary_terms (org_id, vocabulary, term_id, label, group_name, position, is_own, retired_on, stands_for,
      changed_by, changed_at)
    VALUES (${tx.orgId}, ${change.vocabulary}, ${change.termId}, ${change.label}, ${change.groupName}, ${change.position},
      ${change.isOwn}, ${change.retiredOn}, ${change.standsFor}, ${tx.actor.personId}, ${tx.now})
    ON CONFLICT (org_id, vocabulary, term_id) DO UPDATE SET label = excluded.label, group_name = excluded.group_name,
      position = excluded.position, retired_on = excluded.retired_on, stands_for = excluded.stands_for,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at`)
}

/** How many records of some kinds carry each term within the days; what was reversed does not count. */
export function countUses(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  about: { attribute: string; kinds: readonly string[] },
): Promise<{ term: string; uses: number }[]> {
  return tx.many(sql`
    SELECT t.term, count(DISTINCT f.id) AS uses
    FROM facts f
    CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(f.attributes -> ${about.attribute}::text)
      WHEN 'array' THEN f.attributes -> ${about.attribute}::text
      ELSE jsonb_build_array(f.attributes -> ${about.attribute}::text) END) AS t (term)
    WHERE f.org_id = ${tx.orgId} AND f.kind = ANY (${about.kinds}::text[]) AND f.counts_on BETWEEN ${range.from} AND ${range.to}
      AND f.reverses IS NULL AND t.term IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id)
    GROUP BY t.term`)
}
