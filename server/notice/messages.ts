import { isSchoolDay } from '../../engine/periods.ts'
import { loadCalendar } from '../calendar/store.ts'
import { audit } from '../audit/actions.ts'
import { dayText, localDateOf, localTimeOf } from '../kit/dates.ts'
import { demand, refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed, type Services } from '../kit/services.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import { findOrganisation, listPeople } from '../org/store.ts'
import { type BoardView, findView } from '../regime/boards.ts'
import { can } from './access.ts'
import { enqueueDelivery } from './mail.ts'
import { asPerson, listMatters } from './matters.ts'
import * as store from './message-store.ts'
import { digestOf, isQuiet, mustTell } from './rules.ts'
import { listReceived } from './store.ts'

/** Hours after which all reminders of a school are gathered again. */
const gatherHours = 2

/**
 * Brings the reminders of one person up to date: new or changed matters are told, matters that are done end, all else
 * stays as it is. Running it twice tells nothing twice. Returns how many were told.
 */
export async function remindPerson(
  tx: Tx,
  view: BoardView | null,
  settings: store.SettingsRow,
): Promise<number> {
  const personId = tx.actor.personId
  if (!personId) return 0
  const known = new Map((await store.listReminders(tx, personId)).map((row) => [row.matter, row]))
  const matters = await listMatters(tx, view)
  let told = 0
  for (const matter of matters) {
    const row = known.get(matter.matter)
    if (mustTell(row, matter.fingerprint, tx.now, settings.repeatDays)) {
      await store.upsertReminder(tx, personId, newId(), matter)
      told++
    } else if (row && wordsOf(row) !== wordsOf(matter)) await store.updateWords(tx, row.id, matter)
  }
  const live = new Set(matters.map((matter) => matter.matter))
  const done = [...known.values()].filter((row) => row.endedAt === null && !live.has(row.matter))
  await store.endReminders(
    tx,
    done.map((row) => row.id),
  )
  if (told > 0 || done.length > 0) changed(tx, 'message')
  return told
}

const wordsOf = ({ state, mark, title, detail, label }: store.Matter) =>
  [state, mark, title, detail, label].join('\n')

/** People looked after in one transaction: whoever reads their reminders meanwhile waits for no more than these. */
const portionSize = 100

/** What one portion has done; `isOver` once nothing is left for now. */
interface Portion {
  told: number
  digests: number
  isOver: boolean
}

/**
 * What is to be done about messages now, in one school: nothing in the quiet hours; otherwise every two hours all
 * reminders, and the digests whose time has come. Done in portions, each kept by itself: killed between two, the next
 * run goes on where this one came to. Safe to run as often as one likes.
 */
export async function tellSchool(
  services: Services,
  orgId: string,
  actor: Actor,
  size = portionSize,
): Promise<{ told: number; digests: number }> {
  const sum = { told: 0, digests: 0 }
  for (let isOver = false; !isOver; ) {
    const portion = await services.inOrganisation(orgId, actor, (tx) => tellPortion(tx, services, size))
    sum.told += portion.told
    sum.digests += portion.digests
    isOver = portion.isOver
  }
  return sum
}

/** The next people in the order of their ids: of a gathering that is due or under way, else those whose digest is due. */
export async function tellPortion(tx: Tx, services: Services, size = portionSize): Promise<Portion> {
  const settings = await store.lockSettings(tx)
  const time = localTimeOf(tx.now)
  if (isQuiet(time, settings)) return { told: 0, digests: 0, isOver: true }
  const round = roundOf(settings, tx.now)
  const preferences = new Map((await store.listPreferences(tx)).map((row) => [row.personId, row]))
  const digestsToday = isSchoolDay(await loadCalendar(tx), tx.today)
  const ownOf = (personId: string) => preferences.get(personId) ?? store.usualPreferences(personId)
  const isDigestDue = (own: store.PreferenceRow) =>
    digestsToday && own.digestOn && own.digestTime <= time && (own.digestedOn ?? '') < tx.today
  const left = (await listPeople(tx, tx.today))
    .filter((person) => (round ? person.id > (round.to ?? '') : isDigestDue(ownOf(person.id))))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const people = left.slice(0, size)
  const isOver = left.length === people.length
  let told = 0
  let digests = 0
  if (people.length > 0) {
    const view = await findView(tx, undefined)
    const school = (await findOrganisation(tx))?.name ?? ''
    for (const person of people) {
      const own = ownOf(person.id)
      const mine = await asPerson(tx, person.id)
      told += await remindPerson(mine, view, settings)
      if (isDigestDue(own) && (await digestPerson(mine, services, own, { name: person.name, school })))
        digests++
    }
  }
  if (round)
    await store.updateSettings(tx, {
      ...settings,
      ...(isOver
        ? { gatheredAt: round.since, gatheringSince: null, gatheredTo: null }
        : { gatheringSince: round.since, gatheredTo: people.at(-1)?.id ?? round.to }),
    })
  return { told, digests, isOver }
}

