import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { vocabularyApi } from './contract.ts'
import { sourceLabels } from './words.ts'

export const vocabularyRoom = room('vocabulary', vocabularyApi, {
  async listVocabularies({ tx }) {
    return { ...(await actions.loadVocabularies(tx)), abilities: { edit: can.edit(tx.actor) } }
  },
  addTerm: ({ tx, input }) => actions.addTerm(tx, input),
  async saveTerm({ tx, input }) {
    await actions.saveTerm(tx, input)
    return {}
  },
  async retireTerm({ tx, input }) {
    await actions.retireTerm(tx, input)
    return {}
  },
  async restoreTerm({ tx, input }) {
    await actions.restoreTerm(tx, input)
    return {}
  },
  async orderTerms({ tx, input }) {
    await actions.orderTerms(tx, input)
    return {}
  },
  async getVocabularyFile({ tx }) {
    const { vocabularies, schoolYear } = await actions.loadVocabularies(tx)
    const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
    return {
      name: `研修词表（${tx.today}）.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: await writeSpreadsheet({
        sheets: vocabularies
          .filter((vocabulary) => vocabulary.terms.length > 0)
          .map((vocabulary) => ({
            name: vocabulary.label,
            columns: [
              text('名称', 26),
              text('分组', 18),
              text('来源', 14),
              text('制度', 34),
              text('条款', 12),
              text('制度原词', 26),
              text('对应区制度', 26),
              { title: `${schoolYear ?? '本学年'}使用`, width: 22, kind: 'integer' as const },
              text('停用', 14),
            ],
            rows: vocabulary.terms.map((term) => [
              term.label,
              term.group,
              sourceLabels[term.source],
              term.regimeTitle,
              term.clause,
              term.regimeLabel,
              vocabulary.others.find((one) => one.id === term.standsFor)?.label ?? null,
              term.uses,
              term.inUse ? null : term.retiredOn,
            ]),
          })),
      }),
    }
  },
})
