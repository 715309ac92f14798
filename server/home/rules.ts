import { addDays, daysBetween, mondayOf } from '../../engine/days.ts'
import { isSchoolDay, termOf } from '../../engine/periods.ts'
import { blocksOf, minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import { factKindsOf } from '../../engine/summary.ts'
import type { CalendarInput, FindingState, LocalDate } from '../../engine/types.ts'
import { dayText, weekdayText } from '../kit/dates.ts'
import type { BoardCellRef, BoardRowRef } from '../regime/contract.ts'
import type { Behind, HomeItem, HomeRing, HomeStrip, OfficePart, Place } from './contract.ts'
import type { RuleSummary } from '../regime/rules.ts'

/** 今天, 明天, 后天, else 11月20日 周五. */
export function dayLabel(day: LocalDate, today: LocalDate): string {
  const near = { '-1': '昨天', 0: '今天', 1: '明天', 2: '后天' }[daysBetween(today, day)]
  return near ?? `${dayText(day)} ${weekdayText(day)}`
}

const doubleSurnames = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '司徒',
  '夏侯',
  '皇甫',
  '尉迟',
  '公孙',
  '东方',
  '慕容',
  '令狐',
]

/** 林老师 for 林小满; names that are not of the usual two or three characters stay whole. */
export function addressOfPerson(name: string, title: string): string {
  const double = doubleSurnames.find((surname) => name.startsWith(surname) && name.length > 2)
  const surname = double ?? (/^\p{Script=Han}{2,3}$/u.test(name) ? name.slice(0, 1) : name)
  return `${surname}${title}`
}

/** `time` is `HH:mm`. */
export function greetingAt(time: string): string {
  const hour = Number(time.slice(0, 2))
  return hour < 5
    ? '夜深了'
    : hour < 9
      ? '早上好'
      : hour < 12
        ? '上午好'
        : hour < 14
          ? '中午好'
          : hour < 18
            ? '下午好'
            : '晚上好'
}

/** In the holidays a calm word with the day on which it goes on; null on every other day. */
export function restOf(
  calendar: CalendarInput,
  today: LocalDate,
): { title: string; sentence: string } | null {
  if (calendar.terms.length === 0) return null
  const term = termOf(calendar, today)
  if (term) {
    const holiday = calendar.specialDays.find((one) => one.day === today && one.kind === 'holiday')
    if (!holiday) return null
    let day = today
    while (day <= term.to && !isSchoolDay(calendar, day)) day = addDays(day, 1)
    const back = day > term.to ? '' : `${dayText(day)} ${weekdayText(day)}上班。`
    return { title: `${holiday.name}放假`, sentence: back }
  }
  const next = calendar.terms.filter((one) => one.from > today).sort((a, b) => (a.from < b.from ? -1 : 1))[0]
  const last = calendar.terms.filter((one) => one.to < today).sort((a, b) => (a.to < b.to ? 1 : -1))[0]
  const title = last?.number === 1 ? '寒假' : last ? '暑假' : '还没有开学'
  return {
    title,
    sentence: next
      ? `${next.name} ${dayText(next.from)} ${weekdayText(next.from)}开始，还有 ${daysBetween(today, next.from)} 天。`
      : '下一个学期的校历还没有设置。',
  }
}

// ── What a duty asks the person to do ─────────────────────────────────────────

export interface Known {
  rule: Rule
  regime: Regime
}

type Verb = 'work' | 'study' | 'plan' | 'activity' | 'none'

const verbOfFact: Record<string, Verb> = {
  'work.accepted': 'work',
  'study.logged': 'study',
  'plan.filed': 'plan',
  'activity.attended': 'activity',
  'activity.spoke': 'activity',
}

/** The room in which a duty is done; `none` where no room of the person's leads to it. */
export function verbOf({ regime, rule }: Known): Verb {
  const kinds = factKindsOf(regime, rule)
  return verbOfFact[kinds.find((kind) => kind in verbOfFact) ?? ''] ?? 'none'
}

