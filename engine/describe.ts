import { factKinds } from './facts.ts'
import { unitKinds } from './subjects.ts'
import type { FactKind } from './facts.ts'
import { describeCondition, valueWord } from './describe-condition.ts'
import { periodKinds } from './periods.ts'
import { blocksOf, minimaOf } from './schema.ts'
import type { Aim, Binds, Counts, Minimum, Regime, Rule, ScoreBlock } from './schema.ts'

/** A figure as people write it: no trailing noughts. */
const number = (value: number): string => String(Math.round(value * 1000) / 1000)
const ended = (sentence: string): string => (/[。！？]$/.test(sentence) ? sentence : `${sentence}。`)
const register = factKinds as Record<string, FactKind | undefined>

const periodWords: Record<string, string> = { ...periodKinds }
const perWord = (per: string): string => periodWords[per] ?? '每期'
const windowWords: Record<string, string> = { opening: '学期初', middle: '学期中', closing: '学期末' }
const makeUpWords: Record<string, string> = {
  none: '所缺的不能补',
  term: '所缺的可以在本学期内补上',
  schoolYear: '所缺的可以在本学年内补上',
}

/**
 * What a rule asks, in plain Chinese sentences made from its data alone, so that they can be read beside the words of
 * the document: whom it binds, how much in which period, what counts and what does not, what follows. Every block is
 * spoken of; what a later version of the language adds is listed by name and value. Never empty.
 */
export function describeRule(regime: Regime, rule: Rule): string[] {
  const speaker = speakerOf(regime)
  const sentences: string[] = []
  for (const block of blocksOf(rule)) {
    if (block === 'minimum') sentences.push(...minimumSentences(speaker, rule))
    else if (block === 'form') sentences.push(...formSentences(speaker, rule))
    else if (block === 'list') sentences.push(...listSentences(speaker, rule))
    else if (block === 'limit') sentences.push(...limitSentences(speaker, rule))
    else if (block === 'score') sentences.push(...scoreSentences(speaker, rule))
    else if (block === 'award') sentences.push(...awardSentences(speaker, rule))
    else if (block === 'body') sentences.push(...bodySentences(speaker, rule))
    else if (block === 'rotation') sentences.push(...rotationSentences(speaker, rule))
    else if (block === 'flow') sentences.push(...flowSentences(speaker, rule))
    else if (block === 'link') sentences.push(...linkSentences(speaker, rule))
    else if (block === 'share') sentences.push(...shareSentences(speaker, rule))
    else if (block === 'target') sentences.push(...targetSentences(speaker, rule))
    else if (block === 'manual') sentences.push(...manualSentences(speaker, rule))
    else sentences.push(...otherSentences(speaker, rule, block))
  }
  if (rule.months) sentences.push(`只看 ${rule.months.join('、')} 月。`)
  if (rule.phases) {
    const names = rule.phases.map((id) => regime.phases.find((phase) => phase.id === id)?.label ?? '指定阶段')
    sentences.push(`只看${names.join('、')}。`)
  }
  if (rule.eachFactOnce) sentences.push('同一条记录只能顶其中一项，不重复计算。')
  sentences.push(...exceptionSentences(speaker, rule))
  if (rule.inside.length > 0)
    sentences.push(
      ...rule.inside.map((inside) =>
        inside.counts
          ? `这些记录同时计入“${speaker.ruleTitle(inside.rule)}”。`
          : `这些记录只计入本条，不再计入“${speaker.ruleTitle(inside.rule)}”。`,
      ),
    )
  if (rule.consequence) sentences.push(ended(`后果：${rule.consequence}`))
  return sentences.length > 0 ? sentences : [ended(`${speaker.binds(rule.binds)}须做到“${rule.title}”`)]
}

interface Speaker {
  regime: Regime
  binds: (binds: Binds) => string
  counts: (counts: Counts) => string[]
  ruleTitle: (ruleId: string) => string
}

