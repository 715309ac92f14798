import { useRef, useState } from 'react'
import { asApiError, randomId } from '../kit/api.ts'
import { invalidate } from '../kit/queries.ts'
import { documents, type Line } from './api.ts'

interface Issuing {
  total: number
  issued: number
  /** Whose booklet is being issued. */
  current: string
  failed: { name: string; reason: string }[]
  running: boolean
}

/** Issues one booklet after the other, tells how far it is, and stops between two when asked. */
export function useIssuing() {
  const [state, setState] = useState<Issuing | null>(null)
  const stopped = useRef(false)

  async function issue(lines: Line[], schoolYearId: string): Promise<void> {
    stopped.current = false
    const now: Issuing = { total: lines.length, issued: 0, current: '', failed: [], running: true }
    for (const line of lines) {
      if (stopped.current) break
      now.current = line.name
      setState({ ...now })
      try {
        await documents.issueBooklet(
          { personId: line.personId, schoolYearId },
          { idempotencyKey: randomId() },
        )
        now.issued += 1
      } catch (problem) {
        const failure = asApiError(problem)
        now.failed = [...now.failed, { name: line.name, reason: failure.message }]
        // Without a connection the next ones would fail as well.
        if (failure.isConnection || failure.status === 401) break
      }
    }
    setState({ ...now, running: false })
    invalidate(['documents'])
  }

  return {
    state,
    running: state?.running ?? false,
    issue,
    stop: () => {
      stopped.current = true
    },
    clear: () => setState(null),
  }
}
