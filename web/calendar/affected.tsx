import { Button, Input } from 'antd'
import { useState } from 'react'
import { activity } from '../activity/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Link } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { agenda } from './api.ts'

/** Activities that a holiday has overtaken: one tap moves each to the next school day, another cancels it. */
export function Affected() {
  const list = useApi(agenda.listAffected, {}).data ?? []
  const stale = ['activity', 'agenda', 'slot']
  const move = useCommand(activity.moveActivity, { invalidate: stale, success: '已改期，仍计入原定的一周' })
  const cancel = useCommand(activity.cancelActivity, { invalidate: stale, success: '已取消' })
  const [asking, setAsking] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  if (list.length === 0) return null
  return (
    <Section
      title={`放假碰上了 ${list.length} 场已安排的活动`}
      sentence="改到下一个上课日，或写明原因取消；改期的仍计入原定的一周。"
    >
      <ul className="affected">
        {list.map((one) => (
          <li key={one.id}>
            <div className="affected-about">
              <Link to={paths.activity(one.id)}>{one.theme}</Link>
              <p className="quiet">
                {one.unitName} · {one.dayLabel} {one.startTime} · {one.because}放假
              </p>
            </div>
            {asking === one.id ? (
              <div className="affected-reason">
                <Input
                  aria-label="取消的原因"
                  value={reason}
                  maxLength={200}
                  autoFocus
                  onChange={(event) => setReason(event.target.value)}
                />
                <Button
                  danger
                  loading={cancel.running}
                  onClick={() =>
                    void cancel.run({ id: one.id, reason }).then((done) => done && setAsking(null))
                  }
                >
                  确定取消
                </Button>
                <Button onClick={() => setAsking(null)}>不取消了</Button>
              </div>
            ) : (
              <div className="affected-acts">
                <DisabledBecause
                  type="primary"
                  reason={one.abilities.move}
                  loading={move.running}
                  onClick={() =>
                    void move.run({ id: one.id, day: one.proposal, reason: `${one.because}放假` })
                  }
                >
                  改到 {one.proposalLabel}
                </DisabledBecause>
                <DisabledBecause
                  reason={one.abilities.cancel}
                  onClick={() => {
                    setReason(`${one.because}放假，本次取消`)
                    setAsking(one.id)
                  }}
                >
                  取消并说明
                </DisabledBecause>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
