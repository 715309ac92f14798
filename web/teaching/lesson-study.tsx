import { Button } from 'antd'
import { Link, useGo } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { paths } from '../paths.ts'
import { design, runMark, teaching } from './api.ts'

/** On the page of a lesson: its design, the matters in steps to which it belongs, and what can be begun with it. */
export function LessonStudy({ lessonId, topic }: { lessonId: string; topic: string }) {
  const go = useGo()
  const { data } = useApi(teaching.getLessonStudy, { lessonId })
  const begin = useCommand(teaching.startFlow, {
    invalidate: ['teaching', 'home'],
    onSuccess: ({ ids }) => ids[0] && go(paths.teachingRun(ids[0])),
  })
  const write = useCommand(design.startDesign, {
    invalidate: ['teaching', 'design'],
    onSuccess: ({ id }) => go(paths.design(id)),
  })
  if (!data) return null
  const writes = data.abilities.design === null && data.designs.length === 0
  if (data.runs.length + data.designs.length + data.flows.length === 0 && !writes) return null
  return (
    <Section title="备课与课例研究">
      {data.designs.length > 0 && (
        <ul className="teaching-links">
          {data.designs.map((one) => (
            <li key={one.id}>
              教案：<Link to={paths.design(one.id)}>{one.title}</Link>{' '}
              <span className="quiet">
                {one.personName} · {one.versions} 稿
              </span>
              {one.versions > 1 && (
                <>
                  {' '}
                  <Link to={`${paths.design(one.id)}?view=compare&from=1`}>第一稿与最新稿对照</Link>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {data.runs.length > 0 && (
        <ul className="teaching-links">
          {data.runs.map((run) => {
            const done = run.cells.filter((cell) => cell.state === 'done').length
            return (
              <li key={run.id}>
                <Link to={paths.teachingRun(run.id)}>{run.flowLabel}</Link> <StateMark {...runMark(run)} />{' '}
                <span className="quiet">
                  已完成 {done}/{run.cells.length} 步
                  {run.myStep !== null && run.status === 'running' && ` · 轮到您：${run.myStep}`}
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {(data.flows.length > 0 || writes) && (
        <div className="form-actions no-print">
          {writes && (
            <Button
              loading={write.running}
              onClick={() => void write.run({ title: topic, lessonId, body: '' })}
            >
              写这节课的教案
            </Button>
          )}
          {data.flows.map((flow) => (
            <Button
              key={flow.flow}
              title={flow.steps.join(' → ')}
              loading={begin.running}
              onClick={() => void begin.run({ flow: flow.flow, lessonId })}
            >
              按“{flow.label}”开展
            </Button>
          ))}
        </div>
      )}
    </Section>
  )
}
