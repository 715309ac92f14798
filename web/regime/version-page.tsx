import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { draftStateLabels } from '../../server/regime/words.ts'
import type { DraftPage } from '../../server/regime/drafts-contract.ts'
import { fileAddress, type Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { DateInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters, useGo, usePathParams } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { drafts } from './api.ts'
import { Readings } from './readings-parts.tsx'
import { showCurrent } from './regime-nav.tsx'
import { type Edits, FieldRow, pathKey, type Value } from './version-fields.tsx'
import { Remarks } from './part-editing.tsx'
import { PartsPart } from './version-parts.tsx'
import { type Editing, RulesPart } from './version-rules.tsx'
import { TrialPart } from './version-trial.tsx'
import { Changes, TextProblems } from './versions-page.tsx'
import './regime.css'

const parts = [
  { key: '', label: '规则' },
  { key: 'parts', label: '人群、表单、词表' },
  { key: 'settings', label: '设置' },
  { key: 'readings', label: '待定读法' },
  { key: 'text', label: '全文' },
  { key: 'trial', label: '试算' },
  { key: 'adopt', label: '提交与施行' },
] as const

/** One version of the school's regime: values by form, rules on and off, the text, a trial, and the way into force. */
export function VersionPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(drafts.getDraft, { id })
  const page = query.data
  return (
    <Page
      title={page ? `${page.title} 第 ${page.version} 版` : '制度版本'}
      width="normal"
      query={query}
      skeleton="form"
      back={{ to: paths.regimeVersions(), label: '本校版本' }}
      sentence={(data: Wire<DraftPage>) => sentenceOf(data)}
    >
      {(data: Wire<DraftPage>) => <Editor key={data.id} page={data} />}
    </Page>
  )
}

function sentenceOf(page: Wire<DraftPage>) {
  const open = page.readings.filter((row) => row.decided === null).length
  const off = page.rules.filter((rule) => rule.off !== null).length
  return [
    `${draftStateLabels[page.state]}。底稿是${page.originName}，已改 ${page.changes.length} 处`,
    ...(off > 0 ? [`停用 ${off} 条`] : []),
    ...(open > 0 ? [`还有 ${open} 项读法待确认`] : []),
  ]
    .join('，')
    .concat('。')
}

function Editor({ page }: { page: Wire<DraftPage> }) {
  const [filters, setFilters] = useFilters({ part: '' })
  const [edits, setEdits] = useState<Edits>({})
  const save = useCommand(drafts.saveValues, {
    success: '已保存。',
    inline: true,
    onSuccess: () => setEdits({}),
  })
  const editing: Editing = {
    edits,
    errors: save.error?.fields ?? {},
    change: (path: (string | number)[], value: Value) => {
      const key = pathKey(path)
      const saved = [...page.settings, ...page.rules.flatMap((rule) => rule.fields)].find(
        (field) => pathKey(field.path) === key,
      )
      setEdits((old) => {
        const { [key]: _gone, ...rest } = old
        return saved && JSON.stringify(saved.value) === JSON.stringify(value)
          ? rest
          : { ...rest, [key]: { path, value } }
      })
    },
  }
  const count = Object.keys(edits).length
  const warnings = page.rules.flatMap((rule) =>
    rule.remarks.filter((one) => one.severity === 'warning'),
  ).length
  const badges: Record<string, number> = {
    '': warnings,
    readings: page.readings.filter((row) => row.decided === null).length,
    adopt: page.problems.length,
  }
  return (
    <>
      <PartNav
        key={filters.part}
        part={filters.part}
        badges={badges}
        choose={(part) => setFilters({ part })}
      />
      {page.remark !== null && page.state === 'draft' && <Notice tone="soon">退回意见：{page.remark}</Notice>}
      {page.abilities.edit !== null && <Notice>{page.abilities.edit}</Notice>}
      {page.problems.length > 0 && <Problems page={page} />}
      {filters.part === '' && <RulesPart page={page} editing={editing} dirty={count > 0} />}
      {filters.part === 'parts' && <PartsPart id={page.id} remarks={page.remarks} dirty={count > 0} />}
      {filters.part === 'settings' && <SettingsPart page={page} editing={editing} />}
      {filters.part === 'readings' && (
        <Readings
          rows={page.readings}
          about={{ draftId: page.id }}
          blocked={page.abilities.edit}
          editing={editing}
          mayEdit={page.abilities.edit === null}
        />
      )}
      {filters.part === 'text' && <TextPart key={page.rowVersion} page={page} />}
      {filters.part === 'trial' && <TrialPart id={page.id} dirty={count > 0} />}
      {filters.part === 'adopt' && <AdoptPart page={page} dirty={count > 0} />}
      {count > 0 && (
        <div className="save-bar" role="region" aria-label="没有保存的修改">
          <span>
            有 <b className="figure">{count} 处</b>修改没有保存
          </span>
          {save.error && <span className="field-error">{save.error.message}</span>}
          <span className="tools-space" />
          <Button onClick={() => setEdits({})}>放弃修改</Button>
          <Button
            type="primary"
            loading={save.running}
            onClick={() =>
              void save.run({ id: page.id, rowVersion: page.rowVersion, changes: Object.values(edits) })
            }
          >
            保存
          </Button>
        </div>
      )}
    </>
  )
}

