import { conditionsOf, settingValues } from '../../engine/conditions.ts'
import { describeCondition } from '../../engine/describe-condition.ts'
import type { Regime } from '../../engine/schema.ts'
import type { LocalDate, PersonInput, UnitInput } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listPresetRegimes, regimesInForce, yearFor } from '../regime/adoption.ts'
import { loadPeople, loadUnits } from '../regime/store.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import type { CohortMember, CohortView } from './contract.ts'
import {
  type CohortMembers,
  type CohortPart,
  conditionOf,
  membersOn,
  partCondition,
  partProblem,
  partsText,
} from './cohort-rules.ts'
import * as cohorts from './cohort-store.ts'
import * as store from './store.ts'

/** A condition over people wherever it comes from: a regime in force, or the school itself. */
interface KnownCohort {
  id: string
  label: string
  regime: Regime
  condition: string
  /** The clause of the regime that names it; null for the school's own. */
  clause: string | null
  /** The day on which the rule asks, when it is asked today. */
  day: LocalDate
  dayText: string
  parts: CohortPart[] | null
}

/** The condition is read in the language of a regime; any will do where the school has none yet. */
const languageOf = (regimes: readonly Regime[]): Regime =>
  regimes[0] ?? listPresetRegimes()[0] ?? refuse('系统里没有制度文件，请联系管理员。')

async function listKnown(tx: Tx): Promise<KnownCohort[]> {
  const regimes = (await regimesInForce(tx, tx.today)).map((one) => one.regime)
  const calendar = await loadCalendar(tx)
  const yearStart = yearFor(calendar, tx.today)?.from ?? tx.today
  const ofRegimes = regimes.flatMap((regime) =>
    regime.cohorts.map((cohort): KnownCohort => {
      const atStart = cohort.takenAt === 'schoolYearStart'
      return {
        id: `${regime.id}:${cohort.id}`,
        label: cohort.label,
        regime,
        condition: cohort.when,
        clause: `${regime.title} ${cohort.clause ?? ''}`.trim(),
        day: atStart ? yearStart : tx.today,
        dayText: atStart
          ? '按学年第一天算'
          : cohort.takenAt === 'periodStart'
            ? '按每一期的第一天算'
            : '按每一期的最后一天算',
        parts: null,
      }
    }),
  )
  const own = (await cohorts.listCohorts(tx)).map(
    (row): KnownCohort => ({
      id: row.id,
      label: row.name,
      regime: languageOf(regimes),
      condition: row.condition,
      clause: null,
      day: tx.today,
      dayText: '按查看的那一天算',
      parts: row.parts,
    }),
  )
  return [...ofRegimes, ...own]
}

interface Register {
  people: PersonInput[]
  units: UnitInput[]
}

function whoIsIn(cohort: KnownCohort, register: Register, day: LocalDate): CohortMembers {
  return membersOn(cohort.parts?.map(partCondition) ?? [cohort.condition], {
    conditions: conditionsOf(cohort.regime),
    settings: settingValues(cohort.regime),
    ...register,
    day,
  })
}

async function loadRegister(tx: Tx): Promise<Register> {
  const [people, units] = await Promise.all([loadPeople(tx, null), loadUnits(tx)])
  return { people, units }
}

function viewOf(tx: Tx, cohort: KnownCohort, register: Register): CohortView {
  const found = whoIsIn(cohort, register, cohort.day)
  const { id, label, clause, parts, day, dayText } = cohort
  return {
    id,
    label,
    clause,
    condition: parts
      ? partsText(parts)
      : describeCondition(cohort.regime, { of: 'person' }, cohort.condition),
    parts,
    day,
    dayText,
    people: found.people.length,
    unknown: found.unknown.length,
    abilities: {
      change: clause === null ? can.saveCohort(tx.actor) : '制度里的人员范围随制度修改。',
    },
  }
}

/** Every condition over people that the school knows, with how many meet it on the day that its rule names. */
export async function listCohorts(tx: Tx): Promise<CohortView[]> {
  demand(can.seeCohorts(tx.actor))
  const register = await loadRegister(tx)
  return (await listKnown(tx)).map((cohort) => viewOf(tx, cohort, register))
}

