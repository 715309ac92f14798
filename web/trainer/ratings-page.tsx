import './trainer.css'
import { useState } from 'react'
import { contributionKindLabels } from '../../server/trainer/words.ts'
import { LinkButton } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { trainer } from './api.ts'
import { RatingForm } from './rating.tsx'

type Waiting = Awaited<ReturnType<typeof trainer.listToRate>>

/** Everything at which I was and of which I have not said anything yet: one tap each. */
export function RatingsPage() {
  const query = useApi(trainer.listToRate, {})
  // As it was when the page was opened, so that nothing disappears under the finger.
  const [first, setFirst] = useState<Waiting | null>(null)
  if (first === null && query.data) setFirst(query.data)
  const rows = first ?? []
  return (
    <Page
      title="评一评"
      width="reading"
      query={query}
      sentence="参加过的讲座和指导，点几颗星就行；主讲人看得到评价，看不到是谁评的。"
      isEmpty={() => rows.length === 0}
      empty={{
        title: '没有等您评价的讲座和指导。',
        sentence: '参加以后两周内可以评价。',
        action: <LinkButton to={paths.home()}>回首页</LinkButton>,
      }}
    >
      {rows.map((row) => (
        <section key={row.id} className="sheet rating-card">
          <h2>{row.subject}</h2>
          <p className="quiet">
            {row.giverName} · {contributionKindLabels[row.kind]} · {dayText(row.heldOn)}
          </p>
          <RatingForm id={row.id} giverName={row.giverName} />
        </section>
      ))}
    </Page>
  )
}
