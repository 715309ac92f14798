import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { dayText } from '../kit/dates.ts'
import { sql, type Tx } from '../kit/sql.ts'
import { listPlans } from '../plan/store.ts'
import { listAdoptions } from '../regime/store.ts'
import type { SchoolNews } from './contract.ts'

const recentDays = 14
/** Papers stamped longer ago than this are history. */
const filingDays = 150
const adoptionDays = 60
const mostNews = 8

interface HeldActivity {
  id: string
  heldOn: LocalDate
  theme: string
  kind: string
  scope: 'organisation' | 'group'
  unitName: string | null
  expected: number
  attended: number
}

/**
 * What a school has done lately that its district should hear of, and its stamped papers without a district number;
 * handed up with the figures. No names of persons.
 */
export async function gatherNews(tx: Tx, kindLabel: (kind: string) => string): Promise<SchoolNews> {
  const since = addDays(tx.today, -recentDays)
  const filedSince = addDays(tx.today, -filingDays)
  const plans = (await listPlans(tx, { level: 'organisation', statuses: ['filed'] })).flatMap((plan) =>
    plan.stampedOn !== null && plan.stampedOn <= tx.today ? [{ ...plan, stampedOn: plan.stampedOn }] : [],
  )
  const activities = await tx.many<HeldActivity>(sql`
    SELECT a.id, a.held_on, a.theme, a.kind, a.scope, u.name AS unit_name,
      (SELECT count(*) FROM activity_people p WHERE p.org_id = a.org_id AND p.activity_id = a.id) AS expected,
      (SELECT count(*) FROM attendance t WHERE t.org_id = a.org_id AND t.activity_id = a.id
        AND t.status IN ('present', 'late', 'leftEarly')) AS attended
    FROM activities a LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    WHERE a.org_id = ${tx.orgId} AND a.status = 'closed' AND a.scope IN ('organisation', 'group')
      AND a.held_on BETWEEN ${since} AND ${tx.today}
    ORDER BY a.held_on, a.starts_at`)
  const groups = activities.filter((one) => one.scope === 'group' && one.heldOn >= addDays(tx.today, -6))
  const latest = groups.at(-1)
  const adopted = (await listAdoptions(tx)).filter(
    (one) => one.origin === 'own' && one.fromOn >= addDays(tx.today, -adoptionDays) && one.fromOn <= tx.today,
  )
  const news = [
    ...activities
      .filter((one) => one.scope === 'organisation')
      .map((one) => ({
        key: one.id,
        on: one.heldOn,
        text: `开展${kindLabel(one.kind)}“${one.theme}”${one.expected === 0 ? '' : `，到会 ${one.attended}/${one.expected} 人`}`,
      })),
    ...plans
      .filter((plan) => plan.stampedOn >= since)
      .map((plan) => ({ key: plan.id, on: plan.stampedOn, text: `备案《${plan.title}》` })),
    ...(latest
      ? [
          {
            key: `groups ${tx.orgId}`,
            on: latest.heldOn,
            text: `一周来各组活动 ${groups.length} 次，最近一次是${latest.unitName ?? ''}“${latest.theme}”`,
          },
        ]
      : []),
    ...adopted.map((one) => ({
      key: one.id,
      on: one.fromOn,
      text: `采用《${one.title}》，${dayText(one.fromOn)}起执行`,
    })),
  ]
  return {
    news: news.sort((a, b) => (a.on < b.on ? 1 : -1)).slice(0, mostNews),
    unfiled: plans
      .filter((plan) => plan.districtNumber === null && plan.stampedOn >= filedSince)
      .sort((a, b) => (a.stampedOn < b.stampedOn ? 1 : -1))
      .map((plan) => ({ title: plan.title, stampedOn: plan.stampedOn })),
  }
}