function conditionValue({ regime, rule }: Known, minimumId: string, name: string): string | null {
  const minima = minimaOf(regime, rule)
  const own = minima.filter((minimum) => minimum.id === minimumId)
  const lists = [...(own.length > 0 ? own : minima).map((minimum) => minimum.counts), rule.form?.counts ?? []]
  for (const list of lists) {
    if (!Array.isArray(list)) continue
    for (const count of list) {
      const found = new RegExp(`\\b${name} == ["'](\\w+)["']`).exec(count.where ?? '')?.[1]
      if (found) return found
    }
  }
  return null
}
/** The kind of work that a rule asks for; null where any will do. */
const workKindOf = ({ known, row }: Duty): string | null => conditionValue(known, row.minimumId, 'workKind')
const paperOf = ({ known, row }: Duty): string => conditionValue(known, row.minimumId, 'paper') ?? 'plan'

/** Whether the rule counts taking part in activities. */
export function countsAttendance({ regime, rule }: Known): boolean {
  return rule.limit === undefined && factKindsOf(regime, rule).includes('activity.attended')
}

/** Blocks whose result a person brings about by handing something in; all others follow from elsewhere. */
const handedIn = new Set(['minimum', 'form', 'flow'])
const actionable = ({ rule }: Known): boolean => blocksOf(rule).some((block) => handedIn.has(block))

/** What of the person's lies with somebody else: handed in and not yet decided. */
export interface HandedIn {
  works: { kind: string; status: string; on: LocalDate | null }[]
  /** Papers by id with their status. */
  plans: { id: string; paper: string; status: string }[]
}

export interface Duty {
  row: BoardRowRef
  known: Known
  /** The cell that is next to be done, and those that are late. */
  now: BoardCellRef | null
  late: BoardCellRef[]
}

const unfinished = (state: FindingState) => state === 'open' || state === 'partly' || state === 'dueSoon'

/** The duties that ask something of the person by the end of this week, or are late. */
export function dutiesOfWeek(
  rows: BoardRowRef[],
  rules: Map<string, Known>,
  day: { today: LocalDate; weekEnd: LocalDate },
): Duty[] {
  return rows.flatMap((row): Duty[] => {
    const known = rules.get(`${row.regimeId}|${row.ruleId}`)
    if (!known || !actionable(known)) return []
    const late = row.cells.filter((cell) => cell.state === 'overdue')
    const now =
      row.cells
        .filter((cell) => unfinished(cell.state) && cell.dueOn !== null && cell.dueOn >= day.today)
        .filter((cell) => cell.state === 'dueSoon' || (cell.dueOn as LocalDate) <= day.weekEnd)
        .sort((a, b) => ((a.dueOn as LocalDate) < (b.dueOn as LocalDate) ? -1 : 1))[0] ?? null
    return now || late.length > 0 ? [{ row, known, now, late }] : []
  })
}

const number = (value: number): string => String(Math.round(value * 10) / 10)
const missingOf = (cell: Pick<BoardCellRef, 'value' | 'target'>): number | null =>
  cell.target === null ? null : Math.max(0, cell.target - (cell.value ?? 0))

/** `个人研修（每周）` → `个人研修`: the strip or ring says the period beside it. */
const plainTitle = (title: string) => title.replace(/（每.*?）$/, '')

/** `第12周（双周）` → `第12周`, `2026—2027学年第一学期` → `第一学期`. */
const shortPeriod = (label: string) => label.replace(/（.*?）/, '').replace(/^\d{4}—\d{4}学年(?=第)/, '')

function missingText(cell: BoardCellRef, unit: string, withDay: boolean): string {
  const missing = missingOf(cell)
  if (missing === null || missing === 0) return ''
  const day = withDay && cell.dueOn !== null ? `（${dayText(cell.dueOn)}前）` : ''
  return `${shortPeriod(cell.periodLabel)}还差 ${number(missing)} ${unit}${day}`
}

function lateText({ late }: Duty): string {
  if (late.length === 0) return ''
  const names = late.slice(0, 3).map((cell) => shortPeriod(cell.periodLabel))
  const nothing = late.every((cell) => (cell.value ?? 0) === 0)
  return `${names.join('、')}${late.length > 3 ? `等 ${late.length} 期` : ''}${nothing ? '没有完成' : '没有做够'}`
}

export const traceOf = (
  row: Pick<BoardRowRef, 'ruleId' | 'regimeId' | 'minimumId'>,
  subject: { kind: 'person' | 'unit' | 'organisation'; id: string },
  periodId: string,
): Place => ({
  page: 'trace',
  rule: row.ruleId,
  regime: row.regimeId,
  minimum: row.minimumId,
  subjectKind: subject.kind,
  subject: subject.id,
  period: periodId,
})

