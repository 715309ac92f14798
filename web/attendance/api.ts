import type { attendanceBookApi } from '../../server/attendance/contract.ts'
import { api } from '../kit/api.ts'

export const attendanceBook = api<typeof attendanceBookApi>('attendanceBook')

export type Book = Awaited<ReturnType<typeof attendanceBook.getBook>>
export type BookLine = Book['lines'][number]
export type TrainingLine = Awaited<ReturnType<typeof attendanceBook.listTrainings>>[number]
export type TrainingChoices = Awaited<ReturnType<typeof attendanceBook.getTrainingChoices>>
export type AppealLine = Awaited<ReturnType<typeof attendanceBook.listAppeals>>[number]
export type Figures = Awaited<ReturnType<typeof attendanceBook.getFigures>>
