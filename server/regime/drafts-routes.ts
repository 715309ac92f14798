import { describeRule } from '../../engine/describe.ts'
import { type Regime, ruleKinds } from '../../engine/schema.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { addDays } from '../../engine/days.ts'
import { findOrganisation } from '../org/store.ts'
import { can } from './access.ts'
import { findAdoptedRegime, listPresetRegimes, regimesInForce } from './adoption.ts'
import * as drafts from './drafts.ts'
import { type ComparedRegime, type DraftPage, regimeDraftsApi, type VersionsPage } from './drafts-contract.ts'
import * as store from './drafts-store.ts'
import { bindsText, changesBetween, fieldsOf } from './fields.ts'
import { countsOfRegime, headlinesOf } from './headlines.ts'
import { decideReading, listReadings } from './readings.ts'
import { bindingText, readText } from './regime-text.ts'
import { lintContextOf, remarksOf } from './remarks.ts'
import { listAdoptions } from './store.ts'
import { tryRegime } from './trial.ts'

async function line(tx: Tx, rows: store.DraftRow[]) {
  const names = await store.listNames(
    tx,
    rows.flatMap((row) => [row.createdBy, row.submittedBy, row.decidedBy]),
  )
  const name = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    version: row.version,
    originName: row.originName,
    state: row.state,
    schoolYearId: row.schoolYearId,
    fromOn: row.fromOn,
    remark: row.remark,
    updatedAt: row.updatedAt,
    createdByName: name(row.createdBy),
    submittedByName: name(row.submittedBy),
    submittedAt: row.submittedAt,
    decidedByName: name(row.decidedBy),
    decidedAt: row.decidedAt,
  }))
}

async function versionsPage(tx: Tx): Promise<VersionsPage> {
  const organisation = await findOrganisation(tx)
  const isDistrict = organisation?.kind === 'district'
  const adoptions = await listAdoptions(tx)
  const inForce = await regimesInForce(tx, tx.today)
  const off = await store.listSwitchedOff(tx)
  const names = await store.listNames(
    tx,
    adoptions.map((row) => row.adoptedBy),
  )
  const mayConfirm = can.confirmVersion(tx.actor)
  const own = adoptions.filter((row) => row.origin === 'own')
  const district = adoptions.filter((row) => row.origin === 'district')
  const lines = adoptions.map((row) => {
    const kin = row.origin === 'own' ? own : district
    const index = kin.indexOf(row)
    const next = index > 0 ? kin[index - 1] : undefined
    return {
      id: row.id,
      regimeId: row.regimeId,
      title: row.title,
      version: row.version,
      level: row.origin === 'own' ? ('school' as const) : ('district' as const),
      schoolYearId: row.schoolYearId,
      fromOn: row.fromOn,
      toOn: next ? addDays(next.fromOn, -1) : null,
      current: inForce.some((one) => one.adoptionId === row.id),
      adoptedAt: row.adoptedAt,
      adoptedByName: row.adoptedBy ? (names.get(row.adoptedBy) ?? null) : null,
      earlierId: kin[index + 1]?.id ?? null,
      switchedOff: Object.entries(off.get(row.id) ?? {}).map(([ruleId, one]) => ({
        ruleId,
        title: one.title,
        because: one.because,
      })),
      withdraw: mayConfirm ?? drafts.whyNotWithdrawable(row, tx.today),
    }
  })
  return {
    today: tx.today,
    isDistrict,
    drafts: await line(tx, await store.listDrafts(tx)),
    adoptions: lines,
    origins: [
      ...inForce.map((one) => ({
        key: `adoption:${one.adoptionId}`,
        label: `《${one.regime.title}》第 ${one.regime.version} 版`,
        note: one.level === 'district' ? '区里发布，现行' : isDistrict ? '区级现行' : '本校现行',
      })),
      ...listPresetRegimes().map((one) => ({
        key: `preset:${one.id}`,
        label: `《${one.title}》第 ${one.version} 版`,
        note: '随系统提供',
      })),
    ],
    abilities: { create: can.editVersions(tx.actor), confirm: mayConfirm },
  }
}