function speakerOf(regime: Regime): Speaker {
  const ruleTitle = (ruleId: string) => regime.rules.find((rule) => rule.id === ruleId)?.title ?? '另一条规则'
  const binds = (given: Binds): string => {
    if ('person' in given) {
      const label = regime.cohorts.find((cohort) => cohort.id === given.person)?.label ?? '教师'
      return /^(?:全体|全校|所有|各|每)/.test(label) ? label : `每位${label}`
    }
    if ('unit' in given) {
      const kinds = given.unit.map((kind) => unitKinds[kind] ?? '小组').join('或')
      return `每个${kinds}${given.when ? `（${describeCondition(regime, { of: 'unit' }, given.when)}）` : ''}`
    }
    return given.level === 'district' ? '区里' : '学校'
  }
  const counts = (list: Counts): string[] => {
    if (list === 'hours')
      return [
        `计入：${regime.hours.map((source) => source.label).join('、')}的时间，按 ${minutesOf(regime)} 分钟一学时折算。`,
      ]
    if (!Array.isArray(list)) {
      const table = regime.tables.find((one) => one.id === list.table)
      const cells = [...(list.categories ?? []), ...(list.levels ?? []), ...(list.topics ?? [])]
      return [
        `计入：按“${table?.label ?? '换算表'}”折算的${table?.unit ?? '数额'}${cells.length > 0 ? `（只算${cells.join('、')}）` : ''}。`,
      ]
    }
    return list.flatMap((count) => {
      const about = { of: 'fact' as const, kind: count.fact }
      const kind = register[count.fact]?.label ?? '有关记录'
      const where = count.where ? `（${describeCondition(regime, about, count.where)}）` : ''
      const everyone = { everyone: '全校的', members: '成员的' }[count.of as string] ?? ''
      const cap = count.maxPerFact === undefined ? '' : `，每条最多计 ${number(count.maxPerFact)}`
      return [
        `计入：${everyone}“${kind}”${where}${cap}。`,
        ...count.requires.map((required) =>
          ended(
            `其中必须${describeCondition(regime, about, required.when)}，否则按“${required.otherwise}”处理`,
          ),
        ),
      ]
    })
  }
  return { regime, binds, counts, ruleTitle }
}

const minutesOf = (regime: Regime): string => {
  const value = regime.settings.minutesPerHour?.value
  return number(typeof value === 'number' ? value : 45)
}

function minimumSentences(speaker: Speaker, rule: Rule): string[] {
  const minima = minimaOf(speaker.regime, rule)
  const counted = minima.map((minimum) => speaker.counts(minimum.counts))
  // Where all count the same, it is said once.
  const shared = minima.length > 1 && new Set(counted.map((one) => one.join(''))).size === 1
  return [
    ...minima.flatMap((minimum, index) => [
      ended(amountSentence(speaker, rule, minimum, minima.length > 1)),
      ...(shared ? [] : (counted[index] ?? [])),
      ...timing(minimum),
    ]),
    ...(shared ? (counted[0] ?? []) : []),
  ]
}

function amountSentence(speaker: Speaker, rule: Rule, minimum: Minimum, several: boolean): string {
  const name = `“${minimum.title}”`
  const each = minimum.per === 'termWindow' ? '各' : ''
  const days = minimum.measure === 'days' ? '（按不同的日子计）' : ''
  const minutes =
    minimum.measure === 'hours' && minimum.minutesPerUnit !== null
      ? `（${number(minimum.minutesPerUnit)} 分钟折一${minimum.unit}）`
      : ''
  const clause = several && minimum.clause !== rule.clause ? `（${minimum.clause}）` : ''
  return `${speaker.binds(minimum.binds)}${name}${perWord(minimum.per)}${each}不少于 ${number(minimum.atLeast)} ${minimum.unit}${days}${minutes}${clause}`
}

function timing(minimum: Minimum): string[] {
  const parts: string[] = []
  if (minimum.dueBy) parts.push(`最迟在${windowWords[minimum.dueBy] ?? '规定的时段'}结束前完成`)
  if (minimum.earlyDays > 0) parts.push(`开始前 ${minimum.earlyDays} 天内完成的也算`)
  if (minimum.graceDays > 0) parts.push(`到期后宽限 ${minimum.graceDays} 天`)
  if (minimum.maxPerPeriod !== null) parts.push(`每期最多计 ${number(minimum.maxPerPeriod)} ${minimum.unit}`)
  parts.push(makeUpWords[minimum.makeUp] ?? '')
  const said = parts.filter((part) => part !== '')
  return said.length > 0 ? [`${said.join('；')}。`] : []
}

