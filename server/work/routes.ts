import { listAttachmentsOf } from '../files/actions.ts'
import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import { can, type WorkForAccess } from './access.ts'
import * as actions from './actions.ts'
import { workApi, type WorkAbilities, type WorkView } from './contract.ts'
import { listKinds } from './forms.ts'
import * as store from './store.ts'

registerFileOwner('work', {
  async see(tx, id) {
    return can.see(tx.actor, await getVisible(tx, id))
  },
  async attach(tx, id) {
    return can.edit(tx.actor, await getVisible(tx, id))
  },
})

/** The work, if the caller may see it; somebody else's draft looks as if it did not exist. */
async function getVisible(tx: Tx, id: string): Promise<store.WorkRow> {
  const work = (await store.findWork(tx, id)) ?? refuseNotFound('作品')
  if (can.see(tx.actor, work) !== null) refuseNotFound('作品')
  return work
}

function abilitiesOf(actor: Actor, work: WorkForAccess): WorkAbilities {
  return {
    edit: can.edit(actor, work),
    submit: can.submit(actor, work),
    withdraw: can.withdraw(actor, work),
    discard: can.discard(actor, work),
    review: can.review(actor, work),
    reverse: can.reverse(actor, work),
  }
}

async function viewWork(tx: Tx, id: string): Promise<WorkView> {
  const work = await getVisible(tx, id)
  const kind = (await listKinds(tx)).find((candidate) => candidate.kind === work.kind)
  const versions = await store.listVersions(tx, work.id)
  const own = tx.actor.personId === work.personId
  // Others read what was handed in, never what the author is changing at the moment.
  const shown = own ? work : (versions[0] ?? work)
  return {
    ...actions.lineOf(
      { ...work, title: shown.title, characters: shown.characters },
      kind?.label ?? work.kind,
    ),
    body: shown.body,
    parts: shown.parts,
    form: kind?.parts ?? [],
    minimumCharacters: kind?.minimumCharacters ?? 0,
    draftVersion: work.draftVersion,
    versions,
    attachments: await listAttachmentsOf(tx, 'work', work.id),
    abilities: abilitiesOf(tx.actor, work),
  }
}

export const workRoom = room('work', workApi, {
  async listWorkKinds({ tx }) {
    return (await listKinds(tx)).filter((kind) => kind.inUse)
  },
  async listMyWorks({ tx }) {
    return tx.actor.personId ? actions.linesOf(tx, await store.listWorksOfPerson(tx, tx.actor.personId)) : []
  },
  async listWorks({ tx, input }) {
    const roles = tx.actor.roles
    const seesAll = (['academicOffice', 'researchOffice', 'principal', 'districtOfficer'] as const).some(
      (role) => roles.includes(role),
    )
    const { rows, total } = await store.listWorks(tx, {
      status: input.status,
      kind: input.kind,
      // Whoever reviews nobody still finds the own works here.
      personId: seesAll || tx.actor.leads.length > 0 ? input.personId : (tx.actor.personId ?? undefined),
      search: input.search,
      groupIds: seesAll || tx.actor.leads.length === 0 ? null : tx.actor.leads.map((lead) => lead.unitId),
      limit: input.limit,
    })
    return { works: await actions.linesOf(tx, rows), total }
  },
  listWorksToReview({ tx }) {
    return actions.listWorksToReview(tx)
  },
  getWork({ tx, input }) {
    return viewWork(tx, input.id)
  },
  startWork({ tx, input }) {
    return actions.startWork(tx, { kind: input.kind, ...(input.title ? { title: input.title } : {}) })
  },
  saveWork({ tx, input }) {
    return actions.saveWork(tx, input)
  },
  submitWork({ tx, input }) {
    return actions.submitWork(tx, input)
  },
  async withdrawWork({ tx, input }) {
    await actions.withdrawWork(tx, input)
    return {}
  },
  async discardWork({ tx, input }) {
    await actions.discardWork(tx, input)
    return {}
  },
  async acceptWork({ tx, input }) {
    await actions.acceptWork(tx, input)
    return {}
  },
  acceptWorks({ tx, input }) {
    return actions.acceptWorks(tx, input)
  },
  async returnWork({ tx, input }) {
    await actions.returnWork(tx, input)
    return {}
  },
  async reverseAcceptance({ tx, input }) {
    await actions.reverseAcceptance(tx, input)
    return {}
  },
})
