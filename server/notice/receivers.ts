import { attributesOn, isInPost, meets, personRegister } from '../../engine/cohorts.ts'
import { prepare } from '../../engine/prepare.ts'
import type { Regime } from '../../engine/schema.ts'
import { loadCalendar } from '../calendar/store.ts'
import { refuse } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { listPeople, listPosts, listSchoolsOf, listUnits } from '../org/store.ts'
import { findOwnRegime } from '../regime/adoption.ts'
import { listMemberships, loadPeople, loadUnits } from '../regime/store.ts'
import { can } from './access.ts'
import type { Audience, AudienceChoices } from './contract.ts'
import { noticeKindLabels, type Whole, wholeLabels } from './words.ts'

const wholeRoles: Record<Exclude<Whole, 'everybody'>, readonly string[]> = {
  leaders: ['groupLeader'],
  principals: ['principal', 'vicePrincipal', 'academicOffice'],
}

/** Who belongs today to each cohort of the regime; people of whom something is not on record belong to none. */
async function membersOfCohorts(tx: Tx, regime: Regime, ids?: string[]): Promise<Map<string, string[]>> {
  const prepared = prepare(regime, await loadCalendar(tx))
  const people = (await loadPeople(tx, null)).filter((person) => isInPost(person, tx.today))
  const kinds = new Map((await loadUnits(tx)).map((unit) => [unit.id, unit.kind]))
  const values = people.map((person) => attributesOn(person, (id) => kinds.get(id), tx.today))
  const result = new Map<string, string[]>()
  for (const { id } of regime.cohorts) {
    const cohort = prepared.cohort(id)
    if (!cohort || (ids && !ids.includes(id))) continue
    result.set(
      id,
      people.flatMap((person, index) =>
        meets(cohort.condition, values[index] ?? {}, personRegister).met ? [person.id] : [],
      ),
    )
  }
  return result
}

