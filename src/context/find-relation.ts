import type { RelationName } from '../adapters/relation.js'
import { internalError } from '../core/diagnostic.js'
import { fillRelationCache } from './fill-relation-cache.js'
import type { NodeScope } from './node-scope.js'
import type { RelationObject } from './objects/relation.js'

/**
 * The relation of that name in the warehouse, from the cache; its schema is read first when it is not known yet.
 * @throws PlumbError when there is one whose name differs in case only.
 */
export async function findRelation(scope: NodeScope, name: RelationName): Promise<RelationObject | undefined> {
  const { session } = scope
  if (session.adapter === null || scope.connection === undefined) {
    throw internalError('A relation was looked for without a warehouse')
  }
  if (name.schema !== null && !session.relationCache.hasSchema(name.database, name.schema)) {
    await fillRelationCache(session, await scope.connection.open(), [{ database: name.database, schema: name.schema }])
  }
  const candidate = session.relationCache.find(name)
  const { projectQuoting } = session.relations
  const search = {
    database: projectQuoting.database ? name.database : name.database?.toLowerCase(),
    schema: projectQuoting.schema ? name.schema : name.schema?.toLowerCase(),
    identifier: projectQuoting.identifier ? name.identifier : name.identifier?.toLowerCase(),
  }
  return candidate?.matches(search) ? candidate : undefined
}
