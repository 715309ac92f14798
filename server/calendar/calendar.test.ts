import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepare } from '../../engine/prepare.ts'
import { getRegime } from '../../regimes/read.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import { createOrganisation } from '../org/actions.ts'
import { setCycle } from '../org/schools.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import type { CalendarView } from './contract.ts'
import { proposeSchoolYear } from './rules.ts'
import { listSpecialWeeks, loadCalendar } from './store.ts'
import { describeWeeks, weeksNamed } from './weeks.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)

test('shows numbered weeks with odd and even, and what only the offices may do', async () => {
  const { body } = await call('teacher', 'calendar/getCalendar', {})
  const view = body as CalendarView
  const term = view.schoolYears[0]?.terms[0]
  assert.equal(term?.weeks.length, 21)
  assert.deepEqual(term?.weeks[11], {
    number: 12,
    label: '第12周（双周）',
    isOdd: false,
    from: '2026-11-16',
    to: '2026-11-22',
  })
  assert.match(view.abilities.save ?? '', /校长、教导处或管理员/)
  assert.equal((await call('academicOffice', 'calendar/getCalendar', {})).body.abilities.save, null)
})

test('a teacher may not change the calendar', async () => {
  const draft = proposeSchoolYear(2027)
  assert.equal((await call('teacher', 'calendar/saveSchoolYear', draft)).status, 403)
  assert.equal(
    (await call('leader', 'calendar/saveSpecialDays', { schoolYearId: '2026-2027', days: [] })).status,
    403,
  )
})

test('saves the next school year with its holidays, and asks for the findings to be rebuilt', async () => {
  const proposed = await call('principal', 'calendar/proposeSchoolYear', { startYear: 2027 })
  const saved = await call('principal', 'calendar/saveSchoolYear', proposed.body)
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
  const holidays = await call('principal', 'calendar/proposeSpecialDays', { schoolYearId: '2027-2028' })
  assert.match(holidays.body.sentence, /到 2026 年为止/)
  const days = holidays.body.days.map(({ isPublished: _known, ...day }: { isPublished: boolean }) => day)
  assert.equal(
    (await call('principal', 'calendar/saveSpecialDays', { schoolYearId: '2027-2028', days })).status,
    200,
  )
  const view = (await call('teacher', 'calendar/getCalendar', {})).body as CalendarView
  assert.deepEqual(
    view.schoolYears.map((year) => year.id),
    ['2026-2027', '2027-2028'],
  )
  assert.ok(
    view.specialDays.some((day) => day.day === '2026-10-01'),
    'the other year keeps its holidays',
  )
  assert.ok(view.specialDays.some((day) => day.day === '2027-10-01'))
})

test('refuses overlapping terms with the field at fault, and changes nothing', async () => {
  const draft = proposeSchoolYear(2026)
  const second = draft.terms[1]
  assert.ok(second)
  second.from = '2027-01-18'
  const refused = await call('principal', 'calendar/saveSchoolYear', draft)
  assert.equal(refused.status, 422)
  assert.match(refused.body.error.fields['terms.1.from'], /请错开/)
  const view = (await call('teacher', 'calendar/getCalendar', {})).body as CalendarView
  assert.equal(view.schoolYears[0]?.to, '2027-07-09')
})

test('refuses dates that would leave an activity outside every term', async () => {
  await school.as('system', async (tx) => {
    await tx.run(sql`
      INSERT INTO activities (org_id, id, scope, kind, theme, place, held_on, starts_at, ends_at, status, created_at)
      VALUES (${tx.orgId}, ${newId()}, 'organisation', 'study', '期末总结', '会议室', '2027-01-20',
        '2027-01-20T15:00:00+08:00', '2027-01-20T16:00:00+08:00', 'planned', ${tx.now})`)
  })
  const draft = proposeSchoolYear(2026)
  const first = draft.terms[0]
  assert.ok(first)
  first.to = '2027-01-15'
  first.windows.closing = { from: '2027-01-01', to: '2027-01-15' }
  const refused = await call('principal', 'calendar/saveSchoolYear', draft)
  assert.equal(refused.status, 422)
  assert.match(refused.body.error.message, /1 场活动.*2027-01-20“期末总结”.*请先给它们改期/)
  first.to = '2027-01-22'
  first.windows.closing = { from: '2027-01-04', to: '2027-01-22' }
  const saved = await call('principal', 'calendar/saveSchoolYear', draft)
  assert.equal(saved.status, 200, JSON.stringify(saved.body))
})

