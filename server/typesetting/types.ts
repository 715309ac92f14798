/**
 * The plain data of every document that can be typeset. Whoever prints prepares all of it: figures, sums, dates
 * and sentences arrive as final Chinese text, and the renderers (Typst for PDF, docx for Word) only set them.
 * The one exception is `issuedOn`, which the PDF also needs as a date for its metadata.
 */
import type { FindingState, LocalDate } from '../../engine/types.ts'

/** A stretch of text in one style. A line break inside a paragraph is `\n`. */
export interface TextRun {
  text: string
  bold?: boolean
  italic?: boolean
  underline?: boolean
}

/** One paragraph of written text, as `htmlToBlocks` makes it from the editor's HTML. */
export interface Block {
  type: 'paragraph' | 'heading' | 'listItem' | 'quote'
  /** For list items: numbered (true) or with a dot. */
  ordered?: boolean
  /** For numbered list items: the number that stands before it. */
  number?: number
  /** For list items: 0 for the outer list, 1 for a list inside it, and so on. */
  depth?: number
  runs: TextRun[]
}

/** A stretch of text under a title, for example one required part of a plan. */
export interface TitledText {
  title: string
  blocks: Block[]
}

/** A label with its value, both as they are printed. */
export interface LabelledValue {
  label: string
  value: string
}

/** The state of a rule: the kind chooses the mark (shape), the label is the word beside it. */
export interface StateMark {
  kind: FindingState
  label: string
}

/** Where a reader can check that the paper is genuine; printed as number, address and QR code. */
export interface Verification {
  number: string
  url: string
}

/** A signature line; null leaves it empty for the pen. */
export interface Signature {
  label: string
  name: string | null
  date: string | null
}

export interface ReflectionEntry {
  title: string
  date: string
  /** For example `第12周（双周）`. */
  periodLabel: string
  blocks: Block[]
  /** The reviewer's remark with name, e.g. `周敏：已采纳。…`; null where none was written. */
  remark: string | null
}

export interface TheoryExcerpt {
  date: string
  topic: string
  minutes: number
  /** Book or article that was read; null where not stated. */
  source: string | null
  blocks: Block[]
}

/** One line of the hours table: what was reached in a term for one kind of study, against the minimum. */
export interface HoursRow {
  term: string
  kind: string
  achieved: string
  /** `—` where the regime sets none. */
  minimum: string
  state: StateMark
}

export interface AttendanceRow {
  date: string
  activity: string
  status: string
  /** Minutes that counted; null where none did. */
  minutes: number | null
}

export interface RuleResult {
  clause: string
  rule: string
  target: string
  achieved: string
  state: StateMark
  note: string
}

/** One of the four voices of the appraisal, in the order 自评、互评、导评、审评. */
export interface Evaluation {
  /** `自评` */
  name: string
  /** Who speaks, for example `教师本人` or `小组成员互评`. */
  voice: string
  /** `得分 92`; null leaves the line empty. */
  score: string | null
  /** Empty leaves ruled space for the pen. */
  blocks: Block[]
  signature: Signature
}

/** 《校本研修报告册》 of one teacher and one school year. */
export interface RecordBooklet {
  /** `校本研修报告册` */
  title: string
  district: string
  school: string
  teacher: { name: string; staffNumber: string; groups: string[]; subject: string; title: string }
  schoolYear: string
  /** The regime by which it was measured, e.g. `《兴隆小学校本研修制度》2025年9月1日起施行版`. */
  regime: string
  plan: { intro: string; sections: TitledText[] }
  reflections: { summary: string; entries: ReflectionEntry[] }
  excerpts: { summary: string; entries: TheoryExcerpt[] }
  hours: { summary: string; rows: HoursRow[]; totals: LabelledValue[] }
  attendance: { summary: string; rows: AttendanceRow[]; totals: LabelledValue[] }
  rules: { summary: string; rows: RuleResult[] }
  evaluations: { summary: string; voices: Evaluation[] }
  result: {
    /** How the final score came about, line by line. */
    scores: LabelledValue[]
    /** `合格`, `优秀`; null while it is not decided. */
    grade: string | null
    statement: string
    /** Who seals, for example `兴隆小学（盖章）`. */
    sealLabel: string
    /** Line under the seal; null leaves an empty date line. */
    sealDate: string | null
  }
  verification: Verification | null
  issuedOn: LocalDate
  /** Prints 草稿 across every page. */
  draft: boolean
}

