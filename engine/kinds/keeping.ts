import type { FactKind } from '../facts.ts'
import { anyone, bodies, figure, text, texts, yesNo } from './words.ts'

/** What is kept: money, archives, booklets, libraries, courses, surveys, confirmations. */
export const keepingKinds = {
  'money.budgeted': {
    label: '经费预算',
    subjects: ['organisation'],
    quantity: { unit: '元', label: '金额' },
    attributes: { purpose: text('用途') },
    room: null,
  },
  'money.spent': {
    label: '经费支出',
    subjects: ['organisation'],
    quantity: { unit: '元', label: '金额' },
    attributes: {
      purpose: text('用途'),
      fund: text('经费来源'),
      registered: yesNo('已入帐'),
      receipt: yesNo('有凭证'),
    },
    room: null,
  },
  'money.reimbursed': {
    label: '报销',
    subjects: ['person', 'organisation'],
    quantity: { unit: '元', label: '报销金额' },
    attributes: {
      claimKind: text('报销类别'),
      cost: figure('实际费用'),
      limit: figure('限额或标准'),
      share: figure('报销比例（百分数）'),
      approved: yesNo('事前批准'),
      breached: yesNo('违反规定'),
      penalised: yesNo('已处理'),
    },
    room: null,
  },
  'archive.kept': {
    label: '档案归档',
    subjects: anyone,
    quantity: { unit: '份', label: '份数' },
    attributes: {
      archiveKind: text('档案类别'),
      holder: text('保管人'),
      parts: texts('已有材料'),
      complete: yesNo('整理齐全'),
    },
    room: null,
  },
  'booklet.issued': {
    label: '汇编成册',
    subjects: anyone,
    quantity: { unit: '册', label: '册数' },
    attributes: { bookletKind: text('类别'), distributed: yesNo('已发放'), workKinds: texts('收录作品种类') },
    room: null,
  },
  'library.added': {
    label: '资源入库',
    subjects: anyone,
    quantity: { unit: '件', label: '件数' },
    attributes: { category: text('资源类别'), libraryKind: text('资源库'), contributor: text('添加人类别') },
    room: null,
  },
  'course.developed': {
    label: '课程与教材开发',
    subjects: bodies,
    quantity: { unit: '门', label: '门数' },
    attributes: { courseKind: text('类别'), stage: text('阶段'), topicId: text('所属课题') },
    room: null,
  },
  'survey.held': {
    label: '问卷与调查',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: { surveyKind: text('调查类别'), respondents: texts('调查对象'), score: figure('得分') },
    room: 'need',
  },
  /** What people confirm by hand: rules held as manual, and the statement that an act is not due in a period. */
  'duty.confirmed': {
    label: '人工确认',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      rule: text('规则编号'),
      result: text('结果', ['done', 'notDone', 'notDue']),
      note: text('说明'),
    },
    room: 'regime',
  },
} satisfies Record<string, FactKind>