function formSentences(speaker: Speaker, rule: Rule): string[] {
  const { form } = rule
  if (!form) return []
  const wanted = speaker.regime.forms.find((one) => one.id === form.form)
  const sections =
    wanted?.sections.filter((section) => section.required).map((section) => section.label) ?? []
  const share = form.share < 1 ? `至少 ${number(form.share * 100)}% 的记录` : '每一份记录都'
  const asked =
    sections.length > 0
      ? `${share}要写齐${wanted ? `《${wanted.label}》的` : ''}${sections.map((one) => `“${one}”`).join('、')}`
      : `${share}要符合下列条件`
  return [
    `${speaker.binds(rule.binds)}${perWord(form.per)}“${rule.title}”的有关记录，${asked}（按${form.unit}计）。`,
    ...speaker.counts(form.counts),
  ]
}

function listSentences(speaker: Speaker, rule: Rule): string[] {
  const { list } = rule
  if (!list) return []
  const vocabularies = speaker.regime.vocabularies as Record<string, { id: string; label: string }[]>
  const terms = (vocabularies[list.vocabulary] ?? [])
    .filter((term) => !list.terms || list.terms.includes(term.id))
    .map((term) => `“${term.label}”`)
  const asked =
    list.use === undefined
      ? `的每${list.unit}记录都要标明属于哪一类`
      : list.use === 'all'
        ? '的记录里下列各类都要有'
        : `的记录里下列各类至少要有 ${list.use} 类`
  return [
    `${speaker.binds(rule.binds)}${perWord(list.per)}${asked}：${terms.join('、')}。`,
    ...speaker.counts(list.counts),
  ]
}

function limitSentences(speaker: Speaker, rule: Rule): string[] {
  const { limit } = rule
  if (!limit) return []
  const forces = limit.forces
  return [
    `${speaker.binds(rule.binds)}“${rule.title}”${perWord(limit.per)}达到 ${number(limit.reaches)} ${limit.unit}的，结果为“${limit.result}”。`,
    ...speaker.counts(limit.counts),
    ...(limit.offsets
      ? speaker.counts(limit.offsets).map((sentence) => sentence.replace(/^计入：/, '可以抵去一次：'))
      : []),
    ...(forces
      ? [
          `“${speaker.ruleTitle(forces.rule)}”因此定为“${forces.grade}”，不看得分（先后次序 ${number(forces.rank)}）。`,
        ]
      : []),
  ]
}

function scoreSentences(speaker: Speaker, rule: Rule): string[] {
  const { score } = rule
  if (!score) return []
  const opening = `${speaker.binds(rule.binds)}${perWord(score.per)}评一次`
  const parts = score.parts
    ? [`${opening}，总分由各部分按权重相加。`, ...weightedSentences(speaker, score)]
    : [`${opening}，总分由各项积分相加。`, ...pointsSentences(speaker, score)]
  const bands = (score.bands ?? []).map((band) => {
    const from = `${number(band.from)} ${score.unit}及以上`
    return `${from}${band.below === undefined ? '' : `、不到 ${number(band.below)} ${score.unit}`}为“${band.grade}”`
  })
  return bands.length > 0 ? [...parts, `等次：${bands.join('；')}。`] : parts
}

const combineWords: Record<string, string> = { average: '取平均', sum: '相加', last: '取最后一次' }

function weightedSentences(speaker: Speaker, score: ScoreBlock): string[] {
  const parts = score.parts ?? []
  const total = parts.reduce((sum, part) => sum + part.weight, 0)
  return parts.flatMap((part) => {
    const voices = part.voices ?? []
    return [
      `“${part.label}”占 ${number((part.weight / total) * 100)}%，同一部分的多次得分${combineWords[part.combine] ?? '合并'}（${part.clause}）。`,
      ...(part.counts ? speaker.counts(part.counts) : []),
      ...(voices.length > 0
        ? [
            `由${voices.map((voice) => `${voice.label}（权重 ${number(voice.weight)}）`).join('、')}评分，缺一方不能合计。`,
          ]
        : []),
    ]
  })
}

