import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { Answers, LayerCriteria, ModuleInput, Question, SurveyInput } from './contract.ts'
import type { SurveyStatus, WeaknessSource } from './words.ts'

// ── Layers ────────────────────────────────────────────────────────────────────

export interface LayerRow {
  id: string
  label: string
  criteria: LayerCriteria
  retiredOn: LocalDate | null
}
export function listOwnLayers(tx: Tx): Promise<LayerRow[]> {
  return tx.many<LayerRow>(
    sql`SELECT id, label, criteria, retired_on FROM need_layers WHERE org_id = ${tx.orgId} ORDER BY id`,
  )
}
export async function saveLayer(tx: Tx, layer: LayerRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_layers (org_id, id, label, criteria, retired_on)
    VALUES (${tx.orgId}, ${layer.id}, ${layer.label}, ${JSON.stringify(layer.criteria)}::jsonb, ${layer.retiredOn})
    ON CONFLICT (org_id, id) DO UPDATE SET label = excluded.label, criteria = excluded.criteria, retired_on = excluded.retired_on`)
}

// ── Surveys ───────────────────────────────────────────────────────────────────

export interface SurveyRow {
  id: string
  kind: string
  title: string
  note: string
  layers: string[]
  dueOn: LocalDate
  anonymous: boolean
  sharesSummary: boolean
  questions: Question[]
  status: SurveyStatus
  version: number
}
const surveyColumns = sql`s.id, s.kind, s.title, s.note, s.layers, s.due_on, s.anonymous, s.shares_summary, s.questions, s.status, s.version`

export interface SurveyListRow extends SurveyRow {
  asked: number
  answered: number
  /** Null: not asked. */
  iAnswered: boolean | null
}
/** Surveys, the newest first; with `waiting` only those that the person who acts has still to answer. */
export function listSurveys(tx: Tx, filter: { waiting?: boolean } = {}): Promise<SurveyListRow[]> {
  const me = tx.actor.personId
  return tx.many<SurveyListRow>(sql`
    SELECT ${surveyColumns}, coalesce(c.asked, 0)::int AS asked, coalesce(c.answered, 0)::int AS answered, m.answered AS i_answered
    FROM need_surveys s
    LEFT JOIN (SELECT survey_id, count(*) AS asked, count(*) FILTER (WHERE answered) AS answered FROM need_survey_people
      WHERE org_id = ${tx.orgId} GROUP BY survey_id) c ON c.survey_id = s.id
    LEFT JOIN need_survey_people m ON m.org_id = s.org_id AND m.survey_id = s.id AND m.person_id = ${me}::uuid
    WHERE s.org_id = ${tx.orgId}
      AND (${filter.waiting !== true} OR (s.status = 'open' AND m.answered = false AND s.due_on >= ${tx.today}))
    ORDER BY s.created_at DESC, s.id LIMIT 100`)
}
export function findSurvey(tx: Tx, id: string): Promise<SurveyRow | undefined> {
  return tx.maybe<SurveyRow>(
    sql`SELECT ${surveyColumns} FROM need_surveys s WHERE s.org_id = ${tx.orgId} AND s.id = ${id}`,
  )
}
export function lockSurvey(tx: Tx, id: string): Promise<SurveyRow | undefined> {
  return tx.maybe<SurveyRow>(
    sql`SELECT ${surveyColumns} FROM need_surveys s WHERE s.org_id = ${tx.orgId} AND s.id = ${id} FOR UPDATE`,
  )
}
export async function insertSurvey(tx: Tx, id: string, survey: SurveyInput): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_surveys (org_id, id, kind, title, note, layers, due_on, anonymous, shares_summary, questions, status,
      created_by, created_at)
    VALUES (${tx.orgId}, ${id}, ${survey.kind}, ${survey.title}, ${survey.note}, ${survey.layers}, ${survey.dueOn},
      ${survey.anonymous}, ${survey.sharesSummary}, ${JSON.stringify(survey.questions)}::jsonb, 'draft',
      ${tx.actor.personId}, ${tx.now})`)
}
export async function updateSurvey(tx: Tx, id: string, survey: SurveyInput): Promise<void> {
  await tx.run(sql`
    UPDATE need_surveys SET kind = ${survey.kind}, title = ${survey.title}, note = ${survey.note}, layers = ${survey.layers},
      due_on = ${survey.dueOn}, anonymous = ${survey.anonymous}, shares_summary = ${survey.sharesSummary},
      questions = ${JSON.stringify(survey.questions)}::jsonb, version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function markOpened(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`UPDATE need_surveys SET status = 'open', opened_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}
export async function markClosed(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`UPDATE need_surveys SET status = 'closed', closed_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}
export async function deleteSurvey(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM need_surveys WHERE org_id = ${tx.orgId} AND id = ${id} AND status = 'draft'`)
}
export async function insertAsked(
  tx: Tx,
  surveyId: string,
  people: { personId: string; layers: string[] }[],
): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_survey_people (org_id, survey_id, person_id, layers)
    SELECT ${tx.orgId}, ${surveyId}, r."personId", r.layers
    FROM jsonb_to_recordset(${JSON.stringify(people)}::jsonb) AS r ("personId" uuid, layers text[])`)
}
export interface AskedRow {
  personId: string
  name: string
  layers: string[]
  answered: boolean
}
export function listAsked(tx: Tx, surveyId: string): Promise<AskedRow[]> {
  return tx.many<AskedRow>(sql`
    SELECT a.person_id, p.name, a.layers, a.answered FROM need_survey_people a
    JOIN people p ON p.org_id = a.org_id AND p.id = a.person_id
    WHERE a.org_id = ${tx.orgId} AND a.survey_id = ${surveyId} ORDER BY p.sort_key, p.staff_number`)
}
export function lockAsked(tx: Tx, surveyId: string, personId: string): Promise<AskedRow | undefined> {
  return tx.maybe<AskedRow>(sql`
    SELECT person_id, '' AS name, layers, answered FROM need_survey_people
    WHERE org_id = ${tx.orgId} AND survey_id = ${surveyId} AND person_id = ${personId} FOR UPDATE`)
}
export async function markAnswered(tx: Tx, surveyId: string, personId: string): Promise<void> {
  await tx.run(sql`
    UPDATE need_survey_people SET answered = true
    WHERE org_id = ${tx.orgId} AND survey_id = ${surveyId} AND person_id = ${personId}`)
}
/** A named answer replaces the earlier one; an anonymous one has neither person nor time. */
export async function saveAnswer(
  tx: Tx,
  answer: { id: string; surveyId: string; personId: string | null; layers: string[]; answers: Answers },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_survey_answers (org_id, id, survey_id, person_id, layers, answers, answered_at)
    VALUES (${tx.orgId}, ${answer.id}, ${answer.surveyId}, ${answer.personId}, ${answer.layers},
      ${JSON.stringify(answer.answers)}::jsonb, ${answer.personId === null ? null : tx.now})
    ON CONFLICT (org_id, survey_id, person_id) DO UPDATE SET answers = excluded.answers, answered_at = excluded.answered_at`)
}
export interface AnswerRow {
  personId: string | null
  personName: string | null
  layers: string[]
  answers: Answers
}
/** In the order of the ids, which for anonymous answers is none. */
export function listAnswers(tx: Tx, surveyId: string): Promise<AnswerRow[]> {
  return tx.many<AnswerRow>(sql`
    SELECT a.person_id, p.name AS person_name, a.layers, a.answers FROM need_survey_answers a
    LEFT JOIN people p ON p.org_id = a.org_id AND p.id = a.person_id
    WHERE a.org_id = ${tx.orgId} AND a.survey_id = ${surveyId} ORDER BY a.id`)
}

