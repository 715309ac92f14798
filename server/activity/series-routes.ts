import type { LocalDate } from '../../engine/types.ts'
import { endOfMonth } from '../../engine/days.ts'
import { localTimeOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { findUnit } from '../org/store.ts'
import { type Sheet, writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './series-actions.ts'
import { type LeaderLine, seriesApi, type TemplateView } from './series-contract.ts'
import { openTheme } from './series-rules.ts'
import * as store from './series-store.ts'
import { activitySettings, choosable, minutesParts, settledParts } from './settings.ts'
import { findLastOfUnit } from './store.ts'
import { activityStatusLabels } from './words.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })

/** Every kind of the school with its usual length, place and materials, and what the regime wants of it. */
async function listTemplates(tx: Tx): Promise<TemplateView[]> {
  const settings = await activitySettings(tx)
  const own = new Map((await store.listTemplates(tx)).map((row) => [row.kind, row]))
  return choosable(settings.kinds).map(({ id, label }) => {
    const row = own.get(id)
    return {
      kind: id,
      kindLabel: label,
      minutes: row?.minutes ?? null,
      place: row?.place ?? '',
      materials: row?.materials ?? [],
      agenda: (row?.agenda ?? []).map((item) => item.text),
      leadDays: row?.leadDays ?? null,
      settled: settledParts(settings, id),
      minutesParts: minutesParts(settings, id),
    }
  })
}

/** Months of a range, the first to the last: `2026-09`. */
function monthsOf(from: LocalDate, to: LocalDate): string[] {
  const months: string[] = []
  for (let day = `${from.slice(0, 7)}-01`; day <= to; day = nextMonth(day)) months.push(day.slice(0, 7))
  return months
}
function nextMonth(day: LocalDate): LocalDate {
  const [year, month] = day.split('-').map(Number)
  const next = (year ?? 0) * 12 + (month ?? 1)
  return `${Math.floor(next / 12)}-${String((next % 12) + 1).padStart(2, '0')}-01`
}

/** Leaders with the group activities they took part in, month by month (jianan-11). */
export async function listLeaders(tx: Tx, range: { from: LocalDate; to: LocalDate }): Promise<LeaderLine[]> {
  if (range.to < range.from) refuse('结束月份在开始月份之前，请重新选择。', { fields: { to: '在开始之前' } })
  const months = monthsOf(range.from, range.to)
  if (months.length > 24) refuse('一次最多看 24 个月，请缩短时间。', { fields: { from: '时间太长' } })
  const rows = await store.listLeaderVisits(tx, {
    from: `${range.from.slice(0, 7)}-01`,
    to: endOfMonth(range.to),
  })
  return [...Map.groupBy(rows, (row) => row.personId)].map(([personId, own]) => {
    const visits = own.flatMap((row) =>
      row.activityId && row.heldOn
        ? [
            {
              activityId: row.activityId,
              day: row.heldOn,
              theme: row.theme ?? '',
              unitName: row.unitName ?? '',
            },
          ]
        : [],
    )
    return {
      personId,
      name: own[0]?.name ?? '',
      title: own[0]?.title ?? '',
      months: months.map((month) => ({
        month,
        count: visits.filter((visit) => visit.day.startsWith(month)).length,
      })),
      total: visits.length,
      visits,
    }
  })
}

function leaderSheets(lines: LeaderLine[]): Sheet[] {
  const months = lines[0]?.months.map((one) => one.month) ?? []
  return [
    {
      name: '按月统计',
      columns: [
        text('姓名', 12),
        text('职务', 16),
        ...months.map((month) => ({
          title: `${Number(month.slice(5))}月`,
          width: 8,
          kind: 'integer' as const,
        })),
        { title: '合计', width: 8, kind: 'integer' as const },
      ],
      rows: lines.map((line) => [line.name, line.title, ...line.months.map((one) => one.count), line.total]),
    },
    {
      name: '参加明细',
      columns: [
        text('姓名', 12),
        { title: '日期', width: 12, kind: 'date' as const },
        text('组', 18),
        text('主题', 40),
      ],
      rows: lines.flatMap((line) =>
        line.visits.map((visit) => [line.name, visit.day, visit.unitName, visit.theme]),
      ),
    },
  ]
}

export const seriesRoom = room('series', seriesApi, {
  getSeries: ({ tx, input }) => actions.getSeries(tx, input),
  createSeries: ({ tx, input }) => actions.createSeries(tx, input),
  saveThemes: ({ tx, input }) => actions.saveThemes(tx, input),
  async swapTurns({ tx, input }) {
    await actions.swapTurns(tx, input)
    return {}
  },
  repairRotation: ({ tx, input }) => actions.repairRotation(tx, input),
  async getSeriesFile({ tx, input }) {
    const view = await actions.getSeries(tx, input)
    const rows = view.existing.map((row, index) => [
      index + 1,
      row.day,
      row.weekLabel,
      row.kindLabel,
      row.theme || '主题待定',
      row.speaker?.name ?? '',
      row.status ? activityStatusLabels[row.status] : '',
    ])
    return {
      name: `${view.unit?.name ?? '本组'} ${view.term?.name ?? ''} 活动安排.xlsx`,
      mediaType: excel,
      body: await writeSpreadsheet({
        sheets: [
          {
            name: '活动安排',
            columns: [
              { title: '次', width: 6, kind: 'integer' },
              { title: '日期', width: 12, kind: 'date' },
              text('周次', 16),
              text('类别', 16),
              text('主题', 44),
              text('中心发言人', 12),
              text('状态', 10),
            ],
            rows,
          },
        ],
      }),
    }
  },
  async getPlanHelp({ tx, input }) {
    const unitId = input.unitId ?? null
    demand(can.plan(tx.actor, unitId === null ? 'organisation' : 'group', unitId))
    if (unitId !== null && !(await findUnit(tx, unitId))) refuseNotFound('组')
    const last = await findLastOfUnit(tx, unitId)
    const lines = (agenda: { text: string }[]) => agenda.map((item) => item.text).join('\n')
    return {
      last: last
        ? {
            kind: last.kind,
            form: last.form,
            contentTags: last.contentTags,
            theme: last.theme === openTheme ? '' : last.theme,
            content: last.content,
            place: last.place,
            startTime: localTimeOf(last.startsAt),
            endTime: localTimeOf(last.endsAt),
            hostId: last.hostId,
            recorderId: last.recorderId === last.hostId ? null : last.recorderId,
            agenda: lines(last.agenda),
            day: last.heldOn,
          }
        : null,
      templates: (await store.listTemplates(tx)).map((row) => ({
        kind: row.kind,
        minutes: row.minutes,
        place: row.place,
        agenda: lines(row.agenda),
      })),
    }
  },
  async listTemplates({ tx }) {
    return {
      templates: await listTemplates(tx),
      abilities: { change: can.plan(tx.actor, 'organisation', null) },
    }
  },
  async saveTemplate({ tx, input }) {
    await actions.saveTemplate(tx, input)
    return {}
  },
  async listStranded({ tx }) {
    const rows = await store.listStranded(tx)
    return rows.map(({ id, heldOn, ...row }) => ({ activityId: id, day: heldOn, ...row }))
  },
  moveToUnit: ({ tx, input }) => actions.moveToUnit(tx, input),
  cancelMany: ({ tx, input }) => actions.cancelMany(tx, input),
  listLeaderVisits: ({ tx, input }) => listLeaders(tx, input),
  async getLeaderVisitsFile({ tx, input }) {
    const lines = await listLeaders(tx, input)
    return {
      name: `领导参加教研活动 ${input.from.slice(0, 7)} 至 ${input.to.slice(0, 7)}.xlsx`,
      mediaType: excel,
      body: await writeSpreadsheet({ sheets: leaderSheets(lines) }),
    }
  },
})
