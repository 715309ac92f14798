import { useCallback } from 'react'
import { access } from '../access/session.ts'
import { useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'

/** Ends the session and begins with an empty page, so that nothing of the account stays in memory. */
export function useSignOut(): () => void {
  const { run } = useCommand(access.signOut, {
    invalidate: [],
    onSuccess: () => location.assign(paths.signIn()),
  })
  return useCallback(() => void run({}), [run])
}
