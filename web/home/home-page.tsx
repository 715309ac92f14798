import { useSession } from '../access/session.ts'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useNavigation } from '../shell/navigation.ts'
import { paths } from '../paths.ts'

/** Greeting with the week, and the ways on. */
export function HomePage() {
  const session = useSession()
  const items = useNavigation().flatMap((section) => section.items)
  return (
    <Page title={`${session.person.name}老师，您好`} sentence={session.todayLabel}>
      <ul className="ways">
        {items
          .filter((item) => item.to !== paths.home())
          .map((item) => (
            <li key={item.to}>
              <Link to={item.to}>
                <Icon name={item.icon} size={24} />
                {item.label}
              </Link>
            </li>
          ))}
      </ul>
    </Page>
  )
}
