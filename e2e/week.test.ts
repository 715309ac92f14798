import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { tokenFor, windowOf } from '../server/activity/codes.ts'
import { createApp } from '../server/app.ts'
import { instantAt } from '../server/kit/dates.ts'
import { adoptRegime } from '../server/regime/adoption.ts'
import { atEnd, createTestSchool, createTestServices, type TestSchool } from '../server/testing.ts'
import { startWorker } from '../server/worker.ts'
import { paths } from '../web/paths.ts'
import {
  accessibilityProblems,
  desk,
  launch,
  openPage,
  overflowsSideways,
  phone,
  settle,
  signIn,
  tapCounter,
} from './kit.ts'

// A week's work as people do it: in a real browser, on the real pages, with jobs running, boards moving.

const services = await createTestServices(instantAt('2026-11-18', '14:20'), { ticks: true })
const school: TestSchool = await createTestSchool(services, '兴隆小学')
const password = 'probe-2026'
const passwordHash = await hashPassword(password)
await school.as('system', async (tx) => {
  await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' })
  for (const [key, personId] of Object.entries(school.people)) {
    await createAccount(tx, { personId, loginName: key, passwordHash, mustChangePassword: false })
  }
})
const app = await createApp(services, { log: true })
const worker = await startWorker(services, services.connectionString)
const base = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch()
atEnd(async () => {
  await browser.close()
  await app.close()
  await worker.stop()
})

async function open(
  who: keyof TestSchool['people'],
  size: typeof desk,
): Promise<{ page: Page; problems: string[]; close(): Promise<void> }> {
  const { page, context, problems } = await openPage(browser, { base, size, path: '/sign-in' })
  await signIn(page, who, password)
  return { page, problems, close: () => context.close() }
}

test('a group activity: planned, started, scanned, recorded and closed on phones', async () => {
  const leader = await open('leader', phone)
  await leader.page.goto('/activities/new')
  await leader.page.getByLabel('主题').fill('听一节“用字母表示数”')
  await leader.page.locator('input[type=date]').first().fill('2026-11-18')
  await leader.page.getByLabel('开始').fill('14:30')
  await leader.page.getByLabel('结束').fill('16:00')
  await leader.page.getByLabel('地点').fill('三楼数学办公室')
  await leader.page.getByRole('button', { name: '发布' }).click()
  await leader.page.waitForURL(/\/activities\/[0-9a-f-]{36}/)
  const activityId = /activities\/([0-9a-f-]{36})/.exec(leader.page.url())?.[1] ?? ''

  // From here on every tap of the leader counts, from opening the app.
  await leader.page.goto('/')
  const taps = await tapCounter(leader.page)
  await leader.page.getByRole('link', { name: '活动', exact: true }).click()
  await leader.page.getByRole('link', { name: '进行活动' }).first().click()
  await leader.page.getByRole('button', { name: '开始签到' }).click()
  await leader.page.getByText('大屏幕二维码').waitFor()

  const wall = await open('leader', desk)
  await wall.page.goto(`/activities/${activityId}/live`)
  // Six digits beside the code, in two groups of three.
  await wall.page
    .getByText(/^\s*\d{3}\s?\d{3}\s*$/)
    .first()
    .waitFor()

  // The teacher's phone is signed in already; opening the code is all there is to do.
  const teacher = await open('teacher', phone)
  const teacherTaps = await tapCounter(teacher.page)
  const token = tokenFor(services.secret, { activityId, window: windowOf(services.clock.now()) })
  await teacher.page.goto(`/s/${token}`)
  await teacher.page.getByRole('heading', { name: '签到成功' }).waitFor()
  const signInTaps = await teacherTaps.count()
  console.log(
    `    taps of a teacher after scanning: ${signInTaps}; characters typed: ${await teacherTaps.typed()}`,
  )
  assert.ok(signInTaps <= 2, `${signInTaps} taps`)
  await wall.page.getByText('林小满').waitFor({ timeout: 5_000 })

  await leader.page.getByRole('button', { name: '记录' }).click()
  for (const box of await leader.page.locator('.run-body textarea').all())
    await box.fill('先听课二十分钟，再逐人说一处改进。')
  // No pause: what was typed a moment ago belongs to the minutes that are closed and confirmed.
  await leader.page.getByRole('button', { name: '结束活动' }).click()
  await leader.page.getByRole('button', { name: '确认结束' }).click()
  await leader.page.getByText('活动已结束').first().waitFor()
  await leader.page.getByRole('link', { name: '活动详情' }).click()
  await leader.page.getByRole('button', { name: '确认记录' }).click()
  await leader.page.getByText('确认了活动记录').waitFor()
  const count = await taps.count()
  console.log(
    `    taps of the leader from opening the app to closed and confirmed minutes: ${count}; characters typed, the minutes' own text: ${await taps.typed()}`,
  )
  assert.ok(count <= 12, `${count} taps`)

  const attended = await school.as('system', (tx) =>
    tx.connection.query<{ status: string }>(
      `SELECT attributes ->> 'status' AS status FROM facts WHERE kind = 'activity.attended' AND subject_id = '${school.people.teacher}'`,
    ),
  )
  assert.deepEqual(attended.rows, [{ status: 'present' }])
  assert.deepEqual([...leader.problems, ...wall.problems, ...teacher.problems], [])
  await Promise.all([leader.close(), wall.close(), teacher.close()])
})

