import { randomInt } from 'node:crypto'
import { hashPassword } from './actions.ts'

// Without what is easily mistaken on paper: i l o, 0 1.
const consonants = 'bcdfghjkmnpqrstvwxyz'
const vowels = 'aeu'
const digits = '23456789'
const one = (signs: string) => signs[randomInt(signs.length)] as string

/** A first password that can be read out and typed: `bamuke472`. It must be changed at the first sign-in. */
export function initialPassword(): string {
  const syllable = () => one(consonants) + one(vowels)
  return syllable() + syllable() + syllable() + one(digits) + one(digits) + one(digits)
}

/** Hashes many passwords, two at a time: each takes 19 MB and a whole core for some 15 ms. */
export async function hashPasswords(passwords: string[]): Promise<string[]> {
  const hashes: string[] = Array.from({ length: passwords.length })
  let next = 0
  const work = async () => {
    while (next < passwords.length) {
      const index = next++
      hashes[index] = await hashPassword(passwords[index] as string)
    }
  }
  await Promise.all([work(), work()])
  return hashes
}
