import { type HostFunction, type HostObject, type Kwargs, py, type Value } from '../../jinja/index.js'
import type { NodeScope } from '../node-scope.js'
import { runtimeConfig } from './runtime-config.js'

/**
 * `ref`, `source`, `metric` and `function`: functions that packages also ask for the project's configuration
 * (`ref.config.dependencies['a_package'].version`), as dbt's own are objects.
 */
export class ResolverObject implements HostObject {
  constructor(
    private readonly scope: NodeScope,
    /** Python's name of the class. */
    readonly className: string,
    private readonly run: HostFunction,
  ) {}

  get [py.typeName](): string {
    return `dbt.context.providers.${this.className}`
  }

  [py.call](args: readonly Value[], kwargs: Kwargs): Value | Promise<Value> {
    return this.run(args, kwargs)
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'config':
        return runtimeConfig(this.scope.session)
      case 'current_project':
        return this.scope.session.rootPackage
      case 'model':
        return this.scope.get('model')
      case 'Relation':
        return this.scope.session.relations
      case 'db_wrapper':
        return this.scope.get('adapter')
      default:
        return undefined
    }
  }
}
