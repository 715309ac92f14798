import type { LinkRoom } from '../../server/exchange/words.ts'
import { useHasRole } from '../access/session.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { exchange } from './api.ts'

/** The talk about a record, on the record's own page: what there is, or the button that begins it. */
export function AboutRecord({ room, id, title }: { room: LinkRoom; id: string; title: string }) {
  const topics = useApi(exchange.listForRecord, { room, recordId: id }).data
  const talks = useHasRole('teacher')
  if (!topics || (topics.length === 0 && !talks)) return null
  return (
    <Section title={title}>
      {topics.length === 0 ? (
        <LinkButton icon={<Icon name="edit" size={18} />} to={paths.newTopic({ room, id })}>
          说说收获和问题
        </LinkButton>
      ) : (
        <ul>
          {topics.map((topic) => (
            <li key={topic.id}>
              <Link to={paths.topic(topic.id)}>{topic.title}</Link>{' '}
              <span className="quiet">
                {topic.replies} 条回复
                {(topic.unread ?? 0) > 0 && `，${topic.unread} 条新的`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
