import { correctAttendance } from '../server/activity/attendance-actions.ts'
import { addGuest, addMaterial, receiveMaterials } from '../server/activity/participation-actions.ts'
import { listMaterials } from '../server/activity/participation-store.ts'
import { saveTemplate } from '../server/activity/series-actions.ts'
import { activitySettings, choosable } from '../server/activity/settings.ts'
import { listViews } from '../server/activity/store.ts'
import { Refusal } from '../server/kit/errors.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import { listMembers, listPosts } from '../server/org/store.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

const today = '2026-11-17'

/** Which of a leader's posts goes to how many group activities of this school year. */
const visits = { principal: 4, academicOffice: 6, researchOffice: 1 } as const

/**
 * What belongs to activities beside the round of the week: templates of the kinds, leaders who sat in with the groups,
 * guests from other schools, and materials handed out for what comes next.
 */
export async function tellActivitiesAhead(services: Services, district: ToldDistrict): Promise<void> {
  for (const school of district.schools) {
    const actors = createActors()
    await tellIn(services, school.id, today, '16:40', async (tx) => {
      await tellTemplates(tx, school, actors)
      await tellLeaders(tx)
      await tellMaterials(tx, school, actors)
    })
  }
}

async function tellTemplates(tx: Tx, school: ToldSchool, actors: Actors): Promise<void> {
  const posts = await listPosts(tx, today)
  const office = posts.find((post) => post.role === 'academicOffice')
  if (!office) return
  const acting = await actors.as(tx, office.personId, '16:42')
  const kinds = choosable((await activitySettings(tx)).kinds)
  // One school has gone further than the others.
  for (const kind of kinds.slice(0, school.cast.key === 'xinglong' ? 3 : 1))
    await saveTemplate(acting, {
      kind: kind.id,
      minutes: 90,
      place: '',
      materials: ['课标相关条目', '课例设计'],
      agenda: ['主持人说明主题', '中心发言', '逐人说一处看法', '形成共识、布置下一步'],
      leadDays: 3,
    })
}

/** Closed activities of groups that leaders visited, and two guests at one of them. */
async function tellLeaders(tx: Tx): Promise<void> {
  const closed = (await listViews(tx, { from: '2026-09-01', to: today, status: 'closed' })).filter(
    (view) => view.scope === 'group',
  )
  const posts = await listPosts(tx, today)
  for (const [role, count] of Object.entries(visits)) {
    const post = posts.find((one) => one.role === role && one.unitId === null)
    if (!post || closed.length === 0) continue
    for (let visit = 0; visit < count; visit++) {
      const view = closed[(visit * 7 + role.length) % closed.length]
      if (view)
        await declined(() =>
          correctAttendance(tx, {
            id: view.id,
            personId: post.personId,
            status: 'present',
            reason: '到组里参加活动，补记签到',
          }),
        )
    }
  }
  const last = closed.at(-1)
  if (!last) return
  for (const [name, from] of [
    ['郑晓岚', '云岭区第三小学'],
    ['马知远', '云岭区实验小学'],
  ] as const)
    await addGuest(tx, { activityId: last.id, name, school: from })
}

/** Materials for the next activities: some in time, one late; part of the members has confirmed. */
async function tellMaterials(tx: Tx, school: ToldSchool, actors: Actors): Promise<void> {
  const planned = (await listViews(tx, { from: today, to: '2026-11-30', status: 'planned' })).filter(
    (view) => view.unitId !== null,
  )
  for (const [index, view] of planned.slice(0, school.cast.key === 'baihe' ? 1 : 2).entries()) {
    await addMaterial(tx, {
      activityId: view.id,
      title: `《${view.theme.replace(/[《》]/g, '')}》阅读材料`,
      note: '先读划线部分，带一个自己的例子来。',
      address: '',
      releasedOn: today,
      byChoice: false,
    })
    if (index === 0)
      for (const title of ['课例一：从问题开始', '课例二：从操作开始'])
        await addMaterial(tx, {
          activityId: view.id,
          title,
          note: '',
          address: '',
          releasedOn: today,
          byChoice: true,
        })
    const members = await listMembers(tx, view.unitId ?? '', view.heldOn)
    const toChoose = (await listMaterials(tx, view.id)).filter((one) => one.byChoice)
    for (const [at, member] of members.entries()) {
      if (at % 3 === 2) continue
      const acting = await actors.as(tx, member.personId, '16:50')
      const own = toChoose[at % Math.max(1, toChoose.length)]
      await declined(() => receiveMaterials(acting, { activityId: view.id, chosenIds: own ? [own.id] : [] }))
    }
  }
}

/** What a rule declines is left out of the story. */
async function declined(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
