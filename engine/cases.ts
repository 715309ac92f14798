import { parse } from 'yaml'
import { z } from 'zod'
import { addDays } from './days.ts'
import { evaluate, findingKey } from './evaluate.ts'
import { factKinds } from './facts.ts'
import type { FactKind } from './facts.ts'
import { loadRegimeData, problemLine } from './load.ts'
import { minimaOf } from './schema.ts'
import type { Regime } from './schema.ts'
import { explain } from './trace/explain.ts'
import type {
  AttributeValue,
  CalendarInput,
  EvaluationInput,
  Fact,
  Finding,
  PersonInput,
  Subject,
} from './types.ts'

const who = z.enum(['teacher', 'colleague', 'third', 'group', 'school', 'leadingGroup'])
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** Facts of a case: kind and day, whatever attributes the kind knows, and how often it repeats. */
const caseFact = z.looseObject({
  kind: z.string(),
  on: day,
  by: who.optional(),
  quantity: z.number().default(1),
  recordedOn: day.optional(),
  times: z.number().int().positive().default(1),
  everyDays: z.number().int().positive().default(7),
  /** Undoes the case fact of this number, counted from 1. */
  reverses: z.number().int().positive().optional(),
})
const person = z.strictObject({
  joined: day.optional(),
  left: day.optional(),
  leave: z.strictObject({ kind: z.string(), from: day, to: day.optional() }).optional(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Roles in the group, or in the unit named. */
  posts: z.array(z.union([z.string(), z.strictObject({ role: z.string(), unit: z.string() })])).default([]),
  /** Ids of the units to which the person belongs; the group unless said. */
  memberOf: z.array(z.string()).optional(),
})
const workedCase = z.strictObject({
  name: z.string(),
  rule: z.string(),
  minimum: z.string().default('main'),
  for: who.optional(),
  on: day,
  /** Label of the period looked at, the first of the school year that bears it; `term: 2` looks in the second term. */
  period: z.string(),
  term: z.union([z.literal(1), z.literal(2)]).default(1),
  teacher: person.optional(),
  colleague: person.optional(),
  /** A third teacher, in no group unless said. */
  third: person.optional(),
  /** What the group is, where it is no 教研组, and further units, so that bodies and networks can be tried. */
  group: z
    .strictObject({
      kind: z.string().optional(),
      name: z.string().optional(),
      subject: z.string().optional(),
    })
    .optional(),
  units: z
    .array(z.strictObject({ id: z.string(), kind: z.string(), name: z.string(), from: day.optional() }))
    .default([]),
  /** `district`: the case is about the district office itself. */
  level: z.enum(['school', 'district']).default('school'),
  settings: z.record(z.string(), z.unknown()).default({}),
  facts: z.array(caseFact).default([]),
  expect: z.strictObject({
    /** False where the regime asks nothing at all. */
    asked: z.boolean().default(true),
    state: z.string().optional(),
    value: z.number().nullable().optional(),
    target: z.number().nullable().optional(),
    dueOn: day.nullable().optional(),
    result: z.string().nullable().optional(),
    counted: z.number().optional(),
    sentence: z.string().optional(),
  }),
})
export type WorkedCase = z.output<typeof workedCase>

/** The form of a file of worked cases. */
export const casesSchema = z.array(workedCase)

/** Reads the worked cases of a regime from YAML; throws on a case of another form. */
export function readCases(text: string): WorkedCase[] {
  return casesSchema.parse(parse(text))
}

const organisationId = 'school'
const subjects: Record<z.output<typeof who>, Subject> = {
  teacher: { kind: 'person', id: 'teacher' },
  colleague: { kind: 'person', id: 'colleague' },
  third: { kind: 'person', id: 'third' },
  group: { kind: 'unit', id: 'group' },
  leadingGroup: { kind: 'unit', id: 'leadingGroup' },
  school: { kind: 'organisation', id: organisationId },
}

/** What comes of a case beside what was expected: one line per difference, none when it holds. */
export function differencesOf(example: WorkedCase, regimeText: string, calendar: CalendarInput): string[] {
  const regime = regimeWith(regimeText, example.settings)
  const subject = subjects[example.for ?? usualSubject(regime, example)]
  const input = inputOf(example, calendar, subject)
  const [schoolYear] = calendar.schoolYears
  const term = calendar.terms[example.term - 1]
  if (!schoolYear || !term) return ['校历里没有这一学期']
  const options = {
    on: example.on,
    schoolYearId: schoolYear.id,
    subjects: [subject],
    ruleIds: [example.rule],
  }
  const finding = evaluate(regime, input, options).find(
    (one) =>
      one.minimumId === example.minimum &&
      one.period.label === example.period &&
      one.period.to >= term.from &&
      one.period.from <= term.to,
  )
  if (!finding) return example.expect.asked ? [`没有“${example.period}”的结果`] : []
  if (!example.expect.asked) return [`本不应有要求，却有“${finding.period.label}”的结果`]
  return compare(example, finding, explain(regime, input, findingKey(finding), example.on)?.sentence ?? '')
}

function compare({ expect }: WorkedCase, finding: Finding, sentence: string): string[] {
  const differences: string[] = []
  const check = (name: string, wanted: string | number | boolean | null | undefined, got: unknown) => {
    if (wanted !== undefined && wanted !== got)
      differences.push(`${name} 应为 ${String(wanted)}，实为 ${String(got)}`)
  }
  check('state', expect.state, finding.state)
  check('value', expect.value, finding.value)
  check('target', expect.target, finding.target)
  check('dueOn', expect.dueOn, finding.dueOn)
  check('result', expect.result, finding.result)
  check('counted', expect.counted, finding.factIds.length)
  check('sentence', expect.sentence, sentence)
  return differences
}

const changed = new Map<string, Regime>()
/** The data of the text that was read last: the cases of a regime follow one another. */
let read: { text: string; data: Record<string, unknown> } | null = null

/** A regime with some settings changed, as a school would change them; kept, because many cases share one. */
function regimeWith(text: string, settings: Record<string, unknown>): Regime {
  const key = `${JSON.stringify(settings)} ${text}`
  const known = changed.get(key)
  if (known) return known
  if (read?.text !== text) read = { text, data: parse(text) as Record<string, unknown> }
  const { data } = read
  const stated = data.settings as Record<string, object>
  for (const name of Object.keys(settings)) if (!stated[name]) throw new Error(`no setting ${name}`)
  const result = loadRegimeData(
    {
      ...data,
      settings: {
        ...stated,
        ...Object.fromEntries(
          Object.entries(settings).map(([name, value]) => [name, { ...stated[name], value }]),
        ),
      },
    },
    'regime.yaml',
  )
  if (!result.regime) throw new Error(result.problems.map(problemLine).join('\n'))
  if (changed.size >= regimesKept) changed.clear()
  changed.set(key, result.regime)
  return result.regime
}
const regimesKept = 40

function usualSubject(regime: Regime, example: WorkedCase): z.output<typeof who> {
  const rule = regime.rules.find((one) => one.id === example.rule)
  if (!rule) throw new Error(`no rule ${example.rule}`)
  const minimum = minimaOf(regime, rule).find((one) => one.id === example.minimum)
  const binds = minimum?.binds ?? rule.binds
  return 'person' in binds ? 'teacher' : 'unit' in binds ? 'group' : 'school'
}

const since = { from: '2020-09-01', to: null }

function personOf(
  id: string,
  name: string,
  given: z.output<typeof person> | undefined,
  usual: string[],
): PersonInput {
  return {
    id,
    name,
    service: [{ from: given?.joined ?? since.from, to: given?.left ?? null }],
    attributes: Object.entries(given?.attributes ?? {}).map(([attribute, value]) => ({
      ...since,
      name: attribute,
      value,
    })),
    memberships: (given?.memberOf ?? usual).map((unitId) => ({ ...since, unitId })),
    posts: (given?.posts ?? []).map((post) =>
      typeof post === 'string'
        ? { ...since, unitId: 'group', role: post }
        : { ...since, unitId: post.unit === 'school' ? null : post.unit, role: post.role },
    ),
    absences: given?.leave ? [{ ...given.leave, to: given.leave.to ?? null }] : [],
  }
}

function inputOf(example: WorkedCase, calendar: CalendarInput, subject: Subject): EvaluationInput {
  const unit = { ...since, parentId: null, attributes: {} }
  const { group } = example
  return {
    organisation: {
      id: organisationId,
      name: example.level === 'district' ? '例题区教育局' : '例题小学',
      attributes: { level: example.level },
    },
    calendar,
    people: [
      personOf('teacher', '陈老师', example.teacher, ['group']),
      personOf('colleague', '李老师', example.colleague, ['group']),
      ...(example.third ? [personOf('third', '王老师', example.third, [])] : []),
    ],
    units: [
      {
        ...unit,
        id: 'group',
        kind: group?.kind ?? 'teachingResearchGroup',
        name: group?.name ?? '数学教研组',
        attributes: group?.subject === undefined ? {} : { subject: group.subject },
      },
      { ...unit, id: 'leadingGroup', kind: 'body', name: '校本研修领导小组' },
      ...example.units.map(({ from, ...given }) => ({ ...unit, ...given, from: from ?? unit.from })),
    ],
    facts: example.facts.flatMap((fact, index) => factsOf(fact, index, subject)),
  }
}

const register: Record<string, FactKind> = factKinds

function factsOf(given: z.output<typeof caseFact>, index: number, subject: Subject): Fact[] {
  const { kind, on, by, quantity, recordedOn, times, everyDays, reverses, ...attributes } = given
  const allowed = register[kind]?.subjects ?? []
  const usual = allowed.includes(subject.kind)
    ? subject
    : allowed.includes('unit')
      ? subjects.group
      : subjects.teacher
  return Array.from({ length: times }, (_, turn): Fact => {
    const day = addDays(on, turn * everyDays)
    const id = times === 1 ? `${index + 1}` : `${index + 1}.${turn + 1}`
    return {
      id,
      kind,
      subject: by ? subjects[by] : usual,
      on: day,
      recordedOn: recordedOn ?? day,
      quantity,
      attributes: attributes as Record<string, AttributeValue>,
      source: { room: 'case', id },
      reverses: reverses === undefined ? null : String(reverses),
    }
  })
}
