/** How to reach a PostgreSQL, embedded or outside. Fits `new pg.Pool(connection)` as it is. */
export interface DatabaseConnection {
  /** A host name, or the absolute path of the folder that holds the Unix socket. */
  host: string
  port: number
  user: string
  password?: string
  database: string
  /** TLS as the address asked for it; never set for the embedded PostgreSQL. */
  ssl?: boolean | { rejectUnauthorized: boolean }
}

/** The same connection as one string for programs that want a string (graphile-worker, environment variables). */
export function connectionString(connection: DatabaseConnection, database = connection.database): string {
  const password = connection.password === undefined ? '' : `:${encodeURIComponent(connection.password)}`
  const user = `${encodeURIComponent(connection.user)}${password}`
  const name = encodeURIComponent(database)
  if (connection.host.startsWith('/')) {
    return `postgresql://${user}@/${name}?host=${encodeURIComponent(connection.host)}&port=${connection.port}`
  }
  const host = connection.host.includes(':') ? `[${connection.host}]` : connection.host
  let suffix = ''
  if (connection.ssl === true) suffix = '?sslmode=verify-full'
  else if (connection.ssl)
    suffix = connection.ssl.rejectUnauthorized ? '?sslmode=verify-full' : '?sslmode=no-verify'
  return `postgresql://${user}@${host}:${connection.port}/${name}${suffix}`
}
