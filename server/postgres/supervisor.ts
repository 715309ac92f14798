import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { createCluster, database, locateFolder, makeSocketFolder, owner } from './cluster.ts'
import type { DatabaseConnection } from './connection.ts'
import { guardDisk } from './disk-guard.ts'
import { launchPostgres, type Postmaster, stopPostgres } from './launch.ts'
import { lockFolder } from './lock.ts'
import {
  findPostmasterNote,
  findRunAs,
  isAlive,
  isPostgresOf,
  type RunAs,
  signal,
  waitUntil,
} from './processes.ts'
import { writeSettings } from './settings.ts'

/** How to start the embedded PostgreSQL. */
export interface PostgresOptions {
  /** Folder for the database alone; created when missing. May be left out with `memory`. */
  dataFolder?: string
  /** Folder with `postgres` and `initdb`; otherwise `PG_BIN`, otherwise the programs from npm. */
  binFolder?: string
  /** Gets one Chinese line per event worth an administrator's eye. */
  log?: (line: string) => void
  /** `false` gives up safety for speed; only for tests. */
  fsync?: boolean
  /** A throw-away server in memory (/dev/shm) for tests: ends with this process and leaves nothing behind. */
  memory?: boolean
  /** The disk became full (the database only reads now) or has space again. */
  onDiskFull?: (full: boolean) => void
}

