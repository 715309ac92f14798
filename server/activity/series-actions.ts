import { addDays, dayLabel, weekdayOf } from '../../engine/days.ts'
import { termOf, weekOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate, TermInput } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { instantAt, localTimeOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findUnit, listUnits } from '../org/store.ts'
import { shiftRule } from '../slot/actions.ts'
import { findNextOccurrence } from '../slot/clashes.ts'
import type { Parity } from '../slot/words.ts'
import { can } from './access.ts'
import { cancelActivity, refuseSameRecorder } from './actions.ts'
import { getLocked } from './locked.ts'
import { findUnsettled } from './rules.ts'
import type { SeriesRow, SeriesView } from './series-contract.ts'
import * as rules from './series-rules.ts'
import * as series from './series-store.ts'
import { type ActivitySettings, activitySettings, choosable, labelOf, settledParts } from './settings.ts'
import { sharedPeopleOf } from './shared-people.ts'
import * as store from './store.ts'

async function getGroup(tx: Tx, unitId: string) {
  return (await findUnit(tx, unitId)) ?? refuseNotFound('组')
}

function termBefore(calendar: CalendarInput, term: TermInput): { from: LocalDate; to: LocalDate } {
  const before = calendar.terms.filter((one) => one.to < term.from).at(-1)
  return before ?? { from: addDays(term.from, -180), to: addDays(term.from, -1) }
}

/** The term that is meant: the named one, else that of today, else the next. */
function termMeant(calendar: CalendarInput, today: LocalDate, termId: string | null): TermInput | undefined {
  if (termId !== null) return calendar.terms.find((term) => term.id === termId)
  return termOf(calendar, today) ?? calendar.terms.find((term) => term.from > today)
}

/**
 * What stands for a term of a group, how a new series would be laid out, and who would speak when; everything that is
 * known (fixed time, last activity, regime) is filled in.
 */
export async function getSeries(
  tx: Tx,
  wanted: {
    unitId?: string | null | undefined
    termId?: string | null | undefined
    weekday?: number | null | undefined
    parity?: Parity | null | undefined
    kind?: string | null | undefined
  },
): Promise<SeriesView> {
  const calendar = await loadCalendar(tx)
  const settings = await activitySettings(tx)
  const groups = (await listUnits(tx, tx.today)).filter(
    (unit) => unit.kind !== 'department' && can.plan(tx.actor, 'group', unit.id) === null,
  )
  const led = new Set(tx.actor.leads.map((lead) => lead.unitId))
  const unit =
    groups.find((group) => group.id === wanted.unitId) ??
    (wanted.unitId ? refuseNotFound('组') : undefined) ??
    // Who leads a body as well as (or instead of) a group plans the term of a group.
    groups.find((group) => led.has(group.id) && group.kind !== 'body') ??
    groups.find((group) => group.kind !== 'body') ??
    groups[0]
  const term = termMeant(calendar, tx.today, wanted.termId ?? null)
  const view: SeriesView = {
    unit: unit ? { id: unit.id, name: unit.name } : null,
    units: groups.map(({ id, name }) => ({ id, name })),
    term: term ? { id: term.id, name: term.name, from: term.from, to: term.to } : null,
    terms: calendar.terms
      .filter((one) => one.to >= addDays(tx.today, -200))
      .map(({ id, name }) => ({ id, name })),
    kinds: choosable(settings.kinds),
    members: [],
    existing: [],
    repairs: [],
    proposal: null,
    settled: [],
    abilities: { plan: unit ? can.plan(tx.actor, 'group', unit.id) : '您还没有负责的组。' },
  }
  if (!unit || !term) return view
  const from = term.from > tx.today ? term.from : tx.today
  const members = await series.listRotationMembers(
    tx,
    unit.id,
    { from: from < term.to ? from : term.to, to: term.to },
    term,
    termBefore(calendar, term),
  )
  const lines = await series.listTermActivities(tx, unit.id, term)
  view.members = members.map((member) => ({
    id: member.personId,
    name: member.name,
    spoken: member.spoken,
    spokenBefore: member.spokenBefore,
    away: rules.isAway(member, from),
  }))
  view.existing = lines.map((line) => existingRow(line, calendar, settings))
  view.repairs = proposeRepairs(members, lines)
  if (from <= term.to)
    await propose(tx, { view, wanted, unit, term, from, members, lines, settings, calendar })
  return view
}

