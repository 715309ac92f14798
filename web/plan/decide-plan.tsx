import { Button } from 'antd'
import { useState } from 'react'
import type { PlanView } from '../../server/plan/contract.ts'
import { useSession } from '../access/session.ts'
import type { Wire } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { DateInput } from '../kit/form.tsx'
import { useCommand } from '../kit/queries.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { plan } from './api.tsx'

/** Review, stamp and file, send back, withdraw a filing: what the caller may do with a paper now. */
export function DecidePlan({ view }: { view: Wire<PlanView> }) {
  const [opinion, setOpinion] = useState('')
  const [returning, setReturning] = useState(false)
  const common = {
    invalidate: ['plan', 'inbox', 'regime'],
    onSuccess: () => {
      setReturning(false)
      setOpinion('')
    },
  }
  const review = useCommand(plan.reviewPlan, { ...common, success: '审核通过，等待盖章备案' })
  const file = useCommand(plan.filePlan, {
    ...common,
    success: ({ filingNumber }) => `已盖章备案，备案号 ${filingNumber}`,
  })
  const back = useCommand(plan.returnPlan, { ...common, success: '已退回，原因已告诉撰写人' })
  const withdraw = useCommand(plan.withdrawFiling, { ...common, success: '已撤销备案，不再计入' })
  const { abilities } = view

  if (returning) {
    const filed = view.status === 'filed'
    return (
      <ReasonForm
        label={filed ? '为什么撤销备案' : '退回的原因'}
        placeholder={filed ? '例如：盖错了学期' : '写清哪一部分要改、怎样改'}
        submit={filed ? '撤销备案' : '退回并说明'}
        cancel={filed ? '不撤销' : '不退了'}
        running={back.running || withdraw.running}
        onSubmit={(reason) => void (filed ? withdraw : back).run({ id: view.id, reason })}
        onCancel={() => setReturning(false)}
      />
    )
  }
  const decides = abilities.review === null || abilities.file === null
  return (
    <>
      {decides && (
        <section className="review-box" aria-label={abilities.review === null ? '审核' : '盖章备案'}>
          <label className="field-label" htmlFor={`opinion-${view.id}`}>
            意见<span className="optional">选填</span>
          </label>
          <GrowingText
            id={`opinion-${view.id}`}
            value={opinion}
            onChange={setOpinion}
            rows={2}
            placeholder="一句意见"
          />
          <div className="form-actions">
            {abilities.review === null ? (
              <Button
                type="primary"
                loading={review.running}
                onClick={() => void review.run({ id: view.id, opinion })}
              >
                审核通过
              </Button>
            ) : (
              <Button
                type="primary"
                loading={file.running}
                onClick={() => void file.run({ id: view.id, opinion })}
              >
                盖章备案
              </Button>
            )}
            {abilities.return === null && <Button onClick={() => setReturning(true)}>退回…</Button>}
          </div>
        </section>
      )}
      {abilities.fileWithDistrict === null && <DistrictFiling view={view} />}
      {abilities.withdrawFiling === null && (
        <button type="button" className="tool-button" onClick={() => setReturning(true)}>
          撤销备案…
        </button>
      )}
    </>
  )
}

function DistrictFiling({ view }: { view: Wire<PlanView> }) {
  const session = useSession()
  const [number, setNumber] = useState('')
  const [on, setOn] = useState(session.today)
  const file = useCommand(plan.fileWithDistrict, {
    invalidate: ['plan', 'regime'],
    success: '已登记区里的备案号',
  })
  return (
    <form
      className="review-box"
      onSubmit={(event) => {
        event.preventDefault()
        void file.run({ id: view.id, number, on })
      }}
    >
      <label className="field-label" htmlFor="district-number">
        报区备案
      </label>
      <input
        id="district-number"
        className="native-input"
        value={number}
        placeholder="区里给的备案号"
        onChange={(event) => setNumber(event.target.value)}
      />
      <DateInput aria-label="区里备案的日期" value={on} max={session.today} onChange={setOn} />
      <div className="form-actions">
        <Button htmlType="submit" loading={file.running} disabled={number.trim() === ''}>
          登记
        </Button>
      </div>
    </form>
  )
}
