import { PLUMB_VERSION } from '../../../core/invocation.js'
import type { HttpContext } from '../context.js'
import { openMetrics } from '../open-metrics.js'
import { openApi } from '../openapi.js'

/** For those who watch the server, and those who write clients. */
export function healthRoutes({ app, service }: HttpContext): void {
  app.get('/api/v1/health', () => ({ status: 'ok', version: PLUMB_VERSION, generation: service.version }))
  app.get('/api/v1/openapi.json', () => openApi(PLUMB_VERSION))
  app.get('/metrics', (_, reply) => {
    reply.type('application/openmetrics-text; version=1.0.0; charset=utf-8')
    return openMetrics(service.figures, service.version)
  })
}
