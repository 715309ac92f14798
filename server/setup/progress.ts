import { schoolYearName } from '../calendar/rules.ts'
import { loadCalendar } from '../calendar/store.ts'
import { countAccounts, listWithoutAccount } from '../access/store.ts'
import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation, listPeople, listPosts, listSchoolsOf, listUnits } from '../org/store.ts'
import { currentRegimeTitle } from '../regime/store.ts'
import type { SetupProgress, SetupStep } from './contract.ts'

/** The guided checklist: what stands and what is still missing before the organisation can begin. */
export async function getProgress(tx: Tx): Promise<SetupProgress> {
  const organisation = (await findOrganisation(tx)) ?? refuseNotFound('学校')
  const steps =
    organisation.kind === 'district'
      ? [
          await schoolsStep(tx),
          await calendarStep(tx),
          await regimeStep(tx),
          await accountsStep(tx, organisation.kind),
        ]
      : [
          await calendarStep(tx),
          await peopleStep(tx),
          await unitsStep(tx),
          await leadersStep(tx),
          await regimeStep(tx),
          await accountsStep(tx, organisation.kind),
        ]
  const missing = steps.filter((step) => !step.isDone).map((step) => step.title)
  return {
    steps,
    organisation: { name: organisation.name, kind: organisation.kind },
    sentence:
      missing.length === 0
        ? '都设置好了，可以开始研修。'
        : `还差 ${missing.length} 步：${missing.join('、')}。${missing.length > 2 ? '按顺序做下来大约需要半小时。' : ''}`,
  }
}

async function schoolsStep(tx: Tx): Promise<SetupStep> {
  const schools = await listSchoolsOf(tx, tx.orgId)
  return {
    key: 'schools',
    title: '学校',
    sentence:
      schools.length > 0
        ? `已建 ${schools.length} 所学校；给每所学校指定一名管理员，他们就能设置本校。`
        : '先建好区里的学校，再给每所学校指定一名管理员。',
    isDone: schools.length > 0,
  }
}

async function calendarStep(tx: Tx): Promise<SetupStep> {
  const { schoolYears, specialDays } = await loadCalendar(tx)
  const year = schoolYears.find((one) => one.to >= tx.today)
  const days = year ? specialDays.filter(({ day }) => day >= year.from && day <= year.to).length : 0
  return {
    key: 'calendar',
    title: '学年和校历',
    sentence: year
      ? days > 0
        ? `${schoolYearName(year.id)}已设好，放假和调休 ${days} 天。`
        : `${schoolYearName(year.id)}已设好；还没有放假和调休，请补上。`
      : '设好学年、两个学期和期初、期中、期末的日期，放假和调休可以一键填好。',
    isDone: year !== undefined && days > 0,
  }
}

async function peopleStep(tx: Tx): Promise<SetupStep> {
  const people = (await listPeople(tx, tx.today)).length
  return {
    key: 'people',
    title: '人员',
    sentence:
      people > 1
        ? `在册 ${people} 人；以后按工号更新花名册。`
        : '用 Excel 花名册一次导入全校人员，组和职务也会一起建好。',
    isDone: people > 1,
  }
}

async function unitsStep(tx: Tx): Promise<SetupStep> {
  const units = await listUnits(tx, tx.today)
  return {
    key: 'units',
    title: '组和组织',
    sentence:
      units.length > 0
        ? `已有 ${units.length} 个组和组织。`
        : '建好教研组、备课组、年级组和领导小组；导入花名册时也会自动建组。',
    isDone: units.length > 0,
  }
}

async function leadersStep(tx: Tx): Promise<SetupStep> {
  const posts = await listPosts(tx, tx.today)
  const groups = (await listUnits(tx, tx.today)).filter((unit) => unit.kind === 'teachingResearchGroup')
  const without = groups.filter(
    (unit) => !posts.some((post) => post.unitId === unit.id && post.role === 'groupLeader'),
  )
  const hasOffice = posts.some((post) => post.role === 'academicOffice')
  const hasPrincipal = posts.some((post) => post.role === 'principal')
  const open = [
    ...(hasPrincipal ? [] : ['还没有校长']),
    ...(hasOffice ? [] : ['还没有教导主任']),
    ...(without.length > 0
      ? [
          `${without.length} 个教研组没有组长（${without
            .slice(0, 3)
            .map((unit) => unit.name)
            .join('、')}${without.length > 3 ? '等' : ''}）`,
        ]
      : []),
  ]
  return {
    key: 'leaders',
    title: '职务',
    sentence: open.length > 0 ? `${open.join('，')}。` : '校长、教导处和各教研组组长都已任命。',
    isDone: open.length === 0 && groups.length > 0,
  }
}

async function accountsStep(tx: Tx, kind: 'school' | 'district'): Promise<SetupStep> {
  const without = (await listWithoutAccount(tx)).length
  const { accounts, unused } = await countAccounts(tx)
  const isAlone = kind === 'school' && accounts <= 1 && without === 0
  return {
    key: 'accounts',
    title: '账号',
    sentence: isAlone
      ? '导入人员以后，为大家开通账号，打印通知单。'
      : without > 0
        ? `${accounts} 人有账号，还有 ${without} 人没有；开通后把通知单发给本人，首次登录要改密码。`
        : unused > 0
          ? `人人都有账号，其中 ${unused} 人还没有登录过。`
          : '人人都有账号，都已登录过。',
    isDone: without === 0 && !isAlone,
  }
}

async function regimeStep(tx: Tx): Promise<SetupStep> {
  const title = await currentRegimeTitle(tx)
  return {
    key: 'regime',
    title: '制度',
    sentence: title ? `本学年采用《${title}》。` : '选一份本学年采用的研修制度，任务、学时和考评都按它来。',
    isDone: title !== null,
  }
}
