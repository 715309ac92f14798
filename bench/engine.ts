import { addDays } from '../engine/days.ts'
import { evaluate } from '../engine/evaluate.ts'
import { factKinds } from '../engine/facts.ts'
import type { FactKind } from '../engine/facts.ts'
import { sampleCalendar, sampleFact, samplePerson } from '../engine/sample.ts'
import type { Count, Regime } from '../engine/schema.ts'
import { countsOf } from '../engine/summary.ts'
import type { AttributeValue, EvaluationInput, Fact } from '../engine/types.ts'
import { getRegime } from '../regimes/read.ts'
import { type Bench, measure, percentile, row, type Table } from './measure.ts'

const regimeIds = ['majiabao-plan', 'yuyang-district']
const factsWanted = 1500
const firstDay = '2022-09-01'
const days = 5 * 365

/** One teacher with five years of facts under the longest regime and that of a district on top of it. */
export function measureEngine({ small, say }: Bench): Promise<Table[]> {
  return measureOne(small ? 50 : 500, say)
}

async function measureOne(runs: number, say: (text: string) => void): Promise<Table[]> {
  const regimes = regimeIds.map(getRegime)
  const facts = factsOfFiveYears(regimes)
  const since = { from: '2020-09-01', to: null }
  const input: EvaluationInput = {
    organisation: { id: 'o', name: '示例小学', attributes: { level: 'school' } },
    calendar: sampleCalendar,
    people: [samplePerson('p1', 'g1')],
    units: [
      {
        ...since,
        id: 'g1',
        kind: 'teachingResearchGroup',
        name: '数学教研组',
        parentId: null,
        attributes: {},
      },
    ],
    facts,
  }
  const subjects = [{ kind: 'person' as const, id: 'p1' }]
  const once = () =>
    regimes.flatMap((regime) =>
      evaluate(regime, input, { on: '2027-06-20', schoolYearId: '2026-2027', subjects }),
    )
  const findings = once()
  const counted = new Set(findings.flatMap((finding) => finding.factIds)).size
  say(`引擎：一人 ${facts.length} 条记录…`)
  for (let run = 0; run < runs / 5; run++) once()
  const sample = await measure(runs, async () => void once())
  return [
    {
      title: '引擎：一位教师五年的记录',
      rows: [
        row(`${regimeIds.join(' 加 ')}，${facts.length} 条记录，中位数`, percentile(sample, 0.5), '毫秒', {
          atMost: 5,
        }),
        row('同上，95% 的情形', percentile(sample, 0.95), '毫秒'),
      ],
      notes: [
        `${regimes.reduce((sum, regime) => sum + regime.rules.length, 0)} 条规则，得出 ${findings.length} 项结果，本学年有 ${counted} 条记录被计入；没有数据库。`,
      ],
    },
  ]
}

/** Facts of the kinds that the rules count, with the values that their conditions ask for, spread over five years. */
function factsOfFiveYears(regimes: Regime[]): Fact[] {
  const counts = regimes
    .flatMap((regime) => regime.rules.flatMap((rule) => countsOf(regime, rule)))
    .filter((count) => (factKinds as Record<string, FactKind>)[count.fact]?.subjects.includes('person'))
  return Array.from({ length: factsWanted }, (_, index): Fact => {
    const count = counts[index % counts.length]
    if (!count) throw new Error('the regimes count no facts of people')
    return sampleFact({
      id: `f${index}`,
      kind: count.fact,
      on: addDays(firstDay, Math.floor((index * days) / factsWanted)),
      quantity: 45,
      attributes: attributesFor(count),
    })
  }).sort((a, b) => (a.on === b.on ? (a.id < b.id ? -1 : 1) : a.on < b.on ? -1 : 1))
}

function attributesFor(count: Count): Record<string, AttributeValue> {
  const source = [count.where ?? '', ...count.requires.map((required) => required.when)].join(' && ')
  const attributes: Record<string, AttributeValue> = {}
  for (const [name, { type }] of Object.entries(
    (factKinds as Record<string, FactKind>)[count.fact]?.attributes ?? {},
  )) {
    if (!new RegExp(`\\b${name}\\b`).test(source)) continue
    const word =
      new RegExp(`\\b${name} (?:==|in) \\[?["'](\\w+)["']`).exec(source)?.[1] ??
      new RegExp(`["'](\\w+)["'] in ${name}\\b`).exec(source)?.[1]
    attributes[name] =
      type === 'boolean' ? true : type === 'number' ? 10 : type === 'strings' ? [word ?? ''] : (word ?? '')
  }
  return attributes
}
