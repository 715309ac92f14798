import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { forgetCallers } from '../access/actions.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { enqueueRebuild } from '../regime/adoption.ts'
import { groupFields, rosterColumns, type RosterProblem, type RosterRow } from '../roster/columns.ts'
import { readRoster } from '../roster/read.ts'
import { compareRoster, type ExistingPerson, listGroups, type RosterComparison } from '../roster/rules.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import { always, lifelongAttributes, registerRow } from './actions.ts'
import type { RosterPlan, RosterPreview, RosterResult } from './contract.ts'
import * as rules from './roster-rules.ts'
import { loadRegister, type RegisteredPerson } from './roster-store.ts'
import * as store from './store.ts'

// ── The file between the two steps ────────────────────────────────────────────

/** Names a stored file so that only this organisation can come back with it: its hash, and a seal over both. */
export function referenceOf(secret: Buffer, orgId: string, sha256: string): string {
  const seal = createHmac('sha256', secret).update(`roster ${orgId} ${sha256}`).digest('hex')
  return `${sha256}.${seal}`
}

/** The hash behind a reference; refuses one that another organisation, or nobody, was given. */
export function sha256Of(secret: Buffer, orgId: string, reference: string): string {
  const sha256 = reference.split('.')[0] ?? ''
  const [given, right] = [Buffer.from(reference), Buffer.from(referenceOf(secret, orgId, sha256))]
  if (given.length !== right.length || !timingSafeEqual(given, right))
    refuse('找不到刚才核对的文件，请重新上传花名册。', { status: 404, code: 'notFound' })
  return sha256
}

// ── What taking it over would do ──────────────────────────────────────────────

interface Prepared {
  rows: number
  problems: RosterProblem[]
  ignoredColumns: string[]
  comparison: RosterComparison
  register: Map<string, RegisteredPerson>
  units: store.UnitRow[]
  newUnits: RosterPlan['newUnits']
  fingerprint: string
}

async function prepare(tx: Tx, bytes: Uint8Array, fileName: string, from: LocalDate): Promise<Prepared> {
  const reading = await readRoster(bytes, fileName, { today: tx.today })
  const register = await loadRegister(tx, from)
  const units = await store.listAllUnits(tx)
  const problems = [...reading.problems, ...problemsOfUnits(reading.rows, units, from)]
  const comparison = compareRoster(reading.rows, register.map(rules.asRosterPerson))
  const byId = new Map(register.map((person) => [person.id, person]))
  comparison.missing = comparison.missing.filter((person) => byId.get(person.id)?.isServing)
  const newUnits = listGroups(reading.rows)
    .filter(({ kind, name }) => !units.some((unit) => unit.kind === kind && unit.name === name))
    .map((group) => ({ ...group, similarTo: similarUnit(group, units) }))
  const state = JSON.stringify([from, comparison, newUnits])
  return {
    rows: reading.rows.length,
    problems,
    ignoredColumns: reading.ignoredColumns,
    comparison,
    register: byId,
    units,
    newUnits,
    fingerprint: createHash('sha256').update(state).digest('hex'),
  }
}

function similarUnit(group: { kind: string; name: string }, units: store.UnitRow[]): string | null {
  const bare = rules.bareGroupName(group.name)
  const same = units.find(
    (unit) => unit.toOn === null && unit.kind === group.kind && rules.bareGroupName(unit.name) === bare,
  )
  return same?.name ?? null
}

/** A group that was dissolved before the day cannot take anybody in. */
function problemsOfUnits(rows: RosterRow[], units: store.UnitRow[], from: LocalDate): RosterProblem[] {
  const gone = units.filter((unit) => unit.toOn !== null && unit.toOn < from)
  return gone.flatMap((unit) => {
    const field = groupFields.find(({ kind }) => kind === unit.kind)
    const row = field && rows.find((one) => one[field.field]?.includes(unit.name))
    if (!row || !field) return []
    return {
      row: row.row,
      column: null,
      columnTitle: field.label,
      value: unit.name,
      message: `“${unit.name}”已在 ${unit.toOn} 撤销，不能再有成员；请改成现在的组，或换一个名称。`,
    }
  })
}

/** Reads a roster and says what taking it over from a day on would do. Nothing is changed. */
export async function previewRoster(
  tx: Tx,
  input: { bytes: Uint8Array; fileName: string; reference: string; from: LocalDate },
): Promise<RosterPreview> {
  demand(can.maintain(tx.actor))
  const prepared = await prepare(tx, input.bytes, input.fileName, input.from)
  return {
    reference: input.reference,
    fileName: input.fileName,
    from: input.from,
    rows: prepared.rows,
    problems: prepared.problems,
    ignoredColumns: prepared.ignoredColumns,
    plan: prepared.problems.length === 0 ? describe(prepared) : null,
    fingerprint: prepared.fingerprint,
  }
}

const candidate = (person: ExistingPerson) => ({
  personId: person.id,
  name: person.name,
  staffNumber: person.employeeNumber,
})

