import type { ObservationDetail } from './api.ts'

type Sheet = NonNullable<ObservationDetail['sheet']>

/** The criteria of a sheet, each with its steps side by side: one tap each. */
export function Rubric({
  sheet,
  scores,
  onChange,
}: {
  sheet: Sheet
  scores: Record<string, number>
  onChange: (scores: Record<string, number>) => void
}) {
  const done = sheet.criteria.filter((criterion) => scores[criterion.id] !== undefined).length
  return (
    <div className="rubric">
      {sheet.criteria.map((criterion) => (
        <fieldset key={criterion.id} className="rubric-row">
          <legend>
            {criterion.label}
            <span className="quiet"> {criterion.weight} 分</span>
            {criterion.hint !== '' && <span className="rubric-hint">{criterion.hint}</span>}
          </legend>
          <div className="rubric-steps">
            {sheet.steps.map((step, index) => (
              <button
                key={step.label}
                type="button"
                className="rubric-step"
                aria-pressed={scores[criterion.id] === index}
                onClick={() => {
                  const { [criterion.id]: old, ...rest } = scores
                  onChange(old === index ? rest : { ...rest, [criterion.id]: index })
                }}
              >
                {step.label}
              </button>
            ))}
          </div>
        </fieldset>
      ))}
      <p className="quiet" aria-live="polite">
        {done === sheet.criteria.length
          ? `已评完，合计 ${totalOf(sheet, scores)} 分。`
          : `已评 ${done}/${sheet.criteria.length} 项。`}
      </p>
    </div>
  )
}

/** As the server counts it, so that the sum shows while it is filled in. */
function totalOf(sheet: Sheet, scores: Record<string, number>): number {
  let sum = 0
  let weights = 0
  for (const criterion of sheet.criteria) {
    const step = sheet.steps[scores[criterion.id] ?? -1]
    if (!step) continue
    sum += criterion.weight * step.share
    weights += criterion.weight
  }
  return weights === 0 ? 0 : Math.round((sum / weights) * 10) / 10
}
