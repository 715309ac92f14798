import { describeRule } from '../../engine/describe.ts'
import { unitKinds } from '../../engine/subjects.ts'
import { factKinds } from '../../engine/facts.ts'
import { type Binds, minimaOf, type Regime, type Rule, ruleKinds } from '../../engine/schema.ts'
import { factKindsOf, isAsked } from '../../engine/summary.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import type { Actor } from '../kit/sql.ts'
import { can } from './access.ts'
import { type RegimeInForce, yearFor } from './adoption.ts'
import type { Preset, PresetList, RegimeClause, RegimePage } from './contract.ts'
import { numbersOf, type RuleSummary, standingOfRule } from './rules.ts'

/** The regulation clause by clause, with how it is kept at present. `summaries` are of every subject of the school. */
export function clausesOf(
  regime: Regime,
  summaries: { subjectKind: string; rules: RuleSummary[] | null }[],
): RegimeClause[] {
  const shares = sharesOf(regime, summaries)
  return regime.rules.map((rule) => {
    const standing = standingOfRule(regime, rule)
    const share = shares.get(rule.id)
    return {
      ruleId: rule.id,
      clause: rule.clause,
      kind: ruleKinds[rule.kind],
      title: rule.title,
      text: rule.text,
      note: rule.note ?? null,
      described: describeRule(regime, rule),
      binds: bindsLabel(regime, rule),
      numbers: numbersOf(regime, rule),
      standing,
      because:
        standing === 'manual'
          ? (rule.manual ?? null)
          : standing === 'noRecords'
            ? `系统还没有登记这类记录（${kindsText(regime, rule)}），暂时不能计算。`
            : null,
      consequence: rule.consequence ?? rule.limit?.result ?? null,
      share: standing === 'evaluated' && share && share.bound > 0 ? share : null,
    }
  })
}

const kindsText = (regime: Regime, rule: Rule): string =>
  factKindsOf(regime, rule)
    .map((kind) => (factKinds as Record<string, { label: string }>)[kind]?.label ?? kind)
    .join('、')

function bindsLabel(regime: Regime, rule: Rule): string {
  const one = (binds: Binds): string => {
    if ('person' in binds) return regime.cohorts.find((cohort) => cohort.id === binds.person)?.label ?? '教师'
    if ('unit' in binds) return binds.unit.map((kind) => unitKinds[kind] ?? kind).join('、')
    return '学校'
  }
  const minima = rule.minima ? minimaOf(regime, rule).map((minimum) => one(minimum.binds)) : [one(rule.binds)]
  return [...new Set(minima)].join('、')
}

type Share = NonNullable<RegimeClause['share']>
const unitOf: Record<string, string> = { person: '人', unit: '组', organisation: '校' }

function sharesOf(
  regime: Regime,
  summaries: { subjectKind: string; rules: RuleSummary[] | null }[],
): Map<string, Share> {
  const shares = new Map<string, Share>()
  const rankOf = new Map<string, number>()
  const ranks: Record<string, number> = { person: 3, unit: 2, organisation: 1 }
  for (const { subjectKind, rules } of summaries) {
    const byRule = new Map<string, RuleSummary[]>()
    for (const summary of rules ?? []) {
      if (summary.regimeId !== regime.id || !isAsked(summary.state)) continue
      const list = byRule.get(summary.ruleId)
      if (list) list.push(summary)
      else byRule.set(summary.ruleId, [summary])
    }
    for (const [ruleId, own] of byRule) {
      const rank = ranks[subjectKind] ?? 0
      let share = shares.get(ruleId)
      // A rule of several levels (plans of school, group and teacher) shows the level with the most people.
      const known = rankOf.get(ruleId) ?? 0
      if (known > rank) continue
      if (!share || known < rank) {
        share = { bound: 0, onTrack: 0, done: 0, overdue: 0, unit: unitOf[subjectKind] ?? '' }
        shares.set(ruleId, share)
        rankOf.set(ruleId, rank)
      }
      share.bound++
      if (own.some((summary) => summary.state === 'overdue')) share.overdue++
      else share.onTrack++
      if (own.every((summary) => summary.state === 'done')) share.done++
    }
  }
  return shares
}

/** What the lists of words are called. */
export const vocabularyLabels: Record<keyof Regime['vocabularies'], string> = {
  activityKinds: '活动类别',
  activityForms: '活动形式',
  contentTags: '内容标签',
  workKinds: '作品种类',
  lessonKinds: '课型',
  voices: '评价主体',
  modes: '研修方式',
  growthSteps: '成长阶段',
  studyKinds: '学习类别',
  documentKinds: '文件类别',
  archiveKinds: '档案类别',
  resourceKinds: '资源类别',
  purposes: '经费用途',
  layers: '层次',
  otherTerms: '其他用语',
}

