import type { Regime, Rule } from '../../engine/schema.ts'
import { blocksOf } from '../../engine/schema.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { can } from './access.ts'
import type { Sheet, SheetView } from './contract.ts'
import * as store from './observation-store.ts'

const usualSteps = [
  { label: '优', share: 95 },
  { label: '良', share: 85 },
  { label: '中', share: 70 },
  { label: '待改进', share: 50 },
]
const usualVoices = { peers: 1, leaders: 1, experts: 1, self: 0 }

/** The sheet that every school can use at once. */
export const generalSheet: Sheet = {
  id: 'generalLesson',
  version: 0,
  title: '课堂教学评价表（通用）',
  steps: usualSteps,
  voices: usualVoices,
  criteria: [
    ['goals', '目标与内容', '目标具体、看得见；内容抓住重点，合乎学情', 20],
    ['guidance', '教师引导', '问题有层次，讲解清楚，追问和等待恰当', 20],
    ['learning', '学习过程', '有独立思考、合作和表达，活动指向目标', 25],
    ['participation', '学生参与', '参与面广，学有困难的学生也得到照顾', 20],
    ['results', '反馈与效果', '练习有针对性，当堂了解并补救', 15],
  ].map(([id, label, hint, weight]) => ({
    id: String(id),
    label: String(label),
    hint: String(hint),
    weight: Number(weight),
    section: '',
  })),
}

/** Sheets that are about a lesson: a regime names them so, 说课 apart. */
const aboutLessons = /^(lesson|style|classroom|class|teaching)(?!Talk)/i

/** A whole number shared out in whole parts as evenly as it goes: 17, 17, 17, 17, 16, 16. */
function evenly(total: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, index) => Math.floor(total / parts) + (index < total % parts ? 1 : 0),
  )
}

/** What a rule says of a sheet: whatever it counts of `evaluation.scored` with its form, named criteria and sections. */
function sheetsOfRule(regime: Regime, rule: Rule): (Sheet & { clause: string })[] {
  const words = new Map(
    Object.values(regime.vocabularies)
      .flat()
      .map((term) => [term.id, term.label]),
  )
  const text = JSON.stringify(rule)
  if (!text.includes('evaluation.scored')) return []
  const ids = [...new Set([...text.matchAll(/sheet == \\?"(\w+)\\?"/g)].map((match) => match[1] ?? ''))]
  const form = blocksOf(rule).includes('form')
    ? regime.forms.find((one) => one.id === rule.form?.form)
    : undefined
  return ids
    .filter((id) => aboutLessons.test(id))
    .map((id) => {
      const named = [...text.matchAll(/\\?"(\w+)\\?" in criteria/g)].map((match) => match[1] ?? '')
      const sections = [...text.matchAll(/section == \\?"(\w+)\\?"/g)].map((match) => match[1] ?? '')
      const own = form
        ? form.sections.map((section) => ({
            id: section.id,
            label: section.label,
            hint: section.hint ?? '',
            section: '',
          }))
        : [
            ...named.map((one) => ({ id: one, label: words.get(one) ?? one, hint: '', section: '' })),
            ...sections.map((one) => ({ id: one, label: words.get(one) ?? one, hint: '', section: one })),
          ]
      const known = new Map(own.map((criterion) => [criterion.id, criterion]))
      // A regime that names no whole sheet only adds its own items to the usual ones.
      const usual = form || named.length > 0 ? [] : generalSheet.criteria
      const equal = evenly(100, known.size + usual.length)
      const extra = [...known.values()].map((criterion, index) => ({
        ...criterion,
        weight: equal[index] ?? 1,
      }))
      return {
        ...generalSheet,
        id,
        title: words.get(id) ?? form?.label ?? rule.title,
        criteria: [...extra, ...usual],
        clause: `《${regime.title}》${rule.clause}`,
      }
    })
}

/** The sheets that regimes bring; the first rule that names one says most of it. */
export function sheetsOfRegimes(regimes: readonly Regime[]): (Sheet & { clause: string })[] {
  const sheets = new Map<string, Sheet & { clause: string }>()
  for (const regime of regimes)
    for (const rule of regime.rules)
      for (const sheet of sheetsOfRule(regime, rule)) {
        const known = sheets.get(sheet.id)
        if (!known || (known.criteria.length < sheet.criteria.length && rule.form))
          sheets.set(sheet.id, sheet)
      }
  return [...sheets.values()]
}

