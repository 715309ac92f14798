import { Button } from 'antd'
import type { HomeItem, HomeStrip, MinePart, Recognised } from '../../server/home/contract.ts'
import type { workApi } from '../../server/work/contract.ts'
import { api } from '../kit/api.ts'
import { Ring, YearStrip } from '../kit/figures.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useGo } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { amountText, dayText } from '../kit/words.ts'
import { findingStateLabels } from '../../engine/types.ts'
import { paths } from '../paths.ts'
import { addressOf } from './places.ts'

const work = api<typeof workApi>('work')

/** A teacher's week and year. */
export function MineSection({
  part,
  alone,
  today,
  resting,
}: {
  part: MinePart
  alone: boolean
  today: string
  resting: boolean
}) {
  return (
    <div className="home-mine">
      <section className="home-block home-week">
        <header className="home-head">
          <h2>{resting ? '没有做完的事' : alone ? '本周' : '我自己的事'}</h2>
          {part.more > 0 && <Link to={paths.boardMe()}>还有 {part.more} 件</Link>}
        </header>
        {part.items.length === 0 ? (
          <div className="home-clear sheet">
            <Icon name="check" size={22} />
            <div>
              <p className="home-title">{resting ? '都做完了，没有要赶的事。' : '本周要做的事都做完了。'}</p>
              {part.next !== '' && <p className="quiet">{part.next}</p>}
            </div>
          </div>
        ) : (
          <ul className="home-list sheet">
            {part.items.map((item, index) => (
              <Item key={item.key} item={item} isFirst={index === 0} />
            ))}
          </ul>
        )}
      </section>
      <div className="home-side">
        <Link to={paths.scan()} className="home-scan">
          <Icon name="scan" size={28} />
          扫码签到
        </Link>
        {part.rings.length > 0 && (
          <section className="home-block home-hours">
            <header className="home-head">
              <h2>学时</h2>
            </header>
            <ul className="home-rings sheet">
              {part.rings.map((ring) => (
                <li key={ring.key}>
                  <Link to={addressOf(ring.place)}>
                    <Ring
                      label={/[年期]/.test(ring.label) ? ring.label : `${ring.span}${ring.label}`}
                      value={ring.value}
                      target={ring.target}
                      unit={ring.unit}
                      state={ring.state}
                      size={116}
                    />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        {part.recognised.length > 0 && (
          <section className="home-block home-recent">
            <header className="home-head">
              <h2>刚刚认可</h2>
            </header>
            <ul className="home-list sheet">
              {part.recognised.map((one) => (
                <RecognisedLine key={one.key} one={one} />
              ))}
            </ul>
          </section>
        )}
      </div>
      {part.term && part.strips.length > 0 && <Year part={part} term={part.term} today={today} />}
    </div>
  )
}

/** A thing to do with its one button. */
function Item({ item, isFirst }: { item: HomeItem; isFirst: boolean }) {
  return (
    <li className={`home-item tone-${item.state}`}>
      <StateGlyph state={item.state} size={22} />
      <div className="home-text">
        <p className="home-line">
          <span className="home-title">{item.title}</span>
          <span className="home-mark">{item.mark}</span>
        </p>
        {item.detail !== '' && <p>{item.detail}</p>}
        {item.countsFor !== '' && <p className="quiet">计入 {item.countsFor}</p>}
      </div>
      <ItemButton item={item} isFirst={isFirst} />
    </li>
  )
}

function ItemButton({ item: { action }, isFirst }: { item: HomeItem; isFirst: boolean }) {
  const look = isFirst ? { type: 'primary' as const } : {}
  if (action.place.page === 'newWork' && action.place.kind !== null)
    return <WriteButton kind={action.place.kind} label={action.label} isFirst={isFirst} />
  return (
    <LinkButton to={addressOf(action.place)} className="home-action" {...look}>
      {action.label}
    </LinkButton>
  )
}

/** Opens an empty page of the kind that is asked for; a draft in which nothing stands yet is taken up again. */
function WriteButton({ kind, label, isFirst }: { kind: string; label: string; isFirst: boolean }) {
  const go = useGo()
  const start = useCommand(work.startWork, { onSuccess: ({ id }) => go(paths.work(id)) })
  return (
    <Button
      className="home-action"
      loading={start.running}
      onClick={() => void start.run({ kind })}
      {...(isFirst ? { type: 'primary' as const } : {})}
    >
      {label}
    </Button>
  )
}

type Term = NonNullable<MinePart['term']>

function Year({ part, term, today }: { part: MinePart; term: Term; today: string }) {
  const open = part.strips.filter((strip) => strip.state !== 'done' && strip.state !== 'excused')
  const rest = part.strips.filter((strip) => strip.state === 'done' || strip.state === 'excused')
  return (
    <section className="home-block home-year">
      <header className="home-head">
        <h2>我的研修年历</h2>
        <Link to={paths.boardMe()}>逐周查看</Link>
      </header>
      <div className="sheet home-strips">
        <ul>
          {open.map((strip) => (
            <Strip key={strip.key} strip={strip} term={term} today={today} />
          ))}
        </ul>
        {rest.length > 0 && (
          <details open={open.length === 0}>
            <summary>
              <StateGlyph state="done" size={18} />
              已完成 {rest.length} 项
            </summary>
            <ul>
              {rest.map((strip) => (
                <Strip key={strip.key} strip={strip} term={term} today={today} />
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  )
}

/** Days of the next year within so many months are understood without the year. */
const nearOf = (today: string): string => `${Number(today.slice(0, 4)) + 1}-08-31`

function Strip({ strip, term, today }: { strip: HomeStrip; term: Term; today: string }) {
  const late = strip.overdue > 1 ? `${strip.overdue} 期逾期` : findingStateLabels[strip.state]
  const far = strip.dueOn !== null && strip.dueOn > nearOf(today) ? `${strip.dueOn.slice(0, 4)}年` : ''
  const due =
    strip.state === 'done' || strip.state === 'overdue' || strip.dueOn === null
      ? ''
      : `${far}${dayText(strip.dueOn)}前`
  return (
    <li>
      <Link to={addressOf(strip.place)} className={`home-strip tone-${strip.state}`}>
        <span className="home-strip-title">
          <span>{strip.title}</span>
          {strip.note !== '' && <span className="quiet">{strip.note}</span>}
        </span>
        <YearStrip
          weeks={term.weeks}
          cells={strip.cells}
          holidays={term.holidays}
          today={term.today}
          label={`${strip.title}：${late}`}
        />
        <span className="home-strip-sum">
          <span className="figure">
            {strip.value === null && strip.target === null
              ? '—'
              : amountText(strip.value, strip.target, strip.unit)}
          </span>
          <span className="home-strip-state">{due === '' ? late : due}</span>
        </span>
      </Link>
    </li>
  )
}

function RecognisedLine({ one }: { one: Recognised }) {
  return (
    <li className="home-item tone-done">
      <StateGlyph state="done" size={20} />
      <div className="home-text">
        <p className="home-line">
          <Link to={addressOf(one.record)} className="home-title">
            {one.title === '' ? one.what : one.title}
          </Link>
        </p>
        <p className="quiet">
          {dayText(one.on)} {one.title === '' ? '' : one.what}
          {one.countsFor !== '' && <> · 计入 {one.countsFor}</>}
          {one.why && (
            <Link to={addressOf(one.why)} className="why" aria-label={`${one.title}为什么计入`}>
              为什么？
            </Link>
          )}
        </p>
      </div>
    </li>
  )
}
