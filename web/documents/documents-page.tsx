import './documents.css'
import { Button } from 'antd'
import { useState } from 'react'
import { bookletStateLabels } from '../../server/documents/words.ts'
import type { BookletState } from '../../server/documents/words.ts'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList } from '../kit/data-list.tsx'
import type { ListColumn } from '../kit/data-list.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { bookletAddress, type BookletList, documents, issuedAddress, type Issued, type Line } from './api.ts'
import { useIssuing } from './issuing.ts'

/** One's own booklet; for leaders and offices also those of the group or of everybody. */
export function DocumentsPage() {
  const [address, setAddress] = useFilters()
  const filter = {
    ...(address.year ? { schoolYearId: address.year } : {}),
    ...(address.unit ? { unitId: address.unit } : {}),
    ...(address.state ? { state: address.state as BookletState } : {}),
    ...(address.q ? { q: address.q } : {}),
  }
  const list = useApi(documents.listBooklets, filter, { keep: true })
  const years = list.data?.schoolYears ?? []
  return (
    <Page
      title="报告册"
      width="wide"
      query={list}
      sentence="计划、反思、学习摘记、考勤和考评得分随做随收，不用另外填写；随时可以打印，签发以后有编号、可验证。"
      actions={
        years.length > 1 && (
          <select
            className="native-select year-select"
            aria-label="学年"
            value={list.data?.schoolYear?.id ?? ''}
            onChange={(event) => setAddress({ year: event.target.value })}
          >
            {years.map((year) => (
              <option key={year.id} value={year.id}>
                {year.label}
              </option>
            ))}
          </select>
        )
      }
    >
      {(data) => (
        <>
          {data.problem !== null && <Notice tone="soon">{data.problem}</Notice>}
          {data.mine && <Mine line={data.mine} schoolYear={data.schoolYear} />}
          {data.problem === null && data.abilities.readOthers && <Everybody data={data} filter={filter} />}
        </>
      )}
    </Page>
  )
}

