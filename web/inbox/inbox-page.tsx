import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type DecidedKind, inboxKindLabels, taskKindLabels } from '../../server/inbox/words.ts'
import { addressOf } from '../home/places.ts'
import { Icon } from '../kit/icons.tsx'
import { useLatest } from '../kit/latest.ts'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { StateGlyph } from '../kit/state-mark.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { momentText } from '../kit/words.ts'
import { inbox } from './count.tsx'
import { type DecisionHandle, Preview } from './preview.tsx'
import './inbox.css'

type Answer = Awaited<ReturnType<typeof inbox.listInbox>>
export type Item = Answer['waiting'][number]

const keyOf = (item: Item) => `${item.kind}.${item.id}`

/** Everything that waits for me: what came back, what is decided in place, and what is done one tap away. */
export function InboxPage() {
  const query = useApi(inbox.listInbox, {})
  const phone = usePhone()
  const [filters] = useFilters({ open: '' })
  const data = query.data
  const opened = phone && filters.open !== '' && data !== undefined && data.waiting.length > 0
  return (
    <Page title="待办" width="wide" sentence={opened ? undefined : howItStands} query={query}>
      {(answer) => (
        <>
          {!opened && answer.returned.length > 0 && <Returned items={answer.returned} />}
          {answer.waiting.length > 0 && <Waiting items={answer.waiting} phone={phone} />}
          {!opened && answer.placed.length > 0 && <Placed items={answer.placed} />}
          {!opened && answer.tasks.length > 0 && <Tasks items={answer.tasks} />}
          {countOf(answer) === 0 && (
            <Empty title="没有待办" sentence="别人提交给您审核的、退回给您修改的，都会出现在这里。" />
          )}
        </>
      )}
    </Page>
  )
}

function howItStands(answer: Answer) {
  const counts = new Map<string, number>()
  const add = (label: string) => counts.set(label, (counts.get(label) ?? 0) + 1)
  for (const item of [...answer.waiting, ...answer.placed]) add(inboxKindLabels[item.kind])
  for (const task of answer.tasks) add(taskKindLabels[task.kind])
  if (answer.returned.length > 0) counts.set('退回修改', answer.returned.length)
  const parts = [...counts].map(([label, count]) => `${label} ${count} 件`)
  if (parts.length === 0) return <>现在没有等您处理的事。</>
  return (
    <>
      有 {countOf(answer)} 件事等您处理：{parts.join('，')}。
    </>
  )
}

const countOf = (answer: Answer) =>
  answer.waiting.length + answer.placed.length + answer.tasks.length + answer.returned.length