/** Whether what the person has handed in will fill the cell once it is accepted. */
function liesWithOthers(duty: Duty, handedIn: HandedIn): boolean {
  const verb = verbOf(duty.known)
  if (duty.late.length > 0 || !duty.now) return false
  if (verb === 'work') {
    const kind = workKindOf(duty)
    const waiting = handedIn.works.filter(
      (work) => work.status === 'submitted' && (kind === null || work.kind === kind),
    )
    return waiting.length >= (missingOf(duty.now) ?? 1)
  }
  if (verb === 'plan')
    return handedIn.plans.some(
      (plan) => plan.paper === paperOf(duty) && (plan.status === 'submitted' || plan.status === 'reviewed'),
    )
  return false
}

/**
 * Duties as things to do. Several duties that the same act fulfils (个人研修 and 个人理论学习: one entry counts for both)
 * are one thing. What has been handed in and only waits for somebody else is left out.
 */
export function itemsOfDuties(
  duties: Duty[],
  me: string,
  handedIn: HandedIn,
  today: LocalDate,
): (HomeItem & { dueOn: LocalDate | null })[] {
  const groups = new Map<string, Duty[]>()
  for (const duty of duties) {
    if (liesWithOthers(duty, handedIn)) continue
    const verb = verbOf(duty.known)
    const key =
      verb === 'work'
        ? `work ${workKindOf(duty) ?? ''}`
        : verb === 'plan'
          ? `plan ${paperOf(duty)}`
          : verb === 'none'
            ? duty.row.key
            : verb
    groups.set(key, [...(groups.get(key) ?? []), duty])
  }
  return [...groups].map(([key, own]) => itemOf(key, own, me, handedIn, today))
}

function itemOf(key: string, duties: Duty[], me: string, handedIn: HandedIn, today: LocalDate) {
  const first = (duties.find((duty) => duty.now) ?? duties[0]) as Duty
  const dueOn =
    duties
      .flatMap((duty) => duty.now?.dueOn ?? [])
      .sort()
      .at(0) ?? null
  const isLate = duties.some((duty) => duty.late.length > 0)
  const state: FindingState = isLate ? 'overdue' : 'dueSoon'
  const { title, action } = actOf(first, me, handedIn, isLate && dueOn === null)
  // Duties of which the same is missing share one clause: 个人研修、个人理论学习：第6周没有做够.
  const missing = new Map<string, string[]>()
  for (const duty of duties) {
    const parts = [duty.now ? missingText(duty.now, duty.row.unit, isLate) : '', lateText(duty)]
    const name = plainTitle(duty.row.title)
    missing.set(name, [...(missing.get(name) ?? []), ...parts.filter((part) => part !== '')])
  }
  const clauses = new Map<string, string[]>()
  for (const [name, parts] of missing) {
    const text = parts.join('，')
    if (text !== '') clauses.set(text, [...(clauses.get(text) ?? []), name])
  }
  const detail = [...clauses]
    .map(([text, names]) => (missing.size > 1 ? `${names.join('、')}：${text}` : text))
    .join('；')
  return {
    key,
    state,
    mark: isLate ? (dueOn ? '有逾期' : '已逾期') : dueOn ? `${dayLabel(dueOn, today)}前` : '本周',
    title,
    detail: detail === '' ? '' : `${detail}。`,
    countsFor: countsText(duties.map((duty) => duty.row)),
    action,
    dueOn,
  }
}

/** `教学反思（每两周不少于 1 篇）`; without doubles. */
export function countsText(rows: Pick<BoardRowRef, 'title' | 'note'>[]): string {
  const texts =
    rows.length === 1
      ? rows.map((row) => (row.note === '' ? row.title : `${row.title}（${row.note}）`))
      : rows.map((row) => row.title)
  return [...new Set(texts)].join('、')
}

