import { daysBetween } from '../../engine/days.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { registerFileOwner } from '../files/owners.ts'
import { localTimeOf } from '../kit/dates.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson } from '../org/store.ts'
import { can } from './access.ts'
import * as actions from './participation-actions.ts'
import { type Participation, participationApi } from './participation-contract.ts'
import * as store from './participation-store.ts'
import { listTemplates } from './series-store.ts'
import { type ActivityRow, findActivity, isExpected, listExpected } from './store.ts'

async function getSeen(tx: Tx, id: string): Promise<{ activity: ActivityRow; expected: boolean }> {
  const activity = (await findActivity(tx, id)) ?? refuseNotFound('活动')
  const expected = await isExpected(tx, activity, tx.actor.personId)
  demand(can.open(tx.actor, activity, expected))
  return { activity, expected }
}

// Photos and other papers of the activity itself: added by those who write the minutes.
registerFileOwner('activity', {
  async see(tx, id) {
    const activity = (await findActivity(tx, id)) ?? refuseNotFound('活动')
    return can.open(tx.actor, activity, await isExpected(tx, activity, tx.actor.personId))
  },
  async attach(tx, id) {
    const activity = (await findActivity(tx, id)) ?? refuseNotFound('活动')
    return can.writeMinutes(tx.actor, activity)
  },
})
// The file of a hand-out: seen by the others from the day of release on.
registerFileOwner('material', {
  async see(tx, id) {
    const material = (await store.findMaterial(tx, id)) ?? refuseNotFound('材料')
    const { activity } = await getSeen(tx, material.activityId)
    return material.releasedOn <= tx.today || can.run(tx.actor, activity) === null ? null : '材料还没有发放。'
  },
  async attach(tx, id) {
    const material = (await store.findMaterial(tx, id)) ?? refuseNotFound('材料')
    const activity = (await findActivity(tx, material.activityId)) ?? refuseNotFound('活动')
    return can.change(tx.actor, activity)
  },
})

