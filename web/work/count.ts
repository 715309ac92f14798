import { countCharacters } from '../kit/words.ts'

/** 字数 while writing; the server counts anew, English words as one. */
export function charactersOf(body: string, parts: Record<string, string>): number {
  const plain = body.replace(/<[^>]*>/g, '').replace(/&(?:nbsp|#160);/g, ' ')
  return Object.values(parts).reduce((sum, part) => sum + countCharacters(part), countCharacters(plain))
}
