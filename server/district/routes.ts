import { findOrganisation } from '../org/store.ts'
import { refuse } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { refreshIfStale } from '../regime/actions.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { type DistrictBoard, districtApi } from './contract.ts'
import { columnsOf, emptyTally, shareOf } from './rules.ts'
import * as store from './store.ts'

/** The district's schools side by side; reads nothing but the district's own scope. */
async function loadBoard(tx: Tx): Promise<DistrictBoard> {
  const organisation = await findOrganisation(tx)
  if (organisation?.kind !== 'district')
    refuse('区级进度在区级账号下查看。', { status: 403, code: 'forbidden' })
  const figures = new Map((await store.listFigures(tx)).map((row) => [row.schoolId, row]))
  const schools = (await store.listSchools(tx)).map((school) => {
    const row = figures.get(school.id)
    return {
      ...school,
      figures: row?.figures ?? null,
      computedAt: row?.computedAt ?? null,
      stale: row !== undefined && row.figures.evaluatedOn !== tx.today,
    }
  })
  const known = schools.flatMap((school) => school.figures ?? [])
  const all = emptyTally()
  for (const one of known)
    for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] += one.all[key]
  const share = shareOf(all)
  const people = known.reduce((sum, one) => sum + one.people, 0)
  const peopleBehind = known.reduce((sum, one) => sum + one.peopleBehind, 0)
  const worst = schools
    .filter((school) => (school.figures?.peopleBehind ?? 0) > 0)
    .sort(
      (a, b) =>
        (shareOf(a.figures?.all ?? emptyTally()) ?? 100) - (shareOf(b.figures?.all ?? emptyTally()) ?? 100),
    )[0]
  const without = schools.length - known.length
  const sentence =
    schools.length === 0
      ? '本区还没有学校。'
      : known.length === 0
        ? `${schools.length} 所学校都还没有采用校本研修制度。`
        : `${schools.length} 所学校、${people} 名教师${share === null ? '' : `，到期事项已完成 ${share}%`}${
            worst
              ? `；最需要关注的是${worst.name}，已完成 ${shareOf(worst.figures?.all ?? emptyTally())}%，${worst.figures?.peopleBehind} 人有逾期`
              : '，没有人有逾期事项'
          }${without > 0 ? `；${without} 所学校还没有采用制度` : ''}。`
  const regime = (await regimesInForce(tx, tx.today))[0]?.regime
  return {
    district: { id: tx.orgId, name: organisation.name },
    schools,
    columns: columnsOf(known),
    totals: { schools: schools.length, withRegime: known.length, people, peopleBehind, share },
    sentence,
    districtRegime: regime ? { id: regime.id, title: regime.title, version: regime.version } : null,
  }
}

export const districtRoom = room('district', districtApi, {
  async getDistrictBoard({ tx, services }) {
    const board = await loadBoard(tx)
    for (const school of board.schools)
      if (school.stale && school.figures)
        await refreshIfStale(services, school.id, school.figures.evaluatedOn, null)
    return board
  },
  async getDistrictFile({ tx }) {
    const board = await loadBoard(tx)
    const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
    const body = await writeSpreadsheet({
      sheets: [
        {
          name: board.district.name,
          columns: [
            text('学校', 24),
            text('制度', 26),
            { title: '教师', width: 8, kind: 'integer' },
            ...board.columns.map((column) => ({ title: column.title, width: 14, kind: 'decimal' as const })),
          ],
          rows: board.schools.map((school) => [
            school.name,
            school.figures?.regime?.title ?? '还没有采用制度',
            school.figures?.people ?? null,
            ...board.columns.map((column) => valueOf(school.figures, column.key)),
          ]),
        },
      ],
    })
    return {
      name: `${board.district.name}校本研修进度（${tx.today}）.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body,
    }
  },
})

function valueOf(figures: DistrictBoard['schools'][number]['figures'], key: string): number | null {
  if (!figures) return null
  if (key === 'averageHours') return figures.hours?.average ?? null
  if (key === 'behind') return figures.peopleBehind
  const tally = key === 'all' ? figures.all : figures.categories[key]
  return tally ? shareOf(tally) : null
}
