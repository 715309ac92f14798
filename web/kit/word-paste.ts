/**
 * Turns what Word and WPS put on the clipboard into plain HTML: their list paragraphs become real lists, and styles,
 * classes, comments and office tags go. Works on strings alone, so that the browser and the tests run the same code.
 */

type Token =
  | { kind: 'text'; text: string }
  | { kind: 'open'; name: string; attributes: Record<string, string> }
  | { kind: 'close'; name: string }

/** True for HTML that Word or WPS wrote. */
export function isWordHtml(html: string): boolean {
  return /\bmso-|class=["']?Mso|urn:schemas-microsoft-com:office|<o:p>|content=["']?(Microsoft Word|WPS)/i.test(
    html,
  )
}

/** Cleans HTML from Word or WPS; other HTML comes back as it is. The server's `cleanHtml` still has the last word. */
export function wordPaste(html: string): string {
  if (!isWordHtml(html)) return html
  return build(blocksOf(tokenize(html)))
}

const tagPattern =
  /<!--[\s\S]*?(?:-->|$)|<!\[[^>]*>|<[!?][^>]*>|<(\/?)([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/g
const attributePattern = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g
/** Gone with all that stands inside. */
const dropped = new Set(['head', 'style', 'script', 'xml', 'title', 'object', 'noscript', 'template'])

function tokenize(html: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let droppedName = ''
  const addText = (text: string) => {
    if (text !== '' && droppedName === '') tokens.push({ kind: 'text', text })
  }
  for (const match of html.matchAll(tagPattern)) {
    addText(html.slice(at, match.index))
    at = match.index + match[0].length
    const [, slash, written, rest] = match
    // Comments and conditions (<!--[if …]>, <![if !supportLists]>): the marks go, what stands between stays.
    if (written === undefined) continue
    const name = written.toLowerCase()
    if (droppedName !== '') {
      if (slash && name === droppedName) droppedName = ''
    } else if (slash) tokens.push({ kind: 'close', name })
    else if (dropped.has(name)) {
      if (!rest?.trimEnd().endsWith('/')) droppedName = name
    } else tokens.push({ kind: 'open', name, attributes: attributesOf(rest ?? '') })
  }
  addText(html.slice(at))
  return tokens
}

function attributesOf(source: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, double, single, bare] of source.matchAll(attributePattern)) {
    if (name) attributes[name.toLowerCase()] = double ?? single ?? bare ?? ''
  }
  return attributes
}

/** A paragraph, heading or list item with its inline HTML, or a piece of table structure as it is. */
type Block =
  | {
      kind: 'paragraph'
      tag: 'p' | 'h2' | 'h3'
      html: string
      list: { level: number; marker: string } | null
    }
  | { kind: 'table'; html: string }

const headings: Record<string, 'h2' | 'h3'> = { h1: 'h2', h2: 'h2', h3: 'h3', h4: 'h3', h5: 'h3', h6: 'h3' }
const paragraphs = new Set(['p', 'div', 'li', 'blockquote', 'pre', ...Object.keys(headings)])
const inline: Record<string, string> = { b: 'strong', strong: 'strong', i: 'em', em: 'em', u: 'u', ins: 'u' }

function blocksOf(tokens: Token[]): Block[] {
  const blocks: Block[] = []
  let tag: 'p' | 'h2' | 'h3' = 'p'
  let list: { level: number; marker: string } | null = null
  let html = ''
  /** Tags of ours that are open inside the paragraph. */
  let open: string[] = []
  /** For each open source tag, what it opened; `ignore` marks the span that holds the number or bullet. */
  let spans: { name: string; opened: string[]; isMarker: boolean }[] = []
  /** Lists that were real already in the source. */
  const realLists: ('ol' | 'ul')[] = []

  const endParagraph = () => {
    html += open
      .toReversed()
      .map((name) => `</${name}>`)
      .join('')
    const text = tidyInline(html)
    if (textOf(text) !== '') blocks.push({ kind: 'paragraph', tag, html: text, list })
    tag = 'p'
    list = null
    html = ''
    open = []
    spans = []
  }
  const addTable = (piece: string) => {
    endParagraph()
    blocks.push({ kind: 'table', html: piece })
  }

  for (const token of tokens) {
    if (token.kind === 'text') {
      const text = escapeText(token.text)
      if (list && spans.some((span) => span.isMarker)) list.marker += text
      else html += text
      continue
    }
    const { name } = token
    if (token.kind === 'open') {
      const style = token.attributes.style ?? ''
      if (name === 'ul' || name === 'ol') {
        endParagraph()
        realLists.push(name)
      } else if (paragraphs.has(name)) {
        // A paragraph inside a real list item or a cell goes on with it.
        if (html !== '' || name !== 'p') endParagraph()
        tag = headings[name] ?? (/\bMso(Title|Subtitle)\b/.test(token.attributes.class ?? '') ? 'h2' : tag)
        const level = /mso-list:\s*\S+\s+level(\d+)/i.exec(style)?.[1]
        if (level) list = { level: Number(level), marker: '' }
        else if (name === 'li')
          list = { level: Math.max(1, realLists.length), marker: realLists.at(-1) === 'ol' ? '1.' : '·' }
      } else if (name === 'br') html += '<br>'
      else if (name === 'table') addTable('<table>')
      else if (name === 'tr') addTable('<tr>')
      else if (name === 'td' || name === 'th') addTable(cellTag(name, token.attributes))
      else if (name === 'a' && /^(https?:|mailto:)/i.test(token.attributes.href ?? '')) {
        html += `<a href="${(token.attributes.href ?? '').replaceAll('"', '&quot;')}">`
        open.push('a')
        spans.push({ name, opened: ['a'], isMarker: false })
      } else if (name === 'span' || name === 'font' || inline[name]) {
        const isMarker = /mso-list:\s*Ignore/i.test(style)
        const opened = isMarker || spans.some((span) => span.isMarker) ? [] : emphasisOf(name, style, open)
        html += opened.map((made) => `<${made}>`).join('')
        open.push(...opened)
        spans.push({ name, opened, isMarker })
      }
      continue
    }
    if (name === 'ul' || name === 'ol') {
      endParagraph()
      realLists.pop()
    } else if (name === 'table' || name === 'tr' || name === 'td' || name === 'th') addTable(`</${name}>`)
    else if (paragraphs.has(name)) endParagraph()
    else {
      const index = spans.findLastIndex((span) => span.name === name)
      if (index < 0) continue
      // Overlapping tags are closed with the outer one, so that the result always nests.
      const closing = spans.splice(index).flatMap((span) => span.opened)
      html += closing
        .toReversed()
        .map((made) => `</${made}>`)
        .join('')
      open.length -= closing.length
    }
  }
  endParagraph()
  return blocks
}

function emphasisOf(name: string, style: string, open: string[]): string[] {
  const wanted = new Set<string>()
  const own = inline[name]
  if (own) wanted.add(own)
  if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wanted.add('strong')
  if (/font-style:\s*italic/i.test(style)) wanted.add('em')
  if (/text-decoration:[^;]*underline/i.test(style)) wanted.add('u')
  return [...wanted].filter((made) => !open.includes(made))
}

function cellTag(name: string, attributes: Record<string, string>): string {
  const spans = ['colspan', 'rowspan'].filter((span) => /^[2-9]$|^\d\d$/.test(attributes[span] ?? ''))
  return `<${name}${spans.map((span) => ` ${span}="${attributes[span]}"`).join('')}>`
}

/** What stood between tags is HTML already: only stray brackets could open a tag. */
function escapeText(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const wide = /[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]/
function tidyInline(html: string): string {
  return (
    html
      .replaceAll(/&nbsp;|&#160;|&#xa0;|\u00a0/gi, ' ')
      // Word breaks the lines of its source anywhere: between Chinese characters that must not become a space.
      .replaceAll(/[ \t]*[\r\n]+[ \t]*/g, (gap, offset: number, whole: string) => {
        const before = whole[offset - 1] ?? ''
        const after = whole[offset + gap.length] ?? ''
        return wide.test(before) && wide.test(after) ? '' : ' '
      })
      .replaceAll(/ {2,}/g, ' ')
      .replaceAll(/<(strong|em|u)>\s*<\/\1>/g, '')
      .replaceAll(/^(\s|<br>)+|(\s|<br>)+$/g, '')
  )
}

function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, '').trim()
}

interface Numbering {
  tag: 'ul' | 'ol'
  /** The number that the first item shows. */
  start: number
}

/** What kind of list a marker belongs to; `null` for 一、（一）第一条, whose numbering HTML cannot show. */
function numberingOf(marker: string): Numbering | null {
  const bare = marker
    .replaceAll(/&nbsp;|\s/g, '')
    .normalize('NFKC')
    .replaceAll(/[()（）.．、,，:：\]]/g, '')
  if (/^\d{1,3}$/.test(bare)) return { tag: 'ol', start: Number(bare) }
  // 1.2.3 loses its dots above; letters and Roman numerals begin anew.
  if (/^\d+$/.test(bare)) return { tag: 'ol', start: 1 }
  // A lone o is Word's hollow bullet.
  if (/^([a-np-z]|[ivxlc]{2,})$/i.test(bare)) return { tag: 'ol', start: 1 }
  if (/[一二三四五六七八九十百零〇甲乙丙丁第]/.test(bare)) return null
  return { tag: 'ul', start: 1 }
}

