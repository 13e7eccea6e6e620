import type { Identity, QueryService } from '../query/index.js'
import type { Certificate } from './certificate.js'

/** What every door is given besides the service. */
export interface DoorOptions {
  /** Who is let in. */
  readonly identity: Identity
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** With it the door speaks TLS. */
  readonly certificate?: Certificate | null
  /** Get ready for the first question before it comes; else what costs time and memory starts with it. */
  readonly warm?: boolean
  /** Where the built browser application lies, for doors that browsers come through. */
  readonly appDir?: string
  /** Told of what goes on, for the log: never of secrets. */
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
}

export interface DoorAddress {
  readonly host: string
  readonly port: number
  /** What to hand to a client: `http://127.0.0.1:8580`, `postgresql://127.0.0.1:5480/shop`. */
  readonly url: string
}

export interface OpenDoor {
  readonly address: DoorAddress
  /** Takes no more questions, lets those that run end (at most `grace` milliseconds), and closes. */
  close(grace?: number): Promise<void>
}

/** A way in. It translates between a protocol and the query service, and decides nothing itself. */
export interface Door {
  readonly name: 'http' | 'pgwire'
  /** @throws PlumbError `port-in-use` when it cannot listen there. */
  start(service: QueryService, options: DoorOptions): Promise<OpenDoor>
}
