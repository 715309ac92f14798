import type { Regime } from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import { getRegimeText, listRegimeIds } from '../../regimes/read.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { enqueueRebuild } from './adoption.ts'
import * as drafts from './drafts-store.ts'
import { type Field, fieldsOf, valueText } from './fields.ts'
import {
  bindingText,
  type FieldPath,
  type FieldValue,
  readText,
  refuseProblems,
  type SwitchedOff,
  withName,
  withoutReferences,
  withValues,
} from './regime-text.ts'
import { recordReading } from './readings.ts'
import { getAdoptionSource, insertAdoption, listAdoptions } from './store.ts'

/** A text that has been read before; a mistake in it now is a bug. */
export function readable(text: string, file: string): Regime {
  const { regime, problems } = readText(text, file)
  if (!regime) throw new Error(`a stored regime cannot be read: ${problems[0]?.message}`)
  return regime
}

async function getForChange(tx: Tx, id: string, rowVersion: number | null) {
  const draft = (await drafts.findDraft(tx, id, { lock: true })) ?? refuseNotFound('制度版本')
  if (rowVersion !== null && draft.rowVersion !== rowVersion)
    refuse('这一版刚被别人改过，请刷新后看过再改。', { status: 409, code: 'stale' })
  return draft
}

/** A draft that may be changed now, locked; refused where somebody has changed it since. */
export async function getForEdit(tx: Tx, id: string, rowVersion: number) {
  demand(can.editVersions(tx.actor))
  const draft = await getForChange(tx, id, rowVersion)
  const reason = whyNotEditable(draft.state)
  if (reason) refuse(reason)
  return draft
}

/** Why a version can no longer be changed; null while it is a draft. */
export function whyNotEditable(state: drafts.DraftRow['state']): string | null {
  if (state === 'draft') return null
  if (state === 'submitted') return '这一版已提交，等待确认；要修改请先退回。'
  if (state === 'confirmed') return '这一版已经确认，不能再改；请以它为底稿另做一版。'
  return '这一版已经作废，请另做一版。'
}

/**
 * Makes a draft from what ships with the program, from what is in force (the school's own or the district's), or from an
 * earlier version. Gives its id.
 */
export async function createDraft(tx: Tx, input: { origin: string }): Promise<{ id: string }> {
  demand(can.editVersions(tx.actor))
  const [kind = '', ...rest] = input.origin.split(':')
  const name = rest.join(':')
  if (kind === 'preset') {
    if (!listRegimeIds().includes(name)) refuse('没有这份制度，请从列表中选择。', { status: 404 })
    return insertFrom(tx, { text: getRegimeText(name), originKind: 'preset', switchedOff: {} })
  }
  if (kind === 'adoption') {
    const adoption = (await listAdoptions(tx)).find((row) => row.id === name) ?? refuseNotFound('制度')
    // The draft behind it still holds the rules that were switched off.
    const before = (await drafts.listDrafts(tx)).find((draft) => draft.adoptionId === name)
    const draft = before ? await drafts.findDraft(tx, before.id) : undefined
    return insertFrom(tx, {
      text: draft?.text ?? (await getAdoptionSource(tx, name)),
      originKind: adoption.origin === 'district' ? 'district' : 'own',
      switchedOff: draft?.switchedOff ?? {},
    })
  }
  if (kind === 'draft') {
    const draft = (await drafts.findDraft(tx, name)) ?? refuseNotFound('制度版本')
    return insertFrom(tx, { text: draft.text, originKind: 'own', switchedOff: draft.switchedOff })
  }
  return refuse('请选择以哪一份制度为底稿。')
}

/** Makes a draft from a whole file of the school's own; refuses it with every place that is wrong. */
export async function createFromText(
  tx: Tx,
  input: { text: string; fileName: string },
): Promise<{ id: string }> {
  demand(can.editVersions(tx.actor))
  const { regime, problems } = readText(input.text, fileNameOf(input.fileName))
  if (!regime) refuseProblems(problems, '这份文件没有读入：')
  return insertFrom(tx, { text: input.text, originKind: 'file', switchedOff: {}, asItIs: true })
}

