import { Button } from 'antd'
import { planLevelLabels, paperLabels, planStatusLabels } from '../../server/plan/words.ts'
import { useHasRole } from '../access/session.ts'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters, useGo } from '../kit/link.tsx'
import { Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Owed } from '../work/owed.tsx'
import { plan, planMarks, StateLine } from './api.tsx'

type Slot = Awaited<ReturnType<typeof plan.listPapers>>['slots'][number]
type Line = Awaited<ReturnType<typeof plan.listPlans>>[number]

/** My papers, those of my groups and of the school; the offices also see everybody's. */
export function PlansPage() {
  const [filters, setFilters] = useFilters({ term: '' })
  const papers = useApi(plan.listPapers, filters.term ? { termId: filters.term } : {}, { keep: true })
  const readsAll = useHasRole('groupLeader', 'academicOffice', 'researchOffice', 'principal')
  const teaches = useHasRole('teacher')
  const termId = papers.data?.termId ?? null
  return (
    <Page
      title="计划和总结"
      sentence={teaches ? <Owed units={['份']} /> : undefined}
      query={papers}
      skeleton="cards"
      actions={
        <ChoiceInput
          aria-label="学期"
          value={termId ?? ''}
          onChange={(term) => setFilters({ term })}
          options={(papers.data?.terms ?? []).map((term) => ({ value: term.id, label: term.name }))}
        />
      }
    >
      {(data) => (
        <>
          {(['teacher', 'group', 'organisation'] as const).map((level) => {
            const slots = data.slots.filter((slot) => slot.level === level)
            if (slots.length === 0) return null
            const title = { teacher: '我的', group: '本组的', organisation: '学校的' }[level]
            return (
              <Section key={level} title={title} plain>
                <div className="slots">
                  {slots.map((slot) => (
                    <SlotCard key={`${slot.ownerId}${slot.paper}${slot.termId}`} slot={slot} />
                  ))}
                </div>
                {level === 'teacher' && <LongerPlans slots={slots} />}
              </Section>
            )
          })}
          {readsAll && <AllPlans termId={termId} />}
        </>
      )}
    </Page>
  )
}

/** 数学教研组计划, 年度计划, 五年发展规划. */
function nameOf(slot: Slot): string {
  const owner = slot.level === 'group' ? slot.ownerName : ''
  if (slot.horizon === 'fiveYears' && slot.paper === 'plan') return `${owner}五年发展规划`
  return `${owner}${{ term: '', schoolYear: '年度', fiveYears: '五年' }[slot.horizon]}${paperLabels[slot.paper]}`
}

/** Plans for longer than a term, which some regulations ask for. */
function LongerPlans({ slots }: { slots: Slot[] }) {
  const go = useGo()
  const start = useCommand(plan.startPlan, { onSuccess: ({ id }) => go(paths.plan(id)) })
  const choices = [
    { horizon: 'schoolYear', label: '写年度研修计划' },
    { horizon: 'fiveYears', label: '写五年发展规划' },
  ] as const
  return (
    <div className="slots-more">
      {choices
        .filter((choice) => !slots.some((slot) => slot.paper === 'plan' && slot.horizon === choice.horizon))
        .map((choice) => (
          <button
            key={choice.horizon}
            type="button"
            className="tool-button"
            disabled={start.running}
            onClick={() => void start.run({ paper: 'plan', level: 'teacher', horizon: choice.horizon })}
          >
            <Icon name="plus" size={18} />
            {choice.label}
          </button>
        ))}
    </div>
  )
}

