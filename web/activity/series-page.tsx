import { Button, Input } from 'antd'
import { useState } from 'react'
import { parityLabels, weekdayLabels } from '../../server/slot/words.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { ChoiceInput, CommandForm, Field, TimeInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, ErrorNotice, Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { dayText, weekdayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { series, type SeriesView } from './api.ts'
import { ActivityStatusMark } from './parts.tsx'
import '../kit/data-list.css'
import './activity.css'
import './series.css'

type Proposal = NonNullable<SeriesView['proposal']>
type Row = SeriesView['existing'][number]
const stale = ['series', 'activity'] as const
const options = (list: { id: string; name?: string; label?: string }[]) =>
  list.map((one) => ({ value: one.id, label: one.name ?? one.label ?? '' }))

/** The activities of a group for a term: laid out in one step, themes in one table, turns changed with a reason. */
export function SeriesPage() {
  const [filters, setFilters] = useFilters({ unit: '', term: '', weekday: '', parity: '', kind: '' })
  const query = useApi(
    series.getSeries,
    {
      ...(filters.unit === '' ? {} : { unitId: filters.unit }),
      ...(filters.term === '' ? {} : { termId: filters.term }),
      ...(filters.weekday === '' ? {} : { weekday: Number(filters.weekday) }),
      ...(filters.parity === '' ? {} : { parity: filters.parity as 'odd' }),
      ...(filters.kind === '' ? {} : { kind: filters.kind }),
    },
    { keep: true },
  )
  return (
    <Page
      title="学期活动安排"
      width="wide"
      back={{ to: paths.activities(), label: '研修活动' }}
      query={query}
      skeleton="board"
      sentence={(view) => headline(view)}
    >
      {(view) => (
        <>
          <div className="tools series-tools no-print">
            {view.units.length > 1 && (
              <ChoiceInput
                aria-label="组"
                value={view.unit?.id ?? ''}
                onChange={(unit) => setFilters({ unit })}
                options={options(view.units)}
              />
            )}
            {view.terms.length > 1 && (
              <ChoiceInput
                aria-label="学期"
                value={view.term?.id ?? ''}
                onChange={(term) => setFilters({ term })}
                options={options(view.terms)}
              />
            )}
            <span className="tools-space" />
            {view.existing.length > 0 && view.unit && view.term && (
              <a
                className="tool-button"
                href={fileAddress(series.getSeriesFile, { unitId: view.unit.id, termId: view.term.id })}
                download
              >
                <Icon name="download" size={16} />
                Excel
              </a>
            )}
          </div>
          {view.unit === null ? (
            <Empty
              title="您还没有负责的组。"
              sentence="由教导处指定组长后，就能在这里一次排好全学期的活动。"
            />
          ) : view.term === null ? (
            <Empty title="还没有设置学期。" sentence="请教导处先在“校历”里设置学期起止。" />
          ) : (
            <Body view={view} filters={filters} setFilters={setFilters} />
          )}
        </>
      )}
    </Page>
  )
}

function headline(view: SeriesView): string {
  if (!view.unit || !view.term) return '先选组和学期。'
  const open = view.existing.filter((row) => row.theme === '').length
  const first = `${view.unit.name}${view.term.name}已安排 ${view.existing.length} 次活动`
  return open > 0 ? `${first}，还有 ${open} 次没有定主题。` : `${first}。`
}

