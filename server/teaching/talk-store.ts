import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { TalkStatus } from './words.ts'

/** 说课: papers, talks and scores, and the school's limit of minutes. */

export interface TalkRow {
  id: string
  personId: string
  occasion: string
  title: string
  sections: Record<string, string>
  version: number
  status: TalkStatus
  submissions: number
  savedAt: Date
  submittedOn: LocalDate | null
  similarPercent: number | null
  similarTo: string
  original: boolean | null
  remark: string
  decidedBy: string | null
  decidedOn: LocalDate | null
  seconds: number | null
  limitMinutes: number
  spokenOn: LocalDate | null
  spokenCount: number
}
export interface TalkView extends TalkRow {
  personName: string
  decidedByName: string | null
  scores: number
  mean: number | null
}
const columns = sql`t.id, t.person_id, t.occasion, t.title, t.sections, t.version, t.status, t.submissions, t.saved_at,
  t.submitted_on, t.similar_percent, t.similar_to, t.original, t.remark, t.decided_by, t.decided_on, t.seconds, t.limit_minutes,
  t.spoken_on, t.spoken_count`

export function lockTalk(tx: Tx, id: string): Promise<TalkRow | undefined> {
  return tx.maybe<TalkRow>(
    sql`SELECT ${columns} FROM lesson_talks t WHERE t.org_id = ${tx.orgId} AND t.id = ${id} FOR UPDATE`,
  )
}
/** Talks with names and means; drafts only of `personId`. */
export function listTalks(
  tx: Tx,
  filter: { id?: string; personId: string | null; status?: TalkStatus | undefined },
): Promise<TalkView[]> {
  const conditions: Sql[] = [sql`t.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`t.id = ${filter.id}`)
  if (filter.status) conditions.push(sql`t.status = ${filter.status}`)
  conditions.push(sql`(t.submissions > 0 OR t.person_id = ${filter.personId})`)
  return tx.many<TalkView>(sql`
    SELECT ${columns}, p.name AS person_name, d.name AS decided_by_name, coalesce(s.scores, 0) AS scores, s.mean
    FROM lesson_talks t JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    LEFT JOIN people d ON d.org_id = t.org_id AND d.id = t.decided_by
    LEFT JOIN LATERAL (SELECT count(*) AS scores, round(avg(x.total), 1)::float8 AS mean FROM lesson_talk_scores x
      WHERE x.org_id = t.org_id AND x.talk_id = t.id) s ON true
    WHERE ${join(conditions, ' AND ')} ORDER BY coalesce(t.submitted_on, t.saved_at::date) DESC, t.id LIMIT 500`)
}
export async function insertTalk(
  tx: Tx,
  talk: Pick<TalkRow, 'id' | 'personId' | 'occasion' | 'title' | 'sections' | 'limitMinutes'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_talks (org_id, id, person_id, occasion, title, sections, status, saved_at, limit_minutes)
    VALUES (${tx.orgId}, ${talk.id}, ${talk.personId}, ${talk.occasion}, ${talk.title}, ${JSON.stringify(talk.sections)}::jsonb,
      'draft', ${tx.now}, ${talk.limitMinutes})`)
}
export async function updateTalk(tx: Tx, talk: TalkRow): Promise<void> {
  await tx.run(sql`
    UPDATE lesson_talks SET occasion = ${talk.occasion}, title = ${talk.title}, sections = ${JSON.stringify(talk.sections)}::jsonb,
      version = ${talk.version}, status = ${talk.status}, submissions = ${talk.submissions}, saved_at = ${tx.now},
      submitted_on = ${talk.submittedOn}, similar_percent = ${talk.similarPercent}, similar_to = ${talk.similarTo},
      original = ${talk.original}, remark = ${talk.remark}, decided_by = ${talk.decidedBy}, decided_on = ${talk.decidedOn},
      seconds = ${talk.seconds}, spoken_on = ${talk.spokenOn}, spoken_count = ${talk.spokenCount}
    WHERE org_id = ${tx.orgId} AND id = ${talk.id}`)
}

