/** Words of checks and evaluations, for server and pages. */
export const scorePartLabels = { check: '平时检查', evaluation: '考评' } as const
export type ScorePart = keyof typeof scorePartLabels
export const checkKindLabels = { scheduled: '定期检查', random: '随机抽查' } as const
/** Voices of an evaluation that every school knows; a regime may name its own. */
export const voiceLabels: Record<string, string> = {
  self: '教师自评',
  peers: '小组互评',
  principal: '校长导评',
  guidanceGroup: '指导组审评',
}
