import type { districtApi } from '../../server/district/contract.ts'
import type { regimeApi } from '../../server/regime/contract.ts'
import { api } from '../kit/api.ts'
import type { ApiCall } from '../kit/api.ts'
import { useFilters } from '../kit/link.tsx'
import { type ApiQuery, useApi } from '../kit/queries.ts'

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

const calls = new WeakMap<object, Map<string, unknown>>()
/** The call as it is asked of one school of the district; its answers are kept apart from the own school's. */
function callIn<Input, Output>(call: ApiCall<Input, Output>, school: string): ApiCall<Input, Output> {
  const known = calls.get(call) ?? new Map<string, unknown>()
  calls.set(call, known)
  let made = known.get(school) as ApiCall<Input, Output> | undefined
  if (!made) {
    made = Object.assign((input: Input, options: Parameters<typeof call>[1] = {}) => call(input, { ...options, school }), {
      room: call.room,
      endpointName: `${call.endpointName} ${school}`,
    })
    known.set(school, made)
  }
  return made
}

/** `useApi` that follows the page's school: the own one, or the one a district officer looks into. */
export function useSchoolApi<Input, Output>(
  call: ApiCall<Input, Output>,
  input: Input | null,
  options: Parameters<typeof useApi<Input, Output>>[2] = {},
): ApiQuery<Output> {
  const school = useSchool()
  return useApi(school === null ? call : callIn(call, school), input, options)
}
