import './access.css'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useGo } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { Brand } from '../shell/brand.tsx'
import { access, useEntrance, useSession } from './session.ts'

/** Changes the password: by force before anything else, or by choice later. */
export function PasswordPage() {
  const session = useSession()
  const forced = session.account.mustChangePassword
  const go = useGo()
  const entrance = useEntrance()
  const [values, setValues] = useState({ old: '', next: '', again: '' })
  const [different, setDifferent] = useState(false)
  const change = useCommand(access.changePassword, {
    inline: true,
    success: '密码已修改',
    onSuccess: () => void entrance.refetch().then(() => go(paths.home(), { replace: true })),
  })
  const leave = useCommand(access.signOut, { onSuccess: () => location.assign(paths.signIn()) })
  useEffect(() => {
    document.title = '修改密码 · 校研'
  }, [])
  const field = (key: keyof typeof values, label: string, autoComplete: string, error?: string) => (
    <label className="field">
      <span className="field-label">{label}</span>
      <input
        className="native-input"
        type="password"
        autoComplete={autoComplete}
        required
        aria-invalid={error !== undefined}
        value={values[key]}
        onChange={(event) => {
          setValues({ ...values, [key]: event.target.value })
          setDifferent(false)
        }}
      />
      {error !== undefined && <span className="field-error">{error}</span>}
    </label>
  )
  return (
    <main className="entrance" id="main">
      <div className="entrance-words">
        <Brand />
        <p className="entrance-line">{forced ? `${session.person.name}老师，您好` : '换一个新密码'}</p>
        <p className="quiet">
          {forced
            ? '这是您第一次登录。初始密码别人也可能知道，请先换成自己的，再开始使用。'
            : '改好以后，其他设备上的登录会失效，需要重新登录。'}
        </p>
      </div>
      <div className="entrance-form sheet">
        <h1>修改密码</h1>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (values.next !== values.again) setDifferent(true)
            else void change.run({ oldPassword: values.old, newPassword: values.next })
          }}
        >
          <input
            type="text"
            name="username"
            autoComplete="username"
            value={session.account.loginName}
            readOnly
            hidden
          />
          {field(
            'old',
            forced ? '初始密码' : '现在的密码',
            'current-password',
            change.fieldErrors.oldPassword,
          )}
          {field('next', '新密码', 'new-password', change.fieldErrors.newPassword)}
          {field('again', '再输一次新密码', 'new-password', different ? '两次输入的新密码不一样' : undefined)}
          {change.error && (
            <p className="form-error" role="alert">
              {change.error.message}
            </p>
          )}
          <Button type="primary" htmlType="submit" block size="large" loading={change.running}>
            改好，继续
          </Button>
          <div className="entrance-other">
            {forced ? (
              <Button type="link" onClick={() => void leave.run({})}>
                换一个账号
              </Button>
            ) : (
              <Button type="link" onClick={() => go(paths.home())}>
                不改了，返回
              </Button>
            )}
          </div>
        </form>
      </div>
    </main>
  )
}