export interface ActivitySection {
  title: string
  speaker: string
  minutes: number
  blocks: Block[]
}

/** A group's activity record, as it is signed and filed. */
export interface ActivityRecord {
  /** `教研活动记录` */
  title: string
  district: string
  school: string
  group: string
  /** Theme of the activity. */
  theme: string
  /** Form of the activity, for example `集体备课`. */
  kind: string
  date: string
  time: string
  place: string
  host: string
  speaker: string
  recorder: string
  attendance: {
    summary: string
    present: string[]
    late: { name: string; note: string }[]
    leave: { name: string; note: string }[]
    absent: { name: string; note: string }[]
  }
  sections: ActivitySection[]
  agreedView: Block[]
  materials: { name: string; note: string }[]
  confirmations: Signature[]
  verification: Verification | null
  issuedOn: LocalDate
  draft: boolean
}

/** A list to be signed by hand, 40 people on a page. */
export interface SignInSheet {
  /** `校本研修活动签到表` */
  title: string
  school: string
  theme: string
  date: string
  time: string
  place: string
  host: string
  /** `应到 38 人` */
  expected: string
  people: { number: string; name: string }[]
  /** One sentence at the foot, for example how guests sign. */
  note: string
  issuedOn: LocalDate
}

/** A regulation of a school or district with its clauses. */
export interface RegulationDocument {
  title: string
  organisation: string
  /** `制〔2026〕3号`; empty until it is approved. */
  number: string
  /** `第 2 版 · 施行中` */
  version: string
  /** `自2026年9月1日起施行` */
  standing: string
  text: { kind: 'chapter' | 'clause'; label: string; paragraphs: string[] }[]
  /** How it came about: drafted, discussed, approved, in force. */
  closing: LabelledValue[]
  issuedOn: LocalDate
  draft: boolean
}

/** Notes of a lesson observed, or the two-part sheet of a leader's visit. */
export interface LessonObservation {
  /** `听课记录`, `课堂意见反馈表` */
  title: string
  school: string
  topic: string
  particulars: LabelledValue[]
  notes: { minute: string; text: string }[]
  sheet: {
    title: string
    rows: { label: string; hint: string; weight: string; step: string }[]
    total: string
  } | null
  /** What the earlier visit asked for; may be empty. */
  earlier: string
  comment: string[]
  commentLabel: string
  actionStep: string
  answer: string[]
  answerLabel: string
  /** Mark of the office; may be empty. */
  inspection: string
  issuedOn: LocalDate
  draft: boolean
}

/** One week on one landscape page: days across, parts of the day down. */
export interface WeekSheet {
  /** `全校研修日程` */
  title: string
  school: string
  /** `第12周（双周）` */
  week: string
  dates: string
  days: { label: string; note: string; rest: boolean }[]
  rows: {
    label: string
    /** One cell for each day. */
    cells: { time: string; title: string; detail: string; cancelled: boolean }[][]
  }[]
  note: string
  issuedOn: LocalDate
}

/** A letter of appointment for an adviser: one page to be stamped. */
export interface AppointmentLetter {
  title: string
  organisation: string
  /** Empty where the organisation is the district itself. */
  district: string
  name: string
  /** As what: `校本研修顾问`. */
  subject: string
  from: LocalDate
  to: LocalDate
  /** `聘字〔2026〕3号` */
  number: string
  issuedOn: LocalDate
}

/** Which data each template takes; the version belongs to the name, because an issued paper keeps its template. */
export interface TemplateData {
  'record-booklet/1': RecordBooklet
  'activity-record/1': ActivityRecord
  'sign-in-sheet/1': SignInSheet
  'week-sheet/1': WeekSheet
  'regulation/1': RegulationDocument
  'observation/1': LessonObservation
  'appointment-letter/1': AppointmentLetter
}

export type TemplateName = keyof TemplateData
