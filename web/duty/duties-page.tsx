import './duty.css'
import { Button, Checkbox, Drawer, Form, Input } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { PersonPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { searchPeople } from '../settings/api.ts'
import { type Duties, type Duty, duty } from './api.ts'

type Task = 'assign' | { what: 'end' | 'withdraw'; line: Duty }

/** Who answers for what: one's own duties first, then the network of management layer by layer. */
export function DutiesPage() {
  const [filters, setFilters] = useFilters({ ended: '' })
  const query = useApi(duty.listDuties, { ended: filters.ended === '1' }, { keep: true })
  const [task, setTask] = useState<Task | null>(null)
  const close = () => setTask(null)
  const mayAssign = query.data?.abilities.assign === null
  const assign = mayAssign && (
    <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setTask('assign')}>
      分配职责
    </Button>
  )
  return (
    <Page
      title="职责"
      query={query}
      sentence={({ duties, open }) => {
        const mine = duties.filter((one) => one.isMine && one.to === null).length
        return `我负责 ${mine} 项，全校共 ${duties.length} 项。${open.length > 0 ? `制度要求的还有 ${open.length} 处没有落实到人。` : ''}`
      }}
      actions={
        query.data && query.data.duties.length > 0 ? (
          <>
            <Button icon={<Icon name="download" size={18} />} href={fileAddress(duty.getBodiesFile, {})}>
              导出
            </Button>
            {assign}
          </>
        ) : undefined
      }
      isEmpty={({ duties, open }) => duties.length === 0 && open.length === 0}
      empty={{
        title: '还没有写明职责。',
        sentence: mayAssign
          ? '从校长开始，一级一级写明谁负责什么，制度里有的职责可以直接选。'
          : '校长或教导处分配以后，自己的职责会出现在这里。',
        action: assign,
      }}
    >
      {(data) => {
        const mine = data.duties.filter((one) => one.isMine)
        return (
          <>
            {data.open.length > 0 && (
              <Notice tone="soon" action={data.duties.length === 0 ? assign : undefined}>
                <ul>
                  {data.open.map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
              </Notice>
            )}
            {mine.length > 0 && (
              <Section title="我的职责">
                {mine.map((line) => (
                  <Line key={line.id} line={line} showLayer />
                ))}
              </Section>
            )}
            {data.duties.length > 0 && <Network data={data} open={setTask} />}
            {data.posts.length > 0 && (
              <Section title="岗位能做什么">
                <ul className="duty-means">
                  {data.posts.map((post) => (
                    <li key={post.role}>
                      <b>{post.label}</b>
                      {post.isMine && <span className="duty-mine"> 我的岗位</span>}
                      <p>{post.means}</p>
                      <p className="quiet">
                        {post.holders.slice(0, 8).join('、')}
                        {post.holders.length > 8 && ` 等 ${post.holders.length} 人`}
                      </p>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <p>
              <Button
                type="link"
                className="link-button"
                onClick={() => setFilters({ ended: filters.ended === '1' ? undefined : '1' })}
              >
                {filters.ended === '1' ? '只看现行的' : '连同已结束的一起看'}
              </Button>
            </p>
            <Drawer
              title={task === null ? '' : task === 'assign' ? '分配职责' : task.line.statement}
              open={task !== null}
              onClose={close}
              destroyOnHidden
            >
              {task === 'assign' && <AssignForm data={data} onDone={close} />}
              {task !== null && task !== 'assign' && task.what === 'end' && (
                <EndForm line={task.line} today={data.today} onDone={close} />
              )}
              {task !== null && task !== 'assign' && task.what === 'withdraw' && (
                <WithdrawForm line={task.line} onDone={close} />
              )}
            </Drawer>
          </>
        )
      }}
    </Page>
  )
}

function Network({ data, open }: { data: Duties; open: (task: Task) => void }) {
  const known = new Set(data.layers.map((layer) => layer.id))
  const others = data.duties.filter((line) => !known.has(line.layer))
  const used = data.layers.filter(
    (layer) => layer.clause !== null || data.duties.some((line) => line.layer === layer.id),
  )
  const lines = (own: Duty[]) =>
    own.map((line) => (
      <Line
        key={line.id}
        line={line}
        {...(data.abilities.assign === null ? { open } : {})}
        isOver={line.to !== null && line.to < data.today}
      />
    ))
  return (
    <>
      {used.length > 0 && (
        <Section title={`${'零一二三四五六'[used.length] ?? used.length}级管理网络`} plain>
          <div className="duty-tree">
            {used.map((layer) => {
              const own = data.duties.filter((line) => line.layer === layer.id)
              return (
                <div key={layer.id} className="duty-level">
                  <h3>
                    {layer.label} {layer.clause !== null && <span className="clause">{layer.clause}</span>}
                  </h3>
                  {own.length === 0 ? <p className="quiet">还没有写明职责。</p> : lines(own)}
                </div>
              )
            })}
          </div>
        </Section>
      )}
      {others.length > 0 && (
        <Section title={used.length > 0 ? '其他职责' : '全部职责'}>{lines(others)}</Section>
      )}
    </>
  )
}

function Line({
  line,
  open,
  showLayer = false,
  isOver = false,
}: {
  line: Duty
  open?: (task: Task) => void
  showLayer?: boolean
  isOver?: boolean
}) {
  return (
    <div className="duty-line">
      <div className="duty-what">
        {line.statement} {line.firstResponsible && <span className="duty-first">第一责任人</span>}
        <p className="quiet">
          {[
            showLayer ? line.layerLabel : '',
            `${line.from} 起${line.to === null ? '' : `，到 ${line.to}`}`,
            line.because ?? (line.counts.length > 0 ? `计入 ${line.counts.join('、')}` : ''),
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </div>
      <span>
        <b>{line.holderName}</b>
        {line.roleLabel !== '' && <span className="quiet"> {line.roleLabel}</span>}
      </span>
      {open && !isOver && (
        <span>
          <Button type="link" size="small" onClick={() => open({ what: 'end', line })}>
            结束
          </Button>
          <Button type="link" size="small" onClick={() => open({ what: 'withdraw', line })}>
            作废
          </Button>
        </span>
      )}
    </div>
  )
}

interface Values {
  duty: string
  statement: string
  layer: string
  role: string
  holderKind: 'person' | 'unit' | 'organisation'
  personId: string
  unitId: string
  firstResponsible: boolean
  from: string
}

function AssignForm({ data, onDone }: { data: Duties; onDone: () => void }) {
  const { today } = useSession()
  const [form] = Form.useForm<Values>()
  const values = Form.useWatch([], form) as Partial<Values> | undefined
  const choice = data.choices.find((one) => one.id === values?.duty)
  const layers =
    choice && choice.layers.length > 0
      ? data.layers.filter((layer) => choice.layers.includes(layer.id))
      : data.layers
  // Where the regime wants a part that no post of ours carries, somebody must say it.
  const roles = choice && choice.roles.length > 1 && values?.holderKind === 'person' ? choice.roles : []
  const assign = useCommand(duty.assignDuty, {
    inline: true,
    invalidate: ['duty', 'regime'],
    success: ({ warnings }) => (warnings.length === 0 ? '已分配，本人在“我的职责”里看得到' : undefined),
    onSuccess: ({ warnings }) => {
      for (const warning of warnings) notify(warning, { kind: 'error' })
    },
  })
  return (
    <CommandForm
      form={form}
      command={assign}
      initial={{ duty: '', holderKind: 'person' as const, from: today, firstResponsible: false }}
      toInput={(given: Values) => ({
        duty: given.duty ?? '',
        statement: given.statement ?? '',
        layer: given.layer ?? '',
        role: given.role ?? '',
        firstResponsible: given.firstResponsible ?? false,
        holderKind: given.holderKind,
        holderId:
          given.holderKind === 'organisation'
            ? null
            : ((given.holderKind === 'person' ? given.personId : given.unitId) ?? null),
        from: given.from,
      })}
      submit="分配"
      onDone={onDone}
      onChange={(given) => {
        if (given.duty === 'firstResponsible' && !given.firstResponsible)
          form.setFieldsValue({ firstResponsible: true })
      }}
    >
      {data.choices.length > 0 && (
        <Field name="duty" label="制度里的职责" hint="选了就计入制度；制度没有的用下面自己的话写">
          <ChoiceInput
            empty="自己写"
            options={data.choices.map((one) => ({
              value: one.id,
              label: one.clause === '' ? one.label : `${one.label}（${one.clause}）`,
            }))}
          />
        </Field>
      )}
      <Field
        name="statement"
        label="负责什么"
        required={!choice}
        {...(choice ? { hint: `不填就写“${choice.label}”` } : {})}
      >
        <Input.TextArea maxLength={300} autoSize={{ minRows: 2 }} />
      </Field>
      <Field name="layer" label="管理层级">
        <ChoiceInput
          empty="不属于管理网络"
          options={layers.map((one) => ({ value: one.id, label: one.label }))}
        />
      </Field>
      <Field name="holderKind" label="由谁负责" required>
        <ChoiceInput
          options={[
            { value: 'person', label: '一个人' },
            { value: 'unit', label: '一个组或机构' },
            { value: 'organisation', label: '全体教师' },
          ]}
        />
      </Field>
      {values?.holderKind === 'person' && (
        <Field name="personId" label="责任人" required requiredMessage="请选择责任人">
          <PersonPicker search={searchPeople} aria-label="责任人" />
        </Field>
      )}
      {values?.holderKind === 'unit' && (
        <Field name="unitId" label="负责的组" required requiredMessage="请选择组">
          <ChoiceInput options={data.units.map((one) => ({ value: one.id, label: one.label }))} />
        </Field>
      )}
      {roles.length > 0 && (
        <Field name="role" label="以什么身份" hint="不选就按现在的职务">
          <ChoiceInput
            empty="按现在的职务"
            options={roles.map((one) => ({ value: one.id, label: one.label }))}
          />
        </Field>
      )}
      <Field name="firstResponsible" label="" valuePropName="checked">
        <Checkbox>第一责任人</Checkbox>
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function EndForm({ line, today, onDone }: { line: Duty; today: string; onDone: () => void }) {
  const end = useCommand(duty.endDuty, { inline: true, invalidate: ['duty', 'regime'], success: '已结束' })
  return (
    <CommandForm
      command={end}
      initial={{ lastDay: line.to ?? today }}
      toInput={(values: { lastDay: string }) => ({ dutyId: line.id, lastDay: values.lastDay })}
      submit="到这天结束"
      onDone={onDone}
    >
      <p>{line.holderName}到这天不再负责；这一学年不再计入，以前各学年的照旧。接手的人请另外分配。</p>
      <Field name="lastDay" label="最后一天" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function WithdrawForm({ line, onDone }: { line: Duty; onDone: () => void }) {
  const withdraw = useCommand(duty.withdrawDuty, {
    inline: true,
    invalidate: ['duty', 'regime'],
    success: '已作废',
  })
  return (
    <CommandForm
      command={withdraw}
      toInput={(values: { reason: string }) => ({ dutyId: line.id, reason: values.reason })}
      submit="作废"
      onDone={onDone}
    >
      <p>记错了才作废：各学年都不再计入。</p>
      <Field name="reason" label="原因" required>
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}
