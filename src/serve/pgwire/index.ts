/** The PostgreSQL door: whatever speaks PostgreSQL's protocol can ask the project's metrics and read its models. */
import type { QueryService } from '../../query/index.js'
import { type CertificateText, fixedCertificate } from '../certificate.js'
import type { Door, DoorOptions, OpenDoor } from '../door.js'
import { listenFault } from '../listen-fault.js'
import { DEFAULT_LIMITS, type Limits } from './limits.js'
import { PgServer } from './server.js'

export type { Limits } from './limits.js'

export interface PgWireOptions {
  /** In place of the certificate that all doors have. */
  readonly tls?: CertificateText
  readonly limits?: Partial<Limits>
}

/** Makes the door. */
export function createPgWireDoor({ tls, limits }: PgWireOptions = {}): Door {
  return {
    name: 'pgwire',
    async start(
      service: QueryService,
      { identity, host, port, certificate, warm, log }: DoorOptions,
    ): Promise<OpenDoor> {
      const own = tls === undefined ? (certificate ?? null) : fixedCertificate(tls)
      const server = new PgServer(service, {
        identity,
        log,
        limits: { ...DEFAULT_LIMITS, ...limits },
        certificate: own,
      })
      let chosen: number
      try {
        chosen = await server.listen(port, host)
      } catch (error) {
        throw listenFault(error, 'pgwire', host, port)
      }
      if (warm === true) server.warm()
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
