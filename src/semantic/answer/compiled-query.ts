import type { Dimension, Entity } from '../../manifest/semantic-manifest.js'
import type { DatePart } from '../../sql/granularity.js'
import { inputsOf, type SemanticCatalog } from '../catalog.js'
import type { GroupByItem } from '../group-by-item.js'
import type { MetricDefinition } from '../metrics/definition.js'
import type { QuerySpec } from '../query/query-spec.js'
import { elementOf } from './element-of.js'
import type { QueryLineage } from './lineage.js'

/** A query as SQL, with what its answer will look like. */
export interface CompiledQuery {
  readonly sql: string
  readonly columns: readonly CompiledColumn[]
  /** The metrics that were asked for by name: themselves, under modifiers, and in the caller's filters. */
  readonly metrics: readonly string[]
  /** Where the columns come from; worked out when asked for. */
  lineage(): QueryLineage
}

/** A column of an answer. */
export interface CompiledColumn {
  readonly name: string
  readonly role: 'metric' | 'dimension' | 'entity' | 'time'
  /** What the values are, as far as the definitions say. */
  readonly type: 'number' | 'time' | 'unknown'
  /** Name of the metric, or of the item with its path: `listing__country`. */
  readonly of: string
  readonly grain: string | undefined
  readonly datePart: DatePart | undefined
  readonly label: string | undefined
  readonly description: string | undefined
}

type Element = Dimension | Entity

/** Metrics that a query names, those of its own making taken back to what they are made of. */
export function metricsNamed({ metrics, groupBy, filters, definitions }: QuerySpec): string[] {
  const own = new Map(definitions.map((definition) => [definition.name, definition]))
  const names = new Set<string>()
  const visit = (definition: MetricDefinition): void => {
    if (!own.has(definition.name)) names.add(definition.name)
    else for (const { name } of inputsOf(definition)) visitName(name)
  }
  const visitName = (name: string): void => {
    const definition = own.get(name)
    if (definition === undefined) names.add(name)
    else visit(definition)
  }
  for (const { definition } of metrics) visit(definition)
  const items = [
    ...groupBy.map(({ item }) => item),
    ...filters.flatMap((filter) => (filter.trusted ? [] : filter.items)),
  ]
  for (const item of items) if (item.kind === 'metric') visitName(item.element)
  return [...names]
}

export function columnsOfQuery(spec: QuerySpec, catalog: SemanticCatalog): CompiledColumn[] {
  const [metric] = spec.metrics
  const models =
    metric === undefined ? catalog.models.values() : catalog.leaves(metric.definition.name).map((leaf) => leaf.model)
  const items = spec.groupBy.map(({ item, column }) => itemColumn(item, column, elementOf(item, models, catalog)))
  if (spec.minMaxOnly) {
    return items.flatMap((item) => ['min', 'max'].map((edge) => ({ ...item, name: `${item.name}__${edge}` })))
  }
  const metrics = spec.valuesOnly ? [] : spec.metrics
  return [
    ...items,
    ...metrics.map(
      ({ definition, column }): CompiledColumn => ({
        name: column,
        role: 'metric',
        type: 'number',
        of: definition.name,
        grain: undefined,
        datePart: undefined,
        label: definition.metric.label ?? undefined,
        description: definition.metric.description ?? undefined,
      }),
    ),
  ]
}

function itemColumn(item: GroupByItem, name: string, element: Element | undefined): CompiledColumn {
  const common = {
    name,
    of: [...item.path, item.element].join('__'),
    label: element?.label ?? undefined,
    description: element?.description ?? undefined,
  }
  if (item.kind !== 'time') {
    const role = item.kind === 'entity' ? 'entity' : 'dimension'
    return { ...common, role, type: 'unknown', grain: undefined, datePart: undefined }
  }
  const type = item.part !== undefined ? 'number' : item.grain?.custom ? 'unknown' : 'time'
  return { ...common, role: 'time', type, grain: item.grain?.name, datePart: item.part }
}