/** The gathering that is under way or due now; one that has stood still for too long begins anew. */
function roundOf(settings: store.SettingsRow, now: Date): { since: Date; to: string | null } | null {
  const { gatheringSince, gatheredAt } = settings
  const isFresh = (at: Date) => {
    const age = now.getTime() - at.getTime()
    return age >= 0 && age < gatherHours * 3_600_000 && localDateOf(at) === localDateOf(now)
  }
  if (gatheringSince !== null && isFresh(gatheringSince))
    return { since: gatheringSince, to: settings.gatheredTo }
  return gatheredAt !== null && isFresh(gatheredAt) ? null : { since: now, to: null }
}

const dueStates = new Set(['overdue', 'dueSoon'])

/** One message with everything new or due, once a day; none where there is nothing. */
async function digestPerson(
  tx: Tx,
  services: Services,
  own: store.PreferenceRow,
  about: { name: string; school: string },
): Promise<boolean> {
  const reminders = (await store.listReminders(tx, own.personId)).filter((row) => row.endedAt === null)
  const isNew = (row: store.ReminderRow) => own.digestedAt === null || row.toldAt > own.digestedAt
  const notices = await listReceived(tx, own.personId, { unread: true, limit: 20 })
  const letter = digestOf(
    {
      ...about,
      notices: notices.map((notice) => ({
        title: notice.title,
        sender: notice.sender,
        confirmByDay: notice.confirmByDay === null ? null : dayText(notice.confirmByDay),
      })),
      reminders: reminders
        .filter((row) => isNew(row) || dueStates.has(row.state))
        .map((row) => ({ mark: row.mark, title: row.title, detail: row.detail, isNew: isNew(row) })),
    },
    dayText(tx.today),
    services.publicUrl,
  )
  await store.savePreferences(tx, { ...own, digestedOn: tx.today, digestedAt: tx.now })
  if (!letter) return false
  await enqueueDelivery(tx, services, {
    personId: own.personId,
    kind: 'digest',
    key: `digest ${tx.today}`,
    noticeId: null,
    letter,
    preferences: own,
  })
  return true
}

/** The reminders of the person who asks as they are at this moment: what is done is left out at once. */
export async function listMine(tx: Tx): Promise<{ open: store.ReminderRow[]; ended: store.ReminderRow[] }> {
  const personId = tx.actor.personId
  if (!personId || tx.actor.districtId !== null) return { open: [], ended: [] }
  const rows = await store.listReminders(tx, personId)
  const known = new Map(rows.map((row) => [row.matter, row]))
  const matters = await listMatters(tx, await findView(tx, undefined))
  const open = matters.map((matter): store.ReminderRow => {
    const row = known.get(matter.matter)
    const isKnown = row !== undefined && row.endedAt === null
    return {
      ...(isKnown
        ? row
        : { id: `new ${matter.matter}`, firstToldAt: tx.now, toldAt: tx.now, readAt: null, endedAt: null }),
      ...matter,
      ...(isKnown && row.fingerprint !== matter.fingerprint ? { readAt: null, toldAt: tx.now } : {}),
    }
  })
  const live = new Set(matters.map((matter) => matter.matter))
  const since = tx.now.getTime() - 7 * 86_400_000
  const ended = rows.filter(
    (row) =>
      !live.has(row.matter) && (row.endedAt ?? tx.now).getTime() >= since && row.toldAt.getTime() >= since,
  )
  return { open, ended: ended.slice(0, 20) }
}

/** Marks reminders as read; what is shown but has not been told yet is told with it. */
export async function readReminders(tx: Tx, ids: string[] | undefined): Promise<void> {
  const personId = tx.actor.personId
  if (!personId) return
  const settings = await store.lockSettings(tx)
  await remindPerson(tx, await findView(tx, undefined), settings)
  if (ids === undefined) await store.markRead(tx, personId, null)
  else {
    const fresh = ids.filter((id) => id.startsWith('new ')).map((id) => id.slice(4))
    const rows = fresh.length === 0 ? [] : await store.listReminders(tx, personId)
    const added = rows.filter((row) => fresh.includes(row.matter)).map((row) => row.id)
    await store.markRead(tx, personId, [...ids, ...added])
  }
  changed(tx, 'message')
}

/** When the daily digest comes, or none; whether it also comes by e-mail. */
export async function savePreferences(
  tx: Tx,
  input: { digestOn: boolean; digestTime: string; emailOn: boolean },
): Promise<void> {
  const personId = tx.actor.personId ?? refuse('这个账号没有对应的教职工。')
  const settings = await store.findSettings(tx)
  if (input.digestOn && isQuiet(input.digestTime, settings))
    refuse(`${settings.quietFrom}到${settings.quietTo}是免打扰时间，请选别的时间。`, {
      fields: { digestTime: '请改' },
    })
  const own = await store.findPreferences(tx, personId, { lock: true })
  await store.savePreferences(tx, { ...own, ...input })
  changed(tx, 'message')
}

/** Quiet hours of the school, and after how many days a matter that lies is told again. */
export async function saveMessageSettings(
  tx: Tx,
  input: { quietFrom: string; quietTo: string; repeatDays: number },
): Promise<void> {
  demand(can.manageMail(tx.actor))
  if (input.quietFrom === input.quietTo)
    refuse('免打扰的开始和结束不能是同一个时间。', { fields: { quietTo: '请改' } })
  const settings = await store.lockSettings(tx)
  await store.updateSettings(tx, { ...settings, ...input })
  await audit(tx, { type: 'message.settingsSaved', id: null, payload: input })
  changed(tx, 'message')
}