/** Kinds of notice: those that every school has, and those that the regime asks for. */
export async function listKinds(tx: Tx): Promise<{ value: string; label: string }[]> {
  const regime = await findOwnRegime(tx)
  const known: Record<string, string> = { ...noticeKindLabels }
  if (regime) {
    const words = new Map(
      Object.values(regime.vocabularies)
        .flat()
        .map((term) => [term.id, term.label]),
    )
    for (const [, name] of JSON.stringify(regime.rules).matchAll(/noticeKind == \\?["'](\w+)/g))
      if (name !== undefined) known[name] = words.get(name) ?? known[name] ?? name
  }
  return Object.entries(known).map(([value, label]) => ({ value, label }))
}

/** What a writer may choose from: leaders their own groups, the offices everything, the district its schools. */
export async function listChoices(tx: Tx): Promise<AudienceChoices> {
  const all = can.writeToAll(tx.actor) === null
  const kinds = await listKinds(tx)
  const isDistrict = tx.actor.roles.includes('districtOfficer')
  const whole = (names: Whole[]) => names.map((value) => ({ value, label: wholeLabels[value] }))
  if (isDistrict)
    return {
      kinds,
      wholes: whole(['everybody', 'leaders', 'principals']),
      units: [],
      cohorts: [],
      people: [],
      schools: await listSchoolsOf(tx, tx.orgId),
    }
  const serving = await listPeople(tx, tx.today)
  const memberships = await listMemberships(tx, tx.today, tx.today)
  const led = tx.actor.leads.map((lead) => lead.unitId)
  const units = (await listUnits(tx, tx.today)).filter((unit) => all || led.includes(unit.id))
  const names = new Map(units.map((unit) => [unit.id, unit.name]))
  const here = new Set(serving.map((person) => person.id))
  const regime = all ? await findOwnRegime(tx) : null
  const cohorts = regime ? await membersOfCohorts(tx, regime) : new Map<string, string[]>()
  const reachable = new Set(
    memberships.filter((one) => names.has(one.unitId)).map((membership) => membership.personId),
  )
  return {
    kinds,
    wholes: all ? whole(['everybody', 'leaders']) : [],
    units: units
      .map((unit) => ({
        id: unit.id,
        name: unit.name,
        people: memberships.filter((one) => one.unitId === unit.id && here.has(one.personId)).length,
      }))
      .filter((unit) => unit.people > 0),
    cohorts: (regime?.cohorts ?? []).map((cohort) => ({
      id: cohort.id,
      label: cohort.label,
      people: cohorts.get(cohort.id)?.length ?? 0,
    })),
    people: serving
      .filter((person) => all || reachable.has(person.id))
      .map((person) => ({
        id: person.id,
        name: person.name,
        note: memberships
          .filter((one) => one.personId === person.id)
          .flatMap((one) => names.get(one.unitId) ?? [])
          .join('、'),
      })),
    schools: [],
  }
}

/** Everybody in service to whom a notice goes today. Refuses who is not of this school, or not in the writer's groups. */
export async function listReceiverIds(tx: Tx, audience: Audience): Promise<string[]> {
  const all = can.writeToAll(tx.actor) === null
  const serving = new Set((await listPeople(tx, tx.today)).map((person) => person.id))
  const memberships = await listMemberships(tx, tx.today, tx.today)
  const units = new Set((await listUnits(tx, tx.today)).map((unit) => unit.id))
  const led = new Set(tx.actor.leads.map((lead) => lead.unitId))
  const receivers = new Set<string>()
  const wrong = (field: string, message: string): never =>
    refuse(message, { fields: { [field]: '请重新选择' } })
  if (audience.schoolIds.length > 0) wrong('audience', '学校的通知只能发给本校的人。')
  for (const unitId of audience.unitIds) {
    if (!units.has(unitId)) wrong('audience', '选中的组不在本校，或已经撤销，请重新选择接收人。')
    if (!all && !led.has(unitId)) wrong('audience', '组长只能发给自己带的组。')
    for (const one of memberships) if (one.unitId === unitId) receivers.add(one.personId)
  }
  const mine = new Set(memberships.filter((one) => led.has(one.unitId)).map((one) => one.personId))
  for (const personId of audience.personIds) {
    if (!serving.has(personId)) wrong('audience', '选中的人不在本校，或已经离校，请重新选择接收人。')
    if (!all && !mine.has(personId)) wrong('audience', '组长只能发给自己带的组的组员。')
    receivers.add(personId)
  }
  if (!all && (audience.whole !== null || audience.cohorts.length > 0))
    wrong('audience', can.writeToAll(tx.actor) ?? '')
  if (audience.whole === 'everybody') for (const id of serving) receivers.add(id)
  else if (audience.whole !== null) {
    const roles = wholeRoles[audience.whole]
    for (const post of await listPosts(tx, tx.today))
      if (roles.includes(post.role)) receivers.add(post.personId)
  }
  if (audience.cohorts.length > 0) {
    const regime = await findOwnRegime(tx)
    const members = regime
      ? await membersOfCohorts(tx, regime, audience.cohorts)
      : new Map<string, string[]>()
    for (const cohort of audience.cohorts) {
      const found =
        members.get(cohort) ?? wrong('audience', '选中的人员范围不在现行制度里，请重新选择接收人。')
      for (const id of found) receivers.add(id)
    }
  }
  return [...receivers].filter((id) => serving.has(id))
}

/** The receivers in words: 全体教职工；数学教研组；林小满等 3 人. */
export async function audienceText(tx: Tx, audience: Audience): Promise<string> {
  const parts: string[] = []
  if (audience.whole) parts.push(wholeLabels[audience.whole])
  if (audience.schoolIds.length > 0) {
    const schools = await listSchoolsOf(tx, tx.orgId)
    parts.push(
      schools
        .filter((school) => audience.schoolIds.includes(school.id))
        .map((one) => one.name)
        .join('、'),
    )
  } else if (audience.whole && tx.actor.roles.includes('districtOfficer')) parts.push('全区各校')
  if (audience.unitIds.length > 0) {
    const units = await listUnits(tx, tx.today)
    parts.push(
      units
        .filter((unit) => audience.unitIds.includes(unit.id))
        .map((one) => one.name)
        .join('、'),
    )
  }
  if (audience.cohorts.length > 0) {
    const regime = await findOwnRegime(tx)
    parts.push(
      audience.cohorts
        .map((id) => regime?.cohorts.find((cohort) => cohort.id === id)?.label ?? id)
        .join('、'),
    )
  }
  if (audience.personIds.length > 0) {
    const people = (await listPeople(tx, tx.today)).filter((one) => audience.personIds.includes(one.id))
    const names = people.slice(0, 3).map((one) => one.name)
    parts.push(`${names.join('、')}${people.length > 3 ? `等 ${people.length} 人` : ''}`)
  }
  return parts.filter((part) => part !== '').join('；')
}
