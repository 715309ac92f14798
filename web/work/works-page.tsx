import { useState } from 'react'
import { useHasRole, useSession } from '../access/session.ts'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { statusMarks, work } from './api.ts'
import { Owed } from './owed.tsx'
import './work.css'

type Line = Awaited<ReturnType<typeof work.listMyWorks>>[number]

const columns: ListColumn<Line>[] = [
  {
    key: 'title',
    title: '标题',
    phone: 'title',
    render: (line) => (
      <span className="work-title">
        {line.title === '' ? <span className="quiet">（还没有标题）</span> : line.title}
        {line.beginning !== '' && <span className="work-beginning">{line.beginning}</span>}
      </span>
    ),
  },
  { key: 'kind', title: '种类', render: (line) => line.kindLabel, sortBy: (line) => line.kindLabel },
  {
    key: 'status',
    title: '状态',
    phone: 'mark',
    render: (line) => <StateMark {...statusMarks[line.status]} />,
    sortBy: (line) => line.status,
  },
  {
    key: 'characters',
    title: '字数',
    align: 'end',
    render: (line) => `${line.characters} 字`,
    sortBy: (line) => line.characters,
  },
  {
    key: 'day',
    title: '计入日期',
    render: (line) =>
      line.countsOn ? dayText(line.countsOn) : <span className="quiet">{momentText(line.savedAt)} 保存</span>,
    sortBy: (line) => line.countsOn ?? line.savedAt,
  },
]

const othersColumns: ListColumn<Line>[] = [
  ...columns.slice(0, 1),
  { key: 'author', title: '作者', render: (line) => line.author.name, sortBy: (line) => line.author.name },
  ...columns.slice(1),
]

/** My works with what is still owed; leaders and offices also read those of others. */
export function WorksPage() {
  const session = useSession()
  const readsOthers = useHasRole('groupLeader', 'academicOffice', 'researchOffice', 'principal')
  const [filters, setFilters] = useFilters({ of: 'mine' })
  const others = readsOthers && filters.of === 'others'
  return (
    <Page
      title="写作"
      sentence={others ? '老师们提交的作品，最新的在前。' : <Owed units={['篇']} />}
      actions={
        <LinkButton type="primary" to={paths.newWork()}>
          写一篇
        </LinkButton>
      }
    >
      {readsOthers && (
        <div className="segments works-of" role="group" aria-label="看谁的作品">
          {[
            { value: 'mine', label: '我的' },
            { value: 'others', label: session.roles.includes('groupLeader') ? '老师们的' : '全校的' },
          ].map((choice) => (
            <button
              key={choice.value}
              type="button"
              aria-pressed={others === (choice.value === 'others')}
              onClick={() => setFilters({ of: choice.value, q: undefined, status: undefined })}
            >
              {choice.label}
            </button>
          ))}
        </div>
      )}
      {others ? <OthersWorks /> : <MyWorks />}
    </Page>
  )
}

const statusOptions = [
  { value: 'submitted', label: '待审核' },
  { value: 'returned', label: '已退回' },
  { value: 'accepted', label: '已采纳' },
]

function MyWorks() {
  const works = useApi(work.listMyWorks, {})
  const [filters] = useFilters()
  const rows = works.data?.filter((line) => (filters.status ?? '') === '' || line.status === filters.status)
  return (
    <DataList
      label="我的作品"
      rows={rows}
      error={works.error}
      retry={works.refetch}
      rowKey={(line) => line.id}
      columns={columns}
      href={(line) => paths.work(line.id)}
      filters={[
        {
          key: 'status',
          label: '状态',
          all: '全部状态',
          options: [{ value: 'draft', label: '草稿' }, ...statusOptions],
        },
      ]}
      empty={{
        title: '还没有写过作品',
        sentence: '写完一节课的反思，提交后由组长审核，采纳后自动计入要求。',
        action: (
          <LinkButton type="primary" to={paths.newWork()}>
            写第一篇
          </LinkButton>
        ),
      }}
    />
  )
}

function OthersWorks() {
  const [filters] = useFilters()
  const status = statusOptions.find((option) => option.value === filters.status)?.value as
    | 'submitted'
    | 'returned'
    | 'accepted'
    | undefined
  const [limit, setLimit] = useState(50)
  const kinds = useApi(work.listWorkKinds, {})
  const works = useApi(
    work.listWorks,
    {
      ...(status ? { status } : {}),
      ...(filters.kind ? { kind: filters.kind } : {}),
      ...(filters.q ? { search: filters.q } : {}),
      limit,
    },
    { keep: true },
  )
  return (
    <DataList
      label="老师们的作品"
      rows={works.data?.works}
      error={works.error}
      retry={works.refetch}
      rowKey={(line) => line.id}
      columns={othersColumns}
      href={(line) => paths.work(line.id)}
      search="标题或姓名"
      filters={[
        { key: 'status', label: '状态', all: '全部状态', options: statusOptions },
        {
          key: 'kind',
          label: '种类',
          all: '全部种类',
          options: (kinds.data ?? []).map((kind) => ({ value: kind.kind, label: kind.label })),
        },
      ]}
      {...(works.data ? { total: works.data.total } : {})}
      pageSize={2000}
      more={works.data && works.data.works.length < works.data.total ? () => setLimit(limit + 100) : null}
      loadingMore={works.isFetching}
      empty={{ title: '还没有提交的作品', sentence: '老师提交后，会出现在这里和您的待办里。' }}
    />
  )
}
