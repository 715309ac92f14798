import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { unitKindLabels } from '../../server/org/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Link } from '../kit/link.tsx'
import { Empty, ErrorNotice, Skeleton } from '../kit/page.tsx'
import { PeoplePicker, PersonPicker, UnitsPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Answer, org, searchPeople } from './api.ts'
import { type Unit, UnitFields } from './unit-fields.tsx'

type Record = Answer<typeof org.getUnit>
type Task = 'members' | 'leader' | 'edit' | 'dissolve' | { remove: Record['people'][number] }

const titles: { [Key in Extract<Task, string>]: string } = {
  members: '加入成员',
  leader: '任命负责人',
  edit: '改名称、学科和上级',
  dissolve: '撤销',
}

/** One unit: who leads it, who belongs to it, since when. */
export function UnitRecord({ id, units }: { id: string; units: Unit[] }) {
  const query = useApi(org.getUnit, { unitId: id })
  const [task, setTask] = useState<Task | null>(null)
  const unit = query.data
  if (!unit) return query.error ? <ErrorNotice error={query.error} /> : <Skeleton rows={5} />
  const mayEdit = unit.abilities.edit === null && unit.to === null
  const done = () => setTask(null)
  if (unit.kind === 'area') return <AreaRecord unit={unit} />
  return (
    <>
      <header className="record-head">
        <div>
          <h2 className="record-title">{unit.name}</h2>
          <p className="quiet">
            {unitKindLabels[unit.kind]}
            {unit.subject && ` · ${unit.subject}`} · {unit.from.slice(0, 4)}年{dayText(unit.from)}成立
            {unit.to && `，${unit.to} 撤销`}
          </p>
          {unit.path.length > 0 && (
            <p className="quiet unit-path">
              层级：
              {unit.path.map((above) => (
                <span key={above.id}>
                  <Link to={paths.settings.unit(above.id)}>{above.name}</Link> →{' '}
                </span>
              ))}
              {unit.name}
            </p>
          )}
        </div>
        {mayEdit && (
          <div className="record-actions">
            <Button onClick={() => setTask('edit')}>改名称</Button>
            <Button onClick={() => setTask('dissolve')}>撤销</Button>
          </div>
        )}
      </header>
      <div className="line-with-action record-leader">
        <span>
          {unit.leaders.length > 0 ? (
            unit.leaders.map((leader) => (
              <span key={leader.personId} className="record-person">
                <Link to={paths.settings.person(leader.personId)}>
                  <b>{leader.name}</b>
                </Link>{' '}
                <span className="quiet">{leader.title}</span>
              </span>
            ))
          ) : (
            <span className="quiet">还没有负责人</span>
          )}
        </span>
        {mayEdit && (
          <Button onClick={() => setTask('leader')}>{unit.leaders.length > 0 ? '换人' : '任命负责人'}</Button>
        )}
      </div>
      <div className="record-list-head">
        <h3>成员 {unit.people.length} 人</h3>
        {mayEdit && <Button onClick={() => setTask('members')}>加入成员</Button>}
      </div>
      {unit.people.length === 0 ? (
        <Empty title="还没有成员。" />
      ) : (
        <ul className="plain-rows">
          {unit.people.map((person) => (
            <li key={`${person.personId}${person.from}`} className="line-with-action">
              <span>
                <Link to={paths.settings.person(person.personId)}>{person.name}</Link>{' '}
                <span className="quiet">
                  {person.staffNumber} · {person.from} 起{person.to && `，到 ${person.to}`}
                  {person.titles.length > 0 && ` · ${person.titles.join('、')}`}
                </span>
              </span>
              {mayEdit && person.to === null && (
                <Button
                  type="link"
                  onClick={() => setTask({ remove: person })}
                  aria-label={`${person.name}退出`}
                >
                  退出
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {unit.former.length > 0 && (
        <details className="record-former">
          <summary>以前的成员 {unit.former.length} 人</summary>
          <ul className="plain-rows">
            {unit.former.map((person) => (
              <li key={`${person.personId}${person.from}`}>
                {person.name}{' '}
                <span className="quiet">
                  {person.from} 至 {person.to}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Drawer
        title={
          task === null
            ? ''
            : typeof task === 'string'
              ? `${unit.name}：${titles[task]}`
              : `${task.remove.name}退出${unit.name}`
        }
        open={task !== null}
        onClose={done}
        destroyOnHidden
      >
        {task === 'members' && <AddMembers unit={unit} onDone={done} />}
        {task === 'leader' && <SetLeader unit={unit} onDone={done} />}
        {task === 'edit' && (
          <EditUnit unit={unit} units={units.filter((one) => one.id !== unit.id)} onDone={done} />
        )}
        {task === 'dissolve' && <Dissolve unit={unit} onDone={done} />}
        {task !== null && typeof task === 'object' && (
          <RemoveMember unit={unit} person={task.remove} onDone={done} />
        )}
      </Drawer>
    </>
  )
}

/** An area of the district: its schools and the one that leads. */
function AreaRecord({ unit }: { unit: Record }) {
  const { today } = useSession()
  const mayDraw = useHasRole('districtOfficer') && unit.to === null
  const schools = useApi(org.listSchools, {})
  const [adding, setAdding] = useState(false)
  const lead = useCommand(org.setLeadSchool, { invalidate: ['org'], success: '组长学校已定' })
  const remove = useCommand(org.removeAreaSchool, { invalidate: ['org'], success: '已移出片区' })
  const add = useCommand(org.addAreaSchools, {
    inline: true,
    invalidate: ['org'],
    success: ({ added }) => `加入了 ${added} 所学校`,
  })
  const others = (schools.data?.schools ?? []).filter(
    (school) => !unit.schools.some((one) => one.schoolId === school.id),
  )
  return (
    <>
      <header className="record-head">
        <div>
          <h2 className="record-title">{unit.name}</h2>
          <p className="quiet">
            {unitKindLabels.area} · {unit.from.slice(0, 4)}年{dayText(unit.from)}成立
          </p>
        </div>
      </header>
      <div className="record-list-head">
        <h3>学校 {unit.schools.length} 所</h3>
        {mayDraw && others.length > 0 && <Button onClick={() => setAdding(true)}>加入学校</Button>}
      </div>
      {unit.schools.length === 0 ? (
        <Empty title="片区里还没有学校。" />
      ) : (
        <ul className="plain-rows">
          {unit.schools.map((school) => (
            <li key={school.schoolId} className="line-with-action">
              <span>
                {school.leads ? <b>{school.name}</b> : school.name}{' '}
                <span className="quiet">
                  {school.leads && '组长学校 · '}
                  {school.from} 起
                </span>
              </span>
              {mayDraw && (
                <span className="record-actions">
                  {!school.leads && (
                    <Button
                      type="link"
                      onClick={() => void lead.run({ unitId: unit.id, schoolId: school.schoolId })}
                    >
                      定为组长学校
                    </Button>
                  )}
                  <Button
                    type="link"
                    aria-label={`把${school.name}移出片区`}
                    onClick={() => void remove.run({ unitId: unit.id, schoolId: school.schoolId, on: today })}
                  >
                    移出
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <Drawer title={`${unit.name}：加入学校`} open={adding} onClose={() => setAdding(false)} destroyOnHidden>
        <CommandForm
          command={add}
          initial={{ schoolIds: [] as string[], from: unit.from > today ? unit.from : today }}
          toInput={(values: { schoolIds: string[]; from: string }) => ({ ...values, unitId: unit.id })}
          submit="加入"
          onDone={() => setAdding(false)}
        >
          <Field name="schoolIds" label="学校" required requiredMessage="请先选择学校">
            <UnitsPicker
              aria-label="学校"
              search={async (text) =>
                others
                  .filter((school) => school.name.includes(text))
                  .map((school) => ({ value: school.id, label: school.name }))
              }
            />
          </Field>
          <Field name="from" label="从哪天起" required>
            <DateInput />
          </Field>
        </CommandForm>
      </Drawer>
    </>
  )
}

interface TaskProps {
  unit: Record
  onDone: () => void
}
const stale = { invalidate: ['org', 'setup', 'access'], inline: true } as const

function AddMembers({ unit, onDone }: TaskProps) {
  const { today } = useSession()
  const add = useCommand(org.addMembers, { ...stale, success: ({ added }) => `加入了 ${added} 人` })
  return (
    <CommandForm
      command={add}
      initial={{ personIds: [] as string[], from: unit.from > today ? unit.from : today }}
      toInput={(values: { personIds: string[]; from: string }) => ({ ...values, unitId: unit.id })}
      submit="加入"
      onDone={onDone}
    >
      <Field name="personIds" label="人员" required requiredMessage="请先选择人员">
        <PeoplePicker search={searchPeople} aria-label="人员" />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function SetLeader({ unit, onDone }: TaskProps) {
  const { today } = useSession()
  const set = useCommand(org.setLeader, { ...stale, success: '已任命' })
  const before = unit.leaders[0]
  return (
    <CommandForm
      command={set}
      initial={{ from: unit.from > today ? unit.from : today }}
      toInput={(values: { personId: string; from: string; title?: string }) => ({
        ...values,
        unitId: unit.id,
      })}
      submit="任命"
      onDone={onDone}
    >
      {before && <p className="quiet form-lead">现在是{before.name}，任命后到前一天为止；以前的记录不变。</p>}
      <Field name="personId" label="由谁负责" required requiredMessage="请选择人员">
        <PersonPicker
          search={async (text) => {
            const found = await searchPeople(text)
            const isMember = (personId: string) => unit.people.some((one) => one.personId === personId)
            return [...found].sort((a, b) => Number(isMember(b.value)) - Number(isMember(a.value)))
          }}
          aria-label="由谁负责"
        />
      </Field>
      <Field
        name="title"
        label="职务名称"
        hint={`不填就写“${unit.name.endsWith('组') ? `${unit.name}组长` : `${unit.name}负责人`}”`}
      >
        <Input />
      </Field>
      <Field name="from" label="从哪天起" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}

function EditUnit({ unit, units, onDone }: TaskProps & { units: Unit[] }) {
  const save = useCommand(org.saveUnit, { ...stale, success: '已保存' })
  return (
    <CommandForm
      command={save}
      initial={{ name: unit.name, subject: unit.subject ?? '', parentId: unit.parentId ?? '' }}
      toInput={(values: { name: string; subject: string; parentId: string }) => ({
        unitId: unit.id,
        name: values.name,
        subject: values.subject,
        parentId: values.parentId || null,
      })}
      submit="保存"
      onDone={onDone}
    >
      <Field name="name" label="名称" required>
        <Input />
      </Field>
      <UnitFields units={units} />
    </CommandForm>
  )
}

function Dissolve({ unit, onDone }: TaskProps) {
  const { today } = useSession()
  const dissolve = useCommand(org.dissolveUnit, { ...stale, success: `“${unit.name}”已撤销` })
  return (
    <CommandForm
      command={dissolve}
      initial={{ on: today }}
      toInput={(values: { on: string }) => ({ ...values, unitId: unit.id })}
      submit="撤销这个组"
      onDone={onDone}
    >
      <p className="form-lead">
        撤销后不能再加成员、不能再安排活动，{unit.people.length}{' '}
        名成员和负责人都到这一天为止；已经做过的事都保留。
      </p>
      <Field name="on" label="最后一天" required>
        <DateInput min={unit.from} />
      </Field>
    </CommandForm>
  )
}

function RemoveMember({ unit, person, onDone }: TaskProps & { person: Record['people'][number] }) {
  const { today } = useSession()
  const remove = useCommand(org.removeMember, { ...stale, success: `${person.name}已退出` })
  return (
    <CommandForm
      command={remove}
      initial={{ on: today }}
      toInput={(values: { on: string }) => ({ ...values, unitId: unit.id, personId: person.personId })}
      submit="退出"
      onDone={onDone}
    >
      <p className="quiet form-lead">在组里做过的事都保留，只是以后不再是成员。</p>
      <Field name="on" label="在组里的最后一天" required>
        <DateInput />
      </Field>
    </CommandForm>
  )
}
