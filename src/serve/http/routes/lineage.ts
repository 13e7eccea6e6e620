import type { LineageSlice, WalkOptions } from '../../../lineage/index.js'
import type { QueryService } from '../../../query/index.js'
import { type HttpContext, one, parametersOf } from '../context.js'
import { RequestFault } from '../problem.js'
import { number } from '../read-query.js'

/** What is made of what: by column where that is known. */
export function lineageRoutes({ app, service, callerOf }: HttpContext): void {
  app.get('/api/v1/lineage/:id', (request) => {
    const { id } = request.params as { readonly id: string }
    const { direction, depth, column } = parametersOf(request)
    const { lineage } = service.project
    const { resources } = service.visible(callerOf(request))
    const sees = (node: string): boolean => resources.has(node)
    const wanted = one(column)
    const place = lineage.find(wanted === undefined ? idOf(service, id, sees) : `${idOf(service, id, sees)}.${wanted}`)
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

/** A unique_id, or the name of a metric or a table that the caller is told of. */
function idOf({ project: { lineage } }: QueryService, id: string, sees: (node: string) => boolean): string {
  if (lineage.nodes.has(id)) return id
  const named = [...lineage.nodes.values()].filter((node) => node.name === id && sees(node.id))
  const order = ['metric', 'model', 'snapshot', 'seed', 'source']
  return (
    named.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type)).find(({ type }) => order.includes(type))?.id ??
    id
  )
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
