import { roleLabels } from '../../server/kit/gate.ts'
import { useSession } from '../access/session.ts'
import { InboxCount } from '../inbox/count.tsx'
import { MessageCount } from '../notice/count.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { paths } from '../paths.ts'
import { useNavigation } from './navigation.ts'
import { openSearch } from './search-palette.tsx'
import { useSignOut } from './sign-out.ts'

/** The phone's menu: who I am, everything I can open, my account. */
export function MinePage() {
  const session = useSession()
  const sections = useNavigation()
  const signOut = useSignOut()
  const groups = session.units.map((unit) => unit.name).join('、')
  return (
    <Page
      title={session.person.name}
      sentence={`${session.organisation.name} · ${session.roles.map((role) => roleLabels[role]).join('、')}${groups === '' ? '' : ` · ${groups}`}`}
    >
      <button type="button" className="search-open" onClick={openSearch}>
        <Icon name="search" size={18} />
        找老师、组、活动
      </button>
      {sections.map((section) => (
        <nav key={section.group} className="mine-group" aria-label={section.group}>
          <h2>{section.group}</h2>
          <ul>
            {section.items
              .filter((item) => item.phone)
              .map((item) => (
                <li key={item.to}>
                  <Link to={item.to}>
                    <Icon name={item.icon} />
                    <span>{item.label}</span>
                    {item.to === paths.inbox() && <InboxCount />}
                    {item.to === paths.messages() && <MessageCount />}
                    <Icon name="chevronRight" size={18} />
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
      ))}
      <section className="mine-group" aria-label="账号">
        <h2>账号</h2>
        <ul>
          {session.person.id !== null && (
            <li>
              <Link to={paths.settings.person(session.person.id)}>
                <Icon name="person" />
                <span>我的资料</span>
                <Icon name="chevronRight" size={18} />
              </Link>
            </li>
          )}
          <li>
            <Link to={paths.changePassword()}>
              <Icon name="key" />
              <span>修改密码</span>
              <Icon name="chevronRight" size={18} />
            </Link>
          </li>
          <li>
            <button type="button" onClick={signOut}>
              <Icon name="exit" />
              <span>{session.demo ? '退出，换一个演示账号' : '退出'}</span>
            </button>
          </li>
        </ul>
      </section>
    </Page>
  )
}
