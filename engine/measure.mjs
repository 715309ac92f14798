/** Measures the engine: `node engine/measure.mjs`. Times are of this machine; a figure in a report names its command. */
import { getRegime, listRegimeIds } from '../regimes/read.ts'
import { evaluate } from './evaluate.ts'
import { sampleSchool } from './sample.ts'
import { explain } from './trace/explain.ts'

const school = sampleSchool(120)
const options = { on: '2027-07-01', schoolYearId: '2026-2027' }
const report = (line) => process.stdout.write(`${line}\n`)
report(`${school.people.length} people, ${school.facts.length} facts`)

function milliseconds(work, times) {
  const taken = []
  for (let turn = 0; turn < times; turn++) {
    const start = performance.now()
    work()
    taken.push(performance.now() - start)
  }
  taken.sort((a, b) => a - b)
  const at = (share) => (taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0).toFixed(2)
  return `median ${at(0.5)} ms, 95th of 100 ${at(0.95)} ms`
}

for (const regimeId of listRegimeIds()) {
  const regime = getRegime(regimeId)
  const start = performance.now()
  const findings = evaluate(regime, school, options)
  const cold = (performance.now() - start).toFixed(0)
  report(
    `${regimeId}: school ${findings.length} findings, first ${cold} ms, then ${milliseconds(() => evaluate(regime, school, options), 5)}`,
  )
  const one = () => {
    const subjects = [{ kind: 'person', id: 'p7' }]
    const input = {
      ...school,
      calendar: structuredClone(school.calendar),
      people: school.people.filter((person) => person.id === 'p7'),
      facts: school.facts.filter((fact) => fact.subject.id === 'p7'),
    }
    evaluate(regime, input, { ...options, subjects })
  }
  report(`${regimeId}: one teacher with building the input ${milliseconds(one, 200)}`)
  const finding = findings.find((candidate) => candidate.subject.kind === 'person')
  if (finding)
    report(
      `${regimeId}: one explanation, whole school as input ${milliseconds(() => explain(regime, school, finding, options.on), 20)}`,
    )
}
