import { addDays } from './days.ts'
import type { CalendarInput, EvaluationInput, Fact, PersonInput, UnitInput } from './types.ts'

/** A school year of two terms of 20 weeks, for tests and measurements. */
export const sampleCalendar: CalendarInput = {
  schoolYears: [{ id: '2026-2027', from: '2026-08-31', to: '2027-08-29' }],
  terms: [
    {
      id: '2026-2027-1',
      schoolYearId: '2026-2027',
      number: 1,
      name: '第一学期',
      from: '2026-08-31',
      to: '2027-01-15',
      windows: {
        opening: { from: '2026-08-31', to: '2026-09-18' },
        middle: { from: '2026-11-02', to: '2026-11-20' },
        closing: { from: '2026-12-28', to: '2027-01-15' },
      },
    },
    {
      id: '2026-2027-2',
      schoolYearId: '2026-2027',
      number: 2,
      name: '第二学期',
      from: '2027-02-22',
      to: '2027-07-09',
      windows: {
        opening: { from: '2027-02-22', to: '2027-03-12' },
        middle: { from: '2027-05-03', to: '2027-05-21' },
        closing: { from: '2027-06-21', to: '2027-07-09' },
      },
    },
  ],
  specialDays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'].map((day) => ({
    day,
    kind: 'holiday' as const,
    name: '国庆节',
  })),
}

const since = { from: '2020-09-01', to: null }

export function samplePerson(id: string, unitId: string): PersonInput {
  return {
    id,
    name: `老师${id}`,
    service: [since],
    attributes: [
      { ...since, name: 'staffKind', value: 'teaching' },
      { ...since, name: 'birthDate', value: '1985-05-05' },
    ],
    memberships: [{ ...since, unitId }],
    posts: [],
    absences: [],
  }
}

export function sampleFact(given: Partial<Fact> & Pick<Fact, 'id' | 'kind' | 'on'>): Fact {
  return {
    subject: { kind: 'person', id: 'p1' },
    recordedOn: given.on,
    quantity: 1,
    attributes: {},
    source: { room: 'sample', id: given.id },
    reverses: null,
    ...given,
  }
}

/** A school with groups of ten and a full year of facts: about 125 facts for each person. */
export function sampleSchool(people: number): EvaluationInput {
  const groups = Math.ceil(people / 10)
  const units = Array.from(
    { length: groups },
    (_, index): UnitInput => ({
      ...since,
      id: `g${index}`,
      kind: 'teachingResearchGroup',
      name: `教研组${index}`,
      parentId: null,
      attributes: {},
    }),
  )
  const staff = Array.from({ length: people }, (_, index) => samplePerson(`p${index}`, `g${index % groups}`))
  const weeks = Array.from({ length: 20 }, (_, index) => [
    addDays('2026-09-01', index * 7),
    addDays('2027-02-23', index * 7),
  ])
    .flat()
    .sort()
  const facts: Fact[] = []
  const add = (given: Omit<Fact, 'id' | 'recordedOn' | 'source' | 'reverses'>) =>
    facts.push(sampleFact({ ...given, id: `f${facts.length}` }))
  for (const unit of units) {
    for (const on of weeks) {
      const attributes = {
        activityKind: 'theoryStudy',
        form: 'lecture',
        scope: 'group',
        minutesParts: ['topic'],
      }
      add({ kind: 'activity.held', subject: { kind: 'unit', id: unit.id }, on, quantity: 80, attributes })
    }
  }
  for (const person of staff) {
    const subject = { kind: 'person', id: person.id } as const
    weeks.forEach((on, week) => {
      const studyKind = week % 2 === 0 ? 'theory' : 'professional'
      add({
        kind: 'activity.attended',
        subject,
        on,
        quantity: 80,
        attributes: { status: 'present', activityKind: 'theoryStudy' },
      })
      add({
        kind: 'study.logged',
        subject,
        on: addDays(on, 1),
        quantity: 100,
        attributes: { studyKind, hasExcerpt: true },
      })
      if (week % 2 === 0)
        add({
          kind: 'work.accepted',
          subject,
          on: addDays(on, 2),
          quantity: 1,
          attributes: { workKind: 'reflection', parts: ['improvement'] },
        })
    })
    for (let turn = 0; turn < 20; turn++) {
      add({
        kind: 'check.scored',
        subject,
        on: weeks[turn * 2] ?? '2026-09-01',
        quantity: 90,
        attributes: { checkKind: 'scheduled' },
      })
    }
    for (const voice of ['self', 'peers', 'principal', 'guidanceGroup']) {
      add({ kind: 'evaluation.scored', subject, on: '2027-06-20', quantity: 88, attributes: { voice } })
    }
  }
  return {
    organisation: { id: 'o', name: '示例小学', attributes: {} },
    calendar: sampleCalendar,
    people: staff,
    units,
    facts,
  }
}
