import { findingStateLabels } from '../../engine/types.ts'
import type { FileAnswer } from '../kit/contract.ts'
import { type Sheet, type SheetColumn, writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import type { ResultDifference, ResultLine, ResultPage, ResultsPage } from './results-contract.ts'
import { directionLabels } from './words.ts'

const text = (title: string, width: number): SheetColumn => ({ title, width, kind: 'text' })
const count = (title: string): SheetColumn => ({ title, width: 10, kind: 'integer' })
const figure = (title: string): SheetColumn => ({ title, width: 10, kind: 'decimal' })

const file = async (name: string, sheets: Sheet[]): Promise<FileAnswer> => ({
  name: `${name}.xlsx`,
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  body: await writeSpreadsheet({ sheets }),
})

function listSheet(name: string, rowTitle: string, rows: ResultLine[]): Sheet {
  return {
    name,
    columns: [
      text(rowTitle, 20),
      count('要求（期）'),
      count('完成（期）'),
      count('逾期（期）'),
      count('第几次确认'),
      text('确认日期', 12),
      text('确认人', 12),
      text('确认后', 16),
    ],
    rows: rows.map((row) => [
      row.subject.name,
      row.asked,
      row.done,
      row.overdue,
      row.latest?.sequence ?? null,
      row.latest?.on ?? '还没有确认',
      row.latest ? (row.latest.byName ?? '系统') : null,
      row.differs ? '确认后有更正' : null,
    ]),
  }
}

/** Who has results of a term or year confirmed, on one sheet each for people, groups and the school. */
export function resultsFile(page: ResultsPage): Promise<FileAnswer> {
  const span = page.spans.find((one) => one.id === page.spanId)
  const sheets = [
    ...(page.school.length > 0 ? [listSheet('学校', '学校', page.school)] : []),
    ...(page.groups.length > 0 ? [listSheet('小组', '小组', page.groups)] : []),
    listSheet('教师', '教师', page.people),
  ]
  return file(`${span?.label ?? ''}期末结果`, sheets)
}

function differenceSheet(name: string, rows: ResultDifference[]): Sheet {
  return {
    name,
    columns: [
      text('条款', 10),
      text('应做的事', 24),
      text('时段', 24),
      text('方向', 12),
      text('原来', 50),
      text('现在', 50),
    ],
    rows: rows.map((row) => [
      row.clause,
      row.title,
      row.period,
      directionLabels[row.direction],
      row.old,
      row.new,
    ]),
  }
}

/** One confirmed result as it was kept: every finding, the records behind it, and what was corrected since. */
export function resultFile(page: ResultPage): Promise<FileAnswer> {
  const findings: Sheet = {
    name: '结果',
    columns: [
      text('条款', 10),
      text('应做的事', 24),
      text('时段', 24),
      text('状态', 10),
      figure('实有'),
      figure('应有'),
      text('单位', 8),
      text('等次、结果', 14),
      text('依据', 60),
      text('算法', 50),
    ],
    rows: page.rows.map(({ trace, ...row }) => [
      row.clause,
      row.title,
      row.period,
      findingStateLabels[row.state],
      trace.finding.value,
      trace.finding.target,
      trace.finding.unit,
      trace.finding.result,
      trace.sentence,
      trace.formula,
    ]),
  }
  const records: Sheet = {
    name: '记录',
    columns: [
      text('条款', 10),
      text('应做的事', 24),
      text('时段', 24),
      text('记录日期', 12),
      figure('计入'),
      text('没有计入的原因', 50),
    ],
    rows: page.rows.flatMap(({ trace, ...row }) =>
      trace.facts.map((fact) => [row.clause, row.title, row.period, fact.on, fact.counted, fact.because]),
    ),
  }
  return file(`${page.subject.name}${page.span}结果（第${page.sequence}次确认，${page.on}）`, [
    findings,
    records,
    ...(page.sinceBefore.length > 0 ? [differenceSheet('与上一次的差别', page.sinceBefore)] : []),
    ...(page.sinceThen.length > 0 ? [differenceSheet('确认以后的更正', page.sinceThen)] : []),
  ])
}
