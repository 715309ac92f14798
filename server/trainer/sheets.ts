import type { Tx } from '../kit/sql.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { loadContributions, loadInvitations, loadTrainers } from './present.ts'
import { contributionKindLabels, invitationKindLabels, invitationStatusLabels } from './words.ts'

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const day = (title: string) => ({ title, width: 14, kind: 'date' as const })
const count = (title: string, width = 10) => ({ title, width, kind: 'integer' as const })
const figure = (title: string) => ({ title, width: 12, kind: 'decimal' as const })

/** A school year of the trainers for Excel: the figures of each, every lecture and guidance, invitations, the pool. */
export async function yearSheets(
  tx: Tx,
  schoolYearId: string | null,
): Promise<{ name: string; sheets: Sheet[] }> {
  const year = await loadContributions(tx, schoolYearId)
  const { trainers } = await loadTrainers(tx, true)
  const invitations = await loadInvitations(tx)
  const hasFees = year.abilities.fee === null
  const fees = hasFees ? [figure('费用（元）')] : []
  const fee = (amount: number | null | undefined) => (hasFees ? [amount ?? null] : [])
  return {
    name: `讲座和指导 ${year.schoolYear?.label ?? ''}`.trim(),
    sheets: [
      {
        name: '年度统计',
        columns: [
          text('姓名', 12),
          text('类别', 16),
          text('级别', 10),
          text('来源', 10),
          count('讲座（次）', 12),
          count('指导（次）', 12),
          count('时长（分钟）', 14),
          count('受益人次', 12),
          figure('平均评价'),
          ...fees,
        ],
        rows: year.years.map((one) => [
          one.name,
          one.kindLabel,
          one.levelLabel,
          one.isOwn ? '本单位' : '校外',
          one.lectures,
          one.guidances,
          one.minutes,
          one.people,
          one.stars,
          ...fee(one.fee),
        ]),
      },
      {
        name: '讲座和指导',
        columns: [
          day('日期'),
          text('形式', 8),
          text('主讲或指导', 16),
          text('题目或内容', 40),
          count('时长（分钟）', 14),
          text('对象', 24),
          text('对应活动', 36),
          count('评价人数', 12),
          figure('平均评价'),
          ...fees,
          text('说明', 40),
        ],
        rows: year.contributions.map((one) => [
          one.heldOn,
          contributionKindLabels[one.kind],
          one.giverName,
          one.subject,
          one.minutes,
          one.forWhom,
          one.activity?.theme ?? '',
          one.ratings,
          one.stars,
          ...fee(one.fee),
          one.note,
        ]),
      },
      {
        name: '聘请和邀请',
        columns: [
          text('姓名', 12),
          text('事项', 12),
          text('内容', 36),
          day('从'),
          day('到'),
          text('状态', 14),
          text('聘书编号', 14),
          ...fees,
          text('未批准的原因', 36),
        ],
        rows: invitations.map((one) => [
          one.trainerName,
          invitationKindLabels[one.kind],
          one.subject,
          one.from,
          one.to,
          invitationStatusLabels[one.status],
          one.letterNumber,
          ...fee(one.fee),
          one.reason,
        ]),
      },
      {
        name: '师资库',
        columns: [
          text('姓名', 12),
          text('类别', 16),
          text('级别', 10),
          text('单位', 26),
          text('专长', 26),
          text('电话', 16),
          text('受聘', 24),
          day('聘期到'),
          day('离开师资库'),
        ],
        rows: trainers.map((one) => [
          one.name,
          one.kindLabel,
          one.levelLabel,
          one.employer,
          one.field,
          one.phone,
          one.adviser?.subject ?? '',
          one.adviser?.to ?? null,
          one.leftOn,
        ]),
      },
    ],
  }
}
