import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type {
  ContributionKind,
  InvitationKind,
  InvitationStatus,
  TrainerKind,
  TrainerLevel,
} from './words.ts'

/** Those who change the pool or the invitations of one organisation at once take turns. */
export async function lockRoom(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`trainer:${tx.orgId}`}, 0))`)
}

// ── The pool ─────────────────────────────────────────────────────────────────

export interface TrainerRow {
  id: string
  name: string
  kind: TrainerKind
  level: TrainerLevel
  employer: string
  field: string
  phone: string
  countsAs: string[] | null
  personId: string | null
  homeOrgId: string | null
  homePersonId: string | null
  districtTrainerId: string | null
  offered: boolean
  leftOn: LocalDate | null
}
const trainerColumns = sql`t.id, coalesce(p.name, t.name) AS name, t.kind, t.level, t.employer, t.field, t.phone,
  t.counts_as, t.person_id, t.home_org_id, t.home_person_id, t.district_trainer_id, t.offered, t.left_on`
const trainerJoins = sql`LEFT JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id`

export function listTrainers(tx: Tx): Promise<TrainerRow[]> {
  return tx.many(sql`
    SELECT ${trainerColumns} FROM trainers t ${trainerJoins} WHERE t.org_id = ${tx.orgId}
    ORDER BY (t.left_on IS NOT NULL), (t.person_id IS NULL), t.added_at, t.id`)
}
export function findTrainer(tx: Tx, id: string): Promise<TrainerRow | undefined> {
  return tx.maybe(sql`
    SELECT ${trainerColumns} FROM trainers t ${trainerJoins} WHERE t.org_id = ${tx.orgId} AND t.id = ${id}`)
}
export async function insertTrainer(tx: Tx, row: Omit<TrainerRow, 'leftOn'>): Promise<void> {
  await tx.run(sql`
    INSERT INTO trainers (org_id, id, name, kind, level, employer, field, phone, counts_as, person_id, home_org_id,
      home_person_id, district_trainer_id, offered, added_by, added_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.name}, ${row.kind}, ${row.level}, ${row.employer}, ${row.field}, ${row.phone},
      ${row.countsAs}, ${row.personId}, ${row.homeOrgId}, ${row.homePersonId}, ${row.districtTrainerId}, ${row.offered},
      ${tx.actor.personId}, ${tx.now})`)
}
export async function updateTrainer(
  tx: Tx,
  row: Pick<
    TrainerRow,
    'id' | 'name' | 'kind' | 'level' | 'employer' | 'field' | 'phone' | 'countsAs' | 'offered' | 'leftOn'
  >,
): Promise<void> {
  await tx.run(sql`
    UPDATE trainers SET name = ${row.name}, kind = ${row.kind}, level = ${row.level}, employer = ${row.employer},
      field = ${row.field}, phone = ${row.phone}, counts_as = ${row.countsAs}, offered = ${row.offered},
      left_on = ${row.leftOn}
    WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}

// ── Invitations ──────────────────────────────────────────────────────────────

export interface InvitationRow {
  id: string
  trainerId: string
  trainerName: string
  kind: InvitationKind
  subject: string
  duty: string
  from: LocalDate
  to: LocalDate | null
  place: string
  fee: number | null
  status: InvitationStatus
  reason: string
  letterNumber: string
  proposedAt: Date
  proposedByName: string | null
  decidedByName: string | null
  decidedAt: Date | null
  isGiven: boolean
}
const invitationColumns = sql`i.id, i.trainer_id, coalesce(p.name, t.name) AS trainer_name, i.kind, i.subject, i.duty,
  i.from_on AS "from", i.to_on AS "to", i.place, i.fee, i.status, i.reason, i.letter_number, i.proposed_at,
  a.name AS proposed_by_name, d.name AS decided_by_name, i.decided_at,
  EXISTS (SELECT 1 FROM contributions c WHERE c.org_id = i.org_id AND c.invitation_id = i.id
    AND c.withdrawn_because IS NULL) AS is_given`
const invitationJoins = sql`JOIN trainers t ON t.org_id = i.org_id AND t.id = i.trainer_id
  LEFT JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
  LEFT JOIN people a ON a.org_id = i.org_id AND a.id = i.proposed_by
  LEFT JOIN people d ON d.org_id = i.org_id AND d.id = i.decided_by`

