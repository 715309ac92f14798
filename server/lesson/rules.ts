import { addDays, dayLabel, daysBetween, weekdayLabel } from '../../engine/days.ts'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { localDateOf, localTimeOf } from '../kit/dates.ts'
import type { RatingResult, Sheet } from './contract.ts'
import { factVoices, type RatingVoice } from './words.ts'

/** Lessons may be entered so many days afterwards, and booked so many days ahead. */
export const daysBack = 30
export const daysAhead = 200

/** The periods of a school day where the school has not said otherwise. */
export const usualPeriods = [
  { number: 1, from: '08:20', to: '09:00' },
  { number: 2, from: '09:10', to: '09:50' },
  { number: 3, from: '10:20', to: '11:00' },
  { number: 4, from: '11:10', to: '11:50' },
  { number: 5, from: '14:00', to: '14:40' },
  { number: 6, from: '14:50', to: '15:30' },
  { number: 7, from: '15:40', to: '16:20' },
  { number: 8, from: '16:30', to: '17:10' },
]
interface Period {
  number: number
  from: string
  to: string
}

/** `第3节 10:20—11:00` */
export function periodLabel(periods: readonly Period[], number: number | null): string {
  if (number === null) return ''
  const period = periods.find((one) => one.number === number)
  return period ? `第${number}节 ${period.from}—${period.to}` : `第${number}节`
}

/** The period that runs at a time of the day (`HH:mm`), the ten minutes before it included. */
export function periodAt(periods: readonly Period[], time: string): number | null {
  const now = minutesOf(time)
  const found = periods.find((one) => now >= minutesOf(one.from) - 10 && now <= minutesOf(one.to))
  return found?.number ?? null
}

/** Why a list of periods cannot be kept, or null. */
export function periodsProblem(periods: readonly Period[]): string | null {
  for (const [index, period] of periods.entries()) {
    if (period.from >= period.to) return `第${period.number}节的结束时间要晚于开始时间。`
    const next = periods[index + 1]
    if (next && next.number <= period.number) return '节次要从小到大，不能重复。'
    if (next && next.from < period.to) return `第${next.number}节与第${period.number}节的时间重叠了。`
  }
  return null
}

/** Names of classes and rooms in one way of writing, so that 三(2)班 and 三（2）班 are the same. */
export function plainName(name: string): string {
  return name.replace(/\s+/g, '').replace(/[(]/g, '（').replace(/[)]/g, '）')
}

/** The class that an entry of the timetable names: `数学 三(2)班` gives 三（2）班; empty where it names none. */
export function classIn(what: string): string {
  return /[一二三四五六七八九初高]+[年级]*（\d+）班?/.exec(plainName(what))?.[0] ?? ''
}

/** Why a lesson cannot lie on a day, or null. */
export function dayProblem(day: LocalDate, today: LocalDate, isSchoolDay: boolean): string | null {
  if (day < addDays(today, -daysBack))
    return `只能补登最近 ${daysBack} 天的课；更早的请教导处在考评登记里补记。`
  if (day > addDays(today, daysAhead)) return '日期太远，请先安排本学年的课。'
  if (!isSchoolDay) return `${dayLabel(day)}${weekdayLabel(day)}不上课（周末、节假日或学期之外），请换一天。`
  return null
}

/** Why a lesson cannot be booked beside others of the same period, or null. */
export function clashProblem(
  lesson: { teacherId: string; className: string; room: string; heldOn: LocalDate; period: number },
  others: readonly {
    teacherId: string
    className: string
    room: string
    topic: string
    teacherName: string
  }[],
): { message: string; field: string } | null {
  const other = others[0]
  if (!other) return null
  const when = `${dayLabel(lesson.heldOn)}第${lesson.period}节`
  if (other.teacherId === lesson.teacherId)
    return {
      message: `${other.teacherName}${when}已经安排了《${other.topic}》（${other.className}），请换一节。`,
      field: 'period',
    }
  if (other.className === lesson.className)
    return {
      message: `${lesson.className}${when}已经安排了${other.teacherName}的《${other.topic}》，请换班级或换一节。`,
      field: 'className',
    }
  return {
    message: `${lesson.room}${when}已经安排了${other.teacherName}的《${other.topic}》，请换地点或换一节。`,
    field: 'room',
  }
}

/** Whether something was written on the day of the lesson. */
export const isSameDay = (written: Date, heldOn: LocalDate): boolean => localDateOf(written) === heldOn

