import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import * as areas from './area-store.ts'
import { getOwn, listNeighbours } from './schools.ts'
import * as store from './store.ts'
import { foundUnit } from './unit-actions.ts'

async function demandAreas(tx: Tx): Promise<void> {
  demand(can.maintainAreas(tx.actor, (await getOwn(tx)).kind))
  await store.lockRegister(tx)
}

async function getArea(tx: Tx, unitId: string): Promise<store.UnitRow> {
  const unit = await store.findUnit(tx, unitId)
  if (!unit || unit.kind !== 'area') refuseNotFound('片区')
  if (unit.toOn !== null && unit.toOn < tx.today) refuse(`“${unit.name}”已经在 ${unit.toOn} 撤销了。`)
  return unit
}

/** The district founds an area (片区, 学区). Returns its id. */
export async function createArea(tx: Tx, input: { name: string; from: LocalDate }): Promise<string> {
  await demandAreas(tx)
  return foundUnit(tx, { kind: 'area', name: input.name, parentId: null, subject: '', from: input.from })
}

/** Puts schools into an area from a day on. A school is in one area at a time. Returns how many were added. */
export async function addAreaSchools(
  tx: Tx,
  input: { unitId: string; schoolIds: string[]; from: LocalDate },
): Promise<number> {
  await demandAreas(tx)
  const area = await getArea(tx, input.unitId)
  if (input.from < area.fromOn)
    refuse(`“${area.name}”从 ${area.fromOn} 才成立，请选择这天或以后的日期。`, { fields: { from: '太早' } })
  const schools = await listNeighbours(tx)
  const known = await areas.listAreaSchools(tx, input.from)
  const added: string[] = []
  for (const schoolId of new Set(input.schoolIds)) {
    const school = schools.find((one) => one.id === schoolId) ?? refuseNotFound('学校')
    const other = known.find((one) => one.schoolId === schoolId)
    if (other?.unitId === area.id) continue
    if (other) refuse(`${school.name}已经在“${other.areaName}”里，请先从那里移出。`)
    added.push(schoolId)
  }
  await areas.insertAreaSchools(tx, { unitId: area.id, schoolIds: added, from: input.from })
  if (added.length > 0) {
    await audit(tx, {
      type: 'org.areaSchoolsAdded',
      id: area.id,
      payload: { schoolIds: added, from: input.from },
    })
    changed(tx, 'org')
  }
  return added.length
}

/** A school is no longer in an area after a day. */
export async function removeAreaSchool(
  tx: Tx,
  input: { unitId: string; schoolId: string; on: LocalDate },
): Promise<void> {
  await demandAreas(tx)
  const area = await getArea(tx, input.unitId)
  const ended = await areas.endAreaSchool(tx, { ...input, unitId: area.id })
  if (ended === 0) refuse('这所学校现在不在这个片区，请刷新页面看最新情况。')
  await audit(tx, { type: 'org.areaSchoolRemoved', id: area.id, payload: { ...input } })
  changed(tx, 'org')
}

/** The school that leads the area (组长学校); whichever led before does no longer. */
export async function setLeadSchool(tx: Tx, input: { unitId: string; schoolId: string }): Promise<void> {
  await demandAreas(tx)
  const area = await getArea(tx, input.unitId)
  const own = (await areas.listAreaSchools(tx, tx.today)).filter((one) => one.unitId === area.id)
  if (!own.some((one) => one.schoolId === input.schoolId)) refuse('组长学校要在这个片区里，请先把它加进来。')
  await areas.setLeadSchool(tx, { unitId: area.id, schoolId: input.schoolId })
  await audit(tx, { type: 'org.leadSchoolSet', id: area.id, payload: { schoolId: input.schoolId } })
  changed(tx, 'org')
}
