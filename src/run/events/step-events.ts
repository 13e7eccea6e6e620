import { type EventLevel, LazyEvent, type PlumbEvent } from '../../core/event.js'
import { exactJson } from '../../core/exact-json.js'
import type { GraphNode } from '../../manifest/index.js'
import { describeWork, displayName, unitTestName } from '../node-names.js'
import type { RunContext } from '../run-context.js'
import type { RunResult } from '../run-result.js'
import { progressLine } from './line.js'
import { type NodeProgress, nodeInfo, resultInfo } from './node-info.js'

/** One step as its events see it. */
export interface StepView {
  readonly run: RunContext
  readonly node: GraphNode
  readonly index: number
  readonly thread: string
  readonly progress: NodeProgress
}

type Data = Record<string, unknown>

function stepEvent(
  view: StepView,
  name: string,
  code: string,
  level: EventLevel,
  data: () => Data,
  msg: () => string,
): PlumbEvent {
  // The status changes while the event waits to be written: it is the one of now that counts.
  const progress = { ...view.progress }
  const allData = (): Data => ({ ...data(), node_info: nodeInfo(view.node, progress) })
  return new LazyEvent(name, code, level, allData, msg, view.thread)
}

export function nodeStart(view: StepView): PlumbEvent {
  return stepEvent(
    view,
    'NodeStart',
    'Q024',
    'debug',
    () => ({}),
    () => `Began running node ${view.node.unique_id}`,
  )
}

export function nodeCompiling(view: StepView): PlumbEvent {
  return stepEvent(
    view,
    'NodeCompiling',
    'Q030',
    'debug',
    () => ({}),
    () => `Began compiling node ${view.node.unique_id}`,
  )
}

export function nodeExecuting(view: StepView): PlumbEvent {
  return stepEvent(
    view,
    'NodeExecuting',
    'Q031',
    'debug',
    () => ({}),
    () => `Began executing node ${view.node.unique_id}`,
  )
}

export function nodeFinished(view: StepView, result: RunResult): PlumbEvent {
  const data = () => ({ run_result: resultInfo(result) })
  return stepEvent(view, 'NodeFinished', 'Q025', 'debug', data, () => `Finished running node ${view.node.unique_id}`)
}

/** `1 of 28 START sql table model main.orders ...... [RUN]` */
export function startLine(view: StepView, description = describeWork(view.node, view.run.session)): PlumbEvent {
  const { index, run } = view
  const data = () => ({ description, index, total: run.total })
  const msg = () => progressLine({ text: `START ${description}`, status: 'RUN', index, total: run.total }, run.width)
  return stepEvent(view, 'LogStartLine', 'Q011', 'info', data, msg)
}

/** The line that tells what became of a step. */
export function resultLine(view: StepView, result: RunResult): PlumbEvent | null {
  switch (view.node.resource_type) {
    case 'model':
      return modelResult(view, result)
    case 'seed':
      return seedResult(view, result)
    case 'snapshot':
      return snapshotResult(view, result)
    case 'test':
    case 'unit_test':
      return testResult(view, result)
    case 'function':
      return functionResult(view, result)
    case 'source':
      return freshnessResult(view, result)
    default:
      return noOpResult(view, result)
  }
}

interface Line {
  readonly name: string
  readonly code: string
  readonly level: EventLevel
  readonly text: string
  readonly status: string
  readonly data: Data
}

function line(view: StepView, result: RunResult, parts: Line): PlumbEvent {
  const { index, run } = view
  const data = () => ({
    index,
    total: run.total,
    ...parts.data,
    execution_time: result.execution_time,
    group: run.groupOf(view.node.unique_id),
  })
  const { text, status } = parts
  const msg = () => progressLine({ text, status, index, total: run.total, seconds: result.execution_time }, run.width)
  return stepEvent(view, parts.name, parts.code, parts.level, data, msg)
}

function modelResult(view: StepView, result: RunResult): PlumbEvent {
  const description = describeWork(view.node, view.run.session)
  const failed = result.status === 'error'
  const status = failed ? 'error' : (result.message ?? '')
  const verb = failed ? 'ERROR creating' : status.includes('PARTIAL SUCCESS') ? 'PARTIALLY created' : 'OK created'
  return line(view, result, {
    name: 'LogModelResult',
    code: 'Q012',
    level: failed ? 'error' : 'info',
    text: `${verb} ${description}`,
    status: failed ? 'ERROR' : status,
    data: { description, status },
  })
}

function seedResult(view: StepView, result: RunResult): PlumbEvent {
  const { node } = view
  const failed = result.status === 'error'
  const schema = 'schema' in node ? node.schema : ''
  const relation = 'alias' in node ? node.alias : node.name
  return line(view, result, {
    name: 'LogSeedResult',
    code: 'Q016',
    level: failed ? 'error' : 'info',
    text: `${failed ? 'ERROR loading' : 'OK loaded'} seed file ${schema}.${relation}`,
    status: failed ? 'ERROR' : (result.message ?? ''),
    data: { status: result.status, result_message: result.message, schema, relation },
  })
}

