import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { loadCalendar } from '../calendar/store.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed, type Services, systemActor } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, findUnit, findOrganisation, listUnitsOfPerson, type PersonRow } from '../org/store.ts'
import { yearFor } from '../regime/adoption.ts'
import type { Typesetter } from '../typesetting/renderer.ts'
import type { RecordBooklet } from '../typesetting/types.ts'
import { can } from './access.ts'
import { dayOf, findBookletYear, gatherBooklet, planTermIds, schoolYearLabel } from './booklet.ts'
import type { BookletFilter, BookletLine, BookletList, IssuedDocument, Verification } from './contract.ts'
import {
  bookletSentence,
  createGuessLimit,
  fingerprintOf,
  newCode,
  readCode,
  shortFingerprint,
} from './rules.ts'
import * as store from './store.ts'

/** The template by which booklets are issued now; an issued one keeps the one of its day. */
const bookletTemplate = 'record-booklet/1'

async function demandReadable(tx: Tx, personId: string): Promise<PersonRow> {
  const person = (await findPerson(tx, personId)) ?? refuseNotFound('人员')
  const units = await listUnitsOfPerson(tx, personId, tx.today)
  demand(can.readBooklet(tx.actor, { personId, unitIds: units.map((unit) => unit.id) }))
  return person
}

/** The booklet of a person as it stands now, for those who may read it. */
export async function getDraft(
  tx: Tx,
  input: { personId: string; schoolYearId: string },
): Promise<RecordBooklet> {
  const person = await demandReadable(tx, input.personId)
  return gatherBooklet(tx, person, input.schoolYearId, null)
}

// ── Issuing ──────────────────────────────────────────────────────────────────

function view(row: store.IssuedRow): IssuedDocument {
  const { id, kind, title, holderName, schoolYearId, code, issuedOn, issuedByName } = row
  const fingerprint = shortFingerprint(row.dataHash)
  return { id, kind, title, holderName, schoolYearId, code, issuedOn, issuedByName, fingerprint }
}

/**
 * Freezes what the booklet holds today under a new number. `origin` is the address under which anybody can verify it.
 * Issued again, even unchanged, it gets another number; the earlier one stays valid with its own date.
 */
export async function issueBooklet(
  tx: Tx,
  input: { personId: string; schoolYearId: string; origin: string },
): Promise<IssuedDocument> {
  demand(can.issue(tx.actor))
  const person = (await findPerson(tx, input.personId)) ?? refuseNotFound('人员')
  const id = newId()
  let code = newCode(tx.today.slice(0, 4))
  const data = await gatherBooklet(tx, person, input.schoolYearId, { code, url: '' })
  while (!(await store.takeNumber(tx, code, id))) code = newCode(tx.today.slice(0, 4))
  data.verification = { number: code, url: `${input.origin}/verify/${code}` }
  const title = `${data.schoolYear}${data.title}`
  const dataHash = fingerprintOf(data)
  await store.insertIssued(tx, {
    id,
    kind: 'recordBooklet',
    subjectId: person.id,
    holderName: person.name,
    schoolYearId: input.schoolYearId,
    title,
    code,
    templateVersion: bookletTemplate,
    data,
    dataHash,
  })
  await audit(tx, {
    type: 'documents.issued',
    id,
    payload: { code, title, personId: person.id, holderName: person.name, fingerprint: dataHash },
  })
  changed(tx, 'documents')
  return view((await store.findIssued(tx, id)) ?? refuseNotFound('文件'))
}

/** An issued paper with its frozen data. Refuses when the data are no longer those of the fingerprint. */
export async function getIssued(
  tx: Tx,
  documentId: string,
): Promise<{ document: IssuedDocument; template: typeof bookletTemplate; data: RecordBooklet }> {
  const row = (await store.findIssued(tx, documentId)) ?? refuseNotFound('文件')
  await demandReadable(tx, row.subjectId)
  return frozen(row)
}

function frozen(row: store.IssuedRow & { data: RecordBooklet }) {
  if (fingerprintOf(row.data) !== row.dataHash)
    refuse(`编号 ${row.code} 的存档与签发时的指纹不一致，不能打印。请通知管理员从备份核对。`)
  return { document: view(row), template: row.templateVersion as typeof bookletTemplate, data: row.data }
}

/** Every paper issued about a person, the newest first. */
export async function listIssued(tx: Tx, personId: string): Promise<IssuedDocument[]> {
  await demandReadable(tx, personId)
  return (await store.listIssued(tx, { personIds: [personId] })).map(view)
}

// ── Verification ─────────────────────────────────────────────────────────────

const guesses = createGuessLimit()

/**
 * What anybody may know about a number: whether it is genuine, what and whose, by which school and when. Nothing of the
 * content. Too many unknown numbers from one address are refused for a while.
 */
export async function findDocument(
  services: Services,
  typed: string,
  address: string,
): Promise<Verification> {
  const now = services.clock.now()
  if (guesses.isOver(address, now))
    refuse('查询的编号错误次数过多，请 10 分钟后再试。', { status: 429, code: 'throttled' })
  const code = readCode(typed)
  const number = await store.findNumber(services.pool, code)
  const found =
    number &&
    (await services.inOrganisation(
      number.orgId,
      systemActor('documents:verify'),
      async (tx): Promise<Verification | null> => {
        const row = await store.findIssued(tx, number.documentId)
        if (!row || row.code !== code || fingerprintOf(row.data) !== row.dataHash) return null
        const { title, holderName, issuedOn, fingerprint } = view(row)
        const organisation = (await findOrganisation(tx))?.name ?? ''
        return { genuine: true, code, title, holderName, organisation, issuedOn, fingerprint }
      },
      { readOnly: true },
    ))
  if (found) return found
  guesses.miss(address, now)
  return { genuine: false, code }
}

