/** A source of chance that is the same at every telling (mulberry32), so that the demo's year never changes. */
export interface Chance {
  /** From 0 up to but not including 1. */
  next(): number
  /** True in `share` of all cases. */
  happens(share: number): boolean
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  pick<Item>(items: readonly Item[]): Item
  /** The items in another order. */
  shuffle<Item>(items: readonly Item[]): Item[]
}

/** A seed made of words, the same everywhere. */
export function seedOf(words: string): number {
  let seed = 0x811c9dc5
  for (const sign of words) seed = Math.imul(seed ^ (sign.codePointAt(0) ?? 0), 0x01000193)
  return seed >>> 0
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    happens: (share) => next() < share,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    shuffle(items) {
      const result = [...items]
      for (let index = result.length - 1; index > 0; index--) {
        const other = Math.floor(next() * (index + 1))
        const held = result[index] as (typeof result)[number]
        result[index] = result[other] as (typeof result)[number]
        result[other] = held
      }
      return result
    },
  }
}
