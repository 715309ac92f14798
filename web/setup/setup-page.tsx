import '../access/access.css'
import './setup.css'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import type { setupApi } from '../../server/setup/contract.ts'
import { useEntrance } from '../access/session.ts'
import { api } from '../kit/api.ts'
import { useFilters, useGo } from '../kit/link.tsx'
import { ErrorNotice, Notice } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { Brand } from '../shell/brand.tsx'

const setup = api<typeof setupApi>('setup')

/** The first page of a new program: a school or a district, and who looks after it. */
export function SetupPage() {
  const [address] = useFilters()
  const token = address.token ?? ''
  const state = useApi(setup.getSetupState, { token })
  useEffect(() => {
    document.title = '开始使用 · 校研'
  }, [])
  return (
    <main className="entrance setup" id="main">
      <div className="entrance-words">
        <Brand />
        <p className="entrance-line">
          先认识一下
          <br />
          您的学校。
        </p>
        <p className="quiet">
          这一页只填一次，一分钟就好。接下来会有一张清单，带您设好学年、导入人员、选好制度、开通账号。
        </p>
        <ol className="setup-ahead quiet">
          <li>学校或区，和第一位管理员</li>
          <li>学年、学期、放假和调休</li>
          <li>花名册：人员、组和职务</li>
          <li>制度和账号</li>
        </ol>
      </div>
      {state.data?.state === 'open' ? (
        <SetupForm token={token} />
      ) : (
        <div className="entrance-form sheet">
          {state.error ? (
            <ErrorNotice error={state.error} retry={state.refetch} />
          ) : state.data === undefined ? (
            <p className="quiet">正在核对链接…</p>
          ) : (
            <Closed isDone={state.data.state === 'done'} />
          )}
        </div>
      )}
    </main>
  )
}

function Closed({ isDone }: { isDone: boolean }) {
  const go = useGo()
  if (isDone) {
    return (
      <>
        <h1>已经设置好了</h1>
        <p>学校已经建好，请直接登录。</p>
        <p className="page-way">
          <Button type="primary" onClick={() => go(paths.signIn())}>
            去登录
          </Button>
        </p>
      </>
    )
  }
  return (
    <>
      <h1>请用完整的链接打开</h1>
      <p>
        程序在服务器上启动时，会显示一个以 <code>/setup?token=</code>{' '}
        开头的链接，只有拿到这个链接的人才能设置。
      </p>
      <p className="quiet setup-gap">找不到了？在服务器上重新启动程序，会显示一个新的链接。</p>
    </>
  )
}

interface Values {
  kind: 'school' | 'district'
  name: string
  schools: string
  person: string
  staffNumber: string
  isPrincipal: boolean
  loginName: string
  password: string
  again: string
}