/** When a comment was written, seen from the end of the lesson: `课上`, `课后 12 分钟`, `当天 16:40`, `3 天后`. */
export function writtenLabel(written: Date, heldOn: LocalDate, end: string | undefined): string {
  const days = daysBetween(heldOn, localDateOf(written))
  if (days > 0) return days === 1 ? '第二天' : `${days} 天后`
  const time = localTimeOf(written)
  if (days < 0 || end === undefined) return `当天 ${time}`
  const minutes = minutesOf(time) - minutesOf(end)
  if (minutes <= 0) return '课上'
  return minutes <= 60 ? `课后 ${minutes} 分钟` : `当天 ${time}`
}
const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** The kinds of lesson that a rule names in its conditions, given as JSON. */
export function lessonKindsIn(rule: string): string[] {
  const kinds = [...rule.matchAll(/lessonKind (?:==|in) ([^&|]+)/g)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/\\"(\w+)\\"/g)].map((word) => word[1] ?? ''),
  )
  return [...new Set(kinds)]
}

/** What was changed, in words, for those who had enrolled. */
export function changeDetail(
  before: { heldOn: LocalDate; period: number; className: string; room: string; topic: string },
  after: { heldOn: LocalDate; period: number; className: string; room: string; topic: string },
): string {
  const parts: string[] = []
  const time = (lesson: { heldOn: LocalDate; period: number }) =>
    `${dayLabel(lesson.heldOn)}${weekdayLabel(lesson.heldOn)}第${lesson.period}节`
  if (before.heldOn !== after.heldOn || before.period !== after.period)
    parts.push(`${time(before)} → ${time(after)}`)
  if (before.className !== after.className) parts.push(`${before.className} → ${after.className}`)
  if (before.room !== after.room) parts.push(`地点 ${before.room || '未定'} → ${after.room || '未定'}`)
  if (before.topic !== after.topic) parts.push(`课题《${before.topic}》→《${after.topic}》`)
  return parts.join('；')
}

// ── Sheets and ratings ────────────────────────────────────────────────────────

/** The points of a rating in hundredths: each criterion's weight times the share of its step. */
export function totalOf(sheet: Sheet, scores: Record<string, number>, section?: string): number | null {
  let sum = 0
  let weights = 0
  for (const criterion of sheet.criteria) {
    if (section !== undefined && criterion.section !== section) continue
    const step = sheet.steps[scores[criterion.id] ?? -1]
    if (!step) continue
    sum += criterion.weight * step.share
    weights += criterion.weight
  }
  return weights === 0 ? null : round(sum / weights)
}

const round = (value: number) => Math.round(value * 10) / 10

/** Criteria that have no step yet. */
export function missingCriteria(sheet: Sheet, scores: Record<string, number>): string[] {
  return sheet.criteria
    .filter((criterion) => sheet.steps[scores[criterion.id] ?? -1] === undefined)
    .map((criterion) => criterion.label)
}

/** Only scores that the sheet knows. */
export function knownScores(sheet: Sheet | null, scores: Record<string, number>): Record<string, number> {
  if (!sheet) return {}
  return Object.fromEntries(
    sheet.criteria.flatMap((criterion) => {
      const step = scores[criterion.id]
      return step !== undefined && sheet.steps[step] ? [[criterion.id, step] as const] : []
    }),
  )
}

export interface RatingToCount {
  voice: RatingVoice
  sheet: Sheet
  scores: Record<string, number>
}

/**
 * Ratings of one lesson, sheet by sheet: the mean of each criterion and of all of it, each rating weighted by what the
 * sheet gives to its voice. Self-ratings count only where the sheet gives them a weight.
 */
export function resultsOf(ratings: readonly RatingToCount[]): RatingResult[] {
  const bySheet = new Map<string, RatingToCount[]>()
  for (const rating of ratings) {
    const key = `${rating.sheet.id} ${rating.sheet.version}`
    bySheet.set(key, [...(bySheet.get(key) ?? []), rating])
  }
  return [...bySheet.values()].flatMap((group): RatingResult[] => {
    const sheet = group[0]?.sheet
    if (!sheet) return []
    const weightOf = (voice: RatingVoice) => sheet.voices[voice] ?? 0
    const mean = (value: (rating: RatingToCount) => number | null, among = group, weigh = weightOf) => {
      let sum = 0
      let weights = 0
      for (const rating of among) {
        const one = value(rating)
        const weight = weigh(rating.voice)
        if (one === null || weight === 0) continue
        sum += one * weight
        weights += weight
      }
      return weights === 0 ? null : round(sum / weights)
    }
    const total = (rating: RatingToCount) => totalOf(sheet, rating.scores)
    return [
      {
        sheetId: sheet.id,
        version: sheet.version,
        title: sheet.title,
        criteria: sheet.criteria.map((criterion) => ({
          id: criterion.id,
          label: criterion.label,
          weight: criterion.weight,
          mean: mean((rating) => {
            const step = sheet.steps[rating.scores[criterion.id] ?? -1]
            return step ? step.share : null
          }),
        })),
        total: mean(total),
        voices: (['peers', 'leaders', 'experts', 'self'] as const).flatMap((voice) => {
          const among = group.filter((rating) => rating.voice === voice)
          const own = mean(total, among, () => 1)
          return own === null ? [] : [{ voice, ratings: among.length, mean: own, counts: weightOf(voice) }]
        }),
      },
    ]
  })
}

