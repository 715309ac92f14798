import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttributeValue } from '../../engine/types.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { openUpload } from '../kit/uploads.ts'
import { rosterTemplate } from '../roster/template.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { listAreaSchools } from './area-store.ts'
import * as areas from './areas.ts'
import * as cohorts from './cohorts.ts'
import { orgApi, type PersonView, type UnitListItem } from './contract.ts'
import { type AttributeName, absenceKindLabels, attributeLabels, attributeNames } from './words.ts'
import * as corrections from './corrections.ts'
import { confirmRoster, previewRoster, referenceOf, rosterSheet, sha256Of } from './roster.ts'
import * as schools from './schools.ts'
import * as store from './store.ts'
import { compareCarried, describeTransfers, transferPerson, withdrawCarried } from './transfers.ts'
import * as units from './unit-actions.ts'

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function demandPost(tx: Tx, role: Parameters<typeof can.appoint>[1]): Promise<void> {
  const organisation = await store.findOrganisation(tx)
  demand(can.appoint(tx.actor, role, organisation?.kind ?? 'school'))
}

/** A person of this organisation; foreign keys would otherwise speak in the language of the database. */
async function getPerson(tx: Tx, id: string): Promise<store.PersonRow> {
  return (await store.findPerson(tx, id)) ?? refuseNotFound('人员')
}

