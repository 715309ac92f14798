import {
  closeTopic,
  logCourse,
  markAnswer,
  openTopic,
  pinTopic,
  reply,
  selectContribution,
} from '../server/exchange/actions.ts'
import type { Services } from '../server/kit/services.ts'
import { sql, type Tx } from '../server/kit/sql.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { createActors, tellIn } from './telling.ts'

interface ToldTopic {
  on: string
  /** Where: the whole school, or the group with this place in the list. */
  group: number | null
  kind: 'discussion' | 'question'
  /** `training`: about the last one; `activity`: about the group's (or school's) last one before the day. */
  about?: 'training' | 'activity'
  title: string
  body: string
  replies: string[]
  /** The reply that answered it. */
  answer?: number
  /** The reply that was chosen for all to read. */
  chosen?: number
  pinned?: true
}

const topics: ToldTopic[] = [
  {
    on: '2025-10-14',
    group: 0,
    kind: 'question',
    title: '预习单做了，课上还是从头讲，怎么办？',
    body: '这学期用预习单，学生填得挺满，可一到课上我还是习惯从头讲一遍，时间总不够。',
    replies: [
      '我把预习单分成“看得懂”和“想不明白”两栏，课上只讲第二栏。',
      '可以先收上来翻两分钟，挑三种有代表性的写法投出来，让学生自己讲。',
      '补充一点：预习题别超过三道，多了学生就抄。',
    ],
    answer: 1,
    chosen: 1,
  },
  {
    on: '2026-03-18',
    group: null,
    kind: 'discussion',
    title: '“双减”以后，您的作业怎样分层？',
    body: '请各学科说一个自己用过、学生也愿意做的办法。',
    replies: [
      '数学分“必做两题、选做一题、挑战一题”，挑战题周五统一讲，学生抢着做。',
      '语文把抄写换成“三选一”：抄写、仿写、讲给家长听录成音。',
      '英语每周一次小组任务，四个人分工，成绩好的负责把关，不是替大家写。',
      '科学的观察记录可以画，不一定写，交上来的反而更细。',
    ],
    chosen: 0,
  },
  {
    on: '2026-09-25',
    group: 1,
    kind: 'discussion',
    about: 'training',
    title: '外出学习分享',
    body: '这次听了三节课、一场报告。最有用的是“问题链”：一节课只有一个大问题，下面三个小问题一环扣一环。',
    replies: [
      '大问题由谁提？我们班学生提的往往太散。',
      '可以先由老师给情境，学生提，再一起挑一个，前几次慢一点没关系。',
      '下周集体备课我们就拿第三单元试一试。',
    ],
  },
  {
    on: '2026-10-21',
    group: 0,
    kind: 'question',
    title: '小组讨论时总是那两个学生说，怎么让别人也开口？',
    body: '四人一组，基本是固定的两个人在讲，另外两个点头。',
    replies: [
      '我用“轮流发言卡”，每人三张，说一次放一张，放完才能补充别人的。',
      '汇报时抽签，抽到谁谁代表小组，讨论时大家自然会把话说给他听。',
    ],
    answer: 1,
  },
  {
    on: '2026-11-05',
    group: 0,
    kind: 'discussion',
    about: 'activity',
    title: '活动后交流',
    body: '活动上时间紧，没来得及说的接着在这里说。',
    replies: [
      '导入那段情境很好，建议再短一分钟，把时间留给第二次讨论。',
      '板书把学生的三种想法都留下来了，这一点我要学。',
      '练习最后一题可以删，或者放到下节课开头。',
    ],
  },
  {
    on: '2026-11-09',
    group: 1,
    kind: 'question',
    title: '期中试卷讲评课，有没有不一张张讲题的上法？',
    body: '每次讲评一节课讲不完，会的学生陪着听，不会的还是不会。',
    replies: [],
  },
  {
    on: '2026-11-12',
    group: null,
    kind: 'discussion',
    title: '学期末展示课，您想看哪一类课？',
    body: '教科室在排期末展示课，请大家说说最想看的课型和年级，越具体越好。',
    replies: [
      '想看复习课，尤其是高年级的整理与复习。',
      '想看跨学科的课，哪怕只是一个片段。',
      '低年级的识字课，想看怎样不枯燥。',
    ],
    pinned: true,
  },
  {
    on: '2026-11-16',
    group: 0,
    kind: 'question',
    title: '白板上的图形拖动总是卡，有人会调吗？',
    body: '三楼的白板，拖动图形时有半秒延迟，公开课怕出问题。',
    replies: ['把动画效果关掉会好很多，课件里图片也先压缩一下。'],
  },
]

const courses: [title: string, platform: string, minutes: number][] = [
  ['义务教育课程标准解读', '国家中小学智慧教育平台', 90],
  ['大单元教学设计', '国家中小学智慧教育平台', 135],
  ['课堂提问与追问', '中国教师研修网', 45],
  ['学习习惯的培养', '学习强国', 45],
  ['教育研究方法入门', '中国大学MOOC', 180],
]
const courseDays = ['2025-11-08', '2026-04-18', '2026-10-24', '2026-11-14']

/** Talks, questions and answers of three schools over a year, what was chosen of them, and online courses. */
export async function tellExchange(services: Services, district: ToldDistrict): Promise<void> {
  for (const [place, school] of district.schools.entries()) await tellSchool(services, school, place)
}

