import { fail } from '../../core/diagnostic.js'
import { type HostObject, py, type Value } from '../../jinja/index.js'
import type { TemplateSession } from '../session.js'

/** Behaviour flags of adapters that dbt-adapters itself declares, and their defaults. */
const DEFAULTS: Readonly<Record<string, boolean>> = {
  require_batched_execution_for_custom_microbatch_strategy: false,
  enable_truthy_nulls_equals_macro: false,
}

/** `adapter.behavior`: behaviour flags by name, from the project's `flags:` or their defaults. */
export class BehaviorObject implements HostObject {
  readonly [py.typeName] = 'Behavior'

  constructor(private readonly session: TemplateSession) {}

  [py.getattr](name: string): Value {
    const given = this.session.project.root.config.flags[name]
    if (typeof given === 'boolean') return new BehaviorFlag(given)
    const setting = DEFAULTS[name] ?? this.session.plugin.behaviorFlags?.[name]
    if (setting !== undefined) return new BehaviorFlag(setting)
    return fail('compilation', 'behavior-flag', `The flag ${name} has not been registered.`)
  }
}

/** One flag: true or false by itself; `.no_warn` and `.setting` say the same. */
class BehaviorFlag implements HostObject {
  readonly [py.typeName] = 'BehaviorFlagRendered'

  constructor(private readonly setting: boolean) {}

  [py.getattr](name: string): Value {
    return name === 'setting' || name === 'no_warn' ? this.setting : undefined
  }

  [py.bool](): boolean {
    return this.setting
  }

  [py.str](): string {
    return this.setting ? 'True' : 'False'
  }
}
