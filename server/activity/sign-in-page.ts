import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../kit/services.ts'
import { isFresh, readToken, receiptFor, receiptMilliseconds } from './codes.ts'

const cookieName = 'xiaoyan_scan'

/** The proof that this browser opened the page while its code was fresh. */
export function receiptCookie(request: FastifyRequest): string | undefined {
  const match = /(?:^|;\s*)xiaoyan_scan=([\w.-]{40,120})/.exec(request.headers.cookie ?? '')
  return match?.[1]
}

function load(name: string, mediaType: string) {
  const body = readFileSync(new URL(`page/${name}`, import.meta.url))
  return { body, mediaType, tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"` }
}

/**
 * The page behind the code on the screen, for phones: `/s/<code>`, one small HTML file and its script, without the
 * application around them. A small worker keeps both for halls without network. Opening it with a fresh code leaves a
 * receipt, so that typing a password does not outlive the code.
 */
export function registerSignInPage(app: FastifyInstance, services: Services): void {
  const page = load('sign-in.html', 'text/html; charset=utf-8')
  const script = load('sign-in.js', 'text/javascript; charset=utf-8')
  const worker = load('worker.js', 'text/javascript; charset=utf-8')
  const answer = (request: FastifyRequest, reply: FastifyReply, file: ReturnType<typeof load>) => {
    void reply.header('etag', file.tag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === file.tag) return reply.status(304).send()
    return reply.type(file.mediaType).send(file.body)
  }
  app.get('/s/sign-in.js', (request, reply) => answer(request, reply, script))
  app.get('/s/worker.js', (request, reply) => answer(request, reply, worker))
  // The same page without a code: kept by the worker, and the place to enter the number.
  app.get('/s/', (request, reply) => answer(request, reply, page))
  app.get('/s', (_, reply) => reply.redirect('/s/'))
  app.get<{ Params: { token: string } }>('/s/:token', (request, reply) => {
    const { token } = request.params
    const now = services.clock.now()
    const code = readToken(services.secret, token)
    if (code && isFresh(code.window, now)) {
      const secure = request.protocol === 'https' ? '; Secure' : ''
      const seconds = receiptMilliseconds / 1000
      void reply.header(
        'set-cookie',
        `${cookieName}=${receiptFor(services.secret, token, now)}; Path=/api/attendance; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`,
      )
    }
    return answer(request, reply, page)
  })
}
