import type { TestSchool } from '../testing.ts'
import { sql } from '../kit/sql.ts'
import type { Booking } from './actions.ts'
import type { ObservationDraft } from './contract.ts'

/** A booking of the teacher for today's third period, unless told otherwise. */
export function booking(school: TestSchool, change: Partial<Booking> = {}): Booking {
  return {
    kind: 'publicLesson',
    scope: 'organisation',
    teacherId: school.people.teacher,
    guideId: null,
    subject: '数学',
    className: '三（2）班',
    topic: '分数的初步认识',
    room: '录播教室',
    heldOn: '2026-11-18',
    period: 3,
    contentTags: [],
    note: '',
    ...change,
  }
}

/** Notes as a phone saves them. */
export function notes(change: Partial<ObservationDraft> = {}): ObservationDraft {
  return {
    className: '三（2）班',
    subject: '数学',
    topic: '分数的初步认识',
    period: 3,
    contentTags: [],
    notes: [{ id: 'a', minute: 4, text: '导入自然' }],
    sheetId: 'generalLesson',
    scores: {},
    comment: '学生说得多，好。',
    actionStep: '',
    followed: null,
    ...change,
  }
}

interface StandingFact {
  kind: string
  quantity: number
  on: string
  attributes: Record<string, unknown>
}
/** Facts of a person that stand, by kind. */
export function standingFacts(school: TestSchool, personId: string, kind: string): Promise<StandingFact[]> {
  return school.as('system', (tx) =>
    tx.many<StandingFact>(sql`
      SELECT f.kind, f.quantity, f.counts_on AS on, f.attributes FROM facts f
      WHERE f.org_id = ${tx.orgId} AND f.subject_id = ${personId} AND f.kind = ${kind} AND f.reverses IS NULL
        AND NOT EXISTS (SELECT 1 FROM facts r WHERE r.org_id = f.org_id AND r.reverses = f.id)
      ORDER BY f.recorded_at, f.id`),
  )
}