const fileNameOf = (name: string): string => name.replace(/^.*[\\/]/, '').slice(-60) || '制度.yaml'

/** Keeps a new draft. `asItIs`: with the version that stands in the text. */
export async function insertFrom(
  tx: Tx,
  from: {
    text: string
    originKind: drafts.DraftRow['originKind']
    switchedOff: SwitchedOff
    asItIs?: boolean
  },
): Promise<{ id: string }> {
  const text = from.asItIs ? from.text : withoutReferences(from.text)
  const regime = readable(text, 'regime')
  const { count } = await drafts.countDrafts(tx)
  const version = from.asItIs ? regime.version : `${regime.version.replace(/-\d+$/, '')}-${count + 1}`
  const id = newId()
  await drafts.insertDraft(tx, {
    id,
    regimeId: regime.id,
    title: regime.title,
    version,
    originKind: from.originKind,
    originName: `《${regime.title}》第 ${regime.version} 版`,
    switchedOff: from.switchedOff,
    base: bindingText(text, from.switchedOff),
    text: from.asItIs ? text : withName(text, { version }),
  })
  await audit(tx, {
    type: 'regime.versionCreated',
    id,
    payload: { regimeId: regime.id, version, origin: from.originKind },
  })
  changed(tx, 'regimeDrafts')
  return { id }
}

export interface ValueInput {
  path: FieldPath
  value: FieldValue
}

/**
 * Changes values by form. Only what the form shows can be changed; the whole is read again, and whatever is then wrong
 * is refused at its place, with nothing changed.
 */
export async function saveValues(
  tx: Tx,
  input: { id: string; rowVersion: number; changes: ValueInput[] },
): Promise<{ rowVersion: number }> {
  const draft = await getForEdit(tx, input.id, input.rowVersion)
  const before = readable(draft.text, 'regime')
  const known = new Map<string, Field>()
  const { settings, rules } = fieldsOf(before, draft.text)
  for (const field of [...settings, ...rules.flat()]) known.set(field.path.join('.'), field)
  for (const name of Object.keys(before.settings)) {
    const note = before.settings[name]?.note ?? null
    known.set(`settings.${name}.note`, noteField(['settings', name, 'note'], note))
  }
  const wrong: Record<string, string> = {}
  for (const { path, value } of input.changes) {
    const field = known.get(path.join('.'))
    const problem = field ? problemOf(field, value) : '这一项不能在表单里改，请在“全文”里改。'
    if (problem) wrong[path.join('.')] = problem
  }
  if (Object.keys(wrong).length > 0)
    refuse(Object.values(wrong)[0] ?? '有的数值不对，请改正。', { fields: wrong })
  const text = withValues(draft.text, input.changes)
  const { regime, problems } = readText(text, '制度')
  if (!regime) {
    const places = problems.map((one) => [one.path, inWords(one.message, known.get(one.path))] as const)
    refuse(`没有保存：${places[0]?.[1] ?? '数值不对'}。`, { fields: Object.fromEntries(places) })
  }
  await drafts.saveContent(tx, draft.id, { ...nameOf(regime), switchedOff: draft.switchedOff, text })
  for (const { path, value } of input.changes) {
    const [root, name, part] = path
    if (root === 'settings' && part === 'value' && before.settings[String(name)]?.note !== undefined)
      await recordReading(tx, regime.id, String(name), value, 'changed')
  }
  await audit(tx, {
    type: 'regime.versionChanged',
    id: draft.id,
    payload: {
      changes: input.changes.slice(0, 50).map(({ path, value }) => ({
        path: path.join('.'),
        label: known.get(path.join('.'))?.label,
        from: known.get(path.join('.'))?.value ?? null,
        to: value,
      })),
    },
  })
  changed(tx, 'regimeDrafts')
  return { rowVersion: draft.rowVersion + 1 }
}

/** A mistake as the form speaks of it: by the label of the field instead of its name in the file. */
function inWords(message: string, field: Field | undefined): string {
  const name = String(field?.path.at(-1) ?? '')
  return field ? message.replace(new RegExp(`${name}\\s?`), `“${field.label}”`) : message
}

