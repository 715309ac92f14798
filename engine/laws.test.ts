import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { findRegime, getRegime, listExampleIds, listRegimeIds } from '../regimes/read.ts'
import { addDays } from './days.ts'
import { evaluate, findingKey } from './evaluate.ts'
import { factKinds } from './facts.ts'
import type { FactKind } from './facts.ts'
import { loadRegime } from './load.ts'
import { minimaOf } from './schema.ts'
import type { Count, Regime } from './schema.ts'
import { sampleCalendar, sampleFact, samplePerson } from './sample.ts'
import { countsOf } from './summary.ts'
import { explain } from './trace/explain.ts'
import type { AttributeValue, EvaluationInput, Fact, Subject } from './types.ts'

/**
 * Laws that hold for every regime that comes with the program, tried on invented facts: for each rule, facts of the
 * kinds that it counts, with attributes that its own conditions name, so that many of them really count.
 */

const since = { from: '2020-09-01', to: null }
const subjects: Subject[] = [
  { kind: 'person', id: 'p1' },
  { kind: 'unit', id: 'g1' },
  { kind: 'organisation', id: 'o' },
]

function inputWith(facts: Fact[], level: string): EvaluationInput {
  return {
    organisation: { id: 'o', name: '示例小学', attributes: { level } },
    calendar: sampleCalendar,
    people: [samplePerson('p1', 'g1'), samplePerson('p2', 'g1')],
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
}

function findingsOf(regime: Regime, facts: Fact[], on: string) {
  return ['school', 'district'].flatMap((level) =>
    evaluate(regime, inputWith(facts, level), { on, schoolYearId: '2026-2027' }),
  )
}

/** The values that the conditions of a count compare its attributes with. */
function likelyAttributes(count: Count): fc.Arbitrary<Record<string, AttributeValue>> {
  const kind = (factKinds as Record<string, FactKind>)[count.fact]
  const source = [count.where ?? '', ...count.requires.map((required) => required.when)].join(' && ')
  const words = [...source.matchAll(/["']([^"']+)["']/g)].map((found) => found[1] ?? '')
  const entries = Object.entries(kind?.attributes ?? {})
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(source))
    .map(([name, about]): [string, fc.Arbitrary<AttributeValue>] => {
      const named = [...source.matchAll(new RegExp(`${name}\\s*(?:==|in)\\s*\\[?["']([^"']+)["']`, 'g'))]
        .map((found) => found[1] ?? '')
        .concat(words)
      const one = fc.constantFrom(...(named.length > 0 ? named : ['other']))
      return [
        name,
        about.type === 'boolean'
          ? fc.boolean()
          : about.type === 'number'
            ? fc.integer({ min: 0, max: 100 })
            : about.type === 'strings'
              ? fc.uniqueArray(one, { maxLength: 4 })
              : one,
      ]
    })
  return fc.record(Object.fromEntries(entries))
}

const anyDay = fc.integer({ min: -10, max: 330 }).map((days) => addDays('2026-08-31', days))

function factsFor(regime: Regime): fc.Arbitrary<Fact[]> {
  const counts = regime.rules.flatMap((rule) => countsOf(regime, rule))
  if (counts.length === 0) return fc.constant([])
  const one = fc.constantFrom(...counts).chain((count) => {
    const allowed = (factKinds as Record<string, FactKind>)[count.fact]?.subjects ?? []
    const subject = fc.constantFrom(...subjects.filter(({ kind }) => allowed.includes(kind)))
    const amount = fc.constantFrom(1, 1, 45, 90, 4000)
    return fc
      .tuple(anyDay, fc.integer({ min: 0, max: 20 }), likelyAttributes(count), amount, subject, fc.uuid())
      .map(([on, delay, attributes, quantity, about, id]) =>
        sampleFact({
          id,
          kind: count.fact,
          on,
          recordedOn: addDays(on, delay),
          quantity,
          attributes,
          subject: about,
        }),
      )
  })
  return fc.uniqueArray(one, { selector: (fact) => fact.id, maxLength: 30 })
}

const ids = [...listRegimeIds(), ...listExampleIds()]
const runs = { numRuns: 12 }

