import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { scoreComment } from './comments.ts'
import { lessonApi } from './contract.ts'
import { lessonsSheet, monthsSheet, observationDocument } from './documents.ts'
import { loadDuties } from './duties.ts'
import { inspectionReport } from './inspection-report.ts'
import * as observations from './observation-actions.ts'
import { findObservation } from './observation-store.ts'
import * as present from './present.ts'
import * as ratings from './rating-actions.ts'
import * as sheets from './sheets.ts'
import { findLesson } from './store.ts'
import { listTimetableOf } from './timetable.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

// The design and the courseware of a lesson; everybody who sees the lesson reads them.
registerFileOwner('lesson', {
  async see(tx, id) {
    return (await findLesson(tx, id)) ? null : refuseNotFound('课')
  },
  async attach(tx, id) {
    return can.run(tx.actor, (await findLesson(tx, id)) ?? refuseNotFound('课'))
  },
  changed: actions.renewGiven,
})
// Photos of the lesson.
registerFileOwner('observation', {
  async see(tx, id) {
    await getVisible(tx, id)
    return null
  },
  async attach(tx, id) {
    return can.edit(tx.actor, await getVisible(tx, id))
  },
})

async function getVisible(tx: Tx, id: string) {
  const row = (await findObservation(tx, id)) ?? refuseNotFound('听课记录')
  await observations.demandVisible(tx, row)
  return row
}

/** An action that has nothing to answer. */
const done = async (work: Promise<unknown>): Promise<Record<string, never>> => {
  await work
  return {}
}

export const lessonRoom = room('lesson', lessonApi, {
  listLessons: ({ tx, input }) => present.loadLessons(tx, input),
  getLesson: ({ tx, input }) => present.viewLesson(tx, input.id),
  listDuties: ({ tx, input }) => loadDuties(tx, input.of === 'given' ? 'lesson.given' : 'lesson.observed'),
  scoreComment: ({ tx, input }) => done(scoreComment(tx, input)),
  getBookingChoices: ({ tx }) => present.bookingChoices(tx),
  listTimetableOf: ({ tx, input }) => listTimetableOf(tx, input),
  bookLesson: ({ tx, input }) => actions.bookLesson(tx, input),
  changeLesson: ({ tx, input }) => done(actions.changeLesson(tx, input)),
  confirmLesson: ({ tx, input }) => done(actions.confirmLesson(tx, input)),
  declineLesson: ({ tx, input }) => done(actions.declineLesson(tx, input)),
  cancelLesson: ({ tx, input }) => done(actions.cancelLesson(tx, input)),
  giveLesson: ({ tx, input }) => done(actions.giveLesson(tx, input)),
  takeBackGiven: ({ tx, input }) => done(actions.takeBackGiven(tx, input)),
  saveLessonRecord: ({ tx, input }) => done(actions.saveLessonRecord(tx, input)),
  enrol: ({ tx, input }) => done(actions.enrol(tx, input)),
  leaveLesson: ({ tx, input }) => done(actions.leaveLesson(tx, input)),

  listToObserve: ({ tx }) => present.loadToObserve(tx),
  startObservation: ({ tx, input }) => observations.startObservation(tx, input),
  getObservation: ({ tx, input }) => present.viewObservation(tx, input.id),
  saveObservation: ({ tx, input }) => observations.saveObservation(tx, input),
  submitObservation: ({ tx, input }) => done(observations.submitObservation(tx, input)),
  reopenObservation: ({ tx, input }) => done(observations.reopenObservation(tx, input)),
  discardObservation: ({ tx, input }) => done(observations.discardObservation(tx, input)),
  readFeedback: ({ tx, input }) => done(observations.readFeedback(tx, input)),
  answerFeedback: ({ tx, input }) => done(observations.answerFeedback(tx, input)),
  inspectObservations: ({ tx, input }) => done(observations.inspectObservations(tx, input)),
  listObservations: ({ tx, input }) => present.loadObservations(tx, input),
  getInspectionReport: ({ tx }) => inspectionReport(tx),
  listMonths: ({ tx, input }) => present.loadMonths(tx, input.schoolYearId),

  async listSheets({ tx }) {
    return {
      sheets: await sheets.listSheets(tx),
      settings: await actions.lessonSettings(tx),
      abilities: { edit: can.settle(tx.actor) },
    }
  },
  saveSheet: ({ tx, input }) => sheets.saveSheet(tx, input),
  retireSheet: ({ tx, input }) => done(sheets.retireSheet(tx, input)),
  saveLessonSettings: ({ tx, input }) => done(actions.saveLessonSettings(tx, input)),

  rateLesson: ({ tx, input }) => ratings.rateLesson(tx, input),
  withdrawRating: ({ tx, input }) => done(ratings.withdrawRating(tx, input)),

  async getLessonsFile({ tx, input }) {
    const range = await present.termRange(tx)
    const { lessons, from, to } = await present.loadLessons(tx, { view: 'all', ...range, ...input })
    return {
      name: `公开课与研究课（${from}至${to}）.xlsx`,
      mediaType: excel,
      body: await writeSpreadsheet({ sheets: [lessonsSheet(lessons)] }),
    }
  },
  async getMonthsFile({ tx, input }) {
    const months = await present.loadMonths(tx, input.schoolYearId)
    return {
      name: `听课节数（${months.schoolYear}）.xlsx`,
      mediaType: excel,
      body: await writeSpreadsheet({ sheets: [monthsSheet(months)] }),
    }
  },
  async getObservationFile({ tx, input, services }) {
    const data = await observationDocument(tx, await present.viewObservation(tx, input.id))
    return {
      name: `${data.title} ${data.topic}.pdf`,
      mediaType: 'application/pdf',
      body: () => services.typesetter.renderPdf('observation/1', data),
      inline: true,
    }
  },
})
