import './lists.css'
import './settings.css'
import { Button } from 'antd'
import { useState } from 'react'
import type { AccountSlip, AccountState } from '../../server/access/contract.ts'
import { useSession } from '../access/session.ts'
import { addressOf } from '../../server/kit/contract.ts'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters } from '../kit/link.tsx'
import { Menu } from '../kit/menu.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { asApiError, errorFrom } from '../kit/api.ts'
import { momentText } from '../kit/words.ts'
import { useWarnBeforeLeaving } from './calendar-page.tsx'
import { type Answer, access } from './api.ts'
import { Slip } from './schools.tsx'

type View = Answer<typeof access.listAccounts>
type Account = View['accounts'][number]

const stateWords: Record<AccountState, string> = {
  unused: '还没登录过',
  active: '在用',
  locked: '密码错太多次，暂停中',
  disabled: '已停用',
}

/** Accounts: open them for everybody, hand out slips, reset, disable. */
export function AccountsPage() {
  const { organisation } = useSession()
  const query = useApi(access.listAccounts, {})
  const [address] = useFilters({ state: '' })
  const [slips, setSlips] = useState<AccountSlip[]>([])
  const [selected, setSelected] = useState<string[]>([])
  const [left, setLeft] = useState<number | null>(null)
  useWarnBeforeLeaving(slips.length > 0)
  const reset = useCommand(access.resetPasswords, {
    invalidate: ['access'],
    onSuccess: ({ slips: made }) => {
      setSlips((before) => [...before, ...made])
      setSelected([])
      scrollTo({ top: 0 })
    },
  })
  const disable = useCommand(access.disableAccount, {
    success: '账号已停用',
    undo: (_, input) => enable.run(input),
  })
  const enable = useCommand(access.enableAccount, { success: '账号已恢复' })

  /** Opens 200 at a time, so that one sees how far it is. */
  async function openAll(): Promise<void> {
    const made: AccountSlip[] = []
    try {
      for (let remaining = 1; remaining > 0; ) {
        const answer = await access.openAccounts({ personIds: null })
        made.push(...answer.slips)
        remaining = answer.slips.length === 0 ? 0 : answer.remaining
        setLeft(answer.remaining)
      }
    } catch (problem) {
      notify(asApiError(problem).message, { kind: 'error' })
    }
    setLeft(null)
    setSlips((before) => [...before, ...made])
    query.refetch()
  }

  const q = (address.q ?? '').toLowerCase()
  const rows = query.data?.accounts.filter(
    (account) =>
      (address.state === '' || account.state === address.state) &&
      [account.name, account.staffNumber, account.loginName].some((text) => text.toLowerCase().includes(q)),
  )
  const columns: ListColumn<Account>[] = [
    { key: 'name', title: '姓名', render: (account) => account.name, phone: 'title' },
    {
      key: 'number',
      title: '工号',
      render: (account) => account.staffNumber,
      sortBy: (account) => account.staffNumber,
    },
    { key: 'login', title: '登录名', render: (account) => account.loginName },
    {
      key: 'state',
      title: '状态',
      phone: 'mark',
      render: (account) => (
        <span className={`account-state account-${account.state}`}>
          {stateWords[account.state]}
          {account.hasLeft && '（已离开）'}
        </span>
      ),
    },
    {
      key: 'seen',
      title: '最近使用',
      render: (account) => (account.lastSeenAt ? momentText(account.lastSeenAt) : '—'),
    },
    {
      key: 'do',
      title: '操作',
      align: 'end',
      render: (account) =>
        account.abilities.disable === null || account.abilities.reset === null ? (
          <Menu label={`${account.name}的账号`} button={<span className="tool-button">处理</span>}>
            {account.abilities.reset === null && (
              <button type="button" onClick={() => void reset.run({ accountIds: [account.accountId] })}>
                重设密码
              </button>
            )}
            {account.abilities.disable === null &&
              (account.state === 'disabled' ? (
                <button type="button" onClick={() => void enable.run({ accountId: account.accountId })}>
                  恢复账号
                </button>
              ) : (
                <button type="button" onClick={() => void disable.run({ accountId: account.accountId })}>
                  停用账号
                </button>
              ))}
          </Menu>
        ) : (
          <span className="quiet">—</span>
        ),
    },
  ]
  return (
    <Page
      title="账号"
      width="wide"
      query={query}
      sentence={(view) => sentenceFor(view)}
      actions={
        query.data &&
        query.data.without.length > 0 && (
          <DisabledBecause
            type="primary"
            reason={query.data.abilities.open}
            loading={left !== null}
            onClick={() => void openAll()}
          >
            {left === null
              ? `为 ${query.data.without.length} 人开通账号`
              : left === 0
                ? '正在开通…'
                : `正在开通，还有 ${left} 人`}
          </DisabledBecause>
        )
      }
    >
      {() => (
        <>
          {slips.length > 0 && (
            <Slips slips={slips} organisation={organisation.name} onDone={() => setSlips([])} />
          )}
          <div className={slips.length > 0 ? 'no-print' : undefined}>
            <DataList<Account>
              label="账号"
              rows={rows}
              rowKey={(account) => account.accountId}
              columns={columns}
              search="姓名、工号或登录名"
              filters={[
                {
                  key: 'state',
                  label: '状态',
                  all: '全部',
                  start: '',
                  options: Object.entries(stateWords).map(([value, label]) => ({ value, label })),
                },
              ]}
              selection={{
                selected,
                onChange: setSelected,
                actions: (
                  <Button
                    size="small"
                    loading={reset.running}
                    onClick={() => void reset.run({ accountIds: selected })}
                  >
                    重设密码并发通知单
                  </Button>
                ),
              }}
              empty={{ title: '还没有账号。', sentence: '先导入花名册，再为大家开通账号。' }}
            />
          </div>
        </>
      )}
    </Page>
  )
}

