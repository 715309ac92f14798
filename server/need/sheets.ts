import { demand, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import type { CellValue, Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import { resultsOf } from './actions.ts'
import type { Overview } from './contract.ts'
import { loadLayers } from './layers.ts'
import * as store from './store.ts'

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const count = (title: string) => ({ title, width: 12, kind: 'integer' as const })
const hours = (title: string) => ({ title, width: 12, kind: 'decimal' as const })

/** Counts of a survey, and what everybody answered: by name, or (anonymous) in no order. */
export async function surveySheets(tx: Tx, id: string): Promise<{ title: string; sheets: Sheet[] }> {
  const survey = (await store.findSurvey(tx, id)) ?? refuseNotFound('问卷')
  const asked = await store.listAsked(tx, survey.id)
  const isAsked = asked.some((one) => one.personId === tx.actor.personId)
  demand(can.see(tx.actor, survey, isAsked))
  demand(can.seeResults(tx.actor, survey, isAsked))
  const { results, answers } = await resultsOf(tx, survey)
  const layers = await loadLayers(tx)
  const counts: Sheet = {
    name: '汇总',
    columns: [
      text('题目', 40),
      text('选项', 30),
      count('合计'),
      ...results.layers.map((layer) => count(layer.label)),
    ],
    rows: [
      ['应答人数', '', results.asked, ...results.layers.map((layer) => layer.asked)],
      ['已答人数', '', results.answered, ...results.layers.map((layer) => layer.answered)],
      ...results.questions.flatMap((question): CellValue[][] =>
        question.options.map((option) => [question.label, option.label, option.count, ...option.byLayer]),
      ),
    ],
  }
  // Single answers are for those who draw up the plan, and never before an anonymous survey may be counted.
  if (can.organise(tx.actor) !== null || results.hidden !== null)
    return { title: survey.title, sheets: [counts] }
  const single: Sheet = {
    name: '逐份',
    columns: [
      ...(survey.anonymous ? [] : [text('姓名', 12), text('层次', 24)]),
      ...survey.questions.map((question) => text(question.label, 30)),
    ],
    rows: answers.map((answer) => [
      ...(survey.anonymous
        ? []
        : [answer.personName, answer.layers.map((layer) => layers.labelOf(layer)).join('、')]),
      ...survey.questions.map((question) => {
        const given = answer.answers[question.id] ?? []
        return question.kind === 'text'
          ? (given[0] ?? '')
          : given.map((one) => question.options.find((option) => option.id === one)?.label ?? one).join('、')
      }),
    ]),
  }
  return { title: survey.title, sheets: [counts, single] }
}

/** The plan as a table: layer by layer, module by module, with how far each has come. */
export function planSheet(overview: Overview): Sheet {
  const inHours = (minutes: number) => Math.round((minutes / overview.minutesPerHour) * 10) / 10
  return {
    name: '培训计划',
    columns: [
      text('层次', 14),
      text('模块', 32),
      text('内容', 16),
      text('形式', 16),
      text('负责人', 12),
      text('组织', 16),
      hours('计划学时'),
      hours('已办学时'),
      count('已办次数'),
      count('层内人数'),
      count('参加过'),
      { title: '到会率', width: 10, kind: 'percent' },
      text('指导课程', 10),
      text('依据', 40),
    ],
    rows: overview.modules
      .toSorted((a, b) => (a.layer < b.layer ? -1 : a.layer > b.layer ? 1 : 0))
      .map((module) => [
        module.layerLabel,
        module.title,
        module.tagLabel,
        module.formLabel,
        module.responsibleName,
        module.unitName || '全校',
        inHours(module.plannedMinutes),
        inHours(module.progress.heldMinutes),
        module.progress.held,
        module.progress.people,
        module.progress.reached,
        module.progress.ratePerMille === null ? null : module.progress.ratePerMille / 1000,
        module.guidanceCourse ? '有' : '',
        [module.surveyTitle, ...module.weaknesses.map((one) => one.text)]
          .filter((part) => part !== '')
          .join('；'),
      ]),
  }
}