function describe({ comparison, register, newUnits }: Prepared): RosterPlan {
  const isBack = (person: ExistingPerson) => register.get(person.id)?.isServing === false
  return {
    create: comparison.create.map(({ row, maybeSameAs }) => ({
      row: row.row,
      staffNumber: row.employeeNumber,
      name: row.name,
      groups: rules.groupsText(row),
      posts: (row.posts ?? []).map(rules.postText).join('、'),
      maybeSameAs: maybeSameAs.map(candidate),
    })),
    update: [
      ...comparison.update,
      ...comparison.unchanged.filter(({ person }) => isBack(person)).map((one) => ({ ...one, changes: [] })),
    ].map(({ row, person, changes }) => ({
      row: row.row,
      staffNumber: row.employeeNumber,
      name: row.name,
      isReturning: isBack(person),
      changes: changes.map((change) => ({
        label: change.label,
        before: rules.valueText(change.before),
        after: rules.valueText(change.after),
      })),
    })),
    unchanged: comparison.unchanged.filter(({ person }) => !isBack(person)).length,
    missing: comparison.missing.map(candidate),
    newUnits,
  }
}

/** Everybody in service today as a roster names them, in the columns of the template. */
export async function rosterSheet(tx: Tx): Promise<Sheet> {
  const people = (await loadRegister(tx, tx.today)).filter((person) => person.isServing)
  return {
    name: '花名册',
    columns: rosterColumns.map(({ title, width }) => ({ title, width, kind: 'text' as const })),
    rows: people.map((person) => {
      const row = rules.asRosterPerson(person)
      return rosterColumns.map(({ field }) => {
        const value = row[field]
        return value === null || (Array.isArray(value) && value.length === 0) ? '' : rules.valueText(value)
      })
    }),
  }
}

// ── Taking it over ────────────────────────────────────────────────────────────

interface Change {
  row: RosterRow
  personId: string
  /** Null for somebody new. */
  before: RegisteredPerson | null
}

/**
 * Takes a roster over as it was looked at: new people, changed data, groups, memberships and posts from a day on, all
 * or nothing. Refuses a file with mistakes, a register that has changed since, and open questions about who is who.
 * Nobody leaves because a roster does not name them.
 */
export async function confirmRoster(
  tx: Tx,
  input: {
    bytes: Uint8Array
    fileName: string
    from: LocalDate
    fingerprint: string
    decisions: Record<string, string>
  },
): Promise<RosterResult> {
  demand(can.maintain(tx.actor))
  await store.lockRegister(tx)
  const prepared = await prepare(tx, input.bytes, input.fileName, input.from)
  const { comparison, register } = prepared
  if (prepared.problems.length > 0)
    refuse(`花名册里还有 ${prepared.problems.length} 处问题，一条也没有导入；请改好后重新上传。`)
  if (prepared.fingerprint !== input.fingerprint)
    refuse('在您核对的时候，人员或组已经有了变动，这次没有导入；请重新上传，再核对一次。', {
      status: 409,
      code: 'changedMeanwhile',
    })
  const changes = decide(comparison, register, input.decisions)
  for (const { row, before } of changes) refuseHighPosts(tx, row, before)

  const created = changes.filter((change) => change.before === null)
  const known = changes.filter((change) => change.before !== null)
  const back = known.filter((change) => change.before?.isServing === false)
  await writePeople(tx, created, known, input.from)
  await store.insertServices(
    tx,
    [...created, ...back].map(({ row, personId, before }) => ({
      id: newId(),
      personId,
      from: startOf(row, before, input.from),
      reason: before ? '返校' : '入职',
    })),
  )
  const unitIds = await writeUnits(tx, prepared, input.from)
  await writeMemberships(tx, changes, unitIds, input.from)
  await writePosts(tx, changes, unitIds, input.from)
  const result: RosterResult = {
    created: created.length,
    updated: known.length,
    returned: back.length,
    unchanged: comparison.unchanged.filter(({ person }) => register.get(person.id)?.isServing).length,
    units: prepared.newUnits.length,
    missing: comparison.missing.length,
    personIds: created.map((change) => change.personId),
  }
  const { personIds, ...counts } = result
  await audit(tx, {
    type: 'org.rosterImported',
    id: null,
    payload: {
      ...counts,
      from: input.from,
      fileName: input.fileName,
      sha256: createHash('sha256').update(input.bytes).digest('hex'),
      newPeople: personIds.length,
    },
  })
  await enqueueRebuild(tx)
  tx.afterCommit(forgetCallers)
  changed(tx, 'org', 'access', 'setup', 'regime')
  return result
}

/** Who is new and who is known; every doubt must have been settled. */
function decide(
  comparison: RosterComparison,
  register: Map<string, RegisteredPerson>,
  decisions: Record<string, string>,
): Change[] {
  const changes: Change[] = []
  const renumbered = new Set<string>()
  for (const { row, maybeSameAs } of comparison.create) {
    const decision = decisions[row.employeeNumber]
    if (maybeSameAs.length === 0 || decision === 'new') {
      changes.push({ row, personId: newId(), before: null })
      continue
    }
    const same = maybeSameAs.find((person) => person.id === decision)
    if (!same || renumbered.has(same.id))
      refuse(`第${row.row}行“${row.name}”可能是已有的人换了工号，请先选择是同一个人还是新来的人。`)
    renumbered.add(same.id)
    changes.push({ row, personId: same.id, before: register.get(same.id) as RegisteredPerson })
  }
  const returning = comparison.unchanged.filter(({ person }) => register.get(person.id)?.isServing === false)
  for (const { row, person } of [...comparison.update, ...returning])
    changes.push({ row, personId: person.id, before: register.get(person.id) as RegisteredPerson })
  return changes
}

