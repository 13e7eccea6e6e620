import type { LineageSlice, WalkOptions } from '../../../lineage/index.js'
import type { Caller, QueryService } from '../../../query/index.js'
import { type HttpContext, one, parametersOf } from '../context.js'
import { RequestFault } from '../problem.js'
import { number } from '../read-query.js'

/** What is made of what: by column where that is known. */
export function lineageRoutes({ app, service, callerOf }: HttpContext): void {
  app.get('/api/v1/lineage/:id', (request) => {
    const { id } = request.params as { readonly id: string }
    const { direction, depth, column } = parametersOf(request)
    const caller = callerOf(request)
    const { lineage } = service.project
    const sees = seenBy(service, caller)
    const wanted = one(column)
    const place = lineage.find(wanted === undefined ? idOf(service, id) : `${idOf(service, id)}.${wanted}`)
    if (place === undefined || !sees(place.node)) {
      throw new RequestFault(
        404,
        'no-such-resource',
        `There is no '${wanted === undefined ? id : `${id}.${wanted}`}' in the project.`,
      )
    }
    const options: WalkOptions = depth === undefined ? {} : { depth: number('depth', one(depth)) }
    const way = one(direction) ?? 'both'
    if (!['upstream', 'downstream', 'both'].includes(way)) {
      throw new RequestFault(400, 'query-form', `'${way}' is no direction`, 'upstream, downstream or both')
    }
    const slices = [
      ...(way === 'downstream' ? [] : [lineage.upstream(place, options)]),
      ...(way === 'upstream' ? [] : [lineage.downstream(place, options)]),
    ]
    return { of: place, ...merged(slices, sees) }
  })
}

/** A unique_id, or the name of a metric or a table. */
function idOf({ project: { lineage } }: QueryService, id: string): string {
  if (lineage.nodes.has(id)) return id
  const named = [...lineage.nodes.values()].filter(({ name }) => name === id)
  const order = ['metric', 'model', 'snapshot', 'seed', 'source']
  return (
    named.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type)).find(({ type }) => order.includes(type))?.id ??
    id
  )
}

/** Of what a caller may not ask, they are not told either. */
export function seenBy(service: QueryService, caller: Caller): (id: string) => boolean {
  if (caller.owner) return () => true
  const { metrics, models } = service.visible(caller)
  const { manifest } = service.project
  const byId = new Set([
    ...models,
    ...Object.values(manifest.metrics).flatMap(({ name, unique_id }) => (metrics.has(name) ? unique_id : [])),
  ])
  return (id) => byId.has(id)
}

function merged(slices: readonly LineageSlice[], sees: (id: string) => boolean): LineageSlice {
  const nodes = new Map(
    slices.flatMap((slice) => slice.nodes.filter(({ id }) => sees(id)).map((node) => [node.id, node] as const)),
  )
  const edges = new Set(
    slices.flatMap((slice) => slice.edges.filter(({ from, to }) => sees(from.node) && sees(to.node))),
  )
  return { nodes: [...nodes.values()], edges: [...edges] }
}
