import type { PlumbEvent } from '../../core/event.js'
import type { HookNode } from '../../manifest/index.js'
import type { RunContext } from '../run-context.js'
import type { RunResult } from '../run-result.js'
import { progressLine } from './line.js'
import { nodeInfo } from './node-info.js'

/** One hook as its events see it. */
export interface HookView {
  readonly run: RunContext
  readonly hook: HookNode
  /** `shop.on-run-start.0` */
  readonly name: string
  readonly index: number
  readonly total: number
}

/** `1 of 2 START hook: shop.on-run-start.0 ..... [RUN]` */
export function hookStart({ run, hook, name, index, total }: HookView): PlumbEvent {
  const parts = { text: `START hook: ${name}`, status: 'RUN', index, total, truncate: true }
  const progress = { status: 'started', startedAt: null, finishedAt: null }
  return {
    name: 'LogHookStartLine',
    code: 'Q032',
    level: 'info',
    msg: progressLine(parts, run.width),
    data: { statement: name, index, total, node_info: nodeInfo(hook, progress) },
  }
}

/** `1 of 2 OK hook: shop.on-run-start.0 ..... [OK in 0.05s]` */
export function hookEnd({ run, hook, name, index, total }: HookView, result: RunResult): PlumbEvent {
  const info = result.status === 'success' ? 'OK' : result.status === 'skipped' ? 'SKIP' : 'ERROR'
  const seconds = result.execution_time
  const parts = { text: `${info} hook: ${name}`, status: info, index, total, seconds, truncate: true }
  const progress = { status: result.status, startedAt: null, finishedAt: null }
  return {
    name: 'LogHookEndLine',
    code: 'Q033',
    level: 'info',
    msg: progressLine(parts, run.width),
    data: {
      statement: name,
      status: result.status,
      index,
      total,
      execution_time: seconds,
      node_info: nodeInfo(hook, progress),
    },
  }
}
