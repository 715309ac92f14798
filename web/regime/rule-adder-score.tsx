import type { RuleChoices, RuleForm } from '../../server/regime/parts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { ConditionEditor } from './condition-editor.tsx'
import { FactSelect, Figure, Text, Wrong } from './rule-inputs.tsx'

type Part = RuleForm['parts'][number]

/** The parts of a score with their weights or points, and the grades that follow from it. */
export function ScoreFields({
  rule,
  choices,
  first,
  set,
  errors,
}: {
  rule: RuleForm
  choices: Wire<RuleChoices>
  first: string[]
  set: (change: Partial<RuleForm>) => void
  errors: Record<string, string>
}) {
  const weighted = rule.scoring === 'weights'
  const sum = rule.parts.reduce((total, part) => total + part.amount, 0)
  const change = (index: number, part: Partial<Part>) =>
    set({ parts: rule.parts.map((one, at) => (at === index ? { ...one, ...part } : one)) })
  const band = (index: number, next: Partial<RuleForm['bands'][number]>) =>
    set({ bands: rule.bands.map((one, at) => (at === index ? { ...one, ...next } : one)) })
  return (
    <>
      <div className="tools">
        <div className="segments" role="group" aria-label="怎样合成">
          <button type="button" aria-pressed={weighted} onClick={() => set({ scoring: 'weights' })}>
            按权重
          </button>
          <button type="button" aria-pressed={!weighted} onClick={() => set({ scoring: 'points' })}>
            按积分
          </button>
        </div>
        <span className="quiet">
          {weighted
            ? `每一项取平均分，再按权重合成；权重现在合计 ${sum}。`
            : '每有一条记录加几分，负数是扣分；可以封顶。'}
        </span>
      </div>
      {rule.parts.map((part, index) => (
        <div key={index} className="score-line">
          <div className="part-fields">
            <Text
              label="得分项"
              hint="例如：平时检查"
              value={part.label}
              error={undefined}
              set={(label) => change(index, { label })}
            />
            <Figure
              label={weighted ? '权重' : '每条几分'}
              value={part.amount}
              set={(amount) => change(index, { amount })}
            />
            <label className="field">
              <span className="field-label">看哪种记录</span>
              <FactSelect
                choices={choices}
                first={first}
                value={part.counts.fact}
                change={(fact) => change(index, { counts: { fact, where: { join: 'all', conditions: [] } } })}
              />
            </label>
            <button
              type="button"
              className="icon-button"
              aria-label="删去这一项"
              onClick={() => set({ parts: rule.parts.filter((_, at) => at !== index) })}
            >
              <Icon name="trash" size={18} />
            </button>
          </div>
          {!weighted && (
            <Figure
              label="最多几分（0 为不封顶）"
              value={part.most ?? 0}
              set={(most) => change(index, { most })}
            />
          )}
          {part.counts.fact !== '' && (
            <ConditionEditor
              value={part.counts.where}
              change={(where) => change(index, { counts: { ...part.counts, where } })}
              attributes={choices.facts.find((one) => one.kind === part.counts.fact)?.attributes ?? []}
              addWord="只看其中的"
            />
          )}
        </div>
      ))}
      <Wrong error={errors.parts} />
      <p>
        <button
          type="button"
          className="tool-button"
          onClick={() =>
            set({
              parts: [
                ...rule.parts,
                {
                  label: '',
                  amount: weighted ? 50 : 1,
                  most: null,
                  counts: { fact: first[0] ?? '', where: { join: 'all', conditions: [] } },
                },
              ],
            })
          }
        >
          <Icon name="plus" size={18} />
          加一项得分
        </button>
      </p>
      {rule.bands.map((one, index) => (
        <div key={index} className="band-line">
          <input
            className="native-input"
            aria-label="等次"
            placeholder="等次，例如：合格"
            value={one.grade}
            onChange={(event) => band(index, { grade: event.target.value })}
          />
          <span className="condition-line">
            <input
              className="native-input condition-figure"
              type="number"
              step="any"
              aria-label="从几分起"
              value={String(one.from)}
              onChange={(event) => band(index, { from: Number(event.target.value) })}
            />
            分起
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="删去这一等"
            onClick={() => set({ bands: rule.bands.filter((_, at) => at !== index) })}
          >
            <Icon name="trash" size={18} />
          </button>
        </div>
      ))}
      <Wrong error={errors.bands} />
      <p>
        <button
          type="button"
          className="tool-button"
          onClick={() =>
            set({ bands: [...rule.bands, { grade: '', from: rule.bands.length === 0 ? 0 : 60 }] })
          }
        >
          <Icon name="plus" size={18} />
          加一个等次
        </button>
      </p>
    </>
  )
}
