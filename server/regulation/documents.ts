import { dayText } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import type { RegulationDocument } from '../typesetting/types.ts'
import type { OpinionView, RegulationLine } from './contract.ts'
import type { Found } from './present.ts'
import { answerLabels, labelsOf, stageLabels, stanceLabels } from './words.ts'

const longDay = (day: string) => `${day.slice(0, 4)}年${dayText(day)}`

/** A regulation as it is printed. */
export function regulationDocument(tx: Tx, { version, organisation }: Found): RegulationDocument {
  const labels = labelsOf(version.clauses, version.numbering)
  const stage = stageLabels[version.stage]
  const standing =
    version.inForceFrom === null
      ? version.consultFrom !== null && version.consultTo !== null
        ? `征求意见：${longDay(version.consultFrom)}至${longDay(version.consultTo)}`
        : '起草中'
      : version.inForceTo === null
        ? `自${longDay(version.inForceFrom)}起施行`
        : `${longDay(version.inForceFrom)}至${longDay(version.inForceTo)}施行`
  return {
    title: version.title,
    organisation: organisation.name,
    number: version.documentNumber,
    version: `第 ${version.number} 版 · ${stage}`,
    standing,
    text: version.clauses.map((clause, index) => ({
      kind: clause.kind,
      label: labels[index] ?? '',
      paragraphs: clause.text.split(/\n+/).filter((line) => line.trim() !== ''),
    })),
    closing: [
      { label: '起草', value: version.draftedByName ?? '—' },
      {
        label: '征求意见',
        value:
          version.consultFrom === null || version.consultTo === null
            ? '没有征求意见'
            : `${longDay(version.consultFrom)}至${longDay(version.consultTo)}，${version.opinionStates.length} 条意见`,
      },
      { label: '批准', value: version.approvedByName ?? '—' },
      { label: '施行', value: version.inForceFrom === null ? '—' : longDay(version.inForceFrom) },
    ],
    issuedOn: tx.today,
    draft: version.approvedAt === null,
  }
}

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const day = (title: string) => ({ title, width: 14, kind: 'date' as const })
const count = (title: string) => ({ title, width: 10, kind: 'integer' as const })

/** The register for Excel. */
export function listSheet(name: string, lines: RegulationLine[]): Sheet {
  return {
    name,
    columns: [
      text('制度名称', 40),
      text('类别', 18),
      text('文号', 20),
      count('版次'),
      text('状态', 16),
      count('条数'),
      day('征求意见从'),
      day('征求意见到'),
      count('意见'),
      count('未答复'),
      text('批准人', 12),
      day('施行从'),
      day('施行到'),
    ],
    rows: lines.map((line) => [
      line.title,
      line.kindLabel,
      line.documentNumber,
      line.version,
      stageLabels[line.stage],
      line.clauses,
      line.consultFrom,
      line.consultTo,
      line.opinions.total,
      line.opinions.open,
      line.approvedByName,
      line.inForceFrom,
      line.inForceTo,
    ]),
  }
}

/** The record of a consultation for Excel: every opinion with its answer. */
export function opinionSheet(opinions: OpinionView[]): Sheet {
  return {
    name: '意见和答复',
    columns: [
      text('条文', 14),
      text('教师', 12),
      text('意见', 12),
      text('内容', 60),
      text('答复', 12),
      text('理由', 50),
      text('答复人', 12),
    ],
    rows: opinions.map((opinion) => [
      opinion.clauseLabel,
      opinion.personName,
      stanceLabels[opinion.stance],
      opinion.text,
      opinion.answer === null ? null : answerLabels[opinion.answer],
      opinion.answerReason,
      opinion.answeredByName,
    ]),
  }
}
