import { activityRecordData, signInSheetData } from '../activity/documents.ts'
import type { FileAnswer } from '../kit/contract.ts'
import { demand } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Services } from '../kit/services.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import type { RecordBooklet } from '../typesetting/types.ts'
import { writeActivityRecordWord, writeRecordBookletWord } from '../typesetting/word.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { type BookletLine, type DocumentFormat, documentsApi } from './contract.ts'

const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** What was gathered in the transaction is set after it. */
function bookletFile(
  services: Services,
  input: { data: RecordBooklet; format: DocumentFormat; name: string },
  template: 'record-booklet/1' = 'record-booklet/1',
): FileAnswer {
  const { data, name } = input
  if (input.format === 'word')
    return { name: `${name}.docx`, mediaType: wordType, body: () => writeRecordBookletWord(data) }
  return {
    name: `${name}.pdf`,
    mediaType: 'application/pdf',
    body: () => services.typesetter.renderPdf(template, data),
    inline: true,
  }
}

export const documentsRoom = room('documents', documentsApi, {
  listBooklets({ tx, input }) {
    return actions.listBooklets(tx, input)
  },
  async getBookletListFile({ tx, input }) {
    const list = await actions.listBooklets(tx, input)
    if (!list.abilities.readOthers) demand(can.readGroup(tx.actor, ''))
    return {
      name: `${list.schoolYear?.label ?? ''}报告册名单.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: () => writeSpreadsheet({ sheets: [listSheet(list.lines)] }),
    }
  },
  listIssued({ tx, input }) {
    return actions.listIssued(tx, input.personId)
  },
  async getBooklet({ tx, services, input }) {
    const data = await actions.getDraft(tx, input)
    const name = `${data.title} ${data.teacher.name} ${data.schoolYear}（草稿）`
    return bookletFile(services, { data, format: input.format, name })
  },
  async getBooklets({ tx, services, input }) {
    const { name, booklets } = await actions.gatherGroup(tx, input)
    const at = tx.now
    return {
      name: `${name}.zip`,
      mediaType: 'application/zip',
      body: async () => actions.zipOf(services.typesetter, booklets, at),
    }
  },
  issueBooklet({ tx, services, request, input }) {
    const origin = services.publicUrl || `${request.protocol}://${request.host}`
    return actions.issueBooklet(tx, { ...input, origin: origin.replace(/\/$/, '') })
  },
  async getIssued({ tx, services, input }) {
    const { document, template, data } = await actions.getIssued(tx, input.documentId)
    const name = `${data.title} ${document.holderName} ${document.code}`
    return bookletFile(services, { data, format: input.format, name }, template)
  },
  async getActivityRecord({ tx, services, input }) {
    const data = await activityRecordData(tx, input.activityId)
    const name = `活动记录 ${data.theme}`
    if (input.format === 'word')
      return { name: `${name}.docx`, mediaType: wordType, body: () => writeActivityRecordWord(data) }
    return {
      name: `${name}.pdf`,
      mediaType: 'application/pdf',
      body: () => services.typesetter.renderPdf('activity-record/1', data),
      inline: true,
    }
  },
  async getSignInSheet({ tx, services, input }) {
    const data = await signInSheetData(tx, input.activityId)
    return {
      name: `签到表 ${data.theme}.pdf`,
      mediaType: 'application/pdf',
      body: () => services.typesetter.renderPdf('sign-in-sheet/1', data),
      inline: true,
    }
  },
  findDocument({ services, request, input }) {
    return actions.findDocument(services, input.code, request.ip)
  },
})

function listSheet(lines: BookletLine[]) {
  const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
  const count = (title: string) => ({ title, width: 11, kind: 'integer' as const })
  return {
    name: '报告册名单',
    columns: [
      text('工号', 12),
      text('姓名', 12),
      text('所在组', 30),
      count('计划和总结'),
      count('反思'),
      count('摘记'),
      count('集体研修'),
      count('逾期要求'),
      text('最近编号', 24),
      { title: '签发日期', width: 14, kind: 'date' as const },
      count('签发次数'),
    ],
    rows: lines.map((line) => [
      line.staffNumber,
      line.name,
      line.groups.map((group) => group.name).join('、'),
      line.plans,
      line.reflections,
      line.excerpts,
      line.activities,
      line.overdueRules,
      line.issued[0]?.code ?? null,
      line.issued[0]?.issuedOn ?? null,
      line.issued.length,
    ]),
  }
}
