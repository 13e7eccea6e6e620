import type { Json, Manifest, MetricNode } from '../../manifest/index.js'
import type { Visible } from '../../query/index.js'
import type { SiteFormula, SiteMetrics } from './documents.js'

/** What can be asked, as the semantic engine lists it. */
export interface MetricListing {
  listDimensions(request?: { readonly metrics?: readonly string[] }): readonly {
    readonly name: string
    readonly type: 'categorical' | 'time'
    readonly grains: readonly string[]
    readonly label: string | undefined
    readonly description: string | undefined
  }[]
  listEntities(request?: { readonly metrics?: readonly string[] }): readonly {
    readonly name: string
    readonly label: string | undefined
    readonly description: string | undefined
  }[]
  listSavedQueries(): readonly {
    readonly name: string
    readonly label: string | undefined
    readonly description: string | undefined
    readonly metrics: readonly string[]
    readonly groupBy: readonly string[]
  }[]
}

/** Every metric with its meaning, and what it can be asked by. */
export function siteMetrics(manifest: Manifest, listing: MetricListing, visible: Visible | null): SiteMetrics {
  const shown = Object.values(manifest.metrics).filter((m) => visible === null || visible.metrics.has(m.name))
  const names = new Set(shown.map((metric) => metric.name))
  return {
    metrics: shown.map((metric) => ({
      id: metric.unique_id,
      name: metric.name,
      label: metric.label === '' ? null : metric.label,
      description: metric.description ?? '',
      kind: metric.type,
      formula: formulaOf(metric, manifest).formula,
      owner: ownerOf(metric, manifest),
      tags: metric.tags ?? [],
      dimensions: namesFor(metric.name, listing),
    })),
    dimensions: shown.length === 0 ? [] : dimensionsOf(listing),
    savedQueries: listing
      .listSavedQueries()
      .filter((query) => query.metrics.every((name) => names.has(name)))
      .map(({ name, label, description, metrics, groupBy }) => ({
        name,
        label: label ?? null,
        description: description ?? '',
        metrics: [...metrics],
        groupBy: [...groupBy],
      })),
  }
}

function dimensionsOf(listing: MetricListing): SiteMetrics['dimensions'] {
  const dimensions = listing.listDimensions().map(({ name, type, grains, label, description }) => ({
    name,
    kind: type,
    label: label ?? null,
    description: description ?? '',
    grains,
  }))
  const entities = listing.listEntities().map(({ name, label, description }) => ({
    name,
    kind: 'entity' as const,
    label: label ?? null,
    description: description ?? '',
    grains: [],
  }))
  return [...dimensions, ...entities]
}

function namesFor(metric: string, listing: MetricListing): string[] {
  const request = { metrics: [metric] }
  return [...listing.listDimensions(request), ...listing.listEntities(request)].map(({ name }) => name)
}

function ownerOf(metric: MetricNode, { groups }: Manifest): string | null {
  const meta = (metric.config.meta ?? metric.meta) as { owner?: unknown }
  if (typeof meta.owner === 'string') return meta.owner
  const group = Object.values(groups).find(({ name }) => name === (metric.group ?? metric.config.group))
  const name = group?.owner.name ?? group?.owner.email
  return typeof name === 'string' ? name : (group?.name ?? null)
}

type Fields = { readonly [name: string]: Json | undefined }

/** A metric's definition in one line: `sum(amount)`, `revenue / orders`, `revenue over 7 days`. */
export function formulaOf(metric: MetricNode, manifest: Manifest): SiteFormula {
  const params = metric.type_params as Fields
  const inputs = inputNames(params)
  return {
    kind: metric.type,
    formula: formulaText(metric, params, inputs, manifest),
    inputs,
    filter: filterText(metric.filter),
  }
}

function formulaText(metric: MetricNode, params: Fields, inputs: readonly string[], manifest: Manifest): string {
  switch (metric.type) {
    case 'simple': {
      const own = asFields(params.metric_aggregation_params)
      if (own !== null) return `${text(own.agg)}(${text(params.expr) || metric.name})`
      return measureText(nameOf(params.measure), manifest) || inputs.join(', ')
    }
    case 'ratio':
      return `${nameOf(params.numerator)} / ${nameOf(params.denominator)}`
    case 'derived':
      return text(params.expr)
    case 'cumulative': {
      const own = asFields(params.cumulative_type_params) ?? params
      const window = spanText(own.window ?? params.window)
      const grain = text(own.grain_to_date ?? params.grain_to_date)
      const base = nameOf(own.metric) || nameOf(params.measure) || inputs.join(', ')
      if (window !== '') return `${base} over ${window}`
      return grain === '' ? `${base} to date` : `${base} since the start of the ${grain}`
    }
    case 'conversion': {
      const own = asFields(params.conversion_type_params) ?? {}
      const from = nameOf(own.base_measure) || nameOf(own.base_metric)
      const to = nameOf(own.conversion_measure) || nameOf(own.conversion_metric)
      const window = spanText(own.window)
      return `${from} → ${to}${window === '' ? '' : ` within ${window}`} by ${text(own.entity)}`
    }
  }
}

/** `sum(net_revenue)`: a measure as its semantic model has it. */
function measureText(name: string, { semantic_models }: Manifest): string {
  const measures = Object.values(semantic_models).flatMap((model) => model.measures as readonly Fields[])
  const measure = measures.find((each) => each.name === name)
  return measure === undefined ? name : `${text(measure.agg)}(${text(measure.expr) || name})`
}

function inputNames(params: Fields): string[] {
  const names = [params.numerator, params.denominator, ...list(params.metrics), ...list(params.input_measures)]
    .map(nameOf)
    .filter((name) => name !== '')
  return [...new Set(names)]
}

function filterText(filter: Json): string | null {
  const filters = list(asFields(filter)?.where_filters).map((each) => text(asFields(each)?.where_sql_template))
  const all = filters.filter((each) => each !== '')
  return all.length > 0 ? all.join(' and ') : typeof filter === 'string' ? filter : null
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function asFields(value: Json | undefined): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function nameOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : text(asFields(value)?.name)
}

function spanText(value: Json | undefined): string {
  const window = asFields(value)
  if (window === null) return text(value)
  return `${text(window.count)} ${text(window.granularity)}${window.count === 1 ? '' : 's'}`
}
