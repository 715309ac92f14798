import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { refuse } from '../kit/errors.ts'
import type { Binaries } from './binaries.ts'
import type { RunAs } from './processes.ts'

/** The superuser of the embedded PostgreSQL; it owns the database. */
export const owner = 'xiaoyan_owner'
/** The database that every cluster is created with. */
export const database = 'xiaoyan'

/**
 * The folder that PostgreSQL really works in: the data folder itself, or, when root keeps its data where `nobody`
 * cannot enter (/root), a folder in /var/lib that the data folder names in `moved-to.txt`. Both are created.
 */
export function locateFolder(dataFolder: string, runAs: RunAs, log: (line: string) => void): string {
  const folder = resolve(dataFolder)
  makeFolder(folder)
  const pointer = join(folder, 'moved-to.txt')
  if (existsSync(pointer)) {
    const target = readFileSync(pointer, 'utf8').trim()
    if (existsSync(target)) return target
    refuse(
      `${pointer} 说数据库在 ${target}，但那里没有。请把它恢复到原处；如果确定要从空库开始，请删除 ${pointer}。`,
    )
  }
  if (canEnter(folder, runAs)) return folder
  if (existsSync(join(folder, 'cluster'))) {
    refuse(
      `数据库文件夹 ${folder} 不能由 nobody 用户进入（以 root 运行时需要）。请放开上级文件夹的进入权限（chmod o+x），或换普通用户运行。`,
    )
  }
  const target = join('/var/lib', `xiaoyan-data-${randomBytes(4).toString('hex')}`)
  makeFolder(target)
  if (!canEnter(target, runAs))
    refuse(
      `以 root 运行时，数据文件夹须在 nobody 用户能进入的位置；${folder} 和 ${target} 都不行。请用 --data 另选，或换普通用户运行。`,
    )
  writeFileSync(pointer, `${target}\n`)
  log(`nobody 用户进不了 ${folder}，数据库改放在 ${target}（记在 ${pointer}）。`)
  return target
}

/** Entered by the server's user, read by nobody but us: the cluster inside protects itself with 0700. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o711)
}

function canEnter(folder: string, runAs: RunAs): boolean {
  if (runAs === undefined) return true
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...runAs, cwd: '/' }).status === 0
}

/** Creates a folder that only the server's user can enter. */
export function makePrivateFolder(folder: string, runAs: RunAs): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  if (runAs) chownSync(folder, runAs.uid, runAs.gid)
  return folder
}

/**
 * The folder of the Unix socket. The kernel takes at most 107 bytes (103 on macOS) for the socket's whole path, and
 * PostgreSQL reads a comma or a quote as the end of a name: then a short private folder under /tmp serves.
 */
