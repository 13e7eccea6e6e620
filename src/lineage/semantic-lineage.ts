import type { Manifest, MetricNode, SavedQueryNode, SemanticModelNode, UniqueId } from '../manifest/index.js'
import type {
  Dimension,
  Entity,
  Measure,
  Metric,
  MetricInput,
  MetricInputMeasure,
  SavedQuery,
  WhereFilterIntersection,
} from '../manifest/semantic-manifest.js'
import type { Statements } from './statements.js'
import type { EdgeKind, LineageColumn, LineageEdge, LineageNode, Place } from './types.js'

export interface SemanticLineage {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
}

/** From columns of models over measures, dimensions and entities to metrics and saved queries. */
export async function semanticLineage(manifest: Manifest, statements: Statements): Promise<SemanticLineage> {
  const nodes: LineageNode[] = []
  const edges: LineageEdge[] = []
  const elements = new ElementIndex()
  for (const model of Object.values(manifest.semantic_models)) {
    elements.add(model)
    nodes.push(semanticModelNode(model))
    for (const id of model.depends_on.nodes) edges.push(...(await elementEdges(model, id, statements)))
  }
  for (const metric of Object.values(manifest.metrics)) {
    nodes.push(whole(metric))
    edges.push(...(await metricEdges(manifest, metric, elements, statements)))
  }
  for (const query of Object.values(manifest.saved_queries)) {
    nodes.push(whole(query))
    edges.push(...savedQueryEdges(manifest, query, elements))
  }
  return { nodes, edges: distinct(edges) }
}

function whole({ unique_id, name, resource_type }: MetricNode | SavedQueryNode): LineageNode {
  return { id: unique_id, name, type: resource_type, level: 'column', reason: null, columns: [] }
}

interface Element {
  readonly name: string
  readonly expr: string
  readonly description: string
  readonly kind: EdgeKind | null
}

/** Measures are aggregates; dimensions and entities are what their expression is. */
function elementsOf(model: SemanticModelNode): Element[] {
  const of = (list: readonly unknown[], kind: EdgeKind | null): Element[] =>
    (list as readonly (Measure | Dimension | Entity)[]).map(({ name, expr, description }) => ({
      name,
      expr: expr === null || expr === undefined || expr === '' ? name : String(expr),
      description: description ?? '',
      kind,
    }))
  return [...of(model.entities, null), ...of(model.dimensions, null), ...of(model.measures, 'aggregated')]
}

function semanticModelNode(model: SemanticModelNode): LineageNode {
  const columns = elementsOf(model).map(
    ({ name, description }): LineageColumn => ({ name, type: null, description, tags: [] }),
  )
  return { id: model.unique_id, name: model.name, type: 'semantic_model', level: 'column', reason: null, columns }
}

async function elementEdges(model: SemanticModelNode, table: UniqueId, statements: Statements): Promise<LineageEdge[]> {
  const edges: LineageEdge[] = []
  for (const { name, expr, kind } of elementsOf(model)) {
    const to = { node: model.unique_id, column: name }
    edges.push(...(await expressionEdges(expr, table, to, kind, statements)))
  }
  return edges
}

/** The columns of one table that an expression of YAML is made of. */
async function expressionEdges(
  expr: string,
  table: UniqueId,
  to: Place,
  kind: EdgeKind | null,
  statements: Statements,
): Promise<LineageEdge[]> {
  const sql = `select ${expr} as ${/^\w+$/.test(to.column ?? '') ? to.column : 'value'} from plumb_model`
  const { columns } = await statements.analyze({ id: to.node, sql, boundaries: { plumb_model: table } })
  return (columns[0]?.sources ?? []).map(({ table: node, column, use }) => ({
    from: { node, column },
    to,
    kind: kind ?? use,
  }))
}

