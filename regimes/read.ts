import { readFileSync, readdirSync } from 'node:fs'
import { loadRegime, problemLine } from '../engine/load.ts'
import type { RegimeLoad } from '../engine/load.ts'
import type { Regime } from '../engine/schema.ts'

const folder = new URL('.', import.meta.url)

/** Ids of the regimes that come with the program. */
export function listRegimeIds(): string[] {
  return foldersIn('.').filter((name) => name !== 'examples')
}

/** Ids of the invented regimes that show what the language can say; nobody can adopt them. */
export function listExampleIds(): string[] {
  return foldersIn('examples').map((name) => `examples/${name}`)
}

function foldersIn(path: string): string[] {
  return readdirSync(new URL(`${path}/`, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** The YAML text of a regime that comes with the program. */
export function getRegimeText(regimeId: string): string {
  return readFileSync(new URL(`${regimeId}/regime.yaml`, folder), 'utf8')
}

/** The worked cases of a regime, as YAML text. */
export function getCasesText(regimeId: string): string {
  return readFileSync(new URL(`${regimeId}/cases.yaml`, folder), 'utf8')
}

const loaded = new Map<string, RegimeLoad>()

/** A regime that comes with the program, read once, with whatever is wrong in its file. */
export function findRegime(regimeId: string): RegimeLoad {
  let load = loaded.get(regimeId)
  if (!load) {
    load = loadRegime(getRegimeText(regimeId), `${regimeId}/regime.yaml`)
    loaded.set(regimeId, load)
  }
  return load
}

/** The same; throws with every problem of the file. */
export function getRegime(regimeId: string): Regime {
  const { regime, problems } = findRegime(regimeId)
  if (!regime) throw new Error(problems.map(problemLine).join('\n'))
  return regime
}
