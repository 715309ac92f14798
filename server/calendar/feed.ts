import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ICalCalendar, ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { loadActor } from '../access/actions.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { isUuid, type Tx } from '../kit/sql.ts'
import { findOrganisation, findPerson, findUnit, listPeople } from '../org/store.ts'
import { listLessonsOfDays } from '../slot/lessons.ts'
import { type AgendaItem, type AgendaWho, calendarOf, listAgenda } from './agenda.ts'
import * as store from './agenda-store.ts'

/** How far a subscribed calendar reaches back and ahead, in days. */
const back = 90
const ahead = 240

/** A secret: the organisation, so that it can be looked up inside its scope, and 24 random bytes. */
export function newFeedToken(orgId: string): string {
  const organisation = Buffer.from(orgId.replaceAll('-', ''), 'hex')
  return Buffer.concat([organisation, randomBytes(24)]).toString('base64url')
}
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The organisation that a secret names; undefined when it is none of ours. */
export function organisationOfToken(token: string): string | undefined {
  if (!/^[\w-]{54}$/.test(token)) return undefined
  const hex = Buffer.from(token, 'base64url').subarray(0, 16).toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isUuid(id) ? id : undefined
}

/** China has had one time and no daylight saving since 1991. */
const timezone = [
  'BEGIN:VTIMEZONE',
  'TZID:Asia/Shanghai',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0800',
  'TZOFFSETTO:+0800',
  'TZNAME:CST',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n')

const uidOf = (item: AgendaItem, orgId: string) => `${item.key.replace(/[^\w.-]/g, '_')}@${orgId}.xiaoyan`

/** The library writes what the machine's own clock would show: a date whose local parts are those of the wall in Shanghai. */
const wallTime = (day: LocalDate, time: string): Date => new Date(`${day}T${time}:00`)

/** The agenda as an iCalendar (RFC 5545). Ids stay the same when something is moved; what was cancelled says so. */
export function writeCalendar(
  about: { name: string; orgId: string; now: Date },
  items: readonly AgendaItem[],
): string {
  const calendar = new ICalCalendar({
    name: about.name,
    prodId: { company: 'Xiaoyan', product: 'Xiaoyan', language: 'ZH' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 4 * 3600,
    timezone: { name: 'Asia/Shanghai', generator: () => timezone },
  })
  for (const item of items) {
    const changes = (item.movedFrom === null ? 0 : 1) + (item.state === 'cancelled' ? 2 : 0)
    const start = wallTime(item.day, item.starts ?? '12:00')
    calendar.createEvent({
      id: uidOf(item, about.orgId),
      sequence: changes,
      stamp: about.now,
      start,
      ...(item.starts === null
        ? { allDay: true, end: wallTime(addDays(item.day, 1), '12:00') }
        : { end: wallTime(item.day, item.ends ?? item.starts), timezone: 'Asia/Shanghai' }),
      summary: `${item.kind === 'deadline' ? '截止：' : ''}${item.title}${item.unitName === '' ? '' : `（${item.unitName}）`}`,
      ...(item.place === '' ? {} : { location: item.place }),
      ...(item.note === '' ? {} : { description: item.note }),
      status: item.state === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    })
  }
  return calendar.toString()
}

interface Feed {
  id: string
  name: string
  who: AgendaWho
  personId: string | null
  withTimetable: boolean
}

/** Who stands behind a secret, today: nobody once the person has left or the group is dissolved. */
async function openFeed(tx: Tx, token: string): Promise<Feed | undefined> {
  const feed = await store.findFeedByHash(tx, hashOfToken(token))
  if (!feed) return undefined
  const organisation = (await findOrganisation(tx))?.name ?? ''
  if (feed.personId !== null) {
    const serves = (await listPeople(tx, tx.today)).some((person) => person.id === feed.personId)
    const person = serves ? await findPerson(tx, feed.personId) : undefined
    if (!person) return undefined
    return {
      id: feed.id,
      name: `${person.name}的研修日历 · ${organisation}`,
      who: { scope: 'mine', personId: person.id, unitIds: [] },
      personId: person.id,
      withTimetable: feed.withTimetable,
    }
  }
  const unit = feed.unitId === null ? undefined : await findUnit(tx, feed.unitId)
  if (!unit || (unit.toOn !== null && unit.toOn < tx.today)) return undefined
  return {
    id: feed.id,
    name: `${unit.name} · ${organisation}`,
    who: { scope: 'group', personId: null, unitIds: [unit.id] },
    personId: null,
    withTimetable: false,
  }
}

/** Lessons reach less far than activities: there are many of them. */
const lessonsBack = 7
const lessonsAhead = 60

async function lessonItems(tx: Tx, personId: string): Promise<AgendaItem[]> {
  const range = { from: addDays(tx.today, -lessonsBack), to: addDays(tx.today, lessonsAhead) }
  const lessons = await listLessonsOfDays(tx, await calendarOf(tx), personId, range)
  return lessons.map(
    (lesson): AgendaItem => ({
      key: `timetable-${personId}-${lesson.day}-${lesson.period}`,
      kind: 'lesson',
      day: lesson.day,
      starts: lesson.starts,
      ends: lesson.ends,
      title: lesson.what,
      unitName: '',
      place: '',
      state: 'planned',
      note: `第${lesson.period}节`,
      movedFrom: null,
      isMine: true,
      link: null,
    }),
  )
}

/** The calendar behind a secret address; undefined when there is none. */
export async function readFeed(services: Services, token: string): Promise<string | undefined> {
  const orgId = organisationOfToken(token)
  if (orgId === undefined) return undefined
  const feed = await services.inOrganisation(orgId, systemActor('calendar:feed'), async (tx) => {
    const found = await openFeed(tx, token)
    if (found) await store.noteReading(tx, found.id)
    if (!found || found.personId === null) return found
    const { actor } = await loadActor(tx, { accountId: null, personId: found.personId })
    return { ...found, actor }
  })
  if (!feed) return undefined
  const actor = 'actor' in feed ? feed.actor : systemActor('calendar:feed')
  return services.inOrganisation(
    orgId,
    actor,
    async (tx) => {
      const who =
        feed.personId === null
          ? feed.who
          : {
              ...feed.who,
              unitIds: [...new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)])],
            }
      const range = { from: addDays(tx.today, -back), to: addDays(tx.today, ahead) }
      const items = await listAgenda(tx, range, who)
      if (feed.withTimetable && feed.personId !== null) items.push(...(await lessonItems(tx, feed.personId)))
      return writeCalendar({ name: feed.name, orgId, now: tx.now }, items)
    },
    { readOnly: true },
  )
}

