import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { findUnit } from '../org/store.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import * as bodies from './body-actions.ts'
import { dutyApi } from './contract.ts'
import { giveOpinion } from './opinion-actions.ts'
import * as growth from './growth-actions.ts'
import { loadBodies, loadDuties, loadEnvironment, loadGrowth } from './present.ts'
import { bodySheets, growthSheets } from './sheets.ts'
import * as store from './store.ts'
import * as titles from './title-actions.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

registerFileOwner('body', {
  async see(tx, id) {
    return (await findUnit(tx, id))?.kind === 'body' ? null : refuseNotFound('组织机构')
  },
  async attach(tx, id) {
    return (await findUnit(tx, id))?.kind === 'body' ? can.appoint(tx.actor) : refuseNotFound('组织机构')
  },
})
registerFileOwner('growth', {
  async see(tx, id) {
    const row = await store.findProposal(tx, id)
    return row && can.seeProposal(tx.actor, row) ? null : refuseNotFound('提名')
  },
  async attach(tx, id) {
    const row = (await store.findProposal(tx, id)) ?? refuseNotFound('提名')
    if (!can.seeProposal(tx.actor, row)) refuseNotFound('提名')
    return can.propose(tx.actor)
  },
})

export const dutyRoom = room('duty', dutyApi, {
  listBodies: ({ tx }) => loadBodies(tx),
  async saveBody({ tx, input }) {
    await bodies.saveBody(tx, input)
    return {}
  },
  addBodyRule: ({ tx, input }) => bodies.addBodyRule(tx, input),
  async removeBodyRule({ tx, input }) {
    await bodies.removeBodyRule(tx, input)
    return {}
  },
  async getBodiesFile({ tx }) {
    const sheets = await bodySheets(tx)
    return { name: '组织机构和职责.xlsx', mediaType: excel, body: () => writeSpreadsheet({ sheets }) }
  },

  listDuties: ({ tx, input }) => loadDuties(tx, input.ended),
  assignDuty: ({ tx, input }) => actions.assignDuty(tx, input),
  async endDuty({ tx, input }) {
    await actions.endDuty(tx, input)
    return {}
  },
  async withdrawDuty({ tx, input }) {
    await actions.withdrawDuty(tx, input)
    return {}
  },

  listEnvironment: ({ tx }) => loadEnvironment(tx),
  registerItem: ({ tx, input }) => actions.registerItem(tx, input),
  async endItem({ tx, input }) {
    await actions.endItem(tx, input)
    return {}
  },
  async withdrawItem({ tx, input }) {
    await actions.withdrawItem(tx, input)
    return {}
  },
  requestSupply: ({ tx, input }) => actions.requestSupply(tx, input),
  async deliverSupply({ tx, input }) {
    await actions.deliverSupply(tx, input)
    return {}
  },
  async declineSupply({ tx, input }) {
    await actions.closeSupply(tx, { ...input, status: 'declined' })
    return {}
  },
  async withdrawSupply({ tx, input }) {
    await actions.closeSupply(tx, { ...input, status: 'withdrawn' })
    return {}
  },

  async giveOpinion({ tx, input }) {
    await giveOpinion(tx, input)
    return {}
  },

  listGrowth: ({ tx }) => loadGrowth(tx),
  async proposeGrowth({ tx, input }) {
    return { proposed: (await growth.proposeGrowth(tx, input)).proposed }
  },
  confirmGrowth: ({ tx, input }) => growth.confirmGrowth(tx, input),
  async returnGrowth({ tx, input }) {
    await growth.returnGrowth(tx, input)
    return {}
  },
  async withdrawGrowth({ tx, input }) {
    await growth.withdrawGrowth(tx, input)
    return {}
  },
  async addTraining({ tx, input }) {
    await growth.addTraining(tx, input)
    return {}
  },
  listTitles: ({ tx }) => titles.loadTitles(tx),
  recordTitle: ({ tx, input }) => titles.recordTitle(tx, input),
  async withdrawTitle({ tx, input }) {
    await titles.withdrawTitle(tx, input)
    return {}
  },
  async getGrowthFile({ tx }) {
    const sheets = await growthSheets(tx)
    return { name: '成长阶段和骨干.xlsx', mediaType: excel, body: () => writeSpreadsheet({ sheets }) }
  },
})
