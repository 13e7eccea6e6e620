import { createHash, randomBytes } from 'node:crypto'

const PREFIX = 'plumb_'

/** A new API token: 256 random bits. It is shown once; only its hash is kept. */
export function newToken(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`
}

/** What is kept of a token. It is random and long, so that a plain hash cannot be turned back. */
export function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`
}

export function isTokenHash(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

/** Three parts with dots between: a JWT, not a token of ours. */
export function looksLikeJwt(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)
}
