import {
  answerOpinion,
  approveRegulation,
  giveOpinion,
  linkRules,
  listRuleChoices,
  openConsultation,
  saveDraft,
  startRegulation,
} from '../server/regulation/actions.ts'
import { listOpinions, listVersions } from '../server/regulation/store.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

type Clause = { id: string; kind: 'chapter' | 'clause'; text: string }
/** Lines of a regulation; those that begin with # are chapters. */
const clausesOf = (...lines: string[]): Clause[] =>
  lines.map((line, index) => ({
    id: `c${index + 1}`,
    kind: line.startsWith('#') ? 'chapter' : 'clause',
    text: line.replace(/^#\s*/, ''),
  }))

const preparation = clausesOf(
  '# 总则',
  '集体备课以教研组（备课组）为单位，目的是把一节课的重点、难点和提问设计讨论清楚，不以统一教案为目的。',
  '每两周至少集体备课一次，每次不少于四十分钟，时间、地点、主讲人和课题在学期初排定。',
  '# 怎样备',
  '主讲人提前三天把初备稿发给组员，写明学情分析、主要问题和设想。',
  '集体讨论时先由主讲人说课十分钟，再由组员逐个发言，每人至少提出一条具体的修改意见。',
  '讨论后各人按本班学生情况修改，形成自己的教案；主讲人整理共同的修改记录，三天内交组长。',
  '# 检查和使用',
  '组长每月查看一次备课记录，教导处每学期抽查两次，抽查结果向全组反馈。',
  '备课记录作为年度考核中教学常规部分的依据，不另行检查个人教案的页数和字数。',
  '新上岗三年以内的教师，由师傅每周看一次教案并签写意见。',
  '本制度由教导处负责解释。',
)
const attendance = clausesOf(
  '# 出勤',
  '全校和教研组研修活动由参加人扫码签到；手机不便的，由组长点名登记。',
  '活动开始后十分钟以内到场记迟到，十分钟以后到场记缺席。',
  '因公外出、上级培训的，由教导处登记为公假，不需要本人补学。',
  '# 请假和补学',
  '请假应在活动前一天提出，事假由组长审批，全校活动由教导处审批。',
  '请假和缺席的，两周内自学本次活动的材料，写一份不少于三百字的补学说明，由组长确认。',
  '# 结果',
  '一学期缺席三次以上，学期考勤记不合格，并由校长谈话。',
  '考勤结果每月在组内公布一次，本人有异议的，五天内向教导处提出。',
)
const incentive = clausesOf(
  '每学年末评选研修先进个人和先进教研组，名额分别不超过教师人数的百分之十五和教研组总数的三分之一。',
  '先进个人应完成全部研修任务，并至少上过一节校级以上研究课，或有一篇作品获区级以上奖励。',
  '承担课题、指导青年教师、开放课堂的，在评选时优先考虑。',
  '凡有师德问题或研修考核不合格的，当年不参加评选。',
  '评选结果在校内公示五个工作日，听取意见后由校长办公会确定。',
  '奖励以精神鼓励为主，物质奖励按学校绩效工资考核办法执行。',
)

interface Voice {
  clause: string | null
  text: string
  /** Null: nobody has answered yet. */
  answer: { answer: 'adopted' | 'partly' | 'notAdopted'; reason: string } | null
}
const aboutPreparation: Voice[] = [
  {
    clause: 'c5',
    text: '提前三天来不及，周一的活动要在上周五前发，建议写“提前两个工作日”。',
    answer: { answer: 'partly', reason: '改为“提前三天，遇周末提前到周五”。' },
  },
  {
    clause: 'c6',
    text: '组里十二个人，人人发言四十分钟不够，建议改为每人书面提一条、当场重点讨论两三条。',
    answer: { answer: 'adopted', reason: '已改为先书面、后讨论。' },
  },
  {
    clause: 'c10',
    text: '很赞成不查页数和字数。建议把“抽查教案”也去掉。',
    answer: {
      answer: 'notAdopted',
      reason: '抽查是上级常规检查的要求，保留；抽查只看有没有针对学情的修改。',
    },
  },
  {
    clause: null,
    text: '希望每学期末由各组推荐一次备得最好的课，在全校说一说。',
    answer: { answer: 'adopted', reason: '写入教导处学期工作安排。' },
  },
]
const afterConsultation = new Map([
  ['c5', '主讲人提前三天（遇周末提前到周五）把初备稿发给组员，写明学情分析、主要问题和设想。'],
  [
    'c6',
    '组员读初备稿后每人书面提一条修改意见；集体讨论时先由主讲人说课十分钟，再就两三条主要意见深入讨论。',
  ],
])
const aboutIncentive: Voice[] = [
  { clause: 'c2', text: '“区级以上奖励”对薄弱学科不公平，建议加上“或校级优质课”。', answer: null },
  { clause: 'c1', text: '先进教研组三分之一偏少，小学科的组不容易评上，建议单列。', answer: null },
  {
    clause: 'c5',
    text: '公示五个工作日够不够？建议七天。',
    answer: { answer: 'notAdopted', reason: '与上级评优公示期一致，五个工作日。' },
  },
]

/** The regulations of each school: one made with the teachers in the autumn, one older, one that asks for opinions now. */
export async function tellRegulations(services: Services, district: ToldDistrict): Promise<void> {
  for (const [index, school] of district.schools.entries()) {
    const actors = createActors()
    await tellIn(services, school.id, '2025-09-05', '15:00', async (tx) => {
      const office = await as(tx, school, actors, 'academicOffice')
      const { id } = await startRegulation(office, {
        kind: 'attendance',
        title: '校本研修考勤制度',
        note: '由原来的签到办法整理而成。',
        clauses: attendance,
      })
      const principal = await as(tx, school, actors, 'principal')
      await approveRegulation(principal, { id, inForceFrom: '2025-09-05' })
      await linkRulesAbout(office, id, /出勤|签到|考勤|缺席|请假/)
    })
    await tellPreparation(services, school, createActors())
    await tellIncentive(services, school, createActors(), index)
  }
  await tellIn(services, district.id, '2026-09-01', '09:30', async (tx) => {
    const officer = await createActors().as(tx, district.officerIds[0] ?? '', '09:30')
    const { id } = await startRegulation(officer, {
      kind: 'creditRecognition',
      title: '教师校本研修学时登记办法',
      clauses: clausesOf(
        '学校组织的研修活动按实际参加时间登记学时，半天按三学时、一天按六学时封顶。',
        '个人自学须有摘记，每学年计入学时不超过总数的三分之一。',
        '学时由学校每学期末核对一次，教师本人确认后报教师研修中心备案。',
        '弄虚作假的，取消当年学时并通报学校。',
      ),
    })
    await approveRegulation(officer, { id, inForceFrom: '2026-09-01', documentNumber: '云教研〔2026〕12号' })
  })
}

/** 备课制度: drafted in September, discussed for twelve days, changed by the opinions, in force from October on. */
async function tellPreparation(services: Services, school: ToldSchool, actors: Actors): Promise<void> {
  const id = await tellIn(services, school.id, '2026-09-07', '16:10', async (tx) => {
    const office = await as(tx, school, actors, 'academicOffice')
    const started = await startRegulation(office, {
      kind: 'lessonPreparation',
      title: '集体备课制度',
      note: '去年集体备课存在“一人备、大家抄”的现象，为把备课真正用在学生身上，制定本制度。',
      clauses: preparation,
    })
    await openConsultation(office, { id: started.id, from: '2026-09-07', to: '2026-09-18' })
    return started.id
  })
  const teachers = voters(school, '2026-09-14')
  await tellIn(services, school.id, '2026-09-14', '16:40', async (tx) => {
    for (const [index, voice] of aboutPreparation.entries())
      await give(tx, school, actors, teachers[index * 3], id, voice)
    for (const supporter of [1, 4, 7, 10])
      await support(tx, school, actors, teachers[supporter], id, supporter === 4 ? '比过去实在。' : '')
  })
  await tellIn(services, school.id, '2026-09-21', '10:20', async (tx) => {
    const office = await as(tx, school, actors, 'academicOffice')
    await answerAll(office, id, aboutPreparation)
    const version = (await listVersions(office, id))[0]
    if (!version) return
    await saveDraft(office, {
      id,
      draftVersion: version.draftVersion,
      kind: version.kind,
      title: version.title,
      documentNumber: '',
      numbering: version.numbering,
      note: version.note,
      clauses: version.clauses.map((clause) => ({
        ...clause,
        text: afterConsultation.get(clause.id) ?? clause.text,
      })),
    })
    await linkRulesAbout(office, id, /备课|团队研修|教研活动/)
  })
  await tellIn(services, school.id, '2026-09-25', '09:00', async (tx) => {
    const principal = await as(tx, school, actors, 'principal')
    await approveRegulation(principal, { id, inForceFrom: '2026-09-25', remark: '同意。请各组认真落实。' })
  })
}

/** 奖惩制度: laid before the teachers a week before the demo's present, until the Friday after it. */
async function tellIncentive(
  services: Services,
  school: ToldSchool,
  actors: Actors,
  index: number,
): Promise<void> {
  const id = await tellIn(services, school.id, '2026-11-11', '11:00', async (tx) => {
    const office = await as(tx, school, actors, 'academicOffice')
    const started = await startRegulation(office, {
      kind: 'incentive',
      title: '校本研修评优奖励办法（试行）',
      note: '上一年的评选标准不够清楚，请老师们一起把标准定下来。',
      clauses: incentive,
    })
    await openConsultation(office, { id: started.id, from: '2026-11-11', to: '2026-11-20' })
    return started.id
  })
  const teachers = voters(school, '2026-11-16')
  await tellIn(services, school.id, '2026-11-16', '17:00', async (tx) => {
    for (const [place, voice] of aboutIncentive.entries())
      await give(tx, school, actors, teachers[place * 4 + index], id, voice)
    for (const supporter of [2, 6, 9]) await support(tx, school, actors, teachers[supporter + index], id, '')
    await answerAll(await as(tx, school, actors, 'academicOffice'), id, aboutIncentive)
  })
}

/** Teachers without an office, who speak about a text. */
function voters(school: ToldSchool, day: string): CastMember[] {
  return presentPeople(school, day).filter(
    (member) => member.staffKind === 'teaching' && member.post === null && member.diligence > 0.7,
  )
}

async function as(
  tx: Tx,
  school: ToldSchool,
  actors: Actors,
  post: 'academicOffice' | 'principal',
): Promise<Tx> {
  const holder = school.cast.people.find((member) => member.post === post)
  return actors.as(tx, school.personIds[holder?.key ?? ''] ?? '', '16:00')
}

async function give(
  tx: Tx,
  school: ToldSchool,
  actors: Actors,
  member: CastMember | undefined,
  id: string,
  voice: Voice,
): Promise<void> {
  if (!member) return
  const teacher = await actors.as(tx, school.personIds[member.key] ?? '', '16:45')
  await giveOpinion(teacher, { id, clauseId: voice.clause, stance: 'change', text: voice.text })
}

async function support(
  tx: Tx,
  school: ToldSchool,
  actors: Actors,
  member: CastMember | undefined,
  id: string,
  text: string,
): Promise<void> {
  if (!member) return
  const teacher = await actors.as(tx, school.personIds[member.key] ?? '', '17:10')
  await giveOpinion(teacher, { id, clauseId: null, stance: 'support', text })
}

/** The office answers what the story has answers for. */
async function answerAll(office: Tx, id: string, voices: Voice[]): Promise<void> {
  const version = (await listVersions(office, id))[0]
  if (!version) return
  for (const opinion of await listOpinions(office, version.id)) {
    const voice = voices.find((one) => one.text === opinion.text)
    if (voice?.answer) await answerOpinion(office, { opinionId: opinion.id, ...voice.answer })
  }
}

async function linkRulesAbout(office: Tx, id: string, words: RegExp): Promise<void> {
  const rules = (await listRuleChoices(office)).filter((rule) => words.test(rule.title))
  if (rules.length > 0) await linkRules(office, { id, ruleIds: rules.slice(0, 4).map((rule) => rule.ruleId) })
}
