import { addDays } from '../../engine/days.ts'
import { renewHeld } from '../activity/held.ts'
import { getLocked } from '../activity/locked.ts'
import { listLines } from '../activity/queries.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findLesson } from '../lesson/store.ts'
import { can } from './access.ts'
import * as store from './case-store.ts'
import type { CaseActivity, CaseRoom } from './contract.ts'
import { findDesign } from './design-store.ts'
import { findRun } from './store.ts'

interface Case {
  caseId: string
  unitId: string | null
  /** Why the actor may not say at which activity it was discussed, or null. */
  link: string | null
}

/** The case behind a design, a matter or a lesson that the actor may see. */
async function getCase(tx: Tx, of: { room: CaseRoom; id: string }): Promise<Case> {
  const { actor } = tx
  if (of.room === 'design') {
    const design = (await findDesign(tx, of.id)) ?? refuseNotFound('教案')
    if (can.seeDesign(actor, design) !== null) refuseNotFound('教案')
    const link =
      design.kind === 'shared' ? can.lead(actor, design) : '只有集体备课的共同设计关联讨论它的活动。'
    return { caseId: design.id, unitId: design.unitId, link }
  }
  if (of.room === 'run') {
    const run = (await findRun(tx, of.id)) ?? refuseNotFound('研修流程')
    if (can.see(actor, run) !== null) refuseNotFound('研修流程')
    return { caseId: run.caseId, unitId: run.unitId, link: can.begin(actor, run) }
  }
  const lesson = (await findLesson(tx, of.id)) ?? refuseNotFound('课')
  const link =
    lesson.status === 'cancelled'
      ? '这节课已经取消。'
      : can.begin(actor, { personId: lesson.teacherId, unitId: lesson.unitId })
  return { caseId: lesson.caseId, unitId: lesson.unitId, link }
}

/** From so many days back an activity can still be named as the one at which something was discussed. */
const daysBack = 90
const daysAhead = 30

/** Activities at which a case was (or will be) discussed, and those that could be named. */
export async function listCaseActivities(
  tx: Tx,
  of: { room: CaseRoom; id: string },
): Promise<{ linked: CaseActivity[]; choices: CaseActivity[]; abilities: { link: string | null } }> {
  const found = await getCase(tx, of)
  const ids = new Set(await store.listActivityIdsOfCase(tx, found.caseId))
  if (ids.size === 0 && found.link !== null)
    return { linked: [], choices: [], abilities: { link: found.link } }
  const lines = (
    await listLines(tx, { from: addDays(tx.today, -daysBack), to: addDays(tx.today, daysAhead) })
  ).filter((line) => line.status !== 'cancelled')
  const known = new Set(
    (
      await store.listCaseLinks(
        tx,
        lines.map((line) => line.id),
      )
    ).map((link) => link.activityId),
  )
  const toActivity = (line: (typeof lines)[number]): CaseActivity => ({
    id: line.id,
    theme: line.theme,
    heldOn: line.day,
    isHeld: line.status === 'closed',
  })
  const isOfGroup = (line: (typeof lines)[number]) => line.unit === null || line.unit.id === found.unitId
  return {
    linked: lines.filter((line) => ids.has(line.id)).map(toActivity),
    choices:
      found.link === null
        ? lines
            .filter((line) => !known.has(line.id) && isOfGroup(line))
            .map(toActivity)
            .reverse()
            .slice(0, 30)
        : [],
    abilities: { link: found.link },
  }
}

/**
 * Says that a case was discussed at an activity, or takes it back: the activity then counts with the case. An activity
 * belongs to one case; it must be of the same group or of the whole school.
 */
export async function linkActivity(
  tx: Tx,
  input: { room: CaseRoom; id: string; activityId: string; linked: boolean },
): Promise<void> {
  const found = await getCase(tx, input)
  demand(found.link)
  const activity = await getLocked(tx, input.activityId)
  const now = await store.findCaseOf(tx, activity.id)
  if (!input.linked) {
    if (now?.caseId !== found.caseId) return
    await store.deleteCaseLink(tx, activity.id)
  } else {
    if (now?.caseId === found.caseId) return
    if (now) refuse('这次活动已经关联了另一个课例，一次活动只关联一个。')
    if (activity.status === 'cancelled') refuse('这次活动已经取消，请选另一次。')
    if (activity.unitId !== null && activity.unitId !== found.unitId)
      refuse('这次活动是别的组的，请选本组或全校的活动。')
    await store.insertCaseLink(tx, { activityId: activity.id, caseId: found.caseId })
  }
  await renewHeld(tx, activity.id)
  await audit(tx, {
    type: input.linked ? 'teaching.activityLinked' : 'teaching.activityUnlinked',
    id: input.id,
    payload: { activityId: activity.id, caseId: found.caseId },
  })
  changed(tx, 'teaching', 'design')
}

/** What was discussed of a matter goes with it when it takes over the word of its lessons. */
export async function moveCase(tx: Tx, from: string, to: string): Promise<void> {
  const ids = await store.listActivityIdsOfCase(tx, from)
  if (ids.length === 0) return
  await store.updateCaseLinks(tx, from, to)
  for (const id of ids) await renewHeld(tx, id)
}
