import type { ClosedRange, LocalDate } from '../../engine/types.ts'
import type { AgendaItem, AgendaSource } from '../calendar/agenda.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { findOrganisation, listSchoolsOf, type Organisation } from '../org/store.ts'
import { unitKindLabels, type UnitKind } from '../org/words.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import { findDistrict, type Found, getAnywhere, getDelivery } from './actions.ts'
import type { DeliverableView, DeliveryView, PhaseView, ProgrammeLine, ProgrammeView } from './contract.ts'
import { stateOf } from './rules.ts'
import * as store from './store.ts'
import {
  type Decision,
  decisionLabels,
  type DeliveryState,
  deliveryStatusLabels,
  ownerLabels,
} from './words.ts'

interface Debtor {
  name: string
  unitId: string | null
  schoolId: string | null
  unitKind: string | null
}
/** Who can owe something here: the organisation, its groups, or (of a district) its schools. */
interface Debtors {
  organisation: Debtor
  units: Debtor[]
  schools: Debtor[]
}

async function debtorsOf(tx: Tx, organisation: Organisation): Promise<Debtors> {
  const schools = organisation.kind === 'district' ? await listSchoolsOf(tx, organisation.id) : []
  return {
    organisation: { name: organisation.name, unitId: null, schoolId: null, unitKind: null },
    units: (await store.listUnitsOfKind(tx, tx.today)).map((unit) => ({
      name: unit.name,
      unitId: unit.id,
      schoolId: null,
      unitKind: unit.kind,
    })),
    schools: schools.map((school) => ({
      name: school.name,
      unitId: null,
      schoolId: school.id,
      unitKind: null,
    })),
  }
}

/** Deliveries by programme, with the school where they lie; in a district those of every school. */
type Handed = store.DeliveryRow & { schoolId: string | null }
async function loadHanded(tx: Tx, programmeIds: string[], debtors: Debtors): Promise<Handed[]> {
  const here = (await store.listDeliveries(tx, programmeIds)).map((one) => ({ ...one, schoolId: null }))
  const there: Handed[] = []
  for (const { schoolId } of debtors.schools) {
    if (schoolId === null) continue
    const rows = await inScopeOf(tx, schoolId, (other) => store.listDeliveries(other, programmeIds))
    there.push(...rows.map((row) => ({ ...row, schoolId })))
  }
  return [...here, ...there]
}

function owing(deliverable: store.DeliverableRow, debtors: Debtors, isDistrict: boolean): Debtor[] {
  // A school that reads its district's programme sees what it owes itself.
  if (isDistrict) return deliverable.owner === 'schools' ? [debtors.organisation] : []
  if (deliverable.owner === 'organisation') return [debtors.organisation]
  if (deliverable.owner === 'schools') return debtors.schools
  return debtors.units.filter((unit) => unit.unitKind === deliverable.unitKind)
}

const decisions: Partial<Record<store.DeliveryRow['status'], Decision>> = {
  delivered: 'waiting',
  accepted: 'accepted',
  returned: 'returned',
}

function deliverableView(
  tx: Tx,
  found: Found,
  deliverable: store.DeliverableRow,
  debtors: Debtors,
  handed: Handed[],
): DeliverableView {
  const owners = owing(deliverable, debtors, found.isDistrict).map((debtor): DeliveryView => {
    const one = handed.find(
      (row) =>
        row.deliverableId === deliverable.id &&
        row.unitId === debtor.unitId &&
        row.schoolId === debtor.schoolId,
    )
    const delivered = one?.status === 'delivered' || one?.status === 'accepted'
    const away = debtor.schoolId === null ? null : '由学校自己提交。'
    const owes = away ?? can.deliver(tx.actor, found.programme, debtor.unitId)
    const reason = owes ?? (one ? can.changeDelivery(tx.actor, found.programme, one) : null)
    const isDistrict = found.isDistrict || debtor.schoolId !== null
    return {
      id: one?.id ?? null,
      ownerName: debtor.name,
      unitId: debtor.unitId,
      schoolId: debtor.schoolId,
      state: stateOf(deliverable.dueOn, delivered ? one.deliveredOn : null, tx.today),
      deliveredOn: delivered ? one.deliveredOn : null,
      deliveredByName: delivered ? one.deliveredByName : null,
      link:
        delivered && one.linkRoom !== null && one.linkId !== null
          ? { room: one.linkRoom, id: one.linkId, title: one.linkTitle }
          : null,
      note: delivered ? one.note : '',
      files: one?.files ?? 0,
      isMine: owes === null,
      decision: one ? (decisions[one.status] ?? null) : null,
      decidedByName: one?.decidedByName ?? '',
      decidedOn: one?.decidedOn ?? null,
      decisionNote: one?.decisionNote ?? '',
      abilities: {
        deliver: reason,
        withdraw: delivered ? reason : '还没有提交。',
        decide: one ? can.receive(tx.actor, { ...found.programme, isDistrict }, one) : '还没有提交。',
      },
    }
  })
  return {
    id: deliverable.id,
    title: deliverable.title,
    owner: deliverable.owner,
    ownerLabel:
      deliverable.owner === 'units'
        ? `各${unitKindLabels[deliverable.unitKind as UnitKind] ?? '组'}`
        : deliverable.owner === 'organisation'
          ? found.organisation.name
          : ownerLabels.schools,
    unitKind: deliverable.unitKind,
    dueOn: deliverable.dueOn,
    artefact: deliverable.artefact,
    done: owners.filter((owner) => owner.deliveredOn !== null).length,
    of: owners.length,
    owners,
  }
}

