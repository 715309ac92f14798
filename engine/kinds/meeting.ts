import type { FactKind } from '../facts.ts'
import { bodies, figure, levels, organisers, text, texts, yesNo } from './words.ts'

const activityAttributes: FactKind['attributes'] = {
  activityKind: text('活动类别'),
  form: text('活动形式'),
  contentTags: texts('内容标签'),
  modes: texts('研修方式'),
  scope: text('范围', ['organisation', 'group', 'body', 'area', 'district']),
  theme: text('主题'),
  unitId: text('组织单位'),
  organiser: text('主办层级', organisers),
  audience: texts('面向的人群'),
  topicId: text('所属课题'),
}

/** What people do together: activities, attendance, leave. */
export const meetingKinds = {
  'activity.held': {
    label: '活动已举行',
    subjects: bodies,
    quantity: { unit: '分钟', label: '时长' },
    attributes: {
      ...activityAttributes,
      minutesParts: texts('记录已填部分'),
      hostNamed: yesNo('有主持人'),
      speakerNamed: yesNo('有中心发言人'),
      settledItems: texts('已落实事项'),
      papers: texts('附有材料'),
      movedFrom: text('原定日期'),
      moveReason: text('调整原因'),
      dayPart: text('时段', ['morning', 'afternoon', 'afterSchool', 'evening']),
      leadDays: figure('材料提前天数'),
      planned: yesNo('对应计划事项'),
      needBased: yesNo('依据需求诊断'),
      clashes: yesNo('与课表冲突'),
      inWorkingHours: yesNo('在工作时间内'),
      trainers: texts('主讲人类别'),
      trainerLevel: text('主讲人级别', levels),
      partners: texts('合作单位类别'),
      followsOuting: yesNo('紧接外出研修'),
      caseId: text('所属事项'),
      subject: text('学科'),
      outcomes: texts('形成的成果'),
    },
    room: 'activity',
  },
  'activity.attended': {
    label: '参加活动',
    subjects: ['person'],
    quantity: { unit: '分钟', label: '时长' },
    attributes: {
      ...activityAttributes,
      status: text('出勤', ['present', 'late', 'leftEarly', 'onLeave', 'absent']),
      noteKept: yesNo('有笔记'),
    },
    room: 'activity',
  },
  'attendance.madeUp': {
    label: '补学已确认',
    subjects: ['person'],
    quantity: { unit: '分钟', label: '补学时长' },
    attributes: { ...activityAttributes, missedStatus: text('原出勤') },
    room: 'activity',
  },
  'leave.approved': {
    label: '请假已批准',
    subjects: ['person'],
    quantity: { unit: '次', label: '次数' },
    attributes: { leaveKind: text('假别'), approvedBy: text('批准人职务'), beforehand: yesNo('事前申请') },
    room: 'activity',
  },
  'activity.spoke': {
    label: '中心发言',
    subjects: ['person'],
    quantity: { unit: '次', label: '次数' },
    attributes: { ...activityAttributes, speechKind: text('发言类别'), minutes: figure('用时（分钟）') },
    room: 'activity',
  },
} satisfies Record<string, FactKind>
