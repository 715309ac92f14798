import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { savePerson } from '../org/actions.ts'
import { findLeftOn, findPerson, loadPersonDetail } from '../org/store.ts'
import { can } from './access.ts'
import { labelIn, type Word } from './rules.ts'
import { countedOf, regimesNow } from './standing.ts'
import * as store from './store.ts'
import { isOfBody } from './title-actions.ts'
import { type ProposalKind, titleLevels, usualSteps, usualTitles } from './words.ts'

/** Steps of the regime's ladder, titles and levels of the pool. */
export async function growthWords(tx: Tx): Promise<{ steps: Word[]; titles: Word[]; levels: Word[] }> {
  const regimes = await regimesNow(tx)
  const own = regimes.flatMap((regime) => regime.vocabularies.growthSteps)
  const counted = countedOf(regimes, 'title.held')
  const named = [...new Set(counted.flatMap((one) => one.values.title ?? []))]
    .map((id) => ({ id, label: labelIn(regimes, 'title', id) }))
    .filter((title) => !isOfBody(title))
  const titles = [...named, ...usualTitles.filter((one) => !named.some((other) => other.id === one.id))]
  return {
    steps: own.length > 0 ? own.map(({ id, label }) => ({ id, label })) : usualSteps,
    titles,
    levels: titleLevels,
  }
}

const labelOf = (words: readonly Word[], id: string) => words.find((one) => one.id === id)?.label ?? id

/** Proposes a step, a candidate or a title for some people at once; the principal confirms. */
export async function proposeGrowth(
  tx: Tx,
  input: {
    personIds: string[]
    kind: ProposalKind
    word: string
    level?: string
    from: LocalDate
    proof?: string
  },
): Promise<{ proposed: number; ids: string[] }> {
  demand(can.propose(tx.actor))
  await store.lockRoom(tx)
  const { steps, titles, levels } = await growthWords(tx)
  const { kind, word, from } = input
  const level = kind === 'step' ? '' : (input.level ?? '')
  if (!(kind === 'step' ? steps : titles).some((one) => one.id === word))
    refuse(kind === 'step' ? '制度的阶梯里没有这一步，请重新选择。' : '没有这个称号，请重新选择。', {
      fields: { word: '请重新选择' },
    })
  if (kind !== 'step' && !levels.some((one) => one.id === level))
    refuse('请选择级别。', { fields: { level: '请选择' } })
  if (from > tx.today) refuse('日期不能晚于今天。', { fields: { from: '晚于今天' } })
  const existing = await store.listProposals(tx)
  const rows = []
  for (const personId of new Set(input.personIds)) {
    const person = (await findPerson(tx, personId)) ?? refuseNotFound('人员')
    if (await findLeftOn(tx, personId, from)) refuse(`${person.name}在 ${from} 已经离职，请从名单里去掉。`)
    const same = existing.find(
      (one) =>
        one.personId === personId &&
        one.kind === kind &&
        one.word === word &&
        one.level === level &&
        (one.status === 'proposed' || (one.status === 'confirmed' && kind !== 'step')),
    )
    if (same)
      refuse(
        `${person.name}的这一项${same.status === 'proposed' ? '已经提出，在等校长确认' : '已经有了'}，请从名单里去掉。`,
      )
    rows.push({ id: newId(), personId, kind, word, level, from, proof: input.proof ?? '' })
  }
  await store.insertProposals(tx, rows)
  await audit(tx, { type: 'duty.growthProposed', id: null, payload: { ...input, level } })
  changed(tx, 'duty', 'inbox')
  return { proposed: rows.length, ids: rows.map((row) => row.id) }
}

async function lockProposal(tx: Tx, id: string): Promise<store.ProposalRow> {
  return (await store.lockProposal(tx, id)) ?? refuseNotFound('提名')
}

