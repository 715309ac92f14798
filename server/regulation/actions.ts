import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts } from '../facts/actions.ts'
import { dayText, instantAt } from '../kit/dates.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation } from '../org/store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { can } from './access.ts'
import type { Clause, GroundedRule } from './contract.ts'
import { needsAnswer, stageOf, textProblem } from './rules.ts'
import * as store from './store.ts'
import { type Answer, type Numbering, regulationKindLabels, type Stage, type Stance } from './words.ts'

export type Version = store.VersionRow & { stage: Stage }

export const withStage = (tx: Tx, row: store.VersionRow): Version => ({
  ...row,
  stage: stageOf(row, tx.today),
})

/** The kinds from which a regulation takes its own: what the regimes and the school name, then the usual ones. */
export async function listKinds(tx: Tx): Promise<{ id: string; label: string }[]> {
  const named = await vocabularyOf(tx, 'documentKinds')
  const labels = new Map(named.map((term) => [term.id, term.label]))
  for (const [id, label] of Object.entries(regulationKindLabels)) if (!labels.has(id)) labels.set(id, label)
  return [...labels].map(([id, label]) => ({ id, label }))
}

/** The rules of the regimes in force, with what names them to people. */
export async function listRuleChoices(tx: Tx): Promise<GroundedRule[]> {
  return (await regimesInForce(tx, tx.today)).flatMap(({ regime }) =>
    regime.rules.map((rule) => ({
      ruleId: rule.id,
      title: rule.title,
      clause: rule.clause,
      regimeTitle: regime.title,
    })),
  )
}

/** Versions of a regulation that the caller may see, the newest first; refuses one that nobody may see. */
export async function getVersions(tx: Tx, regulationId: string): Promise<Version[]> {
  const versions = (await store.listVersions(tx, regulationId))
    .map((row) => withStage(tx, row))
    .filter((version) => can.see(tx.actor, version) === null)
  if (versions.length === 0) refuseNotFound('制度')
  return versions
}

/** The version that is being made, else the newest. Locks the regulation. */
async function lockVersion(tx: Tx, regulationId: string): Promise<Version> {
  if (!(await store.lockRegulation(tx, regulationId))) refuseNotFound('制度')
  return (await getVersions(tx, regulationId))[0] as Version
}

/** Begins a regulation with an empty (or given) text. */
export async function startRegulation(
  tx: Tx,
  input: { kind: string; title: string; numbering?: Numbering; note?: string; clauses?: Clause[] },
): Promise<{ id: string }> {
  demand(can.draft(tx.actor))
  await checkKind(tx, input.kind)
  const id = newId()
  await store.insertRegulation(tx, { id, kind: input.kind })
  await store.insertVersion(tx, {
    id: newId(),
    regulationId: id,
    number: 1,
    title: input.title.trim(),
    documentNumber: '',
    numbering: input.numbering ?? 'article',
    note: input.note ?? '',
    clauses: input.clauses ?? [],
  })
  await audit(tx, {
    type: 'regulation.started',
    id,
    payload: { kind: input.kind, title: input.title.trim() },
  })
  changed(tx, 'regulation')
  return { id }
}

async function checkKind(tx: Tx, kind: string): Promise<void> {
  if (!(await listKinds(tx)).some((one) => one.id === kind))
    refuse('没有这类制度，请从列表中选择类别。', { fields: { kind: '请选择类别。' } })
}

/** Begins the next version with the text of the last one. */
export async function startRevision(tx: Tx, input: { id: string }): Promise<{ version: number }> {
  if (!(await store.lockRegulation(tx, input.id))) refuseNotFound('制度')
  const last = (await getVersions(tx, input.id))[0] as Version
  demand(can.revise(tx.actor, last))
  const number = last.number + 1
  await store.insertVersion(tx, {
    id: newId(),
    regulationId: input.id,
    number,
    title: last.title,
    documentNumber: '',
    numbering: last.numbering,
    note: '',
    clauses: last.clauses,
  })
  await audit(tx, { type: 'regulation.revisionStarted', id: input.id, payload: { version: number } })
  changed(tx, 'regulation')
  return { version: number }
}

