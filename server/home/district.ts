import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { listLines } from '../activity/queries.ts'
import { shareOf } from '../district/rules.ts'
import { listFigures, listSchools } from '../district/store.ts'
import { dayText } from '../kit/dates.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listPlans } from '../plan/store.ts'
import { type Category, categoryLabels } from '../regime/rules.ts'
import { refreshIfStale } from '../regime/actions.ts'
import { listAdoptions } from '../regime/store.ts'
import type { DistrictPart } from './contract.ts'

const recentDays = 14
/** Papers stamped longer ago than this are history. */
const filingDays = 150
const mostRecent = 8
/** So many schools are looked into at once; each is a short reading transaction of its own. */
const atOnce = 8

/** The district's schools side by side from the figures that they hand up, and what they have filed lately. */
export async function loadDistrict(tx: Tx, services: Services): Promise<DistrictPart> {
  const figures = new Map((await listFigures(tx)).map((row) => [row.schoolId, row]))
  const schools = (await listSchools(tx)).map((school): DistrictPart['schools'][number] => {
    const known = figures.get(school.id)?.figures
    if (!known) {
      const nothing = { regime: null, people: 0, behind: 0, share: null, hours: null }
      return { ...school, ...nothing, weakest: '', isStale: false }
    }
    const [weakest] = Object.entries(known.categories)
      .map(([key, tally]) => ({ title: categoryLabels[key as Category] ?? key, share: shareOf(tally) }))
      .filter((one) => one.share !== null && one.share < 100)
      .sort((a, b) => (a.share ?? 100) - (b.share ?? 100))
    return {
      ...school,
      regime: known.regime?.title ?? null,
      people: known.people,
      behind: known.peopleBehind,
      share: shareOf(known.all),
      hours: known.hours?.average ?? null,
      weakest: weakest ? `${weakest.title} ${weakest.share}%` : '',
      isStale: known.evaluatedOn !== tx.today,
    }
  })
  for (const school of schools)
    if (school.isStale)
      await refreshIfStale(services, school.id, figures.get(school.id)?.figures.evaluatedOn ?? null, null)
  schools.sort((a, b) => (a.share ?? 101) - (b.share ?? 101))
  const seen: Seen[] = []
  for (let start = 0; start < schools.length; start += atOnce) {
    seen.push(
      ...(await Promise.all(
        schools.slice(start, start + atOnce).map((school) => lookInto(tx, services, school)),
      )),
    )
  }
  const recent = seen.flatMap((one) => one.recent).sort((a, b) => (a.on < b.on ? 1 : -1))
  return {
    sentence: sentenceOf(schools),
    schools,
    filings: seen.flatMap((one) => one.filings).sort((a, b) => (a.stampedOn < b.stampedOn ? -1 : 1)),
    recent: recent.slice(0, mostRecent),
  }
}

function sentenceOf(schools: DistrictPart['schools']): string {
  if (schools.length === 0) return '本区还没有学校加入。'
  const known = schools.filter((school) => school.regime !== null)
  if (known.length === 0) return `${schools.length} 所学校都还没有采用校本研修制度。`
  const people = known.reduce((sum, school) => sum + school.people, 0)
  const behind = known.reduce((sum, school) => sum + school.behind, 0)
  const first = known[0]
  const without = schools.length - known.length
  return `${schools.length} 所学校、${people} 名教师中，${people - behind} 人没有逾期的事项${
    behind > 0 && first ? `；最需要关注的是${first.name}，有 ${first.behind} 人逾期` : ''
  }${without > 0 ? `；${without} 所学校还没有采用制度` : ''}。`
}

type Seen = Pick<DistrictPart, 'filings' | 'recent'>

/** The school's own papers and whole-school activities, as the district officer may see them. */
async function lookInto(tx: Tx, services: Services, school: { id: string; name: string }): Promise<Seen> {
  const actor = { ...tx.actor, leads: [], unitIds: [], districtId: tx.orgId }
  const since: LocalDate = addDays(tx.today, -recentDays)
  const filedSince = addDays(tx.today, -filingDays)
  return services.inOrganisation(
    school.id,
    actor,
    async (inSchool) => {
      const about = { schoolId: school.id, school: school.name }
      const plans = (await listPlans(inSchool, { level: 'organisation', statuses: ['filed'] })).filter(
        (plan) => plan.stampedOn !== null && plan.stampedOn <= tx.today,
      )
      const held = (await listLines(inSchool, { from: since, to: tx.today, status: 'closed' })).filter(
        (line) => line.scope === 'organisation' && line.day >= since,
      )
      const groups = (
        await listLines(inSchool, { from: addDays(tx.today, -6), to: tx.today, status: 'closed' })
      ).filter((line) => line.scope === 'group' && line.day >= addDays(tx.today, -6))
      const adopted = (await listAdoptions(inSchool)).filter(
        (one) => one.origin === 'own' && one.fromOn >= addDays(tx.today, -60) && one.fromOn <= tx.today,
      )
      const latest = groups.at(-1)
      const unfiled = plans
        .filter((plan) => plan.districtNumber === null && (plan.stampedOn as LocalDate) >= filedSince)
        .sort((a, b) => ((a.stampedOn as LocalDate) < (b.stampedOn as LocalDate) ? 1 : -1))
      return {
        filings: unfiled[0]
          ? [
              {
                ...about,
                titles: unfiled.map((plan) => plan.title),
                stampedOn: unfiled[0].stampedOn as LocalDate,
              },
            ]
          : [],
        recent: [
          ...held.map((line) => ({
            key: line.id,
            on: line.day,
            ...about,
            text: `开展${line.kindLabel}“${line.theme}”${line.expected === null ? '' : `，到会 ${line.attended}/${line.expected} 人`}`,
          })),
          ...plans
            .filter((plan) => (plan.stampedOn as LocalDate) >= since)
            .map((plan) => ({
              key: plan.id,
              on: plan.stampedOn as LocalDate,
              ...about,
              text: `备案《${plan.title}》`,
            })),
          ...(latest
            ? [
                {
                  key: `groups ${school.id}`,
                  on: latest.day,
                  ...about,
                  text: `一周来各组活动 ${groups.length} 次，最近一次是${latest.unit?.name ?? ''}“${latest.theme}”`,
                },
              ]
            : []),
          ...adopted.map((one) => ({
            key: one.id,
            on: one.fromOn,
            ...about,
            text: `采用《${one.title}》，${dayText(one.fromOn)}起执行`,
          })),
        ],
      }
    },
    { readOnly: true },
  )
}
