import { Button } from 'antd'
import { useState } from 'react'
import { voiceLabels } from '../../server/lesson/words.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { lesson } from './api.ts'
import type { LessonDetail, RatingResult } from './api.ts'
import '../kit/data-list.css'
import { Rubric } from './rubric.tsx'

/** What the ratings come to, criterion by criterion; the lesson taught before or again stands beside it. */
export function Results({ view }: { view: LessonDetail }) {
  const rated = view.series.filter((one) => one.results.length > 0)
  const first = rated.flatMap((one) => one.results)[0]
  if (!first) return null
  const columns = rated.flatMap((one) => {
    const result = one.results.find((other) => other.sheetId === first.sheetId)
    return result ? [{ lesson: one, result }] : []
  })
  const several = columns.length > 1
  return (
    <Section
      title={several ? '评分（前后两次对比）' : '评分'}
      aside={<span className="quiet">{first.title}</span>}
      sentence={sentenceOf(columns.map((column) => column.result))}
    >
      <div className="table-scroll">
        <table className="table lesson-results">
          <thead>
            <tr>
              <th scope="col">指标</th>
              <th scope="col" className="end">
                权重
              </th>
              {columns.map(({ lesson: one }, index) => (
                <th key={one.id} scope="col" className="end">
                  {several ? `第 ${index + 1} 次 ${dayText(one.heldOn)}` : '平均'}
                </th>
              ))}
              {several && (
                <th scope="col" className="end">
                  变化
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {first.criteria.map((criterion) => {
              const means = columns.map(
                ({ result }) => result.criteria.find((other) => other.id === criterion.id)?.mean ?? null,
              )
              return (
                <tr key={criterion.id}>
                  <th scope="row">{criterion.label}</th>
                  <td className="end quiet">{criterion.weight}</td>
                  {means.map((mean, index) => (
                    <td key={columns[index]?.lesson.id} className="end">
                      {mean ?? '—'}
                    </td>
                  ))}
                  {several && <td className="end">{changeOf(means)}</td>}
                </tr>
              )
            })}
            <tr className="lesson-total">
              <th scope="row">综合</th>
              <td />
              {columns.map(({ lesson: one, result }) => (
                <td key={one.id} className="end">
                  {result.total ?? '—'}
                </td>
              ))}
              {several && <td className="end">{changeOf(columns.map(({ result }) => result.total))}</td>}
            </tr>
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {columns.at(-1)?.result.voices.map((voice) => (
          <span key={voice.voice} className="lesson-voice">
            {voiceLabels[voice.voice]} {voice.ratings} 份，平均 {voice.mean}
            {voice.counts === 0 && '（不计入）'}
          </span>
        ))}
      </p>
    </Section>
  )
}

function changeOf(values: (number | null)[]): string {
  const [before, after] = [values[0] ?? null, values.at(-1) ?? null]
  if (before === null || after === null) return '—'
  const change = Math.round((after - before) * 10) / 10
  return change > 0 ? `↑ ${change}` : change < 0 ? `↓ ${-change}` : '持平'
}

function sentenceOf(results: RatingResult[]): string {
  const last = results.at(-1)
  if (!last || last.total === null) return '还没有计入总分的评分。'
  const before = results.length > 1 ? results[0]?.total : undefined
  if (before === undefined || before === null) return `综合 ${last.total} 分（满分 100）。`
  const change = Math.round((last.total - before) * 10) / 10
  return change === 0
    ? `两次都是 ${last.total} 分。`
    : `从 ${before} 分到 ${last.total} 分，${change > 0 ? '提高' : '降低'} ${Math.abs(change)} 分。`
}

/** Rates the lesson: the sheet, a tap per criterion, a written comment. */
export function Rate({ view }: { view: LessonDetail }) {
  const query = useApi(lesson.listSheets, {})
  const sheets = query.data?.sheets.filter((sheet) => !sheet.retired) ?? []
  const [open, setOpen] = useState<'no' | 'own' | 'expert'>('no')
  const [sheetId, setSheetId] = useState(view.myRating?.sheetId ?? '')
  const [scores, setScores] = useState<Record<string, number>>(view.myRating?.scores ?? {})
  const [comment, setComment] = useState(view.myRating?.comment ?? '')
  const [expertName, setExpertName] = useState('')
  const rate = useCommand(lesson.rateLesson, {
    inline: true,
    success: ({ total }) => `已评 ${total} 分`,
    onSuccess: () => setOpen('no'),
  })
  const sheet = sheets.find((one) => one.id === sheetId) ?? sheets[0]
  if (view.status !== 'given') return null
  if (open === 'no')
    return (
      <div className="form-actions no-print">
        {view.abilities.rate === null ? (
          <Button type="primary" onClick={() => setOpen('own')}>
            {view.myRating ? '修改我的评分' : view.isMine ? '自评' : '评课打分'}
          </Button>
        ) : (
          <span className="because">{view.abilities.rate}</span>
        )}
        {view.abilities.rateAsExpert === null && (
          <Button
            onClick={() => {
              setScores({})
              setComment('')
              setOpen('expert')
            }}
          >
            登记专家评分
          </Button>
        )}
      </div>
    )
  if (!sheet) return null
  return (
    <Section
      title={open === 'expert' ? '登记专家评分' : '评课打分'}
      aside={
        sheets.length > 1 && (
          <ChoiceInput
            aria-label="评课表"
            value={sheet.id}
            onChange={(next) => {
              setSheetId(next)
              setScores({})
            }}
            options={sheets.map((one) => ({ value: one.id, label: one.title }))}
          />
        )
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void rate.run({
            id: view.id,
            sheetId: sheet.id,
            scores,
            comment,
            expertName: open === 'expert' ? expertName : '',
          })
        }}
      >
        {open === 'expert' && (
          <label className="field">
            <span className="field-label">专家姓名</span>
            <input
              className="native-input"
              value={expertName}
              maxLength={20}
              placeholder="例如：区教研员王老师"
              onChange={(event) => setExpertName(event.target.value)}
            />
          </label>
        )}
        <Rubric sheet={sheet} scores={scores} onChange={setScores} />
        <GrowingText
          name="书面评语"
          value={comment}
          onChange={setComment}
          rows={3}
          placeholder="书面评语：好在哪里，怎样更好"
        />
        {rate.error && (
          <p className="form-error" role="alert">
            {rate.error.message}
          </p>
        )}
        <div className="form-actions">
          <Button
            type="primary"
            htmlType="submit"
            loading={rate.running}
            disabled={open === 'expert' && expertName.trim() === ''}
          >
            提交评分
          </Button>
          <Button onClick={() => setOpen('no')}>不评了</Button>
        </div>
      </form>
    </Section>
  )
}

/** Who gave which rating, with the written comment. */
export function Ratings({ view }: { view: LessonDetail }) {
  const withdraw = useCommand(lesson.withdrawRating, { success: '已撤回评分' })
  if (view.ratingList.length === 0) return null
  return (
    <Section title={view.ratingList.every((one) => one.isMine) ? '我的评分' : '每一份评分'}>
      <ul className="lesson-ratings">
        {view.ratingList.map((rating) => (
          <li key={rating.id}>
            <div className="card-head">
              <span>
                <b>{rating.name}</b> <span className="quiet">{voiceLabels[rating.voice]}</span>
              </span>
              <b className="figure">{rating.total} 分</b>
            </div>
            {/* What stands among the comments is not shown twice. */}
            {rating.comment !== '' &&
              !view.comments?.lines.some((line) => line.comment === rating.comment) && (
                <p className="lesson-words">{rating.comment}</p>
              )}
            <details>
              <summary className="quiet">{rating.sheetTitle}</summary>
              <ul className="lesson-scores">
                {rating.scores.map((score) => (
                  <li key={score.label}>
                    {score.label} <span className="quiet">{score.step}</span>
                  </li>
                ))}
              </ul>
            </details>
            {rating.abilities.withdraw === null && (
              <button
                type="button"
                className="tool-button no-print"
                onClick={() => void withdraw.run({ ratingId: rating.id })}
              >
                撤回
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