/** Readings of one address within the window; calendars ask a few times a day. */
const mostReadings = 30
/** Wrong addresses of one machine within the window. */
const mostMisses = 20
const windowMilliseconds = 10 * 60_000

/** Counts by key within a window of time; forgets what is over. */
export function createLimiter(most: number, window = windowMilliseconds) {
  const counts = new Map<string, { until: number; count: number }>()
  return {
    isOver: (key: string, now: number) => {
      const entry = counts.get(key)
      return entry !== undefined && entry.until > now && entry.count >= most
    },
    note(key: string, now: number) {
      const entry = counts.get(key)
      if (entry && entry.until > now) entry.count++
      else {
        if (counts.size > 10_000)
          for (const [old, value] of counts) if (value.until <= now) counts.delete(old)
        counts.set(key, { until: now + window, count: 1 })
      }
    },
  }
}

/** `/ical/<secret>.ics`: read by calendar programs without signing in. */
export function registerFeed(app: FastifyInstance, services: Services): void {
  const readings = createLimiter(mostReadings)
  const misses = createLimiter(mostMisses)
  app.get<{ Params: { file: string } }>('/ical/:file', async (request, reply) => {
    const now = services.clock.now().getTime()
    const token = request.params.file.replace(/\.ics$/, '')
    void reply
      .header('cache-control', 'private, no-store')
      .header('x-robots-tag', 'noindex')
      .header('referrer-policy', 'no-referrer')
    const key = hashOfToken(token).toString('base64url')
    if (misses.isOver(request.ip, now) || readings.isOver(key, now))
      return reply
        .status(429)
        .header('retry-after', '600')
        .type('text/plain; charset=utf-8')
        .send('读得太频繁，请过十分钟再试。')
    const text = await readFeed(services, token)
    if (text === undefined) {
      misses.note(request.ip, now)
      return reply
        .status(404)
        .type('text/plain; charset=utf-8')
        .send('这个日历地址不对，或已经停用。请在“日程”页重新取得地址。')
    }
    readings.note(key, now)
    const tag = `"${createHash('sha256')
      .update(text.replace(/^DTSTAMP.*$/gm, ''))
      .digest('base64url')
      .slice(0, 22)}"`
    void reply.header('etag', tag)
    if (request.headers['if-none-match'] === tag) return reply.status(304).send()
    return reply.type('text/calendar; charset=utf-8').send(text)
  })
}