const eachWords: Record<string, string> = { fact: '每次', hour: '每学时', quantity: '每计量单位' }

function pointsSentences(speaker: Speaker, score: ScoreBlock): string[] {
  return (score.points ?? []).flatMap((part) => [
    `“${part.label}”${eachWords[part.each] ?? '每次'}计 ${number(part.points)} ${score.unit}${
      part.max === undefined ? '' : `，最多 ${number(part.max)} ${score.unit}`
    }${part.required ? '，没有记录的不能合计' : ''}。`,
    ...speaker.counts(part.counts),
  ])
}

function awardSentences(speaker: Speaker, rule: Rule): string[] {
  const { award } = rule
  if (!award) return []
  const basis = `“${speaker.ruleTitle(award.rule)}”`
  const condition = award.grades
    ? `${basis}的等次为${award.grades.map((grade) => `“${grade}”`).join('或')}`
    : `${basis}达到 ${number(award.atLeast ?? 0)} 分`
  return [`${speaker.binds(rule.binds)}${condition}的，${award.result}。`]
}

function bodySentences(speaker: Speaker, rule: Rule): string[] {
  const { body } = rule
  if (!body) return []
  const kinds = body.unitKinds.map((kind) => unitKinds[kind] ?? '组织').join('或')
  const when = body.when ? `（${describeCondition(speaker.regime, { of: 'unit' }, body.when)}）` : ''
  const roles = body.roles.map((role) => `“${valueWord(speaker.regime, 'roles', role)}”`).join('或')
  return [
    `${speaker.binds(rule.binds)}设有${kinds}${when}不少于 ${number(body.atLeast)} ${body.unit}。`,
    ...(roles === '' ? [] : [`每${body.unit}都要有人担任${roles}。`]),
  ]
}

function rotationSentences(speaker: Speaker, rule: Rule): string[] {
  const { rotation } = rule
  if (!rotation) return []
  return [
    `${speaker.binds(rule.binds)}${perWord(rotation.per)}内轮流，成员人人轮到一次。`,
    ...speaker.counts(rotation.counts).map((one) => one.replace(/^计入：/, '轮到一次，指：')),
  ]
}

function flowSentences(speaker: Speaker, rule: Rule): string[] {
  const { flow } = rule
  if (!flow) return []
  const owed =
    flow.atLeast === undefined
      ? `凡开始了的，每${flow.unit}都要走完全部步骤`
      : `不少于 ${number(flow.atLeast)} ${flow.unit}，每${flow.unit}都要走完全部步骤`
  const steps = flow.steps.map((step, index) => {
    const within =
      step.withinDays === undefined
        ? ''
        : index === 0 && !flow.begins
          ? `（${number(step.withinDays)} 天内）`
          : `（前一步之后 ${number(step.withinDays)} 天内）`
    return `${index + 1}. ${step.label}${within}${step.optional ? '（可免）' : ''}`
  })
  return [
    `${speaker.binds(rule.binds)}“${rule.title}”${perWord(flow.per)}${owed}${flow.ordered ? '，先后不能颠倒' : ''}。`,
    ...(flow.begins
      ? speaker.counts(flow.begins).map((sentence) => sentence.replace(/^计入：/, '下列记录一出现就开始：'))
      : []),
    `步骤：${steps.join('；')}。`,
  ]
}

const strengthWords: Record<string, string> = {
  condition: '是必备条件，没有做到的不能办理',
  veto: '没有做到的一票否决',
  preference: '做到的优先',
  points: '按做到与否加分或扣分',
  basis: '是重要依据',
}