export function listInvitations(
  tx: Tx,
  filter: { status?: InvitationStatus; trainerIds?: string[] } = {},
): Promise<InvitationRow[]> {
  const conditions: Sql[] = [sql`i.org_id = ${tx.orgId}`]
  if (filter.status) conditions.push(sql`i.status = ${filter.status}`)
  if (filter.trainerIds) conditions.push(sql`i.trainer_id = ANY(${filter.trainerIds}::uuid[])`)
  return tx.many(sql`
    SELECT ${invitationColumns} FROM trainer_invitations i ${invitationJoins}
    WHERE ${join(conditions, ' AND ')} ORDER BY (i.status <> 'proposed'), i.from_on DESC, i.id DESC LIMIT 500`)
}
export function findInvitation(tx: Tx, id: string): Promise<InvitationRow | undefined> {
  return tx.maybe(sql`
    SELECT ${invitationColumns} FROM trainer_invitations i ${invitationJoins}
    WHERE i.org_id = ${tx.orgId} AND i.id = ${id}`)
}
export async function insertInvitation(
  tx: Tx,
  row: Pick<
    InvitationRow,
    'id' | 'trainerId' | 'kind' | 'subject' | 'duty' | 'from' | 'to' | 'place' | 'fee'
  >,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO trainer_invitations (org_id, id, trainer_id, kind, subject, duty, from_on, to_on, place, fee, status,
      proposed_by, proposed_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.trainerId}, ${row.kind}, ${row.subject}, ${row.duty}, ${row.from}, ${row.to},
      ${row.place}, ${row.fee}, 'proposed', ${tx.actor.personId}, ${tx.now})`)
}
export async function decideInvitation(
  tx: Tx,
  row: { id: string; status: InvitationStatus; reason: string; letterNumber: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE trainer_invitations SET status = ${row.status}, reason = ${row.reason}, letter_number = ${row.letterNumber},
      decided_by = ${tx.actor.personId}, decided_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}
/** Letters that were given in a year, also for what was withdrawn later: a number is never given twice. */
export async function countLetters(tx: Tx, year: string): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    SELECT count(*) FROM trainer_invitations
    WHERE org_id = ${tx.orgId} AND letter_number LIKE ${`${year}-%`}`)
  return row.count
}

// ── Lectures and guidance ────────────────────────────────────────────────────

export interface ContributionRow {
  id: string
  kind: ContributionKind
  trainerId: string | null
  guidePersonId: string | null
  guideUnitId: string | null
  guideWord: string
  invitationId: string | null
  activityId: string | null
  activityKind: string
  subject: string
  heldOn: LocalDate
  minutes: number
  guidanceKind: string
  mode: string
  answered: boolean
  beneficiary: string
  unitId: string | null
  personIds: string[]
  schoolId: string | null
  note: string
  fee: number | null
  withdrawnBecause: string | null
}
export interface ContributionView extends ContributionRow {
  giverName: string
  level: TrainerLevel | null
  ownPersonId: string | null
  activityTheme: string | null
  unitName: string | null
  schoolName: string | null
  personNames: string[]
  /** Who was there: signed in to the activity, else those guided; null where it was for everybody. */
  people: number | null
  ratings: number
  stars: number | null
  comments: string[]
}
const contributionColumns = sql`c.id, c.kind, c.trainer_id, c.guide_person_id, c.guide_unit_id, c.guide_word,
  c.invitation_id, c.activity_id, c.activity_kind, c.subject, c.held_on, c.minutes, c.guidance_kind, c.mode, c.answered,
  c.beneficiary, c.unit_id, c.person_ids, c.school_id, c.note, c.fee, c.withdrawn_because`

