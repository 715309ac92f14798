import type { lessonApi } from '../../server/lesson/contract.ts'
import type { LessonStatus } from '../../server/lesson/words.ts'
import type { FindingState } from '../../engine/types.ts'
import { api } from '../kit/api.ts'

export const lesson = api<typeof lessonApi>('lesson')

export type LessonList = Awaited<ReturnType<typeof lesson.listLessons>>
export type LessonLine = LessonList['lessons'][number]
export type LessonDetail = Awaited<ReturnType<typeof lesson.getLesson>>
export type RatingResult = LessonDetail['results'][number]
export type BookingChoices = Awaited<ReturnType<typeof lesson.getBookingChoices>>
export type ObservationList = Awaited<ReturnType<typeof lesson.listObservations>>
export type ObservationLine = ObservationList['observations'][number]
export type ObservationDetail = Awaited<ReturnType<typeof lesson.getObservation>>
export type Sheets = Awaited<ReturnType<typeof lesson.listSheets>>
export type Duties = Awaited<ReturnType<typeof lesson.listDuties>>
export type SheetDetail = Sheets['sheets'][number]

/** The mark beside each status of a lesson. */
export const lessonMarks: Record<LessonStatus, { state: FindingState; word: string }> = {
  asked: { state: 'dueSoon', word: '待确认' },
  booked: { state: 'open', word: '已安排' },
  given: { state: 'done', word: '已上' },
  cancelled: { state: 'excused', word: '已取消' },
}
