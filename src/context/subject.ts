import type {
  CompiledNode,
  FunctionNode,
  GraphNode,
  JsonObject,
  MacroNode,
  ManifestNode,
  NodeConfig,
  UniqueId,
} from '../manifest/index.js'

/**
 * The node a unit test runs as: the tested model's SQL with its inputs replaced by fixtures. Lives only while the test
 * runs; it never stands in a manifest file.
 */
export interface UnitTestNode extends Omit<CompiledNode, 'resource_type'> {
  resource_type: 'unit_test'
  tested_node_unique_id: UniqueId
  /** The fixture that stands in for `this`. */
  this_input_node_unique_id: UniqueId | null
  overrides: { macros: JsonObject; vars: JsonObject; env_vars: JsonObject } | null
  config: NodeConfig & { expected_rows: JsonObject[]; expected_sql: string | null }
}

/** What is rendered: a resource of the graph, a running unit test or, for macros run on their own, the macro. */
export type ScopeSubject = GraphNode | UnitTestNode | MacroNode

/** Subjects that compile to SQL. */
export type CompilableNode = Exclude<ManifestNode, { resource_type: 'seed' }> | FunctionNode | UnitTestNode

/** True for nodes whose SQL is rendered (not seeds, sources, macros ...). */
export function isCompilable(subject: ScopeSubject): subject is CompilableNode {
  return 'refs' in subject && 'raw_code' in subject
}

/** `model orders (models/orders.sql)`: how messages name it. */
export function describeSubject(subject: ScopeSubject): string {
  return `${subject.resource_type.replace('_', ' ')} ${subject.name} (${subject.original_file_path})`
}
