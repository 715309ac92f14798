import { schoolYearOf } from '../../engine/periods.ts'
import { loadCalendar } from '../calendar/store.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { type PaperSlot, planApi, type PlanView } from './contract.ts'
import type { Paper, PlanLevel } from './words.ts'
import { usualHorizon } from './forms.ts'
import * as store from './store.ts'

registerFileOwner('plan', {
  async see(tx, id) {
    return can.see(tx.actor, await getVisible(tx, id))
  },
  async attach(tx, id) {
    return can.edit(tx.actor, await getVisible(tx, id))
  },
})

async function getVisible(tx: Tx, id: string): Promise<store.PlanRow> {
  const plan = (await store.findPlan(tx, id)) ?? refuseNotFound('计划、总结')
  if (can.see(tx.actor, plan) !== null) refuseNotFound('计划、总结')
  return plan
}

async function viewPlan(tx: Tx, id: string): Promise<PlanView> {
  const plan = await getVisible(tx, id)
  const { actor } = tx
  const edit = can.edit(actor, plan)
  const parent = plan.parentId ? await store.findPlan(tx, plan.parentId) : undefined
  return {
    ...actions.lineOf(plan),
    form: plan.form,
    sections: plan.sections,
    draftVersion: plan.draftVersion,
    parent: parent
      ? { id: parent.id, title: parent.title, status: parent.status, filingNumber: parent.filingNumber }
      : null,
    possibleParents:
      edit === null
        ? (await actions.listPossibleParents(tx, plan)).map((one) => ({ id: one.id, title: one.title }))
        : [],
    steps: await store.listSteps(tx, plan.id),
    attachments: await listAttachmentsOf(tx, 'plan', plan.id),
    abilities: {
      edit,
      submit: can.submit(actor, plan),
      takeBack: can.takeBack(actor, plan),
      review: can.review(actor, plan),
      return: can.return(actor, plan),
      file: can.file(actor, plan),
      withdrawFiling: can.withdrawFiling(actor, plan),
      fileWithDistrict: can.fileWithDistrict(actor, plan),
    },
  }
}

export const planRoom = room('plan', planApi, {
  async listPapers({ tx, input }) {
    const calendar = await loadCalendar(tx)
    const term = calendar.terms.find((one) => one.id === input.termId) ?? actions.termFor(calendar, tx.today)
    const terms = [...calendar.terms].reverse().map(({ id, name }) => ({ id, name }))
    if (!term) return { termId: null, terms, slots: [] }
    const horizon = await usualHorizon(tx)
    const year =
      calendar.schoolYears.find((one) => one.id === term.schoolYearId) ?? schoolYearOf(calendar, tx.today)
    const termId = horizon === 'schoolYear' ? (year?.id ?? term.id) : term.id
    const me = tx.actor.personId
    const groups = me && !tx.actor.districtId ? await actions.groupsOf(tx, me) : []
    const ownerIds = [...(me ? [me] : []), ...groups.map((group) => group.id), tx.orgId]
    const periods = [term.id, ...(year ? [year.id] : [])]
    const all = await store.listPlans(tx, { ownerIds })
    const own = all.filter((plan) => periods.includes(plan.termId) || plan.horizon === 'fiveYears')
    const slots: PaperSlot[] = []
    const add = (level: PlanLevel, ownerId: string, ownerName: string) => {
      for (const paper of ['plan', 'summary'] as Paper[]) {
        const start = can.start(tx.actor, { level, ownerId })
        const found = own.filter(
          (plan) => plan.paper === paper && plan.level === level && plan.ownerId === ownerId,
        )
        if (!found.some((plan) => plan.termId === termId))
          slots.push({ paper, level, horizon, termId, ownerId, ownerName, plan: null, abilities: { start } })
        for (const plan of found) {
          if (can.see(tx.actor, plan) !== null) continue
          const place = { paper, level, horizon: plan.horizon, termId: plan.termId, ownerId, ownerName }
          slots.push({ ...place, plan: actions.lineOf(plan), abilities: { start } })
        }
      }
    }
    if (me && tx.actor.roles.includes('teacher') && !tx.actor.districtId) add('teacher', me, tx.actor.name)
    for (const group of groups) add('group', group.id, group.name)
    add('organisation', tx.orgId, '全校')
    return { termId: term.id, terms, slots }
  },
  async listPlans({ tx, input }) {
    const rows = await store.listPlans(tx, {
      ...(input.termId ? { termIds: [input.termId] } : {}),
      level: input.level,
      paper: input.paper,
      ...(input.status ? { statuses: [input.status] } : {}),
    })
    return rows.filter((plan) => can.see(tx.actor, plan) === null).map(actions.lineOf)
  },
  listPlansToDecide({ tx }) {
    return actions.listPlansToDecide(tx)
  },
  getPlan({ tx, input }) {
    return viewPlan(tx, input.id)
  },
  startPlan({ tx, input }) {
    return actions.startPlan(tx, input)
  },
  savePlan({ tx, input }) {
    return actions.savePlan(tx, input)
  },
  async linkPlan({ tx, input }) {
    await actions.linkPlan(tx, input)
    return {}
  },
  async submitPlan({ tx, input }) {
    await actions.submitPlan(tx, input)
    return {}
  },
  async takeBackPlan({ tx, input }) {
    await actions.takeBackPlan(tx, input)
    return {}
  },
  async reviewPlan({ tx, input }) {
    await actions.reviewPlan(tx, input)
    return {}
  },
  async returnPlan({ tx, input }) {
    await actions.returnPlan(tx, input)
    return {}
  },
  filePlan({ tx, input }) {
    return actions.filePlan(tx, input)
  },
  filePlans({ tx, input }) {
    return actions.filePlans(tx, input)
  },
  async withdrawFiling({ tx, input }) {
    await actions.withdrawFiling(tx, input)
    return {}
  },
  async fileWithDistrict({ tx, input }) {
    await actions.fileWithDistrict(tx, input)
    return {}
  },
})