export function listContributions(
  tx: Tx,
  filter: { id?: string; from?: LocalDate; to?: LocalDate; activityId?: string; trainerIds?: string[] },
): Promise<ContributionView[]> {
  const conditions: Sql[] = [sql`c.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`c.id = ${filter.id}`)
  else conditions.push(sql`c.withdrawn_because IS NULL`)
  if (filter.from) conditions.push(sql`c.held_on >= ${filter.from}`)
  if (filter.to) conditions.push(sql`c.held_on <= ${filter.to}`)
  if (filter.activityId) conditions.push(sql`c.activity_id = ${filter.activityId}`)
  if (filter.trainerIds) conditions.push(sql`c.trainer_id = ANY(${filter.trainerIds}::uuid[])`)
  return tx.many(sql`
    SELECT ${contributionColumns}, coalesce(tp.name, t.name, gp.name, gu.name) AS giver_name, t.level,
      coalesce(t.person_id, c.guide_person_id) AS own_person_id, a.theme AS activity_theme, u.name AS unit_name,
      s.name AS school_name,
      coalesce((SELECT array_agg(n.name ORDER BY n.sort_key) FROM people n
        WHERE n.org_id = c.org_id AND n.id = ANY(c.person_ids)), '{}') AS person_names,
      CASE WHEN c.activity_id IS NOT NULL THEN (SELECT count(*)::int FROM attendance x WHERE x.org_id = c.org_id
          AND x.activity_id = c.activity_id AND x.status IN ('present', 'late', 'leftEarly'))
        WHEN cardinality(c.person_ids) > 0 THEN cardinality(c.person_ids)
        WHEN c.unit_id IS NOT NULL THEN (SELECT count(DISTINCT m.person_id)::int FROM memberships m
          WHERE m.org_id = c.org_id AND m.unit_id = c.unit_id AND m.from_on <= c.held_on
            AND (m.to_on IS NULL OR m.to_on >= c.held_on)) END AS people,
      coalesce(r.ratings, 0) AS ratings, r.stars, coalesce(r.comments, '{}') AS comments
    FROM contributions c
    LEFT JOIN trainers t ON t.org_id = c.org_id AND t.id = c.trainer_id
    LEFT JOIN people tp ON tp.org_id = t.org_id AND tp.id = t.person_id
    LEFT JOIN people gp ON gp.org_id = c.org_id AND gp.id = c.guide_person_id
    LEFT JOIN units gu ON gu.org_id = c.org_id AND gu.id = c.guide_unit_id
    LEFT JOIN units u ON u.org_id = c.org_id AND u.id = c.unit_id
    LEFT JOIN organisations s ON s.id = c.school_id
    LEFT JOIN activities a ON a.org_id = c.org_id AND a.id = c.activity_id
    LEFT JOIN LATERAL (
      SELECT count(*)::int AS ratings, round(avg(g.stars), 1) AS stars,
        array_agg(g.sentence ORDER BY g.rated_at) FILTER (WHERE g.sentence <> '') AS comments
      FROM contribution_ratings g WHERE g.org_id = c.org_id AND g.contribution_id = c.id) r ON true
    WHERE ${join(conditions, ' AND ')} ORDER BY c.held_on DESC, c.id DESC LIMIT 1000`)
}
/** How often each of the pool gave something in a range of days, and the mean of the stars. */
export function listFigures(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
): Promise<{ trainerId: string; lectures: number; guidances: number; stars: number | null }[]> {
  return tx.many(sql`
    SELECT c.trainer_id, count(DISTINCT c.id) FILTER (WHERE c.kind = 'lecture')::int AS lectures,
      count(DISTINCT c.id) FILTER (WHERE c.kind = 'guidance')::int AS guidances, round(avg(g.stars), 1) AS stars
    FROM contributions c
    LEFT JOIN contribution_ratings g ON g.org_id = c.org_id AND g.contribution_id = c.id
    WHERE c.org_id = ${tx.orgId} AND c.held_on BETWEEN ${range.from} AND ${range.to} AND c.trainer_id IS NOT NULL
      AND c.withdrawn_because IS NULL
    GROUP BY c.trainer_id`)
}
export function lockContribution(tx: Tx, id: string): Promise<ContributionRow | undefined> {
  return tx.maybe(sql`
    SELECT ${contributionColumns} FROM contributions c WHERE c.org_id = ${tx.orgId} AND c.id = ${id} FOR UPDATE`)
}
export async function insertContribution(
  tx: Tx,
  row: Omit<ContributionRow, 'withdrawnBecause'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO contributions (org_id, id, kind, trainer_id, guide_person_id, guide_unit_id, guide_word, invitation_id,
      activity_id, activity_kind, subject, held_on, minutes, guidance_kind, mode, answered, beneficiary, unit_id, person_ids,
      school_id, note, fee, recorded_by, recorded_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.kind}, ${row.trainerId}, ${row.guidePersonId}, ${row.guideUnitId},
      ${row.guideWord}, ${row.invitationId}, ${row.activityId}, ${row.activityKind}, ${row.subject}, ${row.heldOn},
      ${row.minutes}, ${row.guidanceKind}, ${row.mode}, ${row.answered}, ${row.beneficiary}, ${row.unitId},
      ${row.personIds}::uuid[], ${row.schoolId}, ${row.note}, ${row.fee}, ${tx.actor.personId}, ${tx.now})`)
}
export async function setFee(tx: Tx, id: string, fee: number | null): Promise<void> {
  await tx.run(sql`UPDATE contributions SET fee = ${fee} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function withdrawContribution(tx: Tx, id: string, because: string): Promise<void> {
  await tx.run(
    sql`UPDATE contributions SET withdrawn_because = ${because} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

// ── What people thought ──────────────────────────────────────────────────────

/** Whether somebody was there: signed in to the activity, named, in the group, or on the staff that day. */
const wasThere = (personId: string) => sql`CASE
  WHEN c.activity_id IS NOT NULL THEN EXISTS (SELECT 1 FROM attendance x WHERE x.org_id = c.org_id
    AND x.activity_id = c.activity_id AND x.person_id = ${personId} AND x.status IN ('present', 'late', 'leftEarly'))
  WHEN cardinality(c.person_ids) > 0 THEN ${personId} = ANY(c.person_ids)
  WHEN c.unit_id IS NOT NULL THEN EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = c.org_id
    AND m.unit_id = c.unit_id AND m.person_id = ${personId} AND m.from_on <= c.held_on
    AND (m.to_on IS NULL OR m.to_on >= c.held_on))
  ELSE EXISTS (SELECT 1 FROM service_periods v WHERE v.org_id = c.org_id AND v.person_id = ${personId}
    AND v.from_on <= c.held_on AND (v.to_on IS NULL OR v.to_on >= c.held_on)) END`
const giver = sql`coalesce(t.person_id, c.guide_person_id)`

/** Lectures and guidance since a day at which somebody was, did not give, and has said nothing yet. */
export function listToRate(
  tx: Tx,
  personId: string,
  since: LocalDate,
): Promise<
  {
    id: string
    kind: ContributionKind
    giverName: string
    subject: string
    heldOn: LocalDate
    activityId: string | null
  }[]
> {
  return tx.many(sql`
    SELECT c.id, c.kind, coalesce(p.name, t.name) AS giver_name, c.subject, c.held_on, c.activity_id
    FROM contributions c JOIN trainers t ON t.org_id = c.org_id AND t.id = c.trainer_id
    LEFT JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    WHERE c.org_id = ${tx.orgId} AND c.held_on >= ${since} AND c.held_on <= ${tx.today} AND c.withdrawn_because IS NULL
      AND ${giver} IS DISTINCT FROM ${personId}
      AND NOT EXISTS (SELECT 1 FROM contribution_ratings g WHERE g.org_id = c.org_id AND g.contribution_id = c.id
        AND g.person_id = ${personId})
      AND ${wasThere(personId)}
    ORDER BY c.held_on DESC, c.id LIMIT 20`)
}
export function findMyPart(
  tx: Tx,
  contributionId: string,
  personId: string,
): Promise<{ wasThere: boolean; isOwn: boolean; stars: number | null; sentence: string | null } | undefined> {
  return tx.maybe(sql`
    SELECT ${wasThere(personId)} AS was_there, ${giver} IS NOT DISTINCT FROM ${personId} AS is_own, g.stars, g.sentence
    FROM contributions c LEFT JOIN trainers t ON t.org_id = c.org_id AND t.id = c.trainer_id
    LEFT JOIN contribution_ratings g ON g.org_id = c.org_id AND g.contribution_id = c.id AND g.person_id = ${personId}
    WHERE c.org_id = ${tx.orgId} AND c.id = ${contributionId}`)
}
export async function saveRating(
  tx: Tx,
  row: { contributionId: string; personId: string; stars: number; sentence: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO contribution_ratings (org_id, contribution_id, person_id, stars, sentence, rated_at)
    VALUES (${tx.orgId}, ${row.contributionId}, ${row.personId}, ${row.stars}, ${row.sentence}, ${tx.now})
    ON CONFLICT (org_id, contribution_id, person_id) DO UPDATE SET stars = excluded.stars, sentence = excluded.sentence,
      rated_at = excluded.rated_at`)
}

/** Activities since a day that were held or are under way, by theme, group or speaker. */
export function findActivities(
  tx: Tx,
  search: string,
  since: LocalDate,
): Promise<
  { id: string; theme: string; heldOn: LocalDate; unitId: string | null; unitName: string | null }[]
> {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return tx.many(sql`
    SELECT a.id, a.theme, a.held_on, a.unit_id, u.name AS unit_name FROM activities a
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    WHERE a.org_id = ${tx.orgId} AND a.status = 'closed' AND a.held_on >= ${since} AND a.trainer_id IS NULL
      AND (a.theme ILIKE ${pattern} OR u.name ILIKE ${pattern})
    ORDER BY a.held_on DESC, a.id LIMIT 20`)
}
