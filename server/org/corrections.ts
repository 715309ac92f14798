import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { savePerson } from './actions.ts'
import { attributeProblems, attributeText, isSameValue } from './attribute-rules.ts'
import type { CorrectionView } from './contract.ts'
import * as corrections from './correction-store.ts'
import * as store from './store.ts'
import { attributeLabels, attributeNames } from './words.ts'

/** The values of a person's record on a day, and the phone number. */
async function currentOf(tx: Tx, personId: string, on: LocalDate): Promise<Record<string, AttributeValue>> {
  const { attributes } = await store.loadPersonDetail(tx, personId)
  const values: Record<string, AttributeValue> = {}
  for (const one of attributes.toReversed())
    if (one.from <= on && (one.to === null || one.to >= on)) values[one.name] = one.value
  if (values.subjects === undefined && typeof values.subject === 'string' && values.subject !== '')
    values.subjects = [values.subject]
  const phone = (await store.findPerson(tx, personId))?.phone
  return phone ? { ...values, phone } : values
}

/** Refuses values that cannot be kept, each named at its field. */
export function demandAttributes(tx: Tx, values: Record<string, AttributeValue>): void {
  const problems = attributeProblems(values, tx.today)
  const [first] = Object.values(problems)
  if (first !== undefined)
    refuse(`${first}。`, {
      fields: Object.fromEntries(
        Object.entries(problems).map(([name, message]) => [`attributes.${name}`, message]),
      ),
    })
}

/**
 * Somebody says what is wrong in the own record; the office is asked. What is as proposed already is left out, and a
 * correction that still waits is replaced by the new one.
 */
export async function proposeCorrection(
  tx: Tx,
  input: {
    attributes: Record<string, AttributeValue>
    phone?: string | undefined
    from: LocalDate
    note: string
  },
): Promise<{ id: string }> {
  const personId = tx.actor.personId ?? refuse('请用本人的账号提出更正。')
  demand(can.proposeCorrection(tx.actor, personId))
  await store.lockRegister(tx)
  demandAttributes(tx, input.attributes)
  const current = await currentOf(tx, personId, tx.today)
  const wanted: Record<string, AttributeValue> = {
    ...input.attributes,
    ...(input.phone === undefined ? {} : { phone: input.phone }),
  }
  const changes = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => !isSameValue(current[name], value)),
  )
  if (Object.keys(changes).length === 0) refuse('没有改动：资料里已经是这样写的。')
  for (const open of await corrections.listCorrectionsOf(tx, personId))
    if (open.status === 'proposed')
      await corrections.settleCorrection(tx, { id: open.id, status: 'withdrawn', note: '另提了新的更正' })
  const id = newId()
  await corrections.insertCorrection(tx, { id, personId, changes, from: input.from, note: input.note })
  await audit(tx, {
    type: 'org.correctionProposed',
    id: personId,
    payload: { changes, from: input.from, note: input.note },
  })
  changed(tx, 'org', 'inbox')
  return { id }
}

/** The office takes a correction over into the record, or declines it with the reason. */
export async function decideCorrection(
  tx: Tx,
  input: { id: string; accept: boolean; note?: string },
): Promise<void> {
  const row = (await corrections.lockCorrection(tx, input.id)) ?? refuseNotFound('更正')
  demand(can.decideCorrection(tx.actor, row))
  const note = input.note?.trim() ?? ''
  if (!input.accept && note === '') refuse('请写明不采纳的原因。', { fields: { note: '请填写' } })
  if (input.accept) {
    const { phone, ...attributes } = row.changes
    await savePerson(tx, {
      personId: row.personId,
      ...(typeof phone === 'string' ? { phone } : {}),
      from: row.from,
      attributes,
    })
  }
  await corrections.settleCorrection(tx, { id: row.id, status: input.accept ? 'accepted' : 'declined', note })
  await audit(tx, {
    type: input.accept ? 'org.correctionAccepted' : 'org.correctionDeclined',
    id: row.personId,
    payload: { changes: row.changes, note },
  })
  changed(tx, 'org', 'inbox')
}

/** Whoever proposed it takes it back. */
export async function withdrawCorrection(tx: Tx, id: string): Promise<void> {
  const row = (await corrections.lockCorrection(tx, id)) ?? refuseNotFound('更正')
  demand(can.withdrawCorrection(tx.actor, row))
  await corrections.settleCorrection(tx, { id: row.id, status: 'withdrawn', note: '' })
  await audit(tx, { type: 'org.correctionWithdrawn', id: row.personId, payload: {} })
  changed(tx, 'org', 'inbox')
}

async function describe(tx: Tx, row: corrections.CorrectionRow): Promise<CorrectionView> {
  const current = row.status === 'proposed' ? await currentOf(tx, row.personId, tx.today) : {}
  return {
    ...row,
    // In the order of the form, the phone first.
    changes: (['phone', ...attributeNames] as const)
      .filter((name) => row.changes[name] !== undefined)
      .map((name) => ({
        name,
        label: name === 'phone' ? '手机' : attributeLabels[name],
        before: attributeText(current[name]),
        after: attributeText(row.changes[name]),
      })),
    abilities: {
      decide: can.decideCorrection(tx.actor, row),
      withdraw: can.withdrawCorrection(tx.actor, row),
    },
  }
}

/** The correction of a person that waits; null where none does. */
export async function findWaitingCorrection(tx: Tx, personId: string): Promise<CorrectionView | null> {
  const row = (await corrections.listCorrectionsOf(tx, personId)).find((one) => one.status === 'proposed')
  return row ? describe(tx, row) : null
}

/** The caller's own corrections, and for the office those that wait for its decision. */
export async function listCorrections(
  tx: Tx,
): Promise<{ mine: CorrectionView[]; waiting: CorrectionView[] }> {
  const own = tx.actor.personId ? await corrections.listCorrectionsOf(tx, tx.actor.personId) : []
  return {
    mine: await Promise.all(own.map((row) => describe(tx, row))),
    waiting: await listWaitingCorrections(tx),
  }
}

/** Corrections that wait and that the caller may decide. */
async function listWaitingCorrections(tx: Tx): Promise<CorrectionView[]> {
  if (can.maintain(tx.actor) !== null) return []
  const rows = await corrections.listOpenCorrections(tx)
  return Promise.all(rows.map((row) => describe(tx, row)))
}

/** Those that lie on the caller's desk: 教导处 decides, the others only where nobody of 教导处 is there. */
export async function listCorrectionsToDecide(tx: Tx): Promise<CorrectionView[]> {
  if (can.maintain(tx.actor) !== null) return []
  if (!tx.actor.roles.includes('academicOffice')) {
    const posts = await store.listPosts(tx, tx.today)
    if (posts.some((post) => post.role === 'academicOffice')) return []
  }
  return listWaitingCorrections(tx)
}
