import type { Flags } from '../../core/flags.js'
import { fromJs, type HostObject, py, type Value } from '../../jinja/index.js'

/** The flags dbt shows to templates; others are undefined there. */
const SHOWN: ReadonlySet<string> = new Set(
  (
    'USE_EXPERIMENTAL_PARSER STATIC_PARSER WARN_ERROR WARN_ERROR_OPTIONS WRITE_JSON PARTIAL_PARSE USE_COLORS ' +
    'PROFILES_DIR DEBUG LOG_FORMAT VERSION_CHECK FAIL_FAST SEND_ANONYMOUS_USAGE_STATS PRINTER_WIDTH ' +
    'INDIRECT_SELECTION LOG_CACHE_EVENTS QUIET NO_PRINT CACHE_SELECTED_ONLY INTROSPECT TARGET_PATH LOG_PATH ' +
    'INVOCATION_COMMAND EMPTY FULL_REFRESH STORE_FAILURES WHICH'
  ).split(' '),
)

/** `flags` in templates: dbt's names in capitals (`flags.FULL_REFRESH`), and behaviour flags likewise. */
export class FlagsObject implements HostObject {
  readonly [py.typeName] = 'Namespace'
  readonly #values = new Map<string, unknown>()

  constructor(flags: Flags) {
    for (const name of SHOWN) this.#values.set(name, null)
    for (const [key, value] of Object.entries(flags.args)) this.#take(key.toUpperCase(), value)
    for (const [key, value] of Object.entries(flags)) {
      this.#take(key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(), value)
    }
    for (const [key, value] of Object.entries(flags.behavior)) this.#values.set(key.toUpperCase(), value)
  }

  [py.getattr](name: string): Value {
    return this.#values.has(name) ? fromJs(this.#values.get(name) ?? null) : undefined
  }

  #take(name: string, value: unknown): void {
    if (SHOWN.has(name)) this.#values.set(name, value)
  }
}