function linkSentences(speaker: Speaker, rule: Rule): string[] {
  const { link } = rule
  if (!link) return []
  const rules = link.rules.map((id) => `“${speaker.ruleTitle(id)}”`).join('、')
  const met = link.grades
    ? `（等次为${link.grades.join('或')}算做到）`
    : link.atLeast === undefined
      ? ''
      : `（达到 ${number(link.atLeast)} 算做到）`
  const points = [
    ...(link.points === undefined ? [] : [`做到的计 ${number(link.points)} 分`]),
    ...(link.pointsWhenMissed === undefined ? [] : [`没有做到的计 ${number(link.pointsWhenMissed)} 分`]),
  ]
  return [
    `${speaker.binds(rule.binds)}在${link.targets.join('、')}时，看${rules}${met}：${strengthWords[link.strength] ?? '作为参考'}。`,
    ...(points.length > 0 ? [`${points.join('，')}。`] : []),
  ]
}

function shareSentences(speaker: Speaker, rule: Rule): string[] {
  const { share } = rule
  if (!share) return []
  return [
    `${speaker.binds(rule.binds)}“${rule.title}”${perWord(share.per)}应占的比例不低于 ${number(share.atLeast * 100)}%。`,
    ...speaker.counts(share.part).map((sentence) => sentence.replace(/^计入：/, '分子：')),
    ...speaker.counts(share.whole).map((sentence) => sentence.replace(/^计入：/, '分母：')),
  ]
}

function targetSentences(speaker: Speaker, rule: Rule): string[] {
  const { target } = rule
  if (!target) return []
  const start = speaker.binds(rule.binds)
  return [{ title: rule.title, ...target }, ...target.also].flatMap((aim) =>
    aimSentences(speaker, `${start}“${aim.title}”${perWord(target.per)}`, aim),
  )
}

function aimSentences(speaker: Speaker, start: string, aim: Aim): string[] {
  const among = speaker.regime.cohorts.find((cohort) => cohort.id === aim.among)?.label ?? '教师'
  const amount = [
    ...(aim.share === undefined ? [] : [`${number(aim.share * 100)}%`]),
    ...(aim.people === undefined ? [] : [`${number(aim.people)} 人`]),
  ]
  const reached = aim.rule
    ? `做到“${speaker.ruleTitle(aim.rule)}”`
    : aim.when
      ? describeCondition(speaker.regime, { of: 'person' }, aim.when)
      : `下列各项都有：${(aim.each ?? []).map((one) => one.label).join('、')}`
  return [
    `${start}：${among}中至少 ${amount.length > 0 ? amount.join('、') : '全部'}达到要求，即${reached}。`,
    ...(aim.each ?? []).flatMap((one) =>
      speaker.counts(one.counts).map((sentence) => sentence.replace(/^计入：/, `“${one.label}”指：`)),
    ),
  ]
}

function manualSentences(speaker: Speaker, rule: Rule): string[] {
  // Some rules keep the numbers that people must look at.
  const amount =
    rule.atLeast === undefined
      ? ''
      : `${rule.per ? perWord(rule.per) : ''}不少于 ${number(rule.atLeast)}${rule.unit ? ` ${rule.unit}` : ''}，`
  return [
    `${speaker.binds(rule.binds)}须做到“${rule.title}”，${amount}由负责的人确认，系统不代为计算。`,
    ended(`原因：${rule.manual ?? '没有可以计算的数量'}`),
  ]
}

function exceptionSentences(speaker: Speaker, rule: Rule): string[] {
  return [...rule.exceptions]
    .sort((a, b) => a.rank - b.rank)
    .map((exception) => {
      const when = describeCondition(speaker.regime, { of: 'person' }, exception.when)
      const instead =
        exception.atLeast === undefined
          ? '免除'
          : `改为不少于 ${number(exception.atLeast)} ${rule.unit ?? ''}`
      return `例外：${when}的，${instead.trim()}；理由：${exception.because.replace(/。$/, '')}（${exception.clause}）。`
    })
}

// ── What a later version of the language adds ────────────────────────────────

