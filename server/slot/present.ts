import { addDays } from '../../engine/days.ts'
import { termOf, weekOf } from '../../engine/periods.ts'
import { activitySettings, choosable, labelOf } from '../activity/settings.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnits } from '../org/store.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import { type ClashContext, clashesIn, loadClashContext, sharedPeople, shiftRule } from './actions.ts'
import type { ShiftLine, SlotLine } from './contract.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { dayPartLabels, parityLabels, slotStatusLabels, weekdayOfLabel } from './words.ts'

const hasEnded = (tx: Tx, slot: store.SlotRow) =>
  slot.status === 'withdrawn' || (slot.to !== null && slot.to < tx.today)

function slotLine(
  tx: Tx,
  slot: store.SlotRow,
  kinds: { id: string; label: string }[],
  context: ClashContext,
  forbiddenBy: string | null,
): SlotLine {
  const live = !hasEnded(tx, slot) && slot.status !== 'returned'
  return {
    id: slot.id,
    unit: slot.unitId === null ? null : { id: slot.unitId, name: slot.unitName ?? '' },
    ownerName: slot.unitName ?? '全校',
    title: slot.title,
    studyKind: slot.studyKind,
    studyKindLabel: slot.studyKind === '' ? '' : labelOf(kinds, slot.studyKind),
    place: slot.place,
    weekday: slot.weekday,
    dayPart: slot.dayPart,
    firstPeriod: slot.firstPeriod,
    lastPeriod: slot.lastPeriod,
    starts: slot.starts,
    ends: slot.ends,
    parity: slot.parity,
    when: rules.slotText(slot),
    from: slot.from,
    to: slot.to,
    status: slot.status,
    number: slot.number,
    note: slot.note,
    proposedByName: slot.proposedByName,
    decidedByName: slot.decidedByName,
    version: slot.version,
    clashes: live ? clashesIn(context, slot, tx.today).sentences : [],
    abilities: {
      change: can.change(tx.actor, slot),
      approve: can.approve(tx.actor, slot),
      withdraw: can.withdraw(tx.actor, slot),
      shift:
        can.shift(tx.actor, slot) ??
        (forbiddenBy === null ? null : `制度规定固定时间一般不予调换（${forbiddenBy}），请按原时间举行。`),
    },
  }
}

/** Everything that the page of fixed times shows. */
export async function loadSlots(tx: Tx, ended: boolean) {
  const settings = await activitySettings(tx)
  const calendar = await loadCalendar(tx)
  const context = await loadClashContext(tx, tx.today, [1, 2, 3, 4, 5, 6, 7])
  const all = context.slots
  const { forbiddenBy } = await shiftRule(tx)
  const slots = all
    .filter((slot) => ended || !hasEnded(tx, slot))
    .map((slot) => slotLine(tx, slot, settings.kinds, context, forbiddenBy))
  const byId = new Map(all.map((slot) => [slot.id, slot]))
  const shifts = (await store.listShifts(tx, addDays(tx.today, -60))).flatMap((shift): ShiftLine[] => {
    const slot = byId.get(shift.slotId)
    if (!slot) return []
    return [
      {
        ...shift,
        ownerName: slot.unitName ?? '全校',
        title: slot.title,
        weekLabel: weekOf(calendar, shift.originalOn)?.label ?? null,
        abilities: { decide: shift.status === 'asked' ? can.decideShift(tx.actor) : '已经处理过了。' },
      },
    ]
  })
  const units = (await listUnits(tx, tx.today))
    .filter((unit) => unit.kind !== 'department' && can.propose(tx.actor, unit.id) === null)
    .map((unit): { id: string | null; label: string } => ({ id: unit.id, label: unit.name }))
  if (can.propose(tx.actor, null) === null) units.unshift({ id: null, label: '全校' })
  return {
    slots,
    shifts,
    units,
    kinds: choosable(settings.kinds),
    periods: context.periods,
    shared: sharedPeople(context, tx.today),
    forbiddenBy,
    today: tx.today,
    termTo: termOf(calendar, tx.today)?.to ?? null,
    abilities: { propose: can.proposeAny(tx.actor), maintain: can.maintain(tx.actor) },
  }
}

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
const day = (title: string) => ({ title, width: 14, kind: 'date' as const })

/** The register of fixed times for Excel, as the 教导处 files it. */
export async function slotSheet(tx: Tx): Promise<Sheet> {
  const { kinds } = await activitySettings(tx)
  return {
    name: '固定研修时间',
    columns: [
      text('备案号', 18),
      text('组', 20),
      text('名称', 24),
      text('类别', 16),
      text('周次', 8),
      text('星期', 8),
      text('时段', 10),
      text('节次', 12),
      text('时间', 16),
      text('地点', 18),
      day('从'),
      day('到'),
      text('状态', 16),
    ],
    rows: (await store.listSlots(tx)).map((slot) => [
      slot.number,
      slot.unitName ?? '全校',
      slot.title,
      slot.studyKind === '' ? '' : labelOf(kinds, slot.studyKind),
      parityLabels[slot.parity],
      weekdayOfLabel(slot.weekday),
      dayPartLabels[slot.dayPart],
      slot.firstPeriod === null || slot.lastPeriod === null
        ? ''
        : rules.periodsText(slot.firstPeriod, slot.lastPeriod),
      `${slot.starts}–${slot.ends}`,
      slot.place,
      slot.from,
      slot.to,
      slotStatusLabels[slot.status],
    ]),
  }
}
