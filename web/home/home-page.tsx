import './home.css'
import type { Home } from '../../server/home/contract.ts'
import type { homeApi } from '../../server/home/contract.ts'
import { api } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { readsAllRooms } from '../kit/live.ts'
import { Notice, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { DistrictSection } from './district-part.tsx'
import { GroupSection } from './group-part.tsx'
import { MineSection } from './mine-part.tsx'
import { addressOf } from './places.ts'
import { OfficeSection, PrincipalSection } from './school-part.tsx'

const home = api<typeof homeApi>('home')
// What is done in any room may change what the first page says.
readsAllRooms(home.getHome.room)

/** What waits for me, what this week asks, how the year stands: each role's part, the widest first. */
export function HomePage() {
  const query = useApi(home.getHome, {}, { staleTime: 0 })
  const own = query.data?.mine ?? null
  return (
    <Page
      title={query.data?.greeting ?? '您好'}
      query={query}
      skeleton="cards"
      skeletonRows={4}
      sentence={sentenceOf}
    >
      {(data: Home) => (
        <div className="home">
          {data.rest && <Rest rest={data.rest} />}
          {data.isStale && (
            <Notice tone="soon">有些数字截至前一日，正在按今天重新计算，算好后本页自动更新。</Notice>
          )}
          {data.setUp && <SetUp setUp={data.setUp} />}
          {data.waiting.length > 0 && <WaitingTiles waiting={data.waiting} />}
          {data.district && <DistrictSection part={data.district} />}
          {data.principal && <PrincipalSection part={data.principal} />}
          {data.office && <OfficeSection part={data.office} />}
          {data.groups.map((group) => (
            <GroupSection key={group.unit.id} part={group} />
          ))}
          {own && !(data.setUp && own.items.length === 0) && (
            <MineSection
              part={own}
              alone={!data.office && !data.principal && data.groups.length === 0}
              today={data.today}
              resting={data.rest !== null}
            />
          )}
        </div>
      )}
    </Page>
  )
}

/** The day (on phones it stands in the bar above) and how things stand. */
function sentenceOf(data: Home) {
  return (
    <>
      <span className="home-today">{data.todayLabel}</span> {data.sentence}
    </>
  )
}

function Rest({ rest }: { rest: NonNullable<Home['rest']> }) {
  return (
    <div className="home-rest">
      <Icon name="calendar" size={28} />
      <div>
        <p className="home-rest-title">{rest.title}</p>
        <p>{rest.sentence}</p>
      </div>
    </div>
  )
}

/** The way to a running school. */
function SetUp({ setUp }: { setUp: NonNullable<Home['setUp']> }) {
  if (setUp.steps.length === 0) return <Notice>{setUp.sentence}</Notice>
  return (
    <section className="home-block">
      <header className="home-head">
        <h2>开始使用</h2>
      </header>
      <ol className="home-list sheet home-steps">
        {setUp.steps.map((step, index) => (
          <li key={step.key} className={step.done ? 'home-step-done' : undefined}>
            <span className="home-step-mark" aria-hidden="true">
              {step.done ? <Icon name="check" size={18} /> : index + 1}
            </span>
            <div className="home-text">
              <Link to={addressOf(step.place)} className="home-title">
                {step.title}
              </Link>
              <p className="quiet">{step.done ? '已完成' : step.detail}</p>
            </div>
            <Icon name="chevronRight" size={18} />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What waits for my decision, by kind; all of it is decided in the inbox. */
function WaitingTiles({ waiting }: { waiting: Home['waiting'] }) {
  return (
    <section className="home-block" aria-label="等我处理">
      <ul className="home-tiles">
        {waiting.map((one) => (
          <li key={one.kind}>
            <Link to={paths.inbox()} className="home-tile">
              <b className="home-tile-count">{one.count}</b>
              <span className="home-tile-words">
                <span>{one.label}</span>
                <span className="quiet">{one.days === 0 ? '今天送来' : `最早的等了 ${one.days} 天`}</span>
              </span>
              <Icon name="chevronRight" size={18} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
