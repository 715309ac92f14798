import { loadCalendar } from '../calendar/store.ts'
import { weekOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { listWaiting } from '../inbox/actions.ts'
import { dayText, weekdayText, localTimeOf } from '../kit/dates.ts'
import type { Role } from '../kit/gate.ts'
import { room } from '../kit/serve.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnits, type UnitRow } from '../org/store.ts'
import { refreshIfStale } from '../regime/actions.ts'
import { findView } from '../regime/boards.ts'
import { type Home, homeApi } from './contract.ts'
import { loadDistrict } from './district.ts'
import { loadMine } from './mine.ts'
import { addressOfPerson, greetingAt, restOf } from './rules.ts'
import { loadGroup, loadOffice, loadSchool, principalOf, type School, waitingOf } from './school.ts'

/** The first page, composed of what the other rooms say; nothing is counted here. */
async function loadHome(tx: Tx, services: Services): Promise<Home> {
  const { actor } = tx
  const has = (...roles: Role[]) => roles.some((role) => actor.roles.includes(role))
  const calendar = await loadCalendar(tx)
  const title = has('principal') ? '校长' : '老师'
  const home: Home = {
    greeting: `${addressOfPerson(actor.name, title)}，${greetingAt(localTimeOf(tx.now))}`,
    todayLabel: [
      `${dayText(tx.today)} ${weekdayText(tx.today)}`,
      weekOf(calendar, tx.today)?.label ?? (calendar.terms.length > 0 ? '假期' : ''),
    ]
      .filter((part) => part !== '')
      .join(' · '),
    sentence: '',
    today: tx.today,
    rest: restOf(calendar, tx.today),
    setUp: null,
    isStale: false,
    waiting: [],
    mine: null,
    groups: [],
    office: null,
    principal: null,
    district: null,
  }
  if (has('districtOfficer') && !has('teacher')) {
    home.rest = null
    home.district = await loadDistrict(tx, services)
    home.isStale = home.district.schools.some((school) => school.isStale)
    home.sentence = home.district.sentence
    return home
  }
  const view = await findView(tx, undefined)
  const units = await listUnits(tx, tx.today)
  if (has('principal', 'academicOffice', 'researchOffice', 'administrator', 'groupLeader'))
    home.waiting = waitingOf(await listWaiting(tx), tx.today)
  const evaluated: (LocalDate | null)[] = []
  if (has('principal', 'academicOffice', 'researchOffice', 'administrator')) {
    const school = await loadSchool(tx, view)
    evaluated.push(...school.rows.map((row) => row.evaluatedOn))
    if (view && school.rows.length === 0) evaluated.push(null)
    if (view && has('principal')) home.principal = principalOf(view, school)
    if (has('academicOffice', 'researchOffice')) home.office = await loadOffice(tx, view, school, calendar)
    home.setUp = setUpOf(calendar, view !== null, school, units)
  } else if (!view) {
    home.setUp = { sentence: '学校正在准备：采用校本研修制度以后，这里会列出您每周要做的事。', steps: [] }
  }
  const led = new Set<string>()
  for (const { unitId } of actor.leads) {
    const unit = units.find((one) => one.id === unitId)
    if (!unit || led.has(unitId)) continue
    led.add(unitId)
    const part = await loadGroup(tx, view, unit)
    if (part.unit.isGroup || part.next || part.unclosed.length > 0) home.groups.push(part)
  }
  if (actor.personId && has('teacher')) {
    const { mine, board } = await loadMine(tx, view, { id: actor.personId, name: actor.name, lead: led })
    home.mine = mine
    if (view) evaluated.push(board.evaluatedOn)
  }
  const stale = view?.isCurrentYear ? evaluated.find((day) => day !== tx.today) : undefined
  if (stale !== undefined) {
    home.isStale = true
    const onlyMine = !home.principal && !home.office && home.groups.length === 0 && actor.personId
    const subject = onlyMine ? { kind: 'person' as const, id: actor.personId as string } : null
    await refreshIfStale(services, tx.orgId, stale, subject)
  }
  home.sentence = sentenceOf(home)
  return home
}

function itemsText(items: number, home: Home): string {
  if (home.rest) return `还有 ${items} 件事没有做完`
  return `${home.office || home.principal ? '您自己' : '本周'}有 ${items} 件事要做`
}

function sentenceOf(home: Home): string {
  const waiting = home.waiting.reduce((sum, one) => sum + one.count, 0)
  const items = home.mine ? home.mine.items.length + home.mine.more : 0
  const parts = [
    waiting > 0 ? `${waiting} 件事等您处理` : '',
    home.office && home.office.today.length > 0 ? `今天有 ${home.office.today.length} 场活动` : '',
    items > 0 ? itemsText(items, home) : '',
  ].filter((part) => part !== '')
  const decides = home.principal !== null && waiting === 0 ? '没有等您决定的事' : ''
  if (parts.length > 0) return `${[decides, ...parts].filter((part) => part !== '').join('，')}。`
  if (home.setUp) return home.setUp.sentence
  if (decides !== '') return `${decides}，您自己这周的事也做完了。`
  return home.rest ? '该做的事都做完了，安心休息。' : '本周要做的事都做完了。'
}

/** The way to a running school, for whoever sets it up; null once everything is there. */
function setUpOf(
  calendar: CalendarInput,
  hasRegime: boolean,
  school: School,
  units: UnitRow[],
): Home['setUp'] {
  const groups = units.filter((unit) => unit.kind !== 'department' && unit.kind !== 'body')
  const steps: NonNullable<Home['setUp']>['steps'] = [
    {
      key: 'calendar',
      title: '设置校历',
      detail: '学年、学期和节假日；各项要求的期限由校历推算。',
      done: calendar.terms.length > 0,
      place: { page: 'settingsCalendar' },
    },
    {
      key: 'people',
      title: '导入教师名册',
      detail: '把现有的花名册 Excel 传上来即可。',
      done: school.people.length > 1,
      place: { page: 'settingsPeople' },
    },
    {
      key: 'groups',
      title: '建立教研组',
      detail: '每组有组长和组员，活动按组开展。',
      done: groups.length > 0,
      place: { page: 'settingsUnits' },
    },
    {
      key: 'regime',
      title: '采用校本研修制度',
      detail: '选一份制度，系统就会列出每个人、每个组应做的事。',
      done: hasRegime,
      place: { page: 'settingsRegime' },
    },
  ]
  const open = steps.filter((step) => !step.done).length
  if (open === 0) return null
  return { sentence: `学校还差 ${open} 步就能开始使用。`, steps }
}

export const homeRoom = room('home', homeApi, {
  getHome: ({ tx, services }) => loadHome(tx, services),
})
