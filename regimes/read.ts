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

/** Reads a regime that comes with the program, with whatever is wrong in its file. */
export function findRegime(regimeId: string): RegimeLoad {
  return loadRegime(getRegimeText(regimeId), `${regimeId}/regime.yaml`)
}

const loaded = new Map<string, Regime>()

/** A regime that comes with the program, read once; throws with every problem of the file. */
export function getRegime(regimeId: string): Regime {
  let regime = loaded.get(regimeId)
  if (!regime) {
    const result = findRegime(regimeId)
    if (!result.regime) throw new Error(result.problems.map(problemLine).join('\n'))
    regime = result.regime
    loaded.set(regimeId, regime)
  }
  return regime
}
