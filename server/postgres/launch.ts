import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { refuse } from '../kit/errors.ts'
import type { Binaries } from './binaries.ts'
import { serverEnvironment } from './cluster.ts'
import {
  disownPostmasterNote,
  removeEmptyNote,
  findPostmasterNote,
  isAlive,
  isPostgresOf,
  listOrphans,
  type RunAs,
  signal,
  waitUntil,
} from './processes.ts'

/** Everything that a start of the server needs to know. */
export interface Place {
  binaries: Binaries
  cluster: string
  folder: string
  runAs: RunAs
  /** Empty on Windows. */
  socketFolder: string
  port: number
  /** The server ends, and its folder goes, when this process ends in whatever way. */
  endWithUs: boolean
  log: (line: string) => void
}

/** A server that runs. */
export interface Postmaster {
  pid: number
  /** Resolves when the process is gone. */
  ended: Promise<void>
}

/** Kept for a throw-away server: holds one end of a pipe; when we die, the other end notices. */
const watchdog = `((read gone <&3; kill -QUIT $$; sleep 1; rm -rf "$0") >/dev/null 2>&1 &) ; exec 3<&-; exec "$@"`

/**
 * Starts the server and waits until it takes connections, also through a long recovery. Left-overs of a killed
 * postmaster are ended first, a disk without any space gets the reserve; otherwise a failure carries the server's
 * own words.
 */
export async function launchPostgres(place: Place, releaseReserve: () => void): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    await clearStale(place)
    const result = await launchOnce(place)
    if (typeof result !== 'string') return result
    if (attempt < 4 && /shared memory block|lock file .* already exists|could not bind/.test(result)) {
      await endOrphans(place.cluster)
    } else if (attempt < 4 && /No space left/.test(result)) {
      releaseReserve()
    } else if (/No space left/.test(result)) {
      refuse(
        `磁盘已满，数据库无法启动。请在 ${place.folder} 所在的磁盘上至少腾出 200 MB，再启动。已保存的数据没有丢失。`,
      )
    } else {
      throw new Error(
        `数据库启动失败（${place.cluster}）：\n${result.trim().split('\n').slice(-12).join('\n')}`,
      )
    }
  }
}

/** Takes away what would stop a start; by the folder's lock, no server of ours runs here. */
async function clearStale({ cluster, socketFolder }: Place): Promise<void> {
  await removeEmptyNote(cluster)
  const note = findPostmasterNote(cluster)
  if (note && isPostgresOf(note.pid, cluster)) return
  disownPostmasterNote(cluster)
  if (!socketFolder) return
  for (const name of readdirSync(socketFolder))
    if (name.startsWith('.s.PGSQL.')) rmSync(join(socketFolder, name))
}

/** One try; the server's own words when it fails. */
async function launchOnce(place: Place): Promise<Postmaster | string> {
  const { binaries, cluster, runAs, socketFolder, port, log } = place
  const logPath = join(place.folder, 'startup.log')
  const settings = [
    '-c',
    `port=${port}`,
    ...(socketFolder ? ['-c', `unix_socket_directories=${socketFolder}`] : []),
  ]
  if (process.platform === 'win32') return launchOnWindows(place, logPath)

  const output = openSync(logPath, 'w')
  const command = [binaries.postgres, '-D', cluster, ...settings]
  if (place.endWithUs) command.unshift('/bin/sh', '-c', watchdog, place.folder)
  // Its own session: Ctrl-C in the terminal is for us, we stop the server when our own work is done.
  const child = spawn(command[0]!, command.slice(1), {
    ...runAs,
    detached: true,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', output, output, ...(place.endWithUs ? ['pipe' as const] : [])],
  })
  closeSync(output)
  let gone = false
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  }).then(() => {
    gone = true
  })
  child.unref()
  ;(child.stdio[3] as Socket | undefined)?.unref()

  const isReady = () => {
    const note = findPostmasterNote(cluster)
    return note?.pid === child.pid && note?.status === 'ready'
  }
  while (!(await waitUntil(() => gone || isReady(), 10_000))) log('数据库正在恢复上次未写完的数据，请稍候……')
  return gone || child.pid === undefined ? readFileSync(logPath, 'utf8') : { pid: child.pid, ended }
}

/** `pg_ctl` gives up administrator's rights, without which the server refuses to run. */
async function launchOnWindows(
  { binaries, cluster, port }: Place,
  logPath: string,
): Promise<Postmaster | string> {
  const words = ['start', '-D', cluster, '-l', logPath, '-w', '-t', '600', '-o', `-p ${port}`]
  const result = spawnSync(binaries.pgCtl, words, {
    env: serverEnvironment(),
    stdio: 'ignore',
    windowsHide: true,
  })
  const note = findPostmasterNote(cluster)
  if (result.status !== 0 || !note) return readFileSync(logPath, 'utf8')
  const ended = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(note.pid)) return
      clearInterval(timer)
      resolve()
    }, 1000)
    timer.unref()
  })
  return { pid: note.pid, ended }
}

/**
 * Stops a server: ends its connections and writes everything down (SIGINT; SIGTERM would wait for clients for ever),
 * after a minute without that (SIGQUIT; the next start recovers), at last by force.
 */
export async function stopPostgres(
  pid: number,
  cluster: string,
  binaries: Binaries | undefined,
  log: (line: string) => void,
): Promise<void> {
  const isGone = () => !isAlive(pid)
  // Never a signal to a stranger that got the id of a server which is gone.
  if (!isPostgresOf(pid, cluster)) return
  if (process.platform === 'win32' && binaries) {
    spawnSync(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-t', '60'], {
      stdio: 'ignore',
      windowsHide: true,
    })
    return
  }
  signal(pid, 'SIGINT')
  if (await waitUntil(isGone, 60_000)) return
  log('数据库一分钟内没有正常停下，改为立即停止；下次启动时会自动恢复。')
  signal(pid, 'SIGQUIT')
  if (!(await waitUntil(isGone, 10_000))) signal(pid, 'SIGKILL')
  await waitUntil(isGone, 5_000)
  await endOrphans(cluster)
}

/** Ends processes whose postmaster was killed; they notice by themselves unless a long query keeps them. */
async function endOrphans(cluster: string): Promise<void> {
  if (await waitUntil(() => listOrphans(cluster).length === 0, 3000)) return
  for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
    for (const pid of listOrphans(cluster)) signal(pid, name)
    if (await waitUntil(() => listOrphans(cluster).length === 0, 3000)) return
  }
}
