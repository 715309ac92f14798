import { queryOptions, useQuery } from '@tanstack/react-query'
import type { accessApi } from '../../server/access/contract.ts'
import type { Session } from '../../server/access/contract.ts'
import type { Role } from '../../server/kit/gate.ts'
import { api } from '../kit/api.ts'
import type { ApiError } from '../kit/api.ts'
import { queryClient } from '../kit/queries.ts'

export const access = api<typeof accessApi>('access')

type Entrance = Awaited<ReturnType<typeof access.getSession>>

/** The query behind `useSession`; read before the first page is drawn. */
export const session = queryOptions<Entrance, ApiError>({
  queryKey: ['access', 'getSession', {}],
  queryFn: () => access.getSession({}),
  staleTime: 60_000,
})

/** What the shell needs: also while nobody is signed in. */
export function useEntrance() {
  return useQuery(session)
}

/** Whoever is signed in. Only on pages inside the shell, which are not drawn without a session. */
export function useSession(): Session {
  const current = useQuery(session).data?.session
  if (!current) throw new Error('useSession outside a signed-in page')
  return current
}

/** True when the signed-in person holds one of the roles. For showing; the server decides. */
export function useHasRole(...roles: Role[]): boolean {
  return useSession().roles.some((role) => roles.includes(role))
}

/** What the account before has read must not be shown to the next one. */
export function forgetOthers(): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'access' })
}
