import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  addressOf,
  type Contract,
  type Endpoint,
  type FileAnswer,
  type InputOf,
  methodOf,
  type OutputOf,
} from './contract.ts'
import { Refusal } from './errors.ts'
import { passesGate } from './gate.ts'
import type { Services } from './services.ts'
import { type Actor, sql, type Tx } from './sql.ts'
import { z } from 'zod'

/** Who asks, as the session says; found by the access room. */
export interface Caller {
  orgId: string
  actor: Actor
  mustChangePassword: boolean
}

/** One uploaded file, already on disk under its content hash. */
export interface UploadedFile {
  name: string
  mediaType: string
  sizeBytes: number
  sha256: string
  path: string
}

export interface HandlerContext<Input> {
  input: Input
  services: Services
  request: FastifyRequest
  reply: FastifyReply
  caller: Caller | null
  /** The one transaction of the request; only with a session. */
  tx: Tx
  file: UploadedFile
}

export type Handlers<C extends Contract> = {
  [Name in keyof C]: (context: HandlerContext<InputOf<C[Name]>>) => Promise<OutputOf<C[Name]>>
}

export interface Room {
  name: string
  contract: Contract
  handlers: Record<string, (context: HandlerContext<never>) => Promise<unknown>>
}

/** Binds a contract to its handlers under the room's name; the types make sure that none is missing. */
export function room<C extends Contract>(name: string, contract: C, handlers: Handlers<C>): Room {
  return { name, contract, handlers }
}

export interface ServeOptions {
  services: Services
  /** Who asks. Files are opened by their address alone, which then also names the school that is looked into. */
  findCaller(request: FastifyRequest, options: { byAddress: boolean }): Promise<Caller | null>
  receiveFile(request: FastifyRequest, endpoint: Endpoint): Promise<{ input: unknown; file: UploadedFile }>
}

/** Mounts every endpoint of the rooms: gate, input, the one transaction, the handler, the answer. */
export function serve(app: FastifyInstance, rooms: Room[], options: ServeOptions): void {
  for (const { name, contract, handlers } of rooms) {
    for (const [endpointName, endpoint] of Object.entries(contract)) {
      const handler = handlers[endpointName]
      if (!handler) throw new Error(`no handler for ${name}.${endpointName}`)
      app.route({
        method: methodOf(endpointName),
        url: addressOf(name, endpointName),
        handler: (request, reply) =>
          answer({ room: name, endpointName, endpoint, handler, request, reply, options }),
      })
    }
  }
}

interface Call {
  room: string
  endpointName: string
  endpoint: Endpoint
  handler: (context: HandlerContext<never>) => Promise<unknown>
  request: FastifyRequest
  reply: FastifyReply
  options: ServeOptions
}

async function answer(call: Call): Promise<unknown> {
  const { endpoint, request, reply, options } = call
  const caller = await options.findCaller(request, { byAddress: endpoint.kind === 'file' })
  if (endpoint.gate !== 'anyone') {
    if (!caller) throw new Refusal('请先登录。', { status: 401, code: 'signInFirst' })
    if (caller.mustChangePassword && endpoint.gate !== 'signedIn') {
      throw new Refusal('首次登录请先修改密码。', { status: 403, code: 'changePasswordFirst' })
    }
    if (!passesGate(endpoint.gate, caller.actor.roles)) {
      throw new Refusal('您的岗位没有这项权限。如有需要，请联系学校管理员。', {
        status: 403,
        code: 'forbidden',
      })
    }
  }
  const received = endpoint.kind === 'upload' ? await options.receiveFile(request, endpoint) : undefined
  const input = parseInput(
    endpoint,
    received ? received.input : methodOf(call.endpointName) === 'GET' ? queryInput(request) : request.body,
  )
  const context = {
    input,
    services: options.services,
    request,
    reply,
    caller,
    file: received?.file,
  } as HandlerContext<unknown>
  if (!caller) return send(call, await run(call, context))

  const key = request.headers['idempotency-key']
  const once =
    typeof key === 'string' &&
    methodOf(call.endpointName) === 'POST' &&
    endpoint.kind === 'json' &&
    endpoint.keepsAnswer !== false &&
    // Keeping the answer is a write; the district that looks into a school only reads.
    caller.actor.districtId === null
  return send(
    call,
    once ? await runOnce(call, context, caller, key) : await runInTransaction(call, context, caller),
  )
}

