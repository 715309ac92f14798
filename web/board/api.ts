import type { districtApi } from '../../server/district/contract.ts'
import type { regimeApi } from '../../server/regime/contract.ts'
import { api } from '../kit/api.ts'
import { useFilters } from '../kit/link.tsx'

export const regime = api<typeof regimeApi>('regime')
export const district = api<typeof districtApi>('district')

/** The school into which a district officer looks on this page (`?school=…`); null on the own school's pages. */
export function useSchool(): string | null {
  const [filters] = useFilters({ school: '' })
  return filters.school === '' ? null : filters.school
}

/** The same address inside the school that is being looked into, so that the way down stays there. */
export function inSchool(address: string, school: string | null): string {
  if (school === null) return address
  return `${address}${address.includes('?') ? '&' : '?'}school=${encodeURIComponent(school)}`
}
