import { useEffect, useRef } from 'react'
import { useHasRole } from '../access/session.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { Link } from '../kit/link.tsx'
import { paths } from '../paths.ts'
import './regime.css'

/** The way between the pages of the regime. */
export function RegimeNav() {
  const school = useSchool()
  const office = useHasRole(
    'principal',
    'academicOffice',
    'researchOffice',
    'administrator',
    'districtOfficer',
  )
  const leader = useHasRole('groupLeader')
  // A district has versions of its own, but nobody's duties.
  const district = useHasRole('districtOfficer') && school === null
  const pages = [
    { to: paths.regime(), label: '制度全文' },
    { to: paths.regimeCompare(), label: '比较' },
    ...(office
      ? [
          { to: paths.regimeVersions(), label: district ? '区级版本' : '本校版本' },
          { to: paths.regimeReadings(), label: '待定读法' },
        ]
      : []),
    ...((office || leader) && !district ? [{ to: paths.regimeDuties(), label: '人工确认' }] : []),
    ...(office && !district ? [{ to: paths.regimeCorrections(), label: '更正' }] : []),
    ...(district ? [] : [{ to: paths.regimeResults(), label: '期末结果' }]),
  ]
  const nav = useRef<HTMLElement>(null)
  useEffect(() => showCurrent(nav.current), [])
  return (
    <nav ref={nav} className="regime-nav no-print" aria-label="制度">
      <ul>
        {pages.map((page) => (
          <li key={page.to}>
            <Link to={inSchool(page.to, school)}>{page.label}</Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** On a phone the row is wider than the screen: the present page stands in sight. */
export function showCurrent(nav: HTMLElement | null): void {
  const current = nav?.querySelector<HTMLElement>('[aria-current="page"]')
  if (nav && current) nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.clientWidth) / 2
}
