import type { filesApi } from '../../server/files/contract.ts'
import type { workApi } from '../../server/work/contract.ts'
import type { WorkStatus } from '../../server/work/words.ts'
import type { FindingState } from '../../engine/types.ts'
import { api } from '../kit/api.ts'

export const work = api<typeof workApi>('work')
export const files = api<typeof filesApi>('files')

/** The mark beside each status. */
export const statusMarks: Record<WorkStatus, { state: FindingState; word: string }> = {
  draft: { state: 'open', word: '草稿' },
  submitted: { state: 'partly', word: '待审核' },
  returned: { state: 'dueSoon', word: '已退回' },
  accepted: { state: 'done', word: '已采纳' },
  withdrawn: { state: 'open', word: '已撤回' },
}
