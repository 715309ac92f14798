import { randomInt, timingSafeEqual } from 'node:crypto'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed, type Services, systemActor } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { type Channel, createEmailChannel, inProductChannel, type Outcome } from './channel.ts'
import * as store from './message-store.ts'
import {
  afterQuiet,
  codeHashOf,
  type Letter,
  letterOf,
  openPassword,
  pauseAfter,
  sealPassword,
} from './rules.ts'
import type { DeliveryKind, Security } from './words.ts'

/** Why this school sends no e-mail now, in one sentence; null where it does. */
export function whyNoMail(services: Services, mail: store.MailRow | undefined): string | null {
  if (services.demo) return '演示模式不发送邮件，消息只在系统内显示。'
  if (!mail || !mail.isOn) return '学校还没有开通邮件，请管理员在“消息和邮件”里设置发信邮箱。'
  return null
}

interface NewDelivery {
  personId: string
  kind: DeliveryKind
  key: string
  noticeId: string | null
  letter: Letter
  preferences?: store.PreferenceRow
}

/**
 * Hands a message to every channel that is open to the person: at once inside the product, by a job outside. The same
 * key is delivered once. In the quiet hours e-mails wait for their end.
 */
export async function enqueueDelivery(tx: Tx, services: Services, input: NewDelivery): Promise<void> {
  const own = input.preferences ?? (await store.findPreferences(tx, input.personId))
  const { subject, body, html } = input.letter
  const row = { ...input, subject, body, html, nextAt: tx.now }
  if (input.kind === 'digest')
    await store.insertDelivery(tx, {
      ...row,
      id: newId(),
      channel: inProductChannel.name,
      address: '',
      status: 'delivered',
      deliveredAt: tx.now,
    })
  if (own.email === null || !own.emailOn || own.emailProblem !== '') return
  if (whyNoMail(services, await store.findMail(tx)) !== null) return
  await addEmail(tx, services, { ...row, address: own.email, waits: true })
}

async function addEmail(
  tx: Tx,
  services: Services,
  row: Omit<NewDelivery, 'letter'> & Letter & { address: string; waits: boolean },
): Promise<string> {
  const id = newId()
  const nextAt = row.waits ? afterQuiet(tx.now, await store.findSettings(tx)) : tx.now
  const { waits: _, ...rest } = row
  if (await store.insertDelivery(tx, { ...rest, id, channel: 'email', status: 'waiting', nextAt }))
    await enqueueJob(tx, services, id, nextAt)
  return id
}

/** The queue keeps the machine's time, which in the demo is not the program's. */
function enqueueJob(tx: Tx, services: Services, id: string, at: Date): Promise<void> {
  const wait = Math.max(0, at.getTime() - services.clock.now().getTime())
  return enqueue(
    tx,
    'deliverMessage',
    { orgId: tx.orgId, id },
    { key: `deliverMessage:${id}`, runAt: new Date(Date.now() + wait) },
  )
}

const mailActor = systemActor('job:deliverMessage')
/** A delivery that was begun and not ended, because the process died, is taken up again after so long. */
const leaseMilliseconds = 10 * 60_000

/**
 * Sends one message. What the network or the other side spoils is tried again with growing pauses, eight times over a
 * day; an address that is rejected is not tried again. Nothing is held in the database while the other side thinks.
 */
export async function deliverMessage(
  services: Services,
  payload: { orgId: string; id: string },
): Promise<void> {
  const inSchool = <Result>(work: (tx: Tx) => Promise<Result>) =>
    services.inOrganisation(payload.orgId, mailActor, work)
  const taken = await inSchool(async (tx) => {
    const row = await store.findDelivery(tx, payload.id, true)
    if (!row || (row.status !== 'waiting' && row.status !== 'sending')) return null
    if (row.nextAt > tx.now) {
      await enqueueJob(tx, services, row.id, row.nextAt)
      return null
    }
    const mail = await store.findMail(tx)
    const closed =
      row.channel === 'email'
        ? whyNoMail(services, row.kind === 'test' && mail ? { ...mail, isOn: true } : mail)
        : null
    if (closed !== null || !mail) {
      await store.updateDelivery(tx, { ...row, status: 'cancelled', reason: closed ?? '' })
      changed(tx, 'message')
      return null
    }
    const password =
      mail.passwordSealed === null ? null : openPassword(services.secret, tx.orgId, mail.passwordSealed)
    const nextAt = new Date(tx.now.getTime() + leaseMilliseconds)
    await store.updateDelivery(tx, { ...row, status: 'sending', nextAt })
    await enqueueJob(tx, services, row.id, nextAt)
    return { row, mail, password }
  })
  if (!taken) return
  const outcome = await attempt(taken)
  await inSchool(async (tx) => {
    const row = await store.findDelivery(tx, payload.id, true)
    if (!row || row.status !== 'sending') return
    await noteOutcome(tx, services, row, outcome)
  })
}

