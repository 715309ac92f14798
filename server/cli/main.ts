import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Refusal } from '../kit/errors.ts'
import { evaluateCommand } from './evaluate.ts'
import { factsKinds } from './facts.ts'
import { type Answer, type Problem, problemText, ProblemsFound, WrongUsage } from './output.ts'
import { checkRegimes, listRegimes } from './regimes.ts'
import { writeSchemas } from './schemas.ts'
import { tryCommand } from './try.ts'

/** What a command is given: words after its name, options by name (repeated ones as lists), its flags. */
export interface Call {
  words: string[]
  options: Record<string, string[]>
  flags: Set<string>
}

interface Command {
  /** How it is written, without `xiaoyan`. */
  usage: string
  about: string
  options: string[]
  flags: string[]
  /** Most words after the name. */
  most: number
  run: (call: Call) => Promise<Answer> | Answer
}

const inputs = ['people', 'units', 'calendar', 'facts', 'on', 'level', 'school-year', 'person', 'rule']

const commands: Record<string, Command> = {
  audit: {
    usage: 'audit',
    about: '核对每所学校的审计记录是否完整、未被改动（程序停止时运行，或设置 DATABASE_URL）',
    options: [],
    flags: [],
    most: 0,
    // Brings the database with it, which no other command needs.
    run: async () => (await import('./audit.ts')).audit(),
  },
  'regimes list': {
    usage: 'regimes list',
    about: '列出随程序提供的制度：版本、十六种规则各有几条、由人确认的几条',
    options: [],
    flags: [],
    most: 0,
    run: listRegimes,
  },
  'regimes check': {
    usage: 'regimes check [文件|文件夹|编号 …] [--calendar 文件] [--strict]',
    about: '检查制度：写法、条款、事实种类、例题，并提醒做不到、互相矛盾、约束不到人的规则',
    options: ['calendar'],
    flags: ['strict'],
    most: 1000,
    run: checkRegimes,
  },
  evaluate: {
    usage:
      'evaluate --regime 文件|编号 [--regime …] --people 文件 [--units 文件] --calendar 文件 --facts 文件 --on 日期 [--level school|district] [--school-year 学年] [--person 工号] [--rule 编号] [--trace] [--all]',
    about: '用一份制度计算表格里的人和记录，每个结果都有依据',
    options: ['regime', ...inputs],
    flags: ['trace', 'all'],
    most: 0,
    run: evaluateCommand,
  },
  try: {
    usage:
      'try --old 文件|编号 --new 文件|编号 --people 文件 [--units 文件] --calendar 文件 --facts 文件 --on 日期 [--level school|district] [--school-year 学年] [--person 工号] [--rule 编号] [--all]',
    about: '制度改动以后谁的结果会不同、为什么',
    options: ['old', 'new', ...inputs],
    flags: ['all'],
    most: 0,
    run: tryCommand,
  },
  'facts kinds': {
    usage: 'facts kinds',
    about: '列出事实种类及其属性',
    options: [],
    flags: [],
    most: 0,
    run: factsKinds,
  },
  schemas: {
    usage: 'schemas [文件夹]',
    about: '写出各种文件的 JSON Schema',
    options: [],
    flags: [],
    most: 1,
    run: writeSchemas,
  },
}

const usage = [
  '用法：xiaoyan <命令> [--json]',
  '  demo',
  '      启动演示区县',
  '  start',
  '      启动正式使用（空数据文件夹会给出设置页地址）',
  ...Object.values(commands).flatMap((command) => [`  ${command.usage}`, `      ${command.about}`]),
  '  加 --json 输出 JSON。退出码：0 正常，1 有问题，2 命令写得不对。说明见 docs/guide/command-line.md。',
].join('\n')

/** How the command meant is written; all of them where none is meant. */
function usageFor(words: string[]): string {
  const named = findCommand(words)
  return named ? `用法：xiaoyan ${named.command.usage}` : usage
}

/** The longest command that the words begin with. */
function findCommand(words: string[]): { name: string; command: Command } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command) return { name, command }
  }
  return undefined
}

function readCall(argumentsGiven: string[]): { command: Command; call: Call } {
  const start = argumentsGiven.findIndex((word) => word.startsWith('-'))
  const named = findCommand(start < 0 ? argumentsGiven : argumentsGiven.slice(0, start))
  if (!named) {
    const name = argumentsGiven.filter((word) => !word.startsWith('-')).join(' ')
    throw new WrongUsage(name === '' ? '没有写命令。' : `没有“${name}”这个命令。`)
  }
  const { name, command } = named
  const rest = argumentsGiven.slice(name.split(' ').length)
  const known = new Set([...command.options, ...command.flags, 'json'])
  const parsed = parseArgs({
    args: rest,
    allowPositionals: true,
    strict: false,
    options: Object.fromEntries([
      ...command.options.map((option) => [option, { type: 'string', multiple: true }] as const),
      ...[...command.flags, 'json'].map((flag) => [flag, { type: 'boolean' }] as const),
    ]),
  })
  const options: Call['options'] = {}
  const flags = new Set<string>()
  for (const [option, value] of Object.entries(parsed.values)) {
    if (!known.has(option)) {
      const allowed = [...known].map((one) => `--${one}`).join('、')
      throw new WrongUsage(`不认识的选项 --${option}；${name} 可以用：${allowed}。`)
    }
    if (command.flags.includes(option) || option === 'json') {
      if (value !== true) throw new WrongUsage(`--${option} 后面不用写值。`)
      flags.add(option)
    } else {
      const values = (Array.isArray(value) ? value : [value]).map(String)
      const empty = values.some(
        (one) => one === '' || one === 'true' || one === 'undefined' || one.startsWith('--'),
      )
      if (empty) throw new WrongUsage(`--${option} 后面没有写值。`)
      options[option] = values
    }
  }
  if (parsed.positionals.length > command.most)
    throw new WrongUsage(`多出来的词“${parsed.positionals[command.most]}”。`)
  return { command, call: { words: parsed.positionals, options, flags } }
}

/** Runs one command of `xiaoyan` and gives its exit code: 0 well, 1 problems found, 2 wrong usage. */
export async function run(argumentsGiven: string[]): Promise<number> {
  const asJson = argumentsGiven.includes('--json')
  // What zod says of a file in its own words reaches people here.
  z.config(z.locales.zhCN())
  const complain = (problems: Problem[], code: number, more = '') => {
    if (asJson) say({ problems })
    else console.error([...problems.map(problemText), ...(more === '' ? [] : [more])].join('\n'))
    return code
  }
  const plain = (message: string): Problem[] => [{ file: null, line: null, column: null, message }]
  try {
    if (argumentsGiven.includes('--help')) {
      console.log(usage)
      return 0
    }
    const { command, call } = readCall(argumentsGiven)
    const answer = await command.run(call)
    if (asJson) say(answer.data)
    else console.log(answer.text)
    return answer.code ?? 0
  } catch (error) {
    if (error instanceof WrongUsage) return complain(plain(error.message), 2, usageFor(argumentsGiven))
    if (error instanceof ProblemsFound) return complain(error.problems, 1)
    if (error instanceof Refusal) return complain(plain(error.message), 1)
    if (!asJson) throw error
    return complain(plain(`程序出错：${error instanceof Error ? error.message : String(error)}`), 1)
  }
}

const say = (data: unknown) => console.log(JSON.stringify(data, null, 2))
