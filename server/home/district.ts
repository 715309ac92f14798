import { shareOf } from '../district/rules.ts'
import { listFigures, listSchools } from '../district/store.ts'
import { localDateOf } from '../kit/dates.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listReceipts } from '../programme/store.ts'
import { type Category, categoryLabels } from '../regime/rules.ts'
import { refreshIfStale } from '../regime/actions.ts'
import type { DistrictPart } from './contract.ts'

const mostRecent = 8

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
  const handedUp = schools.flatMap((school) => {
    const known = figures.get(school.id)?.figures
    return known ? [{ about: { schoolId: school.id, school: school.name }, ...known }] : []
  })
  const recent = handedUp
    .flatMap(({ about, news }) => news.map((one) => ({ ...one, ...about })))
    .sort((a, b) => (a.on < b.on ? 1 : -1))
  return {
    sentence: sentenceOf(schools),
    schools,
    filings: handedUp
      .flatMap(({ about, unfiled }) =>
        unfiled[0]
          ? [{ ...about, titles: unfiled.map((paper) => paper.title), stampedOn: unfiled[0].stampedOn }]
          : [],
      )
      .sort((a, b) => (a.stampedOn < b.stampedOn ? -1 : 1)),
    handIns: await listHandIns(tx),
    recent: recent.slice(0, mostRecent),
  }
}

const mostTitles = 5

async function listHandIns(tx: Tx): Promise<DistrictPart['handIns']> {
  const byProgramme = Map.groupBy(await listReceipts(tx), (row) => row.programmeId)
  return [...byProgramme].map(([programmeId, rows]) => ({
    programmeId,
    programme: rows[0]?.programme ?? '',
    count: rows.length,
    on: localDateOf(rows[0]?.deliveredAt ?? tx.now),
    titles: rows.slice(0, mostTitles).map((row) => `${row.school}：${row.deliverable}`),
  }))
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
