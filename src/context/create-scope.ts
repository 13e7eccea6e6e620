import type { Value } from '../jinja/index.js'
import type { MacroNode, SourceDefinition } from '../manifest/index.js'
import type { Capture } from './capture.js'
import type { ConnectionHolder } from './connection-holder.js'
import {
  GENERATE_NAME,
  OPERATION,
  PARSE_NODE,
  PARSE_UNIT_TEST,
  RUN_FUNCTION,
  RUN_NODE,
  RUN_SOURCE,
  RUN_UNIT_TEST,
} from './kinds.js'
import { type CallNote, NodeScope, type ScopeKind } from './node-scope.js'
import type { TemplateSession } from './session.js'
import type { ScopeSubject, UnitTestNode } from './subject.js'
import { unitTestOverrides } from './unit-test-overrides.js'

export interface RunScopeOptions {
  /** The node's connection; without one, templates that ask the warehouse fail. */
  readonly connection?: ConnectionHolder | undefined
  /** Name of the worker (`Thread-1`). */
  readonly threadName?: string | undefined
  /** What every event of this scope carries (`node_info`). */
  readonly eventData?: Readonly<Record<string, unknown>> | undefined
  /** Told of macros that are called. */
  readonly callNote?: CallNote | undefined
  /** Names that stand before everything else: `results` of on-run-end hooks, arguments of tests. */
  readonly extra?: ReadonlyMap<string, Value> | undefined
  /** Subjects of macros: the package whose macros come first; the root project's otherwise. */
  readonly localPackage?: string | undefined
}

/**
 * The names a node's SQL sees while it is parsed (`execute` is False); what the SQL does is noted in `capture`. Unknown
 * names are let through, since macros may not be there yet when a template is read for its references only.
 * @param extra names that stand before everything else; may be filled in after the scope was made.
 */
export function createParseScope(
  session: TemplateSession,
  node: ScopeSubject,
  capture: Capture,
  extra?: ReadonlyMap<string, Value>,
): NodeScope {
  return new NodeScope(PARSE_NODE, {
    session,
    subject: node,
    thread: session.newThread('chain'),
    localPackage: node.package_name,
    capture,
    extra,
  })
}

/** The names a macro sees that makes a name while parsing: `generate_schema_name` and its like. */
export function createGenerateNameScope(session: TemplateSession, macro: MacroNode, capture?: Capture): NodeScope {
  return new NodeScope(GENERATE_NAME, {
    session,
    subject: macro,
    thread: session.newThread('strict'),
    localPackage: session.rootPackage,
    capture,
  })
}

/** The names a node sees at run: when it is compiled, and in its materialization and hooks. */
export function createRunScope(session: TemplateSession, node: ScopeSubject, options: RunScopeOptions = {}): NodeScope {
  const kinds: Partial<Record<ScopeSubject['resource_type'], ScopeKind>> = {
    function: RUN_FUNCTION,
    source: RUN_SOURCE,
    macro: OPERATION,
  }
  return make(kinds[node.resource_type] ?? RUN_NODE, session, node, node.package_name, options)
}

/** The names a macro sees that is run by itself (`run-operation`, catalog, freshness). */
export function createMacroScope(session: TemplateSession, macro: MacroNode, options: RunScopeOptions = {}): NodeScope {
  return make(OPERATION, session, macro, session.rootPackage, options)
}

/** The names the SQL of a source's freshness sees. */
export function createSourceScope(
  session: TemplateSession,
  source: SourceDefinition,
  options: RunScopeOptions = {},
): NodeScope {
  return make(RUN_SOURCE, session, source, source.package_name, options)
}

/** The names the tested model of a unit test sees while the test finds out what it references. */
export function createUnitTestParseScope(session: TemplateSession, test: UnitTestNode, capture: Capture): NodeScope {
  return new NodeScope(PARSE_UNIT_TEST, {
    session,
    subject: test,
    thread: session.newThread('chain'),
    localPackage: test.package_name,
    capture,
  })
}

/**
 * The names the tested model of a unit test sees: fixtures in place of its inputs, and what the test overrides.
 * @param session one whose manifest holds the test's fixtures.
 */
export function createUnitTestScope(
  session: TemplateSession,
  test: UnitTestNode,
  options: RunScopeOptions = {},
): NodeScope {
  const namespace = session.macros.namespaceOf(test.package_name)
  const { macroResults, values } = unitTestOverrides(session.macros, namespace, test.overrides?.macros ?? {})
  return new NodeScope(RUN_UNIT_TEST, {
    session,
    subject: test,
    thread: session.newThread('strict'),
    ...options,
    localPackage: test.package_name,
    extra: values.size === 0 ? options.extra : new Map([...(options.extra ?? []), ...values]),
    macroResults,
  })
}

/** Runs a macro in a scope and gives what it returns: a materialization, a hook's macro, an operation. */
export async function callMacro(
  scope: NodeScope,
  macro: MacroNode,
  kwargs: Readonly<Record<string, Value>> = {},
): Promise<Value> {
  return scope.bind(macro)([], kwargs)
}

function make(
  kind: ScopeKind,
  session: TemplateSession,
  subject: ScopeSubject,
  localPackage: string,
  options: RunScopeOptions,
): NodeScope {
  const { connection, threadName, eventData, callNote, extra } = options
  return new NodeScope(kind, {
    session,
    subject,
    thread: session.newThread('strict'),
    connection,
    threadName,
    eventData,
    callNote,
    extra,
    localPackage: options.localPackage ?? localPackage,
  })
}
