import { useState } from 'react'
import { stageLabels } from '../../server/regulation/words.ts'
import { fileAddress } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters, usePathParams } from '../kit/link.tsx'
import { ErrorNotice, Facts, Notice, Page, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, rangeText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { regulation, stageMark, type View } from './api.ts'
import { Comparison } from './comparison.tsx'
import { Decide } from './decide.tsx'
import { About, OpinionList } from './opinions.tsx'
import { GroundedRules } from './rules.tsx'
import { WriteRegulation } from './write-regulation.tsx'
import './regulation.css'

const back = { to: paths.regulations(), label: '学校制度' }

/** A regulation: its clauses with what people say of them, its versions, and what may be done with it. */
export function RegulationPage() {
  const { id } = usePathParams<'id'>()
  const [filters] = useFilters({ version: '', view: 'text' })
  const version = Number(filters.version)
  const query = useApi(regulation.getRegulation, { id, ...(version > 0 ? { version } : {}) }, { keep: true })
  const view = query.data
  if (view === undefined)
    return (
      <Page title="学校制度" back={back}>
        {query.error ? <ErrorNotice error={query.error} retry={query.refetch} /> : <Skeleton shape="text" />}
      </Page>
    )
  if (filters.view === 'edit' && view.abilities.edit === null)
    return (
      <Page
        title={view.title}
        back={{ to: paths.regulation(view.id, view.version), label: '回到全文' }}
        sentence="写好一条再写下一条；编号按顺序自动排。"
      >
        <WriteRegulation key={view.versionId} view={view} />
      </Page>
    )
  return (
    <Page title={view.title} back={back} sentence={<StageLine view={view} />} width="wide">
      <Read view={view} />
    </Page>
  )
}

function StageLine({ view }: { view: View }) {
  const parts = [view.kindLabel, view.documentNumber, view.version > 1 ? `第 ${view.version} 版` : '']
  if (view.organisation.isDistrict) parts.unshift(view.organisation.name)
  return (
    <span className="regulation-stage">
      <StateMark {...stageMark(view.stage)} />
      <span>{parts.filter((part) => part !== '').join(' · ')}</span>
    </span>
  )
}

function Read({ view }: { view: View }) {
  const [filters, setFilters] = useFilters({ view: 'text' })
  const views = [
    { value: 'text', label: '全文' },
    ...(view.opinionList.length > 0
      ? [{ value: 'opinions', label: `意见和答复 ${view.opinionList.length}` }]
      : []),
    ...(view.comparable.previous || view.comparable.consulted
      ? [{ value: 'changes', label: '修改对照' }]
      : []),
  ]
  const shown = views.some((one) => one.value === filters.view) ? filters.view : 'text'
  return (
    <div className="regulation-read">
      <div className="regulation-main">
        <Standing view={view} />
        {views.length > 1 && (
          <div className="segments no-print" role="group" aria-label="看什么">
            {views.map((one) => (
              <button
                key={one.value}
                type="button"
                aria-pressed={shown === one.value}
                onClick={() => setFilters({ view: one.value })}
              >
                {one.label}
              </button>
            ))}
          </div>
        )}
        {shown === 'text' && <Text view={view} />}
        {shown === 'opinions' && <OpinionList view={view} />}
        {shown === 'changes' && <Comparison view={view} />}
      </div>
      <aside className="regulation-margin">
        <Decide key={`${view.versionId}${view.stage}`} view={view} />
        <Particulars view={view} />
        <GroundedRules view={view} />
      </aside>
    </div>
  )
}

/** The one sentence that says what matters now. */
function Standing({ view }: { view: View }) {
  if (view.organisation.isDistrict)
    return <Notice>这是{view.organisation.name}发布的制度，学校可以阅读和打印。</Notice>
  if (view.stage === 'consultation' && view.consultTo !== null)
    return (
      <Notice tone="soon">
        {view.abilities.giveOpinion === null
          ? `正在征求意见，到${dayText(view.consultTo)}为止。点一条条文就可以提意见；对全文的意见写在最后。`
          : `正在征求意见，到${dayText(view.consultTo)}为止。`}
      </Notice>
    )
  if (view.stage === 'answering')
    return (
      <Notice tone={view.opinions.open > 0 ? 'soon' : 'good'}>
        {view.opinions.open > 0
          ? `意见已收齐，还有 ${view.opinions.open} 条建议没有答复；全部答复后才能批准。`
          : `${view.opinions.total} 条意见都已处理，可以由校长批准。`}
      </Notice>
    )
  if (view.stage === 'repealed')
    return (
      <Notice tone="rest">
        {view.inForceTo === null ? '' : `${dayText(view.inForceTo)}后不再施行。`}废止原因：{view.repealReason}
      </Notice>
    )
  if (view.stage === 'replaced') return <Notice tone="rest">这一版已被后来的版本替代，只供查阅。</Notice>
  if (view.stage === 'draft' && view.remark !== '')
    return <Notice tone="soon">批准被撤回：{view.remark}</Notice>
  return null
}

function Text({ view }: { view: View }) {
  const [open, setOpen] = useState<string | null>(null)
  const asks = view.abilities.giveOpinion === null
  const onWhole = asks || view.opinionList.some((one) => one.clauseId === null)
  const talks = (clause: View['text'][number]) => asks || clause.opinions > 0
  if (view.text.length === 0)
    return (
      <div className="sheet">
        <p className="quiet">还没有条文。</p>
      </div>
    )
  return (
    <div className="sheet regulation-sheet">
      <h2 className="regulation-title">{view.title}</h2>
      <p className="regulation-number">{view.documentNumber}</p>
      {view.note !== '' && <p className="regulation-note">{view.note}</p>}
      <ol className="regulation-text">
        {view.text.map((clause) =>
          clause.kind === 'chapter' ? (
            <li key={clause.id} id={clause.id} className="regulation-chapter">
              {clause.label}　{clause.text}
            </li>
          ) : (
            <li key={clause.id} id={clause.id} className={open === clause.id ? 'clause-open' : undefined}>
              <div
                className={talks(clause) ? 'clause-body clause-tap' : 'clause-body'}
                onClick={talks(clause) ? () => setOpen(open === clause.id ? null : clause.id) : undefined}
              >
                {clause.text.split('\n').map((line, index) => (
                  <p key={index}>
                    {index === 0 && <b className="clause-label">{clause.label}</b>}
                    {line}
                  </p>
                ))}
                {talks(clause) && (
                  <button
                    type="button"
                    className="clause-talk no-print"
                    aria-expanded={open === clause.id}
                    aria-label={`${clause.label}的意见`}
                    onClick={(event) => {
                      event.stopPropagation()
                      setOpen(open === clause.id ? null : clause.id)
                    }}
                  >
                    {clause.opinions > 0 ? `${clause.opinions} 条意见` : '提意见'}
                    {clause.open > 0 && view.stage !== 'consultation' && (
                      <span className="clause-unanswered">{clause.open} 条待答复</span>
                    )}
                    <Icon name="chevronDown" size={16} />
                  </button>
                )}
              </div>
              {open === clause.id && <About view={view} clauseId={clause.id} label={clause.label} />}
            </li>
          ),
        )}
      </ol>
      {onWhole && (
        <section className="regulation-whole no-print" aria-label="对全文的意见">
          <h3>对全文的意见</h3>
          <About view={view} clauseId={null} label="全文" />
        </section>
      )}
    </div>
  )
}

function Particulars({ view }: { view: View }) {
  return (
    <section className="regulation-about" aria-label="基本情况">
      <Facts
        items={[
          ...(view.inForceFrom === null
            ? []
            : [
                {
                  label: '施行',
                  value:
                    view.inForceTo === null
                      ? `${view.inForceFrom.slice(0, 4)}年${dayText(view.inForceFrom)}起`
                      : `${view.inForceFrom} 至 ${view.inForceTo}`,
                },
              ]),
          {
            label: '征求意见',
            value:
              view.consultFrom === null || view.consultTo === null
                ? view.approvedAt === null
                  ? '还没有征求'
                  : '没有征求'
                : `${rangeText(view.consultFrom, view.consultTo)}（${view.opinions.total} 条意见）`,
          },
          ...(view.approvedByName === null ? [] : [{ label: '批准', value: view.approvedByName }]),
          ...(view.draftedByName === null ? [] : [{ label: '起草', value: view.draftedByName }]),
        ]}
      />
      <div className="regulation-files no-print">
        <a
          className="tool-button"
          href={fileAddress(regulation.getRegulationFile, { id: view.id, version: view.version })}
          target="_blank"
          rel="noreferrer"
        >
          <Icon name="print" size={18} />
          打印（PDF）
        </a>
        {view.opinionList.length > 0 && (
          <a
            className="tool-button"
            href={fileAddress(regulation.getOpinionsFile, { id: view.id, version: view.version })}
            download
          >
            <Icon name="download" size={18} />
            意见表（Excel）
          </a>
        )}
      </div>
      {view.versions.length > 1 && (
        <>
          <h2>各版</h2>
          <ul className="regulation-versions">
            {view.versions.map((one) => (
              <li key={one.version}>
                <Link
                  to={paths.regulation(view.id, one.version)}
                  {...(one.version === view.version ? { 'aria-current': 'page' as const } : {})}
                >
                  第 {one.version} 版
                </Link>
                <span className="quiet">
                  {stageLabels[one.stage]}
                  {one.inForceFrom === null ? '' : ` · ${one.inForceFrom}起`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
