import { lintAmounts } from './lint/amounts.ts'
import { lintConditions } from './lint/conditions.ts'
import type { LintReport } from './lint/parts.ts'
import { lintRooms, lintSettings, lintWords } from './lint/words.ts'
import type { Regime } from './schema.ts'
import type { CalendarInput, LocalDate, PersonInput, UnitInput } from './types.ts'

/** What a careful reader would say of a regime that loads without mistakes. */
export interface LintMessage {
  /** The rule that it is about; null where it is about the regime as a whole. */
  ruleId: string | null
  /** `warning`: the rule cannot do what it says. `note`: worth knowing, nothing is wrong with it. */
  severity: 'warning' | 'note'
  /** One or two Chinese sentences: what is so, and what can be done. */
  message: string
  /** Where in the regime, e.g. `rules.3.atLeast`. */
  path: string
}

/** What may be known beside the regime; every part allows further checks. */
export interface LintContext {
  /** The YAML text of the regime; without it nothing is said of settings that nothing uses. */
  text?: string
  /** Fixed times for activities in a week, by kind of unit; `organisation` for those of the whole school. */
  slotsPerWeek?: Record<string, number>
  /** The roster and the day on which it is asked; without them nothing is said of cohorts that are empty now. */
  people?: PersonInput[]
  units?: UnitInput[]
  on?: LocalDate
}

export const severityLabels: Record<LintMessage['severity'], string> = { warning: '提醒', note: '说明' }

/**
 * Reads a regime as a careful colleague would: rules that cannot be met, contradict each other or bind nobody, windows
 * that the calendar lacks, settings and words that nothing uses, records that no page keeps yet. In order of the rules,
 * what concerns the whole regime last.
 */
export function lintRegime(
  regime: Regime,
  calendar: CalendarInput | null = null,
  context: LintContext = {},
): LintMessage[] {
  const messages: LintMessage[] = []
  const report: LintReport = (severity, ruleId, path, message) => {
    messages.push({ ruleId, severity, message, path: path.join('.') })
  }
  if (regime.rules.length === 0) report('warning', null, ['rules'], '制度里还没有规则，不能施行。')
  lintConditions(regime, context, report)
  lintAmounts(regime, calendar, context, report)
  regime.rules.forEach((rule, index) => lintRooms(regime, rule, index, report))
  lintWords(regime, report)
  if (context.text !== undefined) lintSettings(regime, context.text, report)
  const place = new Map(regime.rules.map((rule, index) => [rule.id, index]))
  const placeOf = (one: LintMessage) =>
    one.ruleId === null ? Number.MAX_SAFE_INTEGER : (place.get(one.ruleId) ?? 0)
  return messages.sort(
    (a, b) => placeOf(a) - placeOf(b) || (a.severity < b.severity ? 1 : a.severity > b.severity ? -1 : 0),
  )
}
