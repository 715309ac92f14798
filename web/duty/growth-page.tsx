import './duty.css'
import { Button, Drawer, Form, Input } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList } from '../kit/data-list.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters } from '../kit/link.tsx'
import { Page, Section } from '../kit/page.tsx'
import { type Choice, PeoplePicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { org, searchPeople } from '../settings/api.ts'
import { Attachments } from '../work/attachments.tsx'
import { duty, type Growth, type Proposal } from './api.ts'
import { OpinionForm } from './opinion-form.tsx'
import { BodyTitles } from './titles.tsx'

type Kind = Proposal['kind']
type Task = 'propose' | { what: 'return' | 'train' | 'files' | 'withdraw' | 'opine'; line: Proposal }
const stale = { inline: true, invalidate: ['duty', 'org', 'regime', 'inbox'] } as const
const titles = {
  return: '退回并说明',
  train: '记一次培养',
  files: '依据和附件',
  withdraw: '撤销',
  opine: '评审意见',
}

/** Where everybody stands on the ladder, the pool by level, and what waits for the principal. */
export function GrowthPage() {
  const query = useApi(duty.listGrowth, {})
  const [address] = useFilters({ step: '', q: '' })
  const [task, setTask] = useState<Task | null>(null)
  const close = () => setTask(null)
  return (
    <Page
      title="成长阶段和骨干"
      query={query}
      width="wide"
      sentence={({ rows, unknown, proposals }) => {
        const waiting = proposals.filter((one) => one.status === 'proposed').length
        return `${rows.length} 位教师，${unknown === 0 ? '都已登记成长阶段' : `还有 ${unknown} 位没有登记成长阶段`}${waiting > 0 ? `；${waiting} 项待校长确认` : ''}。`
      }}
      actions={
        query.data && (
          <>
            <Button icon={<Icon name="download" size={18} />} href={fileAddress(duty.getGrowthFile, {})}>
              导出
            </Button>
            {query.data.abilities.propose === null && (
              <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setTask('propose')}>
                提出
              </Button>
            )}
          </>
        )
      }
    >
      {(data) => {
        const shown = data.rows.filter(
          (row) =>
            (!address.step || row.step === address.step || (address.step === 'none' && row.step === '')) &&
            (!address.q || `${row.name}${row.groupName}`.includes(address.q)),
        )
        return (
          <>
            <Section title="阶梯" plain>
              <div className="duty-ladder">
                {data.steps.map((step, index) => (
                  <div key={step.id} className="duty-step" style={{ paddingBottom: 10 + index * 8 }}>
                    {step.label}
                    <b>{step.people} 人</b>
                  </div>
                ))}
              </div>
            </Section>
            <Waiting data={data} open={setTask} />
            <Pool data={data} open={setTask} />
            <BodyTitles />
            <Section title="每位教师" plain>
              <DataList
                label="成长阶段"
                rows={shown}
                rowKey={(row) => row.personId}
                search="姓名、教研组"
                filters={[
                  {
                    key: 'step',
                    label: '阶段',
                    all: '全部',
                    options: [
                      ...data.steps.map((step) => ({ value: step.id, label: step.label })),
                      { value: 'none', label: '没有登记' },
                    ],
                  },
                ]}
                columns={[
                  { key: 'name', title: '姓名', render: (row) => row.name, phone: 'title' },
                  { key: 'group', title: '教研组', render: (row) => row.groupName },
                  {
                    key: 'step',
                    title: '成长阶段',
                    render: (row) => row.stepLabel || <span className="quiet">没有登记</span>,
                    phone: 'mark',
                  },
                  { key: 'since', title: '从', render: (row) => row.since ?? '' },
                  { key: 'proof', title: '依据', render: (row) => row.proof },
                  { key: 'backbone', title: '骨干级别', render: (row) => row.backbone },
                ]}
                empty={{ title: '还没有教师。' }}
              />
            </Section>
            <Drawer
              title={
                task === null ? '' : task === 'propose' ? '提出' : `${task.line.name}：${titles[task.what]}`
              }
              open={task !== null}
              onClose={close}
              destroyOnHidden
            >
              {task === 'propose' && <ProposeForm data={data} onDone={close} />}
              {task !== null && task !== 'propose' && task.what === 'return' && (
                <ReturnForm line={task.line} onDone={close} />
              )}
              {task !== null && task !== 'propose' && task.what === 'opine' && (
                <OpinionForm
                  bodies={data.myBodies}
                  proposalId={task.line.id}
                  yes="推荐"
                  no="不推荐"
                  onDone={close}
                />
              )}
              {task !== null && task !== 'propose' && task.what === 'train' && (
                <TrainForm line={task.line} onDone={close} />
              )}
              {task !== null && task !== 'propose' && task.what === 'withdraw' && (
                <WithdrawForm line={task.line} onDone={close} />
              )}
              {task !== null && task !== 'propose' && task.what === 'files' && (
                <>
                  <p>{task.line.proof || '没有写依据。'}</p>
                  <Attachments
                    room="growth"
                    id={task.line.id}
                    attachments={data.proposals.find((one) => one.id === task.line.id)?.files ?? []}
                    canChange={data.abilities.propose === null}
                  />
                </>
              )}
            </Drawer>
          </>
        )
      }}
    </Page>
  )
}

