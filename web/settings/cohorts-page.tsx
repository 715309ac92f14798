import './settings.css'
import { Button, Drawer, Form, Input } from 'antd'
import { useState } from 'react'
import {
  type CohortSubject,
  cohortSubjects,
  type CohortTest,
  cohortTests,
  postRoleLabels,
  staffKindLabels,
  unitKindLabels,
} from '../../server/org/words.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, ErrorNotice, Notice, Page, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { type Answer, org } from './api.ts'

type Cohort = Answer<typeof org.listCohorts>['cohorts'][number]
type Part = NonNullable<Cohort['parts']>[number]

/** Conditions over people: those of the regimes and the school's own, with who meets them on a day. */
export function CohortsPage() {
  const query = useApi(org.listCohorts, {})
  const [address, setAddress] = useFilters()
  const [editing, setEditing] = useState<Cohort | 'new' | null>(null)
  const create = (
    <DisabledBecause
      type="primary"
      reason={query.data?.abilities.save ?? null}
      onClick={() => setEditing('new')}
    >
      新建范围
    </DisabledBecause>
  )
  const close = () => setEditing(null)
  return (
    <>
      <Page
        title="人员范围"
        query={query}
        width="wide"
        sentence="一条规定管到哪些人，按规定的那一天从人员资料里现算；资料改了，名单跟着变。"
        actions={query.data && query.data.cohorts.length > 0 ? create : undefined}
        isEmpty={({ cohorts }) => cohorts.length === 0}
        empty={{
          title: '还没有人员范围。',
          sentence: '采用制度以后，制度写到的人群会列在这里；也可以自己建，例如“40 周岁以下的班主任”。',
          action: create,
        }}
      >
        {({ cohorts }) => {
          const ofRegimes = cohorts.filter((one) => one.clause !== null)
          const own = cohorts.filter((one) => one.clause === null)
          const list = (rows: Cohort[]) => (
            <ul className="cohort-cards">
              {rows.map((cohort) => (
                <li key={cohort.id} className="card">
                  <div className="card-head">
                    <button
                      type="button"
                      className="link-button card-title"
                      onClick={() => setAddress({ shown: cohort.id })}
                    >
                      {cohort.label}
                    </button>
                    <span className="cohort-count">{cohort.people} 人</span>
                  </div>
                  <p>{cohort.condition}</p>
                  <p className="quiet">
                    {cohort.clause !== null && <span className="clause">{cohort.clause}</span>}{' '}
                    {cohort.dayText}
                    {cohort.unknown > 0 && ` · ${cohort.unknown} 人资料不全，不能判断`}
                  </p>
                </li>
              ))}
            </ul>
          )
          return (
            <>
              {ofRegimes.length > 0 && (
                <Section plain title="制度里的">
                  {list(ofRegimes)}
                </Section>
              )}
              <Section plain title="本校自己的">
                {own.length > 0 ? (
                  list(own)
                ) : (
                  <p className="quiet">还没有。建好以后可以用来产生机构成员、导出名单。</p>
                )}
              </Section>
            </>
          )
        }}
      </Page>
      <Drawer
        title="名单"
        size={640}
        open={address.shown !== undefined && address.shown !== ''}
        onClose={() => setAddress({ shown: undefined })}
        destroyOnHidden
      >
        {address.shown && (
          <Members
            key={address.shown}
            id={address.shown}
            edit={(cohort) => {
              setAddress({ shown: undefined })
              setEditing(cohort)
            }}
            onGone={() => setAddress({ shown: undefined })}
          />
        )}
      </Drawer>
      <Drawer
        title={editing === 'new' ? '新建人员范围' : '改人员范围'}
        size={560}
        open={editing !== null}
        onClose={close}
        destroyOnHidden
      >
        {editing !== null && <CohortForm cohort={editing === 'new' ? null : editing} onDone={close} />}
      </Drawer>
    </>
  )
}

