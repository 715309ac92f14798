import { Client } from 'pg'
import { startPostgres } from './supervisor.ts'

/**
 * The program that `supervisor.test.ts` kills: starts the database of a folder (or one in memory), writes row after
 * row, and says each number once its commit was acknowledged.
 */
const folder = process.argv[2] ?? ''
const server = await startPostgres(folder === 'memory' ? { memory: true } : { dataFolder: folder }).catch(
  (error: Error) => {
    console.error(error.message)
    process.exit(1)
  },
)
const client = new Client(server.connection)
client.on('error', () => {})
await client.connect()
await client.query('CREATE TABLE IF NOT EXISTS lines (number bigint PRIMARY KEY)')
const { rows } = await client.query<{ last: string }>('SELECT coalesce(max(number), 0) AS last FROM lines')
console.log(`server ${server.pid} in ${server.connection.host}`)
for (let number = Number(rows[0]?.last) + 1; ; number++) {
  await client.query('INSERT INTO lines VALUES ($1)', [number])
  console.log(`row ${number}`)
}
