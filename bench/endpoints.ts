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
  trace: unknown
  score: unknown
}

/** Input for an endpoint; undefined when the measurement does not know one. */
export function inputFor({ path, endpoint }: ReadEndpoint, things: Partial<Things>): unknown {
  const { personId, unitId, activityId, workId, planId } = things
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
    'calendar/proposeSchoolYear': { startYear: 2027 },
    'calendar/proposeSpecialDays': { schoolYearId: '2026-2027' },
  }
  const input = known[path] ?? {}
  return endpoint.input.safeParse(input).success ? input : undefined
}