// ── Plan and modules ──────────────────────────────────────────────────────────

export interface PlanRow {
  id: string
  termId: string
  publishedAt: Date | null
}
export function findPlan(tx: Tx, termId: string): Promise<PlanRow | undefined> {
  return tx.maybe<PlanRow>(
    sql`SELECT id, term_id, published_at FROM need_plans WHERE org_id = ${tx.orgId} AND term_id = ${termId}`,
  )
}
export async function insertPlan(tx: Tx, plan: { id: string; termId: string }): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_plans (org_id, id, term_id, published_at, published_by)
    VALUES (${tx.orgId}, ${plan.id}, ${plan.termId}, ${tx.now}, ${tx.actor.personId})`)
}
export async function lockPlan(tx: Tx, termId: string): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`need:${tx.orgId}:${termId}`}, 0))`)
}

export interface ModuleRow {
  id: string
  termId: string
  title: string
  contentTag: string
  layer: string
  form: string
  activityKind: string
  plannedMinutes: number
  responsibleId: string
  responsibleName: string
  unitId: string | null
  unitName: string | null
  guidanceCourse: boolean
  aim: string
  surveyId: string | null
  surveyTitle: string | null
}
/** Modules of a term, or one of them. */
export function listModules(tx: Tx, filter: { termId?: string; id?: string }): Promise<ModuleRow[]> {
  return tx.many<ModuleRow>(sql`
    SELECT m.id, m.term_id, m.title, m.content_tag, m.layer, m.form, m.activity_kind, m.planned_minutes, m.responsible_id,
      p.name AS responsible_name, m.unit_id, u.name AS unit_name, m.guidance_course, m.aim, m.survey_id, s.title AS survey_title
    FROM need_modules m
    JOIN people p ON p.org_id = m.org_id AND p.id = m.responsible_id
    LEFT JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
    LEFT JOIN need_surveys s ON s.org_id = m.org_id AND s.id = m.survey_id
    WHERE m.org_id = ${tx.orgId} AND (${filter.termId ?? null}::text IS NULL OR m.term_id = ${filter.termId ?? null})
      AND (${filter.id ?? null}::uuid IS NULL OR m.id = ${filter.id ?? null}::uuid)
    ORDER BY m.created_at, m.id`)
}
export async function saveModule(
  tx: Tx,
  id: string,
  module: Omit<ModuleInput, 'weaknessIds'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_modules (org_id, id, term_id, title, content_tag, layer, form, activity_kind, planned_minutes,
      responsible_id, unit_id, guidance_course, aim, survey_id, created_by, created_at)
    VALUES (${tx.orgId}, ${id}, ${module.termId}, ${module.title}, ${module.contentTag}, ${module.layer}, ${module.form},
      ${module.activityKind}, ${module.plannedMinutes}, ${module.responsibleId}, ${module.unitId}, ${module.guidanceCourse},
      ${module.aim}, ${module.surveyId}, ${tx.actor.personId}, ${tx.now})
    ON CONFLICT (org_id, id) DO UPDATE SET title = excluded.title, content_tag = excluded.content_tag, layer = excluded.layer,
      form = excluded.form, activity_kind = excluded.activity_kind, planned_minutes = excluded.planned_minutes,
      responsible_id = excluded.responsible_id, unit_id = excluded.unit_id, guidance_course = excluded.guidance_course,
      aim = excluded.aim, survey_id = excluded.survey_id`)
}
export async function deleteModule(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`UPDATE need_weaknesses SET module_id = NULL WHERE org_id = ${tx.orgId} AND module_id = ${id}`,
  )
  await tx.run(sql`DELETE FROM need_modules WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export interface LinkedRow {
  moduleId: string
  id: string
  theme: string
  heldOn: LocalDate
  minutes: number
  status: string
  expected: string[]
  attended: string[]
  myStatus: string | null
}
/** Activities of these modules with who was expected and who came. */
export function listLinked(tx: Tx, moduleIds: string[]): Promise<LinkedRow[]> {
  return tx.many<LinkedRow>(sql`
    SELECT l.module_id, a.id, a.theme, a.held_on, (extract(epoch FROM a.ends_at - a.starts_at) / 60)::int AS minutes, a.status,
      ARRAY(SELECT x.person_id FROM activity_people x WHERE x.org_id = a.org_id AND x.activity_id = a.id) AS expected,
      ARRAY(SELECT x.person_id FROM attendance x WHERE x.org_id = a.org_id AND x.activity_id = a.id
        AND x.status IN ('present', 'late', 'leftEarly', 'signedIn')) AS attended,
      (SELECT x.status FROM attendance x WHERE x.org_id = a.org_id AND x.activity_id = a.id
        AND x.person_id = ${tx.actor.personId}::uuid) AS my_status
    FROM need_module_activities l JOIN activities a ON a.org_id = l.org_id AND a.id = l.activity_id
    WHERE l.org_id = ${tx.orgId} AND l.module_id = ANY(${moduleIds}::uuid[]) AND a.status <> 'cancelled'
    ORDER BY a.held_on, a.starts_at`)
}
/** The module that an activity carries. */
export function findModuleOf(tx: Tx, activityId: string): Promise<{ moduleId: string } | undefined> {
  return tx.maybe(sql`
    SELECT module_id FROM need_module_activities WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
}
export async function insertLink(tx: Tx, moduleId: string, activityId: string): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_module_activities (org_id, module_id, activity_id) VALUES (${tx.orgId}, ${moduleId}, ${activityId})`)
}
export async function deleteLink(tx: Tx, moduleId: string, activityId: string): Promise<number> {
  return tx.run(sql`
    DELETE FROM need_module_activities
    WHERE org_id = ${tx.orgId} AND module_id = ${moduleId} AND activity_id = ${activityId}`)
}
/** Activities of the days that no module has yet, of the group (or, for the school, of any). */
export function listFreeActivities(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate; unitId: string | null },
): Promise<{ id: string; theme: string; day: LocalDate; status: string }[]> {
  return tx.many(sql`
    SELECT a.id, a.theme, a.held_on AS day, a.status FROM activities a
    WHERE a.org_id = ${tx.orgId} AND a.held_on BETWEEN ${range.from} AND ${range.to} AND a.status <> 'cancelled'
      AND (${range.unitId}::uuid IS NULL OR a.unit_id = ${range.unitId}::uuid OR a.unit_id IS NULL)
      AND NOT EXISTS (SELECT 1 FROM need_module_activities l WHERE l.org_id = a.org_id AND l.activity_id = a.id)
    ORDER BY a.held_on DESC, a.id LIMIT 60`)
}

