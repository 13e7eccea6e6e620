import { fail } from '../../core/diagnostic.js'
import {
  bindArguments,
  type HostFunction,
  type HostObject,
  isUndefined,
  type Kwargs,
  py,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { ConnectionHolder } from '../connection-holder.js'
import { classOf } from '../functions/python-words.js'
import type { Member, NodeScope } from '../node-scope.js'
import { runtimeConfig } from '../objects/runtime-config.js'
import { BehaviorObject } from './behavior.js'
import { cacheMethods } from './cache-methods.js'
import { constraintMethods } from './constraint-methods.js'
import type { AdapterMethods } from './method.js'
import { relationMethods } from './relation-methods.js'
import { schemaMethods } from './schema-methods.js'
import { statementMethods } from './statement-methods.js'
import { textMethods } from './text-methods.js'

const METHODS: AdapterMethods = {
  ...textMethods,
  ...relationMethods,
  ...schemaMethods,
  ...statementMethods,
  ...cacheMethods,
  ...constraintMethods,
}

/** `adapter`: dispatch, names and types at any time; at run the warehouse itself. */
export const adapter: Member = (scope) => new AdapterObject(scope)

class AdapterObject implements HostObject {
  constructor(private readonly scope: NodeScope) {}

  get [py.typeName](): string {
    return `dbt.context.providers.${this.scope.execute ? 'Runtime' : 'Parse'}DatabaseWrapper`
  }

  [py.getattr](name: string): Value {
    const { scope } = this
    const { session } = scope
    switch (name) {
      case 'dispatch':
        return (args, kwargs) => dispatch(scope, args, kwargs)
      case 'Relation':
        return session.relations
      case 'Column':
        return session.columns
      case 'behavior':
        return session.shared('adapter.behavior', () => new BehaviorObject(session))
      case 'config':
        return runtimeConfig(session)
      default:
        return scope.execute ? runMethod(scope, name) : parseMethod(scope, name)
    }
  }
}

/** A warehouse's own methods stand before the common ones of the same name. */
function runMethod(scope: NodeScope, name: string): Value {
  const special = scope.session.adapter?.templateMethods?.[name]
  if (special !== undefined) {
    const call = { connection: () => connectionOf(scope).open(), model: scope.get('model') }
    return ((args, kwargs) => special(call, args, kwargs) as Value) satisfies HostFunction
  }
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  return method && ((args, kwargs) => method.run(scope, args, kwargs))
}

function parseMethod(scope: NodeScope, name: string): Value {
  const { plugin, credentials } = scope.session
  const special = plugin.parseMethods?.[name]
  if (special !== undefined) {
    return ((args, kwargs) => special(credentials, args, kwargs) as Value) satisfies HostFunction
  }
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  // Methods only the live warehouse has cannot be told from misspelt ones yet: both answer None until the run.
  if (method === undefined) return name.startsWith('_') ? undefined : () => null
  const { parse } = method
  return (args, kwargs) => (parse === undefined ? method.run(scope, args, kwargs) : parse(scope))
}

function connectionOf(scope: NodeScope): ConnectionHolder {
  if (scope.connection === undefined) fail('internal', 'no-connection', 'adapter was used without a connection')
  return scope.connection
}

/** A generic test sees what its macros see, whatever package it is used in. */
function packagesOfTest({ subject }: NodeScope): string[] {
  if (subject.resource_type !== 'test' || subject.test_metadata === undefined) return []
  return [...new Set(subject.depends_on.macros.flatMap((id) => id?.split('.')[1] ?? []))]
}

/** `adapter.dispatch(name, macro_namespace)`: the macro for this warehouse. */
function dispatch(scope: NodeScope, args: readonly Value[], kwargs: Kwargs): Value {
  const params = ['macro_name', 'macro_namespace', 'packages']
  const defaults = { macro_namespace: null, packages: null }
  const [nameValue, namespace, packages] = bindArguments('dispatch', params, args, kwargs, defaults)
  const name = toStr(nameValue)
  if (name.includes('.')) {
    const dot = name.indexOf('.')
    fail(
      'compilation',
      'dispatch-name',
      `In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component.`,
      { hint: `write adapter.dispatch("${name.slice(dot + 1)}", macro_namespace="${name.slice(0, dot)}")` },
    )
  }
  if (packages !== null) {
    fail(
      'compilation',
      'dispatch-packages',
      `The "packages" argument of adapter.dispatch() has been deprecated; it was used to dispatch ${name}`,
      { hint: 'use the "macro_namespace" argument' },
    )
  }
  if (namespace !== null && typeof namespace !== 'string' && !isUndefined(namespace)) {
    fail(
      'compilation',
      'dispatch-namespace',
      `In adapter.dispatch, got a ${classOf(namespace)} macro_namespace argument ("${toStr(namespace)}"), ` +
        'but macro_namespace should be None or a string.',
    )
  }
  const { macros } = scope.session
  const within = typeof namespace === 'string' ? namespace : null
  const also = macros.dispatchPackages(within).includes(null) ? packagesOfTest(scope) : []
  return scope.bind(macros.dispatch(name, within, scope.parts.localPackage, also))
}
