/** Words of notices and messages, for server and pages. */

/** Kinds of notice that every school has; a regime may name more. */
export const noticeKindLabels = {
  general: '日常通知',
  meeting: '会议和活动',
  document: '文件转发',
  degreeStudy: '学历进修宣传',
  callForPapers: '征文和论文评选',
  training: '外出培训',
  checkResult: '检查结果通报',
} as const

export const noticeStatusLabels = {
  draft: '草稿',
  sent: '已发出',
  closed: '已结束',
  withdrawn: '已撤回',
} as const
export type NoticeStatus = keyof typeof noticeStatusLabels

/** Everybody, or those with a certain duty; in the school, or in each of the district's schools. */
export const wholeLabels = {
  everybody: '全体教职工',
  leaders: '教研组长、备课组长',
  principals: '校长、副校长和教导处',
} as const
export type Whole = keyof typeof wholeLabels

export const changeLabels = {
  sent: '发出',
  corrected: '更正',
  reminded: '提醒未读',
  closed: '结束统计',
  withdrawn: '撤回',
} as const
export type NoticeChange = keyof typeof changeLabels

/** What a reminder is about. */
export const reminderKindLabels = {
  duty: '要做的事',
  activity: '活动',
  change: '活动变动',
  makeUp: '补学',
  returned: '退回修改',
  regulation: '制度',
  decision: '等您处理',
} as const
export type ReminderKind = keyof typeof reminderKindLabels

export const securityLabels = {
  tls: '加密连接（SSL/TLS，常用端口 465）',
  startTls: '先连接再加密（STARTTLS，常用端口 587）',
  none: '不加密（只用于校内，常用端口 25）',
} as const
export type Security = keyof typeof securityLabels

export const deliveryKindLabels = {
  digest: '每日汇总',
  notice: '通知',
  code: '邮箱验证码',
  test: '测试邮件',
} as const
export type DeliveryKind = keyof typeof deliveryKindLabels

export const deliveryStatusLabels = {
  waiting: '等待发送',
  sending: '正在发送',
  delivered: '已送出',
  failed: '没有送到',
  cancelled: '不再发送',
} as const
export type DeliveryStatus = keyof typeof deliveryStatusLabels