function Body({
  view,
  filters,
  setFilters,
}: {
  view: SeriesView
  filters: Record<string, string | undefined>
  setFilters: (values: Record<string, string>) => void
}) {
  const [laying, setLaying] = useState(false)
  const proposal = view.proposal
  const showProposal = proposal !== null && (laying || view.existing.length === 0)
  return (
    <>
      {view.repairs.length > 0 && <Repairs view={view} />}
      {view.existing.length > 0 && (
        <Existing key={view.existing.map((row) => row.theme).join()} view={view} />
      )}
      {showProposal ? (
        <ProposalForm
          key={`${view.unit?.id} ${view.term?.id} ${proposal.weekday} ${proposal.parity} ${proposal.kind} ${proposal.rows.length}`}
          view={view}
          proposal={proposal}
          filters={filters}
          setFilters={setFilters}
          close={() => setLaying(false)}
        />
      ) : (
        proposal !== null && (
          <p>
            <Button onClick={() => setLaying(true)} icon={<Icon name="plus" size={16} />}>
              再排一组日期
            </Button>
          </p>
        )
      )}
      {proposal === null && view.existing.length === 0 && (
        <Empty title="这个学期已经结束，没有排过活动。" sentence="请选择本学期或下学期。" />
      )}
      <Section title="发言次数" sentence="轮转按本学期次数，再按上学期次数，从少到多。">
        <ul className="series-counts">
          {view.members.map((member) => (
            <li key={member.id}>
              <b>{member.name}</b>
              <span className="quiet">
                本学期 {member.spoken} 次，上学期 {member.spokenBefore} 次{member.away && ' · 现在请长假'}
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

function Repairs({ view }: { view: SeriesView }) {
  const command = useCommand(series.repairRotation, {
    success: (done) => `已改 ${done.changed} 次，原因已记下。`,
    invalidate: stale,
  })
  const [reason, setReason] = useState('')
  const of = (id: string) => view.existing.find((row) => row.activityId === id)
  return (
    <Section title="发言人要调整" sentence="调离、请长假或还没有定人的，按轮转提出人选，可一次采用。">
      <ul className="series-counts">
        {view.repairs.map((repair) => {
          const row = of(repair.activityId)
          return (
            <li key={repair.activityId}>
              <b>{row ? `${dayText(row.day)} ${weekdayText(row.day)}` : ''}</b>
              <span>
                {row?.speakerProblem ?? '还没有定人'}，建议由{repair.speakerName}发言
              </span>
            </li>
          )
        })}
      </ul>
      <form
        className="series-reason"
        onSubmit={(event) => {
          event.preventDefault()
          void command.run({
            unitId: view.unit?.id ?? '',
            reason,
            rows: view.repairs.map(({ activityId, speakerId }) => ({ activityId, speakerId })),
          })
        }}
      >
        <Input
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder="原因，例如：林老师调离"
          aria-label="换人的原因"
          maxLength={200}
        />
        <Button type="primary" htmlType="submit" loading={command.running}>
          全部采用
        </Button>
      </form>
    </Section>
  )
}

function dayCell(row: Pick<Row, 'day' | 'movedFrom' | 'weekLabel'>) {
  return (
    <>
      <b>{dayText(row.day)}</b> {weekdayText(row.day)}
      <span className="quiet series-week">
        {row.weekLabel}
        {row.movedFrom && ` · 由${dayText(row.movedFrom)}顺延`}
      </span>
    </>
  )
}

/** What stands: themes in one table; a turn is changed with another one. */
function Existing({ view }: { view: SeriesView }) {
  const [themes, setThemes] = useState<Record<string, string>>({})
  const [swapping, setSwapping] = useState<string | null>(null)
  const save = useCommand(series.saveThemes, {
    success: (done) => `已保存 ${done.saved} 个主题。`,
    invalidate: stale,
    onSuccess: () => setThemes({}),
  })
  const changedIds = Object.keys(themes)
  return (
    <Section
      title="已经安排"
      aside={
        <DisabledBecause
          type="primary"
          size="small"
          loading={save.running}
          reason={view.abilities.plan ?? (changedIds.length === 0 ? '改了主题再保存。' : null)}
          onClick={() =>
            void save.run({
              unitId: view.unit?.id ?? '',
              rows: changedIds.map((activityId) => ({ activityId, theme: themes[activityId] ?? '' })),
            })
          }
        >
          保存主题
        </DisabledBecause>
      }
    >
      <ul className="series-rows">
        {view.existing.map((row) => {
          const id = row.activityId ?? ''
          const isOpen = row.status === 'planned'
          return (
            <li key={id}>
              <div className="series-day">{dayCell(row)}</div>
              <div className="series-theme">
                {isOpen ? (
                  <Input
                    value={themes[id] ?? row.theme}
                    placeholder="主题待定"
                    maxLength={120}
                    aria-label={`${dayText(row.day)}的主题`}
                    onChange={(event) => setThemes({ ...themes, [id]: event.target.value })}
                  />
                ) : (
                  row.theme
                )}
                <span className="quiet">{row.kindLabel}</span>
              </div>
              <div className="series-speaker">
                <span>
                  {row.speaker?.name ?? '发言人未定'}
                  {row.swaps > 0 && <small className="quiet"> · 换过 {row.swaps} 次</small>}
                </span>
                {row.speakerProblem && <small className="series-problem">{row.speakerProblem}</small>}
              </div>
              <div className="series-state">
                {row.status && <ActivityStatusMark status={row.status} />}
                {isOpen && row.speaker && (
                  <Button size="small" onClick={() => setSwapping(swapping === id ? null : id)}>
                    对调
                  </Button>
                )}
                <Link to={paths.activity(id)}>打开</Link>
              </div>
              {swapping === id && <SwapForm view={view} row={row} close={() => setSwapping(null)} />}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function SwapForm({ view, row, close }: { view: SeriesView; row: Row; close: () => void }) {
  const command = useCommand(series.swapTurns, {
    inline: true,
    success: '已对调，两次都记下了原因。',
    invalidate: stale,
  })
  const others = view.existing.filter(
    (other) => other.status === 'planned' && other.speaker && other.speaker.id !== row.speaker?.id,
  )
  return (
    <div className="series-swap">
      <CommandForm
        command={command}
        submit="对调"
        toInput={(values: { withActivityId: string; reason: string }) => ({
          activityId: row.activityId ?? '',
          ...values,
        })}
        onDone={close}
        extra={<Button onClick={close}>不换了</Button>}
      >
        <div className="form-pair">
          <Field name="withActivityId" label={`${row.speaker?.name ?? ''}与谁对调`} required>
            <ChoiceInput
              options={others.map((other) => ({
                value: other.activityId ?? '',
                label: `${dayText(other.day)} ${other.speaker?.name ?? ''}`,
              }))}
            />
          </Field>
          <Field name="reason" label="原因" required>
            <Input maxLength={200} />
          </Field>
        </div>
      </CommandForm>
    </div>
  )
}

/** The term as it would be: dates from the calendar, speakers in turn; everything may be changed before it is laid out. */
function ProposalForm({
  view,
  proposal,
  filters,
  setFilters,
  close,
}: {
  view: SeriesView
  proposal: Proposal
  filters: Record<string, string | undefined>
  setFilters: (values: Record<string, string>) => void
  close: () => void
}) {
  const [rows, setRows] = useState(proposal.rows.map((row) => ({ ...row, isIn: true })))
  const [times, setTimes] = useState({
    startTime: proposal.startTime,
    endTime: proposal.endTime,
    place: proposal.place,
    hostId: proposal.hostId ?? '',
    recorderId: proposal.recorderId ?? '',
  })
  const command = useCommand(series.createSeries, { inline: true, invalidate: [...stale, 'slot', 'agenda'] })
  const chosen = rows.filter((row) => row.isIn)
  const patch = (index: number, change: Partial<(typeof rows)[number]>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
  const people = view.members.map((member) => ({ value: member.id, label: member.name }))
  async function layOut(): Promise<void> {
    const done = await command.run({
      unitId: view.unit?.id ?? '',
      termId: view.term?.id ?? '',
      weekday: proposal.weekday,
      parity: proposal.parity,
      startTime: times.startTime,
      endTime: times.endTime,
      place: times.place,
      hostId: times.hostId || null,
      recorderId: times.recorderId || null,
      rows: chosen.map((row) => ({
        day: row.day,
        movedFrom: row.movedFrom,
        kind: row.kind,
        theme: row.theme,
        speakerId: row.speaker?.id ?? null,
      })),
    })
    if (!done) return
    notify([`已排好 ${done.created} 次活动。`, ...done.warnings.slice(0, 1)].join(''), {
      kind: done.warnings.length > 0 ? 'plain' : 'success',
    })
    close()
  }
  return (
    <Section
      title="排出整个学期"
      sentence={proposal.slot ? `按固定时间${proposal.slot}排。${proposal.sentence}` : proposal.sentence}
    >
      <div className="series-settings">
        <label>
          星期
          <ChoiceInput
            value={filters.weekday || String(proposal.weekday)}
            onChange={(weekday) => setFilters({ weekday })}
            options={weekdayLabels.slice(0, 5).map((label, index) => ({ value: String(index + 1), label }))}
          />
        </label>
        <label>
          周次
          <ChoiceInput
            value={proposal.parity}
            onChange={(parity) => setFilters({ parity })}
            options={Object.entries(parityLabels).map(([value, label]) => ({ value, label }))}
          />
        </label>
        <label>
          类别
          <ChoiceInput
            value={proposal.kind}
            onChange={(kind) => setFilters({ kind })}
            options={options(view.kinds)}
          />
        </label>
        <label>
          开始
          <TimeInput value={times.startTime} onChange={(startTime) => setTimes({ ...times, startTime })} />
        </label>
        <label>
          结束
          <TimeInput value={times.endTime} onChange={(endTime) => setTimes({ ...times, endTime })} />
        </label>
        <label>
          地点
          <Input
            value={times.place}
            maxLength={80}
            onChange={(event) => setTimes({ ...times, place: event.target.value })}
          />
        </label>
        <label>
          主持人
          <ChoiceInput
            value={times.hostId}
            empty="暂不指定"
            onChange={(hostId) => setTimes({ ...times, hostId })}
            options={people}
          />
        </label>
        <label>
          记录人
          <ChoiceInput
            value={times.recorderId}
            empty="暂不指定"
            onChange={(recorderId) => setTimes({ ...times, recorderId })}
            options={people}
          />
        </label>
      </div>
      {proposal.skipped.length > 0 && (
        <p className="quiet">
          不排的日子：{proposal.skipped.map((one) => `${dayText(one.day)}（${one.because}）`).join('、')}
        </p>
      )}
      {rows.length === 0 ? (
        <Notice tone="rest">这个学期剩下的这些日子都已经排了活动，或都不上课。请换一个星期或周次。</Notice>
      ) : (
        <ul className="series-rows">
          {rows.map((row, index) => (
            <li key={row.day} className={row.isIn ? undefined : 'series-out'}>
              <div className="series-day">
                <label>
                  <input
                    type="checkbox"
                    checked={row.isIn}
                    aria-label={`${dayText(row.day)}排一次`}
                    onChange={(event) => patch(index, { isIn: event.target.checked })}
                  />{' '}
                  {dayCell(row)}
                </label>
              </div>
              <div className="series-theme">
                <Input
                  value={row.theme}
                  placeholder="主题可以以后再写"
                  maxLength={120}
                  disabled={!row.isIn}
                  aria-label={`${dayText(row.day)}的主题`}
                  onChange={(event) => patch(index, { theme: event.target.value })}
                />
              </div>
              <div className="series-speaker">
                <ChoiceInput
                  aria-label={`${dayText(row.day)}的中心发言人`}
                  value={row.speaker?.id ?? ''}
                  empty="发言人未定"
                  disabled={!row.isIn}
                  onChange={(id) =>
                    patch(index, {
                      speaker:
                        id === ''
                          ? null
                          : { id, name: view.members.find((one) => one.id === id)?.name ?? '' },
                    })
                  }
                  options={people}
                />
              </div>
              <div className="series-state">
                {view.kinds.length > 1 && (
                  <ChoiceInput
                    aria-label={`${dayText(row.day)}的类别`}
                    value={row.kind}
                    disabled={!row.isIn}
                    onChange={(kind) => patch(index, { kind })}
                    options={options(view.kinds)}
                  />
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {command.error && <ErrorNotice error={command.error} />}
      {rows.length > 0 && (
        <div className="form-actions">
          <DisabledBecause
            type="primary"
            size="large"
            loading={command.running}
            reason={view.abilities.plan ?? (chosen.length === 0 ? '请至少留下一次活动。' : null)}
            onClick={() => void layOut()}
          >
            一次排好 {String(chosen.length)} 次活动
          </DisabledBecause>
          {view.existing.length > 0 && <Button onClick={close}>先不排</Button>}
        </div>
      )}
    </Section>
  )
}
