import './paper.css'
import { useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { asApiError, upload } from './api.ts'
import type { ApiCall } from './api.ts'
import { Icon } from './icons.tsx'
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
  /** Changes a file before it is sent: a photo is made smaller. */
  prepare?: (file: File) => Promise<File>
  /** The files that are there already. */
  children?: ReactNode
}

/** Sends files with visible progress; by pressing, or by dropping them here on a PC. */
export function FileUpload<Input, Output>(props: FileUploadProps<Input, Output>) {
  const id = useId()
  const [sending, setSending] = useState<Sending[]>([])
  const [over, setOver] = useState(false)
  const nextKey = useRef(0)
  const patch = (key: number, change: Partial<Sending>) =>
    setSending((list) => list.map((item) => (item.key === key ? { ...item, ...change } : item)))
  const drop = (key: number) => setSending((list) => list.filter((item) => item.key !== key))

  async function sendOne(chosen: File): Promise<void> {
    const file = props.prepare ? await props.prepare(chosen) : chosen
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
        error: tooLarge ? `文件太大：最多 ${bytesText(mostBytes)}。照片可先压缩，录像请改用链接。` : null,
        cancel: () => controller.abort(),
      },
    ])
    if (tooLarge) return
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
      else patch(key, { error: error.message })
    }
  }
  // One after the other: a school's line is thin, and the first should be done soon.
  async function sendAll(files: FileList | null): Promise<void> {
    for (const file of Array.from(files ?? []).slice(0, props.multiple === true ? undefined : 1))
      await sendOne(file)
  }

  return (
    <div className="upload">
      {props.children}
      {sending.length > 0 && (
        <ul className="upload-list">
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
