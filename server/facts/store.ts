import type { AttributeValue, Fact, LocalDate, Subject, SubjectKind } from '../../engine/types.ts'
import { addDays } from '../../engine/days.ts'
import { newId } from '../kit/ids.ts'
import { type Sql, sql, type Tx } from '../kit/sql.ts'
import type { FactInput } from './actions.ts'

export type NewFact = Omit<FactInput, 'kind'> & { id: string; kind: string; reverses: string | null }

interface FactRow {
  id: string
  kind: string
  subjectKind: SubjectKind
  subjectId: string
  countsOn: LocalDate
  recordedAt: Date
  quantity: number
  attributes: Record<string, AttributeValue>
  sourceRoom: string
  sourceId: string
  reverses: string | null
  key: string
}

/** Adds facts in one statement; known keys are passed over. */
export async function insertFacts(tx: Tx, facts: NewFact[]): Promise<void> {
  if (facts.length === 0) return
  const rows = facts.map((fact) => ({
    id: fact.id,
    kind: fact.kind,
    subject_kind: fact.subject.kind,
    subject_id: fact.subject.id,
    counts_on: fact.on,
    quantity: fact.quantity,
    attributes: fact.attributes,
    source_room: fact.source.room,
    source_id: fact.source.id,
    reverses: fact.reverses,
    idempotency_key: fact.key,
  }))
  await tx.run(sql`
    INSERT INTO facts (org_id, id, kind, subject_kind, subject_id, counts_on, recorded_at, quantity, attributes,
      source_room, source_id, reverses, idempotency_key, recorded_by)
    SELECT ${tx.orgId}, r.id, r.kind, r.subject_kind, r.subject_id, r.counts_on, ${tx.now}, r.quantity, r.attributes,
      r.source_room, r.source_id, r.reverses, r.idempotency_key, ${tx.actor.personId}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, kind text, subject_kind text, subject_id uuid,
      counts_on date, quantity numeric, attributes jsonb, source_room text, source_id uuid, reverses uuid, idempotency_key text)
    ON CONFLICT (org_id, idempotency_key) DO NOTHING`)
}

/** A person's facts of some kinds that stand, from a day on. */
export function listLiveFactsOfPerson(
  tx: Tx,
  personId: string,
  asked: { from: LocalDate; kinds: readonly string[] },
): Promise<FactRow[]> {
  return tx.many<FactRow>(sql`
    SELECT f.id, f.kind, f.subject_kind, f.subject_id, f.counts_on, f.recorded_at, f.quantity, f.attributes,
      f.source_room, f.source_id, f.reverses, f.idempotency_key AS key
    FROM facts f
    WHERE f.org_id = ${tx.orgId} AND f.subject_kind = 'person' AND f.subject_id = ${personId}
      AND f.counts_on >= ${asked.from} AND f.kind = ANY(${[...asked.kinds]}) AND f.reverses IS NULL
      AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id)
    ORDER BY f.counts_on, f.id`)
}

/** Facts of one record that have not been reversed. */
export function listLiveFactsOfSource(tx: Tx, source: { room: string; id: string }): Promise<FactRow[]> {
  return tx.many<FactRow>(sql`
    SELECT f.id, f.kind, f.subject_kind, f.subject_id, f.counts_on, f.recorded_at, f.quantity, f.attributes,
      f.source_room, f.source_id, f.reverses, f.idempotency_key AS key
    FROM facts f
    WHERE f.org_id = ${tx.orgId} AND f.source_room = ${source.room} AND f.source_id = ${source.id} AND f.reverses IS NULL
      AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id)`)
}

type EngineRow = [
  id: string,
  kind: string,
  subjectKind: SubjectKind,
  subjectId: string,
  countsOn: LocalDate,
  recordedOn: LocalDate,
  quantity: number,
  attributes: string,
  sourceRoom: string,
  sourceId: string,
  reverses: string | null,
]
const factColumns = sql`f.id, f.kind, f.subject_kind, f.subject_id, f.counts_on,
  (f.recorded_at AT TIME ZONE 'Asia/Shanghai')::date, f.quantity::float8, f.attributes::text, f.source_room, f.source_id, f.reverses`

