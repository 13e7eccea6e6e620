import type { Flags } from '../../core/flags.js'
import { fromJs, type HostObject, py, type Value } from '../../jinja/index.js'

/** `flags` in templates: dbt's names in capitals (`flags.FULL_REFRESH`), behaviour flags among them. */
export class FlagsObject implements HostObject {
  readonly [py.typeName] = 'Namespace'
  readonly #values = new Map<string, unknown>()

  constructor(flags: Flags) {
    for (const [key, value] of Object.entries(flags.behavior)) this.#values.set(key.toUpperCase(), value)
    for (const [key, value] of Object.entries(flags.args)) this.#values.set(key.toUpperCase(), value)
    for (const [key, value] of Object.entries(flags)) {
      if (key === 'args' || key === 'behavior') continue
      const name = key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
      this.#values.set(RENAMED[name] ?? name, value)
    }
  }

  [py.getattr](name: string): Value {
    if (name === 'get') {
      return (args) => (this.#values.has(String(args[0])) ? this.#value(String(args[0])) : (args[1] ?? null))
    }
    return this.#values.has(name) ? this.#value(name) : undefined
  }

  [py.contains](name: Value): boolean {
    return typeof name === 'string' && this.#values.has(name)
  }

  #value(name: string): Value {
    return fromJs(this.#values.get(name) ?? null)
  }
}

const RENAMED: Readonly<Record<string, string>> = { PRINTER: 'PRINT' }