const kindWords = { step: '成长阶段', candidate: '培养对象', title: '骨干称号' } as const
const whatOf = (line: Proposal) => `${kindWords[line.kind]}：${line.levelLabel}${line.wordLabel}`

function Waiting({ data, open }: { data: Growth; open: (task: Task) => void }) {
  const confirm = useCommand(duty.confirmGrowth, {
    ...stale,
    inline: false,
    success: ({ confirmed }) => `已确认 ${confirmed} 项，写入教师档案`,
  })
  const waiting = data.proposals.filter((one) => one.status === 'proposed' || one.status === 'returned')
  const confirmable = waiting.filter((one) => one.abilities.confirm === null)
  if (waiting.length === 0) return null
  return (
    <Section
      title="提名"
      aside={
        confirmable.length > 1 && (
          <Button
            loading={confirm.running}
            onClick={() => void confirm.run({ proposalIds: confirmable.map((one) => one.id) })}
          >
            全部确认（{confirmable.length}）
          </Button>
        )
      }
    >
      {waiting.map((line) => (
        <div key={line.id} className="duty-line">
          <div className="duty-what">
            <b>{line.name}</b> {whatOf(line)}
            <p className="quiet">
              {[
                `${line.from} 起`,
                line.proof,
                line.proposedByName === null ? '' : `${line.proposedByName} 提出`,
                line.note === '' ? '' : `退回原因：${line.note}`,
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </p>
            {line.conditions.map((condition) => (
              <p key={condition.clause}>
                <StateMark state={condition.state} word={`${condition.strength}：${condition.sentence}`} />{' '}
                <span className="quiet">{condition.title}</span>
                <span className="clause">{condition.clause}</span>
              </p>
            ))}
            {line.opinions.map((opinion) => (
              <p key={opinion.bodyName}>
                <b>{opinion.bodyName}</b> {opinion.agrees ? '推荐' : '不推荐'}
                <span className="quiet">
                  {opinion.note !== '' && `：${opinion.note}`} {opinion.personName} {dayText(opinion.on)}
                </span>
              </p>
            ))}
          </div>
          <StateMark
            state={line.status === 'proposed' ? 'dueSoon' : 'overdue'}
            word={line.status === 'proposed' ? '待校长确认' : '已退回'}
          />
          <span>
            {line.abilities.opine === null && (
              <Button size="small" onClick={() => open({ what: 'opine', line })}>
                评审意见
              </Button>
            )}
            {line.abilities.confirm === null && (
              <>
                <Button
                  type="primary"
                  size="small"
                  loading={confirm.running}
                  onClick={() => void confirm.run({ proposalIds: [line.id] })}
                >
                  确认
                </Button>
                <Button type="link" size="small" onClick={() => open({ what: 'return', line })}>
                  退回
                </Button>
              </>
            )}
            <Button type="link" size="small" onClick={() => open({ what: 'files', line })}>
              依据 {line.files.length > 0 && line.files.length}
            </Button>
            {line.abilities.withdraw === null && (
              <Button type="link" size="small" onClick={() => open({ what: 'withdraw', line })}>
                撤回
              </Button>
            )}
          </span>
        </div>
      ))}
    </Section>
  )
}

function Pool({ data, open }: { data: Growth; open: (task: Task) => void }) {
  const pool = data.proposals.filter((one) => one.kind !== 'step' && one.status === 'confirmed')
  if (pool.length === 0) return null
  return (
    <Section title="骨干和培养对象">
      {data.levels
        .toReversed()
        .flatMap((level) => pool.filter((one) => one.level === level.id))
        .map((line) => (
          <div key={line.id} className="duty-line">
            <div className="duty-what">
              <b>{line.name}</b> {line.levelLabel}
              {line.wordLabel} <span className="quiet">{line.kind === 'candidate' ? '培养对象' : ''}</span>
              <p className="quiet">
                {line.from} 起{line.proof && ` · ${line.proof}`}
              </p>
              {line.trainings.length > 0 && (
                <ul>
                  {line.trainings.map((training) => (
                    <li key={training.id} className="quiet">
                      {dayText(training.heldOn)} {training.what}
                    </li>
                  ))}
                </ul>
              )}
            </div>
            <span>
              {line.abilities.train === null && (
                <Button size="small" onClick={() => open({ what: 'train', line })}>
                  记一次培养
                </Button>
              )}
              <Button type="link" size="small" onClick={() => open({ what: 'files', line })}>
                依据 {line.files.length > 0 && line.files.length}
              </Button>
              {line.abilities.withdraw === null && (
                <Button type="link" size="small" onClick={() => open({ what: 'withdraw', line })}>
                  撤销
                </Button>
              )}
            </span>
          </div>
        ))}
    </Section>
  )
}

interface Values {
  kind: Kind
  word: string
  level: string
  personIds: string[]
  from: string
  proof?: string
}

function ProposeForm({ data, onDone }: { data: Growth; onDone: () => void }) {
  const { today } = useSession()
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form) ?? 'step'
  const cohorts = useApi(org.listCohorts, {})
  const [filled, setFilled] = useState<{ cohortId: string; people: Choice[] }>({ cohortId: '', people: [] })
  /** Everybody of a saved condition, to be looked over. */
  const fillFrom = async (cohortId: string) => {
    const { members } = cohortId === '' ? { members: [] } : await org.getCohort({ cohortId })
    setFilled({
      cohortId,
      people: members.map((one) => ({ value: one.personId, label: one.name, note: one.staffNumber })),
    })
    form.setFieldValue(
      'personIds',
      members.map((one) => one.personId),
    )
  }
  const propose = useCommand(duty.proposeGrowth, {
    ...stale,
    success: ({ proposed }) => `已提出 ${proposed} 人，等校长确认`,
  })
  return (
    <CommandForm
      form={form}
      command={propose}
      initial={{ kind: 'step' as const, from: today, level: 'school' }}
      toInput={(values: Values) => ({
        ...values,
        level: values.kind === 'step' ? '' : values.level,
        proof: values.proof ?? '',
      })}
      submit="提交校长确认"
      onDone={onDone}
    >
      <Field name="kind" label="提出什么" required>
        <ChoiceInput options={Object.entries(kindWords).map(([value, label]) => ({ value, label }))} />
      </Field>
      <Field name="word" label={kind === 'step' ? '哪一步' : '什么称号'} required requiredMessage="请选择">
        <ChoiceInput
          options={(kind === 'step' ? data.steps : data.titles).map((one) => ({
            value: one.id,
            label: one.label,
          }))}
        />
      </Field>
      {kind !== 'step' && (
        <Field name="level" label="级别" required>
          <ChoiceInput options={data.levels.map((one) => ({ value: one.id, label: one.label }))} />
        </Field>
      )}
      {cohorts.data && cohorts.data.cohorts.length > 0 && (
        <Form.Item label="按人员范围选" extra="选一个范围，把符合条件的老师都填进来，再增减">
          <ChoiceInput
            aria-label="按人员范围选"
            value={filled.cohortId}
            empty="不按范围"
            options={cohorts.data.cohorts.map((one) => ({
              value: one.id,
              label: `${one.label}（${one.people} 人）`,
            }))}
            onChange={(value) => void fillFrom(value)}
          />
        </Form.Item>
      )}
      <Field
        name="personIds"
        label="教师"
        required
        requiredMessage="请选择教师"
        hint="同样的几位可以一次提出"
      >
        <PeoplePicker key={filled.cohortId} search={searchPeople} chosen={filled.people} aria-label="教师" />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput max={today} />
      </Field>
      <Field name="proof" label="依据" hint="例如 证书名称和编号、考核结果；扫描件提出以后添加">
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2 }} />
      </Field>
    </CommandForm>
  )
}

