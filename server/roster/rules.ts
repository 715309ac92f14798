import {
  type GroupKind,
  groupFields,
  type RosterField,
  type RosterPost,
  type RosterRow,
  rosterColumns,
} from './columns.ts'

/** A person as the system knows them on the day of the comparison. */
export interface ExistingPerson extends Omit<RosterRow, 'row'> {
  id: string
}

export interface RosterChange {
  field: RosterField
  /** The column's Chinese title. */
  label: string
  before: string | string[] | RosterPost[] | null
  after: string | string[] | RosterPost[] | null
}

export interface RosterComparison {
  create: {
    row: RosterRow
    /**
     * People of the system, missing from the file, who may be the same person under another number: same name, or
     * same number but for leading zeros. A person must decide before a second record is made.
     */
    maybeSameAs: ExistingPerson[]
  }[]
  update: { row: RosterRow; person: ExistingPerson; changes: RosterChange[] }[]
  unchanged: { row: RosterRow; person: ExistingPerson }[]
  /** In the system but not in the file. Nobody is removed for that; someone must say that they left. */
  missing: ExistingPerson[]
}

/**
 * Compares a roster with the people of the system by 工号. What the file does not say (column missing, cell empty)
 * is left as it is; a list that the file gives replaces the old one, and 无 empties it. Order in lists means nothing.
 */
export function compareRoster(rows: RosterRow[], existing: ExistingPerson[]): RosterComparison {
  const byNumber = new Map(existing.map((person) => [keyOf(person.employeeNumber), person]))
  const inFile = new Set(rows.map((row) => keyOf(row.employeeNumber)))
  const missing = existing.filter((person) => !inFile.has(keyOf(person.employeeNumber)))
  const missingByName = Map.groupBy(missing, (person) => person.name)
  const missingByBareNumber = Map.groupBy(missing, (person) => bareNumber(person.employeeNumber))
  const comparison: RosterComparison = { create: [], update: [], unchanged: [], missing }
  for (const row of rows) {
    const person = byNumber.get(keyOf(row.employeeNumber))
    if (!person) {
      const maybe = [
        ...(missingByName.get(row.name) ?? []),
        ...(missingByBareNumber.get(bareNumber(row.employeeNumber)) ?? []),
      ]
      comparison.create.push({ row, maybeSameAs: [...new Set(maybe)] })
      continue
    }
    const changes = changesOf(row, person)
    if (changes.length > 0) comparison.update.push({ row, person, changes })
    else comparison.unchanged.push({ row, person })
  }
  return comparison
}

const keyOf = (employeeNumber: string) => employeeNumber.toUpperCase()
const bareNumber = (employeeNumber: string) => keyOf(employeeNumber).replace(/^0+/, '')

function changesOf(row: RosterRow, person: ExistingPerson): RosterChange[] {
  return rosterColumns.flatMap(({ field, title }) => {
    const after = row[field]
    const before = person[field]
    if (field === 'employeeNumber' || after === null || fingerprint(after) === fingerprint(before)) return []
    return [{ field, label: title, before, after }]
  })
}

function fingerprint(value: RosterChange['after']): string {
  if (!Array.isArray(value)) return value ?? ''
  const parts = value.map((item) =>
    typeof item === 'string' ? item : [item.title, item.leads?.kind, item.leads?.name].join('\t'),
  )
  return parts.sort().join('\n')
}

/** The groups that a roster names, with their size, so that 语文组 beside 语文教研组 is seen before anything is made. */
export function listGroups(rows: RosterRow[]): { kind: GroupKind; name: string; members: number }[] {
  return groupFields.flatMap(({ field, kind }) => {
    const members = new Map<string, number>()
    for (const name of rows.flatMap((row) => row[field] ?? []))
      members.set(name, (members.get(name) ?? 0) + 1)
    return [...members].map(([name, count]) => ({ kind, name, members: count }))
  })
}