function run(call: Call, context: HandlerContext<unknown>): Promise<unknown> {
  return call.handler(context as HandlerContext<never>)
}

async function runInTransaction(
  call: Call,
  context: HandlerContext<unknown>,
  caller: Caller,
): Promise<unknown> {
  const reads = methodOf(call.endpointName) === 'GET' && call.endpoint.kind === 'json'
  const looksIn = caller.actor.districtId !== null
  try {
    return await call.options.services.inOrganisation(
      caller.orgId,
      caller.actor,
      (tx) => run(call, { ...context, tx }),
      { readOnly: reads || looksIn, commitsEarly: true },
    )
  } catch (error) {
    if ((error as { code?: string }).code !== readOnlyTransaction) throw error
    if (looksIn && !reads)
      throw new Refusal('区里查看学校时只能看，不能改动学校的记录。', { status: 403, code: 'forbidden' })
    // Our own doing and not a full disk: an endpoint that reads has tried to write.
    if (reads) throw new Error(`${call.room}.${call.endpointName} writes`, { cause: error })
    throw error
  }
}

/**
 * The same request sent twice (a phone that lost the answer) acts once: the answer is kept with the request's key,
 * in the same transaction as the act.
 */
async function runOnce(
  call: Call,
  context: HandlerContext<unknown>,
  caller: Caller,
  key: string,
): Promise<unknown> {
  if (!/^[\w-]{8,80}$/.test(key))
    throw new Refusal('请求编号不正确，请刷新页面后再试。', { status: 400, code: 'badKey' })
  const endpointPath = `${call.room}.${call.endpointName}`
  const inputHash = createHash('sha256')
    .update(JSON.stringify(context.input ?? null))
    .digest('hex')
  const act = () =>
    call.options.services.inOrganisation(caller.orgId, caller.actor, async (tx) => {
      const earlier = await tx.maybe<{ endpoint: string; inputHash: string; answer: unknown }>(sql`
        SELECT endpoint, input_hash, answer FROM request_answers
        WHERE org_id = ${tx.orgId} AND account_id = ${caller.actor.accountId} AND idempotency_key = ${key}`)
      if (earlier) {
        if (earlier.endpoint !== endpointPath || earlier.inputHash !== inputHash) {
          throw new Refusal('这个请求编号已用于另一项操作，请刷新页面后再试。', {
            status: 409,
            code: 'keyReused',
          })
        }
        return earlier.answer
      }
      const result = (await run(call, { ...context, tx })) ?? {}
      await tx.run(sql`
        INSERT INTO request_answers (org_id, account_id, idempotency_key, endpoint, input_hash, answer, at)
        VALUES (${tx.orgId}, ${caller.actor.accountId}, ${key}, ${endpointPath}, ${inputHash}, ${JSON.stringify(result)}, ${tx.now})`)
      return result
    })
  try {
    return await act()
  } catch (error) {
    // Both copies ran at once and the other committed first: its answer is there now.
    if ((error as { constraint?: string }).constraint === 'request_answers_pkey') return act()
    // Or this copy waited for a lock of the other and then was refused as done already.
    if (error instanceof Refusal && error.status !== 404) {
      const earlier = await call.options.services.inOrganisation(
        caller.orgId,
        caller.actor,
        (tx) =>
          tx.maybe<{ answer: unknown }>(sql`
            SELECT answer FROM request_answers
            WHERE org_id = ${tx.orgId} AND account_id = ${caller.actor.accountId} AND idempotency_key = ${key}
              AND endpoint = ${endpointPath} AND input_hash = ${inputHash}`),
        { readOnly: true },
      )
      if (earlier) return earlier.answer
    }
    throw error
  }
}

