/** From the editor's HTML to the blocks that the renderers set. */
import { Parser } from 'htmlparser2'
import type { Block, TextRun } from './types.ts'

type Style = 'bold' | 'italic' | 'underline'

const styleOfTag: Record<string, Style> = {
  strong: 'bold',
  b: 'bold',
  em: 'italic',
  i: 'italic',
  u: 'underline',
}
const blockTags = new Set([
  'p',
  'div',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'li',
  'blockquote',
  'pre',
  'td',
  'th',
])
const silentTags = new Set(['script', 'style', 'head', 'title', 'template', 'noscript'])

/**
 * Reads sanitised HTML of the editor into blocks. Tags that it does not know lose their tag and keep their text;
 * scripts and styles lose both. Empty paragraphs vanish, table cells become paragraphs, images are left out.
 * Straight quotes that touch Chinese text become “ ” in pairs.
 */
export function htmlToBlocks(html: string): Block[] {
  const blocks: Block[] = []
  const lists: { ordered: boolean; next: number }[] = []
  const styles: Record<Style, number> = { bold: 0, italic: 0, underline: 0 }
  let current: Block | null = null
  let headings = 0
  let quotes = 0
  let preformatted = 0
  let silent = 0
  /** The list item that still waits for its first text. */
  let item: { ordered: boolean; number?: number; depth: number } | null = null

  const finish = () => {
    if (current) {
      const runs = tidyRuns(current.runs)
      if (runs.length > 0) blocks.push({ ...current, runs })
    }
    current = null
  }
  const begin = (): Block => {
    if (item) {
      const { ordered, number, depth } = item
      item = null
      return { type: 'listItem', ordered, ...(number === undefined ? {} : { number }), depth, runs: [] }
    }
    if (headings > 0) return { type: 'heading', runs: [] }
    if (quotes > 0) return { type: 'quote', runs: [] }
    return { type: 'paragraph', runs: [] }
  }
  const add = (text: string) => {
    const content = text.replaceAll('\u0000', '')
    if (!current) {
      if (content.trim() === '') return
      current = begin()
    }
    const run: TextRun = { text: content }
    if (styles.bold > 0) run.bold = true
    if (styles.italic > 0) run.italic = true
    if (styles.underline > 0) run.underline = true
    current.runs.push(run)
  }

  const parser = new Parser(
    {
      onopentag(tag) {
        if (silentTags.has(tag)) silent++
        if (silent > 0) return
        const style = styleOfTag[tag]
        if (style) styles[style]++
        else if (tag === 'br') {
          if (current) add('\n')
        } else if (tag === 'ul' || tag === 'ol') {
          finish()
          lists.push({ ordered: tag === 'ol', next: 1 })
        } else if (blockTags.has(tag)) {
          finish()
          if (/^h[1-6]$/.test(tag)) headings++
          if (tag === 'blockquote') quotes++
          if (tag === 'pre') preformatted++
          if (tag === 'li') {
            const list = lists.at(-1) ?? { ordered: false, next: 1 }
            const depth = Math.max(lists.length - 1, 0)
            item = list.ordered ? { ordered: true, number: list.next++, depth } : { ordered: false, depth }
          }
        }
      },
      ontext(text) {
        if (silent > 0) return
        add(preformatted > 0 ? text : text.replace(/[\t\n\r ]+/g, ' '))
      },
      onclosetag(tag) {
        if (silentTags.has(tag)) silent = Math.max(silent - 1, 0)
        if (silent > 0) return
        const style = styleOfTag[tag]
        if (style) styles[style] = Math.max(styles[style] - 1, 0)
        else if (tag === 'ul' || tag === 'ol') {
          finish()
          lists.pop()
        } else if (blockTags.has(tag)) {
          finish()
          if (/^h[1-6]$/.test(tag)) headings = Math.max(headings - 1, 0)
          if (tag === 'blockquote') quotes = Math.max(quotes - 1, 0)
          if (tag === 'pre') preformatted = Math.max(preformatted - 1, 0)
          if (tag === 'li') item = null
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  parser.write(html)
  parser.end()
  finish()
  return blocks
}

/** Plain text (from a text area) as paragraphs, one per non-empty line. */
export function textToBlocks(text: string): Block[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ type: 'paragraph', runs: tidyRuns([{ text: line }]) }))
}

/** Joins neighbours of one style, trims the ends, folds spaces and sets Chinese quotes. */
function tidyRuns(runs: TextRun[]): TextRun[] {
  const joined: TextRun[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (
      last &&
      !!last.bold === !!run.bold &&
      !!last.italic === !!run.italic &&
      !!last.underline === !!run.underline
    )
      last.text += run.text
    else joined.push({ ...run })
  }
  const first = joined[0]
  if (first) first.text = first.text.replace(/^[ \n\u00a0]+/, '')
  const end = joined.at(-1)
  if (end) end.text = end.text.replace(/[ \n\u00a0]+$/, '')
  for (const run of joined) run.text = run.text.replace(/ +/g, ' ').replace(/ ?\n ?/g, '\n')
  setChineseQuotes(joined)
  return joined.filter((run) => run.text !== '')
}

const chinese = /[\p{Script=Han}，。、；：？！（）《》…—]/u

/**
 * Straight double quotes in a paragraph become “ ” when each pair touches Chinese text; a paragraph with an odd
 * number of them is left as it was written.
 */
function setChineseQuotes(runs: TextRun[]) {
  const text = runs.map((run) => run.text).join('')
  const places = [...text.matchAll(/"/g)].map((match) => match.index)
  if (places.length === 0 || places.length % 2 === 1) return
  const units = text.split('')
  for (let i = 0; i < places.length; i += 2) {
    const open = places[i] as number
    const close = places[i + 1] as number
    const neighbours = [units[open - 1], units[open + 1], units[close - 1], units[close + 1]]
    if (!neighbours.some((unit) => unit !== undefined && chinese.test(unit))) continue
    units[open] = '“'
    units[close] = '”'
  }
  let at = 0
  for (const run of runs) {
    run.text = units.slice(at, at + run.text.length).join('')
    at += run.text.length
  }
}