/** Saves a draft that is still the one that was read; another text on top of a newer one is refused (409 `conflict`). */
export async function saveDraft(
  tx: Tx,
  input: {
    id: string
    draftVersion: number
    kind: string
    title: string
    documentNumber: string
    numbering: Numbering
    note: string
    clauses: Clause[]
  },
): Promise<{ draftVersion: number; savedAt: Date }> {
  const version = await lockVersion(tx, input.id)
  demand(can.edit(tx.actor, version))
  if (input.draftVersion !== version.draftVersion)
    throw new Refusal(
      `${dayText(tx.today)}有人在别处改过这份草稿，您这里的文字还没有保存。请先复制自己的修改，再刷新页面。`,
      { status: 409, code: 'conflict' },
    )
  if (input.kind !== version.kind) {
    await checkKind(tx, input.kind)
    await store.updateKind(tx, input.id, input.kind)
  }
  await store.updateText(tx, version.id, input)
  changed(tx, 'regulation')
  return { draftVersion: version.draftVersion + 1, savedAt: tx.now }
}

/** Names the rules of the regime that rest on this regulation; refuses rules that nobody knows. */
export async function linkRules(tx: Tx, input: { id: string; ruleIds: string[] }): Promise<void> {
  const version = await lockVersion(tx, input.id)
  demand(can.linkRules(tx.actor))
  const known = new Set((await listRuleChoices(tx)).map((rule) => rule.ruleId))
  const ruleIds = [...new Set(input.ruleIds)]
  // What was linked under an earlier regime stays.
  if (ruleIds.some((ruleId) => !known.has(ruleId) && !version.ruleIds.includes(ruleId)))
    refuse('有的规则不在现行校本研修制度里，请从列表中选择。')
  await store.updateRules(tx, input.id, ruleIds)
  await audit(tx, { type: 'regulation.rulesLinked', id: input.id, payload: { ruleIds } })
  changed(tx, 'regulation')
}

/** Throws away a draft that nobody has been asked about. */
export async function discardDraft(tx: Tx, input: { id: string }): Promise<void> {
  const version = await lockVersion(tx, input.id)
  demand(can.discard(tx.actor, version))
  await store.deleteVersion(tx, version)
  await audit(tx, {
    type: 'regulation.discarded',
    id: input.id,
    payload: { title: version.title, version: version.number },
  })
  changed(tx, 'regulation', 'home')
}

/** Lays the text before the teachers, or prolongs a running consultation. */
export async function openConsultation(
  tx: Tx,
  input: { id: string; from: LocalDate; to: LocalDate },
): Promise<void> {
  const version = await lockVersion(tx, input.id)
  demand(can.consult(tx.actor, version))
  const problem = textProblem(version)
  if (problem) refuse(problem)
  if (input.to < input.from) refuse('结束日期要在开始日期之后。', { fields: { to: '要在开始日期之后。' } })
  if (input.to < tx.today) refuse('结束日期已经过去，请另选一天。', { fields: { to: '请选今天或以后。' } })
  await store.updateConsultation(tx, version.id, input.from, input.to)
  await audit(tx, {
    type: 'regulation.consultationOpened',
    id: input.id,
    payload: { version: version.number, from: input.from, to: input.to },
  })
  changed(tx, 'regulation', 'home')
}

/** Ends a consultation before its last day. */
export async function endConsultation(tx: Tx, input: { id: string }): Promise<void> {
  const version = await lockVersion(tx, input.id)
  demand(can.endConsultation(tx.actor, version))
  await store.closeConsultation(tx, version.id)
  await audit(tx, {
    type: 'regulation.consultationEnded',
    id: input.id,
    payload: { version: version.number, opinions: version.opinionStates.length },
  })
  changed(tx, 'regulation', 'home')
}

/** A teacher's opinion on a clause or on the whole text; given again it replaces the earlier one. */
export async function giveOpinion(
  tx: Tx,
  input: { id: string; clauseId: string | null; stance: Stance; text?: string },
): Promise<{ id: string }> {
  const version = await lockVersion(tx, input.id)
  demand(can.giveOpinion(tx.actor, version))
  const text = (input.text ?? '').trim()
  if (input.stance === 'change' && text === '')
    refuse('请写明建议怎样改。', { fields: { text: '请写明建议怎样改。' } })
  if (input.clauseId !== null && !version.clauses.some((clause) => clause.id === input.clauseId))
    refuse('这一条已经不在文本里，请刷新页面。')
  const id = await store.saveOpinion(tx, {
    id: newId(),
    versionId: version.id,
    clauseId: input.clauseId,
    stance: input.stance,
    text,
  })
  if (id === undefined) refuse('您对这一条的意见已经答复，不能再改；可以对全文再提一条。')
  await audit(tx, {
    type: 'regulation.opinionGiven',
    id: input.id,
    payload: { version: version.number, clauseId: input.clauseId, stance: input.stance },
  })
  changed(tx, 'regulation', 'home')
  return { id }
}

