const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

/** Only paragraphs and line breaks: may be written in a plain field without losing anything. */
export function isPlain(html: string): boolean {
  return !/<(?!\/?p>|br ?\/?>)/i.test(html)
}

/** The lines of a plain piece of HTML. */
export function linesOf(html: string): string {
  return html
    .replace(/<br ?\/?>/gi, '\n')
    .replace(/<\/p>\s*(?=<p>)/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|amp|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity)
}

/** Each line a paragraph. */
export function htmlOf(text: string): string {
  if (text === '') return ''
  return text
    .split('\n')
    .map((line) => `<p>${line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`)
    .join('')
}
