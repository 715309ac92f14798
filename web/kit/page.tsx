import { Button } from 'antd'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import type { ApiError } from './api.ts'
import { Icon } from './icons.tsx'
import { Link } from './link.tsx'
import type { ApiQuery } from './queries.ts'

export interface EmptyProps {
  /** What is not there yet: 还没有活动。 */
  title: string
  /** What to do first, in one sentence. */
  sentence?: ReactNode
  /** The button that does it. */
  action?: ReactNode
}

/** Says what to do first where there is nothing yet. */
export function Empty({ title, sentence, action }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {sentence !== undefined && <p className="empty-sentence">{sentence}</p>}
      {action !== undefined && <div className="empty-action">{action}</div>}
    </div>
  )
}

/** Why something could not be shown, with the way on. */
export function ErrorNotice({ error, retry }: { error: ApiError; retry?: () => unknown }) {
  const gone = error.status === 403 || error.status === 404
  return (
    <div className="notice notice-error" role="alert">
      <Icon name={error.status === 0 ? 'offline' : 'alert'} />
      <div className="notice-body">
        <p>{error.message}</p>
        {error.clause !== undefined && <p className="quiet">依据：{error.clause}</p>}
        {error.id !== undefined && <p className="quiet">编号 {error.id}，报给管理员时请带上。</p>}
        {retry && !gone && (
          <Button size="small" onClick={() => void retry()}>
            再试一次
          </Button>
        )}
      </div>
    </div>
  )
}

/** A remark beside the content: `tone` says how much it matters. */
export function Notice({
  tone = 'plain',
  children,
  action,
}: {
  tone?: 'plain' | 'good' | 'soon' | 'late' | 'rest'
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={`notice notice-${tone}`} role="note">
      <Icon name={tone === 'late' || tone === 'soon' ? 'alert' : tone === 'good' ? 'check' : 'info'} />
      <div className="notice-body">{children}</div>
      {action !== undefined && <div className="notice-action">{action}</div>}
    </div>
  )
}

export type SkeletonShape = 'list' | 'cards' | 'text' | 'board' | 'form'

/** Grey lines of the size that the content will have, so that nothing jumps. */
export function Skeleton({ shape = 'list', rows = 6 }: { shape?: SkeletonShape; rows?: number }) {
  return (
    <div className={`skeleton skeleton-${shape}`} role="status" aria-label="正在读取">
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className="skeleton-row" />
      ))}
    </div>
  )
}

export interface PageProps<Data> {
  title: string
  /** Where this page lies: a link back to the list it came from. */
  back?: { to: string; label: string }
  /** The one plain sentence that says how things stand. */
  sentence?: ReactNode | ((data: Data) => ReactNode)
  /** Buttons at the right of the title; on phones below it. */
  actions?: ReactNode
  /** When given, loading, failure and emptiness are shown here and `children` may be a function of the data. */
  query?: ApiQuery<Data>
  /** Shape and number of the grey lines while loading. */
  skeleton?: SkeletonShape
  skeletonRows?: number
  isEmpty?: (data: Data) => boolean
  empty?: EmptyProps
  /** `wide` for boards and tables, `reading` for text of a comfortable measure. */
  width?: 'reading' | 'normal' | 'wide'
  children?: ReactNode | ((data: Data) => ReactNode)
}

/** The frame of every page: title, sentence, actions, and the three states that are not content. */
export function Page<Data>(props: PageProps<Data>) {
  const { title, back, sentence, actions, query, width = 'normal' } = props
  useEffect(() => {
    document.title = `${title} · 校研`
  }, [title])
  const data = query?.data
  const ready = query === undefined || data !== undefined
  return (
    <article className={`page page-${width}`}>
      <header className="page-head">
        <div className="page-heading">
          {back && (
            <Link to={back.to} className="page-back">
              <Icon name="chevronLeft" size={18} />
              {back.label}
            </Link>
          )}
          <h1>{title}</h1>
          {sentence !== undefined && (
            <div className="page-sentence">
              {typeof sentence === 'function' ? (
                data === undefined ? (
                  <span className="skeleton-line" />
                ) : (
                  sentence(data)
                )
              ) : (
                sentence
              )}
            </div>
          )}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {query?.error && data !== undefined && (
        <Notice
          tone="soon"
          action={
            <Button size="small" onClick={() => void query.refetch()}>
              再试一次
            </Button>
          }
        >
          下面是刚才读到的内容；最新内容没有读到：{query.error.message}
        </Notice>
      )}
      {ready ? (
        <Content {...props} data={data as Data} />
      ) : query.error ? (
        <ErrorNotice error={query.error} retry={query.refetch} />
      ) : (
        <Skeleton
          {...(props.skeleton === undefined ? {} : { shape: props.skeleton })}
          {...(props.skeletonRows === undefined ? {} : { rows: props.skeletonRows })}
        />
      )}
    </article>
  )
}

function Content<Data>({ data, isEmpty, empty, children }: PageProps<Data> & { data: Data }) {
  if (empty && isEmpty?.(data)) return <Empty {...empty} />
  return <>{typeof children === 'function' ? children(data) : children}</>
}

/** A part of a page with its own heading; `aside` stands at the right of it. */
export function Section({
  title,
  sentence,
  aside,
  children,
  plain = false,
}: {
  title: string
  sentence?: ReactNode
  aside?: ReactNode
  children: ReactNode
  /** Without the sheet around it. */
  plain?: boolean
}) {
  return (
    <section className="section">
      <header className="section-head">
        <h2>{title}</h2>
        {aside !== undefined && <div className="section-aside">{aside}</div>}
      </header>
      {sentence !== undefined && <p className="section-sentence">{sentence}</p>}
      <div className={plain ? undefined : 'sheet'}>{children}</div>
    </section>
  )
}

/** Label and value pairs, as on a form that has been filled in. */
export function Facts({ items }: { items: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="facts">
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
