import { room } from '../kit/serve.ts'
import { liveApi } from './contract.ts'

const heartbeatMilliseconds = 25_000

export const liveRoom = room('live', liveApi, {
  /** Keeps the answer open and sends each message of the organisation; the transaction of the request is already over. */
  async getStream({ services, caller, reply }) {
    reply.hijack()
    const response = reply.raw
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    })
    response.write('retry: 2000\n\n')
    const stop = services.hub.listen(caller!.orgId, (message) => {
      // A reader that is too slow misses messages rather than filling the memory; it reads again on focus.
      if (response.writableLength < 64_000) response.write(`data: ${JSON.stringify(message)}\n\n`)
    })
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMilliseconds)
    response.on('close', () => {
      stop()
      clearInterval(heartbeat)
    })
    return undefined as never
  },
})
