import type { FactKind } from '../facts.ts'
import { anyone, bodies, levels, text, texts, yesNo } from './words.ts'

/** What is recognised: contests, prizes, titles, certificates, decisions. */
export const honourKinds = {
  'contest.held': {
    label: '评比、竞赛已举行',
    subjects: bodies,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      contest: text('评比'),
      theme: text('主题'),
      workKinds: texts('作品种类'),
      parts: texts('已有环节与材料'),
      titles: texts('评出的称号'),
    },
    room: null,
  },
  'contest.entered': {
    label: '参评作品已提交',
    subjects: ['person'],
    quantity: { unit: '件', label: '件数' },
    attributes: { contest: text('评比'), workKind: text('作品种类'), level: text('级别', levels) },
    room: null,
  },
  'prize.won': {
    label: '获奖',
    subjects: anyone,
    quantity: { unit: '项', label: '项数' },
    attributes: {
      contest: text('评比'),
      level: text('级别', levels),
      rank: text('等次'),
      workKind: text('作品种类'),
    },
    room: null,
  },
  'award.granted': {
    label: '表彰、奖励',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      award: text('称号或奖项'),
      awardKind: text('类别', ['spiritual', 'material', 'opportunity']),
      clause: text('依据条款'),
      level: text('级别', levels),
    },
    room: null,
  },
  'title.held': {
    label: '称号与资格',
    subjects: anyone,
    quantity: { unit: '个', label: '个数' },
    attributes: { title: text('称号'), level: text('级别', levels) },
    room: 'duty',
  },
  'certificate.issued': {
    label: '证书发放与登记',
    subjects: ['person'],
    quantity: { unit: '份', label: '份数' },
    attributes: { certificate: text('证书'), registered: yesNo('已登记入档'), caseId: text('所属事项') },
    room: null,
  },
  'decision.made': {
    label: '聘任、评优、奖惩决定',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      caseId: text('所属事项'),
      decision: text('决定类别'),
      clause: text('依据条款'),
      basis: texts('依据材料'),
      favourable: yesNo('有利于本人'),
      inOrder: yesNo('符合优先次序'),
    },
    room: null,
  },
} satisfies Record<string, FactKind>
