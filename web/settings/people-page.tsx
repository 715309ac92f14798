import './settings.css'
import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useHasRole, useSession } from '../access/session.ts'
import { CommandForm, DateInput, Field } from '../kit/form.tsx'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { fileAddress } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { UnitsPicker } from '../kit/pickers.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { paths } from '../paths.ts'
import { type Answer, org } from './api.ts'
import { PersonRecord } from './person-record.tsx'

type Person = Answer<typeof org.listPeople>['people'][number]
const step = 200

/** The register: find anybody, open the record beside the list, take somebody on. */
export function PeoplePage() {
  const phone = usePhone()
  const [address, setAddress] = useFilters({ status: 'serving' })
  const [limit, setLimit] = useState(step)
  const [adding, setAdding] = useState(false)
  const keeper = useHasRole('principal', 'academicOffice', 'administrator')
  const inSchool = useSession().organisation.kind === 'school'
  const units = useApi(org.listUnits, {})
  const status = address.status === 'left' || address.status === 'all' ? address.status : 'serving'
  const query = useApi(
    org.listPeople,
    {
      q: address.q ?? '',
      status,
      limit: Math.min(limit, 500),
      ...(address.unit ? { unitId: address.unit } : {}),
    },
    { keep: true },
  )
  const data = query.data
  const corrections = useApi(org.listCorrections, keeper && inSchool ? {} : null)
  const waiting = corrections.data?.waiting ?? []
  const columns: ListColumn<Person>[] = [
    {
      key: 'name',
      title: '姓名',
      phone: 'title',
      render: (person) =>
        phone ? (
          person.name
        ) : (
          <button type="button" className="link-button" onClick={() => setAddress({ person: person.id })}>
            {person.name}
          </button>
        ),
    },
    { key: 'number', title: '工号', render: (person) => person.staffNumber, phone: 'mark' },
    {
      key: 'units',
      title: '所在的组',
      render: (person) => person.units.map((unit) => unit.name).join('、') || '—',
    },
    { key: 'titles', title: '职务', render: (person) => person.titles.join('、') || '—' },
    { key: 'subject', title: '学科', render: (person) => person.attributes.subject || '—' },
    { key: 'title', title: '职称', render: (person) => person.attributes.title || '—', optional: true },
    { key: 'phone', title: '手机', render: (person) => person.phone ?? '—', phone: 'hidden' },
    ...(status === 'serving'
      ? []
      : [
          {
            key: 'left',
            title: '在职',
            render: (person: Person) => (person.leftOn ? `${person.leftOn} 起不在` : '在职'),
          },
        ]),
  ]
  return (
    <>
      <Page
        title="人员"
        width="wide"
        sentence="按姓名、拼音首字母或工号找人；点名字看档案、职务、组和在职经历。"
        actions={
          data?.abilities.create === null && (
            <>
              {keeper && (
                <LinkButton to={paths.settings.roster()} type="primary">
                  导入花名册
                </LinkButton>
              )}
              <Button onClick={() => setAdding(true)}>新增一人</Button>
              {keeper && data && data.total > 0 && (
                <Button icon={<Icon name="download" size={18} />} href={fileAddress(org.getRosterFile, {})}>
                  导出花名册
                </Button>
              )}
            </>
          )
        }
      >
        {waiting.length > 0 && (
          <Notice tone="soon">
            {waiting.length} 位老师提出了资料更正，等您核对：
            {waiting.slice(0, 6).map((one, index) => (
              <span key={one.id}>
                {index > 0 && '、'}
                <Link to={paths.settings.person(one.personId)}>{one.personName}</Link>
              </span>
            ))}
            {waiting.length > 6 && '等'}。
          </Notice>
        )}
        <DataList<Person>
          label="人员"
          rows={data?.people}
          error={query.error}
          retry={query.refetch}
          rowKey={(person) => person.id}
          columns={columns}
          {...(phone ? { href: (person: Person) => paths.settings.person(person.id) } : {})}
          search="姓名、拼音首字母或工号"
          filters={[
            {
              key: 'status',
              label: '状态',
              start: 'serving',
              options: [
                { value: 'serving', label: '在职' },
                { value: 'left', label: '已离开' },
                { value: 'all', label: '全部' },
              ],
            },
            {
              key: 'unit',
              label: '组',
              all: '全部',
              options: (units.data?.units ?? []).map((unit) => ({ value: unit.id, label: unit.name })),
            },
          ]}
          {...(data ? { total: data.total } : {})}
          pageSize={step}
          more={data && data.people.length < data.total && limit < 500 ? () => setLimit(limit + step) : null}
          loadingMore={query.isFetching}
          empty={{
            title: '还没有人员。',
            sentence: '用花名册一次导入全校人员，组和职务也会一起建好。',
            action: (
              <LinkButton to={paths.settings.roster()} type="primary">
                导入花名册
              </LinkButton>
            ),
          }}
          emptyFiltered="没有找到这个人。换个名字、拼音首字母或工号试试。"
        />
        {data && data.people.length < data.total && limit >= 500 && (
          <p className="quiet">只列出前 500 人，请用姓名或工号查找其余的人。</p>
        )}
      </Page>
      <Drawer
        title="个人档案"
        size={640}
        open={!phone && address.person !== undefined && address.person !== ''}
        onClose={() => setAddress({ person: undefined })}
        destroyOnHidden
      >
        {address.person && <PersonRecord key={address.person} id={address.person} />}
      </Drawer>
      <Drawer title="新增一人" open={adding} onClose={() => setAdding(false)} destroyOnHidden>
        <AddPerson
          onDone={(id) => {
            setAdding(false)
            setAddress({ person: id })
          }}
        />
      </Drawer>
    </>
  )
}

function AddPerson({ onDone }: { onDone: (id: string) => void }) {
  const { today } = useSession()
  const units = useApi(org.listUnits, {})
  const create = useCommand(org.createPerson, {
    inline: true,
    invalidate: ['org', 'setup', 'access'],
    success: (_, input) => `${input.name}已加入人员`,
  })
  return (
    <CommandForm
      command={create}
      initial={{ from: today, unitIds: [] as string[] }}
      toInput={(values: {
        name: string
        staffNumber: string
        phone?: string
        from: string
        unitIds: string[]
      }) => values}
      submit="加入"
      onDone={({ id }) => onDone(id)}
    >
      <Field name="name" label="姓名" required>
        <Input autoFocus />
      </Field>
      <Field name="staffNumber" label="工号" required>
        <Input />
      </Field>
      <Field name="phone" label="手机">
        <Input inputMode="tel" />
      </Field>
      <Field name="unitIds" label="所在的组">
        <UnitsPicker
          aria-label="所在的组"
          search={async (text) =>
            (units.data?.units ?? [])
              .filter((unit) => unit.name.includes(text))
              .map((unit) => ({ value: unit.id, label: unit.name }))
          }
        />
      </Field>
      <Field name="from" label="到校第一天" required hint="从这天起有研修任务">
        <DateInput />
      </Field>
    </CommandForm>
  )
}
