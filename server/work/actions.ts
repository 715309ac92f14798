import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { removeAttachmentsOf } from '../files/actions.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { cleanWriting } from '../kit/paragraphs.ts'
import { plainText } from '../kit/html.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import type { WorkKind, WorkLine } from './contract.ts'
import { listKinds } from './forms.ts'
import { charactersOf, filledParts, submitProblem, type WorkContent } from './rules.ts'
import * as store from './store.ts'

/** The kind as the regimes in force describe it; refuses one that nobody knows. */
async function getKind(tx: Tx, kind: string): Promise<WorkKind> {
  const found = (await listKinds(tx)).find((candidate) => candidate.kind === kind)
  return found ?? refuse('没有这种作品，请从列表中选择种类。')
}

function trimmedParts(parts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value.trim() !== ''))
}

/**
 * Begins a work of the person who acts (a named machine names the author). An empty draft of the same kind is taken
 * up again instead of beginning another. Returns the id.
 */
export async function startWork(
  tx: Tx,
  input: { kind: string; title?: string; body?: string; parts?: Record<string, string>; personId?: string },
): Promise<{ id: string }> {
  const personId = (tx.actor.kind === 'system' ? input.personId : null) ?? tx.actor.personId
  if (!personId) refuse('请用本人的账号写作品。')
  const kind = await getKind(tx, input.kind)
  if (!kind.inUse) refuse(`“${kind.label}”已经停用，请另选一个种类。`)
  const content: WorkContent = {
    title: (input.title ?? '').trim(),
    body: cleanWriting(input.body ?? ''),
    parts: trimmedParts(input.parts ?? {}),
  }
  const blank = content.title === '' && content.body === '' && Object.keys(content.parts).length === 0
  const empty = blank ? await store.findEmptyDraft(tx, personId, kind.kind) : undefined
  if (empty) return empty
  const id = newId()
  await store.insertWork(tx, { id, personId, kind: kind.kind, ...content, characters: charactersOf(content) })
  changed(tx, 'work')
  return { id }
}

/**
 * Saves a draft that is still the version that was read. The same text sent again is passed over; another text on
 * top of a newer version is refused (409 `conflict`) with the newer text in `fields`, so that nothing is lost.
 */
export async function saveWork(
  tx: Tx,
  input: { id: string; version: number; title: string; body: string; parts?: Record<string, string> },
): Promise<{ version: number; characters: number; savedAt: Date }> {
  const work = (await store.lockWork(tx, input.id)) ?? refuseNotFound('作品')
  if (can.see(tx.actor, work) !== null) refuseNotFound('作品')
  demand(can.edit(tx.actor, work))
  const content: WorkContent = {
    title: input.title.trim(),
    body: cleanWriting(input.body),
    parts: trimmedParts(input.parts ?? {}),
  }
  if (sameContent(content, work))
    return { version: work.draftVersion, characters: work.characters, savedAt: work.savedAt }
  if (input.version !== work.draftVersion) refuseConflict(work)
  const characters = charactersOf(content)
  await store.updateDraft(tx, work.id, { ...content, characters })
  changed(tx, 'work')
  return { version: work.draftVersion + 1, characters, savedAt: tx.now }
}

function sameContent(content: WorkContent, work: store.WorkRow): boolean {
  const keys = new Set([...Object.keys(content.parts), ...Object.keys(work.parts)])
  return (
    content.title === work.title &&
    content.body === work.body &&
    [...keys].every((key) => content.parts[key] === work.parts[key])
  )
}

function refuseConflict(work: store.WorkRow): never {
  throw new Refusal('这篇文字在另一台设备上改过了。两份都还在，请选择保留哪一份。', {
    status: 409,
    code: 'conflict',
    fields: {
      version: String(work.draftVersion),
      savedAt: work.savedAt.toISOString(),
      title: work.title,
      body: work.body,
      parts: JSON.stringify(work.parts),
    },
  })
}

