import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation, findUnit, listSchoolsOf, listUnits } from '../org/store.ts'
import { can } from './access.ts'
import type { HeldTitleView } from './contract.ts'
import { labelIn, type Word } from './rules.ts'
import { countedOf, regimesNow } from './standing.ts'
import * as store from './title-store.ts'
import { titleLevels, usualBodyTitles } from './words.ts'

/** Whether a word is a title of a school or group rather than of a person. */
export const isOfBody = (word: Word): boolean =>
  /School|Group|Unit/.test(word.id) || /学校|组$|组称号|单位|集体/.test(word.label)

/** Titles of groups and schools: those that the regime counts, then the usual ones. */
export async function bodyTitleWords(tx: Tx): Promise<Word[]> {
  const regimes = await regimesNow(tx)
  const ids = new Set(countedOf(regimes, 'title.held').flatMap((one) => one.values.title ?? []))
  const named = [...ids].map((id) => ({ id, label: labelIn(regimes, 'title', id) })).filter(isOfBody)
  return [...named, ...usualBodyTitles.filter((one) => !ids.has(one.id))]
}

/** A title of a group, of the organisation itself, or (recorded by a district) of one of its schools. */
export async function recordTitle(
  tx: Tx,
  input: {
    unitId?: string | null
    schoolId?: string | null
    title: string
    level: string
    grantedOn: LocalDate
    proof?: string
  },
): Promise<{ id: string }> {
  demand(can.recordTitle(tx.actor))
  await store.lockTitles(tx)
  const organisation = (await findOrganisation(tx)) ?? refuseNotFound('单位')
  const words = await bodyTitleWords(tx)
  const word = words.find((one) => one.id === input.title)
  if (!word) refuse('没有这个称号，请重新选择。', { fields: { title: '请重新选择' } })
  if (!titleLevels.some((one) => one.id === input.level))
    refuse('请选择级别。', { fields: { level: '请选择' } })
  if (input.grantedOn > tx.today) refuse('授予的日子不能晚于今天。', { fields: { grantedOn: '晚于今天' } })
  const unit = input.unitId ? ((await findUnit(tx, input.unitId)) ?? refuseNotFound('组')) : undefined
  const school = input.schoolId
    ? ((await listSchoolsOf(tx, tx.orgId)).find((one) => one.id === input.schoolId) ?? refuseNotFound('学校'))
    : undefined
  const holderName = unit?.name ?? school?.name ?? organisation.name
  const same = (await store.listTitles(tx)).find(
    (one) =>
      one.unitId === (unit?.id ?? null) &&
      one.schoolId === (school?.id ?? null) &&
      one.title === input.title &&
      one.level === input.level,
  )
  if (same)
    refuse(`${holderName}的这个称号在 ${same.grantedOn} 已经登记过了。`, { fields: { title: '已经登记' } })
  const id = newId()
  await store.insertTitle(tx, {
    id,
    unitId: unit?.id ?? null,
    schoolId: school?.id ?? null,
    holderName,
    title: input.title,
    level: input.level,
    grantedOn: input.grantedOn,
    proof: input.proof?.trim() ?? '',
  })
  await recordFacts(tx, [
    {
      kind: 'title.held',
      subject: unit ? { kind: 'unit', id: unit.id } : { kind: 'organisation', id: tx.orgId },
      on: input.grantedOn,
      quantity: 1,
      attributes: { title: input.title, level: input.level },
      source: { room: 'duty', id },
      key: `duty:${id}`,
    },
  ])
  await audit(tx, {
    type: 'duty.titleRecorded',
    id,
    payload: { holderName, title: input.title, level: input.level, grantedOn: input.grantedOn },
  })
  changed(tx, 'duty')
  return { id }
}

/** Recorded by mistake, or taken away: its fact is reversed. */
export async function withdrawTitle(tx: Tx, input: { titleId: string; reason: string }): Promise<void> {
  demand(can.recordTitle(tx.actor))
  await store.lockTitles(tx)
  const title = (await store.listTitles(tx)).find((one) => one.id === input.titleId) ?? refuseNotFound('称号')
  await store.withdrawTitle(tx, title.id, input.reason)
  await reverseFacts(tx, { room: 'duty', id: title.id })
  await audit(tx, { type: 'duty.titleWithdrawn', id: title.id, payload: { reason: input.reason } })
  changed(tx, 'duty')
}

/** Titles of groups and schools, with what the form needs. */
export async function loadTitles(tx: Tx) {
  const words = await bodyTitleWords(tx)
  const organisation = (await findOrganisation(tx)) ?? refuseNotFound('单位')
  const label = (all: readonly Word[], id: string) => all.find((one) => one.id === id)?.label ?? id
  return {
    titles: (await store.listTitles(tx)).map(
      (row): HeldTitleView => ({
        id: row.id,
        holderName: row.holderName,
        titleLabel: label(words, row.title),
        levelLabel: label(titleLevels, row.level),
        grantedOn: row.grantedOn,
        proof: row.proof,
      }),
    ),
    words,
    levels: titleLevels,
    units: (await listUnits(tx, tx.today)).map(({ id, name }) => ({ id, label: name })),
    schools:
      organisation.kind === 'district'
        ? (await listSchoolsOf(tx, tx.orgId)).map(({ id, name }) => ({ id, label: name }))
        : [],
    organisationName: organisation.name,
    today: tx.today,
    abilities: { record: can.recordTitle(tx.actor) },
  }
}
