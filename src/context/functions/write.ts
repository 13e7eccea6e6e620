import { fail } from '../../core/diagnostic.js'
import { type HostFunction, toStr, type Value } from '../../jinja/index.js'
import type { ModelNode } from '../../manifest/index.js'
import type { Member, NodeScope } from '../node-scope.js'
import { type TargetFile, targetFile } from '../target-file.js'

/** `write(payload)`: keeps what a materialization ran under `target/run/`. Prints nothing. */
export const write: Member =
  (scope): HostFunction =>
  (args) => {
    writeRunSql(scope, toStr(args[0]))
    return ''
  }

/** Keeps the SQL that a node runs under `target/run/`, and notes where. */
export function writeRunSql({ subject, session }: NodeScope, sql: string): void {
  if (subject.resource_type === 'macro' || subject.resource_type === 'source') {
    fail('compilation', 'write-not-allowed', 'cannot "write" macros or sources')
  }
  if (!('build_path' in subject)) return
  const split = subject.resource_type === 'model' ? batchSuffix(subject) : undefined
  const file: TargetFile = targetFile(session, subject, 'run', split)
  subject.build_path = file.relativePath
  session.targetFolders.write(file, sql)
}

/** The start of the batch under way, as it stands in file names; undefined outside of batches. */
export function batchSuffix(model: ModelNode): string | undefined {
  if (model.config.incremental_strategy !== 'microbatch' || model.batch == null) return undefined
  return formatBatchStart(model.batch.event_time_start as Value, model.config.batch_size ?? null)
}

/** How a batch is called in files and messages: `2024`, `2024-01`, `2024-01-31`, `2024-01-31T05`. */
export function formatBatchStart(start: Value, batchSize: string | null): string {
  const text = toStr(start)
  if (batchSize === 'year') return text.slice(0, 4)
  if (batchSize === 'month') return text.slice(0, 7)
  const date = text.slice(0, 10)
  return batchSize === 'day' ? date : `${date}T${text.slice(11, 13)}`
}