async function attempt(taken: {
  row: store.DeliveryRow
  mail: store.MailRow
  password: string | null | undefined
}): Promise<Outcome> {
  const { row, mail, password } = taken
  if (password === undefined)
    return {
      outcome: 'failed',
      reason: '保存的发信密码打不开（服务器换过密钥），请重新填写。',
      retry: false,
      isAddress: false,
    }
  const channel: Channel = createEmailChannel(mail, password)
  return channel.deliver(row, { name: row.personName, address: row.address })
}

async function noteOutcome(
  tx: Tx,
  services: Services,
  row: store.DeliveryRow,
  outcome: Outcome,
): Promise<void> {
  const attempts = row.attempts + 1
  // A code is a secret; it need not lie here any longer.
  const secret = row.kind === 'code'
  if (outcome.outcome === 'delivered') {
    await store.updateDelivery(tx, {
      ...row,
      ...(secret ? { body: '', html: '' } : {}),
      status: 'delivered',
      attempts,
      deliveredAt: tx.now,
      reason: '',
    })
    changed(tx, 'message')
    return
  }
  // Whoever waits for a code or a test wants to know soon.
  const isAwaited = row.kind === 'code' || row.kind === 'test'
  const minutes = outcome.retry && !(isAwaited && attempts >= 2) ? pauseAfter(attempts) : null
  const later = new Date(tx.now.getTime() + (minutes ?? 0) * 60_000)
  const nextAt =
    minutes === null ? row.nextAt : isAwaited ? later : afterQuiet(later, await store.findSettings(tx))
  await store.updateDelivery(tx, {
    ...row,
    ...(secret && minutes === null ? { body: '', html: '' } : {}),
    status: minutes === null ? 'failed' : 'waiting',
    attempts,
    nextAt,
    reason: outcome.reason,
  })
  if (minutes !== null) await enqueueJob(tx, services, row.id, nextAt)
  if (outcome.isAddress && (row.kind === 'digest' || row.kind === 'notice')) {
    const own = await store.findPreferences(tx, row.personId, { lock: true })
    if (own.email === row.address) await store.savePreferences(tx, { ...own, emailProblem: outcome.reason })
  }
  changed(tx, 'message')
}

// ── One's own address ─────────────────────────────────────────────────────────

const codeMinutes = 30
const codesPerDay = 5
const codeTries = 5

function ownId(tx: Tx): string {
  if (tx.actor.districtId !== null) refuse('区里查看学校时只能看。')
  return tx.actor.personId ?? refuse('这个账号没有对应的教职工。')
}

/** Sends a code to an address, which is used once the code has been typed in. */
export async function requestEmail(tx: Tx, services: Services, input: { email: string }): Promise<void> {
  const personId = ownId(tx)
  const closed = whyNoMail(services, await store.findMail(tx))
  if (closed !== null) refuse(closed)
  const own = await store.findPreferences(tx, personId, { lock: true })
  const other = await store.findPersonOfEmail(tx, input.email)
  if (other && other.personId !== personId)
    refuse('这个邮箱已由本校另一位老师使用，请换一个。', { fields: { email: '请换一个' } })
  const sent = own.codesOn === tx.today ? own.codesSent : 0
  if (sent >= codesPerDay) refuse(`今天已经发送 ${codesPerDay} 次验证码，请明天再试。`)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await store.savePreferences(tx, {
    ...own,
    pendingEmail: input.email,
    codeHash: codeHashOf(services.secret, personId, input.email, code),
    codeUntil: new Date(tx.now.getTime() + codeMinutes * 60_000),
    codeTries: 0,
    codesOn: tx.today,
    codesSent: sent + 1,
  })
  const id = newId()
  await addEmail(tx, services, {
    personId,
    kind: 'code',
    key: `code ${id}`,
    noticeId: null,
    ...letterOf(
      `校研邮箱验证码 ${code}`,
      [`您的验证码是 ${code}，${codeMinutes} 分钟内有效。`, '如果不是您本人操作，请不用理会这封邮件。'],
      services.publicUrl,
    ),
    subject: '校研邮箱验证码',
    address: input.email,
    waits: false,
  })
  changed(tx, 'message')
}

