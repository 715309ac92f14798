import type { HomeItem } from '../home/contract.ts'
import type { DecidedItem } from '../inbox/contract.ts'
import { dayText } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { loadToRate } from './present.ts'
import { listInvitations } from './store.ts'
import { invitationKindLabels } from './words.ts'

/** Lectures and guidance of which the person who acts has not said anything yet, for the first page. */
export async function trainerItems(tx: Tx): Promise<(HomeItem & { rank: number })[]> {
  const waiting = await loadToRate(tx)
  const [first] = waiting
  if (!first) return []
  return [
    {
      key: `rate ${first.id}`,
      state: 'open',
      mark: waiting.length > 1 ? `${waiting.length} 次待评` : `${dayText(first.until)}前`,
      title: `评一评：${first.giverName}《${first.subject}》`,
      detail: `${dayText(first.heldOn)}，点几颗星就行，不记名。`,
      countsFor: '',
      action: { label: '打星', place: { page: 'trainerRatings' } },
      rank: 7,
    },
  ]
}

/** Engagements and invitations that wait for the principal. */
export async function listInvitationsToDecide(tx: Tx): Promise<DecidedItem[]> {
  if (can.decide(tx.actor, { status: 'proposed' }) !== null) return []
  return (await listInvitations(tx, { status: 'proposed' })).map((row) => ({
    kind: 'invitation' as const,
    id: row.id,
    title: `${invitationKindLabels[row.kind]}：${row.trainerName}`,
    personName: row.proposedByName ?? '教导处',
    detail: [
      row.to === null ? dayText(row.from) : `${row.from} 至 ${row.to}`,
      row.place,
      row.fee === null ? '' : `费用 ${row.fee} 元`,
    ]
      .filter((part) => part !== '')
      .join(' · '),
    text: row.subject,
    waitingSince: row.proposedAt,
    batch: true,
  }))
}
