import type { FactKind } from '../facts.ts'
import { anyone, bodies, figure, text, yesNo } from './words.ts'

/** How the work is run: duties, conditions, guidance, notices, steps of flows. */
export const runningKinds = {
  'duty.assigned': {
    label: '职责落实到人',
    subjects: anyone,
    quantity: { unit: '项', label: '项数' },
    attributes: { duty: text('职责'), layer: text('管理层级'), role: text('职务') },
    room: 'duty',
  },
  'environment.registered': {
    label: '研修条件登记',
    subjects: ['organisation'],
    quantity: { unit: '项', label: '项数' },
    attributes: { environmentKind: text('条件类别') },
    room: 'duty',
  },
  'guidance.given': {
    label: '指导记录',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      guidanceKind: text('指导内容'),
      guide: text('指导人类别'),
      mode: text('指导方式'),
      answered: yesNo('已有答复'),
      beneficiary: text('受指导对象类别'),
    },
    room: 'trainer',
  },
  'problem.collected': {
    label: '问题收集与解答',
    subjects: anyone,
    quantity: { unit: '个', label: '个数' },
    attributes: { problemKind: text('问题类别'), answered: yesNo('已有办法'), shared: yesNo('提交集体讨论') },
    room: 'exchange',
  },
  'notice.sent': {
    label: '通知传达',
    subjects: bodies,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      noticeKind: text('通知类别'),
      readShare: figure('已读比例（百分数）'),
      caseId: text('所属事项'),
    },
    room: 'notice',
  },
  'step.done': {
    label: '流程步骤完成',
    subjects: anyone,
    quantity: { unit: '步', label: '步数' },
    attributes: {
      flow: text('流程'),
      step: text('步骤'),
      caseId: text('所属事项'),
      actor: text('办理人职务'),
      artefact: yesNo('留有材料'),
    },
    room: 'teaching',
  },
} satisfies Record<string, FactKind>
