import type { SqlExpr } from '../../sql/plan/expr.js'
import type { JoinType } from '../../sql/plan/select.js'
import { asSource, type Relation } from './relation.js'

/**
 * Joins `right` into the statement of `left`. Ungrouped rows that are inner-joined need no statement of their own:
 * their table, joins and conditions move over. Returns the right side as seen from the joined statement.
 */
export function joinInto(
  left: Relation,
  right: Relation,
  type: JoinType,
  label: string,
  on: (right: Relation) => SqlExpr[],
): Relation {
  if (type === 'INNER' && !right.grouped && right.select.limit === undefined) {
    left.select.joins.push({ type, source: right.select.from, on: on(right) }, ...right.select.joins)
    left.select.where.push(...right.select.where)
    return right
  }
  const source = asSource(right, label)
  const outside: Relation = {
    ...right,
    item: source.item,
    metric: source.metric,
    measure: source.measure,
    bare: () => undefined,
  }
  left.select.joins.push({ type, source: source.source, on: on(outside) })
  return outside
}
