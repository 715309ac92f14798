import type { Regime, Rule } from '../../engine/schema.ts'
import { findingStateLabels } from '../../engine/types.ts'
import { strengthLabels } from '../../engine/shapes/link.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnits } from '../org/store.ts'
import { listFindings } from '../regime/actions.ts'
import { findYearInForce } from '../regime/adoption.ts'
import { can } from './access.ts'
import type { ConditionView, OpinionView } from './contract.ts'
import { insertOpinion, listOpinions, type OpinionRow } from './opinion-store.ts'
import type { Word } from './rules.ts'
import * as store from './store.ts'

/** The bodies in which the caller sits today, as member or by a post. */
export async function listMyBodies(tx: Tx): Promise<Word[]> {
  const mine = new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)])
  if (mine.size === 0 || tx.actor.districtId !== null) return []
  return (await listUnits(tx, tx.today))
    .filter((unit) => unit.kind === 'body' && mine.has(unit.id))
    .map(({ id, name }) => ({ id, label: name }))
}

/** A body says what it thinks of a nomination, or whether the conditions of study suffice. */
export async function giveOpinion(
  tx: Tx,
  input: { proposalId: string | null; unitId: string; agrees: boolean; note?: string },
): Promise<void> {
  const body = (await listMyBodies(tx)).find((one) => one.id === input.unitId)
  demand(can.giveOpinion(tx.actor, body !== undefined))
  const note = input.note?.trim() ?? ''
  if (!input.agrees && note === '')
    refuse(input.proposalId === null ? '请写明还缺什么。' : '请写明不推荐的理由。', {
      fields: { note: '请填写' },
    })
  if (input.proposalId !== null) {
    const proposal = (await store.lockProposal(tx, input.proposalId)) ?? refuseNotFound('提名')
    if (proposal.status !== 'proposed') refuse('这项提名已经处理过了，请刷新页面。')
    if (proposal.personId === tx.actor.personId) refuse('不能评审自己的提名，请由机构里别的成员提出。')
  }
  const row = {
    id: newId(),
    about: input.proposalId === null ? ('environment' as const) : ('growth' as const),
    proposalId: input.proposalId,
    unitId: input.unitId,
    agrees: input.agrees,
    note,
  }
  await insertOpinion(tx, row)
  await audit(tx, {
    type: 'duty.opinionGiven',
    id: input.proposalId ?? input.unitId,
    payload: { ...row, body: body?.label ?? '' },
  })
  changed(tx, 'duty')
}

const viewOf = ({ bodyName, personName, agrees, note, on }: OpinionRow): OpinionView => ({
  bodyName,
  personName,
  agrees,
  note,
  on,
})

/** What each body said last of each nomination. */
export async function opinionsByProposal(tx: Tx): Promise<Map<string, OpinionView[]>> {
  const found = new Map<string, Map<string, OpinionRow>>()
  for (const row of await listOpinions(tx, 'growth')) {
    const own = found.get(row.proposalId ?? '') ?? new Map<string, OpinionRow>()
    if (!own.has(row.unitId)) own.set(row.unitId, row)
    found.set(row.proposalId ?? '', own)
  }
  return new Map([...found].map(([id, own]) => [id, [...own.values()].map(viewOf)]))
}

/** Reviews of the conditions of study, the latest first. */
export async function listReviews(tx: Tx): Promise<OpinionView[]> {
  return (await listOpinions(tx, 'environment')).slice(0, 20).map(viewOf)
}

const isSelection = (rule: Rule) =>
  rule.link !== undefined &&
  rule.binds !== undefined &&
  'person' in rule.binds &&
  rule.link.targets.some((target) => /骨干|能手|带头人|新秀|名师/u.test(target))

/** What the regimes say of choosing somebody for the pool: conditions, vetoes, preferences, and how the person stands. */
export async function conditionsOf(
  tx: Tx,
  regimes: readonly Regime[],
  personIds: readonly string[],
): Promise<Map<string, ConditionView[]>> {
  const wanted = regimes.flatMap((regime) =>
    regime.rules.filter(isSelection).map((rule) => ({ regime, rule })),
  )
  const inForce = wanted.length > 0 ? await findYearInForce(tx) : undefined
  const found = new Map<string, ConditionView[]>()
  if (!inForce) return found
  for (const id of new Set(personIds)) {
    const findings = await listFindings(tx, { kind: 'person', id }, inForce.year.id)
    found.set(
      id,
      wanted.flatMap(({ regime, rule }) => {
        const finding = findings
          .filter((one) => one.regimeId === regime.id && one.ruleId === rule.id)
          .toSorted((a, b) => (a.period.to < b.period.to ? 1 : -1))[0]
        if (!finding || !rule.link) return []
        return [
          {
            title: rule.title,
            clause: `${regime.title} ${rule.clause}`,
            strength: strengthLabels[rule.link.strength],
            sentence: finding.result ?? findingStateLabels[finding.state],
            state: finding.state,
          },
        ]
      }),
    )
  }
  return found
}
