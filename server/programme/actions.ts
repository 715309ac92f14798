import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { roleLabels } from '../kit/gate.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { findOrganisation, findUnit, listSchoolsOf, type Organisation } from '../org/store.ts'
import { can } from './access.ts'
import type { ProgrammeInput } from './contract.ts'
import { deliveryFacts, problemOf } from './rules.ts'
import * as store from './store.ts'
import type { DeliveryEvent, LinkRoom } from './words.ts'

async function own(tx: Tx): Promise<Organisation> {
  return (await findOrganisation(tx)) ?? refuseNotFound('单位')
}

/** Checks the parts and gives them ids; those that are known keep theirs and the name of their step. */
async function partsOf(tx: Tx, programmeId: string, input: ProgrammeInput) {
  const problem = problemOf(input, (await own(tx)).kind === 'district')
  if (problem) refuse(problem.message, { fields: { [problem.field]: problem.message } })
  const known = new Map((await store.listDeliverables(tx, [programmeId])).map((one) => [one.id, one]))
  const knownPhases = new Set((await store.listPhases(tx, [programmeId])).map((one) => one.id))
  const phases: Parameters<typeof store.replaceParts>[2] = []
  const deliverables: Parameters<typeof store.replaceParts>[3] = []
  for (const [position, phase] of input.phases.entries()) {
    if (phase.id !== undefined && !knownPhases.has(phase.id)) refuseNotFound('阶段')
    const phaseId = phase.id ?? newId()
    phases.push({ id: phaseId, position, title: phase.title.trim(), from: phase.from, to: phase.to })
    for (const item of phase.deliverables) {
      const before = item.id === undefined ? undefined : (known.get(item.id) ?? refuseNotFound('任务'))
      const id = before?.id ?? newId()
      deliverables.push({
        id,
        phaseId,
        position: deliverables.length,
        title: item.title.trim(),
        step: before?.step ?? id,
        owner: item.owner,
        unitKind: item.owner === 'units' ? (item.unitKind ?? null) : null,
        dueOn: item.dueOn,
        artefact: item.artefact,
      })
    }
  }
  return { phases, deliverables, known }
}

/** Begins a programme as a draft. */
export async function createProgramme(tx: Tx, input: ProgrammeInput): Promise<{ id: string }> {
  demand(can.define(tx.actor))
  const id = newId()
  const { phases, deliverables } = await partsOf(tx, id, input)
  await store.insertProgramme(tx, {
    id,
    title: input.title.trim(),
    flow: id,
    aim: input.aim?.trim() ?? '',
    basis: input.basis?.trim() ?? '',
  })
  await store.replaceParts(tx, id, phases, deliverables)
  await audit(tx, { type: 'programme.created', id, payload: { title: input.title } })
  changed(tx, 'programme', 'agenda')
  return { id }
}

async function getLocked(tx: Tx, id: string): Promise<store.ProgrammeRow> {
  return (await store.lockProgramme(tx, id)) ?? refuseNotFound('项目')
}

/** Changes a programme if it is still the version that was read; what was delivered for cannot be taken out. */
export async function changeProgramme(
  tx: Tx,
  input: ProgrammeInput & { id: string; version: number },
): Promise<{ version: number }> {
  const before = await getLocked(tx, input.id)
  demand(can.change(tx.actor, { ...before, isOwn: true }))
  if (before.version !== input.version)
    throw new Refusal('项目刚被别人改过，请刷新后看最新的再改。', { status: 409, code: 'conflict' })
  const { phases, deliverables, known } = await partsOf(tx, before.id, input)
  const kept = new Set(deliverables.map((one) => one.id))
  const delivered = (await store.listDeliveries(tx, [before.id])).filter((one) => one.status !== 'draft')
  const lost = delivered.find((one) => !kept.has(one.deliverableId))
  if (lost)
    refuse(`“${known.get(lost.deliverableId)?.title ?? ''}”已经有人提交，不能删去；可以改名称和期限。`)
  await store.updateProgramme(tx, {
    id: before.id,
    title: input.title.trim(),
    aim: input.aim?.trim() ?? '',
    basis: input.basis?.trim() ?? '',
  })
  await store.replaceParts(tx, before.id, phases, deliverables)
  await audit(tx, {
    type: 'programme.changed',
    id: before.id,
    payload: { before: before.title, title: input.title },
  })
  changed(tx, 'programme', 'agenda')
  return { version: before.version + 1 }
}

