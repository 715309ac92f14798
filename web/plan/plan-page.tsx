import { Button } from 'antd'
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react'
import type { PlanView } from '../../server/plan/contract.ts'
import { planStepLabels } from '../../server/plan/words.ts'
import type { Wire } from '../kit/api.ts'
import { FormSections } from '../kit/form-sections.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, usePathParams } from '../kit/link.tsx'
import { OtherDevice } from '../kit/other-device.tsx'
import { ErrorNotice, Notice, Page, Skeleton } from '../kit/page.tsx'
import { type Command, useApi, useCommand } from '../kit/queries.ts'
import { useVersioned } from '../kit/versioned.ts'
import { dayText, momentText } from '../kit/words.ts'
import { Writing, Written } from '../kit/writing.tsx'
import { paths } from '../paths.ts'
import { Attachments } from '../work/attachments.tsx'
import { plan, Stamp, StateLine } from './api.tsx'
import { DecidePlan } from './decide-plan.tsx'

const back = { to: paths.plans(), label: '计划和总结' }

/** A plan or summary: written section by section, then read with its opinions and stamp. */
export function PlanPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(plan.getPlan, { id })
  const view = query.data
  if (view === undefined) {
    return (
      <Page title="计划和总结" back={back}>
        {query.error ? <ErrorNotice error={query.error} retry={query.refetch} /> : <Skeleton shape="form" />}
      </Page>
    )
  }
  return (
    <Page title={view.title} back={back} sentence={<StateLine status={view.status} />}>
      {view.abilities.edit === null ? <WritePlan key={view.id} view={view} /> : <ReadPlan view={view} />}
    </Page>
  )
}

function WritePlan({ view }: { view: Wire<PlanView> }) {
  const [flush, setFlush] = useState<() => Promise<boolean>>(() => async () => true)
  const versioned = useVersioned<Record<string, string>>({
    value: view.sections,
    version: view.draftVersion,
    send: (sections, version) => plan.savePlan({ id: view.id, version, sections }),
    otherOf: (fields) => JSON.parse(fields.sections ?? '{}') as Record<string, string>,
  })
  const submit = useCommand(plan.submitPlan, {
    inline: true,
    invalidate: ['plan', 'inbox', 'regime'],
    success: '已提交，等待审核',
    onSuccess: () => scrollTo({ top: 0 }),
  })
  const returned = view.status === 'returned' ? view.steps.at(-1) : undefined
  return (
    <div className="plan-write">
      {returned && (
        <Notice tone="soon">
          {returned.personName} {planStepLabels[returned.step]}：{returned.opinion}
        </Notice>
      )}
      <OtherDevice versioned={versioned} flush={flush} />
      <BasedOn view={view} />
      <FormSections
        sections={view.form.map((section) => ({
          key: section.key,
          title: section.label,
          required: section.required,
          hint: section.clause === null ? section.hint : `${section.hint}（${section.clause}）`,
          render: (value, change) => (
            <Writing label={section.label} value={value} onChange={change} rows={5} />
          ),
        }))}
        values={versioned.stored}
        storageKey={`plan/${view.id}`}
        save={versioned.save}
        fieldErrors={submit.fieldErrors}
        actions={submitBar({ setFlush, submit, id: view.id })}
      />
      <div className="plan-files">
        <Attachments room="plan" id={view.id} attachments={view.attachments} canChange />
      </div>
    </div>
  )
}

interface FilledForm {
  missing: { title: string }[]
  flush: () => Promise<boolean>
}
interface SubmitBarProps {
  /** Gives the page the way to save at once. */
  setFlush: Dispatch<SetStateAction<() => Promise<boolean>>>
  submit: Command<{ id: string }, unknown>
  id: string
}

function submitBar(props: SubmitBarProps) {
  return (form: FilledForm) => <SubmitBar {...props} form={form} />
}

