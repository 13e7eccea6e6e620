import type { Manifest } from '../../../manifest/index.js'
import type { SemanticModel } from '../../../manifest/semantic-manifest.js'
import type { Caller, Catalogue, QueryService } from '../../../query/index.js'
import { readCall } from '../semantic-layer/call-reader.js'
import { itemRequest } from '../semantic-layer/query-objects.js'
import { type MetricFacts, metricFacts } from './additivity.js'
import { semanticsOf } from './semantics.js'
import type { ItemColumn, MetricColumn, MetricTable, MetricTableColumn, ModelTable, ServedRelations } from './served.js'

/** Where the tables of metrics are. */
export const METRICS_SCHEMA = 'metrics'
/** The table with every metric and everything they can be grouped by. */
export const ALL_METRICS = 'all_metrics'

/** What a caller sees, worked out anew when the project changed. */
export function buildRelations(service: QueryService, caller: Caller): ServedRelations {
  const { manifest, name } = service.project
  const visible = service.visible(caller)
  const catalogue = service.catalogue(caller)
  const facts = metricFacts(manifest)
  const models = modelTables(manifest, visible.models)
  const metrics = metricTables(manifest, catalogue, facts)
  const taken = new Set<string>()
  const tables = [...metrics, ...models].filter((table) => {
    const key = `${table.schema}.${table.name}`.toLowerCase()
    if (taken.has(key)) return false
    taken.add(key)
    return true
  })
  return {
    database: name,
    tables,
    searchPath: [...new Set([METRICS_SCHEMA, ...schemasByUse(models), 'public'])],
    key: JSON.stringify([service.version, [...visible.models].sort(), [...visible.metrics].sort()]),
    version: service.version,
  }
}