function snapshotResult(view: StepView, result: RunResult): PlumbEvent {
  const failed = result.status === 'error'
  const description = displayName(view.node, view.run.session.credentials)
  const config = 'config' in view.node ? view.node.config : {}
  return line(view, result, {
    name: 'LogSnapshotResult',
    code: 'Q015',
    level: failed ? 'error' : 'info',
    text: `${failed ? 'ERROR snapshotting' : 'OK snapshotted'} ${description}`,
    status: failed ? 'ERROR' : (result.message ?? ''),
    data: { description, status: result.status, result_message: result.message, cfg: textValues(config) },
  })
}

const TEST_LEVELS: Readonly<Record<string, EventLevel>> = { fail: 'error', error: 'error', warn: 'warn' }

function testResult(view: StepView, result: RunResult): PlumbEvent {
  const { node } = view
  const name = node.resource_type === 'unit_test' ? unitTestName(node) : node.name
  const { status } = result
  const info =
    status === 'error'
      ? 'ERROR'
      : status === 'pass'
        ? 'PASS'
        : `${status === 'warn' ? 'WARN' : 'FAIL'} ${result.failures}`
  return line(view, result, {
    name: 'LogTestResult',
    code: 'Q007',
    level: TEST_LEVELS[status] ?? 'info',
    text: `${info} ${name}`,
    status: info,
    data: {
      name,
      status,
      // Tests have the number of all nodes under this name.
      total: undefined,
      num_models: view.run.total,
      num_failures: result.failures,
      attached_node: 'attached_node' in node ? node.attached_node : null,
    },
  })
}

function functionResult(view: StepView, result: RunResult): PlumbEvent {
  const description = describeWork(view.node, view.run.session)
  const failed = result.status === 'error'
  return line(view, result, {
    name: 'LogFunctionResult',
    code: 'Q047',
    level: failed ? 'error' : 'info',
    text: `${failed ? 'ERROR creating' : 'OK created'} ${description}`,
    status: result.status.toUpperCase(),
    data: { description, status: result.status },
  })
}

const FRESHNESS: Readonly<Record<string, readonly [info: string, level: EventLevel]>> = {
  'runtime error': ['ERROR', 'error'],
  error: ['ERROR STALE', 'error'],
  warn: ['WARN', 'warn'],
}

function freshnessResult(view: StepView, result: RunResult): PlumbEvent {
  const { node } = view
  const source = node.resource_type === 'source' ? node.source_name : ''
  const [info, level] = FRESHNESS[result.status] ?? (['PASS', 'info'] as const)
  return line(view, result, {
    name: 'LogFreshnessResult',
    code: 'Q018',
    level,
    text: `${info} freshness of ${source}.${node.name}`,
    status: info,
    data: { status: result.status, source_name: source, table_name: node.name },
  })
}

function noOpResult(view: StepView, result: RunResult): PlumbEvent {
  const description = describeWork(view.node, view.run.session)
  return line(view, result, {
    name: 'LogNodeNoOpResult',
    code: 'Q019',
    level: 'info',
    text: `NO-OP ${description}`,
    status: 'NO-OP',
    data: { description },
  })
}

/** `12 of 28 SKIP relation main.orders ...... [SKIP]` */
export function skipLine(view: StepView): PlumbEvent {
  const { node, index, run } = view
  const schema = 'schema' in node && typeof node.schema === 'string' ? node.schema : ''
  const isRelation =
    node.resource_type === 'model' || node.resource_type === 'seed' || node.resource_type === 'snapshot'
  const text = isRelation ? `SKIP relation ${schema}.${node.name}` : `SKIP ${node.resource_type} ${node.name}`
  const data = () => ({
    resource_type: node.resource_type,
    schema,
    node_name: node.name,
    index,
    total: run.total,
    group: run.groupOf(node.unique_id),
  })
  const msg = () => progressLine({ text, status: 'SKIP', index, total: run.total }, run.width)
  return stepEvent(view, 'SkippingDetails', 'Q034', 'info', data, msg)
}

/** `12 of 28 SKIP relation main.orders due to ephemeral model status 'error' ...... [ERROR SKIP]` */
export function ephemeralFailed(view: StepView): PlumbEvent {
  const { node, index, run } = view
  const schema = 'schema' in node && typeof node.schema === 'string' ? node.schema : ''
  const data = () => ({
    schema,
    relation: node.name,
    index,
    total: run.total,
    status: 'error',
    group: run.groupOf(node.unique_id),
  })
  const text = `SKIP relation ${schema}.${node.name} due to ephemeral model status 'error'`
  const msg = () => progressLine({ text, status: 'ERROR SKIP', index, total: run.total }, run.width)
  return stepEvent(view, 'LogSkipBecauseError', 'Z034', 'error', data, msg)
}

export function markSkippedChildren(result: RunResult): PlumbEvent {
  const id = result.node.unique_id
  const reason = result.message === null ? '' : ` Reason: ${result.message}.`
  return new LazyEvent(
    'MarkSkippedChildren',
    'Z033',
    'debug',
    () => ({ unique_id: id, status: result.status, run_result: resultInfo(result) }),
    () => `Marking all children of '${id}' to be skipped because of status '${result.status}'. ${reason}`,
  )
}

function textValues(config: object): Record<string, string> {
  const entries = Object.entries(config).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'string' ? value : exactJson(value)]))
}