function build(blocks: Block[]): string {
  let html = ''
  /** Lists that are open, the outermost first; each has an open item. */
  const lists: { tag: 'ul' | 'ol'; level: number }[] = []
  const closeLists = (toLevel: number) => {
    while (lists.length > 0 && (lists.at(-1)?.level ?? 0) > toLevel) html += `</li></${lists.pop()?.tag}>`
  }
  for (const block of blocks) {
    if (block.kind === 'table') {
      closeLists(0)
      html += block.html
      continue
    }
    const numbering = block.list && block.tag === 'p' ? numberingOf(block.list.marker) : null
    if (!block.list || !numbering) {
      closeLists(0)
      const marker = block.list ? block.list.marker.replaceAll(/&nbsp;|\s|\u00a0/g, '') : ''
      html += `<${block.tag}>${marker}${block.html}</${block.tag}>`
      continue
    }
    const { level } = block.list
    closeLists(level)
    const current = lists.at(-1)
    if (current?.level === level && current.tag === numbering.tag) html += '</li>'
    else {
      if (current?.level === level) closeLists(level - 1)
      html += `<${numbering.tag}${numbering.start > 1 ? ` start="${numbering.start}"` : ''}>`
      lists.push({ tag: numbering.tag, level })
    }
    html += `<li><p>${block.html}</p>`
  }
  closeLists(0)
  return html
}
