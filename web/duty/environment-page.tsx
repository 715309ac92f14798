import './duty.css'
import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Empty, Notice, Page, Section } from '../kit/page.tsx'
import { PersonPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { searchPeople } from '../settings/api.ts'
import { duty, type Environment } from './api.ts'
import { OpinionForm } from './opinion-form.tsx'

type Item = Environment['items'][number]
type Supply = Environment['supplies'][number]
type Task =
  | { what: 'item' | 'request' | 'review' }
  | { what: 'end' | 'withdraw'; item: Item }
  | { what: 'deliver' | 'decline'; supply: Supply }
const stale = { inline: true, invalidate: ['duty', 'regime', 'inbox'] } as const
const titles = {
  item: '登记研修条件',
  request: '申请物资',
  review: '检查研修条件',
  end: '停用',
  withdraw: '作废',
  deliver: '登记送到',
  decline: '不同意',
}

/** Where and with what people study together, and what they have asked logistics for. */
export function EnvironmentPage() {
  const query = useApi(duty.listEnvironment, {})
  const [task, setTask] = useState<Task | null>(null)
  const close = () => setTask(null)
  return (
    <Page
      title="研修条件"
      query={query}
      sentence={({ items, supplies, today }) => {
        const waiting = supplies.filter((one) => one.status === 'requested')
        const late = waiting.filter((one) => one.isLate).length
        const present = items.filter((one) => one.to === null || one.to >= today).length
        return `已登记 ${present} 项；待送到的申请 ${waiting.length} 份${late > 0 ? `，其中 ${late} 份已过需要的日子` : ''}。`
      }}
      actions={
        <>
          {query.data?.abilities.request === null && (
            <Button onClick={() => setTask({ what: 'request' })}>申请物资</Button>
          )}
          {query.data?.abilities.maintain === null && (
            <Button
              type="primary"
              icon={<Icon name="plus" size={18} />}
              onClick={() => setTask({ what: 'item' })}
            >
              登记条件
            </Button>
          )}
        </>
      }
    >
      {(data) => (
        <>
          {data.open.length > 0 && (
            <Notice tone="soon">
              <ul>
                {data.open.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </Notice>
          )}
          <Section title="场地、设备、时间">
            {data.items.length === 0 ? (
              <Empty
                title="还没有登记。"
                sentence="教导处登记研修场地、设备和共同的研修时间以后，会列在这里。"
              />
            ) : (
              data.items.map((item) => (
                <div key={item.id} className="duty-line">
                  <div className="duty-what">
                    <b>{item.name}</b> <span className="quiet">{item.kindLabel}</span>
                    <p className="quiet">
                      {[
                        item.place,
                        item.keeperName === null ? '' : `负责人 ${item.keeperName}`,
                        item.note,
                        `${item.from} 起${item.to === null ? '' : `，到 ${item.to}`}`,
                        item.counts.length > 0 ? `计入 ${item.counts.join('、')}` : '',
                      ]
                        .filter((part) => part !== '')
                        .join(' · ')}
                    </p>
                  </div>
                  {data.abilities.maintain === null && item.to === null && (
                    <span>
                      <Button type="link" size="small" onClick={() => setTask({ what: 'end', item })}>
                        停用
                      </Button>
                      <Button type="link" size="small" onClick={() => setTask({ what: 'withdraw', item })}>
                        作废
                      </Button>
                    </span>
                  )}
                </div>
              ))
            )}
          </Section>
          <Section title="物资申请">
            {data.supplies.length === 0 ? (
              <Empty
                title="还没有申请。"
                sentence="活动要用的物资，写明要什么、哪天要，后勤送到后登记日期。"
              />
            ) : (
              data.supplies.map((supply) => <SupplyLine key={supply.id} supply={supply} open={setTask} />)
            )}
          </Section>
          <Section
            title="领导小组检查"
            aside={
              data.abilities.review === null && (
                <Button onClick={() => setTask({ what: 'review' })}>记一次检查</Button>
              )
            }
          >
            {data.reviews.length === 0 ? (
              <Empty
                title="还没有检查。"
                sentence="领导小组的成员看过场地、设备和物资以后，在这里记下够不够用、还缺什么。"
              />
            ) : (
              data.reviews.map((review) => (
                <div key={`${review.bodyName}${review.on}${review.note}`} className="duty-line">
                  <div className="duty-what">
                    <b>{review.bodyName}</b>
                    <p className="quiet">
                      {[dayText(review.on), review.personName, review.note]
                        .filter((part) => part !== null && part !== '')
                        .join(' · ')}
                    </p>
                  </div>
                  <StateMark
                    state={review.agrees ? 'done' : 'dueSoon'}
                    word={review.agrees ? '满足需要' : '还有欠缺'}
                  />
                </div>
              ))
            )}
          </Section>
          <Drawer
            title={task === null ? '' : titles[task.what]}
            open={task !== null}
            onClose={close}
            destroyOnHidden
          >
            {task?.what === 'item' && <ItemForm data={data} onDone={close} />}
            {task?.what === 'request' && <RequestForm onDone={close} />}
            {task?.what === 'review' && (
              <OpinionForm
                bodies={data.myBodies}
                proposalId={null}
                yes="满足需要"
                no="还有欠缺"
                onDone={close}
              />
            )}
            {task?.what === 'end' && <EndForm item={task.item} onDone={close} />}
            {task?.what === 'withdraw' && <WithdrawForm item={task.item} onDone={close} />}
            {task?.what === 'deliver' && <DeliverForm supply={task.supply} onDone={close} />}
            {task?.what === 'decline' && <DeclineForm supply={task.supply} onDone={close} />}
          </Drawer>
        </>
      )}
    </Page>
  )
}

function SupplyLine({ supply, open }: { supply: Supply; open: (task: Task) => void }) {
  const withdraw = useCommand(duty.withdrawSupply, { ...stale, inline: false, success: '已撤回' })
  const mark =
    supply.status === 'delivered'
      ? ({
          state: 'done',
          word: `${dayText(supply.settledOn ?? '')}送到${supply.cameLate ? '，比需要的日子晚' : ''}`,
        } as const)
      : supply.status === 'declined'
        ? ({ state: 'excused', word: '未同意' } as const)
        : supply.isLate
          ? ({ state: 'overdue', word: '已过需要的日子' } as const)
          : ({ state: 'dueSoon', word: '待送到' } as const)
  return (
    <div className="duty-line">
      <div className="duty-what">
        <b>{supply.what}</b>
        <p className="quiet">
          {[
            `${dayText(supply.neededOn)}要用`,
            supply.purpose,
            `${supply.requestedByName} ${dayText(supply.requestedOn)}提出`,
            supply.settledByName === null ? '' : `${supply.settledByName} 办理`,
            supply.note,
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </div>
      <StateMark {...mark} />
      {supply.abilities.deliver === null && (
        <span>
          <Button type="primary" size="small" onClick={() => open({ what: 'deliver', supply })}>
            已送到
          </Button>
          <Button type="link" size="small" onClick={() => open({ what: 'decline', supply })}>
            不同意
          </Button>
        </span>
      )}
      {supply.abilities.withdraw === null && (
        <Button type="link" size="small" onClick={() => void withdraw.run({ supplyId: supply.id })}>
          撤回
        </Button>
      )}
    </div>
  )
}

function ItemForm({ data, onDone }: { data: Environment; onDone: () => void }) {
  const { today } = useSession()
  const register = useCommand(duty.registerItem, { ...stale, success: '已登记' })
  return (
    <CommandForm
      command={register}
      initial={{ from: today, kind: data.kinds[0]?.id ?? '' }}
      toInput={(values: {
        kind: string
        name: string
        place?: string
        note?: string
        keeperId?: string | null
        from: string
      }) => ({
        ...values,
        place: values.place ?? '',
        note: values.note ?? '',
        keeperId: values.keeperId ?? null,
      })}
      submit="登记"
      onDone={onDone}
    >
      <Field name="kind" label="类别" required>
        <ChoiceInput
          options={data.kinds.map((one) => ({
            value: one.id,
            label: one.clause === null ? one.label : `${one.label}（${one.clause}）`,
          }))}
        />
      </Field>
      <Field name="name" label="名称" required hint="例如 研修室、录播设备、周四下午第7–8节">
        <Input maxLength={60} />
      </Field>
      <Field name="place" label="在哪里">
        <Input maxLength={60} />
      </Field>
      <Field name="keeperId" label="负责人">
        <PersonPicker search={searchPeople} aria-label="负责人" />
      </Field>
      <Field name="note" label="说明">
        <Input maxLength={200} />
      </Field>
      <Field name="from" label="从哪天起有" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function RequestForm({ onDone }: { onDone: () => void }) {
  const { today } = useSession()
  const request = useCommand(duty.requestSupply, { ...stale, success: '已提出，后勤能看到' })
  return (
    <CommandForm
      command={request}
      initial={{ neededOn: today }}
      toInput={(values: { what: string; purpose?: string; neededOn: string }) => ({
        ...values,
        purpose: values.purpose ?? '',
      })}
      submit="提出申请"
      onDone={onDone}
    >
      <Field name="what" label="要什么、多少" required>
        <Input maxLength={80} placeholder="白板笔 20 支" />
      </Field>
      <Field name="neededOn" label="哪天要用" required>
        <DateInput min={today} />
      </Field>
      <Field name="purpose" label="做什么用">
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}

function EndForm({ item, onDone }: { item: Item; onDone: () => void }) {
  const { today } = useSession()
  const end = useCommand(duty.endItem, { ...stale, success: '已停用' })
  return (
    <CommandForm
      command={end}
      initial={{ lastDay: today }}
      toInput={(values: { lastDay: string }) => ({ itemId: item.id, lastDay: values.lastDay })}
      submit="到这天停用"
      onDone={onDone}
    >
      <p>“{item.name}”到这天不再使用；这一学年不再计入，以前的照旧。</p>
      <Field name="lastDay" label="最后一天" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function WithdrawForm({ item, onDone }: { item: Item; onDone: () => void }) {
  const withdraw = useCommand(duty.withdrawItem, { ...stale, success: '已作废' })
  return (
    <CommandForm
      command={withdraw}
      toInput={(values: { reason: string }) => ({ itemId: item.id, reason: values.reason })}
      submit="作废"
      onDone={onDone}
    >
      <p>“{item.name}”登记错了才作废。</p>
      <Field name="reason" label="原因" required>
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}

function DeliverForm({ supply, onDone }: { supply: Supply; onDone: () => void }) {
  const { today } = useSession()
  const deliver = useCommand(duty.deliverSupply, { ...stale, success: '已登记送到' })
  return (
    <CommandForm
      command={deliver}
      initial={{ on: today }}
      toInput={(values: { on: string; note?: string }) => ({
        supplyId: supply.id,
        on: values.on,
        note: values.note ?? '',
      })}
      submit="已送到"
      onDone={onDone}
    >
      <p>{supply.what}</p>
      <Field name="on" label="哪天送到" required>
        <DateInput min={supply.requestedOn} max={today} />
      </Field>
      <Field name="note" label="说明">
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}

function DeclineForm({ supply, onDone }: { supply: Supply; onDone: () => void }) {
  const decline = useCommand(duty.declineSupply, { ...stale, success: '已答复' })
  return (
    <CommandForm
      command={decline}
      toInput={(values: { note: string }) => ({ supplyId: supply.id, note: values.note })}
      submit="不同意并说明"
      onDone={onDone}
    >
      <p>{supply.what}</p>
      <Field name="note" label="原因" required>
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}
