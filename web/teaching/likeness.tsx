import { useState } from 'react'
import { ErrorNotice, Notice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { type Talk, talk } from './api.ts'

/** How much of a paper stands elsewhere in the school, what the reviewer found, and the stretches themselves. */
export function Likeness({ view }: { view: Talk }) {
  const [open, setOpen] = useState(false)
  const percent = view.similarPercent ?? 0
  const high = percent >= view.warnPercent
  return (
    <>
      <Notice
        tone={high ? 'soon' : 'plain'}
        action={
          percent > 0 && (
            <button type="button" className="tool-button no-print" onClick={() => setOpen(!open)}>
              {open ? '收起对照' : '看相同的地方'}
            </button>
          )
        }
      >
        与校内别人的文字最多相同 {percent}%
        {percent > 0 && view.similarTo !== '' ? `（${view.similarTo}）` : ''}。
        {view.original === null
          ? high
            ? '达到提醒线，请审核人对照后认定。'
            : ''
          : `${view.decidedByName ?? '审核人'}认定${view.original ? '为原创' : '不是原创'}${view.remark ? `：${view.remark.replace(/。$/, '')}` : ''}。`}
      </Notice>
      {open && <Stretches id={view.id} />}
    </>
  )
}

function Stretches({ id }: { id: string }) {
  const query = useApi(talk.getLikeness, { id })
  if (query.data === undefined)
    return query.error ? <ErrorNotice error={query.error} retry={query.refetch} /> : <Skeleton shape="text" />
  return (
    <section className="sheet talk-paper" aria-label="相同的地方">
      <p className="quiet">有底色的字句也出现在{query.data.source}里。</p>
      {query.data.sections.map((section) => (
        <div key={section.label}>
          <h2>{section.label}</h2>
          <p className="talk-shared">
            {section.runs.map((run, index) =>
              run.isShared ? <mark key={index}>{run.text}</mark> : <span key={index}>{run.text}</span>,
            )}
          </p>
        </div>
      ))}
    </section>
  )
}
