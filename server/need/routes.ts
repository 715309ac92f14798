import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import * as actions from './actions.ts'
import { needApi } from './contract.ts'
import { loadChoices, viewModule, viewOverview, viewSurvey } from './present.ts'
import { planSheet, surveySheets } from './sheets.ts'

const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const none = async (work: Promise<unknown>): Promise<Record<string, never>> => {
  await work
  return {}
}

export const needRoom = room('need', needApi, {
  getOverview: ({ tx, input }) => viewOverview(tx, input.termId),
  getChoices: ({ tx, input }) => loadChoices(tx, input.termId),
  getSurvey: ({ tx, input }) => viewSurvey(tx, input.id),
  saveSurvey: ({ tx, input }) => actions.saveSurvey(tx, input),
  openSurvey: ({ tx, input }) => actions.openSurvey(tx, input),
  closeSurvey: ({ tx, input }) => none(actions.closeSurvey(tx, input)),
  discardSurvey: ({ tx, input }) => none(actions.discardSurvey(tx, input)),
  answerSurvey: ({ tx, input }) => none(actions.answerSurvey(tx, input)),
  async getSurveyFile({ tx, input }) {
    const { title, sheets } = await surveySheets(tx, input.id)
    return { name: `${title}.xlsx`, mediaType, body: () => writeSpreadsheet({ sheets }) }
  },
  proposeModules: ({ tx, input }) => actions.proposeModules(tx, input),
  getModule: ({ tx, input }) => viewModule(tx, input.id),
  saveModule: ({ tx, input }) => actions.saveModule(tx, input),
  removeModule: ({ tx, input }) => none(actions.removeModule(tx, input)),
  publishPlan: ({ tx, input }) => none(actions.publishPlan(tx, input)),
  async getPlanFile({ tx, input }) {
    const overview = await viewOverview(tx, input.termId)
    return {
      name: `${overview.term.label} 培训计划.xlsx`,
      mediaType,
      body: () => writeSpreadsheet({ sheets: [planSheet(overview)] }),
    }
  },
  findActivities: ({ tx, input }) => actions.findActivities(tx, input),
  linkActivity: ({ tx, input }) => actions.linkActivity(tx, input),
  unlinkActivity: ({ tx, input }) => none(actions.unlinkActivity(tx, input)),
  noteWeakness: ({ tx, input }) => actions.noteWeakness(tx, input),
  withdrawWeakness: ({ tx, input }) => none(actions.withdrawWeakness(tx, input)),
  async findObservations({ tx }) {
    return (await actions.listOwnObservations(tx)).map((one) => ({
      id: one.id,
      label: `${one.heldOn} ${one.teacherName}《${one.topic || one.subject}》`,
      text: one.actionStep || one.comment.slice(0, 200),
    }))
  },
  saveLayer: ({ tx, input }) => none(actions.saveLayer(tx, input)),
  retireLayer: ({ tx, input }) => none(actions.retireLayer(tx, input)),
})
