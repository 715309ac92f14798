import type { AttributeValue, SubjectKind } from './types.ts'

/**
 * The register of fact kinds: the only words that rooms and regimes share. A room never knows which rule counts
 * its facts; a rule never knows which room left them.
 */
export interface FactKind {
  label: string
  subjects: SubjectKind[]
  /** What `quantity` measures. */
  quantity: { unit: string; label: string }
  /** Attributes that a rule's condition may name, with the values where the list is closed. */
  attributes: Record<
    string,
    { label: string; type: 'string' | 'number' | 'boolean' | 'strings'; values?: string[] }
  >
  /** The room that leaves such facts; null while no room keeps these records yet. */
  room: string | null
}

type Attribute = FactKind['attributes'][string]
const text = (label: string, values?: string[]): Attribute =>
  values ? { label, type: 'string', values } : { label, type: 'string' }
const texts = (label: string): Attribute => ({ label, type: 'strings' })
const figure = (label: string): Attribute => ({ label, type: 'number' })
const yesNo = (label: string): Attribute => ({ label, type: 'boolean' })

const organisers = ['group', 'school', 'area', 'county', 'district', 'city', 'province', 'nation', 'college']
const levels = ['teacher', 'group', 'school', 'area', 'county', 'district', 'city', 'province', 'nation']

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

/** Everybody and everything that a fact may be about. */
const anyone: SubjectKind[] = ['person', 'unit', 'organisation']
const bodies: SubjectKind[] = ['unit', 'organisation']

