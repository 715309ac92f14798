import { useState } from 'react'
import { inspectionLabels } from '../../server/lesson/words.ts'
import { useHasRole } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList } from '../kit/data-list.tsx'
import type { ListColumn } from '../kit/data-list.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, rangeText, weekdayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Owed } from '../work/owed.tsx'
import { lesson } from './api.ts'
import type { ObservationLine, ObservationList } from './api.ts'
import { AnnounceInspection, BatchInspection } from './inspection.tsx'
import { LessonDuties } from './lesson-duties.tsx'
import './lesson.css'

type View = 'mine' | 'received' | 'visits' | 'all' | 'uninspected' | 'months' | 'duties'

/** My observations, what colleagues say of my lessons, and for leaders everybody's. */
export function ObservationsPage() {
  const [filters, setFilters] = useFilters({ view: 'mine' })
  const view = filters.view as View
  const leads = useHasRole('groupLeader', 'academicOffice', 'researchOffice', 'principal')
  const figures = view === 'months' || view === 'duties'
  const query = useApi(lesson.listObservations, { view: figures ? 'mine' : view }, { keep: true })
  const views = (data: ObservationList): { value: View; label: string }[] => [
    { value: 'mine', label: '我听的课' },
    { value: 'received', label: data.unanswered > 0 ? `我收到的 ${data.unanswered}` : '我收到的' },
    ...(data.abilities.visits === null ? [{ value: 'visits' as const, label: '随时听课' }] : []),
    ...(data.abilities.all === null ? [{ value: 'all' as const, label: '全部' }] : []),
    ...(data.abilities.inspect === null ? [{ value: 'uninspected' as const, label: '待检查' }] : []),
    ...(data.abilities.duties === null ? [{ value: 'duties' as const, label: '谁该听课' }] : []),
    ...(leads ? [{ value: 'months' as const, label: '节数' }] : []),
  ]
  return (
    <Page
      title="听课"
      query={query}
      sentence={query.data && <Standing data={query.data} />}
      actions={
        <>
          <LinkButton type="primary" to={paths.startObservation()} icon={<Icon name="edit" size={18} />}>
            开始听课
          </LinkButton>
          {query.data?.abilities.inspect === null && (view === 'uninspected' || view === 'months') && (
            <AnnounceInspection />
          )}
          {query.data?.abilities.dropIn === null && (
            <LinkButton to={paths.startObservation('drop')}>随时听课</LinkButton>
          )}
        </>
      }
    >
      {(data) => (
        <>
          <div className="tools no-print">
            <div className="segments lesson-segments" role="group" aria-label="看哪些听课记录">
              {views(data).map((one) => (
                <button
                  key={one.value}
                  type="button"
                  aria-pressed={view === one.value}
                  onClick={() => setFilters({ view: one.value === 'mine' ? undefined : one.value })}
                >
                  {one.label}
                </button>
              ))}
            </div>
          </div>
          {view === 'months' ? (
            <Months />
          ) : view === 'duties' ? (
            <LessonDuties of="observed" />
          ) : view === 'mine' || view === 'received' ? (
            <Cards data={data} view={view} />
          ) : (
            <Everybody data={data} view={view} />
          )}
        </>
      )}
    </Page>
  )
}

function Standing({ data }: { data: ObservationList }) {
  const total = data.months.reduce((sum, month) => sum + month.mine, 0)
  const latest = data.months.at(-1)
  return (
    <>
      本学期您听课 {total} 节{latest && `，${latest.label} ${latest.mine} 节`}。
      {data.unanswered > 0 && `有 ${data.unanswered} 份对您课的意见还没有回应。`}{' '}
      {data.duties.length > 0 && <Owed keys={data.duties} open={1} />}
    </>
  )
}

function Cards({ data, view }: { data: ObservationList; view: 'mine' | 'received' }) {
  if (data.observations.length === 0)
    return view === 'mine' ? (
      <Empty
        title="本学期还没有听课记录。"
        sentence="走进教室，点“开始听课”，边听边记，记完提交，上课教师马上能看到您的意见。"
        action={<LinkButton to={paths.startObservation()}>开始听课</LinkButton>}
      />
    ) : (
      <Empty
        title="还没有收到听课意见。"
        sentence="老师们听了您的课、提交记录后，意见会出现在这里，可以直接回应。"
      />
    )
  return (
    <div className="cards lesson-cards">
      {data.observations.map((line) => (
        <ObservationCard key={line.id} line={line} view={view} />
      ))}
    </div>
  )
}

function ObservationCard({ line, view }: { line: ObservationLine; view: 'mine' | 'received' }) {
  return (
    <article className="card">
      <div className="card-head">
        <Link className="card-title card-cover" to={paths.observation(line.id)}>
          {line.topic === '' ? `${line.className}${line.subject}课` : line.topic}
        </Link>
        <Marks line={line} view={view} />
      </div>
      <p className="quiet">
        {view === 'mine' ? `${line.teacher.label} · ${line.className}` : line.observer.label} ·{' '}
        {line.kindLabel} · {dayText(line.heldOn)} {weekdayText(line.heldOn)}
        {line.notes > 0 && ` · 记录 ${line.notes} 条`}
        {line.total !== null && ` · ${line.total} 分`}
      </p>
      {line.comment !== '' && <p className="lesson-excerpt">{line.comment}</p>}
      {line.answer !== '' && <p className="quiet lesson-excerpt">回应：{line.answer}</p>}
    </article>
  )
}