/**
 * Hands a work in: what stands in the draft is frozen as a version. It counts on the day of its first submission.
 * Refuses empty or too short works and those that lack a part which the regime demands.
 */
export async function submitWork(
  tx: Tx,
  input: { id: string; version?: number | undefined },
): Promise<{ countsOn: LocalDate }> {
  const work = await lockVisible(tx, input.id)
  demand(can.submit(tx.actor, work))
  if (input.version !== undefined && input.version !== work.draftVersion) refuseConflict(work)
  const kind = await getKind(tx, work.kind)
  const problem = submitProblem(work, {
    kindLabel: kind.label,
    form: kind.parts,
    minimumCharacters: kind.minimumCharacters,
  })
  if (problem) {
    refuse(problem.message, {
      code: 'incomplete',
      fields: problem.fields,
      ...(problem.clause ? { clause: problem.clause } : {}),
    })
  }
  const countsOn = work.countsOn ?? tx.today
  const number = work.lastVersion + 1
  await store.freezeVersion(tx, work.id, number, countsOn)
  await audit(tx, {
    type: 'work.submitted',
    id: work.id,
    payload: { kind: work.kind, title: work.title, number, countsOn },
  })
  changed(tx, 'work', 'inbox')
  return { countsOn }
}

/** The author takes a work back before anybody has decided. */
export async function withdrawWork(tx: Tx, input: { id: string }): Promise<void> {
  const work = await lockVisible(tx, input.id)
  demand(can.withdraw(tx.actor, work))
  await store.decideVersion(tx, work.id, {
    number: work.lastVersion,
    decision: 'withdrawn',
    remark: '',
    keepCountsOn: await store.wasDecided(tx, work.id),
  })
  await audit(tx, { type: 'work.withdrawn', id: work.id, payload: { number: work.lastVersion } })
  changed(tx, 'work', 'inbox')
}

/** Throws a draft away that was never handed in, with what was attached to it. */
export async function discardWork(tx: Tx, input: { id: string }): Promise<void> {
  const work = await lockVisible(tx, input.id)
  demand(can.discard(tx.actor, work))
  await removeAttachmentsOf(tx, 'work', work.id)
  await store.deleteWork(tx, work.id)
  await audit(tx, { type: 'work.discarded', id: work.id, payload: { kind: work.kind, title: work.title } })
  changed(tx, 'work')
}

/** Accepts a work: it counts from now on, on the day of its first submission. */
export async function acceptWork(tx: Tx, input: { id: string; remark?: string }): Promise<void> {
  const work = await lockVisible(tx, input.id)
  demand(can.review(tx.actor, work))
  const countsOn = work.countsOn ?? tx.today
  await store.decideVersion(tx, work.id, {
    number: work.lastVersion,
    decision: 'accepted',
    remark: (input.remark ?? '').trim(),
    keepCountsOn: true,
  })
  await recordFacts(tx, [
    {
      kind: 'work.accepted',
      subject: { kind: 'person', id: work.personId },
      on: countsOn,
      quantity: 1,
      attributes: { workKind: work.kind, characters: work.characters, parts: filledParts(work.parts) },
      source: { room: 'work', id: work.id },
      key: `work:${work.id}:${work.lastVersion}`,
    },
  ])
  await audit(tx, {
    type: 'work.accepted',
    id: work.id,
    payload: { number: work.lastVersion, personId: work.personId, countsOn },
  })
  changed(tx, 'work', 'inbox')
}

/** Accepts several works; those that cannot be accepted stay and are named with the reason. */
export async function acceptWorks(
  tx: Tx,
  input: { ids: string[] },
): Promise<{ accepted: number; refused: { id: string; reason: string }[] }> {
  const refused: { id: string; reason: string }[] = []
  let accepted = 0
  // In one order everywhere, so that two reviewers at once cannot wait for each other.
  for (const id of [...new Set(input.ids)].sort()) {
    try {
      await acceptWork(tx, { id })
      accepted++
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ id, reason: error.message })
    }
  }
  return { accepted, refused }
}

