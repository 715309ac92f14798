import { room } from '../kit/serve.ts'
import { moveClock, viewClock } from './actions.ts'
import { demoApi } from './contract.ts'

export const demoRoom = room('demo', demoApi, {
  getClock: ({ tx, services }) => viewClock(tx, services),
  moveClock: ({ tx, services, input }) => moveClock(tx, services, input.to),
})
