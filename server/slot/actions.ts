import { addDays, dayLabel, weekdayLabel } from '../../engine/days.ts'
import { isSchoolDay, weekOf } from '../../engine/periods.ts'
import { numberSetting } from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import { moveActivity } from '../activity/actions.ts'
import { activitySettings } from '../activity/settings.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findUnit } from '../org/store.ts'
import { can } from './access.ts'
import { loadPeriods } from './clashes.ts'
import type { SlotInput } from './contract.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { type Period, usualTimes } from './words.ts'

async function getSlot(tx: Tx, id: string): Promise<store.SlotRow> {
  return (await store.findSlot(tx, id)) ?? refuseNotFound('固定时间')
}

/** How the regimes in force want occurrences moved (majiabao-02, xinhongqiao-08). */
export async function shiftRule(tx: Tx, on: LocalDate = tx.today): Promise<rules.ShiftRule> {
  const settings = await activitySettings(tx, on)
  const regime = settings.regimes.find((one) => one.settings.nextDays !== undefined)
  return {
    forbiddenBy: settings.moveForbiddenBy,
    nextDays: regime ? numberSetting(regime, 'nextDays', 1) : null,
    schoolDays: regime ? regime.settings.nextDayIsSchoolDay?.value !== false : true,
    clause: regime ? `${regime.title} ${regime.settings.nextDays?.clause ?? ''}`.trim() : '',
  }
}

/** Fills in what follows: times from the periods, part of the day, the usual title. */
function complete(input: SlotInput, periods: Period[], unitName: string | null) {
  const { firstPeriod = null, lastPeriod = null } = input
  if ((firstPeriod === null) !== (lastPeriod === null))
    refuse('节次要写起止两个，例如第 7 节到第 8 节。', { fields: { lastPeriod: '请填写' } })
  let { starts = null, ends = null } = input
  if (firstPeriod !== null && lastPeriod !== null) {
    if (lastPeriod < firstPeriod)
      refuse('最后一节在第一节之前，请核对节次。', { fields: { lastPeriod: '在第一节之前' } })
    const [first, last] = [firstPeriod, lastPeriod].map((number) =>
      periods.find((one) => one.number === number),
    )
    if (!first || !last)
      refuse(`本校作息只有 ${periods.length} 节课，请先在“公开课设置”的作息里补上，或改选节次。`, {
        fields: { lastPeriod: '没有这一节' },
      })
    starts = first.starts
    ends = last.ends
  }
  const lessonsEnd = periods.at(-1)?.ends ?? '17:00'
  const usual =
    input.dayPart === 'afterSchool' && lessonsEnd > usualTimes.afterSchool.starts
      ? { starts: lessonsEnd, ends: '18:30' }
      : usualTimes[input.dayPart]
  starts ??= usual.starts
  ends ??= usual.ends
  if (ends <= starts) refuse('结束时间要晚于开始时间。', { fields: { ends: '要晚于开始时间' } })
  const from = input.from
  const to = input.to ?? null
  if (to !== null && to < from)
    refuse('最后一天在第一天之前，请核对日期。', { fields: { to: '在第一天之前' } })
  return {
    unitId: input.unitId,
    title: input.title?.trim() || (unitName === null ? '校本研修日' : `${unitName}活动`),
    studyKind: input.studyKind ?? '',
    place: input.place?.trim() ?? '',
    weekday: input.weekday,
    dayPart: firstPeriod === null && input.starts == null ? input.dayPart : rules.dayPartOf(starts, periods),
    firstPeriod,
    lastPeriod,
    starts,
    ends,
    parity: input.parity ?? 'every',
    from,
    to,
  } satisfies Partial<store.NewSlot>
}

/** The named group, existing on the day from which the time holds; null for the whole school. */
async function nameOfUnit(tx: Tx, unitId: string | null, from: LocalDate): Promise<string | null> {
  if (unitId === null) return null
  const unit = (await findUnit(tx, unitId)) ?? refuseNotFound('组')
  if (unit.toOn !== null && unit.toOn < from)
    refuse(`“${unit.name}”已经在${dayLabel(unit.toOn)}撤销，不能再设固定时间。`)
  return unit.name
}

