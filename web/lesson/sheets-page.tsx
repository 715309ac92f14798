import { Button } from 'antd'
import { useRef, useState } from 'react'
import { voiceLabels } from '../../server/lesson/words.ts'
import type { RatingVoice } from '../../server/lesson/words.ts'
import { TimeInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { momentText } from '../kit/words.ts'
import { lesson } from './api.ts'
import type { SheetDetail, Sheets } from './api.ts'
import './lesson.css'

/** Sheets of criteria with their versions; the periods of the day; whether bookings are confirmed. */
export function SheetsPage() {
  const query = useApi(lesson.listSheets, {})
  const [editing, setEditing] = useState<string | null>(null)
  return (
    <Page
      title="评课表与课时"
      query={query}
      sentence="听课和评课用的表、一天的节次、开课要不要确认，都在这里定。改过的表存成新版本，以前的评分不变。"
      actions={
        query.data?.abilities.edit === null && (
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setEditing('new')}>
            新增评课表
          </Button>
        )
      }
    >
      {(data) => (
        <>
          {editing === 'new' && (
            <SheetForm from={data.sheets[0]} sheetId={null} onClose={() => setEditing(null)} />
          )}
          {data.sheets.map((sheet) =>
            editing === sheet.id ? (
              <SheetForm key={sheet.id} from={sheet} sheetId={sheet.id} onClose={() => setEditing(null)} />
            ) : (
              <SheetCard
                key={sheet.id}
                sheet={sheet}
                mayEdit={data.abilities.edit === null}
                onEdit={() => setEditing(sheet.id)}
              />
            ),
          )}
          <DaySettings key={JSON.stringify(data.settings)} data={data} />
        </>
      )}
    </Page>
  )
}

const sources = { regime: '制度规定', usual: '通用', own: '本校' }

function SheetCard({ sheet, mayEdit, onEdit }: { sheet: SheetDetail; mayEdit: boolean; onEdit: () => void }) {
  const retire = useCommand(lesson.retireSheet, { success: sheet.retired ? '已恢复' : '已停用' })
  const total = sheet.criteria.reduce((sum, criterion) => sum + criterion.weight, 0)
  return (
    <Section
      title={sheet.title}
      sentence={
        <>
          {sources[sheet.source]}
          {sheet.clause !== '' && <span className="clause">{sheet.clause}</span>} · 第 {sheet.versions} 版 ·
          合计 {total} 分
          {sheet.savedAt !== null && ` · ${sheet.savedByName ?? ''} ${momentText(sheet.savedAt)} 修改`}
          {sheet.retired && ' · 已停用'}
        </>
      }
      aside={
        mayEdit && (
          <>
            {!sheet.retired && (
              <button type="button" className="tool-button" onClick={onEdit}>
                修改
              </button>
            )}
            <button
              type="button"
              className="tool-button"
              onClick={() => void retire.run({ sheetId: sheet.id, retired: !sheet.retired })}
            >
              {sheet.retired ? '恢复使用' : '停用'}
            </button>
          </>
        )
      }
    >
      <ul className="lesson-scores">
        {sheet.criteria.map((criterion) => (
          <li key={criterion.id}>
            <b>{criterion.label}</b> {criterion.weight} 分 <span className="quiet">{criterion.hint}</span>
          </li>
        ))}
      </ul>
      <p className="quiet">
        等次：{sheet.steps.map((step) => `${step.label} ${step.share}%`).join('、')}。
        {sheet.voices.self === null ? '不设自评。' : ''}
      </p>
    </Section>
  )
}

const voices: RatingVoice[] = ['peers', 'leaders', 'experts', 'self']