// ── Lists and groups ─────────────────────────────────────────────────────────

/** One's own booklet and those that one may read besides, narrowed by the filter. */
export async function listBooklets(tx: Tx, filter: BookletFilter): Promise<BookletList> {
  const { actor } = tx
  const calendar = await loadCalendar(tx)
  const begun = calendar.schoolYears.filter((year) => year.from <= tx.today).reverse()
  const year = filter.schoolYearId
    ? calendar.schoolYears.find((one) => one.id === filter.schoolYearId)
    : yearFor(calendar, tx.today)
  const readOthers = can.readAll(actor) || actor.leads.length > 0
  const answer: BookletList = {
    schoolYear: year ? { id: year.id, label: schoolYearLabel(year.id) } : null,
    schoolYears: begun.map(({ id }) => ({ id, label: schoolYearLabel(id) })),
    problem: null,
    mine: null,
    lines: [],
    total: 0,
    groups: [],
    abilities: { issue: can.issue(actor), readOthers },
  }
  if (!year) return { ...answer, problem: '学校还没有设置校历。请先由校长或教导处在“校历”中设置学年和学期。' }
  const inForce = await findBookletYear(tx, year.id)
  if (typeof inForce === 'string') return { ...answer, problem: inForce }
  const rows = await store.listBooklets(tx, {
    ...year,
    on: dayOf(tx, year),
    schoolYearId: year.id,
    termIds: planTermIds(inForce),
    ...(readOthers || actor.personId === null ? {} : { personId: actor.personId }),
  })
  const issued = await store.listIssued(tx, {
    schoolYearId: year.id,
    ...(readOthers ? {} : { personIds: rows.map((row) => row.personId) }),
  })
  const byHolder = Map.groupBy(issued, (document) => document.subjectId)
  const lines = rows.map(
    (row): BookletLine => ({
      ...row,
      issued: (byHolder.get(row.personId) ?? []).map(view),
      sentence: bookletSentence(row),
    }),
  )
  const readable = lines.filter((line) => {
    if (can.readAll(actor)) return true
    return line.groups.some((group) => actor.leads.some((lead) => lead.unitId === group.unitId))
  })
  const groups = new Map(readable.flatMap((line) => line.groups).map((group) => [group.unitId, group]))
  return {
    ...answer,
    mine: lines.find((line) => line.personId === actor.personId) ?? null,
    lines: readable.filter((line) => fits(line, filter)),
    total: readable.length,
    groups: [...groups.values()]
      .filter((group) => can.readGroup(actor, group.unitId) === null)
      .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
  }
}

function fits(line: BookletLine, filter: BookletFilter): boolean {
  const { unitId, state, q } = filter
  if (unitId && !line.groups.some((group) => group.unitId === unitId)) return false
  if (state === 'overdue' && line.overdueRules === 0) return false
  if (state === 'issued' && line.issued.length === 0) return false
  if (state === 'notIssued' && line.issued.length > 0) return false
  return !q || line.name.includes(q) || line.staffNumber.toLowerCase().includes(q.toLowerCase())
}

export interface GroupBooklet {
  fileName: string
  template: typeof bookletTemplate
  data: RecordBooklet
}

/** The booklets of a group's members in a school year: what was issued last, or else the draft of today. */
export async function gatherGroup(
  tx: Tx,
  input: { unitId: string; schoolYearId: string },
): Promise<{ name: string; booklets: GroupBooklet[] }> {
  const unit = (await findUnit(tx, input.unitId)) ?? refuseNotFound('组')
  demand(can.readGroup(tx.actor, unit.id))
  const inForce = await findBookletYear(tx, input.schoolYearId)
  if (typeof inForce === 'string') refuse(inForce)
  const { year } = inForce
  const members = (
    await store.listBooklets(tx, { ...year, on: dayOf(tx, year), schoolYearId: year.id, termIds: [] })
  ).filter((row) => row.groups.some((group) => group.unitId === unit.id))
  if (members.length === 0) refuse(`${unit.name}在${schoolYearLabel(year.id)}没有成员，没有可下载的报告册。`)
  const issued = await store.listIssued(tx, {
    schoolYearId: year.id,
    personIds: members.map((member) => member.personId),
  })
  const booklets: GroupBooklet[] = []
  for (const member of members) {
    const last = issued.find((document) => document.subjectId === member.personId)
    const name = `${member.staffNumber} ${member.name}`
    if (last) {
      const row = (await store.findIssued(tx, last.id)) ?? refuseNotFound('文件')
      const { template, data } = frozen(row)
      booklets.push({ fileName: `${name} ${last.code}.pdf`, template, data })
      continue
    }
    const person = (await findPerson(tx, member.personId)) ?? refuseNotFound('人员')
    const data = await gatherBooklet(tx, person, year.id, null)
    booklets.push({ fileName: `${name} 草稿.pdf`, template: bookletTemplate, data })
  }
  return { name: `${schoolYearLabel(year.id)}报告册 ${unit.name}`, booklets }
}

/** One ZIP of PDFs; each is set only when the receiver is ready for it, so that few are held at a time. */
export function zipOf(typesetter: Typesetter, booklets: GroupBooklet[], at: Date): NodeJS.ReadableStream {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  for (const { fileName, template, data } of booklets) {
    zip.addReadStreamLazy(fileName.replace(/[\\/:*?"<>|]/g, '_'), { mtime: at }, (deliver) => {
      typesetter.renderPdf(template, data).then(
        (pdf) => deliver(null, Readable.from([Buffer.from(pdf)])),
        (error: Error) => output.destroy(error),
      )
    })
  }
  zip.end()
  return output
}
