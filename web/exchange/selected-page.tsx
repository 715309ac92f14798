import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { selectionLevelLabels } from '../../server/exchange/words.ts'
import { useSession } from '../access/session.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, ErrorNotice, Page, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayWithWeekday } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { exchange, type SelectionLine, stale } from './api.ts'
import { SelectForm } from './select-form.tsx'
import { Tool } from './parts.tsx'
import './exchange.css'

/** What was chosen for all to read: in the school, and from the schools of the district. */
export function SelectedPage() {
  const [filters, setFilters] = useFilters({ from: '' })
  const [adding, setAdding] = useState(false)
  const query = useApi(exchange.listSelected, {})
  const data = query.data
  const selects = data?.abilities.select === null
  const isDistrict = useSession().organisation.kind === 'district'
  const isElsewhere = data !== undefined && data.school.length === 0 && data.district.length > 0
  const from = isDistrict ? 'district' : filters.from || (isElsewhere ? 'district' : 'school')
  const add = (
    <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setAdding(true)}>
      从作品里选
    </Button>
  )
  return (
    <>
      <Page
        title="精选文章"
        width="reading"
        query={query}
        sentence={(list) =>
          isDistrict
            ? `各校发给全区的 ${list.district.length} 篇。`
            : `本校 ${list.school.length} 篇，区内其他学校 ${list.district.length} 篇。`
        }
        {...(selects ? { actions: add } : {})}
      >
        {(list) => {
          const shown = from === 'district' ? list.district : list.school
          return (
            <>
              {!isDistrict && (
                <div className="segments exchange-segments no-print" role="group" aria-label="看哪里的">
                  <button
                    type="button"
                    aria-pressed={from !== 'district'}
                    onClick={() => setFilters({ from: 'school' })}
                  >
                    本校
                  </button>
                  <button
                    type="button"
                    aria-pressed={from === 'district'}
                    onClick={() => setFilters({ from: 'district' })}
                  >
                    区内各校
                  </button>
                </div>
              )}
              {shown.length === 0 ? (
                <Empty
                  title="还没有精选文章。"
                  sentence={
                    selects && from !== 'district'
                      ? '从已采纳的作品里选，或在网上交流里把好的发言“选为精选”，可以发在校内，也可以发给全区。'
                      : '教科室选出的好文章、好经验会登在这里。'
                  }
                  {...(selects && from !== 'district' ? { action: add } : {})}
                />
              ) : (
                shown.map((one) => <Article key={one.id} article={one} />)
              )}
            </>
          )
        }}
      </Page>
      <Drawer title="从作品里选" size="large" open={adding} onClose={() => setAdding(false)} destroyOnHidden>
        {adding && <WorkPicker done={() => setAdding(false)} />}
      </Drawer>
    </>
  )
}

function Article({ article }: { article: SelectionLine }) {
  const [mode, setMode] = useState<'short' | 'open' | 'withdraw'>('short')
  const withdraw = useCommand(exchange.withdrawSelection, { invalidate: stale, success: '已撤下' })
  const long = article.body.length > 260
  return (
    <article className="sheet exchange-article">
      <h2>{article.title}</h2>
      <p className="quiet">
        {[
          article.schoolName ?? '',
          article.authorName,
          article.workKindLabel,
          dayWithWeekday(article.on),
          article.schoolName === null ? selectionLevelLabels[article.level] : '',
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      {article.remark !== '' && <p className="exchange-remark">推荐语：{article.remark}</p>}
      <div className={long && mode === 'short' ? 'exchange-short' : undefined}>
        <p className="pre-line">{article.body}</p>
      </div>
      <div className="exchange-tools no-print">
        {long && (
          <Tool onClick={() => setMode(mode === 'short' ? 'open' : 'short')}>
            {mode === 'short' ? '看全文' : '收拢'}
          </Tool>
        )}
        {article.sourceId !== null && article.source !== 'work' && (
          <Link to={paths.topic(article.sourceId)}>去看话题</Link>
        )}
        {article.abilities.withdraw === null && <Tool onClick={() => setMode('withdraw')}>撤下</Tool>}
      </div>
      {mode === 'withdraw' && (
        <ReasonForm
          label="为什么撤下"
          placeholder="例如：作者要求修改"
          submit="撤下"
          cancel="不撤了"
          running={withdraw.running}
          onSubmit={(reason) => void withdraw.run({ selectionId: article.id, reason })}
          onCancel={() => setMode('short')}
        />
      )}
    </article>
  )
}

function WorkPicker({ done }: { done: () => void }) {
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<{ id: string; title: string } | null>(null)
  const works = useApi(exchange.findWorks, { search }, { keep: true })
  if (chosen)
    return <SelectForm source="work" sourceId={chosen.id} title={chosen.title} workKinds={[]} done={done} />
  if (works.error) return <ErrorNotice error={works.error} retry={works.refetch} />
  return (
    <>
      <Input.Search
        aria-label="找作品"
        placeholder="标题、姓名、拼音首字母"
        allowClear
        onSearch={(text) => setSearch(text.trim())}
      />
      {!works.data ? (
        <Skeleton rows={6} />
      ) : works.data.length === 0 ? (
        <p className="quiet">没有可选的作品：只有已采纳、还没有选过的可以选。</p>
      ) : (
        <ul className="exchange-works">
          {works.data.map((work) => (
            <li key={work.id}>
              <span className="exchange-main">
                <b>{work.title}</b>
                <span className="quiet">
                  {work.authorName} · {work.kindLabel}
                </span>
                <span className="exchange-beginning">{work.beginning}</span>
              </span>
              <Button onClick={() => setChosen(work)}>选</Button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