function phasesOf(tx: Tx, found: Found, debtors: Debtors, handed: Handed[]): PhaseView[] {
  return found.phases.map((phase) => ({
    id: phase.id,
    title: phase.title,
    from: phase.from,
    to: phase.to,
    stage: phase.to < tx.today ? 'over' : phase.from > tx.today ? 'ahead' : 'now',
    deliverables: found.deliverables
      .filter((one) => one.phaseId === phase.id)
      .map((one) => deliverableView(tx, found, one, debtors, handed)),
  }))
}

function lineOf(found: Found, phases: PhaseView[]): ProgrammeLine {
  const all = phases.flatMap((phase) => phase.deliverables).flatMap((one) => one.owners)
  const runs = found.programme.status === 'published'
  return {
    id: found.programme.id,
    title: found.programme.title,
    organisationName: found.organisation.name,
    isDistrict: found.isDistrict,
    status: found.programme.status,
    from: phases[0]?.from ?? '',
    to: phases.at(-1)?.to ?? '',
    phaseNow: phases.find((phase) => phase.stage === 'now')?.title ?? null,
    done: all.filter((owner) => owner.deliveredOn !== null).length,
    of: all.length,
    overdue: runs ? all.filter((owner) => owner.state === 'overdue').length : 0,
    waiting: runs ? all.filter((owner) => owner.isMine && owner.deliveredOn === null).length : 0,
    toAccept: all.filter((owner) => owner.decision === 'waiting' && owner.abilities.decide === null).length,
  }
}

async function loadAll(tx: Tx): Promise<{ found: Found; phases: PhaseView[] }[]> {
  const organisation = await findOrganisation(tx)
  if (!organisation) return []
  const district = await findDistrict(tx)
  const load = async (other: Tx) => {
    const programmes = await store.listProgrammes(other)
    const ids = programmes.map((one) => one.id)
    return programmes.length === 0
      ? { programmes, phases: [], deliverables: [] }
      : {
          programmes,
          phases: await store.listPhases(other, ids),
          deliverables: await store.listDeliverables(other, ids),
        }
  }
  const here = await load(tx)
  const there = district ? await inScopeOf(tx, district.id, load) : null
  const founds: Found[] = []
  const add = (from: typeof here, owner: Organisation, isDistrict: boolean) => {
    for (const programme of from.programmes) {
      if (isDistrict ? programme.status === 'draft' : !can.see(tx.actor, programme)) continue
      founds.push({
        programme,
        phases: from.phases.filter((one) => one.programmeId === programme.id),
        deliverables: from.deliverables.filter((one) => one.programmeId === programme.id),
        organisation: owner,
        isDistrict,
      })
    }
  }
  if (there && district) add(there, district, true)
  add(here, organisation, false)
  if (founds.length === 0) return []
  const debtors = await debtorsOf(tx, organisation)
  const handed = await loadHanded(
    tx,
    founds.map((found) => found.programme.id),
    debtors,
  )
  return founds.map((found) => ({ found, phases: phasesOf(tx, found, debtors, handed) }))
}

const unitKinds = () => Object.entries(unitKindLabels).map(([id, label]) => ({ id, label }))

/** All programmes that bind the organisation, those of the district first. */
export async function loadProgrammes(tx: Tx) {
  const organisation = await findOrganisation(tx)
  return {
    programmes: (await loadAll(tx)).map(({ found, phases }) => lineOf(found, phases)),
    abilities: { define: can.define(tx.actor) },
    isDistrict: organisation?.kind === 'district',
    unitKinds: unitKinds(),
    today: tx.today,
  }
}

/** One programme with its phases, who has delivered what, and the progress of each. */
export async function viewProgramme(tx: Tx, id: string): Promise<ProgrammeView> {
  const found = await getAnywhere(tx, id)
  const organisation = (await findOrganisation(tx)) ?? found.organisation
  const debtors = await debtorsOf(tx, organisation)
  const handed = await loadHanded(tx, [id], debtors)
  const phases = phasesOf(tx, found, debtors, handed)
  const { programme } = found
  const state = { status: programme.status, isOwn: !found.isDistrict }
  const owners = phases.flatMap((phase) => phase.deliverables).flatMap((one) => one.owners)
  const groups = Map.groupBy(owners, (owner) => owner.schoolId ?? owner.unitId ?? tx.orgId)
  return {
    ...lineOf(found, phases),
    aim: programme.aim,
    basis: programme.basis,
    version: programme.version,
    phases,
    progress: [...groups].map(([key, rows]) => ({
      id: key,
      name: rows[0]?.ownerName ?? '',
      done: rows.filter((row) => row.deliveredOn !== null).length,
      of: rows.length,
      overdue: rows.filter((row) => row.state === 'overdue').length,
    })),
    unitKinds: unitKinds(),
    today: tx.today,
    abilities: {
      change: can.change(tx.actor, state),
      publish: can.publish(tx.actor, state),
      close: can.close(tx.actor, state),
      discard: can.discard(tx.actor, state),
    },
  }
}