/** Names of the values of a rule, for people; shared with the form in which a school changes them. */
export const valueLabels: Record<string, string> = {
  atLeast: '至少',
  atMost: '至多',
  reaches: '达到',
  per: '周期',
  dueBy: '最迟何时',
  earlyDays: '提前几天也算',
  graceDays: '宽限天数',
  makeUp: '能否补做',
  maxPerPeriod: '每期最多计',
  maxPerFact: '每条最多计',
  max: '最多计',
  min: '最少',
  minutesPerUnit: '折算分钟数',
  share: '应占比例（0—1）',
  weight: '权重',
  from: '起点（含）',
  to: '终点',
  below: '上限（不含）',
  rank: '先后次序',
  measure: '计量方式',
  combine: '多次得分怎样合并',
  each: '按什么计分',
  required: '是否必需',
  counts: '是否同时计入',
  grade: '等次',
  result: '结果',
  consequence: '后果',
  unit: '单位',
  day: '日期',
  date: '日期',
  days: '天数',
  within: '期限（天）',
  withinDays: '期限（天）',
  grants: '每次折算',
  people: '人数',
  points: '每次分值',
  pointsWhenMissed: '没有做到时的分值',
  leastVoices: '至少几方评分',
  missingVoice: '缺一方时',
  prorate: '在岗不满一期是否折算',
  eachFactOnce: '同一记录是否只计一次',
  months: '月份',
  ordered: '是否按先后',
  optional: '是否可免',
  use: '至少用到几类',
  worth: '每条折算',
  everybody: '是否全部参加',
  amount: '数额',
  perPerson: '每人数额',
  rate: '比率',
  percent: '百分比',
  factor: '系数',
  least: '最少',
  most: '最多',
  until: '截止',
  start: '开始',
  end: '结束',
  weekday: '星期几',
  weekdays: '星期几',
  year: '年份',
  month: '月份',
  times: '次数',
  hours: '学时',
  minutes: '分钟',
  size: '人数',
  average: '平均',
  score: '评分',
  parts: '组成部分',
  bands: '等次',
  minima: '要求',
  exceptions: '例外',
  limit: '限度',
  award: '评选',
  body: '组织机构',
  rotation: '轮流',
  form: '必填内容',
  list: '固定分类',
  forces: '强制定等',
  voices: '评价主体',
  grades: '等次',
  steps: '步骤',
  binds: '对象',
  inside: '包含关系',
  offsets: '抵消',
  takenAt: '按哪一天看',
  everyone: '范围',
  of: '范围',
}

/** What a block that is not known by name holds: its numbers and words with their names. */
function otherSentences(speaker: Speaker, rule: Rule, block: string): string[] {
  const content = (rule as Record<string, unknown>)[block]
  const said = [...new Set(leaves(content, []))].slice(0, 12)
  const name = valueLabels[block]
  return [
    `${speaker.binds(rule.binds)}须做到“${rule.title}”${name === undefined ? '' : `（${name}）`}${said.length > 0 ? `：${said.join('；')}` : ''}。`,
    ...countsWithin(content).flatMap((counts) => speaker.counts(counts)),
  ]
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function countsWithin(content: unknown): Counts[] {
  if (Array.isArray(content)) return content.flatMap(countsWithin)
  if (!isPlain(content)) return []
  return Object.entries(content).flatMap(([name, value]) => {
    if (Array.isArray(value) && value.every((one) => isPlain(one) && typeof one.fact === 'string'))
      return value.length > 0 ? [value as Counts] : []
    return name === 'counts' && value === 'hours' ? ['hours' as const] : countsWithin(value)
  })
}

function leaves(value: unknown, path: string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => leaves(one, path))
  if (isPlain(value)) {
    if (typeof value.fact === 'string') return []
    return Object.entries(value).flatMap(([name, one]) => leaves(one, [...path, name]))
  }
  const name = path.at(-1) ?? ''
  const label = valueLabels[name]
  if (typeof value === 'number') return [`${label ?? '数值'} ${number(value)}`]
  if (typeof value !== 'string') return []
  if (name in { per: 1, period: 1 }) return [`周期${perWord(value)}`]
  if (/[㐀-鿿]/.test(value)) return [label === undefined ? value : `${label}：${value}`]
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return [`${label ?? '日期'} ${value}`]
  return []
}