/** Takes the address into use when the code is right; five wrong codes end it. */
export async function confirmEmail(
  tx: Tx,
  services: Services,
  input: { code: string },
): Promise<{ isRight: boolean; left: number }> {
  const personId = ownId(tx)
  const own = await store.findPreferences(tx, personId, { lock: true })
  if (!own.pendingEmail || !own.codeHash || !own.codeUntil) refuse('请先填写邮箱并获取验证码。')
  if (own.codeUntil < tx.now || own.codeTries >= codeTries)
    refuse('验证码已经失效，请重新获取。', { fields: { code: '已失效' } })
  const hash = codeHashOf(services.secret, personId, own.pendingEmail, input.code)
  if (!timingSafeEqual(hash, own.codeHash)) {
    await store.savePreferences(tx, { ...own, codeTries: own.codeTries + 1 })
    return { isRight: false, left: codeTries - own.codeTries - 1 }
  }
  await store.savePreferences(tx, {
    ...own,
    email: own.pendingEmail,
    emailOn: true,
    emailProblem: '',
    pendingEmail: null,
    codeHash: null,
    codeUntil: null,
    codeTries: 0,
  })
  await audit(tx, { type: 'message.emailConfirmed', id: personId })
  changed(tx, 'message')
  return { isRight: true, left: 0 }
}

export async function removeEmail(tx: Tx): Promise<void> {
  const own = await store.findPreferences(tx, ownId(tx), { lock: true })
  await store.savePreferences(tx, {
    ...own,
    email: null,
    emailProblem: '',
    pendingEmail: null,
    codeHash: null,
    codeUntil: null,
  })
  await audit(tx, { type: 'message.emailRemoved', id: own.personId })
  changed(tx, 'message')
}

// ── The school's mail server ──────────────────────────────────────────────────

export interface MailInput {
  isOn: boolean
  host: string
  port: number
  security: Security
  trustsOwnCertificate: boolean
  userName: string
  password?: string | undefined
  senderName: string
  senderAddress: string
}

/** Keeps the mail server; the password is sealed with the installation's secret and never given out again. */
export async function saveMailSettings(tx: Tx, services: Services, input: MailInput): Promise<void> {
  demand(can.manageMail(tx.actor))
  const { password, ...rest } = input
  const known = await store.findMail(tx)
  if (known && password === undefined && known.passwordSealed !== null) {
    // Otherwise whoever may set the server could have the kept password sent to a server of their own.
    if (known.host !== rest.host || known.port !== rest.port || known.userName !== rest.userName)
      refuse('改了服务器、端口或用户名，请把密码（授权码）也重新填写一次。', {
        fields: { password: '请填写' },
      })
    if (known.security !== rest.security || known.trustsOwnCertificate !== rest.trustsOwnCertificate)
      refuse('改了连接方式，请把密码（授权码）也重新填写一次。', { fields: { password: '请填写' } })
  }
  const passwordSealed =
    password === undefined
      ? (known?.passwordSealed ?? null)
      : password === ''
        ? null
        : sealPassword(services.secret, tx.orgId, password)
  if (rest.userName !== '' && passwordSealed === null)
    refuse('请填写发信邮箱的密码（授权码）。', { fields: { password: '请填写' } })
  await store.saveMail(tx, { ...rest, passwordSealed })
  await audit(tx, {
    type: 'message.mailSettingsSaved',
    id: null,
    payload: { host: rest.host, port: rest.port, sender: rest.senderAddress, isOn: rest.isOn },
  })
  changed(tx, 'message')
}

/** Sends a letter that says that it works; how it went stands in the list of deliveries. */
export async function sendTestMail(
  tx: Tx,
  services: Services,
  input: { to: string },
): Promise<{ id: string }> {
  demand(can.manageMail(tx.actor))
  const personId = ownId(tx)
  if (services.demo) refuse('演示模式不发送邮件。')
  if (!(await store.findMail(tx))) refuse('请先保存发信邮箱的设置，再发测试邮件。')
  const key = `test ${newId()}`
  const id = await addEmail(tx, services, {
    personId,
    kind: 'test',
    key,
    noticeId: null,
    ...letterOf(
      '校研测试邮件',
      ['这是一封测试邮件。收到它，说明学校的发信邮箱已经可以使用。'],
      services.publicUrl,
    ),
    address: input.to,
    waits: false,
  })
  await audit(tx, { type: 'message.testSent', id, payload: { to: input.to } })
  changed(tx, 'message')
  return { id }
}

/** Tries once more what was given up. */
export async function retryDelivery(
  tx: Tx,
  services: Services,
  input: { deliveryId: string },
): Promise<void> {
  demand(can.manageMail(tx.actor))
  const row = (await store.findDelivery(tx, input.deliveryId, true)) ?? refuseNotFound('邮件')
  if (row.status !== 'failed') refuse('只有没有送到的邮件可以重发。')
  if (row.kind === 'code') refuse('验证码不能重发，请老师重新获取。')
  await store.updateDelivery(tx, { ...row, status: 'waiting', attempts: 0, nextAt: tx.now, reason: '' })
  await enqueueJob(tx, services, row.id, tx.now)
  changed(tx, 'message')
}
