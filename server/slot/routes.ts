import { termOf } from '../../engine/periods.ts'
import { loadCalendar } from '../calendar/store.ts'
import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { loadPeriods } from './clashes.ts'
import { slotApi } from './contract.ts'
import { findFreeTimes, previewClashes } from './lessons.ts'
import { loadSlots, slotSheet } from './present.ts'
import * as store from './store.ts'
import { importTimetable, timetableTemplate } from './timetable.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const slotRoom = room('slot', slotApi, {
  listSlots: ({ tx, input }) => loadSlots(tx, input.ended),
  findSlotClashes: ({ tx, input }) => actions.findSlotClashes(tx, input),
  proposeSlot: ({ tx, input }) => actions.proposeSlot(tx, input),
  changeSlot: ({ tx, input }) => actions.changeSlot(tx, input),
  approveSlot: ({ tx, input }) => actions.approveSlot(tx, input),
  async returnSlot({ tx, input }) {
    await actions.returnSlot(tx, input)
    return {}
  },
  async withdrawSlot({ tx, input }) {
    await actions.withdrawSlot(tx, input)
    return {}
  },
  getShiftChoice: ({ tx, input }) => actions.listShiftChoices(tx, input.id),
  shiftOccurrence: ({ tx, input }) => actions.shiftOccurrence(tx, input),
  async decideShift({ tx, input }) {
    await actions.decideShift(tx, input)
    return {}
  },
  findFreeTimes: ({ tx, input }) => findFreeTimes(tx, input),
  findActivityClashes: ({ tx, input }) => previewClashes(tx, input),
  async getTimetable({ tx }) {
    const calendar = await loadCalendar(tx)
    const term = termOf(calendar, tx.today) ?? calendar.terms.find((one) => one.to >= tx.today)
    const known = term ? await store.countLessons(tx, term.id) : { lessons: 0, people: 0 }
    const lessons =
      term && tx.actor.personId ? await store.listLessonsOfPerson(tx, term.id, tx.actor.personId) : []
    return {
      termName: term?.name ?? null,
      ...known,
      mine: lessons,
      periods: await loadPeriods(tx),
      abilities: { import: can.maintain(tx.actor) },
    }
  },
  uploadTimetable: ({ tx, file }) => importTimetable(tx, file),
  async getTimetableTemplate({ tx, input }) {
    const sheets = await timetableTemplate(tx, input.layout)
    return {
      name: input.layout === 'teachers' ? '教师课表模板.xlsx' : '班级课表模板.xlsx',
      mediaType: excel,
      body: () => writeSpreadsheet({ sheets }),
    }
  },
  async getSlotListFile({ tx }) {
    const sheet = await slotSheet(tx)
    return { name: '固定研修时间.xlsx', mediaType: excel, body: () => writeSpreadsheet({ sheets: [sheet] }) }
  },
})
