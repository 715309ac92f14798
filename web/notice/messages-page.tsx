import { Button } from 'antd'
import { reminderKindLabels } from '../../server/notice/words.ts'
import { addressOf } from '../home/places.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters, useGo } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { message, notice } from './api.ts'

type Messages = Awaited<ReturnType<typeof message.listMessages>>
type NoticeLine = Messages['notices'][number]
type Reminder = Messages['reminders'][number]

/** Everything for me: what is due with the place where it is done, and notices; and what I have sent. */
export function MessagesPage() {
  const [filters, setFilters] = useFilters({ box: '' })
  const query = useApi(message.listMessages, {})
  const go = useGo()
  const start = useCommand(notice.startNotice, { onSuccess: ({ id }) => go(paths.notice(id)) })
  const mayWrite = query.data?.abilities.write === null
  const sent = filters.box === 'sent' && mayWrite
  return (
    <Page
      title="消息"
      query={query}
      sentence={standing}
      actions={
        <>
          <LinkButton to={paths.messagePreferences()}>提醒方式</LinkButton>
          {mayWrite && (
            <Button
              type="primary"
              icon={<Icon name="pen" size={18} />}
              loading={start.running}
              onClick={() => void start.run({})}
            >
              写通知
            </Button>
          )}
        </>
      }
    >
      {(data) => (
        <>
          {mayWrite && (
            <div className="segments message-boxes" role="group" aria-label="消息">
              <button type="button" aria-pressed={!sent} onClick={() => setFilters({ box: undefined })}>
                给我的
              </button>
              <button type="button" aria-pressed={sent} onClick={() => setFilters({ box: 'sent' })}>
                发出的
              </button>
            </div>
          )}
          {sent ? <Sent /> : <Received data={data} />}
        </>
      )}
    </Page>
  )
}

function Standing({ data }: { data: Messages }) {
  const owed = data.notices.filter((one) => one.mine?.isUnread || one.mine?.mustConfirm).length
  if (owed === 0 && data.reminders.length === 0) return <>没有未读的通知，也没有要办的事。</>
  return (
    <>
      {owed > 0 ? `${owed} 条通知等您看` : '通知都看过了'}
      {data.reminders.length > 0 ? `，${data.reminders.length} 件事要办。` : '，没有要办的事。'}
    </>
  )
}

function Received({ data }: { data: Messages }) {
  const read = useCommand(message.readReminders)
  const owed = data.notices.filter((one) => one.mine?.isUnread || one.mine?.mustConfirm)
  const earlier = data.notices.filter((one) => !owed.includes(one))
  const hasUnread = data.reminders.some((one) => one.isUnread)
  if (data.notices.length === 0 && data.reminders.length === 0 && data.ended.length === 0)
    return <Empty title="还没有消息" sentence="学校的通知、要办的事和活动变动，都会出现在这里。" />
  return (
    <>
      {owed.length > 0 && (
        <Section title="未读通知">
          <Notices lines={owed} />
        </Section>
      )}
      <Section
        title="要办的事"
        aside={
          hasUnread && (
            <Button size="small" loading={read.running} onClick={() => void read.run({})}>
              全部标为已读
            </Button>
          )
        }
      >
        {data.reminders.length === 0 ? (
          <p className="message-none">都办完了。</p>
        ) : (
          <ul className="message-list">
            {data.reminders.map((one) => (
              <ReminderItem key={one.id} one={one} />
            ))}
          </ul>
        )}
      </Section>
      {earlier.length > 0 && (
        <Section title="看过的通知">
          <Notices lines={earlier} />
        </Section>
      )}
      {data.ended.length > 0 && (
        <Section title="最近七天办完或不再需要的">
          <ul className="message-ended">
            {data.ended.map((one) => (
              <li key={one.id}>
                <Icon name="check" size={16} /> {one.title}
                <span className="quiet"> {momentText(one.endedAt)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {data.digest && (
        <details className="message-digest">
          <summary>最近一次每日汇总（{momentText(data.digest.at)}）</summary>
          <p>{data.digest.body}</p>
        </details>
      )}
    </>
  )
}

function ReminderItem({ one }: { one: Reminder }) {
  const read = useCommand(message.readReminders)
  return (
    <li className={one.isUnread ? 'message-unread' : undefined}>
      <StateGlyph state={one.state} />
      <div className="message-text">
        <p className="message-title">
          {one.title}
          {one.isUnread && <span className="visually-hidden">（未读）</span>}
        </p>
        <p className="quiet">
          {reminderKindLabels[one.kind]} · {one.mark}
          {one.detail !== '' && ` · ${one.detail}`}
        </p>
      </div>
      <Link
        to={addressOf(one.action.place)}
        className="message-go"
        onClick={() => {
          if (one.isUnread) void read.run({ ids: [one.id] })
        }}
      >
        {one.action.label}
      </Link>
    </li>
  )
}

function stateOf(line: NoticeLine): string {
  if (line.status === 'withdrawn') return '已撤回'
  if (line.mine === null) return ''
  if (line.mine.mustConfirm)
    return line.confirmByDay === null ? '待确认' : `请在 ${dayText(line.confirmByDay)} 前确认`
  if (line.mine.isUnread) return line.isCorrected ? '有更正，请再看' : '未读'
  return line.mine.confirmedAt ? '已确认' : '已读'
}

function Notices({ lines }: { lines: readonly NoticeLine[] }) {
  return (
    <ul className="message-list">
      {lines.map((line) => (
        <li key={line.id} className={line.mine?.isUnread ? 'message-unread' : undefined}>
          <Icon name={line.status === 'withdrawn' ? 'undo' : 'bell'} size={18} />
          <Link to={paths.notice(line.id)} className="message-text">
            <span className="message-title">{line.title === '' ? '（还没有标题）' : line.title}</span>
            <span className="quiet">
              {line.sender === '' ? '草稿' : line.sender} · {line.kindLabel}
              {line.sentAt && ` · ${momentText(line.sentAt)}`}
              {line.mine?.remindedAt && line.mine.isUnread ? ' · 发布人提醒您看' : ''}
            </span>
          </Link>
          <span className={line.mine?.mustConfirm ? 'message-state message-owed' : 'message-state'}>
            {line.counts
              ? `${line.confirmByDay === null ? `已读 ${line.counts.read}` : `已确认 ${line.counts.confirmed}`}／${line.counts.receivers} 人`
              : stateOf(line)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Sent() {
  const query = useApi(notice.listNotices, { box: 'sent' })
  const lines = query.data?.notices
  if (!lines) return null
  if (lines.length === 0)
    return (
      <Empty title="还没有发过通知" sentence="点“写通知”，选好接收人就可以发出，谁看过、谁没看一目了然。" />
    )
  const drafts = lines.filter((line) => line.status === 'draft')
  return (
    <>
      {drafts.length > 0 && (
        <Section title="草稿">
          <Notices lines={drafts} />
        </Section>
      )}
      <Section title="已发出">
        <Notices lines={lines.filter((line) => line.status !== 'draft')} />
      </Section>
    </>
  )
}

function standing(data: Messages) {
  return <Standing data={data} />
}
