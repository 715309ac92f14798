import type { Numbering } from '../../server/regulation/words.ts'

export interface SplitText {
  /** A short first line before the clauses. */
  title: string
  /** What stands before the first clause otherwise: the reason for making it. */
  preamble: string
  numbering: Numbering
  clauses: { kind: 'chapter' | 'clause'; text: string }[]
}

const number = '[零〇一二三四五六七八九十百\\d]+'
const chapter = new RegExp(`^第\\s*${number}\\s*[章编][\\s　、:：.]*`)
const starts: Record<Numbering, RegExp> = {
  article: new RegExp(`^第\\s*${number}\\s*条[\\s　、:：.]*`),
  chinese: /^[一二三四五六七八九十百]+\s*[、．.]\s*/,
  arabic: /^\d{1,3}\s*(?:[、．]|\.(?!\d))\s*/,
}
const trim = (line: string) => line.replace(/^[\s　]+|[\s　]+$/g, '')

/**
 * A regulation pasted from Word, split into clauses at 第一条, else at 一、, else at 1.; lines without a number belong
 * to the clause before. Without any number every paragraph is a clause.
 */
export function splitClauses(pasted: string): SplitText {
  const lines = pasted
    .split(/\r?\n/)
    .map(trim)
    .filter((line) => line !== '')
  const numbering = (['article', 'chinese', 'arabic'] as const).find((one) =>
    lines.some((line) => starts[one].test(line)),
  )
  const result: SplitText = { title: '', preamble: '', numbering: numbering ?? 'article', clauses: [] }
  const before: string[] = []
  for (const line of lines) {
    const last = result.clauses.at(-1)
    if (chapter.test(line)) result.clauses.push({ kind: 'chapter', text: line.replace(chapter, '') })
    else if (numbering !== undefined && starts[numbering].test(line))
      result.clauses.push({ kind: 'clause', text: line.replace(starts[numbering], '') })
    else if (numbering === undefined) result.clauses.push({ kind: 'clause', text: line })
    else if (last?.kind === 'clause') last.text = last.text === '' ? line : `${last.text}\n${line}`
    else if (last) result.clauses.push({ kind: 'clause', text: line })
    else before.push(line)
  }
  const first = before[0]
  const isTitle = first !== undefined && first.length <= 40 && !/[。；：:]$/.test(first)
  result.title = isTitle ? first : ''
  result.preamble = before.slice(isTitle ? 1 : 0).join('\n')
  return result
}
