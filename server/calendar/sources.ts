import { addDays, dayLabel } from '../../engine/days.ts'
import { weekOf } from '../../engine/periods.ts'
import type { Finding } from '../../engine/types.ts'
import { can as activityCan } from '../activity/access.ts'
import { localTimeOf } from '../kit/dates.ts'
import { listLessons } from '../lesson/store.ts'
import { findView } from '../regime/boards.ts'
import { unpackFindings } from '../regime/rules.ts'
import { findFindingSet } from '../regime/store.ts'
import { loadPeriods } from '../slot/clashes.ts'
import { occurrencesOf, slotText } from '../slot/rules.ts'
import { listShifts, listSlots } from '../slot/store.ts'
import { type AgendaItem, type AgendaSource, calendarOf, registerAgendaSource } from './agenda.ts'
import { listActivitiesForAgenda, listDaysTaken } from './agenda-store.ts'

const activityStates = {
  planned: 'planned',
  running: 'running',
  closed: 'done',
  cancelled: 'cancelled',
} as const

/** Activities; a moved one says for which week it counts. */
const activities: AgendaSource = {
  async list(tx, range, who) {
    const rows = await listActivitiesForAgenda(tx, range, who)
    const calendar = rows.some((row) => row.movedFrom !== null) ? await calendarOf(tx) : null
    return rows.map((row): AgendaItem => {
      const opens = activityCan.open(tx.actor, row, row.isMine) === null
      const week = row.movedFrom && calendar ? weekOf(calendar, row.movedFrom) : undefined
      const notes = [
        row.movedFrom === null ? '' : `原定${dayLabel(row.movedFrom)}${week ? `，计入${week.label}` : ''}`,
        opens && row.speakerName !== null ? `主讲 ${row.speakerName}` : '',
      ]
      return {
        key: `activity-${row.id}`,
        kind: 'activity',
        day: row.heldOn,
        starts: localTimeOf(row.startsAt),
        ends: localTimeOf(row.endsAt),
        title: row.theme,
        unitName: row.unitName ?? '全校',
        place: opens ? row.place : '',
        state: activityStates[row.status],
        note: notes.filter((note) => note !== '').join(' · '),
        movedFrom: row.movedFrom,
        isMine: row.isMine,
        link: opens ? { page: 'activity', id: row.id } : null,
      }
    })
  },
}

/** Fixed times that nothing has been planned for yet; where an activity is planned, the activity stands there. */
const slots: AgendaSource = {
  async list(tx, range, who) {
    const all = (await listSlots(tx)).filter(
      (slot) =>
        slot.status === 'filed' &&
        (who.scope === 'school' || slot.unitId === null || who.unitIds.includes(slot.unitId)),
    )
    if (all.length === 0) return []
    const calendar = await calendarOf(tx)
    const [shifts, planned] = await Promise.all([
      listShifts(tx, addDays(range.from, -60)),
      listDaysTaken(tx, { from: addDays(range.from, -14), to: addDays(range.to, 14) }),
    ])
    const taken = new Set(planned.map((row) => `${row.unitId ?? ''} ${row.day}`))
    return all.flatMap((slot) => {
      const own = shifts.filter((shift) => shift.slotId === slot.id && shift.status === 'granted')
      return occurrencesOf(slot, calendar, range, own)
        .filter((one) => !taken.has(`${slot.unitId ?? ''} ${one.movedFrom ?? one.day}`))
        .map((one): AgendaItem => {
          const shift = own.find((each) => each.newOn === one.day && each.originalOn === one.movedFrom)
          return {
            key: `slot-${slot.id}-${one.movedFrom ?? one.day}`,
            kind: 'slot',
            day: one.day,
            starts: slot.starts,
            ends: slot.ends,
            title: slot.title,
            unitName: slot.unitName ?? '全校',
            place: slot.place,
            state: one.day < tx.today ? 'missed' : 'free',
            note: one.movedFrom
              ? `原定${dayLabel(one.movedFrom)}${shift ? `：${shift.reason}` : ''}`
              : slotText(slot),
            movedFrom: one.movedFrom,
            isMine: slot.unitId === null || who.unitIds.includes(slot.unitId),
            link: { page: 'slots', id: slot.id },
          }
        })
    })
  },
}

const openStates: readonly Finding['state'][] = ['open', 'partly', 'dueSoon', 'overdue']

/** Last days of duties that are not fulfilled yet: one's own, a group's, the school's. */
const deadlines: AgendaSource = {
  async list(tx, range, who) {
    const view = await findView(tx, undefined)
    if (!view) return []
    const subjects =
      who.scope === 'mine'
        ? who.personId === null
          ? []
          : [{ kind: 'person' as const, id: who.personId }]
        : who.scope === 'group'
          ? who.unitIds.map((id) => ({ kind: 'unit' as const, id }))
          : [{ kind: 'organisation' as const, id: tx.orgId }]
    const items: AgendaItem[] = []
    for (const subject of subjects) {
      const set = await findFindingSet(tx, subject, view.inForce.year.id)
      if (!set) continue
      for (const finding of unpackFindings(set.findings, subject)) {
        if (finding.dueOn === null || finding.dueOn < range.from || finding.dueOn > range.to) continue
        if (!openStates.includes(finding.state)) continue
        const known = view.rules.get(`${finding.regimeId}|${finding.ruleId}`)
        if (!known || known.rule.manual !== undefined) continue
        const left = finding.target === null ? null : finding.target - (finding.value ?? 0)
        items.push({
          key: `deadline-${finding.regimeId}-${finding.ruleId}-${finding.minimumId}-${subject.id}-${finding.period.id}`,
          kind: 'deadline',
          day: finding.dueOn,
          starts: null,
          ends: null,
          title: known.rule.title,
          unitName: '',
          place: '',
          state: finding.state === 'overdue' ? 'overdue' : 'due',
          note: [
            finding.period.label,
            left !== null && left > 0 ? `还差 ${Math.round(left * 10) / 10} ${finding.unit}` : '',
          ]
            .filter((part) => part !== '')
            .join('，'),
          movedFrom: null,
          isMine: who.scope === 'mine',
          link: { page: 'board', id: subject.id },
        })
      }
    }
    return items
  },
}

/** Lessons that colleagues may observe, at the time of their period. */
const lessons: AgendaSource = {
  async list(tx, range, who) {
    const rows = await listLessons(tx, {
      ...range,
      statuses: ['booked', 'given'],
      ...(who.scope === 'mine' ? { mine: true } : {}),
      ...(who.scope === 'group' ? { unitId: who.unitIds[0] ?? null } : {}),
    })
    if (rows.length === 0) return []
    const periods = new Map((await loadPeriods(tx)).map((period) => [period.number, period]))
    return rows.map((row): AgendaItem => {
      const period = periods.get(row.period)
      return {
        key: `lesson-${row.id}`,
        kind: 'lesson',
        day: row.heldOn,
        starts: period?.starts ?? null,
        ends: period?.ends ?? null,
        title: row.topic,
        unitName: row.unitName ?? '',
        place: row.room,
        state: row.status === 'given' ? 'done' : 'planned',
        note: `${row.teacherName}，${row.className}${row.subject}，第${row.period}节`,
        movedFrom: null,
        isMine: row.teacherId === who.personId || row.guideId === who.personId || row.iEnrolled,
        link: tx.actor.personId === null ? null : { page: 'lesson', id: row.id },
      }
    })
  },
}

registerAgendaSource('lesson', lessons)
registerAgendaSource('activity', activities)
registerAgendaSource('slot', slots)
registerAgendaSource('deadline', deadlines)
