import type { Caller } from '../types.js'
import type { ScramVerifier } from './scram.js'

/** Who is who: users with passwords and tokens, and whom the project trusts to say so (JWT). Doors authenticate by it. */
export interface Identity {
  /** No user is defined: whoever can reach this machine's loopback is the owner, and nobody else is let in. */
  readonly open: boolean
  /** Who comes without credentials, from that address; null: refused. */
  anonymous(remoteAddress: string | undefined): Caller | null
  /**
   * What a password is checked against with SCRAM-SHA-256. A user that does not exist has one too, which no password
   * fits, so that nobody learns who exists.
   */
  scram(user: string): ScramVerifier
  /** Who a user is, once the password was proved to be right; null when there is no such user. */
  user(name: string): Caller | null
  /** The user with this name and password. Takes as long for unknown users as for known ones. */
  password(name: string, password: string): Promise<Caller | null>
  /** Who holds this API token or JWT. */
  bearer(token: string): Promise<Caller | null>
}

/** Addresses of this machine itself. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.toLowerCase().replace(/^::ffff:/, '')
  return plain === '::1' || plain === 'localhost' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain)
}