function SetupForm({ token }: { token: string }) {
  const go = useGo()
  const entrance = useEntrance()
  const [values, setValues] = useState<Values>({
    kind: 'school',
    name: '',
    schools: '',
    person: '',
    staffNumber: '',
    isPrincipal: false,
    loginName: '',
    password: '',
    again: '',
  })
  const [different, setDifferent] = useState(false)
  const command = useCommand(setup.setUp, {
    inline: true,
    success: '学校建好了',
    onSuccess: () => void entrance.refetch().then(() => go(paths.settings.school(), { replace: true })),
  })
  const change = (next: Partial<Values>) => {
    setValues({ ...values, ...next })
    setDifferent(false)
  }
  const isDistrict = values.kind === 'district'
  const schools = values.schools
    .split(/[\n、，,;；]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const errorOf = (field: string) => command.fieldErrors[field]
  const text = (
    key: 'name' | 'person' | 'staffNumber' | 'loginName' | 'password' | 'again',
    label: string,
    more: { error?: string | undefined; hint?: string; required?: boolean; autoComplete?: string } = {},
  ) => (
    <Labelled label={label} hint={more.hint} error={more.error} optional={more.required === false}>
      <input
        className="native-input"
        type={key === 'password' || key === 'again' ? 'password' : 'text'}
        autoComplete={more.autoComplete ?? 'off'}
        autoCapitalize="none"
        spellCheck={false}
        required={more.required !== false}
        aria-invalid={more.error !== undefined}
        value={values[key]}
        onChange={(event) => change({ [key]: event.target.value })}
      />
    </Labelled>
  )
  return (
    <div className="entrance-form sheet">
      <h1>开始使用</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (values.password !== values.again) return setDifferent(true)
          void command.run({
            token,
            kind: values.kind,
            name: values.name,
            schools: isDistrict ? schools : [],
            administrator: {
              name: values.person,
              staffNumber: values.staffNumber,
              isPrincipal: !isDistrict && values.isPrincipal,
              loginName: values.loginName,
              password: values.password,
            },
          })
        }}
      >
        <fieldset className="setup-kinds">
          <legend className="visually-hidden">用在哪里</legend>
          {(
            [
              ['school', '一所学校', '本校自己用'],
              ['district', '一个区县', '区里建学校，各校自己管'],
            ] as const
          ).map(([kind, label, note]) => (
            <label
              key={kind}
              className={values.kind === kind ? 'setup-kind setup-kind-chosen' : 'setup-kind'}
            >
              <input
                type="radio"
                name="kind"
                checked={values.kind === kind}
                onChange={() => change({ kind })}
              />
              <b>{label}</b>
              <span className="quiet">{note}</span>
            </label>
          ))}
        </fieldset>
        {text('name', isDistrict ? '区级机构名称' : '学校全称', {
          error: errorOf('name'),
          hint: isDistrict ? '例如 云岭区教师研修中心' : '会印在报告册和证书上',
        })}
        {isDistrict && (
          <Labelled
            label="区里的学校"
            hint={schools.length > 0 ? `共 ${schools.length} 所，以后还可以加` : '一行一所；以后再加也可以'}
            optional
            error={errorOf('schools')}
          >
            <textarea
              className="native-input setup-schools"
              rows={4}
              value={values.schools}
              onChange={(event) => change({ schools: event.target.value })}
            />
          </Labelled>
        )}
        <h2 className="setup-part">第一位管理员（您自己）</h2>
        <div className="setup-pair">
          {text('person', '姓名', { error: errorOf('administrator.name'), autoComplete: 'name' })}
          {text('staffNumber', '工号', { error: errorOf('administrator.staffNumber'), required: false })}
        </div>
        {!isDistrict && (
          <label className="setup-check">
            <input
              type="checkbox"
              checked={values.isPrincipal}
              onChange={(event) => change({ isPrincipal: event.target.checked })}
            />
            我是校长
          </label>
        )}
        {text('loginName', '登录名', {
          error: errorOf('administrator.loginName'),
          hint: '字母或数字，例如姓名的拼音',
          autoComplete: 'username',
        })}
        <div className="setup-pair">
          {text('password', '密码', {
            error: errorOf('administrator.password'),
            autoComplete: 'new-password',
          })}
          {text('again', '再输一次', {
            error: different ? '两次输入的不一样' : undefined,
            autoComplete: 'new-password',
          })}
        </div>
        <p className="quiet setup-rule">密码至少 8 位，同时有字母和数字，不包含登录名。</p>
        {command.error && Object.keys(command.error.fields).length === 0 && (
          <Notice tone="late">{command.error.message}</Notice>
        )}
        <Button type="primary" htmlType="submit" block size="large" loading={command.running}>
          {isDistrict ? '建好，去设置本区' : '建好，去设置学校'}
        </Button>
      </form>
    </div>
  )
}

function Labelled({
  label,
  hint,
  error,
  optional = false,
  children,
}: {
  label: string
  hint?: string | undefined
  error?: string | undefined
  optional?: boolean
  children: ReactNode
}) {
  return (
    <div className="field">
      <label>
        <span className="field-label">
          {label}
          {optional && <span className="optional">选填</span>}
        </span>
        {children}
      </label>
      {error === undefined ? (
        hint !== undefined && <span className="quiet">{hint}</span>
      ) : (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
