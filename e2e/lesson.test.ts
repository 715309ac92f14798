import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { createApp } from '../server/app.ts'
import { instantAt } from '../server/kit/dates.ts'
import { bookLesson } from '../server/lesson/actions.ts'
import { saveObservation, startObservation, submitObservation } from '../server/lesson/observation-actions.ts'
import { booking, notes } from '../server/lesson/testing.ts'
import { atEnd, createTestSchool, createTestServices } from '../server/testing.ts'
import {
  accessibilityProblems,
  desk,
  launch,
  openPage,
  overflowsSideways,
  phone,
  signIn,
  tapCounter,
} from './kit.ts'

// A lesson observed on a phone: three notes and the whole sheet, with the network gone in the middle; and a lesson in
// six steps from its booking to the second lesson, with both designs side by side.

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
  // A photo of the blackboard waits on the phone as well.
  await page.locator('.observe input[type=file]').setInputFiles({
    name: '板书.png',
    mimeType: 'image/png',
    buffer: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  })
  await page.getByText('没有网络，已存在本机，连上网后自动上传').waitFor()
  await note('个别学生没有参与')
  for (const criterion of await page.locator('.rubric-row').all())
    await criterion.getByRole('button', { name: '良' }).tap()
  await page.getByText('已评完，合计 85 分').waitFor()
  await page.getByRole('button', { name: '提交' }).tap()
  await page.getByText('已存在本机，连上网后自动提交').first().waitFor()
  const spent = await taps.count()
  console.log(
    `taps from the list of observations to handing in three notes and five criteria: ${spent}; characters typed: ${await taps.typed()}`,
  )
  assert.ok(spent <= 20, `${spent} taps`)

  await context.setOffline(false)
  await page.getByText('暂存的听课记录已提交').waitFor()
  await page.getByText('撤回修改').waitFor()
  // It went ahead of the notes: what is handed in takes no more.
  await page.locator('.lesson-photos img').waitFor()
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

test('一课六环节 from booking to the second lesson: nothing is chosen twice, both designs stand side by side', async () => {
  const { page, context, problems } = await openPage(browser, { base, size: desk, path: '/sign-in' })
  await signIn(page, 'teacher', password)
  const book = async (address: string, period: string, className: string) => {
    await page.goto(address)
    if (address === '/lessons/new') await page.getByLabel('课题').fill('小数的意义')
    await page.getByLabel('第几节').selectOption(period)
    await page.getByLabel('班级').fill(className)
    await page.getByRole('button', { name: '公布' }).click()
    await page.getByRole('heading', { name: '小数的意义', level: 1 }).waitFor()
    return page.url()
  }
  const finish = async (step: string, text = '') => {
    if (text !== '') await page.getByRole('textbox', { name: step }).fill(text)
    await page.getByRole('button', { name: `完成“${step}”` }).click()
    await page.getByRole('button', { name: `完成“${step}”` }).waitFor({ state: 'detached' })
  }
  const write = async (text: string, version: number) => {
    await page.getByRole('textbox', { name: '教案' }).fill(text)
    await page.getByRole('button', { name: `存为第 ${version} 稿` }).click()
    await page.getByText(`第 ${version} 稿已保存`).waitFor()
  }

  // Booked, begun with one press; the first design belongs to it.
  const first = await book('/lessons/new', '4', '四（1）班')
  await page.getByRole('button', { name: '按“一课六环节”开展' }).click()
  await page.getByRole('heading', { name: '1. 课前介绍' }).waitFor()
  const run = page.url()
  await page.getByRole('button', { name: '写教案第一稿' }).click()
  await write('导入：复习分数，教师讲解。', 1)
  const designAddress = page.url().split('?')[0] ?? ''
  await page.goto(run)
  await page.getByText('已选 1').waitFor()
  await finish('课前介绍')
  // Given: its step knows the lesson, and the observer's words stand where they are asked for.
  await page.goto(first)
  await page.getByRole('button', { name: '已上完' }).click()
  await page.getByRole('button', { name: '更正为未上' }).waitFor()
  await page.goto(run)
  await page.getByRole('radio', { checked: true }).waitFor()
  await finish('上课听课')
  await school.as('leader', async (tx) => {
    const { id } = await startObservation(tx, { lessonId: first.split('/').at(-1) ?? '' })
    await saveObservation(tx, { id, version: 1, ...notes({ comment: '讲得多，让学生先量一量。' }) })
    await submitObservation(tx, { id })
  })
  await finish('教师反思', '学生说得少。')
  await page.getByText('听课意见 1 条').waitFor()
  await page.goto(`${designAddress}?view=write`)
  await write('导入：量一量课桌，学生自己说。', 2)
  await page.goto(run)
  await page.getByText('已选 1').waitFor()
  await finish('根据评课意见改课')
  // Taught again, and compared.
  await page.getByRole('link', { name: '安排改进课' }).waitFor()
  const second = (await page.getByRole('link', { name: '安排改进课' }).getAttribute('href')) ?? ''
  await book(second, '5', '四（2）班')
  await page.getByRole('button', { name: '已上完' }).click()
  await page.getByRole('button', { name: '更正为未上' }).waitFor()
  await page.goto(run)
  await page.getByRole('radio', { checked: true }).waitFor()
  await finish('上改进课')
  await page.getByText('这一步已完成，全部步骤都齐了').waitFor()
  assert.deepEqual(await accessibilityProblems(page), [])

  // The group's leader looks at what has changed.
  const leader = await openPage(browser, { base, size: phone, path: '/sign-in' })
  await signIn(leader.page, 'leader', password)
  await leader.page.goto(`${designAddress}?view=compare&from=1`)
  await leader.page.locator('.design-compare ins').first().waitFor()
  assert.match(await leader.page.locator('.design-compare del').first().innerText(), /复习分数/)
  assert.deepEqual(await accessibilityProblems(leader.page), [])
  assert.equal(await overflowsSideways(leader.page), false)
  assert.deepEqual([...problems, ...leader.problems], [])
  await context.close()
  await leader.context.close()
})
