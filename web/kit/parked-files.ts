import { useEffect, useState } from 'react'
import { asApiError, uploadTo } from './api.ts'
import type { ApiCall } from './api.ts'
import { draftOwner, onDraftOwner } from './autosave.tsx'
import { invalidate } from './queries.ts'
import { notify } from './toast.tsx'

/** A file that was chosen without network and waits on this device until the server has it. */
export interface ParkedFile {
  id: string
  /** The account that chose it: others on this device neither see nor send it. */
  owner: string
  room: string
  endpointName: string
  input: unknown
  /** Names the record: `room/endpoint/input`. */
  record: string
  name: string
  type: string
  bytes: number
  at: number
  /** What the server said against it; it then waits for the person, not for the network. */
  refused: string | null
}

const databaseName = 'xiaoyan'
/** What is known of each, and apart from it what is in it: a list need not carry the contents. */
const [known, contents] = ['parkedFiles', 'parkedContents'] as const

let opened: Promise<IDBDatabase> | undefined
function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1)
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(known, { keyPath: 'id' })
      request.result.createObjectStore(contents)
    })
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
    request.addEventListener('blocked', () => reject(new Error('blocked')))
  }).catch((problem: unknown) => {
    opened = undefined
    throw problem
  })
  return opened
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  work: (known: IDBObjectStore, contents: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const transaction = (await open()).transaction([known, contents], mode)
  const request = work(transaction.objectStore(known), transaction.objectStore(contents))
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve(request.result))
    transaction.addEventListener('abort', () => reject(transaction.error))
    transaction.addEventListener('error', () => reject(transaction.error))
  })
}

type Listener = (event: { record: string; output?: unknown }) => void
const listeners = new Set<Listener>()
function tell(event: Parameters<Listener>[0]): void {
  for (const listener of listeners) listener(event)
}

function recordOf(call: Pick<ApiCall<never, unknown>, 'room' | 'endpointName'>, input: unknown): string {
  return `${call.room}/${call.endpointName}/${JSON.stringify(input)}`
}

async function listOwn(): Promise<ParkedFile[]> {
  const all = await inStore<ParkedFile[]>('readonly', (store) => store.getAll()).catch(() => [])
  return all.filter((one) => one.owner === draftOwner()).sort((a, b) => a.at - b.at)
}

/** Keeps a file on this device to be sent later; false where the device keeps nothing. */
export async function parkFile<Input, Output>(
  call: ApiCall<Input, Output>,
  input: Input,
  file: File,
): Promise<boolean> {
  const record = recordOf(call, input)
  const parked: ParkedFile = {
    id: `${Date.now()}-${Math.random().toString(36).slice(2)}`,
    owner: draftOwner(),
    room: call.room,
    endpointName: call.endpointName,
    input,
    record,
    name: file.name,
    type: file.type,
    bytes: file.size,
    at: Date.now(),
    refused: null,
  }
  try {
    // The bytes themselves: a file that only points into the gallery may be gone tomorrow.
    const bytes = await file.arrayBuffer()
    await inStore('readwrite', (store, inside) => {
      inside.put(bytes, parked.id)
      return store.put(parked)
    })
  } catch {
    return false
  }
  tell({ record })
  later()
  return true
}

/** Throws a waiting file away. */
export async function dropParkedFile(one: ParkedFile): Promise<void> {
  await forget(one).catch(() => undefined)
  tell({ record: one.record })
}

function forget(one: ParkedFile): Promise<undefined> {
  return inStore('readwrite', (store, inside) => {
    inside.delete(one.id)
    return store.delete(one.id)
  })
}

let delivering: Promise<void> | null = null
/**
 * Sends every file of this account that waits; resolves when nothing more can be sent now. What the server refuses
 * stays with its sentence until the person takes it away or tries again.
 */
export function deliverParkedFiles(options: { again?: ParkedFile } = {}): Promise<void> {
  delivering ??= deliver(options.again).finally(() => {
    delivering = null
  })
  return delivering
}

async function deliver(again: ParkedFile | undefined): Promise<void> {
  if (typeof indexedDB === 'undefined') return
  let sent = 0
  for (const one of await listOwn()) {
    if (one.refused !== null && one.id !== again?.id) continue
    try {
      const bytes = await inStore<ArrayBuffer>('readonly', (_, inside) => inside.get(one.id))
      const output = await uploadTo(one, one.input, new File([bytes], one.name, { type: one.type }))
      await forget(one)
      sent++
      pause = 2_000
      tell({ record: one.record, output })
      const { room } = (one.input ?? {}) as { room?: unknown }
      invalidate([one.room, ...(typeof room === 'string' ? [room] : [])])
    } catch (problem) {
      const failure = asApiError(problem)
      if (failure.isConnection || failure.status === 401 || failure.status === 0 || failure.status >= 500) {
        later()
        break
      }
      await inStore('readwrite', (store) => store.put({ ...one, refused: failure.message }))
      tell({ record: one.record })
      notify(`“${one.name}”没有传上去：${failure.message}`, { kind: 'error' })
    }
  }
  if (sent > 0) notify(`断网时选的 ${sent} 个文件已上传。`, { kind: 'success' })
}

let timer: ReturnType<typeof setTimeout> | undefined
let pause = 2_000
/** The network may be back without the device saying so: tried again after some seconds, then each minute. */
function later(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void deliverParkedFiles(), pause)
  pause = Math.min(60_000, pause * 2)
}

/** Sends once it is known who is here, and whenever the network is back. */
export function keepDeliveringFiles(): void {
  if (typeof window === 'undefined') return
  addEventListener('online', () => {
    pause = 2_000
    void deliverParkedFiles()
  })
  onDraftOwner(() => setTimeout(() => void deliverParkedFiles(), 1500))
}

/** The files that wait for one record; `onDelivered` hears of each that arrived. */
export function useParkedFiles<Input, Output>(
  call: ApiCall<Input, Output>,
  input: Input,
  onDelivered: (output: Output) => void,
): ParkedFile[] {
  const record = recordOf(call, input)
  const [files, setFiles] = useState<ParkedFile[]>([])
  useEffect(() => {
    let isOpen = true
    const read = () =>
      void listOwn().then((all) => isOpen && setFiles(all.filter((one) => one.record === record)))
    const listener: Listener = (event) => {
      if (event.record !== record) return
      read()
      if ('output' in event) onDelivered(event.output as Output)
    }
    listeners.add(listener)
    read()
    return () => {
      isOpen = false
      listeners.delete(listener)
    }
  }, [record, onDelivered])
  return files
}