function actOf(
  duty: Duty,
  me: string,
  handedIn: HandedIn,
  onlyLate: boolean,
): { title: string; action: HomeItem['action'] } {
  const { row, known } = duty
  const { rule } = known
  const noun = rule.noun ?? row.title
  switch (verbOf(known)) {
    case 'work': {
      const kind = workKindOf(duty)
      return {
        title: `写${noun}`,
        action: { label: kind === 'reflection' ? '写反思' : '去写', place: { page: 'newWork', kind } },
      }
    }
    case 'study':
      return {
        title: onlyLate ? '补记学习' : '记录个人学习',
        action: { label: '记学习', place: { page: 'study' } },
      }
    case 'plan': {
      const paper = paperOf(duty)
      const draft = handedIn.plans.find((plan) => plan.paper === paper && plan.status === 'draft')
      const word = paper === 'summary' ? '总结' : '计划'
      return {
        title: `交${noun}`,
        action: draft
          ? { label: '继续写', place: { page: 'plan', id: draft.id } }
          : { label: `写${word}`, place: { page: 'plans' } },
      }
    }
    case 'activity':
      return { title: row.title, action: { label: '看活动', place: { page: 'activities' } } }
    default:
      return {
        title: row.title,
        action: {
          label: '看规定',
          place: traceOf(row, { kind: 'person', id: me }, duty.now?.periodId ?? row.periodId),
        },
      }
  }
}

// ── The year ──────────────────────────────────────────────────────────────────

/** Rings for what the regimes measure in hours or credits over a term or a year; the same minimum twice is one ring. */
export function ringsOf(rows: BoardRowRef[], rules: Map<string, Known>, me: string): HomeRing[] {
  const spans: Record<string, string> = { term: '本学期', schoolYear: '本学年', calendarYear: '今年' }
  const rings = new Map<string, HomeRing>()
  for (const row of rows) {
    const known = rules.get(`${row.regimeId}|${row.ruleId}`)
    const minimum = known && minimaOf(known.regime, known.rule).find((one) => one.id === row.minimumId)
    const span = minimum && spans[minimum.per]
    if (!minimum || !span || row.target === null || !/^(学时|学分)$/.test(row.unit)) continue
    const value = row.value ?? 0
    const key = `${minimum.per} ${row.unit} ${value} ${row.target}`
    if (rings.has(key)) continue
    rings.set(key, {
      key,
      label: plainTitle(row.title),
      span,
      value,
      target: row.target,
      unit: row.unit,
      state: row.state,
      place: traceOf(row, { kind: 'person', id: me }, row.periodId),
    })
  }
  return [...rings.values()].slice(0, 4)
}

/** Begun or not makes no difference to what comes first; the day does. */
const urgency = ['overdue', 'dueSoon', 'partly open', 'done', 'excused manual notApplicable']
const urgencyOf = (state: FindingState) => urgency.findIndex((states) => states.split(' ').includes(state))

/** The strips of the term, those that need something first. */
export function stripsOf(rows: BoardRowRef[], me: string): HomeStrip[] {
  return rows
    .map(
      (row): HomeStrip => ({
        key: row.key,
        title: row.title,
        note: row.note,
        state: row.state,
        value: row.value,
        target: row.target,
        unit: row.unit,
        overdue: row.overdue,
        dueOn: row.dueOn,
        cells: row.cells.map((cell) => ({
          from: cell.from,
          span: cell.span,
          state: cell.state,
          makeUp: cell.makeUp,
          share: cell.value !== null && cell.target ? Math.min(1, cell.value / cell.target) : 0,
        })),
        place: traceOf(row, { kind: 'person', id: me }, row.periodId),
      }),
    )
    .filter((strip) => strip.cells.length > 0)
    .sort(
      (a, b) =>
        urgencyOf(a.state) - urgencyOf(b.state) ||
        ((a.dueOn ?? '9999') < (b.dueOn ?? '9999') ? -1 : (a.dueOn ?? '9999') > (b.dueOn ?? '9999') ? 1 : 0),
    )
}

/** The next duty by its day, for a week in which nothing is to be done. */
export function nextDuty(rows: BoardRowRef[], rules: Map<string, Known>, today: LocalDate): string {
  const next = rows
    .filter((row) => {
      const known = rules.get(`${row.regimeId}|${row.ruleId}`)
      return known && actionable(known) && unfinished(row.state) && row.dueOn !== null && row.dueOn >= today
    })
    .sort((a, b) => ((a.dueOn as LocalDate) < (b.dueOn as LocalDate) ? -1 : 1))[0]
  if (!next) return ''
  const missing = next.target === null ? null : Math.max(0, next.target - (next.value ?? 0))
  const much = missing === null || missing === 0 ? '' : `，还差 ${number(missing)} ${next.unit}`
  return `下一件是“${next.title}”${much}，${yearText(next.dueOn as LocalDate, today)}${dayText(next.dueOn as LocalDate)}前完成即可。`
}
const yearText = (day: LocalDate, today: LocalDate) =>
  day.slice(0, 4) === today.slice(0, 4) ? '' : `${day.slice(0, 4)}年`