/** All sheets: those of the regime, the usual one, the school's own, each in its newest version. */
export async function listSheets(tx: Tx): Promise<SheetView[]> {
  const regimes = (await regimesInForce(tx, tx.today)).map((one) => one.regime)
  const saved = await store.listSheetVersions(tx)
  const sheets: SheetView[] = [
    ...sheetsOfRegimes(regimes).map((sheet) => ({ ...sheet, source: 'regime' as const })),
    { ...generalSheet, clause: '', source: 'usual' as const },
  ].map((sheet) => ({ ...sheet, retired: false, savedAt: null, savedByName: null, versions: 1 }))
  for (const row of saved) {
    const known = sheets.find((sheet) => sheet.id === row.sheetId)
    if (known && known.version >= row.version) {
      known.versions++
      continue
    }
    const content = {
      ...row.content,
      id: row.sheetId,
      version: row.version,
      title: row.title,
      retired: row.retired,
      savedAt: row.savedAt,
      savedByName: row.savedByName,
    }
    if (known) Object.assign(known, content, { versions: known.versions + 1 })
    else sheets.push({ ...content, source: 'own', clause: '', versions: 1 })
  }
  return sheets
}

/** Sheets that may be chosen now, the regime's first. */
export async function sheetsInUse(tx: Tx): Promise<Sheet[]> {
  return (await listSheets(tx)).filter((sheet) => !sheet.retired).map(plainSheet)
}

/** What is frozen with a rating: the sheet without its history. */
function plainSheet(sheet: Sheet): Sheet {
  const { id, version, title, steps, criteria, voices } = sheet
  return { id, version, title, steps, criteria, voices }
}

/** A sheet that may be chosen now; refuses others. */
export async function getSheet(tx: Tx, sheetId: string): Promise<Sheet> {
  const sheet = (await sheetsInUse(tx)).find((one) => one.id === sheetId)
  return sheet ?? refuse('没有这张评课表，或已经停用，请重新选择。', { fields: { sheetId: '请重新选择。' } })
}

/** Saves a sheet as its next version; what was rated with an earlier one keeps it. */
export async function saveSheet(
  tx: Tx,
  input: Omit<Sheet, 'id' | 'version'> & { sheetId: string | null },
): Promise<{ sheetId: string; version: number }> {
  demand(can.settle(tx.actor))
  await store.lockSheets(tx)
  const sheets = await listSheets(tx)
  const known = input.sheetId === null ? undefined : sheets.find((sheet) => sheet.id === input.sheetId)
  if (input.sheetId !== null && !known) refuseNotFound('评课表')
  const title = input.title.trim()
  if (sheets.some((sheet) => sheet.id !== input.sheetId && !sheet.retired && sheet.title === title))
    refuse(`已经有一张“${title}”，请换一个名称。`, { fields: { title: '名称重复。' } })
  for (const [index, step] of input.steps.entries()) {
    const next = input.steps[index + 1]
    if (next && next.share >= step.share) refuse('等次要从高到低排列，折算的百分数依次变小。')
  }
  const labels = input.criteria.map((criterion) => criterion.label)
  const twice = labels.find((label, index) => labels.indexOf(label) !== index)
  if (twice !== undefined) refuse(`指标“${twice}”写了两次，请改名或删去一项。`)
  const voices = input.voices
  if (voices.peers + voices.leaders + voices.experts + (voices.self ?? 0) === 0)
    refuse('至少一方的评分要计入总分，请给同行、领导或专家填上权重。')
  const criteria = input.criteria.map((criterion) => ({
    ...criterion,
    id: criterion.id === '' ? `own${newId().slice(-8)}` : criterion.id,
  }))
  const sheetId = input.sheetId ?? `lesson${newId().slice(-8)}`
  const version = (known?.version ?? 0) + 1
  await store.insertSheet(tx, {
    sheetId,
    version,
    title,
    content: { steps: input.steps, criteria, voices },
    retired: false,
  })
  await audit(tx, { type: 'lesson.sheetSaved', id: null, payload: { sheetId, version, title } })
  changed(tx, 'lesson')
  return { sheetId, version }
}

/** Takes a sheet out of use, or puts it back; the last one stays. */
export async function retireSheet(tx: Tx, input: { sheetId: string; retired: boolean }): Promise<void> {
  demand(can.settle(tx.actor))
  await store.lockSheets(tx)
  const sheets = await listSheets(tx)
  const sheet = sheets.find((one) => one.id === input.sheetId) ?? refuseNotFound('评课表')
  if (sheet.retired === input.retired) return
  if (input.retired && sheets.filter((one) => !one.retired).length === 1)
    refuse('至少要保留一张评课表。请先增加新的，再停用这一张。')
  await store.insertSheet(tx, {
    sheetId: sheet.id,
    version: sheet.version + 1,
    title: sheet.title,
    content: { steps: sheet.steps, criteria: sheet.criteria, voices: sheet.voices },
    retired: input.retired,
  })
  await audit(tx, {
    type: input.retired ? 'lesson.sheetRetired' : 'lesson.sheetRestored',
    id: null,
    payload: { sheetId: sheet.id },
  })
  changed(tx, 'lesson')
}
