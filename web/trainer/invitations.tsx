import { Button } from 'antd'
import { useState } from 'react'
import { invitationKindLabels, invitationStatusLabels } from '../../server/trainer/words.ts'
import { fileAddress } from '../kit/api.ts'
import { LinkButton } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Invitation, trainer } from './api.ts'
import type { Task } from './trainers-page.tsx'

const tones = {
  proposed: 'dueSoon',
  approved: 'done',
  refused: 'overdue',
  withdrawn: 'notApplicable',
} as const

/** Engagements and invitations, those that wait for a decision first. */
export function Invitations({
  rows: all,
  today,
  open,
}: {
  rows: Invitation[]
  today: string
  open: (task: Task) => void
}) {
  const [isOpen, setOpen] = useState(false)
  const approve = useCommand(trainer.approveInvitation, {
    success: ({ letterNumber }) =>
      letterNumber === '' ? '已批准' : `已批准，聘书编号 ${letterNumber}，可以打印`,
    invalidate: ['trainer', 'inbox'],
  })
  if (all.length === 0) return null
  const current = all.filter((row) => isCurrent(row, today))
  const rows = isOpen ? all : current
  return (
    <Section
      title="聘请和邀请"
      aside={
        current.length < all.length && (
          <Button type="link" onClick={() => setOpen(!isOpen)}>
            {isOpen ? '只看现在的' : `以前的 ${all.length - current.length} 项`}
          </Button>
        )
      }
    >
      {rows.length === 0 && <p className="quiet">现在没有在聘的顾问，也没有待办的邀请。</p>}
      {rows.map((row) => (
        <div key={row.id} className="trainer-line">
          <div className="trainer-what">
            <b>{row.trainerName}</b> {invitationKindLabels[row.kind]}：{row.subject}
            <p className="quiet">{detailOf(row)}</p>
          </div>
          <StateMark
            state={row.isGiven ? 'done' : tones[row.status]}
            word={row.isGiven ? '已登记' : invitationStatusLabels[row.status]}
          />
          <span className="trainer-acts">
            {row.abilities.decide === null && (
              <>
                <Button
                  type="primary"
                  size="small"
                  loading={approve.running}
                  onClick={() => void approve.run({ invitationId: row.id })}
                >
                  批准
                </Button>
                <Button type="link" size="small" onClick={() => open({ what: 'refuse', invitation: row })}>
                  不批准
                </Button>
              </>
            )}
            {row.kind === 'adviser' && row.status === 'approved' && (
              <Button
                size="small"
                href={fileAddress(trainer.getLetterFile, { invitationId: row.id })}
                target="_blank"
              >
                聘书
              </Button>
            )}
            {row.kind === 'lecture' && row.status === 'approved' && !row.isGiven && (
              <LinkButton
                size="small"
                to={`${paths.newActivity()}?unit=school&trainer=${row.trainerId}&day=${row.from}&theme=${encodeURIComponent(row.subject)}`}
              >
                排进活动
              </LinkButton>
            )}
            {row.kind !== 'adviser' && row.status === 'approved' && !row.isGiven && (
              <Button size="small" onClick={() => open({ what: 'given', invitation: row })}>
                登记已讲
              </Button>
            )}
            {row.abilities.withdraw === null && (
              <Button
                type="link"
                size="small"
                onClick={() => open({ what: 'withdrawInvitation', invitation: row })}
              >
                撤回
              </Button>
            )}
          </span>
        </div>
      ))}
    </Section>
  )
}

/** What waits, what holds today, what is still to come; a refusal until the day is over. */
function isCurrent(row: Invitation, today: string): boolean {
  if (row.status === 'proposed') return true
  if (row.status === 'refused') return row.from >= today
  return !row.isGiven && (row.to ?? row.from) >= today
}

function detailOf(row: Invitation): string {
  return [
    row.to === null ? dayText(row.from) : `聘期 ${row.from} 至 ${row.to}`,
    row.place,
    row.fee == null ? '' : `费用 ${row.fee} 元`,
    row.letterNumber === '' ? '' : `聘书 ${row.letterNumber}`,
    row.proposedByName === null ? '' : `${row.proposedByName} 提出`,
    row.reason === '' ? '' : `原因：${row.reason}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}
