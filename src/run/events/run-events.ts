import type { PlumbEvent } from '../../core/event.js'
import { progressLine } from './line.js'

export const nothingToDo: PlumbEvent = {
  name: 'NothingToDo',
  code: 'Q035',
  level: 'warn',
  msg: 'Nothing to do. Try checking your model configs and model specification args',
  data: {},
}

export const freshnessDone: PlumbEvent = {
  name: 'FreshnessCheckComplete',
  code: 'Q003',
  level: 'info',
  msg: 'Done.',
  data: {},
}

/** `Concurrency: 4 threads (target='dev')` */
export function concurrencyLine(threads: number, target: string, nodes: number): PlumbEvent {
  return {
    name: 'ConcurrencyLine',
    code: 'Q027',
    level: 'info',
    msg: `Concurrency: ${threads} threads (target='${target}')`,
    data: { num_threads: threads, target_name: target, node_count: nodes },
  }
}

/** `CANCEL query model.shop.orders ...... [CANCEL]` */
export function cancelLine(connection: string, width: number): PlumbEvent {
  return {
    name: 'LogCancelLine',
    code: 'Q022',
    level: 'error',
    msg: progressLine({ text: `CANCEL query ${connection}`, status: 'CANCEL' }, width),
    data: { conn_name: connection },
  }
}
