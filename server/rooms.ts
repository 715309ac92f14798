import { accessRoom } from './access/routes.ts'
import { districtRoom } from './district/routes.ts'
import type { Room } from './kit/serve.ts'
import { regimeRoom } from './regime/routes.ts'

/** Every room with endpoints. A room that is not in this list cannot be reached. */
export const rooms: Room[] = [accessRoom, regimeRoom, districtRoom]