function warningsFor(
  draft: Pick<store.DraftRow, 'fromOn' | 'schoolYearId'>,
  calendar: CalendarInput,
  today: LocalDate,
): string[] {
  const year = calendar.schoolYears.find((one) => one.id === draft.schoolYearId)
  if (!year || !draft.fromOn) return []
  const warnings: string[] = []
  if (draft.fromOn > year.from)
    warnings.push(
      '不从学年第一天起施行：学年按整学年评定，施行以后本学年已经过去的部分也按新版本重新计算，已完成的可能变成未完成。请先试算，并向教师说明。',
    )
  if (draft.fromOn <= today && year.from <= today && today <= year.to)
    warnings.push('确认后立即施行，全校本学年的进度马上重新计算。')
  return warnings
}

async function draftPage(tx: Tx, id: string): Promise<DraftPage> {
  const draft = (await store.findDraft(tx, id)) ?? refuseNotFound('制度版本')
  const regime = drafts.readable(draft.text, 'regime')
  const base = drafts.readable(draft.base, 'regime')
  const calendar = await loadCalendar(tx)
  const text = bindingText(draft.text, draft.switchedOff)
  const binding = readText(text, '制度')
  const remarks = remarksOf(binding.regime, calendar, text, await lintContextOf(tx))
  const { settings, rules } = fieldsOf(regime, draft.text)
  const changes = binding.regime ? changesBetween(base, binding.regime) : changesBetween(base, regime)
  const [head] = await line(tx, [draft])
  if (!head) refuseNotFound('制度版本')
  const editable = drafts.whyNotEditable(draft.state)
  const edit = can.editVersions(tx.actor) ?? editable
  const confirm = can.confirmVersion(tx.actor)
  const submitted = draft.state === 'submitted' ? null : '这一版还没有提交。'
  const own = draft.submittedBy !== null && draft.submittedBy === tx.actor.personId
  return {
    ...head,
    regimeId: regime.id,
    rowVersion: draft.rowVersion,
    settings,
    rules: regime.rules.map((rule, index) => {
      const off = draft.switchedOff[rule.id]
      return {
        id: rule.id,
        index,
        clause: rule.clause,
        kind: ruleKinds[rule.kind],
        title: rule.title,
        text: rule.text,
        binds: bindsText(regime, rule),
        described: describeRule(regime, rule),
        fields: rules[index] ?? [],
        off: off ? { because: off.because, by: off.by, on: off.on } : null,
        remarks: remarks.filter((one) => one.ruleId === rule.id),
        changed: changes.some((change) => change.ruleId === rule.id),
      }
    }),
    remarks: remarks.filter((one) => one.ruleId === null),
    problems: binding.problems.map(({ line: at, path, message }) => ({ line: at, path, message })),
    changes,
    readings: await listReadings(tx, regime),
    text: draft.text,
    schoolYears: calendar.schoolYears.filter((year) => year.to >= tx.today),
    takenDays: (await listAdoptions(tx)).filter((row) => row.origin === 'own').map((row) => row.fromOn),
    warnings: warningsFor(draft, calendar, tx.today),
    today: tx.today,
    abilities: {
      edit,
      submit: edit ?? (binding.regime ? null : '还有规则互相依据，改正后才能提交。'),
      confirm: confirm ?? submitted,
      return: submitted ?? (own ? can.editVersions(tx.actor) : confirm),
      discard: can.editVersions(tx.actor) ?? (draft.state === 'confirmed' ? '已经确认的版本要留档。' : null),
    },
  }
}

const see = (tx: Tx) => demand(can.seeVersions(tx.actor))

