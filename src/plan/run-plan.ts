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
  /** Done without being counted or reported: ephemeral models, of which only the SQL is made. */
  readonly silent?: true
}

/** An ordered list of steps as data: printable, testable, executed by `run/`. Built without I/O. */
export interface RunPlan {
  readonly command: string
  /**
   * In dbt's order: by depth in the graph, then by id. Several workers prefer the heavier of what could start.
   */
  readonly steps: readonly PlanStep[]
  readonly onRunStart: readonly UniqueId[]
  readonly onRunEnd: readonly UniqueId[]
  /** Relations from another state that stand in for what is not built here. */
  readonly deferred: ReadonlyMap<UniqueId, DeferRelation>
  readonly fullRefresh: boolean
}