async function tellSchool(services: Services, school: ToldSchool, place: number): Promise<void> {
  const actors = createActors()
  const idOf = (member: CastMember | undefined) => school.personIds[member?.key ?? ''] ?? ''
  const people = (day: string) =>
    presentPeople(school, day).filter((one) => one.staffKind === 'teaching' && idOf(one) !== '')
  const office = idOf(people('2026-11-17').find((one) => one.post === 'academicOffice'))
  const tell = (day: string, time: string, who: string, work: (tx: Tx) => Promise<unknown>) =>
    tellIn(services, school.id, day, time, async (tx) => work(await actors.as(tx, who, time)))

  // The second school talks less, the third has only begun.
  const own = topics.filter(
    (_, index) => place === 0 || (place === 1 ? index % 2 === 0 || index > 4 : index > 3),
  )
  for (const [index, topic] of own.entries()) {
    const group =
      topic.group === null
        ? null
        : (school.cast.groups[(topic.group + place) % school.cast.groups.length] ?? null)
    const unitId = group === null ? null : (school.groupIds[group.key] ?? null)
    const members = people(topic.on).filter((one) => group === null || one.group === group.key)
    const speaker = (at: number) => idOf(members[(index * 2 + at + 1) % members.length])
    const author = topic.pinned ? office : speaker(0)
    if (members.length < 2 || author === '') continue
    await tell(topic.on, '16:35', author, async (tx) => {
      const link = await recordOf(tx, topic, unitId)
      if (topic.about !== undefined && link === null) return
      const { id } = await openTopic(tx, {
        kind: topic.kind,
        unitId,
        title: link ? `${topic.title}：${link.title}`.slice(0, 80) : topic.title,
        body: topic.body,
        link,
      })
      const said: string[] = []
      for (const [at, body] of topic.replies.entries()) {
        const replying = await actors.as(tx, speaker(at + 1), `1${7 + Math.floor(at / 2)}:${12 + at * 9}`)
        said.push((await reply(replying, { id, body })).replyId)
      }
      const later = await actors.as(tx, author, '20:05')
      const answer = topic.answer === undefined ? undefined : said[topic.answer]
      if (answer !== undefined) await markAnswer(later, { id, replyId: answer })
      const choosing = await actors.as(tx, office, '20:30')
      const chosen = topic.chosen === undefined ? undefined : said[topic.chosen]
      if (chosen !== undefined)
        await selectContribution(choosing, {
          source: 'reply',
          sourceId: chosen,
          level: topic.group === null ? 'district' : 'school',
          title: topic.title,
          remark: '办法具体，拿来就能用',
        })
      if (topic.pinned) await pinTopic(choosing, { id, pinned: true })
      // Last year's talk has come to its end.
      if (topic.on < '2026-08-01' && topic.kind === 'discussion')
        await closeTopic(choosing, { id, closed: true })
    })
  }
  // Writing that others should read; the third school has chosen none.
  if (place < 2)
    for (const [day, level] of [
      ['2026-06-18', 'district'],
      ['2026-11-10', 'school'],
    ] as const)
      await tell(day, '15:20', office, async (tx) => {
        const [work] = await tx.many<{ id: string }>(sql`
          SELECT w.id FROM works w WHERE w.org_id = ${tx.orgId} AND w.status = 'accepted' AND w.counts_on <= ${day}
            AND NOT EXISTS (SELECT 1 FROM exchange_selections s WHERE s.org_id = w.org_id AND s.source_id = w.id)
          ORDER BY w.counts_on DESC, w.id LIMIT 1`)
        if (work)
          await selectContribution(tx, {
            source: 'work',
            sourceId: work.id,
            level,
            remark: '从一个细节写起，写出了改进的过程',
          })
      })
  for (const [index, day] of courseDays.entries())
    for (const [at, member] of people(day)
      .filter((one, among) => one.diligence > 0.8 && among % 5 === (index + place) % 5)
      .slice(0, 6 - place * 2)
      .entries()) {
      const [title, platform, minutes] = courses[(index + at) % courses.length] ?? ['', '', 0]
      if (title !== '')
        await tell(day, '20:15', idOf(member), (tx) =>
          logCourse(tx, { title, platform, minutes, studiedOn: day }),
        )
    }
}

/** What a topic is about: the last activity that was held, or the last training by others, before its day. */
async function recordOf(
  tx: Tx,
  topic: ToldTopic,
  unitId: string | null,
): Promise<{ room: 'training' | 'activity'; id: string; title: string } | null> {
  if (topic.about === undefined) return null
  const [row] =
    topic.about === 'activity'
      ? await tx.many<{ id: string; title: string }>(sql`
          SELECT id, theme AS title FROM activities WHERE org_id = ${tx.orgId} AND status = 'closed' AND held_on <= ${topic.on}
            AND unit_id IS NOT DISTINCT FROM ${unitId}::uuid ORDER BY held_on DESC, id LIMIT 1`)
      : await tx.many<{ id: string; title: string }>(sql`
          SELECT id, title FROM outside_trainings WHERE org_id = ${tx.orgId} AND status = 'confirmed' AND ended_on <= ${topic.on}
          ORDER BY ended_on DESC, id LIMIT 1`)
  return row ? { room: topic.about, ...row } : null
}