function SlotCard({ slot }: { slot: Slot }) {
  const go = useGo()
  const start = useCommand(plan.startPlan, { onSuccess: ({ id }) => go(paths.plan(id)) })
  const name = nameOf(slot)
  if (!slot.plan) {
    return (
      <div className="slot slot-empty">
        <span className="card-title">{name}</span>
        {slot.abilities.start === null ? (
          <>
            <span className="quiet">还没有写</span>
            <Button
              loading={start.running}
              onClick={() =>
                void start.run({
                  paper: slot.paper,
                  level: slot.level,
                  ownerId: slot.ownerId,
                  termId: slot.termId,
                  horizon: slot.horizon,
                })
              }
            >
              开始写{paperLabels[slot.paper]}
            </Button>
          </>
        ) : (
          <span className="quiet">还没有提交。{slot.abilities.start}</span>
        )}
      </div>
    )
  }
  const { plan: line } = slot
  return (
    <div className="slot card">
      <Link to={paths.plan(line.id)} className="card-title card-cover">
        {name}
      </Link>
      <StateLine status={line.status} />
      <p className="quiet">
        {line.status === 'filed' && line.stampedOn !== null
          ? `备案号 ${line.filingNumber} · ${dayText(line.stampedOn)}`
          : line.status === 'returned'
            ? `退回原因：${line.opinion}`
            : line.status === 'draft'
              ? line.missingSections.length > 0
                ? `还要写：${line.missingSections.join('、')}`
                : '必填部分已齐，可以提交'
              : line.submittedAt === null
                ? ''
                : `${momentText(line.submittedAt)} 提交`}
      </p>
    </div>
  )
}

const columns: ListColumn<Line>[] = [
  {
    key: 'owner',
    title: '谁的',
    phone: 'title',
    render: (line) => line.owner.name,
    sortBy: (line) => line.owner.name,
  },
  {
    key: 'paper',
    title: '文种',
    render: (line) => `${planLevelLabels[line.level]}${paperLabels[line.paper]}`,
    sortBy: (line) => line.level + line.paper,
  },
  {
    key: 'status',
    title: '状态',
    phone: 'mark',
    render: (line) => <StateMark {...planMarks[line.status]} />,
    sortBy: (line) => line.status,
  },
  {
    key: 'submitted',
    title: '提交',
    render: (line) => (line.submittedAt === null ? '—' : momentText(line.submittedAt)),
    sortBy: (line) => line.submittedAt ?? '',
  },
  {
    key: 'number',
    title: '备案号',
    render: (line) => line.filingNumber ?? '—',
    sortBy: (line) => line.filingNumber ?? '',
  },
]

function AllPlans({ termId }: { termId: string | null }) {
  const [filters] = useFilters()
  const all = useApi(plan.listPlans, termId === null ? null : { termId })
  const rows = all.data
    ?.filter((line) => (filters.level ?? '') === '' || line.level === filters.level)
    .filter((line) => (filters.status ?? '') === '' || line.status === filters.status)
    .filter((line) => (filters.paper ?? '') === '' || line.paper === filters.paper)
    .filter(
      (line) =>
        (filters.q ?? '') === '' ||
        line.title.includes(filters.q ?? '') ||
        line.owner.name.includes(filters.q ?? ''),
    )
  return (
    <Section title="全部材料" plain>
      <DataList
        label="计划和总结"
        rows={rows}
        error={all.error}
        retry={all.refetch}
        rowKey={(line) => line.id}
        columns={columns}
        href={(line) => paths.plan(line.id)}
        search="姓名或题目"
        filters={[
          {
            key: 'level',
            label: '层级',
            all: '全部层级',
            options: Object.entries(planLevelLabels).map(([value, label]) => ({ value, label })),
          },
          {
            key: 'paper',
            label: '文种',
            all: '计划和总结',
            options: Object.entries(paperLabels).map(([value, label]) => ({ value, label })),
          },
          {
            key: 'status',
            label: '状态',
            all: '全部状态',
            options: Object.entries(planStatusLabels).map(([value, label]) => ({ value, label })),
          },
        ]}
        empty={{ title: '本学期还没有计划和总结', sentence: '老师和各组开始写以后，会出现在这里。' }}
      />
    </Section>
  )
}
