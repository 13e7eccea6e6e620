import type { RefArgs, UniqueId } from '../../manifest/index.js'
import type { Settings } from '../config/merge.js'

/** What a template was found to use: by rendering it with `execute = False`, or by reading it. */
export interface Captured {
  readonly refs: readonly RefArgs[]
  readonly sources: readonly (readonly [string, string])[]
  readonly metrics: readonly (readonly string[])[]
  readonly functions: readonly (readonly string[])[]
  /** Each call's settings, unjoined; hooks under their dashed names. */
  readonly configCalls: readonly Settings[]
  /** Macros called from the template itself, each once. */
  readonly macros: Iterable<UniqueId>
  /** dbt reads such a model without running it, and then keeps each source once. */
  readonly literal?: boolean
}

export const NOTHING_CAPTURED: Captured = Object.freeze({
  refs: [],
  sources: [],
  metrics: [],
  functions: [],
  configCalls: [],
  macros: [],
  literal: true,
})
