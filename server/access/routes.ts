import { schoolYearOf, termOf, weekOf } from '../../engine/periods.ts'
import { loadCalendar } from '../calendar/store.ts'
import { dayText } from '../kit/dates.ts'
import { room } from '../kit/serve.ts'
import { demoAccounts } from '../demo/accounts.ts'
import { findOrganisation, listUnits, listUnitsOfPerson } from '../org/store.ts'
import { currentRegimeTitle } from '../regime/store.ts'
import { needsSetup } from '../setup/actions.ts'
import * as actions from './actions.ts'
import { accessApi, type Session } from './contract.ts'
import { sessionDays } from './rules.ts'
import type { FastifyReply } from 'fastify'
import type { Services } from '../kit/services.ts'
import type { Caller } from '../kit/serve.ts'
import { findAccount } from './store.ts'

const weekdays = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

export const accessRoom = room('access', accessApi, {
  async getSession({ services, caller }) {
    const session = caller ? await describeSession(services, caller) : null
    return { session, needsSetup: session ? false : await needsSetup(services), demo: services.demo }
  },
  async signIn({ services, input, request, reply }) {
    const { token, mustChangePassword } = await actions.signIn(services, {
      ...input,
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    })
    setSessionCookie(reply, token, request.protocol === 'https')
    return { mustChangePassword }
  },
  async signOut({ services, request, reply }) {
    await actions.signOut(services, request)
    reply.header('set-cookie', `${actions.sessionCookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`)
    return {}
  },
  async changePassword({ tx, input, request }) {
    await actions.changePassword(tx, { ...input, token: actions.tokenOf(request) })
    return {}
  },
  async listDemoAccounts({ services }) {
    return services.demo ? demoAccounts(services) : []
  },
})

export function setSessionCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.header(
    'set-cookie',
    `${actions.sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${sessionDays * 86_400}${secure ? '; Secure' : ''}`,
  )
}

/** Everything that the pages show of whoever is signed in. */
async function describeSession(services: Services, caller: Caller): Promise<Session> {
  const { actor } = caller
  return services.inOrganisation(
    caller.orgId,
    actor,
    async (tx) => {
      const organisation = await findOrganisation(tx)
      const account = await findAccount(tx, actor.accountId ?? '')
      const calendar = await loadCalendar(tx)
      const units = actor.personId ? await listUnitsOfPerson(tx, actor.personId, tx.today) : []
      const all = actor.leads.length > 0 ? await listUnits(tx, tx.today) : []
      const year = schoolYearOf(calendar, tx.today)
      const term = termOf(calendar, tx.today)
      const week = weekOf(calendar, tx.today)
      const weekday = weekdays[new Date(`${tx.today}T00:00:00Z`).getUTCDay()]
      return {
        person: { id: actor.personId, name: actor.name },
        account: {
          id: actor.accountId ?? '',
          loginName: account?.loginName ?? '',
          mustChangePassword: caller.mustChangePassword,
        },
        organisation: {
          id: caller.orgId,
          name: organisation?.name ?? '',
          kind: organisation?.kind ?? 'school',
          regimeTitle: await currentRegimeTitle(tx),
        },
        roles: [...actor.roles],
        leads: actor.leads.map((lead) => ({
          unitId: lead.unitId,
          name: all.find((unit) => unit.id === lead.unitId)?.name ?? '',
        })),
        units: units.map((unit) => ({ unitId: unit.id, name: unit.name, kind: unit.kind })),
        today: tx.today,
        todayLabel: `${dayText(tx.today)} ${weekday} · ${week?.label ?? '假期'}`,
        schoolYearId: year?.id ?? null,
        termId: term?.id ?? null,
        demo: services.demo,
      }
    },
    { readOnly: true },
  )
}