/** The term as it would be laid out; written into the view. */
async function propose(
  tx: Tx,
  at: {
    view: SeriesView
    wanted: Parameters<typeof getSeries>[1]
    unit: { id: string }
    term: TermInput
    from: LocalDate
    members: rules.Member[]
    lines: series.SeriesLine[]
    settings: ActivitySettings
    calendar: CalendarInput
  },
): Promise<void> {
  const { view, wanted, members, settings, calendar } = at
  const slot = await findNextOccurrence(tx, at.unit.id, at.from)
  const last = await store.findLastOfUnit(tx, at.unit.id)
  const kind =
    view.kinds.find((term) => term.id === wanted.kind)?.id ??
    view.kinds.find((term) => term.id === slot?.slot.studyKind)?.id ??
    view.kinds.find((term) => term.id === last?.kind)?.id ??
    view.kinds[0]?.id ??
    ''
  const template = (await series.listTemplates(tx)).find((one) => one.kind === kind)
  const weekday =
    wanted.weekday ?? slot?.slot.weekday ?? (last ? weekdayOf(last.movedFrom ?? last.heldOn) : 3)
  const parity = wanted.parity ?? slot?.slot.parity ?? 'every'
  const startTime = slot?.slot.starts ?? (last ? localTimeOf(last.startsAt) : '15:30')
  const endTime = slot?.slot.ends ?? (last ? localTimeOf(last.endsAt) : '17:00')
  const laidOut = rules.layOut(
    calendar,
    at.term,
    { weekday, parity, from: at.from },
    await shiftRule(tx, at.from),
  )
  const taken = new Set(at.lines.map((line) => line.movedFrom ?? line.heldOn))
  const days = laidOut.days.filter((one) => !taken.has(one.movedFrom ?? one.day))
  const speakers = rules.proposeRotation(
    members,
    days.map((one) => one.day),
  )
  const nameOf = new Map(members.map((member) => [member.personId, member.name]))
  view.settled = settledParts(settings, kind)
  view.proposal = {
    weekday,
    parity,
    startTime,
    endTime,
    place: slot?.slot.place || template?.place || last?.place || '',
    kind,
    hostId:
      last?.hostId ?? (members.some((one) => one.personId === tx.actor.personId) ? tx.actor.personId : null),
    recorderId: last?.recorderId !== last?.hostId ? (last?.recorderId ?? null) : null,
    rows: days.map((one, index) => {
      const speaker = speakers[index] ?? null
      return {
        activityId: null,
        ...one,
        kind,
        kindLabel: labelOf(settings.kinds, kind),
        theme: '',
        speaker: speaker === null ? null : { id: speaker, name: nameOf.get(speaker) ?? '' },
        speakerProblem: null,
        status: null,
        swaps: 0,
      }
    }),
    skipped: laidOut.skipped,
    sentence: rules.rotationSentence(members, speakers),
    slot: slot ? slot.when : null,
  }
}

function existingRow(
  line: series.SeriesLine,
  calendar: CalendarInput,
  settings: ActivitySettings,
): SeriesRow {
  return {
    activityId: line.id,
    day: line.heldOn,
    movedFrom: line.movedFrom,
    weekLabel: weekOf(calendar, line.movedFrom ?? line.heldOn)?.label ?? '假期',
    kind: line.kind,
    kindLabel: labelOf(settings.kinds, line.kind),
    theme: line.theme === rules.openTheme ? '' : line.theme,
    speaker: line.speakerId === null ? null : { id: line.speakerId, name: line.speakerName ?? '' },
    speakerProblem:
      line.status === 'planned' && line.speakerId !== null && !line.speakerThere
        ? `${line.speakerName ?? ''}那天不在本组（调离或请长假）`
        : null,
    status: line.status,
    swaps: line.swaps,
  }
}

