import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { createApp } from '../server/app.ts'
import { instantAt } from '../server/kit/dates.ts'
import { bookLesson } from '../server/lesson/actions.ts'
import { booking } from '../server/lesson/testing.ts'
import { atEnd, createTestSchool, createTestServices } from '../server/testing.ts'
import {
  accessibilityProblems,
  launch,
  openPage,
  overflowsSideways,
  phone,
  signIn,
  tapCounter,
} from './kit.ts'

// A lesson observed on a phone: three notes and the whole sheet, with the network gone in the middle.

const services = await createTestServices(instantAt('2026-11-18', '10:21'), { ticks: true })
const school = await createTestSchool(services, '兴隆小学')
const password = 'probe-2026'
const passwordHash = await hashPassword(password)
await school.as('system', async (tx) => {
  for (const [key, personId] of Object.entries(school.people))
    await createAccount(tx, { personId, loginName: key, passwordHash, mustChangePassword: false })
})
const { id: lessonId } = await school.as('teacher', (tx) => bookLesson(tx, booking(school)))
const app = await createApp(services, { log: true })
const base = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch()
atEnd(async () => {
  await browser.close()
  await app.close()
})

test('three notes and the sheet in at most 20 taps, also when the network goes in the middle', async () => {
  const { page, context, problems } = await openPage(browser, { base, size: phone, path: '/sign-in' })
  await signIn(page, 'colleague', password)
  const taps = await tapCounter(page)
  await page.goto('/observations')
  await taps.reset()
  await page.getByRole('link', { name: '开始听课' }).first().tap()
  await page.getByRole('button', { name: /分数的初步认识/ }).tap()
  await page.waitForURL(/\/observations\/[0-9a-f-]{36}/)

  const note = async (phrase: string) => {
    await page.getByRole('button', { name: /^记一笔/ }).tap()
    await page.getByRole('button', { name: phrase }).tap()
  }
  await note('导入自然，学生很快进入状态')
  await page.getByText('已保存').waitFor()
  await context.setOffline(true)
  await page.getByText('没有网络也能继续记').waitFor()
  await note('学生上台讲解，表达完整')
  await note('个别学生没有参与')
  for (const criterion of await page.locator('.rubric-row').all())
    await criterion.getByRole('button', { name: '良' }).tap()
  await page.getByText('已评完，合计 85 分').waitFor()
  await page.getByRole('button', { name: '提交' }).tap()
  await page.getByText('已存在本机，连上网后自动提交').first().waitFor()
  const spent = await taps.count()
  console.log(`taps from the list of observations to handing in three notes and five criteria: ${spent}`)
  assert.ok(spent <= 20, `${spent} taps`)

  await context.setOffline(false)
  await page.getByText('暂存的听课记录已提交').waitFor()
  await page.getByText('撤回修改').waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])
  assert.equal(await overflowsSideways(page), false)

  // The teacher reads it and answers in two taps.
  const teacher = await openPage(browser, { base, size: phone, path: '/sign-in' })
  await signIn(teacher.page, 'teacher', password)
  await teacher.page.goto('/observations?view=received')
  await teacher.page.getByRole('link', { name: '分数的初步认识' }).tap()
  await teacher.page.getByRole('button', { name: '谢谢指点，下节课就改。' }).tap()
  await teacher.page.getByRole('button', { name: '回应', exact: true }).tap()
  await teacher.page.getByText('已回应，听课人能看到').waitFor()
  await teacher.page.goto(`/lessons/${lessonId}`)
  await teacher.page.getByText('综合 85 分').waitFor()
  assert.deepEqual(await accessibilityProblems(teacher.page), [])
  assert.equal(await overflowsSideways(teacher.page), false)
  await teacher.page.goto('/lessons/new')
  await teacher.page.getByText('哪一天').waitFor()
  assert.deepEqual(await accessibilityProblems(teacher.page), [])
  const offline = /Failed to load resource|ERR_INTERNET_DISCONNECTED/
  assert.deepEqual(
    problems.filter((problem) => !offline.test(problem)),
    [],
  )
  assert.deepEqual(teacher.problems, [])
  await context.close()
  await teacher.context.close()
})
