import { fail } from '../../../core/diagnostic.js'
import type { TimeGranularity } from '../../../sql/granularity.js'
import { compare, isNull, type SqlExpr } from '../../../sql/plan/expr.js'
import type { JoinType, SelectStatement } from '../../../sql/plan/select.js'
import { elementCount } from '../../graph/element-count.js'
import type { ModelJoin, ModelNode } from '../../graph/model-node.js'
import {
  dimensionItem,
  type EntityItem,
  entityItem,
  type GroupByItem,
  type MetricItem,
  metricTimeItem,
  standardGrain,
  type TimeItem,
  timeItem,
} from '../../group-by-item.js'
import { type ModelSource, modelSource } from '../model-source.js'
import type { NodeKind, SqlContext } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, asSource, extend, type Relation } from '../relation.js'

/** Columns of other models, and metrics of filters, beside the rows; never more rows. */
export interface JoinEntitiesNode extends NodeBase {
  readonly kind: 'join-entities'
  readonly input: DataflowNode
  /** The model the rows are of: its partitions and times take part in the join conditions. */
  readonly left: ModelNode
  /** The finest `metric_time` of the rows, for joins to rows that were valid at that time. */
  readonly timeGrain: TimeGranularity | undefined
  readonly models: readonly ModelTarget[]
  readonly metrics: readonly MetricTarget[]
  readonly type: Extract<JoinType, 'LEFT OUTER' | 'FULL OUTER'>
}

/** Items found at the end of a chain of joins. */
export interface ModelTarget {
  readonly joins: readonly ModelJoin[]
  readonly items: readonly GroupByItem[]
}

/** A metric computed for each value of an entity. */
export interface MetricTarget {
  readonly item: MetricItem
  readonly plan: DataflowNode
  readonly column: MetricColumn
  /** The entity as the plan has it. */
  readonly key: EntityItem
}

/** No step at all where there is nothing to join. */
export function joinEntities(builder: PlanBuilder, parts: Omit<JoinEntitiesNode, 'id' | 'kind'>): DataflowNode {
  if (parts.models.length === 0 && parts.metrics.length === 0) return parts.input
  const key = [
    parts.input.id,
    parts.type,
    parts.timeGrain ?? '',
    parts.models.map((target) => `${chainKey(target.joins)}:${target.items.map((item) => item.name).join()}`).join(';'),
    parts.metrics.map((target) => `${target.item.name}:${target.plan.id}:${target.column.id}`).join(';'),
  ].join('|')
  return builder.node({ kind: 'join-entities', ...parts }, key)
}

export function chainKey(joins: readonly ModelJoin[]): string {
  return joins.map((join) => `${join.entity}>${join.right.name}`).join('>')
}

export const joinEntitiesKind: NodeKind<JoinEntitiesNode> = {
  inputs: (node) => [node.input, ...node.metrics.map((target) => target.plan)],
  withInputs: (node, [input, ...plans], builder) =>
    joinEntities(builder, {
      ...node,
      input: input!,
      metrics: node.metrics.map((target, index) => ({ ...target, plan: plans[index]! })),
    }),
  describe: (node) =>
    [
      ...node.models.map((target) => {
        const chain = target.joins.map((join) => `${join.right.name} by ${join.entity}`).join(', then ')
        return `join ${chain} for ${target.items.map((item) => item.name).join(', ')}`
      }),
      ...node.metrics.map((target) => `join metric ${target.item.element} by ${target.key.name}`),
    ].join('; '),
  toSql: (node, context) => {
    const input = asRows(context.relation(node.input), node.left.name)
    const items = new Map<string, SqlExpr>()
    const chains = new Map<string, JoinedModel>()
    for (const target of node.models) {
      const chain = chainOf(node, target)
      const joined = joinChain(node, target.joins, chain, input, chains, context)
      const behind = chain === target ? undefined : foundBehind(node, chain, input, chains, context)
      const depth = target.joins.length
      for (const item of target.items) {
        const expr = joined.model.element({ ...item, path: item.path.slice(depth) })
        if (expr === undefined) continue
        const whole: SqlExpr =
          behind === undefined ? expr : { kind: 'case', when: behind, result: expr, otherwise: undefined }
        items.set(item.name, whole)
      }
    }
    for (const target of node.metrics) items.set(target.item.name, joinMetric(node, target, input, context))
    return extend(input, { items })
  },
}

interface JoinedModel {
  readonly model: ModelSource
  readonly node: ModelNode
}

/**
 * The chain that a target is joined with: of the longer ones that begin with it the one that gives most, of several such
 * the one to the smallest model; or its own.
 */
function chainOf(node: JoinEntitiesNode, target: ModelTarget): ModelTarget {
  const whole = chainKey(target.joins)
  const size = ({ joins }: ModelTarget): number => elementCount(joins.at(-1)!.right)
  const longer = node.models.filter((other) => chainKey(other.joins).startsWith(`${whole}>`))
  return longer.sort((a, b) => b.items.length - a.items.length || size(a) - size(b))[0] ?? target
}

/**
 * Joins the models of `joins`, the beginning of `chain`. Each chain is joined by itself, though two may begin alike: what
 * lies between need not be unique in the data. The beginning of a longer chain is joined with it.
 */