test('the calendar of another school stays as it is', async () => {
  const other = await createTestSchool(services, '邻校')
  const clients = await createTestClients(services, other, 'n-')
  await call('principal', 'calendar/saveSpecialDays', { schoolYearId: '2026-2027', days: [] })
  const view = (await clients.call('teacher', 'calendar/getCalendar', {})).body as CalendarView
  assert.equal(view.specialDays.length, 6)
})

test('a named week stands in everybody’s calendar; the regime’s own weeks are proposed and compared', async () => {
  const save = (input: object, who: 'academicOffice' | 'teacher' = 'academicOffice') =>
    call(who, 'calendar/saveSpecialWeek', input)
  const week = { name: '师徒活动周', from: '2026-11-23', to: '2026-11-29', note: '每对师徒一次听评课' }
  assert.equal((await save(week, 'teacher')).status, 403)
  assert.match(
    (await save({ ...week, from: '2026-08-01', to: '2026-08-07' })).body.error.message,
    /不在任何学期/,
  )
  assert.equal((await save(week)).status, 200)
  assert.match((await save(week)).body.error.message, /已经是“师徒活动周”了/)
  const { body } = await call('teacher', 'agenda/getAgenda', {
    scope: 'mine',
    from: '2026-11-23',
    to: '2026-11-29',
  })
  assert.match(JSON.stringify(body), /师徒活动周.*到 11月27日 · 第13周（单周）/)

  const majiabao = getRegime('majiabao-plan')
  const calendar = await school.as('system', loadCalendar)
  const rows = await school.as('system', (tx) =>
    listSpecialWeeks(tx, { from: '2026-08-31', to: '2027-07-31' }),
  )
  const described = describeWeeks(rows, weeksNamed([majiabao]), calendar, '2026-11-18')
  assert.match(described.specialWeeks[0]?.differs ?? '', /制度的数值写的是第12周/)
  assert.deepEqual(
    described.weekProposals.slice(0, 1).map(({ name, label }) => [name, label]),
    [['师徒活动周', '2026—2027学年第二学期第12周（双周）']],
  )
})

test('the district sets the five-year cycle for all its schools, unless the document itself names it', async () => {
  const districtId = newId()
  const system = systemActor('test')
  await services.inOrganisation(districtId, system, (tx) =>
    createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null }),
  )
  const one = await createTestSchool(services, '区内小学', districtId)
  const seen = async () => (await one.as('teacher', loadCalendar)).cycle
  assert.equal(await seen(), undefined)
  assert.equal((await call('principal', 'calendar/saveCycle', { start: 2024 })).status, 403)
  await services.inOrganisation(districtId, system, (tx) => setCycle(tx, { start: 2024, startMonth: 9 }))
  assert.deepEqual(await seen(), { start: 2024, startMonth: 9 })
  const calendar = await one.as('system', loadCalendar)
  const cycleOf = (regime: ReturnType<typeof getRegime>) =>
    prepare(regime, calendar).periodAt('fiveYears', '2026-11-18')?.from
  const baihe = getRegime('baihe-2')
  assert.equal(cycleOf(baihe), '2024-09-01')
  const { note: _note, ...cycleStart } = { note: '', ...baihe.settings.cycleStart }
  const stated = {
    ...baihe,
    settings: { ...baihe.settings, cycleStart: { ...cycleStart, clause: '结尾' } },
  } as typeof baihe
  assert.equal(cycleOf(stated), '2026-01-01')
  await services.inOrganisation(districtId, system, (tx) => setCycle(tx, null))
  assert.equal(await seen(), undefined)
})
