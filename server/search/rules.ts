import { pinyinKeys, type PinyinKeys } from '../roster/pinyin.ts'

/** Names of groups and schools are few and rarely change. */
const known = new Map<string, PinyinKeys>()
function keysOf(name: string): PinyinKeys {
  let keys = known.get(name)
  if (!keys) {
    if (known.size > 20_000) known.clear()
    keys = pinyinKeys(name)
    known.set(name, keys)
  }
  return keys
}

/**
 * How well a name answers what was typed: 0 the name itself, 1 its beginning, 2 a part of it, 3 pinyin or initials;
 * null where it does not.
 */
export function matchOf(name: string, typed: string): 0 | 1 | 2 | 3 | null {
  const text = typed.toLowerCase()
  const own = name.toLowerCase()
  if (own === text) return 0
  if (own.startsWith(text)) return 1
  if (own.includes(text)) return 2
  if (!/^[a-z0-9]+$/.test(text)) return null
  const { full, initials } = keysOf(name)
  return initials.startsWith(text) || full.startsWith(text) ? 3 : null
}

/** Those whose name matches, the best first; in the given order where equally good. */
export function bestMatches<Item extends { name: string }>(items: Item[], typed: string): Item[] {
  return items
    .flatMap((item) => {
      const match = matchOf(item.name, typed)
      return match === null ? [] : [{ item, match }]
    })
    .sort((a, b) => a.match - b.match)
    .map(({ item }) => item)
}
