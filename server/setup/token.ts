import { randomBytes, timingSafeEqual } from 'node:crypto'

let token: string | null = null

/** Makes the one-time token that is printed in the terminal; only its holder may set the program up. */
export function issueSetupToken(): string {
  token = randomBytes(16).toString('hex')
  return token
}

export function isSetupToken(candidate: string): boolean {
  if (token === null || candidate.length !== token.length) return false
  return timingSafeEqual(Buffer.from(candidate), Buffer.from(token))
}

/** After the setup the token is worth nothing any more. */
export function spendSetupToken(): void {
  token = null
}