/** Everything against which fixed times are held, read once. */
export interface ClashContext {
  slots: store.SlotRow[]
  members: { unitId: string; personId: string; personName: string }[]
  lessons: store.TimetableLesson[]
  periods: Period[]
}

/** What is needed to find the clashes of fixed times on these weekdays. */
export async function loadClashContext(tx: Tx, on: LocalDate, weekdays: number[]): Promise<ClashContext> {
  const term = termFrom(await loadCalendar(tx), on)
  const [slots, members, periods, lessons] = await Promise.all([
    store.listSlots(tx),
    store.listMembersOfSlots(tx, on),
    loadPeriods(tx),
    term ? store.listLessonsOn(tx, { termId: term.id, weekdays, on }) : [],
  ])
  return { slots, members, periods, lessons }
}

/** What a fixed time meets: others that draw the same people, and lessons of its members. `own`: a second time of the same owner. */
export function clashesIn(
  context: ClashContext,
  slot: rules.SlotTime & { id: string; unitId: string | null },
  today: LocalDate,
): { sentences: string[]; own: store.SlotRow | undefined } {
  const all = context.slots.filter(
    (other) =>
      other.id !== slot.id &&
      (other.status === 'filed' || other.status === 'proposed') &&
      (other.to === null || other.to >= today) &&
      rules.slotsMeet(slot, other),
  )
  const own = all.find((other) => other.unitId === slot.unitId)
  const mine = context.members.filter((row) => row.unitId === slot.unitId)
  const sentences: string[] = []
  for (const other of all.filter((one) => one !== own)) {
    const what = `${other.unitName ?? '全校'}的“${other.title}”（${rules.slotText(other)}）`
    if (slot.unitId === null || other.unitId === null) {
      sentences.push(`和${what}是同一时间。`)
      continue
    }
    const ofOther = new Set(
      context.members.filter((row) => row.unitId === other.unitId).map((row) => row.personId),
    )
    const shared = mine.filter((row) => ofOther.has(row.personId))
    if (shared.length > 0)
      sentences.push(`和${what}是同一时间，${namesOf(shared.map((row) => row.personName))}两边都要参加。`)
  }
  const people = slot.unitId === null ? null : new Set(mine.map((row) => row.personId))
  const lessons = context.lessons.filter((lesson) => people === null || people.has(lesson.personId))
  const met = rules.lessonsAt(lessons, slot, context.periods)
  sentences.push(...rules.lessonSentences(met).map((sentence) => `${sentence}。`))
  return { sentences, own }
}

async function clashesOf(tx: Tx, slot: rules.SlotTime & { id: string; unitId: string | null }) {
  const on = slot.from > tx.today ? slot.from : tx.today
  return clashesIn(await loadClashContext(tx, on, [slot.weekday]), slot, tx.today)
}

/** What a fixed time would meet, before it is proposed. */
export async function findSlotClashes(
  tx: Tx,
  input: SlotInput & { id?: string | undefined },
): Promise<{ clashes: string[] }> {
  demand(can.propose(tx.actor, input.unitId))
  const unitName = await nameOfUnit(tx, input.unitId, input.from)
  const slot = { id: input.id ?? newId(), ...complete(input, await loadPeriods(tx), unitName) }
  const { sentences, own } = await clashesOf(tx, slot)
  const first = own
    ? [`${own.unitName ?? '全校'}在这个时间已经有“${own.title}”（${rules.slotText(own)}），不能重复。`]
    : []
  return { clashes: [...first, ...sentences] }
}

/** The term of a day, or in the holidays the next one. */
function termFrom(calendar: Awaited<ReturnType<typeof loadCalendar>>, on: LocalDate) {
  return calendar.terms.find((term) => term.to >= on)
}

function namesOf(names: string[], most = 4): string {
  return names.length > most
    ? `${names.slice(0, most).join('、')}等 ${names.length} 位老师`
    : names.join('、')
}

