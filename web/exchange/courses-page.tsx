import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { CommandForm, DateInput, Field } from '../kit/form.tsx'
import { FileUpload } from '../kit/file-upload.tsx'
import { useFilters } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { dayWithWeekday } from '../kit/words.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { type Course, type Courses, exchange, exchangeFiles } from './api.ts'
import { Tool } from './parts.tsx'
import './exchange.css'

const stale = ['exchange', 'study', 'regime']

/** Online courses: entered in a few taps, counted as network study. */
export function CoursesPage() {
  const [filters, setFilters] = useFilters({ whose: 'mine' })
  const whose = filters.whose === 'all' ? 'all' : 'mine'
  const query = useApi(exchange.listCourses, { whose }, { keep: true })
  const data = query.data
  return (
    <Page
      title="网络课程"
      width="reading"
      query={query}
      sentence={(list) =>
        whose === 'mine'
          ? `已登记 ${list.courses.filter((one) => one.withdrawnReason === null).length} 门次，共 ${list.minutes} 分钟；登记后算作网络研修。`
          : `共 ${list.courses.length} 条，${list.minutes} 分钟。`
      }
      actions={
        data?.abilities.all === null ? (
          <div className="segments" role="group" aria-label="看谁的">
            <button
              type="button"
              aria-pressed={whose === 'mine'}
              onClick={() => setFilters({ whose: undefined })}
            >
              我的
            </button>
            <button type="button" aria-pressed={whose === 'all'} onClick={() => setFilters({ whose: 'all' })}>
              大家的
            </button>
          </div>
        ) : undefined
      }
    >
      {(list) => (
        <>
          {whose === 'mine' && <Entry list={list} />}
          {list.courses.length === 0 ? (
            <Empty
              title="还没有登记网络课程。"
              sentence={
                whose === 'mine'
                  ? '学完一门或一段，写上名称、平台和时长就行；有证书的可以附照片。'
                  : '教师登记以后会列在这里。'
              }
            />
          ) : (
            <Section title={whose === 'mine' ? '我的网络课程' : '大家的网络课程'}>
              <ul className="exchange-courses">
                {list.courses.map((course) => (
                  <CourseRow key={course.id} course={course} named={whose === 'all'} />
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Page>
  )
}

interface Values {
  title: string
  platform: string
  minutes: string
  studiedOn: string
  address: string
}

function Entry({ list }: { list: Courses }) {
  const { today } = useSession()
  const [form] = Form.useForm<Values>()
  const log = useCommand(exchange.logCourse, {
    inline: true,
    invalidate: stale,
    success: (_, input) => `已登记 ${input.minutes} 分钟`,
    onSuccess: () => form.resetFields(),
  })
  const toInput = (values: Values) => ({
    title: values.title,
    platform: values.platform,
    minutes: Number(values.minutes),
    studiedOn: values.studiedOn,
    address: values.address ?? '',
  })
  return (
    <section className="sheet" aria-label="登记网络课程">
      <CommandForm<Parameters<typeof exchange.logCourse>[0], { id: string }, Values>
        command={log}
        form={form}
        submit="登记"
        initial={{
          title: '',
          platform: list.platforms[0] ?? '',
          minutes: '45',
          studiedOn: today,
          address: '',
        }}
        toInput={toInput}
        extra={
          log.error?.code === 'duplicate' && (
            <Button onClick={() => void log.run({ ...toInput(form.getFieldsValue()), again: true })}>
              确实又学了一次
            </Button>
          )
        }
      >
        <Field name="title" label="课程名称" required>
          <Input maxLength={100} placeholder="例如：大单元教学设计" />
        </Field>
        <Field name="platform" label="在哪个平台" required>
          <TapInput label="平台" options={list.platforms} maxLength={40} />
        </Field>
        <div className="form-pair">
          <Field name="minutes" label="时长（分钟）" required>
            <TapInput label="时长" options={['45', '90', '135', '180']} maxLength={3} numeric />
          </Field>
          <Field name="studiedOn" label="哪天" required>
            <DateInput min={list.earliest} max={today} />
          </Field>
        </div>
        <Field name="address" label="证明或课程的链接" hint="证书照片登记以后在下面附">
          <Input maxLength={500} inputMode="url" placeholder="https://" />
        </Field>
      </CommandForm>
    </section>
  )
}

/** A line of text with the usual answers to tap. */
function TapInput({
  value,
  onChange,
  options,
  label,
  maxLength,
  numeric = false,
  id,
}: {
  value?: string
  onChange?: (value: string) => void
  options: readonly string[]
  label: string
  maxLength: number
  numeric?: boolean
  id?: string
}) {
  return (
    <div className="exchange-taps">
      <input
        {...(id === undefined ? {} : { id })}
        className="native-input"
        aria-label={label}
        value={value ?? ''}
        maxLength={maxLength}
        inputMode={numeric ? 'numeric' : 'text'}
        onChange={(event) => onChange?.(event.target.value)}
      />
      {options.map((option) => (
        <button
          key={option}
          type="button"
          className="chip"
          aria-pressed={value === option}
          onClick={() => onChange?.(option)}
        >
          {option}
        </button>
      ))}
    </div>
  )
}

function CourseRow({ course, named }: { course: Course; named: boolean }) {
  const [mode, setMode] = useState<'read' | 'files' | 'withdraw'>('read')
  const withdraw = useCommand(exchange.withdrawCourse, {
    invalidate: stale,
    success: '已撤销，不再计入',
    onSuccess: () => setMode('read'),
  })
  const gone = course.withdrawnReason !== null
  return (
    <li className={gone ? 'exchange-gone' : undefined}>
      <span className="exchange-main">
        <span>
          {named && <b>{course.personName} </b>}
          {course.address === '' ? (
            course.title
          ) : (
            <a href={course.address} target="_blank" rel="noreferrer noopener">
              {course.title}
            </a>
          )}
        </span>
        <span className="quiet">
          {course.platform} · {dayWithWeekday(course.studiedOn)} · {course.minutes} 分钟
          {gone && ` · 已撤销：${course.withdrawnReason ?? ''}`}
        </span>
        {(course.files > 0 || mode === 'files') && <Proofs course={course} adds={mode === 'files'} />}
        {mode === 'withdraw' && (
          <ReasonForm
            label="为什么撤销"
            placeholder="例如：时长写错了"
            submit="撤销"
            cancel="不撤了"
            running={withdraw.running}
            onSubmit={(reason) => void withdraw.run({ courseId: course.id, reason })}
            onCancel={() => setMode('read')}
          />
        )}
      </span>
      {course.isMine && !gone && (
        <span className="exchange-tools">
          {mode === 'read' ? (
            <>
              <Tool onClick={() => setMode('files')}>附证明</Tool>
              <Tool onClick={() => setMode('withdraw')}>撤销</Tool>
            </>
          ) : (
            mode === 'files' && <Tool onClick={() => setMode('read')}>好了</Tool>
          )}
        </span>
      )}
    </li>
  )
}

function Proofs({ course, adds }: { course: Course; adds: boolean }) {
  const about = { room: 'exchange', id: course.id }
  const files = useApi(exchangeFiles.listAttachments, about)
  const list = (
    <ul className="exchange-files">
      {files.data?.map((file) => (
        <li key={file.id}>
          <a href={fileAddress(exchangeFiles.getAttachment, { id: file.id })}>{file.name}</a>
        </li>
      ))}
    </ul>
  )
  return adds ? (
    <FileUpload
      call={exchangeFiles.uploadAttachment}
      input={about}
      label="选证书照片或文件"
      multiple
      onUploaded={() => invalidate(['files', 'exchange'])}
    >
      {list}
    </FileUpload>
  ) : (
    list
  )
}