export const orgRoom = room('org', orgApi, {
  async listPeople({ tx, input }) {
    const rows = await store.listRegister(tx, {
      q: input.q ?? '',
      unitId: input.unitId ?? null,
      status: input.status,
      on: tx.today,
      limit: input.limit,
      skip: input.skip,
    })
    const showsPhones = can.seePhones(tx.actor)
    return {
      people: rows.map(({ total: _total, phone, attributes, ...row }) => ({
        ...row,
        phone: showsPhones ? phone : null,
        attributes: attributes as Record<string, string>,
      })),
      total: rows[0]?.total ?? 0,
      abilities: { create: can.maintain(tx.actor) },
    }
  },
  async getPerson({ tx, input }) {
    const person = await getPerson(tx, input.personId)
    demand(can.seePerson(tx.actor, person.id))
    return describePerson(tx, person)
  },
  async createPerson({ tx, input }) {
    demand(can.maintain(tx.actor))
    corrections.demandAttributes(tx, input.attributes as Record<string, AttributeValue>)
    await store.lockRegister(tx)
    await actions.refuseTakenNumber(tx, input.staffNumber, null)
    const id = await actions.createPerson(tx, {
      name: input.name,
      staffNumber: input.staffNumber,
      phone: input.phone || null,
      from: input.from,
      attributes: actions.withMainSubject(filled(input.attributes)),
    })
    for (const unitId of input.unitIds)
      await units.addMembers(tx, { unitId, personIds: [id], from: input.from })
    return { id }
  },
  async savePerson({ tx, input }) {
    demand(can.maintain(tx.actor))
    corrections.demandAttributes(tx, input.attributes as Record<string, AttributeValue>)
    await actions.savePerson(tx, { ...input, attributes: input.attributes as Record<string, AttributeValue> })
    return {}
  },
  async endService({ tx, input }) {
    demand(can.maintain(tx.actor))
    await getPerson(tx, input.personId)
    if (input.personId === tx.actor.personId) refuse('不能给自己办离职，请由另一位管理员办理。')
    await demandHighPosts(tx, input.personId)
    await actions.endService(tx, input)
    return {}
  },
  async beginService({ tx, input }) {
    demand(can.maintain(tx.actor))
    await getPerson(tx, input.personId)
    await actions.beginService(tx, input)
    return {}
  },
  async transferPerson({ tx, input }) {
    demand(can.maintain(tx.actor))
    if (input.personId === tx.actor.personId) refuse('不能给自己办调动，请由另一位管理员办理。')
    await getPerson(tx, input.personId)
    await demandHighPosts(tx, input.personId)
    const { transferId } = await transferPerson(tx, input)
    const transfer = (await describeTransfers(tx, input.personId)).find((one) => one.id === transferId)
    return { carried: transfer?.carried ?? 0 }
  },
  async listTransfers({ tx }) {
    demand(can.seeTransfers(tx.actor))
    return { transfers: await describeTransfers(tx, null) }
  },
  compareCarried: ({ tx, input }) => compareCarried(tx, input.transferId),
  async withdrawCarried({ tx, input }) {
    await withdrawCarried(tx, input)
    return {}
  },
  listCorrections: ({ tx }) => corrections.listCorrections(tx),
  proposeCorrection: ({ tx, input }) =>
    corrections.proposeCorrection(tx, {
      ...input,
      attributes: input.attributes as Record<string, AttributeValue>,
    }),
  async decideCorrection({ tx, input }) {
    await corrections.decideCorrection(tx, { id: input.correctionId, accept: input.accept, note: input.note })
    return {}
  },
  async withdrawCorrection({ tx, input }) {
    await corrections.withdrawCorrection(tx, input.correctionId)
    return {}
  },
  async recordLongAbsence({ tx, input }) {
    demand(can.maintain(tx.actor))
    await getPerson(tx, input.personId)
    if (input.to !== null && input.to < input.from)
      refuse('长假的最后一天要在第一天之后。', { fields: { to: '要在第一天之后' } })
    await actions.recordLongAbsence(tx, input)
    return {}
  },
  async endLongAbsence({ tx, input }) {
    demand(can.maintain(tx.actor))
    await actions.endLongAbsence(tx, input)
    return {}
  },
  async appoint({ tx, input }) {
    await demandPost(tx, input.role)
    await getPerson(tx, input.personId)
    if (await store.findLeftOn(tx, input.personId, input.from)) refuse('这位老师已经离职，不能任命。')
    await actions.appoint(tx, input)
    return {}
  },
  async endPost({ tx, input }) {
    demand(can.maintain(tx.actor))
    const post = (await store.findPost(tx, input.postId)) ?? refuseNotFound('职务')
    await demandPost(tx, post.role)
    await actions.endPost(tx, input)
    return {}
  },

  async listUnits({ tx, input }) {
    return {
      units: await describeUnits(tx, input.on ?? tx.today),
      abilities: { create: can.maintain(tx.actor) },
    }
  },
  async getUnit({ tx, input }) {
    const unit = (await store.findUnit(tx, input.unitId)) ?? refuseNotFound('组')
    const isCurrent = (row: { to: string | null }) => row.to === null || row.to >= tx.today
    const memberships = await store.listMembershipsOf(tx, unit.id)
    const posts = await store.listPostsOf(tx, unit.id)
    const current = posts.filter((post) => post.toOn === null || post.toOn >= tx.today)
    const people = memberships.filter(isCurrent)
    const { fromOn, toOn, ...rest } = unit
    return {
      ...rest,
      from: fromOn,
      to: toOn,
      members: people.length,
      leaders: current
        .filter((post) => post.role === 'groupLeader')
        .map((post) => ({ personId: post.personId, name: post.personName, title: post.title })),
      people: people.map(({ id: _id, ...row }) => ({
        ...row,
        titles: current.filter((post) => post.personId === row.personId).map((post) => post.title),
      })),
      former: memberships
        .filter((row) => !isCurrent(row) && !people.some((one) => one.personId === row.personId))
        .map(({ id: _id, ...row }) => row),
      path: await pathOf(tx, unit),
      schools:
        unit.kind === 'area'
          ? (await listAreaSchools(tx, tx.today))
              .filter((one) => one.unitId === unit.id)
              .map(({ schoolId, name, leads, from }) => ({ schoolId, name, leads, from }))
          : [],
      posts: posts.map((post) => ({
        id: post.id,
        personId: post.personId,
        personName: post.personName,
        role: post.role,
        title: post.title,
        from: post.fromOn,
        to: post.toOn,
      })),
      abilities: { edit: can.maintain(tx.actor) },
    }
  },
  async createUnit({ tx, input }) {
    demand(can.maintain(tx.actor))
    if (input.kind === 'area') refuse('片区由区里在“片区”里划分。', { fields: { kind: '请另选' } })
    return { id: await units.foundUnit(tx, input) }
  },
  async saveUnit({ tx, input }) {
    demand(can.maintain(tx.actor))
    await units.saveUnit(tx, input)
    return {}
  },
  async dissolveUnit({ tx, input }) {
    demand(can.maintain(tx.actor))
    await units.dissolveUnit(tx, input)
    return {}
  },
  async addMembers({ tx, input }) {
    demand(can.maintain(tx.actor))
    return { added: await units.addMembers(tx, input) }
  },
  async removeMember({ tx, input }) {
    demand(can.maintain(tx.actor))
    await units.removeMember(tx, input)
    return {}
  },
  async setLeader({ tx, input }) {
    await demandPost(tx, 'groupLeader')
    await units.setLeader(tx, input)
    return {}
  },

  async listCohorts({ tx }) {
    return { cohorts: await cohorts.listCohorts(tx), abilities: { save: can.saveCohort(tx.actor) } }
  },
  getCohort: ({ tx, input }) => cohorts.getCohort(tx, input),
  async getCohortFile({ tx, input }) {
    const { name, sheet } = await cohorts.cohortSheet(tx, input)
    return {
      name: `${name}.xlsx`,
      mediaType: spreadsheet,
      body: () => writeSpreadsheet({ sheets: [sheet] }),
    }
  },
  saveCohort: ({ tx, input }) => cohorts.saveCohort(tx, input),
  async deleteCohort({ tx, input }) {
    await cohorts.deleteCohort(tx, input.id)
    return {}
  },

  async createArea({ tx, input }) {
    return { id: await areas.createArea(tx, input) }
  },
  async addAreaSchools({ tx, input }) {
    return { added: await areas.addAreaSchools(tx, input) }
  },
  async removeAreaSchool({ tx, input }) {
    await areas.removeAreaSchool(tx, input)
    return {}
  },
  async setLeadSchool({ tx, input }) {
    await areas.setLeadSchool(tx, input)
    return {}
  },

  async getRosterTemplate() {
    return { name: '花名册模板.xlsx', mediaType: spreadsheet, body: await rosterTemplate() }
  },
  async getRosterFile({ tx }) {
    demand(can.saveCohort(tx.actor))
    const sheet = await rosterSheet(tx)
    return {
      name: `花名册 ${tx.today}.xlsx`,
      mediaType: spreadsheet,
      body: () => writeSpreadsheet({ sheets: [sheet] }),
    }
  },
  async uploadRoster({ tx, input, file, services }) {
    demand(can.maintain(tx.actor))
    return previewRoster(tx, {
      bytes: await readFile(file.path),
      fileName: file.name,
      reference: referenceOf(services.secret, tx.orgId, file.sha256),
      from: input.from,
    })
  },
  async confirmRoster({ tx, input, services }) {
    demand(can.maintain(tx.actor))
    const sha256 = sha256Of(services.secret, tx.orgId, input.reference)
    const stored = await openUpload(join(services.dataFolder, 'files'), sha256)
    if (!stored) refuse('找不到刚才核对的文件，请重新上传花名册。', { status: 404, code: 'notFound' })
    const bytes = Buffer.concat((await stored.stream.toArray()) as Buffer[])
    return confirmRoster(tx, { ...input, bytes })
  },

  async listSchools({ tx }) {
    const organisation = await store.findOrganisation(tx)
    return {
      schools: await schools.listNeighbours(tx),
      abilities: { create: can.createSchool(tx.actor, organisation?.kind ?? 'school') },
    }
  },
  async createSchool({ tx, input }) {
    return { id: await schools.createSchool(tx, input.name) }
  },
  async openSchoolAdministrator({ tx, input }) {
    const { name, loginName, password } = await schools.openSchoolAdministrator(tx, input)
    return { name, loginName, password }
  },
  async renameOrganisation({ tx, input }) {
    await schools.renameOrganisation(tx, input.name)
    return {}
  },
})

