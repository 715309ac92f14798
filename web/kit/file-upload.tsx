import './paper.css'
import { useCallback, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { asApiError, upload } from './api.ts'
import type { ApiCall } from './api.ts'
import { Icon } from './icons.tsx'
import { useLatest } from './latest.ts'
import { deliverParkedFiles, dropParkedFile, parkFile, useParkedFiles } from './parked-files.ts'
import { isPhoto, reducePhoto } from './reduce-photo.ts'
import { bytesText } from './words.ts'

/** As the server limits it. */
const mostBytes = 20 * 1024 * 1024

interface Sending {
  key: number
  name: string
  bytes: number
  share: number
  error: string | null
  cancel: () => void
}

export interface FileUploadProps<Input, Output> {
  /** An upload endpoint of the room. */
  call: ApiCall<Input, Output>
  /** What goes with each file. */
  input: Input
  /** After each file that arrived. */
  onUploaded: (output: Output) => void
  label: string
  hint?: string
  /** As in `<input accept>`: `image/*`, `.pdf,.docx`. */
  accept?: string
  multiple?: boolean
  /** Opens the camera of a phone at once. */
  camera?: boolean
  disabled?: boolean
  /** What is chosen without network waits on this device and is sent when it is back. */
  keepOffline?: boolean
  /** The files that are there already. */
  children?: ReactNode
}

/** Why a file stays here, and what to do: a photo that could not be made smaller is told apart. */
function tooLargeSentence(file: File): string {
  const most = bytesText(mostBytes)
  return isPhoto(file)
    ? `这张照片有 ${bytesText(file.size)}，这台设备打不开它的格式，没能缩小。请在相册里改小尺寸或另存为 JPG 再选，最多 ${most}。`
    : `文件有 ${bytesText(file.size)}，最多 ${most}。请压缩后再选，录像请改用链接。`
}

/** Sends files with visible progress, photos made smaller; by pressing, or by dropping them here on a PC. */
export function FileUpload<Input, Output>(props: FileUploadProps<Input, Output>) {
  const id = useId()
  const [sending, setSending] = useState<Sending[]>([])
  const [over, setOver] = useState(false)
  const nextKey = useRef(0)
  const patch = (key: number, change: Partial<Sending>) =>
    setSending((list) => list.map((item) => (item.key === key ? { ...item, ...change } : item)))
  const onUploaded = useLatest(props.onUploaded)
  const delivered = useCallback((output: Output) => onUploaded.current(output), [onUploaded])
  const parked = useParkedFiles(props.call, props.input, delivered)
  const drop = (key: number) => setSending((list) => list.filter((item) => item.key !== key))

  async function sendOne(chosen: File): Promise<void> {
    const file = await reducePhoto(chosen)
    nextKey.current += 1
    const key = nextKey.current
    const controller = new AbortController()
    const tooLarge = file.size > mostBytes
    setSending((list) => [
      ...list,
      {
        key,
        name: file.name,
        bytes: file.size,
        share: 0,
        error: tooLarge ? tooLargeSentence(file) : null,
        cancel: () => controller.abort(),
      },
    ])
    if (tooLarge) return
    if (props.keepOffline === true && !navigator.onLine) {
      await park(key, file)
      return
    }
    try {
      const output = await upload(props.call, props.input, file, {
        signal: controller.signal,
        progress: (share) => patch(key, { share }),
      })
      drop(key)
      props.onUploaded(output)
    } catch (problem) {
      const error = asApiError(problem)
      if (error.code === 'aborted') drop(key)
      else if (props.keepOffline === true && error.isConnection) await park(key, file)
      else patch(key, { error: error.message })
    }
  }
  async function park(key: number, file: File): Promise<void> {
    if (await parkFile(props.call, props.input, file)) drop(key)
    else patch(key, { error: '没有网络，这台设备也存不下；请连上网后再选一次。' })
  }
  // One after the other: a school's line is thin, and the first should be done soon.
  async function sendAll(files: FileList | null): Promise<void> {
    for (const file of Array.from(files ?? []).slice(0, props.multiple === true ? undefined : 1))
      await sendOne(file)
  }

  return (
    <div className="upload">
      {props.children}
      {sending.length + parked.length > 0 && (
        <ul className="upload-list">
          {parked.map((one) => (
            <li key={one.id} className={one.refused === null ? 'upload-parked' : 'upload-failed'}>
              <span className="upload-name">{one.name}</span>
              <span className="quiet">
                {one.refused ?? `${bytesText(one.bytes)} · 没有网络，已存在本机，连上网后自动上传`}
              </span>
              {one.refused !== null && (
                <button
                  type="button"
                  className="link-button"
                  onClick={() => void deliverParkedFiles({ again: one })}
                >
                  再试
                </button>
              )}
              <button
                type="button"
                className="icon-button"
                aria-label={`移除 ${one.name}`}
                onClick={() => void dropParkedFile(one)}
              >
                <Icon name="close" size={18} />
              </button>
            </li>
          ))}
          {sending.map((item) => (
            <li key={item.key} className={item.error === null ? undefined : 'upload-failed'}>
              <span className="upload-name">{item.name}</span>
              <span className="quiet">
                {item.error ?? `${bytesText(item.bytes)} · ${Math.round(item.share * 100)}%`}
              </span>
              {item.error === null && (
                <progress
                  className="upload-bar"
                  max={1}
                  value={item.share}
                  aria-label={`${item.name} 上传进度`}
                />
              )}
              <button
                type="button"
                className="icon-button"
                aria-label={item.error === null ? `取消上传 ${item.name}` : `移除 ${item.name}`}
                onClick={() => (item.error === null ? item.cancel() : drop(item.key))}
              >
                <Icon name="close" size={18} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <label
        htmlFor={id}
        className={`upload-drop${over ? ' upload-over' : ''}${props.disabled ? ' upload-off' : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          if (!props.disabled) void sendAll(event.dataTransfer.files)
        }}
      >
        <Icon name="upload" />
        <span>{props.label}</span>
        {props.hint !== undefined && <span className="quiet">{props.hint}</span>}
        <input
          id={id}
          type="file"
          className="visually-hidden"
          multiple={props.multiple ?? false}
          disabled={props.disabled ?? false}
          {...(props.accept === undefined ? {} : { accept: props.accept })}
          {...(props.camera ? { capture: 'environment' as const } : {})}
          onChange={(event) => {
            // The list empties when the input is cleared for the next choice of the same file.
            void sendAll(event.target.files).finally(() => {
              event.target.value = ''
            })
          }}
        />
      </label>
    </div>
  )
}
