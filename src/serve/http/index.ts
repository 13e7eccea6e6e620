import type { Door } from '../door.js'
import { listenFault } from '../listen-fault.js'

/** REST over HTTP, or HTTPS where there is a certificate. */
export const httpDoor: Door = {
  name: 'http',
  async start(service, { host, port, identity, appDir = null, certificate = null, log }) {
    const { createHttpServer } = await import('./server.js')
    const app = await createHttpServer({ service, identity, appDir, certificate, log })
    try {
      await app.listen({ host, port })
    } catch (error) {
      throw listenFault(error, 'http', host, port)
    }
    const bound = app.server.address()
    const actual = typeof bound === 'object' && bound !== null ? bound.port : port
    const name = host.includes(':') ? `[${host}]` : host
    return {
      address: { host, port: actual, url: `${certificate === null ? 'http' : 'https'}://${name}:${actual}` },
      async close(grace = 10_000) {
        const timer = setTimeout(() => app.server.closeAllConnections(), grace)
        try {
          await app.close()
        } finally {
          clearTimeout(timer)
        }
      },
    }
  },
}
