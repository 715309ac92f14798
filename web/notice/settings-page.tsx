import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import {
  deliveryKindLabels,
  deliveryStatusLabels,
  type Security,
  securityLabels,
} from '../../server/notice/words.ts'
import { CommandForm, Field, TimeInput } from '../kit/form.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { momentText } from '../kit/words.ts'
import { AddressForm } from './address-form.tsx'
import { message } from './api.ts'

type Settings = Awaited<ReturnType<typeof message.getMessageSettings>>

/** Quiet hours, the mail server, and what did not arrive. */
export function MessageSettingsPage() {
  const query = useApi(message.getMessageSettings, {}, { every: 5_000 })
  return (
    <Page title="消息和邮件" width="reading" query={query} sentence={standing}>
      {(data) => (
        <>
          {data.abilities.manage !== null && <Notice>{data.abilities.manage}</Notice>}
          {data.mailClosed !== null && <Notice tone="soon">{data.mailClosed}</Notice>}
          <Quiet data={data} />
          <MailServer key={data.mail?.version ?? 0} data={data} />
          {data.mail && data.abilities.manage === null && <Deliveries data={data} />}
        </>
      )}
    </Page>
  )
}

function Quiet({ data }: { data: Settings }) {
  const save = useCommand(message.saveMessageSettings, { inline: true, success: '已保存' })
  type Values = { quietFrom: string; quietTo: string; repeatDays: number }
  return (
    <Section title="什么时候提醒" sentence="免打扰时间里不提醒、不发邮件；没办的事隔几天再提醒一次。">
      <CommandForm<Values, Record<string, never>, Values>
        command={save}
        initial={{ quietFrom: data.quietFrom, quietTo: data.quietTo, repeatDays: data.repeatDays }}
        toInput={(values) => values}
        submit="保存"
        blocked={data.abilities.manage}
      >
        <div className="message-row">
          <Field name="quietFrom" label="免打扰从" required>
            <TimeInput />
          </Field>
          <Field name="quietTo" label="到（第二天）" required>
            <TimeInput />
          </Field>
          <Field name="repeatDays" label="隔几天再提醒" required>
            <InputNumber min={1} max={30} suffix="天" />
          </Field>
        </div>
      </CommandForm>
    </Section>
  )
}

interface MailValues {
  isOn: boolean
  host: string
  port: number
  security: Security
  trustsOwnCertificate: boolean
  userName: string
  password?: string
  senderName: string
  senderAddress: string
}

function MailServer({ data }: { data: Settings }) {
  const save = useCommand(message.saveMailSettings, { inline: true, success: '已保存，请发一封测试邮件' })
  const test = useCommand(message.sendTestMail, { success: '测试邮件已交给服务器，结果见下面的发送记录' })
  const { mail } = data
  return (
    <Section
      title="发信邮箱"
      sentence="用学校已有的邮箱发信，任何支持 SMTP 的邮箱都可以；多数邮箱要用“授权码”代替密码。"
    >
      <CommandForm<MailValues, Record<string, never>, MailValues>
        command={save}
        initial={{
          isOn: mail?.isOn ?? true,
          host: mail?.host ?? '',
          port: mail?.port ?? 465,
          security: mail?.security ?? 'tls',
          trustsOwnCertificate: mail?.trustsOwnCertificate ?? false,
          userName: mail?.userName ?? '',
          senderName: mail?.senderName ?? '',
          senderAddress: mail?.senderAddress ?? '',
        }}
        toInput={({ password, ...values }) => ({
          ...values,
          userName: values.userName ?? '',
          trustsOwnCertificate: values.trustsOwnCertificate ?? false,
          ...(password ? { password } : {}),
        })}
        submit="保存"
        blocked={data.abilities.manage}
      >
        <Form.Item name="isOn" valuePropName="checked">
          <Checkbox>开通邮件</Checkbox>
        </Form.Item>
        <div className="message-row">
          <Field name="host" label="发信服务器" required>
            <Input placeholder="smtp.school.cn" />
          </Field>
          <Field name="port" label="端口" required>
            <InputNumber min={1} max={65_535} />
          </Field>
        </div>
        <Field name="security" label="连接方式" required>
          <Select options={Object.entries(securityLabels).map(([value, label]) => ({ value, label }))} />
        </Field>
        <Form.Item name="trustsOwnCertificate" valuePropName="checked">
          <Checkbox>接受服务器自己签发的证书（只用于校内自建的邮件服务器）</Checkbox>
        </Form.Item>
        <div className="message-row">
          <Field name="userName" label="用户名">
            <Input autoComplete="off" placeholder="一般就是邮箱地址" />
          </Field>
          <Field
            name="password"
            label="密码或授权码"
            hint={mail?.hasPassword ? '已保存，不改就不用填。' : '加密保存，保存后不再显示。'}
          >
            <Input.Password autoComplete="new-password" />
          </Field>
        </div>
        <div className="message-row">
          <Field name="senderName" label="发件人名称" required>
            <Input placeholder="学校名称" maxLength={40} />
          </Field>
          <Field name="senderAddress" label="发件人邮箱" required>
            <Input placeholder="office@school.cn" />
          </Field>
        </div>
      </CommandForm>
      {mail && data.abilities.manage === null && (
        <AddressForm
          label="测试邮件发到"
          placeholder="测试邮件发到哪个邮箱"
          button="发测试邮件"
          running={test.running}
          onSend={(to) => void test.run({ to })}
        />
      )}
    </Section>
  )
}

function Deliveries({ data }: { data: Settings }) {
  const retry = useCommand(message.retryDelivery, { success: '正在重发' })
  return (
    <Section title="发送记录" sentence="没有送到的排在前面；暂时发不出去的会自动再试，一天内最多八次。">
      {data.deliveries.length === 0 ? (
        <p className="message-none">还没有发过邮件。</p>
      ) : (
        <ul className="message-people">
          {data.deliveries.map((one) => (
            <li key={one.id}>
              <span>
                <b className={one.status === 'failed' ? 'message-owed' : undefined}>
                  {deliveryStatusLabels[one.status]}
                </b>{' '}
                {one.subject}
                <span className="quiet">
                  {' '}
                  · {deliveryKindLabels[one.kind]} · {one.personName} {one.address} ·{' '}
                  {momentText(one.deliveredAt ?? one.createdAt)}
                </span>
                {one.reason !== '' && (
                  <span className="message-reason">
                    {one.reason}
                    {one.status === 'waiting' &&
                      `第 ${one.attempts} 次没有成功，${momentText(one.nextAt)} 再试。`}
                  </span>
                )}
              </span>
              {one.status === 'failed' && one.kind !== 'code' && (
                <Button
                  size="small"
                  loading={retry.running}
                  onClick={() => void retry.run({ deliveryId: one.id })}
                >
                  重发
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function standing(data: Settings) {
  return (
    <>
      {data.people.all} 人中 {data.people.withEmail} 人留了邮箱。
      {data.failed > 0 ? `最近七天有 ${data.failed} 封邮件没有送到。` : '最近七天没有退信。'}
    </>
  )
}
