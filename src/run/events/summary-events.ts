import { type EventLevel, LazyEvent, type PlumbEvent } from '../../core/event.js'
import type { GraphNode } from '../../manifest/index.js'
import { explain } from '../explain-error.js'
import type { RunContext } from '../run-context.js'
import type { RunResult } from '../run-result.js'
import { blankLine, pluralize } from './line.js'
import { AT_REST, nodeInfo, resultInfo } from './node-info.js'

const IRREGULAR: Readonly<Record<string, string>> = {
  analysis: 'analyses',
  saved_query: 'saved_queries',
  test: 'data_tests',
}

/** `2 table models, 8 data tests, 1 seed`: what was run, by kind. */
export function countNodes(nodes: Iterable<GraphNode>): string {
  const counts = new Map<string, number>()
  for (const node of nodes) {
    const kind =
      node.resource_type === 'model'
        ? `${node.config.materialized} model`
        : node.resource_type === 'operation'
          ? 'project hook'
          : node.resource_type
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => pluralize(count, kind, IRREGULAR[kind]).replaceAll('_', ' '))
    .join(', ')
}

/** ` in 0 hours 1 minutes and 2.63 seconds` */
function humanTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return ` in ${Math.floor(minutes / 60)} hours ${minutes % 60} minutes and ${(seconds % 60).toFixed(2)} seconds`
}

/** `Finished running 2 table models, 8 data tests in ... (2.63s).` */
export function finishedRunning(results: readonly RunResult[], seconds: number): PlumbEvent {
  const counts = countNodes(results.map((result) => result.node))
  const execution = humanTime(seconds)
  return {
    name: 'FinishedRunningStats',
    code: 'E047',
    level: 'info',
    msg: `Finished running ${counts}${execution} (${seconds.toFixed(2)}s).`,
    data: { stat_line: counts, execution, execution_time: seconds },
  }
}

/** What all came to, in one event for the log. */
export function endRunResult(results: readonly RunResult[], seconds: number, now: Date): PlumbEvent {
  const data = () => ({
    results: results.map(resultInfo),
    elapsed_time: seconds,
    generated_at: `${now.toISOString().slice(0, 19)}Z`,
    success: !results.some(({ status }) => status === 'error' || status === 'fail' || status === 'runtime error'),
  })
  return new LazyEvent('EndRunResult', 'Q037', 'debug', data, () => 'Command end result')
}

/** Everything dbt prints at the end of a run: what failed and why, what warned, and the numbers. */
export function emitEndOfRun(run: RunContext, results: readonly RunResult[], interrupted = false): void {
  const errors = results.filter(
    ({ status, message, node }) =>
      status === 'error' ||
      status === 'fail' ||
      status === 'runtime error' ||
      (status === 'skipped' && message !== null && node.resource_type !== 'exposure'),
  )
  const warnings = results.filter((result) => result.status === 'warn')
  const partial = results.filter((result) => result.status === 'partial success')
  run.emit(blankLine)
  run.emit(endOfRunSummary(errors.length, warnings.length, partial.length, interrupted))
  for (const result of errors) emitResult(run, result, false)
  for (const result of warnings) emitResult(run, result, true)
  run.emit(blankLine)
  run.emit(statsLine(results))
}

function endOfRunSummary(errors: number, warnings: number, partial: number, interrupted: boolean): PlumbEvent {
  const warned = pluralize(warnings, 'warning')
  const partly = `${partial} partial ${partial === 1 ? 'success' : 'successes'}`
  const msg = interrupted
    ? 'Exited because of keyboard interrupt'
    : errors > 0
      ? `Completed with ${pluralize(errors, 'error')}, ${partly}, and ${warned}:`
      : partial > 0
        ? `Completed with ${partly} and ${warned}`
        : warnings > 0
          ? `Completed with ${warned}:`
          : 'Completed successfully'
  const data = {
    num_errors: errors,
    num_warnings: warnings,
    num_partial_success: partial,
    keyboard_interrupt: interrupted,
  }
  return { name: 'EndOfRunSummary', code: 'Z030', level: 'info', msg, data }
}