/** Who could speak where the speaker will not be there or nobody was named, fairly. */
function proposeRepairs(members: rules.Member[], lines: series.SeriesLine[]): SeriesView['repairs'] {
  const open = lines.filter((line) => line.status === 'planned' && !line.speakerThere)
  const chosen = rules.proposeRotation(
    members,
    open.map((line) => line.heldOn),
  )
  return open.flatMap((line, index) => {
    const speakerId = chosen[index] ?? null
    const name = members.find((member) => member.personId === speakerId)?.name
    return speakerId === null || name === undefined
      ? []
      : [{ activityId: line.id, speakerId, speakerName: name }]
  })
}

/**
 * Lays out the activities of a group for a term in one step: all dates with their speakers; themes may follow, but not
 * later than the start. Refuses days outside the term, a second activity at the same time, words the regime does not
 * know. Warnings name members who are expected elsewhere at the time.
 */
export async function createSeries(
  tx: Tx,
  input: {
    unitId: string
    termId: string
    weekday: number
    parity: Parity
    startTime: string
    endTime: string
    place?: string
    hostId?: string | null | undefined
    recorderId?: string | null | undefined
    rows: {
      day: LocalDate
      movedFrom?: LocalDate | null | undefined
      kind: string
      theme?: string
      speakerId?: string | null | undefined
    }[]
  },
): Promise<{ created: number; warnings: string[] }> {
  demand(can.plan(tx.actor, 'group', input.unitId))
  const unit = await getGroup(tx, input.unitId)
  const calendar = await loadCalendar(tx)
  const term = calendar.terms.find((one) => one.id === input.termId) ?? refuseNotFound('学期')
  if (input.endTime <= input.startTime)
    refuse('结束时间要晚于开始时间。', { fields: { endTime: '要晚于开始时间' } })
  const outside = input.rows.find((row) => row.day < term.from || row.day > term.to)
  if (outside) refuse(`${dayLabel(outside.day)}不在${term.name}里，请去掉这一行。`)
  const double = input.rows.find(
    (row, index) => input.rows.findIndex((other) => other.day === row.day) !== index,
  )
  if (double) refuse(`${dayLabel(double.day)}排了两次，请去掉一行。`)
  if (unit.toOn !== null && input.rows.some((row) => row.day > (unit.toOn ?? row.day)))
    refuse(`“${unit.name}”到${dayLabel(unit.toOn)}为止，请去掉以后的活动。`)
  refuseSameRecorder(input)
  const settings = await activitySettings(tx, input.rows[0]?.day ?? tx.today)
  checkRows(settings, input)
  const people = [
    ...new Set(
      [input.hostId, input.recorderId, ...input.rows.map((row) => row.speakerId)].filter((id) => id != null),
    ),
  ]
  if (people.length > 0 && (await store.countMissingPeople(tx, people)) > 0) refuseNotFound('人员')
  const rows: series.NewSeriesActivity[] = input.rows.map((row) => ({
    id: newId(),
    kind: row.kind,
    theme: row.theme?.trim() || rules.openTheme,
    heldOn: row.day,
    movedFrom: row.movedFrom && row.movedFrom !== row.day ? row.movedFrom : null,
    startsAt: instantAt(row.day, input.startTime),
    endsAt: instantAt(row.day, input.endTime),
    speakerId: row.speakerId ?? null,
  }))
  const own = await series.listOwnAt(tx, input.unitId, rows)
  if (own[0])
    refuse(`${dayLabel(own[0].heldOn)}本组已经安排了《${own[0].theme}》，请去掉这一行，或先取消那一次。`)
  const seriesId = newId()
  await series.insertSeries(tx, {
    id: seriesId,
    unitId: input.unitId,
    termId: term.id,
    weekday: input.weekday,
    parity: input.parity,
  })
  const agendas = Object.fromEntries((await series.listTemplates(tx)).map((one) => [one.kind, one.agenda]))
  await series.insertSeriesActivities(
    tx,
    {
      seriesId,
      unitId: input.unitId,
      scope: unit.kind === 'body' ? 'body' : 'group',
      place: input.place?.trim() ?? '',
      hostId: input.hostId ?? null,
      recorderId: input.recorderId ?? null,
      agendas,
    },
    rows,
  )
  await audit(tx, {
    type: 'activity.seriesCreated',
    id: seriesId,
    payload: { unitId: input.unitId, termId: term.id, activities: rows.length },
  })
  changed(tx, 'activity', 'series')
  return { created: rows.length, warnings: await sharedPeopleOf(tx, input.unitId, rows) }
}