/** People who belong to several groups whose fixed times are the same hour: one sentence each. */
export function sharedPeople({ slots, members }: ClashContext, today: LocalDate): string[] {
  const live = slots.filter(
    (slot) =>
      (slot.status === 'filed' || slot.status === 'proposed') &&
      slot.unitId !== null &&
      (slot.to === null || slot.to >= today),
  )
  if (live.length < 2) return []
  const unitsOf = Map.groupBy(members, (row) => row.personId)
  const sentences: string[] = []
  for (const own of unitsOf.values()) {
    const mine = live.filter((slot) => own.some((row) => row.unitId === slot.unitId))
    const met = mine.filter((slot) => mine.some((other) => other !== slot && rules.slotsMeet(slot, other)))
    if (met.length < 2) continue
    const name = own[0]?.personName ?? ''
    sentences.push(
      `${name}同一时间有 ${met.length} 个组的活动：${met.map((slot) => `${slot.unitName}（${rules.slotText(slot)}）`).join('、')}。`,
    )
  }
  return sentences
}

function refuseOwn(own: store.SlotRow): never {
  refuse(
    `${own.unitName ?? '全校'}在这个时间已经有“${own.title}”（${rules.slotText(own)}），请换个时间，或先停用那一个。`,
    { fields: { weekday: '与已有的固定时间重叠' } },
  )
}

/**
 * Proposes a fixed time; what 教导处 sets itself is filed at once under a number (xinhongqiao-07). Returns what it
 * meets, in sentences.
 */
export async function proposeSlot(
  tx: Tx,
  input: SlotInput,
): Promise<{ id: string; number: string | null; warnings: string[] }> {
  demand(can.propose(tx.actor, input.unitId))
  await store.lockSlots(tx)
  const unitName = await nameOfUnit(tx, input.unitId, input.from)
  await refuseForeignKind(tx, input.studyKind ?? '')
  const id = newId()
  const slot = { id, ...complete(input, await loadPeriods(tx), unitName) }
  const { sentences, own } = await clashesOf(tx, slot)
  if (own) refuseOwn(own)
  const atOnce = can.approve(tx.actor, { status: 'proposed' }) === null
  const number = atOnce ? await nextNumber(tx) : null
  await store.insertSlot(tx, { ...slot, status: atOnce ? 'filed' : 'proposed', number })
  await audit(tx, { type: atOnce ? 'slot.filed' : 'slot.proposed', id, payload: { ...slot, number } })
  changed(tx, 'slot', 'calendar')
  return { id, number, warnings: sentences }
}

async function refuseForeignKind(tx: Tx, kind: string): Promise<void> {
  if (kind === '') return
  const settings = await activitySettings(tx)
  if (!settings.kinds.some((term) => term.id === kind))
    refuse('现行制度没有这类活动，请从列出的类别中选择。', { fields: { studyKind: '请重新选择' } })
}

async function nextNumber(tx: Tx): Promise<string> {
  const year = Number(tx.today.slice(0, 4))
  return rules.filingNumber(year, (await store.countNumbers(tx, `时〔${year}〕`)) + 1)
}

/**
 * Changes a fixed time if it is still the version that was read. A change by the leader has to be approved again; its
 * number stays.
 */
export async function changeSlot(
  tx: Tx,
  input: SlotInput & { id: string; version: number },
): Promise<{ warnings: string[] }> {
  await store.lockSlots(tx)
  const before = await getSlot(tx, input.id)
  demand(can.change(tx.actor, before))
  if (before.version !== input.version)
    throw new Refusal(
      `这个固定时间刚被${before.decidedByName ?? before.proposedByName ?? '别人'}改过，请看最新的再改。`,
      {
        status: 409,
        code: 'conflict',
      },
    )
  await refuseForeignKind(tx, input.studyKind ?? '')
  const slot = {
    id: before.id,
    ...complete({ ...input, unitId: before.unitId }, await loadPeriods(tx), before.unitName),
  }
  const { sentences, own } = await clashesOf(tx, slot)
  if (own) refuseOwn(own)
  const keeps = before.status === 'filed' && can.grantsAtOnce(tx.actor)
  await store.updateSlot(tx, { ...slot, status: keeps ? 'filed' : 'proposed' })
  await audit(tx, {
    type: 'slot.changed',
    id: before.id,
    payload: { before: rules.slotText(before), ...slot },
  })
  changed(tx, 'slot', 'calendar')
  return { warnings: sentences }
}

