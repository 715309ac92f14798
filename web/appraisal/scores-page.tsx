import { Button } from 'antd'
import { useId, useState } from 'react'
import type { appraisalApi } from '../../server/appraisal/contract.ts'
import { checkKindLabels, type ScorePart, scorePartLabels } from '../../server/appraisal/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { api } from '../kit/api.ts'
import { ChoiceInput, DateInput } from '../kit/form.tsx'
import { Empty, ErrorNotice, Page, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText, dayWithWeekday, numberText } from '../kit/words.ts'
import { readPaste } from './paste.ts'
import './scores.css'

const appraisal = api<typeof appraisalApi>('appraisal')
type Score = Awaited<ReturnType<typeof appraisal.listMyScores>>[number]
type Options = Awaited<ReturnType<typeof appraisal.getScoreOptions>>
type Sheet = Awaited<ReturnType<typeof appraisal.listScoreSheets>>[number]

/** Own scores for everybody; for 教导处 the grid to record them. */
export function ScoresPage() {
  const readsAll = useHasRole('academicOffice', 'researchOffice', 'principal')
  return (
    <Page
      title="检查和考评"
      width="wide"
      sentence={
        readsAll ? '登记平时检查和年终考评的得分，登记后自动计入每位老师的总评。' : '您的平时检查和考评得分。'
      }
    >
      {readsAll && <Recording />}
      <MyScores />
    </Page>
  )
}

