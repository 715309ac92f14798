import { z } from 'zod'
import type { FindingState, LocalDate, SubjectKind } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'

/** Where something leads: the name of a page in `web/paths.ts` with what it needs. */
export type Place =
  | { page: 'activity' | 'runActivity' | 'work' | 'plan' | 'regulation'; id: string }
  | { page: 'lesson' | 'observation' | 'teachingRun' | 'design' | 'talk'; id: string }
  | { page: 'survey' | 'topic' | 'programme' | 'regimeVersion'; id: string }
  | { page: 'boardPerson' | 'boardGroup' | 'school'; id: string }
  | { page: 'newWork'; kind: string | null }
  | { page: 'newActivity'; unitId: string | null }
  | { page: 'clause'; ruleId: string; regimeId: string }
  | {
      page: 'trace'
      rule: string
      regime: string
      minimum: string
      subjectKind: SubjectKind
      subject: string
      period: string
    }
  | {
      page:
        | 'activities'
        | 'trainerRatings'
        | 'scan'
        | 'study'
        | 'leaves'
        | 'plans'
        | 'works'
        | 'inbox'
        | 'regime'
        | 'boardMe'
        | 'boardSchool'
        | 'boardPeople'
        | 'boardDistrict'
        | 'settingsCalendar'
        | 'settingsPeople'
        | 'settingsUnits'
        | 'settingsAccounts'
        | 'settingsRegime'
        | 'slots'
        | 'environment'
        | 'growth'
        | 'regimeDuties'
    }

/** One thing to do, with the one button that does it. */
export interface HomeItem {
  key: string
  state: FindingState
  /** The state in words where the state's own word is not the best: 今天 14:30, 已退回. */
  mark: string
  title: string
  /** What is missing, where, who; may be empty. */
  detail: string
  /** What it counts for, by the titles of the rules; may be empty. */
  countsFor: string
  action: { label: string; place: Place }
}

/** A duty over the weeks of the term, as one strip. */
export interface HomeStrip {
  key: string
  title: string
  note: string
  state: FindingState
  value: number | null
  target: number | null
  unit: string
  overdue: number
  dueOn: LocalDate | null
  cells: { from: number; span: number; state: FindingState; makeUp: boolean; share: number }[]
  place: Place
}

export interface HomeRing {
  key: string
  label: string
  /** 本学期, 本学年, 今年. */
  span: string
  value: number
  target: number
  unit: string
  state: FindingState
  place: Place
}

/** Something that was recognised in the last days. */
export interface Recognised {
  key: string
  on: LocalDate
  what: string
  title: string
  /** Titles of the rules for which it counted; may be empty. */
  countsFor: string
  record: Place
  /** Explains the first of these rules. */
  why: Place | null
}

export interface HomeActivity {
  id: string
  theme: string
  kindLabel: string
  unitName: string
  day: LocalDate
  /** 今天, 明天, 11月20日 周五. */
  dayLabel: string
  startTime: string
  endTime: string
  place: string
  speakerName: string
  status: 'planned' | 'running' | 'closed' | 'cancelled'
  expected: number | null
  attended: number | null
  canOpen: boolean
  /** The caller may start and run it. */
  mayRun: boolean
}

export interface Behind {
  id: string
  name: string
  note: string
  /** Number of duties that are late, and the first of them in words. */
  late: number
  lateTitles: string
}

/** What waits for the caller's decision, by kind. */
export interface Waiting {
  kind: string
  label: string
  count: number
  /** Whole days that the first of them has waited. */
  days: number
}

/** The teacher's own part. */
export interface MinePart {
  items: HomeItem[]
  /** Things to do beyond those shown. */
  more: number
  /** What comes next where nothing is to be done this week. */
  next: string
  rings: HomeRing[]
  term: { name: string; weeks: number; holidays: number[]; today: number | null } | null
  strips: HomeStrip[]
  recognised: Recognised[]
}

/** A group that the caller leads. */
export interface GroupPart {
  unit: { id: string; name: string; isGroup: boolean }
  sentence: string
  /** Activities whose day has passed and that nobody has closed. */
  unclosed: HomeActivity[]
  /** The next one, running ones first. */
  next: HomeActivity | null
  /** Where none is planned: whose turn it is to speak. */
  speaker: string
  behind: Behind[]
  /** The group's own duty that needs most. */
  duty:
    | (Pick<HomeStrip, 'title' | 'state' | 'value' | 'target' | 'unit'> & { sentence: string; place: Place })
    | null
}

/** 教导处 and 教科室. */
export interface OfficePart {
  people: number
  behindTotal: number
  behind: Behind[]
  today: HomeActivity[]
  /** The rest of the week. */
  week: HomeActivity[]
  /** Groups without any activity this week. */
  idle: string[]
  attendance: { leavesAsked: number; makeUpsToConfirm: number; makeUpsDue: number; makeUpsOverdue: number }
  dates: { key: string; label: string; sentence: string; isNow: boolean }[]
}

export interface PrincipalPart {
  sentence: string
  rules: {
    key: string
    title: string
    clause: string
    level: 'school' | 'district'
    onTrack: number
    bound: number
    unit: string
    place: Place
  }[]
  groups: {
    id: string
    name: string
    leaders: string
    people: number
    behind: number
    /** Duties of the group and its members without anything late, in hundredths. */
    share: number | null
  }[]
}

export interface DistrictPart {
  sentence: string
  schools: {
    id: string
    name: string
    regime: string | null
    people: number
    behind: number
    share: number | null
    hours: number | null
    /** The part of the work in which the school keeps up least. */
    weakest: string
    isStale: boolean
  }[]
  /** Papers that are stamped and wait to be filed with the district, by school; the day is that of the last one. */
  filings: { schoolId: string; school: string; titles: string[]; stampedOn: LocalDate }[]
  /** What schools handed in for programmes of the district and nobody has accepted or returned, the longest first. */
  handIns: {
    programmeId: string
    programme: string
    count: number
    on: LocalDate
    /** `兴隆小学：实施方案`, at most five. */
    titles: string[]
  }[]
  recent: { key: string; on: LocalDate; schoolId: string; school: string; text: string }[]
}

export interface Home {
  greeting: string
  /** `11月18日 周三 · 第12周（双周）`. */
  todayLabel: string
  sentence: string
  today: LocalDate
  /** Holidays: a calm word and when it goes on. */
  rest: { title: string; sentence: string } | null
  /** A new school: what is still to be set up. `steps` is empty for those who do not set it up. */
  setUp: {
    sentence: string
    steps: { key: string; title: string; detail: string; done: boolean; place: Place }[]
  } | null
  /** The figures are of an earlier day and are being worked out anew. */
  isStale: boolean
  waiting: Waiting[]
  mine: MinePart | null
  groups: GroupPart[]
  office: OfficePart | null
  principal: PrincipalPart | null
  district: DistrictPart | null
}

export const homeApi = {
  /** Everything that the first page shows to whoever asks. */
  getHome: endpoint('member', z.object({}))<Home>(),
}
export type HomeApi = typeof homeApi
