import type { Chance } from './chance.ts'
import type { Lesson } from './lessons.ts'

/** Texts that the demo's people write: assembled from their lessons, so that no two read alike. */

const openings = [
  (l: Lesson) => `这周在${l.grade}上了${l.title}。课前我自以为准备得充分，下课铃响时心里却不踏实。`,
  (l: Lesson) => `${l.title}是第二次教了，去年的教案拿出来几乎没改，结果学生给我上了一课。`,
  (l: Lesson) => `上完${l.title}，我把学生的练习一本本翻过来看，有几处让我坐不住。`,
  (l: Lesson) => `组里约好这两周都盯着同一个问题：学生到底有没有真的在想。我选了${l.title}来看。`,
  (l: Lesson) => `今天有三位同事来听${l.title}，评课时说的话，有一句我记到现在。`,
  (l: Lesson) => `${l.title}教完第二天，我请五个孩子到走廊上聊了十分钟。`,
]
const findings = [
  (l: Lesson) => `最明显的问题是：${l.stumble}。我当时用一句“再想想”带了过去，其实是自己没有想好怎么接。`,
  (l: Lesson) =>
    `课上到一半，我发现${l.stumble}。几个反应快的孩子把答案说了出来，我便顺势往下走，后面十几个人就这样被落下了。`,
  (l: Lesson) => `作业里看得清楚，${l.stumble}。这不是哪一个孩子的粗心，是我的环节里少了一步。`,
  (l: Lesson) => `回看录像才注意到，${l.stumble}，而我在那几分钟里一直在讲。`,
]
const causes = [
  '想来想去，根子还在备课：我备的是自己怎么讲，没有备他们会怎么想。',
  '原因不复杂：任务给得太碎，孩子只顾着完成，没有机会把想法说完整。',
  '我把“学过”当成了“学会”，前面那点旧知识其实并没有站稳。',
  '问题问得太大，答的人只好猜老师要什么。',
  '时间分得不好，导入占了十二分钟，真正要啃的地方只剩一刻钟。',
  '评价的话太单一，“很好”“不错”说多了，孩子就不知道好在哪里。',
]
const remedies = [
  (l: Lesson) => `第二个班我改了做法：${l.remedy}。效果比预想的好，平时不举手的几个孩子也开了口。`,
  (l: Lesson) => `和同组老师商量以后，打算这样改：${l.remedy}。下周在另一个班再试一次，请组里来看。`,
  (l: Lesson) => `后来我试着${l.remedy}，课后再做同样的两道题，错的人少了一多半。`,
  (l: Lesson) => `下一次我会先${l.remedy}，哪怕少讲一个例子，也要让每个人都动起来。`,
]
const closings = [
  '不足之处还有板书：写得满，重点反而看不见，下次只留三行。',
  '需要改进的是追问，孩子说了半句我就替他说完了后半句，这个毛病要改。',
  '还有一点没有做到：学困生的那一份任务我没有单独设计，下次补上。',
  '一节课不可能样样都好，但每次只改一处、改到底，一学期下来就是十处。',
  '读书会上摘过一句话，大意是教学的起点是学生已经知道的东西，这次才算真的明白。',
  '把这些写下来，是怕自己忘；下个学期再教到这里，先翻这一页。',
]

/** One sentence of a bank, or two different ones. */
function some(chance: Chance, bank: string[], shareOfTwo: number): string {
  return chance
    .shuffle(bank)
    .slice(0, chance.happens(shareOfTwo) ? 2 : 1)
    .join('')
}

/** A reflection on a lesson as HTML, some 250 to 450 characters. */
export function reflectionText(chance: Chance, lesson: Lesson): string {
  const paragraphs = [
    chance.pick(openings)(lesson) + chance.pick(findings)(lesson),
    some(chance, causes, 0.4),
    chance.pick(remedies)(lesson),
    some(chance, closings, 0.5),
  ]
  return [...new Set(paragraphs)].map((text) => `<p>${text}</p>`).join('')
}

export function reflectionTitle(chance: Chance, lesson: Lesson): string {
  return chance.pick([
    `${lesson.title}教后记`,
    `“慢一点”的收获——教${lesson.title}有感`,
    `${lesson.title}：学生卡在了哪里`,
    `从一处错误看备课——${lesson.title}`,
    `再教${lesson.title}`,
    `课堂上那三分钟——${lesson.title}反思`,
  ])
}

