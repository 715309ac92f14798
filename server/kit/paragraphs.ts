import { cleanHtml } from './html.ts'

/**
 * What somebody wrote as cleaned HTML: text without any tag (typed on a phone, told by a program) becomes one
 * paragraph for each of its lines, everything else is cleaned as it is.
 */
export function cleanWriting(text: string): string {
  if (/<\/?[a-z][^>]*>/i.test(text)) return cleanHtml(text)
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => `<p>${line}</p>`)
    .join('')
}
