import { refuse } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import * as actions from './actions.ts'
import { regulationApi, type RegulationOfRule } from './contract.ts'
import { listSheet, opinionSheet, regulationDocument } from './documents.ts'
import { compareVersion, findAnywhere, loadList, opinionsOf, viewRegulation } from './present.ts'
import * as store from './store.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const regulationRoom = room('regulation', regulationApi, {
  listRegulations: ({ tx, input }) => loadList(tx, input.ended),
  getRegulation: ({ tx, input }) => viewRegulation(tx, input.id, input.version),
  getComparison: ({ tx, input }) => compareVersion(tx, input),
  async findForRule({ tx, input }) {
    return (await store.listAllVersions(tx, { ruleId: input.ruleId }))
      .map((row) => actions.withStage(tx, row))
      .flatMap((version): RegulationOfRule[] =>
        version.stage === 'inForce' && version.inForceFrom !== null
          ? [
              {
                id: version.regulationId,
                title: version.title,
                documentNumber: version.documentNumber,
                inForceFrom: version.inForceFrom,
              },
            ]
          : [],
      )
  },
  listRuleChoices: ({ tx }) => actions.listRuleChoices(tx),
  startRegulation: ({ tx, input }) => actions.startRegulation(tx, input),
  startRevision: ({ tx, input }) => actions.startRevision(tx, input),
  saveDraft: ({ tx, input }) => actions.saveDraft(tx, input),
  async linkRules({ tx, input }) {
    await actions.linkRules(tx, input)
    return {}
  },
  async discardDraft({ tx, input }) {
    await actions.discardDraft(tx, input)
    return {}
  },
  async openConsultation({ tx, input }) {
    await actions.openConsultation(tx, input)
    return {}
  },
  async endConsultation({ tx, input }) {
    await actions.endConsultation(tx, input)
    return {}
  },
  giveOpinion: ({ tx, input }) => actions.giveOpinion(tx, input),
  async withdrawOpinion({ tx, input }) {
    await actions.withdrawOpinion(tx, input)
    return {}
  },
  async answerOpinion({ tx, input }) {
    await actions.answerOpinion(tx, input)
    return {}
  },
  approveRegulation: ({ tx, input }) => actions.approveRegulation(tx, input),
  async withdrawApproval({ tx, input }) {
    await actions.withdrawApproval(tx, input)
    return {}
  },
  async repealRegulation({ tx, input }) {
    await actions.repealRegulation(tx, input)
    return {}
  },
  async getRegulationFile({ tx, services, input }) {
    const data = regulationDocument(tx, await findAnywhere(tx, input.id, input.version))
    return {
      name: `${data.title}.pdf`,
      mediaType: 'application/pdf',
      body: () => services.typesetter.renderPdf('regulation/1', data),
      inline: true,
    }
  },
  async getRegulationListFile({ tx }) {
    const list = await loadList(tx, true)
    const sheets = [listSheet('制度', list.own)]
    if (list.district) sheets.push(listSheet(`${list.district.name}制度`, list.district.lines))
    return {
      name: `制度目录（${tx.today}）.xlsx`,
      mediaType: excel,
      body: await writeSpreadsheet({ sheets }),
    }
  },
  async getOpinionsFile({ tx, input }) {
    const found = await findAnywhere(tx, input.id, input.version)
    if (found.opinions.length === 0) refuse('这一版还没有意见，没有可以导出的内容。')
    return {
      name: `${found.version.title} 意见和答复.xlsx`,
      mediaType: excel,
      body: await writeSpreadsheet({ sheets: [opinionSheet(opinionsOf(tx, found))] }),
    }
  },
})
