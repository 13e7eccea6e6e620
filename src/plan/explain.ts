import { findResource, type Manifest, type UniqueId } from '../manifest/index.js'
import type { PlanStep, RunPlan, StepAction } from './run-plan.js'
import { shortName } from './short-name.js'

/** What each action is called in a plan. */
const WORDS: { readonly [A in StepAction]: string } = {
  'build-model': 'build',
  'load-seed': 'load seed',
  'take-snapshot': 'snapshot',
  'run-data-test': 'test',
  'run-unit-test': 'unit test',
  'create-function': 'function',
  'export-saved-query': 'export',
  'no-op': 'nothing',
  compile: 'compile',
  show: 'show',
  clone: 'clone',
  'check-freshness': 'freshness',
}

/** The plan as text, for `--plan`: hooks, then one line a step with what it waits for, then what is deferred. */
export function explainPlan(plan: RunPlan, manifest: Manifest): string {
  if (plan.steps.length === 0) return `${plan.command}: nothing to do`
  const numbers = new Map(plan.steps.map((step, i) => [step.id, i + 1]))
  const rows = plan.steps.map((step) => row(step, manifest, numbers))
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  const lines = rows.map(([number, ...cells]) =>
    [number!.padStart(widths[0]!), ...cells.map((cell, i) => cell.padEnd(widths[i + 1] ?? 0))].join('  ').trimEnd(),
  )
  return [
    `${plan.command}: ${summary(plan)}`,
    ...plan.onRunStart.map((id) => `on-run-start  ${sqlOf(id, manifest)}`),
    ...lines,
    ...plan.onRunEnd.map((id) => `on-run-end  ${sqlOf(id, manifest)}`),
    ...deferLines(plan),
  ].join('\n')
}

/** `12 steps (5 build, 7 test), longest chain 4, full refresh` */
function summary({ steps, fullRefresh }: RunPlan): string {
  const counts = new Map<string, number>()
  for (const { action } of steps) counts.set(WORDS[action], (counts.get(WORDS[action]) ?? 0) + 1)
  const kinds = [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
  const longest = Math.max(...steps.map((step) => step.weight)) + 1
  return `${steps.length} ${steps.length === 1 ? 'step' : 'steps'} (${kinds}), longest chain ${longest}${fullRefresh ? ', full refresh' : ''}`
}

/** Number, what is done, with what, how it is made, after what and why. */
function row(step: PlanStep, manifest: Manifest, numbers: ReadonlyMap<UniqueId, number>): string[] {
  const node = findResource(manifest, step.id)
  const config: Readonly<Record<string, unknown>> = node?.config ?? {}
  const made = step.action === 'build-model' ? String(config['materialized'] ?? '') : ''
  const after = step.after.map((id) => numbers.get(id)).filter((n) => n !== undefined)
  const waits = after.length === 0 ? '' : `after ${after.sort((a, b) => a - b).join(', ')}`
  return [
    String(numbers.get(step.id)),
    WORDS[step.action],
    nameOf(step.id, manifest),
    made,
    [waits, step.reason].filter(Boolean).join('; '),
  ]
}

function nameOf(id: UniqueId, manifest: Manifest): string {
  const node = findResource(manifest, id)
  return node === undefined ? id : shortName(node)
}

/** The first line of a hook. */
function sqlOf(id: UniqueId, manifest: Manifest): string {
  const hook = manifest.nodes[id]
  return hook === undefined ? id : `${hook.package_name}: ${hook.raw_code.trim().split('\n')[0]}`
}

function deferLines({ deferred, steps }: RunPlan): string[] {
  if (deferred.size === 0) return []
  const own = new Set(steps.map((step) => step.id))
  const others = [...deferred].filter(([id]) => !own.has(id)).length
  return [
    `deferred: ${others} ${others === 1 ? 'relation' : 'relations'} of the other state can stand in for what is not built here`,
  ]
}
