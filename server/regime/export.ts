import { findingStateLabels } from '../../engine/types.ts'
import type { FileAnswer } from '../kit/contract.ts'
import { type CellValue, type Sheet, type SheetColumn, writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import type { BoardHead, Matrix, SubjectBoard } from './contract.ts'

const text = (title: string, width: number): SheetColumn => ({ title, width, kind: 'text' })
const figure = (title: string): SheetColumn => ({ title, width: 12, kind: 'decimal' })

function subjectSheet(board: SubjectBoard): Sheet {
  return {
    name: board.subject.name,
    columns: [
      text('条款', 10),
      text('应做的事', 26),
      text('规定', 26),
      figure('应完成'),
      figure('已完成'),
      text('单位', 8),
      text('状态', 12),
      text('最近期限', 12),
      text('说明', 60),
    ],
    rows: board.rows.map((row) => [
      row.clause,
      row.title,
      row.note,
      row.target,
      row.value,
      row.unit,
      findingStateLabels[row.state],
      row.dueOn,
      row.sentence,
    ]),
  }
}

/** For each rule what was done, what is asked and the state, as the picture shows them. */
function matrixSheet(name: string, rowTitle: string, matrix: Matrix): Sheet {
  return {
    name,
    columns: [
      text(rowTitle, 16),
      text('备注', 22),
      ...matrix.columns.flatMap((column) => [
        figure(`${column.title}（${column.unit}）`),
        figure('应完成'),
        text('状态', 10),
      ]),
    ],
    rows: matrix.rows.map((row): CellValue[] => [
      row.title,
      row.note,
      ...matrix.columns.flatMap((column): CellValue[] => {
        const cell = row.cells[column.key]
        return cell ? [cell.value, cell.target, findingStateLabels[cell.state]] : [null, null, null]
      }),
    ]),
  }
}

/** A board as an Excel file, with the figures that are on the screen. */
export async function boardFile(
  what:
    | { kind: 'subject'; board: SubjectBoard }
    | { kind: 'matrix'; head: BoardHead; name: string; rowTitle: string; matrix: Matrix },
): Promise<FileAnswer> {
  const head = what.kind === 'subject' ? what.board : what.head
  const name = what.kind === 'subject' ? what.board.subject.name : what.name
  const sheet =
    what.kind === 'subject' ? subjectSheet(what.board) : matrixSheet(what.name, what.rowTitle, what.matrix)
  return {
    name: `${name}研修进度（${head.term?.name ?? ''}${head.evaluatedOn ? `，截至${head.evaluatedOn}` : ''}）.xlsx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    body: await writeSpreadsheet({ sheets: [sheet] }),
  }
}
