import { inSchool, useSchool } from '../board/api.ts'
import type { ComparedRegime, Comparison } from '../../server/regime/drafts-contract.ts'
import { useHasRole } from '../access/session.ts'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { paths } from '../paths.ts'
import { drafts } from './api.ts'
import { RegimeNav } from './regime-nav.tsx'

const most = 4
const standingWords: Record<ComparedRegime['standing'], string> = {
  current: '本校现行',
  district: '区级现行',
  preset: '随系统提供',
}

/** Two to four regimes side by side in the numbers by which people choose. */
export function ComparePage() {
  const school = useSchool()
  const [filters, setFilters] = useFilters({ with: '' })
  const chosen = filters.with === '' ? [] : filters.with.split(',')
  const query = useApi(drafts.getComparison, { keys: chosen.slice(0, most) }, { keep: true })
  const mayDraft = useHasRole('principal', 'academicOffice', 'districtOfficer')
  const toggle = (key: string) => {
    const next = chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key].slice(0, most)
    setFilters({ with: next.join(',') })
  }
  return (
    <Page
      title="比较制度"
      width="wide"
      query={query}
      skeleton="cards"
      sentence="选 2 至 4 份制度，按学时、活动、作品、评分、缺勤、证书和经费逐项并排看。数值都由制度数据得出，每一项带条款号。"
      actions={
        mayDraft && school === null ? (
          <LinkButton to={paths.regimeVersions()}>做成本校版本</LinkButton>
        ) : undefined
      }
    >
      {(page: Comparison) => (
        <>
          <RegimeNav />
          <Choices page={page} chosen={page.regimes.map((one) => one.key)} toggle={toggle} />
          {page.regimes.length < 2 ? (
            <Empty
              title={page.regimes.length === 0 ? '还没有选制度' : '再选一份就可以比较'}
              sentence="在上面点选要比较的制度，最多四份。"
              {...(page.regimes.length === 0 && page.choices.length > 1
                ? {
                    action: (
                      <LinkButton
                        to={inSchool(
                          paths.regimeCompare(page.choices.slice(0, 2).map((one) => one.key)),
                          school,
                        )}
                      >
                        先比较前两份
                      </LinkButton>
                    ),
                  }
                : {})}
            />
          ) : (
            <Table regimes={page.regimes} />
          )}
        </>
      )}
    </Page>
  )
}

function Choices({
  page,
  chosen,
  toggle,
}: {
  page: Comparison
  chosen: string[]
  toggle: (key: string) => void
}) {
  return (
    <details className="version-own compare-pick no-print" open={chosen.length < 2}>
      <summary>
        选择制度（已选 {chosen.length} 份，最多 {most} 份）
      </summary>
      <fieldset className="compare-choices">
        <legend className="visually-hidden">要比较的制度</legend>
        {page.choices.map((choice) => (
          <label key={choice.key} className={`choice-chip${chosen.includes(choice.key) ? ' choice-on' : ''}`}>
            <input
              type="checkbox"
              checked={chosen.includes(choice.key)}
              disabled={!chosen.includes(choice.key) && chosen.length >= most}
              onChange={() => toggle(choice.key)}
            />
            <span>
              {choice.title}
              <span className="quiet"> {standingWords[choice.standing]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  )
}

const countWords: [keyof ComparedRegime['counts'], string, string][] = [
  ['rules', '规则', '条'],
  ['evaluated', '自动计算', '条'],
  ['manual', '由人确认', '条'],
  ['noRecords', '暂无记录来源', '条'],
  ['open', '待学校确认的读法', '项'],
]

function Table({ regimes }: { regimes: ComparedRegime[] }) {
  const phone = usePhone()
  const heads = (regimes[0]?.headlines ?? []).filter((_, index) =>
    regimes.some((regime) => (regime.headlines[index]?.values.length ?? 0) > 0),
  )
  const valuesOf = (regime: ComparedRegime, key: string) =>
    regime.headlines.find((headline) => headline.key === key)?.values ?? []
  if (phone) {
    return (
      <div className="cards compare-cards">
        {heads.map((head) => (
          <section key={head.key} className="card">
            <h2>{head.label}</h2>
            {regimes.map((regime) => (
              <div key={regime.key} className="compare-card-part">
                <h3>{regime.title}</h3>
                <Values values={valuesOf(regime, head.key)} />
              </div>
            ))}
          </section>
        ))}
        <section className="card">
          <h2>规模</h2>
          {regimes.map((regime) => (
            <div key={regime.key} className="compare-card-part">
              <h3>{regime.title}</h3>
              <p>
                {countWords.map(([key, label, unit]) => `${label} ${regime.counts[key]} ${unit}`).join('，')}
              </p>
            </div>
          ))}
        </section>
      </div>
    )
  }
  return (
    <div className="compare-scroll">
      <table className="compare-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">项目</span>
            </th>
            {regimes.map((regime) => (
              <th key={regime.key} scope="col">
                {regime.title}
                <span className="quiet">
                  {regime.issuedBy} · 第 {regime.version} 版 · {standingWords[regime.standing]}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heads.map((head) => (
            <tr key={head.key}>
              <th scope="row">{head.label}</th>
              {regimes.map((regime) => (
                <td key={regime.key}>
                  <Values values={valuesOf(regime, head.key)} />
                </td>
              ))}
            </tr>
          ))}
          {countWords.map(([key, label, unit]) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              {regimes.map((regime) => (
                <td key={regime.key}>
                  <b className="figure">{regime.counts[key]}</b> {unit}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Values({ values }: { values: ComparedRegime['headlines'][number]['values'] }) {
  if (values.length === 0) return <span className="quiet">没有规定</span>
  return (
    <ul className="compare-values">
      {values.map((value) => (
        <li key={`${value.ruleId} ${value.text}`}>
          {value.text} <span className="clause">{value.clause}</span>
        </li>
      ))}
    </ul>
  )
}
