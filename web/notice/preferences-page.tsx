import { Button, Checkbox, Form } from 'antd'
import { useState } from 'react'
import { CommandForm, Field, TimeInput } from '../kit/form.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { AddressForm } from './address-form.tsx'
import { message } from './api.ts'

type Preferences = Awaited<ReturnType<typeof message.getPreferences>>
interface Values {
  digestOn: boolean
  digestTime: string
  emailOn: boolean
}

/** When the daily digest comes, and whether it also comes by e-mail. */
export function PreferencesPage() {
  const query = useApi(message.getPreferences, {})
  return (
    <Page
      title="我的提醒方式"
      back={{ to: paths.messages(), label: '消息' }}
      width="reading"
      query={query}
      sentence={standing}
    >
      {(data) => (
        <>
          <Digest key={`${data.digestOn} ${data.digestTime} ${data.emailOn}`} data={data} />
          <Email data={data} />
        </>
      )}
    </Page>
  )
}

function Digest({ data }: { data: Preferences }) {
  const save = useCommand(message.savePreferences, { inline: true, success: '已保存' })
  return (
    <Section title="每日汇总" sentence="上学的日子每天一条，把新的和快到期的事放在一起；没有事就不发。">
      <CommandForm<Values, Record<string, never>, Values>
        command={save}
        initial={{ digestOn: data.digestOn, digestTime: data.digestTime, emailOn: data.emailOn }}
        toInput={(values) => ({ ...values, emailOn: values.emailOn ?? data.emailOn })}
        submit="保存"
      >
        <Form.Item name="digestOn" valuePropName="checked">
          <Checkbox>每天给我一条汇总</Checkbox>
        </Form.Item>
        <Field name="digestTime" label="什么时候" required>
          <TimeInput />
        </Field>
        {data.email !== null && (
          <Form.Item name="emailOn" valuePropName="checked">
            <Checkbox>汇总和通知也发到 {data.email}</Checkbox>
          </Form.Item>
        )}
      </CommandForm>
    </Section>
  )
}

function Email({ data }: { data: Preferences }) {
  const [tries, setTries] = useState(0)
  const request = useCommand(message.requestEmail, { success: '验证码已发出，请到邮箱查看' })
  const confirm = useCommand(message.confirmEmail, {
    success: ({ isRight, left }) => (isRight ? '邮箱已可以使用' : `验证码不对，还可以试 ${left} 次`),
    onSuccess: () => setTries((before) => before + 1),
  })
  const remove = useCommand(message.removeEmail, { success: '已去掉邮箱' })
  if (data.mailClosed !== null && data.email === null)
    return (
      <Section title="邮箱">
        <p className="message-none">{data.mailClosed}</p>
      </Section>
    )
  return (
    <Section title="邮箱" sentence="填自己的邮箱，收到验证码后填回来，就能用邮件收通知和汇总。">
      {data.emailProblem !== '' && (
        <Notice tone="late">这个邮箱收不到信，已暂停发送：{data.emailProblem} 请检查后重新验证。</Notice>
      )}
      <AddressForm
        label="邮箱"
        placeholder="name@school.cn"
        button="获取验证码"
        initial={data.email ?? ''}
        running={request.running}
        onSend={(email) => void request.run({ email })}
      />
      {data.pendingEmail !== null && (
        <AddressForm
          // A code that was tried is gone.
          key={tries}
          kind="code"
          label="验证码"
          placeholder={`发到 ${data.pendingEmail} 的 6 位验证码`}
          button="确认"
          primary
          running={confirm.running}
          onSend={(code) => void confirm.run({ code })}
        />
      )}
      {data.email !== null && (
        <p>
          现在用的是 {data.email}。
          <Button type="link" loading={remove.running} onClick={() => void remove.run({})}>
            去掉
          </Button>
        </p>
      )}
    </Section>
  )
}

function standing(data: Preferences) {
  return (
    <>
      同一件事只提醒一次，办完就不再提醒；{data.quiet.from}到第二天 {data.quiet.to} 不打扰。
    </>
  )
}
