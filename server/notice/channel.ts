import { createTransport } from 'nodemailer'
import type { MailRow } from './message-store.ts'

export interface Message {
  /** Stays the same when it is sent again, so that a mailbox can tell doubles. */
  id: string
  subject: string
  body: string
  html: string
}
export interface Recipient {
  name: string
  address: string
}
export type Outcome =
  | { outcome: 'delivered' }
  | {
      outcome: 'failed'
      /** One Chinese sentence for the administrator. */
      reason: string
      /** Whether trying again later may help. */
      retry: boolean
      /** The address itself was rejected. */
      isAddress: boolean
    }

/** A way on which messages reach people. Further ones (WeCom, DingTalk) implement the same. */
export interface Channel {
  name: 'inProduct' | 'email'
  deliver(message: Message, recipient: Recipient): Promise<Outcome>
}

/** Inside the product a message is there as soon as it is written down. */
export const inProductChannel: Channel = {
  name: 'inProduct',
  deliver: async () => ({ outcome: 'delivered' }),
}

const waitMilliseconds = 15_000

/** E-mail through the SMTP server of the settings; one connection for each letter. */
export function createEmailChannel(settings: MailRow, password: string | null): Channel {
  return {
    name: 'email',
    async deliver(message, recipient) {
      const transport = createTransport({
        host: settings.host,
        port: settings.port,
        secure: settings.security === 'tls',
        requireTLS: settings.security === 'startTls',
        ignoreTLS: settings.security === 'none',
        tls: { rejectUnauthorized: !settings.trustsOwnCertificate },
        ...(settings.userName === '' ? {} : { auth: { user: settings.userName, pass: password ?? '' } }),
        connectionTimeout: waitMilliseconds,
        greetingTimeout: waitMilliseconds,
        socketTimeout: 2 * waitMilliseconds,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      try {
        await transport.sendMail({
          from: { name: settings.senderName, address: settings.senderAddress },
          to: { name: recipient.name, address: recipient.address },
          messageId: `<${message.id}@${settings.senderAddress.split('@')[1] ?? 'xiaoyan'}>`,
          subject: message.subject,
          text: message.body,
          html: message.html,
          textEncoding: 'base64',
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { outcome: 'delivered' }
      } catch (error) {
        return failureOf(error as SmtpError, settings)
      } finally {
        transport.close()
      }
    },
  }
}

interface SmtpError extends Error {
  code?: string
  command?: string
  responseCode?: number
  response?: string
}

/** What went wrong, in words that an administrator can act on. */
export function failureOf(error: SmtpError, settings: Pick<MailRow, 'host' | 'port'>): Outcome {
  const { code = '', command = '', responseCode = 0 } = error
  const server = `${settings.host}:${settings.port}`
  const said = error.response ? `（服务器答复：${error.response.replaceAll(/\s+/g, ' ').slice(0, 160)}）` : ''
  const failed = (reason: string, retry: boolean, isAddress = false): Outcome => ({
    outcome: 'failed',
    reason,
    retry,
    isAddress,
  })
  if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(error.message))
    return failed(`找不到发信服务器 ${settings.host}，请检查服务器地址和网络。`, true)
  if (code === 'ETIMEDOUT') return failed(`发信服务器 ${server} 没有应答，稍后自动再试。`, true)
  if (/certificate|self.signed|altnames/i.test(error.message))
    return failed('发信服务器的证书不受信任。校内自建的服务器可以勾选“接受服务器自己签发的证书”。', true)
  if (code === 'ETLS' || /wrong version number|SSL routines/i.test(error.message))
    return failed('加密方式不对，请换一种“连接方式”再试。', true)
  if (code === 'EAUTH' || responseCode === 535 || responseCode === 534)
    return failed(`发信邮箱的用户名或密码（授权码）不对，请重新填写。${said}`, true)
  if (command === 'RCPT TO' || code === 'EENVELOPE') {
    if (responseCode >= 500) return failed(`对方邮箱地址不存在或拒收。${said}`, false, true)
    if (responseCode >= 400) return failed(`对方邮箱暂时收不了信，稍后自动再试。${said}`, true)
    return failed(`收件地址不能使用。${said}`, false, true)
  }
  if (responseCode >= 500) return failed(`发信服务器拒绝了这封信。${said}`, false)
  if (responseCode >= 400) return failed(`发信服务器暂时不能发送，稍后自动再试。${said}`, true)
  return failed(`连不上发信服务器 ${server}，稍后自动再试。`, true)
}
