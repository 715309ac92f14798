import { useEffect, useMemo, useState } from 'react'
import { encode } from 'uqr'
import { Icon } from '../kit/icons.tsx'
import { useLatest } from '../kit/latest.ts'
import { Link, usePathParams } from '../kit/link.tsx'
import { ErrorNotice } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { leaveKindLabels } from '../../server/activity/words.ts'
import { paths } from '../paths.ts'
import { activityLive, participation } from './api.ts'
import './live.css'

type Live = Awaited<ReturnType<typeof activityLive.getLive>>

/** The code as one path, sharp at every size. */
function QrCode({ text }: { text: string }) {
  const { path, size } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: 2 })
    let drawn = ''
    for (const [y, row] of code.data.entries())
      for (const [x, isDark] of row.entries()) if (isDark) drawn += `M${x} ${y}h1v1h-1z`
    return { path: drawn, size: code.size }
  }, [text])
  return (
    <svg
      className="live-qr"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label="签到二维码"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

/** Keeps the screen awake while the page is seen. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: { release: () => Promise<void> } | null = null
    const take = () => {
      if (document.hidden || !('wakeLock' in navigator)) return
      navigator.wakeLock.request('screen').then(
        (taken) => {
          lock = taken
        },
        () => undefined,
      )
    }
    take()
    document.addEventListener('visibilitychange', take)
    return () => {
      document.removeEventListener('visibilitychange', take)
      void lock?.release()
    }
  }, [])
}

/** The projector: the code, the number, who has come. */
export function LivePage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(activityLive.getLive, { id }, { every: 10_000, staleTime: 0 })
  const live = query.data
  useWakeLock()
  /** The answer whose code the server no longer takes. */
  const [staleLive, setStaleLive] = useState<Live | null>(null)
  const isStale = live !== undefined && staleLive === live
  const read = useLatest(query.refetch)
  // The code is fetched again just after it turned; what is older than the server accepts is not shown.
  useEffect(() => {
    if (!live?.code) return
    const { millisecondsLeft, windowMilliseconds } = live.code
    const next = setTimeout(() => void read.current(), millisecondsLeft + 120)
    const old = setTimeout(() => setStaleLive(live), millisecondsLeft + windowMilliseconds)
    return () => {
      clearTimeout(next)
      clearTimeout(old)
    }
  }, [live, read])
  useEffect(() => {
    document.title = `签到 ${live?.theme ?? ''} · 校研`
  }, [live?.theme])
  if (!live) {
    return (
      <main className="live live-empty">
        {query.error && <ErrorNotice error={query.error} retry={query.refetch} />}
      </main>
    )
  }
  return (
    <main className="live">
      <div className="live-code">
        {live.code && !isStale ? (
          <QrCode text={live.code.address} />
        ) : (
          <div className="live-qr live-nocode">
            <p>{isStale ? '网络断了，正在重新连接。请稍候再扫。' : noCode(live)}</p>
          </div>
        )}
      </div>
      <div className="live-side">
        <header>
          <h1>{live.theme}</h1>
          <p>
            {live.unitName} · {live.startTime}—{live.endTime}
            {live.place !== '' && ` · ${live.place}`}
          </p>
        </header>
        {live.code && !isStale && (
          <div className="live-number">
            <CountdownRing key={live.code.number} code={live.code} />
            <div>
              <p>扫不了，就在“校研”里输入</p>
              <strong>
                {live.code.number.slice(0, 3)}
                <i> </i>
                {live.code.number.slice(3)}
              </strong>
            </div>
          </div>
        )}
        <Arrivals live={live} />
        <LiveTools live={live} />
      </div>
    </main>
  )
}

function noCode(live: Live): string {
  if (live.status === 'planned')
    return '还没有开始签到。主持人在手机或本机点“开始签到”后，二维码会出现在这里。'
  if (live.status === 'running') return '二维码只显示给主持人、组长和教导处。'
  return live.status === 'closed' ? '签到已结束，谢谢大家。' : '活动已取消。'
}

/** A thin ring that empties until the code turns. */
function CountdownRing({ code }: { code: NonNullable<Live['code']> }) {
  const around = 2 * Math.PI * 20
  return (
    <svg className="live-ring" viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="20" className="live-ring-ground" />
      <circle
        cx="24"
        cy="24"
        r="20"
        className="live-ring-hand"
        strokeDasharray={around}
        style={{
          animationDuration: `${code.windowMilliseconds}ms`,
          animationDelay: `-${code.windowMilliseconds - code.millisecondsLeft}ms`,
        }}
      />
    </svg>
  )
}

function Arrivals({ live }: { live: Live }) {
  return (
    <section className="live-arrivals" aria-label="已到">
      <p className="live-count" aria-live="polite">
        <b>{live.arrived}</b>
        <span>/{live.expected}</span>
        <small>人已到{live.guests > 0 && `，另有外组 ${live.guests} 人`}</small>
      </p>
      <ul className="live-names">
        {live.names.map((entry) => (
          <li key={`${entry.name} ${entry.time}`}>
            {entry.name}
            <small>{entry.isGuest ? '外组' : entry.time}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The address for people of other schools, as a second code. */
function GuestCode({ activityId }: { activityId: string }) {
  const query = useApi(participation.getParticipation, { activityId })
  const path = query.data?.guestPath
  if (!path) return <p role="status">{query.error?.message ?? '活动进行中才能登记来宾。'}</p>
  const address = `${location.origin}${path}`
  return (
    <div className="live-guest" role="status">
      <QrCode text={address} />
      <p>
        外校来宾扫这个码，输入大屏幕上的 6 位数字、姓名和学校。已登记 {query.data?.guests.length ?? 0} 人。
      </p>
    </div>
  )
}

function LiveTools({ live }: { live: Live }) {
  const [showMissing, setShowMissing] = useState(false)
  const [showGuests, setShowGuests] = useState(false)
  const missing = useApi(activityLive.listMissing, showMissing ? { id: live.activityId } : null)
  return (
    <footer className="live-tools">
      {live.status === 'running' && (
        <button type="button" aria-pressed={showMissing} onClick={() => setShowMissing(!showMissing)}>
          <Icon name="people" size={18} />
          {showMissing ? '收起' : '谁还没到'}
        </button>
      )}
      {live.code && (
        <button type="button" aria-pressed={showGuests} onClick={() => setShowGuests(!showGuests)}>
          <Icon name="scan" size={18} />
          {showGuests ? '收起来宾码' : '来宾码'}
        </button>
      )}
      <button
        type="button"
        onClick={() =>
          void (document.fullscreenElement
            ? document.exitFullscreen()
            : document.documentElement.requestFullscreen())
        }
      >
        <Icon name="board" size={18} />
        全屏
      </button>
      <Link to={paths.runActivity(live.activityId)}>
        <Icon name="chevronLeft" size={18} />
        返回
      </Link>
      {showGuests && <GuestCode activityId={live.activityId} />}
      {showMissing && (
        <p className="live-missing" role="status">
          {missing.error
            ? missing.error.message
            : missing.data?.length === 0
              ? '全部到齐。'
              : missing.data
                  ?.map((person) =>
                    person.leave ? `${person.name}（${leaveKindLabels[person.leave]}）` : person.name,
                  )
                  .join('　')}
        </p>
      )}
    </footer>
  )
}
