import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { codeOf } from '../server/bad-days/crowd.ts'

/**
 * The phones: a process of its own that signs in over a bounded number of keep-alive connections, for a bounded time.
 * Takes the name of a file with `LoadOrder` as JSON, prints `LoadResult` as JSON.
 */
export interface LoadOrder {
  port: number
  connections: number
  /** Ends after so many requests or seconds, whichever is first. */
  requests: number
  seconds: number
  secret: string
  people: number
  sessions: string[]
  /** Number of the first sign-in: person `n % people` to activity `n / people`. */
  from: number
  /** Opens the page behind the code before, as a phone does. */
  opensPage: boolean
  /** Asks for `/healthz` instead: what HTTP alone costs here. */
  idle: boolean
}
export interface LoadResult {
  seconds: number
  done: number
  /** By status, and by result where 200. */
  answers: Record<string, number>
  /** Milliseconds in order of size. */
  times: number[]
}

/** One keep-alive connection that speaks just enough HTTP/1.1; cheaper than a client library on the same cores. */
function openConnection(port: number) {
  return new Promise<(request: string) => Promise<{ status: number; body: string }>>((resolve, reject) => {
    let buffered: Buffer = Buffer.alloc(0)
    let waiting:
      | { resolve: (answer: { status: number; body: string }) => void; reject: (e: Error) => void }
      | undefined
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true }, () =>
      resolve(
        (request) =>
          new Promise((done, fail) => {
            waiting = { resolve: done, reject: fail }
            socket.write(request)
          }),
      ),
    )
    const broken = (error?: Error) => {
      const reason = error ?? new Error('the server closed the connection')
      waiting?.reject(reason)
      reject(reason)
    }
    socket.on('error', broken)
    socket.on('close', () => broken())
    socket.on('data', (chunk: Buffer) => {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk])
      const end = buffered.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = buffered.toString('latin1', 0, end)
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (buffered.length < end + 4 + length) return
      const body = buffered.toString('utf8', end + 4, end + 4 + length)
      buffered = buffered.subarray(end + 4 + length)
      const answered = waiting
      waiting = undefined
      answered?.resolve({ status: Number(head.slice(9, 12)), body })
    })
  })
}

async function load(order: LoadOrder): Promise<LoadResult> {
  const secret = Buffer.from(order.secret, 'base64')
  const answers: Record<string, number> = {}
  const times: number[] = []
  const count = (key: string) => (answers[key] = (answers[key] ?? 0) + 1)
  const host = `host: 127.0.0.1:${order.port}\r\n`
  const connections = await Promise.all(
    Array.from({ length: order.connections }, () => openConnection(order.port)),
  )
  let next = 0
  const started = performance.now()
  const deadline = started + order.seconds * 1000
  const work = async (send: (request: string) => Promise<{ status: number; body: string }>) => {
    while (next < order.requests && performance.now() < deadline) {
      const number = order.from + next++
      const began = performance.now()
      if (order.idle) {
        count(String((await send(`GET /healthz HTTP/1.1\r\n${host}\r\n`)).status))
      } else {
        const activity = Math.floor(number / order.people)
        const code = codeOf({ secret }, activity)
        const cookie = `cookie: xiaoyan_session=${order.sessions[number % order.sessions.length]}\r\n`
        if (order.opensPage) await send(`GET /s/${code} HTTP/1.1\r\n${host}${cookie}\r\n`)
        const body = `{"token":"${code}"}`
        const { status, body: text } = await send(
          `POST /api/attendance/signIn HTTP/1.1\r\n${host}${cookie}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        )
        count(
          status === 200 ? `200 ${/"result":"(\w+)"/.exec(text)?.[1]}` : `${status} ${text.slice(0, 160)}`,
        )
      }
      times.push(performance.now() - began)
    }
  }
  await Promise.all(connections.map(work))
  return {
    seconds: (performance.now() - started) / 1000,
    done: times.length,
    answers,
    times: times.sort((a, b) => a - b),
  }
}

const result = await load(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as LoadOrder)
process.stdout.write(JSON.stringify(result), () => process.exit(0))
