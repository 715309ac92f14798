import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { programmeStatusLabels } from '../../server/programme/words.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, useGo } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { paths } from '../paths.ts'
import { type Line, programme } from './api.ts'
import { ProgrammeForm } from './programme-form.tsx'
import './programme.css'

/** Programmes of several years: those of the district and one's own. */
export function ProgrammesPage() {
  const query = useApi(programme.listProgrammes, {})
  const [making, setMaking] = useState(false)
  const go = useGo()
  const data = query.data
  const mayDefine = data?.abilities.define === null
  const button = mayDefine && (
    <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setMaking(true)}>
      新建项目
    </Button>
  )
  return (
    <>
      <Page
        title="阶段项目"
        query={query}
        sentence={data && <Standing lines={data.programmes} />}
        actions={button}
        isEmpty={(list) => list.programmes.length === 0}
        empty={{
          title: '还没有阶段项目。',
          sentence: mayDefine
            ? '跨学期、跨学年的工作可以分成启动、实施、评估几个阶段，写明每个阶段要交什么、谁来交、什么时候交。'
            : '区里或校长发布项目以后，会出现在这里。',
          action: button,
        }}
      >
        {(list) => (
          <ul className="cards programme-cards">
            {list.programmes.map((line) => (
              <ProgrammeCard key={line.id} line={line} />
            ))}
          </ul>
        )}
      </Page>
      {data && (
        <Drawer title="新建项目" size="large" open={making} onClose={() => setMaking(false)} destroyOnHidden>
          <ProgrammeForm
            view={null}
            isDistrict={data.isDistrict}
            unitKinds={data.unitKinds}
            today={data.today}
            done={(id) => go(paths.programme(id))}
          />
        </Drawer>
      )}
    </>
  )
}

function Standing({ lines }: { lines: Line[] }) {
  const running = lines.filter((line) => line.status === 'published')
  const waiting = running.reduce((sum, line) => sum + line.waiting, 0)
  return (
    <>
      进行中 {running.length} 个
      {waiting > 0 ? `，还有 ${waiting} 项要由您这里提交` : running.length > 0 ? '，目前没有要您提交的' : ''}
      。
    </>
  )
}

/** How much has been delivered, as a bar with words. */
export function ProgressBar({ done, of, overdue }: { done: number; of: number; overdue: number }) {
  return (
    <div className="programme-bar">
      <span className="programme-track" aria-hidden="true">
        <span className="programme-done" style={{ width: `${of === 0 ? 0 : (done / of) * 100}%` }} />
      </span>
      <span>
        {of === 0 ? '没有要交的' : `已交 ${done}/${of} 项`}
        {overdue > 0 && <b className="programme-late">，逾期 {overdue} 项</b>}
      </span>
    </div>
  )
}

function ProgrammeCard({ line }: { line: Line }) {
  const state =
    line.status === 'draft'
      ? 'open'
      : line.status === 'closed'
        ? 'excused'
        : line.overdue > 0
          ? 'overdue'
          : 'partly'
  return (
    <li className="card">
      <div className="card-head">
        <Link to={paths.programme(line.id)} className="card-title card-cover">
          {line.title}
        </Link>
        <StateMark state={state} word={programmeStatusLabels[line.status]} />
      </div>
      <p className="quiet">
        {line.isDistrict ? line.organisationName : '本单位'} · {line.from} 至 {line.to}
        {line.phaseNow && ` · 现在：${line.phaseNow}`}
      </p>
      <ProgressBar done={line.done} of={line.of} overdue={line.overdue} />
      {line.waiting > 0 && <p>还有 {line.waiting} 项要由您这里提交。</p>}
      {line.toAccept > 0 && <p>有 {line.toAccept} 份等您验收。</p>}
    </li>
  )
}
