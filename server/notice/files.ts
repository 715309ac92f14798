import type { FileAnswer } from '../kit/contract.ts'
import { localDateOf, localTimeOf } from '../kit/dates.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import type { NoticeView } from './contract.ts'

const moment = (at: Date | null) => (at === null ? '' : `${localDateOf(at)} ${localTimeOf(at)}`)
const column = (title: string, width: number) => ({ title, width, kind: 'text' as const })

/** Who has read and confirmed a notice; the district's by schools. */
export async function receiversFile(view: NoticeView): Promise<FileAnswer> {
  const sheet = view.schools
    ? {
        name: '各校情况',
        columns: [column('学校', 30), column('应收人数', 10), column('已读', 10), column('已确认', 10)],
        rows: view.schools.map((one) => [
          one.name,
          String(one.receivers),
          String(one.read),
          String(one.confirmed),
        ]),
      }
    : {
        name: '阅读情况',
        columns: [
          column('姓名', 12),
          column('所在组', 30),
          column('看过', 18),
          column('确认', 18),
          column('提醒', 18),
        ],
        rows: (view.receivers ?? []).map((one) => [
          one.name,
          one.note,
          moment(one.openedAt) || '未读',
          view.confirmByDay === null ? '不要求' : moment(one.confirmedAt) || '未确认',
          moment(one.remindedAt),
        ]),
      }
  return {
    name: `${view.title.replaceAll(/[\\/:*?"<>|]/g, ' ').slice(0, 60)} 阅读情况.xlsx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    body: await writeSpreadsheet({ sheets: [sheet] }),
  }
}