function MyScores() {
  const mine = useApi(appraisal.listMyScores, {})
  const session = useSession()
  if (mine.error && !mine.data) return <ErrorNotice error={mine.error} retry={mine.refetch} />
  if (!mine.data) return <Skeleton />
  if (mine.data.length === 0)
    return <Empty title="还没有您的得分" sentence="教导处登记检查或考评以后，您会在这里看到自己的得分。" />
  return (
    <Section title="我的得分" plain>
      <ul className="my-scores">
        {mine.data.map((score: Score) => (
          <li key={score.id} className={score.reversedAt === null ? undefined : 'withdrawn'}>
            <span className="score-points">{numberText(score.points)}</span>
            <span className="score-text">
              <b>{score.title}</b>
              <span className="quiet">
                {scorePartLabels[score.part]} · {score.voiceLabel} ·{' '}
                {dayWithWeekday(score.scoredOn, session.today)}
                {score.reversedAt !== null && ' · 已更正，不计入'}
              </span>
              {score.remark !== '' && <span>{score.remark}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface Head {
  part: ScorePart
  voice: string
  title: string
  scoredOn: string
}

function Recording() {
  const session = useSession()
  const options = useApi(appraisal.getScoreOptions, {})
  const sheets = useApi(appraisal.listScoreSheets, {})
  const [head, setHead] = useState<Head | null>(null)
  if (!options.data || !sheets.data) {
    const error = options.error ?? sheets.error
    return error ? <ErrorNotice error={error} retry={() => void options.refetch()} /> : <Skeleton rows={4} />
  }
  if (head) {
    return (
      <Grid key={JSON.stringify(head)} head={head} options={options.data} onClose={() => setHead(null)} />
    )
  }
  const mayRecord = options.data.abilities.record
  return (
    <>
      {mayRecord === null && (
        <Begin
          voices={options.data.voices}
          today={session.today}
          titles={[...new Set(sheets.data.map((sheet) => sheet.title))]}
          onBegin={setHead}
        />
      )}
      {sheets.data.length > 0 && (
        <Section title="已登记的" plain>
          <ul className="sheets">
            {sheets.data.map((sheet: Sheet) => (
              <li key={`${sheet.part}${sheet.voice}${sheet.title}${sheet.scoredOn}`}>
                <button
                  type="button"
                  onClick={() =>
                    setHead({
                      part: sheet.part,
                      voice: sheet.voice,
                      title: sheet.title,
                      scoredOn: sheet.scoredOn,
                    })
                  }
                >
                  <b>{sheet.title}</b>
                  <span className="quiet">
                    {scorePartLabels[sheet.part]} · {sheet.voiceLabel} ·{' '}
                    {dayWithWeekday(sheet.scoredOn, session.today)}
                  </span>
                  <span className="sheet-figures">
                    {sheet.people} 人 · 平均 {numberText(sheet.average)} 分
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function Begin({
  voices,
  today,
  titles,
  onBegin,
}: {
  voices: Options['voices']
  today: string
  titles: string[]
  onBegin: (head: Head) => void
}) {
  const ids = { title: useId(), titles: useId(), voice: useId(), day: useId() }
  const [head, setHead] = useState<Head>({ part: 'check', voice: 'scheduled', title: '', scoredOn: today })
  const choices =
    head.part === 'check'
      ? Object.entries(checkKindLabels).map(([value, label]) => ({ value, label }))
      : voices.map((voice) => ({ value: voice.id, label: voice.label }))
  return (
    <form
      className="sheet score-begin"
      onSubmit={(event) => {
        event.preventDefault()
        if (head.title.trim() !== '') onBegin({ ...head, title: head.title.trim() })
      }}
    >
      <div className="segments" role="group" aria-label="登记哪一种">
        {(Object.keys(scorePartLabels) as ScorePart[]).map((part) => (
          <button
            key={part}
            type="button"
            aria-pressed={head.part === part}
            onClick={() =>
              setHead({ ...head, part, voice: part === 'check' ? 'scheduled' : (voices[0]?.id ?? '') })
            }
          >
            {scorePartLabels[part]}
          </button>
        ))}
      </div>
      <div className="score-fields">
        <div>
          <label className="field-label" htmlFor={ids.title}>
            名称
          </label>
          <input
            id={ids.title}
            className="native-input"
            list={ids.titles}
            value={head.title}
            maxLength={120}
            placeholder={head.part === 'check' ? '例如：第一次平时检查' : '例如：年终考评'}
            onChange={(event) => setHead({ ...head, title: event.target.value })}
          />
          <datalist id={ids.titles}>
            {titles.map((title) => (
              <option key={title} value={title} />
            ))}
          </datalist>
        </div>
        <div>
          <label className="field-label" htmlFor={ids.voice}>
            {head.part === 'check' ? '检查方式' : '谁的评价'}
          </label>
          <ChoiceInput
            id={ids.voice}
            value={head.voice}
            onChange={(voice) => setHead({ ...head, voice })}
            options={choices}
          />
        </div>
        <div>
          <label className="field-label" htmlFor={ids.day}>
            日期
          </label>
          <DateInput
            id={ids.day}
            value={head.scoredOn}
            max={today}
            onChange={(scoredOn) => setHead({ ...head, scoredOn })}
          />
        </div>
        <Button type="primary" htmlType="submit" disabled={head.title.trim() === ''}>
          填分数
        </Button>
      </div>
    </form>
  )
}

function Grid({ head, options, onClose }: { head: Head; options: Options; onClose: () => void }) {
  const standing = useApi(appraisal.listScores, head)
  const [typed, setTyped] = useState<Map<string, { points: string; remark: string }>>(new Map())
  const [paste, setPaste] = useState<string | null>(null)
  const [problems, setProblems] = useState<string[]>([])
  const record = useCommand(appraisal.recordScores, {
    inline: true,
    invalidate: ['appraisal', 'regime'],
    success: ({ recorded, corrected }) =>
      corrected > 0 ? `已登记 ${recorded} 人，更正 ${corrected} 人` : `已登记 ${recorded} 人`,
    onSuccess: () => {
      setTyped(new Map())
      onClose()
    },
  })
  const mayRecord = options.abilities.record
  if (!standing.data)
    return standing.error ? (
      <ErrorNotice error={standing.error} retry={standing.refetch} />
    ) : (
      <Skeleton rows={12} />
    )
  const known = new Map(standing.data.map((score: Score) => [score.person.id, score]))
  const valueOf = (personId: string) => {
    const there = known.get(personId)
    return typed.get(personId) ?? { points: there ? String(there.points) : '', remark: there?.remark ?? '' }
  }
  const set = (personId: string, change: Partial<{ points: string; remark: string }>) =>
    setTyped(new Map(typed).set(personId, { ...valueOf(personId), ...change }))
  const isWrong = (points: string) => points !== '' && !(Number(points) >= 0 && Number(points) <= 100)
  const rows = [...typed].flatMap(([personId, { points, remark }]) =>
    points.trim() === '' || isWrong(points) ? [] : [{ personId, points: Number(points), remark }],
  )
  const wrong = [...typed.values()].filter(({ points }) => isWrong(points)).length
  return (
    <Section
      title={head.title}
      sentence={`${scorePartLabels[head.part]} · ${dayText(head.scoredOn)} · 已有 ${known.size} 人的得分。改动已有的得分会留下更正记录。`}
      aside={
        <span className="form-actions">
          {mayRecord === null && (
            <button
              type="button"
              className="tool-button"
              onClick={() => setPaste(paste === null ? '' : null)}
            >
              从表格粘贴
            </button>
          )}
          <button type="button" className="tool-button" onClick={onClose}>
            返回
          </button>
        </span>
      }
    >
      {paste !== null && (
        <div className="paste">
          <label className="field-label" htmlFor="score-paste">
            每行一位：姓名或工号、分数、备注
          </label>
          <textarea
            id="score-paste"
            className="native-text"
            rows={6}
            value={paste}
            placeholder={'林小满\t92\t笔记完整\n赵春雨\t88'}
            onChange={(event) => setPaste(event.target.value)}
          />
          <Button
            onClick={() => {
              const read = readPaste(paste, options.people)
              setTyped(new Map([...typed, ...read.scores]))
              setProblems(read.problems)
              if (read.problems.length === 0) setPaste(null)
            }}
          >
            填入下表
          </Button>
          {problems.length > 0 && (
            <ul className="form-error">
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      <div className="grid-wrap">
        <table className="score-grid">
          <thead>
            <tr>
              <th scope="col">老师</th>
              <th scope="col">组</th>
              <th scope="col">得分</th>
              <th scope="col">备注</th>
            </tr>
          </thead>
          <tbody>
            {options.people.map((person) => {
              const value = valueOf(person.id)
              return (
                <tr key={person.id} className={typed.has(person.id) ? 'touched' : undefined}>
                  <th scope="row">
                    {person.name} <span className="quiet">{person.staffNumber}</span>
                  </th>
                  <td>{person.group}</td>
                  <td>
                    <input
                      className="native-input"
                      inputMode="decimal"
                      aria-label={`${person.name}的得分`}
                      aria-invalid={isWrong(value.points)}
                      disabled={mayRecord !== null}
                      value={value.points}
                      onChange={(event) => set(person.id, { points: event.target.value })}
                      onKeyDown={(event) => {
                        if (event.key !== 'Enter' && event.key !== 'ArrowDown') return
                        event.preventDefault()
                        const next = event.currentTarget
                          .closest('tr')
                          ?.nextElementSibling?.querySelector('input')
                        next?.focus()
                        next?.select()
                      }}
                    />
                  </td>
                  <td>
                    <input
                      className="native-input"
                      aria-label={`${person.name}的备注`}
                      disabled={mayRecord !== null}
                      value={value.remark}
                      maxLength={500}
                      onChange={(event) => set(person.id, { remark: event.target.value })}
                    />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {mayRecord === null && (
        <div className="form-actions score-actions">
          <Button
            type="primary"
            size="large"
            loading={record.running}
            disabled={rows.length === 0 || wrong > 0}
            onClick={() => void record.run({ ...head, rows })}
          >
            登记 {rows.length > 0 && `${rows.length} 人`}
          </Button>
          <span className={wrong > 0 ? 'field-error' : 'quiet'}>
            {record.error
              ? record.error.message
              : wrong > 0
                ? `有 ${wrong} 处分数不在 0—100 之间`
                : '回车跳到下一位'}
          </span>
        </div>
      )}
    </Section>
  )
}
