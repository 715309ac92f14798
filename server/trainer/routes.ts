import { demand } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { trainerApi } from './contract.ts'
import * as contributions from './contribution-actions.ts'
import * as invitations from './invitation-actions.ts'
import { findMyPlaces, loadMine } from './mine.ts'
import * as present from './present.ts'
import { yearSheets } from './sheets.ts'

export const trainerRoom = room('trainer', trainerApi, {
  async listTrainers({ tx, input }) {
    const { own, offered } = await findMyPlaces(tx)
    return { ...(await present.loadTrainers(tx, input.left)), isTrainer: own.length + offered.length > 0 }
  },
  addTrainer: ({ tx, input }) => actions.addTrainer(tx, input),
  async changeTrainer({ tx, input }) {
    await actions.changeTrainer(tx, input)
    return {}
  },
  async setTrainerLeft({ tx, input }) {
    await actions.setTrainerLeft(tx, input)
    return {}
  },
  takeOffer: ({ tx, input }) => actions.takeOffer(tx, input),
  findSchoolStaff: ({ tx, input }) => actions.findSchoolStaff(tx, input.search),

  listInvitations: ({ tx }) => present.loadInvitations(tx),
  invite: ({ tx, input }) => invitations.invite(tx, input),
  approveInvitation: ({ tx, input }) => invitations.approveInvitation(tx, input),
  async refuseInvitation({ tx, input }) {
    await invitations.refuseInvitation(tx, input)
    return {}
  },
  async withdrawInvitation({ tx, input }) {
    await invitations.withdrawInvitation(tx, input)
    return {}
  },
  async getLetterFile({ tx, services, input }) {
    const data = await present.letterData(tx, input.invitationId)
    return {
      name: `聘书 ${data.name}.pdf`,
      mediaType: 'application/pdf',
      body: () => services.typesetter.renderPdf('appointment-letter/1', data),
      inline: true,
    }
  },

  listContributions: ({ tx, input }) => present.loadContributions(tx, input.schoolYearId),
  getContributionChoices: ({ tx }) => present.loadContributionChoices(tx),
  findActivities: ({ tx, input }) => present.findActivityChoices(tx, input.search),
  recordContribution: ({ tx, input }) => contributions.recordContribution(tx, input),
  async setFee({ tx, input }) {
    await contributions.setFee(tx, input)
    return {}
  },
  async withdrawContribution({ tx, input }) {
    await contributions.withdrawContribution(tx, input)
    return {}
  },
  async getYearFile({ tx, input }) {
    if (tx.actor.districtId === null) demand(can.maintain(tx.actor))
    const { name, sheets } = await yearSheets(tx, input.schoolYearId)
    return {
      name: `${name}.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: () => writeSpreadsheet({ sheets }),
    }
  },

  listToRate: ({ tx }) => present.loadToRate(tx),
  getActivityRating: ({ tx, input }) => present.loadActivityRating(tx, input.activityId),
  async rate({ tx, input }) {
    await contributions.rate(tx, input)
    return {}
  },
  getMine: ({ tx }) => loadMine(tx),
})
