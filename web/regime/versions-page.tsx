import { Button } from 'antd'
import { useState } from 'react'
import { draftStateLabels } from '../../server/regime/words.ts'
import type {
  AdoptionLine,
  DraftLine,
  VersionsPage as Versions,
} from '../../server/regime/drafts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Link, LinkButton, useGo } from '../kit/link.tsx'
import { Empty, Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { drafts, parts, versionRooms } from './api.ts'
import { RegimeNav } from './regime-nav.tsx'

const dayWords = (day: string) => `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`

/** What a school made of its regime: versions being worked on, what was in force when, and what differed. */
export function VersionsPage() {
  const query = useApi(drafts.listVersions, {})
  return (
    <Page
      title={query.data?.isDistrict ? '区级制度版本' : '本校版本'}
      width="normal"
      query={query}
      skeleton="list"
      sentence={(page: Wire<Versions>) => sentenceOf(page)}
    >
      {(page: Wire<Versions>) => (
        <>
          <RegimeNav />
          <NewVersion page={page} />
          <Section title="修订中的版本" plain>
            {page.drafts.filter((one) => one.state !== 'confirmed').length === 0 ? (
              <p className="quiet">没有正在修订的版本。</p>
            ) : (
              <ul className="cards">
                {page.drafts
                  .filter((one) => one.state !== 'confirmed')
                  .map((one) => (
                    <DraftCard key={one.id} draft={one} />
                  ))}
              </ul>
            )}
          </Section>
          <Section
            title="施行的版本"
            sentence="过去的学年始终按当时施行的版本评定；新版本只从施行之日所在的学年起算。"
            plain
          >
            {page.adoptions.length === 0 ? (
              <Empty
                title="还没有施行的制度"
                sentence="可以直接采用一份随系统提供的制度，也可以先改成本校版本再提交。"
                action={<LinkButton to={paths.settings.regime()}>直接采用一份</LinkButton>}
              />
            ) : (
              <ol className="version-history">
                {page.adoptions.map((one) => (
                  <Adoption key={one.id} one={one} drafts={page.drafts} />
                ))}
              </ol>
            )}
          </Section>
        </>
      )}
    </Page>
  )
}

function sentenceOf(page: Wire<Versions>) {
  const current = page.adoptions.find((one) => one.current && one.level === 'school')
  const waiting = page.drafts.filter((one) => one.state === 'submitted').length
  const head = current
    ? `现行的是《${current.title}》第 ${current.version} 版，自${dayWords(current.fromOn)}起施行。`
    : '还没有施行本单位的制度。'
  return waiting > 0 ? `${head}有 ${waiting} 版等待确认。` : head
}

function NewVersion({ page }: { page: Wire<Versions> }) {
  const go = useGo()
  const [origin, setOrigin] = useState(page.origins[0]?.key ?? '')
  const [own, setOwn] = useState<{ text: string; fileName: string } | null>(null)
  const create = useCommand(drafts.createDraft, {
    success: '已建好底稿，现在可以逐项修改。',
    onSuccess: (made) => go(paths.regimeVersion(made.id)),
  })
  const read = useCommand(drafts.createFromText, {
    success: '文件已读入。',
    inline: true,
    onSuccess: (made) => go(paths.regimeVersion(made.id)),
  })
  const reason = page.abilities.create
  if (reason !== null) return <Notice>{reason}</Notice>
  return (
    <Section
      title="做一个新版本"
      sentence="以一份制度为底稿，改数值、停用不适合的规则；提交、确认以后才施行。"
    >
      <div className="adopt-fields">
        <label className="filter version-origin">
          <span className="filter-label">底稿</span>
          <select
            className="native-select"
            value={origin}
            onChange={(event) => setOrigin(event.target.value)}
          >
            {page.origins.map((one) => (
              <option key={one.key} value={one.key}>
                {one.label}（{one.note}）
              </option>
            ))}
          </select>
        </label>
        <Button
          type="primary"
          loading={create.running}
          disabled={origin === ''}
          onClick={() => void create.run({ origin })}
        >
          以它为底稿
        </Button>
      </div>
      <EmptyVersion />
      <details className="version-own" open={own !== null}>
        <summary>用自己的制度文件（YAML）</summary>
        <p className="quiet">
          随系统提供的制度里没有本校的，可以整份写好后读入。读不懂的会指出哪一行、为什么，不会采用。
        </p>
        <label className="field">
          <span className="field-label">选择文件</span>
          <input
            type="file"
            accept=".yaml,.yml,.txt"
            onChange={(event) => {
              const file = event.target.files?.[0]
              if (!file) return
              void file.text().then((text) => setOwn({ text, fileName: file.name }))
            }}
          />
        </label>
        <label className="field">
          <span className="field-label">或粘贴全文</span>
          <textarea
            className="native-text yaml-text"
            rows={10}
            spellCheck={false}
            value={own?.text ?? ''}
            placeholder={'id: wo-xiao\ntitle: 我校校本研修制度\nversion: "2026.1"\n…'}
            onChange={(event) =>
              setOwn({ text: event.target.value, fileName: own?.fileName ?? '粘贴的制度.yaml' })
            }
          />
        </label>
        <TextProblems error={read.error} />
        <Button
          loading={read.running}
          disabled={own === null || own.text.trim() === ''}
          onClick={() => own && void read.run(own)}
        >
          读入
        </Button>
      </details>
    </Section>
  )
}

/** For a regulation that is none of those that ship: a version without rules, to which they are added by form. */
function EmptyVersion() {
  const go = useGo()
  const [title, setTitle] = useState('')
  const [issuedBy, setIssuedBy] = useState('')
  const create = useCommand(parts.createEmpty, {
    invalidate: versionRooms,
    inline: true,
    success: '已建好，现在可以照着制度一条一条加规则。',
    onSuccess: (made) => go(paths.regimeVersion(made.id)),
  })
  return (
    <details className="version-own">
      <summary>从空白开始，照本校制度逐条加</summary>
      <div className="adopt-fields">
        <label className="filter version-origin">
          <span className="filter-label">制度名称</span>
          <input
            className="native-input"
            value={title}
            placeholder="例如：青山小学校本研修制度"
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <label className="filter">
          <span className="filter-label">由谁发布</span>
          <input
            className="native-input"
            value={issuedBy}
            placeholder="例如：青山小学"
            onChange={(event) => setIssuedBy(event.target.value)}
          />
        </label>
        <Button loading={create.running} onClick={() => void create.run({ title, issuedBy })}>
          新建
        </Button>
      </div>
      {create.error && (
        <p className="form-error" role="alert">
          {create.error.message}
        </p>
      )}
    </details>
  )
}

/** Every place of a text that could not be read. */
export function TextProblems({
  error,
}: {
  error: { message: string; fields: Record<string, string> } | null
}) {
  if (!error) return null
  const places = Object.entries(error.fields).map(([key, message]) => ({
    key,
    line: key.split(':')[0],
    message,
  }))
  return (
    <div className="form-error" role="alert">
      <p>{error.message}</p>
      {places.length > 1 && (
        <ul className="text-problems">
          {places.map((place) => (
            <li key={place.key}>
              第 {place.line} 行：{place.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function DraftCard({ draft }: { draft: Wire<DraftLine> }) {
  return (
    <li className="card">
      <div className="card-head">
        <Link to={paths.regimeVersion(draft.id)} className="card-title card-cover">
          {draft.title} 第 {draft.version} 版
        </Link>
        <span className={`version-state version-${draft.state}`}>{draftStateLabels[draft.state]}</span>
      </div>
      <p className="quiet">
        底稿：{draft.originName}
        {draft.createdByName !== null && ` · ${draft.createdByName}建`} · {momentText(draft.updatedAt)}改
      </p>
      {draft.state === 'submitted' && draft.fromOn !== null && (
        <p>
          {draft.submittedByName ?? '教导处'}提交，拟自{dayWords(draft.fromOn)}起施行。
        </p>
      )}
      {draft.remark !== null && <p className="version-remark">退回意见：{draft.remark}</p>}
    </li>
  )
}

function Adoption({ one, drafts: list }: { one: Wire<AdoptionLine>; drafts: Wire<DraftLine>[] }) {
  const [compare, setCompare] = useState(false)
  const [because, setBecause] = useState<string | null>(null)
  const command = useCommand(drafts.withdrawAdoption, {
    success: '已撤回，可以继续修改。',
    invalidate: ['regimeDrafts', 'regime'],
  })
  const own = list.find((draft) => draft.state === 'confirmed' && draft.version === one.version)
  return (
    <li className={`version-line${one.current ? ' version-current' : ''}`}>
      <div className="version-days">
        <b>{dayWords(one.fromOn)}</b>
        <span className="quiet">{one.toOn === null ? '起' : `至 ${dayWords(one.toOn)}`}</span>
      </div>
      <div className="version-what">
        <p>
          《{one.title}》第 {one.version} 版{one.current && <b className="preset-current">现行</b>}
          {one.level === 'district' && <span className="version-district">区级</span>}
        </p>
        <p className="quiet">
          {one.schoolYearId.replace('-', '—')}学年 · {one.adoptedByName ?? '系统'}确认于{' '}
          {momentText(one.adoptedAt)}
        </p>
        {one.switchedOff.length > 0 && (
          <p className="quiet">
            停用 {one.switchedOff.length} 条：
            {one.switchedOff.map((off) => `${off.title}（${off.because}）`).join('；')}
          </p>
        )}
        <div className="page-actions no-print">
          {one.earlierId !== null && (
            <button
              type="button"
              className="tool-button"
              aria-expanded={compare}
              onClick={() => setCompare(!compare)}
            >
              {compare ? '收起差别' : '与前一版的差别'}
            </button>
          )}
          {own && (
            <Link to={paths.regimeVersion(own.id)} className="tool-button">
              查看这一版
            </Link>
          )}
          {one.withdraw === null && because === null && (
            <button type="button" className="tool-button" onClick={() => setBecause('')}>
              撤回
            </button>
          )}
        </div>
        {because !== null && one.withdraw === null && (
          <div className="reason-row">
            <input
              className="native-input"
              aria-label="撤回的原因"
              placeholder="为什么撤回"
              value={because}
              onChange={(event) => setBecause(event.target.value)}
            />
            <DisabledBecause
              reason={because.trim().length < 2 ? '请写明原因' : null}
              loading={command.running}
              onClick={() => void command.run({ adoptionId: one.id, because })}
            >
              撤回
            </DisabledBecause>
            <Button onClick={() => setBecause(null)}>不撤回</Button>
          </div>
        )}
        {compare && one.earlierId !== null && <Difference newer={one.id} older={one.earlierId} />}
      </div>
    </li>
  )
}

function Difference({ newer, older }: { newer: string; older: string }) {
  const query = useApi(drafts.getDifference, { adoptionId: newer, againstId: older })
  if (query.error) return <p className="form-error">{query.error.message}</p>
  if (!query.data) return <p className="quiet">正在比较…</p>
  return <Changes changes={query.data.changes} none="内容没有差别。" />
}

/** Old and new values side by side. */
export function Changes({
  changes,
  none,
}: {
  changes: { kind: string; clause: string | null; label: string; old: string; new: string }[]
  none: string
}) {
  if (changes.length === 0) return <p className="quiet">{none}</p>
  return (
    <ul className="changes">
      {changes.map((change, index) => (
        <li key={`${change.label} ${index}`}>
          <span className="changes-label">
            {change.label}
            {change.clause !== null && <span className="clause">{change.clause}</span>}
          </span>
          {change.kind === 'added' ? (
            <span>
              <b className="changes-word">新增</b>
              {change.new}
            </span>
          ) : change.kind === 'removed' ? (
            <span>
              <b className="changes-word changes-gone">不再执行</b>
              <s>{change.old}</s>
            </span>
          ) : (
            <span>
              <s>{change.old}</s> → <b>{change.new}</b>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
