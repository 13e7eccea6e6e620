import type { Flags } from '../core/flags.js'
import { type Dag, parentsOf } from '../graph/index.js'
import { findResource, type Manifest, type UniqueId } from '../manifest/index.js'
import { isEphemeral, type PlannedCommand, plannedCommand } from './commands.js'
import { deferredRelations } from './defer.js'
import { hooksOf } from './hook-order.js'
import { type Queued, queueGraph } from './queue-graph.js'
import type { PlanStep, RunPlan } from './run-plan.js'
import { testEdges } from './test-edges.js'
import { weigh } from './weigh.js'

export interface PlanRequest {
  /** dbt's name of the command: `build`, `run`, `freshness` ... */
  readonly command: string
  readonly dag: Dag
  readonly manifest: Manifest
  readonly selected: ReadonlySet<UniqueId>
  readonly flags: Flags
  /** The manifest to defer to (`--defer`), or to clone from. */
  readonly state?: Manifest | undefined
  /** Resources were named (`--select`, `--inline`), so that ephemeral models are shown, too. */
  readonly named?: boolean
  /** Why resources are in the plan, where it is not that they were selected (retry). */
  readonly reasons?: ReadonlyMap<UniqueId, string> | undefined
}

/**
 * What a command will do, step by step. Pure: nothing is read, nothing opened.
 * @throws PlumbError `command-without-plan` for commands that do not execute.
 */
export function buildRunPlan(request: PlanRequest): RunPlan {
  const { command, dag, manifest, selected, flags, state } = request
  const planned = plannedCommand(command)
  const queue = planned.independent === true ? unordered(dag, selected) : ordered(dag, selected, planned)
  const hooks = planned.hooks === true && selected.size > 0 && hooksWanted(command, flags)
  return {
    command,
    steps: weigh(stepsOf(queue, request, planned)),
    onRunStart: hooks ? hooksOf(manifest, 'on-run-start') : [],
    onRunEnd: hooks ? hooksOf(manifest, 'on-run-end') : [],
    deferred: state === undefined ? new Map() : deferredRelations(manifest, state),
    fullRefresh: flags.fullRefresh,
  }
}

/** Freshness runs hooks unless a behaviour flag says otherwise. */
function hooksWanted(command: string, flags: Flags): boolean {
  return command !== 'freshness' || flags.behavior['source_freshness_run_project_hooks'] !== false
}

/** The queue of dbt: by level, then by id. */
function ordered(dag: Dag, selected: ReadonlySet<UniqueId>, planned: PlannedCommand): Queued[] {
  const edges = planned.testsBlock === true ? testEdges(dag) : []
  return queueGraph(dag, selected, edges).sort((a, b) => a.level - b.level || compareIds(a.id, b.id))
}

function unordered(dag: Dag, selected: ReadonlySet<UniqueId>): Queued[] {
  return [...selected].sort(compareIds).map((id) => ({ index: dag.indexOf.get(id) ?? -1, id, after: [], level: 0 }))
}

function compareIds(a: UniqueId, b: UniqueId): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Steps without weights; unit tests before their models, ephemeral models replaced by what they wait for. */
function stepsOf(queue: readonly Queued[], request: PlanRequest, planned: PlannedCommand): Omit<PlanStep, 'weight'>[] {
  const { dag, manifest, flags } = request
  const action = planned.action
  if (action === undefined) return []
  const queued = new Map(queue.map((entry) => [entry.id, entry]))
  const unitTests = planned.testsBlock === true ? unitTestsByModel(queue, dag, queued) : new Map<UniqueId, UniqueId[]>()
  const attached = new Set([...unitTests.values()].flat())
  /** What stands in `after` for a node that is no step. */
  const insteadOf = new Map<UniqueId, readonly UniqueId[]>()
  const steps: Omit<PlanStep, 'weight'>[] = []

  for (const { id, after } of queue) {
    const node = findResource(manifest, id)
    if (node === undefined || attached.has(id)) continue
    const waitsFor = unique(
      after.filter((other) => !attached.has(other)).flatMap((other) => insteadOf.get(other) ?? [other]),
    )
    const tests = unitTests.get(id) ?? []
    for (const test of tests) {
      steps.push({ id: test, action: 'run-unit-test', after: waitsFor, reason: reasonOf(test, request) })
    }
    const afterTests = [...waitsFor, ...tests]
    const ephemeral = isEphemeral(node)
    if (ephemeral && planned.ephemeralSteps !== true) {
      insteadOf.set(id, afterTests)
      continue
    }
    const silent = ephemeral && request.named !== true ? { silent: true as const } : {}
    steps.push({ id, action: action(node, flags), after: afterTests, reason: reasonOf(id, request), ...silent })
  }
  return steps
}

/** Unit tests run when everything their model needs is there, and before the model itself. */
function unitTestsByModel(
  queue: readonly Queued[],
  dag: Dag,
  queued: ReadonlyMap<UniqueId, Queued>,
): Map<UniqueId, UniqueId[]> {
  const byModel = new Map<UniqueId, UniqueId[]>()
  for (const { id, index } of queue) {
    if (dag.nodes[index]?.resource_type !== 'unit_test') continue
    const model = parentsOf(dag, id)[0]
    if (model === undefined || !queued.has(model)) continue
    const tests = byModel.get(model)
    if (tests === undefined) byModel.set(model, [id])
    else tests.push(id)
  }
  return byModel
}

function reasonOf(id: UniqueId, { dag, manifest, reasons }: PlanRequest): string {
  const given = reasons?.get(id)
  if (given !== undefined) return given
  const type = findResource(manifest, id)?.resource_type
  if (type !== 'test' && type !== 'unit_test') return 'selected'
  const names = parentsOf(dag, id).map((parent) => findResource(manifest, parent)?.name ?? parent)
  return `${type === 'test' ? 'test' : 'unit test'} of ${names.join(', ')}`
}

function unique(ids: readonly UniqueId[]): UniqueId[] {
  return [...new Set(ids)]
}
