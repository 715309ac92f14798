import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import multipart from '@fastify/multipart'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { findCaller } from './access/actions.ts'
import { registerGuestPage } from './activity/guest-page.ts'
import { registerSignInPage } from './activity/sign-in-page.ts'
import { registerFeed } from './calendar/feed.ts'
import { Refusal } from './kit/errors.ts'
import { answerErrors, type Room, serve } from './kit/serve.ts'
import type { Services } from './kit/services.ts'
import { receiveFile } from './files/receive.ts'
import { rooms as allRooms } from './rooms.ts'

const webFolder = fileURLToPath(new URL('../dist/web', import.meta.url))

/** Composes the program: safety headers, rooms, pages. No logic of its own. */
export async function createApp(
  services: Services,
  options: { log?: boolean; rooms?: Room[] } = {},
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: options.log ? { level: 'warn' } : false,
    bodyLimit: 2 * 1024 * 1024,
    trustProxy: 'loopback',
    forceCloseConnections: true,
  })
  await app.register(multipart)
  const hasPages = existsSync(webFolder)
  answerErrors(app, hasPages ? 'index.html' : undefined)
  guardHeaders(app)
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    try {
      await services.pool.query('SELECT 1')
      return { status: 'ready' }
    } catch {
      return reply.status(503).send({ status: 'database unreachable' })
    }
  })
  serve(app, options.rooms ?? allRooms, {
    services,
    findCaller: (request, { byAddress }) => findCaller(services, request, { byAddress }),
    receiveFile: (request, endpoint) => receiveFile(services, request, endpoint),
  })
  registerSignInPage(app, services)
  registerGuestPage(app, services)
  registerFeed(app, services)
  if (hasPages) await servePages(app)
  return app
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Safety headers on every answer; requests that change something must come from our own pages. */
function guardHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (safeMethods.has(request.method)) return
    const site = request.headers['sec-fetch-site']
    const origin = request.headers.origin
    const foreign =
      site !== undefined
        ? site !== 'same-origin' && site !== 'none'
        : origin !== undefined && new URL(origin).host !== request.headers.host
    if (foreign)
      throw new Refusal('这项操作不是从本系统的页面发出的，已拒绝。', { status: 403, code: 'crossSite' })
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('x-frame-options', 'DENY')
    reply.header('referrer-policy', 'same-origin')
    reply.header('permissions-policy', 'camera=(self), microphone=(), geolocation=()')
    reply.header(
      'content-security-policy',
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000')
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}

async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: webFolder,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
}