/** The opinion with its version, locked. */
async function lockOpinion(
  tx: Tx,
  opinionId: string,
): Promise<{ opinion: store.OpinionRow; version: Version }> {
  const opinion = (await store.lockOpinion(tx, opinionId)) ?? refuseNotFound('意见')
  const regulationId = (await store.findRegulationOf(tx, opinion.versionId)) ?? refuseNotFound('意见')
  const version = (await getVersions(tx, regulationId)).find((one) => one.id === opinion.versionId)
  return { opinion, version: version ?? refuseNotFound('意见') }
}

/** A teacher takes an opinion back while it has no answer. */
export async function withdrawOpinion(tx: Tx, input: { opinionId: string }): Promise<void> {
  const { opinion, version } = await lockOpinion(tx, input.opinionId)
  demand(can.withdrawOpinion(tx.actor, version, opinion))
  await store.deleteOpinion(tx, opinion.id)
  await audit(tx, {
    type: 'regulation.opinionWithdrawn',
    id: version.regulationId,
    payload: { version: version.number, clauseId: opinion.clauseId },
  })
  changed(tx, 'regulation', 'home')
}

/** The drafter's answer to an opinion; what is not (fully) adopted needs the reason. */
export async function answerOpinion(
  tx: Tx,
  input: { opinionId: string; answer: Answer; reason: string },
): Promise<void> {
  const { opinion, version } = await lockOpinion(tx, input.opinionId)
  demand(can.answer(tx.actor, version))
  const reason = input.reason.trim()
  if (input.answer !== 'adopted' && reason === '')
    refuse('没有完全采纳的，请写明理由。', { fields: { reason: '请写明理由。' } })
  await store.saveAnswer(tx, opinion.id, input.answer, reason)
  await audit(tx, {
    type: 'regulation.opinionAnswered',
    id: version.regulationId,
    payload: { version: version.number, opinionId: opinion.id, answer: input.answer },
  })
  changed(tx, 'regulation')
}

/**
 * The principal approves a text; it comes into force on a day, and the version before it ends on the day before.
 * Refused while the consultation runs and while a proposal has no answer.
 */
export async function approveRegulation(
  tx: Tx,
  input: { id: string; inForceFrom: LocalDate; documentNumber?: string; remark?: string },
): Promise<{ documentNumber: string }> {
  const version = await lockVersion(tx, input.id)
  demand(can.approve(tx.actor, version))
  const problem = textProblem(version)
  if (problem) refuse(problem)
  const before = (await getVersions(tx, input.id)).find((one) => one.approvedAt !== null)
  if (before?.inForceFrom && input.inForceFrom <= before.inForceFrom)
    refuse(`上一版从${dayText(before.inForceFrom)}起施行，这一版要晚于那一天。`, {
      fields: { inForceFrom: '要晚于上一版。' },
    })
  const documentNumber = await takeNumber(
    tx,
    input.id,
    input.documentNumber?.trim() || version.documentNumber,
  )
  await store.markApproved(tx, version.id, {
    role: approverRole(tx),
    inForceFrom: input.inForceFrom,
    documentNumber,
    remark: (input.remark ?? '').trim(),
  })
  if (before && before.repealReason === null)
    await store.updateEnd(tx, before.id, { lastDay: addDays(input.inForceFrom, -1), repealReason: null })
  await audit(tx, {
    type: 'regulation.approved',
    id: input.id,
    payload: { version: version.number, inForceFrom: input.inForceFrom, documentNumber },
  })
  if (input.inForceFrom <= tx.today) await recordInForce(tx, input.id)
  else
    await enqueue(
      tx,
      'regulationInForce',
      { orgId: tx.orgId, id: input.id },
      { key: `regulation:${version.id}`, runAt: instantAt(input.inForceFrom, '00:10') },
    )
  changed(tx, 'regulation', 'home')
  return { documentNumber }
}

function approverRole(tx: Tx): string {
  return tx.actor.roles.includes('districtOfficer') ? 'districtOfficer' : 'principal'
}

