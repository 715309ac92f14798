import type { SimpleConditions } from '../../engine/simple-words.ts'
import type { RuleForm } from '../../server/regime/parts-contract.ts'

/** What a school most often wants to write, each with what is usual for it filled in. */
export interface Template {
  label: string
  about: string
  start: Partial<RuleForm>
  /** Kinds of records that come first in the list. */
  facts: string[]
}
/** No condition: all of them. */
export const whole: SimpleConditions = { join: 'all', conditions: [] }

export const templates: Template[] = [
  {
    label: '个人任务',
    about: '每人每期至少几篇、几次、几学时',
    facts: ['work.accepted', 'study.logged', 'lesson.observed', 'lesson.given', 'activity.attended'],
    start: { kind: 'quota', shape: 'amount', per: 'fortnight' },
  },
  {
    label: '活动频次',
    about: '小组或学校每期至少几次活动',
    facts: ['activity.held'],
    start: {
      kind: 'cadence',
      shape: 'amount',
      per: 'fortnight',
      binds: { of: 'unit', cohort: '', unitKinds: ['teachingResearchGroup'] },
      counts: { fact: 'activity.held', where: whole },
      unit: '次',
    },
  },
  {
    label: '固定时间',
    about: '每周固定在哪一天研修',
    facts: ['activity.held'],
    start: {
      kind: 'slot',
      shape: 'amount',
      per: 'week',
      binds: { of: 'unit', cohort: '', unitKinds: ['teachingResearchGroup'] },
      counts: {
        fact: 'activity.held',
        where: { join: 'all', conditions: [{ attribute: 'weekday', operator: 'equals', value: 3 }] },
      },
      unit: '次',
    },
  },
  {
    label: '计划、文件',
    about: '每期要有计划、总结、制度',
    facts: ['plan.filed', 'document.issued', 'report.submitted', 'archive.kept'],
    start: {
      kind: 'doc',
      shape: 'amount',
      per: 'term',
      binds: { of: 'organisation', cohort: '', unitKinds: [] },
      counts: {
        fact: 'plan.filed',
        where: { join: 'all', conditions: [{ attribute: 'paper', operator: 'is', value: 'plan' }] },
      },
      unit: '份',
    },
  },
  {
    label: '检查',
    about: '每期检查几次',
    facts: ['check.done', 'check.scored'],
    start: {
      kind: 'check',
      shape: 'amount',
      per: 'term',
      binds: { of: 'organisation', cohort: '', unitKinds: [] },
      counts: { fact: 'check.done', where: whole },
      unit: '次',
    },
  },
  {
    label: '必填内容',
    about: '每份记录都要写齐表单的各部分',
    facts: ['activity.held', 'plan.filed', 'work.accepted'],
    start: {
      kind: 'form',
      shape: 'form',
      per: 'term',
      binds: { of: 'unit', cohort: '', unitKinds: ['teachingResearchGroup'] },
      counts: { fact: 'activity.held', where: whole },
      unit: '次',
    },
  },
  {
    label: '次数限度',
    about: '缺席等满几次有什么后果',
    facts: ['activity.attended'],
    start: {
      kind: 'link',
      shape: 'limit',
      per: 'term',
      counts: {
        fact: 'activity.attended',
        where: { join: 'all', conditions: [{ attribute: 'status', operator: 'is', value: 'absent' }] },
      },
      unit: '次',
    },
  },
  {
    label: '评分',
    about: '几项得分按权重或积分合成，分出等次',
    facts: ['check.scored', 'evaluation.scored'],
    start: { kind: 'score', shape: 'score', per: 'schoolYear' },
  },
  {
    label: '由人确认',
    about: '系统没有办法计算，只能由人判断',
    facts: [],
    start: {
      kind: 'act',
      shape: 'manual',
      per: 'schoolYear',
      binds: { of: 'organisation', cohort: '', unitKinds: [] },
    },
  },
]

/** A rule in which nothing is decided yet. */
export const emptyRule = (cohort: string): RuleForm => ({
  kind: 'quota',
  shape: 'amount',
  title: '',
  clause: '',
  text: '',
  consequence: '',
  binds: { of: 'person', cohort, unitKinds: [] },
  per: 'term',
  counts: { fact: '', where: whole },
  of: 'subject',
  atLeast: 1,
  measure: 'count',
  unit: '',
  form: '',
  reaches: 3,
  result: '',
  scoring: 'weights',
  parts: [],
  bands: [],
  manual: '',
})
