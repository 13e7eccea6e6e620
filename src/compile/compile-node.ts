import {
  type CompilableNode,
  createRunScope,
  createUnitTestScope,
  describeSubject,
  ephemeralName,
  genericTestArguments,
  type NodeScope,
  noteUndefined,
  placeInFile,
  type RunScopeOptions,
  TEST_ARGUMENTS,
  type TemplateSession,
} from '../context/index.js'
import { internalError, PlumbError } from '../core/diagnostic.js'
import { compileTemplate, type Value } from '../jinja/index.js'
import type { GenericTestNode, InjectedCte, ManifestNode, UniqueId } from '../manifest/index.js'
import { compileForeignKeys } from './foreign-keys.js'
import { addCte, cteText, type Injection, injectCtes } from './inject-ctes.js'
import { noteMacrosOf } from './note-macros.js'
import { storesFailures } from './stored-failures.js'
import { writeCompiled } from './write-compiled.js'

export interface CompileOptions extends RunScopeOptions {
  /** Keep the SQL under `target/compiled/`. Default true. */
  readonly write?: boolean
  /** Start of the batch in file names, for microbatch models. */
  readonly splitSuffix?: string | undefined
}

export interface CompiledSql {
  /** What is run: the query with the CTEs it needs. */
  readonly sql: string
  /** The query as its template gave it. */
  readonly rendered: string
  /** Where the CTEs went. */
  readonly injection: Injection
}

/**
 * Renders a node's SQL with everything known, puts the ephemeral models it references before it as CTEs, and fills in
 * `compiled`, `compiled_code`, `extra_ctes` and `compiled_path`. Ephemeral models are compiled once for all nodes.
 * @throws PlumbError naming node and place.
 */
export async function compileNode(
  session: TemplateSession,
  node: CompilableNode,
  options: CompileOptions = {},
): Promise<CompiledSql> {
  const { write = true, splitSuffix, ...scopeOptions } = options
  if (node.resource_type === 'model' && node.config.materialized === 'ephemeral') {
    return compileEphemeral(session, node, options)
  }
  const compiled = await compileQuery(session, node, scopeOptions)
  if (write) await writeCompiled(session, node, splitSuffix, scopeOptions)
  return compiled
}

/** The same for an ephemeral model: the first who needs it compiles it, everybody waits for that. */
function compileEphemeral(
  session: TemplateSession,
  node: CompilableNode,
  options: CompileOptions,
): Promise<CompiledSql> {
  return session.once(`ephemeral ${node.unique_id}`, async () => {
    const { write = true, splitSuffix: _split, ...scopeOptions } = options
    const compiled = await compileQuery(session, node, scopeOptions)
    if (write) await writeCompiled(session, node)
    return compiled
  })
}

async function compileQuery(
  session: TemplateSession,
  node: CompilableNode,
  options: RunScopeOptions,
): Promise<CompiledSql> {
  const { rendered, needed } = await renderNode(session, node, options)
  node.compiled = true
  node.compiled_code = rendered
  if (node.resource_type === 'test' && node.relation_name === null && storesFailures(node, session.flags)) {
    node.relation_name = String(session.relations.ofNode(node))
  }
  if (node.resource_type === 'model') compileForeignKeys(session, node)
  const ctes = await collectCtes(session, needed, options)
  const inject = session.flags.args['inject_ephemeral_ctes'] !== false
  const injection = injectCtes(rendered, inject ? ctes : [])
  node.extra_ctes = ctes
  node.extra_ctes_injected = true
  node.compiled_code = injection.sql
  return { sql: injection.sql, rendered, injection }
}

async function renderNode(
  session: TemplateSession,
  node: CompilableNode,
  options: RunScopeOptions,
): Promise<{ rendered: string; needed: readonly UniqueId[] }> {
  const extra = new Map<string, Value>(options.extra)
  const { connection, threadName, eventData, localPackage } = options
  const callNote = noteMacrosOf(node, 0)
  const scope = scopeFor(session, node, { connection, threadName, eventData, localPackage, extra, callNote })
  try {
    if (isGenericTest(node)) extra.set(TEST_ARGUMENTS, await genericTestArguments(scope, node))
    // Generic tests differ in their arguments, not in their text.
    const template = isGenericTest(node)
      ? session.template(node.raw_code, node.original_file_path)
      : compileTemplate(node.raw_code, { file: node.original_file_path })
    const rendered = await template.render(scope.thread, scope)
    return { rendered, needed: [...scope.ctes] }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    const about = { nodeId: node.unique_id, subject: describeSubject(node) }
    throw noteUndefined(placeInFile(error, node, session.project)).with(about)
  }
}

function scopeFor(session: TemplateSession, node: CompilableNode, options: RunScopeOptions): NodeScope {
  return node.resource_type === 'unit_test'
    ? createUnitTestScope(session, node, options)
    : createRunScope(session, node, options)
}

/** The CTEs of these ephemeral models, each preceded by those it needs itself, none twice. */
async function collectCtes(
  session: TemplateSession,
  needed: readonly UniqueId[],
  options: RunScopeOptions,
): Promise<InjectedCte[]> {
  const ctes: InjectedCte[] = []
  for (const id of needed) {
    const model = session.manifest.nodes[id]
    if (model === undefined || model.resource_type === 'seed' || model.config.materialized !== 'ephemeral') {
      throw internalError(`${id} was to become a CTE but is not an ephemeral model`)
    }
    const { rendered } = await compileEphemeral(session, model, { ...options, extra: undefined })
    for (const cte of model.extra_ctes ?? []) addCte(ctes, { ...cte })
    addCte(ctes, { id, sql: cteText(ephemeralName(cteName(session, model)), rendered) })
  }
  return ctes
}

/** An ephemeral model's alias; for the fixture of a source both of its names, which are the end of its id. */
function cteName(session: TemplateSession, model: ManifestNode): string {
  return session.manifest.sources[model.unique_id] === undefined ? model.alias : model.unique_id.split('.').at(-1)!
}

function isGenericTest(node: CompilableNode): node is GenericTestNode {
  return node.resource_type === 'test' && node.test_metadata !== undefined
}
