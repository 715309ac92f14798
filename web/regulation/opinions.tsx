import { Button } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { type Answer, answerLabels, type Stance, stanceLabels } from '../../server/regulation/words.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { useFilters } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { momentText } from '../kit/words.ts'
import { type Opinion, regulation, type View } from './api.ts'

/** What was said of one clause (or of the whole), and the form to say something. */
export function About({ view, clauseId, label }: { view: View; clauseId: string | null; label: string }) {
  const opinions = view.opinionList.filter((one) => one.clauseId === clauseId)
  const mine = opinions.find((one) => one.isMine)
  const [editing, setEditing] = useState(false)
  const may = view.abilities.giveOpinion === null && (mine === undefined || mine.answer === null)
  return (
    <div className="clause-about">
      {opinions.length === 0 && !may && <p className="quiet">没有人对{label}提意见。</p>}
      {opinions.map((one) =>
        one.isMine && editing ? null : (
          <OpinionCard
            key={one.id}
            opinion={one}
            {...(one.isMine && may ? { edit: () => setEditing(true) } : {})}
          />
        ),
      )}
      {may && (mine === undefined || editing) && (
        <GiveOpinion
          view={view}
          clauseId={clauseId}
          label={label}
          mine={mine}
          done={() => setEditing(false)}
        />
      )}
    </div>
  )
}

function GiveOpinion({
  view,
  clauseId,
  label,
  mine,
  done,
}: {
  view: View
  clauseId: string | null
  label: string
  mine: Opinion | undefined
  done: () => void
}) {
  const [stance, setStance] = useState<Stance>(mine?.stance ?? 'change')
  const [text, setText] = useState(mine?.text ?? '')
  const give = useCommand(regulation.giveOpinion, {
    inline: true,
    invalidate: ['regulation', 'home'],
    success: '意见已提交，起草部门会逐条答复',
    onSuccess: done,
  })
  return (
    <ChoiceWithWords
      label={`对${label}的态度`}
      choices={stanceLabels}
      choice={stance}
      onChoose={setStance}
      wordsLabel={`对${label}的意见`}
      words={text}
      onWrite={setText}
      placeholder={stance === 'support' ? '可以不写，也可以写一句' : '写明怎样改、为什么'}
      invalid={give.fieldErrors.text !== undefined}
      error={give.error?.message}
      submit="提交意见"
      running={give.running}
      onSubmit={() => void give.run({ id: view.id, clauseId, stance, text })}
    >
      {mine && <Button onClick={done}>不改了</Button>}
      <span className="quiet">署名提交，全体教师可以看到。</span>
    </ChoiceWithWords>
  )
}

