import type { RelationType } from '../../adapters/relation.js'
import { fail } from '../../core/diagnostic.js'
import { isUndefined, toStr, type Value } from '../../jinja/index.js'

/** `api.Relation.View` and its like. */
export const RELATION_TYPES: Readonly<Record<string, RelationType>> = {
  Table: 'table',
  View: 'view',
  CTE: 'cte',
  MaterializedView: 'materialized_view',
  External: 'external',
  PointerTable: 'pointer_table',
  Function: 'function',
}

const KNOWN: ReadonlySet<string> = new Set<RelationType>([
  'table',
  'view',
  'cte',
  'materialized_view',
  'ephemeral',
  'external',
  'pointer_table',
  'function',
  'dynamic_table',
])

/**
 * A relation type as templates give it: a name, or None.
 * @throws PlumbError for a name that is no type.
 */
export function relationTypeOf(value: Value): RelationType | null {
  if (value == null || isUndefined(value)) return null
  const text = toStr(value)
  if (!KNOWN.has(text)) fail('compilation', 'relation-type', `'${text}' is not a valid RelationType`)
  return text as RelationType
}
