import './settings.css'
import { Button, Input } from 'antd'
import { useState } from 'react'
import type { SetupStepKey } from '../../server/setup/contract.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { CommandForm, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton } from '../kit/link.tsx'
import { Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { org, setup } from './api.ts'
import { Schools } from './schools.tsx'

const ways: Record<SetupStepKey, { to: string; begin: string }> = {
  schools: { to: '#schools', begin: '建学校' },
  calendar: { to: paths.settings.calendar(), begin: '设学年' },
  people: { to: paths.settings.roster(), begin: '导入花名册' },
  units: { to: paths.settings.units(), begin: '建组' },
  leaders: { to: paths.settings.units(), begin: '任命' },
  accounts: { to: paths.settings.accounts(), begin: '开通账号' },
  regime: { to: paths.settings.regime(), begin: '选制度' },
}
/** Where a finished step is looked after. */
const afterwards: Partial<Record<SetupStepKey, string>> = { people: paths.settings.people() }

/** The settings' first page: what stands, what is missing, one button for each. */
export function SchoolPage() {
  const query = useApi(setup.getProgress, {})
  const session = useSession()
  const isDistrict = session.organisation.kind === 'district'
  const mayAdopt = useHasRole('principal', 'academicOffice', 'districtOfficer')
  return (
    <Page
      title={isDistrict ? '本区设置' : '学校设置'}
      query={query}
      skeleton="list"
      sentence={(progress) => progress.sentence}
    >
      {(progress) => {
        const next = progress.steps.find((step) => !step.isDone)?.key
        return (
          <>
            <ol className="steps sheet">
              {progress.steps.map((step, index) => {
                const way = ways[step.key]
                const to = step.isDone ? (afterwards[step.key] ?? way.to) : way.to
                return (
                  <li key={step.key} className={step.isDone ? 'step step-done' : 'step'}>
                    <span className="step-number" aria-hidden="true">
                      {step.isDone ? <Icon name="check" size={18} /> : index + 1}
                    </span>
                    <div className="step-words">
                      <h2>
                        {step.title}
                        <span className="visually-hidden">{step.isDone ? '（已完成）' : '（未完成）'}</span>
                      </h2>
                      <p className="quiet">{step.sentence}</p>
                    </div>
                    {step.key === 'regime' && !mayAdopt ? (
                      <span className="quiet">由校长或教导处办理</span>
                    ) : to.startsWith('#') ? (
                      <Button href={to} {...(step.key === next ? { type: 'primary' as const } : {})}>
                        {step.isDone ? '查看' : way.begin}
                      </Button>
                    ) : (
                      <LinkButton to={to} {...(step.key === next ? { type: 'primary' as const } : {})}>
                        {step.isDone ? '查看' : way.begin}
                      </LinkButton>
                    )}
                  </li>
                )
              })}
            </ol>
            {isDistrict && <Schools />}
            <Name name={progress.organisation.name} isDistrict={isDistrict} />
          </>
        )
      }}
    </Page>
  )
}

function Name({ name, isDistrict }: { name: string; isDistrict: boolean }) {
  const [editing, setEditing] = useState(false)
  const mayRename = useHasRole('principal', 'administrator')
  const rename = useCommand(org.renameOrganisation, {
    inline: true,
    success: '名称已改',
    invalidate: ['org', 'setup', 'access'],
    onSuccess: () => setEditing(false),
  })
  return (
    <Section
      title={isDistrict ? '名称' : '学校名称'}
      sentence="印在报告册、证书和文件上的名称；改名不影响已经签发的文件。"
    >
      {editing ? (
        <CommandForm
          command={rename}
          initial={{ name }}
          toInput={(values: { name: string }) => values}
          submit="改名"
          extra={<Button onClick={() => setEditing(false)}>不改了</Button>}
        >
          <Field name="name" label="全称" required>
            <Input />
          </Field>
        </CommandForm>
      ) : (
        <div className="line-with-action">
          <b>{name}</b>
          {mayRename && <Button onClick={() => setEditing(true)}>改名</Button>}
        </div>
      )}
    </Section>
  )
}
