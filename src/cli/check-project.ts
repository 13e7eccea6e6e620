import type { Diagnostic } from '../core/diagnostic.js'
import { findResource, type Manifest, type UniqueId } from '../manifest/index.js'
import { EXIT, type ExitCode } from './command.js'
import { formatDiagnostic } from './print/diagnostics.js'
import { createStyle } from './print/style.js'
import type { Ready } from './ready.js'
import { parseAndSave, selectionOf } from './run-graph.js'

/** `compile --check`: what does not fit, before anything runs. */
export async function checkProject(ready: Ready): Promise<ExitCode> {
  const { workspace, manifest } = await parseAndSave(ready)
  try {
    const { analyzeProject } = await import('../project-lineage.js')
    const { changesWithUsers, changeWarnings, columnsBefore } = await import('../check-columns.js')
    const selected = await workspace.select(selectionOf(ready))
    const analyzed = await analyzeProject(workspace, { ids: selected })
    const { bound } = analyzed
    const written = (await analyzed.hardCoded()).filter(({ nodeId }) => nodeId === undefined || selected.has(nodeId))
    if (bound === undefined) {
      report(ready, written)
      ready.info(
        'CheckNotPossible',
        'L001',
        `${(await workspace.plugin()).type} cannot bind queries without data: nothing was checked`,
        {},
      )
      return EXIT.ok
    }
    const { changes } = await changesWithUsers(workspace, analyzed, columnsBefore(workspace, analyzed))
    const problems = [...bound.problems, ...written, ...changeWarnings(changes, manifest)].filter(
      ({ nodeId }) => nodeId === undefined || selected.has(nodeId),
    )
    report(ready, problems)
    const models = [...selected].filter((id) => manifest.nodes[id]?.resource_type === 'model')
    const unchecked = models.filter((id) => bound.unchecked.has(id))
    const faults = problems.filter(({ severity }) => severity === 'error')
    const skipped =
      unchecked.length === 0 ? '' : `; ${unchecked.length} not checked: ${reasons(unchecked, bound.unchecked)}`
    const verdict =
      faults.length === 0 ? 'everything fits' : `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`
    const text = `Checked ${models.length - unchecked.length} models: ${verdict}${skipped}`
    for (const [id, from] of bound.guessed)
      if (manifest.child_map[id]?.some((child) => models.includes(child))) reportGuess(ready, manifest, id, from)
    ready.info('CheckFinished', 'L002', text, {
      models: models.length,
      faults: faults.length,
      unchecked: unchecked.length,
    })
    return faults.length === 0 ? EXIT.ok : EXIT.failures
  } finally {
    await workspace.close()
  }
}

function report(ready: Ready, problems: readonly Diagnostic[]): void {
  const style = createStyle(ready.flags.useColors)
  for (const problem of problems) {
    const msg = formatDiagnostic(problem, ready.projectDir, style)
    ready.emit({
      name: 'CheckProblem',
      code: 'L003',
      level: problem.severity === 'error' ? 'error' : 'warn',
      msg,
      data: { problem },
    })
  }
}

/** One fault does not hide those behind it. */
function reportGuess(ready: Ready, manifest: Manifest, id: UniqueId, from: string): void {
  const name = findResource(manifest, id)?.name ?? id
  ready.info('CheckGuess', 'L004', `What reads ${name}, which has a fault, was checked against ${from}`, { id, from })
}

/** The first reason, and how many others. */
function reasons(ids: readonly string[], unchecked: ReadonlyMap<string, string>): string {
  const distinct = [...new Set(ids.map((id) => unchecked.get(id) ?? ''))]
  return distinct.length === 1 ? distinct[0]! : `${distinct[0]}, and ${distinct.length - 1} more reasons`
}
