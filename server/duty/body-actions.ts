import type { Regime } from '../../engine/schema.ts'
import { peopleWho } from '../../engine/shapes/body.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listCohorts as listSavedCohorts } from '../org/cohort-store.ts'
import { findUnit, listPostsOf, type UnitRow } from '../org/store.ts'
import { addMembers, removeMember } from '../org/unit-actions.ts'
import { listPresetRegimes } from '../regime/adoption.ts'
import { loadPeople, loadUnits } from '../regime/store.ts'
import { getVersions } from '../regulation/actions.ts'
import { can } from './access.ts'
import { askedOf, type Register } from './rules.ts'
import { regimesNow } from './standing.ts'
import * as store from './store.ts'
import { memberRules } from './words.ts'

async function getBody(tx: Tx, unitId: string): Promise<UnitRow> {
  const unit = await findUnit(tx, unitId)
  if (!unit || unit.kind !== 'body') refuseNotFound('组织机构')
  if (unit.toOn !== null && unit.toOn < tx.today) refuse(`“${unit.name}”已经在 ${unit.toOn} 撤销了。`)
  return unit
}

/** The language in which conditions over people are read; any regime will do where the school has none yet. */
export const languageOf = (regimes: Regime[]): Regime =>
  regimes[0] ?? listPresetRegimes()[0] ?? refuse('系统里没有制度文件，请联系管理员。')

/** Rules by which members may be derived: the usual ones, and what the regime wants wholly in a body. */
function memberRuleChoices(regimes: Regime[]): { id: string; label: string; condition: string }[] {
  const own = regimes.flatMap((regime) =>
    regime.rules.flatMap((rule) =>
      (rule.body?.members ?? []).flatMap((wanted) =>
        wanted.everybody && wanted.when !== undefined
          ? [
              {
                id: `${rule.id}:${wanted.label}`,
                label: `全体${wanted.label}（${rule.clause}）`,
                condition: wanted.when,
              },
            ]
          : [],
      ),
    ),
  )
  const known = new Set(own.map((one) => one.condition))
  return [...own, ...memberRules.filter((one) => !known.has(one.condition))]
}

/** The rules to choose from: what the regime wants, the school's saved conditions, the usual ones. */
export async function listRuleChoices(
  tx: Tx,
  regimes: Regime[],
): Promise<{ id: string; label: string; condition: string }[]> {
  const saved = await listSavedCohorts(tx)
  return [
    ...saved.map(({ id, name, condition }) => ({ id, label: `${name}（本校的人员范围）`, condition })),
    ...memberRuleChoices(regimes),
  ]
}

/** Term of office and appointment paper of a body. */
export async function saveBody(
  tx: Tx,
  input: {
    unitId: string
    from: LocalDate
    to: LocalDate | null
    regulationId: string | null
    paper: string
  },
): Promise<void> {
  demand(can.appoint(tx.actor))
  await store.lockRoom(tx)
  const body = await getBody(tx, input.unitId)
  if (input.to !== null && input.to < input.from)
    refuse('任期的最后一天在第一天之前，请核对日期。', { fields: { to: '在第一天之前' } })
  if (input.regulationId !== null) await getVersions(tx, input.regulationId)
  await store.saveBodyTerm(tx, { ...input, unitId: body.id })
  await audit(tx, { type: 'duty.bodySaved', id: body.id, payload: { ...input } })
  changed(tx, 'duty')
}

/** Makes everybody of whom a rule speaks a member, now and whenever the posts change. Gives how many were added. */
export async function addBodyRule(
  tx: Tx,
  input: { unitId: string; rule: string },
): Promise<{ added: number }> {
  demand(can.appoint(tx.actor))
  await store.lockRoom(tx)
  const body = await getBody(tx, input.unitId)
  const choice =
    (await listRuleChoices(tx, await regimesNow(tx))).find((one) => one.id === input.rule) ??
    refuse('没有这种成员，请从列表里选。', { fields: { rule: '请重新选择' } })
  const known = (await store.listMemberRules(tx)).find(
    (one) => one.unitId === body.id && one.condition === choice.condition,
  )
  if (known) refuse(`“${body.name}”的成员里已经有“${known.label}”了。`)
  const { label, condition } = choice
  const id = newId()
  await store.insertMemberRule(tx, { id, unitId: body.id, label, condition })
  await audit(tx, { type: 'duty.bodyRuleAdded', id: body.id, payload: { label, condition } })
  const added = await followRules(tx, await loadRegister(tx), body.id)
  changed(tx, 'duty')
  return { added }
}

/** The rule no longer makes members; who was one only by it leaves today. */
export async function removeBodyRule(tx: Tx, input: { unitId: string; ruleRecordId: string }): Promise<void> {
  demand(can.appoint(tx.actor))
  await store.lockRoom(tx)
  const body = await getBody(tx, input.unitId)
  const removed = await store.deleteMemberRule(tx, { id: input.ruleRecordId, unitId: body.id })
  if (removed === 0) refuseNotFound('成员规则')
  await audit(tx, { type: 'duty.bodyRuleRemoved', id: body.id, payload: { rule: input.ruleRecordId } })
  await followRules(tx, await loadRegister(tx), body.id)
  changed(tx, 'duty')
}

/** People and units as conditions see them. */
export async function loadRegister(tx: Tx): Promise<Register> {
  const [people, units] = await Promise.all([loadPeople(tx, null), loadUnits(tx)])
  return { people, units }
}

/** Makes the derived memberships of one body (or of all) agree with the register. Gives how many were added. */
export async function followRules(tx: Tx, register: Register, only?: string): Promise<number> {
  const rules = await store.listMemberRules(tx)
  const before = (await store.listMembersByRule(tx)).filter((one) => !only || one.unitId === only)
  const bodies = new Set([...rules.map((rule) => rule.unitId), ...before.map((one) => one.unitId)])
  const asked = askedOf(languageOf(await regimesNow(tx)), register, tx.today)
  let added = 0
  for (const unitId of bodies) {
    if (only && unitId !== only) continue
    const unit = register.units.find((one) => one.id === unitId)
    if (!unit || unit.from > tx.today || (unit.to !== null && unit.to < tx.today)) continue
    const wanted = new Set(
      rules
        .filter((rule) => rule.unitId === unitId)
        .flatMap((rule) => peopleWho(rule.condition, asked).map((person) => person.id)),
    )
    const members = new Set(
      register.people
        .filter((person) =>
          person.memberships.some((one) => one.unitId === unitId && (one.to === null || one.to > tx.today)),
        )
        .map((person) => person.id),
    )
    const missing = [...wanted].filter((personId) => !members.has(personId))
    if (missing.length > 0) {
      added += await addMembers(tx, { unitId, personIds: missing, from: tx.today })
      await store.insertMembersByRule(tx, unitId, missing)
    }
    const posts = await listPostsOf(tx, unitId)
    for (const { personId } of before.filter((one) => one.unitId === unitId && !wanted.has(one.personId))) {
      await store.deleteMemberByRule(tx, unitId, personId)
      const holdsPost = posts.some(
        (post) => post.personId === personId && (post.toOn === null || post.toOn > tx.today),
      )
      // Whoever has a post there stays by name; whoever has left the school is out already.
      if (!holdsPost && members.has(personId)) await removeMember(tx, { unitId, personId, on: tx.today })
    }
  }
  return added
}