/** One of a few choices and some words about it, in one small form. */
function ChoiceWithWords<Choice extends string>({
  label,
  choices,
  choice,
  onChoose,
  wordsLabel,
  words,
  onWrite,
  placeholder,
  invalid,
  error,
  submit,
  running,
  onSubmit,
  children,
}: {
  label: string
  choices: Record<Choice, string>
  choice: Choice
  onChoose: (choice: Choice) => void
  wordsLabel: string
  words: string
  onWrite: (words: string) => void
  placeholder: string
  invalid: boolean
  error: string | undefined
  submit: string
  running: boolean
  onSubmit: () => void
  children: ReactNode
}) {
  const id = useId()
  return (
    <form
      className="opinion-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <div className="segments" role="group" aria-label={label}>
        {(Object.keys(choices) as Choice[]).map((one) => (
          <button key={one} type="button" aria-pressed={choice === one} onClick={() => onChoose(one)}>
            {choices[one]}
          </button>
        ))}
      </div>
      <label className="visually-hidden" htmlFor={id}>
        {wordsLabel}
      </label>
      <GrowingText
        id={id}
        value={words}
        onChange={onWrite}
        rows={2}
        placeholder={placeholder}
        invalid={invalid}
      />
      {error !== undefined && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={running}>
          {submit}
        </Button>
        {children}
      </div>
    </form>
  )
}

/** One opinion with its answer; the drafter answers in place. */
function OpinionCard({
  opinion,
  edit,
  withClause = false,
}: {
  opinion: Opinion
  edit?: () => void
  withClause?: boolean
}) {
  const [answering, setAnswering] = useState(false)
  const withdraw = useCommand(regulation.withdrawOpinion, {
    invalidate: ['regulation', 'home'],
    success: '意见已撤回',
  })
  const answers = opinion.abilities.answer === null
  const waits = opinion.stance === 'change' && opinion.answer === null
  return (
    <article className="opinion">
      <header>
        {withClause && <b>{opinion.clauseLabel}</b>}
        <span>{opinion.personName}</span>
        <span className={`opinion-stance opinion-${opinion.stance}`}>{stanceLabels[opinion.stance]}</span>
        <span className="quiet">{momentText(opinion.at)}</span>
      </header>
      {opinion.text !== '' && <p>{opinion.text}</p>}
      {opinion.answer !== null && (
        <p className="opinion-answer">
          <StateMark
            state={opinion.answer === 'adopted' ? 'done' : opinion.answer === 'partly' ? 'partly' : 'excused'}
            word={answerLabels[opinion.answer]}
          />
          {opinion.answerReason !== '' && <span>{opinion.answerReason}</span>}
          <span className="quiet">{opinion.answeredByName}</span>
        </p>
      )}
      {answering ? (
        <AnswerForm opinion={opinion} done={() => setAnswering(false)} />
      ) : (
        <div className="opinion-tools no-print">
          {edit && (
            <button type="button" className="tool-button" onClick={edit}>
              修改
            </button>
          )}
          {opinion.abilities.withdraw === null && (
            <button
              type="button"
              className="tool-button"
              disabled={withdraw.running}
              onClick={() => void withdraw.run({ opinionId: opinion.id })}
            >
              撤回
            </button>
          )}
          {answers && (waits || opinion.answer !== null) && (
            <button type="button" className="tool-button" onClick={() => setAnswering(true)}>
              {opinion.answer === null ? '答复' : '修改答复'}
            </button>
          )}
        </div>
      )}
    </article>
  )
}

function AnswerForm({ opinion, done }: { opinion: Opinion; done: () => void }) {
  const [answer, setAnswer] = useState<Answer>(opinion.answer ?? 'adopted')
  const [reason, setReason] = useState(opinion.answerReason)
  const send = useCommand(regulation.answerOpinion, {
    inline: true,
    invalidate: ['regulation'],
    success: '已答复',
    onSuccess: done,
  })
  return (
    <ChoiceWithWords
      label="答复"
      choices={answerLabels}
      choice={answer}
      onChoose={setAnswer}
      wordsLabel="理由"
      words={reason}
      onWrite={setReason}
      placeholder={answer === 'adopted' ? '怎样改的（可以不写）' : '为什么没有完全采纳'}
      invalid={send.fieldErrors.reason !== undefined}
      error={send.error?.message}
      submit="答复"
      running={send.running}
      onSubmit={() => void send.run({ opinionId: opinion.id, answer, reason })}
    >
      <Button onClick={done}>取消</Button>
    </ChoiceWithWords>
  )
}

/** All opinions, those without an answer first when asked for. */
export function OpinionList({ view }: { view: View }) {
  const [filters, setFilters] = useFilters({ only: '' })
  const open = view.opinionList.filter((one) => one.stance === 'change' && one.answer === null)
  const shown = filters.only === 'open' ? open : view.opinionList
  const supports = view.opinionList.filter((one) => one.stance === 'support').length
  const answered = (answer: Answer) => view.opinionList.filter((one) => one.answer === answer).length
  return (
    <section className="sheet" aria-label="意见和答复">
      <p>
        {view.opinionList.length} 条意见：同意 {supports} 条，建议修改 {view.opinionList.length - supports} 条
        （采纳 {answered('adopted')}，部分采纳 {answered('partly')}，未采纳 {answered('notAdopted')}，待答复{' '}
        {open.length}）。
      </p>
      {open.length > 0 && (
        <label className="opinion-only">
          <input
            type="checkbox"
            checked={filters.only === 'open'}
            onChange={(event) => setFilters({ only: event.target.checked ? 'open' : undefined })}
          />
          只看待答复的
        </label>
      )}
      {shown.map((one) => (
        <OpinionCard key={one.id} opinion={one} withClause />
      ))}
    </section>
  )
}
