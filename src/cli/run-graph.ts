import { join } from 'node:path'
import type { RunResultsArtifact } from '../artifacts/index.js'
import { fail, PlumbError } from '../core/diagnostic.js'
import type { Manifest, UniqueId } from '../manifest/index.js'
import type { RunPlan } from '../plan/index.js'
import type { RunResult } from '../run/index.js'
import type { SelectionRequest, Workspace } from '../workspace.js'
import { EXIT, type ExitCode } from './command.js'
import { parseAndSave } from './parse-and-save.js'
import { reportContents } from './print/contents.js'
import { emitNextCommand } from './print/next-command.js'
import type { Ready } from './ready.js'

export { parseAndSave }

/** The selection arguments as they were given. */
export function selectionOf(ready: Ready): SelectionRequest {
  const { options } = ready
  return {
    select: options.list('select'),
    exclude: options.list('exclude'),
    selector: options.text('selector'),
    resourceTypes: options.list('resource_types'),
    excludeResourceTypes: options.list('exclude_resource_types'),
  }
}

/** What every command that walks the graph does: select, plan, execute, write what came of it. */
export async function runGraph(ready: Ready): Promise<ExitCode> {
  const { flags, options } = ready
  const direct = options.text('inline_direct')
  if (direct !== null) return await runDirect(ready, direct)
  if (
    flags.which === 'show' &&
    options.list('select').length === 0 &&
    options.text('inline') === null &&
    options.text('selector') === null
  ) {
    fail('runtime', 'nothing-to-show', 'Either --select or --inline must be passed to show')
  }
  const { workspace, manifest } = await parseAndSave(ready)
  try {
    reportContents(ready, manifest)
    const inline = options.text('inline')
    const [selected, plan] =
      inline === null ? await planned(ready, workspace) : await planInline(workspace, manifest, inline)
    if (options.is('plan', false)) return await printPlan(ready, plan, manifest)
    await (await import('../write-artifacts.js')).saveGraphSummary(workspace)
    return await execute(ready, workspace, plan, selected)
  } finally {
    await workspace.close()
  }
}

async function printPlan(ready: Ready, plan: RunPlan, manifest: Manifest): Promise<ExitCode> {
  const { explainPlan } = await import('../plan/index.js')
  ready.print(explainPlan(plan, manifest))
  return EXIT.ok
}

async function planned(ready: Ready, workspace: Workspace): Promise<[ReadonlySet<UniqueId>, RunPlan]> {
  const selected = await workspace.select(selectionOf(ready))
  return [selected, await workspace.plan(selected)]
}

/** SQL from the command line becomes a node of its own, alone in its plan. */
async function planInline(
  workspace: Workspace,
  manifest: Manifest,
  sql: string,
): Promise<[ReadonlySet<UniqueId>, RunPlan]> {
  const { parseInlineQuery } = await import('../compile/index.js')
  const node = await parseInlineQuery(await workspace.session(new Set()), sql)
  manifest.nodes[node.unique_id] = node
  const selected = new Set([node.unique_id])
  const empty = await workspace.plan(new Set())
  const action = workspace.flags.which === 'show' ? 'show' : 'compile'
  return [
    selected,
    { ...empty, steps: [{ id: node.unique_id, action, after: [], weight: 0, reason: 'given with --inline' }] },
  ]
}

interface Repeat {
  readonly previous: ReadonlyMap<UniqueId, RunResult['batch_results']>
  readonly startedAt: Date
  /** Names of the metric tests that are run again. */
  readonly metricTests: ReadonlySet<string>
}

async function execute(
  ready: Ready,
  workspace: Workspace,
  plan: RunPlan,
  selected: ReadonlySet<UniqueId>,
  repeat?: Repeat,
): Promise<ExitCode> {
  const { endRunResult, executePlan } = await import('../run/index.js')
  const started = performance.now()
  const session = await workspace.session(selected)
  const { executeFollowed } = await import('./follow-lineage.js')
  const built = await executeFollowed(ready, workspace, session, (own) => executePlan(plan, own, repeat ?? {}))
  const results = ready.flags.exportSavedQueries
    ? await (await import('./metrics/export-after-build.js')).exportAfterBuild(ready, workspace, built)
    : built
  const { aborted } = ready.invocation.signal
  const { metricTestResults } = await import('./metric-tests/after-run.js')
  const tested = aborted ? [] : await metricTestResults(ready, workspace, selectionOf(ready), repeat?.metricTests)
  const seconds = (performance.now() - started) / 1000
  if (plan.command !== 'freshness') ready.emit(endRunResult(results, seconds, ready.invocation.now()))
  const manifest = await workspace.manifest()
  const { saveManifest, saveRunResults, saveSources } = await import('../write-artifacts.js')
  // Compiled SQL has joined the nodes since the manifest was written.
  await saveManifest(workspace, manifest)
  if (plan.command === 'freshness') {
    await saveSources(workspace, results, seconds, ready.options.text('output_file'))
  } else await saveRunResults(workspace, results, seconds, tested)
  await printWhatWasAsked(ready, plan, results)
  const failed = results.filter(isFailure)
  emitNextCommand(ready, failed)
  // dbt's code for a run that the user stopped.
  if (ready.invocation.signal.aborted) return EXIT.usage
  return failed.length > 0 || tested.some(({ status }) => status === 'fail') ? EXIT.failures : EXIT.ok
}

