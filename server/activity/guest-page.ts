import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../kit/errors.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { isUuid } from '../kit/sql.ts'
import { findOrganisation } from '../org/store.ts'
import { signGuest } from './participation-actions.ts'
import { announceArrival } from './running.ts'

const form = z.object({
  number: z
    .string()
    .trim()
    .regex(/^\d{6}$/),
  name: z.string().trim().max(30),
  school: z.string().trim().max(60),
})

/**
 * The page on which people of other schools sign in without an account: `/g/<school>`. The six digits from the screen
 * prove that they are there; they are listed as guests and leave no facts.
 */
export function registerGuestPage(app: FastifyInstance, services: Services): void {
  const page = readFileSync(new URL('page/guest.html', import.meta.url))
  const script = readFileSync(new URL('page/guest.js', import.meta.url))
  app.get('/g/guest.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
  app.get<{ Params: { school: string } }>('/g/:school', (_, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page),
  )
  app.post<{ Params: { school: string } }>('/api/guest/:school', (request) =>
    sign(request, request.params.school),
  )

  async function sign(request: FastifyRequest, school: string): Promise<{ theme: string; isNew: boolean }> {
    const parsed = form.safeParse(request.body)
    if (!parsed.success)
      throw new Refusal('请填写大屏幕上的 6 位数字、姓名和学校。', { status: 400, code: 'badInput' })
    if (!isUuid(school))
      throw new Refusal('这个登记地址不完整，请重新扫大屏幕上的“来宾”码。', { status: 404 })
    const result = await services.inOrganisation(school, systemActor('guest'), async (tx) => {
      const organisation = await findOrganisation(tx)
      if (!organisation) throw new Refusal('没有这所学校，请重新扫大屏幕上的“来宾”码。', { status: 404 })
      return signGuest(tx, services.secret, { ...parsed.data, from: `guest ${request.ip}` })
    })
    announceArrival(
      result.activityId,
      () => services.hub.tell(school, { rooms: ['activityLive', 'participation'], id: result.activityId }),
      services.hub.listeners,
    )
    return { theme: result.theme, isNew: result.isNew }
  }
}