/** From now on it binds those who must deliver. */
export async function publishProgramme(tx: Tx, input: { id: string }): Promise<void> {
  const programme = await getLocked(tx, input.id)
  demand(can.publish(tx.actor, { ...programme, isOwn: true }))
  if ((await store.listDeliverables(tx, [programme.id])).length === 0)
    refuse('还没有写要交什么，请至少写一项再发布。')
  await store.updateStatus(tx, programme.id, 'published')
  await audit(tx, { type: 'programme.published', id: programme.id, payload: { title: programme.title } })
  changed(tx, 'programme', 'agenda')
}

export async function closeProgramme(tx: Tx, input: { id: string }): Promise<void> {
  const programme = await getLocked(tx, input.id)
  demand(can.close(tx.actor, { ...programme, isOwn: true }))
  await store.updateStatus(tx, programme.id, 'closed')
  await audit(tx, { type: 'programme.closed', id: programme.id, payload: { title: programme.title } })
  changed(tx, 'programme', 'agenda')
}

export async function discardProgramme(tx: Tx, input: { id: string }): Promise<void> {
  const programme = await getLocked(tx, input.id)
  demand(can.discard(tx.actor, { ...programme, isOwn: true }))
  await store.deleteProgramme(tx, programme.id)
  await audit(tx, { type: 'programme.discarded', id: programme.id, payload: { title: programme.title } })
  changed(tx, 'programme', 'agenda')
}

/** A programme of the organisation, or one of its district that is published, with its parts. */
export interface Found {
  programme: store.ProgrammeRow
  phases: store.PhaseRow[]
  deliverables: store.DeliverableRow[]
  organisation: Organisation
  isDistrict: boolean
}

async function findIn(tx: Tx, id: string): Promise<Omit<Found, 'organisation' | 'isDistrict'> | undefined> {
  const programme = await store.findProgramme(tx, id)
  if (!programme) return undefined
  return {
    programme,
    phases: await store.listPhases(tx, [id]),
    deliverables: await store.listDeliverables(tx, [id]),
  }
}

/** The district of a school; undefined for districts and schools without one. */
export async function findDistrict(tx: Tx): Promise<Organisation | undefined> {
  const organisation = await findOrganisation(tx)
  return organisation?.districtId ? findOrganisation(tx, organisation.districtId) : undefined
}

export async function getAnywhere(tx: Tx, id: string): Promise<Found> {
  const here = await findIn(tx, id)
  if (here) {
    if (!can.see(tx.actor, here.programme)) refuseNotFound('项目')
    return { ...here, organisation: await own(tx), isDistrict: false }
  }
  const district = (await findDistrict(tx)) ?? refuseNotFound('项目')
  const there = await inScopeOf(tx, district.id, (other) => findIn(other, id))
  if (!there || there.programme.status === 'draft') refuseNotFound('项目')
  return { ...there, organisation: district, isDistrict: true }
}

/** What a deliverer may hand in: who owes it, in this organisation. */
async function findOwed(
  tx: Tx,
  input: { id: string; deliverableId: string; unitId: string | null },
): Promise<{ found: Found; deliverable: store.DeliverableRow }> {
  const found = await getAnywhere(tx, input.id)
  const deliverable =
    found.deliverables.find((one) => one.id === input.deliverableId) ?? refuseNotFound('任务')
  if (found.isDistrict && deliverable.owner !== 'schools') refuse('这一项由区里提交，学校不用交。')
  if (!found.isDistrict && deliverable.owner === 'schools') refuse('这一项由各校提交，请到学校里提交。')
  if ((deliverable.owner === 'units') !== (input.unitId !== null))
    refuse(deliverable.owner === 'units' ? '请选择是哪个组提交。' : '这一项由学校提交，不分组。')
  if (input.unitId !== null) {
    const unit = (await findUnit(tx, input.unitId)) ?? refuseNotFound('组')
    if (unit.kind !== deliverable.unitKind) refuse(`“${unit.name}”不用交这一项。`)
    if (unit.toOn !== null && unit.toOn < tx.today) refuse(`“${unit.name}”已经撤销，不用再交。`)
  }
  demand(can.deliver(tx.actor, found.programme, input.unitId))
  return { found, deliverable }
}

/** Records that could be what is asked for. */
export async function findLinks(
  tx: Tx,
  input: { id: string; deliverableId: string; unitId: string | null },
): Promise<{ room: LinkRoom; id: string; title: string; note: string }[]> {
  const { deliverable } = await findOwed(tx, input)
  const rooms: { room: LinkRoom; paper: string | null }[] =
    deliverable.artefact === 'plan' || deliverable.artefact === 'summary'
      ? [{ room: 'plan', paper: deliverable.artefact }]
      : deliverable.artefact === 'activity'
        ? [{ room: 'activity', paper: null }]
        : deliverable.artefact === 'document'
          ? [{ room: 'regulation', paper: null }]
          : [
              { room: 'plan', paper: null },
              { room: 'activity', paper: null },
              { room: 'regulation', paper: null },
            ]
  const links = []
  for (const { room, paper } of rooms)
    for (const link of await store.listLinks(tx, { room, paper, unitId: input.unitId }))
      links.push({ room, ...link })
  return links
}

