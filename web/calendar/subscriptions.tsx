import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Notice } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { agenda } from './api.ts'

/** Secret addresses for calendar programs: made, shown once, ended. */
export function Subscriptions() {
  const query = useApi(agenda.listFeeds, {})
  const [unit, setUnit] = useState('')
  const [withTimetable, setWithTimetable] = useState(false)
  const [address, setAddress] = useState<string | null>(null)
  const create = useCommand(agenda.createFeed, {
    invalidate: ['agenda'],
    onSuccess: (made) => setAddress(made.address),
  })
  const revoke = useCommand(agenda.revokeFeed, {
    invalidate: ['agenda'],
    success: '已停用，这个地址再也打不开',
  })
  const copy = async (text: string) => {
    // Plain-http school networks have no clipboard; the text is selected then.
    try {
      await navigator.clipboard.writeText(text)
      notify('已复制', { kind: 'success' })
    } catch {
      notify('请长按或全选地址后复制', { kind: 'plain' })
    }
  }
  const data = query.data
  return (
    <div className="feeds">
      <p>
        取得一个专用地址，填进手机或电脑日历的“订阅日历”，活动、固定时间和截止日就自动出现，改期和取消也会跟着变。
      </p>
      <Notice tone="soon">
        谁有这个地址谁就能看到这份日程，不用登录。请不要转发；不小心发出去了，停用后重新取得。
      </Notice>
      {data && (
        <div className="feeds-make">
          <label className="field-label" htmlFor="feed-unit">
            哪一份日程
          </label>
          <ChoiceInput
            id="feed-unit"
            value={unit === '' ? 'mine' : unit}
            onChange={(value) => setUnit(value === 'mine' ? '' : value)}
            options={[
              { value: 'mine', label: '我的日程' },
              ...data.units.map((one) => ({ value: one.id, label: `${one.name}的日程` })),
            ]}
          />
          {unit === '' && (
            <Checkbox checked={withTimetable} onChange={(event) => setWithTimetable(event.target.checked)}>
              连同我的课表（往后两个月）
            </Checkbox>
          )}
          <Button
            type="primary"
            loading={create.running}
            onClick={() =>
              void create.run({
                unitId: unit === '' ? null : unit,
                withTimetable: unit === '' && withTimetable,
              })
            }
          >
            取得地址
          </Button>
        </div>
      )}
      {address !== null && (
        <div className="feeds-address" role="status">
          <p>地址只显示这一次，请现在复制：</p>
          <Input.TextArea
            readOnly
            autoSize
            value={address}
            aria-label="订阅地址"
            onFocus={(event) => event.target.select()}
          />
          <div className="form-actions">
            <Button onClick={() => void copy(address)}>复制地址</Button>
            <Button href={address.replace(/^https?:/, 'webcal:')}>在本机日历中打开</Button>
          </div>
        </div>
      )}
      {data && data.feeds.length > 0 && (
        <>
          <h3>已有的地址</h3>
          <ul className="feeds-list">
            {data.feeds.map((feed) => (
              <li key={feed.id}>
                <div>
                  <b>
                    {feed.label}
                    {feed.withTimetable && '（含课表）'}
                  </b>
                  <p className="quiet">
                    {momentText(feed.createdAt)} {feed.createdByName ?? ''} 取得
                    {feed.lastReadOn === null
                      ? '，还没有被读取'
                      : `，最近 ${dayText(feed.lastReadOn)} 被读取`}
                  </p>
                </div>
                <DisabledBecause
                  reason={feed.abilities.revoke}
                  loading={revoke.running}
                  onClick={() => void revoke.run({ id: feed.id })}
                >
                  停用
                </DisabledBecause>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
