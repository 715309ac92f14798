import { LineCounter, isNode, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { checkRegime } from './check.ts'
import { regimeSchema } from './schema.ts'
import type { Regime } from './schema.ts'

/** Why a regime was not loaded, with the place in its file. */
export interface RegimeProblem {
  file: string
  line: number
  /** Where in the document, e.g. `rules.3.clause`. */
  path: string
  /** One Chinese sentence. */
  message: string
}

/** In characters; the longest of the regimes that come with the program has a fifth of it. */
const longestFile = 512 * 1024

export type RegimeLoad = { regime: Regime; problems: [] } | { regime: null; problems: RegimeProblem[] }
type Path = (string | number)[]
export type Report = (path: Path, message: string) => void

/**
 * Reads a regime from its YAML text. Refuses, with file, line and a Chinese sentence, whatever cannot be meant: a
 * value without a clause, unknown kinds of facts, attributes or periods, bands with gaps, two answers of one rank.
 */
export function loadRegime(text: string, file: string): RegimeLoad {
  if (text.length > longestFile) {
    const message = `文件太大（${Math.ceil(text.length / 1024)} KB），制度文件最多 ${longestFile / 1024} KB`
    return { regime: null, problems: [{ file, line: 1, path: '', message }] }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const problems: RegimeProblem[] = []
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      const message = `文件格式不对，请检查缩进、冒号和引号：${error.message.split('\n')[0]}`
      problems.push({ file, line: lines.linePos(error.pos[0]).line, path: '', message })
    }
    return { regime: null, problems }
  }
  const lineFor = (path: Path) => lineOf(document, lines, path)
  const report: Report = (path, message) => {
    problems.push({ file, line: lineFor(path), path: path.join('.'), message })
  }
  let plain: unknown
  try {
    plain = document.toJS({ maxAliasCount: 100 })
  } catch {
    report([], '文件里的引用（& 和 *）互相套叠，展开后过大，不能读取；请直接写出内容')
    return { regime: null, problems }
  }
  return loadRegimeData(plain, file, lineFor)
}

/** The same from data that was a YAML text before; `lineFor` finds the line of a place in that text. */
export function loadRegimeData(
  plain: unknown,
  file: string,
  lineFor: (path: (string | number)[]) => number = () => 1,
): RegimeLoad {
  const problems: RegimeProblem[] = []
  const report: Report = (path, message) => {
    problems.push({ file, line: lineFor(path), path: path.join('.'), message })
  }
  const data = withSettings(plain, report)
  if (problems.length > 0) return { regime: null, problems: inOrder(problems) }

  const parsed = regimeSchema.safeParse(data, { error: sentenceFor })
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const deepest = deepestIssue(issue)
      report(
        deepest.path.filter((part) => typeof part !== 'symbol'),
        deepest.message,
      )
    }
    return { regime: null, problems: inOrder(problems) }
  }
  checkRegime(parsed.data, report)
  return problems.length > 0
    ? { regime: null, problems: inOrder(problems) }
    : { regime: parsed.data, problems: [] }
}

/** A problem as one line: `xinglong/regime.yaml 第 12 行：…`. */
export function problemLine(problem: RegimeProblem): string {
  return `${problem.file} 第 ${problem.line} 行：${problem.message}`
}

const inOrder = (problems: RegimeProblem[]) => problems.sort((a, b) => a.line - b.line)

function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts the value of a setting wherever the text says `{ setting: name }`, so that rules need not be edited. */
function withSettings(data: unknown, report: Report): unknown {
  if (!isPlain(data)) return data
  const settings = isPlain(data.settings) ? data.settings : {}
  const replace = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((one, index) => replace(one, [...path, index]))
    if (!isPlain(value)) return value
    const names = Object.keys(value)
    if (names.length === 1 && typeof value.setting === 'string') {
      const setting = settings[value.setting]
      if (isPlain(setting) && 'value' in setting) return setting.value
      report([...path, 'setting'], `设置里没有 ${value.setting}；可以用：${Object.keys(settings).join('、')}`)
      return value
    }
    return Object.fromEntries(names.map((name) => [name, replace(value[name], [...path, name])]))
  }
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, name === 'settings' ? value : replace(value, [name])]),
  )
}

/** Of a union's complaints, the one that comes furthest is the one that the writer meant. */
function deepestIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors
    .map((issues) => issues[0])
    .filter((one) => one !== undefined)
    .sort((a, b) => b.path.length - a.path.length)[0]
  if (!inner || inner.path.length === 0) return issue
  return deepestIssue({ ...inner, path: [...issue.path, ...inner.path] })
}

const sentenceFor: z.core.$ZodErrorMap = (issue) => {
  const field = String(issue.path?.at(-1) ?? '')
  if (issue.code === 'unrecognized_keys') {
    return `不认识的字段：${issue.keys.join('、')}`
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return field === 'clause' ? '没有写明条款号（clause），任何规定都要能查到出处' : `缺少 ${field}`
  }
  if (issue.code === 'invalid_value' && Array.isArray(issue.values)) {
    const what = field === 'per' ? '不认识的周期' : `${field} 不能写成`
    return `${what} ${JSON.stringify(issue.input)}；可以用：${issue.values.join('、')}`
  }
  if (issue.code === 'invalid_union') return `${field} 的写法不对，请对照同类规则`
  if (issue.code === 'too_small') return `${field} 太小或是空的`
  if (issue.code === 'custom') return issue.message
  return `${field} 的值不对：${JSON.stringify(issue.input)}`
}
