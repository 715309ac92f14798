import { useDeferredValue, useEffect, useId, useRef, useState, useSyncExternalStore } from 'react'
import type { KeyboardEvent } from 'react'
import type { searchApi } from '../../server/search/contract.ts'
import { matchKindLabels } from '../../server/search/words.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { api } from '../kit/api.ts'
import { Icon, type IconName } from '../kit/icons.tsx'
import { useGo } from '../kit/link.tsx'
import { ErrorNotice } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { useNavigation } from './navigation.ts'

const search = api<typeof searchApi>('search')
type Match = Awaited<ReturnType<typeof search.listMatches>>[number]

let isOpen = false
const listeners = new Set<() => void>()
function setOpen(open: boolean): void {
  isOpen = open
  for (const listener of listeners) listener()
}
/** Opens the search from wherever. */
export function openSearch(): void {
  setOpen(true)
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Listens for Ctrl+K and draws the search while it is open. Stands once in the frame. */
export function SearchPalette() {
  const open = useSyncExternalStore(subscribe, () => isOpen)
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      event.preventDefault()
      setOpen(!isOpen)
    }
    document.addEventListener('keydown', press)
    return () => {
      document.removeEventListener('keydown', press)
      setOpen(false)
    }
  }, [])
  return open ? <Palette close={() => setOpen(false)} /> : null
}

interface Choice {
  key: string
  group: string
  icon: IconName
  title: string
  note: string
  to: string
}

const icons: Record<Match['kind'], IconName> = {
  person: 'person',
  group: 'people',
  activity: 'calendar',
  school: 'school',
}

function addressOf(match: Match): string {
  switch (match.opens) {
    case 'board':
      return match.kind === 'group' ? paths.boardGroup(match.id) : paths.boardPerson(match.id)
    case 'unit':
      return paths.settings.unit(match.id)
    case 'activity':
      return paths.activity(match.id)
    case 'school':
      return inSchool(paths.school(match.id), match.id)
  }
}

function Palette({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const go = useGo()
  const id = useId()
  const school = useSchool()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const typed = useSettled(text.trim())
  const query = useApi(search.listMatches, typed === '' ? null : { text: typed }, {
    keep: true,
    staleTime: 30_000,
  })
  const sections = useNavigation()
  const deferred = useDeferredValue(text.trim())

  useEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
  }, [])

  const pages = sections
    .flatMap((section) => section.items)
    .filter((item) => deferred !== '' && item.label.includes(deferred))
    .map(
      (item): Choice => ({
        key: item.to,
        group: '页面',
        icon: item.icon,
        title: item.label,
        note: '',
        to: item.to,
      }),
    )
  const matches = (typed === '' ? [] : (query.data ?? [])).map(
    (match): Choice => ({
      key: `${match.kind}.${match.id}`,
      group: matchKindLabels[match.kind],
      icon: icons[match.kind],
      title: match.title,
      note: match.note,
      to: match.kind === 'school' ? addressOf(match) : inSchool(addressOf(match), school),
    }),
  )
  const choices = text.trim() === '' ? [] : [...pages, ...matches]
  const current = Math.min(at, choices.length - 1)
  const waits = text.trim() !== typed || (typed !== '' && query.isFetching)

  const choose = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    go(choice.to)
  }
  const press = (event: KeyboardEvent) => {
    // A name that is still being put together belongs to the input method.
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && choices.length > 0) {
      const next = (current + step + choices.length) % choices.length
      setAt(next)
      list.current?.querySelector(`[data-index="${next}"]`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') choose(choices[current])
    else return
    event.preventDefault()
  }
  const groups = [...new Set(choices.map((choice) => choice.group))]
  return (
    <dialog
      ref={dialog}
      className="search"
      aria-label="搜索"
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) close()
      }}
    >
      <div className="search-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="搜索"
          aria-expanded={choices.length > 0}
          aria-controls={`${id}list`}
          aria-autocomplete="list"
          {...(choices[current] ? { 'aria-activedescendant': `${id}${current}` } : {})}
          placeholder="姓名、拼音首字母、工号、组名或活动主题"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={40}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={press}
        />
        <button type="button" className="icon-button" aria-label="关闭搜索" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {query.error && typed !== '' && <ErrorNotice error={query.error} retry={query.refetch} />}
      <div className="search-list" id={`${id}list`} role="listbox" aria-label="搜索结果" ref={list}>
        {groups.map((group) => (
          <div key={group} role="group" aria-label={group}>
            <p className="search-group" aria-hidden="true">
              {group}
            </p>
            {choices.map(
              (choice, index) =>
                choice.group === group && (
                  <div
                    key={choice.key}
                    id={`${id}${index}`}
                    data-index={index}
                    role="option"
                    tabIndex={-1}
                    aria-selected={index === current}
                    className="search-option"
                    onClick={() => choose(choice)}
                    onPointerMove={() => setAt(index)}
                  >
                    <Icon name={choice.icon} size={18} />
                    <span className="search-title">{choice.title}</span>
                    <span className="quiet">{choice.note}</span>
                  </div>
                ),
            )}
          </div>
        ))}
      </div>
      <p className="search-foot quiet" role="status">
        {text.trim() === '' ? (
          '可以找老师、组、活动和页面。'
        ) : choices.length > 0 ? (
          <>
            <span className="visually-hidden">找到 {choices.length} 项。</span>
            <kbd>↑</kbd> <kbd>↓</kbd> 选择　<kbd>Enter</kbd> 打开　<kbd>Esc</kbd> 关闭
          </>
        ) : waits ? (
          '正在找…'
        ) : query.error ? (
          ''
        ) : (
          `没有找到您能打开的“${text.trim()}”。换个名字、拼音首字母或工号试试。`
        )}
      </p>
    </dialog>
  )
}

/** The text once nothing was typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 180)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
