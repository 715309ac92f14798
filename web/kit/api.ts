import { addressOf, methodOf } from '../../server/kit/contract.ts'
import type { Contract, FileAnswer, OutputOf, SentInputOf } from '../../server/kit/contract.ts'

/** What is left of a value after JSON: time stamps arrive as ISO strings. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T

export interface CallOptions {
  /** Kept over repeated attempts of the same act, so that the server does it once. */
  idempotencyKey?: string
  signal?: AbortSignal
  /** A district officer looks into this school of the district; the answer is the school's, and only reads. */
  school?: string
}

/** One endpoint as the browser sees it. `room` and `endpointName` make the key of its queries. */
export interface ApiCall<Input, Output> {
  (input: Input, options?: CallOptions): Promise<Output>
  readonly room: string
  readonly endpointName: string
}

/** What arrives of an output; endpoints that answer with a file are opened by address, see `fileAddress`. */
type Arriving<Output> = [Output] extends [FileAnswer] ? never : Wire<Output>

export type ApiClient<C extends Contract> = {
  readonly [Name in keyof C]: ApiCall<SentInputOf<C[Name]>, Arriving<OutputOf<C[Name]>>>
}

/**
 * The address of an endpoint that answers with a file: `href={fileAddress(hours.getExport, { termId })}`. On a page
 * whose address says `?school=…` it is a file of that school.
 */
export function fileAddress<Input>(call: ApiCall<Input, never>, input: Input): string {
  const page = typeof location === 'undefined' ? '' : location.search
  const school = new URLSearchParams(page).get('school')
  const address = withInput(addressOf(call.room, call.endpointName), input)
  return school ? `${address}&school=${encodeURIComponent(school)}` : address
}

function withInput(address: string, input: unknown): string {
  return `${address}?input=${encodeURIComponent(JSON.stringify(input ?? {}))}`
}

/**
 * Sends one file to an upload endpoint. `progress` hears shares from 0 to 1; aborting the signal cancels.
 * The field `input` goes before the file, as the server reads it.
 */
export function upload<Input, Output>(
  call: ApiCall<Input, Output>,
  input: Input,
  file: Blob & { name?: string },
  options: { progress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<Output> {
  return uploadTo(call, input, file, options) as Promise<Output>
}

/** As `upload`, to an endpoint known by its name alone: what waited on this device. */
export function uploadTo(
  call: { readonly room: string; readonly endpointName: string },
  input: unknown,
  file: Blob & { name?: string },
  options: { progress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', addressOf(call.room, call.endpointName))
    request.responseType = 'text'
    request.setRequestHeader('Accept', 'application/json')
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) options.progress?.(event.loaded / event.total)
    })
    request.addEventListener('load', () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      if (request.status >= 200 && request.status < 300) return resolve(body)
      if (request.status === 401) whenSignedOut()
      return reject(errorFrom(request.status, body))
    })
    request.addEventListener('error', () =>
      reject(new ApiError('文件没有传上去，请检查网络后再试。', { status: 0, code: 'network' })),
    )
    request.addEventListener('abort', () =>
      reject(new ApiError('已取消上传。', { status: 0, code: 'aborted' })),
    )
    options.signal?.addEventListener('abort', () => request.abort())
    const body = new FormData()
    body.set('input', JSON.stringify(input ?? {}))
    body.set('file', file, file.name ?? 'file')
    request.send(body)
  })
}

/** A call that did not succeed. `message` is a Chinese sentence that may be shown as it is. */
export class ApiError extends Error {
  /** 0 when the server was not reached. */
  readonly status: number
  readonly code: string
  readonly clause: string | undefined
  readonly fields: Record<string, string>
  /** The number under which the server logged a bug. */
  readonly id: string | undefined

  constructor(
    message: string,
    detail: {
      status: number
      code: string
      clause?: string
      fields?: Record<string, string>
      id?: string
    },
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = detail.status
    this.code = detail.code
    this.clause = detail.clause
    this.fields = detail.fields ?? {}
    this.id = detail.id
  }

