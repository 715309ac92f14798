import { addDays } from '../engine/days.ts'
import type { LocalDate } from '../engine/types.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import { listLessons } from '../server/lesson/store.ts'
import { decideSpread, finishStep, startFlow } from '../server/teaching/actions.ts'
import * as designs from '../server/teaching/design-actions.ts'
import * as talks from '../server/teaching/talk-actions.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

const problems = [
  {
    title: '小组讨论只有一个人说',
    steps: [
      '四人小组里总是成绩最好的那个说，其余三人点头。听了三节课，平均每组只有一点三人开口。',
      '三周：讨论前每人先写一分钟；组内按座位号轮流说，最后一个说的人汇报。每周数一次开口的人数。',
      '在自己的两个班都试了。第一周学生不习惯写，改成画或写都行，从第二周起顺了。',
      '第三周每组平均有三点二人开口；后排两名学生第一次当了汇报人。',
      '先写后说有用，轮流汇报要有座位号卡片。下一步看他们听不听别人说。',
    ],
  },
  {
    title: '应用题不画图就动笔',
    steps: [
      '单元练习里错题七成是没看清数量关系，草稿上一张图也没有。',
      '两周：每题先画线段图再列式，图画对就得一半分。',
      '前三天有人嫌慢，把图贴出来评“最清楚的图”，愿意画的人多了。',
      '第二周同类题错误由七成降到四成，图画对而算错的还有六人。',
      '图要画，但不用每题都画。接着练“什么时候需要画”。',
    ],
  },
]
const first = `<h2>教学目标</h2><p>能比较同分母分数的大小，说得出理由。</p><h2>教学过程</h2><p>导入：复习分数的意义，教师出示两个分数，指名比较。</p><p>新授：教师讲解同分母分数的比较方法，学生记下结论。</p><p>练习：完成课本第 92 页第一、二题。</p><h2>板书</h2><p>分母相同，分子大的分数大。</p>`
const second = first
  .replace('教师出示两个分数，指名比较。', '两块一样的月饼，一人吃了五分之二，一人吃了五分之三，谁吃得多？')
  .replace(
    '教师讲解同分母分数的比较方法，学生记下结论。',
    '学生先折纸涂色，同桌互相说理由，再一起说出比较的方法。',
  )
  .replace('第一、二题。', '第一、二题；学有余力的自己出一道。')
const draftOf = (topic: string) =>
  `<h2>教学目标</h2><p>能用自己的话说清“${topic.replaceAll(/[《》<>&]/g, '')}”的要点，并用在新的情境里。</p><h2>教学过程</h2><p>导入：从学生已有的想法出发，先问再看。</p><p>新授：独立想一分钟，小组轮流说，再全班比较两种不同的想法。</p><p>练习：一道基本题，一道自己出的题。</p><h2>板书</h2><p>左边留给学生的想法，右边写大家认可的说法。</p>`
const talkWords: Record<string, string> = {
  textbook: '这一课在分数的初步认识之后、异分母分数之前，是学生第一次用“几个几分之一”来想大小。',
  students: '学生会折纸表示分数，容易把分子大就当成分数大，不看是不是同样大的一块。',
  objectives: '能用涂色和说理两种办法比较同分母分数，四人里至少三人说得出为什么。',
  methods: '先动手再说理，同桌互相说，教师只在说不清的地方追问。',
  process: '月饼情境引出问题，折纸涂色，互相说理，归纳，分层练习，最后说一说今天改了哪个想法。',
  boardDesign: '左边贴学生涂的图，右边写“几个几分之一”，中间用箭头连起来，让方法从图里长出来。',
  highlights: '不急着给结论，把“同样大的一块”这句话留给学生自己说出来。',
  theoryBasis: '课程标准要求在具体情境中初步认识分数；动作、图像、符号三种表征依次展开。',
}

interface Stage {
  services: Services
  school: ToldSchool
  actors: Actors
  as(tx: Tx, member: CastMember, time?: string): Promise<Tx>
}

/** Matters in steps, preparation together and 说课 in the autumn of 2026: some ahead, some behind. */
export async function tellTeaching(services: Services, district: ToldDistrict): Promise<void> {
  for (const school of district.schools) {
    const actors = createActors()
    const stage: Stage = {
      services,
      school,
      actors,
      as: (tx, member, time = '16:30') => actors.as(tx, school.personIds[member.key] ?? '', time),
    }
    const group = groupOf(school)
    if (!group) continue
    await tellResearch(stage, group)
    await tellPreparation(stage, group)
    await tellTalks(stage, group)
    await tellSixLinks(stage, group)
    await tellModel(stage)
  }
}

interface Group {
  unitId: string
  leader: CastMember
  teachers: CastMember[]
}
/** The group with a leader that has most teachers in service. */
function groupOf(school: ToldSchool): Group | undefined {
  const people = presentPeople(school, '2026-09-14').filter((member) => member.staffKind === 'teaching')
  const groups = Object.entries(school.groupIds).flatMap(([key, unitId]) => {
    const members = people.filter((member) => member.group === key)
    const leader = members.find((member) => member.post === 'groupLeader')
    const teachers = members.filter((member) => member.post === null && member.diligence > 0.6)
    return leader && teachers.length >= 4 ? [{ unitId, leader, teachers }] : []
  })
  return groups.find((group) => group.leader.group === 'maths') ?? groups[0]
}

