import type { Regime } from '../schema.ts'
import type { LintMessage } from '../lint.ts'

export type Path = (string | number)[]

/** Reports what is found at a place of the regime. */
export type LintReport = (
  severity: LintMessage['severity'],
  ruleId: string | null,
  path: Path,
  message: string,
) => void

/** Part of a rule that says which facts count. */
export interface Counted {
  fact: string
  where: string | null
  requires: string[]
  maxPerFact: number | null
  /** How much one such fact is worth where facts are counted. */
  worth: number
  /** Only the subject's own facts, not those of its members or of everybody. */
  own: boolean
  path: Path
}

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object inside a value, with its place. Works on blocks of any kind. */
export function walk(value: unknown, path: Path, visit: (object: Plain, path: Path) => void): void {
  if (Array.isArray(value)) value.forEach((one, index) => walk(one, [...path, index], visit))
  if (!isPlain(value)) return
  visit(value, path)
  for (const [name, one] of Object.entries(value)) walk(one, [...path, name], visit)
}

/**
 * What counts anywhere in a part of a regime, whatever block it is: its own counts, those of the regime's hours where
 * it says `hours`, and those of the rows of a conversion table that it names.
 */
export function countedIn(value: unknown, path: Path, regime: Regime, followed: string[] = []): Counted[] {
  const found: Counted[] = []
  const tables = new Set<string>()
  let isHours = value === 'hours'
  walk(value, path, (object, at) => {
    if (Object.entries(object).some(([name, one]) => one === 'hours' && holdsCounts.has(name))) isHours = true
    if (typeof object.table === 'string') tables.add(object.table)
    if (typeof object.fact !== 'string') return
    const requires = Array.isArray(object.requires) ? object.requires.filter(isPlain) : []
    found.push({
      fact: object.fact,
      where: typeof object.where === 'string' ? object.where : null,
      requires: requires.flatMap(({ when }) => (typeof when === 'string' ? [when] : [])),
      maxPerFact: typeof object.maxPerFact === 'number' ? object.maxPerFact : null,
      worth: typeof object.worth === 'number' ? object.worth : 1,
      own: object.of === undefined || object.of === 'subject',
      path: at,
    })
  })
  if (isHours) found.push(...countedIn(regime.hours, ['hours'], regime, [...followed, 'hours']))
  regime.tables.forEach((table, index) => {
    if (tables.has(table.id) && !followed.includes(table.id))
      found.push(...countedIn(table.rows, ['tables', index, 'rows'], regime, [...followed, table.id]))
  })
  return found
}

/** Names under which a block says what counts; `measure: hours` is another matter. */
const holdsCounts = new Set(['counts', 'offsets', 'begins', 'part', 'whole'])
