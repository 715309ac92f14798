import { connectionString } from './connection.ts'
import { connectOutside } from './outside.ts'
import { startPostgres } from './supervisor.ts'

export interface OpenDatabase {
  /** Belongs to the owner of the tables. */
  connectionString: string
  /** Stops the embedded PostgreSQL; an outside one is left alone. */
  stop(): Promise<void>
}

/** The PostgreSQL of `DATABASE_URL`, or the embedded one in the data folder. */
export async function openDatabase(options: {
  dataFolder: string
  say(text: string): void
}): Promise<OpenDatabase> {
  const address = process.env.DATABASE_URL
  if (address) {
    const connection = await connectOutside(address)
    options.say('已连接外部 PostgreSQL')
    return { connectionString: connectionString(connection), stop: async () => undefined }
  }
  const running = await startPostgres({
    dataFolder: `${options.dataFolder}/postgres`,
    log: (line) => options.say(line),
  })
  options.say('内置 PostgreSQL 已启动')
  return { connectionString: connectionString(running.connection), stop: () => running.stop() }
}
