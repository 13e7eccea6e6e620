import type { SqlDialect } from '../../sql/plan/dialect.js'
import { renderSelect } from '../../sql/plan/render.js'
import { inputsOf, type SemanticCatalog } from '../catalog.js'
import { kindOf } from '../dataflow/node-kinds.js'
import type { ComputeNode } from '../dataflow/nodes/compute.js'
import { describeRange } from '../dataflow/nodes/read-model.js'
import type { DataflowNode } from '../dataflow/plan.js'
import { toSelect } from '../dataflow/to-sql.js'
import { isMetricTime } from '../group-by-item.js'
import type { MetricDefinition } from '../metrics/definition.js'
import { metricKinds } from '../metrics/index.js'
import type { MetricKind } from '../metrics/metric-kind.js'
import type { QueriedItem, QuerySpec } from '../query/query-spec.js'
import { placeOf } from './element-of.js'
import { type QueryLineage, traceLineage } from './lineage.js'

/** A query in words. */
export interface QueryExplanation {
  /** What each metric is, with the metrics it is made of after it. */
  readonly metrics: readonly ExplainedMetric[]
  readonly groupBy: readonly ExplainedItem[]
  readonly filters: readonly string[]
  readonly timeRange: string | undefined
  /** What is done, in order; `inputs` are numbers of earlier steps. */
  readonly steps: readonly ExplainedStep[]
  readonly sql: string
  readonly lineage: QueryLineage
  /** All of the above as one text, without the SQL. */
  readonly text: string
}

export interface ExplainedMetric {
  readonly name: string
  readonly description: string
  readonly filters: readonly string[]
  /** How many metrics it is an input of, one in another. */
  readonly depth: number
}

export interface ExplainedItem {
  readonly column: string
  readonly description: string
}

export interface ExplainedStep {
  readonly number: number
  readonly text: string
  readonly inputs: readonly number[]
}

export function explainQuery(
  spec: QuerySpec,
  plan: DataflowNode,
  catalog: SemanticCatalog,
  dialect: SqlDialect,
): QueryExplanation {
  const select = toSelect(plan, catalog)
  const facts = {
    metrics: spec.metrics.flatMap(({ definition }) => explainMetric(definition, catalog, 0)),
    groupBy: spec.groupBy.map((queried) => explainItem(queried, spec, catalog)),
    filters: spec.filters.map((filter) => filter.template.trim()),
    timeRange: spec.timeRange && describeRange(spec.timeRange),
    steps: explainSteps(plan),
    lineage: traceLineage(select),
  }
  return { ...facts, sql: renderSelect(select, dialect), text: writeText(facts) }
}

function explainMetric(definition: MetricDefinition, catalog: SemanticCatalog, depth: number): ExplainedMetric[] {
  const kind = metricKinds[definition.type] as unknown as MetricKind<MetricDefinition>
  return [
    { name: definition.name, description: kind.describe(definition), filters: definition.filters, depth },
    ...inputNames(definition).flatMap((name) => explainMetric(catalog.metric(name), catalog, depth + 1)),
  ]
}

function inputNames(definition: MetricDefinition): string[] {
  return [...new Set(inputsOf(definition).map((input) => input.name))]
}

function explainItem({ item, column }: QueriedItem, spec: QuerySpec, catalog: SemanticCatalog): ExplainedItem {
  const grain = item.kind === 'time' ? ` by ${item.part ?? item.grain?.name}` : ''
  const leaves = spec.metrics.flatMap(({ definition }) => catalog.leaves(definition.name))
  if (isMetricTime(item)) {
    const times = [...new Set(leaves.map((leaf) => `${leaf.model.name}.${leaf.aggTime}`))]
    const of = times.length === 0 ? 'the time spine' : times.join(', ')
    return { column, description: `the time of the metrics${grain}: ${of}` }
  }
  const models = leaves.length > 0 ? leaves.map((leaf) => leaf.model) : catalog.models.values()
  const found = placeOf(item, models, catalog)
  if (found === undefined) return { column, description: item.name }
  const { place } = found
  const joined = place.joins.map((join) => `${join.right.name} joined by ${join.entity}`).join(', then ')
  const what = `${item.kind === 'time' ? 'time dimension' : item.kind} ${item.element}${grain}`
  return { column, description: `${what} of ${joined === '' ? place.owner.name : joined}` }
}

/** The steps of a plan, inputs first; those that two steps read come once. */
function explainSteps(plan: DataflowNode): ExplainedStep[] {
  const steps: ExplainedStep[] = []
  const numbers = new Map<number, number>()
  const visit = (node: DataflowNode): number => {
    const known = numbers.get(node.id)
    if (known !== undefined) return known
    if (node.kind === 'compute' && onlyRenames(node)) return visit(node.input)
    const inputs = kindOf(node).inputs(node).map(visit)
    const number = steps.length + 1
    numbers.set(node.id, number)
    steps.push({ number, text: kindOf(node).describe(node), inputs })
    return number
  }
  visit(plan)
  return steps
}

function onlyRenames({ columns }: ComputeNode): boolean {
  return columns.every(({ formula }) => formula.kind === 'column' && formula.fill === undefined)
}

function writeText(facts: Omit<QueryExplanation, 'sql' | 'text'>): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`), '']
  const lines = [
    ...section(
      'Metrics',
      facts.metrics.map(({ name, description, filters, depth }) => {
        const where = filters.length === 0 ? '' : `, where ${filters.map((filter) => filter.trim()).join(' and ')}`
        return `${'  '.repeat(depth)}${name}: ${description}${where}`
      }),
    ),
    ...section(
      'Grouped by',
      facts.groupBy.map((item) => `${item.column}: ${item.description}`),
    ),
    ...section('Where', [...facts.filters, ...(facts.timeRange === undefined ? [] : [facts.timeRange])]),
    ...section(
      'Steps',
      facts.steps.map(({ number, text, inputs }) => `${number}. ${text}${refer(number, inputs)}`),
    ),
    ...section(
      'Reads',
      facts.lineage.tables.map((table) => {
        const models = table.semanticModels.length === 0 ? '' : ` (${table.semanticModels.join(', ')})`
        return `${table.relation}${models}: ${table.columns.join(', ') || 'its rows'}`
      }),
    ),
    ...section(
      'Made of',
      [...facts.lineage.columns].map(([name, origins]) => {
        const from = origins.map(
          (origin) =>
            `${origin.semanticModel ?? origin.relation}${origin.column === undefined ? '' : `.${origin.column}`}`,
        )
        return `${name}: ${from.join(', ')}`
      }),
    ),
  ]
  return lines.join('\n').trimEnd()
}

/** ` [of 1, 3]`, but nothing for a step that just goes on with the one before. */
function refer(number: number, inputs: readonly number[]): string {
  if (inputs.length === 0 || (inputs.length === 1 && inputs[0] === number - 1)) return ''
  return ` [of ${inputs.join(', ')}]`
}
