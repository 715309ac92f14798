import { queryPublic, sql } from '../kit/sql.ts'
import type { Services } from '../kit/services.ts'

export interface DemoAccount {
  loginName: string
  password: string
  name: string
  role: string
  organisation: string
}

/** The accounts that the demo shows on its sign-in page; written by the story. */
export async function demoAccounts(services: Services): Promise<DemoAccount[]> {
  const rows = await queryPublic<{ value: DemoAccount[] }>(
    services.pool,
    sql`SELECT value FROM server_settings WHERE name = 'demoAccounts'`,
  )
  return rows[0]?.value ?? []
}
