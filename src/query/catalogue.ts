import { diagnostic, PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import type { ListRequest } from '../semantic/index.js'
import type { Survey } from './ground.js'
import type { Caller, Catalogue } from './types.js'

/** Lists what can be asked, without what the caller may not see. */
export function catalogueFor(ground: Survey, caller: Caller): Catalogue {
  const engine = ground.engine()
  const rules = ground.rules(caller)
  const visible = (request: ListRequest | undefined): void => {
    const hidden = (request?.metrics ?? []).filter((name) => !rules.seesMetric(name))
    if (hidden.length === 0) return
    throw new PlumbError(
      hidden.map((name) =>
        diagnostic('semantic', 'metric-not-found', `There is no metric '${name}'.`, {
          hint: didYouMean(name, rules.visible.metrics),
        }),
      ),
    )
  }
  /** Without metrics named: what the metrics that the caller sees can be grouped by, one or another. */
  const items = <T extends { readonly name: string; readonly semanticModel: string | undefined }>(
    list: (request: ListRequest) => readonly T[],
    request: ListRequest = {},
  ): readonly T[] => {
    if (caller.owner) return list(request)
    visible(request)
    const reached = (item: T): boolean => item.semanticModel === undefined || reaches(item.semanticModel)
    if ((request.metrics?.length ?? 0) > 0) return list(request).filter(reached)
    const found = new Map<string, T>()
    for (const metric of rules.visible.metrics) {
      for (const item of list({ ...request, metrics: [metric] })) if (reached(item)) found.set(item.name, item)
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }
  const reaches = (semanticModel: string): boolean => {
    const models = Object.values(ground.manifest.semantic_models).filter(({ name }) => name === semanticModel)
    return models.every((model) => {
      const id = ground.byRelation.get(model.node_relation?.relation_name ?? '')
      return id !== undefined && rules.reaches(id)
    })
  }
  return {
    metrics: (request) => engine.listMetrics(request).filter((metric) => rules.seesMetric(metric.name)),
    dimensions: (request) => items(engine.listDimensions, request),
    entities: (request) => items(engine.listEntities, request),
    savedQueries: (request) =>
      engine
        .listSavedQueries(request)
        .filter((query) => query.metrics.every((name) => rules.seesMetric(baseName(name)))),
    values: (request) => ({ kind: 'metrics', query: engine.valuesQuery(request) }),
  }
}

/** `Metric('revenue')` or `revenue: previous month` as saved queries may have them. */
function baseName(text: string): string {
  return /^\s*(?:Metric\(\s*)?['"]?([\w]+)/i.exec(text)?.[1] ?? text
}
