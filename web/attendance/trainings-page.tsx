import { Button, Input } from 'antd'
import { useState } from 'react'
import { finalLabels, organiserLabels, trainingStatusLabels } from '../../server/attendance/words.ts'
import type { FinalStatus, Organiser } from '../../server/attendance/words.ts'
import { activity } from '../activity/api.ts'
import { DataList } from '../kit/data-list.tsx'
import type { ListColumn } from '../kit/data-list.tsx'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { useFilters } from '../kit/link.tsx'
import { ErrorNotice, Facts, Page, Section, Skeleton } from '../kit/page.tsx'
import { PeoplePicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, dayWithWeekday, rangeText } from '../kit/words.ts'
import { useSession } from '../access/session.ts'
import { AboutRecord } from '../exchange/about-record.tsx'
import { paths } from '../paths.ts'
import { Attachments } from '../work/attachments.tsx'
import { attendanceBook } from './api.ts'
import type { TrainingChoices, TrainingLine } from './api.ts'
import './attendance.css'

const stale = ['attendanceBook', 'training', 'inbox', 'regime', 'home']
const organisers = (Object.keys(organiserLabels) as Organiser[]).map((one) => ({
  value: one,
  label: organiserLabels[one],
}))
const tones = {
  reported: 'dueSoon',
  returned: 'overdue',
  confirmed: 'done',
  removed: 'notApplicable',
} as const

const when = (line: TrainingLine) =>
  line.day === line.until ? dayText(line.day) : rangeText(line.day, line.until)
const columns: ListColumn<TrainingLine>[] = [
  { key: 'title', title: '培训', render: (line) => line.title, phone: 'title' },
  { key: 'day', title: '时间', render: when, sortBy: (line) => line.day },
  {
    key: 'organiser',
    title: '主办',
    render: (line) =>
      `${organiserLabels[line.organiser]}${line.organiserName ? ` ${line.organiserName}` : ''}`,
  },
  {
    key: 'minutes',
    title: '时长',
    align: 'end',
    render: (line) => `${line.minutes} 分钟`,
    sortBy: (line) => line.minutes,
    phone: 'hidden',
  },
  { key: 'people', title: '参加', render: (line) => peopleText(line) },
  {
    key: 'proof',
    title: '证明',
    render: (line) =>
      line.attachments === 0 ? <span className="quiet">未附</span> : `${line.attachments} 个`,
    phone: 'hidden',
  },
  {
    key: 'status',
    title: '状态',
    phone: 'mark',
    render: (line) => <StateMark state={tones[line.status]} word={trainingStatusLabels[line.status]} />,
  },
]
function peopleText(line: TrainingLine): string {
  const names = line.people.slice(0, 4).map((one) => one.name)
  return line.people.length > 4 ? `${names.join('、')}等 ${line.people.length} 人` : names.join('、')
}

/** Training by others: recorded once for several people, with organiser and proof. */
export function TrainingsPage() {
  const { today } = useSession()
  const [filters, setFilters] = useFilters({
    open: '',
    from: `${Number(today.slice(0, 4)) - 1}-08-01`,
    to: today,
  })
  const [adding, setAdding] = useState(false)
  const query = useApi(attendanceBook.listTrainings, { from: filters.from, to: filters.to }, { keep: true })
  const rows = query.data?.filter(
    (line) => !filters.q || line.title.includes(filters.q) || line.organiserName.includes(filters.q),
  )
  const waiting = query.data?.filter((line) => line.status === 'reported').length ?? 0
  if (filters.open !== '')
    return <TrainingPage id={filters.open} back={() => setFilters({ open: undefined })} />
  return (
    <Page
      title="上级培训"
      width="wide"
      sentence={
        query.data === undefined
          ? '学区、进修学校、市、省组织的培训登记在这里，附上证明，学时就会计入。'
          : `登记了 ${query.data.length} 次培训${waiting > 0 ? `，${waiting} 次等待确认` : ''}。`
      }
      actions={
        !adding && (
          <Button type="primary" onClick={() => setAdding(true)}>
            登记培训
          </Button>
        )
      }
    >
      {adding && (
        <section className="sheet training-form" aria-label="登记培训">
          <h2>登记培训</h2>
          <TrainingForm
            close={() => setAdding(false)}
            done={(id) => {
              setAdding(false)
              setFilters({ open: id })
            }}
          />
        </section>
      )}
      <DataList
        label="上级培训"
        rows={rows}
        error={query.error}
        retry={query.refetch}
        rowKey={(line) => line.id}
        columns={columns}
        href={(line) => paths.training(line.id)}
        search="培训名称、主办单位"
        empty={{
          title: '还没有登记上级培训。',
          sentence: '参加培训回来，登记名称、主办单位和时长，再拍一张通知或证书附上。',
          action: (
            <Button type="primary" onClick={() => setAdding(true)}>
              登记培训
            </Button>
          ),
        }}
      />
    </Page>
  )
}

