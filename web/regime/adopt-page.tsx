import { Button } from 'antd'
import { useState } from 'react'
import type { Preset, PresetList } from '../../server/regime/contract.ts'
import { regime } from '../board/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { useGo } from '../kit/link.tsx'
import { Empty, Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import './regime.css'

/** Regulations side by side in the numbers by which people choose; one press adopts one for a school year. */
export function AdoptPage() {
  const query = useApi(regime.listPresets, {})
  return (
    <Page
      title="采用制度"
      width="wide"
      query={query}
      skeleton="cards"
      sentence={(list: PresetList) =>
        list.current
          ? `现行制度是《${list.current.title}》第 ${list.current.version} 版，自${dayText(list.current.fromOn)}起施行。换用以后，本学年的进度按新制度重新计算，原来的记录都保留。`
          : '选一份制度作为规定。采用时保存它的全文，以后制度再有新版，不影响已经采用的学年。'
      }
      isEmpty={(list: PresetList) => list.presets.length === 0}
      empty={{ title: '还没有可以采用的制度' }}
    >
      {(list: PresetList) => <Choice list={list} />}
    </Page>
  )
}

function Choice({ list }: { list: PresetList }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const preset = list.presets.find((one) => one.id === chosen)
  if (list.schoolYears.length === 0) {
    return <Empty title="还没有设置学年" sentence="请先在“校历”中设置学年和学期，再采用制度。" />
  }
  return (
    <>
      {list.abilities.adopt !== null && <Notice>{list.abilities.adopt}</Notice>}
      {preset && <Adopt key={preset.id} preset={preset} list={list} close={() => setChosen(null)} />}
      <ul className="presets">
        {list.presets.map((one) => (
          <li key={one.id} className={`preset sheet${one.id === chosen ? ' preset-chosen' : ''}`}>
            <h2>{one.title}</h2>
            <p className="quiet">
              {one.document.issuedBy} · 第 {one.version} 版
              {list.current?.id === one.id && <b className="preset-current">现行</b>}
            </p>
            <p className="preset-counts">
              <b className="figure">{one.rules}</b> 条规定，
              <b className="figure">{one.evaluated}</b> 条自动计算
            </p>
            <dl className="preset-headlines">
              {one.headlines.map((headline) => (
                <div key={`${headline.label} ${headline.value}`}>
                  <dt>{headline.label}</dt>
                  <dd>{headline.value}</dd>
                </div>
              ))}
            </dl>
            <div className="preset-actions">
              <DisabledBecause
                reason={list.abilities.adopt === null ? null : ''}
                type={one.id === chosen ? 'primary' : 'default'}
                aria-pressed={one.id === chosen}
                onClick={() => {
                  setChosen(one.id)
                  scrollTo({ top: 0 })
                }}
              >
                {list.current?.id === one.id ? '再次采用' : '选这一份'}
              </DisabledBecause>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Adopt({ preset, list, close }: { preset: Preset; list: PresetList; close: () => void }) {
  const go = useGo()
  const start = list.schoolYears.find((year) => year.current) ?? list.schoolYears[0]
  const [yearId, setYearId] = useState(start?.id ?? '')
  const year = list.schoolYears.find((one) => one.id === yearId) ?? start
  const [from, setFrom] = useState(start?.from ?? list.today)
  const command = useCommand(regime.adopt, {
    success: `已采用《${preset.title}》，正在计算每个人应做的事。`,
    invalidate: ['regime', 'access'],
    inline: true,
    onSuccess: () => go(paths.regime()),
  })
  return (
    <section className="sheet adopt-form" aria-label={`采用${preset.title}`}>
      <h2>采用《{preset.title}》</h2>
      <div className="adopt-fields">
        <label className="filter">
          <span className="filter-label">学年</span>
          <select
            className="native-select"
            value={yearId}
            onChange={(event) => {
              setYearId(event.target.value)
              setFrom(list.schoolYears.find((one) => one.id === event.target.value)?.from ?? from)
            }}
          >
            {list.schoolYears.map((one) => (
              <option key={one.id} value={one.id}>
                {one.id.replace('-', '—')}学年
              </option>
            ))}
          </select>
        </label>
        <label className="filter">
          <span className="filter-label">施行日期</span>
          <input
            type="date"
            className="native-input"
            value={from}
            {...(year ? { min: year.from, max: year.to } : {})}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <Button
          type="primary"
          loading={command.running}
          onClick={() => void command.run({ regimeId: preset.id, schoolYearId: yearId, from })}
        >
          采用
        </Button>
        <Button onClick={close}>再看看</Button>
      </div>
      {command.error && (
        <p className="form-error" role="alert">
          {command.error.message}
        </p>
      )}
      <p className="quiet">
        {preset.manual > 0 && `其中 ${preset.manual} 条须由人确认，系统只列出、不评判。`}
        {preset.noRecords > 0 && `${preset.noRecords} 条所需的记录系统暂未登记。`}
      </p>
    </section>
  )
}
