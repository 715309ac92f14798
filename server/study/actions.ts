import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import type { StudyKind } from './words.ts'
import { entryProblem } from './rules.ts'
import * as store from './store.ts'

/**
 * Enters self-study of the person who acts (a named machine names the person). It counts at once, in minutes, on the
 * day of the study. Refuses days to come, days older than 60 days, and the same content twice on one day unless
 * `again` says that it really was so. Returns the id.
 */
export async function logStudy(
  tx: Tx,
  input: {
    studiedOn: LocalDate
    kind: StudyKind
    content: string
    minutes: number
    excerpt?: string
    again?: boolean
    personId?: string
  },
): Promise<{ id: string }> {
  const personId = (tx.actor.kind === 'system' ? input.personId : null) ?? tx.actor.personId
  if (!personId) refuse('请用本人的账号登记学习。')
  const content = input.content.trim()
  const excerpt = (input.excerpt ?? '').trim()
  if (content === '') refuse('请写学了什么。', { fields: { content: '请写学了什么。' } })
  if (!Number.isInteger(input.minutes) || input.minutes < 1 || input.minutes > 720) {
    refuse('学习时长请填 1—720 之间的整数分钟。', { fields: { minutes: '1—720 分钟' } })
  }
  await store.lockPerson(tx, personId)
  const others = await store.listStanding(tx, personId, input.studiedOn)
  const problem = entryProblem({ ...input, content }, others, tx.today, input.again ?? false)
  if (problem) refuse(problem.message, { code: problem.code, fields: { [problem.field]: problem.message } })
  const id = newId()
  const { studiedOn, kind, minutes } = input
  await store.insertEntry(tx, { id, personId, studiedOn, kind, content, minutes, excerpt })
  await recordFacts(tx, [
    {
      kind: 'study.logged',
      subject: { kind: 'person', id: personId },
      on: studiedOn,
      quantity: minutes,
      attributes: { studyKind: kind, hasExcerpt: excerpt !== '' },
      source: { room: 'study', id },
      key: `study:${id}`,
    },
  ])
  await audit(tx, { type: 'study.logged', id, payload: { personId, studiedOn, kind, minutes } })
  changed(tx, 'study')
  return { id }
}

/** Withdraws an entry with the reason: its minutes no longer count. A correction is a new entry. */
export async function withdrawStudy(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const entry = (await store.lockEntry(tx, input.id)) ?? refuseNotFound('学习记录')
  demand(can.withdraw(tx.actor, entry))
  const reason = input.reason.trim()
  if (reason === '') refuse('撤销时请写明原因。', { fields: { reason: '请写明原因。' } })
  await store.markWithdrawn(tx, entry.id, reason)
  await reverseFacts(tx, { room: 'study', id: entry.id })
  await audit(tx, { type: 'study.withdrawn', id: entry.id, payload: { personId: entry.personId, reason } })
  changed(tx, 'study')
}