// ── People who need help first ────────────────────────────────────────────────

/** People with something late, most of it first. `titleOf` names a rule. */
export function behindOf(
  people: { id: string; name: string; note: string }[],
  summaries: Map<string, RuleSummary[] | null>,
  titleOf: (summary: RuleSummary) => string,
): Behind[] {
  return people
    .flatMap((person): (Behind & { periods: number })[] => {
      const late = (summaries.get(person.id) ?? []).filter((summary) => summary.state === 'overdue')
      if (late.length === 0) return []
      late.sort((a, b) => b.overdue - a.overdue)
      const titles = [
        ...new Set(late.map((one) => `${titleOf(one)}${one.overdue > 1 ? ` ${one.overdue} 期` : ''}`)),
      ]
      const periods = late.reduce((sum, one) => sum + Math.max(1, one.overdue), 0)
      return [{ ...person, late: late.length, lateTitles: titles.slice(0, 3).join('、'), periods }]
    })
    .sort((a, b) => b.periods - a.periods || b.late - a.late)
    .map(({ id, name, note, late, lateTitles }) => ({ id, name, note, late, lateTitles }))
}

// ── Dates ahead ───────────────────────────────────────────────────────────────

const windowNames = { opening: '期初检查', middle: '期中检查', closing: '期末检查' } as const

/** The windows, holidays and the end of term that come next. */
export function datesAhead(calendar: CalendarInput, today: LocalDate): OfficePart['dates'] {
  const dates: (OfficePart['dates'][number] & { on: LocalDate })[] = []
  const left = (day: LocalDate) => daysBetween(today, day)
  const horizon = addDays(today, 75)
  const inDays = (day: LocalDate) =>
    left(day) === 0 ? '就是今天' : left(day) === 1 ? '明天' : `还有 ${left(day)} 天`
  for (const term of calendar.terms) {
    if (term.to < today || term.from > horizon) continue
    if (term.from > today)
      dates.push({
        key: `${term.id} from`,
        label: term.number === 1 ? '新学年开学' : '新学期开学',
        on: term.from,
        isNow: false,
        sentence: `${dayText(term.from)} ${weekdayText(term.from)}，${inDays(term.from)}`,
      })
    for (const [name, label] of Object.entries(windowNames)) {
      const window = term.windows[name as keyof typeof windowNames]
      if (window.to < today || window.from > horizon) continue
      const isNow = window.from <= today
      dates.push({
        key: `${term.id} ${name}`,
        label,
        on: isNow ? window.to : window.from,
        isNow,
        sentence: isNow
          ? `正在进行，${dayText(window.to)}结束（${left(window.to) === 0 ? '今天' : `还有 ${left(window.to)} 天`}）`
          : `${dayText(window.from)}至${dayText(window.to)}，${inDays(window.from)}`,
      })
    }
    if (term.from <= today && term.to <= horizon)
      dates.push({
        key: `${term.id} to`,
        label: '学期结束',
        on: term.to,
        isNow: false,
        sentence: `${dayText(term.to)} ${weekdayText(term.to)}，${inDays(term.to)}`,
      })
  }
  const holiday = calendar.specialDays.find(
    (one) => one.kind === 'holiday' && one.day > today && one.day <= horizon,
  )
  if (holiday)
    dates.push({
      key: `holiday ${holiday.day}`,
      label: holiday.name,
      on: holiday.day,
      isNow: false,
      sentence: `${dayText(holiday.day)} ${weekdayText(holiday.day)}起放假，${inDays(holiday.day)}`,
    })
  return dates
    .sort((a, b) => (a.on < b.on ? -1 : 1))
    .slice(0, 4)
    .map(({ key, label, sentence, isNow }) => ({ key, label, sentence, isNow }))
}

/** Monday to Sunday of the week of a day. */
export const weekAround = (day: LocalDate) => ({ from: mondayOf(day), to: addDays(mondayOf(day), 6) })
