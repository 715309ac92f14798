import './sources.ts'
import { addDays, mondayOf } from '../../engine/days.ts'
import { refuse } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { findOrganisation } from '../org/store.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import * as actions from './agenda-actions.ts'
import { agendaApi } from './agenda-contract.ts'
import { termSheets, titleOf, weekSheet } from './agenda-documents.ts'
import { listAffected, loadAgenda } from './agenda-view.ts'
import { loadCalendar } from './store.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const agendaRoom = room('agenda', agendaApi, {
  getAgenda: ({ tx, input }) => loadAgenda(tx, input),
  listAffected: ({ tx }) => listAffected(tx),
  listFeeds: ({ tx }) => actions.listFeeds(tx),
  async createFeed({ tx, input, services, request }) {
    const { token } = await actions.createFeed(tx, input)
    const origin = (services.publicUrl || `${request.protocol}://${request.host}`).replace(/\/$/, '')
    return { address: `${origin}/ical/${token}.ics` }
  },
  async revokeFeed({ tx, input }) {
    await actions.revokeFeed(tx, input)
    return {}
  },
  async getTermFile({ tx, input }) {
    const term = (await loadCalendar(tx)).terms.find((one) => one.id === input.termId)
    if (!term) refuse('还没有这个学期，请先建好校历。', { status: 404, code: 'notFound' })
    const agenda = await loadAgenda(tx, { ...input, from: term.from, to: term.to })
    return {
      name: `${titleOf(agenda)} ${term.name}.xlsx`,
      mediaType: excel,
      body: () => writeSpreadsheet({ sheets: termSheets(agenda) }),
    }
  },
  async getWeekSheet({ tx, input, services }) {
    const from = mondayOf(input.from)
    const agenda = await loadAgenda(tx, { ...input, from, to: addDays(from, 6) })
    const school = (await findOrganisation(tx))?.name ?? ''
    return {
      name: `${titleOf(agenda)} ${agenda.weeks[0]?.label ?? from}.pdf`,
      mediaType: 'application/pdf',
      inline: true,
      body: () => services.typesetter.renderPdf('week-sheet/1', weekSheet(agenda, school)),
    }
  },
})
