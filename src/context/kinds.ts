import { RETURN_FUNCTION, type Value } from '../jinja/index.js'
import { baseFunctions } from '../project/render/base-functions.js'
import { adapter } from './adapter/adapter-object.js'
import { parseConfig, runConfig } from './functions/config.js'
import { envVar, unitTestEnvVar } from './functions/env-var.js'
import { exceptions } from './functions/exceptions.js'
import { parseFunction, runFunction } from './functions/function.js'
import { graph } from './functions/graph.js'
import {
  dbtVersion,
  flags,
  invocationArgs,
  metadataEnvs,
  modules,
  runStartedAt,
  target,
} from './functions/invocation.js'
import { loadAgateTable } from './functions/load-agate-table.js'
import { log, print } from './functions/log.js'
import { parseMetric, runMetric } from './functions/metric.js'
import { compiledCode, deferRelation, hooks, model, sql } from './functions/model.js'
import { operationRef, parseRef, runRef } from './functions/ref.js'
import { macroStack, render, tryOrCompilerError } from './functions/render.js'
import { loadResult, storeRawResult, storeResult } from './functions/results.js'
import { adapterMacro, submitPythonJob } from './functions/retired.js'
import { parseSource, runSource, unitTestSource } from './functions/source.js'
import { validation } from './functions/validation.js'
import { parseVar, runVar, unitTestVar } from './functions/var.js'
import { write } from './functions/write.js'
import type { Member, MemberTable, ScopeKind } from './node-scope.js'
import { ContextObject } from './objects/context.js'
import { ephemeralName } from './objects/relation-state.js'
import { ownRelation } from './own-relation.js'

/** Conversions, sets and the like: the same in configuration files. */
const BASE_FUNCTIONS: MemberTable = Object.fromEntries(
  Object.entries(baseFunctions(() => {})).map(([name, run]) => [name, () => run]),
)

/** Names every context has. */
const BASE: MemberTable = {
  context: (scope) => new ContextObject(scope, 'everything'),
  builtins: (scope) => new ContextObject(scope, 'builtins'),
  dbt_version: dbtVersion,
  var: runVar,
  env_var: envVar,
  return: () => RETURN_FUNCTION,
  ...BASE_FUNCTIONS,
  log,
  print,
  run_started_at: runStartedAt,
  invocation_id: ({ session }) => session.invocation.id,
  thread_id: ({ parts }) => parts.threadName ?? 'MainThread',
  modules,
  flags,
  target,
  project_name: ({ session }) => session.rootPackage,
  context_macro_stack: macroStack,
}

/** What is added where there is a project with its manifest and a warehouse, at parse or at run. */
const PROVIDER: MemberTable = {
  ...BASE,
  dbt_metadata_envs: metadataEnvs,
  invocation_args_dict: invocationArgs,
  _sql_results: ({ results }) => Object.fromEntries(results) as Value,
  load_result: loadResult,
  store_result: storeResult,
  store_raw_result: storeRawResult,
  validation,
  write,
  render,
  try_or_compiler_error: tryOrCompilerError,
  load_agate_table: loadAgateTable,
  execute: ({ execute }) => execute,
  exceptions,
  database: ({ session }) => session.credentials.database,
  schema: ({ session }) => session.credentials.schema,
  adapter,
  api: ({ session }) => session.shared('api', () => ({ Relation: session.relations, Column: session.columns })),
  column: ({ session }) => session.columns,
  env: target,
  graph,
  model,
  pre_hooks: () => null,
  post_hooks: () => null,
  sql: () => null,
  sql_now: () => 'now()',
  adapter_macro: () => adapterMacro,
  selected_resources: ({ session }) => session.shared('selected_resources', () => [...session.selectedResources]),
  submit_python_job: submitPythonJob,
}

const PARSE_CALLS: MemberTable = {
  ref: parseRef,
  source: parseSource,
  metric: parseMetric,
  function: parseFunction,
  config: parseConfig,
  var: parseVar,
}

const RUN_CALLS: MemberTable = {
  ref: runRef,
  source: runSource,
  metric: runMetric,
  function: runFunction,
  config: runConfig,
  var: runVar,
}

/** What is added for nodes. */
const MODEL: MemberTable = {
  pre_hooks: hooks('pre-hook'),
  post_hooks: hooks('post-hook'),
  compiled_code: compiledCode,
  sql,
  database: ({ subject, session }) => ('database' in subject ? subject.database : session.credentials.database),
  schema: ({ subject, session }) => ('schema' in subject ? subject.schema : session.credentials.schema),
  this: (scope) => (scope.subject.resource_type === 'operation' ? null : ownRelation(scope)),
  defer_relation: deferRelation,
}

/** In a unit test `this` is the name of the fixture that stands in for it. */
const unitTestThis: Member = (scope) => {
  const { subject, session } = scope
  if (!('this_input_node_unique_id' in subject) || subject.this_input_node_unique_id === null) return null
  const input = session.manifest.nodes[subject.this_input_node_unique_id]
  if (input === undefined) return null
  scope.requireCte(input.unique_id)
  return ephemeralName(input.alias)
}

function kind(execute: boolean, members: MemberTable, ignoresEmpty = false): ScopeKind {
  return {
    execute,
    ignoresEmpty,
    members: new Map(Object.entries(members)),
    forMacros: () => OPERATION,
    forQueryComments: () => QUERY_COMMENT,
  }
}

/** A node's SQL while it is parsed. */
export const PARSE_NODE = kind(false, { ...PROVIDER, ...PARSE_CALLS, ...MODEL })
/** Macros that make names (`generate_schema_name`) while nodes are parsed. */
export const GENERATE_NAME = kind(false, { ...PROVIDER, ...PARSE_CALLS, config: runConfig, var: runVar })
/** A node at run. */
export const RUN_NODE = kind(true, { ...PROVIDER, ...RUN_CALLS, ...MODEL })
/** A macro that is run by itself: run-operation, and what adapters ask macros for. */
export const OPERATION = kind(true, { ...PROVIDER, ...RUN_CALLS, ref: operationRef })
/** A user-defined function at run. */
export const RUN_FUNCTION = kind(true, { ...PROVIDER, ...RUN_CALLS, ...MODEL, ref: operationRef })
/** A source, while its freshness is checked by SQL of its own. */
export const RUN_SOURCE = kind(true, {
  ...PROVIDER,
  ...RUN_CALLS,
  this: (scope) => ownRelation(scope),
  source_node: model,
})
/** The tested model of a unit test while the test is prepared. */
export const PARSE_UNIT_TEST = kind(false, {
  ...PROVIDER,
  ...PARSE_CALLS,
  ...MODEL,
  this: unitTestThis,
  env_var: unitTestEnvVar,
})
/** The tested model of a unit test, with fixtures in place of its inputs. */
export const RUN_UNIT_TEST = kind(
  true,
  {
    ...PROVIDER,
    ...RUN_CALLS,
    ...MODEL,
    source: unitTestSource,
    var: unitTestVar,
    env_var: unitTestEnvVar,
    this: unitTestThis,
  },
  true,
)
/** The macro of a query comment. */
export const QUERY_COMMENT = kind(true, BASE)
