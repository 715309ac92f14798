/** Words of the register of regulations, for server and pages. */
/** Kinds that every school knows; a regime or the school's own list may name more. */
export const regulationKindLabels: Record<string, string> = {
  studyRegulation: '研修制度',
  lessonPreparation: '备课制度',
  teaching: '上课制度',
  homework: '作业批改制度',
  lessonObservation: '听评课制度',
  researchRoutine: '教研常规',
  researchManagement: '科研管理制度',
  attendance: '考勤制度',
  learning: '学习制度',
  appraisal: '考核评价方案',
  incentive: '奖惩制度',
  duties: '岗位职责',
  groupEvaluation: '教研组评价办法',
  backboneSelection: '骨干教师评选办法',
  creditRecognition: '学分认定办法',
  archives: '档案管理制度',
  other: '其他制度',
}

/** Where a version stands on a day. */
export const stageLabels = {
  draft: '草稿',
  announced: '即将征求意见',
  consultation: '征求意见中',
  answering: '意见已收齐',
  approved: '已批准，待施行',
  inForce: '施行中',
  replaced: '已被替代',
  repealed: '已废止',
} as const
export type Stage = keyof typeof stageLabels

export const stanceLabels = { support: '同意', change: '建议修改' } as const
export type Stance = keyof typeof stanceLabels

export const answerLabels = { adopted: '采纳', partly: '部分采纳', notAdopted: '未采纳' } as const
export type Answer = keyof typeof answerLabels

/** How clauses are numbered; chapters are 第一章 in each. */
export const numberingLabels = { article: '第一条', chinese: '一、', arabic: '1.' } as const
export type Numbering = keyof typeof numberingLabels

const digits = '零一二三四五六七八九'
/** `十二`, `一百零三`; up to 999. */
export function chineseNumber(number: number): string {
  if (number < 10) return digits[number] ?? ''
  if (number < 20) return `十${number % 10 === 0 ? '' : digits[number % 10]}`
  if (number < 100)
    return `${digits[Math.floor(number / 10)]}十${number % 10 === 0 ? '' : digits[number % 10]}`
  const rest = number % 100
  const hundreds = `${digits[Math.floor(number / 100)]}百`
  if (rest === 0) return hundreds
  if (rest < 10) return `${hundreds}零${digits[rest]}`
  return hundreds + (rest < 20 ? '一' : '') + chineseNumber(rest)
}

/** The numbers of clauses and chapters in their order: 第一章, 第一条 … Clauses count on through the chapters. */
export function labelsOf(clauses: readonly { kind: 'chapter' | 'clause' }[], numbering: Numbering): string[] {
  let chapters = 0
  let count = 0
  return clauses.map((clause) => {
    if (clause.kind === 'chapter') return `第${chineseNumber(++chapters)}章`
    count++
    if (numbering === 'arabic') return `${count}.`
    return numbering === 'article' ? `第${chineseNumber(count)}条` : `${chineseNumber(count)}、`
  })
}
