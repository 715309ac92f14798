import { type CDPSession, chromium } from 'playwright-core'
import { findChromium } from '../scripts/chromium.ts'
import { signInDemoUsers, startDemoServer } from './demo.ts'
import { type Bench, row, type Table } from './measure.ts'

interface Loaded {
  url: string
  kind: string
  bytes: number
}

/** What a browser really loads: bytes over the wire, headers included, as the DevTools protocol counts them. */
export async function measureWeights(bench: Bench): Promise<Table[]> {
  const found = await findChromium()
  if (!found) {
    const missing = { measured: '没有浏览器，量不了', target: '', ok: null, limit: '' }
    return [{ title: '网页大小', rows: [{ what: '网页大小', ...missing }], notes: ['请安装 chromium'] }]
  }
  const program = await startDemoServer(bench)
  const browser = await chromium.launch({
    executablePath: found.path,
    args: ['--no-sandbox'],
    ...(found.libraries ? { env: { ...process.env, LD_LIBRARY_PATH: found.libraries } } : {}),
  })
  try {
    const users = await signInDemoUsers(program)
    const teacher = users.find((user) => user.role === '教师') ?? users[0]
    const load = async (path: string, cookie?: string) => {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
      if (cookie) {
        const [name = '', value = ''] = cookie.split('=')
        await context.addCookies([{ name, value, url: program.address }])
      }
      const page = await context.newPage()
      const loaded = watch(await context.newCDPSession(page))
      await page.goto(program.address + path, { waitUntil: 'networkidle' })
      await page.waitForTimeout(1_000)
      const result = await loaded()
      await context.close()
      return result
    }
    const phone = await load(`/s/${'A'.repeat(40)}`)
    // The page's worker is fetched outside the page, so that the browser does not count it here.
    const worker = await fetch(`${program.address}/s/worker.js`)
    phone.push({ url: '/s/worker.js', kind: 'Script', bytes: (await worker.arrayBuffer()).byteLength + 700 })
    const home = await load('/', teacher?.cookie)
    const kilobytes = (list: Loaded[]) => list.reduce((sum, one) => sum + one.bytes, 0) / 1024
    const code = home.filter((one) => one.kind === 'Script' || one.kind === 'Stylesheet')
    const shown = (list: Loaded[]) =>
      list
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, 8)
        .map((one) => `${one.url.replace(program.address, '')} ${(one.bytes / 1024).toFixed(1)}`)
        .join('，')
    return [
      {
        title: '网页大小：浏览器第一次打开时实际下载（压缩后，含响应头）',
        rows: [
          row('手机签到页，全部', kilobytes(phone), 'kB', { atMost: 30 }),
          row('教师首页，脚本与样式', kilobytes(code), 'kB', { atMost: 250 }),
          row('教师首页，全部（含数据、字体）', kilobytes(home), 'kB'),
        ],
        notes: [`签到页：${shown(phone)}`, `首页：${shown(home)}`],
      },
    ]
  } finally {
    await browser.close()
    await program.stop()
  }
}

/** Collects what the page loads from now on; calling the result ends it. */
function watch(session: CDPSession): () => Promise<Loaded[]> {
  const requests = new Map<string, Loaded>()
  session.on('Network.responseReceived', ({ requestId, response, type }) => {
    requests.set(requestId, { url: response.url, kind: type, bytes: 0 })
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = requests.get(requestId)
    if (one) one.bytes = encodedDataLength
  })
  const ready = session.send('Network.enable')
  return async () => {
    await ready
    return [...requests.values()]
  }
}
