import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { createApp } from '../server/app.ts'
import { atEnd, createTestSchool, createTestServices } from '../server/testing.ts'
import { accessibilityProblems, launch, openPage, phone, settle, signIn } from './kit.ts'

// Finding somebody with the keyboard alone, and with a thumb.

const services = await createTestServices()
const school = await createTestSchool(services, '兴隆小学')
const password = 'probe-2026'
const passwordHash = await hashPassword(password)
await school.as('system', async (tx) => {
  for (const key of ['principal', 'teacher'] as const)
    await createAccount(tx, {
      personId: school.people[key],
      loginName: key,
      passwordHash,
      mustChangePassword: false,
    })
})
const app = await createApp(services, { log: true })
const base = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch()
atEnd(async () => {
  await browser.close()
  await app.close()
})

test('a principal opens a teacher’s board with Ctrl+K, initials and Enter', async () => {
  const { page, context, problems } = await openPage(browser, { base, path: '/sign-in' })
  await signIn(page, 'principal', password)
  // The button tells that the page listens for the keys by now.
  await page.getByRole('button', { name: /搜索/ }).first().waitFor()
  await settle(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索' }).pressSequentially('lxm')
  const found = page.getByRole('option', { name: /林小满/ })
  await found.waitFor()
  assert.equal(await found.getAttribute('aria-selected'), 'true')
  assert.deepEqual(await accessibilityProblems(page), [])
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === `/board/person/${school.people.teacher}`)
  assert.equal(await page.getByRole('dialog').count(), 0)
  await page.keyboard.press('Control+k')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.deepEqual(problems, [])
  await context.close()
})

test('a teacher’s phone says when nothing is found and when the server is away', async () => {
  const { page, context } = await openPage(browser, { base, size: phone, path: '/sign-in' })
  await signIn(page, 'teacher', password)
  await page.goto('/mine')
  await settle(page)
  await page.getByRole('button', { name: '找老师、组、活动' }).tap()
  await page.getByRole('combobox').fill('没有这个人')
  await page.getByText('没有找到您能打开的“没有这个人”').waitFor()
  await page.route('**/api/search/**', (route) => route.abort())
  await page.getByRole('combobox').fill('数学')
  await page
    .getByRole('dialog')
    .getByText(/连不上服务器/)
    .waitFor()
  await page.unroute('**/api/search/**')
  await page.getByRole('dialog').getByRole('button', { name: '再试一次' }).tap()
  await page.getByRole('option', { name: /数学教研组/ }).waitFor()
  await context.close()
})
