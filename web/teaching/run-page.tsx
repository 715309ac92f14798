import { Button, Input } from 'antd'
import { useState } from 'react'
import { linkRoomLabels, stepActorLabels } from '../../server/teaching/words.ts'
import { useSession } from '../access/session.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Link, LinkButton, useGo, usePathParams } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { Writing, Written } from '../kit/writing.tsx'
import { paths } from '../paths.ts'
import { Attachments } from '../work/attachments.tsx'
import { ReasonForm } from '../work/reason-form.tsx'
import { cellMark, design, type Run, runMark, teaching } from './api.ts'
import { CaseActivities } from './case-activities.tsx'
import './teaching.css'

type Step = Run['steps'][number]
type Link = { room: keyof typeof linkRoomLabels; id: string }

const addressOf = (link: Link): string =>
  ({
    lesson: paths.lesson(link.id),
    work: paths.work(link.id),
    observation: paths.observation(link.id),
    design: paths.design(link.id),
  })[link.room]

/** One matter: its steps from top to bottom, the one whose turn it is open. */
export function RunPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(teaching.getRun, { id })
  return (
    <Page
      title={query.data?.title ?? '研修流程'}
      width="reading"
      back={{ to: paths.teaching(), label: '课例与研修流程' }}
      query={query}
      sentence={
        query.data && (
          <>
            {query.data.flowLabel} · {query.data.ownerName}
            {query.data.unitName && query.data.unitName !== query.data.ownerName
              ? ` · ${query.data.unitName}`
              : ''}{' '}
            <StateMark {...runMark(query.data)} />
          </>
        )
      }
    >
      {(run) => <RunBody run={run} />}
    </Page>
  )
}

function RunBody({ run }: { run: Run }) {
  const next = run.steps.find(
    (step) =>
      step.abilities.act === null &&
      step.abilities.now === null &&
      !step.entries.some((one) => one.isMine && one.doneOn),
  )
  return (
    <>
      {run.clause !== '' && <p className="quiet">依据：{run.clause}</p>}
      {run.status === 'stopped' && <Notice tone="rest">已中止：{run.reason}</Notice>}
      {run.leftOn !== null && run.status === 'running' && (
        <Notice tone="soon">{run.ownerName}已离任，做过的步骤都保留；组长或教导处可以中止这件事。</Notice>
      )}
      <ol className="teaching-steps">
        {run.steps.map((step, index) => (
          <StepItem key={step.id} run={run} step={step} number={index + 1} opened={step === next} />
        ))}
      </ol>
      <Comments run={run} />
      <CaseActivities of={{ room: 'run', id: run.id }} />
      <Designs run={run} />
      {run.lessons.length > 0 && <Ratings run={run} />}
      {(run.hasSpreading || run.spread !== null) && <Spread run={run} />}
      {run.abilities.stop === null && <Stop run={run} />}
    </>
  )
}