const tell = (stage: Stage, day: LocalDate, work: (tx: Tx) => Promise<void>) =>
  tellIn(stage.services, stage.school.id, day, '16:30', work)

/** Action research begun for the group: one through with it, one on the way, one that has fallen behind. */
async function tellResearch(stage: Stage, group: Group): Promise<void> {
  const personIds = group.teachers.slice(0, 4).map((member) => stage.school.personIds[member.key] ?? '')
  for (const [index, problem] of problems.entries()) {
    const own = personIds.slice(index * 2, index * 2 + 2)
    let ids: string[] = []
    await tell(stage, '2026-09-21', async (tx) => {
      const leader = await stage.as(tx, group.leader)
      const started = await startFlow(leader, {
        flow: 'actionResearch',
        title: problem.title,
        personIds: own,
        unitId: group.unitId,
        daysPerStep: 12,
      })
      ids = started.ids
    })
    for (const [place, id] of ids.entries()) {
      const done = [5, 3, 4, 1][index * 2 + place] ?? 0
      for (const [step, body] of problem.steps.slice(0, done).entries())
        await tell(stage, addDays('2026-09-24', step * 11 + place), async (tx) => {
          const owner = [...own].sort()[place]
          const member = group.teachers.find((one) => stage.school.personIds[one.key] === owner)
          if (!member) return
          const stepId = ['problem', 'planning', 'action', 'observation', 'evaluation'][step] ?? ''
          await finishStep(await stage.as(tx, member), { id, stepId, body, links: [] })
        })
    }
  }
}

/** One preparation through with minutes and own versions, one that is being discussed. */
async function tellPreparation(stage: Stage, group: Group): Promise<void> {
  const [drafter, colleague, other] = group.teachers
  if (!drafter || !colleague || !other) return
  let id = ''
  await tell(stage, '2026-10-12', async (tx) => {
    const leader = await stage.as(tx, group.leader)
    const personId = stage.school.personIds[drafter.key] ?? ''
    ;({ id } = await designs.assignPreparation(leader, {
      title: '同分母分数的大小比较',
      unitId: group.unitId,
      personId,
      dueOn: '2026-10-19',
    }))
  })
  await tell(stage, '2026-10-16', async (tx) => {
    const author = await stage.as(tx, drafter)
    await designs.saveDesign(author, { id, base: 0, body: first, note: '初稿' })
    await designs.presentDesign(author, { id })
  })
  await tell(stage, '2026-10-20', async (tx) => {
    const { commentId } = await designs.commentDesign(await stage.as(tx, colleague), {
      id,
      version: 1,
      quote: '导入：复习分数的意义，教师出示两个分数，指名比较。',
      text: '一上来就比两个数，学生没有感觉，能不能从分月饼开始？',
    })
    await designs.commentDesign(await stage.as(tx, other, '16:40'), {
      id,
      version: 1,
      quote: '练习：完成课本第 92 页第一、二题。',
      text: '做得快的学生会闲下来，建议加一道自己出的题。',
    })
    const author = await stage.as(tx, drafter, '17:00')
    await designs.answerComment(author, { commentId, answer: '采纳，改成月饼情境。' })
    await designs.saveDesign(author, { id, base: 1, body: second, note: '按讨论修改导入、新授和练习' })
    const leader = await stage.as(tx, group.leader, '17:20')
    const minutes =
      '全组逐段讨论。导入改为分月饼；新授先折纸再说理；练习分两层。板书保留。各人按本班情况再改。'
    await designs.saveMinutes(leader, { id, minutes, on: '2026-10-20' })
    await designs.settleDesign(leader, { id })
  })
  await tell(stage, '2026-10-22', async (tx) => {
    const mine = await stage.as(tx, colleague)
    const own = await designs.adaptDesign(mine, { id })
    await designs.saveDesign(mine, {
      ...own,
      base: 1,
      body: second.replace('学生先折纸涂色', '学生先在磁性圆片上摆一摆、涂一涂'),
    })
    await designs.settleDesign(mine, own)
    await designs.adaptDesign(await stage.as(tx, other, '17:10'), { id })
  })
}

