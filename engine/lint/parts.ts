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
  everyone: boolean
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

/** What counts anywhere in a part of a regime; with `hours`, also what the regime's hours are made of. */
export function countedIn(value: unknown, path: Path, regime: Regime): Counted[] {
  const found: Counted[] = []
  let isHours = value === 'hours'
  walk(value, path, (object, at) => {
    if (object.counts === 'hours') isHours = true
    if (typeof object.fact !== 'string') return
    const requires = Array.isArray(object.requires) ? object.requires.filter(isPlain) : []
    found.push({
      fact: object.fact,
      where: typeof object.where === 'string' ? object.where : null,
      requires: requires.flatMap(({ when }) => (typeof when === 'string' ? [when] : [])),
      maxPerFact: typeof object.maxPerFact === 'number' ? object.maxPerFact : null,
      everyone: object.of === 'everyone',
      path: at,
    })
  })
  return isHours ? [...found, ...countedIn(regime.hours, ['hours'], regime)] : found
}