async function metricEdges(
  manifest: Manifest,
  node: MetricNode,
  elements: ElementIndex,
  statements: Statements,
): Promise<LineageEdge[]> {
  const metric = node as unknown as Metric
  const params = metric.type_params
  const to: Place = { node: node.unique_id, column: null }
  const edges: LineageEdge[] = []
  const measure = (input: MetricInputMeasure | null | undefined, kind: EdgeKind): void => {
    if (input === null || input === undefined) return
    const from = elements.find(input.name)
    if (from !== undefined) edges.push({ from, to, kind })
    edges.push(...filterEdges(input.filter, to, elements))
  }
  const metricInput = (input: MetricInput | null | undefined): void => {
    if (input === null || input === undefined) return
    const id = metricNamed(manifest, input.name)
    if (id !== undefined) edges.push({ from: { node: id, column: null }, to, kind: 'computed' })
    edges.push(...filterEdges(input.filter, to, elements))
  }
  measure(params.measure, 'copied')
  for (const input of [params.numerator, params.denominator, ...(params.metrics ?? [])]) metricInput(input)
  metricInput(params.cumulative_type_params?.metric)
  const conversion = params.conversion_type_params
  measure(conversion?.base_measure, 'computed')
  measure(conversion?.conversion_measure, 'computed')
  metricInput(conversion?.base_metric)
  metricInput(conversion?.conversion_metric)
  const aggregation = params.metric_aggregation_params
  if (aggregation !== null && aggregation !== undefined) {
    const model = Object.values(manifest.semantic_models).find(({ name }) => name === aggregation.semantic_model)
    for (const table of model?.depends_on.nodes ?? [])
      edges.push(...(await expressionEdges(params.expr ?? metric.name, table, to, 'aggregated', statements)))
  }
  edges.push(...filterEdges(metric.filter, to, elements))
  return edges
}

function savedQueryEdges(manifest: Manifest, node: SavedQueryNode, elements: ElementIndex): LineageEdge[] {
  const { query_params: params } = node as unknown as SavedQuery
  const to: Place = { node: node.unique_id, column: null }
  const edges: LineageEdge[] = []
  for (const name of params.metrics ?? []) {
    const id = metricNamed(manifest, name)
    if (id !== undefined) edges.push({ from: { node: id, column: null }, to, kind: 'copied' })
  }
  for (const item of params.group_by ?? []) {
    for (const from of elements.inText(item)) edges.push({ from, to, kind: 'grouped' })
  }
  edges.push(...filterEdges(params.where, to, elements))
  return edges
}

function filterEdges(
  filter: WhereFilterIntersection | null | undefined,
  to: Place,
  elements: ElementIndex,
): LineageEdge[] {
  return (filter?.where_filters ?? []).flatMap(({ where_sql_template }) =>
    elements.inText(where_sql_template).map((from): LineageEdge => ({ from, to, kind: 'filtered' })),
  )
}

function metricNamed(manifest: Manifest, name: string): UniqueId | undefined {
  return Object.values(manifest.metrics).find((metric) => metric.name === name)?.unique_id
}

/** Elements of all semantic models by name. */
class ElementIndex {
  readonly #measures = new Map<string, Place>()
  readonly #others = new Map<string, Place[]>()
  /** Entities of each model: `order__status` is the dimension of the model that has the entity. */
  readonly #entities = new Map<UniqueId, Set<string>>()

  add(model: SemanticModelNode): void {
    const node = model.unique_id
    for (const { name } of model.measures as unknown as readonly Measure[])
      this.#measures.set(name, { node, column: name })
    const entities = model.entities as unknown as readonly Entity[]
    for (const { name } of [...(model.dimensions as unknown as readonly Dimension[]), ...entities])
      this.#others.set(name, [...(this.#others.get(name) ?? []), { node, column: name }])
    this.#entities.set(node, new Set([...entities.map(({ name }) => name), model.primary_entity ?? '']))
  }

  find(measure: string): Place | undefined {
    return this.#measures.get(measure)
  }

  /** What `{{ Dimension('order__status') }}`, `TimeDimension(...)`, `Entity(...)` and plain `order__status` name. */
  inText(text: string): Place[] {
    const quoted = [...text.matchAll(/(?:Dimension|TimeDimension|Entity)\(\s*['"]([^'"]+)['"]/g)].map(
      (match) => match[1]!,
    )
    const names = quoted.length > 0 ? quoted : /^[\w]+$/.test(text.trim()) ? [text.trim()] : []
    return names.flatMap((name) => this.#named(name))
  }

  #named(name: string): Place[] {
    const parts = name.split('__')
    // A grain may stand behind the name of a time dimension.
    for (const at of [parts.length - 1, parts.length - 2]) {
      const found = at < 0 ? undefined : this.#others.get(parts[at]!)
      if (found === undefined) continue
      const entity = parts[at - 1]
      const owned = found.filter(({ node }) => entity !== undefined && this.#entities.get(node)?.has(entity))
      return owned.length > 0 ? owned : found.slice(0, 1)
    }
    return []
  }
}

function distinct(edges: readonly LineageEdge[]): LineageEdge[] {
  const seen = new Set<string>()
  return edges.filter(({ from, to, kind }) => {
    const key = JSON.stringify([from, to, kind])
    return !seen.has(key) && seen.add(key) !== undefined
  })
}
