import type { HomeActivity, OfficePart, PrincipalPart } from '../../server/home/contract.ts'
import { Bar } from '../kit/figures.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { Sentence } from '../kit/sentence.tsx'
import { paths } from '../paths.ts'
import { BehindList } from './group-part.tsx'
import { addressOf } from './places.ts'

/** The school against its regime, and its groups side by side. */
export function PrincipalSection({ part }: { part: PrincipalPart }) {
  const isKept = part.rules.length === 0
  return (
    <section className="home-block">
      <header className="home-head">
        <h2>学校与制度</h2>
        <Link to={paths.regime()}>制度全文</Link>
      </header>
      <Sentence text={part.sentence} />
      <div className={isKept ? undefined : 'home-pair home-pair-even'}>
        {!isKept && (
          <div className="sheet">
            <h3>差距最大的条款</h3>
            <ul className="home-bars">
              {part.rules.map((rule) => (
                <li key={rule.key}>
                  <Link to={addressOf(rule.place)} className="home-bar">
                    <span className="home-line">
                      <span>
                        {rule.title}
                        <span className="clause">
                          {rule.level === 'district' ? '区级 ' : ''}
                          {rule.clause}
                        </span>
                      </span>
                      <span className="figure">
                        {rule.onTrack}/{rule.bound} {rule.unit}
                      </span>
                    </span>
                    <Bar
                      value={rule.onTrack}
                      target={rule.bound}
                      state={rule.onTrack * 2 < rule.bound ? 'overdue' : 'dueSoon'}
                    />
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="sheet">
          <h3>各组</h3>
          {part.groups.length === 0 ? (
            <p className="quiet">还没有教研组。</p>
          ) : (
            <ol className={isKept ? 'home-bars home-bars-wide' : 'home-bars'}>
              {part.groups.map((group) => (
                <li key={group.id}>
                  <Link to={paths.boardGroup(group.id)} className="home-bar">
                    <span className="home-line">
                      <span>
                        {group.name}
                        <span className="quiet home-aside">
                          {[group.leaders, `${group.people} 人`].filter((text) => text !== '').join(' · ')}
                        </span>
                      </span>
                      <span className="figure">{group.share === null ? '—' : `${group.share}%`}</span>
                    </span>
                    <Bar
                      value={group.share ?? 0}
                      target={100}
                      state={group.behind === 0 ? 'done' : (group.share ?? 100) < 80 ? 'overdue' : 'dueSoon'}
                    />
                    <span className="quiet">
                      {group.behind === 0 ? '组员都没有逾期' : `${group.behind} 位组员有逾期的事项`}
                    </span>
                  </Link>
                </li>
              ))}
            </ol>
          )}
          <p className="quiet">百分数是本组和组员应做的事中没有逾期的份额。</p>
        </div>
      </div>
    </section>
  )
}

/** 教导处 and 教科室: who is behind, what is on, what comes next. */
export function OfficeSection({ part }: { part: OfficePart }) {
  // The dates stand below the shorter of the two columns.
  const isLong = part.behind.length * 2 > part.today.length + part.week.length
  return (
    <div className="home-pair">
      <div className="home-column">
        <section className="home-block">
          <header className="home-head">
            <h2>需要帮助的教师</h2>
            {part.behindTotal > part.behind.length && (
              <Link to={`${paths.boardSchool()}?view=people`}>全部 {part.behindTotal} 人</Link>
            )}
          </header>
          <div className="sheet">
            {part.behind.length === 0 ? (
              <p className="home-none">
                <Icon name="check" size={20} />
                {part.people === 0 ? '进度正在计算。' : `${part.people} 位教师都没有逾期的事项。`}
              </p>
            ) : (
              <BehindList people={part.behind} />
            )}
          </div>
        </section>
        <section className="home-block">
          <header className="home-head">
            <h2>请假与补学</h2>
            <Link to={paths.leaves()}>查看</Link>
          </header>
          <dl className="sheet home-counts">
            <Count label="请假待批" value={part.attendance.leavesAsked} unit="份" />
            <Count label="补学待确认" value={part.attendance.makeUpsToConfirm} unit="份" />
            <Count label="还没有补学" value={part.attendance.makeUpsDue} unit="人次" />
            <Count label="其中已到期" value={part.attendance.makeUpsOverdue} unit="人次" isLate />
          </dl>
        </section>
        {!isLong && <Dates dates={part.dates} />}
      </div>
      <div className="home-column">
        <section className="home-block">
          <header className="home-head">
            <h2>今天的活动</h2>
            <Link to={paths.activities()}>全部活动</Link>
          </header>
          <div className="sheet">
            {part.today.length === 0 ? (
              <p className="home-none quiet">今天没有安排活动。</p>
            ) : (
              <ActivityLines activities={part.today} />
            )}
            {part.week.length > 0 && (
              <>
                <h3 className="home-sub">本周其他</h3>
                <ActivityLines activities={part.week} />
              </>
            )}
            {part.idle.length > 0 && (
              <p className="quiet home-idle">
                本周没有安排活动：{part.idle.slice(0, 6).join('、')}
                {part.idle.length > 6 && `等 ${part.idle.length} 个组`}。
              </p>
            )}
          </div>
        </section>
        {isLong && <Dates dates={part.dates} />}
      </div>
    </div>
  )
}

function Count({
  label,
  value,
  unit,
  isLate = false,
}: {
  label: string
  value: number
  unit: string
  isLate?: boolean
}) {
  return (
    <div className={isLate && value > 0 ? 'tone-overdue home-count-late' : undefined}>
      <dt>{label}</dt>
      <dd>
        <b className="figure">{value}</b> {unit}
      </dd>
    </div>
  )
}

const statusWords = { planned: '', running: '正在进行', closed: '已结束', cancelled: '已取消' }

function ActivityLines({ activities }: { activities: HomeActivity[] }) {
  return (
    <ul className="home-activities">
      {activities.map((activity) => (
        <li key={activity.id}>
          <span className="home-when">
            <b>{activity.dayLabel.split(' ').at(-1)}</b>
            {activity.startTime}
          </span>
          <span className="home-text">
            {activity.canOpen ? (
              <Link to={paths.activity(activity.id)} className="home-title">
                {activity.theme}
              </Link>
            ) : (
              <span className="home-title">{activity.theme}</span>
            )}
            <span className="quiet">
              {[
                activity.unitName,
                activity.place,
                activity.speakerName === '' ? '' : `主讲 ${activity.speakerName}`,
              ]
                .filter((text) => text !== '')
                .join(' · ')}
            </span>
          </span>
          <span className={activity.status === 'running' ? 'home-status home-status-running' : 'home-status'}>
            {statusWords[activity.status]}
            {activity.expected !== null && activity.status !== 'planned' && (
              <span className="figure">
                {activity.attended}/{activity.expected}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Dates({ dates }: Pick<OfficePart, 'dates'>) {
  return (
    <section className="home-block">
      <header className="home-head">
        <h2>接下来的日子</h2>
      </header>
      <ul className="sheet home-dates">
        {dates.map((date) => (
          <li key={date.key} className={date.isNow ? 'home-date-now' : undefined}>
            <span className="home-title">{date.label}</span>
            <span className="quiet">{date.sentence}</span>
          </li>
        ))}
        {dates.length === 0 && <li className="quiet">两个月内校历上没有安排。</li>}
      </ul>
    </section>
  )
}
