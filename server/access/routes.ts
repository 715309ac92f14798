import { schoolYearOf, termOf, weekOf } from '../../engine/periods.ts'
import { loadCalendar } from '../calendar/store.ts'
import { dayText, weekdayText } from '../kit/dates.ts'
import { room } from '../kit/serve.ts'
import { demoAccounts } from '../demo/accounts.ts'
import { findOrganisation, listUnits, listUnitsOfPerson } from '../org/store.ts'
import { currentRegimeTitle } from '../regime/store.ts'
import { needsSetup } from '../setup/actions.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import * as accounts from './accounts.ts'
import * as actions from './actions.ts'
import { accessApi, type Session } from './contract.ts'
import { sessionDays } from './rules.ts'
import type { FastifyReply } from 'fastify'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import type { Caller } from '../kit/serve.ts'
import { findAccount, listAccountRows, listWithoutAccount } from './store.ts'

export const accessRoom = room('access', accessApi, {
  async getSession({ tx, services, caller }) {
    const session = caller ? await describeSession(tx, services, caller) : null
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
  async listAccounts({ tx }) {
    const rows = await listAccountRows(tx)
    const reasonFor = await accounts.touchReasons(tx, tx.actor)
    return {
      accounts: rows.map(({ mustChangePassword, lockedUntil, disabledAt, ...row }) => ({
        ...row,
        state: disabledAt
          ? ('disabled' as const)
          : lockedUntil && lockedUntil > tx.now
            ? ('locked' as const)
            : mustChangePassword
              ? ('unused' as const)
              : ('active' as const),
        abilities: {
          reset: disabledAt ? '账号已停用，请先恢复。' : reasonFor(row.personId),
          disable: row.accountId === tx.actor.accountId ? '不能停用自己的账号。' : reasonFor(row.personId),
        },
      })),
      without: await listWithoutAccount(tx),
      abilities: { open: can.manageAccounts(tx.actor) },
    }
  },
  openAccounts({ tx, input }) {
    return accounts.openAccounts(tx, input)
  },
  async resetPasswords({ tx, input }) {
    return { slips: await accounts.resetPasswords(tx, input.accountIds) }
  },
  async disableAccount({ tx, input }) {
    await accounts.setAccountDisabled(tx, { ...input, isDisabled: true })
    return {}
  },
  async enableAccount({ tx, input }) {
    await accounts.setAccountDisabled(tx, { ...input, isDisabled: false })
    return {}
  },
  async exportSlips({ tx, input }) {
    const organisation = await findOrganisation(tx)
    const column = (title: string, width: number) => ({ title, width, kind: 'text' as const })
    return {
      name: `${organisation?.name ?? ''}账号通知单.xlsx`,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      body: await writeSpreadsheet({
        sheets: [
          {
            name: '账号',
            columns: [column('姓名', 14), column('工号', 14), column('登录名', 20), column('初始密码', 18)],
            rows: input.slips.map((slip) => [slip.name, slip.staffNumber, slip.loginName, slip.password]),
          },
        ],
      }),
    }
  },
})

export function setSessionCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.header(
    'set-cookie',
    `${actions.sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${sessionDays * 86_400}${secure ? '; Secure' : ''}`,
  )
}

/** Everything that the pages show of whoever is signed in. */
async function describeSession(tx: Tx, services: Services, caller: Caller): Promise<Session> {
  const { actor } = caller
  const organisation = await findOrganisation(tx)
  const account = await findAccount(tx, actor.accountId ?? '')
  const calendar = await loadCalendar(tx)
  const units = actor.personId ? await listUnitsOfPerson(tx, actor.personId, tx.today) : []
  const all = actor.leads.length > 0 ? await listUnits(tx, tx.today) : []
  const year = schoolYearOf(calendar, tx.today)
  const term = termOf(calendar, tx.today)
  const week = weekOf(calendar, tx.today)
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
    todayLabel: `${dayText(tx.today)} ${weekdayText(tx.today)} · ${week?.label ?? '假期'}`,
    schoolYearId: year?.id ?? null,
    termId: term?.id ?? null,
    demo: services.demo,
  }
}
