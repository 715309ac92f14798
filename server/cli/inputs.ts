import type { Regime } from '../../engine/schema.ts'
import type { EvaluationInput, LocalDate } from '../../engine/types.ts'
import { parseDate } from '../roster/values.ts'
import { readCalendarInto, schoolYearFor } from './calendar.ts'
import { readFacts } from './fact-files.ts'
import type { Call } from './main.ts'
import { few, ProblemsFound, WrongUsage } from './output.ts'
import type { Problem } from './output.ts'
import { readPeople, readUnits } from './roster.ts'
import { reporterFor } from './tables.ts'

/** Everything that a computation is asked about. */
export interface Question {
  input: EvaluationInput
  on: LocalDate
  schoolYearId: string
  subjects: EvaluationSubjects | undefined
  ruleIds: string[] | undefined
  /** Columns of the files that nobody read. */
  ignored: { file: string; columns: string[] }[]
}
type EvaluationSubjects = { kind: 'person'; id: string }[]

const only = ({ options }: Call, name: string): string | undefined => {
  const given = options[name]
  if (given && given.length > 1) throw new WrongUsage(`--${name} 只能写一次。`)
  return given?.[0]
}

const must = (call: Call, name: string, what: string): string => {
  const given = only(call, name)
  if (given === undefined) throw new WrongUsage(`没有写 --${name}（${what}）。`)
  return given
}

/** Reads the files that the options name; throws with everything wrong in all of them, and then nothing is computed. */
export async function readQuestion(call: Call, regimes: Regime[]): Promise<Question> {
  const files = {
    people: must(call, 'people', '名册'),
    units: only(call, 'units'),
    calendar: must(call, 'calendar', '校历'),
    facts: must(call, 'facts', '记录'),
  }
  const day = must(call, 'on', '哪一天看')
  const parsed = parseDate(day)
  if (!('value' in parsed)) throw new WrongUsage(`--on ${day}：${parsed.fault}`)
  const on = parsed.value

  const problems: Problem[] = []
  const ignored: Question['ignored'] = []
  const collect = (file: string, columns: string[]) => {
    if (columns.length > 0) ignored.push({ file, columns })
  }
  const calendarFile = reporterFor(files.calendar)
  const calendar = await readCalendarInto(calendarFile)
  const schoolYearId = calendar && schoolYearFor(calendar, on, only(call, 'school-year'), calendarFile)
  problems.push(...calendarFile.problems)

  let units: EvaluationInput['units'] | null = null
  if (files.units !== undefined) {
    const unitsFile = reporterFor(files.units)
    const read = await readUnits(unitsFile)
    units = read.things
    collect(files.units, read.ignored)
    problems.push(...unitsFile.problems)
  }
  const peopleFile = reporterFor(files.people)
  const people = await readPeople(peopleFile, units)
  collect(files.people, people.ignored)
  problems.push(...peopleFile.problems)

  const organisation = organisationOf(only(call, 'level') ?? 'school')
  const subjects = { organisation, people: people.things, units: people.units }
  const complete = people.things.length > 0 && (units === null || units.length > 0)
  const factsFile = reporterFor(files.facts)
  const facts = await readFacts(factsFile, { ...subjects, complete }, regimes)
  problems.push(...factsFile.problems)

  const wanted = wantedPeople(call.options.person, subjects.people, problems)
  const ruleIds = wantedRules(call.options.rule, regimes, problems)
  if (problems.length > 0 || !calendar || schoolYearId === null) throw new ProblemsFound(inOrder(problems))
  return {
    input: { ...subjects, calendar, facts: facts.things },
    on,
    schoolYearId,
    subjects: wanted,
    ruleIds,
    ignored,
  }
}

/**
 * The organisation that the files are about. What a regime asks of the district office binds a district alone, what it
 * asks of schools only schools: the files do not tell, so the one who asks says it.
 */
function organisationOf(level: string): EvaluationInput['organisation'] {
  if (level === 'school') return { id: 'school', name: '本校', attributes: { level } }
  if (level === 'district') return { id: 'district', name: '本区', attributes: { level } }
  throw new WrongUsage(`--level 只能写 school（学校，不写也是）或 district（区），现在是“${level}”。`)
}

/** Problems by file in the order in which the files were read, and by line. */
function inOrder(problems: Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))]
  return [...problems].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || (a.line ?? 0) - (b.line ?? 0),
  )
}

function wantedPeople(given: string[] | undefined, people: EvaluationInput['people'], problems: Problem[]) {
  return given?.map((written) => {
    const found = people.filter((person) => person.id === written)
    const all = found.length > 0 ? found : people.filter((person) => person.name === written)
    if (all.length !== 1)
      problems.push({
        file: null,
        line: null,
        column: null,
        message:
          all.length === 0
            ? `--person ${written}：名册里没有这个人。`
            : `--person ${written}：有 ${all.length} 个同名的人，请写工号。`,
      })
    return { kind: 'person' as const, id: all[0]?.id ?? '' }
  })
}

function wantedRules(given: string[] | undefined, regimes: Regime[], problems: Problem[]) {
  const known = regimes.flatMap((regime) => regime.rules.map((rule) => rule.id))
  for (const written of given ?? []) {
    if (!known.includes(written))
      problems.push({
        file: null,
        line: null,
        column: null,
        message: `--rule ${written}：制度里没有这条规则；有：${few(known, 12)}。`,
      })
  }
  return given
}
