import type { Connection } from '../adapters/adapter.js'
import type { RelationInfo, RelationName } from '../adapters/relation.js'
import { internalError } from '../core/diagnostic.js'
import type { RelationObject } from './objects/relation.js'
import { ALL_PARTS } from './objects/relation-state.js'
import type { TemplateSession } from './session.js'

export interface SchemaName {
  readonly database: string | null
  readonly schema: string
}

/**
 * Reads what is in these schemas into the relation cache, in one round trip, and which relations stand on which where
 * the warehouse drops them together. Schemas that are known already are read no more.
 */
export async function fillRelationCache(
  session: TemplateSession,
  connection: Connection,
  schemas: readonly SchemaName[],
): Promise<void> {
  if (session.adapter === null) throw internalError('The relation cache was to be filled without a warehouse')
  const { relationCache } = session
  const { introspect } = session.adapter
  const unknown = distinct(schemas).filter(({ database, schema }) => !relationCache.hasSchema(database, schema))
  if (unknown.length === 0) return
  for (const info of await introspect.listRelationsOf(connection, unknown))
    relationCache.add(relationFound(session, info))
  for (const { database, schema } of unknown) relationCache.addSchema(database, schema)
  if (introspect.listDependencies === undefined) return
  const names = unknown.map(({ schema }) => schema)
  for (const { referenced, dependent } of await introspect.listDependencies(connection, names)) {
    relationCache.addDependency(session.relations.create(referenced), session.relations.create(dependent))
  }
}

/** A relation as the warehouse lists it: every part of its name is exact, so every part is quoted. */
export function relationFound(session: TemplateSession, info: RelationInfo | RelationName): RelationObject {
  return session.relations.create(info, { quote: ALL_PARTS })
}

function distinct(schemas: readonly SchemaName[]): SchemaName[] {
  return [...new Map(schemas.map((s) => [`${s.database?.toLowerCase()}\u0000${s.schema.toLowerCase()}`, s])).values()]
}
