/** A stretch of two texts that are compared. */
export interface DiffRun {
  kind: 'same' | 'inserted' | 'deleted'
  text: string
}

/** Beyond this many pairs of pieces a changed clause is shown as replaced as a whole. */
const mostPairs = 4_000_000

/** Chinese signs one by one, words and numbers of other scripts whole. */
const piecesOf = (text: string): string[] => text.match(/[A-Za-z]+|\d+(?:\.\d+)?|[\s\S]/gu) ?? []

/** What was deleted from and inserted into a text, in reading order: a longest common subsequence of its pieces. */
export function compareTexts(before: string, after: string): DiffRun[] {
  const a = piecesOf(before)
  const b = piecesOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++
  const runs: DiffRun[] = []
  const add = (kind: DiffRun['kind'], text: string) => {
    if (text === '') return
    const last = runs.at(-1)
    if (last?.kind === kind) last.text += text
    else runs.push({ kind, text })
  }
  add('same', a.slice(0, start).join(''))
  for (const run of compareMiddles(a.slice(start, a.length - end), b.slice(start, b.length - end)))
    add(run.kind, run.text)
  add('same', a.slice(a.length - end).join(''))
  return joinCrumbs(runs)
}

function compareMiddles(a: string[], b: string[]): DiffRun[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > mostPairs)
    return [
      { kind: 'deleted', text: a.join('') },
      { kind: 'inserted', text: b.join('') },
    ]
  const width = b.length + 1
  // lengths[i * width + j]: the longest common part of what follows a[i] and b[j].
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
  const runs: DiffRun[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      runs.push({ kind: 'same', text: a[i] ?? '' })
      i++
      j++
    } else if (
      j >= b.length ||
      (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    )
      runs.push({ kind: 'deleted', text: a[i++] ?? '' })
    else runs.push({ kind: 'inserted', text: b[j++] ?? '' })
  }
  return runs
}

/** One lone sign that stayed between two changes reads better as part of the change. */
function joinCrumbs(runs: DiffRun[]): DiffRun[] {
  const result: DiffRun[] = []
  let deleted = ''
  let inserted = ''
  const flush = () => {
    if (deleted !== '') result.push({ kind: 'deleted', text: deleted })
    if (inserted !== '') result.push({ kind: 'inserted', text: inserted })
    deleted = inserted = ''
  }
  for (const [index, run] of runs.entries()) {
    if (run.kind === 'deleted') deleted += run.text
    else if (run.kind === 'inserted') inserted += run.text
    else if (Array.from(run.text).length < 2 && index > 0 && index < runs.length - 1) {
      deleted += run.text
      inserted += run.text
    } else {
      flush()
      result.push(run)
    }
  }
  flush()
  return result
}

/** Pairs of places at which two lists agree, in order: a longest common subsequence. */
function agreements(a: readonly string[], b: readonly string[]): Map<number, number> {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
  const pairs = new Map<number, number>()
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.set(i++, j++)
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

/**
 * Puts together what two people made of the same paragraphs. Where both changed the same place, both stay, theirs
 * first, and it counts as a clash: nothing that was written is lost.
 */
export function mergeParagraphs(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
): { merged: string[]; clashes: number } {
  const inMine = agreements(base, mine)
  const inTheirs = agreements(base, theirs)
  const merged: string[] = []
  let clashes = 0
  let at = { base: 0, mine: 0, theirs: 0 }
  const same = (one: readonly string[], two: readonly string[]) => one.join('\u0000') === two.join('\u0000')
  const keepBoth = (old: string[], own: string[], other: string[]) => {
    if (same(own, old) || same(own, other)) merged.push(...other)
    else if (same(other, old)) merged.push(...own)
    else {
      if (other.length > 0 && own.length > 0) clashes++
      merged.push(...other, ...own.filter((paragraph) => !other.includes(paragraph)))
    }
  }
  const settle = (to: typeof at) => {
    const old = base.slice(at.base, to.base)
    const own = mine.slice(at.mine, to.mine)
    const other = theirs.slice(at.theirs, to.theirs)
    if (same(own, old) || same(own, other)) merged.push(...other)
    else if (same(other, old)) merged.push(...own)
    else if (old.length === own.length && old.length === other.length && old.length > 1)
      // Neighbouring paragraphs that each changed one of: they are settled one by one.
      for (const index of old.keys()) keepBoth([old[index] ?? ''], [own[index] ?? ''], [other[index] ?? ''])
    else keepBoth(old, own, other)
  }
  for (const [index, paragraph] of base.entries()) {
    const own = inMine.get(index)
    const other = inTheirs.get(index)
    if (own === undefined || other === undefined) continue
    settle({ base: index, mine: own, theirs: other })
    merged.push(paragraph)
    at = { base: index + 1, mine: own + 1, theirs: other + 1 }
  }
  settle({ base: base.length, mine: mine.length, theirs: theirs.length })
  return { merged, clashes }
}

const pieceLength = 5

const isSign = (sign: string) => /[\p{L}\p{N}]/u.test(sign)
function fivePieces(signs: readonly string[]): string[] {
  return Array.from({ length: Math.max(0, signs.length - pieceLength + 1) }, (_, index) =>
    signs.slice(index, index + pieceLength).join(''),
  )
}
const signsOf = (text: string) => Array.from(text).filter(isSign)

/** Percent of the five-sign pieces of a text that stand in another one as well; signs of writing do not count. */
export function sharedPieces(text: string, other: string): number {
  const own = new Set(fivePieces(signsOf(text)))
  if (own.size === 0) return 0
  const known = new Set(fivePieces(signsOf(other)))
  let shared = 0
  for (const piece of own) if (known.has(piece)) shared++
  return Math.round((shared / own.size) * 100)
}

/** A text in stretches that stand, or do not stand, in another one as well. */
export function markShared(text: string, other: string): { text: string; isShared: boolean }[] {
  const all = Array.from(text)
  const places = all.flatMap((sign, place) => (isSign(sign) ? [place] : []))
  const known = new Set(fivePieces(signsOf(other)))
  const marked = new Set<number>()
  for (const [start, piece] of fivePieces(places.map((place) => all[place] ?? '')).entries())
    if (known.has(piece)) {
      // What stands between the signs belongs to the stretch.
      const [from, to] = [places[start] ?? 0, places[start + pieceLength - 1] ?? 0]
      for (let place = from; place <= to; place++) marked.add(place)
    }
  const runs: { text: string; isShared: boolean }[] = []
  for (const [place, sign] of all.entries()) {
    const isShared = marked.has(place)
    const last = runs.at(-1)
    if (last?.isShared === isShared) last.text += sign
    else runs.push({ text: sign, isShared })
  }
  return runs
}
