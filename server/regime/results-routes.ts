import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import type { Subject } from '../../engine/types.ts'
import { can } from './access.ts'
import {
  confirmationRoom,
  confirmDuty,
  getSubject,
  listDuties,
  withdrawConfirmation,
} from './confirmations.ts'
import { listCorrections } from './corrections.ts'
import { regimeResultsApi } from './results-contract.ts'
import { resultFile, resultsFile } from './results-export.ts'
import * as results from './results.ts'
import { findConfirmation } from './results-store.ts'

async function aboutConfirmation(tx: Tx, id: string) {
  const row = (await findConfirmation(tx, id)) ?? refuseNotFound('确认')
  const subject: Subject = { kind: row.subjectKind, id: row.subjectId }
  const { unitIds } = await getSubject(tx, subject)
  return { row, subject, unitIds }
}

// Proof of what somebody confirmed: a photograph, a scanned paper.
registerFileOwner(confirmationRoom, {
  async see(tx, id) {
    const { subject, unitIds } = await aboutConfirmation(tx, id)
    if (subject.kind === 'person') return can.seePerson(tx.actor, { id: subject.id, unitIds })
    return subject.kind === 'unit' ? can.seeGroup(tx.actor, subject.id) : can.seeSchool(tx.actor)
  },
  async attach(tx, id) {
    const { row, subject, unitIds } = await aboutConfirmation(tx, id)
    if (row.withdrawnAt !== null) return '这条确认已经撤回，不能再加附件。'
    return can.confirmDuty(tx.actor, { ...subject, unitIds })
  },
})

export const regimeResultsRoom = room('regimeResults', regimeResultsApi, {
  listDuties: ({ tx, input }) => listDuties(tx, input.subject),
  confirmDuty: ({ tx, input }) => confirmDuty(tx, input),
  async withdrawConfirmation({ tx, input }) {
    await withdrawConfirmation(tx, input)
    return {}
  },
  getCorrections: ({ tx, input }) => listCorrections(tx, input),
  listResults: ({ tx, input }) => results.listResults(tx, input),
  confirmResults: ({ tx, input }) => results.confirmResults(tx, input),
  getResult: ({ tx, input }) => results.getResult(tx, input.resultId),
  async getResultsFile({ tx, input }) {
    return resultsFile(await results.listResults(tx, input))
  },
  async getResultFile({ tx, input }) {
    return resultFile(await results.getResult(tx, input.resultId))
  },
})
