import type { SemanticCatalog } from '../catalog.js'
import type { ShareNode } from './nodes/share.js'
import type { DataflowNode, PlanBuilder } from './plan.js'
import type { Relation } from './relation.js'

/** What a step may ask for while it turns into SQL. */
export interface SqlContext {
  readonly catalog: SemanticCatalog
  /** The relation of another step; a new one for each call, except behind `share`. */
  relation(node: DataflowNode): Relation
  /** A use of a shared step. */
  shared(node: ShareNode): Relation
}

/** Everything the compiler must know about one kind of step. */
export interface NodeKind<N extends DataflowNode> {
  /** The steps this one reads. */
  inputs(node: N): readonly DataflowNode[]
  /** The same step over other inputs, given in the order of `inputs`. */
  withInputs(node: N, inputs: readonly DataflowNode[], builder: PlanBuilder): DataflowNode
  /** In words, without its inputs: `join listings by listing`. */
  describe(node: N): string
  toSql(node: N, context: SqlContext): Relation
}
