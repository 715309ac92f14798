/**
 * A small reader for the PDFs that we make ourselves, so that tests can count pages and find text without a tool
 * from outside. It knows only what Typst writes: plain objects, Flate streams, composite fonts with ToUnicode.
 */
import { inflateSync } from 'node:zlib'

export interface PdfContent {
  /** Text of each page in the order of the page tree, without positions; spaces as they were set. */
  pages: string[]
  /** `Title` and `Author` of the document information. */
  title: string
  author: string
  /** XMP metadata, where the conformance level (PDF/A) is stated. */
  metadata: string
  tagged: boolean
}

/** Reads one of our PDFs; throws when the bytes are not one. */
export function readPdf(bytes: Uint8Array): PdfContent {
  const file = Buffer.from(bytes).toString('latin1')
  if (!file.startsWith('%PDF-')) throw new Error('Not a PDF')
  const objects = new Map<number, string>()
  for (const match of file.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj$/gm))
    objects.set(Number(match[1]), match[2] as string)
  const get = (reference: string | undefined) => objects.get(Number(/\d+/.exec(reference ?? '')?.[0])) ?? ''
  const catalogue = [...objects.values()].find((object) => /\/Type \/Catalog/.test(object)) ?? ''
  const information = [...objects.values()].find((object) => /\/Creator \(/.test(object)) ?? ''
  const pagesOf = (object: string): string[] => {
    if (/\/Type \/Page\b(?!s)/.test(object)) return [object]
    const children = /\/Kids \[([^\]]*)\]/.exec(object)?.[1] ?? ''
    return [...children.matchAll(/(\d+) 0 R/g)].flatMap((child) => pagesOf(get(child[1])))
  }
  const maps = new Map<string, Map<number, string>>()
  const mapOf = (font: string) => {
    const reference = /\/ToUnicode (\d+)/.exec(get(font))?.[1] ?? ''
    const map = maps.get(reference) ?? readCharacterMap(readStream(get(reference)).toString('latin1'))
    maps.set(reference, map)
    return map
  }
  return {
    pages: pagesOf(get(/\/Pages (\d+)/.exec(catalogue)?.[1])).map((page) => {
      const fonts = new Map<string, Map<number, string>>()
      const names = /\/Font <<([\s\S]*?)>>/.exec(page)?.[1] ?? ''
      for (const font of names.matchAll(/\/(\w+) (\d+) 0 R/g))
        fonts.set(font[1] as string, mapOf(font[2] as string))
      const contents = /\/Contents (?:\[([^\]]*)\]|(\d+) 0 R)/.exec(page)
      const parts = [...`${contents?.[1] ?? contents?.[2]}`.matchAll(/(\d+)(?: 0 R)?/g)]
      return readText(parts.map((part) => readStream(get(part[1])).toString('latin1')).join('\n'), fonts)
    }),
    title: readString(/\/Title (<[0-9A-Fa-f]*>|\((?:\\.|[^)])*\))/.exec(information)?.[1]),
    author: readString(/\/Author (<[0-9A-Fa-f]*>|\((?:\\.|[^)])*\))/.exec(information)?.[1]),
    metadata: readStream(get(/\/Metadata (\d+)/.exec(catalogue)?.[1])).toString('utf8'),
    tagged: /\/Marked true/.test(catalogue),
  }
}

function readStream(object: string): Buffer {
  const start = object.indexOf('stream\n')
  if (start < 0) return Buffer.alloc(0)
  const length = Number(/\/Length (\d+)/.exec(object)?.[1])
  const body = Buffer.from(object.slice(start + 7, start + 7 + length), 'latin1')
  return object.slice(0, start).includes('/FlateDecode') ? inflateSync(body) : body
}

const utf16 = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le')

function readString(source: string | undefined): string {
  if (!source) return ''
  return source.startsWith('<') ? utf16(source.slice(1, -1)).replace(/^\ufeff/, '') : source.slice(1, -1)
}

/** Glyph to text, from the `bfchar` and `bfrange` parts of a ToUnicode map. */
function readCharacterMap(source: string): Map<number, string> {
  const map = new Map<number, string>()
  for (const part of source.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const pair of (part[1] as string).matchAll(/<(\w+)>\s*<(\w+)>/g))
      map.set(Number.parseInt(pair[1] as string, 16), utf16(pair[2] as string))
  for (const part of source.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const range of (part[1] as string).matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const from = Number.parseInt(range[1] as string, 16)
      const text = utf16(range[3] as string)
      for (let glyph = from; glyph <= Number.parseInt(range[2] as string, 16); glyph++)
        map.set(
          glyph,
          text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + glyph - from),
        )
    }
  return map
}

/** The text that a page's content stream shows, font by font. */
function readText(content: string, fonts: Map<string, Map<number, string>>): string {
  let text = ''
  let map = new Map<number, string>()
  const tokens = /\/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\(/g
  for (let token = tokens.exec(content); token; token = tokens.exec(content)) {
    if (token[1] !== undefined) {
      map = fonts.get(token[1]) ?? map
      continue
    }
    let glyphs: Buffer
    if (token[2] !== undefined) glyphs = Buffer.from(token[2], 'hex')
    else {
      const end = endOfString(content, tokens.lastIndex)
      glyphs = unescapeString(content.slice(tokens.lastIndex, end))
      tokens.lastIndex = end + 1
    }
    for (let at = 0; at + 1 < glyphs.length; at += 2) text += map.get(glyphs.readUInt16BE(at)) ?? ''
  }
  return text
}

/** Where the bracket closes that opened before `from`; brackets nest, `\` hides the next byte. */
function endOfString(content: string, from: number): number {
  let depth = 1
  for (let at = from; at < content.length; at++) {
    if (content[at] === '\\') at++
    else if (content[at] === '(') depth++
    else if (content[at] === ')' && --depth === 0) return at
  }
  return content.length
}

function unescapeString(source: string): Buffer {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '' }
  const plain = source.replace(/\\([0-7]{1,3}|[\s\S])/g, (_all, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  )
  return Buffer.from(plain, 'latin1')
}
