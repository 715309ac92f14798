import { Button, Input } from 'antd'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { leaveKindLabels, leaveStatusLabels } from '../../server/activity/words.ts'
import type { LeaveKind } from '../../server/activity/words.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput, CommandForm, DateInput, Field, TimeInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton, usePathParams } from '../kit/link.tsx'
import { Menu } from '../kit/menu.tsx'
import { Facts, Notice, Page, Section } from '../kit/page.tsx'
import { PersonPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayWithWeekday, momentText } from '../kit/words.ts'
import { AboutRecord } from '../exchange/about-record.tsx'
import { paths } from '../paths.ts'
import { ActivityRating } from '../trainer/rating.tsx'
import { activity, attendance } from './api.ts'
import type { ActivityDetail } from './api.ts'
import { AttendanceSection } from './attendance-section.tsx'
import { ChangeForm } from './change-form.tsx'
import { Minutes } from './minutes.tsx'
import { ParticipationSections } from './participation.tsx'
import { ActivityStatusMark, AttendanceMark, movedText, unitText, whenText } from './parts.tsx'
import { searchPeople } from './plan-form.tsx'
import './activity.css'

type Panel = 'change' | 'move' | 'cancel' | 'swap' | 'leave' | 'recordLeave' | null

/** One activity: what was settled, who came, what was written; and what may be done with it. */
export function ActivityPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(activity.getActivity, { id })
  const [panel, setPanel] = useState<Panel>(null)
  const detail = query.data
  return (
    <Page
      title={detail?.theme ?? '活动'}
      back={{ to: paths.activities(), label: '研修活动' }}
      query={query}
      skeleton="text"
      sentence={(data) => stateSentence(data)}
      {...(detail ? { actions: <Actions detail={detail} open={setPanel} /> } : {})}
    >
      {(data) => (
        <>
          {panel !== null && <PanelForm panel={panel} detail={data} close={() => setPanel(null)} />}
          <MyPart detail={data} open={setPanel} />
          {data.speakerProblem !== null && (
            <Notice
              tone="soon"
              {...(data.details.change === null
                ? {
                    action: (
                      <Button size="small" onClick={() => setPanel('swap')}>
                        换中心发言人
                      </Button>
                    ),
                  }
                : {})}
            >
              {data.speakerProblem}
            </Notice>
          )}
          <Section title="安排">
            <Facts
              items={[
                {
                  label: '时间',
                  value:
                    data.sessions === null
                      ? `${whenText(data)}（${data.minutes} 分钟）`
                      : `${dayWithWeekday(data.day)}起，分 ${data.sessions.numbers.length} 场，时间见“场次”`,
                },
                { label: '地点', value: data.place || '未定' },
                { label: '组织', value: `${unitText(data)} · ${data.weekLabel ?? '假期'}` },
                {
                  label: '类别',
                  value: [data.kindLabel, data.formLabel].filter((word) => word !== '').join(' · '),
                },
                { label: '主持人', value: data.host?.name ?? '未定' },
                { label: '中心发言人', value: data.speaker?.name ?? '未定' },
                ...(data.trainer ? [{ label: '主讲人', value: data.trainer.name }] : []),
                ...(data.recorder ? [{ label: '记录人', value: data.recorder.name }] : []),
                ...(data.contentTags.length > 0
                  ? [{ label: '内容标签', value: data.contentTags.map((tag) => tag.label).join('、') }]
                  : []),
                ...(data.modes.length > 0
                  ? [{ label: '研修方式', value: data.modes.map((mode) => mode.label).join('、') }]
                  : []),
                ...(data.audience.length > 0
                  ? [{ label: '面向的人', value: data.audience.map((one) => one.label).join('、') }]
                  : []),
                ...(data.content !== ''
                  ? [{ label: '内容', value: <span className="pre-line">{data.content}</span> }]
                  : []),
              ]}
            />
            {data.swaps.map((swap) => (
              <p key={swap.at} className="quiet">
                {momentText(swap.at)} 中心发言人由{swap.from || '未定'}换为{swap.to}：{swap.reason}
              </p>
            ))}
          </Section>
          {data.agenda.length > 0 && (
            <Section title="议程">
              <ol className="agenda-read">
                {data.agenda.map((item) => (
                  <li key={item.text} className={item.done ? 'agenda-done' : undefined}>
                    {item.text}
                  </li>
                ))}
              </ol>
            </Section>
          )}
          {data.status === 'closed' && <ActivityRating activityId={data.id} />}
          <ParticipationSections detail={data} />
          {data.startedAt !== null && <AttendanceSection detail={data} />}
          {(data.status === 'running' || data.status === 'closed') && <MinutesSection detail={data} />}
          {data.status === 'closed' && <AboutRecord room="activity" id={data.id} title="活动后交流" />}
        </>
      )}
    </Page>
  )
}