export const regimeDraftsRoom = room('regimeDrafts', regimeDraftsApi, {
  async getComparison({ tx, input }) {
    const inForce = await regimesInForce(tx, tx.today)
    const all: { key: string; regime: Regime; standing: ComparedRegime['standing'] }[] = [
      ...inForce.map((one) => ({
        key: `adoption:${one.adoptionId}`,
        regime: one.regime,
        standing: one.level === 'district' ? ('district' as const) : ('current' as const),
      })),
      ...listPresetRegimes().map((regime) => ({
        key: regime.id,
        regime,
        standing: 'preset' as const,
      })),
    ]
    const chosen = input.keys.flatMap((key) => all.find((one) => one.key === key) ?? [])
    return {
      choices: all.map(({ key, regime, standing }) => ({
        key,
        title: regime.title,
        version: regime.version,
        standing,
      })),
      regimes: chosen.map(({ key, regime, standing }) => ({
        key,
        title: regime.title,
        version: regime.version,
        issuedBy: regime.document.issuedBy,
        standing,
        counts: countsOfRegime(regime),
        headlines: headlinesOf(regime),
      })),
    }
  },
  async listVersions({ tx }) {
    see(tx)
    return versionsPage(tx)
  },
  async getDifference({ tx, input }) {
    see(tx)
    const [renewed, old] = await Promise.all([
      findAdoptedRegime(tx, input.adoptionId),
      findAdoptedRegime(tx, input.againstId),
    ])
    if (!renewed || !old) refuseNotFound('制度')
    const nameOf = (one: typeof old) => ({
      title: one.regime.title,
      version: one.regime.version,
      fromOn: one.fromOn,
    })
    return { old: nameOf(old), new: nameOf(renewed), changes: changesBetween(old.regime, renewed.regime) }
  },
  createDraft: ({ tx, input }) => drafts.createDraft(tx, input),
  createFromText: ({ tx, input }) => drafts.createFromText(tx, input),
  async getDraft({ tx, input }) {
    see(tx)
    return draftPage(tx, input.id)
  },
  saveValues: ({ tx, input }) => drafts.saveValues(tx, input),
  saveName: ({ tx, input }) => drafts.saveName(tx, input),
  saveText: ({ tx, input }) => drafts.saveText(tx, input),
  switchRule: ({ tx, input }) => drafts.switchRule(tx, input),
  async submitDraft({ tx, input }) {
    await drafts.submitDraft(tx, input)
    return {}
  },
  async returnDraft({ tx, input }) {
    await drafts.returnDraft(tx, input)
    return {}
  },
  confirmDraft: ({ tx, input }) => drafts.confirmDraft(tx, input),
  async discardDraft({ tx, input }) {
    await drafts.discardDraft(tx, input)
    return {}
  },
  async withdrawAdoption({ tx, input }) {
    await drafts.withdrawAdoption(tx, input)
    return {}
  },
  async getTrial({ tx, input }) {
    see(tx)
    const draft = (await store.findDraft(tx, input.id)) ?? refuseNotFound('制度版本')
    const { regime, problems } = readText(bindingText(draft.text, draft.switchedOff), '制度')
    if (!regime) refuse(`还不能试算：${problems[0]?.message ?? '这一版有错误'}`)
    return tryRegime(tx, regime, input)
  },
  async getReadings({ tx, input }) {
    see(tx)
    const one = input.adoptionId
      ? ((await findAdoptedRegime(tx, input.adoptionId)) ?? refuseNotFound('制度'))
      : (await regimesInForce(tx, tx.today))[0]
    const decide = can.editVersions(tx.actor)
    if (!one) return { regime: null, rows: [], abilities: { decide, change: decide } }
    const { id, title, version } = one.regime
    return {
      regime: { id, title, version, level: one.level },
      rows: await listReadings(tx, one.regime),
      abilities: {
        decide,
        change: decide ?? (one.level === 'district' ? '这是区里发布的制度，数值由区里定。' : null),
      },
    }
  },
  async decideReading({ tx, input }) {
    await decideReading(tx, input)
    return {}
  },
  async getDraftFile({ tx, input }) {
    see(tx)
    const draft = (await store.findDraft(tx, input.id)) ?? refuseNotFound('制度版本')
    return {
      name: `${draft.title} 第${draft.version}版.yaml`,
      mediaType: 'text/yaml; charset=utf-8',
      body: Buffer.from(bindingText(draft.text, draft.switchedOff), 'utf8'),
    }
  },
})
