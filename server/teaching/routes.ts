import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { registerObserved } from '../lesson/listeners.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import * as cases from './case-actions.ts'
import { teachingApi } from './contract.ts'
import * as designs from './design-actions.ts'
import { designApi } from './design-contract.ts'
import { loadComparison, loadDesigns, viewDesign } from './design-present.ts'
import { loadLessonStudy, loadRuns, matrixSheets, stepChoices, viewRun } from './present.ts'
import { minutesLabel } from './rules.ts'
import * as store from './store.ts'
import * as talks from './talk-actions.ts'
import { talkApi } from './talk-contract.ts'
import { loadLikeness, loadTalks, viewTalk } from './talk-present.ts'
import { originalWord, talkStatusLabels } from './words.ts'

// What observers wrote is not asked of them a second time.
registerObserved(actions.takeCommentsOfLesson)

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function getEntry(tx: Tx, entryId: string) {
  const entry = (await store.findEntry(tx, entryId)) ?? refuseNotFound('记录')
  const found = (await store.findRun(tx, entry.runId)) ?? refuseNotFound('记录')
  const run = await actions.withObserving(tx, found)
  const hidden = entry.doneOn === null && entry.personId !== tx.actor.personId
  if (hidden || can.see(tx.actor, run) !== null) refuseNotFound('记录')
  return { entry, run }
}

registerFileOwner('teaching', {
  async see(tx, entryId) {
    await getEntry(tx, entryId)
    return null
  },
  async attach(tx, entryId) {
    const { entry } = await getEntry(tx, entryId)
    if (entry.personId !== tx.actor.personId) return '只能给自己填写的步骤添加附件。'
    return entry.doneOn === null ? null : '这一步已经完成；要换附件请先撤回这一步。'
  },
})

export const teachingRoom = room('teaching', teachingApi, {
  listRuns: ({ tx, input }) => loadRuns(tx, input.view, input.flow, input.status),
  getRun: ({ tx, input }) => viewRun(tx, input.id),
  getLessonStudy: ({ tx, input }) => loadLessonStudy(tx, input.lessonId),
  listStepChoices: ({ tx, input }) => stepChoices(tx, input.id, input.stepId),
  listCaseActivities: ({ tx, input }) => cases.listCaseActivities(tx, input),
  async linkActivity({ tx, input }) {
    await cases.linkActivity(tx, input)
    return {}
  },
  startFlow: ({ tx, input }) => actions.startFlow(tx, input),
  openStep: ({ tx, input }) => actions.openStep(tx, input),
  finishStep: ({ tx, input }) => actions.finishStep(tx, input),
  async withdrawStep({ tx, input }) {
    await actions.withdrawStep(tx, input)
    return {}
  },
  async stopRun({ tx, input }) {
    await actions.stopRun(tx, input)
    return {}
  },
  async decideSpread({ tx, input }) {
    await actions.decideSpread(tx, input)
    return {}
  },
  async getMatrixFile({ tx, input }) {
    const { runs } = await loadRuns(tx, input.view, input.flow)
    return {
      name: '研修流程进度.xlsx',
      mediaType: excel,
      body: () => writeSpreadsheet({ sheets: matrixSheets(runs) }),
    }
  },
})

export const designRoom = room('design', designApi, {
  listDesigns: ({ tx, input }) => loadDesigns(tx, input.view),
  getDesign: ({ tx, input }) => viewDesign(tx, input.id),
  getComparison: ({ tx, input }) => loadComparison(tx, input),
  startDesign: ({ tx, input }) => designs.startDesign(tx, input),
  assignPreparation: ({ tx, input }) => designs.assignPreparation(tx, input),
  async reassignDrafter({ tx, input }) {
    await designs.reassignDrafter(tx, input)
    return {}
  },
  saveDesign: ({ tx, input }) => designs.saveDesign(tx, input),
  async tagDesign({ tx, input }) {
    await designs.tagDesign(tx, input)
    return {}
  },
  async presentDesign({ tx, input }) {
    await designs.presentDesign(tx, input)
    return {}
  },
  async takeBackDesign({ tx, input }) {
    await designs.takeBackDesign(tx, input)
    return {}
  },
  commentDesign: ({ tx, input }) => designs.commentDesign(tx, input),
  async answerComment({ tx, input }) {
    await designs.answerComment(tx, input)
    return {}
  },
  async saveMinutes({ tx, input }) {
    await designs.saveMinutes(tx, input)
    return {}
  },
  adaptDesign: ({ tx, input }) => designs.adaptDesign(tx, input),
  async settleDesign({ tx, input }) {
    await designs.settleDesign(tx, input)
    return {}
  },
})

export const talkRoom = room('talk', talkApi, {
  listTalks: ({ tx, input }) => loadTalks(tx, input.status),
  getTalk: ({ tx, input }) => viewTalk(tx, input.id),
  getLikeness: ({ tx, input }) => loadLikeness(tx, input.id),
  startTalk: ({ tx, input }) =>
    talks.startTalk(tx, { title: input.title, ...(input.occasion ? { occasion: input.occasion } : {}) }),
  saveTalk: ({ tx, input }) => talks.saveTalk(tx, input),
  submitTalk: ({ tx, input }) => talks.submitTalk(tx, input),
  async acceptTalk({ tx, input }) {
    await talks.acceptTalk(tx, input)
    return {}
  },
  async returnTalk({ tx, input }) {
    await talks.returnTalk(tx, input)
    return {}
  },
  timeTalk: ({ tx, input }) => talks.timeTalk(tx, input),
  scoreTalk: ({ tx, input }) => talks.scoreTalk(tx, input),
  async saveTalkSettings({ tx, input }) {
    await talks.saveTalkSettings(tx, input)
    return {}
  },
  async getTalksFile({ tx }) {
    const list = await loadTalks(tx)
    const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
    const sheet = {
      name: '说课',
      columns: [
        text('教师', 10),
        text('课题', 30),
        text('场合', 16),
        text('状态', 10),
        text('说课日期', 13),
        text('用时', 12),
        { title: '评分人数', width: 10, kind: 'integer' as const },
        { title: '平均分', width: 10, kind: 'decimal' as const },
        { title: '相同（%）', width: 10, kind: 'integer' as const },
        text('原创认定', 12),
      ],
      rows: list.talks.map((talk) => [
        talk.personName,
        talk.title,
        talk.occasionLabel,
        talkStatusLabels[talk.status],
        talk.spokenOn ?? '',
        talk.seconds === null ? '' : minutesLabel(talk.seconds),
        talk.scores,
        talk.mean,
        talk.similarPercent,
        originalWord(talk.original),
      ]),
    }
    return { name: '说课.xlsx', mediaType: excel, body: () => writeSpreadsheet({ sheets: [sheet] }) }
  },
})
