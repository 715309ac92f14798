import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { planActivity, saveMinutes, startActivity } from '../server/activity/actions.ts'
import { recordLeave } from '../server/activity/leave-actions.ts'
import { getDetail } from '../server/activity/queries.ts'
import { createApp } from '../server/app.ts'
import { instantAt } from '../server/kit/dates.ts'
import * as org from '../server/org/actions.ts'
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

// The leader's phone in a full room: the roll-call of forty, the signed sheet, and the network gone in the middle.

const services = await createTestServices(instantAt('2026-11-18', '15:25'), { ticks: true })
const school = await createTestSchool(services, '兴隆小学')
const password = 'probe-2026'
const passwordHash = await hashPassword(password)
const surnames = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏'.split('')
await school.as('system', async (tx) => {
  for (const key of ['leader', 'colleague'] as const)
    await createAccount(tx, {
      personId: school.people[key],
      loginName: key,
      passwordHash,
      mustChangePassword: false,
    })
  // With the three who are there already: forty.
  const made = await org.createPeople(
    tx,
    surnames.map((surname, index) => ({
      staffNumber: String(100 + index),
      name: `${surname}老师`,
      from: '2020-09-01',
      attributes: { staffKind: 'teaching', subject: '数学' },
    })),
  )
  for (const personId of made)
    await org.addMember(tx, { unitId: school.groupId, personId, from: '2020-09-01' })
})
const plan = (theme: string, startTime: string, endTime: string) =>
  school.as('leader', (tx) =>
    planActivity(tx, {
      scope: 'group',
      unitId: school.groupId,
      kind: 'groupResearch',
      theme,
      content: '各带一份作业',
      place: '三楼会议室',
      day: '2026-11-18',
      startTime,
      endTime,
      hostId: school.people.leader,
    }),
  )
const { id: called } = await plan('点名的活动', '15:30', '16:30')
await school.as('academicOffice', (tx) =>
  recordLeave(tx, {
    activityId: called,
    personId: school.people.colleague,
    kind: 'sick',
    reason: '发烧',
  }),
)
const app = await createApp(services, { log: true })
const base = await app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launch()
atEnd(async () => {
  await browser.close()
  await app.close()
})
async function openLeader(path: string) {
  const opened = await openPage(browser, { base, size: phone, path: '/sign-in' })
  await signIn(opened.page, 'leader', password)
  await opened.page.goto(path)
  return opened
}
const counts = async (id: string) => (await school.as('leader', (tx) => getDetail(tx, id))).counts
const nameOf = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) })

test('forty people, two late, one on leave, one absent: at most ten taps; the signed sheet in one pass', async () => {
  const { page, context, problems } = await openLeader('/')
  const taps = await tapCounter(page)
  await page.getByRole('link', { name: '活动', exact: true }).tap()
  await page.getByRole('link', { name: '进行活动' }).first().tap()
  await page.getByRole('button', { name: '开始签到' }).tap()
  await page.getByText('大屏幕二维码').waitFor()
  await page.getByRole('button', { name: '点名' }).tap()
  await nameOf(page, '钱老师').waitFor()
  const before = await taps.count()
  // Once is absent, twice is late.
  for (const name of ['钱老师', '钱老师', '许老师', '许老师', '喻老师']) await nameOf(page, name).tap()
  await page.getByRole('button', { name: '其余 35 人都出席，记下（缺席 1 人，迟到 2 人）' }).tap()
  await page.getByText('都记好了').waitFor()
  const spent = await taps.count()
  console.log(
    `    taps for the roll-call of forty: ${spent - before}; from opening the app: ${spent}; characters typed: ${await taps.typed()}`,
  )
  assert.ok(spent <= 10, `${spent} taps`)
  const { present, late, absent, signedIn, onLeave } = await counts(called)
  // Whoever opened the sign-in is there; leave becomes final at closing.
  assert.deepEqual(
    { present, late, absent, signedIn, onLeave },
    { present: 35, late: 2, absent: 1, signedIn: 1, onLeave: 0 },
  )
  assert.deepEqual(await accessibilityProblems(page), [])
  assert.equal(await overflowsSideways(page), false)

  const { id: onPaper } = await plan('纸质签到的活动', '17:00', '17:40')
  await school.as('leader', (tx) => startActivity(tx, onPaper))
  await page.goto(`/activities/${onPaper}/run?tab=people`)
  await taps.reset()
  await page.getByRole('button', { name: '照纸质签到表录入' }).tap()
  await page.getByLabel(/没有签名的序号/).fill('7 喻老师')
  await page.getByLabel(/迟到的序号/).tap()
  await page.getByLabel(/迟到的序号/).fill('12-13')
  await page.keyboard.press('Enter')
  await page.getByText(/已照纸质签到表记下/).waitFor()
  console.log(`    taps for the signed sheet: ${await taps.count()}`)
  assert.ok((await taps.count()) <= 4)
  const paper = await counts(onPaper)
  assert.deepEqual([paper.absent, paper.late, paper.present + paper.signedIn], [2, 2, 36])
  assert.deepEqual(problems, [])
  await context.close()
})

