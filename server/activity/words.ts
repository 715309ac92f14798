/** The closed lists of this room with their Chinese labels; without zod, so that pages may import them. */
export const scopeLabels = { organisation: '全校', group: '本组', body: '工作机构' } as const
export type Scope = keyof typeof scopeLabels
export const activityStatusLabels = {
  planned: '未开始',
  running: '进行中',
  closed: '已结束',
  cancelled: '已取消',
} as const
export type ActivityStatus = keyof typeof activityStatusLabels
export const attendanceLabels = {
  signedIn: '已签到',
  present: '出席',
  late: '迟到',
  leftEarly: '早退',
  onLeave: '请假',
  absent: '缺席',
} as const
export type AttendanceStatus = keyof typeof attendanceLabels
export const attendanceSourceLabels = {
  code: '扫码',
  number: '数字码',
  rollCall: '点名',
  parked: '断网暂存后补交',
  closing: '结束时认定',
  leave: '请假批准',
  paper: '纸质签到表',
} as const
export type AttendanceSource = keyof typeof attendanceSourceLabels
export const leaveKindLabels = {
  personal: '事假',
  sick: '病假',
  duty: '公差',
  study: '外出学习',
  family: '婚丧产假',
  other: '其他',
} as const
export type LeaveKind = keyof typeof leaveKindLabels
export const leaveAdviceLabels = { support: '建议批准', oppose: '建议不批准' } as const
export type LeaveAdvice = keyof typeof leaveAdviceLabels
export const leaveStatusLabels = {
  asked: '待审批',
  granted: '已批准',
  declined: '未批准',
  withdrawn: '已撤回',
} as const
export type LeaveStatus = keyof typeof leaveStatusLabels
export const makeUpStatusLabels = {
  due: '待补学',
  handedIn: '待确认',
  confirmed: '已确认',
  returned: '已退回',
} as const
export type MakeUpStatus = keyof typeof makeUpStatusLabels
