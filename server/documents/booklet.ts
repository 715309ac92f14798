import { type PeriodKind, periodsOf, weekOf } from '../../engine/periods.ts'
import { findForm, minimaOf } from '../../engine/schema.ts'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { attendanceLabels } from '../activity/words.ts'
import { dayText } from '../kit/dates.ts'
import { refuse } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation, listUnitsOfPerson, type PersonRow } from '../org/store.ts'
import { type Paper, paperLabels } from '../plan/words.ts'
import { listPlans, type PlanRow } from '../plan/store.ts'
import { findYearInForce, type YearInForce } from '../regime/adoption.ts'
import { htmlToBlocks, textToBlocks } from '../typesetting/rich-text.ts'
import type { Block, RecordBooklet } from '../typesetting/types.ts'
import { workKindLabels } from '../work/words.ts'
import { loadFigures } from './figures.ts'
import { documentKindLabels } from './words.ts'
import * as store from './store.ts'
import { evaluationPart, hoursPart, resultPart, rulesPart, shortTerm } from './tables.ts'

export const longDay = (day: LocalDate) => `${Number(day.slice(0, 4))}年${dayText(day)}`
export const schoolYearLabel = (id: string) => `${id.replace('-', '—')}学年`

/** The year with its regimes, or the sentence that says why no booklet can be made for it. */
export async function findBookletYear(tx: Tx, schoolYearId: string): Promise<YearInForce | string> {
  const inForce = await findYearInForce(tx, schoolYearId)
  if (!inForce)
    return `${schoolYearLabel(schoolYearId)}还没有设置校历或采用制度，不能生成报告册。请先由校长或教导处设置校历、采用制度。`
  if (inForce.year.from > tx.today) return `${schoolYearLabel(schoolYearId)}还没有开始，还不能生成报告册。`
  return inForce
}

/** The ids under which papers of a school year are kept. */
export const planTermIds = ({ calendar, year }: Pick<YearInForce, 'calendar' | 'year'>): string[] => [
  ...calendar.terms.filter((term) => term.schoolYearId === year.id).map((term) => term.id),
  year.id,
]

/** The day for which groups and titles are taken: today, or the last day of a year that is over. */
export const dayOf = (tx: Tx, year: { to: LocalDate }): LocalDate => (tx.today < year.to ? tx.today : year.to)

/**
 * Gathers the 《报告册》 of one person and school year from what was recorded: nothing is typed for it, and every
 * figure is a finding or a plain count of the records printed beside it. Refuses in a sentence when the school has no
 * calendar or regime for that year, or the person did not serve in it.
 */
export async function gatherBooklet(
  tx: Tx,
  person: PersonRow,
  schoolYearId: string,
  issue: { code: string; url: string } | null,
): Promise<RecordBooklet> {
  const inForce = await findBookletYear(tx, schoolYearId)
  if (typeof inForce === 'string') refuse(inForce)
  const { year } = inForce
  if (!(await store.servedWithin(tx, person.id, year)))
    refuse(`${person.name}老师${schoolYearLabel(year.id)}不在本校任职，没有报告册。`)
  const on = dayOf(tx, year)
  const organisation = await findOrganisation(tx)
  const district = organisation?.districtId ? await findOrganisation(tx, organisation.districtId) : undefined
  const attributes = await store.loadAttributes(tx, person.id, on)
  const units = await listUnitsOfPerson(tx, person.id, on)
  const figures = await loadFigures(tx, inForce, person.id)
  const school = organisation?.name ?? ''
  const schoolYear = schoolYearLabel(year.id)
  return {
    title: documentKindLabels.recordBooklet,
    district: district?.name ?? '',
    school,
    teacher: {
      name: person.name,
      staffNumber: person.staffNumber,
      groups: units
        .filter((unit) => unit.kind !== 'body' && unit.kind !== 'department')
        .map((unit) => unit.name),
      subject: text(attributes.subject),
      title: text(attributes.title),
    },
    schoolYear,
    regime: inForce.regimes
      .map((one) => `《${one.regime.title}》（${longDay(one.fromOn)}起施行）`)
      .join('、'),
    plan: await planPart(tx, person.id, inForce),
    reflections: await reflectionPart(tx, person.id, inForce),
    excerpts: await excerptPart(tx, person.id, year),
    hours: hoursPart(inForce, figures, on),
    attendance: await attendancePart(tx, person.id, year),
    rules: rulesPart(inForce, figures, on),
    evaluations: evaluationPart(inForce, await store.listEvaluations(tx, person.id, year)),
    result: resultPart(inForce, figures, { person: person.name, school, schoolYear }),
    verification: issue ? { number: issue.code, url: issue.url } : null,
    issuedOn: tx.today,
    draft: issue === null,
  }
}

function text(value: AttributeValue | undefined): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join('、') : ''
}

// ── Written parts ────────────────────────────────────────────────────────────

async function planPart(tx: Tx, personId: string, inForce: YearInForce): Promise<RecordBooklet['plan']> {
  const { calendar } = inForce
  const rows = await listPlans(tx, { termIds: planTermIds(inForce), ownerIds: [personId], level: 'teacher' })
  const papers = rows
    .filter((paper) => paper.status !== 'draft' && paper.status !== 'returned')
    .sort((a, b) => order(a) - order(b))
  const nameOf = (paper: PlanRow): string => {
    const term = calendar.terms.find((one) => one.id === paper.termId)
    return `${term ? shortTerm(term) : '学年'}${paperLabels[paper.paper]}`
  }
  const standing = papers.map((paper) => {
    if (paper.status !== 'filed') return `${nameOf(paper)}已提交，尚未盖章备案`
    const number = paper.filingNumber ? `，编号${paper.filingNumber}` : ''
    return `${nameOf(paper)}${paper.stampedOn ? `于${longDay(paper.stampedOn)}` : '已'}盖章备案${number}`
  })
  return {
    intro: standing.length > 0 ? `${standing.join('；')}。` : '本学年还没有提交计划和总结。',
    sections: papers.map((paper) => ({
      title: nameOf(paper),
      blocks: paper.form.flatMap((section): Block[] => {
        const blocks = htmlToBlocks(paper.sections[section.key] ?? '')
        return blocks.length > 0 ? [{ type: 'heading', runs: [{ text: section.label }] }, ...blocks] : []
      }),
    })),
  }
}

