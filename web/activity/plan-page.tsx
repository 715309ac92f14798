import { Button, Input } from 'antd'
import { useState } from 'react'
import { CommandForm, ChoiceInput, DateInput, Field, TimeInput } from '../kit/form.tsx'
import { useFilters, useGo } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { PersonPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { paths } from '../paths.ts'
import { activity } from './api.ts'
import './activity.css'

type Suggestion = Awaited<ReturnType<typeof activity.getPlanSuggestion>>

export async function searchPeople(text: string) {
  const found = await activity.findPeople({ search: text })
  return found.map((person) => ({ value: person.id, label: person.name, note: person.note }))
}

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
      sentence="时间、地点、主持人按上次填好了，写上主题就能发布。"
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

interface Values {
  kind: string
  form: string
  contentTags: string[]
  theme: string
  content: string
  place: string
  day: string
  startTime: string
  endTime: string
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  agenda: string
}

function PlanForm({ suggestion, onUnit }: { suggestion: Suggestion; onUnit: (unitId: string) => void }) {
  const go = useGo()
  const [more, setMore] = useState(false)
  const command = useCommand(activity.planActivity, { inline: true })
  const settled = suggestion.settled.filter((part) => part.required)
  const clause = settled.find((part) => part.clause !== undefined)?.clause
  const options = (terms: { id: string; label: string }[]) =>
    terms.map((term) => ({ value: term.id, label: term.label }))
  const members = suggestion.members.map((member) => ({
    value: member.id,
    label: member.spoken === 0 ? `${member.name} · 本学期未发言` : `${member.name} · 已 ${member.spoken} 次`,
  }))
  const names = suggestion.members.map((member) => ({ value: member.id, label: member.name }))
  const person = (label: string, isSpeaker = false) =>
    suggestion.members.length > 0 ? (
      <ChoiceInput options={isSpeaker ? members : names} empty="暂不指定" />
    ) : (
      <PersonPicker search={searchPeople} aria-label={label} />
    )
  return (
    <CommandForm<Parameters<typeof activity.planActivity>[0], { id: string; warnings: string[] }, Values>
      command={command}
      submit="发布活动"
      initial={{ ...suggestion.suggestion, contentTags: [], theme: '', content: '', agenda: '' }}
      toInput={({ agenda, ...values }) => ({
        ...values,
        form: values.form ?? '',
        contentTags: values.contentTags ?? [],
        content: values.content ?? '',
        place: values.place ?? '',
        hostId: values.hostId || null,
        speakerId: values.speakerId || null,
        recorderId: values.recorderId || null,
        scope: suggestion.scope,
        unitId: suggestion.unit?.id ?? null,
        agenda: (agenda ?? '')
          .split('\n')
          .map((text) => ({ text: text.trim(), done: false }))
          .filter((item) => item.text !== ''),
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
      <Field name="theme" label="主题" required>
        <Input placeholder="这次研究什么问题" maxLength={120} autoFocus />
      </Field>
      <div className="form-pair">
        <Field name="kind" label="类别" required>
          <ChoiceInput options={options(suggestion.kinds)} />
        </Field>
        <Field name="form" label="形式">
          <ChoiceInput options={options(suggestion.forms)} empty="不限" />
        </Field>
      </div>
      <div className="form-three">
        <Field name="day" label="日期" required>
          <DateInput />
        </Field>
        <Field name="startTime" label="开始" required>
          <TimeInput />
        </Field>
        <Field name="endTime" label="结束" required>
          <TimeInput />
        </Field>
      </div>
      <Field name="place" label="地点" required={settled.some((part) => part.id === 'place')}>
        <Input maxLength={80} />
      </Field>
      <div className="form-pair form-people">
        <Field name="hostId" label="主持人">
          {person('主持人')}
        </Field>
        <Field
          name="speakerId"
          label="中心发言人"
          {...(suggestion.speakerBecause === '' ? {} : { hint: suggestion.speakerBecause })}
        >
          {person('中心发言人', true)}
        </Field>
      </div>
      {more ? (
        <>
          <Field name="recorderId" label="记录人">
            {person('记录人')}
          </Field>
          <Field name="content" label="内容">
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={4000} />
          </Field>
          <Field name="agenda" label="议程" hint="一行一项，进行时逐项打勾">
            <Input.TextArea
              autoSize={{ minRows: 3 }}
              placeholder={'主持人说明主题\n中心发言\n讨论\n形成共识'}
            />
          </Field>
          {suggestion.contentTags.length > 0 && (
            <Field name="contentTags" label="内容标签">
              <TagChoice options={options(suggestion.contentTags)} />
            </Field>
          )}
        </>
      ) : (
        <p>
          <Button type="link" className="link-button" onClick={() => setMore(true)}>
            写内容、议程和记录人
          </Button>
        </p>
      )}
      {settled.length > 0 && (
        <p className="quiet plan-settled">
          发布前要落实：{settled.map((part) => part.label).join('、')}
          {clause !== undefined && <span className="clause">{clause}</span>}
        </p>
      )}
    </CommandForm>
  )
}

function TagChoice({
  value = [],
  onChange,
  options,
}: {
  value?: string[]
  onChange?: (value: string[]) => void
  options: { value: string; label: string }[]
}) {
  return (
    <div className="tag-choice">
      {options.map((option) => {
        const isOn = value.includes(option.value)
        return (
          <button
            key={option.value}
            type="button"
            aria-pressed={isOn}
            onClick={() =>
              onChange?.(isOn ? value.filter((one) => one !== option.value) : [...value, option.value])
            }
          >
            {option.label}
          </button>
        )
      })}
    </div>
  )
}
