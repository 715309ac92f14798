import { pinyin } from 'pinyin-pro'

export interface PinyinKeys {
  /** `zengxiaoming`, for search; ü is written v, as on a keyboard. */
  full: string
  /** `zxm`. */
  initials: string
  /** `zeng1 xiao3 ming2`: sorts by syllable, then tone, when compared byte by byte (COLLATE "C"). */
  sortKey: string
}

/** Pinyin of a person's name, the surname read as a surname (曾 zēng, 单 shàn, 仇 qiú, 尉迟 yùchí). */
export function pinyinKeys(name: string): PinyinKeys {
  const bare = name
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  const options = { surname: 'head', type: 'array', nonZh: 'consecutive', v: true } as const
  const clean = (part: string) => part.toLowerCase().replaceAll('ü', 'v').trim()
  const plain = pinyin(bare, { ...options, toneType: 'none' })
    .map(clean)
    .filter(Boolean)
  const toned = pinyin(bare, { ...options, toneType: 'num' })
    .map(clean)
    .filter(Boolean)
  return {
    full: plain.join('').replaceAll(' ', ''),
    initials: plain
      .flatMap((part) => part.split(' '))
      .map((part) => String.fromCodePoint(part.codePointAt(0) ?? 32))
      .join(''),
    sortKey: toned.join(' '),
  }
}
