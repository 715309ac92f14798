import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { loadRegime, type RegimeLoad, type RegimeProblem } from '../../engine/load.ts'
import { refuse } from '../kit/errors.ts'

/** The longest text that a regime may have; the longest that ships is a tenth of it. */
const mostCharacters = 400_000
const mostDepth = 40

export type FieldPath = (string | number)[]
export type FieldValue = number | boolean | string | string[] | null

/** Why rules do not hold at a school, by id. */
export type SwitchedOff = Record<
  string,
  { title: string; clause: string; because: string; on: string; by: string | null }
>

/**
 * Reads a text that somebody wrote: as `loadRegime`, but never at the mercy of the text. Too long, too deep, or built of
 * references to itself is refused with file, line and sentence like any other mistake.
 */
export function readText(text: string, file: string): RegimeLoad {
  const key = `${file}\n${text}`
  const known = lately.get(key)
  const problem = known ? null : dangerOf(text, file)
  const load = known ?? (problem ? { regime: null, problems: [problem] } : loadRegime(text, file))
  lately.delete(key)
  lately.set(key, load)
  for (const oldest of lately.keys()) {
    if (lately.size <= mostKept) break
    lately.delete(oldest)
  }
  return load
}
/** The texts read last: a page reads the same one several times, and what was read never changes. */
const lately = new Map<string, RegimeLoad>()
const mostKept = 8

function dangerOf(text: string, file: string): RegimeProblem | null {
  const at = (line: number, message: string): RegimeProblem => ({ file, line, path: '', message })
  if (text.trim() === '') return at(1, '文件是空的，请粘贴或选择一份制度文件（YAML）。')
  if (text.length > mostCharacters)
    return at(
      1,
      `文件太长：${Math.round(text.length / 1000)} 千字，最多 ${mostCharacters / 1000} 千字。请只保留制度的规则。`,
    )
  const nested = deepLine(text)
  if (nested !== null) return at(nested, `这里嵌套超过 ${mostDepth} 层，不像制度文件，请检查括号和缩进。`)
  const lines = new LineCounter()
  let document: Document
  try {
    document = parseDocument(text, { lineCounter: lines })
  } catch {
    return at(1, '文件格式不对，无法读取，请检查缩进、冒号和引号。')
  }
  let found: RegimeProblem | null = null
  visit(document, (_key, node) => {
    if (isAlias(node) || (isScalarOrMap(node) && node.anchor !== undefined)) {
      const offset = (node as { range?: [number, number, number] | null }).range?.[0] ?? 0
      found = at(
        lines.linePos(offset).line,
        '制度文件不能用引用（& 和 *），请把内容完整写出；同一个数值可写在 settings 里，用 { setting: 名称 } 引用。',
      )
      return visit.BREAK
    }
    return undefined
  })
  return found
}

const isScalarOrMap = (node: unknown): node is { anchor?: string | undefined } =>
  typeof node === 'object' && node !== null && 'anchor' in node

/**
 * The same text with every reference (& and *) written out, as the regimes that ship may use them and a school's own
 * text may not. Remarks stay; a text without references comes back as it is.
 */
export function withoutReferences(text: string): string {
  const document = parseDocument(text)
  let found = false
  visit(document, {
    Alias(_key, alias) {
      found = true
      return alias.resolve(document)?.clone() as Node | undefined
    },
  })
  visit(document, {
    Node(_key, node) {
      if (!('anchor' in node) || node.anchor === undefined) return
      found = true
      delete node.anchor
    },
  })
  return found ? document.toString({ lineWidth: 118 }) : text
}

/** The line on which brackets or indentation go too deep; null in a text that a person would write. */
function deepLine(text: string): number | null {
  let depth = 0
  const rows = text.split('\n')
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? ''
    if (row.length - row.trimStart().length > mostDepth * 4) return index + 1
    if ((row.match(/(?:^|\s)-(?=\s)/g)?.length ?? 0) > mostDepth) return index + 1
    for (const letter of row) {
      if (letter === '[' || letter === '{') depth++
      else if (letter === ']' || letter === '}') depth = Math.max(0, depth - 1)
      if (depth > mostDepth) return index + 1
    }
  }
  return null
}

/**
 * The text that binds: without the rules that are switched off, which stand as remarks at its head with their reasons.
 * What other rules say of such a rule being contained in it goes as well.
 */
export function bindingText(text: string, off: SwitchedOff): string {
  const ids = Object.keys(off)
  if (ids.length === 0) return text
  const document = parseDocument(text)
  const rules = document.get('rules')
  if (!rules || typeof rules !== 'object' || !('items' in rules)) return text
  const list = rules as { items: unknown[] }
  const titles = new Map<string, string>()
  list.items = list.items.filter((item) => {
    if (!isMap(item)) return true
    const id = String(item.get('id'))
    if (!ids.includes(id)) return true
    titles.set(id, `${String(item.get('clause'))} ${String(item.get('title'))}`)
    return false
  })
  for (const item of list.items) {
    if (!isMap(item)) continue
    const inside = item.get('inside')
    if (!inside || typeof inside !== 'object' || !('items' in inside)) continue
    const kept = (inside as { items: unknown[] }).items.filter(
      (one) => !isMap(one) || !ids.includes(String(one.get('rule'))),
    )
    if (kept.length === 0) item.delete('inside')
    else (inside as { items: unknown[] }).items = kept
  }
  const remarks = ids.map(
    (id) => ` 本校不执行 ${id}（${titles.get(id) ?? ''}）：${off[id]?.because.replaceAll('\n', ' ') ?? ''}`,
  )
  document.commentBefore = [document.commentBefore, ...remarks].filter(Boolean).join('\n')
  return document.toString({ lineWidth: 118 })
}

/** The text with other values at these places; null takes a value away. The writer's remarks stay. */
export function withValues(text: string, changes: { path: FieldPath; value: FieldValue }[]): string {
  const document = parseDocument(text)
  for (const { path, value } of changes) {
    if (value === null) document.deleteIn(path)
    else {
      const node = document.getIn(path, true)
      if (isScalar(node) && !Array.isArray(value)) {
        node.value = value
        // A number keeps no source form, a text no old quoting.
        delete node.source
        if (typeof value === 'string') delete node.type
        delete node.format
        delete node.minFractionDigits
      } else document.setIn(path, document.createNode(value, { flow: true }))
    }
  }
  return document.toString({ lineWidth: 118 })
}

/** The text with another name and version of the regime. */
export function withName(text: string, name: { title?: string; version: string }): string {
  return withValues(text, [
    { path: ['version'], value: name.version },
    ...(name.title === undefined ? [] : [{ path: ['title'], value: name.title }]),
  ])
}

/** Plain data of a text that has been read before, with references to settings left as they are. */
export function rawOf(text: string): Record<string, unknown> {
  return parseDocument(text).toJS() as Record<string, unknown>
}

/** Refuses a text that cannot be read, naming every place; `fields` holds the same by path. */
export function refuseProblems(problems: RegimeProblem[], what: string): never {
  const [first] = problems
  const more = problems.length > 1 ? `；共 ${problems.length} 处` : ''
  refuse(`${what}${first ? `第 ${first.line} 行：${first.message.replace(/[。；]$/, '')}` : ''}${more}。`, {
    fields: Object.fromEntries(
      problems.slice(0, 50).map((one, index) => [`${one.line}:${index}:${one.path}`, one.message]),
    ),
    code: 'regimeProblems',
  })
}
