import type { Value } from '../jinja/index.js'

/** Results of `statement` blocks by name: what `load_result` answers. Null marks one that was loaded already. */
export type ResultStore = Map<string, Value | null>