/** Two papers of 说课: one accepted, given within its time and scored, one that waits. */
async function tellTalks(stage: Stage, group: Group): Promise<void> {
  const [speaker, judge, later] = group.teachers
  if (!speaker || !judge || !later) return
  for (const [index, member] of [speaker, later].entries())
    await tell(stage, addDays('2026-11-05', index * 7), async (tx) => {
      const own = await stage.as(tx, member)
      const title = index === 0 ? '同分母分数的大小比较' : '分数的简单应用'
      const talk = await talks.startTalk(own, { title })
      const { sections, sheet } = await talks.loadForms(own)
      const words = sections.map((section) => [
        section.key,
        index === 0
          ? (talkWords[section.key] ?? '结合本班学生的实际来说。')
          : `${section.label}：围绕“分掉一部分还剩多少”，让学生先画后算，说清每一步的意思。`,
      ])
      await talks.saveTalk(own, { ...talk, version: 1, sections: Object.fromEntries(words) })
      await talks.submitTalk(own, talk)
      if (index > 0) return
      const leader = await stage.as(tx, group.leader, '17:00')
      await talks.acceptTalk(leader, { ...talk, original: true, remark: '板书说得清楚，理由充分。' })
      await talks.timeTalk(leader, { ...talk, seconds: 768 })
      for (const [place, scorer] of [group.leader, judge].entries()) {
        const points = Object.fromEntries(sheet.criteria.map((one) => [one.id, one.most - 2 - place]))
        const comment = place === 0 ? '重点讲透了，时间也恰好。' : ''
        await talks.scoreTalk(await stage.as(tx, scorer, '17:20'), { ...talk, points, comment })
      }
    })
}

/** One lesson of the story on its way through the six steps, with the design's first text. */
async function tellSixLinks(stage: Stage, group: Group): Promise<void> {
  const members = [group.leader, ...group.teachers]
  await tell(stage, '2026-11-16', async (tx) => {
    for (const member of members) {
      const personId = stage.school.personIds[member.key] ?? ''
      const lessons = await listLessons(tx, {
        teacherId: personId,
        statuses: ['given'],
        from: '2026-09-01',
        to: '2026-11-14',
      })
      const lesson = lessons.at(-1)
      if (!lesson) continue
      const own = await stage.as(tx, member)
      const { ids } = await startFlow(own, {
        flow: 'sixLinks',
        title: lesson.topic.replaceAll(/[《》]/g, ''),
        personIds: [],
        unitId: null,
        from: lesson.heldOn,
      })
      const id = ids[0] ?? ''
      await finishStep(own, {
        id,
        stepId: 'introduction',
        body: '想让学生先做后说，把讲的时间留给他们；请大家看看有多少人开了口。',
        links: [],
        on: addDays(lesson.heldOn, -1),
      })
      await finishStep(own, { id, stepId: 'lesson', body: '', links: [{ room: 'lesson', id: lesson.id }] })
      await finishStep(own, {
        id,
        stepId: 'selfReflection',
        body: '前二十分钟合乎设想；汇报环节拖了五分钟，练习少做了一题。',
        links: [],
      })
      await designs.startDesign(own, {
        title: lesson.topic,
        runId: id,
        lessonId: lesson.id,
        body: draftOf(lesson.topic),
      })
      return
    }
  })
}

const rating = {
  flow: 'teacherRating',
  summing: '问题设计好，可惜讲得偏多，后二十分钟只有六个人开过口。建议先写后说，把讲的时间让出来。',
  ratingAgain: '先写一分钟再说，开口的学生由六人到二十一人；练习做完了，还有时间让学生自己出题。',
  model: '先写后说',
  reason: '两次对照看得见变化，别的学科也用得上；各组选一节课试一试，期末交流。',
}

/** The lesson that was taught again becomes a case: rated, taught again, rated again, and spread as a model. */
async function tellModel(stage: Stage): Promise<void> {
  const { school } = stage
  const people = presentPeople(school, '2026-11-10')
  const personOf = (id: string) => people.find((member) => school.personIds[member.key] === id)
  let id = ''
  await tell(stage, '2026-11-10', async (tx) => {
    const lessons = await listLessons(tx, { statuses: ['given'], from: '2026-09-01', to: '2026-11-10' })
    const again = lessons.find((lesson) => lesson.followsId !== null)
    const first = lessons.find((lesson) => lesson.id === again?.followsId)
    const teacher = again && personOf(again.teacherId)
    const leader = people.find((member) => member.post === 'groupLeader' && member.group === teacher?.group)
    if (!again || !first || !teacher || !leader || leader === teacher) return
    const lead = await stage.as(tx, leader)
    const { ids } = await startFlow(lead, {
      flow: rating.flow,
      title: '',
      personIds: [],
      unitId: null,
      lessonId: first.id,
      from: first.heldOn,
    })
    id = ids[0] ?? ''
    await finishStep(lead, {
      id,
      stepId: 'summing',
      body: rating.summing,
      links: [{ room: 'lesson', id: first.id }],
      on: first.heldOn,
    })
    await finishStep(await stage.as(tx, teacher, '16:40'), {
      id,
      stepId: 'lessonAgain',
      body: '',
      links: [{ room: 'lesson', id: again.id }],
    })
    await finishStep(lead, { id, stepId: 'ratingAgain', body: rating.ratingAgain, links: [] })
  })
  const office = people.find((member) => member.post === 'academicOffice')
  if (id === '' || !office) return
  await tell(stage, '2026-11-12', async (tx) => {
    const { model, reason } = rating
    await decideSpread(await stage.as(tx, office), { id, spread: true, reason, model })
  })
}
