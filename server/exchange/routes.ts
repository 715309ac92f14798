import { registerFileOwner } from '../files/owners.ts'
import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import * as actions from './actions.ts'
import { exchangeApi } from './contract.ts'
import * as present from './present.ts'

registerFileOwner('exchange', actions.fileOwner)

const none = async (work: Promise<unknown>): Promise<Record<string, never>> => {
  await work
  return {}
}

export const exchangeRoom = room('exchange', exchangeApi, {
  listTopics: ({ tx, input }) => present.loadTopics(tx, input),
  getTopic: ({ tx, input }) => present.viewTopic(tx, input.id),
  getOpening: ({ tx, input }) => present.loadOpening(tx, input),
  listForRecord: ({ tx, input }) => present.loadForRecord(tx, input),
  openTopic: ({ tx, input }) => actions.openTopic(tx, input),
  editTopic: ({ tx, input }) => none(actions.editTopic(tx, input)),
  readTopic: ({ tx, input }) => none(actions.readTopic(tx, input)),
  reply: ({ tx, input }) => actions.reply(tx, input),
  editReply: ({ tx, input }) => none(actions.editReply(tx, input)),
  withdrawReply: ({ tx, input }) => none(actions.withdrawReply(tx, input)),
  markAnswer: ({ tx, input }) => none(actions.markAnswer(tx, input)),
  pinTopic: ({ tx, input }) => none(actions.pinTopic(tx, input)),
  closeTopic: ({ tx, input }) => none(actions.closeTopic(tx, input)),
  hideTopic: ({ tx, input }) => none(actions.hideTopic(tx, input)),
  restoreTopic: ({ tx, input }) => none(actions.restoreTopic(tx, input)),
  hideReply: ({ tx, input }) => none(actions.hideReply(tx, input)),
  restoreReply: ({ tx, input }) => none(actions.restoreReply(tx, input)),
  listSelected: ({ tx }) => present.loadSelected(tx),
  findWorks: ({ tx, input }) => present.loadWorks(tx, input.search),
  selectContribution: ({ tx, input }) => actions.selectContribution(tx, input),
  withdrawSelection: ({ tx, input }) => none(actions.withdrawSelection(tx, input)),
  listCourses: ({ tx, input }) => present.loadCourses(tx, input.whose),
  logCourse: ({ tx, input }) => actions.logCourse(tx, input),
  withdrawCourse: ({ tx, input }) => none(actions.withdrawCourse(tx, input)),
  listFigures: ({ tx, input }) => present.loadFigures(tx, input),
  async getFiguresFile({ tx, input }) {
    const rows = await present.loadFigures(tx, input)
    return {
      name: `网上交流 ${input.from}至${input.to}.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: () => writeSpreadsheet({ sheets: [present.figuresSheet(rows)] }),
    }
  },
})
