import { refuse } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { listPeople } from '../org/store.ts'
import { can } from './access.ts'
import * as mail from './mail.ts'
import { type DeliveryLine, messageApi, type ReminderLine } from './message-contract.ts'
import * as store from './message-store.ts'
import * as messages from './messages.ts'
import { listReceivedLines } from './routes.ts'
import { countUnread } from './store.ts'

const lineOf = (row: store.ReminderRow): ReminderLine => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  mark: row.mark,
  title: row.title,
  detail: row.detail,
  action: { label: row.label, place: row.place },
  toldAt: row.toldAt,
  isUnread: row.readAt === null,
})

const mostDeliveries = 100

export const messageRoom = room('message', messageApi, {
  async listMessages({ tx }) {
    const { open, ended } = await messages.listMine(tx)
    const { personId, districtId } = tx.actor
    return {
      notices: await listReceivedLines(tx, { limit: 30 }),
      reminders: open.map(lineOf),
      ended: ended.map((row) => ({ id: row.id, title: row.title, endedAt: row.endedAt ?? tx.now })),
      digest: personId && districtId === null ? ((await store.findLastDigest(tx, personId)) ?? null) : null,
      abilities: { write: can.write(tx.actor) },
    }
  },
  async getUnreadCount({ tx }) {
    const { personId, districtId } = tx.actor
    if (!personId || districtId !== null) return { notices: 0, reminders: 0 }
    return {
      notices: await countUnread(tx, personId),
      reminders: await store.countUnreadReminders(tx, personId),
    }
  },
  async readReminders({ tx, input }) {
    await messages.readReminders(tx, input.ids)
    return {}
  },
  async getPreferences({ tx, services }) {
    const own = tx.actor.personId
      ? await store.findPreferences(tx, tx.actor.personId)
      : store.usualPreferences('')
    const settings = await store.findSettings(tx)
    const hidden = tx.actor.districtId !== null
    return {
      digestOn: own.digestOn,
      digestTime: own.digestTime,
      email: hidden ? null : own.email,
      emailOn: own.emailOn,
      emailProblem: own.emailProblem,
      pendingEmail: hidden || own.codeUntil === null || own.codeUntil < tx.now ? null : own.pendingEmail,
      quiet: { from: settings.quietFrom, to: settings.quietTo },
      mailClosed: mail.whyNoMail(services, await store.findMail(tx)),
    }
  },
  async savePreferences({ tx, input }) {
    await messages.savePreferences(tx, input)
    return {}
  },
  async requestEmail({ tx, services, input }) {
    await mail.requestEmail(tx, services, input)
    return {}
  },
  async confirmEmail({ tx, services, input }) {
    const answer = await mail.confirmEmail(tx, services, input)
    // The wrong code is counted, so this must not be taken back by a refusal.
    return answer
  },
  async removeEmail({ tx }) {
    await mail.removeEmail(tx)
    return {}
  },
  async getMessageSettings({ tx, services }) {
    const settings = await store.findSettings(tx)
    const row = await store.findMail(tx)
    const people = await listPeople(tx, tx.today)
    const withEmail = new Set(
      (await store.listPreferences(tx)).flatMap((one) => (one.email === null ? [] : one.personId)),
    )
    const manage = can.manageMail(tx.actor)
    return {
      quietFrom: settings.quietFrom,
      quietTo: settings.quietTo,
      repeatDays: settings.repeatDays,
      mail: row
        ? {
            isOn: row.isOn,
            host: row.host,
            port: row.port,
            security: row.security,
            trustsOwnCertificate: row.trustsOwnCertificate,
            userName: row.userName,
            hasPassword: row.passwordSealed !== null,
            senderName: row.senderName,
            senderAddress: row.senderAddress,
            version: row.version,
          }
        : null,
      mailClosed: mail.whyNoMail(services, row),
      deliveries:
        manage === null
          ? (await store.listEmails(tx, mostDeliveries)).map(
              (one): DeliveryLine => ({
                id: one.id,
                personName: one.personName,
                kind: one.kind,
                subject: one.subject,
                address: one.address,
                status: one.status,
                attempts: one.attempts,
                createdAt: one.createdAt,
                nextAt: one.nextAt,
                deliveredAt: one.deliveredAt,
                reason: one.reason,
              }),
            )
          : [],
      failed: await store.countFailed(tx),
      people: { all: people.length, withEmail: people.filter((person) => withEmail.has(person.id)).length },
      abilities: { manage },
    }
  },
  async saveMessageSettings({ tx, input }) {
    await messages.saveMessageSettings(tx, input)
    return {}
  },
  async saveMailSettings({ tx, services, input }) {
    if (/[\r\n]/.test(input.password ?? ''))
      refuse('密码里不能有换行。', { fields: { password: '请重新填写' } })
    await mail.saveMailSettings(tx, services, input)
    return {}
  },
  sendTestMail({ tx, services, input }) {
    return mail.sendTestMail(tx, services, input)
  },
  async retryDelivery({ tx, services, input }) {
    await mail.retryDelivery(tx, services, input)
    return {}
  },
})
