import './shell.css'
import { Navigate, Outlet, useMatches } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react'
import type { ComponentType } from 'react'
import { roleLabels } from '../../server/kit/gate.ts'
import { useEntrance } from '../access/session.ts'
import type { Session } from '../../server/access/contract.ts'
import { InboxCount } from '../inbox/count.tsx'
import { MessageBell, MessageCount } from '../notice/count.tsx'
import { setDraftOwner } from '../kit/autosave.tsx'
import { Icon } from '../kit/icons.tsx'
import type { IconName } from '../kit/icons.tsx'
import { Link, useAddress } from '../kit/link.tsx'
import { useLive } from '../kit/live.ts'
import { Menu } from '../kit/menu.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import type { PageRoute } from '../kit/page-route.ts'
import { useOnline, usePhone } from '../kit/screen.ts'
import { paths } from '../paths.ts'
import { Brand } from './brand.tsx'
import { marksBelow, mayOpen, NavigationContext, navigationFor, useNavigation } from './navigation.ts'
import { NotForYouPage } from './not-found.tsx'
import { openSearch, SearchPalette } from './search-palette.tsx'
import { useSignOut } from './sign-out.ts'

// The demo brings its own control of the clock; without the folder there is none.
const clockFiles = import.meta.glob<{ DemoClock: ComponentType }>('../demo/clock.tsx')
const loadClock = clockFiles['../demo/clock.tsx']
const DemoClock = loadClock ? lazy(async () => ({ default: (await loadClock()).DemoClock })) : null

/** Decides what is drawn: setup, sign-in, the forced first password, or the page in its frame. */
export function Shell({ pages }: { pages: readonly PageRoute[] }) {
  const entrance = useEntrance()
  const page = useMatches({ select: (matches) => matches.at(-1)?.staticData.page })
  const address = useAddress()
  const session = entrance.data?.session ?? null
  const accountId = session?.account.id
  const path = address.split('?')[0]
  if (accountId !== undefined) setDraftOwner(accountId)
  useLive(session !== null && !session.account.mustChangePassword)
  const sections = useMemo(() => navigationFor(pages, session?.roles ?? []), [pages, session?.roles])

  if (entrance.data === undefined) {
    if (page?.open) return <Outlet />
    return entrance.error ? (
      <main className="entrance-problem">
        <Brand />
        <ErrorNotice error={entrance.error} retry={entrance.refetch} />
      </main>
    ) : (
      <Waiting />
    )
  }
  if (entrance.data.needsSetup && path !== paths.setup()) return <Navigate to={paths.setup()} replace />
  if (page?.open) return <Outlet />
  if (session === null) {
    return <Navigate to="/sign-in" search={address === '/' ? {} : { to: address }} replace />
  }
  if (session.account.mustChangePassword && path !== paths.changePassword()) {
    return <Navigate to={paths.changePassword()} replace />
  }
  const body =
    page && !mayOpen(page, session.roles) ? (
      <NotForYouPage title={page.title} who={(page.gate ?? []).map((role) => roleLabels[role]).join('、')} />
    ) : (
      <Outlet />
    )
  return (
    <NavigationContext value={sections}>
      {page?.bare ? body : <Frame session={session}>{body}</Frame>}
    </NavigationContext>
  )
}

/** The frame before anything is known: the same boxes, empty. */
function Waiting() {
  return (
    <div className="frame">
      <header className="top">
        <Brand />
      </header>
      <div className="side" />
      <main className="main">
        <div className="page page-normal">
          <Skeleton shape="cards" rows={4} />
        </div>
      </main>
    </div>
  )
}

