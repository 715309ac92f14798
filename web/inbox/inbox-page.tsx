import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type InboxKind, inboxKindLabels } from '../../server/inbox/words.ts'
import { Icon } from '../kit/icons.tsx'
import { useLatest } from '../kit/latest.ts'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { inbox } from './count.tsx'
import { type DecisionHandle, Preview } from './preview.tsx'
import './inbox.css'

type Answer = Awaited<ReturnType<typeof inbox.listInbox>>
export type Item = Answer['waiting'][number]

const keyOf = (item: Item) => `${item.kind}.${item.id}`

/** Everything that waits for me, decided in place; and what came back to me. */
export function InboxPage() {
  const query = useApi(inbox.listInbox, {})
  const phone = usePhone()
  const [filters] = useFilters({ open: '' })
  const data = query.data
  const decides = data !== undefined && data.waiting.length > 0
  const opened = phone && filters.open !== ''
  return (
    <Page title="待办" width="wide" sentence={opened ? undefined : howItStands} query={query}>
      {(answer) => (
        <>
          {!opened && answer.returned.length > 0 && <Returned items={answer.returned} />}
          {decides ? (
            <Waiting items={answer.waiting} phone={phone} />
          ) : (
            answer.returned.length === 0 && (
              <Empty title="没有待办" sentence="别人提交给您审核的、退回给您修改的，都会出现在这里。" />
            )
          )}
        </>
      )}
    </Page>
  )
}

function howItStands(answer: Answer) {
  const counts = new Map<InboxKind, number>()
  for (const item of answer.waiting) counts.set(item.kind, (counts.get(item.kind) ?? 0) + 1)
  const parts = [...counts].map(([kind, count]) => `${inboxKindLabels[kind]} ${count} 件`)
  if (parts.length === 0) return <>现在没有等您处理的事。</>
  return (
    <>
      有 {answer.waiting.length} 件事等您处理：{parts.join('，')}。
    </>
  )
}

function Returned({ items }: { items: Answer['returned'] }) {
  const addressOf = (item: Answer['returned'][number]) =>
    item.kind === 'work' ? paths.work(item.id) : item.kind === 'plan' ? paths.plan(item.id) : paths.leaves()
  return (
    <Section title="退回给我的" plain>
      <ul className="returned">
        {items.map((item) => (
          <li key={`${item.kind}${item.id}`}>
            <Link to={addressOf(item)}>
              <Icon name="undo" size={18} />
              <span className="returned-text">
                <b>{item.title}</b>
                <span>
                  {item.byName !== null && <span className="quiet">{item.byName}：</span>}
                  {item.reason}
                </span>
              </span>
              <span className="returned-go">去修改</span>
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
  const kinds = [...new Set(items.map((item) => item.kind))]
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
