import type { activityApi, activityLiveApi, attendanceApi } from '../../server/activity/contract.ts'
import type { participationApi } from '../../server/activity/participation-contract.ts'
import type { seriesApi } from '../../server/activity/series-contract.ts'
import type { filesApi } from '../../server/files/contract.ts'
import { api } from '../kit/api.ts'

export const activity = api<typeof activityApi>('activity')
export const attendance = api<typeof attendanceApi>('attendance')
export const activityLive = api<typeof activityLiveApi>('activityLive')
export const series = api<typeof seriesApi>('series')
export const participation = api<typeof participationApi>('participation')
export const files = api<typeof filesApi>('files')

export type ActivityLine = Awaited<ReturnType<typeof activity.listActivities>>[number]
export type ActivityDetail = Awaited<ReturnType<typeof activity.getActivity>>
export type AttendanceLine = Awaited<ReturnType<typeof activityLive.listRollCall>>[number]
export type LeaveLine = Awaited<ReturnType<typeof attendance.listLeaves>>[number]
export type MakeUpLine = Awaited<ReturnType<typeof attendance.listMakeUps>>[number]
export type SignInResult = Awaited<ReturnType<typeof attendance.signIn>>
export type SeriesView = Awaited<ReturnType<typeof series.getSeries>>
export type Participation = Awaited<ReturnType<typeof participation.getParticipation>>
