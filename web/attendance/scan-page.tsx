import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { attendance } from '../activity/api.ts'
import type { SignInResult } from '../activity/api.ts'
import { asApiError } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { useLatest } from '../kit/latest.ts'
import { LinkButton } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { paths } from '../paths.ts'
import { deliverParked, parkScan, readParked } from './parked.ts'
import './attendance.css'

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector
const detectorClass = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

type Outcome =
  | { kind: 'done'; result: SignInResult }
  | { kind: 'refused'; message: string }
  | { kind: 'parked' }

/** Signing in with one hand: the camera above, the number at the thumb. */
export function ScanPage() {
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [busy, setBusy] = useState(false)
  const [number, setNumber] = useState('')
  const working = useRef(false)

  async function attempt(call: () => Promise<SignInResult>, token?: string): Promise<void> {
    if (working.current) return
    working.current = true
    setBusy(true)
    const scannedAt = Date.now()
    try {
      setOutcome({ kind: 'done', result: await call() })
      if ('vibrate' in navigator) navigator.vibrate(60)
    } catch (problem) {
      const failure = asApiError(problem)
      if (failure.isConnection && token !== undefined && parkScan({ token, scannedAt }))
        setOutcome({ kind: 'parked' })
      else setOutcome({ kind: 'refused', message: failure.message })
    } finally {
      working.current = false
      setBusy(false)
    }
  }

  if (outcome) {
    return (
      <Page title="签到" width="reading">
        <Result
          outcome={outcome}
          again={() => {
            setOutcome(null)
            setNumber('')
          }}
        />
      </Page>
    )
  }
  return (
    <Page title="签到" width="reading">
      <div className="scan">
        <Camera
          onCode={(text) => {
            const token = /\/s\/([\w-]{40})(?:[?#]|$)/.exec(text)?.[1]
            if (token === undefined)
              setOutcome({ kind: 'refused', message: '这不是签到二维码，请扫大屏幕上的码。' })
            else void attempt(() => attendance.signIn({ token }), token)
          }}
        />
        <form
          className="scan-number"
          onSubmit={(event) => {
            event.preventDefault()
            if (number.length === 6) void attempt(() => attendance.signInByNumber({ number }))
          }}
        >
          <label htmlFor="scan-number">大屏幕上的 6 位数字</label>
          <input
            id="scan-number"
            className="native-input"
            inputMode="numeric"
            autoComplete="off"
            maxLength={7}
            value={number}
            placeholder="000000"
            onChange={(event) => {
              const digits = event.target.value.replace(/\D/g, '').slice(0, 6)
              setNumber(digits)
              // The sixth digit is enough; no button to look for.
              if (digits.length === 6) void attempt(() => attendance.signInByNumber({ number: digits }))
            }}
          />
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            block
            loading={busy}
            disabled={number.length !== 6}
          >
            签到
          </Button>
        </form>
      </div>
    </Page>
  )
}

function Result({ outcome, again }: { outcome: Outcome; again: () => void }) {
  if (outcome.kind === 'done') {
    const { result } = outcome
    return (
      <div className="scan-result" role="status">
        <span className="scan-mark tone-done">
          <Icon name="check" size={48} />
        </span>
        <p className="scan-word">{result.result === 'already' ? '已经签到' : '签到成功'}</p>
        <p className="scan-time">{result.time}</p>
        <p>
          {result.theme}
          {result.session !== null && ` · 第 ${result.session} 场`}
        </p>
        <p className="quiet">
          {result.unitName}
          {result.place !== '' && ` · ${result.place}`}
          {result.isGuest && ' · 外组参加'}
        </p>
        <LinkButton to={paths.home()}>回首页</LinkButton>
      </div>
    )
  }
  if (outcome.kind === 'parked') {
    return (
      <div className="scan-result" role="status">
        <span className="scan-mark tone-dueSoon">
          <Icon name="offline" size={48} />
        </span>
        <p className="scan-word">已暂存</p>
        <p>现在没有网络。已暂存，联网后自动提交，可以关掉本页。</p>
        <Button onClick={() => void deliverParked().then(() => readParked().length === 0 && again())}>
          现在提交
        </Button>
      </div>
    )
  }
  return (
    <div className="scan-result" role="alert">
      <span className="scan-mark tone-overdue">
        <Icon name="alert" size={48} />
      </span>
      <p className="scan-word">没有签上</p>
      <p>{outcome.message}</p>
      <Button type="primary" size="large" onClick={again}>
        再试一次
      </Button>
    </div>
  )
}

/** The back camera, read five times a second; where the browser cannot read codes, a sentence says how to go on. */
function Camera({ onCode }: { onCode: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [problem, setProblem] = useState<string | null>(
    detectorClass && navigator.mediaDevices
      ? null
      : '这个浏览器不能直接扫码。请用手机相机或微信扫大屏幕上的码，或在下面输入数字。',
  )
  const report = useLatest(onCode)
  useEffect(() => {
    if (!detectorClass || !navigator.mediaDevices) return
    const detector = new detectorClass({ formats: ['qr_code'] })
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOpen = true
    const look = async (): Promise<void> => {
      const element = video.current
      if (!isOpen || !element) return
      if (element.readyState >= 2) {
        const [code] = await detector.detect(element).catch(() => [])
        if (code && isOpen) {
          report.current(code.rawValue)
          return
        }
      }
      timer = setTimeout(() => void look(), 200)
    }
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
      .then(
        (opened) => {
          stream = opened
          if (!isOpen || !video.current) return opened.getTracks().forEach((track) => track.stop())
          video.current.srcObject = opened
          void video.current.play().then(look)
        },
        () => setProblem('没有打开相机。请允许使用相机，或用微信扫码，或在下面输入数字。'),
      )
    return () => {
      isOpen = false
      clearTimeout(timer)
      stream?.getTracks().forEach((track) => track.stop())
    }
  }, [report])
  if (problem !== null) return <p className="scan-camera scan-nocamera">{problem}</p>
  return (
    <div className="scan-camera">
      <video ref={video} muted playsInline aria-label="相机画面，请对准大屏幕上的二维码" />
      <span className="scan-frame" aria-hidden="true" />
    </div>
  )
}
