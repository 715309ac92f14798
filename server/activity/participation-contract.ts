import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import type { AttachmentView } from '../files/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { Ability, Named } from './contract.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 15:30 的样子')
const line = (max: number) => z.string().trim().max(max, `最多 ${max} 字`)
const nothing = z.object({})
type Nothing = Record<string, never>
const activity = z.object({ activityId: id })

export interface MaterialView {
  id: string
  title: string
  note: string
  address: string
  releasedOn: LocalDate
  /** Days between release and the activity. */
  leadDays: number
  /** Handed out later than the lead time of its kind asks for; the sentence says how much. */
  late: string | null
  byChoice: boolean
  files: AttachmentView[]
  /** Mine: null while I have not confirmed. */
  mine: { receivedAt: Date; chosen: boolean } | null
  received: number
  chosenBy: string[]
}
export interface SessionView {
  number: number
  day: LocalDate
  startTime: string
  endTime: string
  present: number
  /** Who was there, for whoever runs it. */
  personIds: string[]
  /** Whether I was there. */
  mine: boolean
  /** The session that is on or comes next; of those that are all over the last. */
  isNow: boolean
}
export interface Participation {
  materials: MaterialView[]
  /** So many days ahead the regime or the template of the kind wants them. */
  leadDays: number | null
  /** Who has not confirmed yet; for whoever runs it. */
  notReceived: string[] | null
  /** Names of the materials that usually go with this kind. */
  usual: string[]
  sessions: SessionView[]
  leastSessions: number | null
  enrolment: {
    capacity: number | null
    enrolled: Named[]
    waiting: Named[]
    /** My own place: on the list, n-th of those who wait, or not at all. */
    mine: 'enrolled' | 'waiting' | null
    myPlace: number | null
    movedUp: boolean
  } | null
  guests: { id: string; name: string; school: string; time: string }[]
  /** The address that guests open, shown while it runs. */
  guestPath: string | null
  photos: AttachmentView[]
  minutes: { confirmedAt: Date | null; confirmedByName: string | null; confirm: Ability }
  abilities: {
    change: Ability
    setSessions: Ability
    run: Ability
    receive: Ability
    enrol: Ability
    addGuest: Ability
    addPhoto: Ability
  }
}

export const participationApi = {
  getParticipation: endpoint('member', activity)<Participation>(),
  /** What of activities waits for me. */
  listNotices: endpoint('staff', nothing)<
    { kind: 'movedUp' | 'materials' | 'minutes'; activityId: string; theme: string; day: LocalDate }[]
  >(),
  addMaterial: endpoint(
    'staff',
    activity.extend({
      title: line(120),
      note: line(500).default(''),
      address: line(500).default(''),
      releasedOn: localDate,
      byChoice: z.boolean().default(false),
    }),
  )<{ materialId: string }>(),
  removeMaterial: endpoint('staff', z.object({ materialId: id }))<Nothing>(),
  /** Confirms all materials of an activity that are out, and which of those to choose from I study. */
  receiveMaterials: endpoint(
    'staff',
    activity.extend({ chosenIds: z.array(z.uuid()).max(40).default([]) }),
  )<Nothing>(),
  saveSessions: endpoint(
    'staff',
    activity.extend({
      least: z.number().int().min(1).max(40).nullish(),
      sessions: z.array(z.object({ day: localDate, startTime: time, endTime: time })).max(40, '最多 40 场'),
    }),
  )<Nothing>(),
  recordSession: endpoint(
    'staff',
    activity.extend({
      number: z.number().int().min(1).max(40),
      entries: z
        .array(z.object({ personId: id, present: z.boolean() }))
        .min(1)
        .max(3000),
    }),
  )<{ recorded: number }>(),
  setEnrolment: endpoint(
    'staff',
    activity.extend({
      byEnrolment: z.boolean(),
      capacity: z.number().int().min(1, '名额至少 1 人').max(10_000).nullish(),
    }),
  )<{ movedUp: number }>(),
  enrol: endpoint('staff', activity)<{ status: 'enrolled' | 'waiting'; place: number | null }>(),
  leaveEnrolment: endpoint('staff', activity)<{ movedUp: string | null }>(),
  /** Takes somebody in from the waiting list, also beyond the capacity; while it runs they are present at once. */
  admit: endpoint('staff', activity.extend({ personId: id }))<Nothing>(),
  noteMovedUp: endpoint('staff', activity)<Nothing>(),
  addGuest: endpoint('staff', activity.extend({ name: line(30), school: line(60) }))<{ guestId: string }>(),
  removeGuest: endpoint('staff', activity.extend({ guestId: z.uuid() }))<Nothing>(),
  confirmMinutes: endpoint('staff', activity.extend({ version: z.number().int().min(0) }))<Nothing>(),
}
