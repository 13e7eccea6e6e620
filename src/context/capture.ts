import type { Json, JsonObject, RefArgs, UniqueId } from '../manifest/index.js'

/** What a template was seen to do while it was rendered with `execute = False`. Order is that of the calls. */
export class Capture {
  readonly refs: RefArgs[] = []
  /** [source name, table name] */
  readonly sources: [string, string][] = []
  /** [name] or [package, name] */
  readonly metrics: string[][] = []
  /** [name] or [package, name] */
  readonly functions: string[][] = []
  /** Each `config(...)` call; `pre_hook` and `post_hook` already under their dashed names. Not merged. */
  readonly configCalls: JsonObject[] = []
  /** Macros called from the template itself (not from other macros): `depends_on.macros`. */
  readonly macros = new Set<UniqueId>()
  /** Environment variables that were read, as the parse cache keeps them. */
  readonly envVars = new Map<string, string>()
  /** Names of vars that were asked for, and what was answered. */
  readonly vars = new Map<string, Json>()
}
