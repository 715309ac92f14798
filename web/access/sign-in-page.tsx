import './access.css'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useApi, useCommand } from '../kit/queries.ts'
import { Icon } from '../kit/icons.tsx'
import { useFilters, useGo } from '../kit/link.tsx'
import { paths } from '../paths.ts'
import { Brand } from '../shell/brand.tsx'
import { access, forgetOthers, useEntrance } from './session.ts'

/** Only addresses of our own pages are followed after signing in. */
export function safeReturn(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])/.test(to) && !to.startsWith(paths.signIn()) ? to : paths.home()
}

export function SignInPage() {
  const [address] = useFilters()
  const go = useGo()
  const entrance = useEntrance()
  const [loginName, setLoginName] = useState('')
  const [password, setPassword] = useState('')
  const name = useRef<HTMLInputElement>(null)
  const back = safeReturn(address.to)
  const signIn = useCommand(access.signIn, { inline: true, onSuccess: forgetOthers })
  const signedIn = entrance.data?.session !== null && entrance.data?.session !== undefined

  useEffect(() => {
    document.title = '登录 · 校研'
    // On phones the keyboard would cover half of the page.
    if (matchMedia('(min-width: 768px)').matches) name.current?.focus()
  }, [])
  useEffect(() => {
    if (signedIn) go(back, { replace: true })
  }, [signedIn, back, go])

  return (
    <main className="entrance" id="main">
      <div className="entrance-words">
        <Brand />
        <p className="entrance-line">
          按本校的制度做研修，
          <br />
          做过的事自己会说话。
        </p>
        <p className="quiet">签到、记录、反思随手完成；学时、学分和考评，每个数字都能点开看依据。</p>
      </div>
      <div className="entrance-form sheet">
        <h1>登录</h1>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void signIn.run({ loginName, password })
          }}
        >
          <label className="field">
            <span className="field-label">用户名</span>
            <input
              ref={name}
              className="native-input"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              value={loginName}
              onChange={(event) => setLoginName(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="field-label">密码</span>
            <input
              className="native-input"
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
          {signIn.error && (
            <p className="form-error" role="alert">
              {signIn.error.message}
            </p>
          )}
          <Button type="primary" htmlType="submit" block size="large" loading={signIn.running}>
            登录
          </Button>
          <p className="quiet entrance-help">忘记密码请找学校管理员重置。首次登录要改密码。</p>
        </form>
      </div>
      {entrance.data?.demo && (
        <DemoAccounts onChoose={(input) => void signIn.run(input)} busy={signIn.running} />
      )}
    </main>
  )
}

function DemoAccounts({
  onChoose,
  busy,
}: {
  onChoose: (input: { loginName: string; password: string }) => void
  busy: boolean
}) {
  const accounts = useApi(access.listDemoAccounts, {})
  const byOrganisation = new Map<string, NonNullable<typeof accounts.data>>()
  for (const account of accounts.data ?? []) {
    byOrganisation.set(account.organisation, [...(byOrganisation.get(account.organisation) ?? []), account])
  }
  if (accounts.data?.length === 0) return null
  return (
    <section className="entrance-demo" aria-label="演示账号">
      <h2>演示：点一下，换一个人看</h2>
      {accounts.data === undefined && <div className="entrance-demo-waiting" />}
      {Array.from(byOrganisation, ([organisation, people]) => (
        <div key={organisation} className="demo-group">
          <h3>{organisation}</h3>
          <div className="demo-people">
            {people.map((account) => (
              <button
                key={account.loginName}
                type="button"
                disabled={busy}
                onClick={() => onChoose({ loginName: account.loginName, password: account.password })}
              >
                <span className="demo-name">{account.name}</span>
                <span className="quiet">{account.role}</span>
                <Icon name="chevronRight" size={18} />
              </button>
            ))}
          </div>
        </div>
      ))}
    </section>
  )
}