function Returned({ items }: { items: Answer['returned'] }) {
  return (
    <Section title="退回给我的" plain>
      <ul className="returned">
        {items.map((item) => (
          <li key={`${item.kind}${item.id}`}>
            <Link to={addressOf(item.action.place)}>
              <Icon name="undo" size={18} />
              <span className="returned-text">
                <b>{item.title}</b>
                <span>
                  {item.byName !== null && <span className="quiet">{item.byName}：</span>}
                  {item.reason}
                </span>
              </span>
              <span className="returned-go">{item.action.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Decisions that are made where the matter stands: one tap leads there. */
function Placed({ items }: { items: Answer['placed'] }) {
  return (
    <Section title="等我决定的" plain>
      <ul className="returned">
        {items.map((item) => (
          <li key={`${item.kind}${item.id}`}>
            <Link to={addressOf(item.action.place)}>
              <span className="returned-text">
                <span className="inbox-head">
                  <b>{item.title}</b>
                  <span className="inbox-kind">{inboxKindLabels[item.kind]}</span>
                </span>
                <span className="quiet">
                  {[item.personName, item.detail, item.text].filter((part) => part !== '').join(' · ')}
                </span>
              </span>
              <span className="returned-go">{item.action.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What others ask of me. */
function Tasks({ items }: { items: Answer['tasks'] }) {
  return (
    <Section title="请我做的" plain>
      <ul className="returned">
        {items.map((task) => (
          <li key={task.key}>
            <Link to={addressOf(task.action.place)}>
              <StateGlyph state={task.state} />
              <span className="returned-text">
                <span className="inbox-head">
                  <b>{task.title}</b>
                  <span className="inbox-kind">{task.mark}</span>
                </span>
                <span className="quiet">{task.detail}</span>
              </span>
              <span className="returned-go">{task.action.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Waiting({ items, phone }: { items: Item[]; phone: boolean }) {
  const [filters, setFilters] = useFilters({ open: '', kind: '' })
  const [chosen, setChosen] = useState<string[]>([])
  const list = useRef<HTMLUListElement>(null)
  const decision = useRef<DecisionHandle>(null)
  const shown = filters.kind === '' ? items : items.filter((item) => item.kind === filters.kind)
  const kinds = [...new Set(items.map((item) => item.kind))] as DecidedKind[]
  const openIndex = shown.findIndex((item) => keyOf(item) === filters.open)
  // On a PC something is always open, so that reading can begin at once.
  const index = openIndex >= 0 ? openIndex : phone ? -1 : Math.min(lastIndex.current, shown.length - 1)
  const current = index >= 0 ? shown[index] : undefined
  const approve = useCommand(inbox.approveMany, {
    invalidate: ['inbox', 'work', 'plan', 'attendance', 'regime'],
    success: ({ done, refused }) =>
      refused.length === 0
        ? `已通过 ${done} 件`
        : `已通过 ${done} 件；${refused.length} 件没有通过：${refused[0]?.reason}`,
    onSuccess: () => setChosen([]),
  })
  const chosenItems = items.filter((item) => item.batch && chosen.includes(keyOf(item)))

  const move = useLatest((step: number) => {
    const next = shown[Math.max(0, Math.min(shown.length - 1, index + step))]
    if (!next) return
    setFilters({ open: keyOf(next) })
    list.current?.querySelector(`[data-key="${keyOf(next)}"]`)?.scrollIntoView({ block: 'nearest' })
  })
  useEffect(() => {
    if (index >= 0) lastIndex.current = index
  }, [index])
  useEffect(() => {
    if (phone) return
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (
        target.closest('input,textarea,select,[contenteditable]') ||
        event.metaKey ||
        event.ctrlKey ||
        event.altKey
      )
        return
      if (event.key === 'j') move.current(1)
      else if (event.key === 'k') move.current(-1)
      else if (event.key === 'a') decision.current?.approve()
      else if (event.key === 'r') decision.current?.startReturn()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [phone, move])

  if (phone && current) {
    return (
      <div className="inbox-open">
        <button type="button" className="page-back as-link" onClick={() => setFilters({ open: undefined })}>
          <Icon name="chevronLeft" size={18} />
          全部待办
        </button>
        <Preview
          key={keyOf(current)}
          ref={decision}
          item={current}
          onDone={() => setFilters({ open: undefined })}
        />
      </div>
    )
  }
  return (
    <section className="inbox" aria-label="等我处理的">
      <div className="inbox-side">
        <div className="tools">
          {kinds.length > 1 && (
            <div className="segments inbox-kinds" role="group" aria-label="种类">
              {[
                { kind: '', label: '全部' },
                ...kinds.map((kind) => ({ kind, label: inboxKindLabels[kind] })),
              ].map((choice) => (
                <button
                  key={choice.kind}
                  type="button"
                  aria-pressed={filters.kind === choice.kind}
                  onClick={() =>
                    setFilters({ kind: choice.kind === '' ? undefined : choice.kind, open: undefined })
                  }
                >
                  {choice.label}
                </button>
              ))}
            </div>
          )}
        </div>
        <ul className="inbox-list" ref={list}>
          {shown.map((item) => (
            <li
              key={keyOf(item)}
              data-key={keyOf(item)}
              className={current && keyOf(current) === keyOf(item) ? 'current' : undefined}
            >
              {item.batch && (
                <input
                  type="checkbox"
                  aria-label={`选中 ${item.title}`}
                  checked={chosen.includes(keyOf(item))}
                  onChange={(event) =>
                    setChosen(
                      event.target.checked
                        ? [...chosen, keyOf(item)]
                        : chosen.filter((other) => other !== keyOf(item)),
                    )
                  }
                />
              )}
              <button
                type="button"
                className="inbox-item"
                aria-current={current && keyOf(current) === keyOf(item) ? 'true' : undefined}
                onClick={() => setFilters({ open: keyOf(item) })}
              >
                <span className="inbox-head">
                  <b>{item.personName}</b>
                  <span className={`inbox-kind inbox-kind-${item.kind}`}>{inboxKindLabels[item.kind]}</span>
                  <span className="quiet inbox-since">{momentText(item.waitingSince)}</span>
                </span>
                <span className="inbox-title">{item.title}</span>
                <span className="quiet">{item.detail}</span>
              </button>
            </li>
          ))}
        </ul>
        {chosenItems.length > 0 ? (
          <div className="inbox-batch" role="status">
            <span>已选 {chosenItems.length} 件</span>
            <Button
              type="primary"
              loading={approve.running}
              onClick={() => void approve.run({ items: chosenItems.map(({ kind, id }) => ({ kind, id })) })}
            >
              一起通过
            </Button>
            <Button onClick={() => setChosen([])}>不选了</Button>
          </div>
        ) : (
          !phone && (
            <p className="quiet inbox-keys">
              <kbd>j</kbd> <kbd>k</kbd> 上下　<kbd>a</kbd> 通过　<kbd>r</kbd> 退回
            </p>
          )
        )}
      </div>
      {!phone && current && (
        <Preview
          key={keyOf(current)}
          ref={decision}
          item={current}
          // The next in the list moves up to the same place.
          onDone={() => setFilters({ open: undefined })}
        />
      )}
    </section>
  )
}

/** Where the reader was, so that the next item opens in the place of the one that has gone. */
const lastIndex = { current: 0 }