export interface Reading {
  kind: 'theory' | 'professional' | 'policy' | 'network'
  content: string
  excerpt: string
}
export const readings: Reading[] = [
  {
    kind: 'theory',
    content: '读《给教师的建议》第 18—24 条',
    excerpt: '后进的学生最缺的往往不是补课，而是读书。阅读多了，课本里的知识才有地方可挂。',
  },
  {
    kind: 'theory',
    content: '读《义务教育课程方案（2022 年版）》“课程实施”部分',
    excerpt: '以学习任务群、大单元来组织内容，先想学生会做什么，再想老师教什么。',
  },
  {
    kind: 'theory',
    content: '读《静悄悄的革命》第一章',
    excerpt: '热闹的发言不等于学习在发生；听，是学习的开端。老师先要学会听。',
  },
  {
    kind: 'theory',
    content: '读《追求理解的教学设计》第 1—2 章',
    excerpt: '从结果倒推：先定要理解什么，再定用什么来证明，最后才安排活动。',
  },
  {
    kind: 'theory',
    content: '读《儿童的一百种语言》节选',
    excerpt: '孩子用画、用身体、用搭建来想问题，只认作业本会漏掉许多。',
  },
  {
    kind: 'theory',
    content: '读《学习的本质》第三章',
    excerpt: '错误不是要赶走的东西，它是旧想法的样子；不碰旧想法，新知识站不住。',
  },
  {
    kind: 'theory',
    content: '学习形成性评价专题资料',
    excerpt: '好的反馈说三件事：要到哪里去，现在在哪里，下一步怎么走。',
  },
  {
    kind: 'theory',
    content: '读《爱弥儿》第二卷摘编',
    excerpt: '不要急着把时间用满，要舍得让孩子把一件事做透。',
  },
  {
    kind: 'professional',
    content: '研读本学科课程标准学业质量描述',
    excerpt: '质量描述写的是“在什么情境下、能做什么、做到什么程度”，命题时可以逐句对照。',
  },
  {
    kind: 'professional',
    content: '观看名师课堂实录两节并作笔记',
    excerpt: '整节课只问了四个大问题，每个问题后都等了十秒以上。',
  },
  {
    kind: 'professional',
    content: '整理本单元错题与归因',
    excerpt: '二十六道错题里，读题不清九道，概念混淆十一道，计算六道；下周先补概念。',
  },
  {
    kind: 'professional',
    content: '研究教材单元结构，画单元学习地图',
    excerpt: '三课时讲同一件事：变与不变。把第二课时的例题提前，第一课时就不空了。',
  },
  {
    kind: 'professional',
    content: '准备组内研讨课的教学设计',
    excerpt: '删掉一个活动，把十分钟还给学生写。',
  },
  {
    kind: 'policy',
    content: '学习《新时代中小学教师职业行为十项准则》',
    excerpt: '关心爱护学生一条里写着“严慈相济”，严在标准，慈在方法。',
  },
  {
    kind: 'policy',
    content: '学习“双减”相关文件汇编',
    excerpt: '作业总量要统筹，书面作业当面批改，难题在校内解决。',
  },
  { kind: 'policy', content: '学习师德典型案例', excerpt: '案例里的老师输在一句气话上。先停三秒再开口。' },
  {
    kind: 'network',
    content: '国家中小学智慧教育平台专题学习',
    excerpt: '平台上的同题三课很值得比较，导入各不相同，落点却一致。',
  },
  {
    kind: 'network',
    content: '人工智能辅助备课线上培训',
    excerpt: '工具能给出十个问题，挑哪一个仍要看自己的学生。',
  },
]

/** Themes of group activities by subject area; also whole-school ones. */
export const groupThemes: Record<string, string[]> = {
  语文: [
    '怎样让提问落到语言文字上',
    '习作讲评：从一篇到一类',
    '单元整体教学的第一课怎么上',
    '课堂笔记与学习单的设计',
    '整本书阅读的推进与检测',
    '口语交际课的真实任务',
    '低段识字的趣与实',
    '朗读指导的三个层次',
  ],
  数学: [
    '让错误成为资源',
    '画图：学生思维的脚手架',
    '计算教学中的算理与算法',
    '概念课的导入与辨析',
    '解决问题：从读懂题意开始',
    '大单元视角下的复习课',
    '数学活动课的材料准备',
    '课堂练习的分层设计',
  ],
  英语: ['听说课的真实交际', '绘本与教材的整合', '语音教学从听开始', '作业设计：少而有用'],
  综合: [
    '跨学科主题活动的设计',
    '让实验真正发生',
    '体育课的密度与安全',
    '美术课的评价语言',
    '音乐课的聆听训练',
    '项目化学习的小步尝试',
  ],
  年级: [
    '班级常规与学习习惯',
    '学困生帮扶的一人一策',
    '家校沟通的分寸',
    '作业总量的统筹',
    '学生倾听习惯的培养',
    '期中质量分析与改进',
    '课堂小组合作的规则',
    '课后服务的内容与分工',
  ],
  全校: [
    '新课标专题学习',
    '师德师风专题',
    '作业设计与管理',
    '课堂观察量表的使用',
    '人工智能与课堂',
    '期末复习研讨',
    '案例研讨：一次家长来访',
    '心理健康教育基础',
  ],
}

