import type { Count, Counts, Regime } from '../../engine/schema.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { type FlowDefinition, type FlowStep, flowsElsewhere, spreadingWord, usualFlows } from './words.ts'

const namesIn = (text: string, attribute: string): string[] => {
  const found: string[] = []
  for (const match of text.matchAll(
    new RegExp(`\\b${attribute}\\s*(?:==\\s*"(\\w+)"|in\\s*\\[([^\\]]*)\\])`, 'g'),
  )) {
    if (match[1]) found.push(match[1])
    for (const one of (match[2] ?? '').matchAll(/"(\w+)"/g)) if (one[1]) found.push(one[1])
  }
  return [...new Set(found)]
}
const listOf = (counts: Counts): Count[] =>
  [counts].flat().filter((count): count is Count => typeof count === 'object')
const isStep = (count: Count) => count.fact === 'step.done'

/** What a rule counts at one step, as a step that people can take. */
function stepOf(
  given: { id: string; label: string; counts: Counts; withinDays?: number | undefined; optional?: boolean },
  flow: string,
  boundToUnit: boolean,
  clause: string,
): FlowStep {
  const counts = listOf(given.counts)
  const own = counts.find((count) => isStep(count) && namesIn(count.where ?? '', 'flow').includes(flow))
  const lesson = counts.find((count) => count.fact === 'lesson.given')
  const word = (own && namesIn(own.where ?? '', 'step')[0]) ?? given.id
  const usual = usualFlows.find((one) => one.flow === flow)?.steps.find((step) => step.word === word)
  const of = own?.of
  const byOthers = of === 'members' || of === 'everyone'
  return {
    id: given.id,
    label: given.label,
    hint: usual?.hint ?? '',
    actor: byOthers
      ? boundToUnit
        ? 'members'
        : 'peers'
      : (usual?.actor ?? (boundToUnit ? 'members' : 'owner')),
    subject: byOthers ? 'actor' : 'run',
    word,
    // Where giving the lesson alone counts, a lesson is chosen; else it may be.
    isLesson: lesson !== undefined && (own === undefined || word === 'lessonAgain'),
    lessonKinds: lesson && !own ? namesIn(lesson.where ?? '', 'lessonKind') : [],
    needsArtefact: true,
    optional: given.optional ?? false,
    withinDays: given.withinDays ?? null,
    clause,
  }
}

const known = new WeakMap<Regime, FlowDefinition[]>()

/** The flows that a regime's rules count by `step.done`, in their own words and order. */
export function flowsOfRegime(regime: Regime): FlowDefinition[] {
  const flows = known.get(regime) ?? readFlows(regime)
  known.set(regime, flows)
  return flows
}

function readFlows(regime: Regime): FlowDefinition[] {
  const words = new Map(
    Object.values(regime.vocabularies)
      .flat()
      .map((term) => [term.id, term.label]),
  )
  const found: FlowDefinition[] = []
  for (const rule of regime.rules) {
    if (!rule.flow || 'organisation' in rule.binds) continue
    const begins = rule.flow.begins ? listOf(rule.flow.begins) : []
    const counted = [...begins, ...rule.flow.steps.flatMap((step) => listOf(step.counts))].filter(isStep)
    const flow = counted.flatMap((count) => namesIn(count.where ?? '', 'flow'))[0]
    if (!flow || flowsElsewhere.has(flow) || found.some((one) => one.flow === flow)) continue
    const boundToUnit = 'unit' in rule.binds
    const clause = `《${regime.title}》${rule.clause}`
    const steps = rule.flow.steps.map((step) => stepOf(step, flow, boundToUnit, clause))
    // A matter may begin with a step of its own that the list of steps does not repeat.
    const opening = begins.find(isStep)
    const openingWord = opening && namesIn(opening.where ?? '', 'step')[0]
    if (opening && openingWord && !steps.some((step) => step.word === openingWord))
      steps.unshift(
        stepOf(
          { id: openingWord, label: words.get(openingWord) ?? '开始', counts: [opening] },
          flow,
          boundToUnit,
          clause,
        ),
      )
    found.push({
      flow,
      label: words.get(flow) ?? rule.title,
      about: rule.text,
      of: boundToUnit ? 'unit' : 'person',
      ordered: rule.flow.ordered,
      clause,
      source: 'regime',
      steps: steps.map((step) =>
        step.word === spreadingWord ? { ...step, actor: 'office', optional: true } : step,
      ),
    })
  }
  return found
}

/** All flows that can be begun today: those of the regimes in force first, then the usual ones that they do not name. */
export async function listFlows(tx: Tx): Promise<FlowDefinition[]> {
  const flows: FlowDefinition[] = []
  const add = (flow: FlowDefinition) => {
    if (!flows.some((one) => one.flow === flow.flow)) flows.push(flow)
  }
  for (const { regime } of await regimesInForce(tx, tx.today))
    for (const flow of flowsOfRegime(regime)) add(flow)
  for (const flow of usualFlows) add(flow)
  return flows
}
