import type { PlumbEvent } from '../core/event.js'
import type { RelationObject } from './objects/relation.js'

/** How events name a relation. */
export function referenceKey({ database, schema, identifier }: RelationObject): Record<string, string> {
  return { database: database ?? '', schema: schema ?? '', identifier: identifier ?? '' }
}

/** Told before a schema is made. */
export function schemaCreation(relation: RelationObject): PlumbEvent {
  const msg = `Creating schema "${relation.render()}"`
  return { name: 'SchemaCreation', code: 'E020', level: 'debug', msg, data: { relation: referenceKey(relation) } }
}

/** Told before a schema is dropped. */
export function schemaDrop(relation: RelationObject): PlumbEvent {
  const msg = `Dropping schema "${relation.render()}".`
  return { name: 'SchemaDrop', code: 'E021', level: 'debug', msg, data: { relation: referenceKey(relation) } }
}