  /** The server was not reached or was just not able to answer; the same call may succeed later. */
  get isConnection(): boolean {
    return this.status === 0 || (this.code === 'unknown' && [502, 503, 504].includes(this.status))
  }
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError('页面出了问题，没有完成。请再试一次；若仍不行，请告诉管理员。', {
    status: 0,
    code: 'page',
  })
}

let whenSignedOut: () => void = () => {}
/** Says what to do when the server no longer knows the session (401). */
export function onSignedOut(handler: () => void): void {
  whenSignedOut = handler
}

/** A random UUID; `crypto.randomUUID` is missing on plain-http school networks. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const unreachable = '连不上服务器，请检查网络。您填写的内容还在本页，连上后再试一次。'

interface ErrorBody {
  error?: {
    code?: string
    message?: string
    clause?: string
    fields?: Record<string, string>
    id?: string
  }
}

/** Turns the body of an answer that is not 2xx into an error with a sentence. */
export function errorFrom(status: number, body: unknown): ApiError {
  const error = (body as ErrorBody | null)?.error
  const fallback =
    status >= 500
      ? '服务器出了问题，没有完成。请稍后再试。'
      : status === 413
        ? '内容太大，服务器没有接收。'
        : '没有完成。请刷新本页后再试。'
  return new ApiError(error?.message ?? fallback, {
    status,
    code: error?.code ?? 'unknown',
    ...(error?.clause === undefined ? {} : { clause: error.clause }),
    ...(error?.fields === undefined ? {} : { fields: error.fields }),
    ...(error?.id === undefined ? {} : { id: error.id }),
  })
}

async function send(
  room: string,
  endpointName: string,
  input: unknown,
  options: CallOptions,
): Promise<unknown> {
  const address = addressOf(room, endpointName)
  const lookingInto: Record<string, string> =
    options.school === undefined ? {} : { 'X-School': options.school }
  const common: RequestInit = {
    credentials: 'same-origin',
    ...(options.signal ? { signal: options.signal } : {}),
  }
  let response: Response
  try {
    response =
      methodOf(endpointName) === 'GET'
        ? await fetch(withInput(address, input), {
            ...common,
            headers: { Accept: 'application/json', ...lookingInto },
          })
        : await fetch(address, {
            ...common,
            method: 'POST',
            headers: {
              ...lookingInto,
              Accept: 'application/json',
              'Content-Type': 'application/json',
              'Idempotency-Key': options.idempotencyKey ?? randomId(),
            },
            body: JSON.stringify(input ?? {}),
          })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiError(unreachable, { status: 0, code: 'network' })
  }
  const text = await response.text().catch(() => '')
  let body: unknown
  try {
    body = text === '' ? undefined : JSON.parse(text)
  } catch {
    body = undefined
    if (response.ok) {
      throw new ApiError('服务器的回答读不懂，可能被网络拦截。请检查网络后再试。', {
        status: 0,
        code: 'network',
      })
    }
  }
  if (response.ok) return body
  const failure = errorFrom(response.status, body)
  // A wrong password is an answer to the form, not the end of a session.
  if (response.status === 401 && endpointName !== 'signIn') whenSignedOut()
  throw failure
}

/**
 * The typed client of one room: `const access = api<typeof accessApi>('access')`, then `access.getSession({})`.
 * Import the contract with `import type`, so that zod stays on the server.
 */
export function api<C extends Contract>(room: string): ApiClient<C> {
  const calls = new Map<string, unknown>()
  return new Proxy({} as ApiClient<C>, {
    get(_target, name) {
      if (typeof name !== 'string') return undefined
      let call = calls.get(name)
      if (call === undefined) {
        call = Object.assign(
          (input: unknown, options: CallOptions = {}) => send(room, name, input, options),
          { room, endpointName: name },
        )
        calls.set(name, call)
      }
      return call
    },
  })
}
