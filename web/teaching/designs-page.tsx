import { Button, Drawer, Form, Input } from 'antd'
import { useState } from 'react'
import { designKindLabels } from '../../server/teaching/words.ts'
import { useSession } from '../access/session.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Link, useFilters, useGo } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { design, designMarks } from './api.ts'
import { Segments } from './segments.tsx'
import './teaching.css'

type List = Awaited<ReturnType<typeof design.listDesigns>>
type View = 'mine' | 'group' | 'all'

/** Designs: one's own, those prepared together in the group. */
export function DesignsPage() {
  const teaches = useSession().roles.includes('teacher')
  const [filters, setFilters] = useFilters({ view: teaches ? 'group' : 'all' })
  const list = useApi(design.listDesigns, { view: filters.view as View }, { keep: true })
  const [open, setOpen] = useState<'own' | 'shared' | null>(null)
  const mayStart = list.data?.abilities.start === null
  const mayAssign = list.data?.abilities.assign === null
  const buttons = (
    <>
      {mayAssign && (
        <Button type="primary" onClick={() => setOpen('shared')}>
          安排集体备课
        </Button>
      )}
      {mayStart && (
        <Button type={mayAssign ? 'default' : 'primary'} onClick={() => setOpen('own')}>
          写教案
        </Button>
      )}
    </>
  )
  return (
    <Page
      title="备课"
      query={list}
      sentence={list.data && <Standing data={list.data} />}
      actions={list.data ? buttons : undefined}
    >
      {(data) => (
        <>
          <div className="teaching-tools">
            <Segments
              label="看谁的"
              value={filters.view ?? 'group'}
              options={[
                ...(teaches
                  ? [
                      { value: 'group', label: '本组' },
                      { value: 'mine', label: '我的' },
                    ]
                  : []),
                ...(data.abilities.all === null ? [{ value: 'all', label: '全校' }] : []),
              ]}
              onChange={(view) => setFilters({ view })}
            />
          </div>
          {data.designs.length === 0 ? (
            <Empty
              title="还没有教案"
              sentence="组长安排课题和主备人，大家在共同设计上评议，再各自改成自己的版本；也可以先写一份自己的教案。"
              action={buttons}
            />
          ) : (
            <Cards data={data} />
          )}
          <Drawer
            title={open === 'shared' ? '安排集体备课' : '写教案'}
            open={open !== null}
            onClose={() => setOpen(null)}
            destroyOnHidden
          >
            {open === 'shared' ? <AssignForm units={data.units} /> : <StartForm />}
          </Drawer>
        </>
      )}
    </Page>
  )
}

function Standing({ data }: { data: List }) {
  const shared = data.designs.filter((one) => one.kind === 'shared')
  const late = shared.filter((one) => one.isLate).length
  const mine = data.designs.find((one) => one.isMine && one.kind === 'shared' && one.status === 'drafting')
  return (
    <>
      集体备课 {shared.length} 次{late > 0 ? `，${late} 次初稿逾期` : ''}。
      {mine && `您是《${mine.title}》的主备人${mine.dueOn ? `，初稿请在${dayText(mine.dueOn)}前写好` : ''}。`}
    </>
  )
}

function Cards({ data }: { data: List }) {
  return (
    <ul className="cards teaching-cards">
      {data.designs.map((one) => (
        <li key={one.id} className="card">
          <div className="card-head">
            <Link to={paths.design(one.id)} className="card-title card-cover">
              {one.title}
            </Link>
            <StateMark {...(one.isLate ? { state: 'overdue', word: '初稿逾期' } : designMarks[one.status])} />
          </div>
          <p className="quiet">
            {designKindLabels[one.kind]} · {one.kind === 'shared' ? '主备人 ' : ''}
            {one.personName}
            {one.leftOn !== null && '（已离任）'} {one.unitName && `· ${one.unitName}`}
          </p>
          <p className="quiet">
            {one.versions === 0 ? '还没有内容' : `第 ${one.versions} 稿`}
            {one.savedAt && ` · ${momentText(one.savedAt)}保存`}
            {one.comments > 0 && ` · ${one.comments} 条意见${one.open > 0 ? `，${one.open} 条待处理` : ''}`}
          </p>
        </li>
      ))}
    </ul>
  )
}

function StartForm() {
  const go = useGo()
  const start = useCommand(design.startDesign, { inline: true, onSuccess: ({ id }) => go(paths.design(id)) })
  return (
    <CommandForm<Parameters<typeof design.startDesign>[0], { id: string }, { title: string }>
      command={start}
      toInput={(values) => values}
      submit="开始写"
    >
      <Field name="title" label="课题" required>
        <Input maxLength={60} placeholder="例如：三角形的面积" />
      </Field>
    </CommandForm>
  )
}

interface AssignValues {
  title: string
  unitId: string
  personId: string
  dueOn?: string
}
function AssignForm({ units }: { units: List['units'] }) {
  const go = useGo()
  const [form] = Form.useForm<AssignValues>()
  const unitId = Form.useWatch('unitId', form) ?? units[0]?.id
  const assign = useCommand(design.assignPreparation, {
    inline: true,
    success: '已安排，主备人可以开始写',
    onSuccess: ({ id }) => go(paths.design(id)),
  })
  const members = units.find((unit) => unit.id === unitId)?.members ?? []
  return (
    <CommandForm<Parameters<typeof design.assignPreparation>[0], { id: string }, AssignValues>
      command={assign}
      form={form}
      initial={{ title: '', personId: '', unitId: units[0]?.id ?? '' }}
      toInput={(values) => ({ ...values, dueOn: values.dueOn || null })}
      submit="安排"
    >
      <Field name="title" label="课题" required>
        <Input maxLength={60} placeholder="例如：分数的大小比较" />
      </Field>
      {units.length > 1 && (
        <Field name="unitId" label="备课组" required>
          <ChoiceInput options={units.map((unit) => ({ value: unit.id, label: unit.name }))} />
        </Field>
      )}
      {units.length <= 1 && (
        <Field name="unitId" label="备课组" hidden>
          <Input />
        </Field>
      )}
      <Field name="personId" label="主备人" required requiredMessage="请选择主备人">
        <ChoiceInput options={members.map((one) => ({ value: one.id, label: one.name }))} />
      </Field>
      <Field name="dueOn" label="初稿期限">
        <DateInput />
      </Field>
    </CommandForm>
  )
}