function checkRows(settings: ActivitySettings, input: Parameters<typeof createSeries>[1]): void {
  for (const kind of new Set(input.rows.map((row) => row.kind))) {
    const known = settings.kinds.find((term) => term.id === kind)
    if (settings.hasOwnKinds && !known)
      refuse(`现行制度没有“${kind}”这类活动，请从列出的类别中选择。`, { fields: { kind: '请重新选择' } })
    if (known && !known.inUse)
      refuse(`“${known.label}”已经停用，请另选活动类别。`, { fields: { kind: '请重新选择' } })
    // Theme and content follow before the start; everything else is settled now.
    const settled = ['time', 'people', 'theme', 'content', 'form']
    if (input.place?.trim()) settled.push('place')
    if (input.hostId) settled.push('host')
    if (input.rows.every((row) => row.kind !== kind || row.speakerId)) settled.push('speaker', 'mainSpeaker')
    const part = findUnsettled(settledParts(settings, kind), settled)
    if (part)
      refuse(`制度要求活动安排前落实“${part.label}”，请补上后再排。`, {
        ...(part.clause === undefined ? {} : { clause: part.clause }),
        fields: { [part.id]: '请填写' },
      })
  }
}

/** Writes themes of planned activities of a group in one go; held ones keep theirs. */
export async function saveThemes(
  tx: Tx,
  input: { unitId: string; rows: { activityId: string; theme: string }[] },
): Promise<{ saved: number }> {
  demand(can.plan(tx.actor, 'group', input.unitId))
  await getGroup(tx, input.unitId)
  const saved = await series.updateThemes(
    tx,
    input.unitId,
    input.rows.map((row) => ({ id: row.activityId, theme: row.theme.trim() || rules.openTheme })),
  )
  if (saved === 0) refuse('这些活动已经开始或不是本组的，主题没有改。请刷新后再试。')
  await audit(tx, { type: 'activity.themesSaved', id: input.unitId, payload: { saved } })
  changed(tx, 'activity', 'series')
  return { saved }
}

/** Two members change their turns with a reason; both activities keep it in their history. */
export async function swapTurns(
  tx: Tx,
  input: { activityId: string; withActivityId: string; reason: string },
): Promise<void> {
  // In one order everywhere, so that two at once cannot wait for each other.
  const [firstId, secondId] = [input.activityId, input.withActivityId].sort()
  if (firstId === undefined || secondId === undefined || firstId === secondId)
    refuse('请选择两次不同的活动来对调。')
  const one = await getLocked(tx, firstId)
  const other = await getLocked(tx, secondId)
  demand(can.change(tx.actor, one))
  demand(can.change(tx.actor, other))
  const reason = input.reason.trim()
  if (reason === '') refuse('请写明对调的原因。', { fields: { reason: '请填写' } })
  if (one.unitId !== other.unitId) refuse('只能在同一个组里对调发言。')
  if (one.status !== 'planned' || other.status !== 'planned') refuse('已经开始的活动不能再对调发言人。')
  if (one.speakerId === null || other.speakerId === null)
    refuse('这两次中有一次还没有定中心发言人，请直接指定。')
  if (one.speakerId === other.speakerId) refuse('这两次是同一位老师发言，不用对调。')
  await setSpeaker(tx, one, other.speakerId, `与${dayLabel(other.heldOn)}对调：${reason}`)
  await setSpeaker(tx, other, one.speakerId, `与${dayLabel(one.heldOn)}对调：${reason}`)
  await audit(tx, { type: 'activity.turnsSwapped', id: one.id, payload: { with: other.id, reason } })
  changed(tx, 'activity', 'series')
}

async function setSpeaker(
  tx: Tx,
  activity: store.ActivityRow,
  speakerId: string,
  reason: string,
): Promise<void> {
  await series.updateSpeaker(tx, activity.id, speakerId)
  await store.insertSwap(tx, {
    id: newId(),
    activityId: activity.id,
    fromPersonId: activity.speakerId,
    toPersonId: speakerId,
    reason,
  })
}

