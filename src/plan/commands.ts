import { fail } from '../core/diagnostic.js'
import type { Flags } from '../core/flags.js'
import type { GraphNode, ResourceType } from '../manifest/index.js'
import type { StepAction } from './run-plan.js'

/** What makes one command's plan differ from another's. */
export interface PlannedCommand {
  /** What `--resource-type all` means. */
  readonly possible: ReadonlySet<ResourceType>
  /** What it works on without being told; all that is possible when absent. */
  readonly usual?: ReadonlySet<ResourceType>
  /** Whether `--resource-type` counts. */
  readonly choosesTypes?: true
  /** Whether resources with blank SQL are selected. */
  readonly includesEmpty?: true
  /** A further condition on what is selected. */
  readonly keep?: (node: GraphNode) => boolean
  /** What is to be done with a resource. Absent: the command lists, and has no plan. */
  readonly action?: (node: GraphNode, flags: Flags) => StepAction
  /** Steps do not wait for each other. */
  readonly independent?: true
  /** Tests hold up what is built on what they test. */
  readonly testsBlock?: true
  /** on-run-start and on-run-end hooks run. */
  readonly hooks?: true
  /** Ephemeral models are steps of their own, which only render. */
  readonly ephemeralSteps?: true
}

const types = (...list: ResourceType[]): ReadonlySet<ResourceType> => new Set(list)

const LISTED = types(
  'model',
  'snapshot',
  'seed',
  'test',
  'source',
  'exposure',
  'metric',
  'saved_query',
  'semantic_model',
  'unit_test',
  'function',
)
const WITH_SQL = types('model', 'test', 'snapshot', 'analysis', 'operation', 'seed', 'doc', 'sql_operation', 'function')
const RELATIONS = types('model', 'seed', 'snapshot')
const TESTS = types('test', 'unit_test')

const BUILD_ACTIONS: { readonly [T in ResourceType]?: StepAction } = {
  model: 'build-model',
  seed: 'load-seed',
  snapshot: 'take-snapshot',
  test: 'run-data-test',
  unit_test: 'run-unit-test',
  function: 'create-function',
}

/** Saved queries are written only when asked for; exposures and the like are shown as done. */
function buildAction(node: GraphNode, flags: Flags): StepAction {
  if (isEphemeral(node)) return 'compile'
  if (node.resource_type === 'saved_query') return flags.exportSavedQueries ? 'export-saved-query' : 'no-op'
  return BUILD_ACTIONS[node.resource_type] ?? 'no-op'
}

const built = { action: buildAction, hooks: true, ephemeralSteps: true } as const

/** The commands that select from the graph, by dbt's name of them (`flags.WHICH`). */
const COMMANDS = {
  build: {
    possible: types('model', 'snapshot', 'seed', 'test', 'unit_test', 'saved_query', 'exposure', 'function'),
    choosesTypes: true,
    testsBlock: true,
    ...built,
  },
  run: { possible: types('model'), ...built },
  test: { possible: TESTS, choosesTypes: true, keep: (node) => TESTS.has(node.resource_type), ...built },
  seed: { possible: types('seed'), ...built },
  snapshot: { possible: types('snapshot'), ...built },
  freshness: {
    possible: types('source'),
    keep: hasFreshness,
    independent: true,
    hooks: true,
    action: () => 'check-freshness',
  },
  compile: { possible: WITH_SQL, ephemeralSteps: true, action: () => 'compile' },
  generate: { possible: WITH_SQL, ephemeralSteps: true, includesEmpty: true, action: () => 'compile' },
  show: { possible: WITH_SQL, ephemeralSteps: true, action: () => 'show' },
  clone: {
    possible: RELATIONS,
    choosesTypes: true,
    keep: (node) => RELATIONS.has(node.resource_type),
    independent: true,
    action: () => 'clone',
  },
  list: { possible: new Set([...LISTED, 'analysis' as const]), usual: LISTED, choosesTypes: true, includesEmpty: true },
} as const satisfies Readonly<Record<string, PlannedCommand>>

export type PlannedCommandName = keyof typeof COMMANDS

/**
 * What a command does with the graph.
 * @throws PlumbError `command-without-plan`.
 */
export function plannedCommand(name: string): PlannedCommand {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name as PlannedCommandName]
  return fail('usage', 'command-without-plan', `The command '${name}' does not work on the graph`, {
    hint: `those that do: ${Object.keys(COMMANDS).join(', ')}`,
  })
}

/** Whether a source says when it is stale: a threshold with count and period. */
function hasFreshness(node: GraphNode): boolean {
  if (node.resource_type !== 'source') return false
  const thresholds = [node.freshness?.warn_after, node.freshness?.error_after]
  return thresholds.some((time) => typeof time?.count === 'number' && typeof time.period === 'string')
}

/** Models without a relation: their SQL becomes part of what refers to them. */
export function isEphemeral(node: GraphNode): boolean {
  return node.resource_type === 'model' && node.config.materialized === 'ephemeral'
}