/** One pixel, and a photo that is as large as those of new phones but shows no more. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const large = Buffer.alloc(30 * 1024 * 1024)
/** Chosen by its path, as a person does: so 30 MB need not be sent to the browser. */
function photo(name: string, content: Buffer): string {
  const path = join(services.dataFolder, name)
  writeFileSync(path, content)
  return path
}

test('the network goes in the middle of the minutes: text and photo wait on the phone, nobody’s words are lost', async () => {
  const { id } = await plan('断网的活动', '18:00', '18:40')
  await school.as('leader', (tx) => startActivity(tx, id))
  const { page, context, problems } = await openLeader(`/activities/${id}/run?tab=minutes`)
  const section = page.locator('.run-body textarea').first()
  const choose = (path: string) => page.locator('.run-body input[type=file]').setInputFiles(path)
  await section.fill('先听课。')
  await page.getByText('已保存').first().waitFor()

  await context.setOffline(true)
  await section.fill('先听课，再逐人说一处改进。')
  await choose(photo('scene.png', pixel))
  await page.getByText('没有网络，已存在本机，连上网后自动上传').waitFor()
  // Meanwhile the recorder at the computer writes in the same section.
  const texts = (await school.as('leader', (tx) => getDetail(tx, id))).minutesTexts
  const part = Object.keys(texts)[0] ?? ''
  await school.as('academicOffice', (tx) =>
    saveMinutes(tx, { id, version: 1, parts: { [part]: '先听课，后评课。' } }),
  )
  await context.setOffline(false)
  await page.locator('.photo-list img').waitFor()
  await page.locator('.minutes-theirs').waitFor()
  assert.deepEqual(await page.locator('.minutes-theirs blockquote ins').allInnerTexts(), ['后评课'])
  await page.getByRole('button', { name: '两段合在一起' }).tap()
  await page.waitForFunction(() => document.querySelector('.minutes-theirs') === null)
  let after = ''
  for (let tries = 0; tries < 100 && !after.includes('改进'); tries++) {
    await page.waitForTimeout(100)
    after = (await school.as('leader', (tx) => getDetail(tx, id))).minutesTexts[part] ?? ''
  }
  assert.match(after, /先听课，后评课。\n先听课，再逐人说一处改进。/)

  // Chosen without network, and the page closed: sent from whichever page is opened next.
  await context.setOffline(true)
  await choose(photo('board.png', Buffer.concat([pixel, Buffer.from('2')])))
  await page.getByText('board.png').waitFor()
  await page.close()
  await context.setOffline(false)
  const again = await context.newPage()
  await again.goto(`/activities/${id}/run?tab=minutes`)
  await again.getByText('断网时选的 1 个文件已上传').waitFor()
  await again.waitForFunction(() => document.querySelectorAll('.photo-list img').length === 2)

  // 30 MB are made smaller on the phone; where that is impossible, and where it is no photo, a sentence says so.
  const input = again.locator('.run-body input[type=file]')
  await input.setInputFiles(photo('large.png', Buffer.concat([pixel, large])))
  await again.waitForFunction(() => document.querySelectorAll('.photo-list img').length === 3)
  await input.setInputFiles(photo('large.heic', large))
  await again.getByText('这张照片有 30 MB，这台设备打不开它的格式，没能缩小').waitFor()
  await input.setInputFiles(photo('program.jpg', Buffer.from('MZ this is a program')))
  await again.getByText(/“program\.jpg”的内容(不是|其实是)/).waitFor()
  assert.deepEqual(await accessibilityProblems(again), [])
  assert.equal(await overflowsSideways(again), false)
  const offline = /Failed to load resource|ERR_INTERNET_DISCONNECTED/
  assert.deepEqual(
    problems.filter((problem) => !offline.test(problem)),
    [],
  )
  await context.close()
})