/** Names others where a speaker left, is on leave or was never named; each change is kept with the reason. */
export async function repairRotation(
  tx: Tx,
  input: { unitId: string; reason: string; rows: { activityId: string; speakerId: string }[] },
): Promise<{ changed: number }> {
  demand(can.plan(tx.actor, 'group', input.unitId))
  if (input.reason.trim() === '') refuse('请写明换人的原因。', { fields: { reason: '请填写' } })
  const people = [...new Set(input.rows.map((row) => row.speakerId))]
  if ((await store.countMissingPeople(tx, people)) > 0) refuseNotFound('人员')
  let count = 0
  for (const row of [...input.rows].sort((a, b) => (a.activityId < b.activityId ? -1 : 1))) {
    const activity = await getLocked(tx, row.activityId)
    demand(can.change(tx.actor, activity))
    if (
      activity.unitId !== input.unitId ||
      activity.status !== 'planned' ||
      activity.speakerId === row.speakerId
    )
      continue
    await setSpeaker(tx, activity, row.speakerId, input.reason.trim())
    count++
  }
  await audit(tx, {
    type: 'activity.rotationRepaired',
    id: input.unitId,
    payload: { count, reason: input.reason },
  })
  changed(tx, 'activity', 'series')
  return { changed: count }
}

/** Gives planned activities of a dissolved group to another one, with the reason. */
export async function moveToUnit(
  tx: Tx,
  input: { activityIds: string[]; unitId: string; reason: string },
): Promise<{ moved: number }> {
  demand(can.plan(tx.actor, 'organisation', null))
  const unit = await getGroup(tx, input.unitId)
  const reason = input.reason.trim()
  if (reason === '') refuse('请写明转到别组的原因。', { fields: { reason: '请填写' } })
  let moved = 0
  for (const id of [...new Set(input.activityIds)].sort()) {
    const activity = await getLocked(tx, id)
    if (activity.status !== 'planned') refuse(`《${activity.theme}》已经开始或取消，不能转到别的组。`)
    if (unit.toOn !== null && unit.toOn < activity.heldOn)
      refuse(`“${unit.name}”到${dayLabel(unit.toOn)}为止，不能接${dayLabel(activity.heldOn)}的活动。`)
    const own = await series.listOwnAt(tx, unit.id, [activity])
    if (own[0])
      refuse(`${dayLabel(activity.heldOn)}${unit.name}同一时间已有《${own[0].theme}》，请先改期或取消。`)
    moved += await series.updateUnit(tx, id, unit.id)
    await audit(tx, {
      type: 'activity.movedToUnit',
      id,
      payload: { from: activity.unitId, to: unit.id, reason },
    })
  }
  changed(tx, 'activity', 'series')
  return { moved }
}

/** Cancels several activities with one reason. */
export async function cancelMany(
  tx: Tx,
  input: { activityIds: string[]; reason: string },
): Promise<{ cancelled: number }> {
  const ids = [...new Set(input.activityIds)].sort()
  for (const id of ids) await cancelActivity(tx, { id, reason: input.reason })
  changed(tx, 'series')
  return { cancelled: ids.length }
}

/** Saves what an activity of a kind usually is. */
export async function saveTemplate(
  tx: Tx,
  input: {
    kind: string
    minutes?: number | null | undefined
    place?: string
    materials?: string[]
    agenda?: string[]
    leadDays?: number | null | undefined
  },
): Promise<void> {
  demand(can.plan(tx.actor, 'organisation', null))
  const settings = await activitySettings(tx)
  if (!settings.kinds.some((term) => term.id === input.kind))
    refuse('现行制度没有这类活动，请从列出的类别中选择。', { fields: { kind: '请重新选择' } })
  const filled = (list: string[] | undefined) =>
    (list ?? []).map((text) => text.trim()).filter((text) => text !== '')
  await series.upsertTemplate(tx, {
    kind: input.kind,
    minutes: input.minutes ?? null,
    place: input.place?.trim() ?? '',
    materials: filled(input.materials),
    agenda: filled(input.agenda).map((text) => ({ text, done: false })),
    leadDays: input.leadDays ?? null,
  })
  await audit(tx, { type: 'activity.templateSaved', id: tx.orgId, payload: { kind: input.kind } })
  changed(tx, 'activity', 'series')
}
