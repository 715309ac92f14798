import type { LocalDate } from '../../engine/types.ts'
import { can as activityAccess } from '../activity/access.ts'
import { dayText } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { listSchoolsOf, listUnits } from '../org/store.ts'
import { unitKindLabels } from '../org/words.ts'
import { can as boardAccess } from '../regime/access.ts'
import type { SearchMatch } from './contract.ts'
import { bestMatches } from './rules.ts'
import * as store from './store.ts'

/** The day, with its year where it is not the present one: themes come again every year. */
function dayIn(tx: Tx, day: LocalDate): string {
  const year = day.slice(0, 4)
  return `${year === tx.today.slice(0, 4) ? '' : `${year}年`}${dayText(day)}`
}

/** So many of each kind are shown. */
const shown = 8
/** So many are read, because some of them may not be opened. */
const read = 200

/** What the person who acts may open and what answers to a text, by kind. A district finds its schools. */
export async function listMatches(tx: Tx, text: string): Promise<SearchMatch[]> {
  const { actor } = tx
  if (actor.districtId === null && actor.roles.includes('districtOfficer')) {
    return bestMatches(await listSchoolsOf(tx, tx.orgId), text)
      .slice(0, shown)
      .map((school) => ({ kind: 'school', id: school.id, title: school.name, note: '', opens: 'school' }))
  }
  const people = (await store.listPeople(tx, text, read))
    .filter((person) => boardAccess.seePerson(actor, person) === null)
    .map(
      (person): SearchMatch => ({
        kind: 'person',
        id: person.id,
        title: person.name,
        note: [person.unitNames, `工号 ${person.staffNumber}`].filter((part) => part !== '').join(' · '),
        opens: 'board',
      }),
    )
  const groups = bestMatches(await listUnits(tx, tx.today), text).map(
    (unit): SearchMatch => ({
      kind: 'group',
      id: unit.id,
      title: unit.name,
      note: unitKindLabels[unit.kind],
      opens: boardAccess.seeGroup(actor, unit.id) === null ? 'board' : 'unit',
    }),
  )
  const activities = (await store.listActivities(tx, text, read))
    .filter((activity) => activityAccess.open(actor, activity, activity.iAmListed) === null)
    .map(
      (activity): SearchMatch => ({
        kind: 'activity',
        id: activity.id,
        title: activity.theme,
        note: `${dayIn(tx, activity.heldOn)} ${activity.unitName ?? '全校'}${activity.status === 'cancelled' ? ' · 已取消' : ''}`,
        opens: 'activity',
      }),
    )
  return [people, groups, activities].flatMap((matches) => matches.slice(0, shown))
}