/** Facts (and reversals) of these subjects that count within the days, as the engine takes them. */
export async function listFacts(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  subjects: Subject[],
): Promise<Fact[]> {
  const toFact = factReader()
  const byKind = await Promise.all(
    (['person', 'unit', 'organisation'] as const).map(async (kind) => {
      const ids = subjects.filter((subject) => subject.kind === kind).map((subject) => subject.id)
      if (ids.length === 0) return []
      return tx.arrays<EngineRow>(sql`
        SELECT ${factColumns} FROM facts f
        WHERE f.org_id = ${tx.orgId} AND f.subject_kind = ${kind} AND f.subject_id = ANY(${ids}::uuid[])
          AND f.counts_on BETWEEN ${range.from} AND ${range.to}`)
    }),
  )
  return byKind.flatMap((rows) => rows.map((row) => toFact(...row)))
}

/** The facts of some kinds, whoever they are about, for duties that everybody's acts fulfil. */
export async function listFactsOfKinds(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  kinds: string[],
): Promise<Fact[]> {
  if (kinds.length === 0) return []
  const rows = await tx.arrays<EngineRow>(sql`
    SELECT ${factColumns} FROM facts f
    WHERE f.org_id = ${tx.orgId} AND f.kind = ANY(${kinds}) AND f.counts_on BETWEEN ${range.from} AND ${range.to}`)
  const toFact = factReader()
  return rows.map((row) => toFact(...row))
}

const nowhere: Fact['source'] = { room: '', id: '' }

/**
 * Facts (and reversals) as the engine judges them, without the records behind them: of these subjects, or of some
 * kinds whoever they are about. One row for each subject, which is far less work than a row for each fact. Their order
 * is the engine's affair.
 */
export async function listFactsToJudge(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  wanted: { subjects: Subject[] } | { kinds: string[] },
): Promise<Fact[]> {
  // Days are sent as numbers of days, which both sides read far sooner than dates as text. Days of China: eight hours
  // ahead all year, as long as there are such records.
  const read = (condition: Sql) =>
    tx.arrays<[kind: SubjectKind, id: string, text: string]>(sql`
      SELECT f.subject_kind, f.subject_id, string_agg(f.id || E'\\t' || f.kind || E'\\t' || (f.counts_on - ${firstDay}::date) || E'\\t' ||
        ((f.recorded_at AT TIME ZONE INTERVAL '08:00')::date - ${firstDay}::date) || E'\\t' || f.quantity || E'\\t' ||
        coalesce(f.reverses::text, '') || E'\\t' || f.attributes::text, E'\\n')
      FROM facts f
      WHERE f.org_id = ${tx.orgId} AND ${condition} AND f.counts_on BETWEEN ${range.from} AND ${range.to}
      GROUP BY f.subject_kind, f.subject_id`)
  const conditions: Sql[] = []
  if ('kinds' in wanted) {
    if (wanted.kinds.length > 0) conditions.push(sql`f.kind = ANY(${wanted.kinds})`)
  } else {
    for (const kind of ['person', 'unit', 'organisation'] as const) {
      const ids = wanted.subjects.filter((subject) => subject.kind === kind).map((subject) => subject.id)
      for (let start = 0; start < ids.length; start += subjectsAtOnce)
        conditions.push(
          sql`f.subject_kind = ${kind} AND f.subject_id = ANY(${ids.slice(start, start + subjectsAtOnce)}::uuid[])`,
        )
    }
  }
  const facts: Fact[] = []
  const toFact = factReader()
  await Promise.all(
    conditions.map(async (condition) => {
      for (const [subjectKind, subjectId, text] of await read(condition)) {
        // Seven fields of a line, the last one to its end; cut by hand, because there are millions of them.
        let at = 0
        const field = (end: string) => {
          const stop = text.indexOf(end, at)
          const word = stop < 0 ? text.slice(at) : text.slice(at, stop)
          at = stop < 0 ? text.length : stop + 1
          return word
        }
        while (at < text.length) {
          const id = field('\t')
          const kind = field('\t')
          const on = dayAfter(Number(field('\t')))
          const recordedOn = dayAfter(Number(field('\t')))
          const quantity = Number(field('\t'))
          const reverses = field('\t') || null
          const attributes = field('\n')
          facts.push(
            toFact(id, kind, subjectKind, subjectId, on, recordedOn, quantity, attributes, '', '', reverses),
          )
        }
      }
    }),
  )
  return facts
}
const subjectsAtOnce = 50