export function pageOf(
  one: Pick<RegimeInForce, 'regime' | 'level' | 'fromOn' | 'schoolYearId'>,
  clauses: RegimeClause[],
  rest: Pick<RegimePage, 'switchedOff' | 'others' | 'evaluatedOn' | 'isStale' | 'abilities'>,
): RegimePage {
  const { regime } = one
  const standing = (wanted: RegimeClause['standing']) =>
    clauses.filter((clause) => clause.standing === wanted).length
  return {
    regime: {
      id: regime.id,
      title: regime.title,
      version: regime.version,
      level: one.level,
      inForceFrom: regime.inForceFrom,
      fromOn: one.fromOn,
      schoolYearId: one.schoolYearId,
    },
    document: { ...regime.document, note: regime.document.note ?? null },
    counts: {
      rules: clauses.length,
      evaluated: standing('evaluated'),
      manual: standing('manual'),
      noRecords: standing('noRecords'),
    },
    clauses,
    vocabularies: Object.entries(regime.vocabularies).flatMap(([name, terms]) =>
      terms.length === 0
        ? []
        : [
            {
              label: vocabularyLabels[name as keyof Regime['vocabularies']],
              terms: terms.map((term) => ({ label: term.label, clause: term.clause ?? null })),
            },
          ],
    ),
    forms: regime.forms.map((form) => ({
      label: form.label,
      clause: form.clause,
      sections: form.sections.map((section) => ({
        label: section.label,
        hint: section.hint ?? '',
        required: section.required,
      })),
    })),
    settings: Object.values(regime.settings).map((setting) => ({
      label: setting.label,
      value: settingText(setting.value),
      clause: setting.clause ?? null,
      note: setting.note ?? null,
    })),
    ...rest,
  }
}

const words: Record<string, string> = {
  term: '学期',
  schoolYear: '学年',
  calendarYear: '公历年',
  none: '不能补',
  opening: '学期初',
  middle: '学期中',
  closing: '学期末',
  absent: '缺席',
  onLeave: '请假',
  ...unitKinds,
}
function settingText(value: string | number | boolean | string[]): string {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value)) return value.map((one) => words[one] ?? one).join('、')
  return typeof value === 'number' ? String(value) : (words[value] ?? value)
}

const mostHeadlines = 8
const presets = new WeakMap<Regime, Preset>()
/**
 * The numbers by which people compare regimes: what a teacher and a group owe, the money. Counted once per regime: a
 * regime that was read never changes, and the page of presets shows all that come with the program.
 */
export function presetOf(regime: Regime): Preset {
  const known = presets.get(regime) ?? countPreset(regime)
  presets.set(regime, known)
  return known
}

function countPreset(regime: Regime): Preset {
  const clauses = clausesOf(regime, [])
  const standing = (wanted: RegimeClause['standing']) =>
    clauses.filter((clause) => clause.standing === wanted).length
  const weight: Record<string, number> = { quota: 0, cadence: 1, money: 2, check: 3, link: 4, score: 5 }
  const headlines = [...regime.rules]
    .sort((a, b) => (weight[a.kind] ?? 9) - (weight[b.kind] ?? 9))
    .flatMap((rule) => headlinesOf(regime, rule))
    .slice(0, mostHeadlines)
  const { title, issuedBy, source } = regime.document
  return {
    id: regime.id,
    title: regime.title,
    version: regime.version,
    document: { title, issuedBy, source },
    rules: clauses.length,
    evaluated: standing('evaluated'),
    manual: standing('manual'),
    noRecords: standing('noRecords'),
    headlines,
  }
}

function headlinesOf(regime: Regime, rule: Rule): Preset['headlines'] {
  const { title, clause, limit, score } = rule
  const numbers = numbersOf(regime, rule).map((one) => ({
    label: one.label === '' ? title : one.label,
    value: one.value,
    clause,
  }))
  if (limit)
    numbers.push({ label: title, value: `满 ${limit.reaches} ${limit.unit}：${limit.result}`, clause })
  if (score?.bands)
    numbers.push({ label: title, value: score.bands.map((band) => band.grade).join('、'), clause })
  return numbers
}

export function presetListOf(
  presets: Preset[],
  calendar: CalendarInput,
  current: RegimeInForce | undefined,
  today: LocalDate,
  actor: Actor,
): PresetList {
  const year = yearFor(calendar, today)
  return {
    presets,
    schoolYears: calendar.schoolYears
      .filter((one) => one.to >= today || one.id === year?.id)
      .map((one) => ({ ...one, current: one.id === year?.id })),
    current: current
      ? {
          id: current.regime.id,
          title: current.regime.title,
          version: current.regime.version,
          level: current.level,
          fromOn: current.fromOn,
        }
      : null,
    today,
    abilities: { adopt: can.adopt(actor) },
  }
}