/** Who belongs on a day; another day can be asked. */
function Members({ id, edit, onGone }: { id: string; edit: (cohort: Cohort) => void; onGone: () => void }) {
  const [on, setOn] = useState<string | undefined>(undefined)
  const asked = { cohortId: id, ...(on ? { on } : {}) }
  const query = useApi(org.getCohort, asked, { keep: true })
  const drop = useCommand(org.deleteCohort, {
    success: '已删去',
    invalidate: ['org', 'duty'],
    onSuccess: onGone,
  })
  const cohort = query.data
  if (!cohort) return query.error ? <ErrorNotice error={query.error} /> : <Skeleton rows={8} />
  const line = (person: (typeof cohort.members)[number]) => (
    <li key={person.personId} className="line-with-action">
      <Link to={paths.settings.person(person.personId)}>{person.name}</Link>
      <span className="quiet">
        {[person.staffNumber, ...person.units.slice(0, 2)].join(' · ')}
        {person.missing.length > 0 && ` · 缺${person.missing.join('、')}`}
      </span>
    </li>
  )
  return (
    <>
      <header className="record-head">
        <div>
          <h2 className="record-title">{cohort.label}</h2>
          <p className="quiet">{cohort.condition}</p>
        </div>
        {cohort.abilities.change === null && (
          <div className="record-actions">
            <Button onClick={() => edit(cohort)}>修改</Button>
            <Button loading={drop.running} onClick={() => void drop.run({ id: cohort.id })}>
              删去
            </Button>
          </div>
        )}
      </header>
      <div className="cohort-day">
        <label>
          <span>在这一天</span>
          <DateInput value={cohort.on} onChange={(day) => setOn(day || undefined)} />
        </label>
        <Button icon={<Icon name="download" size={18} />} href={fileAddress(org.getCohortFile, asked)}>
          导出名单
        </Button>
      </div>
      <h3>
        {cohort.members.length} 人符合
        {cohort.undecided.length > 0 && `，${cohort.undecided.length} 人不能判断`}
      </h3>
      {cohort.undecided.length > 0 && (
        <>
          <Notice tone="soon">下面的人资料不全，补上以后自动算进来或算出去。</Notice>
          <ul className="plain-rows">{cohort.undecided.map(line)}</ul>
        </>
      )}
      {cohort.members.length === 0 ? (
        <Empty title="这一天没有人符合。" />
      ) : (
        <ul className="plain-rows">{cohort.members.map(line)}</ul>
      )}
    </>
  )
}

const subjects = Object.entries(cohortSubjects) as [CohortSubject, (typeof cohortSubjects)[CohortSubject]][]
const values: Partial<Record<CohortSubject, Record<string, string>>> = {
  staffKind: staffKindLabels,
  gender: { 男: '男', 女: '女' },
  classTeacher: { yes: '是班主任', no: '不是班主任' },
  roles: postRoleLabels,
  unitKinds: unitKindLabels,
}
const first: Part = { subject: 'age', test: 'below', value: '40' }

function CohortForm({ cohort, onDone }: { cohort: Cohort | null; onDone: () => void }) {
  const [form] = Form.useForm<{ name: string; parts: Part[] }>()
  const save = useCommand(org.saveCohort, {
    inline: true,
    invalidate: ['org', 'duty'],
    success: (_, input) => `“${input.name}”已保存`,
  })
  return (
    <CommandForm
      form={form}
      command={save}
      initial={{ name: cohort?.label ?? '', parts: cohort?.parts ?? [first] }}
      toInput={(given: { name: string; parts: Part[] }) => ({
        ...(cohort ? { id: cohort.id } : {}),
        name: given.name,
        parts: given.parts.map((part) => ({ ...part, value: part.value ?? '' })),
      })}
      submit="保存"
      onDone={onDone}
    >
      <Field name="name" label="名称" required hint="例如 青年班主任">
        <Input maxLength={30} />
      </Field>
      <Form.List name="parts">
        {(fields, { add, remove }) => (
          <div className="cohort-parts">
            <p className="quiet">下面的条件要同时满足。</p>
            {fields.map(({ key, name }) => (
              <div key={key} className="cohort-part">
                <Form.Item name={[name, 'subject']} noStyle>
                  <ChoiceInput
                    aria-label="看什么"
                    options={subjects.map(([value, { label }]) => ({ value, label }))}
                    onChange={(value) => {
                      const [test] = cohortSubjects[value as CohortSubject].tests
                      const words = values[value as CohortSubject]
                      form.setFieldValue(['parts', name], {
                        subject: value,
                        test,
                        value: words ? Object.keys(words)[0] : '',
                      })
                    }}
                  />
                </Form.Item>
                <Form.Item noStyle shouldUpdate>
                  {() => {
                    const part = (form.getFieldValue(['parts', name]) ?? first) as Part
                    const { tests, unit } = cohortSubjects[part.subject]
                    const words = values[part.subject]
                    const asksValue = part.test !== 'known' && part.test !== 'none'
                    return (
                      <>
                        <Form.Item name={[name, 'test']} noStyle>
                          <ChoiceInput
                            aria-label="怎样"
                            options={(tests as readonly CohortTest[]).map((value) => ({
                              value,
                              label: cohortTests[value],
                            }))}
                          />
                        </Form.Item>
                        {asksValue && (
                          <Form.Item name={[name, 'value']} noStyle>
                            {words ? (
                              <ChoiceInput
                                aria-label="内容"
                                options={Object.entries(words).map(([value, label]) => ({ value, label }))}
                              />
                            ) : (
                              <Input
                                aria-label="内容"
                                inputMode={unit === '' ? 'text' : 'numeric'}
                                suffix={unit || undefined}
                              />
                            )}
                          </Form.Item>
                        )}
                      </>
                    )
                  }}
                </Form.Item>
                {fields.length > 1 && (
                  <Button type="text" aria-label="去掉这个条件" onClick={() => remove(name)}>
                    <Icon name="close" size={16} />
                  </Button>
                )}
              </div>
            ))}
            {fields.length < 8 && (
              <Button onClick={() => add({ subject: 'staffKind', test: 'is', value: 'teaching' })}>
                再加一个条件
              </Button>
            )}
          </div>
        )}
      </Form.List>
    </CommandForm>
  )
}