function Marks({ line, view }: { line: ObservationLine; view: View }) {
  if (line.status === 'draft') return <StateMark state="open" word="草稿" />
  if (view === 'received')
    return line.answeredAt === null ? (
      <StateMark state="dueSoon" word="待回应" />
    ) : (
      <StateMark state="done" word="已回应" />
    )
  if (line.inspection !== null)
    return (
      <StateMark
        state={line.inspection === 'insufficient' ? 'dueSoon' : 'done'}
        word={`检查${inspectionLabels[line.inspection]}`}
      />
    )
  return <StateMark state="done" word={line.answeredAt === null ? '已提交' : '已回应'} />
}

function Everybody({ data, view }: { data: ObservationList; view: View }) {
  const [selected, setSelected] = useState<string[]>([])
  const columns: ListColumn<ObservationLine>[] = [
    {
      key: 'topic',
      title: '课题',
      phone: 'title',
      render: (line) => (line.topic === '' ? `${line.className}${line.subject}课` : line.topic),
    },
    {
      key: 'observer',
      title: '听课人',
      sortBy: (line) => line.observer.label,
      render: (line) => line.observer.label,
    },
    {
      key: 'teacher',
      title: '上课教师',
      sortBy: (line) => line.teacher.label,
      render: (line) => line.teacher.label,
    },
    { key: 'class', title: '班级', phone: 'hidden', render: (line) => line.className },
    {
      key: 'day',
      title: '日期',
      sortBy: (line) => line.heldOn,
      render: (line) => `${dayText(line.heldOn)} ${weekdayText(line.heldOn)}`,
    },
    { key: 'notes', title: '记录', align: 'end', phone: 'hidden', render: (line) => `${line.notes} 条` },
    ...(view === 'visits'
      ? [{ key: 'step', title: '改进要求', render: (line: ObservationLine) => line.actionStep }]
      : []),
    { key: 'state', title: '状态', phone: 'mark', render: (line) => <Marks line={line} view={view} /> },
  ]
  return (
    <DataList
      label="听课记录"
      rows={data.observations}
      rowKey={(line) => line.id}
      columns={columns}
      href={(line) => paths.observation(line.id)}
      empty={
        view === 'uninspected'
          ? { title: '没有要检查的听课记录。', sentence: '老师们提交新的记录后会出现在这里。' }
          : view === 'visits'
            ? {
                title: '还没有随时听课。',
                sentence: '推门就听，选教师和班级，当场写意见。',
                action: <LinkButton to={paths.startObservation('drop')}>随时听课</LinkButton>,
              }
            : { title: '这段时间还没有听课记录。', sentence: rangeText(data.from, data.to) }
      }
      {...(view === 'uninspected'
        ? {
            selection: {
              selected,
              onChange: setSelected,
              actions: <BatchInspection ids={selected} done={() => setSelected([])} />,
            },
          }
        : {})}
    />
  )
}

function Months() {
  const query = useApi(lesson.listMonths, {})
  const { data } = query
  const columns: ListColumn<NonNullable<typeof data>['rows'][number]>[] = [
    { key: 'name', title: '教师', phone: 'title', sortBy: (row) => row.name, render: (row) => row.name },
    {
      key: 'unit',
      title: '教研组',
      phone: 'hidden',
      sortBy: (row) => row.unitNames.join(),
      render: (row) => row.unitNames.join('、'),
    },
    ...(data?.months ?? []).map((month) => ({
      key: month.month,
      title: month.label,
      align: 'end' as const,
      sortBy: (row: NonNullable<typeof data>['rows'][number]) => row.months[month.month] ?? 0,
      render: (row: NonNullable<typeof data>['rows'][number]) =>
        row.months[month.month] ?? <span className="quiet">0</span>,
    })),
    {
      key: 'total',
      title: '合计',
      align: 'end',
      phone: 'mark',
      sortBy: (row) => row.total,
      render: (row) => <b>{row.total} 节</b>,
    },
    {
      key: 'inspected',
      title: '已检查',
      align: 'end',
      phone: 'hidden',
      sortBy: (row) => row.inspected,
      render: (row) => row.inspected,
    },
  ]
  return (
    <Section title={`${data?.schoolYear ?? ''}听课节数`} plain>
      {data?.quotas.map((quota) => (
        <p key={quota.clause} className="section-sentence">
          {quota.who}：{quota.text} <span className="clause">{quota.clause}</span>
        </p>
      ))}
      <DataList
        label="听课节数"
        rows={data?.rows}
        error={query.error}
        retry={query.refetch}
        rowKey={(row) => row.personId}
        columns={columns}
        exportHref={fileAddress(lesson.getMonthsFile, {})}
        empty={{ title: '还没有教师。', sentence: '先在“学校设置”里导入教师名册。' }}
      />
    </Section>
  )
}
