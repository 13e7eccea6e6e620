import { fail } from '../../core/diagnostic.js'
import { bindArguments, type Kwargs, toStr, type Value } from '../../jinja/index.js'
import { classOf } from '../functions/python-words.js'
import type { NodeScope } from '../node-scope.js'
import { RelationObject } from '../objects/relation.js'

/** Arguments of an `adapter` method by name. */
export function named(
  method: string,
  params: readonly string[],
  args: readonly Value[],
  kwargs: Kwargs,
  defaults: Readonly<Record<string, Value>> = {},
): Value[] {
  return bindArguments(method, params, args, kwargs, defaults)
}

/**
 * An argument that must be a relation.
 * @throws PlumbError naming method and argument.
 */
export function relationArgument(scope: NodeScope, method: string, name: string, value: Value): RelationObject {
  if (value instanceof RelationObject) return value
  return fail(
    'compilation',
    'adapter-argument',
    `'adapter.${method}' expects argument '${name}' to be of type '<class '${scope.session.relations.qualifiedName}'>', instead got ${
      value === undefined ? '' : toStr(value)
    } (${classOf(value)})`,
  )
}

/** A text argument; None stays null. */
export function textArgument(value: Value): string | null {
  return value === null || value === undefined ? null : toStr(value)
}
