import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import type { Parity } from '../slot/words.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { AgendaItem } from './contract.ts'
import type { Member } from './series-rules.ts'
import type { ActivityStatus, Scope } from './words.ts'

export interface NewSeriesActivity {
  id: string
  kind: string
  theme: string
  heldOn: LocalDate
  movedFrom: LocalDate | null
  startsAt: Date
  endsAt: Date
  speakerId: string | null
}

export async function insertSeries(
  tx: Tx,
  series: { id: string; unitId: string; termId: string; weekday: number; parity: Parity },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO activity_series (org_id, id, unit_id, term_id, weekday, parity, created_by, created_at)
    VALUES (${tx.orgId}, ${series.id}, ${series.unitId}, ${series.termId}, ${series.weekday}, ${series.parity},
      ${tx.actor.personId}, ${tx.now})`)
}

/** All activities of a series in one statement. */
export async function insertSeriesActivities(
  tx: Tx,
  shared: {
    seriesId: string
    unitId: string
    scope: Scope
    place: string
    hostId: string | null
    recorderId: string | null
    agendas: Record<string, AgendaItem[]>
  },
  rows: NewSeriesActivity[],
): Promise<void> {
  const records = rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    theme: row.theme,
    held_on: row.heldOn,
    moved_from: row.movedFrom,
    starts_at: row.startsAt.toISOString(),
    ends_at: row.endsAt.toISOString(),
    speaker_id: row.speakerId,
    agenda: shared.agendas[row.kind] ?? [],
  }))
  await tx.run(sql`
    INSERT INTO activities (org_id, id, unit_id, scope, kind, theme, place, held_on, moved_from, moved_reason, starts_at, ends_at,
      host_id, speaker_id, recorder_id, status, agenda, series_id, created_by, created_at)
    SELECT ${tx.orgId}, r.id, ${shared.unitId}, ${shared.scope}, r.kind, r.theme, ${shared.place}, r.held_on, r.moved_from,
      CASE WHEN r.moved_from IS NULL THEN NULL ELSE '节假日顺延' END, r.starts_at, r.ends_at, ${shared.hostId}, r.speaker_id,
      ${shared.recorderId}, 'planned', r.agenda, ${shared.seriesId}, ${tx.actor.personId}, ${tx.now}
    FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb) AS r (id uuid, kind text, theme text, held_on date, moved_from date,
      starts_at timestamptz, ends_at timestamptz, speaker_id uuid, agenda jsonb)`)
}

export interface SeriesLine {
  id: string
  kind: string
  theme: string
  heldOn: LocalDate
  movedFrom: LocalDate | null
  startsAt: Date
  endsAt: Date
  place: string
  status: ActivityStatus
  hostId: string | null
  speakerId: string | null
  speakerName: string | null
  /** Whether the speaker is a member in service and not on leave that day. */
  speakerThere: boolean
  swaps: number
}

/** The activities of a group within a term that were not cancelled, in the order of their days. */
export function listTermActivities(
  tx: Tx,
  unitId: string,
  term: { from: LocalDate; to: LocalDate },
): Promise<SeriesLine[]> {
  return tx.many(sql`
    SELECT a.id, a.kind, a.theme, a.held_on, a.moved_from, a.starts_at, a.ends_at, a.place, a.status, a.host_id, a.speaker_id,
      p.name AS speaker_name,
      (a.speaker_id IS NOT NULL AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = a.org_id AND s.person_id = a.speaker_id
          AND s.from_on <= a.held_on AND (s.to_on IS NULL OR s.to_on >= a.held_on))
        AND EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = a.org_id AND m.unit_id = a.unit_id AND m.person_id = a.speaker_id
          AND m.from_on <= a.held_on AND (m.to_on IS NULL OR m.to_on >= a.held_on))
        AND NOT EXISTS (SELECT 1 FROM long_absences l WHERE l.org_id = a.org_id AND l.person_id = a.speaker_id
          AND l.from_on <= a.held_on AND (l.to_on IS NULL OR l.to_on >= a.held_on))) AS speaker_there,
      (SELECT count(*)::int FROM speaker_swaps w WHERE w.org_id = a.org_id AND w.activity_id = a.id) AS swaps
    FROM activities a LEFT JOIN people p ON p.org_id = a.org_id AND p.id = a.speaker_id
    WHERE a.org_id = ${tx.orgId} AND a.unit_id = ${unitId} AND a.status <> 'cancelled'
      AND a.held_on BETWEEN ${term.from} AND ${term.to}
    ORDER BY a.starts_at, a.id`)
}

/** Everybody who belongs to a group on some day of a range, with speeches of this term and the one before. */
export async function listRotationMembers(
  tx: Tx,
  unitId: string,
  range: { from: LocalDate; to: LocalDate },
  term: { from: LocalDate; to: LocalDate },
  before: { from: LocalDate; to: LocalDate },
): Promise<Member[]> {
  const rows = await tx.many<Member & { leavesOn: LocalDate | null }>(sql`
    SELECT p.id AS person_id, p.name,
      least((SELECT max(coalesce(m.to_on, 'infinity'::date)) FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id AND m.unit_id = ${unitId}),
        (SELECT max(coalesce(s.to_on, 'infinity'::date)) FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id))::text AS leaves_on,
      (SELECT count(*)::int FROM activities a WHERE a.org_id = p.org_id AND a.speaker_id = p.id AND a.unit_id = ${unitId}
        AND a.status <> 'cancelled' AND a.held_on BETWEEN ${term.from} AND ${term.to}) AS spoken,
      (SELECT count(*)::int FROM activities a WHERE a.org_id = p.org_id AND a.speaker_id = p.id AND a.unit_id = ${unitId}
        AND a.status <> 'cancelled' AND a.held_on BETWEEN ${before.from} AND ${before.to}) AS spoken_before,
      (SELECT max(a.held_on) FROM activities a WHERE a.org_id = p.org_id AND a.speaker_id = p.id AND a.unit_id = ${unitId}
        AND a.status <> 'cancelled' AND a.held_on <= ${term.to}) AS last_on,
      coalesce((SELECT jsonb_agg(jsonb_build_object('from', l.from_on, 'to', l.to_on)) FROM long_absences l
        WHERE l.org_id = p.org_id AND l.person_id = p.id AND l.from_on <= ${range.to} AND (l.to_on IS NULL OR l.to_on >= ${range.from})),
        '[]'::jsonb) AS away
    FROM people p
    WHERE p.org_id = ${tx.orgId}
      AND EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id AND m.unit_id = ${unitId}
        AND m.from_on <= ${range.from} AND (m.to_on IS NULL OR m.to_on >= ${range.from}))
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${range.from} AND (s.to_on IS NULL OR s.to_on >= ${range.from}))
    ORDER BY p.sort_key, p.staff_number`)
  // Whoever leaves the group or the school is away from the next day on.
  return rows.map(({ leavesOn, ...row }) =>
    leavesOn === null || leavesOn === 'infinity'
      ? row
      : { ...row, away: [...row.away, { from: addDays(leavesOn, 1), to: null }] },
  )
}

/** Other activities that meet times of a group and draw members of it, or all, away: one line each. */
export function listSharedPeople(
  tx: Tx,
  unitId: string,
  times: { startsAt: Date; endsAt: Date }[],
): Promise<{ heldOn: LocalDate; theme: string; unitName: string | null; names: string[] }[]> {
  const rows = times.map((time) => ({ s: time.startsAt.toISOString(), e: time.endsAt.toISOString() }))
  return tx.many(sql`
    SELECT a.held_on, a.theme, u.name AS unit_name, array_agg(DISTINCT p.name) AS names
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (s timestamptz, e timestamptz)
    JOIN activities a ON a.org_id = ${tx.orgId} AND a.starts_at < r.e AND a.ends_at > r.s
      AND a.held_on BETWEEN (r.s AT TIME ZONE 'Asia/Shanghai')::date - 1 AND (r.e AT TIME ZONE 'Asia/Shanghai')::date + 1
      AND a.status IN ('planned', 'running') AND a.unit_id IS NOT NULL AND a.unit_id <> ${unitId}
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    JOIN memberships m ON m.org_id = a.org_id AND m.unit_id = ${unitId} AND m.from_on <= a.held_on AND (m.to_on IS NULL OR m.to_on >= a.held_on)
    JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
    WHERE p.id IN (a.host_id, a.speaker_id, a.recorder_id) OR EXISTS (
      SELECT 1 FROM memberships o WHERE o.org_id = a.org_id AND o.unit_id = a.unit_id AND o.person_id = p.id
        AND o.from_on <= a.held_on AND (o.to_on IS NULL OR o.to_on >= a.held_on))
    GROUP BY a.held_on, a.theme, u.name ORDER BY a.held_on LIMIT 20`)
}

/** Activities of the group that stand at one of these times already. */
export function listOwnAt(
  tx: Tx,
  unitId: string,
  times: { startsAt: Date; endsAt: Date }[],
): Promise<{ heldOn: LocalDate; theme: string }[]> {
  const rows = times.map((time) => ({ s: time.startsAt.toISOString(), e: time.endsAt.toISOString() }))
  return tx.many(sql`
    SELECT DISTINCT a.held_on, a.theme FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (s timestamptz, e timestamptz)
    JOIN activities a ON a.org_id = ${tx.orgId} AND a.unit_id = ${unitId} AND a.starts_at < r.e AND a.ends_at > r.s
      AND a.status IN ('planned', 'running')
    ORDER BY a.held_on`)
}

/** Sets themes of planned activities of a group, all at once. Returns how many were written. */
export function updateThemes(tx: Tx, unitId: string, rows: { id: string; theme: string }[]): Promise<number> {
  return tx.run(sql`
    UPDATE activities a SET theme = r.theme
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, theme text)
    WHERE a.org_id = ${tx.orgId} AND a.id = r.id AND a.unit_id = ${unitId} AND a.status = 'planned'`)
}

export async function updateSpeaker(tx: Tx, id: string, speakerId: string | null): Promise<void> {
  await tx.run(sql`
    UPDATE activities SET speaker_id = ${speakerId} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Gives planned activities to another group. Returns how many. */