const firstDay = '2000-01-01'
const days: LocalDate[] = []
const daysBefore: LocalDate[] = []
/** The day so many days after (or before) `firstDay`; every day is one text, however many facts fall on it. */
function dayAfter(number: number): LocalDate {
  const [known, place] = number < 0 ? [daysBefore, -number] : [days, number]
  return (known[place] ??= addDays(firstDay, number))
}

/** Number of facts in a range of days, counted up to a bound. */
export async function countFacts(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  atMost: number,
): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    SELECT count(*) AS count FROM (
      SELECT 1 FROM facts WHERE org_id = ${tx.orgId} AND counts_on BETWEEN ${range.from} AND ${range.to} LIMIT ${atMost}
    ) AS counted`)
  return row.count
}

/** Reads rows as facts. Words, days and attributes that come again and again are kept once: there are many facts. */
function factReader(): (...row: EngineRow) => Fact {
  const words = new Map<string, string>()
  const once = <Text extends string>(text: Text): Text => {
    const known = words.get(text)
    if (known !== undefined) return known as Text
    words.set(text, text)
    return text
  }
  const subjects = new Map<string, Subject>()
  const attributesByText = new Map<string, Fact['attributes']>()
  return (id, kind, subjectKind, subjectId, on, recordedOn, quantity, text, room, sourceId, reverses) => {
    let subject = subjects.get(subjectId)
    if (subject?.kind !== subjectKind) {
      subject = { kind: subjectKind, id: subjectId }
      subjects.set(subjectId, subject)
    }
    let attributes = attributesByText.get(text)
    if (!attributes) {
      attributes = Object.freeze(JSON.parse(text) as Fact['attributes'])
      attributesByText.set(text, attributes)
    }
    return {
      id,
      kind: once(kind),
      subject,
      on: once(on),
      recordedOn: once(recordedOn),
      quantity,
      attributes,
      source: room === '' ? nowhere : { room: once(room), id: sourceId },
      reverses,
    }
  }
}

export async function markSubjects(tx: Tx, subjects: Subject[]): Promise<void> {
  const distinct = [
    ...new Map(subjects.map((subject) => [`${subject.kind}:${subject.id}`, subject])).values(),
  ]
  await tx.run(sql`
    INSERT INTO recompute_marks (org_id, id, subject_kind, subject_id, marked_at)
    SELECT ${tx.orgId}, r.id, r.kind, r.subject_id, ${tx.now}
    FROM jsonb_to_recordset(${JSON.stringify(distinct.map((subject) => ({ id: newId(), kind: subject.kind, subject_id: subject.id })))}::jsonb)
      AS r (id uuid, kind text, subject_id uuid)`)
}

/** Takes the marks away and gives their subjects; whoever takes them computes them in the same transaction. */
export async function takeMarks(tx: Tx): Promise<Subject[]> {
  const rows = await tx.many<{ subjectKind: SubjectKind; subjectId: string }>(sql`
    DELETE FROM recompute_marks WHERE org_id = ${tx.orgId} RETURNING subject_kind, subject_id`)
  return [
    ...new Map(
      rows.map((row) => [
        `${row.subjectKind}:${row.subjectId}`,
        { kind: row.subjectKind, id: row.subjectId },
      ]),
    ).values(),
  ]
}
