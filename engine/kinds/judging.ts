import type { FactKind } from '../facts.ts'
import { anyone, figure, organisers, text, texts, yesNo } from './words.ts'

/** How the work is judged: checks, evaluations, tests, points, credits. */
export const judgingKinds = {
  'check.scored': {
    label: '平时检查得分',
    subjects: anyone,
    quantity: { unit: '分', label: '得分（百分制）' },
    attributes: { checkKind: text('检查方式', ['scheduled', 'random', 'special']) },
    room: 'appraisal',
  },
  'check.done': {
    label: '检查、督导',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      checkKind: text('检查方式', ['scheduled', 'random', 'special']),
      object: text('检查对象'),
      checker: text('检查人职务'),
      parts: texts('检查内容'),
      followedUp: yesNo('问题已整改'),
      passed: yesNo('合格'),
    },
    room: 'lesson',
  },
  'evaluation.scored': {
    label: '考评得分',
    subjects: anyone,
    quantity: { unit: '分', label: '得分' },
    attributes: {
      voice: text('评价主体'),
      sheet: text('评价表'),
      criteria: texts('已评指标'),
      means: texts('评价手段'),
      timing: text('时机', ['scheduled', 'random', 'special']),
      section: text('部分'),
      commented: yesNo('有书面评语'),
      announced: yesNo('已通报'),
      caseId: text('所属事项'),
    },
    room: 'appraisal',
  },
  'test.taken': {
    label: '测试、考试',
    subjects: ['person'],
    quantity: { unit: '分', label: '得分' },
    attributes: {
      caseId: text('所属事项'),
      testKind: text('测试类别'),
      part: text('部分', ['theory', 'practice']),
      passed: yesNo('合格'),
      retake: yesNo('补考'),
      organiser: text('主办层级', organisers),
    },
    room: null,
  },
  'studentTest.held': {
    label: '学生测试与分析',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: { grade: text('年级'), papers: texts('附有材料'), passRate: figure('合格率（百分数）') },
    room: null,
  },
  'points.entered': {
    label: '积分、加减分',
    subjects: anyone,
    quantity: { unit: '分', label: '分数（扣分为负）' },
    attributes: {
      account: text('记入的考核'),
      reason: text('事由'),
      level: text('级别'),
      basis: text('依据文件'),
    },
    room: null,
  },
  'credit.recognised': {
    label: '学时学分认定',
    subjects: ['person'],
    quantity: { unit: '学分', label: '认定的学分或学时' },
    attributes: {
      category: text('类别'),
      level: text('级别'),
      topic: text('主题'),
      item: text('项目'),
      role: text('承担的角色'),
      reviewed: yesNo('已审核'),
    },
    room: null,
  },
} satisfies Record<string, FactKind>
