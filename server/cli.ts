import { resolve } from 'node:path'
import { factKinds } from '../engine/facts.ts'
import { getRegime, listRegimeIds } from '../regimes/read.ts'
import { verifyAudit } from './audit/actions.ts'
import { createStillClock } from './kit/clock.ts'
import { Refusal } from './kit/errors.ts'
import { systemActor } from './kit/services.ts'
import { createPool, transaction } from './kit/sql.ts'
import { listOrganisations } from './org/store.ts'
import { openDatabase } from './postgres/open.ts'

const usage = `用法：xiaoyan <命令>
  demo            启动演示区县
  start           启动正式使用（空数据文件夹会给出设置页地址）
  audit           核对每所学校的审计记录是否完整、未被改动（程序停止时运行，或设置 DATABASE_URL）
  regimes list    列出随程序提供的制度
  facts kinds     列出事实种类及其属性
  加 --json 输出 JSON。`

const [command = '', ...words] = process.argv.slice(2)
const asJson = words.includes('--json')

/** `xiaoyan audit`: goes through the chain of seals of every organisation; exit code 1 when anything is wrong. */
async function audit(): Promise<number> {
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
  if (asJson) console.log(JSON.stringify(results, null, 2))
  else {
    for (const { name, seals, entries, problems } of results) {
      console.log(`${name}：${seals} 个封条，${entries} 条记录，${problems.length === 0 ? '完整' : '有问题'}`)
      for (const problem of problems) console.log(`  ${problem}`)
    }
  }
  return results.some((result) => result.problems.length > 0) ? 1 : 0
}

function regimesList(): number {
  const regimes = listRegimeIds().map((id) => {
    const regime = getRegime(id)
    const manual = regime.rules.filter((rule) => 'manual' in rule && rule.manual !== undefined).length
    return { id, title: regime.title, version: regime.version, rules: regime.rules.length, manual }
  })
  if (asJson) console.log(JSON.stringify(regimes, null, 2))
  else
    for (const one of regimes)
      console.log(
        `${one.id}  ${one.title}  第 ${one.version} 版  ${one.rules} 条（${one.manual} 条由人确认）`,
      )
  return 0
}

function factsKinds(): number {
  if (asJson) console.log(JSON.stringify(factKinds, null, 2))
  else {
    for (const [name, kind] of Object.entries(factKinds)) {
      console.log(
        `${name}  ${kind.label}（${kind.quantity.label}，${kind.quantity.unit}）${kind.room === null ? '  尚未登记此类记录' : ''}`,
      )
      for (const [attribute, about] of Object.entries(kind.attributes))
        console.log(`    ${attribute}  ${about.label}`)
    }
  }
  return 0
}

async function main(): Promise<number> {
  const name = [command, ...words.filter((word) => !word.startsWith('-'))].join(' ')
  if (name === 'audit') return audit()
  if (name === 'regimes list') return regimesList()
  if (name === 'facts kinds') return factsKinds()
  console.error(`没有“${name}”这个命令。\n${usage}`)
  return 2
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: Error) => {
    console.error(error instanceof Refusal ? error.message : error)
    process.exitCode = 1
  },
)
