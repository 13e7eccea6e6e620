import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type RunHistory, readCatalog, readSources } from '../../../artifacts/index.js'
import { exactJson } from '../../../core/exact-json.js'
import { PLUMB_VERSION } from '../../../core/invocation.js'
import { type Caller, callerKey, type QueryService } from '../../../query/index.js'
import { createSite, type Site, type SiteInput } from '../../site/index.js'
import type { HttpContext } from '../context.js'
import { RequestFault } from '../problem.js'

/** Views that are kept ready: one for every caller who looked lately. */
const MOST_VIEWS = 32
/** Smaller documents are not worth packing. */
const PACKED_BYTES = 4096

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** The page may load and ask only this server; nothing it shows can run as code. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Paths of the application itself: files that tell nothing of the project, so they need no caller. */
export function isAppPath(path: string): boolean {
  return path === '/' || /^\/(?:app\.(?:js|css)|index\.html|chunks\/[\w.-]+\.js)$/.test(path)
}

/** The browser application and its documents, each caller's own. */
export function siteRoutes({ app, service, history, callerOf }: HttpContext, appDir: string): void {
  const sendFile = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?')[0]!
    const file = join(appDir, path === '/' ? 'index.html' : path)
    if (!existsSync(file)) throw new RequestFault(404, 'no-such-path', `There is nothing at ${path}`)
    reply.header('content-security-policy', POLICY)
    // Chunks carry their hash in the name; the rest is asked for again after an update.
    reply.header('cache-control', path.startsWith('/chunks/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    return reply.type(TYPES[file.split('.').at(-1)!] ?? 'application/octet-stream').send(readFileSync(file))
  }
  for (const path of ['/', '/index.html', '/app.js', '/app.css', '/chunks/:name']) app.get(path, sendFile)

  const views = createViews(service, history)
  const send = async (request: FastifyRequest, reply: FastifyReply, document: unknown): Promise<FastifyReply> => {
    if (document === undefined) throw new RequestFault(404, 'no-such-document', 'There is no such document')
    const text = exactJson(document)
    reply.header('cache-control', 'private, no-store').type('application/json')
    if (text.length < PACKED_BYTES || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
      return reply.send(text)
    }
    reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding')
    return reply.send(await promisify(gzip)(text, { level: 5 }))
  }
  const nameOf = (request: FastifyRequest): string =>
    (request.params as { readonly name: string }).name.replace(/\.json$/, '')
  app.get('/data/index.json', (request, reply) => send(request, reply, views(callerOf(request)).index()))
  app.get('/data/columns.json', (request, reply) => send(request, reply, views(callerOf(request)).columns()))
  app.get('/data/metrics.json', (request, reply) => send(request, reply, views(callerOf(request)).metrics()))
  app.get('/data/runs.json', (request, reply) => send(request, reply, views(callerOf(request)).runs()))
  app.get('/data/runs/:name', (request, reply) => send(request, reply, views(callerOf(request)).run(nameOf(request))))
  app.get('/data/details/:name', (request, reply) =>
    send(request, reply, views(callerOf(request)).details(Number(nameOf(request)))),
  )
}

/** Views by caller, made anew after a build or a change of the project. */
function createViews(service: QueryService, history: RunHistory): (caller: Caller) => Site {
  const views = new Map<string, { readonly stamp: string; readonly site: Site }>()
  // Read once for all callers: the runs of a large project are many megabytes.
  let artifacts: Artifacts | undefined
  return (caller) => {
    const key = callerKey(caller)
    const { targetDir } = service.project
    const written = artifactStamp(targetDir)
    const stamp = `${service.version} ${written}`
    const known = views.get(key)
    if (known?.stamp === stamp) return known.site
    if (artifacts?.stamp !== written) artifacts = readArtifacts(targetDir, written, history)
    const site = viewFor(service, caller, artifacts)
    views.delete(key)
    views.set(key, { stamp, site })
    if (views.size > MOST_VIEWS) views.delete(views.keys().next().value!)
    return site
  }
}

interface Artifacts extends Pick<SiteInput, 'catalog' | 'runs' | 'sources'> {
  readonly stamp: string
}

function readArtifacts(targetDir: string, stamp: string, history: RunHistory): Artifacts {
  return {
    stamp,
    catalog: readCatalog(join(targetDir, 'catalog.json')),
    runs: history.read(targetDir),
    sources: readSources(join(targetDir, 'sources.json')),
  }
}

function viewFor(service: QueryService, caller: Caller, { catalog, runs, sources }: Artifacts): Site {
  const { manifest, lineage, dialect } = service.project
  const catalogue = service.catalogue(caller)
  return createSite({
    manifest,
    adapter: dialect.name,
    catalog,
    runs,
    sources,
    lineage,
    listing: () => ({
      listDimensions: (request) => catalogue.dimensions(request),
      listEntities: (request) => catalogue.entities(request),
      listSavedQueries: () => catalogue.savedQueries(),
    }),
    visible: caller.owner ? null : service.visible(caller),
    madeFor: caller.owner ? null : caller.name,
    isStatic: false,
    generatedAt: new Date().toISOString(),
    plumbVersion: PLUMB_VERSION,
  })
}

/** Changes when a build or `docs generate` has written something new. */
function artifactStamp(targetDir: string): string {
  return ['run_results.json', 'catalog.json', 'sources.json']
    .map((name) => statSync(join(targetDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0)
    .join(' ')
}
