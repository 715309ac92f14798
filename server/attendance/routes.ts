import { can as canActivity } from '../activity/access.ts'
import { findMakeUp } from '../activity/attendance-store.ts'
import { listViews } from '../activity/store.ts'
import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { attendanceBookApi } from './contract.ts'
import * as queries from './queries.ts'
import { findTraining, listTrainingPeople } from './training-store.ts'

async function getConcern(tx: Tx, id: string) {
  const training = (await findTraining(tx, id, true)) ?? refuseNotFound('培训')
  const people = await listTrainingPeople(tx, id)
  const concern = { ...training, personIds: people.map((one) => one.personId) }
  if (can.seeTraining(tx.actor, concern, await actions.ledBy(tx)) !== null) refuseNotFound('培训')
  return concern
}
registerFileOwner('training', {
  async see(tx, id) {
    await getConcern(tx, id)
    return null
  },
  async attach(tx, id) {
    return can.changeTraining(tx.actor, await getConcern(tx, id))
  },
})

async function getOwnMakeUp(tx: Tx, id: string) {
  const makeUp = (await findMakeUp(tx, { id, seen: true })) ?? refuseNotFound('补学')
  const isMine = makeUp.personId === tx.actor.personId
  const view = (await listViews(tx, { id: makeUp.activityId }))[0] ?? refuseNotFound('活动')
  if (!isMine && canActivity.decideMakeUp(tx.actor, view, makeUp.personId) !== null) refuseNotFound('补学')
  return { ...makeUp, isMine }
}
registerFileOwner('makeup', {
  async see(tx, id) {
    await getOwnMakeUp(tx, id)
    return null
  },
  async attach(tx, id) {
    const makeUp = await getOwnMakeUp(tx, id)
    if (!makeUp.isMine) return '补学的证明由本人附上。'
    return makeUp.status === 'confirmed' ? '补学已经确认，不能再改。' : null
  },
})

export const attendanceBookRoom = room('attendanceBook', attendanceBookApi, {
  getBook: ({ tx, input }) => queries.getBook(tx, input),
  listChanges: ({ tx, input }) => queries.listChanges(tx, input.activityId),
  appealAttendance: ({ tx, input }) => actions.appealAttendance(tx, input),
  async withdrawAppeal({ tx, input }) {
    await actions.withdrawAppeal(tx, input.appealId)
    return {}
  },
  listAppeals: ({ tx, input }) => queries.listAppeals(tx, input.which),
  async answerAppeal({ tx, input }) {
    await actions.answerAppeal(tx, { ...input, id: input.appealId })
    return {}
  },
  getMissed: ({ tx, input }) => queries.getMissed(tx, input.makeUpId),
  getFigures: ({ tx, input }) => queries.getFigures(tx, input),
  getFullAttendance: ({ tx, input }) => queries.getFullAttendance(tx, input),
  async getFullAttendanceFile({ tx, input }) {
    const view = await queries.getFullAttendance(tx, input)
    return {
      name: `满勤名单 ${view.month}.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: await writeSpreadsheet({
        sheets: [
          {
            name: '满勤名单',
            columns: [
              { title: '工号', width: 12, kind: 'text' },
              { title: '姓名', width: 12, kind: 'text' },
              { title: '所在组', width: 28, kind: 'text' },
              { title: '应到次数', width: 10, kind: 'integer' },
              { title: '满勤', width: 10, kind: 'text' },
              { title: '原因', width: 70, kind: 'text' },
            ],
            rows: view.lines.map((line) => [
              line.staffNumber,
              line.person.name,
              line.unitNames,
              line.expected,
              line.isFull === null ? '无活动' : line.isFull ? '是' : '否',
              line.because.join('；'),
            ]),
          },
        ],
      }),
    }
  },
  listTrainings: ({ tx, input }) => queries.listTrainings(tx, input),
  getTraining: ({ tx, input }) => queries.getTraining(tx, input.trainingId),
  getTrainingChoices: ({ tx }) => queries.getTrainingChoices(tx),
  saveTraining: ({ tx, input }) => actions.saveTraining(tx, input),
  async decideTraining({ tx, input }) {
    await actions.decideTraining(tx, { ...input, id: input.trainingId })
    return {}
  },
  async removeTraining({ tx, input }) {
    await actions.removeTraining(tx, { ...input, id: input.trainingId })
    return {}
  },
})
