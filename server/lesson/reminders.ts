import { addDays, dayLabel } from '../../engine/days.ts'
import type { HomeItem } from '../home/contract.ts'
import type { DecidedItem } from '../inbox/contract.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { lessonSettings } from './actions.ts'
import { listObservations } from './observation-store.ts'
import { daysAhead, daysBack, periodLabel } from './rules.ts'
import { listLessons } from './store.ts'

/**
 * What lessons ask of the person who acts, for the first page: today's lesson to observe, the own one to tick off,
 * what was called off or moved, feedback to answer, notes to complete. The lower the rank the more urgent.
 */
export async function lessonItems(tx: Tx): Promise<(HomeItem & { rank: number })[]> {
  const me = tx.actor.personId
  if (me === null || tx.actor.districtId !== null) return []
  const { periods } = await lessonSettings(tx)
  const lessons = await listLessons(tx, {
    from: addDays(tx.today, -daysBack),
    to: addDays(tx.today, daysAhead),
    statuses: ['booked', 'cancelled'],
  })
  const items: (HomeItem & { rank: number })[] = []
  const add = (
    item: Pick<HomeItem, 'key' | 'state' | 'mark' | 'title' | 'detail' | 'action'> & { rank: number },
  ) => items.push({ ...item, countsFor: '' })
  for (const lesson of lessons) {
    const where = `${lesson.teacherName} · ${lesson.className}${lesson.room === '' ? '' : ` · ${lesson.room}`}`
    const when = `${dayLabel(lesson.heldOn)} ${periodLabel(periods, lesson.period)}`
    const place = { page: 'lesson' as const, id: lesson.id }
    if (lesson.status === 'cancelled') {
      if (lesson.iEnrolled && lesson.heldOn >= tx.today)
        add({
          key: `lessonChange cancelled ${lesson.id}`,
          state: 'excused',
          mark: '已取消',
          title: `您报名的《${lesson.topic}》不上了`,
          detail: `${when} · ${lesson.reason}`,
          action: { label: '看一看', place },
          rank: 5,
        })
    } else if (lesson.iEnrolled && lesson.heldOn > tx.today && lesson.reason !== '') {
      add({
        key: `lessonChange ${lesson.id} ${lesson.heldOn} ${lesson.period}`,
        state: 'open',
        mark: '有调整',
        title: `您报名的《${lesson.topic}》有调整`,
        detail: `现在是${when} · ${where} · ${lesson.reason}`,
        action: { label: '看一看', place },
        rank: 5,
      })
    } else if (lesson.teacherId === me && can.give(tx.actor, lesson, tx.today) === null) {
      add({
        key: `lesson given ${lesson.id}`,
        state: 'dueSoon',
        mark: lesson.heldOn === tx.today ? `今天第${lesson.period}节` : '待登记',
        title: `您的${lesson.heldOn === tx.today ? '' : '课'}《${lesson.topic}》`,
        detail: `${lesson.className} · ${lesson.observers} 人报名听课；上完点一下“已上完”就计入。`,
        action: { label: '打开', place },
        rank: lesson.heldOn === tx.today ? 0 : 3,
      })
    } else if (lesson.iEnrolled && lesson.heldOn === tx.today && lesson.myObservationId === null) {
      add({
        key: `lesson observe ${lesson.id}`,
        state: 'dueSoon',
        mark: `今天第${lesson.period}节`,
        title: `听课：${lesson.topic}`,
        detail: where,
        action: { label: '写听课记录', place },
        rank: 0,
      })
    }
  }
  const feedback = await listObservations(tx, {
    teacherId: me,
    status: 'submitted',
    from: addDays(tx.today, -daysBack),
    limit: 20,
  })
  for (const row of feedback) {
    if (row.answeredAt !== null || row.comment.trim() === '') continue
    add({
      key: `feedback ${row.id}`,
      state: 'open',
      mark: '待回应',
      title: `${row.observerName}听了您的课${row.topic === '' ? '' : `《${row.topic}》`}`,
      detail: row.comment.slice(0, 60),
      action: { label: '回应', place: { page: 'observation', id: row.id } },
      rank: row.dropIn ? 3 : 6,
    })
  }
  const wanting = await listObservations(tx, {
    observerId: me,
    inspected: true,
    from: addDays(tx.today, -2 * daysBack),
    limit: 100,
  })
  for (const row of wanting) {
    if (row.inspection !== 'insufficient') continue
    add({
      key: `returned notes ${row.id}`,
      state: 'overdue',
      mark: '需补充',
      title: `听课记录：${row.topic === '' ? row.teacherName : row.topic}`,
      detail: `${row.inspectedByName ?? '教导处'}：${row.inspectionRemark}`,
      action: { label: '去补充', place: { page: 'observation', id: row.id } },
      rank: 1,
    })
  }
  return items
}

/** Bookings that wait for the caller's word, for the inbox. */
export async function listLessonsToConfirm(tx: Tx): Promise<DecidedItem[]> {
  const { periods } = await lessonSettings(tx)
  const asked = await listLessons(tx, { from: tx.today, statuses: ['asked'] })
  return asked
    .filter((lesson) => can.confirm(tx.actor, lesson) === null)
    .map((lesson) => ({
      kind: 'lesson' as const,
      id: lesson.id,
      title: lesson.topic,
      personName: lesson.teacherName,
      detail: `${lesson.className} · ${dayLabel(lesson.heldOn)} ${periodLabel(periods, lesson.period)}${lesson.room === '' ? '' : ` · ${lesson.room}`}`,
      text: lesson.note,
      waitingSince: lesson.createdAt,
      batch: true,
    }))
}