export function updateUnit(tx: Tx, id: string, unitId: string): Promise<number> {
  return tx.run(sql`
    UPDATE activities SET unit_id = ${unitId}, series_id = NULL
    WHERE org_id = ${tx.orgId} AND id = ${id} AND status = 'planned'`)
}

/** Planned activities of groups that no longer exist on their day. */
export function listStranded(tx: Tx): Promise<
  {
    id: string
    theme: string
    heldOn: LocalDate
    unitName: string
    endedOn: LocalDate
    speakerName: string | null
  }[]
> {
  return tx.many(sql`
    SELECT a.id, a.theme, a.held_on, u.name AS unit_name, u.to_on AS ended_on, p.name AS speaker_name
    FROM activities a JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people p ON p.org_id = a.org_id AND p.id = a.speaker_id
    WHERE a.org_id = ${tx.orgId} AND a.status = 'planned' AND u.to_on IS NOT NULL AND u.to_on < a.held_on
    ORDER BY u.name, a.starts_at LIMIT 300`)
}

// ── Templates ────────────────────────────────────────────────────────────────

export interface TemplateRow {
  kind: string
  minutes: number | null
  place: string
  materials: string[]
  agenda: AgendaItem[]
  leadDays: number | null
}

export function listTemplates(tx: Tx): Promise<TemplateRow[]> {
  return tx.many(sql`
    SELECT kind, minutes, place, materials, agenda, lead_days FROM activity_templates WHERE org_id = ${tx.orgId}`)
}

