import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse } from '../kit/errors.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { enqueueRebuild } from '../regime/adoption.ts'
import { can } from './access.ts'
import type { SchoolYearDraft, SpecialDay, SpecialDaysProposal } from './contract.ts'
import * as holidays from './holidays.ts'
import { problemsOf, schoolYearName, specialDaysProblem, termsOf } from './rules.ts'
import * as store from './store.ts'

/**
 * Saves a school year with both terms. Refuses overlaps, terms outside the year, windows outside the term, and dates
 * that would leave activities that are held already or planned outside every term.
 */
export async function saveSchoolYear(tx: Tx, draft: SchoolYearDraft): Promise<void> {
  demand(can.save(tx.actor))
  await store.lockCalendar(tx)
  const calendar = await store.loadCalendar(tx)
  const problems = problemsOf(draft, calendar.schoolYears)
  if (problems[0]) {
    refuse(problems[0].message, {
      fields: Object.fromEntries(problems.toReversed().map(({ field, message }) => [field, message])),
    })
  }
  const terms = termsOf(draft)
  await refuseOrphans(tx, draft.id, terms)
  await store.saveSchoolYear(tx, draft)
  for (const term of terms) await store.saveTerm(tx, term)
  await audit(tx, {
    type: 'calendar.schoolYearSaved',
    id: null,
    payload: { id: draft.id, from: draft.from, to: draft.to, terms: draft.terms },
  })
  await enqueueRebuild(tx)
  changed(tx, 'calendar', 'access', 'regime', 'setup')
}

async function refuseOrphans(
  tx: Tx,
  schoolYearId: string,
  terms: { from: LocalDate; to: LocalDate }[],
): Promise<void> {
  const orphans = await store.listActivitiesOutside(tx, schoolYearId, terms)
  if (orphans.length === 0) return
  const shown = orphans.slice(0, 3).map((one) => `${one.heldOn}“${one.theme}”`)
  refuse(
    `这样改，${orphans.length} 场活动就不在任何学期里了（${shown.join('、')}${orphans.length > 3 ? '等' : ''}）。请先给它们改期，或调整学期日期。`,
  )
}

/** Holidays and worked weekends for a school year, as far as they are known. */
export async function proposeSpecialDays(tx: Tx, schoolYearId: string): Promise<SpecialDaysProposal> {
  return holidays.proposeSpecialDays(await getYear(tx, schoolYearId))
}

/** Replaces the holidays and worked weekends of one school year. */
export async function saveSpecialDays(
  tx: Tx,
  input: { schoolYearId: string; days: SpecialDay[] },
): Promise<void> {
  demand(can.save(tx.actor))
  await store.lockCalendar(tx)
  const year = await getYear(tx, input.schoolYearId)
  const problem = specialDaysProblem(input.days, year)
  if (problem) refuse(problem)
  await store.replaceSpecialDays(tx, year, input.days)
  await audit(tx, {
    type: 'calendar.specialDaysSaved',
    id: null,
    payload: { schoolYearId: year.id, days: input.days },
  })
  await enqueueRebuild(tx)
  changed(tx, 'calendar', 'access', 'regime', 'setup')
}

async function getYear(tx: Tx, id: string) {
  const { schoolYears } = await store.loadCalendar(tx)
  return (
    schoolYears.find((year) => year.id === id) ??
    refuse(`还没有${schoolYearName(id)}，请先保存学年和学期。`, { status: 404, code: 'notFound' })
  )
}
