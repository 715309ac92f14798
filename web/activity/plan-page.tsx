import { CommandForm, ChoiceInput } from '../kit/form.tsx'
import { useFilters, useGo } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { paths } from '../paths.ts'
import { activity } from './api.ts'
import { PlanFields, type PlanValues, toPlan } from './plan-form.tsx'
import './activity.css'

type Suggestion = Awaited<ReturnType<typeof activity.getPlanSuggestion>>

/** Planning: everything that is known is filled in; a theme is enough. */
export function PlanPage() {
  const [filters, setFilters] = useFilters({ unit: '' })
  const query = useApi(
    activity.getPlanSuggestion,
    filters.unit === '' || filters.unit === 'school' ? {} : { unitId: filters.unit },
  )
  return (
    <Page
      title="安排活动"
      width="reading"
      back={{ to: paths.activities(), label: '研修活动' }}
      query={query}
      skeleton="form"
      sentence={(suggestion) => suggestion.slot ?? '时间、地点、主持人按上次填好了，写上主题就能发布。'}
    >
      {(suggestion: Suggestion) => (
        <PlanForm
          key={suggestion.unit?.id ?? 'school'}
          suggestion={suggestion}
          onUnit={(unit) => setFilters({ unit })}
        />
      )}
    </Page>
  )
}

type Values = PlanValues & { day: string }

function PlanForm({ suggestion, onUnit }: { suggestion: Suggestion; onUnit: (unitId: string) => void }) {
  const go = useGo()
  const command = useCommand(activity.planActivity, { inline: true })
  return (
    <CommandForm<Parameters<typeof activity.planActivity>[0], { id: string; warnings: string[] }, Values>
      command={command}
      submit="发布活动"
      initial={{ ...suggestion.suggestion, contentTags: [], theme: '', content: '', agenda: '' }}
      toInput={(values) => ({
        ...toPlan(values),
        day: values.day,
        scope: suggestion.scope,
        unitId: suggestion.unit?.id ?? null,
      })}
      onDone={(done) => {
        notify(done.warnings[0] ?? '已发布，成员在首页能看到。', {
          kind: done.warnings.length > 0 ? 'plain' : 'success',
        })
        go(paths.activity(done.id), { replace: true })
      }}
    >
      {suggestion.units.length > 1 && (
        <div className="field">
          <label className="field-label" htmlFor="plan-unit">
            哪个组的活动
          </label>
          <ChoiceInput
            id="plan-unit"
            value={suggestion.unit?.id ?? 'school'}
            onChange={onUnit}
            options={suggestion.units.map((choice) => ({
              value: choice.unit?.id ?? 'school',
              label: choice.label,
            }))}
          />
        </div>
      )}
      <PlanFields choices={suggestion} day />
    </CommandForm>
  )
}
