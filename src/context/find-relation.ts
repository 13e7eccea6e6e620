import type { RelationName } from '../adapters/relation.js'
import { internalError } from '../core/diagnostic.js'
import { fillRelationCache } from './fill-relation-cache.js'
import type { NodeScope } from './node-scope.js'
import type { RelationObject } from './objects/relation.js'
import type { TemplateSession } from './session.js'

type Found = RelationObject | undefined

/**
 * The relation of that name in the warehouse, from the cache; its schema is read first when it is not known yet, and
 * only then the answer is a promise.
 * @throws PlumbError when there is one whose name differs in case only.
 */
export function findRelation(scope: NodeScope, name: RelationName): Found | Promise<Found> {
  const { session, connection } = scope
  if (session.adapter === null || connection === undefined) {
    throw internalError('A relation was looked for without a warehouse')
  }
  const { database, schema } = name
  if (schema === null || session.relationCache.hasSchema(database, schema)) return cached(session, name)
  return connection
    .open()
    .then((open) => fillRelationCache(session, open, [{ database, schema }]))
    .then(() => cached(session, name))
}

function cached(session: TemplateSession, name: RelationName): Found {
  const candidate = session.relationCache.find(name)
  const { projectQuoting } = session.relations
  const search = {
    database: projectQuoting.database ? name.database : name.database?.toLowerCase(),
    schema: projectQuoting.schema ? name.schema : name.schema?.toLowerCase(),
    identifier: projectQuoting.identifier ? name.identifier : name.identifier?.toLowerCase(),
  }
  return candidate?.matches(search) ? candidate : undefined
}
