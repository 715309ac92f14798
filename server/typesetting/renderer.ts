/**
 * Printing to PDF. The Typst compiler runs in one child process, because it keeps memory and could crash: the
 * process starts with the first document, is replaced after a number of documents or above a size, is killed when
 * a document takes too long, and goes away when nothing was printed for a while.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from 'uqr'
import type { CompilerAnswer, CompilerRequest } from './compiler-process.ts'
import { printableJson } from './printable.ts'
import type { TemplateData, TemplateName, Verification } from './types.ts'

export interface TypesetterOptions {
  /** The process is replaced after this many documents. */
  documentsPerProcess?: number
  /** The process is replaced when it holds more than this. */
  memoryLimitBytes?: number
  /** A document that takes longer is given up and its process killed. The first document also starts the process. */
  timeLimitMilliseconds?: number
  /** A process that did nothing for so long ends. */
  idleMilliseconds?: number
  /** Documents that may wait; beyond it `renderPdf` throws at once. */
  queueLimit?: number
  /** Folder of the templates; only tests give another one. */
  templateFolder?: string
}

export interface Typesetter {
  /**
   * Sets one document and gives the bytes of a tagged PDF/A-2a (plain tagged PDF when a character has no glyph).
   * Equal data give equal bytes. Throws when the template fails, the time limit passes, the process crashed twice
   * on this document, or the typesetter was stopped.
   */
  renderPdf<Name extends TemplateName>(template: Name, data: TemplateData[Name]): Promise<Uint8Array>
  /** Refuses what waits, ends the process and returns when it is gone. */
  stop(): Promise<void>
  /** The process id while a compiler process lives, for monitoring and tests. */
  getProcessId(): number | undefined
}

const mainFiles: Record<TemplateName, string> = {
  'record-booklet/1': 'booklet.typ',
  'activity-record/1': 'record.typ',
  'sign-in-sheet/1': 'sheet.typ',
  'week-sheet/1': 'week.typ',
  'regulation/1': 'regulation.typ',
  'observation/1': 'observation.typ',
  'appointment-letter/1': 'letter.typ',
}
const defaultFolder = fileURLToPath(new URL('../../templates/', import.meta.url))
const programPath = fileURLToPath(new URL('./compiler-process.ts', import.meta.url))

interface Job {
  template: string
  request: CompilerRequest
  attempts: number
  resolve(pdf: Uint8Array): void
  reject(error: Error): void
}

interface Worker {
  child: ChildProcess
  documents: number
  /** Set when we end it ourselves, so that its end is no crash. */
  retired: boolean
  ended: Promise<void>
}