/** Begins a delivery or gives the one that was begun; whoever comes second works on the same. */
export async function startDelivery(
  tx: Tx,
  input: { id: string; deliverableId: string; unitId: string | null },
): Promise<{ deliveryId: string }> {
  const { found } = await findOwed(tx, input)
  await store.lockDeliveries(tx, input.deliverableId)
  const begun = (await store.listDeliveries(tx, [found.programme.id])).find(
    (one) => one.deliverableId === input.deliverableId && one.unitId === input.unitId,
  )
  if (begun) return { deliveryId: begun.id }
  const deliveryId = newId()
  await store.insertDelivery(tx, {
    id: deliveryId,
    programmeId: found.programme.id,
    deliverableId: input.deliverableId,
    unitId: input.unitId,
  })
  changed(tx, 'programme')
  return { deliveryId }
}

export async function getDelivery(tx: Tx, id: string): Promise<store.DeliveryRow> {
  return (await store.findDelivery(tx, id)) ?? refuseNotFound('提交记录')
}

/**
 * Hands in what was asked for: a record of the system, files, or a note that says where it is. Leaves the fact of the
 * step; handed in again it replaces the earlier fact.
 */
export async function deliver(
  tx: Tx,
  input: { deliveryId: string; link?: { room: LinkRoom; id: string } | null; note?: string },
): Promise<void> {
  const begun = await getDelivery(tx, input.deliveryId)
  await store.lockDeliveries(tx, begun.deliverableId)
  const before = await getDelivery(tx, input.deliveryId)
  const { found, deliverable } = await findOwed(tx, { ...before, id: before.programmeId })
  demand(can.changeDelivery(tx.actor, found.programme, before))
  const link = input.link ?? null
  const [record] = link
    ? await store.listLinks(tx, { room: link.room, paper: null, unitId: null, id: link.id })
    : []
  // A plan belongs to its owner; another group's is not this group's.
  const [owned] =
    link?.room === 'plan'
      ? await store.listLinks(tx, { room: 'plan', paper: null, unitId: before.unitId, id: link.id })
      : [record]
  if (link && !owned) refuseNotFound('材料')
  const note = (input.note ?? '').trim()
  if (!link && before.files === 0 && note === '')
    refuse('还没有选材料、上传文件或写说明，请至少有一样。', { fields: { note: '请填写' } })
  const deliveredOn: LocalDate = before.deliveredOn ?? tx.today
  await store.updateDelivery(tx, {
    id: before.id,
    status: 'delivered',
    linkRoom: link?.room ?? null,
    linkId: link?.id ?? null,
    linkTitle: owned?.title ?? '',
    note,
    deliveredOn,
  })
  await told(tx, before.id, 'delivered', note)
  await passOn(tx, found, before)
  await reverseFacts(tx, { room: 'programme', id: before.id })
  await recordFacts(
    tx,
    deliveryFacts({
      deliveryId: before.id,
      version: before.version + 1,
      programmeId: found.programme.id,
      flow: found.programme.flow,
      step: deliverable.step,
      artefact: deliverable.artefact,
      unitId: before.unitId,
      orgId: tx.orgId,
      deliveredOn,
      isDistrict: found.isDistrict,
      hasArtefact: link !== null || before.files > 0,
      isLinked: link !== null,
      actor: actorRole(tx),
    }),
  )
  await audit(tx, {
    type: 'programme.delivered',
    id: before.id,
    payload: { programmeId: found.programme.id, deliverable: deliverable.title, link, note },
  })
  changed(tx, 'programme', 'agenda', 'inbox')
}

const told = (tx: Tx, deliveryId: string, what: DeliveryEvent, note = '') =>
  store.insertEvent(tx, { id: newId(), deliveryId, what, note })

/** What a school hands in for its district waits there; what the district hands in itself nobody has to accept. */
async function passOn(tx: Tx, found: Found, delivery: store.DeliveryRow): Promise<void> {
  if (found.isDistrict)
    await inScopeOf(tx, found.organisation.id, (district) =>
      store.upsertReceipt(district, {
        deliveryId: delivery.id,
        schoolId: tx.orgId,
        programmeId: found.programme.id,
        deliverableId: delivery.deliverableId,
      }),
    )
  else if (found.organisation.kind === 'district') {
    await store.decideDelivery(tx, { id: delivery.id, status: 'accepted', note: '' })
    await told(tx, delivery.id, 'accepted')
  }
}

