import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { desk, launch, openPage, phone, settle, signIn } from '../e2e/kit.ts'

/**
 * Takes the pictures of README and guide from a running demo: `node scripts/pictures.ts http://127.0.0.1:4000`.
 * Run it right after the demo was told, so that the pictures are the same again.
 */
const base = process.argv[2] ?? 'http://127.0.0.1:4000'
const folder = join(import.meta.dirname, '..', 'docs', 'guide', 'pictures')
const password = 'xiaoyan2026'
mkdirSync(folder, { recursive: true })

interface Shot {
  who: string
  size: typeof desk
  name: string
  path: string
  /** Opens the first record of a list: the beginning of its link's address. */
  open?: string
}
const shots: Shot[] = [
  { who: 'xl008', size: phone, name: 'teacher-home', path: '/' },
  { who: 'xl008', size: phone, name: 'teacher-board-phone', path: '/board/me' },
  { who: 'xl008', size: desk, name: 'teacher-board', path: '/board/me' },
  { who: 'xl008', size: phone, name: 'teacher-study', path: '/study' },
  { who: 'xl008', size: phone, name: 'teacher-works', path: '/works' },
  { who: 'xl008', size: phone, name: 'teacher-calendar', path: '/calendar' },
  { who: 'xl008', size: phone, name: 'teacher-messages', path: '/messages' },
  { who: 'xl008', size: phone, name: 'teacher-observation', path: '/observations', open: '/observations/' },
  { who: 'xl012', size: desk, name: 'leader-steps', path: '/teaching', open: '/teaching/' },
  { who: 'xl012', size: phone, name: 'leader-home', path: '/' },
  { who: 'xl012', size: phone, name: 'leader-plan-activity', path: '/activities/new' },
  { who: 'xl012', size: desk, name: 'leader-inbox', path: '/inbox' },
  { who: 'xl012', size: desk, name: 'leader-activities', path: '/activities' },
  { who: 'xl012', size: desk, name: 'leader-calendar', path: '/calendar' },
  { who: 'xl012', size: desk, name: 'leader-series', path: '/activities/series' },
  { who: 'xl002', size: desk, name: 'office-slots', path: '/slots' },
  { who: 'xl002', size: desk, name: 'office-attendance', path: '/attendance' },
  { who: 'xl002', size: desk, name: 'office-lessons', path: '/lessons' },
  { who: 'xl002', size: desk, name: 'office-home', path: '/' },
  { who: 'xl002', size: desk, name: 'office-calendar', path: '/settings/calendar' },
  { who: 'xl002', size: desk, name: 'office-people', path: '/settings/people' },
  { who: 'xl002', size: desk, name: 'office-roster', path: '/settings/roster' },
  { who: 'xl002', size: desk, name: 'office-documents', path: '/documents' },
  { who: 'xl001', size: desk, name: 'principal-home', path: '/' },
  { who: 'xl001', size: desk, name: 'principal-school', path: '/board/school' },
  { who: 'xl001', size: desk, name: 'regime', path: '/regime' },
  { who: 'xl001', size: desk, name: 'principal-results', path: '/regime/results' },
  {
    who: 'xl001',
    size: desk,
    name: 'principal-compare',
    path: '/regime/compare?with=xinglong,xinhongqiao,baihe-5',
  },
  { who: 'qjy01', size: desk, name: 'district-programmes', path: '/programmes', open: '/programmes/' },
  { who: 'qjy01', size: desk, name: 'district', path: '/board/district' },
  { who: 'qjy01', size: desk, name: 'district-home', path: '/' },
]

const browser = await launch()
for (const shot of shots) {
  const { page, context, problems } = await openPage(browser, { base, size: shot.size, path: '/sign-in' })
  await signIn(page, shot.who, password)
  await page.goto(shot.path)
  await settle(page)
  if (shot.open !== undefined) {
    const links = page.locator(`main a[href^="${shot.open}"]:not([href$="/start"]):not([href$="/new"])`)
    await links.first().click()
    await settle(page)
  }
  await page.screenshot({ path: join(folder, `${shot.name}.png`) })
  if (problems.length > 0) console.error(shot.name, problems)
  await context.close()
  console.log(shot.name)
}
await browser.close()
