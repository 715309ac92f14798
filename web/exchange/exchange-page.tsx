import { Drawer } from 'antd'
import { useState } from 'react'
import { linkLabels, topicViewLabels, type TopicView } from '../../server/exchange/words.ts'
import { useSession } from '../access/session.ts'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { exchange, type TopicLine, type TopicList } from './api.ts'
import { Figures } from './figures.tsx'
import './exchange.css'

const views = Object.keys(topicViewLabels) as TopicView[]

/** Topics and questions of the school and of one's groups, what is new first. */
export function ExchangePage() {
  const [filters, setFilters] = useFilters({ view: 'all', unit: '', q: '' })
  const [figures, setFigures] = useState(false)
  const view = views.find((one) => one === filters.view) ?? 'all'
  const query = useApi(
    exchange.listTopics,
    { view, unitId: filters.unit || null, search: filters.q || null },
    { keep: true },
  )
  const data = query.data
  const begin = (
    <LinkButton type="primary" icon={<Icon name="plus" size={18} />} to={paths.newTopic()}>
      发起话题或提问
    </LinkButton>
  )
  return (
    <>
      <Page
        title="网上交流"
        query={query}
        sentence={(list) => standing(list)}
        actions={
          <>
            {data?.abilities.figures === null && (
              <button type="button" className="tool-button" onClick={() => setFigures(true)}>
                参与情况
              </button>
            )}
            {data?.abilities.open === null && begin}
          </>
        }
      >
        {(list) => (
          <>
            <div className="exchange-bar no-print">
              <div className="segments" role="group" aria-label="看哪些">
                {views.map((one) => (
                  <button
                    key={one}
                    type="button"
                    aria-pressed={view === one}
                    onClick={() => setFilters({ view: one })}
                  >
                    {topicViewLabels[one]}
                    {one === 'questions' && list.counts.questions > 0 && ` ${list.counts.questions}`}
                    {one === 'unread' && list.counts.unread > 0 && ` ${list.counts.unread}`}
                  </button>
                ))}
              </div>
              <span className="exchange-filters">
                {list.units.length > 0 && (
                  <ChoiceInput
                    aria-label="哪个组"
                    value={filters.unit}
                    empty="全校和各组"
                    onChange={(unit) => setFilters({ unit: unit || undefined })}
                    options={list.units.map((unit) => ({ value: unit.id, label: unit.label }))}
                  />
                )}
                <Search value={filters.q} onSearch={(q) => setFilters({ q: q || undefined })} />
              </span>
            </div>
            {list.topics.length === 0 ? (
              <Empty
                title={view === 'all' && filters.q === '' ? '还没有话题。' : '没有符合的话题。'}
                sentence={
                  view === 'all' && filters.q === ''
                    ? '教学中遇到的问题、活动后的想法、外出学习的收获，都可以在这里说一说，同事会看到并回复。'
                    : '换一个条件看看。'
                }
                {...(view === 'all' && list.abilities.open === null ? { action: begin } : {})}
              />
            ) : (
              <ul className="exchange-list sheet">
                {list.topics.map((topic) => (
                  <TopicRow key={topic.id} topic={topic} />
                ))}
              </ul>
            )}
          </>
        )}
      </Page>
      <Drawer title="参与情况" size="large" open={figures} onClose={() => setFigures(false)} destroyOnHidden>
        {figures && <Figures />}
      </Drawer>
    </>
  )
}

function standing({ counts }: TopicList) {
  if (counts.unread === 0 && counts.questions === 0) return '没有新内容，也没有待解答的问题。'
  const parts = [
    counts.unread === 0 ? '' : `${counts.unread} 个话题有您没看过的内容`,
    counts.questions === 0 ? '' : `${counts.questions} 个问题还没有解答`,
  ]
  return `${parts.filter((part) => part !== '').join('，')}。`
}

function Search({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value)
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(text.trim())
      }}
    >
      <input
        type="search"
        className="native-input"
        aria-label="找话题"
        placeholder="标题、内容、姓名"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          if (event.target.value === '') onSearch('')
        }}
      />
    </form>
  )
}

function TopicRow({ topic }: { topic: TopicLine }) {
  const unread = topic.unread === null ? '新' : topic.unread > 0 ? `${topic.unread} 新` : null
  const { today } = useSession()
  const year = new Date(topic.lastAt).getFullYear()
  const last = `${String(year) === today.slice(0, 4) ? '' : `${year}年`}${momentText(topic.lastAt)}`
  return (
    <li className={topic.hidden ? 'exchange-hidden' : undefined}>
      <span className="exchange-main">
        <span className="exchange-title">
          {topic.pinned && <span className="exchange-tag">置顶</span>}
          <Link to={paths.topic(topic.id)}>{topic.title}</Link>
          {unread !== null && <span className="exchange-new">{unread}</span>}
        </span>
        {topic.beginning !== '' && <span className="exchange-beginning">{topic.beginning}</span>}
        <span className="quiet">
          {topic.authorName} · {topic.place}
          {topic.link && ` · ${linkLabels[topic.link.room]}《${topic.link.title}》`}
          {topic.hidden && ' · 已收起'}
          {topic.closed && ' · 已结束'}
        </span>
      </span>
      <span className="exchange-side">
        {topic.kind === 'question' && (
          <StateMark state={topic.answered ? 'done' : 'open'} word={topic.answered ? '已解答' : '待解答'} />
        )}
        <span className="quiet">
          {topic.replies === 0 ? '还没有回复' : `${topic.replies} 条回复 · ${topic.lastByName}`}
        </span>
        <time className="quiet">{last}</time>
      </span>
    </li>
  )
}