/**
 * Whoever receives it accepts what was handed in, or returns it with the reason: then its facts are reversed and it is
 * owed again. A district decides what one of its schools handed in, in the scope of that school.
 */
export async function decideDelivery(
  tx: Tx,
  input: { deliveryId: string; schoolId: string | null; accept: boolean; note?: string },
): Promise<void> {
  const note = (input.note ?? '').trim()
  if (!input.accept && note === '') refuse('请写明退回的原因。', { fields: { note: '请填写' } })
  const { schoolId } = input
  if (schoolId === null) {
    const { programmeId } = await getDelivery(tx, input.deliveryId)
    const found = await getAnywhere(tx, programmeId)
    await decideHere(tx, { ...found.programme, isDistrict: found.isDistrict }, { ...input, note })
  } else {
    const school = (await listSchoolsOf(tx, tx.orgId)).find((one) => one.id === schoolId)
    if (!school) refuseNotFound('学校')
    const delivery = await inScopeOf(tx, school.id, (there) => getDelivery(there, input.deliveryId))
    const programme = (await store.findProgramme(tx, delivery.programmeId)) ?? refuseNotFound('项目')
    await inScopeOf(tx, school.id, (there) =>
      decideHere(there, { ...programme, isDistrict: true }, { ...input, note }),
    )
    await store.deleteReceipt(tx, delivery.id)
  }
  changed(tx, 'programme', 'agenda', 'inbox', 'home')
}

/** In the scope where the delivery lies. */
async function decideHere(
  tx: Tx,
  programme: store.ProgrammeRow & { isDistrict: boolean },
  input: { deliveryId: string; accept: boolean; note: string },
): Promise<void> {
  const seen = await getDelivery(tx, input.deliveryId)
  await store.lockDeliveries(tx, seen.deliverableId)
  const delivery = await getDelivery(tx, input.deliveryId)
  demand(can.receive(tx.actor, programme, delivery))
  if (input.accept && delivery.status === 'accepted') return
  const status = input.accept ? ('accepted' as const) : ('returned' as const)
  await store.decideDelivery(tx, { id: delivery.id, status, note: input.note })
  await told(tx, delivery.id, status, input.note)
  if (!input.accept) await reverseFacts(tx, { room: 'programme', id: delivery.id })
  await audit(tx, {
    type: input.accept ? 'programme.accepted' : 'programme.returned',
    id: delivery.id,
    payload: { programmeId: programme.id, note: input.note },
  })
}

function actorRole(tx: Tx): string {
  const order = Object.keys(roleLabels).toReversed()
  return order.find((role) => tx.actor.roles.some((held) => held === role)) ?? 'system'
}

/** Takes a delivery back; its facts are reversed, it can be handed in again. */
export async function withdrawDelivery(tx: Tx, input: { deliveryId: string }): Promise<void> {
  const delivery = await getDelivery(tx, input.deliveryId)
  await store.lockDeliveries(tx, delivery.deliverableId)
  const { found } = await findOwed(tx, { ...delivery, id: delivery.programmeId })
  demand(can.changeDelivery(tx.actor, found.programme, delivery))
  if (delivery.status !== 'delivered') refuse('还没有提交，不用撤回。')
  await store.updateDelivery(tx, { ...delivery, status: 'draft', deliveredOn: null })
  await told(tx, delivery.id, 'withdrawn')
  if (found.isDistrict)
    await inScopeOf(tx, found.organisation.id, (district) => store.deleteReceipt(district, delivery.id))
  await reverseFacts(tx, { room: 'programme', id: delivery.id })
  await audit(tx, {
    type: 'programme.withdrawn',
    id: delivery.id,
    payload: { programmeId: delivery.programmeId },
  })
  changed(tx, 'programme', 'agenda', 'inbox')
}

/** Files of a delivery: seen by the school, added by those who deliver while the programme runs. */
export const fileOwner = {
  async see(tx: Tx, recordId: string): Promise<string | null> {
    await getDelivery(tx, recordId)
    return null
  },
  async attach(tx: Tx, recordId: string): Promise<string | null> {
    const delivery = await getDelivery(tx, recordId)
    const { programme } = await getAnywhere(tx, delivery.programmeId)
    return can.changeDelivery(tx.actor, programme, delivery)
  },
}