async function send(call: Call, result: unknown): Promise<unknown> {
  if (call.endpoint.kind !== 'file') return result ?? {}
  const { name, mediaType, inline, ...answer } = result as FileAnswer
  const body = typeof answer.body === 'function' ? await answer.body() : answer.body
  return call.reply
    .header('content-type', mediaType)
    .header(
      'content-disposition',
      `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
    )
    .send(body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : body)
}

function queryInput(request: FastifyRequest): unknown {
  const text = (request.query as Record<string, string>).input
  if (text === undefined) return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('网址中的查询条件不完整，请从菜单重新进入。', { status: 400, code: 'badInput' })
  }
}

/** Checks the input against the contract; the answer names each field in Chinese. */
function parseInput(endpoint: Endpoint, raw: unknown): unknown {
  const parsed = endpoint.input.safeParse(raw ?? {})
  if (parsed.success) return parsed.data
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues) fields[issue.path.join('.') || 'input'] ??= issue.message
  const first = Object.values(fields)[0]
  throw new Refusal(`填写有误：${first}`, { status: 400, code: 'badInput', fields })
}

/** SQLSTATE of a write where only reading is allowed; the database's own state when its disk is nearly full. */
const readOnlyTransaction = '25006'
/** The database is away for moments: it stops, starts, recovers, or the connection broke. */
function isDatabaseAway(error: Error & { code?: string; syscall?: string }): boolean {
  return (
    /^(57P0[123]|08\d\d\d|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(error.code ?? '') ||
    (error.code === 'ENOENT' && error.syscall === 'connect') ||
    /^(Connection terminated|Client has encountered a connection error)/.test(error.message)
  )
}

// Messages of zod in Chinese, for every schema of the program.
z.config(z.locales.zhCN())

/**
 * Refusals become their sentence, bugs become 500 with an id that stands in the log as well. `pages` is the file that
 * shows every address of the application.
 */
export function answerErrors(app: FastifyInstance, pages?: string): void {
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    if (error instanceof Refusal) {
      return reply.status(error.status).send({
        error: { code: error.code, message: error.message, clause: error.clause, fields: error.fields },
      })
    }
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      return reply
        .status(413)
        .send({ error: { code: 'tooLarge', message: '内容太大，无法提交。请压缩或分开提交。' } })
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply
        .status(error.statusCode)
        .send({ error: { code: 'badRequest', message: '请求的格式不正确，请刷新页面后再试。' } })
    }
    if (error.message.startsWith('timeout exceeded when trying to connect')) {
      request.log.error(error)
      return reply.status(503).send({
        error: { code: 'busy', message: '现在同时操作的人太多，本次没有保存。请过几秒再试。' },
      })
    }
    if (isDatabaseAway(error)) {
      request.log.error(error)
      return reply.status(503).send({
        error: {
          code: 'databaseAway',
          message: '数据库刚刚中断，正在自动恢复，本次操作可能没有保存。请过几秒再试。',
        },
      })
    }
    if (
      /^53(100|200|300)$/.test(error.code ?? '') ||
      error.code === readOnlyTransaction ||
      error.code === 'ENOSPC'
    ) {
      request.log.error(error)
      return reply.status(503).send({
        error: {
          code: 'diskFull',
          message: '服务器磁盘空间不足，本次内容没有保存。请通知管理员清理后重试。',
        },
      })
    }
    const id = randomUUID().slice(0, 8)
    request.log.error({ err: error, id }, 'unexpected error')
    return reply.status(500).send({
      error: {
        code: 'bug',
        message: `系统出了点问题，本次操作没有保存。请稍后再试；若仍不行，请把编号 ${id} 告诉管理员。`,
      },
    })
  })
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/')) {
      return reply.status(404).send({ error: { code: 'noSuchAddress', message: '没有这个地址。' } })
    }
    // Every other address is a page of the application, which shows its own "not found"; a missing file is missing.
    const isPage = request.method === 'GET' && !request.url.startsWith('/assets/')
    if (isPage && pages) return reply.header('cache-control', 'no-cache').sendFile(pages)
    return reply.status(404).type('text/plain; charset=utf-8').send('没有这个页面。')
  })
}
