import { Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import {
  type AbsenceKind,
  absenceKindLabels,
  absenceKinds,
  attributeLabels,
  type OwnAttributeName,
  ownAttributeNames,
  type PostRole,
  postRoleLabels,
  postRoleMeans,
  postRoles,
} from '../../server/org/words.ts'
import { useSession } from '../access/session.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { org } from './api.ts'
import type { Person } from './person-record.tsx'

export type PersonTask =
  | { kind: 'edit' | 'propose' | 'appoint' | 'absence' | 'transfer' | 'leave' | 'return' }
  | { kind: 'withdrawCarried'; transferId: string; school: string }
  | { kind: 'endPost'; postId: string; title: string }
  | { kind: 'endAbsence'; absenceId: string; title: string; from: string }

interface Props {
  person: Person
  onDone: () => void
}
const stale = { invalidate: ['org', 'setup', 'access'], inline: true } as const

/** The form of one change to a person's record. */
export function PersonTaskForm({ task, ...props }: Props & { task: PersonTask }) {
  switch (task.kind) {
    case 'edit':
      return <Edit {...props} />
    case 'propose':
      return <Propose {...props} />
    case 'withdrawCarried':
      return <WithdrawCarried {...props} transferId={task.transferId} school={task.school} />
    case 'appoint':
      return <Appoint {...props} />
    case 'absence':
      return <Absence {...props} />
    case 'transfer':
      return <Transfer {...props} />
    case 'leave':
      return <Leave {...props} />
    case 'return':
      return <Return {...props} />
    case 'endPost':
      return <EndPost {...props} postId={task.postId} title={task.title} />
    case 'endAbsence':
      return <EndAbsence {...props} absenceId={task.absenceId} title={task.title} from={task.from} />
  }
}

function Head({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="task-head">
      <h2 className="record-title">{title}</h2>
      {children !== undefined && <p className="quiet">{children}</p>}
    </header>
  )
}
const back = (onDone: () => void) => <Button onClick={onDone}>返回</Button>

interface EditValues {
  name: string
  staffNumber: string
  phone: string
  from: string
  attributes: {
    gender: string
    birthDate: string
    staffKind: string
    subjects: string
    grade: string
    title: string
    degree: string
    joinedOn: string
    firstAppointedOn: string
    classTeacher: string
    backboneLevel: string
    backboneAuthority: string
    putonghuaLevel: string
    teachingStyle: string
    positions: string
  }
}
const listed = (value: unknown) =>
  Array.isArray(value) ? value.join('、') : typeof value === 'string' ? value : ''
const split = (text: string) =>
  text
    .split(/[、，,;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')

function Edit({ person, onDone }: Props) {
  const { today } = useSession()
  const save = useCommand(org.savePerson, { ...stale, success: '资料已保存' })
  const { attributes } = person
  const text = (name: keyof EditValues['attributes']) => listed(attributes[name])
  const initial: EditValues = {
    name: person.name,
    staffNumber: person.staffNumber,
    phone: person.phone ?? '',
    from: today,
    attributes: {
      gender: text('gender'),
      birthDate: text('birthDate'),
      staffKind: text('staffKind'),
      subjects: text('subjects'),
      grade: text('grade'),
      title: text('title'),
      degree: text('degree'),
      joinedOn: text('joinedOn'),
      firstAppointedOn: text('firstAppointedOn'),
      classTeacher: attributes.classTeacher === true ? 'yes' : '',
      backboneLevel: text('backboneLevel'),
      backboneAuthority: text('backboneAuthority'),
      putonghuaLevel: text('putonghuaLevel'),
      teachingStyle: text('teachingStyle'),
      positions: text('positions'),
    },
  }
  const field = (name: keyof EditValues['attributes'], input: ReactNode = <Input />, hint?: string) => (
    <Field name={['attributes', name]} label={attributeLabels[name]} {...(hint ? { hint } : {})}>
      {input}
    </Field>
  )
  return (
    <>
      <Head title="改资料" />
      <CommandForm
        command={save}
        initial={initial}
        toInput={(values: EditValues) => {
          const changed = Object.fromEntries(
            Object.entries(values.attributes).flatMap(([name, value]) =>
              value === initial.attributes[name as 'title']
                ? []
                : [
                    [
                      name,
                      name === 'subjects' || name === 'positions'
                        ? split(value)
                        : name === 'classTeacher' && value === 'yes'
                          ? true
                          : value,
                    ],
                  ],
            ),
          )
          return {
            personId: person.id,
            name: values.name,
            staffNumber: values.staffNumber,
            phone: values.phone,
            from: values.from,
            attributes: changed,
          }
        }}
        submit="保存"
        extra={back(onDone)}
        onDone={onDone}
      >
        <div className="field-pair">
          <Field name="name" label="姓名" required>
            <Input />
          </Field>
          <Field name="staffNumber" label="工号" required>
            <Input />
          </Field>
          <Field name="phone" label="手机">
            <Input inputMode="tel" />
          </Field>
          {field(
            'gender',
            <ChoiceInput
              empty="未填"
              options={[
                { value: '男', label: '男' },
                { value: '女', label: '女' },
              ]}
            />,
          )}
          {field('birthDate', <DateInput />)}
          {field(
            'staffKind',
            <ChoiceInput
              empty="未填（按教师算）"
              options={[
                { value: 'teaching', label: '教师' },
                { value: 'support', label: '职员' },
              ]}
            />,
          )}
          {field('subjects', <Input />, '几门用“、”隔开，第一门是主要学科')}
          {field('grade')}
          {field('title')}
          {field('degree', <Input />, '例如 本科')}
          {field(
            'classTeacher',
            <ChoiceInput empty="不是" options={[{ value: 'yes', label: '是班主任' }]} />,
          )}
          {field('joinedOn', <DateInput />)}
          {field('firstAppointedOn', <DateInput />)}
          {field('backboneLevel', <Input />, '例如 县级骨干教师')}
          {field('backboneAuthority', <Input />, '例如 县教育局')}
          {field('putonghuaLevel', <Input />, '例如 二级甲等')}
          {field('teachingStyle', <Input />, '自己定的教学特色')}
          {field('positions', <Input />, '不在系统里管事的职务，例如 副校长')}
          <Field name="from" label="从哪天起" required hint="职称、学科等从这天起变；出生日期等更正一直有效">
            <DateInput />
          </Field>
        </div>
      </CommandForm>
    </>
  )
}

interface ProposeValues {
  phone: string
  from: string
  note: string
  attributes: Record<OwnAttributeName, string>
}
const days: readonly OwnAttributeName[] = ['birthDate', 'joinedOn', 'firstAppointedOn']
const hints: Partial<Record<OwnAttributeName, string>> = {
  subjects: '几门用“、”隔开，第一门是主要学科',
  backboneLevel: '例如 县级骨干教师',
  backboneAuthority: '发文认定的单位，例如 县教育局',
  putonghuaLevel: '例如 二级甲等',
  teachingStyle: '自己定的教学特色，例如 读写结合',
}

/** What somebody says of the own record; only what differs is sent. */
function Propose({ person, onDone }: Props) {
  const { today } = useSession()
  const propose = useCommand(org.proposeCorrection, {
    inline: true,
    invalidate: ['org', 'inbox'],
    success: '已提出，教导处核对后生效',
  })
  const text = (name: OwnAttributeName) => listed(person.attributes[name])
  const initial: ProposeValues = {
    phone: person.phone ?? '',
    from: today,
    note: '',
    attributes: Object.fromEntries(ownAttributeNames.map((name) => [name, text(name)])) as Record<
      OwnAttributeName,
      string
    >,
  }
  const inputOf = (name: OwnAttributeName) => {
    if (days.includes(name)) return <DateInput />
    if (name !== 'gender') return <Input />
    return (
      <ChoiceInput
        empty="未填"
        options={[
          { value: '男', label: '男' },
          { value: '女', label: '女' },
        ]}
      />
    )
  }
  return (
    <>
      <Head title="更正我的资料">改好不对的地方，其余不动。教导处核对以后生效，以前的记录不变。</Head>
      <CommandForm
        command={propose}
        initial={initial}
        toInput={(values: ProposeValues) => ({
          ...(values.phone === initial.phone ? {} : { phone: values.phone }),
          from: values.from,
          note: values.note,
          attributes: Object.fromEntries(
            ownAttributeNames.flatMap((name) => {
              const value = values.attributes[name]
              if (value === initial.attributes[name]) return []
              return [[name, name === 'subjects' ? split(value) : value]]
            }),
          ),
        })}
        submit="提出更正"
        extra={back(onDone)}
        onDone={onDone}
      >
        <div className="field-pair">
          <Field name="phone" label="手机">
            <Input inputMode="tel" />
          </Field>
          {ownAttributeNames.map((name) => (
            <Field
              key={name}
              name={['attributes', name]}
              label={attributeLabels[name]}
              {...(hints[name] ? { hint: hints[name] } : {})}
            >
              {inputOf(name)}
            </Field>
          ))}
          <Field name="from" label="从哪天起" required hint="职称、学科等从这天起变；出生日期等更正一直有效">
            <DateInput />
          </Field>
          <Field name="note" label="说明" hint="例如 10月取得证书，复印件已交">
            <Input />
          </Field>
        </div>
      </CommandForm>
    </>
  )
}

function WithdrawCarried({
  person,
  transferId,
  school,
  onDone,
}: Props & { transferId: string; school: string }) {
  const withdraw = useCommand(org.withdrawCarried, {
    inline: true,
    invalidate: ['org', 'regime'],
    success: '已撤出，进度会重新计算',
  })
  return (
    <>
      <Head title={`撤出由${school}转来的记录`}>
        {person.name}在{school}的记录不再计入本校的学时和学分；{school}那边不变。以后点“再核对”可以重新转入。
      </Head>
      <CommandForm
        command={withdraw}
        initial={{ reason: '' }}
        toInput={(values: { reason: string }) => ({ ...values, transferId })}
        submit="撤出"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="reason" label="原因" required>
          <Input />
        </Field>
      </CommandForm>
    </>
  )
}

function Appoint({ person, onDone }: Props) {
  const { today, organisation } = useSession()
  const units = useApi(org.listUnits, {})
  const appoint = useCommand(org.appoint, { ...stale, success: '已任命' })
  const isDistrict = organisation.kind === 'district'
  const roles = postRoles.filter((role) =>
    isDistrict
      ? role === 'administrator' || role === 'districtOfficer' || role === 'groupLeader'
      : role !== 'districtOfficer',
  )
  return (
    <>
      <Head title={`任命${person.name}`}>
        组长请到“组和组织”里任命，前任会自动到期；这里也可以加一位组长。
      </Head>
      <CommandForm
        command={appoint}
        initial={{
          role: isDistrict ? 'districtOfficer' : 'academicOffice',
          title: '',
          unitId: '',
          from: today,
        }}
        toInput={(values: { role: PostRole; title: string; unitId: string; from: string }) => ({
          ...values,
          personId: person.id,
          unitId: values.unitId || null,
        })}
        submit="任命"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Form.Item noStyle shouldUpdate>
          {({ getFieldValue }) => (
            <Field
              name="role"
              label="岗位"
              required
              hint={postRoleMeans[getFieldValue('role') as PostRole] ?? '岗位决定能做什么'}
            >
              <ChoiceInput options={roles.map((role) => ({ value: role, label: postRoleLabels[role] }))} />
            </Field>
          )}
        </Form.Item>
        <Field name="title" label="职务名称" required hint="例如 教导主任、系统管理员">
          <Input />
        </Field>
        <Field name="unitId" label="在哪个组" hint="任组长时要选">
          <ChoiceInput
            empty="全校"
            options={(units.data?.units ?? []).map((unit) => ({ value: unit.id, label: unit.name }))}
          />
        </Field>
        <Field name="from" label="从哪天起" required>
          <DateInput />
        </Field>
      </CommandForm>
    </>
  )
}

function EndPost({ person, postId, title, onDone }: Props & { postId: string; title: string }) {
  const { today } = useSession()
  const end = useCommand(org.endPost, { ...stale, success: `${person.name}不再是${title}` })
  return (
    <>
      <Head title={`免去“${title}”`}>以前以这个职务做过的事都保留。</Head>
      <CommandForm
        command={end}
        initial={{ on: today }}
        toInput={(values: { on: string }) => ({ ...values, postId })}
        submit="免去"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="on" label="任职的最后一天" required>
          <DateInput />
        </Field>
      </CommandForm>
    </>
  )
}

function Absence({ person, onDone }: Props) {
  const { today } = useSession()
  const record = useCommand(org.recordLongAbsence, { ...stale, success: '长假已登记' })
  return (
    <>
      <Head title={`${person.name}的长假`}>长假期间没有研修任务，已过的任务按在岗的周数折算。</Head>
      <CommandForm
        command={record}
        initial={{ kind: 'sickness', from: today, to: '', note: '' }}
        toInput={(values: { kind: AbsenceKind; from: string; to: string; note: string }) => ({
          ...values,
          personId: person.id,
          to: values.to || null,
        })}
        submit="登记"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="kind" label="种类" required>
          <ChoiceInput
            options={absenceKinds.map((kind) => ({ value: kind, label: absenceKindLabels[kind] }))}
          />
        </Field>
        <Field name="from" label="从" required>
          <DateInput />
        </Field>
        <Field name="to" label="到" hint="还不知道就空着，回来时再结束">
          <DateInput />
        </Field>
        <Field name="note" label="说明">
          <Input />
        </Field>
      </CommandForm>
    </>
  )
}

function EndAbsence({
  absenceId,
  title,
  from,
  onDone,
}: Props & { absenceId: string; title: string; from: string }) {
  const { today } = useSession()
  const end = useCommand(org.endLongAbsence, { ...stale, success: '长假已结束' })
  return (
    <>
      <Head title={`结束${title}`} />
      <CommandForm
        command={end}
        initial={{ on: today }}
        toInput={(values: { on: string }) => ({ ...values, absenceId })}
        submit="结束"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="on" label="最后一天" required>
          <DateInput min={from} />
        </Field>
      </CommandForm>
    </>
  )
}

function Transfer({ person, onDone }: Props) {
  const { today } = useSession()
  const schools = useApi(org.listSchools, {})
  const transfer = useCommand(org.transferPerson, {
    ...stale,
    success: ({ carried }) => `${person.name}的调动已办好，${carried} 条记录转到了新学校`,
  })
  return (
    <>
      <Head title={`${person.name}调往他校`}>
        在本校做到最后一天，第二天起在新学校；基本资料一起过去。在本校做过的事留在本校，近五年的学时、学分和成果同时转到新学校，注明来自本校。新学校要另开账号。
      </Head>
      <CommandForm
        command={transfer}
        initial={{ on: today, staffNumber: person.staffNumber, schoolId: '', note: '' }}
        toInput={(values: { schoolId: string; on: string; staffNumber: string; note: string }) => ({
          ...values,
          personId: person.id,
        })}
        submit="办理调动"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="schoolId" label="调往" required requiredMessage="请选择学校">
          <ChoiceInput
            options={(schools.data?.schools ?? []).map((school) => ({
              value: school.id,
              label: school.name,
            }))}
          />
        </Field>
        <Field name="on" label="在本校的最后一天" required>
          <DateInput />
        </Field>
        <Field name="staffNumber" label="在新学校的工号" required>
          <Input />
        </Field>
        <Field name="note" label="说明" hint="例如 区内交流两年">
          <Input />
        </Field>
      </CommandForm>
    </>
  )
}

function Leave({ person, onDone }: Props) {
  const { today } = useSession()
  const end = useCommand(org.endService, { ...stale, success: `${person.name}的离职已办好` })
  return (
    <>
      <Head title={`${person.name}离职`}>
        职务和组都到最后一天为止，以后没有任务、不能再登录查看；在校时做过的事都保留。
      </Head>
      <CommandForm
        command={end}
        initial={{ on: today, reason: '' }}
        toInput={(values: { on: string; reason: string }) => ({ ...values, personId: person.id })}
        submit="办理离职"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="on" label="最后一天" required>
          <DateInput />
        </Field>
        <Field name="reason" label="原因" required hint="例如 退休、调往区外、辞职">
          <Input />
        </Field>
      </CommandForm>
    </>
  )
}

function Return({ person, onDone }: Props) {
  const { today } = useSession()
  const begin = useCommand(org.beginService, { ...stale, success: `${person.name}已返校` })
  return (
    <>
      <Head title={`${person.name}返校`}>用原来的工号，以前的记录接着算；组和职务请另外安排。</Head>
      <CommandForm
        command={begin}
        initial={{ from: today }}
        toInput={(values: { from: string }) => ({ ...values, personId: person.id })}
        submit="返校"
        extra={back(onDone)}
        onDone={onDone}
      >
        <Field name="from" label="从哪天起" required>
          <DateInput />
        </Field>
      </CommandForm>
    </>
  )
}
