import { Button, Input } from 'antd'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { ChoiceInput, DateInput, Field, TimeInput } from '../kit/form.tsx'
import { PersonPicker } from '../kit/pickers.tsx'
import { activity } from './api.ts'

type Choices = Pick<
  Awaited<ReturnType<typeof activity.getPlanSuggestion>>,
  | 'kinds'
  | 'forms'
  | 'contentTags'
  | 'settled'
  | 'members'
  | 'speakerBecause'
  | 'modes'
  | 'audiences'
  | 'trainers'
>

/** What is filled in; the agenda with one item a line. */
export interface PlanValues {
  kind: string
  form: string
  contentTags: string[]
  theme: string
  content: string
  place: string
  startTime: string
  endTime: string
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  agenda: string
  trainerId: string | null
  modes: string[] | null
  audience: string[] | null
}

interface AgendaItem {
  text: string
  done: boolean
}

/** The same values as the server takes them; what was ticked on the agenda stays so. */
export function toPlan({ agenda, ...values }: PlanValues, before: AgendaItem[] = []) {
  const done = new Map(before.map((item) => [item.text, item.done]))
  return {
    theme: values.theme,
    kind: values.kind,
    startTime: values.startTime,
    endTime: values.endTime,
    form: values.form ?? '',
    contentTags: values.contentTags ?? [],
    content: values.content ?? '',
    place: values.place ?? '',
    hostId: values.hostId || null,
    speakerId: values.speakerId || null,
    recorderId: values.recorderId || null,
    trainerId: values.trainerId || null,
    modes: values.modes ?? null,
    // Nothing chosen: it follows from who is expected.
    audience: values.audience && values.audience.length > 0 ? values.audience : null,
    agenda: (agenda ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((text) => text !== '')
      .map((text) => ({ text, done: done.get(text) ?? false })),
  }
}

export async function searchPeople(text: string) {
  const found = await activity.findPeople({ search: text })
  return found.map((person) => ({ value: person.id, label: person.name, note: person.note }))
}

/** The fields of a plan, for publishing it and for changing it. */
export function PlanFields({
  choices,
  day = false,
  speaker = null,
  open = false,
  names = {},
  when = null,
}: {
  choices: Choices
  /** Whether the day is chosen here as well; moving later asks for a reason. */
  day?: boolean
  /** Said instead of the choice of a speaker. */
  speaker?: ReactNode
  /** Shows everything from the start. */
  open?: boolean
  /** Names of people who are chosen already. */
  names?: Record<string, string>
  /** What is said of the chosen time. */
  when?: ReactNode
}) {
  const [more, setMore] = useState(open)
  const settled = choices.settled.filter((part) => part.required)
  const clause = settled.find((part) => part.clause !== undefined)?.clause
  const options = (terms: { id: string; label: string }[]) =>
    terms.map((term) => ({ value: term.id, label: term.label }))
  const speakers = choices.members.map((member) => ({
    value: member.id,
    label: member.spoken === 0 ? `${member.name} · 本学期未发言` : `${member.name} · 已 ${member.spoken} 次`,
  }))
  const members = choices.members.map((member) => ({ value: member.id, label: member.name }))
  // The host may be of another group: whoever is chosen stays in the list.
  for (const [id, name] of Object.entries(names))
    if (!members.some((member) => member.value === id)) members.push({ value: id, label: name })
  const person = (label: string, isSpeaker = false) =>
    choices.members.length > 0 ? (
      <ChoiceInput options={isSpeaker ? speakers : members} empty="暂不指定" />
    ) : (
      <PersonPicker
        search={searchPeople}
        aria-label={label}
        chosen={Object.entries(names).map(([value, name]) => ({ value, label: name }))}
      />
    )
  const times = (
    <>
      <Field name="startTime" label="开始" required>
        <TimeInput />
      </Field>
      <Field name="endTime" label="结束" required>
        <TimeInput />
      </Field>
    </>
  )
  return (
    <>
      <Field name="theme" label="主题" required>
        <Input placeholder="这次研究什么问题" maxLength={120} autoFocus />
      </Field>
      <div className="form-pair">
        <Field name="kind" label="类别" required>
          <ChoiceInput options={options(choices.kinds)} />
        </Field>
        <Field name="form" label="形式">
          <ChoiceInput options={options(choices.forms)} empty="不限" />
        </Field>
      </div>
      {day ? (
        <div className="form-three">
          <Field name="day" label="日期" required>
            <DateInput />
          </Field>
          {times}
        </div>
      ) : (
        <div className="form-pair">{times}</div>
      )}
      {when}
      <Field name="place" label="地点" required={settled.some((part) => part.id === 'place')}>
        <Input maxLength={80} />
      </Field>
      <div className="form-pair form-people">
        <Field name="hostId" label="主持人">
          {person('主持人')}
        </Field>
        {speaker === null ? (
          <Field
            name="speakerId"
            label="中心发言人"
            {...(choices.speakerBecause === '' ? {} : { hint: choices.speakerBecause })}
          >
            {person('中心发言人', true)}
          </Field>
        ) : (
          <div className="field plan-speaker">
            <span className="field-label">中心发言人</span>
            <p>{speaker}</p>
          </div>
        )}
      </div>
      {choices.trainers.length > 0 && (
        <Field
          name="trainerId"
          label="主讲人（师资库）"
          hint="请专家或骨干来讲时选；结束后自动记下讲座，参加的老师可以评价"
        >
          <ChoiceInput
            options={choices.trainers.map((one) => ({ value: one.id, label: `${one.name} · ${one.note}` }))}
            empty="没有"
          />
        </Field>
      )}
      {choices.modes.length > 0 && (
        <Field name="modes" label="研修方式">
          <TagChoice options={options(choices.modes)} />
        </Field>
      )}
      {more ? (
        <>
          {choices.audiences.length > 0 && (
            <Field name="audience" label="面向的人" hint="不选就按应到的人自动判断">
              <TagChoice options={options(choices.audiences)} />
            </Field>
          )}
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
          {choices.contentTags.length > 0 && (
            <Field name="contentTags" label="内容标签">
              <TagChoice options={options(choices.contentTags)} />
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
    </>
  )
}

function TagChoice({
  value,
  onChange,
  options,
}: {
  value?: string[] | null
  onChange?: (value: string[]) => void
  options: { value: string; label: string }[]
}) {
  const chosen = value ?? []
  return (
    <div className="tag-choice">
      {options.map((option) => {
        const isOn = chosen.includes(option.value)
        return (
          <button
            key={option.value}
            type="button"
            aria-pressed={isOn}
            onClick={() =>
              onChange?.(isOn ? chosen.filter((one) => one !== option.value) : [...chosen, option.value])
            }
          >
            {option.label}
          </button>
        )
      })}
    </div>
  )
}