function joinChain(
  node: JoinEntitiesNode,
  joins: readonly ModelJoin[],
  chain: ModelTarget,
  input: Relation,
  chains: Map<string, JoinedModel>,
  context: SqlContext,
): JoinedModel {
  let left: JoinSide = { node: node.left, element: (item) => input.item(item) }
  let joined: JoinedModel | undefined
  for (const [index, join] of joins.entries()) {
    const key = `${index} ${chainKey(chain.joins)}`
    joined = chains.get(key)
    if (joined === undefined) {
      joined = { model: modelSource(join.right, context.catalog), node: join.right }
      const on = [
        ...entityCondition(left, join, joined),
        ...partitionConditions(left, joined, index === 0 ? undefined : rowsOf(node, input)),
        ...validityConditions(node, input, joined),
      ]
      input.select.joins.push({ type: node.type, source: joined.model.source, on })
      chains.set(key, joined)
    }
    const { model } = joined
    left = { node: join.right, element: (item) => model.element(item) }
  }
  return joined!
}

function rowsOf(node: JoinEntitiesNode, input: Relation): JoinSide {
  return { node: node.left, element: (item) => input.item(item) }
}

/**
 * MetricFlow joins a chain as one table. Where its last model must agree with the rows (on partitions, or on being
 * valid at their time) and has no row that does, nothing of the chain is there: a condition for what comes of its
 * beginning. Undefined where the last model need not agree.
 */
function foundBehind(
  node: JoinEntitiesNode,
  chain: ModelTarget,
  input: Relation,
  chains: Map<string, JoinedModel>,
  context: SqlContext,
): SqlExpr | undefined {
  if (node.type !== 'LEFT OUTER') return undefined
  const last = chain.joins.at(-1)!
  const between = joinChain(node, chain.joins.slice(0, -1), chain, input, chains, context)
  const joined = joinChain(node, chain.joins, chain, input, chains, context)
  const middle: JoinSide = { node: between.node, element: (item) => between.model.element(item) }
  const alone = partitionConditions(middle, joined, undefined).length
  const withRows = partitionConditions(middle, joined, rowsOf(node, input)).length
  if (withRows === alone && last.right.validity === undefined) return undefined
  return { kind: 'null-test', arg: joined.model.element(entityItem(last.entity, []))!, negated: true }
}

interface JoinSide {
  readonly node: ModelNode
  element(item: GroupByItem): SqlExpr | undefined
}

function entityCondition(left: JoinSide, join: ModelJoin, right: JoinedModel): SqlExpr[] {
  const item = entityItem(join.entity, [])
  return [compare('=', left.element(item)!, right.model.element(item)!)]
}

/**
 * Partitions that both sides have must agree. A model behind another is also held against the partitions of the
 * rows that the one between does not have.
 */
function partitionConditions(left: JoinSide, right: JoinedModel, rows: JoinSide | undefined): SqlExpr[] {
  return right.node.partitions.flatMap((partition) => {
    const side = [left, ...(rows === undefined ? [] : [rows])].find((candidate) =>
      candidate.node.partitions.some((own) => own.name === partition.name && own.type === partition.type),
    )
    const leftValue = side?.element(partitionItem(side.node, partition.name))
    const rightValue = right.model.element(partitionItem(right.node, partition.name))
    return leftValue === undefined || rightValue === undefined ? [] : [compare('=', leftValue, rightValue)]
  })
}

function partitionItem(model: ModelNode, name: string): GroupByItem {
  const grain = model.timeGrains.get(name)
  return grain === undefined ? dimensionItem(name, []) : timeItem(name, [], standardGrain(grain))
}

/** Rows of a slowly changing dimension count only while they are valid: from start until before end, if there is one. */
function validityConditions(node: JoinEntitiesNode, input: Relation, right: JoinedModel): SqlExpr[] {
  const window = right.node.validity
  if (window === undefined) return []
  const time = node.timeGrain && input.item(metricTimeItem(standardGrain(node.timeGrain)))
  if (time === undefined) {
    fail(
      'semantic',
      'validity-needs-time',
      `'${right.node.name}' holds values that change over time, so it can only be joined to metrics, which have a time.`,
    )
  }
  const start = right.model.element(validityItem(right.node, window.start))!
  const end = right.model.element(validityItem(right.node, window.end))!
  return [compare('>=', time, start), { kind: 'logical', op: 'OR', args: [compare('<', time, end), isNull(end)] }]
}

function validityItem(model: ModelNode, name: string): TimeItem {
  return timeItem(name, [], standardGrain(model.timeGrains.get(name) ?? 'day'))
}

function joinMetric(node: JoinEntitiesNode, target: MetricTarget, input: Relation, context: SqlContext): SqlExpr {
  const right = asSource(context.relation(target.plan), `${target.item.element}_by_${target.key.element}`)
  const left = input.item(entityItem(target.key.element, []))!
  input.select.joins.push({ type: node.type, source: right.source, on: [compare('=', left, right.item(target.key)!)] })
  return right.metric(target.column)!
}

/** Appends joins of one statement to another, as when an inner join takes over all of it. */
export function absorb(into: SelectStatement, from: SelectStatement): void {
  into.joins.push(...from.joins)
  into.where.push(...from.where)
}
