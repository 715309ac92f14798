import { room } from '../kit/serve.ts'
import { listMatches } from './actions.ts'
import { searchApi } from './contract.ts'

export const searchRoom = room('search', searchApi, {
  listMatches: ({ tx, input }) => listMatches(tx, input.text),
})