function stateSentence(data: ActivityDetail): ReactNode {
  const moved = movedText(data)
  const closed =
    data.status === 'closed'
      ? `${data.closedByName ?? '系统'}于 ${data.closedAt ? momentText(data.closedAt) : ''} 结束。应到 ${data.expected ?? 0} 人，实到 ${data.attended ?? 0} 人。`
      : data.status === 'cancelled'
        ? `已取消：${data.cancelledReason ?? ''}`
        : data.status === 'running'
          ? `正在进行，已到 ${data.attended ?? 0}/${data.expected ?? 0} 人。`
          : whenText(data)
  return (
    <span className="activity-sentence">
      <ActivityStatusMark status={data.status} />
      <span>
        {closed}
        {moved !== null && `${moved}${data.movedReason ? `（${data.movedReason}）` : ''}。`}
      </span>
    </span>
  )
}

function Actions({ detail, open }: { detail: ActivityDetail; open: (panel: Panel) => void }) {
  const { details } = detail
  const runs = detail.abilities.run === null
  const isOpen = detail.status === 'planned' || detail.status === 'running'
  const items: { label: string; panel: Panel; reason: string | null }[] = [
    { label: '修改', panel: 'change', reason: details.change },
    { label: '改期', panel: 'move', reason: details.move },
    { label: '换中心发言人', panel: 'swap', reason: details.change },
    { label: '取消活动', panel: 'cancel', reason: details.cancel },
    { label: '代登记请假', panel: 'recordLeave', reason: details.recordLeave },
  ]
  return (
    <>
      {runs && isOpen && (
        <LinkButton type="primary" to={paths.runActivity(detail.id)}>
          {detail.status === 'running' ? '继续进行' : '进行活动'}
        </LinkButton>
      )}
      {runs && detail.status === 'running' && (
        <LinkButton to={paths.live(detail.id)} icon={<Icon name="scan" size={18} />}>
          大屏幕
        </LinkButton>
      )}
      {(runs || details.writeMinutes === null || details.recordLeave === null) && (
        <Menu
          button={
            <span className="tool-button">
              更多
              <Icon name="chevronDown" size={16} />
            </span>
          }
        >
          {items
            .filter(
              (item) => (runs || item.panel === 'recordLeave') && (isOpen || item.panel === 'recordLeave'),
            )
            .map((item) => (
              <button
                key={item.label}
                type="button"
                className="menu-item"
                disabled={item.reason !== null}
                onClick={() => open(item.panel)}
              >
                <span>
                  {item.label}
                  {item.reason !== null && <small className="menu-because">{item.reason}</small>}
                </span>
              </button>
            ))}
          <a
            className="menu-item"
            href={fileAddress(activity.getSignInSheetFile, { id: detail.id })}
            target="_blank"
            rel="noreferrer"
          >
            打印签到表
          </a>
          {detail.status !== 'planned' && (
            <a
              className="menu-item"
              href={fileAddress(activity.getActivityRecordFile, { id: detail.id })}
              target="_blank"
              rel="noreferrer"
            >
              打印活动记录
            </a>
          )}
        </Menu>
      )}
    </>
  )
}

