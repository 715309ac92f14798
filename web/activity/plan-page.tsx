import { Button, Form, type FormInstance } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { CommandForm, ChoiceInput } from '../kit/form.tsx'
import { useLatest } from '../kit/latest.ts'
import { useFilters, useGo } from '../kit/link.tsx'
import { Page, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { dayText } from '../kit/words.ts'
import { useCarriedModule } from '../need/carried.ts'
import { paths } from '../paths.ts'
import { activity, series } from './api.ts'
import { PlanFields, type PlanValues, toPlan } from './plan-form.tsx'
import { FreeTimes, LiveClashes, type WhenForm } from './when.tsx'
import './activity.css'

type Suggestion = Awaited<ReturnType<typeof activity.getPlanSuggestion>>

/** Planning: everything that is known is filled in; a theme is enough. */
export function PlanPage() {
  const [filters, setFilters] = useFilters({ unit: '', trainer: '', day: '', theme: '' })
  const query = useApi(activity.getPlanSuggestion, {
    ...(filters.unit === 'school' ? { whole: true } : filters.unit === '' ? {} : { unitId: filters.unit }),
    ...(filters.day === '' ? {} : { day: filters.day }),
  })
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
          wanted={{ trainerId: filters.trainer || null, theme: filters.theme }}
          onUnit={(unit) => setFilters({ unit })}
        />
      )}
    </Page>
  )
}

type Values = PlanValues & { day: string }

type Help = Awaited<ReturnType<typeof series.getPlanHelp>>

/** What an invitation says already. */
interface Wanted {
  trainerId: string | null
  theme: string
}

function PlanForm(props: { suggestion: Suggestion; wanted: Wanted; onUnit: (unitId: string) => void }) {
  const help = useApi(series.getPlanHelp, { unitId: props.suggestion.unit?.id ?? null })
  const carried = useCarriedModule()
  if ((!help.data && !help.error) || carried.isPending) return <Skeleton shape="form" rows={6} />
  return <FilledForm {...props} carried={carried} help={help.data ?? { last: null, templates: [] }} />
}

function FilledForm({
  carried,
  suggestion,
  wanted,
  onUnit,
  help,
}: {
  suggestion: Suggestion
  wanted: Wanted
  onUnit: (unitId: string) => void
  carried: ReturnType<typeof useCarriedModule>
  help: Help
}) {
  const go = useGo()
  const command = useCommand(activity.planActivity, { inline: true })
  const [form] = Form.useForm<Values>()
  const { last } = help
  const template = help.templates.find((one) => one.kind === suggestion.suggestion.kind)
  // What is filled in below the fold is shown: only shown fields are sent.
  const [open, setOpen] = useState((template?.agenda ?? '') !== '' || carried.title !== null)
  /** The last activity once more, with theme and content; day and speaker stay those of the next turn. */
  function asLast(): void {
    if (!last) return
    const { day: _day, ...same } = last
    setOpen(true)
    form.setFieldsValue(same as Partial<Values>)
    notify('已按上次填好，日期和发言人仍按这次。', { kind: 'plain' })
  }
  /** Length, place and agenda that are usual for a kind. */
  function asUsual(kind: string): void {
    form.setFieldValue('modes', suggestion.usualModes[kind] ?? [])
    const usual = help.templates.find((one) => one.kind === kind)
    if (!usual) return
    if (usual.agenda !== '') setOpen(true)
    const start = form.getFieldValue('startTime') as string
    form.setFieldsValue({
      ...(usual.place === '' ? {} : { place: usual.place }),
      ...(usual.agenda === '' ? {} : { agenda: usual.agenda }),
      ...(usual.minutes === null ? {} : { endTime: addMinutes(start, usual.minutes) }),
    } as Partial<Values>)
  }
  return (
    <CommandForm<Parameters<typeof activity.planActivity>[0], { id: string; warnings: string[] }, Values>
      command={command}
      form={form}
      submit="发布活动"
      initial={{
        ...suggestion.suggestion,
        contentTags: [],
        modes: suggestion.usualModes[suggestion.suggestion.kind] ?? [],
        audience: [],
        trainerId: wanted.trainerId,
        theme: wanted.theme,
        content: '',
        agenda: template?.agenda ?? '',
        ...carried.values(suggestion),
      }}
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
        carried.link(done.id)
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
      {carried.title !== null && <p className="quiet">发布后列入培训模块“{carried.title}”。</p>}
      {last && (
        <p>
          <Button onClick={asLast}>照上次</Button>{' '}
          <span className="quiet">
            {dayText(last.day)} {last.theme || '主题待定'}
          </span>
        </p>
      )}
      <KindWatch form={form} start={suggestion.suggestion.kind} onKind={asUsual} />
      <PlanFields
        key={String(open)}
        choices={suggestion}
        names={Object.fromEntries(suggestion.people.map((one) => [one.id, one.name]))}
        day
        open={open}
        when={
          <>
            <LiveClashes
              form={form as WhenForm}
              unitId={suggestion.unit?.id ?? null}
              start={suggestion.suggestion}
            />
            <FreeTimes
              form={form as WhenForm}
              unitId={suggestion.unit?.id ?? null}
              start={suggestion.suggestion.day}
            />
          </>
        }
      />
    </CommandForm>
  )
}

function addMinutes(time: string, minutes: number): string {
  const [hours = 15, rest = 30] = time.split(':').map(Number)
  const end = Math.min(hours * 60 + rest + minutes, 23 * 60 + 59)
  return `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`
}

/** Tells when another kind is chosen. */
function KindWatch({
  form,
  start,
  onKind,
}: {
  form: FormInstance<Values>
  start: string
  onKind: (kind: string) => void
}) {
  const kind = Form.useWatch('kind', form) ?? start
  const seen = useRef(start)
  const tell = useLatest(onKind)
  useEffect(() => {
    if (kind === seen.current) return
    seen.current = kind
    tell.current(kind)
  }, [kind, tell])
  return null
}
