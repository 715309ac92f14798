import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { Link } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { paths } from '../paths.ts'
import { lesson } from './api.ts'
import type { LessonDetail } from './api.ts'

type Comments = NonNullable<LessonDetail['comments']>
type Line = Comments['lines'][number]

/** What everybody who observed one lesson wrote, with the time at which it was written, and who still owes it. */
export function Comments({ view }: { view: LessonDetail }) {
  const { comments } = view
  if (comments === null || (comments.lines.length === 0 && comments.missing.length === 0)) return null
  if (view.status !== 'given') return null
  return (
    <Section title="评课意见" sentence={sentenceOf(comments)}>
      <ul className="lesson-comments">
        {comments.lines.map((line) => (
          <li key={line.observationId}>
            <div className="card-head">
              <span>
                {line.abilities.open === null ? (
                  <Link to={paths.observation(line.observationId)}>
                    <b>{line.observerName}</b>
                  </Link>
                ) : (
                  <b>{line.observerName}</b>
                )}{' '}
                <StateMark
                  state={line.onTheSpot ? 'done' : 'excused'}
                  word={line.onTheSpot ? `当场 · ${line.writtenLabel}` : line.writtenLabel}
                />
              </span>
              {line.points !== null && <b className="figure">{line.points} 分</b>}
            </div>
            <p className="lesson-words">
              {line.comment === '' ? <span className="quiet">没有写意见。</span> : line.comment}
            </p>
            {line.actionStep !== '' && (
              <p className="lesson-step">
                <b>改进要求</b> {line.actionStep}
              </p>
            )}
            {line.abilities.score === null && line.comment !== '' && <Points line={line} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function sentenceOf({ lines, missing }: Comments): string {
  const written = lines.filter((line) => line.comment !== '')
  const late = written.filter((line) => !line.onTheSpot).length
  const owed =
    missing.length === 0
      ? ''
      : `还没有写：${missing.slice(0, 8).join('、')}${missing.length > 8 ? ` 等 ${missing.length} 人` : ''}。`
  return `${written.length} 位老师写了意见，${written.length - late} 份当天写成${late > 0 ? `，${late} 份后来补写` : ''}。${owed}`
}

function Points({ line }: { line: Line }) {
  const [points, setPoints] = useState<number | null>(line.points)
  const score = useCommand(lesson.scoreComment, {
    success: (_, input) => (input.points === null ? '已取消评分' : `已评 ${input.points} 分`),
  })
  return (
    <form
      className="lesson-points no-print"
      onSubmit={(event) => {
        event.preventDefault()
        void score.run({ observationId: line.observationId, points })
      }}
    >
      <InputNumber
        aria-label={`给${line.observerName}的意见评分`}
        min={0}
        max={100}
        precision={0}
        value={points}
        onChange={setPoints}
        suffix="分"
      />
      <Button size="small" htmlType="submit" loading={score.running} disabled={points === line.points}>
        {line.points === null ? '给意见评分' : points === null ? '取消评分' : '改为这个分数'}
      </Button>
    </form>
  )
}