interface LineProps {
  line: Proposal
  onDone: () => void
}
function ReturnForm({ line, onDone }: LineProps) {
  const send = useCommand(duty.returnGrowth, { ...stale, success: '已退回' })
  return (
    <CommandForm
      command={send}
      toInput={(values: { note: string }) => ({ proposalId: line.id, note: values.note })}
      submit="退回并说明"
      onDone={onDone}
    >
      <Field name="note" label="退回的原因" required>
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}
function TrainForm({ line, onDone }: LineProps) {
  const { today } = useSession()
  const add = useCommand(duty.addTraining, { ...stale, success: '已记下' })
  return (
    <CommandForm
      command={add}
      initial={{ heldOn: today }}
      toInput={(values: { heldOn: string; what: string }) => ({ ...values, proposalId: line.id })}
      submit="记下"
      onDone={onDone}
    >
      <Field name="heldOn" label="哪一天" required>
        <DateInput max={today} />
      </Field>
      <Field name="what" label="做了什么" required>
        <Input maxLength={200} placeholder="承担区级展示课；跟岗学习两周" />
      </Field>
    </CommandForm>
  )
}
function WithdrawForm({ line, onDone }: LineProps) {
  const withdraw = useCommand(duty.withdrawGrowth, { ...stale, success: '已撤销' })
  return (
    <CommandForm
      command={withdraw}
      toInput={(values: { note?: string }) => ({ proposalId: line.id, note: values.note ?? '' })}
      submit="撤销"
      onDone={onDone}
    >
      <p>
        {line.status === 'confirmed' && line.kind !== 'candidate'
          ? '教师档案回到以前的情况，已计入的不再计入。'
          : '撤销以后不再列出。'}
      </p>
      <Field name="note" label="原因">
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}
