import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Program, startProgram } from '../server/bad-days/program.ts'
import type { Bench } from './measure.ts'

const boot = join(import.meta.dirname, '..', 'boot.mjs')
const told = (folder: string) => join(folder, 'demo')

/** Starts the demo as `npm run demo` does; the first call of a run tells its year, later ones find it told. */
export async function startDemo({ folder, say }: Bench): Promise<Program & { wasTold: boolean }> {
  const dataFolder = told(folder)
  const wasTold = existsSync(dataFolder)
  if (!wasTold) say('第一次启动演示：讲述一学年…')
  const program = await startProgram({ dataFolder, mode: 'demo', command: [boot, 'demo'] })
  return Object.assign(program, { wasTold })
}

/** Starts only the server of the demo, so that its process id is the server's; tells the demo before if need be. */
export async function startDemoServer(bench: Bench): Promise<Program> {
  if (!existsSync(told(bench.folder))) await (await startDemo(bench)).stop()
  return startProgram({ dataFolder: told(bench.folder), mode: 'demo' })
}

export interface DemoUser {
  name: string
  role: string
  organisation: string
  cookie: string
}

/** Signs in everybody whom the demo shows on its sign-in page. */
export async function signInDemoUsers(program: Program): Promise<DemoUser[]> {
  const list = await fetch(`${program.address}/api/access/listDemoAccounts`)
  const accounts = (await list.json()) as (Omit<DemoUser, 'cookie'> & {
    loginName: string
    password: string
  })[]
  const users: DemoUser[] = []
  for (const { loginName, password, name, role, organisation } of accounts) {
    const response = await fetch(`${program.address}/api/access/signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ loginName, password }),
    })
    if (!response.ok) throw new Error(`${loginName} cannot sign in: ${await response.text()}`)
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
    users.push({ name, role, organisation, cookie })
  }
  return users
}
