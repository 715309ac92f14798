import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

// The table of ARCHITECTURE.md ("A room"), held against the imports and the SQL as they stand.

const root = fileURLToPath(new URL('..', import.meta.url))
interface Source {
  path: string
  text: string
  imports: { target: string; isType: boolean }[]
}
const sources: Source[] = globSync(
  ['engine/**/*.ts', 'server/**/*.ts', 'web/**/*.{ts,tsx}', 'demo/*.ts', 'regimes/*.ts'],
  { cwd: root },
).map((path) => {
  const text = readFileSync(join(root, path), 'utf8')
  const imports = [
    ...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?from\s+)?['"]([^'"]+)['"]/gm),
  ].map((match) => ({
    target: match[2]?.startsWith('.') ? normalize(join(dirname(path), match[2])) : (match[2] ?? ''),
    isType: match[1] !== undefined,
  }))
  return { path, text, imports }
})
const isTest = (path: string) =>
  /\.test\.tsx?$|\/testing\.ts$|isolation-records|^server\/bad-days\//.test(path)
const code = sources.filter((source) => !isTest(source.path))
const named = (file: string) =>
  code.filter(
    (source) =>
      source.path.startsWith('server/') &&
      source.path.endsWith(`/${file}`) &&
      !source.path.startsWith('server/kit/'),
  )

test('the engine is pure: it imports neither room nor page nor the machine', () => {
  for (const source of code.filter((one) => one.path.startsWith('engine/'))) {
    for (const { target } of source.imports) {
      assert.ok(
        !/^(server|web|demo|regimes)\//.test(target) && !target.startsWith('node:'),
        `${source.path} imports ${target}`,
      )
    }
    assert.ok(
      !/new Date\(\)|Date\.now\(\)|Math\.random\(\)|process\.env/.test(source.text),
      `${source.path} looks at the machine`,
    )
  }
})

test('the kit knows no room', () => {
  const allowed =
    /^(server\/(kit|typesetting)\/|engine\/(types|days)\.ts|db\/|[^/.]+$|node:|@|fastify|graphile-worker|sql-template-tag)/
  for (const source of code.filter((one) => one.path.startsWith('server/kit/'))) {
    for (const { target } of source.imports) assert.match(target, allowed, `${source.path} imports ${target}`)
  }
})

test('contracts import only schemas, types and other contracts', () => {
  for (const source of named('contract.ts')) {
    for (const { target, isType } of source.imports) {
      const fine =
        isType ||
        target === 'zod' ||
        target.startsWith('server/kit/') ||
        /\/(contract|words)\.ts$/.test(target) ||
        target.startsWith('engine/')
      assert.ok(fine, `${source.path} imports ${target}`)
    }
  }
})

test('rules decide without reading or writing', () => {
  for (const source of named('rules.ts')) {
    for (const { target, isType } of source.imports) {
      const reads =
        !isType && (/\/(store|actions|routes|queries)\.ts$/.test(target) || target.endsWith('kit/sql.ts'))
      assert.ok(!reads, `${source.path} imports ${target}`)
    }
  }
})

test('stores do not call actions, actions do not call routes', () => {
  for (const source of named('store.ts')) {
    for (const { target, isType } of source.imports)
      assert.ok(isType || !/\/(actions|routes)\.ts$/.test(target), `${source.path} imports ${target}`)
  }
  for (const source of named('actions.ts')) {
    for (const { target } of source.imports)
      assert.ok(!target.endsWith('/routes.ts'), `${source.path} imports ${target}`)
  }
})

test('each table is written by one room', () => {
  const writers = new Map<string, Set<string>>()
  for (const source of code.filter(
    (one) => one.path.startsWith('server/') && !one.path.startsWith('server/kit/'),
  )) {
    const room = source.path.split('/')[1] ?? ''
    for (const match of source.text.matchAll(/\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)\s/g)) {
      const table = match[1] ?? ''
      if (/^(set|skip|of|s)$/i.test(table)) continue
      writers.set(table, (writers.get(table) ?? new Set()).add(room))
    }
  }
  assert.ok(writers.size > 25, `only ${writers.size} tables are written`)
  const shared = [...writers].filter(([table, rooms]) => rooms.size > 1 && table !== 'server_settings')
  assert.deepEqual(
    shared.map(([table, rooms]) => `${table}: ${[...rooms].join(', ')}`),
    [],
  )
})

test('rooms do not ask the machine for the time', () => {
  const exempt = /^server\/(kit|postgres|typesetting|roster|main|worker|app|cli)/
  for (const source of code.filter((one) => one.path.startsWith('server/') && !exempt.test(one.path))) {
    assert.ok(
      !/new Date\(\)/.test(source.text),
      `${source.path} asks the machine for the time instead of tx.now`,
    )
  }
})

test('pages import contracts of the server as types only, and a few pure words', () => {
  const pure = /^server\/kit\/(contract|gate|compare)\.ts$|\/words\.ts$|^engine\//
  for (const source of code.filter((one) => one.path.startsWith('web/'))) {
    for (const { target, isType } of source.imports) {
      if (!/^(server|engine)\//.test(target)) continue
      const fine = pure.test(target) || (isType && /[-/]contract\.ts$/.test(target))
      assert.ok(fine, `${source.path} brings ${target} to the browser`)
    }
  }
})

test('no file of the program is longer than about six hundred lines', () => {
  const long = code
    .filter((source) => !source.path.startsWith('demo/lessons'))
    .map((source) => ({ path: source.path, lines: source.text.split('\n').length }))
  assert.deepEqual(
    long.filter((file) => file.lines > 650),
    [],
  )
})
