import './lists.css'
import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import type { SchoolRef } from '../../server/org/contract.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { CommandForm, Field } from '../kit/form.tsx'
import { Empty, Notice, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { org } from './api.ts'

/** The district's schools: found one, give one its administrator. */
export function Schools() {
  const query = useApi(org.listSchools, {})
  const [adding, setAdding] = useState(false)
  const [appointing, setAppointing] = useState<SchoolRef | null>(null)
  const create = useCommand(org.createSchool, {
    inline: true,
    invalidate: ['org', 'setup', 'district'],
    success: (_, input) => `“${input.name}”建好了，请给它指定管理员`,
    onSuccess: ({ id }, { name }) => {
      setAdding(false)
      setAppointing({ id, name })
    },
  })
  const schools = query.data?.schools ?? []
  return (
    <div id="schools">
      <Section
        title="学校"
        sentence="每所学校由自己的管理员设置校历、人员和制度，区里不能替学校改。"
        aside={
          <DisabledBecause reason={query.data?.abilities.create ?? null} onClick={() => setAdding(true)}>
            新建学校
          </DisabledBecause>
        }
      >
        {schools.length === 0 ? (
          <Empty title="还没有学校。" sentence="新建学校后，把管理员的登录名和初始密码交给学校即可。" />
        ) : (
          <ul className="plain-rows">
            {schools.map((school) => (
              <li key={school.id} className="line-with-action">
                <b>{school.name}</b>
                <Button onClick={() => setAppointing(school)}>指定管理员</Button>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Drawer title="新建学校" open={adding} onClose={() => setAdding(false)} destroyOnHidden>
        <CommandForm command={create} toInput={(values: { name: string }) => values} submit="新建学校">
          <Field name="name" label="学校全称" required hint="会印在报告册和证书上">
            <Input autoFocus />
          </Field>
        </CommandForm>
      </Drawer>
      <Drawer
        title={appointing ? `${appointing.name}的管理员` : ''}
        open={appointing !== null}
        onClose={() => setAppointing(null)}
        destroyOnHidden
      >
        {appointing && <Administrator school={appointing} />}
      </Drawer>
    </div>
  )
}

function Administrator({ school }: { school: SchoolRef }) {
  const open = useCommand(org.openSchoolAdministrator, { inline: true })
  const [slip, setSlip] = useState<{ name: string; loginName: string; password: string } | null>(null)
  if (slip) {
    return (
      <>
        <Notice tone="good">账号已开通。密码只显示这一次，请现在抄下或打印，交给{slip.name}本人。</Notice>
        <Slip {...slip} organisation={school.name} />
        <p className="page-way">
          <Button onClick={() => print()}>打印</Button>
        </p>
      </>
    )
  }
  return (
    <CommandForm
      command={open}
      toInput={(values: { name: string; staffNumber: string }) => ({ ...values, schoolId: school.id })}
      submit="开通管理员账号"
      onDone={setSlip}
    >
      <Field name="name" label="姓名" required>
        <Input autoFocus />
      </Field>
      <Field
        name="staffNumber"
        label="工号"
        required
        hint="学校里已有这个工号时，会让这位老师成为管理员并重设密码；原管理员忘了密码也可以这样办。"
      >
        <Input />
      </Field>
    </CommandForm>
  )
}

/** What one person needs for the first sign-in, ready to be cut out. */
export function Slip(props: {
  name: string
  loginName: string
  password: string
  organisation: string
  staffNumber?: string
}) {
  return (
    <div className="slip">
      <p className="slip-head">{props.organisation} · 校研账号</p>
      <p className="slip-name">
        {props.name}
        {props.staffNumber !== undefined && <span className="quiet">工号 {props.staffNumber}</span>}
      </p>
      <dl>
        <dt>登录名</dt>
        <dd>{props.loginName}</dd>
        <dt>初始密码</dt>
        <dd>{props.password}</dd>
      </dl>
      <p className="slip-foot">打开 {location.host}，首次登录后请改成自己的密码。</p>
    </div>
  )
}
