import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { message } from './api.ts'
import './notice.css'

function useUnread(): number {
  const { data } = useApi(message.getUnreadCount, {})
  return data === undefined ? 0 : data.notices + data.reminders
}

/** How many messages I have not read, as a mark; nothing where there is none. */
export function MessageCount({ className = '' }: { className?: string }) {
  const count = useUnread()
  if (count === 0) return null
  return (
    <span className={`count-mark ${className}`}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">，{count} 条未读消息</span>
    </span>
  )
}

/** The bell at the top of every page, on phone and PC. */
export function MessageBell() {
  return (
    <Link to={paths.messages()} className="message-bell" title="消息">
      <Icon name="bell" size={22} />
      <span className="visually-hidden">消息</span>
      <MessageCount />
    </Link>
  )
}
