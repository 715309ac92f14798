import { Button, Drawer, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Link, useFilters, useGo } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { cellMark, runMark, type Runs, teaching } from './api.ts'
import { Segments } from './segments.tsx'
import './teaching.css'

type View = 'mine' | 'group' | 'all' | 'spread'

/** Matters in steps: one's own as cards, those of a group as people by steps. */
export function RunsPage() {
  const session = useSession()
  const teaches = session.roles.includes('teacher')
  const [filters, setFilters] = useFilters({ view: teaches ? 'mine' : 'all', flow: '' })
  const view = filters.view as View
  const list = useApi(
    teaching.listRuns,
    { view, ...(filters.flow ? { flow: filters.flow } : {}) },
    { keep: true },
  )
  const [starting, setStarting] = useState(false)
  const mayBegin = list.data?.abilities.begin === null
  const start = (
    <Button type="primary" onClick={() => setStarting(true)}>
      开始一个流程
    </Button>
  )
  return (
    <Page
      title="课例与研修流程"
      width="wide"
      query={list}
      sentence={list.data && <Standing data={list.data} view={view} />}
      actions={mayBegin ? start : undefined}
    >
      {(data) => (
        <>
          <div className="teaching-tools">
            <Segments
              label="看谁的"
              value={view}
              options={[
                ...(teaches ? [{ value: 'mine', label: '我的' }] : []),
                ...(teaches ? [{ value: 'group', label: '本组' }] : []),
                ...(data.abilities.all === null ? [{ value: 'all', label: '全校' }] : []),
                { value: 'spread', label: '教学模式' },
              ]}
              onChange={(value) => setFilters({ view: value })}
            />
            <ChoiceInput
              aria-label="流程"
              empty="全部流程"
              value={filters.flow ?? ''}
              onChange={(flow) => setFilters({ flow: flow || undefined })}
              options={data.flows.map((flow) => ({ value: flow.flow, label: flow.label }))}
            />
            {data.runs.length > 0 && (
              <a
                className="tool-button"
                href={fileAddress(teaching.getMatrixFile, {
                  view,
                  ...(filters.flow ? { flow: filters.flow } : {}),
                })}
              >
                导出 Excel
              </a>
            )}
          </div>
          {data.runs.length === 0 ? (
            <Empty
              title={view === 'spread' ? '还没有试出来的教学模式' : '还没有开始的流程'}
              sentence={
                view === 'spread'
                  ? '课例研究再评定以后，由教导处决定推广，模式会列在这里。'
                  : '从一课六环节、行动研究或课例研究中选一个，写上主题就开始，每一步在手机上填。'
              }
              action={view !== 'spread' && mayBegin ? start : undefined}
            />
          ) : view === 'spread' ? (
            <Models runs={data.runs} />
          ) : (
            <Matrices runs={data.runs} />
          )}
          <Drawer title="开始一个流程" open={starting} onClose={() => setStarting(false)} destroyOnHidden>
            <StartForm data={data} />
          </Drawer>
        </>
      )}
    </Page>
  )
}

function Standing({ data, view }: { data: Runs; view: View }) {
  if (view === 'spread') {
    const spread = data.runs.filter((run) => run.spread).length
    return (
      <>
        {spread === 0
          ? '课例研究再评定以后，由教导处决定是否推广。'
          : `已推广 ${spread} 个教学模式；安排课时点一下它的内容标签，就算采用。`}
      </>
    )
  }
  const running = data.runs.filter((run) => run.status === 'running').length
  const late = data.runs.filter(
    (run) => run.status === 'running' && run.cells.some((cell) => cell.state === 'late'),
  ).length
  const mine = data.runs.filter((run) => run.myStep !== null && run.status === 'running')
  return (
    <>
      进行中 {running} 项{late > 0 ? `，${late} 项有步骤逾期` : ''}。
      {mine[0] &&
        `轮到您：${mine[0].title}——${mine[0].myStep}${mine.length > 1 ? `，等 ${mine.length} 项` : ''}。`}
    </>
  )
}