/** `show`, `compile` and `seed --show` answer with rows or SQL. */
async function printWhatWasAsked(ready: Ready, plan: RunPlan, results: readonly RunResult[]): Promise<void> {
  const rows = plan.command === 'show' || (plan.command === 'seed' && ready.options.is('show', false))
  if (!rows && plan.command !== 'compile') return
  const { printCompiled, printRows } = await import('./print/previews.js')
  if (rows) printRows(ready, results)
  else printCompiled(ready, results)
}

/** What makes the exit code 1, by dbt's rule. */
function isFailure({ status }: RunResult): boolean {
  return (
    status === 'error' ||
    status === 'fail' ||
    status === 'skipped' ||
    status === 'runtime error' ||
    status === 'partial success'
  )
}

/** SQL run as it is, on the target's connection. */
async function runDirect(ready: Ready, sql: string): Promise<ExitCode> {
  const workspace = await ready.workspace()
  const adapter = await workspace.adapter()
  try {
    const connection = await adapter.connect('show')
    const limit = ready.options.number('limit') ?? 5
    const table = await connection.execute(sql, { fetch: true, limit: limit < 0 ? undefined : limit })
    await connection.release()
    const { previewOf } = await import('./print/previews.js')
    ready.emit(previewOf(ready, { name: 'direct-query', id: 'direct-query', inline: true }, table))
    return EXIT.ok
  } finally {
    await workspace.close()
  }
}

/** `retry`: the last command again, for what did not succeed. */
export async function retryGraph(ready: Ready): Promise<ExitCode> {
  const workspace = await ready.workspace()
  const { readRunResults } = await import('../artifacts/index.js')
  const { retryArgs, selectForRetry } = await import('../plan/index.js')
  const file = join(ready.flags.state === null ? workspace.project.targetDir : ready.flags.state, 'run_results.json')
  const previous: RunResultsArtifact | undefined = readRunResults(file)
  if (previous === undefined) {
    fail(
      'runtime',
      'no-run-results',
      `Could not find previous run in '${workspace.project.targetDir}' target directory`,
      {
        hint: 'retry repeats the last build, run, test, seed, snapshot or compile: run one first, or give --state',
      },
    )
  }
  let second: Workspace | undefined
  try {
    const args = retryArgs(
      previous.args,
      ready.flags.args,
      new Set(
        (['vars', 'threads', 'plan', 'wait', 'run_lock'] as const).filter(
          (name) => ready.options.get(name) !== undefined,
        ),
      ),
    )
    const again = await ready.again(String(previous.args['which'] ?? ''), args)
    const { manifest } = await parseAndSave(again)
    reportContents(again, manifest)
    second = await again.workspace()
    const selection = selectForRetry(previous, await second.dag(), again.flags.warnError)
    if (selection.command === 'run-operation') {
      return await runMacroByName(
        again,
        String(previous.args['macro'] ?? ''),
        (previous.args['args'] ?? {}) as Record<string, unknown>,
      )
    }
    const plan = await second.plan(selection.selected, { command: selection.command, reasons: selection.reasons })
    if (ready.options.is('plan', false)) return await printPlan(ready, plan, manifest)
    await (await import('../write-artifacts.js')).saveGraphSummary(second)
    return await execute(again, second, plan, selection.selected, {
      previous: selection.batches as Repeat['previous'],
      startedAt: new Date(selection.startedAt),
      metricTests: selection.metricTests,
    })
  } finally {
    await second?.close()
    await workspace.close()
  }
}

