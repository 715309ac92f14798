import { dayLabel } from '../../engine/days.ts'
import type { HomeItem } from '../home/contract.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { listDesigns } from './design-store.ts'
import { groupIdsOf } from './present.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

type Item = HomeItem & { rank: number; dueOn: string | null }

/**
 * What matters in steps, designs and 说课 ask of the person who acts: the own next step, what observers and leaders are
 * to add, the first draft of a preparation, a paper that came back. The lower the rank the more urgent.
 */
export async function teachingItems(tx: Tx): Promise<Item[]> {
  const me = tx.actor.personId
  if (me === null || tx.actor.districtId !== null) return []
  const runs = await store.listRuns(tx, { personId: me, unitIds: groupIdsOf(tx), status: 'running' })
  const entries = Map.groupBy(
    await store.listEntries(
      tx,
      runs.map((run) => run.id),
    ),
    (entry) => entry.runId,
  )
  const items: Item[] = []
  const add = (item: Pick<Item, 'key' | 'title' | 'detail' | 'action'> & { dueOn: string | null }) => {
    const isLate = item.dueOn !== null && item.dueOn < tx.today
    items.push({
      ...item,
      state: isLate ? 'overdue' : item.dueOn === tx.today ? 'dueSoon' : 'open',
      mark:
        item.dueOn === null ? '待做' : isLate ? `${dayLabel(item.dueOn)}已到期` : `${dayLabel(item.dueOn)}前`,
      countsFor: '',
      rank: isLate ? 3 : 6,
    })
  }
  for (const run of runs) {
    const own = entries.get(run.id) ?? []
    const cells = rules.cellsOf(run, own, tx.today)
    const index = run.steps.findIndex((step, place) => {
      const state = cells[place]?.state
      if (state !== 'next' && state !== 'late') return false
      // Colleagues are asked where they observed it, not because they belong to the group.
      if (step.actor === 'peers' && !run.observes) return false
      if (step.actor === 'office' && step.optional) return false
      if (own.some((entry) => entry.step === step.id && entry.personId === me && entry.doneOn)) return false
      return can.act(tx.actor, run, step.actor) === null
    })
    const step = run.steps[index]
    if (!step) continue
    add({
      key: `step ${run.id} ${step.id}`,
      title: `${run.title}：${step.label}`,
      detail: `${run.flowLabel}${run.personName && run.personId !== me ? ` · ${run.personName}` : ''}`,
      dueOn: cells[index]?.dueOn ?? null,
      action: { label: '去填写', place: { page: 'teachingRun', id: run.id } },
    })
  }
  for (const design of await listDesigns(tx, { personId: me, kind: 'shared' })) {
    if (design.status !== 'drafting') continue
    add({
      key: `draft ${design.id}`,
      title: `集体备课初稿：${design.title}`,
      detail: `您是主备人${design.unitName ? ` · ${design.unitName}` : ''}`,
      dueOn: design.dueOn,
      action: { label: '写初稿', place: { page: 'design', id: design.id } },
    })
  }
  return items
}