/** The number that was asked for, or the next of the year; refuses one that another regulation bears. */
async function takeNumber(tx: Tx, regulationId: string, wanted: string): Promise<string> {
  await store.lockNumbers(tx)
  const used = await store.listDocumentNumbers(tx)
  if (wanted !== '') {
    if (used.some((one) => one.documentNumber === wanted && one.regulationId !== regulationId))
      refuse(`文号“${wanted}”已经用过，请另取一个。`, { fields: { documentNumber: '已经用过。' } })
    return wanted
  }
  const numbers = new Set(used.map((one) => one.documentNumber))
  const year = tx.today.slice(0, 4)
  for (let serial = 1; ; serial++) {
    const number = `制〔${year}〕${serial}号`
    if (!numbers.has(number)) return number
  }
}

/**
 * Leaves the fact that a regulation is in force, on the day from which it is. Nothing happens where it is not (yet)
 * in force or the fact is there already.
 */
export async function recordInForce(tx: Tx, id: string): Promise<void> {
  const version = (await store.listVersions(tx, id))
    .map((row) => withStage(tx, row))
    .find((one) => one.approvedAt !== null)
  if (!version?.inForceFrom || version.inForceFrom > tx.today) return
  const organisation = await findOrganisation(tx)
  await recordFacts(tx, [
    {
      kind: 'document.issued',
      subject: { kind: 'organisation', id: tx.orgId },
      on: version.inForceFrom,
      quantity: 1,
      attributes: {
        documentKind: version.kind,
        level: organisation?.kind === 'district' ? 'district' : 'school',
        parts: version.clauses.filter((clause) => clause.kind === 'chapter').map((clause) => clause.text),
        consulted: version.consultFrom !== null,
        approvedBy: version.approvedRole ?? '',
      },
      source: { room: 'regulation', id },
      key: `regulation:${version.id}:${version.draftVersion}`,
    },
  ])
}

/** Takes an approval back before the regulation is in force; the version before goes on. */
export async function withdrawApproval(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const version = await lockVersion(tx, input.id)
  demand(can.withdrawApproval(tx.actor, version))
  const reason = input.reason.trim()
  if (reason === '') refuse('撤回批准时请写明原因。', { fields: { reason: '请写明原因。' } })
  await store.clearApproval(tx, version.id, reason)
  const before = (await getVersions(tx, input.id)).find((one) => one.approvedAt !== null)
  if (before && before.repealReason === null)
    await store.updateEnd(tx, before.id, { lastDay: null, repealReason: null })
  await audit(tx, {
    type: 'regulation.approvalWithdrawn',
    id: input.id,
    payload: { version: version.number, reason },
  })
  changed(tx, 'regulation', 'home')
}

/** Ends a regulation that is in force without a successor. */
export async function repealRegulation(
  tx: Tx,
  input: { id: string; lastDay: LocalDate; reason: string },
): Promise<void> {
  if (!(await store.lockRegulation(tx, input.id))) refuseNotFound('制度')
  const version = (await getVersions(tx, input.id)).find((one) => one.approvedAt !== null)
  if (!version) refuse('这份制度还没有施行，不需要废止。')
  demand(can.repeal(tx.actor, version))
  const reason = input.reason.trim()
  if (reason === '') refuse('废止时请写明原因。', { fields: { reason: '请写明原因。' } })
  if (version.inForceFrom !== null && input.lastDay < version.inForceFrom)
    refuse(`最后一天不能早于施行日期${dayText(version.inForceFrom)}。`, { fields: { lastDay: '太早。' } })
  await store.updateEnd(tx, version.id, { lastDay: input.lastDay, repealReason: reason })
  await audit(tx, {
    type: 'regulation.repealed',
    id: input.id,
    payload: { version: version.number, lastDay: input.lastDay, reason },
  })
  changed(tx, 'regulation')
}

/** Consultations that run today and on which a person has not yet given an opinion, the first to end first. */
export async function listOpenConsultations(tx: Tx): Promise<Version[]> {
  return (await store.listAllVersions(tx, { inConsultation: true }))
    .map((row) => withStage(tx, row))
    .filter((version) => version.stage === 'consultation' && !version.hasMine)
    .sort((a, b) => ((a.consultTo ?? '') < (b.consultTo ?? '') ? -1 : 1))
}

/** After a consultation: texts that the caller can approve today, and those with proposals that the caller is to answer. */
export async function listToDecide(tx: Tx): Promise<{ approve: Version[]; answer: Version[] }> {
  const over = (await store.listAllVersions(tx, { inConsultation: true }))
    .map((row) => withStage(tx, row))
    .filter((version) => version.stage === 'answering')
  return {
    approve: over.filter((version) => can.approve(tx.actor, version) === null),
    answer: over.filter(
      (version) => version.opinionStates.some(needsAnswer) && can.answer(tx.actor, version) === null,
    ),
  }
}
