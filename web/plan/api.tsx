import type { FindingState } from '../../engine/types.ts'
import type { planApi } from '../../server/plan/contract.ts'
import type { PlanStatus } from '../../server/plan/words.ts'
import { api } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import './plan.css'

export const plan = api<typeof planApi>('plan')

export const planMarks: Record<PlanStatus, { state: FindingState; word: string }> = {
  draft: { state: 'open', word: '草稿' },
  submitted: { state: 'partly', word: '待审核' },
  returned: { state: 'dueSoon', word: '已退回' },
  reviewed: { state: 'partly', word: '待盖章备案' },
  filed: { state: 'done', word: '已盖章备案' },
}

const stations = ['草稿', '已提交', '已审核', '已盖章备案'] as const
const reached: Record<PlanStatus, number> = { draft: 0, returned: 0, submitted: 1, reviewed: 2, filed: 3 }

/** 草稿 → 已提交 → 已审核 → 已盖章备案, with where the paper stands. */
export function StateLine({ status }: { status: PlanStatus }) {
  const here = reached[status]
  return (
    <ol className="state-line" aria-label="进度">
      {stations.map((station, index) => {
        const word = index === 0 && status === 'returned' ? '已退回' : station
        const done = index < here || status === 'filed'
        return (
          <li
            key={station}
            className={done ? 'passed' : index === here ? 'here' : undefined}
            aria-current={index === here ? 'step' : undefined}
          >
            <span className="station" aria-hidden="true">
              {done && <Icon name="check" size={12} />}
            </span>
            {word}
          </li>
        )
      })}
    </ol>
  )
}

/** The round stamp of a filed paper. */
export function Stamp({ number, day }: { number: string; day: string }) {
  return (
    <div className="stamp" role="img" aria-label={`已盖章备案，备案号 ${number}，${day}`}>
      <span className="stamp-word">备案</span>
      <span className="stamp-number">{number}</span>
      <span className="stamp-day">{day}</span>
    </div>
  )
}
