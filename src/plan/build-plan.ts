import type { Flags } from '../core/flags.js'
import { type Dag, parentsOf } from '../graph/index.js'
import type { Manifest, UniqueId } from '../manifest/index.js'
import { isEphemeral, type PlannedCommand, plannedCommand } from './commands.js'
import { deferredRelations } from './defer.js'
import { hooksOf } from './hook-order.js'
import { type Queued, queueGraph } from './queue-graph.js'
import type { PlanStep, RunPlan } from './run-plan.js'
import { shortName } from './short-name.js'
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
  const levels: Queued[][] = []
  for (const entry of queueGraph(dag, selected, edges)) {
    const level = levels[entry.level]
    if (level === undefined) levels[entry.level] = [entry]
    else level.push(entry)
  }
  return levels.flatMap((level) => level.sort((a, b) => compareIds(a.id, b.id)))
}

function unordered(dag: Dag, selected: ReadonlySet<UniqueId>): Queued[] {
  return [...selected].sort(compareIds).map((id) => ({ index: dag.indexOf.get(id) ?? -1, id, after: [], level: 0 }))
}

function compareIds(a: UniqueId, b: UniqueId): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Steps without weights; unit tests before their models. Ephemeral models are steps that render, or, where the command
 * renders nothing, replaced by what they wait for.
 */
function stepsOf(queue: readonly Queued[], request: PlanRequest, planned: PlannedCommand): Omit<PlanStep, 'weight'>[] {
  const { dag, flags } = request
  const action = planned.action
  if (action === undefined) return []
  const queued = new Map(queue.map((entry) => [entry.id, entry]))
  const unitTests = planned.testsBlock === true ? unitTestsByModel(queue, dag, queued) : new Map<UniqueId, UniqueId[]>()
  const attached = new Set([...unitTests.values()].flat())
  /** What stands in `after` for a node that is no step. */
  const insteadOf = new Map<UniqueId, readonly UniqueId[]>()
  const steps: Omit<PlanStep, 'weight'>[] = []

  const rewritten = (after: readonly UniqueId[]): readonly UniqueId[] => {
    if (!after.some((id) => insteadOf.has(id) || attached.has(id))) return after
    return [...new Set(after.filter((id) => !attached.has(id)).flatMap((id) => insteadOf.get(id) ?? [id]))]
  }

  for (const { id, index, after } of queue) {
    const node = dag.nodes[index]
    if (node === undefined || attached.has(id)) continue
    const waitsFor = rewritten(after)
    const tests = unitTests.get(id) ?? []
    for (const test of tests) {
      steps.push({ id: test, action: 'run-unit-test', after: waitsFor, reason: reasonOf(test, request) })
    }
    const afterTests = tests.length === 0 ? waitsFor : [...waitsFor, ...tests]
    const ephemeral = isEphemeral(node)
    if (ephemeral && planned.ephemeralSteps !== true) {
      insteadOf.set(id, afterTests)
      continue
    }
    const step = { id, action: action(node, flags), after: afterTests, reason: reasonOf(id, request) }
    steps.push(ephemeral ? { ...step, silent: true } : step)
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

function reasonOf(id: UniqueId, { dag, reasons }: PlanRequest): string {
  const given = reasons?.get(id)
  if (given !== undefined) return given
  const index = dag.indexOf.get(id)
  const type = index === undefined ? undefined : dag.nodes[index]!.resource_type
  if (index === undefined || (type !== 'test' && type !== 'unit_test')) return 'selected'
  const { start, targets } = dag.parents
  let names = ''
  for (let e = start[index]!; e < start[index + 1]!; e++) names += (names && ', ') + shortName(dag.nodes[targets[e]!]!)
  return `${type === 'test' ? 'test' : 'unit test'} of ${names}`
}
