import { registerAgendaSource } from '../calendar/agenda.ts'
import { registerFileOwner } from '../files/owners.ts'
import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import * as actions from './actions.ts'
import { programmeApi } from './contract.ts'
import { loadProgrammes, programmeAgenda, progressSheet, viewDelivery, viewProgramme } from './present.ts'

registerAgendaSource('programme', programmeAgenda)
registerFileOwner('programme', actions.fileOwner)

export const programmeRoom = room('programme', programmeApi, {
  listProgrammes: ({ tx }) => loadProgrammes(tx),
  getProgramme: ({ tx, input }) => viewProgramme(tx, input.id),
  createProgramme: ({ tx, input }) => actions.createProgramme(tx, input),
  changeProgramme: ({ tx, input }) => actions.changeProgramme(tx, input),
  async publishProgramme({ tx, input }) {
    await actions.publishProgramme(tx, input)
    return {}
  },
  async closeProgramme({ tx, input }) {
    await actions.closeProgramme(tx, input)
    return {}
  },
  async discardProgramme({ tx, input }) {
    await actions.discardProgramme(tx, input)
    return {}
  },
  findLinks: ({ tx, input }) => actions.findLinks(tx, input),
  startDelivery: ({ tx, input }) => actions.startDelivery(tx, input),
  async deliver({ tx, input }) {
    await actions.deliver(tx, input)
    return {}
  },
  async withdrawDelivery({ tx, input }) {
    await actions.withdrawDelivery(tx, input)
    return {}
  },
  async decideDelivery({ tx, input }) {
    await actions.decideDelivery(tx, input)
    return {}
  },
  getDelivery: ({ tx, input }) => viewDelivery(tx, input),
  async getProgressFile({ tx, input }) {
    const view = await viewProgramme(tx, input.id)
    return {
      name: `${view.title} 进度.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: () => writeSpreadsheet({ sheets: [progressSheet(view)] }),
    }
  },
})
