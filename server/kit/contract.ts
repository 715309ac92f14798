import type { z } from 'zod'
import type { Gate } from './gate.ts'

/**
 * An endpoint as plain data. Its address follows from where it stands: endpoint `closeActivity` of room `activity`
 * answers at `/api/activity/closeActivity`; names that begin with `list`, `get` or `find` are read with GET
 * (input as JSON in `?input=`), all others change something and are sent with POST (input as JSON body).
 */
export interface Endpoint<Input extends z.ZodType = z.ZodType, Output = unknown> {
  input: Input
  /** `json`: JSON both ways; `file`: answers with a file to save; `upload`: multipart with one file (field `file`) and `input`. */
  kind: 'json' | 'file' | 'upload'
  /** The coarse gate, checked before the input is even read; the room's `access.ts` decides the rest. */
  gate: Gate
  /** `any`: what the uploaded file is, the room finds out itself (a CSV file has no signature). */
  content?: 'any'
  /** `false`: the answer holds a secret and is not kept for repeated requests. */
  keepsAnswer?: false
  /** Carries the type only. */
  readonly output?: Output
}

export type Contract = Record<string, Endpoint>

/** Declares an endpoint: `endpoint('signedIn', z.object({…}))<Output>()`. */
export function endpoint<Input extends z.ZodType>(
  gate: Gate,
  input: Input,
  options: { keepsAnswer?: false } = {},
) {
  return <Output>(): Endpoint<Input, Output> => ({ gate, input, kind: 'json', ...options })
}

type FileBody = Uint8Array | NodeJS.ReadableStream

/** A file that is made or read on request. */
export interface FileAnswer {
  name: string
  mediaType: string
  /**
   * Bytes or a stream; or a function that makes them, called once the transaction is committed. Whatever takes long
   * (typesetting) belongs into the function, so that no transaction waits for it.
   */
  body: FileBody | (() => Promise<FileBody>)
  /** Show in the browser instead of saving. */
  inline?: boolean
}

/** Declares an endpoint that answers with a file; its name begins with `get`. */
export function fileEndpoint<Input extends z.ZodType>(gate: Gate, input: Input): Endpoint<Input, FileAnswer> {
  return { gate, input, kind: 'file' }
}

/** Declares an endpoint that takes one uploaded file beside its input. */
export function uploadEndpoint<Input extends z.ZodType>(
  gate: Gate,
  input: Input,
  options: { content?: 'any' } = {},
) {
  return <Output>(): Endpoint<Input, Output> => ({ gate, input, kind: 'upload', ...options })
}

export type InputOf<E> = E extends Endpoint<infer Input> ? z.output<Input> : never
export type SentInputOf<E> = E extends Endpoint<infer Input> ? z.input<Input> : never
export type OutputOf<E> = E extends Endpoint<z.ZodType, infer Output> ? Output : never

/** What the browser sees of a contract: one function per endpoint. */
export type Client<C extends Contract> = {
  [Name in keyof C]: (input: SentInputOf<C[Name]>) => Promise<OutputOf<C[Name]>>
}

export function methodOf(endpointName: string): 'GET' | 'POST' {
  return /^(list|get|find)(?![a-z])/.test(endpointName) ? 'GET' : 'POST'
}

export function addressOf(room: string, endpointName: string): string {
  return `/api/${room}/${endpointName}`
}
