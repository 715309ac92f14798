import type { Direction } from '../../engine/compare.ts'
import { directionLabels } from '../../server/regime/words.ts'
import type { TrialPage } from '../../server/regime/drafts-contract.ts'
import { useFilters } from '../kit/link.tsx'
import { Empty, ErrorNotice, Notice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { drafts } from './api.ts'

const shown: Direction[] = ['worse', 'added', 'better', 'removed', 'changed']
const directionTone: Record<Direction, string> = {
  worse: 'overdue',
  added: 'dueSoon',
  better: 'done',
  removed: 'excused',
  changed: 'open',
}

/** Who would fare differently if the version had been in force in a school year. */
export function TrialPart({ id, dirty }: { id: string; dirty: boolean }) {
  const [filters, setFilters] = useFilters({ year: '', rule: '', way: '' })
  const query = useApi(
    drafts.getTrial,
    {
      id,
      ...(filters.year === '' ? {} : { schoolYearId: filters.year }),
      ...(filters.rule === '' ? {} : { ruleId: filters.rule }),
    },
    { keep: true, staleTime: 60_000 },
  )
  const page = query.data
  if (query.error && !page) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!page) return <Skeleton shape="list" rows={8} />
  const rows = page.rows.filter((row) => filters.way === '' || row.direction === filters.way)
  return (
    <>
      {dirty && <Notice tone="soon">还有没保存的修改，试算的是已保存的内容。请先保存再看。</Notice>}
      <p className="trial-sentence">{sentenceOf(page)}</p>
      <div className="tools tools-labelled">
        <label className="filter">
          <span className="filter-label">学年</span>
          <select
            className="native-select"
            value={page.schoolYearId}
            onChange={(event) => setFilters({ year: event.target.value })}
          >
            {page.years.map((year) => (
              <option key={year} value={year}>
                {year.replace('-', '—')}学年
              </option>
            ))}
          </select>
        </label>
        <label className="filter">
          <span className="filter-label">规则</span>
          <select
            className="native-select"
            value={filters.rule}
            onChange={(event) => setFilters({ rule: event.target.value })}
          >
            <option value="">全部有变化的规则（{page.rules.length}）</option>
            {page.rules.map((rule) => (
              <option key={rule.ruleId} value={rule.ruleId}>
                {rule.clause} {rule.title}（变差 {rule.worse}，变好 {rule.better}）
              </option>
            ))}
          </select>
        </label>
        <div className="segments" role="group" aria-label="变化">
          <button type="button" aria-pressed={filters.way === ''} onClick={() => setFilters({ way: '' })}>
            全部
          </button>
          {shown
            .filter((way) => page.subjects[way] > 0)
            .map((way) => (
              <button
                key={way}
                type="button"
                aria-pressed={filters.way === way}
                onClick={() => setFilters({ way })}
              >
                {directionLabels[way]} {page.subjects[way]}
              </button>
            ))}
        </div>
      </div>
      {rows.length === 0 ? (
        <Empty
          title="没有人受影响"
          sentence="按这个学年的记录，新版本和当时的制度得出同样的结果。改几个数值再试。"
        />
      ) : (
        <ul className="trial-rows">
          {rows.map((row) => (
            <li key={`${row.subject.id} ${row.ruleId} ${row.direction} ${row.period}`} className="trial-row">
              <span className="trial-who">
                <b>{row.subject.name}</b>
                <span className={`trial-way tone-${directionTone[row.direction]}`}>
                  {directionLabels[row.direction]}
                </span>
              </span>
              <span>
                {row.title} <span className="clause">{row.clause}</span>
                <span className="quiet trial-period">
                  {row.periods > 1 ? `${row.periods} 期，例如${row.period}` : row.period}
                </span>
              </span>
              <Side word="原来" side={row.old} />
              <Side word="新版" side={row.new} />
            </li>
          ))}
        </ul>
      )}
      {page.total > page.rows.length && (
        <p className="quiet">
          共 {page.total} 项变化，这里列出最要紧的 {page.rows.length} 项；选一条规则可以看全。
        </p>
      )}
    </>
  )
}

function sentenceOf(page: TrialPage): string {
  const against = page.against ? `《${page.against.title}》第 ${page.against.version} 版` : '没有制度'
  const parts = shown
    .filter((way) => page.subjects[way] > 0)
    .map((way) => `${page.subjects[way]} ${way === 'added' ? '个对象' : '人（组）'}${directionLabels[way]}`)
  const what = parts.length === 0 ? '结果没有变化' : parts.join('，')
  return `用${page.schoolYearId.replace('-', '—')}学年 ${page.people} 人的记录试算，与${against}相比：${what}。试算只看不改，用时 ${(page.milliseconds / 1000).toFixed(1)} 秒。`
}

function Side({ word, side }: { word: string; side: TrialPage['rows'][number]['old'] }) {
  return (
    <span className="trial-side">
      <span className="quiet">{word}</span>
      {side ? (
        <span className="trial-figure" title={side.sentence}>
          <StateGlyph state={side.state} size={16} />
          {side.figure}
          <span className="quiet trial-sentence-small">{side.sentence}</span>
        </span>
      ) : (
        <span className="quiet">不作要求</span>
      )}
    </span>
  )
}
