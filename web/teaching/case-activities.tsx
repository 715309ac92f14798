import { useState } from 'react'
import { ChoiceInput } from '../kit/form.tsx'
import { Link } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { teaching } from './api.ts'

type Of = Parameters<typeof teaching.listCaseActivities>[0]

/** At which activities this was discussed; the activity then counts with it. */
export function CaseActivities({ of, title = '讨论它的活动' }: { of: Of; title?: string }) {
  const { data } = useApi(teaching.listCaseActivities, of)
  const [adding, setAdding] = useState(false)
  const link = useCommand(teaching.linkActivity, {
    invalidate: ['teaching', 'activity', 'regime'],
    success: (_, input) => (input.linked === false ? '已取消关联' : '已关联，这次活动和它算在一起'),
    onSuccess: () => setAdding(false),
  })
  if (!data || (data.linked.length === 0 && (data.abilities.link !== null || data.choices.length === 0)))
    return null
  return (
    <Section title={title}>
      {data.linked.length > 0 && (
        <ul className="teaching-links">
          {data.linked.map((one) => (
            <li key={one.id}>
              {dayText(one.heldOn)} <Link to={paths.activity(one.id)}>{one.theme}</Link>
              {!one.isHeld && <span className="quiet"> 还没有开</span>}
              {data.abilities.link === null && (
                <button
                  type="button"
                  className="tool-button no-print"
                  disabled={link.running}
                  onClick={() => void link.run({ ...of, activityId: one.id, linked: false })}
                >
                  取消关联
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {data.abilities.link === null &&
        data.choices.length > 0 &&
        (adding ? (
          <ChoiceInput
            aria-label="在哪次活动里讨论"
            value=""
            empty="选本组或全校的一次活动"
            onChange={(activityId) => activityId !== '' && void link.run({ ...of, activityId, linked: true })}
            options={data.choices.map((one) => ({
              value: one.id,
              label: `${dayText(one.heldOn)} ${one.theme}`,
            }))}
          />
        ) : (
          <button type="button" className="tool-button no-print" onClick={() => setAdding(true)}>
            {data.linked.length === 0 ? '在哪次活动里讨论…' : '再关联一次活动…'}
          </button>
        ))}
    </Section>
  )
}
