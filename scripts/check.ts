import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * `npm run check`: types, lint, format and dead code, side by side. Every step is run to its end, so that one run
 * shows everything that is wrong. `npm run check -- types lint` runs only those.
 */
const root = join(import.meta.dirname, '..')
const tool = (...parts: string[]) => join(root, 'node_modules', ...parts)

interface Step {
  name: string
  words: string[]
}

const steps: Step[] = [
  { name: 'types', words: [tool('typescript', 'bin', 'tsc'), '-p', root] },
  { name: 'lint', words: [tool('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'format', words: [tool('@biomejs', 'biome', 'bin', 'biome'), 'format', '.'] },
  {
    name: 'dead code',
    words: [tool('knip', 'bin', 'knip.js'), '--no-progress', '--config', 'knip.json'],
  },
]

interface Outcome {
  name: string
  ok: boolean
  output: string
  seconds: number
}

function run(step: Step): Promise<Outcome> {
  const begin = performance.now()
  // oxlint looks for tsgolint on the path.
  const path = `${tool('.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
  return new Promise((finish) => {
    const child = spawn(process.execPath, step.words, { cwd: root, env: { ...process.env, PATH: path } })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('close', (code) => {
      finish({
        name: step.name,
        ok: code === 0,
        output,
        seconds: (performance.now() - begin) / 1000,
      })
    })
  })
}

const chosen = process.argv.slice(2)
const wanted = steps.filter(
  (step) => chosen.length === 0 || chosen.some((word) => step.name.startsWith(word)),
)
if (wanted.length === 0) {
  console.error(`没有叫 ${chosen.join(' ')} 的检查，可选：${steps.map((step) => step.name).join('、')}`)
  process.exit(1)
}
for (const step of wanted) {
  if (!existsSync(step.words[0] ?? '')) {
    console.error(`缺少 ${step.words[0]}，请先运行 npm ci --ignore-scripts。`)
    process.exit(1)
  }
}
const outcomes = await Promise.all(wanted.map(run))
for (const { name, ok, output, seconds } of outcomes) {
  console.log(`${ok ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) console.log(output.trimEnd().replace(/^/gm, '  '))
}
process.exit(outcomes.every((outcome) => outcome.ok) ? 0 : 1)
