import { column, type SqlExpr } from '../../sql/plan/expr.js'
import { type SqlSource, selectFrom, subquerySource, tableSource } from '../../sql/plan/select.js'
import { bindExpression } from '../../sql/plan/text/expression.js'
import type { SemanticCatalog } from '../catalog.js'
import type { ModelNode } from '../graph/model-node.js'
import type { GroupByItem } from '../group-by-item.js'
import { selectAs } from './relation.js'

/** A semantic model in a FROM clause: its elements as expressions over its table. */
export interface ModelSource {
  readonly source: SqlSource
  /** An expression of the model's author. `name` is what to call it where it needs a name. */
  expr(text: string, name: string): SqlExpr
  /** An element of the model itself; time dimensions at the grain or part of the item. */
  element(item: GroupByItem): SqlExpr | undefined
}

/**
 * Puts a model into a FROM clause. Its table stands there itself, and its expressions get the table's alias before
 * every column; unless some expression hides what its columns are: then the table is read in a statement of its own.
 */
export function modelSource(model: ModelNode, catalog: SemanticCatalog): ModelSource {
  const table = tableSource(model.model.node_relation.relation_name, model.name, {
    kind: 'semantic-model',
    name: model.name,
  })
  const opaque = catalog.isOpaque(model)
  const inner = selectFrom(table)
  const source = opaque ? subquerySource(inner, model.name) : table

  const expr = (text: string, name: string): SqlExpr => {
    const parts = catalog.expression(text)
    if (!opaque) return bindExpression(parts, (part) => ({ ...column(table, part.column), quoted: part.quoted }))
    const written: SqlExpr = bindExpression(parts, () => undefined)
    const known = [...inner.columns].find(([, candidate]) => JSON.stringify(candidate) === JSON.stringify(written))
    return column(source, known?.[0] ?? selectAs(inner, name, written))
  }
  const elements = new Map<string, SqlExpr | undefined>()
  const element = (item: GroupByItem): SqlExpr | undefined => {
    const key = item.kind === 'time' ? `${item.element} ${item.part ?? ''} ${item.grain?.name ?? ''}` : item.element
    if (!elements.has(key)) elements.set(key, elementExpr(model, item, expr))
    return elements.get(key)
  }
  return { source, expr, element }
}

function elementExpr(
  model: ModelNode,
  item: GroupByItem,
  expr: (text: string, name: string) => SqlExpr,
): SqlExpr | undefined {
  if (item.kind === 'entity') {
    const entity = model.entities.get(item.element)
    return entity && expr(entity.expr || entity.name, entity.name)
  }
  const dimension = model.dimensions.get(item.element)
  if (dimension === undefined || item.kind === 'metric') return undefined
  const value = expr(dimension.expr || dimension.name, dimension.name)
  if (item.kind === 'dimension') return value
  if (item.part !== undefined) return { kind: 'extract', part: item.part, arg: value }
  const grain = item.grain?.base ?? 'day'
  // A validity window may be finer than its declared grain, and must not be cut.
  const exact = dimension.type_params?.validity_params != null && grain === model.timeGrains.get(dimension.name)
  return exact ? value : { kind: 'date-trunc', grain, arg: value }
}
