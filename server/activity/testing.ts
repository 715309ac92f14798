import assert from 'node:assert/strict'
import { factKinds } from '../../engine/facts.ts'
import { listFactsOfKinds } from '../facts/store.ts'
import { instantAt } from '../kit/dates.ts'
import { Refusal } from '../kit/errors.ts'
import { createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import { tokenFor, windowOf } from './codes.ts'
import type { PlanInput } from './contract.ts'
import type { AttendanceStatus } from './words.ts'
import { getDetail } from './queries.ts'

export const services = await createTestServices(instantAt('2026-11-18', '15:00'))
export const day = '2026-11-18'
export const { secret } = services

export function at(time: string, on = day): void {
  services.clock.moveTo(instantAt(on, time))
}
export function plan(school: TestSchool, more: Partial<PlanInput> = {}): PlanInput {
  return {
    scope: 'group',
    unitId: school.groupId,
    kind: 'groupResearch',
    theme: '估算教学的难点',
    content: '以三年级上册为例',
    place: '三楼会议室',
    day,
    startTime: '15:30',
    endTime: '17:00',
    hostId: school.people.leader,
    speakerId: school.people.teacher,
    ...more,
  }
}
/** A school with one activity that runs since 15:20. */
export async function running(more: Partial<PlanInput> = {}) {
  at('15:20')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school, more)))
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  return { school, id }
}
export const tokenNow = (activityId: string) =>
  tokenFor(secret, { activityId, window: windowOf(services.clock.now()) })
export const later = (milliseconds: number) =>
  services.clock.moveTo(new Date(services.clock.now().getTime() + milliseconds))

export async function refused(work: Promise<unknown>, pattern: RegExp, status = 422): Promise<Refusal> {
  let caught: unknown
  await work.catch((error: unknown) => {
    caught = error
  })
  assert.ok(caught instanceof Refusal, `expected a refusal, got ${String(caught)}`)
  assert.match(caught.message, pattern)
  assert.equal(caught.status, status)
  return caught
}

/** What still counts: facts without those that were reversed. */
export async function standing(school: TestSchool) {
  const facts = await school.as('system', (tx) =>
    listFactsOfKinds(tx, { from: '2026-08-01', to: '2027-07-31' }, Object.keys(factKinds)),
  )
  const undone = new Set(facts.flatMap((fact) => (fact.reverses ? [fact.reverses] : [])))
  return facts.filter((fact) => fact.reverses === null && !undone.has(fact.id))
}
export async function factsOf(school: TestSchool, who: keyof TestSchool['people']) {
  return (await standing(school))
    .filter((fact) => fact.subject.id === school.people[who])
    .map(
      (fact) =>
        `${fact.kind} ${String(fact.attributes.status ?? fact.attributes.missedStatus ?? '')} ${fact.quantity}`,
    )
    .sort()
}
export async function statuses(
  school: TestSchool,
  id: string,
): Promise<Record<string, AttendanceStatus | null>> {
  const detail = await school.as('leader', (tx) => getDetail(tx, id))
  return Object.fromEntries((detail.attendance ?? []).map((line) => [line.name, line.status]))
}
