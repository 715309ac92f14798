import { plainText } from '../kit/html.ts'
import type { PlanSection } from './contract.ts'
import type { Horizon, Paper, PlanLevel } from './words.ts'

const section = (key: string, label: string, hint: string, required: boolean): PlanSection => ({
  key,
  label,
  hint,
  required,
  clause: null,
})

/** The sections of each paper where no regime says otherwise. */
export const usualSections: Record<Paper, Record<PlanLevel, PlanSection[]>> = {
  plan: {
    organisation: [
      section('goals', '目标', '这一时期全校研修要达到什么', true),
      section('tasks', '任务', '为此做哪几件事', true),
      section('requirements', '实施要求', '谁负责、怎样做、做到什么程度', true),
      section('schedule', '工作安排', '按月或按周列出主要活动', false),
    ],
    group: [
      section('themes', '研修主题', '从本学科的实际问题出发', true),
      section('contents', '研修内容', '每次活动研究什么', true),
      section('measures', '措施', '怎样开展，谁负责', false),
      section('schedule', '活动安排', '每次活动的时间、内容和中心发言人', false),
    ],
    teacher: [
      section('growthGoal', '专业发展目标', '这一时期想在哪一点上有进步', true),
      section('contents', '研修内容', '学什么、研究什么', false),
      section('measures', '具体措施', '怎样做，什么时候完成', false),
    ],
  },
  summary: {
    organisation: summarySections('学校'),
    group: summarySections('本组'),
    teacher: summarySections('我'),
  },
}

function summarySections(who: string): PlanSection[] {
  return [
    section('achievements', '主要工作和成效', `对照计划，${who}做了什么，有什么成效`, true),
    section('problems', '存在的问题', '哪些没有做到，原因是什么', true),
    section('improvement', '改进措施', '下一步怎样改进', true),
    section('experience', '经验体会', '值得坚持和推广的做法', false),
  ]
}

/** What a regime states for a paper, in front of the usual sections, which then are free. */
export function joinSections(stated: PlanSection[], usual: PlanSection[]): PlanSection[] {
  if (stated.length === 0) return usual
  const keys = new Set(stated.map((one) => one.key))
  return [...stated, ...usual.filter((one) => !keys.has(one.key)).map((one) => ({ ...one, required: false }))]
}

const isEmpty = (html: string | undefined) => plainText(html ?? '') === ''

/** Required sections in which nothing stands. */
export function missingSections(form: PlanSection[], sections: Record<string, string>): PlanSection[] {
  return form.filter((one) => one.required && isEmpty(sections[one.key]))
}

/** Keys of the sections in which something stands. */
export function filledSections(sections: Record<string, string>): string[] {
  return Object.keys(sections)
    .filter((key) => !isEmpty(sections[key]))
    .sort()
}

const levelSigns: Record<PlanLevel, string> = { organisation: '校', group: '组', teacher: '教' }

/**
 * The series in which a paper gets its filing number: `2026-1-教` for plans of teachers in the first term that begins
 * in 2026, `…总` for summaries, `2026-年-校` and `2026-五年-教` for longer papers.
 */
export function filingSeries(paper: {
  paper: Paper
  level: PlanLevel
  horizon: Horizon
  year: string
  termNumber: number | null
}): string {
  const period =
    paper.horizon === 'term' ? String(paper.termNumber ?? 1) : paper.horizon === 'schoolYear' ? '年' : '五年'
  return `${paper.year}-${period}-${levelSigns[paper.level]}${paper.paper === 'summary' ? '总' : ''}`
}

export function filingNumber(series: string, number: number): string {
  return `${series}-${String(number).padStart(3, '0')}`
}

/** `林小满个人研修计划（2026—2027学年第一学期）` */
export function usualTitle(paper: {
  paper: Paper
  level: PlanLevel
  horizon: Horizon
  ownerName: string
  periodName: string
}): string {
  const what = paper.paper === 'plan' ? '计划' : '总结'
  const development = paper.horizon === 'fiveYears' && paper.level === 'teacher'
  const name = development
    ? `${paper.ownerName}专业发展五年规划`
    : paper.level === 'teacher'
      ? `${paper.ownerName}个人研修${what}`
      : paper.level === 'group'
        ? `${paper.ownerName}研修${what}`
        : `校本研修${what}`
  return `${name}（${paper.periodName}）`
}