const nameOf = (regime: Regime) => ({ regimeId: regime.id, title: regime.title, version: regime.version })

const noteField = (path: FieldPath, value: string | null): Field => ({
  path,
  label: '说明',
  kind: 'text',
  value,
  options: null,
  optional: true,
  clause: null,
  note: null,
  setting: null,
})

function problemOf(field: Field, value: FieldValue): string | null {
  if (field.setting) return `“${field.label}”随设置“${field.setting.label}”，请改那一项设置。`
  if (value === null || value === '') return field.optional ? null : `请填写“${field.label}”。`
  const fits = {
    number: typeof value === 'number' && Number.isFinite(value),
    yesNo: typeof value === 'boolean',
    choice: typeof value === 'string',
    choices: Array.isArray(value) && value.length > 0,
    text: typeof value === 'string' || Array.isArray(value),
    day: typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
  }[field.kind]
  if (!fits) return `“${field.label}”填得不对：${valueText(null, value)}。`
  if (field.kind === 'number' && (value as number) < 0 && (field.value === null || Number(field.value) >= 0))
    return `“${field.label}”不能是负数。`
  const allowed = field.options?.map((option) => option.value)
  const values = Array.isArray(value) ? value : [String(value)]
  if (allowed && values.some((one) => !allowed.includes(one))) return `“${field.label}”请从给出的选项中选。`
  return null
}

/** Another title and version of a draft. */
export async function saveName(
  tx: Tx,
  input: { id: string; rowVersion: number; title: string; version: string },
): Promise<{ rowVersion: number }> {
  const draft = await getForEdit(tx, input.id, input.rowVersion)
  if (input.title === '') refuse('请填写制度名称。', { fields: { title: '请填写制度名称' } })
  if (!/^[\p{L}\p{N}._-]+$/u.test(input.version))
    refuse('版本号由数字、字母、点和短横线组成，例如 2026.1-2。', { fields: { version: '例如 2026.1-2' } })
  const text = withName(draft.text, input)
  await drafts.saveContent(tx, draft.id, {
    ...nameOf(readable(text, 'regime')),
    switchedOff: draft.switchedOff,
    text,
  })
  changed(tx, 'regimeDrafts')
  return { rowVersion: draft.rowVersion + 1 }
}

/** Replaces the whole text, for those who write YAML; refused with every place that is wrong. */
export async function saveText(
  tx: Tx,
  input: { id: string; rowVersion: number; text: string; fileName: string },
): Promise<{ rowVersion: number }> {
  const draft = await getForEdit(tx, input.id, input.rowVersion)
  const { regime, problems } = readText(input.text, fileNameOf(input.fileName))
  if (!regime) refuseProblems(problems, '全文没有保存：')
  const ids = new Set(regime.rules.map((rule) => rule.id))
  const switchedOff = Object.fromEntries(Object.entries(draft.switchedOff).filter(([id]) => ids.has(id)))
  await drafts.saveContent(tx, draft.id, { ...nameOf(regime), switchedOff, text: input.text })
  await audit(tx, {
    type: 'regime.versionRewritten',
    id: draft.id,
    payload: { rules: regime.rules.length, characters: input.text.length },
  })
  changed(tx, 'regimeDrafts')
  return { rowVersion: draft.rowVersion + 1 }
}

/** Switches a rule off for this school with a reason, or on again. */
export async function switchRule(
  tx: Tx,
  input: { id: string; rowVersion: number; ruleId: string; off: boolean; because: string },
): Promise<{ rowVersion: number }> {
  const draft = await getForEdit(tx, input.id, input.rowVersion)
  const regime = readable(draft.text, 'regime')
  const rule = regime.rules.find((one) => one.id === input.ruleId) ?? refuseNotFound('规则')
  const switchedOff = { ...draft.switchedOff }
  if (input.off) {
    if (input.because.length < 4)
      refuse('停用一条规则要写明理由，至少 4 个字，例如“本校没有备课组”。', {
        fields: { because: '请写明理由' },
      })
    if (Object.keys(switchedOff).length + 1 >= regime.rules.length) refuse('不能把全部规则都停用。')
    switchedOff[rule.id] = {
      title: rule.title,
      clause: rule.clause,
      because: input.because,
      on: tx.today,
      by: tx.actor.name,
    }
  } else delete switchedOff[rule.id]
  await drafts.saveContent(tx, draft.id, { ...nameOf(regime), switchedOff, text: draft.text })
  await audit(tx, {
    type: input.off ? 'regime.ruleSwitchedOff' : 'regime.ruleSwitchedOn',
    id: draft.id,
    payload: { ruleId: rule.id, title: rule.title, because: input.because },
  })
  changed(tx, 'regimeDrafts')
  return { rowVersion: draft.rowVersion + 1 }
}

