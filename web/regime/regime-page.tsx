import type { RegimeClause, RegimePage as RegimeData } from '../../server/regime/contract.ts'
import { inSchool, regime, useSchool } from '../board/api.ts'
import { Freshness } from '../board/parts.tsx'
import { Bar } from '../kit/figures.tsx'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { RegimeNav } from './regime-nav.tsx'
import './regime.css'

/** The regulation that is in force, to be read like its paper, with how each clause is kept. */
export function RegimePage() {
  const school = useSchool()
  const [filters, setFilters] = useFilters({ adoption: '' })
  const query = useApi(
    regime.getRegimePage,
    filters.adoption === '' ? {} : { adoptionId: filters.adoption },
    {
      keep: true,
    },
  )
  const data = query.data
  const adopt = data?.abilities.adopt === null
  return (
    <Page
      title={data && !('none' in data) ? data.regime.title : '校本研修制度'}
      width="normal"
      query={query}
      skeleton="text"
      skeletonRows={12}
      {...(school === null
        ? {}
        : { back: { to: inSchool(paths.school(school), school), label: '回到学校' } })}
      actions={
        adopt ? (
          <LinkButton to={paths.settings.regime()}>
            {data && 'none' in data ? '选择制度' : '换用制度'}
          </LinkButton>
        ) : undefined
      }
    >
      {(page) =>
        'none' in page ? (
          <Empty
            title="还没有采用制度"
            sentence={
              page.abilities.adopt === null
                ? '选一份制度作为本校的规定，系统据此列出每个人应做的事。'
                : page.abilities.adopt
            }
            {...(page.abilities.adopt === null
              ? {
                  action: (
                    <LinkButton type="primary" to={inSchool(paths.settings.regime(), school)}>
                      选择制度
                    </LinkButton>
                  ),
                }
              : {})}
          />
        ) : (
          <>
            <RegimeNav />
            <Head page={page} choose={(id) => setFilters({ adoption: id })} />
            <Freshness head={page} />
            <Body page={page} />
          </>
        )
      }
    </Page>
  )
}