/** The files of a delivery and what has happened to it; a district reads them in the scope of the school. */
export async function viewDelivery(tx: Tx, input: { deliveryId: string; schoolId: string | null }) {
  const { schoolId, deliveryId } = input
  const read = async (there: Tx) => ({
    programmeId: (await getDelivery(there, deliveryId)).programmeId,
    history: await store.listEvents(there, deliveryId),
    files: await listAttachmentsOf(there, 'programme', deliveryId),
  })
  if (schoolId !== null && !(await listSchoolsOf(tx, tx.orgId)).some((one) => one.id === schoolId))
    refuseNotFound('学校')
  const { programmeId, ...view } = schoolId === null ? await read(tx) : await inScopeOf(tx, schoolId, read)
  // In a school it may be the district's programme; a district sees what was handed in for its own.
  if (schoolId === null) await getAnywhere(tx, programmeId)
  else if (!(await store.findProgramme(tx, programmeId))) refuseNotFound('提交记录')
  return view
}

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const day = (title: string) => ({ title, width: 14, kind: 'date' as const })

/** Who has delivered what, for Excel. */
export function progressSheet(view: ProgrammeView): Sheet {
  return {
    name: '项目进度',
    columns: [
      text('阶段', 16),
      text('任务', 36),
      text('提交单位', 24),
      day('期限'),
      text('状态', 10),
      day('提交日期'),
      text('提交人', 12),
      text('验收', 10),
      text('材料', 40),
      text('说明', 40),
    ],
    rows: view.phases.flatMap((phase) =>
      phase.deliverables.flatMap((one) =>
        one.owners.map((owner) => [
          phase.title,
          one.title,
          owner.ownerName,
          one.dueOn,
          deliveryStatusLabels[owner.state],
          owner.deliveredOn,
          owner.deliveredByName,
          owner.decision === null ? '' : decisionLabels[owner.decision],
          owner.link?.title ?? (owner.files > 0 ? `${owner.files} 个附件` : ''),
          owner.note,
        ]),
      ),
    ),
  }
}

export interface Owed {
  programmeId: string
  programme: string
  deliverableId: string
  title: string
  unitId: string | null
  ownerName: string
  dueOn: LocalDate
  state: DeliveryState
  deliveryId: string | null
  /** It came back: by whom and why. */
  returned: { byName: string; note: string; on: LocalDate | null } | null
}

/** What the caller may hand in and is due soon, late or came back, the most urgent first. */
export async function listOwed(tx: Tx): Promise<Owed[]> {
  const owed: Owed[] = []
  for (const { found, phases } of await loadAll(tx)) {
    if (found.programme.status !== 'published') continue
    for (const one of phases.flatMap((phase) => phase.deliverables))
      for (const owner of one.owners) {
        const isBack = owner.decision === 'returned'
        if (!owner.isMine || owner.deliveredOn !== null || (owner.state === 'open' && !isBack)) continue
        owed.push({
          programmeId: found.programme.id,
          programme: found.programme.title,
          deliverableId: one.id,
          title: one.title,
          unitId: owner.unitId,
          ownerName: owner.ownerName,
          dueOn: one.dueOn,
          state: owner.state,
          deliveryId: owner.id,
          returned: isBack
            ? { byName: owner.decidedByName, note: owner.decisionNote, on: owner.decidedOn }
            : null,
        })
      }
  }
  return owed.sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
}

/** Last days of what is still owed, for the calendar: of one's own units, a group, the organisation. */
export const programmeAgenda: AgendaSource = {
  async list(tx, range: ClosedRange, who) {
    const items: AgendaItem[] = []
    for (const { found, phases } of await loadAll(tx)) {
      if (found.programme.status !== 'published') continue
      for (const one of phases.flatMap((phase) => phase.deliverables)) {
        if (one.dueOn < range.from || one.dueOn > range.to) continue
        for (const owner of one.owners) {
          const isUnit = owner.unitId !== null && who.unitIds.includes(owner.unitId)
          if (who.scope === 'mine' ? !owner.isMine : who.scope === 'group' && !isUnit) continue
          if (owner.schoolId !== null) continue
          items.push({
            key: `programme-${one.id}-${owner.unitId ?? 'own'}`,
            kind: 'programme',
            day: one.dueOn,
            starts: null,
            ends: null,
            title: one.title,
            unitName: owner.unitId === null ? '' : owner.ownerName,
            place: '',
            state: owner.deliveredOn !== null ? 'done' : owner.state === 'overdue' ? 'overdue' : 'due',
            note: found.programme.title,
            movedFrom: null,
            isMine: owner.isMine,
            link: { page: 'programme', id: found.programme.id },
          })
        }
      }
    }
    return items
  },
}
