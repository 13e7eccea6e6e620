import { bindArguments, type HostObject, type Kwargs, py, toStr, type Value } from '../../jinja/index.js'
import type { Json, JsonObject } from '../../manifest/index.js'
import { isTemplate } from '../../project/render/render-yaml.js'
import { failMissingVar } from '../../project/vars.js'
import type { Member, NodeScope } from '../node-scope.js'

/** `var` while parsing: a var that is missing is None, for its value may only matter at run. */
export const parseVar: Member = (scope) => new VarObject(scope, scope.session.vars(scope.subject.package_name), false)

/** `var` at run: a var that is missing is an error. */
export const runVar: Member = (scope) => new VarObject(scope, scope.session.vars(scope.subject.package_name), true)

/** `var` in a unit test: its overrides stand before all other vars. */
export const unitTestVar: Member = (scope) => {
  const overrides =
    scope.subject.resource_type === 'unit_test' && 'overrides' in scope.subject && scope.subject.overrides
  const vars = scope.session.vars(scope.subject.package_name)
  return new VarObject(scope, overrides ? { ...vars, ...overrides.vars } : vars, true)
}

/** `var`: called for a value, asked with `has_var`. Text values may hold Jinja and are rendered. */
class VarObject implements HostObject {
  readonly [py.typeName] = 'Var'

  constructor(
    private readonly scope: NodeScope,
    private readonly vars: JsonObject,
    private readonly required: boolean,
  ) {}

  [py.getattr](name: string): Value {
    if (name === 'has_var') return (args) => Object.hasOwn(this.vars, toStr(args[0]))
    if (name === 'get_missing_var') return (args) => this.#missing(toStr(args[0]))
    if (name === 'get_rendered_var') return (args) => this.#rendered(toStr(args[0]))
    return undefined
  }

  [py.call](args: readonly Value[], kwargs: Kwargs): Value | Promise<Value> {
    const given = args.length > 1 || Object.hasOwn(kwargs, 'default')
    const [nameValue, fallback] = bindArguments('var', ['var_name', 'default'], args, kwargs, { default: null })
    const name = toStr(nameValue)
    const found = Object.hasOwn(this.vars, name)
    this.scope.capture?.vars.set(name, found ? (this.vars[name] as Json) : null)
    if (found) return this.#rendered(name)
    return given ? fallback : this.#missing(name)
  }

  #rendered(name: string): Value | Promise<Value> {
    const value = this.vars[name] as Value
    if (typeof value !== 'string' || !isTemplate(value)) return value
    return this.scope.session.template(value, `var ${name}`).render(this.scope.session.newThread('strict'), this.scope)
  }

  #missing(name: string): Value {
    if (!this.required) return null
    return failMissingVar(name, this.vars, this.scope.subject.name)
  }
}