function SheetForm({
  from,
  sheetId,
  onClose,
}: {
  from: SheetDetail | undefined
  sheetId: string | null
  onClose: () => void
}) {
  const [title, setTitle] = useState(sheetId === null ? '' : (from?.title ?? ''))
  const [criteria, setCriteria] = useState(
    (sheetId === null ? [] : (from?.criteria ?? [])).map((criterion) => ({
      ...criterion,
      key: criterion.id,
    })),
  )
  const [steps, setSteps] = useState((from?.steps ?? []).map((step) => ({ ...step, key: step.label })))
  const [weights, setWeights] = useState(from?.voices ?? { peers: 1, leaders: 1, experts: 1, self: 0 })
  // Lines that are not saved yet have no id of their own.
  const added = useRef(0)
  const save = useCommand(lesson.saveSheet, {
    inline: true,
    success: ({ version }) => `已保存为第 ${version} 版`,
    onSuccess: onClose,
  })
  const setCriterion = (key: string, part: Partial<(typeof criteria)[number]>) =>
    setCriteria((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const setStep = (key: string, part: Partial<(typeof steps)[number]>) =>
    setSteps((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const addCriterion = () =>
    setCriteria((now) => [
      ...now,
      { key: `new-${added.current++}`, id: '', label: '', hint: '', weight: 20, section: '' },
    ])
  const total = criteria.reduce((sum, criterion) => sum + criterion.weight, 0)
  return (
    <Section title={sheetId === null ? '新的评课表' : `修改“${from?.title ?? ''}”`}>
      <form
        className="sheet-form"
        onSubmit={(event) => {
          event.preventDefault()
          void save.run({
            sheetId,
            title,
            criteria: criteria.map(({ id, label, hint, weight, section }) => ({
              id,
              label,
              hint,
              weight,
              section,
            })),
            steps: steps.map(({ label, share }) => ({ label, share })),
            voices: weights,
          })
        }}
      >
        <label className="field">
          <span className="field-label">名称</span>
          <input
            className="native-input"
            value={title}
            maxLength={40}
            placeholder="例如：数学课堂评价表"
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <fieldset className="field">
          <legend className="field-label">指标（合计 {total} 分）</legend>
          {criteria.map((criterion) => (
            <div key={criterion.key} className="sheet-criterion">
              <input
                className="native-input"
                aria-label="指标"
                placeholder="指标"
                value={criterion.label}
                maxLength={40}
                onChange={(event) => setCriterion(criterion.key, { label: event.target.value })}
              />
              <input
                className="native-input"
                aria-label="观察点"
                placeholder="看什么"
                value={criterion.hint}
                maxLength={200}
                onChange={(event) => setCriterion(criterion.key, { hint: event.target.value })}
              />
              <input
                className="native-input"
                aria-label="权重"
                type="number"
                min={1}
                value={criterion.weight}
                onChange={(event) => setCriterion(criterion.key, { weight: Number(event.target.value) })}
              />
              <button
                type="button"
                className="icon-button"
                aria-label={`删去指标 ${criterion.label}`}
                onClick={() => setCriteria((now) => now.filter((one) => one.key !== criterion.key))}
              >
                <Icon name="close" size={18} />
              </button>
            </div>
          ))}
          <Button onClick={addCriterion}>增加一项</Button>
        </fieldset>
        <fieldset className="field">
          <legend className="field-label">等次（从高到低，折算百分数）</legend>
          <div className="sheet-steps">
            {steps.map((step) => (
              <span key={step.key}>
                <input
                  className="native-input"
                  aria-label="等次"
                  value={step.label}
                  maxLength={10}
                  onChange={(event) => setStep(step.key, { label: event.target.value })}
                />
                <input
                  className="native-input"
                  aria-label={`${step.label}折算`}
                  type="number"
                  min={0}
                  max={100}
                  value={step.share}
                  onChange={(event) => setStep(step.key, { share: Number(event.target.value) })}
                />
              </span>
            ))}
          </div>
        </fieldset>
        <fieldset className="field">
          <legend className="field-label">各方评分的权重（0 为不计入）</legend>
          <div className="sheet-voices">
            {voices.map((voice) => (
              <label key={voice}>
                {voiceLabels[voice]}
                <input
                  className="native-input"
                  type="number"
                  min={0}
                  max={100}
                  disabled={voice === 'self' && weights.self === null}
                  value={weights[voice] ?? ''}
                  onChange={(event) => setWeights((now) => ({ ...now, [voice]: Number(event.target.value) }))}
                />
              </label>
            ))}
            <label className="sheet-self">
              <input
                type="checkbox"
                checked={weights.self !== null}
                onChange={(event) => setWeights((now) => ({ ...now, self: event.target.checked ? 0 : null }))}
              />
              可以自评
            </label>
          </div>
        </fieldset>
        {save.error && (
          <p className="form-error" role="alert">
            {save.error.message}
          </p>
        )}
        <div className="form-actions">
          <Button type="primary" htmlType="submit" loading={save.running} disabled={criteria.length === 0}>
            保存
          </Button>
          <Button onClick={onClose}>不改了</Button>
          {criteria.length === 0 && <span className="because">先增加一项指标</span>}
        </div>
      </form>
    </Section>
  )
}

function DaySettings({ data }: { data: Sheets }) {
  const [confirms, setConfirms] = useState(data.settings.confirms)
  const [periods, setPeriods] = useState(data.settings.periods)
  const save = useCommand(lesson.saveLessonSettings, { inline: true, success: '已保存' })
  const locked = data.abilities.edit !== null
  const set = (index: number, part: Partial<(typeof periods)[number]>) =>
    setPeriods((now) => now.map((one, at) => (at === index ? { ...one, ...part } : one)))
  const last = periods.at(-1)
  return (
    <Section title="一天的节次与开课">
      <form
        className="sheet-form"
        onSubmit={(event) => {
          event.preventDefault()
          void save.run({ confirms, periods })
        }}
      >
        <ol className="sheet-periods">
          {periods.map((period, index) => (
            <li key={period.number}>
              <span>第 {period.number} 节</span>
              <TimeInput
                aria-label={`第${period.number}节开始`}
                value={period.from}
                disabled={locked}
                onChange={(from) => set(index, { from })}
              />
              <span>至</span>
              <TimeInput
                aria-label={`第${period.number}节结束`}
                value={period.to}
                disabled={locked}
                onChange={(to) => set(index, { to })}
              />
            </li>
          ))}
        </ol>
        {!locked && (
          <div className="form-actions">
            <Button
              disabled={periods.length >= 12}
              onClick={() =>
                setPeriods((now) => [
                  ...now,
                  { number: (last?.number ?? 0) + 1, from: last?.to ?? '08:00', to: '' },
                ])
              }
            >
              增加一节
            </Button>
            <Button disabled={periods.length <= 1} onClick={() => setPeriods((now) => now.slice(0, -1))}>
              减少一节
            </Button>
          </div>
        )}
        <label className="sheet-self">
          <input
            type="checkbox"
            checked={confirms}
            disabled={locked}
            onChange={(event) => setConfirms(event.target.checked)}
          />
          开课要先由组长或教导处确认（不勾选：安排后马上公布）
        </label>
        {save.error && (
          <p className="form-error" role="alert">
            {save.error.message}
          </p>
        )}
        {!locked && (
          <div className="form-actions">
            <Button type="primary" htmlType="submit" loading={save.running}>
              保存
            </Button>
          </div>
        )}
      </form>
    </Section>
  )
}
