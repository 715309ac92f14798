import { Button } from 'antd'
import { useState } from 'react'
import {
  type ConfirmationResult,
  confirmationLabels,
  confirmationResults,
} from '../../server/regime/words.ts'
import type { DutiesPage as Data, DutyPeriod, DutyRow } from '../../server/regime/results-contract.ts'
import { useHasRole } from '../access/session.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { fileAddress, type Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { FileUpload } from '../kit/file-upload.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Notice, Page } from '../kit/page.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { files } from '../work/api.ts'
import { results } from './api.ts'
import { RegimeNav } from './regime-nav.tsx'

const kindOf = (kind: string) => (kind === 'unit' || kind === 'person' ? kind : 'organisation')
const stateOf = { done: 'done', notDone: 'overdue', notDue: 'excused' } as const

/** What the program cannot judge: the person responsible says of each clause and period whether it was done. */
export function DutiesPage() {
  const school = useSchool()
  const [filters, setFilters] = useFilters({ kind: '', of: '', show: '' })
  const query = useApi(
    results.listDuties,
    filters.of === '' ? {} : { subject: { kind: kindOf(filters.kind), id: filters.of } },
    { keep: true },
  )
  return (
    <Page
      title="人工确认"
      width="normal"
      query={query}
      skeleton="list"
      sentence={(page: Wire<Data>) => sentenceOf(page)}
    >
      {(page: Wire<Data>) => (
        <>
          <RegimeNav />
          <div className="tools tools-labelled">
            {page.subjects.length > 0 && (
              <label className="filter">
                <span className="filter-label">对象</span>
                <select
                  className="native-select"
                  value={`${page.subject.kind}:${page.subject.id}`}
                  onChange={(event) => {
                    const [kind = '', id = ''] = event.target.value.split(':')
                    setFilters({ kind, of: id })
                  }}
                >
                  <optgroup label="学校和小组">
                    {page.subjects
                      .filter((one) => one.kind !== 'person')
                      .map((one) => (
                        <option key={one.id} value={`${one.kind}:${one.id}`}>
                          {one.name}
                        </option>
                      ))}
                  </optgroup>
                  <optgroup label="教师">
                    {page.subjects
                      .filter((one) => one.kind === 'person')
                      .map((one) => (
                        <option key={one.id} value={`${one.kind}:${one.id}`}>
                          {one.name}
                        </option>
                      ))}
                  </optgroup>
                </select>
              </label>
            )}
            <div className="segments" role="group" aria-label="显示">
              {[
                { key: '', label: '全部' },
                { key: 'open', label: `待确认 ${page.counts.open}` },
                {
                  key: 'said',
                  label: `已确认 ${page.counts.done + page.counts.notDone + page.counts.notDue}`,
                },
              ].map((one) => (
                <button
                  key={one.key}
                  type="button"
                  aria-pressed={filters.show === one.key}
                  onClick={() => setFilters({ show: one.key })}
                >
                  {one.label}
                </button>
              ))}
            </div>
          </div>
          {page.abilities.confirm !== null && page.rows.length > 0 && (
            <Notice>{page.abilities.confirm}</Notice>
          )}
          <Rows page={page} show={filters.show} />
          {page.rows.length === 0 && (
            <Empty
              title="没有要人工确认的条款"
              sentence="现行制度对这个对象没有只能由人判断的要求，或者进度还没有算出。"
              action={<LinkButton to={inSchool(paths.regime(), school)}>看制度全文</LinkButton>}
            />
          )}
          {page.withdrawn.length > 0 && (
            <details className="version-own">
              <summary>撤回过的 {page.withdrawn.length} 次确认</summary>
              <ul className="text-problems">
                {page.withdrawn.map((one, index) => (
                  <li key={`${one.title} ${index}`}>
                    {one.title}（{one.period}）：{one.by ?? '系统'}于{dayText(one.on)}撤回，{one.because}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </Page>
  )
}

function sentenceOf(page: Wire<Data>): string {
  const { open, done, notDone, notDue } = page.counts
  const said = done + notDone + notDue
  if (open + said === 0) return '有的条款没有可以计算的记录，由负责的人确认。'
  return `${page.subject.name}本学年还有 ${open} 项等人确认；已确认 ${said} 项，其中做到 ${done} 项、没有做到 ${notDone} 项、本期不要求 ${notDue} 项。确认的结果单独统计，不和按记录计算的混在一起。`
}

function Rows({ page, show }: { page: Wire<Data>; show: string }) {
  const fits = (period: Wire<DutyPeriod>, row: Wire<DutyRow>) =>
    show === '' ||
    (show === 'open' ? period.confirmation === null && row.kind === 'manual' : period.confirmation !== null)
  const rows = page.rows
    .map((row) => ({ ...row, periods: row.periods.filter((period) => fits(period, row)) }))
    .filter((row) => row.periods.length > 0)
  const manual = rows.filter((row) => row.kind === 'manual')
  const acts = rows.filter((row) => row.kind === 'act')
  if (rows.length === 0 && page.rows.length > 0) return <p className="quiet">没有符合的条款。</p>
  return (
    <>
      <ul className="duty-list">
        {manual.map((row) => (
          <Duty key={row.ruleId} page={page} row={row} />
        ))}
      </ul>
      {acts.length > 0 && (
        <>
          <h2 className="duty-head">按记录计算、可以声明本期不要求的</h2>
          <ul className="duty-list">
            {acts.map((row) => (
              <Duty key={row.ruleId} page={page} row={row} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Duty({ page, row }: { page: Wire<Data>; row: Wire<DutyRow> }) {
  return (
    <li className="duty">
      <p className="duty-title">
        <b>{row.title}</b> <span className="clause">{row.clause}</span>
        {row.level === 'district' && <span className="version-district">区级</span>}
      </p>
      <p>{row.text}</p>
      <p className="quiet">{row.because}</p>
      <ul className="duty-periods">
        {row.periods.map((period) => (
          <Period key={period.id} page={page} row={row} period={period} />
        ))}
      </ul>
    </li>
  )
}

function Period({ page, row, period }: { page: Wire<Data>; row: Wire<DutyRow>; period: Wire<DutyPeriod> }) {
  const [asking, setAsking] = useState<ConfirmationResult | null>(null)
  const [withdrawing, setWithdrawing] = useState(false)
  const said = period.confirmation
  return (
    <li className="duty-period">
      <div className="duty-line">
        <StateGlyph state={said ? stateOf[said.result] : period.state} size={18} />
        <span>{period.label}</span>
        {said ? (
          <span>
            <b>{confirmationLabels[said.result]}</b>
            {said.sentence !== '' && `：${said.sentence}`}
            <span className="quiet">
              {' '}
              {said.byName ?? '系统'}
              {dayText(said.on)}确认
            </span>
            {said.link !== null && (
              <a href={said.link} target="_blank" rel="noreferrer" className="why">
                依据
              </a>
            )}
          </span>
        ) : page.abilities.confirm === null ? (
          <span className="duty-buttons">
            {(row.kind === 'manual' ? confirmationResults : (['notDue'] as const)).map((result) => (
              <Button
                key={result}
                size="small"
                {...(asking === result ? { type: 'primary' as const } : {})}
                onClick={() => setAsking(asking === result ? null : result)}
              >
                {confirmationLabels[result]}
              </Button>
            ))}
          </span>
        ) : (
          <span className="quiet">等人确认</span>
        )}
        {said?.withdraw === null && !withdrawing && (
          <button type="button" className="tool-button" onClick={() => setWithdrawing(true)}>
            撤回
          </button>
        )}
      </div>
      {said && <Proof said={said} />}
      {asking !== null && !said && (
        <Say page={page} row={row} period={period} result={asking} close={() => setAsking(null)} />
      )}
      {withdrawing && said && <Withdraw id={said.id} close={() => setWithdrawing(false)} />}
    </li>
  )
}

function Proof({ said }: { said: NonNullable<Wire<DutyPeriod>['confirmation']> }) {
  const mayAttach = useHasRole('teacher') && said.withdraw === null
  if (!mayAttach && said.attachments.length === 0) return null
  return (
    <div className="duty-proof">
      {said.attachments.map((file) => (
        <a
          key={file.id}
          href={fileAddress(files.getAttachment, { id: file.id })}
          target="_blank"
          rel="noreferrer"
        >
          <Icon name="document" size={16} /> {file.name}
        </a>
      ))}
      {mayAttach && (
        <details>
          <summary>加附件作依据</summary>
          <FileUpload
            call={files.uploadAttachment}
            input={{ room: 'confirmation', id: said.id }}
            label="添加附件"
            hint="照片、Word、PDF 等，每个不超过 20 MB"
            multiple
            onUploaded={() => invalidate(['regimeResults'])}
          />
        </details>
      )}
    </div>
  )
}

function Say({
  page,
  row,
  period,
  result,
  close,
}: {
  page: Wire<Data>
  row: Wire<DutyRow>
  period: Wire<DutyPeriod>
  result: ConfirmationResult
  close: () => void
}) {
  const [sentence, setSentence] = useState('')
  const [link, setLink] = useState('')
  const command = useCommand(results.confirmDuty, {
    success: '已记下。',
    inline: true,
    invalidate: ['regimeResults', 'regime'],
    onSuccess: close,
  })
  const { kind, id } = page.subject
  return (
    <div className="duty-say">
      <label className="field">
        <span className="field-label">
          一句话说明{result === 'done' && <span className="optional">选填</span>}
        </span>
        <input
          className="native-input"
          value={sentence}
          placeholder={
            result === 'done'
              ? '例如：账目 11 月 18 日核对，手续齐全'
              : result === 'notDone'
                ? '缺什么、打算怎么补'
                : '为什么本期不要求'
          }
          onChange={(event) => setSentence(event.target.value)}
        />
      </label>
      <label className="field">
        <span className="field-label">
          链接<span className="optional">选填</span>
        </span>
        <input
          className="native-input"
          type="url"
          value={link}
          placeholder="https://"
          onChange={(event) => setLink(event.target.value)}
        />
      </label>
      {command.error && (
        <p className="form-error" role="alert">
          {command.error.message}
        </p>
      )}
      <div className="form-actions">
        <DisabledBecause
          type="primary"
          reason={result !== 'done' && sentence.trim().length < 4 ? '请用一句话写明情况' : null}
          loading={command.running}
          onClick={() =>
            void command.run({
              subject: { kind, id },
              ruleId: row.ruleId,
              periodId: period.id,
              result,
              sentence,
              ...(link === '' ? {} : { link }),
            })
          }
        >
          确认：{confirmationLabels[result]}
        </DisabledBecause>
        <Button onClick={close}>取消</Button>
      </div>
    </div>
  )
}

function Withdraw({ id, close }: { id: string; close: () => void }) {
  const [because, setBecause] = useState('')
  const command = useCommand(results.withdrawConfirmation, {
    success: '已撤回，重新等待确认。',
    invalidate: ['regimeResults', 'regime'],
    onSuccess: close,
  })
  return (
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
        onClick={() => void command.run({ confirmationId: id, because })}
      >
        撤回
      </DisabledBecause>
      <Button onClick={close}>不撤回</Button>
    </div>
  )
}
