import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ScramVerifier } from '../../../query/index.js'
import { refuse, SQLSTATE } from './wire-error.js'

function hmac(key: Uint8Array, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

/** One SCRAM-SHA-256 exchange, from the server's side (RFC 5802, 7677). */
export class ScramExchange {
  readonly #verifier: ScramVerifier
  #gs2 = ''
  #clientFirst = ''
  #serverFirst = ''
  #nonce = ''

  constructor(verifier: ScramVerifier) {
    this.#verifier = verifier
  }

  /** client-first-message -> server-first-message */
  first(message: string): string {
    const match = /^([nyp][^,]*),([^,]*),((?:m=[^,]*,)?n=[^,]*,r=([!-+\--~]+)(?:,.*)?)$/.exec(message)
    if (match === null) return malformed()
    const [, binding, authzid, bare, clientNonce] = match
    if (binding!.startsWith('p')) malformed('channel binding was not offered')
    if (bare!.startsWith('m=')) malformed('a mandatory extension is asked for')
    this.#gs2 = `${binding},${authzid},`
    this.#clientFirst = bare!
    this.#nonce = clientNonce! + randomBytes(18).toString('base64')
    const { salt, iterations } = this.#verifier
    this.#serverFirst = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`
    return this.#serverFirst
  }

  /** client-final-message -> server-final-message, or null when the password is wrong. */
  final(message: string): string | null {
    const match = /^(c=([A-Za-z0-9+/=]+),r=([!-+\--~]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/.exec(message)
    if (match === null) return malformed()
    const [, withoutProof, binding, nonce, proofText] = match
    if (Buffer.from(binding!, 'base64').toString('utf8') !== this.#gs2) malformed('the channel binding does not match')
    if (nonce !== this.#nonce) malformed('the nonce does not match')
    const { storedKey, serverKey } = this.#verifier
    const signed = `${this.#clientFirst},${this.#serverFirst},${withoutProof}`
    const signature = hmac(storedKey, signed)
    const proof = Buffer.from(proofText!, 'base64')
    if (proof.length !== signature.length) return null
    const clientKey = signature.map((byte, index) => byte ^ proof[index]!)
    const matches = timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey)
    return matches ? `v=${hmac(serverKey, signed).toString('base64')}` : null
  }
}

function malformed(detail?: string): never {
  return refuse(SQLSTATE.protocolViolation, 'malformed SCRAM message', { detail })
}