function Mine({ line, schoolYear }: { line: Line; schoolYear: BookletList['schoolYear'] }) {
  const year = schoolYear?.id ?? ''
  return (
    <Section title={`我的报告册 · ${schoolYear?.label ?? ''}`}>
      <p className="sentence">{line.sentence}</p>
      <div className="booklet-ways">
        <Button
          type="primary"
          href={bookletAddress(line.personId, year, 'pdf')}
          target="_blank"
          icon={<Icon name="document" size={18} />}
        >
          打开 PDF
        </Button>
        <Button href={bookletAddress(line.personId, year, 'word')} icon={<Icon name="download" size={18} />}>
          下载 Word
        </Button>
        <span className="quiet">现在打印的是草稿，每页印有“草稿”；正式的由学校签发。</span>
      </div>
      {line.issued.length > 0 && (
        <>
          <h3 className="issued-title">已签发</h3>
          <ul className="issued-list">
            {line.issued.map((document) => (
              <IssuedLine key={document.id} document={document} />
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

function IssuedLine({ document }: { document: Issued }) {
  return (
    <li>
      <span className="issued-code">{document.code}</span>
      <span className="quiet">
        {document.issuedOn.slice(0, 4)}年{dayText(document.issuedOn)}
        {document.issuedByName !== null && ` ${document.issuedByName}签发`} · 指纹 {document.fingerprint}
      </span>
      <span className="issued-ways">
        <a href={issuedAddress(document.id, 'pdf')} target="_blank" rel="noreferrer">
          打开 PDF
        </a>
        <a href={issuedAddress(document.id, 'word')}>下载 Word</a>
        <Link to={paths.verify(document.code)}>验证</Link>
      </span>
    </li>
  )
}

function Everybody({
  data,
  filter,
}: {
  data: BookletList
  filter: Parameters<typeof documents.listBooklets>[0]
}) {
  const session = useSession()
  const [address] = useFilters()
  const [selected, setSelected] = useState<string[]>([])
  const issuing = useIssuing()
  const schoolYearId = data.schoolYear?.id ?? ''
  const mayIssue = data.abilities.issue === null
  const chosenGroup = data.groups.find((group) => group.unitId === address.unit)
  const chosen = data.lines.filter((line) => selected.includes(line.personId))
  const issue = (lines: Line[]) => {
    setSelected([])
    void issuing.issue(lines, schoolYearId)
  }

  const columns: ListColumn<Line>[] = [
    {
      key: 'name',
      title: '姓名',
      phone: 'title',
      render: (line) => (
        <>
          {line.name} <span className="quiet">{line.staffNumber}</span>
        </>
      ),
    },
    {
      key: 'groups',
      title: '所在组',
      render: (line) => line.groups.map((group) => group.name).join('、') || '—',
    },
    figure('plans', '计划总结', (line) => line.plans, '份'),
    figure('reflections', '反思', (line) => line.reflections, '篇'),
    figure('excerpts', '摘记', (line) => line.excerpts, '则'),
    figure('activities', '集体研修', (line) => line.activities, '次'),
    {
      key: 'overdue',
      title: '要求',
      phone: 'mark',
      sortBy: (line) => line.overdueRules,
      render: (line) =>
        line.overdueRules > 0 ? (
          <StateMark state="overdue" word={`${line.overdueRules} 项逾期`} />
        ) : (
          <StateMark state="done" word="无逾期" />
        ),
    },
    {
      key: 'issued',
      title: '签发',
      sortBy: (line) => line.issued[0]?.issuedOn ?? '',
      render: (line) => {
        const last = line.issued[0]
        if (!last) return <span className="quiet">未签发</span>
        return (
          <span className="issued-last">
            <a href={issuedAddress(last.id, 'pdf')} target="_blank" rel="noreferrer" className="issued-code">
              {last.code}
            </a>
            <span className="quiet">
              {dayText(last.issuedOn)}
              {line.issued.length > 1 && ` · 共 ${line.issued.length} 次`}
            </span>
          </span>
        )
      },
    },
    {
      key: 'print',
      title: '草稿',
      render: (line) => (
        <span className="issued-ways">
          <a href={bookletAddress(line.personId, schoolYearId, 'pdf')} target="_blank" rel="noreferrer">
            PDF
          </a>
          <a href={bookletAddress(line.personId, schoolYearId, 'word')}>Word</a>
        </span>
      ),
    },
  ]
  if (mayIssue)
    columns.push({
      key: 'issue',
      title: '操作',
      render: (line) => (
        <Button size="small" disabled={issuing.running} onClick={() => issue([line])}>
          {line.issued.length > 0 ? '再次签发' : '签发'}
        </Button>
      ),
    })

  const whole = session.leads.length > 0 && !mayIssue ? '本组报告册' : '全校报告册'
  return (
    <Section
      title={whole}
      plain
      sentence={
        chosenGroup
          ? `“整组 PDF”把${chosenGroup.name}每个人的报告册打成一个压缩包：已签发的用最近一次签发的，其余用草稿。`
          : '按组筛选以后，可以把整组的报告册一次下载。'
      }
    >
      <Progress issuing={issuing} />
      <DataList
        label="报告册"
        rows={data.lines}
        rowKey={(line) => line.personId}
        columns={columns}
        filters={[
          {
            key: 'unit',
            label: '组',
            all: '全部组',
            options: data.groups.map((group) => ({ value: group.unitId, label: group.name })),
          },
          {
            key: 'state',
            label: '状态',
            all: '全部',
            options: Object.entries(bookletStateLabels).map(([value, label]) => ({ value, label })),
          },
        ]}
        search="姓名或工号"
        exportHref={fileAddress(documents.getBookletListFile, filter)}
        tools={
          chosenGroup && (
            <a
              className="tool-button"
              href={fileAddress(documents.getBooklets, { unitId: chosenGroup.unitId, schoolYearId })}
              download
            >
              <Icon name="download" size={18} />
              整组 PDF
            </a>
          )
        }
        {...(mayIssue
          ? {
              selection: {
                selected,
                onChange: setSelected,
                actions: (
                  <Button
                    type="primary"
                    size="small"
                    disabled={issuing.running}
                    onClick={() => issue(chosen)}
                  >
                    签发这 {chosen.length} 份
                  </Button>
                ),
              },
            }
          : {})}
        empty={{
          title: '本学年还没有在职教师',
          sentence: '在“学校设置”里登记教职工以后，这里自动列出每个人的报告册。',
        }}
      />
    </Section>
  )
}

function figure(key: string, title: string, value: (line: Line) => number, unit: string): ListColumn<Line> {
  return {
    key,
    title,
    align: 'end',
    sortBy: value,
    render: (line) => (value(line) === 0 ? <span className="quiet">—</span> : `${value(line)} ${unit}`),
  }
}

/** How far a long issuing has come; it can be stopped between two papers. */
function Progress({ issuing }: { issuing: ReturnType<typeof useIssuing> }) {
  const { state } = issuing
  if (!state) return null
  const done = state.issued + state.failed.length
  const share = Math.round((done / state.total) * 100)
  return (
    <Notice
      tone={state.failed.length > 0 ? 'soon' : state.running ? 'plain' : 'good'}
      action={
        state.running ? (
          <Button size="small" onClick={issuing.stop}>
            停止
          </Button>
        ) : (
          <Button size="small" onClick={issuing.clear}>
            知道了
          </Button>
        )
      }
    >
      <p role="status">
        {state.running
          ? `正在签发 ${state.current}，第 ${Math.min(done + 1, state.total)} 份，共 ${state.total} 份。`
          : `已签发 ${state.issued} 份${state.issued < state.total ? `，还有 ${state.total - state.issued} 份没有签发` : ''}。`}
      </p>
      {state.running && state.total > 1 && (
        <progress className="issue-progress" value={share} max={100} aria-label="签发进度" />
      )}
      {state.failed.map((failure) => (
        <p key={failure.name}>
          {failure.name}：{failure.reason}
        </p>
      ))}
    </Notice>
  )
}
