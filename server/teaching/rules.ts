import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import type { Actor } from '../kit/sql.ts'
import type { FlowDefinition, FlowStep } from './words.ts'

type Step = FlowStep & { dueOn: LocalDate | null }
export interface DoneEntry {
  step: string
  doneOn: LocalDate | null
}

/** When each step is due: so many days after the one before, or the fewer that the regime allows. */
export function withDueDays(
  definition: FlowDefinition,
  from: LocalDate,
  daysPerStep: number,
  lastDay: LocalDate | null,
): Step[] {
  let day = from
  return definition.steps.map((step) => {
    day = addDays(day, Math.min(daysPerStep, step.withinDays ?? daysPerStep))
    if (lastDay !== null && day > lastDay) day = lastDay
    return { ...step, dueOn: day }
  })
}

const firstDay = (entries: readonly DoneEntry[], stepId: string): LocalDate | null =>
  entries
    .filter((entry) => entry.step === stepId && entry.doneOn !== null)
    .map((entry) => entry.doneOn ?? '')
    .sort()[0] ?? null

export type CellState = 'done' | 'skipped' | 'next' | 'late' | 'waiting'

/** Where a matter stands at each of its steps. */
export function cellsOf(
  run: { ordered: boolean; steps: readonly Step[]; status: string },
  entries: readonly DoneEntry[],
  today: LocalDate,
): { stepId: string; state: CellState; doneOn: LocalDate | null; dueOn: LocalDate | null }[] {
  const done = run.steps.map((step) => firstDay(entries, step.id))
  const lastDone = done.findLastIndex((day) => day !== null)
  let blocked = run.status === 'stopped'
  return run.steps.map((step, index) => {
    const day = done[index] ?? null
    const state: CellState =
      day !== null
        ? 'done'
        : run.ordered && index < lastDone
          ? 'skipped'
          : blocked
            ? 'waiting'
            : step.dueOn !== null && step.dueOn < today
              ? 'late'
              : 'next'
    // What may be left out does not hold up the step after it.
    if (run.ordered && day === null && state !== 'skipped' && !step.optional) blocked = true
    return { stepId: step.id, state, doneOn: day, dueOn: step.dueOn }
  })
}

/** All steps that must be done are done. */
export function isComplete(run: { steps: readonly Step[] }, entries: readonly DoneEntry[]): boolean {
  return run.steps.every((step) => step.optional || firstDay(entries, step.id) !== null)
}

/** Why a step cannot be taken on a day, or null: steps come in their order, none is skipped, nothing lies ahead. */
export function orderProblem(
  run: { ordered: boolean; steps: readonly Step[] },
  entries: readonly DoneEntry[],
  stepId: string,
  on: LocalDate,
  today: LocalDate,
): string | null {
  if (on > today) return '完成日期不能晚于今天。'
  if (!run.ordered) return null
  const index = run.steps.findIndex((step) => step.id === stepId)
  const step = run.steps[index]
  if (!step) return '没有这一步，请刷新页面。'
  const missing = run.steps.slice(0, index).find((one) => !one.optional && firstDay(entries, one.id) === null)
  if (missing) return `先完成“${missing.label}”，再做“${step.label}”，步骤不能跳过。`
  for (const before of run.steps.slice(0, index)) {
    const day = firstDay(entries, before.id)
    if (day !== null && on < day)
      return `“${step.label}”的日期（${on}）早于“${before.label}”（${day}），次序不对，请核对日期。`
  }
  if (firstDay(entries, step.id) === null) {
    const after = run.steps.slice(index + 1).find((one) => firstDay(entries, one.id) !== null)
    if (after) return `后面的“${after.label}”已经完成，不能再补“${step.label}”。`
  }
  return null
}

/** Whether a done step can be taken back: not while a later one rests on it. */
export function withdrawProblem(
  run: { ordered: boolean; steps: readonly Step[] },
  entries: readonly (DoneEntry & { id: string })[],
  entry: { id: string; step: string },
): string | null {
  if (
    !run.ordered ||
    entries.some((one) => one.step === entry.step && one.id !== entry.id && one.doneOn !== null)
  )
    return null
  const index = run.steps.findIndex((step) => step.id === entry.step)
  const after = run.steps.slice(index + 1).find((step) => firstDay(entries, step.id) !== null)
  return after ? `后面的“${after.label}”已经完成，请先撤回后面的步骤。` : null
}

/** The post in which somebody acts, as rules name it. */
export function postOf(actor: Actor): string {
  const order = ['principal', 'vicePrincipal', 'academicOffice', 'researchOffice', 'groupLeader'] as const
  return order.find((role) => actor.roles.includes(role)) ?? 'teacher'
}

const partNames: [part: string, words: RegExp][] = [
  ['objectives', /目标/],
  ['keyPoints', /重点|难点/],
  ['students', /学情/],
  ['process', /过程|环节|导入|新授/],
  ['homework', /作业|练习/],
  ['boardDesign', /板书/],
  ['reflection', /反思/],
]

/** Parts of a design by its words. */
export function partsOfDesign(text: string): string[] {
  return partNames.filter(([, words]) => words.test(text)).map(([part]) => part)
}

interface Section {
  key: string
  label: string
  hint: string
  required: boolean
  /** Where the regime asks for it; empty for others. */
  clause: string
}
/** The parts of a paper as the school wants them: what the regime names stays as it is, its own stand beside it. */
export function mergeSections(
  base: readonly Section[],
  own: readonly Omit<Section, 'clause'>[] | null,
): Section[] {
  if (own === null) return [...base]
  const fixed = new Map(base.filter((one) => one.clause !== '').map((one) => [one.key, one]))
  const named = own.map((one) => fixed.get(one.key) ?? { ...one, clause: '' })
  return [...[...fixed.values()].filter((one) => !named.includes(one)), ...named]
}

const signsOnly = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')
/** Whether a personal version differs from the shared design by more than spaces and signs. */
export const isAdapted = (own: string, shared: string): boolean => signsOnly(own) !== signsOnly(shared)

/** `12分05秒` */
export function minutesLabel(seconds: number): string {
  return `${Math.floor(seconds / 60)}分${String(seconds % 60).padStart(2, '0')}秒`
}
