import { Server as SecureServer } from 'node:https'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RunHistory } from '../../artifacts/index.js'
import { PlumbError } from '../../core/diagnostic.js'
import type { Caller, Identity, QueryService } from '../../query/index.js'
import type { Certificate } from '../certificate.js'
import { authenticate, refuseForeignPages } from './authenticate.js'
import type { HttpContext } from './context.js'
import { problemOf, RequestFault } from './problem.js'
import { catalogueRoutes } from './routes/catalogue.js'
import { healthRoutes } from './routes/health.js'
import { lineageRoutes } from './routes/lineage.js'
import { profileRoutes } from './routes/profile.js'
import { queryRoutes } from './routes/query.js'
import { resourceRoutes } from './routes/resources.js'
import { runRoutes } from './routes/runs.js'
import { isAppPath, siteRoutes } from './routes/site.js'

/** Larger questions are not asked by anybody. */
const MOST_BYTES = 1024 * 1024

/** Open to everybody who can reach the port: they tell nothing of the project. */
const PUBLIC: ReadonlySet<string> = new Set(['/api/v1/health', '/api/v1/openapi.json'])

export interface HttpOptions {
  readonly service: QueryService
  readonly identity: Identity
  /** The built browser application; null serves none. */
  readonly appDir: string | null
  /** Null speaks without TLS. */
  readonly certificate: Certificate | null
  readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void
}

/** The HTTP server with all its routes, not yet listening. */
export async function createHttpServer({
  service,
  identity,
  appDir,
  certificate,
  log,
}: HttpOptions): Promise<FastifyInstance> {
  const { fastify } = await import('fastify')
  const app: FastifyInstance = fastify({
    ...(certificate === null ? {} : { https: { ...certificate.text, minVersion: 'TLSv1.2' } }),
    bodyLimit: MOST_BYTES,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    forceCloseConnections: 'idle',
  })
  const { server } = app
  certificate?.onChange(() => {
    if (server instanceof SecureServer) server.setSecureContext(certificate.text)
  })
  // What a form of any page can send is not read.
  app.removeContentTypeParser('text/plain')
  const callers = new WeakMap<FastifyRequest, Caller>()
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    refuseForeignPages(request.raw, identity)
    const path = request.url.split('?')[0]!
    if (PUBLIC.has(path) || isAppPath(path)) return
    callers.set(request, await authenticate(request.raw, identity))
  })
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, log))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new RequestFault(404, 'no-such-path', `There is nothing at ${request.url.split('?')[0]}`),
      request,
      reply,
      log,
    ),
  )
  const context: HttpContext = {
    app,
    service,
    identity,
    history: new RunHistory(),
    callerOf(request) {
      const caller = callers.get(request)
      if (caller === undefined) throw new RequestFault(401, 'not-authenticated', 'Say who you are')
      return caller
    },
  }
  catalogueRoutes(context)
  queryRoutes(context)
  resourceRoutes(context)
  profileRoutes(context)
  lineageRoutes(context)
  runRoutes(context)
  healthRoutes(context)
  if (appDir !== null) siteRoutes(context, appDir)
  return app
}

async function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: HttpOptions['log'],
): Promise<void> {
  const problem = problemOf(error)
  if (problem.status === 500) {
    const text =
      error instanceof PlumbError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error)
    log('warn', `${request.method} ${request.url.split('?')[0]}: ${text}`)
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="plumb", Basic realm="plumb"')
  if (problem.status === 503) reply.header('retry-after', '1')
  await reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
