import { factKinds } from '../facts.ts'
import type { FactKind } from '../facts.ts'
import type { Regime, Rule } from '../schema.ts'
import { countedIn } from './parts.ts'
import type { LintReport } from './parts.ts'

const register: Record<string, FactKind | undefined> = factKinds

/** Kinds of facts that no page keeps yet. */
export function lintRooms(regime: Regime, rule: Rule, index: number, report: LintReport) {
  const kinds = [...new Set(countedIn(rule, ['rules', index], regime).map((count) => count.fact))]
  const missing = kinds.filter((kind) => register[kind]?.room === null)
  if (missing.length === 0) return
  const names = missing.map((kind) => `“${register[kind]?.label}”`).join('、')
  const all = missing.length === kinds.length
  report(
    'note',
    rule.id,
    ['rules', index],
    `${names}目前还没有页面登记${all ? '，这条要等有了记录才能计算' : '，这一部分暂时计不到'}；可以先导入记录或由人确认。`,
  )
}

/** Vocabularies and the attribute of facts and papers in which their words stand. */
export const attributesOfWords: Record<string, string[]> = {
  activityKinds: ['activityKind'],
  activityForms: ['form'],
  contentTags: ['contentTags'],
  workKinds: ['workKind'],
  lessonKinds: ['lessonKind'],
  voices: ['voice'],
  modes: ['modes', 'mode'],
  growthSteps: ['growthStep'],
  otherTerms: [],
}

/** Words that no rule or form uses. */
export function lintWords(regime: Regime, report: LintReport) {
  const { vocabularies, settings, rules, forms, cohorts, hours } = regime
  const parts = { rules, forms, cohorts, hours, settings, tables: regime.tables }
  const text = JSON.stringify(parts)
  const mentions = (word: string) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text)
  const counted = countedIn({ rules, hours, tables: regime.tables }, [], regime)
  for (const [name, terms] of Object.entries(vocabularies)) {
    if (!Array.isArray(terms) || terms.length === 0) continue
    const attributes = attributesOfWords[name] ?? [name.replace(/s$/, ''), name]
    const isListed =
      rules.some((rule) => rule.list !== undefined && rule.list.vocabulary === name) || mentions(name)
    // A rule that counts such facts whatever the word uses every word.
    const isCountedWhole = counted.some(
      ({ fact, where, requires }) =>
        attributes.some((attribute) => register[fact]?.attributes[attribute] !== undefined) &&
        ![where ?? '', ...requires].some((condition) =>
          attributes.some((attribute) => new RegExp(`\\b${attribute}\\b`).test(condition)),
        ),
    )
    if (isListed || isCountedWhole) continue
    const unused = terms.flatMap((term, index) => (mentions(term.id) ? [] : [{ term, index }]))
    if (unused.length === terms.length) {
      report(
        'note',
        null,
        ['vocabularies', name],
        `词表 ${name} 没有规则或表单用到：只能选用，不影响任何结果。`,
      )
      continue
    }
    for (const { term, index } of unused) {
      report(
        'note',
        null,
        ['vocabularies', name, index],
        `“${term.label}”（${name} 的 ${term.id}）没有规则或表单用到：这样标注的记录不会计入任何一条。`,
      )
    }
  }
}

/** Settings that the program itself reads by name; a regime may state them without a rule that mentions them. */
export const settingsOfTheProgram = [
  'activitiesMayMove',
  'appealDays',
  'cycleStart',
  'cycleStartMonth',
  'dueSoonDays',
  'dueSoonDaysOfLongPeriods',
  'graceDays',
  'fullAttendanceAllows',
  'lateAfterMinutes',
  'leadDays',
  'leastSchoolDaysOfHalfMonth',
  'leastSchoolDaysOfMonth',
  'leaveAdvice',
  'leaveAskWithinDays',
  'lessonTalkMinutes',
  'makeUp',
  'makeUpDays',
  'minimumCharacters',
  'minutesPerHour',
  'nextDayIsSchoolDay',
  'nextDays',
  'planPeriod',
  'prorate',
  'sameHour',
]

/** Settings that nothing uses. */
export function lintSettings(regime: Regime, text: string, report: LintReport) {
  const withoutComments = text.replace(/^\s*#.*$/gm, '')
  for (const [name, setting] of Object.entries(regime.settings)) {
    if (settingsOfTheProgram.includes(name)) continue
    const isUsed =
      new RegExp(`\\bsetting:\\s*['"]?${name}\\b`).test(withoutComments) ||
      new RegExp(`\\bsettings\\.${name}\\b`).test(withoutComments)
    if (!isUsed)
      report(
        'note',
        null,
        ['settings', name],
        `设置“${setting.label}”（${name}）没有规则用到：改它不会改变任何结果。`,
      )
  }
}
