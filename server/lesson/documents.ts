import { dayLabel, weekdayLabel } from '../../engine/days.ts'
import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation } from '../org/store.ts'
import type { LessonObservation } from '../typesetting/types.ts'
import type { Sheet as TableSheet } from '../typesetting/spreadsheet.ts'
import type { LessonLine, ObservationView } from './contract.ts'
import { totalOf } from './rules.ts'
import { followedLabels, inspectionLabels, lessonScopeLabels, lessonStatusLabels } from './words.ts'
import type { loadMonths } from './present.ts'

/** `2026年11月22日 星期日` */
const longDay = (day: string) => `${day.slice(0, 4)}年${dayLabel(day)} 星期${weekdayLabel(day).slice(1)}`

const paragraphs = (text: string) =>
  text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** 听课记录, or 课堂意见反馈表 for a leader's visit, as it is printed and signed. */
export async function observationDocument(tx: Tx, view: ObservationView): Promise<LessonObservation> {
  const school = (await findOrganisation(tx)) ?? refuseNotFound('学校')
  const { sheet } = view
  return {
    title: view.dropIn ? '课堂意见反馈表' : '听课记录',
    school: school.name,
    topic: view.topic === '' ? `${view.className}${view.subject}课` : view.topic,
    particulars: [
      { label: '上课教师', value: view.teacher.label },
      { label: '听课人', value: view.observer.label },
      { label: '班级', value: view.className },
      { label: '学科', value: view.subject },
      { label: '时间', value: `${longDay(view.heldOn)} ${view.periodLabel}`.trim() },
      { label: '课型', value: view.kindLabel },
    ],
    notes: view.notes
      .filter((note) => note.text.trim() !== '')
      .map((note) => ({ minute: note.minute === null ? '' : `${note.minute} 分`, text: note.text })),
    sheet: sheet
      ? {
          title: sheet.title,
          rows: sheet.criteria
            .filter((criterion) => view.scores[criterion.id] !== undefined)
            .map((criterion) => {
              const step = sheet.steps[view.scores[criterion.id] ?? -1]
              return {
                label: criterion.label,
                hint: criterion.hint,
                weight: String(criterion.weight),
                step: step?.label ?? '',
              }
            }),
          total: String(totalOf(sheet, view.scores) ?? ''),
        }
      : null,
    earlier: view.earlier
      ? `${dayLabel(view.earlier.heldOn)}的改进要求：${view.earlier.actionStep}${view.followed ? `（${followedLabels[view.followed]}）` : ''}`
      : '',
    comment: paragraphs(view.comment),
    commentLabel: view.dropIn ? '领导意见' : '评议与建议',
    actionStep: view.actionStep,
    answer: paragraphs(view.answer),
    answerLabel: view.dropIn ? '教师感言' : '上课教师回应',
    inspection: view.inspection
      ? `检查：${inspectionLabels[view.inspection]}${view.inspectionRemark === '' ? '' : `，${view.inspectionRemark}`}${view.inspectedByName ? `（${view.inspectedByName}）` : ''}`
      : '',
    issuedOn: tx.today,
    draft: view.status === 'draft',
  }
}

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const whole = (title: string, width: number) => ({ title, width, kind: 'integer' as const })

/** Lessons of a stretch of days. */
export function lessonsSheet(lines: readonly LessonLine[]): TableSheet {
  return {
    name: '公开课与研究课',
    columns: [
      { title: '日期', width: 13, kind: 'date' as const },
      text('节次', 20),
      text('教师', 10),
      text('学科', 10),
      text('班级', 12),
      text('课题', 30),
      text('课型', 14),
      text('范围', 8),
      text('地点', 12),
      text('指导教师', 10),
      text('教研组', 16),
      text('状态', 8),
      whole('报名听课', 9),
      whole('已交听课记录', 12),
      whole('评分人数', 9),
      text('说明', 30),
    ],
    rows: lines.map((line) => [
      line.heldOn,
      line.periodLabel,
      line.teacher.name,
      line.subject,
      line.className,
      line.topic,
      line.kindLabel,
      lessonScopeLabels[line.scope],
      line.room,
      line.guideName,
      line.unitName,
      lessonStatusLabels[line.status],
      line.observers,
      line.observed,
      line.ratings,
      line.reason,
    ]),
  }
}

/** Observations per person and month. */
export function monthsSheet({ months, rows }: Awaited<ReturnType<typeof loadMonths>>): TableSheet {
  return {
    name: '听课节数',
    columns: [
      text('教师', 10),
      text('教研组', 20),
      ...months.map((month) => whole(month.label, 8)),
      whole('合计', 8),
      whole('其中随时听课', 12),
      whole('已检查', 8),
    ],
    rows: rows.map((row) => [
      row.name,
      row.unitNames.join('、'),
      ...months.map((month) => row.months[month.month] ?? 0),
      row.total,
      row.dropIns,
      row.inspected,
    ]),
  }
}