/** Somebody with a post that only principal or administrator hand out leaves only by their hand. */
async function demandHighPosts(tx: Tx, personId: string): Promise<void> {
  for (const post of await store.listPosts(tx, tx.today, personId)) await demandPost(tx, post.role)
}

const filled = (attributes: object): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      ([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  )

async function describeUnits(tx: Tx, on: string): Promise<UnitListItem[]> {
  const counts = new Map((await store.countMembers(tx, on)).map((row) => [row.unitId, row.members]))
  const leaders = Map.groupBy(
    (await store.listPosts(tx, on)).filter((post) => post.role === 'groupLeader'),
    (post) => post.unitId,
  )
  const units = await store.listUnits(tx, on)
  const schoolsIn = Map.groupBy(
    units.some((unit) => unit.kind === 'area') ? await listAreaSchools(tx, on) : [],
    (one) => one.unitId,
  )
  return units.map(({ fromOn, toOn, ...unit }) => ({
    ...unit,
    schools: schoolsIn.get(unit.id)?.length ?? 0,
    from: fromOn,
    to: toOn,
    members: counts.get(unit.id) ?? 0,
    leaders: (leaders.get(unit.id) ?? []).map((post) => ({
      personId: post.personId,
      name: post.personName,
      title: post.title,
    })),
  }))
}

/** The units above a unit, from the top down. */
async function pathOf(tx: Tx, unit: store.UnitRow): Promise<{ id: string; name: string }[]> {
  const path: { id: string; name: string }[] = []
  for (let at = unit.parentId; at !== null && path.length < 8; ) {
    const above: store.UnitRow | undefined = await store.findUnit(tx, at)
    if (!above) break
    path.unshift({ id: above.id, name: above.name })
    at = above.parentId
  }
  return path
}

async function describePerson(tx: Tx, person: store.PersonRow): Promise<PersonView> {
  const detail = await store.loadPersonDetail(tx, person.id)
  const isNow = (row: { from: string; to: string | null }) =>
    row.from <= tx.today && (row.to === null || row.to >= tx.today)
  const known = (name: string): name is AttributeName => (attributeNames as string[]).includes(name)
  const attributes: PersonView['attributes'] = {}
  for (const one of detail.attributes.toReversed()) {
    if (known(one.name) && isNow(one)) attributes[one.name] = one.value
    if (one.name === 'subject' && isNow(one) && one.value !== '') attributes.subjects ??= [String(one.value)]
  }
  const neighbours = await schools.listNeighbours(tx)
  const organisation = await store.findOrganisation(tx)
  const edit = can.maintain(tx.actor)
  return {
    id: person.id,
    name: person.name,
    staffNumber: person.staffNumber,
    phone: can.seePhones(tx.actor) || tx.actor.personId === person.id ? person.phone : null,
    attributes,
    history: detail.attributes
      .filter((one) => known(one.name))
      .map((one) => ({ ...one, label: attributeLabels[one.name as AttributeName] })),
    service: detail.service,
    memberships: detail.memberships.map(({ id: _id, ...row }) => row),
    posts: detail.posts,
    absences: detail.absences.map((one) => ({
      ...one,
      label: absenceKindLabels[one.kind as keyof typeof absenceKindLabels] ?? one.kind,
    })),
    leftOn: await store.findLeftOn(tx, person.id, tx.today),
    transfers: await describeTransfers(tx, person.id),
    correction: await corrections.findWaitingCorrection(tx, person.id),
    abilities: {
      edit,
      propose: can.proposeCorrection(tx.actor, person.id),
      transfer:
        edit ??
        (organisation?.kind === 'district'
          ? '区里人员到学校任职，请在这里办“离职”，由学校办入职。'
          : neighbours.length > 0
            ? null
            : '本区没有其他学校用本系统；调往区外请办理“离职”。'),
    },
  }
}