/** Everything about taking part in one activity, as this reader may see it. */
export async function getParticipation(tx: Tx, activityId: string): Promise<Participation> {
  const { activity, expected } = await getSeen(tx, activityId)
  const { actor } = tx
  const runs = can.run(actor, activity)
  const leadDays = await actions.leadDaysOf(tx, activity)
  const template = (await listTemplates(tx)).find((one) => one.kind === activity.kind)
  const materials = (await store.listMaterials(tx, activityId)).filter(
    (one) => one.releasedOn <= tx.today || runs === null,
  )
  const receipts = materials.length > 0 ? await store.listReceipts(tx, activityId) : []
  const out = materials.filter((one) => one.releasedOn <= tx.today)
  const received = new Set(receipts.map((one) => one.personId))
  const enrolments = activity.byEnrolment ? await store.listEnrolments(tx, activityId) : []
  const mine = enrolments.find((row) => row.personId === actor.personId)
  const waiting = enrolments.filter((row) => row.status === 'waiting')
  const sessions = await store.listSessions(tx, activityId)
  const presence = sessions.length > 0 ? await store.listSessionPresence(tx, activityId) : []
  const sessionNow = sessions.find((one) => one.endsAt >= tx.now) ?? sessions.at(-1)
  const confirmedBy = activity.minutesConfirmedBy
    ? await findPerson(tx, activity.minutesConfirmedBy)
    : undefined
  const named = (row: { personId: string; name: string }) => ({ id: row.personId, name: row.name })
  const views = []
  for (const one of materials) {
    const own = receipts.filter((receipt) => receipt.materialId === one.id)
    const my = own.find((receipt) => receipt.personId === actor.personId)
    views.push({
      id: one.id,
      title: one.title,
      note: one.note,
      address: one.address,
      releasedOn: one.releasedOn,
      leadDays: daysBetween(one.releasedOn, activity.heldOn),
      late: actions.lateSentence(one.releasedOn, activity.heldOn, leadDays),
      byChoice: one.byChoice,
      files: await listAttachmentsOf(tx, 'material', one.id),
      mine: my ? { receivedAt: my.receivedAt, chosen: my.chosen } : null,
      received: own.length,
      chosenBy: own.filter((receipt) => receipt.chosen).map((receipt) => receipt.name),
    })
  }
  const change = can.change(actor, activity)
  return {
    materials: views,
    leadDays,
    notReceived:
      runs === null && out.length > 0
        ? (await listExpected(tx, activity))
            .filter((row) => !received.has(row.personId))
            .map((row) => row.name)
        : null,
    usual: (template?.materials ?? []).filter((title) => !materials.some((one) => one.title === title)),
    sessions: sessions.map((one) => ({
      number: one.number,
      day: one.heldOn,
      startTime: localTimeOf(one.startsAt),
      endTime: localTimeOf(one.endsAt),
      present: one.present,
      personIds:
        runs === null ? presence.filter((row) => row.number === one.number).map((row) => row.personId) : [],
      mine: presence.some((row) => row.number === one.number && row.personId === actor.personId),
      isNow: one.number === sessionNow?.number,
    })),
    leastSessions: activity.leastSessions,
    enrolment: activity.byEnrolment
      ? {
          capacity: activity.capacity,
          enrolled: enrolments.filter((row) => row.status === 'enrolled').map(named),
          waiting: waiting.map(named),
          mine: mine ? (mine.status === 'enrolled' ? 'enrolled' : 'waiting') : null,
          myPlace: mine?.status === 'waiting' ? waiting.indexOf(mine) + 1 : null,
          movedUp: mine?.status === 'enrolled' && mine.movedUpAt !== null && mine.seenAt === null,
        }
      : null,
    guests: (await store.listGuests(tx, activityId)).map((row) => ({
      id: row.id,
      name: row.name,
      school: row.school,
      time: localTimeOf(row.signedAt),
    })),
    guestPath: activity.status === 'running' && runs === null ? `/g/${tx.orgId}` : null,
    photos: await listAttachmentsOf(tx, 'activity', activityId),
    minutes: {
      confirmedAt: activity.minutesConfirmedAt,
      confirmedByName: confirmedBy?.name ?? null,
      confirm: actions.confirmAbility(tx, activity),
    },
    abilities: {
      change,
      setSessions: change ?? (activity.status === 'planned' ? null : '活动已经开始，场次不能再改。'),
      run: runs,
      receive:
        actor.personId === null
          ? '请用教师本人的账号操作。'
          : expected
            ? out.length > 0
              ? null
              : '还没有发放材料。'
            : '您不在应到名单里，不用确认。',
      enrol: !activity.byEnrolment
        ? '这个活动不用报名。'
        : activity.status === 'planned'
          ? actor.personId === null || actor.districtId !== null
            ? '请用教师本人的账号报名。'
            : null
          : '活动已经开始或结束，不能再报名。',
      addGuest:
        runs ??
        (activity.status === 'running' || activity.status === 'closed' ? null : '活动开始后再登记来宾。'),
      addPhoto: can.writeMinutes(actor, activity),
    },
  }
}

export const participationRoom = room('participation', participationApi, {
  getParticipation: ({ tx, input }) => getParticipation(tx, input.activityId),
  async listNotices({ tx }) {
    if (tx.actor.personId === null || tx.actor.districtId !== null) return []
    const rows = await store.listNotices(tx, tx.actor.personId)
    return rows.map(({ heldOn, ...row }) => ({ ...row, day: heldOn }))
  },
  addMaterial: ({ tx, input }) => actions.addMaterial(tx, input),
  async removeMaterial({ tx, input }) {
    await actions.removeMaterial(tx, input)
    return {}
  },
  async receiveMaterials({ tx, input }) {
    await actions.receiveMaterials(tx, input)
    return {}
  },
  async saveSessions({ tx, input }) {
    await actions.saveSessions(tx, input)
    return {}
  },
  recordSession: ({ tx, input }) => actions.recordSession(tx, input),
  setEnrolment: ({ tx, input }) => actions.setEnrolment(tx, input),
  enrol: ({ tx, input }) => actions.enrol(tx, input),
  leaveEnrolment: ({ tx, input }) => actions.leaveEnrolment(tx, input),
  async admit({ tx, input }) {
    await actions.admit(tx, input)
    return {}
  },
  async noteMovedUp({ tx, input }) {
    await actions.noteMovedUp(tx, input)
    return {}
  },
  addGuest: ({ tx, input }) => actions.addGuest(tx, input),
  async removeGuest({ tx, input }) {
    await actions.removeGuest(tx, input)
    return {}
  },
  async confirmMinutes({ tx, input }) {
    await actions.confirmMinutes(tx, input)
    return {}
  },
})