/** What concerns me: my status, my leave. */
function MyPart({ detail, open }: { detail: ActivityDetail; open: (panel: Panel) => void }) {
  const { leave } = detail
  // Whoever only hosts it, or has no place in it, has no attendance here.
  const concernsMe =
    detail.mine !== null || detail.status === 'running' || detail.details.askLeave === null || leave !== null
  if (!detail.isMine || !concernsMe) return null
  return (
    <div className="my-part sheet">
      <span>我的出勤</span>
      <AttendanceMark status={detail.mine} />
      {leave && leave.status !== 'withdrawn' && (
        <span className="quiet">
          {leaveKindLabels[leave.kind]} · {leaveStatusLabels[leave.status]} · {leave.reason}
        </span>
      )}
      <span className="tools-space" />
      {detail.status === 'running' && detail.mine === null && (
        <LinkButton type="primary" to={paths.scan()}>
          去签到
        </LinkButton>
      )}
      {detail.details.askLeave === null && (
        <Button onClick={() => open('leave')}>{detail.startsInMinutes <= 0 ? '补请假' : '请假'}</Button>
      )}
    </div>
  )
}

function PanelForm({
  panel,
  detail,
  close,
}: {
  panel: Exclude<Panel, null>
  detail: ActivityDetail
  close: () => void
}) {
  const titles = {
    change: '修改活动',
    move: '改期',
    cancel: '取消活动',
    swap: '换中心发言人',
    leave: '请假',
    recordLeave: '代登记请假',
  }
  return (
    <section className="sheet panel-form" aria-label={titles[panel]}>
      <h2>{titles[panel]}</h2>
      {panel === 'change' && <ChangeForm detail={detail} close={close} />}
      {panel === 'move' && <MoveForm detail={detail} close={close} />}
      {panel === 'cancel' && <CancelForm detail={detail} close={close} />}
      {panel === 'swap' && <SwapForm detail={detail} close={close} />}
      {panel === 'leave' && <LeaveForm detail={detail} close={close} />}
      {panel === 'recordLeave' && <RecordLeaveForm detail={detail} close={close} />}
    </section>
  )
}

interface PanelProps {
  detail: ActivityDetail
  close: () => void
}
const stale = ['activity', 'activityLive', 'attendance'] as const

function MoveForm({ detail, close }: PanelProps) {
  const command = useCommand(activity.moveActivity, { inline: true, success: '已改期。', invalidate: stale })
  return (
    <CommandForm
      command={command}
      submit="改期"
      initial={{ day: detail.day, startTime: detail.startTime, endTime: detail.endTime, place: detail.place }}
      toInput={(values: {
        day: string
        startTime: string
        endTime: string
        place: string
        reason: string
      }) => ({ id: detail.id, ...values })}
      onDone={close}
      extra={<Button onClick={close}>不改了</Button>}
    >
      <div className="form-three">
        <Field name="day" label="新的日期" required hint="仍计入原来那一周">
          <DateInput />
        </Field>
        <Field name="startTime" label="开始" required>
          <TimeInput />
        </Field>
        <Field name="endTime" label="结束" required>
          <TimeInput />
        </Field>
      </div>
      <Field name="place" label="地点">
        <Input />
      </Field>
      <Field name="reason" label="原因" required>
        <Input maxLength={200} />
      </Field>
    </CommandForm>
  )
}

function CancelForm({ detail, close }: PanelProps) {
  const command = useCommand(activity.cancelActivity, {
    inline: true,
    success: '已取消。',
    invalidate: stale,
  })
  return (
    <CommandForm
      command={command}
      submit="取消活动"
      toInput={(values: { reason: string }) => ({ id: detail.id, ...values })}
      onDone={close}
      extra={<Button onClick={close}>不取消</Button>}
    >
      <Field name="reason" label="原因" required>
        <Input maxLength={200} />
      </Field>
    </CommandForm>
  )
}

