import { Button } from 'antd'
import { useId, useState } from 'react'
import { inspectionLabels } from '../../server/lesson/words.ts'
import type { Inspection } from '../../server/lesson/words.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { Section } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { momentText } from '../kit/words.ts'
import { lesson } from './api.ts'
import type { ObservationDetail } from './api.ts'

/** The teacher's part of the sheet. */
export function Answer({ view }: { view: ObservationDetail }) {
  const id = useId()
  const [text, setText] = useState(view.answer)
  const [open, setOpen] = useState(view.answeredAt === null)
  const answer = useCommand(lesson.answerFeedback, {
    success: '已回应，听课人能看到',
    onSuccess: () => setOpen(false),
  })
  const title = view.dropIn ? '教师感言' : '上课教师回应'
  if (view.abilities.answer !== null || !open)
    return view.answer === '' ? null : (
      <Section
        title={title}
        aside={
          view.abilities.answer === null && (
            <button type="button" className="tool-button" onClick={() => setOpen(true)}>
              修改
            </button>
          )
        }
      >
        <p className="lesson-words">{view.answer}</p>
        <p className="quiet">
          {view.teacher.label}
          {view.answeredAt !== null && ` · ${momentText(view.answeredAt)}`}
        </p>
      </Section>
    )
  return (
    <Section title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void answer.run({ id: view.id, answer: text })
        }}
      >
        <label className="visually-hidden" htmlFor={id}>
          {title}
        </label>
        <div className="chips" role="group" aria-label="常用回应">
          {['谢谢指点，下节课就改。', '这一点我也有同感，已记下。', '想再请教，课间去找您。'].map(
            (phrase) => (
              <button
                key={phrase}
                type="button"
                className="chip"
                onClick={() => setText((now) => (now === '' ? phrase : `${now}${phrase}`))}
              >
                {phrase}
              </button>
            ),
          )}
        </div>
        <GrowingText
          id={id}
          value={text}
          onChange={setText}
          rows={3}
          placeholder="收到了什么启发、打算怎样改"
        />
        <div className="form-actions">
          <Button type="primary" htmlType="submit" loading={answer.running} disabled={text.trim() === ''}>
            回应
          </Button>
          {view.answeredAt !== null && <Button onClick={() => setOpen(false)}>不改了</Button>}
        </div>
      </form>
    </Section>
  )
}

/** The office looks at the notes. */
export function Inspect({ view }: { view: ObservationDetail }) {
  const [remark, setRemark] = useState('')
  const inspect = useCommand(lesson.inspectObservations, { success: '已登记检查' })
  if (view.abilities.inspect !== null) return null
  const mark = (inspection: Inspection | null) =>
    void inspect.run({ ids: [view.id], inspection, remark: inspection === null ? '' : remark })
  return (
    <Section title="检查听课记录">
      {view.inspection === null ? (
        <>
          <GrowingText
            name="批注"
            value={remark}
            onChange={setRemark}
            rows={2}
            placeholder="批注（“需补充”时必填）"
          />
          <div className="form-actions">
            {(Object.keys(inspectionLabels) as Inspection[]).map((inspection) => (
              <Button
                key={inspection}
                type={inspection === 'qualified' ? 'primary' : 'default'}
                loading={inspect.running}
                onClick={() => mark(inspection)}
              >
                {inspectionLabels[inspection]}
              </Button>
            ))}
          </div>
        </>
      ) : (
        <div className="form-actions">
          <span>已检查：{inspectionLabels[view.inspection]}</span>
          <Button loading={inspect.running} onClick={() => mark(null)}>
            撤销检查
          </Button>
        </div>
      )}
    </Section>
  )
}
