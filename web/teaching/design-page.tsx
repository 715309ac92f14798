import { Button } from 'antd'
import { useState } from 'react'
import { designKindLabels } from '../../server/teaching/words.ts'
import { useSession } from '../access/session.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { ChoiceChips } from '../kit/chips.tsx'
import { ChoiceInput, DateInput } from '../kit/form.tsx'
import { Link, useFilters, useGo, usePathParams } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { Writing, Written } from '../kit/writing.tsx'
import { paths } from '../paths.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { type Design, design, designMarks } from './api.ts'
import { CaseActivities } from './case-activities.tsx'
import { DesignComparison } from './design-comparison.tsx'
import { DesignEditor } from './design-editor.tsx'
import { Segments } from './segments.tsx'
import './teaching.css'

/** One design: read and comment, write, compare its versions. */
export function DesignPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(design.getDesign, { id })
  const [filters, setFilters] = useFilters({ view: 'read', from: '', to: '' })
  return (
    <Page
      title={query.data?.title ?? '教案'}
      width={filters.view === 'read' ? 'normal' : 'wide'}
      back={{ to: paths.designs(), label: '备课' }}
      query={query}
      skeleton="text"
      sentence={
        query.data && (
          <>
            {designKindLabels[query.data.kind]} · {query.data.kind === 'shared' ? '主备人 ' : ''}
            {query.data.personName}
            {query.data.leftOn !== null && '（已离任）'} <StateMark {...designMarks[query.data.status]} />
          </>
        )
      }
    >
      {(view) => {
        const shown = view.version === 0 && view.abilities.write === null ? 'write' : (filters.view ?? 'read')
        return (
          <>
            <div className="teaching-tools no-print">
              <Segments
                label="怎样看"
                value={shown}
                options={[
                  { value: 'read', label: '阅读和评议' },
                  ...(view.abilities.write === null ? [{ value: 'write', label: '修改' }] : []),
                  ...(view.version > 1 || view.parent ? [{ value: 'compare', label: '对照' }] : []),
                ]}
                onChange={(next) => setFilters({ view: next })}
              />
              {view.lessonId && <Link to={paths.lesson(view.lessonId)}>这节课</Link>}
              {view.runId && <Link to={paths.teachingRun(view.runId)}>所属的研修流程</Link>}
              {view.parent && <Link to={paths.design(view.parent.id)}>共同设计</Link>}
            </div>
            {shown === 'write' ? (
              <DesignEditor view={view} done={() => setFilters({ view: 'read' })} />
            ) : shown === 'compare' ? (
              <DesignComparison view={view} />
            ) : (
              <Read view={view} />
            )}
          </>
        )
      }}
    </Page>
  )
}