/** Hands the paper in; says what is missing. */
function SubmitBar({ form, setFlush, submit, id }: SubmitBarProps & { form: FilledForm }) {
  useEffect(() => setFlush(() => form.flush), [setFlush, form.flush])
  return (
    <>
      <Button
        type="primary"
        size="large"
        loading={submit.running}
        onClick={() => {
          void form.flush().then((saved) => {
            if (saved) void submit.run({ id })
          })
        }}
      >
        提交审核
      </Button>
      {submit.error ? (
        <span className="field-error" role="alert">
          {submit.error.message}
          {submit.error.clause !== undefined && <span className="clause">{submit.error.clause}</span>}
        </span>
      ) : (
        form.missing.length > 0 && (
          <span className="quiet">还要写：{form.missing.map((section) => section.title).join('、')}</span>
        )
      )}
    </>
  )
}

/** The plan on which this one rests. */
function BasedOn({ view }: { view: Wire<PlanView> }) {
  const link = useCommand(plan.linkPlan, { success: '已更新依据' })
  const what = view.paper === 'summary' ? '对照计划' : '依据'
  if (view.possibleParents.length > 1) {
    return (
      <p className="based-on">
        <Icon name="link" size={18} />
        {what}
        <ChoiceInput
          aria-label={what}
          value={view.parent?.id ?? ''}
          empty="请选择"
          onChange={(parentId) => void link.run({ id: view.id, parentId: parentId === '' ? null : parentId })}
          options={view.possibleParents.map((parent) => ({ value: parent.id, label: parent.title }))}
        />
      </p>
    )
  }
  if (!view.parent) {
    return view.level === 'organisation' && view.paper === 'plan' ? null : (
      <p className="based-on quiet">
        <Icon name="link" size={18} />
        {view.paper === 'summary' ? '这一时期没有写计划' : '上级计划还没有开始写，写好后会自动关联'}
      </p>
    )
  }
  return (
    <p className="based-on">
      <Icon name="link" size={18} />
      {what}
      <Link to={paths.plan(view.parent.id)}>{view.parent.title}</Link>
      {view.parent.filingNumber !== null && <span className="quiet">{view.parent.filingNumber}</span>}
    </p>
  )
}

/** The text of a paper, section by section. */
export function PlanText({ view }: { view: Wire<PlanView> }) {
  return (
    <div className="plan-text">
      {view.form
        .filter((section) => section.required || (view.sections[section.key] ?? '') !== '')
        .map((section) => (
          <section key={section.key}>
            <h2>{section.label}</h2>
            <Written html={view.sections[section.key] ?? ''} />
          </section>
        ))}
      <Attachments room="plan" id={view.id} attachments={view.attachments} canChange={false} />
    </div>
  )
}

function ReadPlan({ view }: { view: Wire<PlanView> }) {
  const takeBack = useCommand(plan.takeBackPlan, {
    invalidate: ['plan', 'inbox'],
    success: '已撤回，可以继续修改',
  })
  return (
    <div className="plan-read">
      <div className="sheet plan-sheet">
        {view.filingNumber !== null && view.stampedOn !== null && (
          <Stamp number={view.filingNumber} day={dayText(view.stampedOn)} />
        )}
        <BasedOn view={view} />
        <PlanText view={view} />
      </div>
      <aside className="plan-margin">
        <DecidePlan view={view} />
        {view.abilities.takeBack === null && (
          <Button loading={takeBack.running} onClick={() => void takeBack.run({ id: view.id })}>
            撤回修改
          </Button>
        )}
        <Steps view={view} />
      </aside>
    </div>
  )
}

function Steps({ view }: { view: Wire<PlanView> }) {
  if (view.steps.length === 0) return null
  return (
    <section className="steps" aria-label="办理经过">
      <h2>办理经过</h2>
      <ol>
        {[...view.steps].reverse().map((step, index) => (
          <li key={index}>
            <b>{planStepLabels[step.step]}</b> {step.personName}
            <span className="quiet">{momentText(step.at)}</span>
            {step.opinion !== '' && <p>{step.opinion}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}
