import { z } from 'zod'
import type { FindingState } from '../../engine/types.ts'
import type { Place } from '../home/contract.ts'
import { endpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'
import type { NoticeLine } from './contract.ts'
import {
  type DeliveryKind,
  type DeliveryStatus,
  type ReminderKind,
  type Security,
  securityLabels,
} from './words.ts'

export interface ReminderLine {
  id: string
  kind: ReminderKind
  state: FindingState
  mark: string
  title: string
  detail: string
  action: { label: string; place: Place }
  toldAt: Date
  isUnread: boolean
}

export interface Preferences {
  digestOn: boolean
  digestTime: string
  email: string | null
  emailOn: boolean
  emailProblem: string
  /** An address for which a code is on its way. */
  pendingEmail: string | null
  quiet: { from: string; to: string }
  /** Why no e-mail can be had. */
  mailClosed: string | null
}

export interface MailSettings {
  isOn: boolean
  host: string
  port: number
  security: Security
  trustsOwnCertificate: boolean
  userName: string
  hasPassword: boolean
  senderName: string
  senderAddress: string
  version: number
}

export interface DeliveryLine {
  id: string
  personName: string
  kind: DeliveryKind
  subject: string
  address: string
  status: DeliveryStatus
  attempts: number
  createdAt: Date
  nextAt: Date
  deliveredAt: Date | null
  reason: string
}

const oneLine = /^[^\p{Cc}\u2028\u2029<>"]*$/u
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 07:10 的样子')
/** One plain address without a name; nothing that could begin another line of the letter's head. */
export const address = z
  .string()
  .trim()
  .max(120, '邮箱地址太长')
  .regex(/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/, '邮箱地址应写成 name@school.cn 的样子')

export const messageApi = {
  /** Everything for me: unread notices, what is due, the last digest. */
  listMessages: endpoint('member', z.object({}))<{
    notices: NoticeLine[]
    reminders: ReminderLine[]
    /** Done or gone in the last days. */
    ended: { id: string; title: string; endedAt: Date }[]
    digest: { body: string; at: Date } | null
    abilities: { write: string | null }
  }>(),
  /** For the badge. */
  getUnreadCount: endpoint('member', z.object({}))<{ notices: number; reminders: number }>(),
  /** Marks reminders as read; without ids all of them. */
  readReminders: endpoint('member', z.object({ ids: z.array(z.string().max(120)).max(500).optional() }))<
    Record<string, never>
  >(),
  getPreferences: endpoint('member', z.object({}))<Preferences>(),
  savePreferences: endpoint(
    'member',
    z.object({ digestOn: z.boolean(), digestTime: time, emailOn: z.boolean() }),
  )<Record<string, never>>(),
  /** Sends a code to the address; it is used once the code has come back. */
  requestEmail: endpoint('member', z.object({ email: address }))<Record<string, never>>(),
  /** A wrong code is counted and answered, not refused. */
  confirmEmail: endpoint('member', z.object({ code: z.string().trim().max(12) }))<{
    isRight: boolean
    left: number
  }>(),
  removeEmail: endpoint('member', z.object({}))<Record<string, never>>(),

  getMessageSettings: endpoint('administrator', z.object({}))<{
    quietFrom: string
    quietTo: string
    repeatDays: number
    mail: MailSettings | null
    mailClosed: string | null
    deliveries: DeliveryLine[]
    failed: number
    people: { all: number; withEmail: number }
    abilities: { manage: string | null }
  }>(),
  saveMessageSettings: endpoint(
    'administrator',
    z.object({
      quietFrom: time,
      quietTo: time,
      repeatDays: z.number().int().min(1, '至少 1 天').max(30, '最多 30 天'),
    }),
  )<Record<string, never>>(),
  saveMailSettings: endpoint(
    'administrator',
    z.object({
      isOn: z.boolean(),
      host: z
        .string()
        .trim()
        .min(1, '请填写发信服务器')
        .max(200)
        .regex(/^[\w.:-]+$/, '服务器地址应写成 smtp.school.cn 的样子'),
      port: z.number().int().min(1, '端口是 1 到 65535 的数').max(65_535, '端口是 1 到 65535 的数'),
      security: z.enum(Object.keys(securityLabels) as [Security, ...Security[]]),
      trustsOwnCertificate: z.boolean().default(false),
      userName: z.string().trim().max(200).regex(oneLine, '用户名不能有换行和引号'),
      /** Left out: the one that is kept stays. */
      password: z.string().max(400).optional(),
      senderName: z
        .string()
        .trim()
        .min(1, '请填写发件人名称')
        .max(40, '发件人名称请不超过 40 字')
        .regex(oneLine, '发件人名称不能有换行、引号和尖括号'),
      senderAddress: address,
    }),
    { keepsAnswer: false },
  )<Record<string, never>>(),
  sendTestMail: endpoint('administrator', z.object({ to: address }))<{ id: string }>(),
  /** Tries once more what did not arrive. */
  retryDelivery: endpoint('administrator', z.object({ deliveryId: id }))<Record<string, never>>(),
}
export type MessageApi = typeof messageApi
