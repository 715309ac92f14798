import type { Endpoint } from '../server/kit/contract.ts'
import { methodOf } from '../server/kit/contract.ts'
import { passesGate, type Role } from '../server/kit/gate.ts'
import { rooms } from '../server/rooms.ts'

export interface ReadEndpoint {
  /** `regime/getMyBoard`. */
  path: string
  endpoint: Endpoint
}

/** Never measured as a page's data: open streams, files, and what only programs ask. */
const notAPage = new Set(['live/getStream'])

/** Every endpoint that only reads and answers with JSON: what pages are filled with. */
export function listReadEndpoints(): ReadEndpoint[] {
  return rooms.flatMap(({ name, contract }) =>
    Object.entries(contract).flatMap(([endpointName, endpoint]) => {
      const path = `${name}/${endpointName}`
      const isRead = methodOf(endpointName) === 'GET' && endpoint.kind === 'json'
      return isRead && !notAPage.has(path) ? [{ path, endpoint }] : []
    }),
  )
}

/** Whether a person of these roles may ask it at all. */
export function isOpenTo({ endpoint }: ReadEndpoint, roles: readonly Role[]): boolean {
  return passesGate(endpoint.gate, roles)
}

/** Known things of a school, from which the inputs of the endpoints are made. */
export interface Things {
  personId: string
  unitId: string
  schoolId: string
  activityId: string
  workId: string
  planId: string
  lessonId: string
  observationId: string
  talkId: string
  designId: string
  noticeId: string
  regulationId: string
  regimeDraftId: string
  trace: unknown
  score: unknown
}

/** Input for an endpoint; undefined when the measurement does not know one. */
export function inputFor({ path, endpoint }: ReadEndpoint, things: Partial<Things>): unknown {
  const { personId, unitId, activityId, workId, planId, lessonId } = things
  const day = { from: '2026-11-16', to: '2026-11-22' }
  const term = { from: '2026-08-31', to: '2027-01-17' }
  const known: Record<string, unknown> = {
    'activity/listActivities': term,
    'activity/getActivity': { id: activityId },
    'activity/getPlan': { id: activityId },
    'activity/findPeople': { search: '教师1' },
    'attendance/listStatistics': term,
    'attendance/listLeaves': { which: 'all', ...day },
    'attendance/listMakeUps': { which: 'all' },
    'activityLive/getLive': { id: activityId },
    'activityLive/listMissing': { id: activityId },
    'activityLive/listRollCall': { id: activityId },
    'regime/getPersonBoard': { personId },
    'regime/getGroupBoard': { unitId },
    'regime/getTrace': things.trace,
    'work/getWork': { id: workId },
    'plan/getPlan': { id: planId },
    'study/listStudyOf': { personId },
    'files/listAttachments': { room: 'work', id: workId },
    'documents/listIssued': { personId },
    'documents/findDocument': { code: 'XY-2026-0000-0000' },
    'appraisal/listScores': things.score,
    'org/getPerson': { personId },
    'org/getUnit': { unitId },
    'agenda/getAgenda': { scope: 'school', ...term },
    'attendanceBook/listChanges': { activityId },
    'attendanceBook/listAppeals': { which: 'all' },
    'attendanceBook/getFigures': term,
    'attendanceBook/getFullAttendance': { dayInMonth: '2026-11-02' },
    'attendanceBook/listTrainings': term,
    'series/listLeaderVisits': term,
    'participation/getParticipation': { activityId },
    'search/listMatches': { text: '教师1' },
    'slot/findSlotClashes': {
      unitId,
      weekday: 3,
      dayPart: 'afternoon',
      firstPeriod: 5,
      lastPeriod: 6,
      from: '2026-11-23',
    },
    'regulation/findForRule': { ruleId: 'xinglong-07' },
    'regulation/getRegulation': { id: things.regulationId },
    'regimeDrafts/getComparison': { keys: ['xinglong', 'baihe-5', 'xinhongqiao'] },
    'regimeDrafts/getDraft': { id: things.regimeDraftId },
    'regimeParts/getParts': { id: things.regimeDraftId },
    'regimeParts/getRuleChoices': { id: things.regimeDraftId },
    'exchange/listFigures': term,
    'exchange/listForRecord': { room: 'activity', recordId: activityId },
    'lesson/listTimetableOf': { teacherId: personId, heldOn: '2026-11-24' },
    'slot/findFreeTimes': { unitId, day: '2026-11-24' },
    'slot/findActivityClashes': { unitId, day: '2026-11-24', starts: '15:30', ends: '17:00' },
    'lesson/getLesson': { id: lessonId },
    'lesson/getObservation': { id: things.observationId },
    'talk/getTalk': { id: things.talkId },
    'design/getDesign': { id: things.designId },
    'notice/getNotice': { id: things.noticeId },
    'calendar/proposeSchoolYear': { startYear: 2027 },
    'calendar/proposeSpecialDays': { schoolYearId: '2026-2027' },
  }
  const input = known[path] ?? {}
  return endpoint.input.safeParse(input).success ? input : undefined
}