function Read({ view }: { view: Design }) {
  const [quote, setQuote] = useState<string | null>(null)
  return (
    <div className="design-read">
      <div>
        <section className="sheet" aria-label="教案">
          {view.abilities.comment === null && view.paragraphs.length > 0 && quote === null ? (
            <details>
              <summary className="quiet">选一段来评议（{view.paragraphs.length} 段）</summary>
              {view.paragraphs.map((paragraph, index) => (
                <p key={index} className="design-paragraph">
                  <button type="button" className="tool-button no-print" onClick={() => setQuote(paragraph)}>
                    评议
                  </button>
                  {paragraph}
                </p>
              ))}
            </details>
          ) : null}
          {quote !== null && <CommentForm view={view} quote={quote} done={() => setQuote(null)} />}
          <Written html={view.body} empty="还没有内容。" />
        </section>
        <Tags view={view} />
        <Steps view={view} />
        {view.kind === 'shared' && view.status !== 'drafting' && <Minutes view={view} />}
        {view.kind === 'shared' && view.status !== 'drafting' && (
          <CaseActivities of={{ room: 'design', id: view.id }} />
        )}
        {view.kind === 'shared' && view.status !== 'drafting' && <Personal view={view} />}
      </div>
      <aside>
        <Section title={`意见 ${view.comments} 条`}>
          <Comments view={view} />
        </Section>
        <Section title="各稿">
          <ul className="teaching-links">
            {view.history.map((version) => (
              <li key={version.number}>
                第 {version.number} 稿 {version.authorName}{' '}
                <span className="quiet">
                  {momentText(version.savedAt)} {version.note}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      </aside>
    </div>
  )
}

/** What the design is about, by the school's list; the regime counts some of these words. */
function Tags({ view }: { view: Design }) {
  const tag = useCommand(design.tagDesign, { success: '内容标签已更新' })
  const chosen = view.tagChoices.filter((choice) => view.contentTags.includes(choice.id))
  if (view.abilities.write !== null)
    return chosen.length === 0 ? null : (
      <p className="quiet">内容：{chosen.map((choice) => choice.label).join('、')}</p>
    )
  if (view.tagChoices.length === 0) return null
  return (
    <details className="design-tags no-print">
      <summary>
        内容标签{chosen.length > 0 ? `：${chosen.map((choice) => choice.label).join('、')}` : '（选填）'}
      </summary>
      <ChoiceChips
        label="内容标签"
        options={view.tagChoices}
        chosen={view.contentTags}
        onChange={(contentTags) => void tag.run({ id: view.id, contentTags })}
      />
    </details>
  )
}

function CommentForm({ view, quote, done }: { view: Design; quote: string; done: () => void }) {
  const [text, setText] = useState('')
  const comment = useCommand(design.commentDesign, { success: '意见已记下', onSuccess: done })
  return (
    <div className="design-comments">
      <blockquote>{quote}</blockquote>
      <GrowingText rows={2} value={text} onChange={setText} placeholder="写一条意见或建议" name="意见" />
      <div className="design-actions">
        <Button
          type="primary"
          loading={comment.running}
          disabled={text.trim() === ''}
          onClick={() => void comment.run({ id: view.id, version: view.version, quote, text })}
        >
          提意见
        </Button>
        <Button onClick={done}>不提了</Button>
      </div>
    </div>
  )
}

function Comments({ view }: { view: Design }) {
  const [open, setOpen] = useState<string | null>(null)
  const [answer, setAnswer] = useState('')
  const send = useCommand(design.answerComment, {
    success: '已写明处理',
    onSuccess: () => {
      setOpen(null)
      setAnswer('')
    },
  })
  if (view.commentList.length === 0) return <p className="quiet">还没有意见。</p>
  return (
    <div className="design-comments">
      {view.commentList.map((comment) => (
        <div key={comment.id}>
          {comment.quote !== '' && <blockquote>{comment.quote.slice(0, 80)}</blockquote>}
          <p>{comment.text}</p>
          <p className="quiet">
            {comment.personName} · 评第 {comment.version} 稿
          </p>
          {comment.answer !== '' ? (
            <p>
              处理：{comment.answer} <span className="quiet">{comment.answeredByName}</span>
            </p>
          ) : (
            view.abilities.lead === null &&
            (open === comment.id ? (
              <>
                <GrowingText
                  rows={2}
                  value={answer}
                  onChange={setAnswer}
                  placeholder="采纳，怎样改；或为什么不改"
                  name="处理"
                />
                <Button
                  size="small"
                  loading={send.running}
                  disabled={answer.trim() === ''}
                  onClick={() => void send.run({ commentId: comment.id, answer })}
                >
                  写明处理
                </Button>
              </>
            ) : (
              <button type="button" className="tool-button" onClick={() => setOpen(comment.id)}>
                处理…
              </button>
            ))
          )}
        </div>
      ))}
    </div>
  )
}

function Steps({ view }: { view: Design }) {
  const [asking, setAsking] = useState<'back' | 'drafter' | null>(null)
  const [personId, setPersonId] = useState('')
  const go = useGo()
  const present = useCommand(design.presentDesign, { success: '已提交讨论，本组老师可以评议了' })
  const settle = useCommand(design.settleDesign, {
    invalidate: ['design', 'home', 'regime'],
    success: '已定稿',
  })
  const back = useCommand(design.takeBackDesign, { success: '已退回', onSuccess: () => setAsking(null) })
  const reassign = useCommand(design.reassignDrafter, {
    success: '已换主备人',
    onSuccess: () => setAsking(null),
  })
  const adapt = useCommand(design.adaptDesign, {
    onSuccess: ({ id }) => go(`${paths.design(id)}?view=write`),
  })
  const settles = view.kind === 'shared' ? view.abilities.lead : view.abilities.write
  return (
    <div className="no-print">
      <div className="design-actions">
        {view.kind === 'shared' &&
          view.status === 'drafting' &&
          view.abilities.lead === null &&
          view.version > 0 && (
            <Button
              type="primary"
              loading={present.running}
              onClick={() => void present.run({ id: view.id })}
            >
              提交讨论
            </Button>
          )}
        {view.status !== 'final' &&
          settles === null &&
          view.version > 0 &&
          (view.kind !== 'shared' || view.status === 'discussing') && (
            <Button loading={settle.running} onClick={() => void settle.run({ id: view.id })}>
              定稿
            </Button>
          )}
        {view.myVersionId ? (
          <Link to={paths.design(view.myVersionId)}>我的版本</Link>
        ) : (
          view.abilities.adapt === null && (
            <Button loading={adapt.running} onClick={() => void adapt.run({ id: view.id })}>
              改成我的版本
            </Button>
          )
        )}
        {view.abilities.lead === null && view.status !== 'drafting' && (
          <button type="button" className="tool-button" onClick={() => setAsking('back')}>
            退回修改…
          </button>
        )}
        {view.abilities.reassign === null && (
          <button type="button" className="tool-button" onClick={() => setAsking('drafter')}>
            换主备人…
          </button>
        )}
      </div>
      {asking === 'back' && (
        <ReasonForm
          label="为什么退回"
          placeholder="例如：第二环节还要再议"
          submit="退回修改"
          cancel="不退回"
          running={back.running}
          onSubmit={(reason) => void back.run({ id: view.id, reason })}
          onCancel={() => setAsking(null)}
        />
      )}
      {asking === 'drafter' && (
        <div className="design-actions">
          <ChoiceInput
            aria-label="新的主备人"
            value={personId}
            onChange={setPersonId}
            options={view.members.map((one) => ({ value: one.id, label: one.name }))}
          />
          <Button
            disabled={personId === ''}
            loading={reassign.running}
            onClick={() => void reassign.run({ id: view.id, personId })}
          >
            换成这位老师
          </Button>
          <Button onClick={() => setAsking(null)}>不换</Button>
        </div>
      )}
    </div>
  )
}

function Minutes({ view }: { view: Design }) {
  const { today } = useSession()
  const [writing, setWriting] = useState(false)
  const [minutes, setMinutes] = useState(view.minutes)
  const [on, setOn] = useState<string>(view.minutesOn ?? today)
  const save = useCommand(design.saveMinutes, {
    success: '讨论记录已保存',
    onSuccess: () => setWriting(false),
  })
  return (
    <Section title="讨论记录">
      {view.minutes !== '' && !writing && (
        <>
          {view.minutesOn && <p className="quiet">{dayText(view.minutesOn)}</p>}
          <Written html={view.minutes} />
        </>
      )}
      {view.minutes === '' && !writing && <p className="quiet">还没有记录；定稿以前要写。</p>}
      {view.abilities.lead === null && view.status !== 'final' && !writing && (
        <Button onClick={() => setWriting(true)}>{view.minutes === '' ? '写讨论记录' : '修改'}</Button>
      )}
      {writing && (
        <div className="design-editor">
          <DateInput
            value={on}
            max={today}
            onChange={(value) => setOn(value || today)}
            aria-label="讨论日期"
          />
          <Writing label="讨论记录" value={minutes} onChange={setMinutes} rows={4} />
          <Button
            type="primary"
            loading={save.running}
            onClick={() => void save.run({ id: view.id, minutes, on })}
          >
            保存记录
          </Button>
        </div>
      )}
    </Section>
  )
}

function Personal({ view }: { view: Design }) {
  return (
    <Section title={`个性化教案 ${view.personal.length} 份`}>
      {view.personal.length === 0 && <Notice>老师们在共同设计上各自修改，差别会显示在这里。</Notice>}
      <ul className="design-personal">
        {view.personal.map((one) => (
          <li key={one.id}>
            <Link to={`${paths.design(one.id)}?view=compare`}>{one.personName}</Link>{' '}
            <span className="quiet">
              {one.changedPercent === 0 ? '与共同设计相同' : `改动 ${one.changedPercent}%`}
            </span>{' '}
            <StateMark {...designMarks[one.status]} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
