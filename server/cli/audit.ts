import { resolve } from 'node:path'
import { verifyAudit } from '../audit/actions.ts'
import { createStillClock } from '../kit/clock.ts'
import { systemActor } from '../kit/services.ts'
import { createPool, transaction } from '../kit/sql.ts'
import { listOrganisations } from '../org/store.ts'
import { openDatabase } from '../postgres/open.ts'
import type { Answer } from './output.ts'

/** `xiaoyan audit`: goes through the chain of seals of every organisation; exit code 1 when anything is wrong. */
export async function audit(): Promise<Answer> {
  const dataFolder = resolve(process.env.XIAOYAN_DATA ?? '.data/xiaoyan')
  const database = await openDatabase({ dataFolder, say: () => undefined })
  const pool = createPool(database.connectionString, 2)
  const clock = createStillClock(new Date())
  const results = []
  try {
    for (const organisation of await listOrganisations(pool)) {
      const options = {
        orgId: organisation.id,
        actor: systemActor('cli:audit'),
        now: clock.now(),
        today: clock.today(),
        readOnly: true,
      }
      results.push({ name: organisation.name, ...(await transaction(pool, options, verifyAudit)) })
    }
  } finally {
    await pool.end()
    await database.stop()
  }
  const lines = results.flatMap(({ name, seals, entries, problems }) => [
    `${name}：${seals} 个封条，${entries} 条记录，${problems.length === 0 ? '完整' : '有问题'}`,
    ...problems.map((problem) => `  ${problem}`),
  ])
  return {
    text: lines.join('\n'),
    data: results,
    code: results.some((result) => result.problems.length > 0) ? 1 : 0,
  }
}
