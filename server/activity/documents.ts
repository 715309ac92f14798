import { dayLabel, weekdayLabel } from '../../engine/days.ts'
import { localTimeOf } from '../kit/dates.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation } from '../org/store.ts'
import type { ActivityRecord, Block, SignInSheet } from '../typesetting/types.ts'
import { can } from './access.ts'
import * as attendance from './attendance-store.ts'
import { leaveKindLabels } from './words.ts'
import { labelOf, activitySettings, minutesParts } from './settings.ts'
import * as store from './store.ts'

/** `2026年11月22日 星期日` */
export function longDay(day: string): string {
  return `${day.slice(0, 4)}年${dayLabel(day)} 星期${weekdayLabel(day).slice(1)}`
}

async function getRunnable(tx: Tx, id: string): Promise<store.ActivityView> {
  const view = (await store.listViews(tx, { id }))[0] ?? refuseNotFound('活动')
  demand(can.open(tx.actor, view, view.iAmListed || view.myStatus !== null))
  if (tx.actor.districtId === null) demand(can.writeMinutes(tx.actor, { ...view, status: 'planned' }))
  return view
}

async function names(tx: Tx): Promise<{ school: string; district: string }> {
  const school = await findOrganisation(tx)
  const district = school?.districtId ? await findOrganisation(tx, school.districtId) : undefined
  return { school: school?.name ?? '', district: district?.name ?? '' }
}

/** Plain text as paragraphs. */
export function textBlocks(text: string): Block[] {
  return text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ type: 'paragraph', runs: [{ text: line }] }))
}

/** What the sheet for signing by hand shows: the list taken at the start, before it the members of that day. */
export async function signInSheetData(tx: Tx, id: string): Promise<SignInSheet> {
  const view = await getRunnable(tx, id)
  const people = view.startedAt
    ? (await attendance.listPeopleOfActivity(tx, id)).filter((person) => !person.isGuest)
    : await store.listExpected(tx, view)
  return {
    title: '校本研修活动签到表',
    school: (await names(tx)).school,
    theme: view.theme,
    date: longDay(view.heldOn),
    time: `${localTimeOf(view.startsAt)}—${localTimeOf(view.endsAt)}`,
    place: view.place,
    host: view.hostName ?? '',
    expected: `应到 ${people.length} 人`,
    people: people.map((person) => ({ number: person.staffNumber, name: person.name })),
    note: '不在名单上的老师请签在空行，并写明所在的组。',
    issuedOn: tx.today,
  }
}

/** What the printed record of an activity shows; a draft until it is closed. */
export async function activityRecordData(tx: Tx, id: string): Promise<ActivityRecord> {
  const view = await getRunnable(tx, id)
  const settings = await activitySettings(tx, view.heldOn)
  const people = view.startedAt ? await attendance.listPeopleOfActivity(tx, id) : []
  const expected = people.filter((person) => !person.isGuest)
  const of = (...statuses: string[]) => people.filter((person) => statuses.includes(person.status ?? ''))
  const here = of('signedIn', 'present', 'late', 'leftEarly')
  const parts = minutesParts(settings, view.kind)
  const agreed = parts.find((part) => part.id === 'agreedView' || part.id === 'consensus')
  const { school, district } = await names(tx)
  const signedTime = (at: Date | null) => (at ? `${localTimeOf(at)} 签到` : '')
  return {
    title: '教研活动记录',
    district,
    school,
    group: view.unitName ?? '全校',
    theme: view.theme,
    kind: [labelOf(settings.kinds, view.kind), view.form === '' ? '' : labelOf(settings.forms, view.form)]
      .filter((word) => word !== '')
      .join(' · '),
    date: longDay(view.heldOn) + (view.movedFrom ? `（原定${longDay(view.movedFrom)}）` : ''),
    time: `${localTimeOf(view.startsAt)}—${localTimeOf(view.endsAt)}`,
    place: view.place,
    host: view.hostName ?? '',
    speaker: view.speakerName ?? '',
    recorder: view.recorderName ?? '',
    attendance: {
      summary: `应到 ${expected.length} 人，实到 ${here.filter((person) => !person.isGuest).length} 人，请假 ${of('onLeave').length} 人，缺席 ${of('absent').length} 人`,
      present: of('signedIn', 'present').map((person) =>
        person.isGuest ? `${person.name}（外组）` : person.name,
      ),
      late: [
        ...of('late').map((person) => ({ name: person.name, note: signedTime(person.signedAt) })),
        ...of('leftEarly').map((person) => ({ name: person.name, note: '早退' })),
      ],
      leave: of('onLeave').map((person) => ({
        name: person.name,
        note: person.leaveKind ? leaveKindLabels[person.leaveKind] : '',
      })),
      absent: of('absent').map((person) => ({ name: person.name, note: person.note ?? '' })),
    },
    sections: parts
      .filter((part) => part !== agreed)
      .map((part) => ({
        title: part.label,
        speaker: '',
        minutes: 0,
        blocks: textBlocks(view.minutes[part.id] ?? ''),
      })),
    agreedView: agreed ? textBlocks(view.minutes[agreed.id] ?? '') : [],
    materials: [],
    confirmations: [
      { label: '主持人', name: null, date: null },
      { label: '记录人', name: null, date: null },
      { label: '教导处', name: null, date: null },
    ],
    verification: null,
    issuedOn: tx.today,
    draft: view.status !== 'closed',
  }
}
