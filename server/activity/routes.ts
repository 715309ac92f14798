import type { FastifyRequest } from 'fastify'
import type { HandlerContext } from '../kit/serve.ts'
import { room } from '../kit/serve.ts'
import { type Sheet, writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import * as attendanceActions from './attendance-actions.ts'
import * as attendanceStore from './attendance-store.ts'
import { activityApi, activityLiveApi, attendanceApi, type SignInResult } from './contract.ts'
import { activityRecordData, signInSheetData } from './documents.ts'
import * as leaveActions from './leave-actions.ts'
import { shareArrivals } from './live-cache.ts'
import { leaveLine, makeUpLine } from './present.ts'
import * as queries from './queries.ts'
import { announceArrival } from './running.ts'
import { receiptCookie } from './sign-in-page.ts'
import { findPeople } from './store.ts'

const pdf = 'application/pdf'

export const activityRoom = room('activity', activityApi, {
  listActivities: ({ tx, input }) => queries.listLines(tx, input),
  listMyActivities: ({ tx }) => queries.listMine(tx),
  getActivity: ({ tx, input }) => queries.getDetail(tx, input.id),
  getPlanSuggestion: ({ tx, input }) =>
    queries.suggestPlan(tx, {
      unitId: input.unitId ?? null,
      day: input.day ?? null,
      whole: input.whole,
    }),
  findPeople: ({ tx, input }) => findPeople(tx, input.search),
  planActivity: ({ tx, input }) => actions.planActivity(tx, input),
  getPlan: ({ tx, input }) => queries.getPlan(tx, input.id),
  changeActivity: ({ tx, input }) => actions.changeActivity(tx, input),
  async moveActivity({ tx, input }) {
    await actions.moveActivity(tx, input)
    return {}
  },
  async cancelActivity({ tx, input }) {
    await actions.cancelActivity(tx, input)
    return {}
  },
  async swapSpeaker({ tx, input }) {
    await actions.swapSpeaker(tx, input)
    return {}
  },
  startActivity: ({ tx, input }) => actions.startActivity(tx, input.id),
  closeActivity: ({ tx, input }) =>
    actions.closeActivity(tx, { id: input.id, minutes: input.minutes ?? null }),
  async saveAgenda({ tx, input }) {
    await actions.saveAgenda(tx, input)
    return {}
  },
  saveMinutes: ({ tx, input }) => actions.saveMinutes(tx, input),
  async getSignInSheetFile({ tx, services, input }) {
    const data = await signInSheetData(tx, input.id)
    return {
      name: `签到表 ${data.theme}.pdf`,
      mediaType: pdf,
      body: await services.typesetter.renderPdf('sign-in-sheet/1', data),
      inline: true,
    }
  },
  async getActivityRecordFile({ tx, services, input }) {
    const data = await activityRecordData(tx, input.id)
    return {
      name: `活动记录 ${data.theme}.pdf`,
      mediaType: pdf,
      body: await services.typesetter.renderPdf('activity-record/1', data),
      inline: true,
    }
  },
})

/** Tells the pages that show this activity, once the record is committed. */
function afterArrival(
  { tx, services }: Pick<HandlerContext<unknown>, 'tx' | 'services'>,
  result: SignInResult,
): SignInResult {
  if (result.result === 'signedIn') {
    tx.afterCommit(() =>
      announceArrival(
        result.activityId,
        () => services.hub.tell(tx.orgId, { rooms: ['activityLive'], id: result.activityId }),
        services.hub.listeners,
      ),
    )
  }
  return result
}

export const attendanceRoom = room('attendance', attendanceApi, {
  async signIn(context) {
    const { tx, services, input, request } = context
    return afterArrival(
      context,
      await attendanceActions.signIn(tx, services.secret, {
        token: input.token,
        receipt: receiptCookie(request),
      }),
    )
  },
  async signInByNumber(context) {
    const { tx, services, input } = context
    return afterArrival(context, await attendanceActions.signInByNumber(tx, services.secret, input.number))
  },
  async deliverParked(context) {
    const { tx, services, input } = context
    return afterArrival(context, await attendanceActions.deliverParked(tx, services.secret, input))
  },
  recordRollCall: ({ tx, input }) => attendanceActions.recordRollCall(tx, input),
  async correctAttendance({ tx, input }) {
    await attendanceActions.correctAttendance(tx, input)
    return {}
  },
  async listLeaves({ tx, input }) {
    const mine = { personId: tx.actor.personId ?? '' }
    const theirs = can.seeAllLeaves(tx.actor) ? {} : { unitIds: tx.actor.leads.map((lead) => lead.unitId) }
    const rows = await attendanceStore.listLeaves(tx, {
      ...(input.which === 'mine' ? mine : theirs),
      ...(input.which === 'waiting' ? { status: 'asked' as const } : {}),
      ...(input.from ? { from: input.from } : {}),
      ...(input.to ? { to: input.to } : {}),
    })
    return rows.map((row) => leaveLine(tx.actor, row))
  },
  requestLeave: ({ tx, input }) => leaveActions.requestLeave(tx, input),
  async withdrawLeave({ tx, input }) {
    await leaveActions.withdrawLeave(tx, input.id)
    return {}
  },
  async decideLeave({ tx, input }) {
    await leaveActions.decideLeave(tx, input)
    return {}
  },
  async adviseLeave({ tx, input }) {
    await leaveActions.adviseLeave(tx, input)
    return {}
  },
  recordLeave: ({ tx, input }) => leaveActions.recordLeave(tx, input),
  async listMakeUps({ tx, input }) {
    const mine = { personId: tx.actor.personId ?? '' }
    const theirs = can.seeAllLeaves(tx.actor) ? {} : { unitIds: tx.actor.leads.map((lead) => lead.unitId) }
    const rows = await attendanceStore.listMakeUps(tx, {
      ...(input.which === 'mine' ? mine : theirs),
      ...(input.which === 'toDecide' ? { status: 'handedIn' as const } : {}),
    })
    return rows.map((row) => makeUpLine(tx.actor, row, tx.today))
  },
  async handInMakeUp({ tx, input }) {
    await leaveActions.handInMakeUp(tx, input)
    return {}
  },
  async decideMakeUp({ tx, input }) {
    await leaveActions.decideMakeUp(tx, input)
    return {}
  },
  listStatistics: ({ tx, input }) => queries.listStatistics(tx, input),
  async getStatisticsFile({ tx, input }) {
    const lines = await queries.listStatistics(tx, input)
    const activities = await queries.listLines(tx, {
      from: input.from,
      to: input.to,
      unitId: input.unitId ?? null,
      kind: input.kind ?? null,
      status: 'closed',
    })
    return {
      name: `出勤统计 ${input.from} 至 ${input.to}.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: await writeSpreadsheet({ sheets: [statisticsSheet(lines), activitySheet(activities)] }),
    }
  },
})

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const count = (title: string, width = 8) => ({ title, width, kind: 'integer' as const })

function statisticsSheet(lines: Awaited<ReturnType<typeof queries.listStatistics>>): Sheet {
  return {
    name: '出勤统计',
    columns: [
      text('工号', 12),
      text('姓名', 12),
      text('所在组', 30),
      count('应到'),
      count('出席'),
      count('迟到'),
      count('早退'),
      count('请假'),
      count('缺席'),
      count('已补学'),
      count('参加时长（分钟）', 18),
      { title: '出勤率', width: 10, kind: 'percent' },
    ],
    rows: lines.map((line) => [
      line.staffNumber,
      line.name,
      line.unitNames,
      line.expected,
      line.present,
      line.late,
      line.leftEarly,
      line.onLeave,
      line.absent,
      line.madeUp,
      line.minutes,
      line.ratePerMille === null ? null : line.ratePerMille / 1000,
    ]),
  }
}

/** With beginning, end and length, so that hours can be computed from it. */
function activitySheet(lines: Awaited<ReturnType<typeof queries.listLines>>): Sheet {
  return {
    name: '活动清单',
    columns: [
      { title: '日期', width: 12, kind: 'date' },
      text('开始', 8),
      text('结束', 8),
      count('时长（分钟）', 14),
      text('组织', 18),
      text('类别', 16),
      text('主题', 40),
      text('地点', 20),
      text('中心发言人', 12),
      count('应到'),
      count('实到'),
    ],
    rows: lines.map((line) => [
      line.day,
      line.startTime,
      line.endTime,
      line.minutes,
      line.unit?.name ?? '全校',
      line.kindLabel,
      line.theme,
      line.place,
      line.speakerName,
      line.expected,
      line.attended,
    ]),
  }
}

/** Where people reach the server: the configured address, else the one by which this page was asked for. */
function originOf(services: { publicUrl: string }, request: FastifyRequest): string {
  return services.publicUrl !== ''
    ? services.publicUrl.replace(/\/$/, '')
    : `${request.protocol}://${request.host}`
}

export const activityLiveRoom = room('activityLive', activityLiveApi, {
  getLive: ({ tx, services, input, request }) =>
    queries.getLive(tx, services.secret, originOf(services, request), input.id, (id) =>
      shareArrivals(services.hub, tx, id),
    ),
  listMissing: ({ tx, input }) => queries.listMissing(tx, input.id),
  listRollCall: ({ tx, input }) => queries.listRollCall(tx, input.id),
})