const agreed = [
  '一致认为本周起每人先在一个班试，下次活动带学生作业来看。',
  '大家同意把环节压到三个，每个环节后留一分钟让学生自己小结。',
  '意见集中在“少问、等待、追问”六个字上，写进本月的听课重点。',
  '决定合用一份学习单，任务分两层，由两位老师分头改，周五前放进资料夹。',
  '对是否提前讲例题仍有不同看法，约定两个班分别试，再比较。',
]
const scenes = [
  '先由中心发言人说课十五分钟，随后看了八分钟课堂录像，停在学生卡住的地方讨论。',
  '带来四份学生作业，盲评打分，再对照标准说理由。',
  '两位老师各讲同一环节的两种上法，其余老师扮演学生。',
  '围绕三个问题轮流发言，每人三分钟，不打断。',
  '先读材料十分钟，再各自写下一条最想改的做法，贴在黑板上归类。',
]
const gains = [
  '形成学习单一份、追问句式卡一张，存入组内资料。',
  '整理典型错例十二个，附归因和对策。',
  '修改后的教学设计一份，下周由另一位老师再上。',
  '观察记录表试用后改为两页，增加“学生说了什么”一栏。',
  '摘录三条可直接用的评价语，人人试用。',
]

/** A part of the minutes in the words that its key asks for. */
export function minutesText(chance: Chance, label: string, theme: string, speaker: string): string {
  if (/专题|主题|议题/.test(label)) return `本次专题：${theme}。由${speaker}作中心发言。`
  if (/现场|过程|经过/.test(label)) return chance.pick(scenes)
  if (/共识|结论|意见/.test(label)) return chance.pick(agreed)
  if (/积累|成果|收获/.test(label)) return chance.pick(gains)
  return `${chance.pick(scenes)}${chance.pick(agreed)}`
}

/** Text for a section of a plan or summary, by what its label asks for. */
export function planText(
  chance: Chance,
  label: string,
  about: { name: string; subject: string; paper: 'plan' | 'summary' },
): string {
  const { name, subject } = about
  const banks: [RegExp, string[]][] = [
    [
      /发展目标|专业成长/,
      [
        `本学期把力气用在一件事上：提高课堂追问的质量。期末能拿出三节有完整实录的${subject}课，请组里评。`,
        `读完两本专业书，写好每两周一篇的反思；争取在组内上一节研讨课，${subject}作业的批改做到面批为主。`,
        `学会用学习单组织课堂，做到讲授不超过二十分钟；期末能带一位新教师备一个单元。`,
      ],
    ],
    [
      /目标/,
      [
        `以“学为中心”为主线，人人上好一节研讨课、写好反思、读好一本书；学期末${subject}学科课堂学生活动时间平均不少于二十分钟。`,
        `让研修从“完成任务”转到“解决问题”：每组确定一个真问题，学期末拿得出改变的证据。`,
      ],
    ],
    [
      /任务|内容/,
      [
        '一、课标与教材研读两次；二、组内研讨课每人一节；三、学困生帮扶个案每人一份；四、期中期末各做一次质量分析。',
        '围绕作业设计开展四次专题研讨，形成分层作业样例；结合听评课落实到每个班。',
      ],
    ],
    [
      /要求|措施/,
      [
        '固定时间、固定地点，有事先请假；中心发言人提前三天发材料；活动当天写好记录，不事后补写。',
        '组长抓落实，教导处每月看一次记录；反思重质不重量，写真问题。',
      ],
    ],
    [
      /主题/,
      [
        `本学期研修主题：${subject}课堂中有效追问与学生表达。`,
        '主题：单元整体备课与分层作业。',
        '主题：学习习惯养成与课堂合作规则。',
      ],
    ],
    [
      /成绩|成效|收获/,
      [
        '按计划完成全部活动，出勤良好；反思质量有提高，多篇在组内交流；两节研讨课得到区教研员肯定。',
        '课堂上学生开口的多了，作业面批率明显上升；读书摘记成了习惯。',
      ],
    ],
    [
      /问题|不足/,
      ['个别活动前材料发得晚，讨论不够深；反思有时停在现象。', '研究的问题还偏大，证据收集不够连续。'],
    ],
    [
      /改进|打算|措施/,
      ['下学期把问题再缩小，每次活动只议一事；材料提前一周发。', '建立学生作业样本夹，前后对照看变化。'],
    ],
    [
      /分析|经验/,
      [
        '经验在于固定时间雷打不动，组长带头发言；原因分析见附表。',
        '把大问题拆成小问题，人人有事做，是这学期最管用的一条。',
      ],
    ],
  ]
  for (const [pattern, bank] of banks) if (pattern.test(label)) return chance.pick(bank)
  return `${name}结合实际，围绕${subject}教学中的真问题开展研修，重过程、重改进，学期末对照目标逐项检查。`
}