export const factKinds = {
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
  'work.accepted': {
    label: '作品已采纳',
    subjects: anyone,
    quantity: { unit: '篇', label: '篇数' },
    attributes: {
      workKind: text('作品种类'),
      characters: figure('字数'),
      parts: texts('已填部分'),
      contentTags: texts('内容标签'),
      rating: text('评定'),
      original: yesNo('查重无抄袭'),
      topicId: text('所属课题'),
      basedOn: text('依据的活动或课'),
    },
    room: 'work',
  },
  'work.published': {
    label: '作品发表',
    subjects: anyone,
    quantity: { unit: '篇', label: '篇数' },
    attributes: { workKind: text('作品种类'), level: text('级别', levels), outlet: text('刊物或平台') },
    room: null,
  },
  'study.logged': {
    label: '个人研修',
    subjects: ['person'],
    quantity: { unit: '分钟', label: '时长' },
    attributes: {
      studyKind: text('研修类别', ['theory', 'professional', 'policy', 'network']),
      hasExcerpt: yesNo('有摘记'),
      sourceNoted: yesNo('注明出处'),
      contentTags: texts('内容标签'),
      modes: texts('研修方式'),
      selfChosen: yesNo('自选内容'),
      linkedToLesson: yesNo('联系课堂'),
    },
    room: 'study',
  },
  'book.read': {
    label: '读完一本书',
    subjects: ['person'],
    quantity: { unit: '本', label: '本数' },
    attributes: { bookKind: text('类别'), noteKept: yesNo('有读书笔记'), sourceNoted: yesNo('注明出处') },
    room: null,
  },
  'notebook.kept': {
    label: '学习笔记本',
    subjects: ['person'],
    quantity: { unit: '本', label: '本数' },
    attributes: { notebookKind: text('类别'), checked: yesNo('已检查') },
    room: null,
  },
  'plan.filed': {
    label: '计划、总结已备案',
    subjects: anyone,
    quantity: { unit: '份', label: '份数' },
    attributes: {
      paper: text('文种', ['plan', 'summary']),
      level: text('层级', ['organisation', 'group', 'teacher']),
      planKind: text('计划类别'),
      parts: texts('已填部分'),
      linkedUpward: yesNo('依据上级计划'),
      horizon: text('时限', [
        'term',
        'schoolYear',
        'calendarYear',
        'twoYears',
        'fiveYears',
        'programme',
        'phase',
      ]),
      filedWith: text('备案机关', ['school', 'district']),
      reviewed: yesNo('已审阅'),
      stamped: yesNo('已盖章'),
      topicId: text('所属课题'),
    },
    room: 'plan',
  },
  'document.issued': {
    label: '制度、文件施行',
    subjects: anyone,
    quantity: { unit: '份', label: '份数' },
    attributes: {
      documentKind: text('文件类别'),
      level: text('层级', levels),
      parts: texts('已有部分'),
      consulted: yesNo('经教师讨论'),
      approvedBy: text('批准人职务'),
    },
    room: 'regulation',
  },
  'report.submitted': {
    label: '报告已提交',
    subjects: anyone,
    quantity: { unit: '份', label: '份数' },
    attributes: {
      reportKind: text('报告类别'),
      to: text('报送对象'),
      afterDays: figure('事后第几天提交'),
      parts: texts('已有部分'),
      caseId: text('所属事项'),
    },
    room: null,
  },
  'duty.assigned': {
    label: '职责落实到人',
    subjects: anyone,
    quantity: { unit: '项', label: '项数' },
    attributes: { duty: text('职责'), layer: text('管理层级'), role: text('职务') },
    room: null,
  },
  'environment.registered': {
    label: '研修条件登记',
    subjects: ['organisation'],
    quantity: { unit: '项', label: '项数' },
    attributes: { environmentKind: text('条件类别') },
    room: null,
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
    room: null,
  },
  'problem.collected': {
    label: '问题收集与解答',
    subjects: anyone,
    quantity: { unit: '个', label: '个数' },
    attributes: { problemKind: text('问题类别'), answered: yesNo('已有办法'), shared: yesNo('提交集体讨论') },
    room: null,
  },
  'notice.sent': {
    label: '通知传达',
    subjects: bodies,
    quantity: { unit: '次', label: '次数' },
    attributes: { noticeKind: text('通知类别'), readShare: figure('已读比例（百分数）') },
    room: null,
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
    room: null,
  },
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
    room: null,
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
  'lesson.given': {
    label: '上课',
    subjects: ['person', 'unit'],
    quantity: { unit: '节', label: '节数' },
    attributes: {
      lessonKind: text('课型'),
      scope: text('范围', ['group', 'organisation', 'area', 'district', 'city', 'province']),
      contentTags: texts('内容标签'),
      parts: texts('已有部分'),
      guided: yesNo('有指导教师'),
      topicId: text('所属课题'),
      caseId: text('所属事项'),
    },
    room: null,
  },
  'lesson.prepared': {
    label: '备课',
    subjects: ['person', 'unit'],
    quantity: { unit: '份', label: '份数' },
    attributes: {
      parts: texts('已有部分'),
      collective: yesNo('集体备课'),
      adapted: yesNo('有个人修改'),
      contentTags: texts('内容标签'),
    },
    room: null,
  },
  'lesson.observed': {
    label: '听课',
    subjects: ['person'],
    quantity: { unit: '节', label: '节数' },
    attributes: {
      lessonKind: text('课型'),
      noteKept: yesNo('有听课记录'),
      feedbackGiven: yesNo('已反馈'),
      feedbackAfterDays: figure('课后第几天反馈'),
      feedbackParts: texts('反馈内容'),
      dropIn: yesNo('随时听课'),
      contentTags: texts('内容标签'),
      caseId: text('所属事项'),
    },
    room: null,
  },
  'topic.approved': {
    label: '课题立项',
    subjects: anyone,
    quantity: { unit: '项', label: '项数' },
    attributes: {
      level: text('级别', levels),
      approvedBy: text('批准层级', levels),
      linkedUpward: yesNo('属于上级课题'),
      combined: yesNo('由小课题合并'),
      topicKind: text('课题类别'),
      topicId: text('课题'),
      stage: text('阶段'),
    },
    room: null,
  },
  'topic.joined': {
    label: '参加课题',
    subjects: ['person'],
    quantity: { unit: '项', label: '项数' },
    attributes: {
      role: text('角色', ['leader', 'member']),
      level: text('级别', levels),
      topicId: text('课题'),
    },
    room: null,
  },
  'topic.concluded': {
    label: '课题结题',
    subjects: anyone,
    quantity: { unit: '项', label: '项数' },
    attributes: {
      level: text('级别', levels),
      onTime: yesNo('按期'),
      topicId: text('课题'),
      parts: texts('已有材料'),
    },
    room: null,
  },
  'mentoring.paired': {
    label: '师徒结对',
    subjects: ['person'],
    quantity: { unit: '对', label: '对数' },
    attributes: { role: text('角色', ['mentor', 'apprentice']) },
    room: null,
  },
  'mentoring.recorded': {
    label: '师徒活动记录',
    subjects: ['person'],
    quantity: { unit: '次', label: '次数' },
    attributes: { role: text('角色', ['mentor', 'apprentice']), recordKind: text('记录类别') },
    room: null,
  },
  'outing.returned': {
    label: '外出研修归来',
    subjects: ['person'],
    quantity: { unit: '次', label: '次数' },
    attributes: {
      level: text('级别', levels),
      outingKind: text('类别'),
      reportAfterDays: figure('归来第几天汇报'),
      papers: texts('交回材料'),
      shared: yesNo('已在校内传达'),
      caseId: text('所属事项'),
    },
    room: null,
  },
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
    room: null,
  },
  'certificate.issued': {
    label: '证书发放与登记',
    subjects: ['person'],
    quantity: { unit: '份', label: '份数' },
    attributes: { certificate: text('证书'), registered: yesNo('已登记入档') },
    room: null,
  },
  'decision.made': {
    label: '聘任、评优、奖惩决定',
    subjects: anyone,
    quantity: { unit: '次', label: '次数' },
    attributes: {
      decision: text('决定类别'),
      clause: text('依据条款'),
      basis: texts('依据材料'),
      favourable: yesNo('有利于本人'),
      inOrder: yesNo('符合优先次序'),
    },
    room: null,
  },
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
    attributes: { category: text('资源类别'), libraryKind: text('资源库') },
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
    room: null,
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

