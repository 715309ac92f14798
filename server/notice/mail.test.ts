import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { instantAt } from '../kit/dates.ts'
import { sql } from '../kit/sql.ts'
import { atEnd, createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { failureOf } from './channel.ts'
import { deliverMessageJob, tellMessagesJob } from './jobs.ts'
import type { DeliveryLine } from './message-contract.ts'
import { letterOf, openPassword, sealPassword } from './rules.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school)

interface Letter {
  to: string[]
  source: string
  secure: boolean
  user: string | undefined
}

const password = '授权码-8842'
const letters: Letter[] = []

/** A real SMTP server on loopback: wants the password, knows STARTTLS, rejects `nobody@`, puts off `busy@`. */
async function startServer(port: number, options: SMTPServerOptions = {}): Promise<SMTPServer> {
  const server = new SMTPServer({
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth(auth, _session, answer) {
      if (auth.username === 'school' && auth.password === password) answer(null, { user: auth.username })
      else answer(Object.assign(new Error('bad credentials'), { responseCode: 535 }))
    },
    onRcptTo({ address }, _session, answer) {
      if (address.startsWith('nobody@'))
        answer(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
      else if (address.startsWith('busy@'))
        answer(Object.assign(new Error('mailbox is full'), { responseCode: 452 }))
      else answer()
    },
    onData(stream, session, answer) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        letters.push({
          to: session.envelope.rcptTo.map((one) => one.address),
          source: Buffer.concat(parts).toString('utf8'),
          secure: session.secure,
          user: session.user,
        })
        answer()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return server
}
const stop = (server: SMTPServer) => new Promise<void>((resolve) => server.close(() => resolve()))

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  return typeof address === 'object' && address ? address.port : 0
}

const port = await freePort()
let server = await startServer(port)
atEnd(() => stop(server))

const settings = {
  isOn: true,
  host: '127.0.0.1',
  port,
  security: 'startTls',
  trustsOwnCertificate: true,
  userName: 'school',
  password,
  senderName: '云岭小学',
  senderAddress: 'office@school.test',
}

const deliveries = () =>
  school.as('system', (tx) =>
    tx.many<{
      id: string
      kind: string
      status: string
      reason: string
      attempts: number
      nextAt: Date
      body: string
    }>(
      sql`SELECT id, kind, status, reason, attempts, next_at, body FROM deliveries WHERE org_id = ${tx.orgId} AND channel = 'email' ORDER BY created_at, id`,
    ),
  )
/** What the queue would run now. */
async function runJobs(): Promise<void> {
  for (const one of await deliveries())
    if (one.status === 'waiting' || one.status === 'sending')
      await deliverMessageJob(services, { orgId: school.id, id: one.id })
}
const header = (source: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'mi').exec(source)?.[1] ?? ''
const decoded = (text: string) =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, how: string, words: string) =>
      how.toUpperCase() === 'B'
        ? Buffer.from(words, 'base64').toString('utf8')
        : Buffer.from(
            words
              .replaceAll('_', ' ')
              .replaceAll(/=([0-9A-F]{2})/gi, (__, hex: string) =>
                String.fromCodePoint(Number.parseInt(hex, 16)),
              ),
            'latin1',
          ).toString('utf8'),
    )
const at = (day: string, time: string) => services.clock.moveTo(instantAt(day, time))

/** Takes an address into use through the code that was sent to it. */
async function useEmail(who: 'teacher' | 'colleague' | 'leader', email: string): Promise<void> {
  assert.equal((await call(who, 'message/requestEmail', { email })).status, 200)
  const code = /验证码是 (\d{6})/.exec((await deliveries()).at(-1)?.body ?? '')?.[1] ?? ''
  const answer = await call(who, 'message/confirmEmail', { code })
  assert.deepEqual(answer.body, { isRight: true, left: 0 })
}

async function sendNotice(title: string): Promise<string> {
  const { id } = (await call('academicOffice', 'notice/startNotice', {})).body
  const sent = await call('academicOffice', 'notice/sendNotice', {
    id,
    kind: 'general',
    title,
    body: '请看正文。\n<script>alert(1)</script>',
    audience: { whole: 'everybody' },
    confirmByDay: null,
  })
  assert.equal(sent.status, 200, JSON.stringify(sent.body))
  return id
}

test('without a mail server nobody can give an address', async () => {
  const answer = await call('teacher', 'message/requestEmail', { email: 'lin@school.test' })
  assert.match(answer.body.error.message, /还没有开通邮件/)
})

test('the administrator’s settings: for principal and administrator alone; the password never comes back', async () => {
  assert.equal((await call('teacher', 'message/saveMailSettings', settings)).status, 403)
  assert.equal((await call('academicOffice', 'message/saveMailSettings', settings)).status, 403)
  assert.equal((await call('principal', 'message/saveMailSettings', settings)).status, 200)
  const shown = await call('principal', 'message/getMessageSettings', {})
  assert.equal(shown.body.mail.hasPassword, true)
  assert.ok(!JSON.stringify(shown.body).includes(password))
  const kept = await school.as('system', (tx) =>
    tx.one<{ row: string; passwordSealed: Buffer }>(
      sql`SELECT m::text AS row, password_sealed FROM mail_settings m WHERE org_id = ${tx.orgId}`,
    ),
  )
  assert.ok(!kept.row.includes(Buffer.from(password).toString('hex')))
  assert.equal(openPassword(services.secret, school.id, kept.passwordSealed), password)
  assert.equal(openPassword(services.secret, other.id, kept.passwordSealed), undefined)
  assert.equal(
    openPassword(Buffer.alloc(32, 1), school.id, sealPassword(services.secret, school.id, 'x')),
    undefined,
  )
  // Whoever points it to another server must know the password.
  const { password: _, ...rest } = settings
  const moved = await call('principal', 'message/saveMailSettings', { ...rest, host: 'mail.elsewhere.test' })
  assert.match(moved.body.error.message, /重新填写/)
})

test('header injection in sender, address and title is refused', async () => {
  for (const wrong of [
    { senderName: '学校\r\nBcc: all@school.test' },
    { senderName: '学校" <evil@x.test>' },
    { senderAddress: 'office@school.test\r\nBcc: all@school.test' },
    { host: 'mail.school.test\r\nEHLO' },
    { userName: 'school\nx' },
  ]) {
    const answer = await call('principal', 'message/saveMailSettings', { ...settings, ...wrong })
    assert.equal(answer.status, 400, JSON.stringify(wrong))
  }
  const to = await call('principal', 'message/sendTestMail', { to: 'a@school.test, b@school.test' })
  assert.equal(to.status, 400)
  // What comes out of the database is folded into one line as well.
  assert.equal(letterOf('甲\r\nBcc: x@y.test', [], '').subject, '甲 Bcc: x@y.test')
})

test('a test letter arrives over STARTTLS with the password, a Chinese subject, plain text and HTML', async () => {
  await call('principal', 'message/sendTestMail', { to: 'head@school.test' })
  await runJobs()
  const letter = letters.at(-1)
  assert.deepEqual([letter?.to, letter?.secure, letter?.user], [['head@school.test'], true, 'school'])
  assert.equal(decoded(header(letter?.source ?? '', 'Subject')), '校研测试邮件')
  assert.match(decoded(header(letter?.source ?? '', 'From')), /云岭小学/)
  assert.match(letter?.source ?? '', /multipart\/alternative/)
  const list = (await call('principal', 'message/getMessageSettings', {})).body.deliveries as DeliveryLine[]
  assert.equal(list[0]?.status, 'delivered')
})

test('an address is used only once its code came back; five wrong codes end it; the code does not stay', async () => {
  await call('teacher', 'message/requestEmail', { email: 'lin@school.test' })
  for (let tries = 0; tries < 5; tries++)
    assert.equal((await call('teacher', 'message/confirmEmail', { code: 'x' })).body.isRight, false)
  assert.match((await call('teacher', 'message/confirmEmail', { code: 'x' })).body.error.message, /已经失效/)
  await runJobs()
  assert.equal((await deliveries()).at(-1)?.body, '')
  assert.equal((await call('teacher', 'message/getPreferences', {})).body.email, null)
  await useEmail('teacher', 'lin@school.test')
  assert.equal((await call('teacher', 'message/getPreferences', {})).body.email, 'lin@school.test')
  assert.match(
    (await call('colleague', 'message/requestEmail', { email: 'LIN@school.test' })).body.error.message,
    /另一位老师/,
  )
  await runJobs()
})

test('a notice goes out once, its markup as text; while the server is away it waits and arrives later', async () => {
  await stop(server)
  await sendNotice('周五停电')
  await runJobs()
  const down = (await deliveries()).at(-1)
  assert.deepEqual([down?.status, down?.attempts], ['waiting', 1])
  assert.match(down?.reason ?? '', /连不上发信服务器 127.0.0.1/)
  assert.deepEqual(down?.nextAt, instantAt('2026-11-18', '10:01'))
  await runJobs()
  assert.equal((await deliveries()).at(-1)?.attempts, 1, 'not before its time')
  server = await startServer(port)
  at('2026-11-18', '10:02')
  const before = letters.length
  await runJobs()
  await runJobs()
  assert.equal(letters.length, before + 1)
  assert.deepEqual(letters.at(-1)?.to, ['lin@school.test'])
  assert.equal(decoded(header(letters.at(-1)?.source ?? '', 'Subject')), '通知：周五停电（教导处）')
  const bodies = (letters.at(-1)?.source ?? '')
    .split(/\r\n\r\n/)
    .map((part) => Buffer.from(part, 'base64').toString('utf8'))
  assert.ok(
    bodies.some((text) => text.includes('&lt;script&gt;')) &&
      !bodies.some((text) => text.includes('<div') && text.includes('<script')),
  )
  assert.equal((await deliveries()).at(-1)?.status, 'delivered')
})

test('a process that died while sending takes the letter up again after ten minutes', async () => {
  await sendNotice('中断')
  const last = (await deliveries()).at(-1)
  await school.as('system', (tx) =>
    tx.run(sql`UPDATE deliveries SET status = 'sending', next_at = ${instantAt('2026-11-18', '10:12')}
      WHERE org_id = ${tx.orgId} AND id = ${last?.id}`),
  )
  const before = letters.length
  await runJobs()
  assert.equal(letters.length, before)
  at('2026-11-18', '10:13')
  await runJobs()
  assert.equal(letters.length, before + 1)
})

test('a rejected address is not tried again and its owner is told; one that is full is tried later', async () => {
  await useEmail('colleague', 'nobody@school.test')
  await useEmail('leader', 'busy@school.test')
  await runJobs()
  await sendNotice('退信')
  await runJobs()
  const all = await deliveries()
  const of = (status: string) => all.filter((one) => one.kind === 'notice' && one.status === status)
  assert.match(of('failed')[0]?.reason ?? '', /对方邮箱地址不存在或拒收.*no such mailbox/)
  assert.match(of('waiting')[0]?.reason ?? '', /暂时收不了信.*mailbox is full/)
  const own = (await call('colleague', 'message/getPreferences', {})).body
  assert.match(own.emailProblem, /拒收/)
  const count = all.length
  await sendNotice('再来一封')
  // Only to the teacher and the one whose mailbox is full.
  assert.equal((await deliveries()).length, count + 2)
  const shown = (await call('principal', 'message/getMessageSettings', {})).body
  assert.ok(shown.failed >= 1)
  // Given up after eight attempts.
  const waiting = of('waiting')[0]?.id ?? ''
  for (let day = 19; day < 29; day++) {
    at(`2026-11-${day}`, '10:00')
    await deliverMessageJob(services, { orgId: school.id, id: waiting })
  }
  const end = (await deliveries()).find((one) => one.id === waiting)
  assert.deepEqual([end?.status, end?.attempts], ['failed', 8])
  assert.equal((await call('teacher', 'message/retryDelivery', { deliveryId: waiting })).status, 403)
  assert.equal((await call('principal', 'message/retryDelivery', { deliveryId: waiting })).status, 200)
  assert.equal((await deliveries()).find((one) => one.id === waiting)?.status, 'waiting')
  await runJobs()
  at('2026-11-18', '11:00')
})

test('a wrong password and an untrusted certificate are said in Chinese', async () => {
  await call('principal', 'message/saveMailSettings', { ...settings, password: 'wrong' })
  await call('principal', 'message/sendTestMail', { to: 'head@school.test' })
  await runJobs()
  const last = async () => (await deliveries()).filter((one) => one.kind === 'test').at(-1)?.reason ?? ''
  assert.match(await last(), /用户名或密码（授权码）不对/)
  await call('principal', 'message/saveMailSettings', { ...settings, trustsOwnCertificate: false })
  await call('principal', 'message/sendTestMail', { to: 'head@school.test' })
  await runJobs()
  assert.match(await last(), /证书不受信任/)
  assert.match(
    JSON.stringify(failureOf(Object.assign(new Error('x'), { code: 'EDNS' }), settings)),
    /找不到发信服务器/,
  )
  await call('principal', 'message/saveMailSettings', settings)
})

test('in the quiet hours letters wait for the morning; the digest comes by mail once a day', async () => {
  at('2026-11-24', '22:00')
  await runJobs()
  const before = letters.length
  await sendNotice('夜里发的')
  await runJobs()
  assert.equal(letters.length, before)
  assert.deepEqual(
    (await deliveries()).filter((one) => one.status === 'waiting').at(-1)?.nextAt,
    instantAt('2026-11-25', '06:30'),
  )
  at('2026-11-25', '07:15')
  await runJobs()
  assert.ok(letters.length > before)
  await tellMessagesJob(services, null)
  await tellMessagesJob(services, null)
  await runJobs()
  const digests = letters.filter(
    (letter) =>
      letter.to[0] === 'lin@school.test' &&
      decoded(header(letter.source, 'Subject')).startsWith('11月25日：'),
  )
  assert.equal(digests.length, 1)
})

test('a withdrawn notice is not sent any more', async () => {
  at('2026-11-25', '22:00')
  const id = await sendNotice('收回')
  await call('academicOffice', 'notice/withdrawNotice', { id, because: '发错' })
  at('2026-11-26', '08:00')
  const before = letters.length
  await runJobs()
  assert.ok(
    !letters.slice(before).some((letter) => decoded(header(letter.source, 'Subject')).includes('收回')),
  )
})

test('the demo sends nothing', async () => {
  const demo = { ...services, demo: true }
  await sendNotice('演示')
  const before = letters.length
  for (const one of await deliveries())
    if (one.status === 'waiting') await deliverMessageJob(demo, { orgId: school.id, id: one.id })
  assert.equal(letters.length, before)
  assert.equal((await deliveries()).at(-1)?.status, 'cancelled')
})
