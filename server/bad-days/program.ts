import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connectionString } from '../postgres/connection.ts'
import { database, owner } from '../postgres/cluster.ts'

const main = join(import.meta.dirname, '..', 'main.ts')
const startLimitMilliseconds = 120_000

/** The whole program as a process of its own, for tests that hurt it and for measurements. */
export interface Program {
  address: string
  port: number
  pid: number
  child: ChildProcess
  /** Milliseconds from its start until it answered. */
  readyAfter: number
  /** Everything it has said so far. */
  output(): string
  /** Ends it at once with SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** Ends it as an operator would. */
  stop(): Promise<void>
}

/** A folder below /tmp into which also `nobody`, who runs PostgreSQL for root, may enter. */
export function makeBase(parent = '/tmp'): string {
  const base = mkdtempSync(join(parent, 'xiaoyan-'))
  chmodSync(base, 0o755)
  return base
}

/** Starts the program with a data folder of its own and waits until it is ready; rejects with what it said if it ends. */
export async function startProgram(options: {
  dataFolder: string
  mode?: 'start' | 'demo'
  env?: Record<string, string>
  /** Command before the words of the mode; by default the server itself. */
  command?: string[]
}): Promise<Program> {
  const port = await findFreePort()
  const mode = options.mode ?? 'start'
  const words = options.command ?? [
    '--disable-warning=ExperimentalWarning',
    // As boot.mjs starts it.
    '--max-semi-space-size=4',
    ...(mode === 'demo' ? ['--max-old-space-size=320'] : []),
    main,
    `--mode=${mode}`,
  ]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const started = performance.now()
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      XIAOYAN_DATA: options.dataFolder,
      XIAOYAN_NO_INSTALL: '1',
      DATABASE_URL: '',
      ...options.env,
    },
  })
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the program was not ready in time:\n${output}`))
    }, startLimitMilliseconds)
    const note = (chunk: Buffer) => {
      output += chunk.toString()
      if (!output.includes('已就绪')) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout.on('data', note)
    child.stderr.on('data', note)
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the program ended with ${code}:\n${output}`))
    })
  })
  await ready
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    child,
    readyAfter: performance.now() - started,
    output: () => output,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

/** Address of the embedded database of a data folder, as its owner. */
export function databaseOf(dataFolder: string): string {
  return connectionString({ host: join(dataFolder, 'postgres', 'socket'), port: 5432, user: owner, database })
}

/** Process id of the embedded PostgreSQL of a data folder. */
export function postgresPid(dataFolder: string): number {
  return Number(
    readFileSync(join(dataFolder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0],
  )
}

/** Memory of a process in MB, now and at its peak; Linux only. */
export function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}

/** A TCP port on loopback that nobody uses at the moment. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const place = probe.address()
      probe.close(() => resolve(typeof place === 'object' && place ? place.port : 0))
    })
  })
}

/** Asks again and again until the answer is yes; false when it never was in that time. */
export async function isSoon(ask: () => Promise<boolean>, withinMilliseconds: number): Promise<boolean> {
  for (const end = performance.now() + withinMilliseconds; performance.now() < end; ) {
    if (await ask()) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}
