import { Client } from 'pg'
import { refuse } from '../kit/errors.ts'
import type { DatabaseConnection } from './connection.ts'

const oldestVersion = 15

/**
 * The database server that `DATABASE_URL` names, checked: it answers, is PostgreSQL 15 or newer and stores UTF-8.
 * Refuses with a Chinese sentence otherwise; the sentence never holds the password.
 */
export async function connectOutside(address: string): Promise<DatabaseConnection> {
  const connection = parseAddress(address)
  const client = new Client({ ...connection, connectionTimeoutMillis: 10_000 })
  const server = `${connection.host}:${connection.port}`
  // An error after the connection was made would otherwise end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string; encoding: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding",
    )
    refuseUnfit(server, rows[0]?.version ?? '', rows[0]?.encoding ?? '')
    return connection
  } catch (error) {
    const reason = explain(error as { code?: string; message: string }, connection)
    if (reason === undefined) throw error
    return refuse(`连不上 DATABASE_URL 指定的数据库 ${server}：${reason}`, {
      code: 'databaseUnreachable',
      status: 503,
    })
  } finally {
    await client.end().catch(() => {})
  }
}

/** Takes the address apart; nothing is connected. Refuses what is not an address of PostgreSQL. */
export function parseAddress(address: string): DatabaseConnection {
  const form = '请写成 postgresql://用户:密码@主机:5432/数据库，密码里的特殊字符要用百分号编码。'
  if (!/^postgres(ql)?:\/\//.test(address))
    return refuse(`DATABASE_URL 不是 PostgreSQL 的地址。${form}`, { code: 'badAddress' })
  let client: Client
  try {
    client = new Client({ connectionString: address })
  } catch {
    return refuse(`DATABASE_URL 看不懂。${form}`, { code: 'badAddress' })
  }
  if (!client.database || !client.user)
    return refuse(`DATABASE_URL 缺少用户或数据库名。${form}`, { code: 'badAddress' })
  const urlOptions = /\?([^#]*)/.exec(address)?.[1]
  return {
    host: client.host,
    port: client.port,
    user: client.user,
    ...(client.password ? { password: client.password } : {}),
    database: client.database,
    ...(client.ssl ? { ssl: client.ssl } : {}),
    ...(urlOptions && !client.host.startsWith('/') ? { urlOptions } : {}),
  }
}

/** Refuses a server that is too old or does not store UTF-8. */
export function refuseUnfit(server: string, version: string, encoding: string): void {
  if (Number.parseInt(version, 10) < oldestVersion) {
    return refuse(
      `数据库 ${server} 是 PostgreSQL ${version}，本程序需要 ${oldestVersion} 或更新的版本。请升级数据库，或去掉 DATABASE_URL 改用随程序自带的数据库。`,
      { code: 'databaseTooOld' },
    )
  }
  if (encoding !== 'UTF8') {
    return refuse(
      `数据库 ${server} 的编码是 ${encoding}，存不下中文。请用 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 另建一个。`,
      {
        code: 'databaseEncoding',
      },
    )
  }
}

function explain(
  error: { code?: string; message: string },
  connection: DatabaseConnection,
): string | undefined {
  switch (error.code) {
    case 'ECONNREFUSED':
      return '对方没有在这个端口监听。请确认数据库已启动、端口正确。'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return '找不到这台主机。请检查主机名。'
    case 'ENOENT':
    case 'EACCES':
      return '找不到它的套接字，或没有权限进入。请检查路径。'
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return '网络不通。请检查地址和防火墙。'
    case '28P01':
    case '28000':
      return `用户 ${connection.user} 的密码不对，或没有从这里登录的权限。请检查密码和 pg_hba.conf。`
    case '3D000':
      return `没有名为 ${connection.database} 的数据库。请先建立它。`
    case '53300':
      return '对方的连接数已满。请调大 max_connections。'
    case '57P03':
      return '数据库正在启动，请稍候再试。'
  }
  if (/timeout expired/.test(error.message)) return '10 秒内没有回应。请检查地址和防火墙。'
  if (/does not support SSL|certificate|self-signed/.test(error.message))
    return `加密连接失败（${error.message}）。请检查 sslmode 和证书。`
  return undefined
}
