import type { TemplateSession } from '../context/index.js'
import type { PlumbEvent } from '../core/event.js'
import { toStr, type Value } from '../jinja/index.js'
import type { GraphNode, GroupNode, UniqueId } from '../manifest/index.js'
import type { RunPlan } from '../plan/run-plan.js'
import type { RunResult } from './run-result.js'
import type { Slots } from './slots.js'
import type { WorkerSessions } from './worker-sessions.js'

/** What all steps of one run share. */
export interface RunContext {
  readonly session: TemplateSession
  readonly plan: RunPlan
  readonly slots: Slots
  /** Number of steps: the `of 28` of the lines. */
  readonly total: number
  /** Width of the lines. */
  readonly width: number
  emit(event: PlumbEvent): void
  readonly sessions: WorkerSessions
  /** The group a node belongs to, as events tell it. */
  groupOf(id: UniqueId): Record<string, unknown> | undefined
  /** True once no step may begin any more: the user stopped the run, or it fails fast. */
  stopped(): boolean
  /** Results of an earlier run whose failed batches are to be run again, by node. */
  readonly previousBatches: ReadonlyMap<UniqueId, RunResult['batch_results']>
  /** When the run counts as started: for batches. On retry it is the first run's time. */
  readonly startedAt: Date
}

/** How events tell of a group: name, and the owner's parts as text. */
export function groupInfo(group: GroupNode): Record<string, unknown> {
  const owner = Object.entries(group.owner).filter(([, value]) => value !== null && value !== undefined)
  return {
    name: group.name,
    package_name: group.package_name,
    owner: Object.fromEntries(owner.map(([k, v]) => [k, toStr(v as Value)])),
  }
}

/** Looks groups up for nodes; null for nodes without one. */
export function groupFinder(
  groups: Readonly<Record<string, GroupNode>>,
  find: (id: UniqueId) => GraphNode | undefined,
) {
  const byName = new Map(Object.values(groups).map((group) => [group.name, groupInfo(group)]))
  return (id: UniqueId): Record<string, unknown> | undefined => {
    if (byName.size === 0) return undefined
    const node = find(id)
    const name = node !== undefined && 'group' in node ? node.group : null
    return name === null || name === undefined ? undefined : byName.get(name)
  }
}
