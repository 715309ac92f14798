import './lists.css'
import './settings.css'
import { Button } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { FileUpload } from '../kit/file-upload.tsx'
import { DateInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton } from '../kit/link.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { type Answer, calendar, org } from './api.ts'
import { RosterPlanView, RosterProblems } from './roster-check.tsx'

export type Preview = Answer<typeof org.uploadRoster>
type Result = Answer<typeof org.confirmRoster>

const stepNames = ['填好花名册', '核对', '完成']

/** Three steps: template and file, everything that would happen, done. Nothing is imported before it is confirmed. */
export function RosterPage() {
  const { today } = useSession()
  const year = useApi(calendar.getCalendar, {}).data
  const people = useApi(org.listPeople, { limit: 1 }).data
  const [chosenDay, setDay] = useState<string | null>(null)
  const [preview, setPreview] = useState<Preview | null>(null)
  const [result, setResult] = useState<Result | null>(null)
  const [decisions, setDecisions] = useState<Record<string, string>>({})
  const current = year?.schoolYears.find((one) => one.from <= today && one.to >= today)
  // The first roster of a school is the state of things since the school year began.
  const isFirst = people !== undefined && people.total <= 1
  const day = chosenDay ?? (isFirst && current ? current.from : today)
  const confirm = useCommand(org.confirmRoster, {
    inline: true,
    invalidate: ['org', 'setup', 'access'],
    onSuccess: setResult,
  })
  const step = result ? 2 : preview ? 1 : 0
  const restart = () => {
    setPreview(null)
    setResult(null)
    setDecisions({})
    confirm.reset()
  }
  return (
    <Page
      title="导入花名册"
      back={{ to: paths.settings.people(), label: '人员' }}
      sentence="确认以前什么都不会改。以后再导入时按工号认人：只更新，不会因为名册里没有谁就让谁离开。"
    >
      <ol className="stages" aria-label="步骤">
        {stepNames.map((name, index) => (
          <li
            key={name}
            className={index < step ? 'stage stage-done' : 'stage'}
            aria-current={index === step ? 'step' : undefined}
          >
            <span aria-hidden="true">{index < step ? <Icon name="check" size={16} /> : index + 1}</span>
            {name}
          </li>
        ))}
      </ol>
      {step === 0 && (
        <div className="sheet roster-begin">
          <div className="roster-template">
            <div>
              <h2>一、下载模板，一人一行填好</h2>
              <p className="quiet">
                也可以直接用学校现有的表：只要有“工号”和“姓名”两列，性别、出生日期、学科、教研组、职务等列有就读，没有就不动。
              </p>
            </div>
            <Button href={fileAddress(org.getRosterTemplate, {})} icon={<Icon name="download" size={18} />}>
              下载模板
            </Button>
          </div>
          <div>
            <h2>二、选定从哪天起</h2>
            <p className="quiet">新人从这天起有研修任务，组和职务的变动也从这天起。</p>
            <label className="roster-day">
              <span className="visually-hidden">从哪天起</span>
              <DateInput value={day} onChange={setDay} aria-label="从哪天起" />
            </label>
          </div>
          <div>
            <h2>三、上传</h2>
            <FileUpload
              call={org.uploadRoster}
              input={{ from: day }}
              onUploaded={setPreview}
              label="选择花名册，或把文件拖到这里"
              hint="Excel（.xlsx、.xls）或 CSV（UTF-8、GBK 都可以），最多 10000 人"
              accept=".xlsx,.xls,.csv"
            />
          </div>
        </div>
      )}
      {preview && !result && preview.plan === null && <RosterProblems preview={preview} restart={restart} />}
      {preview?.plan && !result && (
        <>
          <RosterPlanView
            preview={preview}
            plan={preview.plan}
            decisions={decisions}
            decide={(staffNumber, decision) => setDecisions({ ...decisions, [staffNumber]: decision })}
          />
          {confirm.error && <Notice tone="late">{confirm.error.message}</Notice>}
          <div className="save-bar">
            <span>{openQuestions(preview, decisions) ?? '核对无误后导入，一次全部生效'}</span>
            <Button onClick={restart}>换一个文件</Button>
            <Button
              type="primary"
              loading={confirm.running}
              disabled={openQuestions(preview, decisions) !== null}
              onClick={() =>
                void confirm.run({
                  reference: preview.reference,
                  fileName: preview.fileName,
                  fingerprint: preview.fingerprint,
                  from: preview.from,
                  decisions,
                })
              }
            >
              确认导入
            </Button>
          </div>
        </>
      )}
      {result && <Done result={result} restart={restart} />}
    </Page>
  )
}

function openQuestions(preview: Preview, decisions: Record<string, string>): string | null {
  const open = (preview.plan?.create ?? []).filter(
    (one) => one.maybeSameAs.length > 0 && decisions[one.staffNumber] === undefined,
  )
  if (open.length > 0) return `还有 ${open.length} 人要先认一认：是新来的，还是换了工号`
  const plan = preview.plan
  return plan && plan.create.length === 0 && plan.update.length === 0 ? '和系统里的一样，不需要导入' : null
}

function Done({ result, restart }: { result: Result; restart: () => void }) {
  const parts = [
    `新增 ${result.created} 人`,
    `更新 ${result.updated} 人`,
    ...(result.returned > 0 ? [`返校 ${result.returned} 人`] : []),
    `${result.unchanged} 人没有变化`,
    ...(result.units > 0 ? [`新建 ${result.units} 个组`] : []),
  ]
  return (
    <div className="sheet roster-done">
      <p className="roster-done-line">
        <Icon name="check" size={28} />
        导入完成
      </p>
      <p>{parts.join('，')}。</p>
      {result.missing > 0 && (
        <p className="quiet">
          系统里有 {result.missing} 人不在这份名册里，他们没有变化；确实离开的，请到“人员”里办理离职或调动。
        </p>
      )}
      <div className="page-way">
        {result.created > 0 && (
          <LinkButton type="primary" to={paths.settings.accounts()}>
            给新人开通账号
          </LinkButton>
        )}
        <LinkButton to={paths.settings.people()}>看人员</LinkButton>
        <LinkButton to={paths.settings.units()}>看组和组织</LinkButton>
        <Button onClick={restart}>再导入一份</Button>
      </div>
    </div>
  )
}