// ── Submitting, confirming, in force ─────────────────────────────────────────

/** What keeps the binding text from being adopted, e.g. a certificate whose score was switched off. */
export function problemsOf(draft: Pick<drafts.DraftRow, 'switchedOff'> & { text: string }) {
  return readText(bindingText(draft.text, draft.switchedOff), '制度').problems
}

async function demandPlace(tx: Tx, when: { schoolYearId: string; from: LocalDate }): Promise<void> {
  const calendar = await loadCalendar(tx)
  const year =
    calendar.schoolYears.find((one) => one.id === when.schoolYearId) ??
    refuse(`校历中还没有 ${when.schoolYearId} 学年，请先在“校历”中设置。`)
  if (when.from < year.from || when.from > year.to)
    refuse('施行日期不在这个学年内，请选择学年中的一天。', { fields: { from: '不在这个学年内' } })
  if (year.to < tx.today) refuse('这个学年已经结束，按当时的制度评定，不能再换。')
  await demandFreeDay(tx, when.from)
}

/** Refuses a day on which a version of the organisation's own comes into force already. */
export async function demandFreeDay(
  tx: Tx,
  from: LocalDate,
  same?: { regimeId: string; version: string },
): Promise<void> {
  const there = (await listAdoptions(tx)).find(
    (row) =>
      row.origin === 'own' &&
      row.fromOn === from &&
      !(row.regimeId === same?.regimeId && row.version === same.version),
  )
  if (there)
    refuse(
      `《${there.title}》第 ${there.version} 版已定于这一天施行，同一天不能有两个版本；请选另一天，或先撤回那一版。`,
      { fields: { from: '这一天已有版本施行' } },
    )
}

/** Hands a draft to the principal, with the school year and the day from which it is to hold. */
export async function submitDraft(
  tx: Tx,
  input: { id: string; rowVersion: number; schoolYearId: string; from: LocalDate },
): Promise<void> {
  const draft = await getForEdit(tx, input.id, input.rowVersion)
  const problems = problemsOf(draft)
  if (problems.length > 0) refuse(`还不能提交：${problems[0]?.message}`)
  if (readable(draft.text, 'regime').rules.length === 0) refuse('还不能提交：这一版还没有规则，请先加一条。')
  await demandPlace(tx, input)
  await drafts.markSubmitted(tx, draft.id, input)
  await audit(tx, {
    type: 'regime.versionSubmitted',
    id: draft.id,
    payload: { version: draft.version, schoolYearId: input.schoolYearId, from: input.from },
  })
  changed(tx, 'regimeDrafts')
}

/** Gives a submitted version back with a reason; the one who submitted it may take it back as well. */
export async function returnDraft(tx: Tx, input: { id: string; because: string }): Promise<void> {
  demand(can.editVersions(tx.actor))
  const draft = await getForChange(tx, input.id, null)
  if (draft.state !== 'submitted') refuse('只有已提交、还没有确认的版本可以退回。')
  const own = draft.submittedBy !== null && draft.submittedBy === tx.actor.personId
  if (!own && can.confirmVersion(tx.actor) !== null) demand(can.confirmVersion(tx.actor))
  if (!own && input.because.length < 2) refuse('退回请写明原因。', { fields: { because: '请写明原因' } })
  await drafts.markDecided(tx, draft.id, {
    state: 'draft',
    remark: own && input.because === '' ? '提交人取回修改' : input.because,
    adoptionId: null,
  })
  await audit(tx, { type: 'regime.versionReturned', id: draft.id, payload: { because: input.because } })
  changed(tx, 'regimeDrafts')
}