function Head({ page, choose }: { page: RegimeData; choose: (adoptionId: string | undefined) => void }) {
  const { document, counts } = page
  return (
    <>
      <p className="regime-from">
        {document.issuedBy} · {page.regime.level === 'district' ? '区级制度' : '本校制度'} · 第{' '}
        {page.regime.version} 版 · 自 {page.regime.fromOn.slice(0, 4)}年{dayText(page.regime.fromOn)}起施行
      </p>
      <p className="regime-counts">
        共 {counts.rules} 条：{counts.evaluated} 条由系统按记录计算，{counts.manual} 条由人确认
        {counts.noRecords > 0 && `，${counts.noRecords} 条所需的记录系统暂未登记`}。
      </p>
      {page.others.length > 1 && (
        <label className="filter no-print">
          <span className="filter-label">查看</span>
          <select
            className="native-select"
            value={
              page.others.find((one) => one.id === page.regime.id && one.fromOn === page.regime.fromOn)
                ?.adoptionId ?? ''
            }
            onChange={(event) => choose(event.target.value)}
          >
            {page.others.map((one) => (
              <option key={one.adoptionId} value={one.adoptionId}>
                {one.title} 第 {one.version} 版（{one.schoolYearId.replace('-', '—')}学年
                {one.current ? '，现行' : ''}
                {one.level === 'district' ? '，区级' : ''}）
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  )
}

/** `一.2(1)` belongs to part 一. */
const partOf = (clause: string): string => /^(?:第)?([一二三四五六七八九十]+)/.exec(clause)?.[1] ?? ''

function Body({ page }: { page: RegimeData }) {
  const parts: { name: string; clauses: RegimeClause[] }[] = []
  for (const clause of page.clauses) {
    const name = partOf(clause.clause)
    const last = parts.at(-1)
    if (last?.name === name) last.clauses.push(clause)
    else parts.push({ name, clauses: [clause] })
  }
  return (
    <div className="regulation">
      {parts.map((part, index) => (
        <section key={`${part.name} ${index}`} className="regulation-part">
          {part.name !== '' && <h2>第{part.name}部分</h2>}
          {part.clauses.map((clause) => (
            <Clause key={clause.ruleId} clause={clause} />
          ))}
        </section>
      ))}
      {page.forms.length > 0 && (
        <section className="regulation-part">
          <h2>必填内容</h2>
          <dl className="regulation-lists">
            {page.forms.map((form) => (
              <div key={form.label}>
                <dt>
                  {form.label} <span className="clause">{form.clause}</span>
                </dt>
                <dd>
                  {form.sections
                    .map((section) => section.label + (section.required ? '' : '（选填）'))
                    .join('、')}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {page.vocabularies.length > 0 && (
        <section className="regulation-part">
          <h2>固定分类</h2>
          <dl className="regulation-lists">
            {page.vocabularies.map((vocabulary) => (
              <div key={vocabulary.label}>
                <dt>{vocabulary.label}</dt>
                <dd>{vocabulary.terms.map((term) => term.label).join('、')}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {page.switchedOff.length > 0 && (
        <section className="regulation-part">
          <h2>本校不执行的条款</h2>
          <dl className="regulation-lists">
            {page.switchedOff.map((off) => (
              <div key={`${off.clause} ${off.title}`}>
                <dt>
                  {off.title} <span className="clause">{off.clause}</span>
                </dt>
                <dd>{off.because}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <details className="regulation-part">
        <summary>制度没有写明、由学校设定的数值（{page.settings.length} 项）</summary>
        <table className="regulation-settings">
          <thead>
            <tr>
              <th scope="col">名称</th>
              <th scope="col">数值</th>
              <th scope="col">依据</th>
            </tr>
          </thead>
          <tbody>
            {page.settings.map((setting) => (
              <tr key={setting.label}>
                <th scope="row">{setting.label}</th>
                <td>{setting.value}</td>
                <td className="quiet">{setting.clause === null ? setting.note : `条款 ${setting.clause}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <footer className="regulation-source">
        <p>
          原件：{page.document.title}（{page.document.issuedBy}）
        </p>
        {page.document.note !== null && <p>{page.document.note}</p>}
      </footer>
    </div>
  )
}

function Clause({ clause }: { clause: RegimeClause }) {
  return (
    <article className="regulation-clause" id={clause.ruleId}>
      <div className="regulation-number">{clause.clause}</div>
      <div className="regulation-text">
        <h3>{clause.title}</h3>
        <p>{clause.text}</p>
        {clause.note !== null && <p className="quiet">{clause.note}</p>}
        <p className="regulation-meta quiet">
          <span>{clause.kind}</span>
          <span>对象：{clause.binds}</span>
          {clause.numbers.map((one) => (
            <span key={`${one.label} ${one.value}`}>
              {one.label !== '' && `${one.label} `}
              {one.value}
            </span>
          ))}
          {clause.consequence !== null && <span>后果：{clause.consequence}</span>}
        </p>
        <details className="regulation-how no-print">
          <summary>系统这样计算</summary>
          <ul className="text-problems">
            {clause.described.map((sentence, index) => (
              <li key={`${index} ${sentence}`}>{sentence}</li>
            ))}
          </ul>
        </details>
      </div>
      <Standing clause={clause} />
    </article>
  )
}

function Standing({ clause }: { clause: RegimeClause }) {
  const { share, standing } = clause
  if (standing === 'manual' || standing === 'noRecords') {
    return (
      <div className="regulation-standing">
        <span className="regulation-tag">{standing === 'manual' ? '由人确认' : '暂无记录来源'}</span>
        {clause.because !== null && <span className="quiet">{clause.because}</span>}
      </div>
    )
  }
  if (!share) return <div className="regulation-standing quiet">本学期还没有到计算的时候</div>
  const state = share.overdue > 0 ? 'overdue' : share.done === share.bound ? 'done' : 'partly'
  if (share.unit === '校') {
    return (
      <div className="regulation-standing">
        <span className={`regulation-share tone-${state}`}>
          {share.overdue > 0 ? '学校有逾期' : share.done > 0 ? '学校已做到' : '学校进行中'}
        </span>
      </div>
    )
  }
  return (
    <div className="regulation-standing">
      <span className="regulation-share">
        <b className="figure">
          {share.onTrack}/{share.bound}
        </b>{' '}
        {share.unit === '组' ? '个组' : share.unit}按要求
      </span>
      <Bar value={share.onTrack} target={share.bound} state={state} height={5} />
      <span className="quiet">
        {share.overdue > 0
          ? `${share.overdue} ${share.unit === '组' ? '个组' : share.unit}有逾期`
          : `已全部完成 ${share.done} ${share.unit === '组' ? '个组' : share.unit}`}
      </span>
    </div>
  )
}