/** 教导处 approves a proposed time and files it under a number; one that had a number keeps it. */
export async function approveSlot(tx: Tx, input: { id: string }): Promise<{ number: string }> {
  await store.lockSlots(tx)
  const slot = await getSlot(tx, input.id)
  demand(can.approve(tx.actor, slot))
  const number = slot.number ?? (await nextNumber(tx))
  await store.decideSlot(tx, { id: slot.id, status: 'filed', number, note: '' })
  await audit(tx, { type: 'slot.filed', id: slot.id, payload: { number, title: slot.title } })
  changed(tx, 'slot', 'calendar')
  return { number }
}

/** Gives a proposed time back with the reason. */
export async function returnSlot(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  await store.lockSlots(tx)
  const slot = await getSlot(tx, input.id)
  demand(can.approve(tx.actor, slot))
  if (input.reason.trim() === '') refuse('请写明退回的原因。', { fields: { reason: '请填写' } })
  await store.decideSlot(tx, {
    id: slot.id,
    status: 'returned',
    number: slot.number,
    note: input.reason.trim(),
  })
  await audit(tx, { type: 'slot.returned', id: slot.id, payload: { reason: input.reason } })
  changed(tx, 'slot', 'calendar')
}

/** Ends a fixed time after its last day; one that was never filed, or had not begun by then, is withdrawn as a whole. */
export async function withdrawSlot(tx: Tx, input: { id: string; lastDay: LocalDate }): Promise<void> {
  await store.lockSlots(tx)
  const slot = await getSlot(tx, input.id)
  demand(can.withdraw(tx.actor, slot))
  const whole = slot.status !== 'filed' || input.lastDay < slot.from
  await store.endSlot(tx, { id: slot.id, lastDay: whole ? null : input.lastDay })
  await audit(tx, { type: 'slot.withdrawn', id: slot.id, payload: { lastDay: whole ? null : input.lastDay } })
  changed(tx, 'slot', 'calendar')
}

/** The next occurrences of a fixed time, each with the day to which the regime would have it moved. */
export async function listShiftChoices(tx: Tx, id: string) {
  const slot = await getSlot(tx, id)
  demand(can.shift(tx.actor, slot))
  const calendar = await loadCalendar(tx)
  const rule = await shiftRule(tx)
  const moved = (await store.listShifts(tx, addDays(tx.today, -14))).filter(
    (one) => one.slotId === id && one.status !== 'declined',
  )
  const days = rules
    .occurrencesOf(slot, calendar, { from: tx.today, to: addDays(tx.today, 70) }, moved)
    .filter((one) => one.movedFrom === null)
    .slice(0, 6)
  const occurrences = []
  for (const { day } of days) {
    const proposal = rules.nextDayFor(day, rule, calendar)
    const text = (date: LocalDate) => `${dayLabel(date)} ${weekdayLabel(date)}`
    occurrences.push({
      day,
      label: `${text(day)} · ${weekOf(calendar, day)?.label ?? ''}`,
      proposal,
      proposalLabel: text(proposal),
      activity: (await store.findActivityAt(tx, slot.unitId, day))?.theme ?? null,
    })
  }
  return { occurrences, forbiddenBy: rule.forbiddenBy, clause: rule.clause }
}

/**
 * Moves one occurrence to another day with a reason; asked by the leader, granted by 教导处, who moves at once. It
 * still counts for its own week; an activity planned for it moves along. Refused with the clause where the regime
 * forbids it or names the day (majiabao-02, xinhongqiao-08).
 */