interface Values {
  title: string
  kind: string
  organiser: Organiser
  organiserName: string
  place: string
  day: string
  lastDay: string
  minutes: string
  people: string[]
}

function TrainingForm({
  line,
  close,
  done,
}: {
  line?: TrainingLine
  close: () => void
  done: (id: string) => void
}) {
  const query = useApi(attendanceBook.getTrainingChoices, {})
  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="form" rows={5} />
    )
  return <FilledForm choices={query.data} {...(line ? { line } : {})} close={close} done={done} />
}

function FilledForm({
  choices,
  line,
  close,
  done,
}: {
  choices: TrainingChoices
  line?: TrainingLine
  close: () => void
  done: (id: string) => void
}) {
  const [statuses, setStatuses] = useState<Record<string, FinalStatus>>(
    Object.fromEntries((line?.people ?? []).map((one) => [one.id, one.status])),
  )
  const [chosen, setChosen] = useState<{ value: string; label: string }[]>(
    (line?.people ?? (choices.me ? [choices.me] : [])).map((one) => ({ value: one.id, label: one.name })),
  )
  const command = useCommand(attendanceBook.saveTraining, {
    inline: true,
    success: (answer) =>
      answer.status === 'confirmed' ? '已登记，请附上证明。' : '已登记，请附上证明，等组长或教导处确认。',
    invalidate: stale,
  })
  const only = choices.people !== null && choices.people.length === 1
  const nameOf = (id: string) =>
    chosen.find((one) => one.value === id)?.label ??
    choices.people?.find((one) => one.id === id)?.name ??
    '老师'
  const [people, setPeople] = useState<string[]>(chosen.map((one) => one.value))
  return (
    <CommandForm
      command={command}
      submit={line ? '保存修改' : '登记'}
      initial={{
        title: line?.title ?? '',
        kind: line?.kind ?? choices.kinds[0]?.id ?? '',
        organiser: line?.organiser ?? choices.organiserNames[0]?.organiser ?? 'district',
        organiserName: line?.organiserName ?? choices.organiserNames[0]?.name ?? '',
        place: line?.place ?? '',
        day: line?.day ?? choices.today,
        lastDay: line && line.until !== line.day ? line.until : '',
        minutes: line ? String(line.minutes) : '180',
        people: chosen.map((one) => one.value),
      }}
      onChange={(values: Values) => setPeople(values.people ?? [])}
      toInput={(values: Values) => ({
        ...(line ? { trainingId: line.id } : {}),
        title: values.title,
        kind: values.kind,
        organiser: values.organiser,
        organiserName: values.organiserName ?? '',
        place: values.place ?? '',
        day: values.day,
        ...(values.lastDay ? { lastDay: values.lastDay } : {}),
        minutes: Number(values.minutes),
        people: (values.people ?? []).map((personId) => ({
          personId,
          status: statuses[personId] ?? 'present',
        })),
      })}
      onDone={(answer) => done(answer.id)}
      extra={<Button onClick={close}>不登记了</Button>}
    >
      <Field name="title" label="培训名称" required>
        <Input maxLength={120} autoFocus placeholder="如：义务教育新课标培训" />
      </Field>
      <div className="training-three">
        <Field name="organiser" label="哪一级主办" required>
          <ChoiceInput options={organisers} />
        </Field>
        <Field name="organiserName" label="主办单位">
          <Input maxLength={80} list="organiser-names" />
        </Field>
        <Field name="kind" label="类别" required>
          <ChoiceInput options={choices.kinds.map((kind) => ({ value: kind.id, label: kind.label }))} />
        </Field>
      </div>
      <datalist id="organiser-names">
        {choices.organiserNames.map((one) => (
          <option key={`${one.organiser}${one.name}`} value={one.name} />
        ))}
      </datalist>
      <div className="training-three">
        <Field name="day" label="日期" required>
          <DateInput max={choices.today} />
        </Field>
        <Field name="lastDay" label="到哪一天" hint="只有一天就不填">
          <DateInput />
        </Field>
        <Field name="minutes" label="共多少分钟" required>
          <Input inputMode="numeric" suffix="分钟" />
        </Field>
      </div>
      {!only && (
        <Field name="people" label="参加的老师" required requiredMessage="请至少选一位老师">
          <PeoplePicker
            chosen={chosen}
            search={async (text) =>
              choices.people
                ? choices.people
                    .filter((one) => one.name.includes(text))
                    .map((one) => ({ value: one.id, label: one.name }))
                : (await activity.findPeople({ search: text })).map((one) => ({
                    value: one.id,
                    label: one.name,
                    note: one.note,
                  }))
            }
            onChange={(_values, found) =>
              setChosen((old) => [
                ...old,
                ...found.filter((one) => !old.some((other) => other.value === one.value)),
              ])
            }
          />
        </Field>
      )}
      {people.length > 0 && (
        <details className="training-statuses">
          <summary>都按出席登记；有迟到、早退、缺席的点这里</summary>
          <ul>
            {people.map((id) => (
              <li key={id}>
                {nameOf(id)}
                <ChoiceInput
                  aria-label={`${nameOf(id)}的出勤`}
                  value={statuses[id] ?? 'present'}
                  onChange={(status) => setStatuses((old) => ({ ...old, [id]: status as FinalStatus }))}
                  options={(Object.keys(finalLabels) as FinalStatus[]).map((one) => ({
                    value: one,
                    label: finalLabels[one],
                  }))}
                />
              </li>
            ))}
          </ul>
        </details>
      )}
    </CommandForm>
  )
}

