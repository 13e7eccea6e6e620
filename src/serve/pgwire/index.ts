/** The PostgreSQL door: whatever speaks PostgreSQL's protocol can ask the project's metrics and read its models. */
import { createSecureContext } from 'node:tls'
import type { QueryService } from '../../query/index.js'
import type { Door, DoorOptions, OpenDoor } from '../door.js'
import { listenFault } from '../listen-fault.js'
import { DEFAULT_LIMITS, type Limits } from './limits.js'
import { PgServer } from './server.js'

export type { Limits } from './limits.js'

export interface PgWireOptions {
  /** PEM texts. Without them clients that ask for TLS are told that there is none. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly limits?: Partial<Limits>
}

/** Makes the door. */
export function createPgWireDoor({ tls, limits }: PgWireOptions = {}): Door {
  return {
    name: 'pgwire',
    async start(service: QueryService, { identity, host, port, log }: DoorOptions): Promise<OpenDoor> {
      const server = new PgServer(service, {
        identity,
        log,
        limits: { ...DEFAULT_LIMITS, ...limits },
        secureContext: tls === undefined ? null : createSecureContext(tls),
      })
      let chosen: number
      try {
        chosen = await server.listen(port, host)
      } catch (error) {
        throw listenFault(error, 'pgwire', host, port)
      }
      const shown = host.includes(':') ? `[${host}]` : host
      const database = encodeURIComponent(service.project.name)
      return {
        address: { host, port: chosen, url: `postgresql://${shown}:${chosen}/${database}` },
        close: (grace = 10_000) => server.close(grace),
      }
    },
  }
}

export const pgwireDoor: Door = createPgWireDoor()