/** A PostgreSQL that this process looks after. */
export interface RunningPostgres {
  /** As the owner of the database; the same for as long as this process runs, also after a crash of the server. */
  readonly connection: DatabaseConnection
  /** Process id of the postmaster; another one after a crash. */
  readonly pid: number
  /** Whether a server that an earlier, killed program left behind was taken over. */
  readonly attached: boolean
  /** Whether the database only reads because the disk is nearly full. */
  isDiskFull(): boolean
  /** Ends all connections, writes everything down and ends the server. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL of a data folder and looks after it: creates it in an empty folder, takes over a
 * server that a killed program left running, clears what a power cut left, starts it again when it crashes.
 *
 * Refuses with a Chinese sentence when another program uses the folder, when the disk is full, or when no programs
 * fit the machine.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => {})
  const memory = options.memory ?? false
  const runAs = findRunAs()
  const passing = options.dataFolder === undefined ? makePassingFolder(memory, runAs) : undefined
  let folder = passing ?? options.dataFolder ?? ''
  if (!passing) folder = locateFolder(folder, runAs, log)
  const unlock = lockFolder(folder)
  const leave = () => {
    unlock()
    if (passing) rmSync(passing, { recursive: true, force: true })
  }
  try {
    return await start({ ...options, memory, log, fsync: options.fsync ?? !memory }, folder, runAs, leave)
  } catch (error) {
    leave()
    throw error
  }
}

type Complete = PostgresOptions & Required<Pick<PostgresOptions, 'log' | 'memory' | 'fsync'>>

async function start(
  options: Complete,
  folder: string,
  runAs: RunAs,
  leave: () => void,
): Promise<RunningPostgres> {
  const { log } = options
  const binaries = findBinaries(options.binFolder, runAs)
  const unixSocket = process.platform !== 'win32'
  const password = unixSocket ? undefined : keepPassword(folder)
  if (!existsSync(join(folder, 'cluster'))) log(`第一次启动：正在 ${folder} 建立数据库……`)
  const cluster = await createCluster(folder, binaries, runAs, { password, sync: options.fsync })
  const digest = `${writeSettings(cluster, { unixSocket, fsync: options.fsync, memory: options.memory }, runAs)} ${binaries.folder}`

  let current: () => number | undefined = () => undefined
  let stopping: Promise<void> | undefined
  const guard = guardDisk(
    folder,
    cluster,
    runAs,
    log,
    () => {
      const pid = current()
      if (pid !== undefined && process.platform !== 'win32') signal(pid, 'SIGHUP')
    },
    (full) => options.onDiskFull?.(full),
  )
  // A throw-away server in memory is small, and what it holds is worth nothing.
  if (options.memory) guard.stop()

  try {
    const note = await findLeftOver(cluster, folder, digest, log)
    const attached = note !== undefined
    const socketFolder = note ? note.socketFolder : unixSocket ? makeSocketFolder(folder, runAs) : ''
    const port = note ? note.port : unixSocket ? 5432 : await findFreePort()
    const place = { binaries, cluster, folder, runAs, socketFolder, port, endWithUs: options.memory, log }
    guard.release()
    guard.look()

    const launch = async () => {
      const started = await launchPostgres(place, () => guard.release())
      try {
        writeFileSync(join(folder, 'server.json'), JSON.stringify({ pid: started.pid, digest }))
      } catch {
        // A full disk: should we be killed now, the next program restarts the server instead of taking it over.
      }
      return started
    }
    let postmaster = note ? attach(note.pid) : await launch()
    current = () => postmaster.pid
    const keeper = keepRunning(postmaster, log, async () => {
      guard.release()
      postmaster = await launch()
      return postmaster
    })
    guard.look()

    // A program that ends without stop(), such as by an uncaught error, must not leave the server running.
    const onExit = () => {
      if (isPostgresOf(postmaster.pid, cluster)) signal(postmaster.pid, 'SIGINT')
    }
    process.on('exit', onExit)
    const connection: DatabaseConnection = {
      host: unixSocket ? socketFolder : '127.0.0.1',
      port,
      user: owner,
      database,
      ...(password === undefined ? {} : { password }),
    }
    return {
      connection,
      attached,
      get pid() {
        return postmaster.pid
      },
      isDiskFull: () => guard.isFull(),
      stop: () => {
        stopping ??= (async () => {
          await keeper.end()
          guard.release()
          guard.stop()
          process.off('exit', onExit)
          await stopPostgres(postmaster.pid, cluster, binaries, log)
          if (unixSocket && dirname(socketFolder) === '/tmp')
            rmSync(socketFolder, { recursive: true, force: true })
          leave()
        })()
        return stopping
      },
    }
  } catch (error) {
    guard.stop()
    throw error
  }
}

/**
 * Starts the server again whenever it ends by itself, for as long as it takes: a full disk may be cleared in an
 * hour. `end` stops that, and waits for a start that is under way.
 */
function keepRunning(first: Postmaster, log: (line: string) => void, restart: () => Promise<Postmaster>) {
  const ending = new AbortController()
  const keep = async () => {
    let watched = first
    for (;;) {
      await Promise.race([watched.ended, once(ending.signal)])
      for (let pause = 100; !ending.signal.aborted; pause = Math.min(pause * 2, 30_000)) {
        log('数据库进程意外退出，正在重新启动……')
        try {
          watched = await restart()
          log('数据库已重新启动。')
          break
        } catch (error) {
          log(`数据库重新启动失败：${(error as Error).message}`)
          await Promise.race([setTimeout(pause, undefined, { ref: false }), once(ending.signal)])
        }
      }
      if (ending.signal.aborted) return
    }
  }
  const kept = keep()
  return {
    end: () => {
      ending.abort()
      return kept
    },
  }
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/**
 * The server that a killed program left running on this cluster, if it can be used as it is. One with other
 * settings or programs is stopped.
 */
async function findLeftOver(cluster: string, folder: string, digest: string, log: (line: string) => void) {
  const note = findPostmasterNote(cluster)
  if (!note) return undefined
  if (!isPostgresOf(note.pid, cluster)) return undefined
  let known: { pid?: number; digest?: string } = {}
  try {
    known = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as typeof known
  } catch {
    // Killed before the note was written: treat the server as one with other settings.
  }
  const isReady = () => findPostmasterNote(cluster)?.status === 'ready'
  if (known.pid === note.pid && known.digest === digest && existsSync(note.socketFolder || cluster)) {
    if (
      await waitUntil(
        () => isReady() || !isAlive(note.pid) || findPostmasterNote(cluster)?.status === 'stopping',
        30_000,
      )
    ) {
      if (isReady() && isAlive(note.pid)) {
        log(`接管了上次留下的数据库进程 ${note.pid}。`)
        return findPostmasterNote(cluster)
      }
    }
  }
  await stopPostgres(note.pid, cluster, undefined, log)
  return undefined
}

/** A server that is not our child: its end is noticed by asking. */
function attach(pid: number): Postmaster {
  const ended = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return
      clearInterval(timer)
      resolve()
    }, 500)
    timer.unref()
  })
  return { pid, ended }
}

/** A folder that lives as long as the process, in memory where the system has such a place. */
function makePassingFolder(memory: boolean, runAs: RunAs): string {
  if (!memory) throw new Error('startPostgres needs a dataFolder unless memory is set')
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'xiaoyan-'))
  // Owned by the server's user, so that its watchdog can remove the folder when we are killed.
  if (runAs) chownSync(folder, runAs.uid, runAs.gid)
  return folder
}

/** Windows has no private Unix socket, so the loopback port is guarded by a password that is made once. */
function keepPassword(folder: string): string {
  const path = join(folder, 'password')
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(path, 'utf8')
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