function TrainingPage({ id, back }: { id: string; back: () => void }) {
  const query = useApi(attendanceBook.getTraining, { trainingId: id })
  const [panel, setPanel] = useState<'change' | 'return' | 'remove' | null>(null)
  const [note, setNote] = useState('')
  const decide = useCommand(attendanceBook.decideTraining, {
    invalidate: stale,
    success: (_, input) => (input.confirm ? '已确认，学时计入。' : '已退回并说明。'),
    onSuccess: () => setPanel(null),
  })
  const remove = useCommand(attendanceBook.removeTraining, {
    invalidate: stale,
    success: '已撤销，学时随之收回。',
    onSuccess: back,
  })
  return (
    <Page
      title={query.data?.title ?? '上级培训'}
      width="normal"
      back={{ to: paths.trainings(), label: '上级培训' }}
      query={query}
      sentence={(line) =>
        `${line.people.length} 位老师，${line.minutes} 分钟，${
          line.status === 'confirmed'
            ? '已计入各人的学时。'
            : line.status === 'reported'
              ? '确认后计入学时。'
              : `${trainingStatusLabels[line.status]}${line.decisionNote ? `：${line.decisionNote}` : ''}。`
        }`
      }
    >
      {(line) =>
        panel === 'change' ? (
          <section className="sheet training-form">
            <TrainingForm line={line} close={() => setPanel(null)} done={() => setPanel(null)} />
          </section>
        ) : (
          <>
            <div className="sheet">
              <Facts
                items={[
                  {
                    label: '时间',
                    value:
                      line.day === line.until ? dayWithWeekday(line.day) : rangeText(line.day, line.until),
                  },
                  { label: '主办', value: `${organiserLabels[line.organiser]} ${line.organiserName}` },
                  { label: '类别', value: line.kindLabel },
                  { label: '登记人', value: line.recordedByName },
                ]}
              />
              <ul className="training-people">
                {line.people.map((one) => (
                  <li key={one.id}>
                    {one.name}
                    {one.status !== 'present' && <span className="quiet"> · {finalLabels[one.status]}</span>}
                  </li>
                ))}
              </ul>
            </div>
            <Section title="证明" sentence="通知、证书或现场照片。">
              <Attachments
                room="training"
                id={line.id}
                attachments={line.files}
                canChange={line.abilities.attach === null}
              />
              {line.files.length === 0 && line.abilities.attach !== null && (
                <p className="quiet">没有附证明。</p>
              )}
            </Section>
            <AboutRecord room="training" id={line.id} title="外出学习分享" />
            {panel === 'return' || panel === 'remove' ? (
              <div className="form-actions">
                <Input
                  autoFocus
                  value={note}
                  maxLength={200}
                  placeholder={panel === 'return' ? '要补什么，老师会看到' : '为什么撤销'}
                  onChange={(event) => setNote(event.target.value)}
                />
                <Button
                  danger
                  loading={decide.running || remove.running}
                  disabled={note.trim() === ''}
                  onClick={() =>
                    void (panel === 'return'
                      ? decide.run({ trainingId: id, confirm: false, note })
                      : remove.run({ trainingId: id, reason: note }))
                  }
                >
                  {panel === 'return' ? '退回并说明' : '撤销登记'}
                </Button>
                <Button onClick={() => setPanel(null)}>返回</Button>
              </div>
            ) : (
              <div className="form-actions">
                {line.status === 'reported' && line.abilities.decide === null && (
                  <>
                    <Button
                      type="primary"
                      loading={decide.running}
                      onClick={() => void decide.run({ trainingId: id, confirm: true })}
                    >
                      确认
                    </Button>
                    <Button onClick={() => setPanel('return')}>退回</Button>
                  </>
                )}
                <DisabledBecause reason={line.abilities.change} onClick={() => setPanel('change')}>
                  修改
                </DisabledBecause>
                <DisabledBecause reason={line.abilities.remove} onClick={() => setPanel('remove')}>
                  撤销登记
                </DisabledBecause>
              </div>
            )}
          </>
        )
      }
    </Page>
  )
}
