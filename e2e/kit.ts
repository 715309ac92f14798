import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** The two widths at which every page is looked at. */
export const desk = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Starts Chromium: `CHROMIUM_PATH`, or the system's own. Close it in the end. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=zh-CN',
    ],
    // Date and time inputs then read as they do at school: 2026/11/22.
    env: { ...process.env, LANG: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN' },
  })
}

/** What went wrong in a page, collected while it is open. */
export interface OpenPage {
  page: Page
  context: BrowserContext
  /** Uncaught errors, refused scripts and console errors; a journey ends with `[]`. */
  problems: string[]
}

/** A new page of its own session at one of the two widths; the phone has touch and no hover. */
export async function openPage(
  browser: Browser,
  options: { base: string; size?: typeof desk; path?: string },
): Promise<OpenPage> {
  const size = options.size ?? desk
  const small = size.width < 768
  const context = await browser.newContext({
    baseURL: options.base,
    viewport: size,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // axe is brought in from outside the page, which our content security policy refuses to pages.
    bypassCSP: false,
    ...(small ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    // Refusals (4xx) are answers, not faults.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text())
  })
  await page.goto(options.path ?? '/')
  return { page, context, problems }
}

/** Signs in through the page and waits until the first page after it stands. */
export async function signIn(page: Page, loginName: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('用户名').fill(loginName)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.locator('#main').waitFor()
}

/**
 * Counts taps and key presses from now on; `count()` says how many a journey has cost so far, `typed()` how many
 * characters were written into fields, the text of the record itself included.
 */
export async function tapCounter(
  page: Page,
): Promise<{ count: () => Promise<number>; typed: () => Promise<number>; reset: () => Promise<void> }> {
  const install = () => {
    const counted = globalThis as unknown as { taps?: number }
    if (counted.taps !== undefined) return
    counted.taps = Number(sessionStorage.getItem('e2e/taps') ?? 0)
    const add = () => {
      counted.taps = (counted.taps ?? 0) + 1
      sessionStorage.setItem('e2e/taps', String(counted.taps))
    }
    addEventListener('pointerdown', add, true)
    addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Enter' || event.key === ' ') add()
      },
      true,
    )
    const known = new WeakMap<EventTarget, number>()
    const lengthOf = (target: EventTarget | null) =>
      target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
        ? target.value.length
        : target instanceof HTMLElement
          ? (target.textContent ?? '').length
          : 0
    addEventListener('focusin', ({ target }) => target && known.set(target, lengthOf(target)), true)
    addEventListener(
      'input',
      ({ target }) => {
        if (!target) return
        const length = lengthOf(target)
        const more = Math.max(0, length - (known.get(target) ?? 0))
        known.set(target, length)
        sessionStorage.setItem('e2e/typed', String(Number(sessionStorage.getItem('e2e/typed') ?? 0) + more))
      },
      true,
    )
  }
  // Once for this page, and again after each full load.
  await page.addInitScript(install)
  await page.evaluate(install)
  return {
    count: () => page.evaluate(() => Number(sessionStorage.getItem('e2e/taps') ?? 0)),
    typed: () => page.evaluate(() => Number(sessionStorage.getItem('e2e/typed') ?? 0)),
    reset: () =>
      page.evaluate(() => {
        sessionStorage.setItem('e2e/typed', '0')
        ;(globalThis as unknown as { taps?: number }).taps = 0
        sessionStorage.setItem('e2e/taps', '0')
      }),
  }
}

/** Waits until nothing is loading: no skeleton, no request for a quarter of a second. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.skeleton, .skeleton-line, .ant-spin') === null)
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(250)
}

/**
 * Pictures of the page at 1440 and 390 into `folder` (test-results/screenshots): `<name>-1440.png`, `<name>-390.png`.
 * Gives the paths.
 */
export async function screenshot(
  page: Page,
  name: string,
  options: { folder?: string; sizes?: (typeof desk)[]; whole?: boolean } = {},
): Promise<string[]> {
  const folder = options.folder ?? 'test-results/screenshots'
  const before = page.viewportSize()
  const files: string[] = []
  for (const size of options.sizes ?? [desk, phone]) {
    const file = join(folder, `${name}-${size.width}.png`)
    mkdirSync(dirname(file), { recursive: true })
    await page.setViewportSize(size)
    await settle(page)
    await page.screenshot({ path: file, fullPage: options.whole ?? false })
    files.push(file)
  }
  if (before) await page.setViewportSize(before)
  return files
}

/** What axe finds against WCAG 2.1 AA, one line each; a page passes with `[]`. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await settle(page)
  // Through the debugger's door, past the content security policy of the page.
  await page.evaluate(await axe())
  return page.evaluate(async () => {
    interface Violation {
      id: string
      help: string
      nodes: { target: string[]; failureSummary: string }[]
    }
    const runner = (
      globalThis as unknown as {
        axe: { run: (root: Document, options: object) => Promise<{ violations: Violation[] }> }
      }
    ).axe
    const result = await runner.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] },
      resultTypes: ['violations'],
    })
    return result.violations.flatMap((violation) =>
      violation.nodes.map(
        (node) => `${violation.id}: ${violation.help} — ${node.target.join(' ')} — ${node.failureSummary}`,
      ),
    )
  })
}

async function axe(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return readFile(axeSource, 'utf8')
}

/** True when the page can be scrolled sideways, which no page may at 390. */
export function overflowsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1)
}
