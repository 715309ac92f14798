import { demand, refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Actor } from '../kit/sql.ts'
import { findPerson, listUnitsOfPerson } from '../org/store.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { studyApi, type StudyEntryView } from './contract.ts'
import { earliestDay } from './rules.ts'
import * as store from './store.ts'

function viewOf(actor: Actor, { personId: _, ...entry }: store.StudyRow): StudyEntryView {
  return {
    ...entry,
    abilities: { withdraw: can.withdraw(actor, { personId: _, withdrawnAt: entry.withdrawnAt }) },
  }
}

export const studyRoom = room('study', studyApi, {
  async listMyStudy({ tx, input }) {
    const rows = tx.actor.personId ? await store.listEntries(tx, tx.actor.personId, input.from) : []
    const last = [...rows].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0]
    return {
      entries: rows.map((row) => viewOf(tx.actor, row)),
      lastKind: last?.kind ?? 'theory',
      lastMinutes: last?.minutes ?? 45,
      earliest: earliestDay(tx.today),
    }
  },
  async listStudyOf({ tx, input }) {
    const person = (await findPerson(tx, input.personId)) ?? refuseNotFound('人员')
    const units = await listUnitsOfPerson(tx, person.id, tx.today)
    demand(can.see(tx.actor, { personId: person.id, groupIds: units.map((unit) => unit.id) }))
    return (await store.listEntries(tx, person.id, input.from)).map((row) => viewOf(tx.actor, row))
  },
  logStudy({ tx, input }) {
    return actions.logStudy(tx, input)
  },
  async withdrawStudy({ tx, input }) {
    await actions.withdrawStudy(tx, input)
    return {}
  },
})
