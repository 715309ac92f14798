import { Button, Drawer, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Notice, Section } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { rangeText } from '../kit/words.ts'
import { type Answer, calendar } from './api.ts'

type View = Answer<typeof calendar.getCalendar>
type Year = View['schoolYears'][number]
type Week = View['specialWeeks'][number]

/** Weeks of a school year with a name of their own (师徒活动周), and those that the regime names. */
export function SpecialWeeks({ view, year }: { view: View; year: Year }) {
  const [editing, setEditing] = useState<Week | 'new' | null>(null)
  const inYear = (one: { from: string; to: string }) => one.from <= year.to && one.to >= year.from
  const weeks = view.specialWeeks.filter(inYear)
  const proposals = view.weekProposals.filter(inYear)
  const save = useCommand(calendar.saveSpecialWeek, {
    invalidate: ['calendar', 'agenda'],
    success: (_, input) => `“${input.name}”已排进校历`,
  })
  const drop = useCommand(calendar.deleteSpecialWeek, {
    invalidate: ['calendar', 'agenda'],
    success: '已删去',
  })
  const reason = view.abilities.save
  return (
    <Section
      title="专题周"
      aside={
        <DisabledBecause reason={reason} onClick={() => setEditing('new')}>
          加一个专题周
        </DisabledBecause>
      }
    >
      {proposals.map((one) => (
        <Notice
          key={`${one.name}${one.from}`}
          tone="soon"
          action={
            reason === null && (
              <Button
                loading={save.running}
                onClick={() => void save.run({ name: one.name, from: one.from, to: one.to })}
              >
                排进校历
              </Button>
            )
          }
        >
          制度里有“{one.name}”，在{one.label}（{rangeText(one.from, one.to)}）。
          <span className="clause">{one.clause}</span>
        </Notice>
      ))}
      {weeks.length === 0 ? (
        proposals.length === 0 && (
          <p className="quiet">
            还没有。师徒活动周、教研开放周这样的一周可以写在这里，大家的日程里都会显示。
          </p>
        )
      ) : (
        <ul className="plain-rows">
          {weeks.map((week) => (
            <li key={week.id} className="line-with-action">
              <span>
                <b>{week.name}</b>{' '}
                <span className="quiet">
                  {rangeText(week.from, week.to)}
                  {week.label !== '' && ` · ${week.label}`}
                  {week.note !== '' && ` · ${week.note}`}
                </span>
                {week.differs !== null && <span className="because"> {week.differs}</span>}
              </span>
              {reason === null && (
                <span className="record-actions">
                  <Button type="link" onClick={() => setEditing(week)}>
                    修改
                  </Button>
                  <Button
                    type="link"
                    aria-label={`删去${week.name}`}
                    onClick={() => void drop.run({ id: week.id })}
                  >
                    删去
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <Drawer
        title={editing === 'new' ? '加一个专题周' : '改专题周'}
        open={editing !== null}
        onClose={() => setEditing(null)}
        destroyOnHidden
      >
        {editing !== null && (
          <WeekForm
            view={view}
            year={year}
            week={editing === 'new' ? null : editing}
            onDone={() => setEditing(null)}
          />
        )}
      </Drawer>
    </Section>
  )
}

interface WeekValues {
  name: string
  from: string
  to: string
  note: string
}

function WeekForm({
  view,
  year,
  week,
  onDone,
}: {
  view: View
  year: Year
  week: Week | null
  onDone: () => void
}) {
  const save = useCommand(calendar.saveSpecialWeek, {
    inline: true,
    invalidate: ['calendar', 'agenda'],
    success: (_, input) => `“${input.name}”已排进校历`,
  })
  const all = year.terms.flatMap((term) =>
    term.weeks.map((one) => ({ ...one, term: `第${term.number === 1 ? '一' : '二'}学期` })),
  )
  const next = all.find((one) => one.from > view.today) ?? all[0]
  return (
    <CommandForm
      command={save}
      initial={{
        name: week?.name ?? '',
        from: week?.from ?? next?.from ?? year.from,
        to: week?.to ?? next?.to ?? year.from,
        note: week?.note ?? '',
      }}
      toInput={(values: WeekValues) => ({ ...(week ? { id: week.id } : {}), ...values })}
      submit="保存"
      onDone={onDone}
    >
      <Field name="name" label="名称" required hint="例如 师徒活动周、教研开放周">
        <Input maxLength={20} />
      </Field>
      <Field name="from" label="从哪一周起" required>
        <ChoiceInput
          options={all.map((one) => ({
            value: one.from,
            label: `${one.term}${one.label} ${rangeText(one.from, one.to)}`,
          }))}
        />
      </Field>
      <Field name="to" label="最后一天" required hint="一般是那一周的周日；也可以连着几周">
        <DateInput />
      </Field>
      <Field name="note" label="安排" hint="例如 每对师徒至少一次听评课">
        <Input.TextArea rows={3} maxLength={200} />
      </Field>
    </CommandForm>
  )
}

/** The five-year cycle by which hours and credits add up; the district sets it for all its schools. */
export function Cycle({ view }: { view: View }) {
  const [editing, setEditing] = useState(false)
  const { cycle, abilities } = view
  const save = useCommand(calendar.saveCycle, {
    inline: true,
    invalidate: ['calendar', 'regime'],
    success: '五年周期已设定，各校的进度会重新计算',
  })
  return (
    <Section
      title="五年周期"
      aside={abilities.setCycle === null && <Button onClick={() => setEditing(true)}>设定周期</Button>}
    >
      <p>
        现在是 <b>{cycle.label}</b>，从 {cycle.startMonth} 月起算。
        <span className="quiet">
          {cycle.isSet
            ? '由区里统一设定；制度原文另有规定的和个人另有起点的除外。'
            : '区里还没有统一设定，按现行制度的默认值。'}
        </span>
      </p>
      <Drawer title="全区的五年周期" open={editing} onClose={() => setEditing(false)} destroyOnHidden>
        <CommandForm
          command={save}
          initial={{ start: cycle.start, startMonth: String(cycle.startMonth) }}
          toInput={(values: { start: number | null; startMonth: string }) => ({
            start: values.start,
            startMonth: Number(values.startMonth),
          })}
          submit="保存"
          onDone={() => setEditing(false)}
        >
          <p className="quiet form-lead">
            学时、学分按五年合计的规定，全区各校都用这个周期。改了以后，各校的进度马上重新计算。
          </p>
          <Field
            name="start"
            label="某个周期的第一年"
            hint="例如 2026；前后的周期每五年一个。清空就回到各校制度的默认值"
          >
            <InputNumber min={2000} max={2098} precision={0} />
          </Field>
          <Field name="startMonth" label="从几月起" required>
            <ChoiceInput
              options={Array.from({ length: 12 }, (_, index) => ({
                value: String(index + 1),
                label: `${index + 1} 月`,
              }))}
            />
          </Field>
        </CommandForm>
      </Drawer>
    </Section>
  )
}
