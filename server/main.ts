import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { createApp } from './app.ts'
import { startDemo } from './demo/start.ts'
import { createClock } from './kit/clock.ts'
import { Refusal } from './kit/errors.ts'
import { createHub } from './kit/hub.ts'
import { createTypesetter } from './typesetting/renderer.ts'
import { migrate } from './kit/migrate.ts'
import { createServices, type Services } from './kit/services.ts'
import { createPool, type Pool, queryPublic, sql } from './kit/sql.ts'
import { openDatabase } from './postgres/open.ts'
import { needsSetup } from './setup/actions.ts'
import { issueSetupToken } from './setup/token.ts'
import { stopInOrder } from './stopping.ts'
import { startWorker } from './worker.ts'

const mode = process.argv.includes('--mode=demo')
  ? 'demo'
  : process.argv.includes('--mode=dev')
    ? 'dev'
    : 'start'
const demo = mode !== 'start'
const host = process.env.HOST ?? '127.0.0.1'
const port = Number(process.env.PORT ?? 4000)
const dataFolder = resolve(process.env.XIAOYAN_DATA ?? (demo ? '.data/demo' : '.data/xiaoyan'))

async function main(): Promise<void> {
  mkdirSync(dataFolder, { recursive: true })
  const started = performance.now()
  const say = (text: string) =>
    console.log(`[${((performance.now() - started) / 1000).toFixed(1)} 秒] ${text}`)
  const database = await openDatabase({ dataFolder, say })
  const { applied } = await migrate(database.connectionString)
  if (applied.length > 0) say(`数据库已更新（${applied.length} 步）`)
  const pool = createPool(database.connectionString)
  const services = createServices({
    pool,
    clock: createClock(),
    hub: createHub(),
    dataFolder,
    secret: await loadSecret(pool),
    demo,
    typesetter: createTypesetter(),
    publicUrl: process.env.PUBLIC_URL ?? '',
  })
  if (demo) await startDemo(services, say)
  const worker = await startWorker(services, database.connectionString)
  const app = await createApp(services, { log: true })
  await app.listen({ host, port })
  const address = `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`
  say(`已就绪：${address}`)
  await announce(services, address)

  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    say(`收到 ${signal}，正在收尾…`)
    await stopInOrder({ app, worker, typesetter: services.typesetter, pool, database })
    say('已停止。')
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
}

/** The secret behind the codes of activities: made once, the same after every restart. */
async function loadSecret(pool: Pool): Promise<Buffer> {
  const read = () =>
    queryPublic<{ value: string }>(pool, sql`SELECT value FROM server_settings WHERE name = 'secret'`)
  let [row] = await read()
  if (!row) {
    await queryPublic(
      pool,
      sql`INSERT INTO server_settings (name, value) VALUES ('secret', ${JSON.stringify(randomBytes(32).toString('base64'))}::jsonb) ON CONFLICT DO NOTHING`,
    )
    row = (await read())[0]
  }
  return Buffer.from(row?.value ?? '', 'base64')
}

async function announce(services: Services, address: string): Promise<void> {
  if (services.demo) {
    const { demoAccounts } = await import('./demo/accounts.ts')
    console.log('\n演示账号（密码相同）：')
    for (const account of await demoAccounts(services)) {
      console.log(
        `  ${account.loginName.padEnd(12)} ${account.password}   ${account.organisation} · ${account.name}（${account.role}）`,
      )
    }
    console.log('')
  } else if (await needsSetup(services)) {
    console.log(
      `\n第一次使用：请在浏览器打开 ${address}/setup?token=${issueSetupToken()} 完成设置（此链接只能用一次）。\n`,
    )
  }
}

main().catch((error: Error) => {
  // A refusal says all there is to say; anything else is a bug and shows where it came from.
  console.error(error instanceof Refusal ? `启动失败：${error.message}` : error)
  process.exit(1)
})
