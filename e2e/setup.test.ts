import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../server/app.ts'
import { instantAt } from '../server/kit/dates.ts'
import { issueSetupToken } from '../server/setup/token.ts'
import { atEnd, createTestServices } from '../server/testing.ts'
import { startWorker } from '../server/worker.ts'
import { desk, launch, openPage, settle } from './kit.ts'

// A school that nobody has set up yet: from the address in the terminal to a staff with accounts.

const services = await createTestServices(instantAt('2026-11-18', '09:00'), { ticks: true })
const app = await createApp(services, { log: true })
const worker = await startWorker(services, services.connectionString)
const base = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch()
atEnd(async () => {
  await browser.close()
  await app.close()
  await worker.stop()
})

const header = '工号,姓名,性别,出生日期,身份,任教学科,职称,入职日期,手机,教研组,备课组,年级组,职务'
const roster = (rows: string[]) => ({
  name: '花名册.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`﻿${[header, ...rows].join('\r\n')}\r\n`),
})

test('a new school: founded once with the token, its year, a roster with faults and one without, a regime', async () => {
  const { page, problems } = await openPage(browser, { base, size: desk, path: '/setup?token=wrong' })
  await page.goto(`/setup?token=${issueSetupToken()}`)
  await page.getByLabel('学校全称').fill('云岭区第一小学')
  await page.getByLabel('姓名').fill('周校长')
  await page.getByLabel('我是校长').check()
  await page.getByLabel('登录名').fill('zhou')
  await page.getByLabel('密码', { exact: true }).fill('yunling2026')
  await page.getByLabel('再输一次').fill('yunling2026')
  await page.getByRole('button', { name: '建好，去设置学校' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/setup'))
  await settle(page)

  // The school year with its proposal, then the statutory days.
  await page.goto('/settings/calendar')
  await page.getByRole('button', { name: /建 2026/ }).click()
  await page.getByRole('button', { name: '保存学年' }).click()
  await page.getByRole('button', { name: '填入法定节假日和调休' }).click()
  await page.getByText('国庆节').first().waitFor()

  // A roster with two faults is shown with row and column and imports nothing.
  await page.goto('/settings/roster')
  const upload = page.locator('input[type=file]')
  await upload.setInputFiles(
    roster([
      '0001,林小满,女,1990-02-30,教师,数学,一级教师,2015-09-01,13900000001,数学教研组,,,组长',
      '0001,赵春雨,女,1992-05-04,教师,数学,,2016-09-01,,数学教研组,,,',
    ]),
  )
  await page.getByText(/处要改/).waitFor()
  await page.getByText('第 2 行').first().waitFor()
  const people = () =>
    page.request
      .get('/api/org/listPeople?input=%7B%22limit%22%3A50%7D')
      .then((answer) => answer.json() as Promise<{ total: number }>)
  assert.equal((await people()).total, 1)

  await page.getByRole('button', { name: '改好了，重新上传' }).click()
  await page
    .locator('input[type=file]')
    .setInputFiles(
      roster([
        '0001,林小满,女,1990-02-28,教师,数学,一级教师,2015-09-01,13900000001,数学教研组,,,组长',
        '0002,赵春雨,女,1992-05-04,教师,数学,,2016-09-01,,数学教研组,,,',
      ]),
    )
  await page.getByRole('button', { name: '确认导入' }).click()
  await page.getByText('导入完成').waitFor()
  assert.equal((await people()).total, 3)

  await page.goto('/settings/regime')
  await settle(page)
  assert.match(await page.locator('#main').innerText(), /兴隆小学校本研修制度/)
  assert.deepEqual(problems, [])
})

test('the address in the terminal works only once', async () => {
  const { page } = await openPage(browser, { base, size: desk, path: `/setup?token=${issueSetupToken()}` })
  await settle(page)
  assert.equal(await page.getByLabel('学校全称').count(), 0)
})