function Matrices({ runs }: { runs: Runs['runs'] }) {
  const phone = usePhone()
  const groups = [
    ...Map.groupBy(runs, (run) => `${run.flow} ${run.steps.map((step) => step.id).join()}`).values(),
  ]
  return groups.map((group) => {
    const first = group[0]
    if (!first) return null
    return (
      <section key={`${first.flow}${first.steps.length}`} className="teaching-flow">
        <h2>{first.flowLabel}</h2>
        {phone ? (
          <ul className="cards teaching-cards">
            {group.map((run) => {
              const done = run.cells.filter((cell) => cell.state === 'done').length
              return (
                <li key={run.id} className="card">
                  <div className="card-head">
                    <Link to={paths.teachingRun(run.id)} className="card-title card-cover">
                      {run.title}
                    </Link>
                    <StateMark {...runMark(run)} />
                  </div>
                  <p className="quiet">
                    {run.ownerName} · 已完成 {done}/{run.cells.length} 步
                    {run.myStep && run.status === 'running' ? ` · 轮到您：${run.myStep}` : ''}
                  </p>
                </li>
              )
            })}
          </ul>
        ) : (
          <div className="teaching-scroll">
            <table className="teaching-matrix">
              <thead>
                <tr>
                  <th scope="col">教师</th>
                  <th scope="col">主题</th>
                  {first.steps.map((step) => (
                    <th key={step.id} scope="col">
                      {step.label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {group.map((run) => (
                  <tr key={run.id}>
                    <th scope="row">
                      {run.ownerName}
                      {run.leftOn !== null && <span className="quiet">（已离任）</span>}
                    </th>
                    <td>
                      <Link to={paths.teachingRun(run.id)}>{run.title}</Link>
                      {run.status !== 'running' && <StateMark {...runMark(run)} />}
                    </td>
                    {run.cells.map((cell) => (
                      <td key={cell.stepId}>
                        <StateMark {...cellMark(cell)} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    )
  })
}

function Models({ runs }: { runs: Runs['runs'] }) {
  return (
    <ul className="cards teaching-cards">
      {runs.map((run) => (
        <li key={run.id} className="card">
          <div className="card-head">
            <Link to={paths.teachingRun(run.id)} className="card-title card-cover">
              {run.model === '' ? run.title : run.model}
            </Link>
            {run.spread ? (
              <StateMark state="done" word="已推广" />
            ) : (
              <StateMark state="excused" word="暂不推广" />
            )}
          </div>
          <p>{run.spreadReason}</p>
          <p className="quiet">
            出自 {run.ownerName}《{run.title}》
            {run.uses !== null &&
              (run.uses.lessons === 0
                ? ' · 还没有课采用'
                : ` · ${run.uses.teachers} 位老师的 ${run.uses.lessons} 节课采用`)}
          </p>
        </li>
      ))}
    </ul>
  )
}

interface StartValues {
  flow: string
  title: string
  who: string
  personIds?: string[]
  from: string
  daysPerStep: number
}

function StartForm({ data }: { data: Runs }) {
  const go = useGo()
  const { today } = useSession()
  const [form] = Form.useForm<StartValues>()
  const chosen = Form.useWatch('flow', form)
  const flow = data.flows.find((one) => one.flow === chosen)
  const who = Form.useWatch('who', form) ?? 'me'
  const start = useCommand(teaching.startFlow, {
    inline: true,
    success: ({ ids }) => (ids.length > 1 ? `已为 ${ids.length} 位老师开始` : '已开始'),
    onSuccess: ({ ids }) =>
      go(ids.length === 1 && ids[0] ? paths.teachingRun(ids[0]) : `${paths.teaching()}?view=group`),
  })
  const mayOthers = data.abilities.beginForOthers === null
  const unit = data.units.find((one) => one.id === who)
  return (
    <CommandForm<Parameters<typeof teaching.startFlow>[0], { ids: string[] }, StartValues>
      command={start}
      form={form}
      initial={{ flow: data.flows[0]?.flow ?? '', who: 'me', from: today, daysPerStep: 7, title: '' }}
      toInput={(values) => ({
        flow: values.flow,
        title: values.title,
        unitId: values.who === 'me' ? null : values.who,
        personIds: values.personIds ?? [],
        from: values.from,
        daysPerStep: values.daysPerStep,
      })}
      submit="开始"
    >
      <Field
        name="flow"
        label="流程"
        required
        requiredMessage="请选择流程"
        hint={flow?.clause || flow?.about}
      >
        <ChoiceInput options={data.flows.map((one) => ({ value: one.flow, label: one.label }))} />
      </Field>
      {flow && (
        <p className="quiet teaching-steps-line">{flow.steps.map((step) => step.label).join(' → ')}</p>
      )}
      <Field name="title" label="主题或课题" required>
        <Input maxLength={60} placeholder="例如：分数的初步认识" />
      </Field>
      {(mayOthers || flow?.of === 'unit') && (
        <Field name="who" label={flow?.of === 'unit' ? '哪个组' : '为谁开始'} required>
          <ChoiceInput
            options={[
              ...(flow?.of === 'unit' ? [] : [{ value: 'me', label: '我自己' }]),
              ...data.units.map((one) => ({
                value: one.id,
                label: flow?.of === 'unit' ? one.name : `${one.name}全体（${one.members.length} 人）`,
              })),
            ]}
          />
        </Field>
      )}
      {mayOthers && unit && flow?.of !== 'unit' && (
        <Field name="personIds" label="只为其中几位" hint="不选就是全组。">
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={unit.members.map((one) => ({ value: one.id, label: one.name }))}
          />
        </Field>
      )}
      <Field name="from" label="从哪天开始" required>
        <DateInput />
      </Field>
      <Field
        name="daysPerStep"
        label="每步几天"
        required
        hint={flow ? `共 ${flow.steps.length} 步；制度规定更短的，按制度。` : undefined}
      >
        <InputNumber min={1} max={60} precision={0} suffix="天" />
      </Field>
      <p className="quiet">今天是{dayText(today)}。</p>
    </CommandForm>
  )
}
