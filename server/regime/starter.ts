import { stringify } from 'yaml'
import type { LocalDate } from '../../engine/types.ts'
import { usualTerms } from '../vocabulary/words.ts'

const usual = '系统默认，可改'

/** The settings without which nothing can be counted, each marked as nobody's decision yet. */
const settings = {
  minutesPerHour: { label: '一学时的分钟数', value: 45, note: '系统默认按一节课 45 分钟，可改' },
  dueSoonDays: { label: '短周期提前几天提醒', value: 3, note: usual },
  dueSoonDaysOfLongPeriods: { label: '学期和学年提前几天提醒', value: 14, note: usual },
  graceDays: { label: '宽限天数', value: 0, note: '系统默认没有宽限，可改' },
  makeUp: { label: '缺的能否补', value: 'none', note: '系统默认不能补，可改' },
}

/**
 * The text of a regime in which no rule stands yet: the usual settings, the usual words, all teachers as the one
 * cohort. A school whose regulation is none of those that ship begins here and adds its rules one by one.
 */
export function starterText(of: { id: string; title: string; issuedBy: string; on: LocalDate }): string {
  const vocabularies = Object.fromEntries(
    Object.entries(usualTerms).map(([name, { terms }]) => [
      name,
      terms.map(({ id, label }) => ({ id, label })),
    ]),
  )
  return stringify(
    {
      id: of.id,
      title: of.title,
      version: `${of.on.slice(0, 4)}.1`,
      document: { title: of.title, issuedBy: of.issuedBy, source: `${of.issuedBy}，在本系统中逐条录入` },
      inForceFrom: of.on,
      settings,
      vocabularies,
      cohorts: [{ id: 'teachers', label: '教师', when: 'staffKind == "teaching"', note: usual }],
      rules: [],
    },
    { lineWidth: 118 },
  )
}
