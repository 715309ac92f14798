import { Button, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { contributionKindLabels, type ContributionKind } from '../../server/trainer/words.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { PeoplePicker, PersonPicker, SearchPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { searchPeople } from '../settings/api.ts'
import { type Choices, type Invitation, trainer } from './api.ts'

interface Values {
  kind: ContributionKind
  giver: string
  guidePersonId?: string | null
  guideWord?: string
  activityId?: string | null
  subject?: string
  heldOn?: string
  minutes?: number | null
  activityKind?: string
  guidanceKind?: string
  mode?: string
  beneficiary?: string
  forWhom?: string
  personIds?: string[]
  note?: string
  fee?: number | null
}

const colleague = 'colleague'

/** Records a lecture or guidance: with an activity almost nothing is filled in, by itself a few lines. */
export function ContributionForm({
  invitation,
  onDone,
}: {
  invitation: Invitation | null
  onDone: () => void
}) {
  const query = useApi(trainer.getContributionChoices, {})
  if (query.error && !query.data) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton shape="form" rows={6} />
  return <FilledForm choices={query.data} invitation={invitation} onDone={onDone} />
}

function FilledForm({
  choices,
  invitation,
  onDone,
}: {
  choices: Choices
  invitation: Invitation | null
  onDone: () => void
}) {
  const [form] = Form.useForm<Values>()
  const startKind: ContributionKind = invitation?.kind === 'guidance' ? 'guidance' : 'lecture'
  const kind = Form.useWatch('kind', form) ?? startKind
  const giver = Form.useWatch('giver', form) ?? ''
  const forWhom = Form.useWatch('forWhom', form) ?? ''
  const [linked, setLinked] = useState(invitation === null && choices.trainers.length > 0)
  const record = useCommand(trainer.recordContribution, {
    inline: true,
    invalidate: ['trainer', 'activity', 'regime', 'home'],
    success: '已登记',
  })
  const mayWhole = choices.abilities.whole === null
  const audience = [
    ...(mayWhole ? [{ value: 'whole', label: choices.schools.length > 0 ? '全区' : '全校' }] : []),
    ...choices.units.map((unit) => ({ value: `unit ${unit.id}`, label: unit.label })),
    ...choices.schools.map((school) => ({ value: `school ${school.id}`, label: school.label })),
    ...(kind === 'guidance' && mayWhole ? [{ value: 'people', label: '几位老师' }] : []),
  ]
  const givers = [
    ...choices.trainers.map((one) => ({ value: `trainer ${one.id}`, label: `${one.label} · ${one.note}` })),
    ...(kind === 'guidance'
      ? [
          ...choices.bodies.map((body) => ({ value: `unit ${body.id}`, label: body.label })),
          { value: colleague, label: '本单位的其他老师…' },
        ]
      : []),
  ]
  const words = (list: { id: string; label: string }[]) =>
    list.map((one) => ({ value: one.id, label: one.label }))
  return (
    <CommandForm
      form={form}
      command={record}
      initial={{
        kind: startKind,
        giver: invitation ? `trainer ${invitation.trainerId}` : '',
        heldOn: invitation && invitation.from <= choices.today ? invitation.from : choices.today,
        minutes: 60,
        mode: 'faceToFace',
        guidanceKind: choices.guidanceKinds[0]?.id ?? '',
        forWhom: audience[0]?.value ?? '',
        ...(invitation ? { subject: invitation.subject, fee: invitation.fee ?? null } : {}),
      }}
      toInput={(values: Values) => {
        const [what = '', id = ''] = values.giver.split(' ')
        const [scope = '', scopeId = ''] = (values.forWhom ?? '').split(' ')
        return {
          kind: values.kind,
          trainerId: what === 'trainer' ? id : null,
          guideUnitId: what === 'unit' ? id : null,
          guidePersonId: values.giver === colleague ? (values.guidePersonId ?? null) : null,
          guideWord: values.guideWord ?? '',
          invitationId: invitation?.id ?? null,
          activityId: linked ? (values.activityId ?? null) : null,
          subject: values.subject ?? '',
          heldOn: values.heldOn ?? null,
          minutes: values.minutes ?? null,
          activityKind: values.kind === 'lecture' ? (values.activityKind ?? '') : '',
          guidanceKind: values.kind === 'guidance' ? (values.guidanceKind ?? '') : '',
          mode: values.mode ?? '',
          beneficiary: values.beneficiary ?? '',
          unitId: !linked && scope === 'unit' ? scopeId : null,
          schoolId: !linked && scope === 'school' ? scopeId : null,
          personIds: !linked && scope === 'people' ? (values.personIds ?? []) : [],
          note: values.note ?? '',
          fee: values.fee ?? null,
        }
      }}
      submit="登记"
      onDone={onDone}
    >
      <div className="form-pair">
        <Field name="kind" label="形式" required>
          <ChoiceInput
            options={Object.entries(contributionKindLabels).map(([value, label]) => ({ value, label }))}
            disabled={invitation !== null}
          />
        </Field>
        <Field
          name="giver"
          label={kind === 'lecture' ? '主讲人' : '谁来指导'}
          required
          requiredMessage="请选择"
        >
          <ChoiceInput options={givers} disabled={invitation !== null} />
        </Field>
      </div>
      {giver === colleague && (
        <>
          <Field name="guidePersonId" label="哪位老师" required requiredMessage="请选择">
            <PersonPicker search={searchPeople} aria-label="指导的老师" />
          </Field>
          {choices.guideWords.length > 0 && (
            <Field name="guideWord" label="在制度里算作">
              <ChoiceInput options={words(choices.guideWords)} empty="不在其中" />
            </Field>
          )}
        </>
      )}
      {linked ? (
        <>
          <Field
            name="activityId"
            label="哪次活动"
            required
            requiredMessage="请选择活动"
            hint="日期、时长、参加的人都按那次活动，不用再填"
          >
            <SearchPicker
              placeholder="活动主题或组名；不写字列出最近的"
              aria-label="活动"
              search={async (search) =>
                (await trainer.findActivities({ search })).map((one) => ({
                  value: one.id,
                  label: one.theme,
                  note: one.note,
                }))
              }
            />
          </Field>
          <p>
            <Button type="link" className="link-button" onClick={() => setLinked(false)}>
              没有排进活动，单独登记
            </Button>
          </p>
        </>
      ) : (
        <>
          <Field name="subject" label={kind === 'lecture' ? '题目' : '指导了什么'} required>
            <Input maxLength={120} />
          </Field>
          <div className="form-pair">
            <Field name="heldOn" label="日期" required>
              <DateInput max={choices.today} />
            </Field>
            <Field name="minutes" label="时长（分钟）" required>
              <InputNumber min={5} max={720} step={5} style={{ width: '100%' }} />
            </Field>
          </div>
          <Field name="forWhom" label="对象" required requiredMessage="请选择">
            <ChoiceInput options={audience} />
          </Field>
          {forWhom === 'people' && (
            <Field name="personIds" label="哪几位" required requiredMessage="请选择">
              <PeoplePicker search={searchPeople} aria-label="受指导的老师" />
            </Field>
          )}
          {kind === 'lecture' && choices.activityKinds.length > 1 && (
            <Field name="activityKind" label="算哪一类活动" hint="不选就按讲座一类">
              <ChoiceInput options={words(choices.activityKinds)} empty="按讲座" />
            </Field>
          )}
          <p>
            <Button type="link" className="link-button" onClick={() => setLinked(true)}>
              从活动里选，不用填这些
            </Button>
          </p>
        </>
      )}
      {kind === 'guidance' && (
        <div className="form-pair">
          <Field name="guidanceKind" label="指导内容" required>
            <ChoiceInput options={words(choices.guidanceKinds)} />
          </Field>
          <Field name="mode" label="方式" required>
            <ChoiceInput options={words(choices.modes)} />
          </Field>
        </div>
      )}
      {kind === 'guidance' && choices.beneficiaries.length > 0 && (
        <Field name="beneficiary" label="受指导的人">
          <ChoiceInput options={words(choices.beneficiaries)} empty="不限" />
        </Field>
      )}
      {choices.abilities.fee === null && (
        <Field name="fee" label="费用（元）" hint="只有校长和教导处能看">
          <InputNumber min={0} max={1_000_000} precision={2} style={{ width: '100%' }} />
        </Field>
      )}
      <Field name="note" label="说明">
        <Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} />
      </Field>
    </CommandForm>
  )
}
