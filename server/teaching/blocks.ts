import { Parser } from 'htmlparser2'

/** The paragraphs, headings, lists and tables of cleaned HTML, one string each; text between them stays with itself. */
export function parseBlocks(html: string): string[] {
  const blocks: string[] = []
  let depth = 0
  let from = 0
  const add = (to: number) => {
    const block = html.slice(from, to).trim()
    if (block !== '') blocks.push(block)
    from = to
  }
  const parser = new Parser({
    onopentag() {
      if (depth === 0) add(parser.startIndex)
      depth++
    },
    onclosetag() {
      depth = Math.max(0, depth - 1)
      if (depth === 0) add((parser.endIndex ?? html.length - 1) + 1)
    },
  })
  parser.write(html)
  parser.end()
  add(html.length)
  return blocks
}
