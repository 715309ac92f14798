import { Button, Drawer, Form, Input } from 'antd'
import { useState } from 'react'
import { numberingLabels, type Numbering, stageLabels } from '../../server/regulation/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { Link, useFilters, useGo } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, rangeText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Line, regulation, stageMark } from './api.ts'
import './regulation.css'

type List = Awaited<ReturnType<typeof regulation.listRegulations>>
type Row = Line & { from: string }

/** The register: what asks for opinions, what is in force, what is being made. */
export function RegulationsPage() {
  const [filters] = useFilters({ ended: '' })
  const list = useApi(regulation.listRegulations, { ended: filters.ended === '1' }, { keep: true })
  const [starting, setStarting] = useState(false)
  const mayDraft = list.data?.abilities.draft === null
  const { organisation } = useSession()
  return (
    <Page
      title={organisation.kind === 'district' ? '区制度' : '学校制度'}
      query={list}
      sentence={list.data && <Standing lines={list.data.own} />}
      actions={
        mayDraft ? (
          <Button type="primary" onClick={() => setStarting(true)}>
            起草制度
          </Button>
        ) : undefined
      }
    >
      {(data) => (
        <>
          <Lists data={data} start={() => setStarting(true)} />
          <Drawer title="起草制度" open={starting} onClose={() => setStarting(false)} destroyOnHidden>
            <StartForm kinds={data.kinds} />
          </Drawer>
        </>
      )}
    </Page>
  )
}

function Lists({ data, start }: { data: List; start: () => void }) {
  const mayDraft = data.abilities.draft === null
  const { organisation } = useSession()
  if (data.own.length === 0 && data.district === null)
    return (
      <Empty
        title="还没有制度"
        sentence={
          mayDraft
            ? '先起草一份：可以从 Word 里整篇粘贴，系统按“第几条”自动分条。'
            : '教导处起草制度以后，您可以在这里阅读和提意见。'
        }
        action={
          mayDraft && (
            <Button type="primary" onClick={start}>
              起草制度
            </Button>
          )
        }
      />
    )
  const of = (...stages: Line['stage'][]) => data.own.filter((line) => stages.includes(line.stage))
  const asking = of('announced', 'consultation')
  const making = of('draft', 'answering', 'approved')
  const rows: Row[] = [
    ...of('inForce', 'replaced', 'repealed').map((line) => ({
      ...line,
      from: organisation.kind === 'district' ? '本区' : '本校',
    })),
    ...(data.district?.lines ?? []).map((line) => ({ ...line, from: data.district?.name ?? '' })),
  ]
  return (
    <>
      {asking.length > 0 && <Cards title="征求意见" lines={asking} />}
      {making.length > 0 && <Cards title="起草和待批" lines={making} />}
      <Section title="施行的制度" plain>
        <Standings rows={rows} kinds={data.kinds} />
      </Section>
    </>
  )
}

function Standing({ lines }: { lines: Line[] }) {
  const count = (stage: Line['stage']) => lines.filter((line) => line.stage === stage).length
  const waiting = lines.filter((line) => line.stage === 'consultation' && !line.hasMine).length
  const teaches = useHasRole('teacher')
  return (
    <>
      施行中 {count('inForce')} 份，征求意见 {count('consultation')} 份
      {teaches && waiting > 0 ? `，其中 ${waiting} 份您还没有提意见` : ''}。
    </>
  )
}

/** What the line's dates say of where it stands. */
function dates(line: Line): string {
  if (line.stage === 'draft') return line.draftedByName === null ? '' : `${line.draftedByName} 起草`
  if (line.stage === 'announced' || line.stage === 'consultation')
    return line.consultFrom && line.consultTo ? `${rangeText(line.consultFrom, line.consultTo)}征求意见` : ''
  if (line.stage === 'answering')
    return line.opinions.open > 0
      ? `还有 ${line.opinions.open} 条建议没有答复`
      : `${line.opinions.total} 条意见，等待校长批准`
  return line.inForceFrom === null ? '' : `${dayText(line.inForceFrom)}起施行`
}

