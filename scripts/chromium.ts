import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A browser for the journeys; `libraries` must be in its `LD_LIBRARY_PATH`. */
export interface Chromium {
  path: string
  libraries?: string
}

/**
 * Finds a Chromium: `CHROMIUM` (or `CHROMIUM_PATH`), the system's, else the one that comes with npm, unpacked into
 * the temporary folder. `undefined` when there is none that runs.
 */
export async function findChromium(): Promise<Chromium | undefined> {
  const chosen = process.env.CHROMIUM ?? process.env.CHROMIUM_PATH
  if (chosen) {
    if (runs(chosen)) return { path: chosen }
    console.error(`CHROMIUM=${chosen} 运行不了，改找别的浏览器。`)
  }
  const system = listSystemPaths().find((path) => existsSync(path) && runs(path))
  return system ? { path: system } : unpackShipped()
}

function listSystemPaths(): string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    )
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    const tails = [
      'Google/Chrome/Application/chrome.exe',
      'Chromium/Application/chrome.exe',
      'Microsoft/Edge/Application/msedge.exe',
    ]
    return roots.flatMap((root) => (root ? tails.map((tail) => join(root, tail)) : []))
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'chrome',
    'microsoft-edge',
  ]
  const folders = [
    '/usr/bin',
    '/usr/local/bin',
    '/snap/bin',
    ...(process.env.PATH ?? '').split(':').filter(Boolean),
  ]
  return folders.flatMap((folder) => names.map((name) => join(folder, name)))
}

/** Chrome on Windows opens a window for `--version`; there a file that exists has to do. */
function runs(path: string, libraries?: string): boolean {
  if (process.platform === 'win32') return existsSync(path)
  const env = libraries ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env
  return (
    spawnSync(path, ['--version', '--no-sandbox'], { timeout: 30_000, env, stdio: 'ignore' }).status === 0
  )
}

/** The npm package carries a Linux build only, with the libraries that a bare server lacks. */
async function unpackShipped(): Promise<Chromium | undefined> {
  if (process.platform !== 'linux') return undefined
  // This makes the package unpack its libraries too and say where they are.
  const { AWS_EXECUTION_ENV, LD_LIBRARY_PATH } = process.env
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  try {
    const { default: shipped } = await import('@sparticuz/chromium')
    const path = await shipped.executablePath()
    const libraries = process.env.LD_LIBRARY_PATH
    restore({ AWS_EXECUTION_ENV, LD_LIBRARY_PATH })
    if (runs(path)) return { path }
    return runs(path, libraries) && libraries ? { path, libraries } : undefined
  } catch (error) {
    console.error(`随 npm 安装的 Chromium 不能解开：${(error as Error).message}`)
    return undefined
  } finally {
    restore({ AWS_EXECUTION_ENV, LD_LIBRARY_PATH })
  }
}

/** Sets environment variables back; an assigned `undefined` would become a word. */
function restore(before: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