const paperOrder: Record<Paper, number> = { plan: 0, summary: 1 }
/** The plan of the year, then by term the plan and the summary, last the summary of the year. */
function order(paper: PlanRow): number {
  if (paper.horizon !== 'term') return paper.paper === 'plan' ? -1 : 100
  return (paper.termId.endsWith('2') ? 10 : 0) + paperOrder[paper.paper]
}

/** The kind of period by which accepted works of a kind are counted, so that entries can be named after it. */
function perOfWorks({ regimes }: YearInForce): PeriodKind {
  for (const { regime } of regimes)
    for (const rule of regime.rules)
      for (const minimum of minimaOf(regime, rule))
        if (
          Array.isArray(minimum.counts) &&
          'person' in minimum.binds &&
          minimum.counts.some((count) => count.fact === 'work.accepted')
        )
          return minimum.per
  return 'week'
}

async function reflectionPart(
  tx: Tx,
  personId: string,
  inForce: YearInForce,
): Promise<RecordBooklet['reflections']> {
  const { calendar, year, regimes } = inForce
  const works = await store.listAcceptedWorks(tx, personId, year)
  const per = perOfWorks(inForce)
  const shown: PeriodKind = per === 'fortnight' || per === 'month' || per === 'halfMonth' ? per : 'week'
  const periodLabel = (day: LocalDate): string => {
    const label =
      shown === 'week'
        ? weekOf(calendar, day)?.label
        : periodsOf(shown, calendar, { from: day, to: day })[0]?.label
    return label ?? '假期'
  }
  const kindLabel = (kind: string): string =>
    regimes.flatMap(({ regime }) => regime.vocabularies.workKinds).find((one) => one.id === kind)?.label ??
    workKindLabels[kind] ??
    kind
  const partLabel = (kind: string, key: string): string =>
    regimes
      .flatMap(({ regime }) => findForm(regime, { for: 'work', workKind: kind })?.sections ?? [])
      .find((section) => section.id === key)?.label ?? key
  const reflections = works.filter((work) => work.kind === 'reflection').length
  const others = works.length - reflections
  return {
    summary:
      works.length === 0
        ? '本学年还没有经审阅采纳的反思。'
        : `本学年经审阅采纳反思${reflections}篇，按提交日期排列${others > 0 ? `；其他作品${others}篇附后` : ''}。`,
    entries: works.map((work) => ({
      title: work.title === '' ? '（无题）' : work.title,
      date: longDay(work.countsOn),
      periodLabel:
        work.kind === 'reflection'
          ? periodLabel(work.countsOn)
          : `${periodLabel(work.countsOn)} · ${kindLabel(work.kind)}`,
      blocks: [
        ...htmlToBlocks(work.body),
        ...Object.entries(work.parts).flatMap(([key, written]): Block[] => {
          const blocks = textToBlocks(written)
          return blocks.length > 0
            ? [{ type: 'heading', runs: [{ text: partLabel(work.kind, key) }] }, ...blocks]
            : []
        }),
      ],
      remark: work.remark === '' ? null : `${work.reviewerName ?? '审阅人'}：${work.remark}`,
    })),
  }
}

async function excerptPart(
  tx: Tx,
  personId: string,
  year: { from: LocalDate; to: LocalDate },
): Promise<RecordBooklet['excerpts']> {
  const entries = await store.listExcerpts(tx, personId, year)
  return {
    summary:
      entries.length > 0 ? `本学年摘记${entries.length}则，按学习日期排列。` : '本学年还没有理论学习摘记。',
    entries: entries.map((entry) => ({
      date: longDay(entry.studiedOn),
      topic: entry.content,
      minutes: entry.minutes,
      source: null,
      blocks: textToBlocks(entry.excerpt),
    })),
  }
}

const attendedStatuses = new Set(['present', 'late', 'leftEarly'])

async function attendancePart(
  tx: Tx,
  personId: string,
  year: { from: LocalDate; to: LocalDate },
): Promise<RecordBooklet['attendance']> {
  const activities = await store.listAttended(tx, personId, year)
  if (activities.length === 0) return { summary: '本学年还没有集体研修记录。', rows: [], totals: [] }
  const labels: Record<string, string> = attendanceLabels
  const counts = new Map<string, number>()
  for (const { status } of activities) counts.set(status, (counts.get(status) ?? 0) + 1)
  const told = Object.keys(labels).filter((status) => counts.has(status))
  const madeUp = activities.filter((one) => one.madeUp).length
  const words = told.map((status) => `${labels[status]}${counts.get(status)}次`)
  return {
    summary: `集体研修列入名单${activities.length}次：${words.join('，')}${madeUp > 0 ? `，其中${madeUp}次已补学` : ''}。`,
    rows: activities.map((one) => ({
      date: dayText(one.heldOn),
      activity: `${one.unitName ?? '全校'}：${one.theme}`,
      status: `${labels[one.status] ?? one.status}${one.madeUp ? '（已补学）' : ''}`,
      minutes: attendedStatuses.has(one.status) ? one.minutes : null,
    })),
    totals: told.map((status) => ({ label: labels[status] ?? status, value: `${counts.get(status)}次` })),
  }
}