/** Texts of others in the school with which somebody's paper is compared: papers, designs and works that were handed in. */
export function listTexts(tx: Tx, exceptPerson: string): Promise<{ label: string; body: string }[]> {
  return tx.many(sql`
    (SELECT p.name || '的说课稿《' || t.title || '》' AS label, (SELECT string_agg(value, E'\n') FROM jsonb_each_text(t.sections)) AS body
      FROM lesson_talks t JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
      WHERE t.org_id = ${tx.orgId} AND t.person_id <> ${exceptPerson} AND t.submissions > 0 ORDER BY t.saved_at DESC LIMIT 200)
    UNION ALL
    (SELECT p.name || '的教案《' || d.title || '》', v.body FROM designs d
      JOIN people p ON p.org_id = d.org_id AND p.id = d.person_id
      JOIN LATERAL (SELECT x.body FROM design_versions x WHERE x.org_id = d.org_id AND x.design_id = d.id
        ORDER BY x.number DESC LIMIT 1) v ON true
      WHERE d.org_id = ${tx.orgId} AND d.person_id <> ${exceptPerson} ORDER BY d.created_at DESC LIMIT 200)
    UNION ALL
    (SELECT p.name || '的《' || w.title || '》', w.body FROM works w JOIN people p ON p.org_id = w.org_id AND p.id = w.person_id
      WHERE w.org_id = ${tx.orgId} AND w.person_id <> ${exceptPerson} AND w.submitted_at IS NOT NULL ORDER BY w.submitted_at DESC LIMIT 200)`)
}

export interface TalkSheet {
  id: string
  title: string
  criteria: { id: string; label: string; hint: string; most: number }[]
}
export interface ScoreRow {
  id: string
  judgeId: string
  judgeName: string
  sheet: TalkSheet
  points: Record<string, number>
  total: number
  comment: string
  number: number
}
export function listScores(tx: Tx, talkId: string): Promise<ScoreRow[]> {
  return tx.many<ScoreRow>(sql`
    SELECT s.id, s.judge_id, p.name AS judge_name, s.sheet, s.points, s.total, s.comment, s.number
    FROM lesson_talk_scores s JOIN people p ON p.org_id = s.org_id AND p.id = s.judge_id
    WHERE s.org_id = ${tx.orgId} AND s.talk_id = ${talkId} ORDER BY s.scored_at, s.id`)
}
export async function saveScore(
  tx: Tx,
  score: Omit<ScoreRow, 'judgeName'> & { talkId: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_talk_scores (org_id, id, talk_id, judge_id, sheet, points, total, comment, number, scored_at)
    VALUES (${tx.orgId}, ${score.id}, ${score.talkId}, ${score.judgeId}, ${JSON.stringify(score.sheet)}::jsonb,
      ${JSON.stringify(score.points)}::jsonb, ${score.total}, ${score.comment}, ${score.number}, ${tx.now})
    ON CONFLICT (org_id, talk_id, judge_id) DO UPDATE SET sheet = excluded.sheet, points = excluded.points,
      total = excluded.total, comment = excluded.comment, number = excluded.number, scored_at = excluded.scored_at`)
}

export interface OwnSection {
  key: string
  label: string
  hint: string
  required: boolean
}
export interface TalkSettings {
  limitMinutes: number
  similarPercent: number
  /** The school's own list of parts; null: the regime's or the usual ones. */
  sections: OwnSection[] | null
}
export function findSettings(tx: Tx): Promise<TalkSettings | undefined> {
  return tx.maybe<TalkSettings>(
    sql`SELECT limit_minutes, similar_percent, sections FROM lesson_talk_settings WHERE org_id = ${tx.orgId}`,
  )
}
export async function saveSettings(tx: Tx, settings: TalkSettings): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_talk_settings (org_id, limit_minutes, similar_percent, sections)
    VALUES (${tx.orgId}, ${settings.limitMinutes}, ${settings.similarPercent},
      ${settings.sections === null ? null : JSON.stringify(settings.sections)}::jsonb)
    ON CONFLICT (org_id) DO UPDATE SET limit_minutes = excluded.limit_minutes, similar_percent = excluded.similar_percent,
      sections = excluded.sections`)
}