test('a reflection: written on the phone, returned, mended, accepted; the board moves and explains itself', async () => {
  const teacher = await open('teacher', phone)
  await teacher.page.goto('/works/new')
  await teacher.page.getByRole('button', { name: /教学反思/ }).click()
  await teacher.page.waitForURL(/\/works\/[0-9a-f-]{36}/)
  await teacher.page.getByLabel('标题').fill('学生卡在了哪里')
  await teacher.page
    .getByRole('textbox', { name: '正文' })
    .fill('这节课学生总问字母到底是几。下次先从年龄差讲起，让他们自己写出式子。'.repeat(5))
  await teacher.page
    .getByText(/已保存/)
    .first()
    .waitFor()
  await teacher.page.getByRole('button', { name: '提交' }).click()
  await teacher.page
    .getByText(/已提交|等待审核|待审核/)
    .first()
    .waitFor()

  const leader = await open('leader', desk)
  await leader.page.goto('/inbox')
  await leader.page.getByRole('button', { name: /退回/ }).click()
  await leader.page.getByRole('textbox').last().fill('请补一个学生的例子。')
  await leader.page.getByRole('button', { name: /退回/ }).last().click()
  await leader.page
    .getByText(/没有|处理完/)
    .first()
    .waitFor()

  await teacher.page.goto('/works')
  await teacher.page.getByText('学生卡在了哪里').first().click()
  await teacher.page.getByText('请补一个学生的例子。').first().waitFor()
  await teacher.page
    .getByRole('textbox', { name: '正文' })
    .fill('小军说：“a 是 5 吧？”我才明白他们要的是一个数。下次先从年龄差讲起，让他们自己写出式子。'.repeat(5))
  await teacher.page
    .getByText(/已保存/)
    .first()
    .waitFor()
  await teacher.page.getByRole('button', { name: '提交' }).click()
  await teacher.page
    .getByText(/已提交|等待审核|待审核/)
    .first()
    .waitFor()

  await leader.page.goto('/inbox')
  await leader.page.getByRole('button', { name: '采纳' }).click()
  await leader.page
    .getByText(/没有|处理完/)
    .first()
    .waitFor()

  // Within a second or two the job has computed the findings; the figure opens its explanation.
  await teacher.page.waitForTimeout(1_500)
  await teacher.page.goto('/board/me')
  const duty = teacher.page.getByText('教学反思').first()
  await duty.waitFor()
  await teacher.page.goto(
    paths.trace({
      rule: 'xinglong-23',
      subjectKind: 'person',
      subject: school.people.teacher,
      period: '2026-2027-1/fortnight-6',
    }),
  )
  await teacher.page.getByText('学生卡在了哪里').first().waitFor()
  assert.deepEqual(await accessibilityProblems(teacher.page), [])
  assert.equal(await overflowsSideways(teacher.page), false)
  const state = await school.as('system', (tx) =>
    tx.connection.query<{ count: string }>(
      `SELECT count(*) AS count FROM facts WHERE kind = 'work.accepted' AND subject_id = '${school.people.teacher}'`,
    ),
  )
  assert.equal(Number(state.rows[0]?.count), 1)
  assert.deepEqual([...teacher.problems, ...leader.problems], [])
  await Promise.all([teacher.close(), leader.close()])
})

/** On the phone every page, on the PC those that look different there. */
const pagesOf: Record<'390' | '1440', Partial<Record<keyof TestSchool['people'], string[]>>> = {
  '390': {
    teacher: [
      '/',
      '/activities',
      '/works',
      '/study',
      '/plans',
      '/leaves',
      '/board/me',
      '/regime',
      '/mine',
      '/documents',
    ],
    leader: ['/', '/inbox', '/activities/new', '/activities/series', '/board/groups'],
    academicOffice: [
      '/',
      '/board/school',
      '/settings/people',
      '/settings/units',
      '/settings/calendar',
      '/settings/accounts',
      '/settings/roster',
    ],
    principal: ['/', '/settings/regime', '/activities/manage'],
  },
  '1440': {
    teacher: ['/', '/board/me', '/documents'],
    leader: ['/', '/inbox', '/activities/series'],
    academicOffice: [
      '/',
      '/board/school',
      '/settings/people',
      '/settings/calendar',
      '/activities/manage?tab=templates',
    ],
    principal: ['/'],
  },
}
for (const [size, name] of [
  [phone, '390'],
  [desk, '1440'],
] as const) {
  test(`the pages of every role hold at ${name} pixels: no sideways scrolling, nothing that axe objects to, no error`, async () => {
    const found: string[] = []
    for (const [who, list] of Object.entries(pagesOf[name])) {
      const { page, problems, close } = await open(who as keyof TestSchool['people'], size)
      for (const path of list) {
        await page.goto(path)
        await settle(page)
        if (await overflowsSideways(page)) found.push(`${who} ${path} scrolls sideways`)
        found.push(...(await accessibilityProblems(page)).map((problem) => `${who} ${path}: ${problem}`))
        if (/没有这个页面|出了点问题/.test(await page.locator('body').innerText()))
          found.push(`${who} ${path} is not a page`)
      }
      found.push(...problems.map((problem) => `${who}: ${problem}`))
      await close()
    }
    assert.deepEqual(found, [])
  })
}
