import type { needApi } from '../../server/need/contract.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const need = api<typeof needApi>('need')
readsRooms('need', ['need', 'activity', 'org'])

export type Overview = Awaited<ReturnType<typeof need.getOverview>>
export type ModuleLine = Overview['modules'][number]
export type SurveyLine = Overview['surveys'][number]
export type WeaknessLine = Overview['weaknesses'][number]
export type Choices = Awaited<ReturnType<typeof need.getChoices>>
export type SurveyDetail = Awaited<ReturnType<typeof need.getSurvey>>
export type Results = NonNullable<SurveyDetail['results']>
export type Question = SurveyDetail['questionList'][number]
export type ModuleDetail = Awaited<ReturnType<typeof need.getModule>>

/** Minutes in hours of training, as the regime counts them: `4 学时`. */
export const hoursText = (minutes: number, minutesPerHour: number): string =>
  `${Math.round((minutes / minutesPerHour) * 10) / 10} 学时`