export function makeSocketFolder(folder: string, runAs: RunAs): string {
  const own = join(folder, 'socket')
  const longest = process.platform === 'darwin' ? 103 : 107
  if (Buffer.byteLength(join(own, '.s.PGSQL.5432')) <= longest && !/[,"'\n]/.test(own)) {
    rmSync(own, { recursive: true, force: true })
    return makePrivateFolder(own, runAs)
  }
  const short = mkdtempSync('/tmp/xiaoyan-')
  return makePrivateFolder(short, runAs)
}

/** UTF-8 locales to try in turn; which of them a system has differs. */
const locales: Record<string, string[]> = {
  darwin: ['C.UTF-8', 'zh_CN.UTF-8', 'en_US.UTF-8'],
  win32: ['zh-CN', 'en-US'],
}

/**
 * Creates the cluster with its database in `<folder>/cluster`, unless it is there. It is built beside its place and
 * moved there when complete and on the disk, so that a power cut in between leaves nothing half done.
 */
export async function createCluster(
  folder: string,
  binaries: Binaries,
  runAs: RunAs,
  options: { password?: string; sync: boolean },
): Promise<string> {
  const cluster = join(folder, 'cluster')
  const versionFile = join(cluster, 'PG_VERSION')
  if (existsSync(versionFile)) {
    const major = Number(readFileSync(versionFile, 'utf8'))
    if (major !== binaries.major) {
      refuse(
        `数据库由 PostgreSQL ${major} 建立，现在的程序是 PostgreSQL ${binaries.major}，两者的数据格式不同。请用 PG_BIN 指向 PostgreSQL ${major}，导出数据后再导入新版本。`,
      )
    }
    return cluster
  }
  if (existsSync(cluster) && readdirSync(cluster).length > 0) {
    refuse(
      `${cluster} 里有文件，但不是完整的数据库。请从备份恢复；如果确定要从空库开始，请先把这个文件夹移走。`,
    )
  }
  const half = join(folder, 'cluster.new')
  rmSync(half, { recursive: true, force: true })
  makePrivateFolder(half, runAs)
  const passwordFile = join(folder, 'password.new')
  if (options.password !== undefined) writeFileSync(passwordFile, options.password, { mode: 0o600 })
  const common = [
    '-D',
    half,
    '-U',
    owner,
    '-E',
    'UTF8',
    '--locale-provider=icu',
    '--icu-locale=und',
    '--no-instructions',
    '-N',
    '-k',
    ...(options.password === undefined
      ? ['-A', 'trust']
      : ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`]),
  ]
  let last: Finished = { code: 1, output: '' }
  for (const locale of locales[process.platform] ?? ['C.UTF-8', 'C.utf8', 'zh_CN.UTF-8', 'en_US.UTF-8']) {
    // pg_trgm asks the C library what is a letter: without a UTF-8 ctype it finds none in Chinese.
    last = await run(binaries.initdb, [...common, '--locale=C', `--lc-ctype=${locale}`], runAs)
    if (last.code === 0 || !/locale/.test(last.output)) break
  }
  rmSync(passwordFile, { force: true })
  if (last.code !== 0) refuseCreation(folder, last.output)
  const created = await run(
    binaries.postgres,
    ['--single', '-D', half, 'postgres'],
    runAs,
    `CREATE DATABASE ${database};\n`,
  )
  if (created.code !== 0 || /ERROR|FATAL|PANIC/.test(created.output)) refuseCreation(folder, created.output)
  if (options.sync) {
    const synced = await run(binaries.initdb, ['-S', '-D', half], runAs)
    if (synced.code !== 0) refuseCreation(folder, synced.output)
  }
  rmSync(cluster, { recursive: true, force: true })
  renameSync(half, cluster)
  if (options.sync) syncFolder(folder)
  return cluster
}

function refuseCreation(folder: string, output: string): never {
  if (/No space left|ENOSPC/.test(output))
    refuse(`磁盘已满，无法在 ${folder} 建立数据库。请至少腾出 300 MB 再启动。`)
  throw new Error(`建立数据库失败（${folder}）：\n${output.trim()}`)
}

/** A rename is safe from a power cut only when the folder is on the disk too; Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

interface Finished {
  code: number
  output: string
}

/** Runs a program to its end under the server's user and collects what it says. */
function run(program: string, words: string[], runAs: RunAs, input?: string): Promise<Finished> {
  return new Promise((finish, fail) => {
    const child = spawn(program, words, {
      ...runAs,
      cwd: tmpdir(),
      env: serverEnvironment(),
      windowsHide: true,
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => fail(new Error(`${basename(program)} 无法运行：${error.message}`)))
    child.on('close', (code) => finish({ code: code ?? 1, output }))
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? '')
  })
}

/** The server's environment: nothing of ours that would change its paths, its libraries or its language. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = [
    'PATH',
    'TMPDIR',
    'TEMP',
    'TMP',
    'SystemRoot',
    'SYSTEMROOT',
    'windir',
    'COMSPEC',
    'USERPROFILE',
  ]
  const entries = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return {
    ...(Object.fromEntries(entries) as NodeJS.ProcessEnv),
    LC_ALL: process.platform === 'win32' ? undefined : 'C',
  }
}
