import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, ErrorNotice, Page, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { activity, series } from './api.ts'
import '../kit/data-list.css'
import './activity.css'
import './series.css'

const tabs = [
  { value: 'leaders', label: '领导参加' },
  { value: 'stranded', label: '组已撤销' },
  { value: 'templates', label: '活动模板' },
] as const

/** What offices follow of activities: leaders who take part, groups that were dissolved, templates of each kind. */
export function ManagementPage() {
  const [filters, setFilters] = useFilters({ tab: 'leaders' })
  return (
    <Page title="活动管理" width="wide" back={{ to: paths.activities(), label: '研修活动' }}>
      <div className="segments no-print" role="group" aria-label="内容">
        {tabs.map((tab) => (
          <button
            key={tab.value}
            type="button"
            aria-pressed={filters.tab === tab.value}
            onClick={() => setFilters({ tab: tab.value })}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {filters.tab === 'leaders' && <Leaders />}
      {filters.tab === 'stranded' && <Stranded />}
      {filters.tab === 'templates' && <Templates />}
    </Page>
  )
}

/** First day of the school year of a day. */
function yearStart(today: string): string {
  const year = Number(today.slice(0, 4)) - (Number(today.slice(5, 7)) < 8 ? 1 : 0)
  return `${year}-08-01`
}

function Leaders() {
  const { today } = useSession()
  const range = { from: yearStart(today), to: today }
  const query = useApi(series.listLeaderVisits, range)
  const [open, setOpen] = useState<string | null>(null)
  if (query.error) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton shape="board" />
  const months = query.data[0]?.months.map((one) => one.month) ?? []
  const total = query.data.reduce((sum, line) => sum + line.total, 0)
  return (
    <Section
      title="领导参加教研组活动"
      sentence={`本学年校级领导和教导处、教科室负责人参加各组活动 ${total} 人次；按签到统计，点姓名看去了哪些组。`}
      aside={
        <a className="tool-button" href={fileAddress(series.getLeaderVisitsFile, range)} download>
          <Icon name="download" size={16} />
          Excel
        </a>
      }
    >
      {query.data.length === 0 ? (
        <Empty title="还没有领导岗位。" sentence="请先在“人员”里任命校长、教导主任等岗位。" />
      ) : (
        <div className="table-scroll">
          <table className="table leader-months">
            <thead>
              <tr>
                <th>姓名</th>
                {months.map((month) => (
                  <th key={month}>{Number(month.slice(5))}月</th>
                ))}
                <th>合计</th>
              </tr>
            </thead>
            <tbody>
              {query.data.map((line) => (
                <tr key={line.personId}>
                  <td>
                    <Button
                      type="link"
                      className="link-button"
                      aria-expanded={open === line.personId}
                      onClick={() => setOpen(open === line.personId ? null : line.personId)}
                    >
                      {line.name}
                    </Button>{' '}
                    <span className="quiet">{line.title}</span>
                  </td>
                  {line.months.map((one) => (
                    <td key={one.month} className="figure">
                      {one.count}
                    </td>
                  ))}
                  <td className="figure">
                    <b>{line.total}</b>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open !== null && (
        <ul className="series-counts" aria-label="参加的活动">
          {query.data
            .find((line) => line.personId === open)
            ?.visits.map((visit) => (
              <li key={visit.activityId}>
                {dayText(visit.day)} {visit.unitName} ·{' '}
                <Link to={paths.activity(visit.activityId)}>{visit.theme}</Link>
              </li>
            ))}
          {query.data.find((line) => line.personId === open)?.total === 0 && (
            <li>本学年还没有参加教研组活动。</li>
          )}
        </ul>
      )}
    </Section>
  )
}

function Stranded() {
  const query = useApi(series.listStranded, {})
  const units = useApi(activity.getPlanSuggestion, {})
  const [chosen, setChosen] = useState<string[]>([])
  const [unitId, setUnitId] = useState('')
  const [reason, setReason] = useState('')
  const after = { invalidate: ['series', 'activity'] as const, onSuccess: () => setChosen([]) }
  const move = useCommand(series.moveToUnit, { ...after, success: (done) => `已转 ${done.moved} 次活动。` })
  const cancel = useCommand(series.cancelMany, {
    ...after,
    success: (done) => `已取消 ${done.cancelled} 次活动。`,
  })
  if (query.error) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton rows={4} />
  if (query.data.length === 0)
    return (
      <Empty
        title="没有要处理的活动。"
        sentence="组撤销后，还没有举行的活动会列在这里，由您转到别的组或取消。"
      />
    )
  const blocked = chosen.length === 0 ? '请先勾选活动。' : reason.trim() === '' ? '请写明原因。' : null
  return (
    <Section title="组已撤销，活动还在" sentence={`有 ${query.data.length} 次活动要转到别的组或取消。`}>
      <ul className="series-rows">
        {query.data.map((row) => (
          <li key={row.activityId}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(row.activityId)}
                onChange={(event) =>
                  setChosen(
                    event.target.checked
                      ? [...chosen, row.activityId]
                      : chosen.filter((id) => id !== row.activityId),
                  )
                }
              />{' '}
              <b>{dayText(row.day)}</b>
            </label>
            <span>{row.theme}</span>
            <span>{row.speakerName ?? ''}</span>
            <span className="quiet">
              {row.unitName}，{dayText(row.endedOn)}撤销
            </span>
          </li>
        ))}
      </ul>
      <div className="inline-form">
        <Button
          onClick={() =>
            setChosen(
              chosen.length === query.data?.length ? [] : (query.data ?? []).map((row) => row.activityId),
            )
          }
        >
          全选
        </Button>
        <Input
          value={reason}
          placeholder="原因"
          aria-label="原因"
          maxLength={200}
          onChange={(event) => setReason(event.target.value)}
        />
        <ChoiceInput
          aria-label="转到哪个组"
          value={unitId}
          empty="转到哪个组"
          onChange={setUnitId}
          options={(units.data?.units ?? []).flatMap((choice) =>
            choice.unit ? [{ value: choice.unit.id, label: choice.label }] : [],
          )}
        />
        <DisabledBecause
          type="primary"
          reason={blocked ?? (unitId === '' ? '请选择转到哪个组。' : null)}
          loading={move.running}
          onClick={() => void move.run({ activityIds: chosen, unitId, reason })}
        >
          转到这个组
        </DisabledBecause>
        <DisabledBecause
          reason={blocked}
          loading={cancel.running}
          onClick={() => void cancel.run({ activityIds: chosen, reason })}
        >
          取消这些活动
        </DisabledBecause>
      </div>
    </Section>
  )
}

function Templates() {
  const query = useApi(series.listTemplates, {})
  if (query.error) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton shape="form" />
  return (
    <>
      {query.data.templates.map((template) => (
        <Template key={template.kind} template={template} mayNot={query.data?.abilities.change ?? null} />
      ))}
    </>
  )
}

function Template({
  template,
  mayNot,
}: {
  template: Awaited<ReturnType<typeof series.listTemplates>>['templates'][number]
  mayNot: string | null
}) {
  const [values, setValues] = useState({
    minutes: template.minutes,
    place: template.place,
    materials: template.materials.join('\n'),
    agenda: template.agenda.join('\n'),
    leadDays: template.leadDays,
  })
  const save = useCommand(series.saveTemplate, {
    success: '模板已保存。',
    invalidate: ['series', 'participation'],
  })
  const required = (parts: typeof template.settled) =>
    parts
      .filter((part) => part.required)
      .map((part) => part.label)
      .join('、') || '不限'
  return (
    <Section
      title={template.kindLabel}
      sentence={`发布前落实：${required(template.settled)}；记录要写：${required(template.minutesParts)}。`}
      aside={
        <DisabledBecause
          size="small"
          type="primary"
          reason={mayNot}
          loading={save.running}
          onClick={() =>
            void save.run({
              kind: template.kind,
              ...values,
              materials: values.materials.split('\n'),
              agenda: values.agenda.split('\n'),
            })
          }
        >
          保存
        </DisabledBecause>
      }
    >
      <div className="series-settings">
        <label>
          时长（分钟）
          <InputNumber
            min={5}
            max={720}
            value={values.minutes}
            onChange={(minutes) => setValues({ ...values, minutes })}
          />
        </label>
        <label>
          地点
          <Input
            value={values.place}
            maxLength={80}
            onChange={(event) => setValues({ ...values, place: event.target.value })}
          />
        </label>
        <label>
          材料提前几天发
          <InputNumber
            min={0}
            max={60}
            value={values.leadDays}
            onChange={(leadDays) => setValues({ ...values, leadDays })}
          />
        </label>
        <label>
          通常的材料（一行一份）
          <Input.TextArea
            autoSize={{ minRows: 2 }}
            value={values.materials}
            onChange={(event) => setValues({ ...values, materials: event.target.value })}
          />
        </label>
        <label>
          议程（一行一项）
          <Input.TextArea
            autoSize={{ minRows: 2 }}
            value={values.agenda}
            onChange={(event) => setValues({ ...values, agenda: event.target.value })}
          />
        </label>
      </div>
    </Section>
  )
}