/**
 * Puts a submitted version in force from its day: the binding text is copied, so that it never changes. Refused where
 * another version comes into force on the same day.
 */
export async function confirmDraft(
  tx: Tx,
  input: { id: string; rowVersion: number },
): Promise<{ adoptionId: string }> {
  demand(can.confirmVersion(tx.actor))
  const draft = await getForChange(tx, input.id, input.rowVersion)
  if (draft.state !== 'submitted' || !draft.schoolYearId || !draft.fromOn)
    refuse('只有已提交的版本可以确认，请先提交。')
  await demandPlace(tx, { schoolYearId: draft.schoolYearId, from: draft.fromOn })
  const source = bindingText(draft.text, draft.switchedOff)
  const { regime, problems } = readText(source, '制度')
  if (!regime) refuseProblems(problems, '这一版不能施行：')
  const adoptionId = newId()
  const added = await insertAdoption(tx, {
    id: adoptionId,
    schoolYearId: draft.schoolYearId,
    regimeId: regime.id,
    version: regime.version,
    title: regime.title,
    source,
    fromOn: draft.fromOn,
    adoptedBy: tx.actor.personId,
    origin: 'own',
    originId: null,
  })
  if (added === 0) refuse('这一版在这一天已经施行，请改版本号或日期。')
  await drafts.markDecided(tx, draft.id, { state: 'confirmed', remark: null, adoptionId })
  await audit(tx, {
    type: 'regime.versionConfirmed',
    id: adoptionId,
    payload: {
      draftId: draft.id,
      regimeId: regime.id,
      version: regime.version,
      schoolYearId: draft.schoolYearId,
      from: draft.fromOn,
      switchedOff: Object.keys(draft.switchedOff),
    },
  })
  await enqueueRebuild(tx)
  changed(tx, 'regimeDrafts', 'regime', 'access')
  return { adoptionId }
}

/** Puts a draft aside; what is in force is not touched. */
export async function discardDraft(tx: Tx, input: { id: string }): Promise<void> {
  demand(can.editVersions(tx.actor))
  const draft = await getForChange(tx, input.id, null)
  if (draft.state === 'confirmed') refuse('已经确认的版本要留档，不能作废。')
  await drafts.markDecided(tx, draft.id, { state: 'discarded', remark: null, adoptionId: null })
  await audit(tx, { type: 'regime.versionDiscarded', id: draft.id, payload: { version: draft.version } })
  changed(tx, 'regimeDrafts')
}

/** Takes back a version that has not come into force yet; its draft can then be changed again. */
export async function withdrawAdoption(
  tx: Tx,
  input: { adoptionId: string; because: string },
): Promise<void> {
  demand(can.confirmVersion(tx.actor))
  const adoption =
    (await listAdoptions(tx)).find((row) => row.id === input.adoptionId) ?? refuseNotFound('制度')
  const reason = whyNotWithdrawable(adoption, tx.today)
  if (reason) refuse(reason)
  if (input.because.length < 2) refuse('撤回请写明原因。', { fields: { because: '请写明原因' } })
  await drafts.deleteAdoption(tx, adoption.id)
  const draft = (await drafts.listDrafts(tx)).find((one) => one.adoptionId === adoption.id)
  if (draft)
    await drafts.markDecided(tx, draft.id, {
      state: 'draft',
      remark: `撤回：${input.because}`,
      adoptionId: null,
    })
  await audit(tx, {
    type: 'regime.adoptionWithdrawn',
    id: adoption.id,
    payload: {
      title: adoption.title,
      version: adoption.version,
      from: adoption.fromOn,
      because: input.because,
    },
  })
  changed(tx, 'regimeDrafts', 'regime')
}

export function whyNotWithdrawable(
  adoption: { origin: 'own' | 'district'; fromOn: LocalDate },
  today: LocalDate,
): string | null {
  if (adoption.origin === 'district') return '这是区里发布的制度，由区里撤回。'
  return adoption.fromOn <= today ? '已经施行的版本不能撤回；请另做一版，定一个新的施行日期。' : null
}
