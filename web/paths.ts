import type { SubjectKind } from '../engine/types.ts'

/** All addresses of the product. `'$id'` as an id gives the pattern for a route. */

function part(id: string): string {
  return id.startsWith('$') ? id : encodeURIComponent(id)
}

function query(values: Record<string, string | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') search.set(name, value)
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** What a trace is about; it has an address that can be sent to somebody who may see it. */
export interface TraceAddress {
  rule: string
  subjectKind: SubjectKind
  subject: string
  /** `PeriodRef.id`. */
  period: string
  /** Which minimum of the rule; left out where it has only one. */
  minimum?: string
  regime?: string
}

export const paths = {
  home: () => '/',
  /** Comes back to `to` afterwards. */
  signIn: (to?: string) => `/sign-in${query({ to: to === '/' ? undefined : to })}`,
  changePassword: () => '/password',
  setup: () => '/setup',
  /** What is on, by week or term. */
  agenda: () => '/calendar',
  slots: () => '/slots',
  timetable: () => '/settings/timetable',
  programmes: () => '/programmes',
  programme: (id: string) => `/programmes/${part(id)}`,
  /** The phone's own page: everything that is in the PC's navigation, and the account. */
  mine: () => '/mine',
  scan: () => '/scan',
  inbox: () => '/inbox',
  /** Notices and reminders for me. */
  messages: (box?: 'received' | 'sent') => `/messages${query({ box })}`,
  /** When the daily digest comes, and my e-mail. */
  messagePreferences: () => '/messages/preferences',
  notice: (id: string) => `/notices/${part(id)}`,

  activities: () => '/activities',
  newActivity: () => '/activities/new',
  /** The activities of a group for a term. */
  activitySeries: () => '/activities/series',
  /** Leaders who take part, dissolved groups, templates. */
  activityManagement: (tab?: string) => `/activities/manage${query({ tab })}`,
  activity: (id: string) => `/activities/${part(id)}`,
  /** The projector. */
  live: (id: string) => `/activities/${part(id)}/live`,
  /** The leader's phone while it runs. */
  runActivity: (id: string) => `/activities/${part(id)}/run`,

  lessons: () => '/lessons',
  /** Booking; `follows` is the lesson that is taught again. */
  newLesson: (follows?: string) => `/lessons/new${query({ follows })}`,
  lesson: (id: string) => `/lessons/${part(id)}`,
  changeLesson: (id: string) => `/lessons/${part(id)}/change`,
  observations: (view?: string) => `/observations${query({ view })}`,
  /** Choosing whose lesson is observed; `drop` for a leader's visit without notice. */
  startObservation: (kind?: 'drop') => `/observations/start${query({ kind })}`,
  observation: (id: string) => `/observations/${part(id)}`,
  /** Sheets of criteria, periods of the day, confirmation. */
  lessonSheets: () => '/settings/lessons',

  works: () => '/works',
  newWork: () => '/works/new',
  work: (id: string) => `/works/${part(id)}`,
  study: () => '/study',
  /** Matters in ordered steps: 一课六环节, 行动研究, 课例研究. */
  teaching: () => '/teaching',
  teachingRun: (id: string) => `/teaching/${part(id)}`,
  designs: () => '/designs',
  design: (id: string) => `/designs/${part(id)}`,
  talks: () => '/talks',
  talk: (id: string) => `/talks/${part(id)}`,
  leaves: () => '/leaves',
  /** Attendance figures of everybody. */
  attendance: () => '/attendance',
  /** A person's own attendance, activity by activity; without `person` mine. */
  attendanceBook: (person?: string) => `/attendance/book${query({ person })}`,
  /** Who was at everything in a month. */
  fullAttendance: () => '/attendance/full',
  /** Training organised by others. */
  trainings: () => '/attendance/trainings',
  training: (id: string) => `/attendance/trainings${query({ open: id })}`,
  plans: () => '/plans',
  plan: (id: string) => `/plans/${part(id)}`,
  /** Checks and evaluations. */
  scores: () => '/scores',
  regime: () => '/regime',
  /** Headline numbers of regimes side by side; `with` holds their keys. */
  regimeCompare: (keys?: string[]) => `/regime/compare${query({ with: keys?.join(',') })}`,
  /** The school's own versions: drafts, what is in force, history. */
  regimeVersions: () => '/regime/versions',
  regimeVersion: (id: string) => `/regime/versions/${part(id)}`,
  /** Values that the document leaves open. */
  regimeReadings: () => '/regime/readings',
  /** What only people can confirm. */
  regimeDuties: () => '/regime/duties',
  regimeCorrections: () => '/regime/corrections',
  regimeResults: () => '/regime/results',
  regimeResult: (id: string) => `/regime/results/${part(id)}`,
  /** The register of regulations. */
  regulations: () => '/regulations',
  regulation: (id: string, version?: number) =>
    `/regulations/${part(id)}${query({ version: version === undefined ? undefined : String(version) })}`,
  /** 领导小组, 考核小组 and the like. */
  bodies: () => '/bodies',
  duties: () => '/duties',
  /** Training by need: the plan, surveys, weaknesses found. */
  needs: (tab?: string) => `/needs${query({ tab })}`,
  survey: (id: string) => `/needs/surveys/${part(id)}`,
  trainingModule: (id: string) => `/needs/modules/${part(id)}`,
  /** Topics of discussion; `about` a record: `activity <id>`. */
  exchange: (view?: string) => `/exchange${query({ view })}`,
  newTopic: (about?: { room: string; id: string }) =>
    `/exchange/new${query({ room: about?.room, record: about?.id })}`,
  topic: (id: string) => `/exchange/topics/${part(id)}`,
  /** What was chosen for the school or the district to read. */
  selected: () => '/selected',
  onlineCourses: () => '/online-courses',
  /** Venues, equipment, study times, requests to logistics. */
  environment: () => '/environment',
  /** Steps of the ladder and the 骨干 pool. */
  growth: () => '/growth',
  /** Trainers and experts: the pool, invitations, lectures and guidance. */
  trainers: () => '/trainers',
  /** What I was at and may rate. */
  trainerRatings: () => '/trainers/rate',
  /** What I was engaged for and gave myself. */
  myEngagements: () => '/trainers/mine',
  documents: () => '/documents',
  /** Open to everybody: whether a paper with this number is genuine. */
  verify: (code?: string) => (code === undefined ? '/verify' : `/verify/${part(code)}`),

  boardMe: () => '/board/me',
  boardPerson: (id: string) => `/board/person/${part(id)}`,
  /** The groups that one leads. */
  boardGroups: () => '/board/groups',
  boardGroup: (id: string) => `/board/group/${part(id)}`,
  boardSchool: () => '/board/school',
  boardDistrict: () => '/board/district',
  districtDuties: () => '/board/office',
  school: (id: string) => `/board/district/${part(id)}`,
  trace: (about: TraceAddress) => `/trace${query({ ...about })}`,
  /** The pattern of the trace's page. */
  tracePage: () => '/trace',

  settings: {
    school: () => '/settings/school',
    calendar: () => '/settings/calendar',
    units: () => '/settings/units',
    unit: (id: string) => `/settings/units/${part(id)}`,
    people: () => '/settings/people',
    person: (id: string) => `/settings/people/${part(id)}`,
    roster: () => '/settings/roster',
    /** Conditions over people, with who meets them on a day. */
    cohorts: (shown?: string) => `/settings/cohorts${query({ shown })}`,
    /** Who came and who went. */
    transfers: () => '/settings/transfers',
    accounts: () => '/settings/accounts',
    messages: () => '/settings/messages',
    regime: () => '/settings/regime',
    vocabularies: () => '/settings/vocabularies',
  },
} as const
