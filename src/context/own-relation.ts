import type { RelationType } from '../adapters/relation.js'
import type { NodeScope } from './node-scope.js'
import type { RelationObject } from './objects/relation.js'

/** The relation of the scope's own node: `this`, and what references answer while parsing. Null for what has none. */
export function ownRelation(scope: NodeScope, type: RelationType | null = null): RelationObject | null {
  const { subject, session } = scope
  if (subject.resource_type === 'source') return session.relations.ofSource(subject, scope.execute)
  if (!('alias' in subject) || !('schema' in subject)) return null
  return session.relations.ofNode(subject, { type })
}