// ── Facts ─────────────────────────────────────────────────────────────────────

export interface FactDraft {
  kind: 'lesson.given' | 'lesson.observed' | 'evaluation.scored' | 'check.done'
  personId: string
  on: LocalDate
  quantity: number
  attributes: Record<string, AttributeValue>
  source: string
  key: string
}

/** A design (as a file or written here) under the words by which regimes ask for it. */
export const designParts = ['design', 'lessonDesign']

/** What a lesson that was given leaves behind, for its teacher. `tags` also hold what they stand for in the district's list. */
export function givenFact(
  lesson: {
    id: string
    caseId: string
    kind: string
    scope: string
    teacherId: string
    guideId: string | null
    heldOn: LocalDate
    researchTopicId: string | null
    givenCount: number
  },
  tags: string[],
  parts: string[],
): FactDraft {
  return {
    kind: 'lesson.given',
    personId: lesson.teacherId,
    on: lesson.heldOn,
    quantity: 1,
    attributes: {
      lessonKind: lesson.kind,
      scope: lesson.scope,
      contentTags: tags,
      parts,
      guided: lesson.guideId !== null,
      topicId: lesson.researchTopicId ?? '',
      caseId: lesson.caseId,
    },
    source: lesson.id,
    key: `lesson:given:${lesson.id}:${lesson.givenCount}`,
  }
}

/** What notes that were handed in leave behind, for the observer. The answer of the teacher is a part of its own. */
export function observedFact(
  observation: {
    id: string
    observerId: string
    heldOn: LocalDate
    dropIn: boolean
    notes: readonly { text: string }[]
    comment: string
    actionStep: string
    answer: string
    submissions: number
  },
  about: { kind: string; caseId: string; tags: string[]; submittedOn: LocalDate },
): FactDraft {
  const commented = observation.comment.trim() !== ''
  return {
    kind: 'lesson.observed',
    personId: observation.observerId,
    on: observation.heldOn,
    quantity: 1,
    attributes: {
      lessonKind: about.kind,
      noteKept: observation.notes.some((note) => note.text.trim() !== ''),
      feedbackGiven: commented,
      feedbackAfterDays: Math.max(0, daysBetween(observation.heldOn, about.submittedOn)),
      feedbackParts: [
        ...(commented ? [observation.dropIn ? 'leaderWords' : 'comment'] : []),
        ...(observation.actionStep.trim() === '' ? [] : ['actionStep']),
        ...(observation.answer.trim() === '' ? [] : ['teacherAnswer']),
      ],
      dropIn: observation.dropIn,
      contentTags: about.tags,
      caseId: about.caseId,
    },
    source: observation.id,
    key: `lesson:observed:${observation.id}:${observation.submissions}`,
  }
}

/** What a rating leaves behind for the teacher: one score for each part of the appraisal that the sheet names. */
export function ratingFacts(
  rating: {
    id: string
    voice: RatingVoice
    sheet: Sheet
    scores: Record<string, number>
    comment: string
    number: number
  },
  lesson: { teacherId: string; caseId: string; heldOn: LocalDate },
): FactDraft[] {
  const sections = [...new Set(rating.sheet.criteria.map((criterion) => criterion.section))]
  return sections.flatMap((section): FactDraft[] => {
    const points = totalOf(rating.sheet, rating.scores, section)
    if (points === null) return []
    const criteria = rating.sheet.criteria.filter(
      (criterion) => criterion.section === section && rating.scores[criterion.id] !== undefined,
    )
    return [
      {
        kind: 'evaluation.scored',
        personId: lesson.teacherId,
        on: lesson.heldOn,
        quantity: points,
        attributes: {
          voice: factVoices[rating.voice],
          sheet: rating.sheet.id,
          criteria: criteria.map((criterion) => criterion.id),
          section,
          commented: rating.comment.trim() !== '',
          caseId: lesson.caseId,
        },
        source: rating.id,
        key: `lesson:rating:${rating.id}:${rating.number}:${section}`,
      },
    ]
  })
}