function PartNav({
  part: current,
  badges,
  choose,
}: {
  part: string
  badges: Record<string, number>
  choose: (part: string) => void
}) {
  const nav = useRef<HTMLElement>(null)
  useEffect(() => showCurrent(nav.current), [])
  return (
    <nav ref={nav} className="regime-nav no-print" aria-label="这一版">
      <ul>
        {parts.map((part) => (
          <li key={part.key}>
            <button
              type="button"
              aria-current={current === part.key ? 'page' : undefined}
              onClick={() => choose(part.key)}
            >
              {part.label}
              {(badges[part.key] ?? 0) > 0 && <span className="nav-badge">{badges[part.key]}</span>}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Problems({ page }: { page: Wire<DraftPage> }) {
  return (
    <Notice tone="late">
      <p>停用以后，有的规则失去了依据，改正前不能提交：</p>
      <ul className="text-problems">
        {page.problems.map((problem) => (
          <li key={`${problem.line} ${problem.message}`}>{problem.message}</li>
        ))}
      </ul>
    </Notice>
  )
}

function SettingsPart({ page, editing }: { page: Wire<DraftPage>; editing: Editing }) {
  const notes = page.settings.filter((field) => field.note !== null)
  return (
    <>
      <p className="quiet">
        共 {page.settings.length} 项；右边写着条款号的出自制度原文，写着说明的是原文没有写明、由学校设定的。
      </p>
      <Remarks remarks={page.remarks} />
      <div className="value-list sheet">
        {page.settings.map((field) => (
          <FieldRow
            key={field.path.join('.')}
            field={field}
            disabled={page.abilities.edit !== null}
            {...editing}
          />
        ))}
      </div>
      {notes.length > 0 && page.abilities.edit === null && (
        <details className="version-own">
          <summary>修改说明（{notes.length} 项）</summary>
          <div className="value-list">
            {notes.map((field) => (
              <FieldRow
                key={field.path.join('.')}
                field={{
                  ...field,
                  path: ['settings', String(field.path[1]), 'note'],
                  kind: 'text',
                  value: field.note,
                  note: null,
                  options: null,
                }}
                disabled={false}
                {...editing}
              />
            ))}
          </div>
        </details>
      )}
    </>
  )
}

function TextPart({ page }: { page: Wire<DraftPage> }) {
  const [text, setText] = useState(page.text)
  const [fileName, setFileName] = useState('全文')
  const save = useCommand(drafts.saveText, { success: '全文已保存。', inline: true })
  const blocked = page.abilities.edit
  return (
    <>
      <p className="quiet">
        这是制度数据的全文（YAML），给熟悉写法的人用。保存时整份检查，读不懂的指出哪一行、为什么，不会保存。
      </p>
      <div className="tools">
        <a className="tool-button" download href={fileAddress(drafts.getDraftFile, { id: page.id })}>
          <Icon name="download" size={18} />
          下载
        </a>
        {blocked === null && (
          <label className="tool-button">
            <Icon name="upload" size={18} />
            换成文件
            <input
              className="visually-hidden"
              type="file"
              accept=".yaml,.yml,.txt"
              onChange={(event) => {
                const file = event.target.files?.[0]
                if (file)
                  void file.text().then((content) => {
                    setText(content)
                    setFileName(file.name)
                  })
              }}
            />
          </label>
        )}
      </div>
      <TextProblems error={save.error} />
      <textarea
        className="native-text yaml-text"
        rows={32}
        spellCheck={false}
        aria-label="制度全文"
        readOnly={blocked !== null}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="form-actions text-actions">
        <DisabledBecause
          type="primary"
          reason={blocked ?? (text === page.text ? '没有修改' : null)}
          loading={save.running}
          onClick={() => void save.run({ id: page.id, rowVersion: page.rowVersion, text, fileName })}
        >
          检查并保存全文
        </DisabledBecause>
        {text !== page.text && <Button onClick={() => setText(page.text)}>恢复</Button>}
      </div>
    </>
  )
}

function AdoptPart({ page, dirty }: { page: Wire<DraftPage>; dirty: boolean }) {
  const go = useGo()
  const start =
    page.schoolYears.find((year) => year.id === page.schoolYearId) ??
    page.schoolYears.find((year) => year.from > page.today) ??
    page.schoolYears[0]
  const [yearId, setYearId] = useState(start?.id ?? '')
  const year = page.schoolYears.find((one) => one.id === yearId) ?? start
  const [from, setFrom] = useState(page.fromOn ?? firstDay(start, page.today))
  const [because, setBecause] = useState('')
  const [title, setTitle] = useState(page.title)
  const [version, setVersion] = useState(page.version)
  const submit = useCommand(drafts.submitDraft, { success: '已提交，等待确认。', inline: true })
  const confirm = useCommand(drafts.confirmDraft, {
    success: '已确认，到施行之日全校按这一版计算。',
    invalidate: ['regimeDrafts', 'regime', 'access'],
    inline: true,
    onSuccess: () => go(paths.regimeVersions()),
  })
  const giveBack = useCommand(drafts.returnDraft, { success: '已退回。', inline: true })
  const discard = useCommand(drafts.discardDraft, {
    success: '已作废。',
    onSuccess: () => go(paths.regimeVersions()),
  })
  const rename = useCommand(drafts.saveName, { success: '已保存名称和版本号。', inline: true })
  const open = page.readings.filter((row) => row.decided === null).length
  const taken = page.takenDays.includes(from)
  const late = year !== undefined && from > year.from
  const error = submit.error ?? confirm.error ?? giveBack.error ?? rename.error
  return (
    <>
      {open > 0 ? (
        <Notice tone="soon">
          还有 {open} 项读法没有确认（共 {page.readings.length}{' '}
          项）。可以先施行，但建议先在“待定读法”里逐项定下来。
        </Notice>
      ) : (
        <Notice tone="good">{page.readings.length} 项读法都已确认。</Notice>
      )}
      {error && (
        <p className="form-error" role="alert">
          {error.message}
        </p>
      )}
      {page.abilities.edit === null && (
        <Section title="名称和版本号">
          <div className="adopt-fields">
            <label className="filter version-origin">
              <span className="filter-label">名称</span>
              <input
                className="native-input"
                value={title}
                onChange={(event) => setTitle(event.target.value)}
              />
            </label>
            <label className="filter">
              <span className="filter-label">版本号</span>
              <input
                className="native-input"
                value={version}
                onChange={(event) => setVersion(event.target.value)}
              />
            </label>
            <DisabledBecause
              reason={title === page.title && version === page.version ? '没有修改' : null}
              loading={rename.running}
              onClick={() => void rename.run({ id: page.id, rowVersion: page.rowVersion, title, version })}
            >
              保存
            </DisabledBecause>
          </div>
        </Section>
      )}
      <Section title="和底稿的差别">
        <Changes changes={page.changes} none="和底稿没有差别。" />
      </Section>
      {page.state === 'draft' && (
        <Section title="提交" sentence="提交以后由校长（区级由教研员）确认。同一天不能有两个版本施行。">
          <div className="adopt-fields">
            <label className="filter">
              <span className="filter-label">学年</span>
              <select
                className="native-select"
                value={yearId}
                onChange={(event) => {
                  setYearId(event.target.value)
                  setFrom(
                    firstDay(
                      page.schoolYears.find((one) => one.id === event.target.value),
                      page.today,
                    ),
                  )
                }}
              >
                {page.schoolYears.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.id.replace('-', '—')}学年
                  </option>
                ))}
              </select>
            </label>
            <label className="filter">
              <span className="filter-label">施行日期</span>
              <DateInput
                value={from}
                onChange={setFrom}
                {...(year ? { min: year.from, max: year.to } : {})}
              />
            </label>
            <DisabledBecause
              type="primary"
              reason={
                page.abilities.submit ??
                (dirty ? '请先保存修改' : taken ? '这一天已有版本施行，请选另一天' : null)
              }
              loading={submit.running}
              onClick={() =>
                void submit.run({ id: page.id, rowVersion: page.rowVersion, schoolYearId: yearId, from })
              }
            >
              提交确认
            </DisabledBecause>
          </div>
          {late && (
            <Notice tone="soon">
              不从学年第一天起施行：学年按整学年评定，施行以后本学年已经过去的部分也按新版本重新计算，已完成的可能变成未完成。请先试算，并向教师说明。
            </Notice>
          )}
        </Section>
      )}
      {page.state === 'submitted' && (
        <Section
          title="确认"
          sentence={`${page.submittedByName ?? '教导处'}提交，拟自 ${page.fromOn?.slice(0, 4)}年${dayText(page.fromOn ?? page.today)}起施行。`}
        >
          {page.warnings.map((warning) => (
            <Notice key={warning} tone="soon">
              {warning}
            </Notice>
          ))}
          <div className="form-actions">
            <DisabledBecause
              type="primary"
              reason={page.abilities.confirm}
              loading={confirm.running}
              onClick={() => void confirm.run({ id: page.id, rowVersion: page.rowVersion })}
            >
              确认施行
            </DisabledBecause>
          </div>
          {page.abilities.return === null && (
            <div className="reason-row">
              <input
                className="native-input"
                aria-label="退回的原因"
                placeholder="退回的原因；提交人自己取回可以不写"
                value={because}
                onChange={(event) => setBecause(event.target.value)}
              />
              <Button loading={giveBack.running} onClick={() => void giveBack.run({ id: page.id, because })}>
                退回修改
              </Button>
            </div>
          )}
        </Section>
      )}
      {page.state === 'confirmed' && (
        <Notice tone="good">
          {page.decidedByName ?? '校长'}已确认，自{page.fromOn}
          起施行。要修改请在“本校版本”里以它为底稿另做一版。
        </Notice>
      )}
      {page.abilities.discard === null && (
        <p>
          <button
            type="button"
            className="tool-button"
            disabled={discard.running}
            onClick={() => void discard.run({ id: page.id })}
          >
            <Icon name="trash" size={18} />
            作废这一版
          </button>
        </p>
      )}
    </>
  )
}

/** The year's first day while it lies ahead; in a year that has begun, today. */
function firstDay(year: { from: string; to: string } | undefined, today: string): string {
  if (!year) return today
  return year.from > today ? year.from : today
}