/** `run-operation` */
export async function runMacroByName(ready: Ready, macro: string, args: Record<string, unknown>): Promise<ExitCode> {
  const { workspace } = await parseAndSave(ready)
  const { runOperation } = await import('../run/index.js')
  const started = performance.now()
  try {
    const session = await workspace.session(new Set())
    const { result } = await runOperation(session, { macro, args: args as Parameters<typeof runOperation>[1]['args'] })
    const { saveRunResults } = await import('../write-artifacts.js')
    await saveRunResults(workspace, [result], (performance.now() - started) / 1000)
    return isFailure(result) ? EXIT.failures : EXIT.ok
  } finally {
    await workspace.close()
  }
}

/** Sources are not compiled, but the catalogue shows those that are selected. */
async function selectedSources(workspace: Workspace, request: SelectionRequest): Promise<UniqueId[]> {
  const listed = await workspace.select({ ...request, resourceTypes: ['source'] }, 'list')
  return [...listed].filter((id) => id.startsWith('source.'))
}

/** `docs generate` */
export async function generateDocs(ready: Ready): Promise<ExitCode> {
  const compiles = ready.options.is('compile', true)
  const workspace = await ready.workspace()
  // Without --compile only the catalogue is written, next to what an earlier command left.
  const manifest = compiles ? (await parseAndSave(ready)).manifest : await workspace.manifest()
  const { artifactMetadata, copyAssets, writeCatalog } = await import('../artifacts/index.js')
  const { executePlan, readCatalog } = await import('../run/index.js')
  const { artifactWritten, saveGraphSummary, saveManifest, saveRunResults } = await import('../write-artifacts.js')
  const started = performance.now()
  try {
    reportContents(ready, manifest)
    const request = selectionOf(ready)
    const selected = await workspace.select(request)
    await saveGraphSummary(workspace)
    const session = await workspace.session(selected)
    let failed = false
    if (compiles) {
      const results = await executePlan(await workspace.plan(selected), session)
      failed = results.some(isFailure)
      await (await import('../inherit-columns.js')).inheritColumns(workspace, manifest)
      await saveManifest(workspace, manifest)
      await saveRunResults(workspace, results, (performance.now() - started) / 1000)
    }
    const { root, config } = workspace.project.root
    copyAssets(root, config.assetPaths, workspace.project.targetDir)
    const narrowed =
      (request.select?.length ?? 0) > 0 || (request.exclude?.length ?? 0) > 0 || request.selector !== null
    const found = ready.options.is('empty_catalog', false)
      ? { nodes: {}, sources: {}, errors: null }
      : await readCatalog(
          session,
          narrowed ? new Set([...selected, ...(await selectedSources(workspace, request))]) : null,
        )
    const path = join(workspace.project.targetDir, 'catalog.json')
    await writeCatalog(path, { metadata: artifactMetadata('catalog', workspace.invocation), ...found } as Parameters<
      typeof writeCatalog
    >[1])
    artifactWritten(workspace, 'CatalogArtifact', path)
    reportCatalogErrors(ready, found.errors ?? [])
    ready.info('CatalogWritten', 'E042', `Catalog written to ${path}`, { path })
    await writeSite(ready, workspace, manifest)
    return failed || found.errors !== null ? EXIT.failures : EXIT.ok
  } finally {
    await workspace.close()
  }
}

function reportCatalogErrors(ready: Ready, errors: readonly string[]): void {
  if (errors.length === 0) return
  for (const exc of errors) {
    const msg = `Encountered an error while generating catalog: ${exc}`
    ready.emit({ name: 'CatalogGenerationError', code: 'E040', level: 'warn', msg, data: { exc } })
  }
  const msg = `dbt encountered ${errors.length} failure${errors.length === 1 ? '' : 's'} while writing the catalog`
  const data = { num_exceptions: errors.length }
  ready.emit({ name: 'WriteCatalogFailure', code: 'E041', level: 'error', msg, data })
}

/** The pages. Those that nobody asked for by name do not stop the command: manifest and catalogue are written. */
async function writeSite(ready: Ready, workspace: Workspace, manifest: Manifest): Promise<void> {
  const asked = ready.options.is('static', false)
  try {
    const { writeStaticSite } = await import('../static-site.js')
    const [page, , folder] = await writeStaticSite(workspace, manifest, asked)
    const path = folder ?? page
    ready.info('Note', 'Z050', `Site written to ${path}; a web server of your choice can host it`, { path })
  } catch (error) {
    if (asked || !(error instanceof PlumbError)) throw error
    const msg = `index.html is not written: ${error.message}`
    ready.emit({ name: 'Note', code: 'Z050', level: 'warn', msg, data: { msg } })
  }
}
