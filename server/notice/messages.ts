import { isSchoolDay } from '../../engine/periods.ts'
import { loadCalendar } from '../calendar/store.ts'
import { audit } from '../audit/actions.ts'
import { dayText, localDateOf, localTimeOf } from '../kit/dates.ts'
import { demand, refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed, type Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
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

/**
 * What is to be done about messages now, in one school: nothing in the quiet hours; otherwise every two hours all
 * reminders, and the digests whose time has come. Safe to run as often as one likes.
 */
export async function tellSchool(tx: Tx, services: Services): Promise<{ told: number; digests: number }> {
  const settings = await store.lockSettings(tx)
  const time = localTimeOf(tx.now)
  if (isQuiet(time, settings)) return { told: 0, digests: 0 }
  const sinceGathered = settings.gatheredAt ? tx.now.getTime() - settings.gatheredAt.getTime() : Infinity
  const all =
    sinceGathered >= gatherHours * 3_600_000 ||
    sinceGathered < 0 ||
    (settings.gatheredAt !== null && localDateOf(settings.gatheredAt) !== tx.today)
  const preferences = new Map((await store.listPreferences(tx)).map((row) => [row.personId, row]))
  const digestsToday = isSchoolDay(await loadCalendar(tx), tx.today)
  const view = await findView(tx, undefined)
  const school = (await findOrganisation(tx))?.name ?? ''
  let told = 0
  let digests = 0
  for (const person of await listPeople(tx, tx.today)) {
    const own = preferences.get(person.id) ?? store.usualPreferences(person.id)
    const digestDue =
      digestsToday && own.digestOn && own.digestTime <= time && (own.digestedOn ?? '') < tx.today
    if (!all && !digestDue) continue
    const mine = await asPerson(tx, person.id)
    told += await remindPerson(mine, view, settings)
    if (digestDue && (await digestPerson(mine, services, own, { name: person.name, school }))) digests++
  }
  if (all) await store.updateSettings(tx, { ...settings, gatheredAt: tx.now })
  return { told, digests }
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
