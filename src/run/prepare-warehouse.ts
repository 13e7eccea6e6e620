import { storesFailures } from '../compile/index.js'
import {
  type ConnectionHolder,
  callMacro,
  checkQueryComment,
  createMacroScope,
  fillRelationCache,
  type SchemaName,
  schemaCreation,
  type TemplateSession,
} from '../context/index.js'
import { fail } from '../core/diagnostic.js'
import type { FunctionNode, MacroNode, ManifestNode, UniqueId } from '../manifest/index.js'
import type { RunPlan } from '../plan/run-plan.js'

/** What has to be there before the first step. */
export interface Preparation {
  /** Create the schemas of the steps that are missing. */
  readonly schemas: boolean
  /** Also read the schemas of the other state's relations (`clone`). */
  readonly deferredSchemas: boolean
}

/** A connection under a name of its own: dbt calls those that look around and make schemas `list_<schema>`, `create_<schema>`. */
export type NamedConnection = (name: string) => ConnectionHolder

/**
 * Creates the schemas that are missing and reads what is in all of the project's schemas into the relation cache, in
 * as few questions as the warehouse allows.
 */
export async function prepareWarehouse(
  session: TemplateSession,
  plan: RunPlan,
  connection: ConnectionHolder,
  preparation: Preparation,
  named: NamedConnection,
): Promise<void> {
  await checkQueryComment(createMacroScope(session, createSchemaMacro(session), { connection }))
  const required = requiredSchemas(session, plan)
  if (preparation.schemas && required.length > 0) await createMissingSchemas(session, required, named)
  if (!session.flags.populateCache) return
  const cached = session.flags.cacheSelectedOnly ? required : projectSchemas(session)
  const deferred = preparation.deferredSchemas
    ? [...plan.deferred.values()].map(({ database, schema }) => ({ database, schema }))
    : []
  const wanted = [...cached, ...deferred]
  if (wanted.length === 0) return
  await using(named(`list_${nameOf(wanted[0]!)}`), async (holder) =>
    fillRelationCache(session, await holder.open(), wanted),
  )
}

/** Gives the connection back when the work is done, however it ends. */
async function using(holder: ConnectionHolder, work: (holder: ConnectionHolder) => Promise<void>): Promise<void> {
  try {
    await work(holder)
  } finally {
    await holder.release()
  }
}

function nameOf({ database, schema }: SchemaName): string {
  return database === null ? schema : `${database}_${schema}`
}

/** Schemas of the relations that the plan's steps make. */
export function requiredSchemas(session: TemplateSession, plan: RunPlan): SchemaName[] {
  const { manifest } = session
  const nodes = plan.steps.map(({ id }) => manifest.nodes[id] ?? manifest.functions[id])
  return distinctSchemas(nodes.filter((node) => node !== undefined && hasRelation(session, node)) as ManifestNode[])
}

function projectSchemas(session: TemplateSession): SchemaName[] {
  return distinctSchemas(Object.values(session.manifest.nodes).filter((node) => hasRelation(session, node)))
}

/** Does a node leave a relation in the warehouse. */
export function hasRelation(session: TemplateSession, node: ManifestNode | FunctionNode): boolean {
  switch (node.resource_type) {
    case 'model':
      return node.config.materialized !== 'ephemeral'
    case 'seed':
    case 'snapshot':
    case 'function':
      return true
    case 'test':
      return storesFailures(node, session.flags)
    default:
      return false
  }
}

function distinctSchemas(nodes: readonly (ManifestNode | FunctionNode)[]): SchemaName[] {
  const found = new Map<string, SchemaName>()
  for (const { database, schema } of nodes) {
    if (schema) found.set(`${database}\u0000${schema}`, { database, schema })
  }
  return [...found.values()]
}

async function createMissingSchemas(
  session: TemplateSession,
  required: readonly SchemaName[],
  named: NamedConnection,
): Promise<void> {
  const existing = new Set<string>()
  const keyOf = (database: string | null, schema: string): string =>
    `${database?.toLowerCase()}\u0000${schema.toLowerCase()}`
  for (const database of new Set(required.map((each) => each.database))) {
    await using(named(database === null ? 'list' : `list_${database}`), async (holder) => {
      const schemas = await session.adapter!.introspect.listSchemas(await holder.open(), database)
      for (const schema of schemas) existing.add(keyOf(database, schema))
    })
  }
  for (const name of required) {
    const key = keyOf(name.database, name.schema)
    if (existing.has(key)) continue
    existing.add(key)
    await using(named(`create_${nameOf(name)}`), (holder) => createSchema(session, name, holder))
  }
}

/**
 * Runs the macro `create_schema`, which users may have replaced. Of two runs that make a schema at the same moment the
 * server may refuse one, `if not exists` notwithstanding: it is there then.
 */
async function createSchema(session: TemplateSession, name: SchemaName, holder: ConnectionHolder): Promise<void> {
  const macro = createSchemaMacro(session)
  const relation = session.relations.create(name)
  const connection = await holder.open()
  session.invocation.emit(schemaCreation(relation))
  try {
    await callMacro(createMacroScope(session, macro, { connection: holder }), macro, { relation })
    if (connection.inTransaction) await connection.commit()
  } catch (error) {
    if (connection.inTransaction) await connection.rollback()
    const schemas = await session.adapter!.introspect.listSchemas(connection, name.database)
    if (!schemas.some((schema) => schema.toLowerCase() === name.schema.toLowerCase())) throw error
  }
}

function createSchemaMacro(session: TemplateSession): MacroNode {
  const macro = session.macros.find('create_schema')
  if (macro === undefined)
    fail('runtime', 'macro-not-found', "dbt could not find a macro with the name 'create_schema' in any package")
  return macro
}

/** Lets what is not built here stand for by relations of another state. */
export function applyDeferral(session: TemplateSession, deferred: RunPlan['deferred']): void {
  for (const [id, relation] of deferred as ReadonlyMap<UniqueId, NonNullable<ReturnType<RunPlan['deferred']['get']>>>) {
    const node = session.manifest.nodes[id]
    if (node?.resource_type === 'model' || node?.resource_type === 'seed' || node?.resource_type === 'snapshot') {
      node.defer_relation = relation
    }
    const fn = session.manifest.functions[id]
    if (fn !== undefined) fn.defer_function = relation
  }
}
