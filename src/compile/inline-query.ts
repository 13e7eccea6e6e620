import {
  Capture,
  createParseScope,
  notFound,
  placeInFile,
  type RunScopeOptions,
  type TemplateSession,
} from '../context/index.js'
import { sha256 } from '../core/checksum.js'
import { PlumbError } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'
import { compileTemplate } from '../jinja/index.js'
import type { GraphNode, SqlOperationNode, UniqueId } from '../manifest/index.js'
import { compileNode } from './compile-node.js'

/** Name of the query's node, as dbt's artifacts and messages have it. */
const NAME = 'inline_query'
const FILE = 'from remote system'

/**
 * A query of the command line (`--inline`) as a node of the root project: read once for what it references. It stands
 * in no manifest.
 * @throws PlumbError for Jinja faults, and references to what is not there.
 */
export async function parseInlineQuery(session: TemplateSession, sql: string): Promise<SqlOperationNode> {
  const node = inlineNode(session, sql)
  const capture = new Capture()
  const scope = createParseScope(session, node, capture)
  try {
    await compileTemplate(node.raw_code, { file: FILE }).render(scope.thread, scope)
  } catch (error) {
    throw error instanceof PlumbError ? placeInFile(error, node, session.project) : error
  }
  node.refs = capture.refs
  node.sources = capture.sources
  node.metrics = capture.metrics
  node.functions = capture.functions
  for (const call of capture.configCalls) Object.assign(node.config, call)
  node.depends_on = { macros: [...capture.macros], nodes: [...referenced(session, node)] }
  return node
}

/** Compiles a query of the command line; nothing is written. */
export async function compileInline(
  session: TemplateSession,
  sql: string,
  options: RunScopeOptions = {},
): Promise<{ readonly sql: string; readonly node: SqlOperationNode }> {
  const node = await parseInlineQuery(session, sql)
  const compiled = await compileNode(session, node, { ...options, write: false })
  return { sql: compiled.sql, node }
}

function referenced(session: TemplateSession, node: SqlOperationNode): Set<UniqueId> {
  const ids = new Set<UniqueId>()
  const { lookup } = session
  const from = node.package_name
  const take = (
    found: { node: GraphNode } | { disabled: GraphNode } | undefined,
    missing: (disabled: boolean) => PlumbError,
  ) => {
    if (found === undefined || 'disabled' in found) throw missing(found !== undefined)
    ids.add(found.node.unique_id)
  }
  for (const { name, package: packageName, version } of node.refs) {
    take(lookup.ref(name, packageName, version, from), (disabled) =>
      notFound(node, 'node', name, { packageName, version, disabled, hint: didYouMean(name, lookup.refableNames()) }),
    )
  }
  for (const [source, table] of node.sources) {
    const name = `${source}.${table}`
    take(lookup.source(source, table, from), (disabled) =>
      notFound(node, 'source', name, { disabled, hint: didYouMean(name, lookup.sourceNames()) }),
    )
  }
  for (const call of node.metrics) {
    const name = call.at(-1)!
    take(lookup.metric(name, call.length > 1 ? call[0]! : null, from), () =>
      notFound(node, 'metric', name, { disabled: null, hint: didYouMean(name, lookup.metricNames()) }),
    )
  }
  for (const call of node.functions) {
    const name = call.at(-1)!
    take(lookup.function(name, call.length > 1 ? call[0]! : null, from), (disabled) =>
      notFound(node, 'function', name, { disabled, hint: didYouMean(name, lookup.functionNames()) }),
    )
  }
  return ids
}

function inlineNode(session: TemplateSession, sql: string): SqlOperationNode {
  const rawCode = sql.trim()
  const packageName = session.rootPackage
  return {
    name: NAME,
    resource_type: 'sql_operation',
    package_name: packageName,
    path: `sql/${NAME}`,
    original_file_path: FILE,
    unique_id: `sql_operation.${packageName}.${NAME}`,
    fqn: [packageName, 'sql', NAME],
    database: session.credentials.database,
    schema: session.credentials.schema,
    alias: NAME,
    checksum: { name: 'sha256', checksum: sha256(rawCode) },
    config: { enabled: true, tags: [], meta: {}, materialized: 'view' },
    tags: [],
    description: '',
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: {},
    created_at: session.invocation.startedAt.getTime() / 1000,
    relation_name: null,
    raw_code: rawCode,
    doc_blocks: [],
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
    compiled_path: null,
    contract: { enforced: false, alias_types: true, checksum: null },
  }
}
