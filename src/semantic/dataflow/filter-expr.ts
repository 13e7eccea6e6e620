import { fail } from '../../core/diagnostic.js'
import { NULL_LITERAL, type SqlExpr } from '../../sql/plan/expr.js'
import { bindExpression } from '../../sql/plan/text/expression.js'
import type { BoundFilter } from '../query/bound-filter.js'
import { itemOf, type Relation } from './relation.js'
import { withTimeLiterals } from './time-literals.js'

/**
 * A filter as a condition over a relation.
 * @throws PlumbError `filter-column-not-found` for a bare word of a caller that is no column here.
 */
export function filterExpr(filter: BoundFilter, relation: Relation): SqlExpr {
  const guarded = isNegative(filter)
  const inCondition = (expr: SqlExpr): SqlExpr => (guarded && expr.kind === 'date-trunc' ? { ...expr, guarded } : expr)
  const times = new Set<SqlExpr>()
  const condition = bindExpression(
    filter.text,
    (part) => {
      const expr = relation.bare(part.column)
      if (expr === undefined && !filter.trusted) {
        fail(
          'semantic',
          'filter-column-not-found',
          `The filter names '${part.column}', which is not a column here:\n  ${filter.template.trim()}`,
          {
            hint: `write {{ Dimension('<entity>__${part.column}') }}, and text in single quotes`,
          },
        )
      }
      const bound = expr && inCondition(expr)
      if (bound?.kind === 'date-trunc') times.add(bound)
      return bound
    },
    (index) => {
      const item = filter.holes[index]
      if (item === undefined) return NULL_LITERAL
      const bound = inCondition(itemOf(relation, item))
      if (item.kind === 'time' && item.grain?.custom === false) times.add(bound)
      return bound
    },
  )
  if (condition.kind !== 'text' || times.size === 0) return condition
  return { ...condition, parts: withTimeLiterals(condition.parts, (expr) => times.has(expr)) }
}

/** Whether a filter asks what something is not. */
function isNegative({ text }: BoundFilter): boolean {
  return text.parts.some((part) => typeof part === 'string' && /<>|!=|\b(?:not|distinct)\b/i.test(part))
}

/** The columns a filter names without an object, such as `metric_time__day`. */
export function bareColumns(filter: BoundFilter): readonly string[] {
  return filter.text.parts.flatMap((part) => (typeof part === 'object' && 'column' in part ? [part.column] : []))
}