/** The principal confirms: a step and a title stand in the person's record from then on, a title leaves its fact. */
export async function confirmGrowth(
  tx: Tx,
  input: { proposalIds: string[] },
): Promise<{ confirmed: number }> {
  const { titles, levels } = await growthWords(tx)
  const ids = [...new Set(input.proposalIds)]
  for (const id of ids) {
    const row = await lockProposal(tx, id)
    demand(can.confirm(tx.actor, row))
    await store.decideProposal(tx, { id, status: 'confirmed', note: '' })
    const { personId, from } = row
    if (row.kind === 'step') await savePerson(tx, { personId, from, attributes: { growthStep: row.word } })
    if (row.kind === 'title') {
      const backboneLevel = `${labelOf(levels, row.level)}${labelOf(titles, row.word)}`
      await savePerson(tx, { personId, from, attributes: { backboneLevel } })
      await recordFacts(tx, [
        {
          kind: 'title.held',
          subject: { kind: 'person', id: personId },
          on: from,
          quantity: 1,
          attributes: { title: row.word, level: row.level },
          source: { room: 'duty', id },
          key: `duty:${id}`,
        },
      ])
    }
    await audit(tx, {
      type: 'duty.growthConfirmed',
      id,
      payload: { personId, kind: row.kind, word: row.word },
    })
  }
  changed(tx, 'duty', 'inbox')
  return { confirmed: ids.length }
}

/** The principal sends a proposal back with the reason. */
export async function returnGrowth(tx: Tx, input: { proposalId: string; note: string }): Promise<void> {
  const row = await lockProposal(tx, input.proposalId)
  demand(can.confirm(tx.actor, row))
  await store.decideProposal(tx, { id: row.id, status: 'returned', note: input.note })
  await audit(tx, { type: 'duty.growthReturned', id: row.id, payload: { note: input.note } })
  changed(tx, 'duty', 'inbox')
}

/** Takes a proposal back, or undoes what was confirmed: the record falls back and the title's fact is reversed. */
export async function withdrawGrowth(tx: Tx, input: { proposalId: string; note?: string }): Promise<void> {
  const row = await lockProposal(tx, input.proposalId)
  demand(can.withdrawProposal(tx.actor, row))
  await store.decideProposal(tx, { id: row.id, status: 'withdrawn', note: input.note ?? '' })
  if (row.status === 'confirmed' && row.kind !== 'candidate') {
    const name = row.kind === 'step' ? 'growthStep' : 'backboneLevel'
    const { history } = { history: (await loadPersonDetail(tx, row.personId)).attributes }
    const current = history.filter((one) => one.name === name).toSorted((a, b) => (a.from < b.from ? 1 : -1))
    // Only what this proposal set falls back; a later step stays.
    if (current[0]?.from === row.from) {
      const before = current[1]?.value ?? ''
      await savePerson(tx, { personId: row.personId, from: row.from, attributes: { [name]: before } })
    }
    await reverseFacts(tx, { room: 'duty', id: row.id })
  }
  await audit(tx, { type: 'duty.growthWithdrawn', id: row.id, payload: { note: input.note ?? '' } })
  changed(tx, 'duty', 'inbox')
}

/** What was done to train a candidate. */
export async function addTraining(
  tx: Tx,
  input: { proposalId: string; heldOn: LocalDate; what: string },
): Promise<void> {
  demand(can.propose(tx.actor))
  const row = await lockProposal(tx, input.proposalId)
  if (row.kind !== 'candidate' || row.status !== 'confirmed') refuse('培养记录写在已确认的培养对象名下。')
  if (input.heldOn > tx.today) refuse('培养的日子不能晚于今天。', { fields: { heldOn: '晚于今天' } })
  await store.insertTraining(tx, { id: newId(), candidateId: row.id, heldOn: input.heldOn, what: input.what })
  await audit(tx, { type: 'duty.candidateTrained', id: row.id, payload: { ...input } })
  changed(tx, 'duty')
}
