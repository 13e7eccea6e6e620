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
  const { filling } = session.relationCache
  const unknown = distinct(schemas).filter((s) => !session.relationCache.hasSchema(s.database, s.schema))
  const own = unknown.filter((s) => !filling.has(keyOf(s)))
  if (own.length > 0) {
    const reading = readSchemas(session, connection, own)
    for (const schema of own) filling.set(keyOf(schema), reading)
    const forget = (): void => {
      for (const schema of own) filling.delete(keyOf(schema))
    }
    reading.then(forget, forget)
  }
  await Promise.all(unknown.map((schema) => filling.get(keyOf(schema))))
}

async function readSchemas(
  session: TemplateSession,
  connection: Connection,
  schemas: readonly SchemaName[],
): Promise<void> {
  if (session.adapter === null) throw internalError('The relation cache was to be filled without a warehouse')
  const { relationCache } = session
  const { introspect } = session.adapter
  for (const info of await introspect.listRelationsOf(connection, schemas))
    relationCache.add(relationFound(session, info))
  for (const { database, schema } of schemas) relationCache.addSchema(database, schema)
  if (introspect.listDependencies === undefined) return
  const names = schemas.map(({ schema }) => schema)
  for (const { referenced, dependent } of await introspect.listDependencies(connection, names)) {
    relationCache.addDependency(session.relations.create(referenced), session.relations.create(dependent))
  }
}

/** A relation as the warehouse lists it: every part of its name is exact, so every part is quoted. */
export function relationFound(session: TemplateSession, info: RelationInfo | RelationName): RelationObject {
  return session.relations.create(info, { quote: ALL_PARTS })
}

function distinct(schemas: readonly SchemaName[]): SchemaName[] {
  return [...new Map(schemas.map((schema) => [keyOf(schema), schema])).values()]
}

function keyOf({ database, schema }: SchemaName): string {
  return `${database?.toLowerCase() ?? ''}\u0000${schema.toLowerCase()}`
}