/** What went wrong with one node: `Failure in model b (models/b.sql)`, the message, where the compiled code is. */
export function emitResult(run: RunContext, result: RunResult, isWarning: boolean, newline = true): void {
  const { node, message, status } = result
  const data = {
    resource_type: node.resource_type,
    node_name: node.name,
    path: node.original_file_path,
    group: run.groupOf(node.unique_id),
    node_info: nodeInfo(node, AT_REST),
  }
  const where = `in ${node.resource_type} ${node.name} (${node.original_file_path})`
  if (status === 'fail' || status === 'error' || (isWarning && status === 'warn')) {
    if (newline) run.emit(blankLine)
    if (isWarning) run.emit({ name: 'RunResultWarning', code: 'Z021', level: 'warn', msg: `Warning ${where}`, data })
    else run.emit({ name: 'RunResultFailure', code: 'Z022', level: 'error', msg: `Failure ${where}`, data })
    if (message === null || message === '') {
      run.emit({
        name: 'RunResultErrorNoMessage',
        code: 'Z025',
        level: 'error',
        msg: `  Status: ${status}`,
        data: { status, node_info: data.node_info },
      })
    } else if (isWarning) {
      run.emit({
        name: 'RunResultWarningMessage',
        code: 'Z046',
        level: 'warn',
        msg: message,
        data: { msg: message, node_info: data.node_info },
      })
    } else run.emit(resultError(run, result, message, 'error'))
    const compiledPath = 'compiled_path' in node ? node.compiled_path : null
    if (compiledPath) {
      run.emit(blankLine)
      run.emit({
        name: 'SQLCompiledPath',
        code: 'Z026',
        level: 'info',
        msg: `  compiled code at ${compiledPath}`,
        data: { path: compiledPath, node_info: data.node_info },
      })
    }
    if (result.failuresRelation !== undefined) emitStoredFailures(run, result.failuresRelation, data.node_info)
  } else if (status === 'skipped' && message !== null) {
    run.emit(resultError(run, result, message, 'debug'))
  } else if (message !== null) {
    run.emit(blankLine)
    run.emit(resultError(run, result, message, 'error'))
  }
}

function resultError(run: RunContext, result: RunResult, message: string, level: EventLevel): PlumbEvent {
  return new LazyEvent(
    'RunResultError',
    'Z024',
    level,
    () => ({
      msg: message,
      group: run.groupOf(result.node.unique_id),
      node_info: nodeInfo(result.node, AT_REST),
    }),
    () => `  ${[message, ...explain(run, result)].join('\n')}`,
  )
}

function emitStoredFailures(run: RunContext, relation: string, info: Record<string, unknown>): void {
  const query = `select * from ${relation}`
  const border = '-'.repeat(query.length)
  run.emit(blankLine)
  run.emit({
    name: 'CheckNodeTestFailure',
    code: 'Z027',
    level: 'info',
    msg: `  See test failures:\n  ${border}\n  ${query}\n  ${border}`,
    data: { relation_name: relation, node_info: info },
  })
}

const OUTCOMES: Readonly<Record<RunResult['status'], 'pass' | 'warn' | 'error' | 'skip' | 'noop'>> = {
  success: 'pass',
  pass: 'pass',
  warn: 'warn',
  error: 'error',
  fail: 'error',
  'runtime error': 'error',
  'partial success': 'error',
  skipped: 'skip',
  'no-op': 'noop',
}

function statsLine(results: readonly RunResult[]): PlumbEvent {
  const stats = { error: 0, skip: 0, pass: 0, warn: 0, noop: 0, total: results.length }
  for (const { status } of results) stats[OUTCOMES[status]]++
  const { pass, warn, error, skip, noop, total } = stats
  const msg = `Done. PASS=${pass} WARN=${warn} ERROR=${error} SKIP=${skip} NO-OP=${noop} TOTAL=${total}`
  return { name: 'StatsLine', code: 'Z023', level: 'info', msg, data: { stats } }
}
