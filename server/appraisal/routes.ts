import { demand } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { appraisalApi, type ScoreView } from './contract.ts'
import { checkKindLabels } from './words.ts'
import * as store from './store.ts'

async function labels(tx: Tx): Promise<(part: string, voice: string) => string> {
  const voices = new Map((await actions.listVoices(tx)).map((voice) => [voice.id, voice.label]))
  const checks: Record<string, string> = checkKindLabels
  return (part, voice) => (part === 'check' ? checks[voice] : voices.get(voice)) ?? voice
}

async function viewsOf(tx: Tx, rows: store.ScoreRow[]): Promise<ScoreView[]> {
  const label = await labels(tx)
  return rows.map(({ personId, personName, ...row }) => ({
    ...row,
    person: { id: personId, name: personName },
    voiceLabel: label(row.part, row.voice),
  }))
}

export const appraisalRoom = room('appraisal', appraisalApi, {
  async getScoreOptions({ tx }) {
    demand(can.seeAll(tx.actor))
    return {
      voices: await actions.listVoices(tx),
      people: await store.listPeopleWithGroup(tx),
      abilities: { record: can.record(tx.actor) },
    }
  },
  async listScoreSheets({ tx, input }) {
    demand(can.seeAll(tx.actor))
    const label = await labels(tx)
    const sheets = await store.listSheets(tx, input.part)
    return sheets.map((sheet) => ({ ...sheet, voiceLabel: label(sheet.part, sheet.voice) }))
  },
  async listScores({ tx, input }) {
    demand(can.seeAll(tx.actor))
    return viewsOf(tx, await store.listStanding(tx, input))
  },
  async listMyScores({ tx }) {
    return tx.actor.personId ? viewsOf(tx, await store.listOfPerson(tx, tx.actor.personId)) : []
  },
  recordScores({ tx, input }) {
    return actions.recordScores(tx, input)
  },
  async reverseScore({ tx, input }) {
    await actions.reverseScore(tx, input)
    return {}
  },
})