function Frame({ session, children }: { session: Session; children: React.ReactNode }) {
  const phone = usePhone()
  const online = useOnline()
  const address = useAddress()
  const path = address.split('?')[0]
  const main = useRef<HTMLElement>(null)
  const lastPath = useRef(path)
  useEffect(() => {
    if (lastPath.current === path) return
    lastPath.current = path
    // Keyboard and screen reader go on from the new page, not from the old link.
    main.current?.focus({ preventScroll: true })
  }, [path])
  return (
    <div className="frame">
      <a className="skip" href="#main">
        跳到正文
      </a>
      <header className="top">
        <Link to={paths.home()} className="top-brand" aria-label="校研 首页">
          <Brand />
        </Link>
        <span className="top-school">{session.organisation.name}</span>
        {!phone && (
          <button type="button" className="search-open" onClick={openSearch} aria-keyshortcuts="Control+K">
            <Icon name="search" size={18} />
            搜索
            <kbd>Ctrl K</kbd>
          </button>
        )}
        <span className="top-today">{session.todayLabel}</span>
        {session.demo && DemoClock && (
          <Suspense fallback={null}>
            <DemoClock />
          </Suspense>
        )}
        <MessageBell />
        {!phone && <AccountMenu session={session} />}
      </header>
      {!online && (
        <p className="offline" role="status">
          <Icon name="offline" size={18} />
          没有网络。可以继续看已打开的内容；正在写的会存在本机，连上后自动保存。
        </p>
      )}
      {!phone && <SideNavigation path={path ?? ''} />}
      <main className="main" id="main" tabIndex={-1} ref={main}>
        <p className="printed-by" aria-hidden="true">
          {session.organisation.name} · {session.today.slice(0, 4)}年{session.todayLabel}
        </p>
        {children}
      </main>
      {phone && <PhoneBar session={session} />}
      <SearchPalette />
    </div>
  )
}

function SideNavigation({ path }: { path: string }) {
  const sections = useNavigation()
  return (
    <nav className="side" aria-label="主导航">
      {sections.map((section) => (
        <div key={section.group} className="side-group">
          <h2>{section.group}</h2>
          <ul>
            {section.items.map((item) => (
              <li key={item.to}>
                <Link to={item.to} section={marksBelow(item, sections, path)}>
                  <Icon name={item.icon} />
                  {item.label}
                  {item.to === paths.inbox() && <InboxCount />}
                  {item.to === paths.messages() && <MessageCount />}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

function AccountMenu({ session }: { session: Session }) {
  const signOut = useSignOut()
  return (
    <Menu
      label="账号"
      className="account"
      button={
        <>
          <span className="account-mark" aria-hidden="true">
            {session.person.name.slice(-1)}
          </span>
          {session.person.name}
          <Icon name="chevronDown" size={16} />
        </>
      }
    >
      <p className="menu-about">
        {session.roles.map((role) => roleLabels[role]).join('、')}
        <span className="quiet">用户名 {session.account.loginName}</span>
      </p>
      {session.person.id !== null && (
        <Link to={paths.settings.person(session.person.id)} className="menu-item">
          <Icon name="person" size={18} />
          我的资料
        </Link>
      )}
      <Link to={paths.changePassword()} className="menu-item">
        <Icon name="key" size={18} />
        修改密码
      </Link>
      <button type="button" className="menu-item" onClick={signOut}>
        <Icon name="exit" size={18} />
        {session.demo ? '退出，换一个演示账号' : '退出'}
      </button>
    </Menu>
  )
}

const teacherBar: { to: string; label: string; icon: IconName; section?: boolean }[] = [
  { to: paths.home(), label: '首页', icon: 'home' },
  { to: paths.activities(), label: '活动', icon: 'calendar', section: true },
  { to: paths.scan(), label: '扫码', icon: 'scan' },
  { to: paths.works(), label: '写作', icon: 'pen', section: true },
  { to: paths.mine(), label: '我的', icon: 'person' },
]
const districtBar: typeof teacherBar = [
  { to: paths.home(), label: '首页', icon: 'home' },
  { to: paths.boardDistrict(), label: '看板', icon: 'board', section: true },
  { to: paths.mine(), label: '我的', icon: 'person' },
]

function PhoneBar({ session }: { session: Session }) {
  const items = session.roles.includes('teacher') ? teacherBar : districtBar
  return (
    <nav className="bar-bottom" aria-label="主导航">
      {items.map((item) => (
        <Link
          key={item.to}
          to={item.to}
          section={item.section ?? false}
          className={item.icon === 'scan' ? 'bar-item bar-scan' : 'bar-item'}
        >
          <span className="bar-icon">
            <Icon name={item.icon} size={item.icon === 'scan' ? 26 : 24} />
          </span>
          {item.label}
          {item.to === paths.mine() && <InboxCount className="bar-count" />}
        </Link>
      ))}
    </nav>
  )
}