function Cards({ title, lines }: { title: string; lines: Line[] }) {
  const teaches = useHasRole('teacher')
  return (
    <Section title={title} plain>
      <ul className="cards regulation-cards">
        {lines.map((line) => (
          <li key={line.versionId} className="card">
            <div className="card-head">
              <Link to={paths.regulation(line.id, line.version)} className="card-title card-cover">
                {line.title}
              </Link>
              <StateMark {...stageMark(line.stage)} />
            </div>
            <p className="quiet">
              {line.kindLabel} · {line.clauses} 条{line.version > 1 ? ` · 第 ${line.version} 版` : ''}
            </p>
            <p>{dates(line)}</p>
            {line.stage === 'consultation' && (
              <p className="quiet">
                已有 {line.opinions.total} 条意见
                {teaches && (line.hasMine ? '，您已提意见' : '，请您也看一看')}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

const columns: ListColumn<Row>[] = [
  { key: 'title', title: '制度', phone: 'title', render: (row) => row.title, sortBy: (row) => row.title },
  { key: 'kind', title: '类别', render: (row) => row.kindLabel, sortBy: (row) => row.kindLabel },
  {
    key: 'number',
    title: '文号',
    render: (row) => row.documentNumber || '—',
    sortBy: (row) => row.documentNumber,
  },
  {
    key: 'stage',
    title: '状态',
    phone: 'mark',
    render: (row) => <StateMark {...stageMark(row.stage)} />,
    sortBy: (row) => row.stage,
  },
  {
    key: 'clauses',
    title: '条数',
    align: 'end',
    render: (row) => `${row.clauses} 条`,
    sortBy: (row) => row.clauses,
  },
  {
    key: 'from',
    title: '施行',
    render: (row) =>
      row.inForceFrom === null
        ? '—'
        : row.inForceTo === null
          ? `${row.inForceFrom.slice(0, 4)}年${dayText(row.inForceFrom)}起`
          : `${row.inForceFrom} 至 ${row.inForceTo}`,
    sortBy: (row) => row.inForceFrom ?? '',
  },
  { key: 'source', title: '来源', render: (row) => row.from, sortBy: (row) => row.from },
]

function Standings({ rows, kinds }: { rows: Row[]; kinds: { id: string; label: string }[] }) {
  const [filters] = useFilters({ ended: '' })
  const [q, kind] = [filters.q ?? '', filters.kind ?? '']
  const shown = rows
    .filter((row) => kind === '' || row.kind === kind)
    .filter((row) => q === '' || row.title.includes(q) || row.documentNumber.includes(q))
  const used = new Set(rows.map((row) => row.kind))
  return (
    <DataList
      label="施行的制度"
      rows={shown}
      rowKey={(row) => row.versionId}
      columns={columns}
      href={(row) => paths.regulation(row.id, row.stage === 'inForce' ? undefined : row.version)}
      search="名称或文号"
      filters={[
        {
          key: 'kind',
          label: '类别',
          all: '全部类别',
          options: kinds
            .filter((one) => used.has(one.id))
            .map((one) => ({ value: one.id, label: one.label })),
        },
        {
          key: 'ended',
          label: '旧版',
          all: `只看${stageLabels.inForce}`,
          options: [{ value: '1', label: '连同旧版和已废止' }],
        },
      ]}
      exportHref={fileAddress(regulation.getRegulationListFile, {})}
      empty={{ title: '还没有施行的制度', sentence: '征求意见、校长批准以后，制度会出现在这里。' }}
    />
  )
}

interface StartValues {
  kind: string
  title: string
  numbering: Numbering
}

function StartForm({ kinds }: { kinds: { id: string; label: string }[] }) {
  const go = useGo()
  const [form] = Form.useForm<StartValues>()
  const start = useCommand(regulation.startRegulation, {
    inline: true,
    onSuccess: ({ id }) => go(`${paths.regulation(id)}?view=edit`),
  })
  return (
    <CommandForm<Parameters<typeof regulation.startRegulation>[0], { id: string }, StartValues>
      command={start}
      form={form}
      initial={{ numbering: 'article' }}
      toInput={(values) => values}
      submit="开始起草"
    >
      <Field name="kind" label="类别" required requiredMessage="请选择类别">
        <ChoiceInput options={kinds.map((kind) => ({ value: kind.id, label: kind.label }))} />
      </Field>
      <Field name="title" label="名称" required>
        <Input placeholder="例如：集体备课制度" maxLength={80} />
      </Field>
      <Field name="numbering" label="条文编号" required>
        <ChoiceInput options={Object.entries(numberingLabels).map(([value, label]) => ({ value, label }))} />
      </Field>
    </CommandForm>
  )
}
