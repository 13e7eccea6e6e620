import type { CompiledSql } from '../../compile/index.js'
import type { ConnectionHolder, RunScopeOptions } from '../../context/index.js'
import type { GraphNode } from '../../manifest/index.js'
import type { StepView } from '../events/step-events.js'
import type { Outcome } from '../outcome.js'

/** One step under way: what it is about, and its connection, opened when first needed. */
export interface Step extends StepView {
  readonly connection: ConnectionHolder
  /** What every event of its templates carries. */
  readonly eventData: Readonly<Record<string, unknown>>
  /** The node as its result shows it also when the step throws, where it is not the step's own. */
  shownAs?: GraphNode
}

/** What a template of this step is given besides its node; `callNote` is told of macros that are called. */
export function scopeOptions(step: Step, callNote?: RunScopeOptions['callNote']): RunScopeOptions {
  return { connection: step.connection, threadName: step.thread, eventData: step.eventData, callNote }
}

/** How one kind of step is done: rendered, then executed. */
export interface StepHandler {
  /** Does the terminal say when it begins and what became of it. */
  readonly announced: boolean
  /** What its status is when it throws. */
  readonly failedStatus: 'error' | 'runtime error'
  /** Renders the SQL, and tells it where the warehouse's errors are to be found in the template. */
  compile?(step: Step): Promise<CompiledSql | undefined>
  execute(step: Step): Promise<Outcome>
}

/** The step's node as the type it must have, or a fault of the plan. */
export function nodeAs<T extends GraphNode['resource_type']>(
  node: GraphNode,
  ...types: readonly T[]
): Extract<GraphNode, { resource_type: T }> {
  if ((types as readonly string[]).includes(node.resource_type)) return node as Extract<GraphNode, { resource_type: T }>
  throw new TypeError(`${node.unique_id} is no ${types.join(' or ')}`)
}
