import type { CommonTable, SelectStatement } from '../../sql/plan/select.js'
import { selectFrom } from '../../sql/plan/select.js'
import type { SemanticCatalog } from '../catalog.js'
import type { SqlContext } from './node-kind.js'
import { kindOf } from './node-kinds.js'
import type { ShareNode } from './nodes/share.js'
import type { DataflowNode } from './plan.js'
import { asRows, exporter, type Relation } from './relation.js'

/** Turns a plan into one statement. */
export function toSelect(plan: DataflowNode, catalog: SemanticCatalog): SelectStatement {
  const tables = new Map<number, { readonly table: CommonTable; readonly relation: Relation }>()
  const context: SqlContext = {
    catalog,
    relation: (node) => kindOf(node).toSql(node, context),
    shared: (node) => useShared(node, context, tables),
  }
  return context.relation(plan).select
}

/** A use of a shared step: the first makes its common table, all select from it what they need. */
function useShared(
  node: ShareNode,
  context: SqlContext,
  tables: Map<number, { readonly table: CommonTable; readonly relation: Relation }>,
): Relation {
  let shared = tables.get(node.id)
  if (shared === undefined) {
    const relation = asStatement(context.relation(node.input))
    shared = { relation, table: { label: node.label, select: relation.select } }
    tables.set(node.id, shared)
  }
  const source = { kind: 'cte', cte: shared.table, label: node.label } as const
  const columns = exporter(shared.relation, source)
  return {
    select: selectFrom(source),
    grouped: false,
    ...columns,
    bare: () => undefined,
    passed: shared.relation.passed,
  }
}

function asStatement(relation: Relation): Relation {
  return relation.grouped ? relation : asRows(relation, 'rows')
}