export async function shiftOccurrence(
  tx: Tx,
  input: { id: string; day: LocalDate; to: LocalDate; reason: string },
): Promise<{ status: 'asked' | 'granted' }> {
  await store.lockSlots(tx)
  const slot = await getSlot(tx, input.id)
  demand(can.shift(tx.actor, slot))
  if (input.reason.trim() === '') refuse('请写明顺延的原因。', { fields: { reason: '请填写' } })
  const calendar = await loadCalendar(tx)
  if (input.day < tx.today) refuse('已经过去的场次不能再顺延。', { fields: { day: '已经过去' } })
  const earlier = await store.findShiftOf(tx, slot.id, input.day)
  if (earlier) refuse(`${dayLabel(input.day)}的这一次已经改到${dayLabel(earlier.newOn)}，不用再改。`)
  const rule = await shiftRule(tx, input.day)
  const problem = rules.shiftProblem(input.day, input.to, rule, calendar)
  if (problem)
    refuse(problem.message, {
      ...(problem.clause === '' ? {} : { clause: problem.clause }),
      fields: { to: '请改' },
    })
  // A holiday that was added later takes the occurrence away; it may still be held on another day.
  if (!rules.fallsOn({ ...slot, to: slot.to }, { ...calendar, specialDays: [] }, input.day))
    refuse(`${dayLabel(input.day)}不是“${slot.title}”的日子。`, { fields: { day: '请另选' } })
  if (!isSchoolDay(calendar, input.to))
    refuse(`${dayLabel(input.to)}（${weekdayLabel(input.to)}）不上课，请换一天。`, {
      fields: { to: '不上课' },
    })
  const granted = can.grantsAtOnce(tx.actor)
  const shift = {
    id: newId(),
    slotId: slot.id,
    originalOn: input.day,
    newOn: input.to,
    reason: input.reason.trim(),
    status: granted ? ('granted' as const) : ('asked' as const),
    activityId: granted
      ? await moveAlong(tx, slot, { originalOn: input.day, newOn: input.to, reason: input.reason.trim() })
      : null,
  }
  await store.insertShift(tx, shift)
  await audit(tx, {
    type: granted ? 'slot.shifted' : 'slot.shiftAsked',
    id: slot.id,
    payload: { from: input.day, to: input.to, reason: shift.reason },
  })
  changed(tx, 'slot', 'calendar')
  return { status: shift.status }
}

/** The activity that was planned for an occurrence goes to the new day. */
async function moveAlong(
  tx: Tx,
  slot: store.SlotRow,
  shift: { originalOn: LocalDate; newOn: LocalDate; reason: string },
): Promise<string | null> {
  const planned = await store.findActivityAt(tx, slot.unitId, shift.originalOn)
  if (!planned) return null
  await moveActivity(tx, { id: planned.id, day: shift.newOn, reason: shift.reason })
  return planned.id
}

/** 教导处 agrees to a shift that a leader asked for, or not. */
export async function decideShift(
  tx: Tx,
  input: { id: string; grant: boolean; note?: string },
): Promise<void> {
  demand(can.decideShift(tx.actor))
  await store.lockSlots(tx)
  const shift = (await store.findShift(tx, input.id)) ?? refuseNotFound('顺延申请')
  if (shift.status !== 'asked') refuse('这个顺延申请已经处理过了。')
  if (!input.grant && (input.note ?? '').trim() === '')
    refuse('请写明不同意的原因。', { fields: { note: '请填写' } })
  const slot = await getSlot(tx, shift.slotId)
  const activityId = input.grant ? await moveAlong(tx, slot, shift) : null
  await store.updateShift(tx, {
    id: shift.id,
    status: input.grant ? 'granted' : 'declined',
    note: (input.note ?? '').trim(),
    activityId,
  })
  await audit(tx, {
    type: input.grant ? 'slot.shifted' : 'slot.shiftDeclined',
    id: slot.id,
    payload: { from: shift.originalOn, to: shift.newOn, note: input.note ?? '' },
  })
  changed(tx, 'slot', 'calendar')
}