/** Who belongs to a cohort on a day, and of whom it cannot be said. */
export async function getCohort(
  tx: Tx,
  input: { cohortId: string; on?: LocalDate | undefined },
): Promise<CohortView & { on: LocalDate; members: CohortMember[]; undecided: CohortMember[] }> {
  demand(can.seeCohorts(tx.actor))
  const cohort = (await listKnown(tx)).find((one) => one.id === input.cohortId) ?? refuseNotFound('人员范围')
  const register = await loadRegister(tx)
  const on = input.on ?? cohort.day
  const found = whoIsIn(cohort, register, on)
  const rows = new Map(
    (await store.listRegister(tx, { q: '', unitId: null, status: 'all', on, limit: 100_000, skip: 0 })).map(
      (row, index) => [row.id, { row, index }],
    ),
  )
  const memberOf = (person: PersonInput, missing: string[]): CohortMember => {
    const row = rows.get(person.id)?.row
    return {
      personId: person.id,
      name: person.name,
      staffNumber: row?.staffNumber ?? '',
      units: row?.units.map((unit) => unit.name) ?? [],
      missing,
    }
  }
  const order = (a: CohortMember, b: CohortMember) =>
    (rows.get(a.personId)?.index ?? 0) - (rows.get(b.personId)?.index ?? 0)
  return {
    ...viewOf(tx, cohort, register),
    on,
    members: found.people.map((person) => memberOf(person, [])).sort(order),
    undecided: found.unknown.map((one) => memberOf(one.person, one.missing)).sort(order),
  }
}

/** Saves a condition of one's own under a name; `id` changes one that exists. */
export async function saveCohort(
  tx: Tx,
  input: { id?: string | undefined; name: string; parts: CohortPart[] },
): Promise<{ id: string }> {
  demand(can.saveCohort(tx.actor))
  await store.lockRegister(tx)
  for (const [index, part] of input.parts.entries()) {
    const problem = partProblem(part)
    if (problem) refuse(problem, { fields: { [`parts.${index}.value`]: problem } })
  }
  const known = await cohorts.listCohorts(tx)
  if (input.id !== undefined && !known.some((one) => one.id === input.id)) refuseNotFound('人员范围')
  if (known.some((one) => one.name === input.name && one.id !== input.id))
    refuse(`已经有叫“${input.name}”的人员范围了，请换一个名称。`, { fields: { name: '名称已被使用' } })
  const row = {
    id: input.id ?? newId(),
    name: input.name,
    parts: input.parts,
    condition: conditionOf(input.parts),
  }
  await cohorts.saveCohort(tx, row)
  await audit(tx, {
    type: 'org.cohortSaved',
    id: row.id,
    payload: { name: row.name, condition: row.condition },
  })
  changed(tx, 'org', 'duty')
  return { id: row.id }
}

/** Takes a saved condition away; bodies whose members it made keep their own copy of the condition. */
export async function deleteCohort(tx: Tx, id: string): Promise<void> {
  demand(can.saveCohort(tx.actor))
  const row = (await cohorts.findCohort(tx, id)) ?? refuseNotFound('人员范围')
  await cohorts.deleteCohort(tx, row.id)
  await audit(tx, { type: 'org.cohortDeleted', id: row.id, payload: { name: row.name } })
  changed(tx, 'org', 'duty')
}

/** The members of a cohort on a day for Excel. */
export async function cohortSheet(
  tx: Tx,
  input: { cohortId: string; on?: LocalDate | undefined },
): Promise<{ name: string; sheet: Sheet }> {
  const cohort = await getCohort(tx, input)
  const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
  return {
    name: `${cohort.label} ${cohort.on}`,
    sheet: {
      name: '人员范围',
      columns: [text('姓名', 12), text('工号', 14), text('所在的组', 40), text('说明', 40)],
      rows: [
        ...cohort.members.map((one) => [one.name, one.staffNumber, one.units.join('、'), '']),
        ...cohort.undecided.map((one) => [
          one.name,
          one.staffNumber,
          one.units.join('、'),
          `缺少${one.missing.join('、')}，不能判断`,
        ]),
      ],
    },
  }
}
