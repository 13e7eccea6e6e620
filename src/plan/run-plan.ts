import type { DeferRelation, UniqueId } from '../manifest/index.js'

/** What is to be done with one node. */
export type StepAction =
  | 'build-model'
  | 'load-seed'
  | 'take-snapshot'
  | 'run-data-test'
  | 'run-unit-test'
  | 'create-function'
  | 'export-saved-query'
  | 'no-op'
  | 'compile'
  | 'show'
  | 'clone'
  | 'check-freshness'

export interface PlanStep {
  readonly id: UniqueId
  readonly action: StepAction
  /** Steps that must be done first; their failure skips this one. */
  readonly after: readonly UniqueId[]
  /** Longest path below: steps with more behind them start earlier. */
  readonly weight: number
  /** Why it is in the plan, for `--plan` (`selected`, `test of ...`). */
  readonly reason: string
}

/** An ordered list of steps as data: printable, testable, executed by `run/`. Built without I/O. */
export interface RunPlan {
  readonly command: string
  /** In dbt's order of execution: topological, ties by weight. Ephemeral models are not steps. */
  readonly steps: readonly PlanStep[]
  readonly onRunStart: readonly UniqueId[]
  readonly onRunEnd: readonly UniqueId[]
  /** Relations from another state that stand in for what is not built here. */
  readonly deferred: ReadonlyMap<UniqueId, DeferRelation>
  readonly fullRefresh: boolean
}
