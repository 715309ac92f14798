import { Parser } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'

const cellAttributes = ['colspan', 'rowspan']
const rename = (tagName: string) => () => ({ tagName, attribs: {} })
const smallNumber = /^[1-9]\d{0,2}$/

const options: sanitizeHtml.IOptions = {
  allowedTags: [
    'p',
    'h2',
    'h3',
    'strong',
    'em',
    'u',
    'ul',
    'ol',
    'li',
    'blockquote',
    'br',
    'a',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
  ],
  allowedAttributes: { a: ['href', 'rel'], td: cellAttributes, th: cellAttributes, ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  // The content of these goes with the tag; of all other unknown tags the content stays.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'xml',
    'iframe',
    'object',
    'svg',
    'math',
    'template',
  ],
  nestingLimit: 60,
  transformTags: {
    b: rename('strong'),
    i: rename('em'),
    ins: rename('u'),
    div: rename('p'),
    section: rename('p'),
    article: rename('p'),
    center: rename('p'),
    pre: rename('p'),
    h1: rename('h2'),
    h4: rename('h3'),
    h5: rename('h3'),
    h6: rename('h3'),
    tfoot: rename('tbody'),
    a: (tagName, { href = '' }): sanitizeHtml.Tag => {
      const target = href.replace(/[\s\p{Cc}\p{Cf}]/gu, '')
      const isSafe = /^(https?:\/\/|mailto:)/i.test(target)
      return { tagName, attribs: isSafe ? { href: target, rel: 'noopener noreferrer nofollow' } : {} }
    },
    ol: (tagName, { start = '' }): sanitizeHtml.Tag => ({
      tagName,
      attribs: smallNumber.test(start) && start !== '1' ? { start } : {},
    }),
    td: cell,
    th: cell,
  },
}

function cell(tagName: string, attributes: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const kept = cellAttributes.filter((name) => smallNumber.test(attributes[name] ?? ''))
  return { tagName, attribs: Object.fromEntries(kept.map((name) => [name, attributes[name] ?? ''])) }
}

/**
 * What may be stored of a text that somebody wrote or pasted: paragraphs, two levels of headings, emphasis, lists,
 * quotations, tables, links to http(s) and mail. Scripts, styles, handlers, pictures and all other attributes go.
 */
export function cleanHtml(html: string): string {
  // What one pass leaves may nest in ways that HTML does not allow (a paragraph in a paragraph that was a box): the
  // next pass reads it as a browser would, until nothing changes any more.
  let clean = sanitizePass(html)
  for (let pass = 0; pass < 5; pass++) {
    const again = sanitizePass(clean)
    if (again === clean) break
    clean = again
  }
  return hasBoxes.test(html) ? clean.replaceAll(/<p>\s*<\/p>/g, '') : clean
}

const hasBoxes = /<(div|section|article|center|pre)\b/i

function sanitizePass(html: string): string {
  // A link that lost its address is no link: its text stays.
  return sanitizeHtml(html, options).replaceAll(/<a>(.*?)<\/a>/gs, '$1')
}

const blocks = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'li',
  'blockquote',
  'tr',
  'table',
  'ul',
  'ol',
  'div',
  'pre',
])
const silent = new Set([
  'script',
  'style',
  'template',
  'title',
  'noscript',
  'textarea',
  'xml',
  'svg',
  'iframe',
  'object',
])

/** The text of a piece of HTML: one line for each paragraph, list item and table row (its cells parted by tabs). */
export function plainText(html: string): string {
  let text = ''
  let silence = 0
  const newLine = () => {
    if (text !== '' && !text.endsWith('\n')) text = `${text.trimEnd()}\n`
  }
  const parser = new Parser(
    {
      onopentag(name) {
        if (silent.has(name)) silence++
        if (blocks.has(name)) newLine()
        if (name === 'br') text += '\n'
        if ((name === 'td' || name === 'th') && text !== '' && !/[\n\t]$/.test(text)) text += '\t'
      },
      onclosetag(name) {
        if (silent.has(name)) silence = Math.max(0, silence - 1)
        if (blocks.has(name)) newLine()
      },
      ontext(part) {
        if (silence === 0) text += part.replaceAll(/[ \t\r\n\f]+/g, ' ')
      },
    },
    { decodeEntities: true },
  )
  parser.end(html)
  return text
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .map((line) => line.replace(/^ +| +$/g, '').replaceAll(/ {2,}/g, ' '))
    .join('\n')
    .trim()
}

// Signs of Chinese writing, each of which counts: characters, kana, Chinese and full-width punctuation, circled numbers.
const chineseSign =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u2150-\u218f\u2460-\u24ff\u3001-\u303f\u30fb\u30fc\u31c0-\u31ef\u3200-\u33ff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]/u
// Quotation marks, dash, ellipsis and dot are the same code points in Chinese and in English: the line decides.
const sharedSign = /[‘’“”—…·]/

/**
 * 字数 as Word counts it: every Chinese character and every Chinese punctuation mark is 1; every run of other signs
 * between spaces (a word, a number, with the punctuation that hangs on it) is 1. Spaces count nothing.
 */
export function countCharacters(html: string): number {
  return countText(plainText(html))
}

/** 字数 of plain text; see `countCharacters`. */
export function countText(text: string): number {
  return text.split('\n').reduce((sum, line) => sum + countLine(line), 0)
}

function countLine(line: string): number {
  // Invisible signs (zero-width space and the like) neither count nor part a word.
  const signs = Array.from(line.replaceAll(/\p{Cf}/gu, ''))
  const isChineseLine = chineseSign.test(line)
  const isLatin = (sign: string | undefined) =>
    sign !== undefined && /\S/.test(sign) && !chineseSign.test(sign) && !sharedSign.test(sign)
  let count = 0
  let inWord = false
  for (const [index, sign] of signs.entries()) {
    if (/\s/.test(sign)) {
      inWord = false
      continue
    }
    const joinsLatin = isLatin(signs[index - 1]) && isLatin(signs[index + 1])
    const isChinese = chineseSign.test(sign) || (sharedSign.test(sign) && isChineseLine && !joinsLatin)
    if (isChinese || !inWord) count++
    inWord = !isChinese
  }
  return count
}
