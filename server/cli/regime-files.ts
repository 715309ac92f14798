import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { loadRegime } from '../../engine/load.ts'
import type { Regime } from '../../engine/schema.ts'
import { listRegimeIds } from '../../regimes/read.ts'
import { few, ProblemsFound } from './output.ts'
import type { Problem } from './output.ts'

const regimesFolder = fileURLToPath(new URL('../../regimes/', import.meta.url))

/** The calendar of the worked cases that come with the program. */
export const casesCalendarFile = join(regimesFolder, 'calendar.yaml')

const wrong = (file: string, message: string): Problem => ({ file, line: null, column: null, message })

/**
 * The file of a regime, named by a file, by its folder, or by the id of a regime that comes with the program; undefined
 * when there is none.
 */
function findRegimeFile(name: string): string | undefined {
  for (const candidate of [name, join(name, 'regime.yaml'), join(regimesFolder, name, 'regime.yaml')])
    if (existsSync(candidate) && statSync(candidate).isFile()) return shortened(candidate)
  return undefined
}

/** A path as people would write it from where they stand. */
function shortened(path: string): string {
  const from = relative(process.cwd(), path)
  return isAbsolute(path) && from !== '' && !from.startsWith('..') && !isAbsolute(from) ? from : path
}

/** The file of a regime; throws when there is none. */
export function getRegimeFile(name: string): string {
  const file = findRegimeFile(name)
  if (file) return file
  throw new ProblemsFound([
    wrong(name, `没有这个文件，也没有这个编号的制度；随程序提供的有：${few(listRegimeIds(), 40)}。`),
  ])
}

/** Every regime below a name: the file itself, or all folders of a folder that hold one. Throws when there is none. */
export function listRegimeFiles(name: string): string[] {
  if (findRegimeFile(name) || !existsSync(name) || !statSync(name).isDirectory()) return [getRegimeFile(name)]
  const files = readdirSync(name)
    .map((entry) => join(name, entry, 'regime.yaml'))
    .filter((file) => existsSync(file))
    .sort()
  if (files.length === 0)
    throw new ProblemsFound([wrong(name, '这个文件夹里没有 regime.yaml，下一层的文件夹里也没有。')])
  return files
}

/** Reads a regime for use; throws with every problem of its file. */
export function readRegime(name: string): { regime: Regime; file: string; text: string } {
  const file = getRegimeFile(name)
  const text = readFileSync(file, 'utf8')
  const { regime, problems } = loadRegime(text, file)
  if (regime) return { regime, file, text }
  throw new ProblemsFound(
    problems.map(({ line, path, message }) => ({ file, line, column: path === '' ? null : path, message })),
  )
}

/** Finds the line of a place in a YAML or JSON text, or of the nearest place around it. */
export function lineFinder(text: string): (path: (string | number)[]) => number {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
}