function SwapForm({ detail, close }: PanelProps) {
  const command = useCommand(activity.swapSpeaker, {
    inline: true,
    success: '已换人，原因已记下。',
    invalidate: stale,
  })
  const choices = detail.members.filter((member) => member.id !== detail.speaker?.id)
  return (
    <CommandForm
      command={command}
      submit="换人"
      toInput={(values: { toPersonId: string; reason: string }) => ({ id: detail.id, ...values })}
      onDone={close}
      extra={<Button onClick={close}>不换了</Button>}
    >
      <Field name="toPersonId" label="换成" required>
        {choices.length > 0 ? (
          <ChoiceInput options={choices.map((member) => ({ value: member.id, label: member.name }))} />
        ) : (
          <PersonPicker search={searchPeople} />
        )}
      </Field>
      <Field name="reason" label="原因" required>
        <Input maxLength={200} />
      </Field>
    </CommandForm>
  )
}

const leaveKinds = (Object.keys(leaveKindLabels) as LeaveKind[]).map((kind) => ({
  value: kind,
  label: leaveKindLabels[kind],
}))

function LeaveForm({ detail, close }: PanelProps) {
  const command = useCommand(attendance.requestLeave, {
    inline: true,
    success: (done) => (done.askedLate ? '已提交，标为事后请假，等教导处审批。' : '已提交，等教导处审批。'),
    invalidate: stale,
  })
  return (
    <CommandForm
      command={command}
      submit="提交请假"
      initial={{ kind: 'personal' as LeaveKind }}
      toInput={(values: { kind: LeaveKind; reason: string }) => ({ activityId: detail.id, ...values })}
      onDone={close}
      extra={<Button onClick={close}>不请了</Button>}
    >
      <Field name="kind" label="类别" required>
        <ChoiceInput options={leaveKinds} />
      </Field>
      <Field name="reason" label="原因" required hint="批准后要补学，组长确认后不影响学时。">
        <Input maxLength={300} autoFocus />
      </Field>
    </CommandForm>
  )
}

function RecordLeaveForm({ detail, close }: PanelProps) {
  const command = useCommand(attendance.recordLeave, {
    inline: true,
    success: '已登记并批准。',
    invalidate: stale,
  })
  const people =
    detail.attendance?.map((line) => ({ value: line.personId, label: line.name })) ??
    detail.members.map((member) => ({ value: member.id, label: member.name }))
  return (
    <CommandForm
      command={command}
      submit="登记"
      initial={{ kind: 'personal' as LeaveKind }}
      toInput={(values: { personId: string; kind: LeaveKind; reason: string }) => ({
        activityId: detail.id,
        ...values,
      })}
      onDone={close}
      extra={<Button onClick={close}>关闭</Button>}
    >
      <Field name="personId" label="老师" required>
        {people.length > 0 ? <ChoiceInput options={people} /> : <PersonPicker search={searchPeople} />}
      </Field>
      <Field name="kind" label="类别" required>
        <ChoiceInput options={leaveKinds} />
      </Field>
      <Field name="reason" label="原因" required>
        <Input maxLength={300} />
      </Field>
    </CommandForm>
  )
}

function MinutesSection({ detail }: { detail: ActivityDetail }) {
  const [writing, setWriting] = useState(false)
  const saved = detail.minutesSaved
  return (
    <Section
      title="活动记录"
      {...(saved ? { sentence: `${saved.byName} ${momentText(saved.at)} 保存` } : {})}
      aside={
        !writing && (
          <DisabledBecause size="small" reason={detail.details.writeMinutes} onClick={() => setWriting(true)}>
            {saved ? '补充' : '填写'}
          </DisabledBecause>
        )
      }
    >
      {writing ? (
        <Minutes detail={detail} />
      ) : (
        <div className="minutes-read">
          {detail.minutesParts.map((part) => {
            const text = (detail.minutesTexts[part.id] ?? '').trim()
            return (
              <section key={part.id}>
                <h3>
                  {part.label}
                  {part.clause !== undefined && <span className="clause">{part.clause}</span>}
                </h3>
                {text === '' ? <p className="quiet">还没有写。</p> : <p className="pre-line">{text}</p>}
              </section>
            )
          })}
        </div>
      )}
      {detail.status === 'running' && !writing && <Notice>活动进行中，记录会随时更新。</Notice>}
    </Section>
  )
}