function StepItem({ run, step, number, opened }: { run: Run; step: Step; number: number; opened: boolean }) {
  const [wanted, setWanted] = useState(false)
  const done = step.entries.filter((entry) => entry.doneOn !== null)
  const mine = step.entries.find((entry) => entry.isMine)
  const may = step.abilities.act === null && !mine?.doneOn
  const single = step.actor === 'owner' || step.actor === 'leader' || step.actor === 'office'
  const offers = may && step.abilities.now === null && !(single && done.length > 0)
  return (
    <li className={`sheet teaching-step teaching-step-${step.state}`}>
      <div className="card-head">
        <h2>
          {number}. {step.label}
          {step.optional && <span className="quiet">（可以不做）</span>}
        </h2>
        <StateMark {...cellMark(step)} />
      </div>
      {done.length === 0 && (
        <p className="quiet">
          {step.hint} {step.hint === '' ? '' : ' · '}由{stepActorLabels[step.actor]}填写
        </p>
      )}
      {done.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
      {offers && (opened || wanted) && (
        <StepForm run={run} step={step} draftId={mine?.id ?? null} files={mine?.attachments ?? []} />
      )}
      {offers && !opened && !wanted && (
        <Button onClick={() => setWanted(true)}>{done.length > 0 ? '我也写一条' : '填写这一步'}</Button>
      )}
      {may && !offers && done.length === 0 && step.abilities.now !== null && (
        <p className="because">{step.abilities.now}</p>
      )}
    </li>
  )
}

function Entry({ entry }: { entry: Step['entries'][number] }) {
  const [asking, setAsking] = useState(false)
  const withdraw = useCommand(teaching.withdrawStep, { success: '已撤回，可以重新填写' })
  return (
    <div className="teaching-entry">
      <p className="quiet">
        {entry.personName}
        {entry.doneOn && ` · ${dayText(entry.doneOn)}`}
      </p>
      {entry.body !== '' && <Written html={entry.body} />}
      {entry.links.length > 0 && (
        <ul className="teaching-links">
          {entry.links.map((link) => (
            <li key={link.id}>
              {linkRoomLabels[link.room]}：<Link to={addressOf(link)}>{link.label}</Link>
            </li>
          ))}
        </ul>
      )}
      <Attachments room="teaching" id={entry.id} attachments={entry.attachments} canChange={false} />
      {entry.abilities.withdraw === null &&
        (asking ? (
          <ReasonForm
            label="为什么撤回"
            placeholder="例如：日期选错了"
            submit="撤回这一步"
            cancel="不撤回"
            running={withdraw.running}
            onSubmit={(reason) => void withdraw.run({ entryId: entry.id, reason })}
            onCancel={() => setAsking(false)}
          />
        ) : (
          <button type="button" className="tool-button no-print" onClick={() => setAsking(true)}>
            撤回…
          </button>
        ))}
    </div>
  )
}

function StepForm({
  run,
  step,
  draftId,
  files,
}: {
  run: Run
  step: Step
  draftId: string | null
  files: Step['entries'][number]['attachments']
}) {
  const { today } = useSession()
  const key = `xiaoyan/step/${run.id}/${step.id}`
  const [body, setBody] = useState(() => sessionStorage.getItem(key) ?? '')
  const [chosen, setChosen] = useState<Link[] | null>(null)
  const [on, setOn] = useState<string>(today)
  const choices = useApi(teaching.listStepChoices, { id: run.id, stepId: step.id })
  const found = choices.data ?? []
  // What is known to belong here is chosen from the start.
  const suggested = found.filter((one) => one.isSuggested)
  const links = chosen ?? suggested.map(({ room, id }) => ({ room, id }))
  const open = useCommand(teaching.openStep)
  const finish = useCommand(teaching.finishStep, {
    inline: true,
    invalidate: ['teaching', 'home', 'regime'],
    success: ({ finished }) => (finished ? '这一步已完成，全部步骤都齐了' : '这一步已完成'),
    onSuccess: () => sessionStorage.removeItem(key),
  })
  const write = (html: string) => {
    setBody(html)
    sessionStorage.setItem(key, html)
  }
  const toggle = (link: Link) =>
    setChosen(
      links.some((one) => one.id === link.id)
        ? links.filter((one) => one.id !== link.id)
        : step.isLesson
          ? [link]
          : [...links, link],
    )
  return (
    <div className="teaching-form">
      {found.length > 0 && (
        <details open={step.isLesson || suggested.length > 0}>
          <summary>
            {step.isLesson ? '选择这节课' : `从已有的记录里选（${found.length} 条，已选 ${links.length}）`}
          </summary>
          <ul className="teaching-choices">
            {found.map((choice) => (
              <li key={choice.id}>
                <label>
                  <input
                    type={step.isLesson ? 'radio' : 'checkbox'}
                    name={`${step.id}-link`}
                    checked={links.some((one) => one.id === choice.id)}
                    onChange={() => toggle({ room: choice.room, id: choice.id })}
                  />
                  {linkRoomLabels[choice.room]} · {choice.label} <span className="quiet">{choice.note}</span>
                </label>
              </li>
            ))}
          </ul>
        </details>
      )}
      {step.isLesson && choices.data !== undefined && suggested.length === 0 && (
        <LessonToCome run={run} any={found.length > 0} />
      )}
      <Writing
        label={step.label}
        value={body}
        onChange={write}
        rows={4}
        placeholder={step.hint || '写几句话'}
      />
      {draftId ? (
        <Attachments room="teaching" id={draftId} attachments={files} canChange />
      ) : (
        <button
          type="button"
          className="tool-button"
          disabled={open.running}
          onClick={() => void open.run({ id: run.id, stepId: step.id })}
        >
          附照片或文件…
        </button>
      )}
      {!step.isLesson && (
        <label className="teaching-day">
          完成日期 <DateInput value={on} max={today} onChange={(value) => setOn(value || today)} />
        </label>
      )}
      {finish.error && (
        <p className="form-error" role="alert">
          {finish.error.message}
        </p>
      )}
      <Button
        type="primary"
        loading={finish.running}
        onClick={() =>
          void finish.run({ id: run.id, stepId: step.id, body, links, ...(step.isLesson ? {} : { on }) })
        }
      >
        完成“{step.label}”
      </Button>
    </div>
  )
}

/** The lesson of this step has not been given: where it is booked, or booked again after the first. */
function LessonToCome({ run, any }: { run: Run; any: boolean }) {
  const booked = run.lessons.find((lesson) => !lesson.isGiven)
  if (booked)
    return (
      <p className="quiet">
        {dayText(booked.heldOn)}的<Link to={paths.lesson(booked.lessonId)}>{booked.label}</Link>
        还没有登记为“已上完”，上过以后这里自动选好。
      </p>
    )
  if (run.toRepeat !== null)
    return (
      <LinkButton to={paths.newLesson(run.toRepeat)} type="primary">
        安排改进课
      </LinkButton>
    )
  return any ? null : (
    <p className="quiet">
      还没有上过的课。<Link to={paths.newLesson()}>先安排一节课</Link>，上过以后回来选。
    </p>
  )
}

/** What observers wrote on the lessons, beside the steps in which it is taken up. */
function Comments({ run }: { run: Run }) {
  if (run.comments === null || run.comments.length === 0) return null
  return (
    <Section title={`听课意见 ${run.comments.length} 条`} sentence="写反思、改教案时对照着看。">
      <ul className="teaching-comments">
        {run.comments.map((one) => (
          <li key={one.observationId}>
            <p>{one.comment}</p>
            {one.actionStep !== '' && (
              <p>
                <b>改进要求</b> {one.actionStep}
              </p>
            )}
            <p className="quiet">
              {one.observerName} · {one.lessonLabel} · {one.writtenLabel}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Designs({ run }: { run: Run }) {
  const go = useGo()
  const start = useCommand(design.startDesign, {
    invalidate: ['teaching', 'design'],
    onSuccess: ({ id }) => go(paths.design(id)),
  })
  if (run.designs.length === 0 && run.abilities.design !== null) return null
  return (
    <Section title="教案">
      {run.designs.map((one) => (
        <p key={one.id}>
          <Link to={paths.design(one.id)}>{one.title}</Link> <span className="quiet">{one.versions} 稿</span>{' '}
          {one.versions > 1 && (
            <Link to={`${paths.design(one.id)}?view=compare&from=1`}>第一稿与最新稿对照</Link>
          )}
        </p>
      ))}
      {run.designs.length === 0 && (
        <p className="quiet">写或粘贴第一稿，改课以后再存第二稿，两稿可以并排对照。</p>
      )}
      {run.abilities.design === null && run.designs.length === 0 && (
        <Button loading={start.running} onClick={() => void start.run({ title: run.title, runId: run.id })}>
          写教案第一稿
        </Button>
      )}
    </Section>
  )
}

function Ratings({ run }: { run: Run }) {
  return (
    <Section title="课和评分">
      <ul className="teaching-links">
        {run.lessons.map((lesson) => (
          <li key={lesson.lessonId}>
            {dayText(lesson.heldOn)} <Link to={paths.lesson(lesson.lessonId)}>{lesson.label}</Link>{' '}
            <span className="quiet">
              {!lesson.isGiven
                ? '还没有上'
                : lesson.total === null
                  ? '还没有评分'
                  : `${lesson.total} 分（${lesson.ratings} 人评）`}
            </span>
          </li>
        ))}
      </ul>
      {run.difference !== null && (
        <p>
          后一次比第一次{run.difference >= 0 ? '高' : '低'} <b>{Math.abs(run.difference)}</b> 分。
        </p>
      )}
    </Section>
  )
}

interface SpreadValues {
  spread: string
  model: string
  reason: string
}
function Spread({ run }: { run: Run }) {
  const [open, setOpen] = useState(false)
  const decide = useCommand(teaching.decideSpread, {
    inline: true,
    success: (_output, input) => (input.spread ? '已决定推广' : '已登记不推广'),
    onSuccess: () => setOpen(false),
  })
  return (
    <Section title="推广">
      {run.spread === null ? (
        <p className="quiet">还没有决定，由教导处在再评定以后决定。</p>
      ) : (
        <p>
          {run.spread ? `推广“${run.model}”` : '暂不推广'}：{run.spreadReason}
          {run.uses !== null && run.uses.lessons > 0 && (
            <>
              {' '}
              已有 {run.uses.teachers} 位老师的 {run.uses.lessons} 节课采用。
            </>
          )}
          <span className="quiet">
            {' '}
            {run.decidedByName} {run.decidedOn && dayText(run.decidedOn)}
          </span>
        </p>
      )}
      {run.abilities.decideSpread === null && !open && run.status !== 'stopped' && (
        <Button onClick={() => setOpen(true)}>{run.spread === null ? '决定是否推广' : '重新决定'}</Button>
      )}
      {open && (
        <CommandForm<Parameters<typeof teaching.decideSpread>[0], unknown, SpreadValues>
          command={decide}
          initial={{ spread: 'yes', model: run.model, reason: '' }}
          toInput={(values) => ({
            id: run.id,
            spread: values.spread === 'yes',
            model: values.model,
            reason: values.reason,
          })}
          submit="登记决定"
          extra={<Button onClick={() => setOpen(false)}>先不决定</Button>}
        >
          <Field name="spread" label="决定" required>
            <ChoiceInput
              options={[
                { value: 'yes', label: '推广' },
                { value: 'no', label: '暂不推广' },
              ]}
            />
          </Field>
          <Field
            name="model"
            label="教学模式的名字"
            hint="推广时填写；名字会成为内容标签，老师安排课时点一下就表示采用。"
          >
            <Input maxLength={30} placeholder="例如：导学五步" />
          </Field>
          <Field name="reason" label="理由" required>
            <Input.TextArea rows={3} maxLength={500} />
          </Field>
        </CommandForm>
      )}
    </Section>
  )
}

function Stop({ run }: { run: Run }) {
  const [asking, setAsking] = useState(false)
  const stop = useCommand(teaching.stopRun, { success: '已中止' })
  if (!asking)
    return (
      <p className="no-print teaching-stop">
        <button type="button" className="tool-button" onClick={() => setAsking(true)}>
          中止这件事…
        </button>
      </p>
    )
  return (
    <ReasonForm
      label="为什么中止"
      placeholder="例如：老师调离"
      submit="中止"
      cancel="不中止"
      running={stop.running}
      onSubmit={(reason) => void stop.run({ id: run.id, reason })}
      onCancel={() => setAsking(false)}
    />
  )
}
