import { fail } from '../../core/diagnostic.js'
import type { Value } from '../../jinja/index.js'
import type { NodeScope } from '../node-scope.js'
import { RelationObject } from '../objects/relation.js'
import { named } from './arguments.js'
import type { AdapterMethods } from './method.js'

/** `adapter` methods that tell the relation cache what a macro did by itself. Each prints nothing. */
export const cacheMethods: AdapterMethods = {
  cache_added: {
    run: (scope, args, kwargs) => {
      const [relation] = named('cache_added', ['relation'], args, kwargs)
      scope.session.relationCache.add(cached(scope, relation, 'cache'))
      return ''
    },
  },
  cache_dropped: {
    run: (scope, args, kwargs) => {
      const [relation] = named('cache_dropped', ['relation'], args, kwargs)
      scope.session.relationCache.drop(cached(scope, relation, 'drop'))
      return ''
    },
  },
  cache_dependents_moved: {
    run: (scope, args, kwargs) => {
      const [from, to] = named('cache_dependents_moved', ['from_relation', 'to_relation'], args, kwargs)
      scope.session.relationCache.moveDependents(cached(scope, from, 'cache'), cached(scope, to, 'cache'))
      return ''
    },
  },
  cache_renamed: {
    run: (scope, args, kwargs) => {
      const [from, to] = named('cache_renamed', ['from_relation', 'to_relation'], args, kwargs)
      if (!(from instanceof RelationObject) || !(to instanceof RelationObject)) {
        const name = (relation: Value): string => (relation instanceof RelationObject ? `${relation}` : 'null relation')
        fail(
          'compilation',
          'cache-rename',
          `Attempted to rename ${name(from)} to ${name(to)} for ${scope.connection?.name ?? 'None'}`,
        )
      }
      scope.session.relationCache.rename(from, to)
      return ''
    },
  },
}

function cached(scope: NodeScope, relation: Value, what: 'cache' | 'drop'): RelationObject {
  if (relation instanceof RelationObject) return relation
  return fail(
    'compilation',
    'cache-null',
    `Attempted to ${what} a null relation for ${scope.connection?.name ?? 'None'}`,
  )
}
