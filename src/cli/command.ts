import type { OptionName } from './options.js'
import type { Ready } from './ready.js'

/** How far the tool must be prepared before a command can run; each includes the ones before it. */
export type Need = 'nothing' | 'project' | 'profile' | 'manifest' | 'adapter'

/** Exit codes are dbt's. */
export const EXIT = { ok: 0, failures: 1, usage: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export interface PositionalArgument {
  readonly name: string
  readonly about: string
  readonly required: boolean
}

/** A verb as data: the parser, the help and the docs are all made from this. */
export interface Command {
  /** As typed: `build`, `docs generate`. */
  readonly name: string
  /** dbt's name of it in `flags.WHICH`, where it differs (`list`, `generate`). */
  readonly which?: string
  readonly summary: string
  /** Longer help, printed under the usage line. */
  readonly help?: string
  readonly examples?: readonly string[]
  readonly options: readonly OptionName[]
  readonly argument?: PositionalArgument
  readonly need: Need
  /** What it prints is data for other programs: stdout holds nothing else; errors go to stderr. */
  readonly answers?: true
  run(ready: Ready): Promise<ExitCode>
}