for (const id of ids) {
  const regime = getRegime(id)
  const facts = factsFor(regime)

  test(`${id}: the order of facts does not matter, a repeated fact counts once, a reversal restores`, () => {
    fc.assert(
      fc.property(facts, anyDay, fc.nat(), (list, on, pick) => {
        const before = findingsOf(regime, list, on)
        assert.deepEqual(findingsOf(regime, [...list].reverse(), on), before)
        assert.deepEqual(findingsOf(regime, [...list, ...list], on), before)
        const mistake = list[pick % Math.max(1, list.length)]
        if (!mistake) return
        const undo = { ...mistake, id: `undo-${mistake.id}`, reverses: mistake.id }
        const without = list.filter((fact) => fact !== mistake)
        assert.deepEqual(findingsOf(regime, [...list, undo], on), findingsOf(regime, without, on))
      }),
      runs,
    )
  })

  test(`${id}: nothing recorded later is used, and a regime saved and loaded evaluates alike`, () => {
    // As the program would write it again: the same regime, put into words anew.
    const saved = loadRegime(stringify(JSON.parse(JSON.stringify(regime))), `${id}.yaml`)
    assert.deepEqual(saved.problems, [])
    fc.assert(
      fc.property(facts, anyDay, (list, on) => {
        const known = list.filter((fact) => fact.recordedOn <= on)
        const findings = findingsOf(regime, list, on)
        assert.deepEqual(findings, findingsOf(regime, known, on))
        assert.deepEqual(saved.regime && findingsOf(saved.regime, list, on), findings)
      }),
      runs,
    )
  })

  test(`${id}: no minimum falls when a fact is added, and every total is the sum of its entries`, () => {
    const minima = new Map(
      regime.rules.flatMap((rule) =>
        rule.eachFactOnce ? [] : minimaOf(regime, rule).map((one) => [`${rule.id}|${one.id}`, one] as const),
      ),
    )
    fc.assert(
      fc.property(facts, facts, (list, further) => {
        const on = '2027-08-29'
        const input = inputWith([...list, ...further], 'school')
        const options = { on, schoolYearId: '2026-2027', subjects }
        const after = evaluate(regime, input, options)
        const before = new Map(
          evaluate(regime, inputWith(list, 'school'), options).map((one) => [findingKey(one), one]),
        )
        for (const finding of after) {
          const minimum = minima.get(`${finding.ruleId}|${finding.minimumId}`)
          if (!minimum || minimum.maxPerPeriod !== null) continue
          const earlier = before.get(findingKey(finding))
          // A statement that nothing is due may take a duty away; everything else may only add.
          assert.ok(
            (finding.value ?? 0) >= (earlier?.value ?? 0) - 1e-9,
            `${findingKey(finding)}: ${earlier?.value} → ${finding.value}`,
          )
        }
        for (const finding of after.filter((one) => (one.value ?? 0) > 0).slice(0, 6)) {
          if (!minima.has(`${finding.ruleId}|${finding.minimumId}`)) continue
          const trace = explain(regime, input, findingKey(finding), on)
          const sum = trace?.facts.reduce((total, fact) => total + fact.counted, 0) ?? 0
          // Hours are cut to tenths, so that a figure never promises more than there is.
          assert.ok(
            Math.abs(sum - (finding.value ?? 0)) < 0.11,
            `${findingKey(finding)}: ${sum} ≠ ${finding.value}`,
          )
        }
      }),
      runs,
    )
  })

  test(`${id}: who has left long ago has no findings overdue`, () => {
    fc.assert(
      fc.property(facts, anyDay, (list, on) => {
        const input = inputWith(list, 'school')
        const gone = { ...samplePerson('p1', 'g1'), service: [{ from: '2020-09-01', to: '2025-07-01' }] }
        const findings = evaluate(
          regime,
          { ...input, people: [gone] },
          { on, schoolYearId: '2026-2027', subjects: [{ kind: 'person', id: 'p1' }] },
        )
        assert.deepEqual(
          findings.filter((finding) => finding.state === 'overdue'),
          [],
        )
      }),
      runs,
    )
  })
}

test('every regime that is named can be read', () => {
  for (const id of ids) assert.ok(findRegime(id).regime, id)
})