// ── Weaknesses ────────────────────────────────────────────────────────────────

export interface WeaknessRow {
  id: string
  unitId: string | null
  unitName: string | null
  layer: string
  contentTag: string
  text: string
  foundOn: LocalDate
  source: WeaknessSource
  observationId: string | null
  moduleId: string | null
  notedById: string | null
  notedByName: string | null
}
const weaknesses = (tx: Tx) => sql`
  SELECT w.id, w.unit_id, u.name AS unit_name, w.layer, w.content_tag, w.text, w.found_on, w.source, w.observation_id,
    w.module_id, w.noted_by AS noted_by_id, p.name AS noted_by_name
  FROM need_weaknesses w
  LEFT JOIN units u ON u.org_id = w.org_id AND u.id = w.unit_id
  LEFT JOIN people p ON p.org_id = w.org_id AND p.id = w.noted_by
  WHERE w.org_id = ${tx.orgId} AND w.withdrawn_at IS NULL`

export function listWeaknesses(tx: Tx): Promise<WeaknessRow[]> {
  return tx.many<WeaknessRow>(sql`${weaknesses(tx)} ORDER BY w.found_on DESC, w.id DESC LIMIT 200`)
}
export function findWeakness(tx: Tx, id: string): Promise<WeaknessRow | undefined> {
  return tx.maybe<WeaknessRow>(sql`${weaknesses(tx)} AND w.id = ${id}`)
}
export async function insertWeakness(
  tx: Tx,
  weakness: Pick<
    WeaknessRow,
    'id' | 'unitId' | 'layer' | 'contentTag' | 'text' | 'foundOn' | 'source' | 'observationId'
  >,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO need_weaknesses (org_id, id, unit_id, layer, content_tag, text, found_on, source, observation_id, noted_by, noted_at)
    VALUES (${tx.orgId}, ${weakness.id}, ${weakness.unitId}, ${weakness.layer}, ${weakness.contentTag}, ${weakness.text},
      ${weakness.foundOn}, ${weakness.source}, ${weakness.observationId}, ${tx.actor.personId}, ${tx.now})`)
}
export async function withdrawWeakness(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    UPDATE need_weaknesses SET withdrawn_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
/** Has exactly these weaknesses answered by the module. */
export async function assignWeaknesses(tx: Tx, moduleId: string, ids: string[]): Promise<void> {
  await tx.run(sql`
    UPDATE need_weaknesses SET module_id = CASE WHEN id = ANY(${ids}::uuid[]) THEN ${moduleId}::uuid END
    WHERE org_id = ${tx.orgId} AND (module_id = ${moduleId} OR id = ANY(${ids}::uuid[]))`)
}
