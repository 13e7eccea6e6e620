import type { ManifestNode, SourceDefinition, UniqueId } from '../../../manifest/index.js'
import type { Caller, ProjectView, QueryService } from '../../../query/index.js'
import { type HttpContext, one, parametersOf } from '../context.js'
import { RequestFault } from '../problem.js'
import { number } from '../read-query.js'
import { sendAnswer } from '../send-answer.js'

export type Table = ManifestNode | SourceDefinition

/** Tables of the project that the caller may see: what is known of them, and their rows. */
export function resourceRoutes(context: HttpContext): void {
  const { app, service, callerOf } = context
  app.get('/api/v1/models', (request) => {
    const { type } = parametersOf(request)
    const wanted = one(type)
    const tables = visibleTables(service, callerOf(request)).filter(
      (table) => wanted === undefined || table.resource_type === wanted,
    )
    return { models: tables.map(summaryOf) }
  })
  app.get('/api/v1/models/:id', (request) => {
    const caller = callerOf(request)
    const table = findTable(service, caller, request.params)
    return detailOf(table, service.project, service.visible(caller).masked)
  })
  app.get('/api/v1/models/:id/rows', (request, reply) => {
    const caller = callerOf(request)
    const table = findTable(service, caller, request.params)
    const { limit, format } = parametersOf(request)
    const rows = number('limit', one(limit) ?? '1000')
    if (!Number.isSafeInteger(rows) || rows < 0)
      throw new RequestFault(400, 'query-form', 'limit must be a whole number, 0 or more')
    const parts = ['SELECT * FROM ', { model: table.unique_id }, ` AS rows_of_model LIMIT ${rows}`]
    return sendAnswer(context, request, reply, { kind: 'sql', parts }, caller, {
      format: one(format),
      name: fileName(table.name),
    })
  })
}

function visibleTables({ project, visible }: QueryService, caller: Caller): Table[] {
  const { models } = visible(caller)
  return [...models].flatMap((id) => project.manifest.nodes[id] ?? project.manifest.sources[id] ?? [])
}

/** By unique_id, or by name where only one has it. */
export function findTable(service: QueryService, caller: Caller, params: unknown): Table {
  const { id } = params as { readonly id: string }
  const tables = visibleTables(service, caller)
  const found = tables.filter(({ unique_id, name }) => unique_id === id || name === id)
  const exact = found.find(({ unique_id }) => unique_id === id) ?? (found.length === 1 ? found[0] : undefined)
  if (exact !== undefined) return exact
  const several = found.map(({ unique_id }) => unique_id).join(', ')
  throw new RequestFault(
    404,
    'no-such-model',
    `There is no table '${id}' in the project.`,
    several === '' ? undefined : `one of ${several}?`,
  )
}

function summaryOf(table: Table): object {
  return {
    unique_id: table.unique_id,
    name: table.name,
    type: table.resource_type,
    package: table.package_name,
    relation: table.relation_name,
    description: table.description,
    tags: table.tags,
    group: 'group' in table ? table.group : null,
    access: 'access' in table ? table.access : null,
    materialized: 'materialized' in table.config ? table.config.materialized : null,
  }
}

function detailOf(table: Table, { manifest, lineage }: ProjectView, masked: ReadonlySet<string>): object {
  const tests = testsOf(table.unique_id, manifest)
  const isMasked = (column: string): boolean => {
    const key = `${table.unique_id}.${column.toLowerCase()}`
    return masked.has(key) || masked.has(`${table.unique_id}.*`)
  }
  const known = new Map(
    (lineage.nodes.get(table.unique_id)?.columns ?? []).map((column) => [column.name.toLowerCase(), column]),
  )
  const declared = Object.values(table.columns)
  const names = new Set([...known.values(), ...declared].map(({ name }) => name.toLowerCase()))
  return {
    ...summaryOf(table),
    path: table.original_file_path,
    columns: [...names].map((key) => {
      const column = declared.find(({ name }) => name.toLowerCase() === key)
      const name = column?.name ?? known.get(key)?.name ?? key
      return {
        name,
        type: known.get(key)?.type ?? column?.data_type ?? null,
        description: column?.description || lineage.descriptionOf({ node: table.unique_id, column: name }),
        tags: lineage.tagsOf({ node: table.unique_id, column: name }),
        masked: isMasked(name),
        tests: tests.filter((test) => test.column?.toLowerCase() === key).map((test) => test.name),
      }
    }),
    tests: tests.map(({ name, unique_id, column, kind }) => ({ unique_id, name, kind, column })),
    depends_on: 'depends_on' in table && 'nodes' in table.depends_on ? table.depends_on.nodes : [],
    meta: table.meta,
  }
}

interface TestOfTable {
  readonly unique_id: UniqueId
  readonly name: string
  readonly kind: string
  readonly column: string | null
}

function testsOf(id: UniqueId, manifest: ProjectView['manifest']): TestOfTable[] {
  return Object.values(manifest.nodes).flatMap((node): TestOfTable | [] => {
    if (node.resource_type !== 'test') return []
    const attached = 'attached_node' in node ? node.attached_node : null
    if (attached !== id && !(attached === null && node.depends_on.nodes.includes(id))) return []
    const column = 'column_name' in node ? node.column_name : null
    return { unique_id: node.unique_id, name: node.name, kind: node.test_metadata?.name ?? 'singular', column }
  })
}

function fileName(name: string): string {
  return name.replace(/[^\w.-]/g, '_')
}