/** Sends a work back to its author with the reason. */
export async function returnWork(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const work = await lockVisible(tx, input.id)
  demand(can.review(tx.actor, work))
  const reason = input.reason.trim()
  if (reason === '') refuse('退回时请写明原因，让作者知道怎样修改。', { fields: { reason: '请写明原因。' } })
  await store.decideVersion(tx, work.id, {
    number: work.lastVersion,
    decision: 'returned',
    remark: reason,
    keepCountsOn: true,
  })
  await audit(tx, { type: 'work.returned', id: work.id, payload: { number: work.lastVersion, reason } })
  changed(tx, 'work', 'inbox')
}

/** Takes an acceptance back: the fact is reversed and the work goes to its author with the reason. */
export async function reverseAcceptance(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const work = await lockVisible(tx, input.id)
  demand(can.reverse(tx.actor, work))
  const reason = input.reason.trim()
  if (reason === '') refuse('取消采纳时请写明原因。', { fields: { reason: '请写明原因。' } })
  await reverseFacts(tx, { room: 'work', id: work.id })
  await store.decideVersion(tx, work.id, {
    number: work.lastVersion,
    decision: 'returned',
    remark: reason,
    keepCountsOn: true,
  })
  await audit(tx, {
    type: 'work.acceptanceReversed',
    id: work.id,
    payload: { number: work.lastVersion, reason },
  })
  changed(tx, 'work', 'inbox')
}

/** Somebody else's draft must look as if it did not exist. */
async function lockVisible(tx: Tx, id: string): Promise<store.WorkRow> {
  const work = (await store.lockWork(tx, id)) ?? refuseNotFound('作品')
  if (work.lastVersion === 0 && can.see(tx.actor, work) !== null) refuseNotFound('作品')
  return work
}

/** A work as a line of a list, with the label of its kind. */
export function lineOf(work: store.WorkRow, kindLabel: string): WorkLine {
  return {
    id: work.id,
    kind: work.kind,
    kindLabel,
    title: work.title,
    beginning: plainText(work.body).replaceAll(/\s+/g, ' ').slice(0, 80),
    author: { personId: work.personId, name: work.authorName },
    status: work.status,
    characters: work.characters,
    countsOn: work.countsOn,
    savedAt: work.savedAt,
    submittedAt: work.submittedAt,
    decidedAt: work.decidedAt,
    decidedByName: work.decidedByName,
    remark: work.remark,
  }
}

/** Works as lines of a list, with the labels of today's kinds. */
export async function linesOf(tx: Tx, works: store.WorkRow[]): Promise<WorkLine[]> {
  const labels = new Map((await listKinds(tx)).map((kind) => [kind.kind, kind.label]))
  return works.map((work) => lineOf(work, labels.get(work.kind) ?? work.kind))
}

/**
 * Works that the person who acts may decide on, the longest waiting first; `waitsForLeader` names the leader of the
 * author's group whose turn it is before the office's.
 */
export async function listWorksToReview(tx: Tx): Promise<(WorkLine & { waitsForLeader: string | null })[]> {
  const rows = (await store.listWaiting(tx)).filter((work) => can.review(tx.actor, work) === null)
  const lines = await linesOf(tx, rows)
  return lines.map((line, index) => {
    const row = rows[index] as store.WaitingRow
    const leadsIt = tx.actor.leads.some((lead) => row.authorGroupIds.includes(lead.unitId))
    return { ...line, waitsForLeader: leadsIt ? null : row.leaderName }
  })
}

/** Works of a person that came back with a reason. */
export async function listReturnedWorks(tx: Tx, personId: string): Promise<WorkLine[]> {
  return linesOf(tx, await store.listWorksOfPerson(tx, personId, 'returned'))
}