function sentenceFor({ accounts, without }: View): string {
  const unused = accounts.filter((account) => account.state === 'unused').length
  const parts = [`${accounts.length} 人有账号`]
  if (unused > 0) parts.push(`其中 ${unused} 人还没登录过`)
  if (without.length > 0) parts.push(`还有 ${without.length} 人没有账号`)
  return `${parts.join('，')}。登录名一般就是工号，首次登录要改密码。`
}

/** The slips that were just made: to print and cut, or to save as Excel. They are shown once. */
function Slips({
  slips,
  organisation,
  onDone,
}: {
  slips: AccountSlip[]
  organisation: string
  onDone: () => void
}) {
  const [saving, setSaving] = useState(false)
  async function save(): Promise<void> {
    setSaving(true)
    try {
      const response = await fetch(addressOf(access.exportSlips.room, 'exportSlips'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ slips }),
      })
      if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null))
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await response.blob())
      link.download = `${organisation}账号通知单.xlsx`
      document.body.append(link)
      link.click()
      link.remove()
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    } catch (problem) {
      notify(asApiError(problem).message, { kind: 'error' })
    }
    setSaving(false)
  }
  return (
    <section className="slips" aria-label="账号通知单">
      <Notice
        tone="good"
        action={
          <>
            <Button type="primary" icon={<Icon name="print" size={18} />} onClick={() => print()}>
              打印通知单
            </Button>
            <Button loading={saving} icon={<Icon name="download" size={18} />} onClick={() => void save()}>
              存成 Excel
            </Button>
            <Button onClick={onDone}>都发好了</Button>
          </>
        }
      >
        <b>{slips.length} 张通知单</b>
        <br />
        初始密码只显示这一次，离开本页就看不到了；忘了打印可以重设。
      </Notice>
      <div className="slip-grid">
        {slips.map((slip) => (
          <Slip key={slip.loginName + slip.password} organisation={organisation} {...slip} />
        ))}
      </div>
    </section>
  )
}
