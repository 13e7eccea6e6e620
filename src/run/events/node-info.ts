import type { GraphNode } from '../../manifest/index.js'
import type { RunResult } from '../run-result.js'

/** Where a node is in its life, as dbt's logs tell it. */
export interface NodeProgress {
  status: string
  startedAt: string | null
  finishedAt: string | null
}

/** A node after its work, as the closing summary tells of it. */
export const AT_REST: NodeProgress = { status: 'None', startedAt: null, finishedAt: null }

/** `node_info` of dbt's events: what is not known is an empty text. */
export function nodeInfo(node: GraphNode, progress: NodeProgress): Record<string, unknown> {
  const config = 'config' in node ? (node.config as { materialized?: string }) : {}
  return {
    node_path: node.path,
    node_name: node.name,
    unique_id: node.unique_id,
    resource_type: node.resource_type,
    materialized: config.materialized ?? '',
    node_status: progress.status,
    node_started_at: progress.startedAt ?? '',
    node_finished_at: progress.finishedAt ?? '',
    meta: 'meta' in node ? node.meta : {},
    node_relation: {
      database: ('database' in node ? node.database : null) ?? '',
      schema: ('schema' in node ? node.schema : null) ?? '',
      alias: ('alias' in node ? node.alias : null) ?? '',
      relation_name: ('relation_name' in node ? node.relation_name : null) ?? '',
    },
    node_checksum: ('checksum' in node && typeof node.checksum === 'object' ? node.checksum?.checksum : null) ?? '',
  }
}

/** `run_result` of dbt's events. */
export function resultInfo(result: RunResult): Record<string, unknown> {
  return {
    status: result.status,
    message: result.message ?? '',
    thread: result.thread_id,
    execution_time: result.execution_time,
    num_failures: result.failures ?? 0,
    timing_info: result.timing,
    adapter_response: result.adapter_response,
  }
}
