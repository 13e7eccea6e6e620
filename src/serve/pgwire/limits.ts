/** How much one server, one client and one message may take. */
export interface Limits {
  readonly connections: number
  /** Bytes of one message. */
  readonly message: number
  /** Milliseconds from the first byte to a session. */
  readonly login: number
  /** Milliseconds that a client may leave its rows unread. */
  readonly stall: number
  /** Milliseconds without a message after which a client is let go; 0: never. */
  readonly idle: number
  /** Milliseconds that one question to the catalogue may take. */
  readonly catalogueTimeout: number
}

export const DEFAULT_LIMITS: Limits = {
  connections: 2000,
  message: 16 * 1024 * 1024,
  login: 30_000,
  stall: 300_000,
  idle: 0,
  catalogueTimeout: 60_000,
}