function schemasByUse(models: readonly ModelTable[]): string[] {
  const counts = new Map<string, number>()
  for (const { schema } of models) counts.set(schema, (counts.get(schema) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([schema]) => schema)
}

function modelTables(manifest: Manifest, visible: ReadonlySet<string>): ModelTable[] {
  return Object.values(manifest.nodes).flatMap((node): ModelTable[] => {
    if (!visible.has(node.unique_id) || node.relation_name === null) return []
    const described = Object.values(node.columns).flatMap((column) =>
      column.description ? [[column.name, column.description] as const] : [],
    )
    return [
      {
        kind: 'model',
        schema: node.schema,
        name: node.alias,
        id: node.unique_id,
        description: node.description || undefined,
        columnDescriptions: Object.fromEntries(described),
        isView: node.config.materialized === 'view',
      },
    ]
  })
}

function metricTables(
  manifest: Manifest,
  catalogue: Catalogue,
  facts: ReadonlyMap<string, MetricFacts>,
): MetricTable[] {
  const listed = catalogue.metrics()
  const column = ({ name, description, label }: (typeof listed)[number]): MetricColumn => ({
    role: 'metric',
    name,
    metric: name,
    additivity: facts.get(name)?.additivity ?? null,
    sameAs: facts.get(name)?.sameAs ?? new Set(),
    description: description || label,
    listed: true,
  })
  const table = (name: string, description: string | null | undefined, columns: MetricTableColumn[]): MetricTable => ({
    kind: 'metrics',
    schema: METRICS_SCHEMA,
    name,
    description: description ?? undefined,
    columns: uniqueNames(columns),
    savedQuery: null,
  })

  const ofModels = semanticsOf(manifest).models.flatMap((model) => {
    const own = listed.filter((metric) => facts.get(metric.name)?.models.has(model.name) === true)
    const alone = own.filter((metric) => facts.get(metric.name)?.models.size === 1)
    const request = alone.length > 0 ? { metrics: alone.map((metric) => metric.name) } : undefined
    const items = itemColumns(catalogue, request, own.length === 0 ? model.name : undefined)
    const prefix = primaryEntity(model)
    const short = items.flatMap((item) => {
      const local =
        prefix === undefined || !item.item.startsWith(`${prefix}__`) ? item.item : item.item.slice(prefix.length + 2)
      if (local === item.item || local.includes('__')) return [item]
      // The short name is the one that is listed; the long one answers too.
      return [
        { ...item, name: local },
        { ...item, listed: false },
      ]
    })
    const columns = [...short, ...own.map(column)]
    return columns.length === 0 ? [] : [table(model.name, model.description, withGrains(columns))]
  })
  const all =
    listed.length === 0
      ? []
      : [
          table(
            ALL_METRICS,
            'Every metric, with everything that metrics can be grouped by',
            withGrains([...itemColumns(catalogue, undefined, undefined), ...listed.map(column)]),
          ),
        ]
  const saved = catalogue
    .savedQueries()
    .map(({ name, description }) => savedQueryTable(name, description, manifest, catalogue, listed.map(column)))
  return [...ofModels, ...all, ...saved.flatMap((each) => each ?? [])]
}

function primaryEntity(model: SemanticModel): string | undefined {
  return model.entities.find((entity) => entity.type === 'primary')?.name ?? model.primary_entity ?? undefined
}

function itemColumns(
  catalogue: Catalogue,
  request: { readonly metrics: readonly string[] } | undefined,
  ofModel: string | undefined,
): ItemColumn[] {
  const dimensions = catalogue
    .dimensions(request)
    .filter((each) => ofModel === undefined || each.semanticModel === ofModel)
  const entities = catalogue.entities(request).filter((each) => ofModel === undefined || each.semanticModel === ofModel)
  return [
    ...dimensions.map(
      (each): ItemColumn => ({
        role: each.type === 'time' ? 'time' : 'dimension',
        name: each.name,
        item: each.name,
        grains: each.grains,
        dateParts: each.dateParts,
        grain: undefined,
        description: each.description || each.label,
        listed: true,
      }),
    ),
    ...entities.map(
      (each): ItemColumn => ({
        role: 'entity',
        name: each.name,
        item: each.name,
        grains: [],
        dateParts: [],
        grain: undefined,
        description: each.description || each.label,
        // `order__customer` is `customer` once more.
        listed: !each.name.includes('__'),
      }),
    ),
  ]
}

/** `ordered_at__month` beside `ordered_at`, for those who write grains into names. */
function withGrains(columns: readonly MetricTableColumn[]): MetricTableColumn[] {
  return columns.flatMap((column) => {
    if (column.role !== 'time') return [column]
    return [
      column,
      ...column.grains.map((grain) => ({ ...column, name: `${column.name}__${grain}`, grain, listed: false })),
    ]
  })
}

/** Of columns with the same name the first stays; metrics go before what is grouped by. */
function uniqueNames(columns: readonly MetricTableColumn[]): MetricTableColumn[] {
  const metrics = new Set(columns.filter((column) => column.role === 'metric').map((column) => column.name))
  const seen = new Set<string>()
  const kept = columns.flatMap((column) => {
    const clashes = column.role !== 'metric' && metrics.has(column.name)
    const name = clashes && column.role !== 'entity' ? column.item : column.name
    if (seen.has(name) || (clashes && metrics.has(name))) return []
    seen.add(name)
    return [{ ...column, name, listed: column.listed || clashes }]
  })
  return kept
}

function savedQueryTable(
  name: string,
  description: string | undefined,
  manifest: Manifest,
  catalogue: Catalogue,
  metrics: readonly MetricColumn[],
): MetricTable | null {
  const saved = semanticsOf(manifest).savedQueries.find((each) => each.name === name)
  if (saved === undefined) return null
  const { query_params: params } = saved
  const dimensions = catalogue.dimensions()
  const items = params.group_by.map((text): ItemColumn => {
    const { name: item, grain } = itemRequest(text.includes('(') ? readCall(text) : text)
    const summary = dimensions.find((each) => each.name === item)
    const role = summary === undefined ? 'entity' : summary.type === 'time' ? 'time' : 'dimension'
    const fixed = role === 'time' ? (grain ?? 'day') : undefined
    return {
      role,
      name: fixed === undefined ? item : `${item}__${fixed}`,
      item,
      grains:
        fixed === undefined ? [] : (summary?.grains ?? []).slice(Math.max(0, summary?.grains.indexOf(fixed) ?? 0)),
      dateParts: summary?.dateParts ?? [],
      grain: fixed,
      description: summary?.description,
      listed: true,
    }
  })
  const columns = params.metrics.map((metric) => metrics.find((each) => each.name === metric))
  if (columns.includes(undefined)) return null
  return {
    kind: 'metrics',
    schema: METRICS_SCHEMA,
    name,
    description,
    columns: [...items, ...columns.flatMap((each) => each ?? [])],
    savedQuery: {
      name,
      limited: (params.limit ?? null) !== null,
      where: (params.where?.where_filters ?? []).map((filter) => filter.where_sql_template),
    },
  }
}