export async function upsertTemplate(tx: Tx, row: TemplateRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO activity_templates (org_id, kind, minutes, place, materials, agenda, lead_days, saved_by, saved_at)
    VALUES (${tx.orgId}, ${row.kind}, ${row.minutes}, ${row.place}, ${row.materials}, ${JSON.stringify(row.agenda)}::jsonb,
      ${row.leadDays}, ${tx.actor.personId}, ${tx.now})
    ON CONFLICT (org_id, kind) DO UPDATE SET minutes = excluded.minutes, place = excluded.place, materials = excluded.materials,
      agenda = excluded.agenda, lead_days = excluded.lead_days, saved_by = excluded.saved_by, saved_at = excluded.saved_at`)
}

// ── Leaders who take part ────────────────────────────────────────────────────

/** Which group activities each leader of the school attended within a range. Leaders hold a post that is no group's. */
export function listLeaderVisits(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
): Promise<
  {
    personId: string
    name: string
    title: string
    activityId: string | null
    heldOn: LocalDate | null
    theme: string | null
    unitName: string | null
  }[]
> {
  return tx.many(sql`
    SELECT p.id AS person_id, p.name,
      (SELECT string_agg(DISTINCT coalesce(nullif(o.title, ''), o.role), '、') FROM posts o WHERE o.org_id = p.org_id AND o.person_id = p.id
        AND o.unit_id IS NULL AND o.role IN ('principal', 'vicePrincipal', 'academicOffice', 'researchOffice')
        AND o.from_on <= ${range.to} AND (o.to_on IS NULL OR o.to_on >= ${range.from})) AS title,
      v.id AS activity_id, v.held_on, v.theme, v.unit_name
    FROM people p
    LEFT JOIN LATERAL (
      SELECT a.id, coalesce(a.moved_from, a.held_on) AS held_on, a.theme, u.name AS unit_name
      FROM attendance t JOIN activities a ON a.org_id = t.org_id AND a.id = t.activity_id AND a.status = 'closed' AND a.scope = 'group'
      JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
      WHERE t.org_id = p.org_id AND t.person_id = p.id AND t.status IN ('present', 'late', 'leftEarly')
        AND coalesce(a.moved_from, a.held_on) BETWEEN ${range.from} AND ${range.to}) v ON true
    WHERE p.org_id = ${tx.orgId} AND EXISTS (SELECT 1 FROM posts o WHERE o.org_id = p.org_id AND o.person_id = p.id
      AND o.role IN ('principal', 'vicePrincipal', 'academicOffice', 'researchOffice')
      AND o.from_on <= ${range.to} AND (o.to_on IS NULL OR o.to_on >= ${range.from}))
    ORDER BY p.sort_key, p.staff_number, v.held_on`)
}
