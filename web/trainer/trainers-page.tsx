import './trainer.css'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { fileAddress } from '../kit/api.ts'
import { DataList } from '../kit/data-list.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Menu } from '../kit/menu.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { type Contribution, type Invitation, type Pool, type Trainer, trainer } from './api.ts'
import { ContributionForm } from './contribution-form.tsx'
import { Given } from './given.tsx'
import { Invitations } from './invitations.tsx'
import { InviteForm, ReasonForm, TrainerForm } from './forms.tsx'
import { StarsText } from './stars.tsx'

/** What a reason (or the fee) is asked for. */
export type ReasonTask =
  | { what: 'refuse'; invitation: Invitation }
  | { what: 'withdrawInvitation'; invitation: Invitation }
  | { what: 'withdrawContribution'; contribution: Contribution }
  | { what: 'fee'; contribution: Contribution }
export type Task =
  | ReasonTask
  | { what: 'add' }
  | { what: 'record' }
  | { what: 'change'; trainer: Trainer }
  | { what: 'invite'; trainer: Trainer }
  | { what: 'given'; invitation: Invitation }

const titles: Record<Task['what'], string> = {
  add: '加入师资库',
  record: '登记讲座、指导',
  given: '登记讲座、指导',
  change: '修改',
  invite: '聘请、邀请',
  refuse: '不批准并说明',
  withdrawInvitation: '撤回',
  withdrawContribution: '作废',
  fee: '费用',
}

/** The pool, invitations that wait, and what was given in a school year. */
export function TrainersPage() {
  const [filters] = useFilters({ year: '', left: '' })
  const query = useApi(trainer.listTrainers, { left: filters.left === 'all' }, { keep: true })
  const invitations = useApi(trainer.listInvitations, {})
  const year = useApi(trainer.listContributions, { schoolYearId: filters.year || null }, { keep: true })
  const [task, setTask] = useState<Task | null>(null)
  const close = () => setTask(null)
  const data = query.data
  return (
    <Page
      title="师资和专家"
      width="wide"
      query={query}
      sentence={(pool) => sentenceOf(pool, year.data, invitations.data ?? [])}
      actions={
        data && (
          <>
            {data.abilities.maintain === null && (
              <Button
                icon={<Icon name="download" size={18} />}
                href={fileAddress(trainer.getYearFile, { schoolYearId: filters.year || null })}
              >
                导出
              </Button>
            )}
            {data.abilities.maintain === null && (
              <Button icon={<Icon name="plus" size={18} />} onClick={() => setTask({ what: 'add' })}>
                加入师资库
              </Button>
            )}
            {year.data?.abilities.record === null && (
              <Button
                type="primary"
                icon={<Icon name="pen" size={18} />}
                onClick={() => setTask({ what: 'record' })}
              >
                登记讲座、指导
              </Button>
            )}
          </>
        )
      }
    >
      {(pool) => (
        <>
          {pool.isTrainer && (
            <Notice action={<LinkButton to={paths.myEngagements()}>我的受聘与讲座</LinkButton>}>
              您在师资库里，受聘、讲座和老师们的评价都在“我的受聘与讲座”。
            </Notice>
          )}
          <Invitations rows={invitations.data ?? []} today={pool.today} open={setTask} />
          <Members pool={pool} open={setTask} />
          {pool.offers.length > 0 && <Offers pool={pool} />}
          {year.data && <Given year={year.data} open={setTask} />}
          <Drawer
            title={task === null ? '' : titleOf(task)}
            open={task !== null}
            onClose={close}
            destroyOnHidden
            size="large"
          >
            {task !== null && <TaskForm task={task} pool={pool} onDone={close} />}
          </Drawer>
        </>
      )}
    </Page>
  )
}

