import { blocksOf, minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import type { Finding, LocalDate, Subject } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { localDateOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import {
  findOrganisation,
  findPerson,
  findUnit,
  listMembers,
  listPeople,
  listUnits,
  listUnitsOfPerson,
} from '../org/store.ts'
import { can } from './access.ts'
import { listFindings } from './actions.ts'
import { findYearInForce, type YearInForce } from './adoption.ts'
import { listNames } from './drafts-store.ts'
import type { ConfirmationView, DutiesPage, DutyRow } from './results-contract.ts'
import * as store from './results-store.ts'
import type { ConfirmationResult } from './words.ts'

/** The room of the facts and files that belong to confirmations. */
export const confirmationRoom = 'confirmation'

/** Whether people confirm a rule, may declare it not due, or have nothing to say of it. */
export function dutyKindOf(regime: Regime, rule: Rule): 'manual' | 'act' | null {
  if (blocksOf(rule)[0] === 'manual') return 'manual'
  const numbered = minimaOf(regime, rule).some((minimum) => minimum.atLeast > 1)
  return (rule.kind === 'act' || rule.kind === 'flow') && !numbered ? 'act' : null
}

async function getInForce(tx: Tx): Promise<YearInForce> {
  return (await findYearInForce(tx)) ?? refuse('还没有采用制度，采用以后才有需要人工确认的条款。')
}

/** The name of a subject of this school and the groups to which a person belongs. */
export async function getSubject(tx: Tx, subject: Subject): Promise<{ name: string; unitIds: string[] }> {
  if (subject.kind === 'organisation') {
    if (subject.id !== tx.orgId) refuseNotFound('学校')
    return { name: (await findOrganisation(tx))?.name ?? '学校', unitIds: [] }
  }
  if (subject.kind === 'unit')
    return { name: ((await findUnit(tx, subject.id)) ?? refuseNotFound('小组')).name, unitIds: [] }
  const person = (await findPerson(tx, subject.id)) ?? refuseNotFound('人员')
  const units = await listUnitsOfPerson(tx, subject.id, tx.today)
  return { name: person.name, unitIds: units.map((unit) => unit.id) }
}

/** What people have to say of a subject this school year: by rule and period, with what they have said. */
export async function listDuties(tx: Tx, asked: Subject | undefined): Promise<DutiesPage> {
  const inForce = await findYearInForce(tx)
  const led = tx.actor.leads[0]
  // A group leader begins with the own group.
  const subject: Subject =
    asked ??
    (can.seeSchool(tx.actor) !== null && led
      ? { kind: 'unit', id: led.unitId }
      : { kind: 'organisation', id: tx.orgId })
  const { name, unitIds } = await getSubject(tx, subject)
  demand(
    subject.kind === 'person'
      ? can.seePerson(tx.actor, { id: subject.id, unitIds })
      : subject.kind === 'unit'
        ? can.seeGroup(tx.actor, subject.id)
        : can.seeSchool(tx.actor),
  )
  const confirm = can.confirmDuty(tx.actor, { ...subject, unitIds })
  const units = (await listUnits(tx, tx.today)).filter((unit) => can.seeGroup(tx.actor, unit.id) === null)
  const subjects: DutiesPage['subjects'] = [
    ...(can.seeSchool(tx.actor) === null
      ? [{ kind: 'organisation' as const, id: tx.orgId, name: '全校' }]
      : []),
    ...units.map((unit) => ({ kind: 'unit' as const, id: unit.id, name: unit.name })),
    ...(await peopleOf(tx)).map((person) => ({ kind: 'person' as const, ...person })),
  ]
  const page: DutiesPage = {
    subject: { ...subject, name },
    subjects,
    rows: [],
    counts: { open: 0, done: 0, notDone: 0, notDue: 0 },
    withdrawn: [],
    today: tx.today,
    abilities: { confirm },
  }
  if (!inForce) return page
  const said = await store.listConfirmations(tx, subject.id, inForce.year.id)
  const names = await listNames(
    tx,
    said.flatMap((row) => [row.confirmedBy, row.withdrawnBy]),
  )
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
  const findings = await listFindings(tx, subject, inForce.year.id)
  for (const { regime, level } of inForce.regimes) {
    for (const rule of regime.rules) {
      const kind = dutyKindOf(regime, rule)
      if (kind === null) continue
      const own = periodsOf(findings, regime, rule, kind, tx.today)
      if (own.length === 0) continue
      const row: DutyRow = {
        regimeId: regime.id,
        ruleId: rule.id,
        clause: rule.clause,
        title: rule.title,
        text: rule.text,
        kind,
        because: rule.manual ?? '按记录计算；本期确实不需要的，可以声明“本期不要求”。',
        level,
        periods: [],
      }
      for (const finding of own) {
        const there = said.find(
          (one) => one.ruleId === rule.id && one.periodId === finding.period.id && one.withdrawnAt === null,
        )
        const view: ConfirmationView | null = there
          ? {
              id: there.id,
              result: there.result,
              sentence: there.sentence,
              link: there.link,
              byName: nameOf(there.confirmedBy),
              on: localDateOf(there.confirmedAt),
              attachments: await listAttachmentsOf(tx, confirmationRoom, there.id),
              withdraw: confirm,
            }
          : null
        if (view) page.counts[view.result]++
        else if (kind === 'manual') page.counts.open++
        row.periods.push({
          ...finding.period,
          current: finding.period.from <= tx.today && tx.today <= finding.period.to,
          state: finding.state,
          confirmation: view,
        })
      }
      page.rows.push(row)
    }
  }
  page.withdrawn = said
    .filter((row) => row.withdrawnAt !== null)
    .map((row) => ({
      title:
        inForce.regimes.flatMap(({ regime }) => regime.rules).find((rule) => rule.id === row.ruleId)?.title ??
        row.ruleId,
      period: row.periodLabel,
      by: nameOf(row.withdrawnBy),
      on: localDateOf(row.withdrawnAt ?? row.confirmedAt),
      because: row.withdrawnBecause ?? '',
    }))
  return page
}

/** The people of whom the caller may say something: everybody for the offices, the members of the groups one leads. */
async function peopleOf(tx: Tx): Promise<{ id: string; name: string }[]> {
  if (can.seeSchool(tx.actor) === null)
    return (await listPeople(tx, tx.today)).map(({ id, name }) => ({ id, name }))
  const members = new Map<string, string>()
  for (const { unitId } of tx.actor.leads)
    for (const member of await listMembers(tx, unitId, tx.today)) members.set(member.personId, member.name)
  return [...members].map(([id, name]) => ({ id, name }))
}

/** Periods that have begun and of which something can be said. */
function periodsOf(
  findings: Finding[],
  regime: Regime,
  rule: Rule,
  kind: 'manual' | 'act',
  today: LocalDate,
): Finding[] {
  const seen = new Set<string>()
  return findings
    .filter((finding) => finding.regimeId === regime.id && finding.ruleId === rule.id)
    .filter((finding) => finding.period.from <= today)
    .filter((finding) => kind === 'manual' || finding.state !== 'notApplicable')
    .filter((finding) => !seen.has(finding.period.id) && seen.add(finding.period.id))
}

/**
 * Says of a duty and a period that it was done, was not, or is not due. Leaves the fact that the engine reads. Refused
 * for duties that are counted from records, unless they are declared not due, and for periods that have not begun.
 */
export async function confirmDuty(
  tx: Tx,
  input: {
    subject: Subject
    ruleId: string
    periodId: string
    result: ConfirmationResult
    sentence: string
    link?: string | undefined
  },
): Promise<{ id: string }> {
  const { subject } = input
  const { unitIds } = await getSubject(tx, subject)
  demand(can.confirmDuty(tx.actor, { ...subject, unitIds }))
  const inForce = await getInForce(tx)
  const found = inForce.regimes
    .flatMap(({ regime }) => regime.rules.map((rule) => ({ regime, rule })))
    .find(({ rule }) => rule.id === input.ruleId)
  if (!found) refuseNotFound('规则')
  const { regime, rule } = found
  const kind = dutyKindOf(regime, rule)
  if (kind === null) refuse(`“${rule.title}”由系统按记录计算，不能人工确认；记录有误请在原记录中更正。`)
  if (kind === 'act' && input.result !== 'notDue')
    refuse(`“${rule.title}”按记录计算，只能声明“本期不要求”；做到没有，请补上记录。`)
  if (input.result !== 'done' && input.sentence.length < 4)
    refuse('没有做到或本期不要求的，请用一句话写明情况，至少 4 个字。', {
      fields: { sentence: '请写明情况' },
    })
  const link = input.link === undefined || input.link === '' ? null : input.link
  if (link !== null && !/^https?:\/\/\S+$/.test(link))
    refuse('链接请以 http:// 或 https:// 开头。', { fields: { link: '以 http:// 或 https:// 开头' } })
  const finding =
    periodsOf(await listFindings(tx, subject, inForce.year.id), regime, rule, kind, tx.today).find(
      (one) => one.period.id === input.periodId,
    ) ?? refuse('这一期还没有开始，或这条规则对它没有要求。请刷新后再看。', { status: 404, code: 'notFound' })
  const id = newId()
  const countsOn = tx.today < finding.period.to ? tx.today : finding.period.to
  const added = await store.insertConfirmation(tx, {
    id,
    regimeId: regime.id,
    ruleId: rule.id,
    subjectKind: subject.kind,
    subjectId: subject.id,
    schoolYearId: inForce.year.id,
    periodId: finding.period.id,
    periodLabel: finding.period.label,
    countsOn,
    result: input.result,
    sentence: input.sentence,
    link,
  })
  if (added === 0) refuse('这一期已经有人确认过；要改请先撤回原来的确认，并写明原因。')
  await recordFacts(tx, [
    {
      kind: 'duty.confirmed',
      subject,
      on: countsOn,
      quantity: 1,
      attributes: { rule: rule.id, result: input.result, note: input.sentence },
      source: { room: confirmationRoom, id },
      key: `${confirmationRoom}:${id}`,
    },
  ])
  await audit(tx, {
    type: 'regime.dutyConfirmed',
    id,
    payload: {
      ruleId: rule.id,
      period: finding.period.label,
      result: input.result,
      sentence: input.sentence,
    },
  })
  changed(tx, 'regimeResults', 'regime', 'board')
  return { id }
}

/** Takes a confirmation back with a reason; the duty waits for people again. */
export async function withdrawConfirmation(
  tx: Tx,
  input: { confirmationId: string; because: string },
): Promise<void> {
  const row =
    (await store.findConfirmation(tx, input.confirmationId, { lock: true })) ?? refuseNotFound('确认')
  const subject: Subject = { kind: row.subjectKind, id: row.subjectId }
  const { unitIds } = await getSubject(tx, subject)
  demand(can.confirmDuty(tx.actor, { ...subject, unitIds }))
  if (row.withdrawnAt !== null) refuse('这条确认已经撤回。')
  if (input.because.length < 2) refuse('撤回请写明原因。', { fields: { because: '请写明原因' } })
  await store.markWithdrawn(tx, row.id, input.because)
  await reverseFacts(tx, { room: confirmationRoom, id: row.id })
  await audit(tx, {
    type: 'regime.confirmationWithdrawn',
    id: row.id,
    payload: { ruleId: row.ruleId, period: row.periodLabel, because: input.because },
  })
  changed(tx, 'regimeResults', 'regime', 'board')
}