/** Makes a typesetter; nothing runs and no memory is taken until the first `renderPdf`. */
export function createTypesetter(options: TypesetterOptions = {}): Typesetter {
  const documentsPerProcess = options.documentsPerProcess ?? 200
  const memoryLimitBytes = options.memoryLimitBytes ?? 500 * 1024 * 1024
  const timeLimitMilliseconds = options.timeLimitMilliseconds ?? 30_000
  const idleMilliseconds = options.idleMilliseconds ?? 60_000
  const queueLimit = options.queueLimit ?? 1_000
  const workspace = options.templateFolder ?? defaultFolder

  const queue: Job[] = []
  const ending = new Set<Promise<void>>()
  let worker: Worker | undefined
  let running: Job | undefined
  let limitTimer: NodeJS.Timeout | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let nextId = 1
  let stopped = false

  function startWorker(): Worker {
    const child = fork(programPath, [], {
      execArgv: ['--expose-gc'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started: Worker = { child, documents: 0, retired: false, ended: Promise.resolve() }
    started.ended = new Promise((resolve) => {
      let over = false
      const end = () => {
        if (over) return
        over = true
        ending.delete(started.ended)
        resolve()
        handleEnd(started)
      }
      child.once('exit', end)
      child.once('error', end)
    })
    ending.add(started.ended)
    child.on('message', (answer) => handleAnswer(started, answer as CompilerAnswer))
    return started
  }

  function retire(old: Worker) {
    old.retired = true
    if (worker === old) worker = undefined
    old.child.kill('SIGKILL')
  }

  function setBusy(busy: boolean) {
    // An idle compiler must not keep the program alive.
    if (busy) {
      worker?.child.ref()
      worker?.child.channel?.ref()
    } else {
      worker?.child.unref()
      worker?.child.channel?.unref()
    }
  }

  function advance() {
    if (running || stopped) return
    clearTimeout(idleTimer)
    const job = queue.shift()
    if (!job) {
      setBusy(false)
      idleTimer = setTimeout(() => worker && retire(worker), idleMilliseconds)
      idleTimer.unref()
      return
    }
    running = job
    job.attempts++
    worker ??= startWorker()
    setBusy(true)
    limitTimer = setTimeout(giveUp, timeLimitMilliseconds)
    const { child } = worker
    child.send(job.request, (error) => {
      // The channel closed under us: the end of the process is reported by its own event.
      if (error) child.kill('SIGKILL')
    })
  }

  function finish(): Job | undefined {
    clearTimeout(limitTimer)
    const job = running
    running = undefined
    return job
  }

  function giveUp() {
    const job = finish()
    if (worker) retire(worker)
    job?.reject(new Error(`Typesetting ${job.template} took longer than ${timeLimitMilliseconds} ms`))
    advance()
  }

  function handleAnswer(from: Worker, answer: CompilerAnswer) {
    if (from !== worker || answer.id !== running?.request.id) return
    const job = finish()
    from.documents++
    if (from.documents >= documentsPerProcess || answer.memoryBytes > memoryLimitBytes) retire(from)
    if ('pdf' in answer) job?.resolve(answer.pdf)
    else job?.reject(new Error(`Typesetting ${job.template} failed: ${answer.error}`))
    advance()
  }

  function handleEnd(old: Worker) {
    if (old.retired || old !== worker) return
    worker = undefined
    const job = finish()
    if (job && job.attempts < 2) queue.unshift(job)
    else job?.reject(new Error(`Typesetting ${job.template} failed: the compiler process ended twice`))
    advance()
  }

  return {
    renderPdf(template, data) {
      const mainFile = mainFiles[template] as string | undefined
      if (stopped) return Promise.reject(new Error('The typesetter was stopped'))
      if (queue.length >= queueLimit)
        return Promise.reject(new Error('Too many documents wait to be typeset'))
      if (!mainFile) return Promise.reject(new Error(`Unknown template ${template}`))
      const mainFilePath = join(workspace, template, mainFile)
      if (!existsSync(mainFilePath))
        return Promise.reject(new Error(`Template file ${mainFilePath} is missing`))
      return new Promise<Uint8Array>((resolve, reject) => {
        const request = { id: nextId++, workspace, mainFilePath, inputs: inputsOf(data) }
        queue.push({ template, request, attempts: 0, resolve, reject })
        advance()
      })
    },
    async stop() {
      stopped = true
      clearTimeout(idleTimer)
      const refused = queue.splice(0)
      const job = finish()
      if (job) refused.unshift(job)
      if (worker) {
        setBusy(true)
        retire(worker)
      }
      for (const each of refused) each.reject(new Error('The typesetter was stopped'))
      await Promise.all(ending)
    },
    getProcessId: () => worker?.child.pid,
  }
}

/** The inputs that a template sees: its data and, where there is something to verify, the QR code's modules. */
function inputsOf(data: TemplateData[TemplateName]): Record<string, string> {
  const verification: Verification | null = 'verification' in data ? data.verification : null
  return {
    data: printableJson(data),
    qr: JSON.stringify(verification ? qrRows(verification.url) : []),
  }
}

/** Rows of `0` and `1` without a border; medium error correction survives a photocopier. */
function qrRows(text: string): string[] {
  const { data } = encode(text, { border: 0, ecc: 'M' })
  return data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''))
}