function sentenceOf(
  pool: Pool,
  year: { years: { lectures: number; guidances: number }[] } | undefined,
  invitations: Invitation[],
): string {
  const active = pool.trainers.filter((one) => one.leftOn === null)
  const waiting = invitations.filter((one) => one.status === 'proposed').length
  const sum = (key: 'lectures' | 'guidances') =>
    (year?.years ?? []).reduce((total, one) => total + one[key], 0)
  const parts = [
    active.length === 0
      ? '师资库里还没有人'
      : `师资库 ${active.length} 人，其中${pool.isDistrict ? '本单位' : '本校'} ${active.filter((one) => one.isOwn).length} 人`,
    ...(year ? [`讲座 ${sum('lectures')} 次、指导 ${sum('guidances')} 次`] : []),
    ...(waiting > 0 ? [`${waiting} 项聘请和邀请待批准`] : []),
  ]
  return `${parts.join('；')}。`
}

function titleOf(task: Task): string {
  if (task.what === 'change' || task.what === 'invite') return `${task.trainer.name}：${titles[task.what]}`
  if (task.what === 'refuse' || task.what === 'withdrawInvitation')
    return `${task.invitation.trainerName}：${titles[task.what]}`
  if (task.what === 'withdrawContribution' || task.what === 'fee')
    return `${task.contribution.giverName}：${titles[task.what]}`
  return titles[task.what]
}

function TaskForm({ task, pool, onDone }: { task: Task; pool: Pool; onDone: () => void }) {
  if (task.what === 'add') return <TrainerForm pool={pool} trainer={null} onDone={onDone} />
  if (task.what === 'change') return <TrainerForm pool={pool} trainer={task.trainer} onDone={onDone} />
  if (task.what === 'invite') return <InviteForm pool={pool} trainer={task.trainer} onDone={onDone} />
  if (task.what === 'record') return <ContributionForm invitation={null} onDone={onDone} />
  if (task.what === 'given') return <ContributionForm invitation={task.invitation} onDone={onDone} />
  return <ReasonForm task={task} onDone={onDone} />
}

/** Whom the district offers; one press takes somebody into the own pool. */
function Offers({ pool }: { pool: Pool }) {
  const take = useCommand(trainer.takeOffer, { success: '已加入本校师资库，可以聘请和邀请了' })
  return (
    <Section title="区里可以请的老师" sentence="区里提供的师资，加入以后就能聘请、邀请。">
      {pool.offers.map((one) => (
        <div key={one.id} className="trainer-line">
          <div className="trainer-what">
            <b>{one.name}</b> {one.levelLabel}
            {one.kindLabel}
            <p className="quiet">{[one.employer, one.field].filter((part) => part !== '').join(' · ')}</p>
          </div>
          {pool.abilities.maintain === null && (
            <Button size="small" loading={take.running} onClick={() => void take.run({ offerId: one.id })}>
              加入本校师资
            </Button>
          )}
        </div>
      ))}
    </Section>
  )
}

