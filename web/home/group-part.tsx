import type { Behind, GroupPart, HomeActivity } from '../../server/home/contract.ts'
import { Bar } from '../kit/figures.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton } from '../kit/link.tsx'
import { Sentence } from '../kit/sentence.tsx'
import { StateGlyph } from '../kit/state-mark.tsx'
import { amountText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { addressOf } from './places.ts'

/** A group that one leads: the activity ready to run, who needs help first. */
export function GroupSection({ part }: { part: GroupPart }) {
  const { unit, next } = part
  return (
    <section className="home-block">
      <header className="home-head">
        <h2>{unit.name}</h2>
        {unit.isGroup && <Link to={paths.boardGroup(unit.id)}>全组进度</Link>}
      </header>
      {part.unclosed.map((activity) => (
        <div key={activity.id} className="notice notice-late">
          <Icon name="alert" />
          <div className="notice-body">
            <p>
              {activity.dayLabel}的活动“{activity.theme}”还没有结束，大家的出勤和学时还没有计入。
            </p>
          </div>
          <div className="notice-action">
            <LinkButton to={paths.runActivity(activity.id)}>去结束</LinkButton>
          </div>
        </div>
      ))}
      <div className={unit.isGroup && part.sentence !== '' ? 'home-pair' : undefined}>
        {next ? <NextActivity activity={next} /> : <NothingPlanned part={part} />}
        {unit.isGroup && part.sentence !== '' && (
          <div className="sheet home-help">
            <p>{part.sentence}</p>
            {part.behind.length > 0 && <BehindList people={part.behind} />}
            {part.duty && (
              <Link to={addressOf(part.duty.place)} className={`home-duty tone-${part.duty.state}`}>
                <span className="home-line">
                  <span className="home-title">{part.duty.title}</span>
                  <span className="figure">
                    {amountText(part.duty.value, part.duty.target, part.duty.unit)}
                  </span>
                </span>
                <Bar value={part.duty.value ?? 0} target={part.duty.target} state={part.duty.state} />
                <Sentence text={part.duty.sentence} />
              </Link>
            )}
          </div>
        )}
      </div>
    </section>
  )
}

/** The next activity as a card that one can run from. */
function NextActivity({ activity }: { activity: HomeActivity }) {
  const running = activity.status === 'running'
  const today = activity.dayLabel === '今天'
  return (
    <div className={`sheet home-next${running ? ' home-next-running' : ''}`}>
      <p className="home-next-when">
        {running ? (
          <>
            <span className="home-live" aria-hidden="true" />
            正在进行
            {activity.expected !== null && ` · 已到 ${activity.attended ?? 0}/${activity.expected} 人`}
          </>
        ) : (
          `${activity.dayLabel} ${activity.startTime}—${activity.endTime}`
        )}
      </p>
      <Link to={paths.activity(activity.id)} className="home-next-theme">
        {activity.theme}
      </Link>
      <dl className="card-lines">
        {activity.speakerName !== '' && (
          <div>
            <dt>主讲</dt>
            <dd>{activity.speakerName}</dd>
          </div>
        )}
        {activity.place !== '' && (
          <div>
            <dt>地点</dt>
            <dd>{activity.place}</dd>
          </div>
        )}
        <div>
          <dt>类别</dt>
          <dd>{activity.kindLabel}</dd>
        </div>
      </dl>
      <LinkButton
        size="large"
        to={activity.mayRun ? paths.runActivity(activity.id) : paths.activity(activity.id)}
        {...(running || today ? { type: 'primary' as const } : {})}
      >
        {running ? '继续主持' : activity.mayRun ? (today ? '开始主持' : '准备活动') : '查看'}
      </LinkButton>
    </div>
  )
}

function NothingPlanned({ part }: { part: GroupPart }) {
  return (
    <div className="sheet home-next">
      <p className="home-title">接下来还没有安排活动。</p>
      {part.speaker !== '' && <p className="quiet">{part.speaker}</p>}
      <LinkButton type="primary" to={addressOf({ page: 'newActivity', unitId: part.unit.id })}>
        安排活动
      </LinkButton>
    </div>
  )
}

/** People with something late, those who need most first. */
export function BehindList({ people }: { people: Behind[] }) {
  return (
    <ol className="home-behind">
      {people.map((person) => (
        <li key={person.id}>
          <Link to={paths.boardPerson(person.id)}>
            <StateGlyph state="overdue" size={18} />
            <span className="home-behind-name">
              {person.name}
              {person.note !== '' && <span className="quiet">{person.note}</span>}
            </span>
            <span className="home-behind-what">{person.lateTitles}</span>
            <Icon name="chevronRight" size={16} />
          </Link>
        </li>
      ))}
    </ol>
  )
}
