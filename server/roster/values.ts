import type { LocalDate } from '../../engine/types.ts'
import { type GroupKind, groupFields, type RosterPost } from './columns.ts'

/** A cell understood, or the sentence that says why not. */
export type Parsed<T> = { value: T } | { fault: string }

const blankSigns = /^(?:无|没有|暂无|[-—–/]+|\/)$/u

/** Full-width digits and letters to half-width, invisible signs and outer spaces away. */
export function tidy(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

/** True for 无, -, / and the like: the cell says that there is none. */
export function saysNone(text: string): boolean {
  return blankSigns.test(text)
}

export function parseEmployeeNumber(raw: string | number): Parsed<string> {
  if (typeof raw === 'number') {
    if (!Number.isSafeInteger(raw) || raw < 0 || raw >= 1e15) {
      return { fault: '工号被Excel当成了小数或超长数字，可能已经变样；请把这一列设为“文本”格式后重新填写。' }
    }
    return { value: String(raw) }
  }
  const text = tidy(raw).replace(/^'/, '')
  if (/^\d(\.\d+)?E\+\d+$/i.test(text)) {
    return { fault: '工号显示成了科学计数，原来的数字已经丢失；请把这一列设为“文本”格式后重新填写。' }
  }
  if (text.length > 32) return { fault: '工号不能超过32个字。' }
  if (!/^[\p{L}\p{N}_.-]+$/u.test(text) || !/[A-Za-z0-9]/.test(text)) {
    return {
      fault: '工号只能由字母、数字和短横线组成，并且至少有一个字母或数字；如果这不是人员行，请删去整行。',
    }
  }
  return { value: text }
}

export function parseName(raw: string | number): Parsed<string> {
  if (typeof raw === 'number') return { fault: '姓名不能是数字，请检查是否填错了列。' }
  // Two-character names are often spread out with a space (张 三); names of minorities carry a middle dot.
  const text = raw
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\u3000]+/gu, ' ')
    .trim()
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .replace(/[•・．‧⋅∙]/gu, '·')
  if (text.length > 40) return { fault: '姓名不能超过40个字。' }
  if (!/\p{L}/u.test(text) || !/^[\p{L}\p{M}\p{N}· .'()（）-]+$/u.test(text)) {
    return { fault: '姓名里有不能识别的符号，请只填姓名。' }
  }
  return { value: text }
}

export function parseSex(raw: string | number): Parsed<'male' | 'female'> {
  const text = tidy(String(raw))
  if (/^(男性?|M|male)$/i.test(text)) return { value: 'male' }
  if (/^(女性?|F|female)$/i.test(text)) return { value: 'female' }
  return { fault: '性别请填“男”或“女”。' }
}

export function parseStaffKind(raw: string | number): Parsed<'teacher' | 'staff'> {
  const text = tidy(String(raw)).replace(/(人员|岗位?)$/u, '')
  if (/^(教师|专任教师|任课教师|在职教师|老师|专任)$/u.test(text)) return { value: 'teacher' }
  if (/^(职员|职工|教辅|工勤|行政|后勤|管理|教学辅助|非教师)$/u.test(text)) return { value: 'staff' }
  return { fault: '身份请填“教师”或“职员”。' }
}

export function parseMobile(raw: string | number): Parsed<string> {
  const text = tidy(String(raw)).replace(/^'/, '')
  if (/^\d(\.\d+)?E\+\d+$/i.test(text)) {
    return { fault: '手机号显示成了科学计数，原来的数字已经丢失；请把这一列设为“文本”格式后重新填写。' }
  }
  const digits = text.replace(/[\s-]/g, '').replace(/^(\+|00)?86(?=1)/, '')
  if (/^1[3-9]\d{9}$/.test(digits)) return { value: digits }
  if (/^\d+$/.test(digits) && digits.startsWith('1')) {
    return { fault: `手机号应为11位，这里有${digits.length}位，请核对。` }
  }
  return { fault: '手机请填11位手机号，一格只填一个号码。' }
}

export function parseText(label: string, raw: string | number): Parsed<string> {
  const text = tidy(String(raw))
  return text.length > 30 ? { fault: `${label}不能超过30个字。` } : { value: text }
}

/** Splits 语文、数学; spaces inside a name of a group are dropped, as 三年级 语文组 and 三年级语文组 are one. */
export function parseList(
  label: string,
  raw: string | number,
  separators = /[、;；,，|\n\r]/u,
): Parsed<string[]> {
  const parts = String(raw).split(separators)
  const names = parts
    .map((part) => tidy(part).replace(/\s/g, ''))
    .filter((part) => part !== '' && !saysNone(part))
  const tooLong = names.find((name) => name.length > 30)
  if (tooLong) return { fault: `${label}“${tooLong.slice(0, 12)}…”超过30个字；有几个时请用“、”隔开。` }
  return { value: [...new Set(names)] }
}

const daysOfSerial = (serial: number) => new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * 86_400_000)
// 1920-01-01 and 2100-12-31 as Excel counts days; a smaller number is a year or a slip of the finger.
const firstSerial = 7306
const lastSerial = 73_415

/**
 * Reads a calendar day: 1986-03-05, 1986.3.5, 1986/3/5, 1986年3月5日, 19860305, or Excel's count of days.
 * Days that the calendar does not have (2月30日) are faults.
 */
export function parseDate(raw: string | number, date1904 = false): Parsed<LocalDate> {
  if (typeof raw === 'number') {
    const serial = raw + (date1904 ? 1462 : 0)
    if (serial >= firstSerial && serial < lastSerial + 1)
      return { value: daysOfSerial(serial).toISOString().slice(0, 10) }
  }
  const text = tidy(String(raw))
    .replace(/^'/, '')
    .replace(/[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|\+08:00)?$/, '')
    .replace(/\s*([-/.年月日。–—])\s*/gu, '$1')
  const parts =
    /^(\d{4})[-/.年。–—](\d{1,2})[-/.月。–—](\d{1,2})[日号]?$/u.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (parts) {
    const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
    if (year < 1900 || year > 2100) return { fault: `年份${year}不对，请核对。` }
    if (month < 1 || month > 12) return { fault: `没有${month}月，请核对。` }
    const date = new Date(Date.UTC(year, month - 1, day))
    if (day < 1 || date.getUTCMonth() !== month - 1)
      return { fault: `${year}年${month}月没有${day}日，请核对。` }
    return { value: date.toISOString().slice(0, 10) }
  }
  if (/^\d{5}$/.test(text) || (/^\d{4}$/.test(text) && Number(text) >= firstSerial)) {
    return typeof raw === 'string'
      ? parseDate(Number(text), date1904)
      : { fault: `“${text}”不是日期，请写成 1986-03-05 的样子。` }
  }
  if (/^(19|20)\d{2}年?$/.test(text)) return { fault: '只有年份，缺月和日，请写成 1986-03-05 的样子。' }
  if (/^(19|20)\d{2}[-/.年。]?\d{1,2}月?$/.test(text))
    return { fault: '只有年和月，缺“日”，请写成 1986-03-05 的样子。' }
  if (/^\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?$/.test(text))
    return { fault: '年份请写四位、写在最前面，例如 1986-03-05。' }
  return { fault: '不是日期，请写成 1986-03-05 的样子。' }
}

const groupWord = {
  教研: 'teachingResearchGroup',
  学科: 'teachingResearchGroup',
  备课: 'lessonPreparationGroup',
  年级: 'gradeGroup',
} as const
const otherTeams = /党|团|工会|课题|领导|工作|考核|评审|小$/u
const postAliases: Record<string, string> = {
  教导处主任: '教导主任',
  教务处主任: '教务主任',
  教科处主任: '教科室主任',
  教科主任: '教科室主任',
  科研主任: '教科室主任',
  总务处主任: '总务主任',
  德育处主任: '德育主任',
}

/** Understands 教导主任、语文教研组长 …; the group led must stand in the same row. `groups` are those of the row. */
export function parsePosts(
  raw: string | number,
  groups: { kind: GroupKind; name: string }[],
): Parsed<RosterPost[]> {
  const list = parseList('职务', raw, /[、;；,，|/\n\r]/u)
  if ('fault' in list) return list
  const posts: RosterPost[] = []
  for (const written of list.value) {
    const post = parsePost(written, groups)
    if ('fault' in post) return post
    posts.push(post.value)
  }
  return { value: posts }
}

function parsePost(written: string, groups: { kind: GroupKind; name: string }[]): Parsed<RosterPost> {
  const lead = /^(.*?)(副)?组长$/u.exec(written.replace(/年级(副)?主任$/u, '年级$1组长'))
  const scope = (lead?.[1] ?? '').replace(/组$/u, '')
  if (!lead || otherTeams.test(scope)) {
    return { value: { title: postAliases[written] ?? written, leads: null } }
  }
  const kind = groupWord[scope as keyof typeof groupWord]
  const candidates = groups.filter((group) => {
    if (scope === '') return true
    if (kind) return group.kind === kind
    const bare = group.name.replace(/组$/u, '')
    return bare === scope || bare.replace(/(教研|备课|学科)$/u, '') === scope
  })
  const [group] = candidates
  if (group && candidates.length === 1) return { value: { title: lead[2] ? '副组长' : '组长', leads: group } }
  if (candidates.length === 0) {
    const label = groupFields.find((field) => field.kind === kind)?.label ?? '教研组、备课组或年级组'
    return { fault: `职务“${written}”没有对应的组，请在本行的${label}列写上这个组。` }
  }
  return {
    fault: `职务“${written}”可能指${candidates.map((candidate) => `“${candidate.name}”`).join('或')}，请写全，例如“${candidates[0]?.name}组长”。`,
  }
}