/** `校本研修顾问，至 2027-07-09 · 讲座 2 次` */
function recentOf(one: Trainer): string {
  return [
    one.adviser ? `${one.adviser.subject}，至 ${one.adviser.to}` : '',
    one.lectures > 0 ? `讲座 ${one.lectures} 次` : '',
    one.guidances > 0 ? `指导 ${one.guidances} 次` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

function Members({ pool, open }: { pool: Pool; open: (task: Task) => void }) {
  const [address] = useFilters({ q: '', from: '', level: '', left: '' })
  const leave = useCommand(trainer.setTrainerLeft, {
    success: (_done, input) => (input.left ? '已移出师资库，以往的记录都在' : '已恢复'),
    undo: (_done, input) => trainer.setTrainerLeft({ ...input, left: !input.left }),
  })
  const shown = pool.trainers.filter(
    (one) =>
      (!address.q || `${one.name}${one.employer}${one.field}${one.kindLabel}`.includes(address.q)) &&
      (!address.from ||
        (address.from === 'own' ? one.isOwn : address.from === 'district' ? one.fromDistrict : !one.isOwn)) &&
      (!address.level || one.level === address.level),
  )
  const may = pool.abilities.maintain === null
  const levels = [...new Map(pool.trainers.map((one) => [one.level, one.levelLabel]))]
  return (
    <Section title="师资库" plain>
      <DataList
        label="师资库"
        rows={shown}
        rowKey={(one) => one.id}
        search="姓名、单位、专长"
        filters={[
          {
            key: 'from',
            label: '来源',
            all: '全部',
            options: [
              { value: 'own', label: pool.isDistrict ? '本单位' : '本校' },
              { value: 'outside', label: '校外' },
              ...(pool.isDistrict ? [] : [{ value: 'district', label: '区里提供' }]),
            ],
          },
          {
            key: 'level',
            label: '级别',
            all: '全部',
            options: levels.map(([value, label]) => ({ value, label })),
          },
          { key: 'left', label: '范围', all: '在库', options: [{ value: 'all', label: '连同已移出的' }] },
        ]}
        columns={[
          {
            key: 'name',
            title: '姓名',
            phone: 'title',
            render: (one) => (
              <>
                <b className="trainer-name">{one.name}</b>
                {one.leftOn !== null && <span className="quiet"> 已移出</span>}
              </>
            ),
          },
          { key: 'kind', title: '类别', render: (one) => `${one.levelLabel}${one.kindLabel}`, phone: 'mark' },
          {
            key: 'employer',
            title: '单位',
            render: (one) => (
              <>
                {one.employer}
                {one.isOwn && <span className="quiet">（{pool.isDistrict ? '本单位' : '本校'}）</span>}
                {one.offered && <span className="quiet"> · 已提供给学校</span>}
              </>
            ),
          },
          { key: 'field', title: '专长', render: (one) => one.field },
          ...(pool.trainers.some((one) => one.phone !== '')
            ? [
                {
                  key: 'phone',
                  title: '电话',
                  render: (one: Trainer) =>
                    one.phone === '' ? (
                      ''
                    ) : (
                      <a href={`tel:${one.phone}`} className="trainer-name">
                        {one.phone}
                      </a>
                    ),
                },
              ]
            : []),
          {
            key: 'counts',
            title: '在制度里算作',
            render: (one) => one.countedAs.join('、') || <span className="quiet">没有要求</span>,
            optional: pool.words.length === 0,
          },
          {
            key: 'given',
            title: '受聘和本学年',
            sortBy: (one) => one.lectures + one.guidances,
            render: (one) => recentOf(one) || <span className="quiet">本学年还没有</span>,
          },
          {
            key: 'stars',
            title: '评价',
            sortBy: (one) => one.stars ?? 0,
            render: (one) => (one.stars === null ? '' : <StarsText stars={one.stars} />),
          },
          ...(may
            ? [
                {
                  key: 'acts',
                  title: '操作',
                  render: (one: Trainer) => (
                    <span className="trainer-acts no-print">
                      {one.leftOn === null ? (
                        <>
                          <Button size="small" onClick={() => open({ what: 'invite', trainer: one })}>
                            聘请、邀请
                          </Button>
                          <Menu
                            label={one.name}
                            button={
                              <span className="tool-button">
                                更多
                                <Icon name="chevronDown" size={16} />
                              </span>
                            }
                          >
                            <button type="button" onClick={() => open({ what: 'change', trainer: one })}>
                              修改
                            </button>
                            <button
                              type="button"
                              onClick={() => void leave.run({ trainerId: one.id, left: true })}
                            >
                              移出师资库
                            </button>
                          </Menu>
                        </>
                      ) : (
                        <Button
                          size="small"
                          onClick={() => void leave.run({ trainerId: one.id, left: false })}
                        >
                          恢复
                        </Button>
                      )}
                    </span>
                  ),
                },
              ]
            : []),
        ]}
        empty={{
          title: '师资库里还没有人。',
          sentence: may
            ? '先把本校的骨干教师从名单里选进来，再加上常请的专家和教研员。'
            : '由教导处、教科室登记。',
          ...(may
            ? {
                action: (
                  <Button type="primary" onClick={() => open({ what: 'add' })}>
                    加入师资库
                  </Button>
                ),
              }
            : {}),
        }}
      />
    </Section>
  )
}
