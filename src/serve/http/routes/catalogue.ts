import { type HttpContext, one, parametersOf } from '../context.js'
import { list } from '../read-query.js'

/** What there is to ask for. */
export function catalogueRoutes({ app, service, callerOf }: HttpContext): void {
  app.get('/api/v1/metrics', (request) => {
    const caller = callerOf(request)
    const found = service.catalogue(caller).metrics(searchOf(request.query))
    return {
      metrics: found.map((metric) => ({ ...metric, default_grain: metric.defaultGrain, defaultGrain: undefined })),
    }
  })
  app.get('/api/v1/dimensions', (request) => {
    const { metrics } = parametersOf(request)
    const found = service
      .catalogue(callerOf(request))
      .dimensions({ metrics: list(metrics), ...searchOf(request.query) })
    return {
      dimensions: found.map(({ dateParts, semanticModel, ...rest }) => ({
        ...rest,
        date_parts: dateParts,
        semantic_model: semanticModel,
      })),
    }
  })
  app.get('/api/v1/entities', (request) => {
    const { metrics } = parametersOf(request)
    const found = service.catalogue(callerOf(request)).entities({ metrics: list(metrics), ...searchOf(request.query) })
    return { entities: found.map(({ semanticModel, ...rest }) => ({ ...rest, semantic_model: semanticModel })) }
  })
  app.get('/api/v1/saved-queries', (request) => {
    const found = service.catalogue(callerOf(request)).savedQueries(searchOf(request.query))
    return { saved_queries: found.map(({ groupBy, ...rest }) => ({ ...rest, group_by: groupBy })) }
  })
  app.get('/api/v1/me', (request) => {
    const { name, groups, owner } = callerOf(request)
    return { name, groups, owner }
  })
}

function searchOf(query: unknown): { readonly search?: string } {
  const search = one((query as { search?: string | string[] }).search)
  return search === undefined || search === '' ? {} : { search }
}
