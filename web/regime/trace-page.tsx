import type { ReactNode } from 'react'
import type { SubjectKind } from '../../engine/types.ts'
import type { TraceAnswer, TraceRecordRef } from '../../server/regime/contract.ts'
import { inSchool, regime, useSchool } from '../board/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { notify } from '../kit/toast.tsx'
import '../board/board.css'
import { TraceView } from '../kit/trace-view.tsx'
import { paths } from '../paths.ts'

/** The page of the record behind a fact, by its room. */
const recordPages: Record<string, (id: string) => string> = {
  activity: paths.activity,
  work: paths.work,
  plan: paths.plan,
  study: () => paths.study(),
}

/** Why a figure is as it is; the address may be sent to anybody who may see it. */
export function TracePage() {
  const school = useSchool()
  const [address] = useFilters({
    rule: '',
    subjectKind: '',
    subject: '',
    period: '',
    minimum: '',
    regime: '',
  })
  const given = (text: string) => (text === '' ? undefined : text)
  const query = useApi(
    regime.getTrace,
    address.rule === '' || address.subject === ''
      ? null
      : {
          subject: { kind: address.subjectKind as SubjectKind, id: address.subject },
          ruleId: address.rule,
          regimeId: given(address.regime),
          minimumId: given(address.minimum),
          periodId: given(address.period),
        },
    { keep: true },
  )
  return (
    <Page
      title={query.data?.trace.rule.title ?? '为什么'}
      width="normal"
      query={query}
      skeleton="text"
      back={backOf(address.subjectKind, address.subject, school)}
      actions={
        <button type="button" className="tool-button no-print" onClick={() => void copyAddress()}>
          <Icon name="link" size={18} />
          复制本页地址
        </button>
      }
    >
      {(answer: TraceAnswer) => (
        <>
          <Periods answer={answer} />
          <TraceView
            trace={answer.trace}
            subject={answer.subject.name}
            records={answer.records.map((record) => ({
              ...record,
              title: titleOf(record),
              ...hrefOf(record, school),
            }))}
          />
        </>
      )}
    </Page>
  )
}

function titleOf(record: TraceRecordRef): string {
  const title = record.title.length > 40 ? `${record.title.slice(0, 40)}…` : record.title
  return record.about === null ? title : `${record.about}：${title}`
}

function hrefOf(record: TraceRecordRef, school: string | null): { href?: string } {
  const page = recordPages[record.room]
  return page && record.recordId !== '' ? { href: inSchool(page(record.recordId), school) } : {}
}

function backOf(kind: string, id: string, school: string | null): { to: string; label: string } {
  if (kind === 'person') return { to: inSchool(paths.boardPerson(id), school), label: '研修年历' }
  if (kind === 'unit') return { to: inSchool(paths.boardGroup(id), school), label: '小组进度' }
  return school === null
    ? { to: `${paths.boardSchool()}?view=school`, label: '全校进度' }
    : { to: inSchool(`${paths.school(school)}?view=school`, school), label: '全校进度' }
}

/** Steps from the sum over the term to each period of the same duty. */
function Periods({ answer }: { answer: TraceAnswer }) {
  const school = useSchool()
  const { finding } = answer.trace
  if (answer.periods.length < 2) return null
  const short = (label: string) => label.replace(/（.*）$/, '').replace(/^\d{4}—\d{4}学年/, '')
  const to = (period: string) =>
    inSchool(
      paths.trace({
        rule: finding.ruleId,
        subjectKind: finding.subject.kind,
        subject: finding.subject.id,
        period,
        minimum: finding.minimumId,
        regime: finding.regimeId,
      }),
      school,
    )
  return (
    <nav aria-label="同一规定的各个时段">
      <ol className="trace-periods no-print">
        {answer.term !== null && (
          <li>
            <PeriodLink current={finding.period.id === answer.term} to={to(answer.term)}>
              本学期合计
            </PeriodLink>
          </li>
        )}
        {answer.periods.map((period) => (
          <li key={period.id}>
            <PeriodLink current={period.id === finding.period.id} to={to(period.id)}>
              <StateGlyph state={period.state} size={14} />
              {short(period.label)}
            </PeriodLink>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function PeriodLink({ current, to, children }: { current: boolean; to: string; children: ReactNode }) {
  return current ? (
    <span className="trace-period-now" aria-current="true">
      {children}
    </span>
  ) : (
    <Link to={to}>{children}</Link>
  )
}

async function copyAddress(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href)
    notify('已复制。发给有权查看的人，打开就是这一页。', { kind: 'success' })
  } catch {
    notify('浏览器不让复制，请从地址栏复制。', { kind: 'error' })
  }
}