/** A roster that makes or unmakes a principal needs somebody who may do that by hand. */
function refuseHighPosts(tx: Tx, row: RosterRow, before: RegisteredPerson | null): void {
  if (row.posts === null) return
  const wanted = row.posts.some((post) => rules.roleOf(post) === 'principal')
  const held = before?.posts.some((post) => post.role === 'principal') ?? false
  if (wanted !== held) demand(can.appoint(tx.actor, 'principal', 'school'))
}

const startOf = (row: RosterRow, before: RegisteredPerson | null, from: LocalDate) =>
  before === null && row.joinedOn !== null && row.joinedOn > from ? row.joinedOn : from

async function writePeople(tx: Tx, created: Change[], known: Change[], from: LocalDate): Promise<void> {
  const rowOf = ({ row, personId, before }: Change) =>
    registerRow({
      id: personId,
      staffNumber: row.employeeNumber,
      name: row.name,
      phone: row.mobile ?? before?.phone ?? null,
    })
  await store.insertPeople(tx, created.map(rowOf))
  await store.updatePeople(tx, known.map(rowOf))
  const attributes = ({ row, personId, before }: Change) =>
    Object.entries(rules.attributesOf(row))
      .map(([name, value]) => ({
        personId,
        name,
        value: rules.isEmpty(value) ? '' : value,
        from: before !== null && lifelongAttributes.has(name) ? always : startOf(row, before, from),
      }))
      .filter(({ name, value }) => JSON.stringify(before?.attributes[name] ?? '') !== JSON.stringify(value))
  await store.setAttributes(tx, created.flatMap(attributes), true)
  await store.setAttributes(tx, known.flatMap(attributes))
}

type UnitIds = Map<string, string>
const unitKey = (kind: string, name: string) => `${kind} ${name}`

async function writeUnits(tx: Tx, prepared: Prepared, from: LocalDate): Promise<UnitIds> {
  const ids: UnitIds = new Map(prepared.units.map((unit) => [unitKey(unit.kind, unit.name), unit.id]))
  const created = prepared.newUnits.map(({ kind, name }) => ({
    id: newId(),
    kind,
    name,
    subject: rules.subjectOfGroup(kind, name),
    from,
  }))
  await store.insertUnits(tx, created)
  for (const unit of created) ids.set(unitKey(unit.kind, unit.name), unit.id)
  const later = prepared.units.filter((unit) => unit.fromOn > from).map((unit) => unit.id)
  await store.beginUnitsBy(tx, later, from)
  return ids
}

async function writeMemberships(tx: Tx, changes: Change[], unitIds: UnitIds, from: LocalDate): Promise<void> {
  const added: Parameters<typeof store.insertMemberships>[1] = []
  const ended: string[] = []
  for (const { row, personId, before } of changes) {
    for (const { field, kind } of groupFields) {
      const names = row[field]
      if (names === null) continue
      const held = before?.memberships.filter((one) => one.kind === kind) ?? []
      ended.push(...held.filter((one) => !names.includes(one.name)).map((one) => one.id))
      for (const name of names) {
        if (held.some((one) => one.name === name)) continue
        const unitId = unitIds.get(unitKey(kind, name)) as string
        added.push({ id: newId(), unitId, personId, from: startOf(row, before, from) })
      }
    }
  }
  await store.endRows(tx, 'memberships', ended, addDays(from, -1))
  await store.insertMemberships(tx, added)
}

async function writePosts(tx: Tx, changes: Change[], unitIds: UnitIds, from: LocalDate): Promise<void> {
  const added: Parameters<typeof store.insertPosts>[1] = []
  const ended: string[] = []
  for (const { row, personId, before } of changes) {
    if (row.posts === null) continue
    const held = before?.posts.filter(rules.isRosterPost) ?? []
    const kept = new Set<string>()
    for (const post of row.posts) {
      const role = rules.roleOf(post)
      if (role === null) continue
      const unitId = post.leads ? (unitIds.get(unitKey(post.leads.kind, post.leads.name)) as string) : null
      const same = held.find((one) =>
        role === 'groupLeader' ? one.unitId === unitId : one.role === role && one.title === post.title,
      )
      if (same) kept.add(same.id)
      else {
        const title = rules.postText(post)
        added.push({ id: newId(), personId, unitId, role, title, from: startOf(row, before, from) })
      }
    }
    ended.push(...held.filter((one) => !kept.has(one.id)).map((one) => one.id))
  }
  await store.endRows(tx, 'posts', ended, addDays(from, -1))
  await store.insertPosts(tx, added)
}
