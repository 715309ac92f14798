import { execFileSync } from 'node:child_process'
import {
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** User and group under which the child runs; absent when it simply runs as ourselves. */
export type RunAs = { uid: number; gid: number } | undefined

/**
 * PostgreSQL refuses to run as root, so root starts it as `nobody`; everybody else starts it as themselves.
 * Windows has its own way (`pg_ctl` drops the rights).
 */
export function findRunAs(): RunAs {
  if (process.getuid?.() !== 0) return undefined
  try {
    const line = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
    if (line) return { uid: Number(line[1]), gid: Number(line[2]) }
  } catch {
    // A container without /etc/passwd: 65534 is nobody everywhere on Linux.
  }
  return { uid: 65534, gid: 65534 }
}

/** Whether a process with this id runs. A zombie that nobody has collected counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return true
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    return state !== 'Z' && state !== 'X'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/**
 * Whether the process is a PostgreSQL working on this very cluster. Process ids are used again after a restart of
 * the machine, so that a living id in `postmaster.pid` proves nothing by itself.
 */
export function isPostgresOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
    } catch {
      return false
    }
  }
  try {
    if (process.platform === 'win32') {
      const listing = execFileSync('tasklist', ['/FI', `PID eq ${pid}`, '/NH', '/FO', 'CSV'], {
        encoding: 'utf8',
      })
      return /postgres/i.test(listing)
    }
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes('postgres') && command.includes(cluster)
  } catch {
    return false
  }
}

/**
 * Processes that still work on the cluster although their postmaster is gone (it was killed with -9). While they
 * live, a new postmaster refuses to start. Known on Linux only; elsewhere they end by themselves.
 */
export function listOrphans(cluster: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isPostgresOf(pid, cluster) && isPostgresProgram(pid))
}

function isPostgresProgram(pid: number): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres') ||
      readlinkSync(`/proc/${pid}/exe`).includes('/postgres')
    )
  } catch {
    return false
  }
}

/** What PostgreSQL says about itself in `postmaster.pid`. */
export interface PostmasterNote {
  pid: number
  port: number
  socketFolder: string
  /** `starting`, `ready`, `standby` or `stopping`; empty while the file is being written. */
  status: string
}

/** Reads `postmaster.pid`; `undefined` when there is none or it is still too short to say anything. */
export function findPostmasterNote(cluster: string): PostmasterNote | undefined {
  let text: string
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isInteger(pid) || pid === 0) return undefined
  return { pid, port: Number(lines[3] ?? 0), socketFolder: lines[4] ?? '', status: lines[7] ?? '' }
}

/**
 * Makes a `postmaster.pid` harmless whose process id belongs to a stranger by now, or to a dead server that nobody has
 * collected (usual in containers): PostgreSQL would take either for a running server and refuse. The rest of the file stays, because by it PostgreSQL finds processes of the former
 * server that still write, and its left-over shared memory. Only the caller that holds the folder's lock may do this.
 */
export function disownPostmasterNote(cluster: string): void {
  const path = join(cluster, 'postmaster.pid')
  const note = findPostmasterNote(cluster)
  if (!note || isPostgresOf(note.pid, cluster)) return
  // Beyond the largest process id of any system.
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^-?\d+/, '4194305'))
}

/**
 * Removes a `postmaster.pid` without a word in it: a server was killed in the instant between making the file and
 * writing its number, and PostgreSQL refuses to start beside it for ever. A server that is only just starting fills it
 * within milliseconds, so it gets a second. Only the caller that holds the folder's lock may do this.
 */
export async function removeEmptyNote(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid')
  const isFilledOrGone = () => statSync(path, { throwIfNoEntry: false })?.size !== 0
  if (await waitUntil(isFilledOrGone, 1000)) return
  rmSync(path, { force: true })
}

/** Sends a signal; a process that is already gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits until `test` holds, asking every few milliseconds; `false` when the time is up. */
export async function waitUntil(test: () => boolean, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds
  for (let pause = 2; !test(); pause = Math.min(pause * 1.5, 50)) {
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  return true
}