export type FactKindName = keyof typeof factKinds

/** An attribute that a condition over people or units may name. */
export interface SubjectAttribute {
  label: string
  type: 'string' | 'number' | 'boolean' | 'strings'
  values?: string[]
  /** What holds when nothing is on record; without it a cohort that asks for the attribute cannot be decided. */
  assume?: AttributeValue
}

/** Attributes of people: dated values of the staff register, and what the engine derives from them on a day. */
export const personAttributes = {
  gender: { label: '性别', type: 'string' },
  birthDate: { label: '出生日期', type: 'string' },
  staffKind: { label: '人员类别', type: 'string', values: ['teaching', 'support'], assume: 'teaching' },
  subject: { label: '任教学科', type: 'string', assume: '' },
  grade: { label: '任教年级', type: 'string', assume: '' },
  title: { label: '职称', type: 'string', assume: '' },
  joinedOn: { label: '到校日期', type: 'string' },
  firstAppointedOn: { label: '参加工作日期', type: 'string' },
  backboneLevel: { label: '骨干级别', type: 'string', assume: '' },
  growthStep: { label: '成长阶段', type: 'string', assume: '' },
  putonghuaLevel: { label: '普通话等级', type: 'string', assume: '' },
  degree: { label: '学历', type: 'string', assume: '' },
  cycleStartYear: { label: '五年周期起始年', type: 'number' },
  classTeacher: { label: '班主任', type: 'boolean', assume: false },
  // Derived: full years from `birthDate`, from `joinedOn` and from `firstAppointedOn` to the day.
  age: { label: '年龄', type: 'number' },
  yearsInSchool: { label: '到校年数', type: 'number' },
  yearsTeaching: { label: '从教年数', type: 'number' },
  // Derived: roles of the posts and kinds of the units on the day.
  roles: { label: '职务', type: 'strings', assume: [] },
  unitKinds: { label: '所在组织', type: 'strings', assume: [] },
} satisfies Record<string, SubjectAttribute>

/** Attributes of units that a condition may name. */
export const unitAttributes = {
  name: { label: '名称', type: 'string' },
  kind: { label: '类别', type: 'string' },
  subject: { label: '学科', type: 'string', assume: '' },
} satisfies Record<string, SubjectAttribute>

/** Kinds of units that a rule may bind, with their names for people. */
export const unitKinds: Record<string, string> = {
  teachingResearchGroup: '教研组',
  lessonPreparationGroup: '备课组',
  gradeGroup: '年级组',
  trainingGroup: '培训组',
  topicGroup: '课题组',
  body: '工作机构',
  department: '处室',
}
