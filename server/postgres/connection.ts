import type { ConnectionOptions } from 'node:tls'

/** How to reach a PostgreSQL, embedded or outside. Fits `new pg.Pool(connection)` as it is. */
export interface DatabaseConnection {
  /** A host name, or the absolute path of the folder that holds the Unix socket. */
  host: string
  port: number
  user: string
  password?: string
  database: string
  /** TLS as `DATABASE_URL` asked for it; never set for the embedded PostgreSQL. */
  ssl?: boolean | ConnectionOptions
  /** What followed the `?` of `DATABASE_URL` (`sslmode=…`), so that the string can be made again. */
  urlOptions?: string
}

/** The same connection as one string, for programs that want one; `database` names another one on that server. */
export function connectionString(connection: DatabaseConnection, database = connection.database): string {
  const password = connection.password === undefined ? '' : `:${encodeURIComponent(connection.password)}`
  const user = `${encodeURIComponent(connection.user)}${password}`
  const name = encodeURIComponent(database)
  if (connection.host.startsWith('/')) {
    return `postgresql://${user}@/${name}?host=${encodeURIComponent(connection.host)}&port=${connection.port}`
  }
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host
  const options = connection.urlOptions ? `?${connection.urlOptions}` : ''
  return `postgresql://${user}@${host}:${connection.port}/${name}${options}`
}
