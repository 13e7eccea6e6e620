import { createSourceScope, type NodeScope, runMacro, StatementResult } from '../../context/index.js'
import { fail } from '../../core/diagnostic.js'
import { getAttr, iterate, type Kwargs, toStr, type Value } from '../../jinja/index.js'
import type { FreshnessThreshold, FreshnessTime, SourceDefinition } from '../../manifest/index.js'
import type { FreshnessFinding } from '../run-result.js'
import { parseUtc } from '../times.js'
import { responseOf } from './materialize.js'
import { nodeAs, type StepHandler, scopeOptions } from './step.js'

/** Python's earliest time: what an empty table counts as loaded at. */
const NEVER = '0001-01-01T00:00:00+00:00'

/** Asks how old a source's newest row is and judges it by the source's thresholds. */
export const freshnessStep: StepHandler = {
  announced: true,
  failedStatus: 'runtime error',
  async execute(step) {
    const source = nodeAs(step.node, 'source')
    const scope = createSourceScope(step.run.session, source, scopeOptions(step))
    const result = await collect(scope, source)
    const freshness = readFinding(result, source)
    return {
      status: judgeAge(source.freshness, freshness.age),
      message: null,
      response: responseOf(result).response,
      freshness,
    }
  },
}

/** `error` and `warn` when the age is over their thresholds, else `pass`. */
export function judgeAge(thresholds: FreshnessThreshold | null, age: number): 'error' | 'warn' | 'pass' {
  if (isOver(thresholds?.error_after, age)) return 'error'
  return isOver(thresholds?.warn_after, age) ? 'warn' : 'pass'
}

const PERIOD_SECONDS = { minute: 60, hour: 3600, day: 86_400 } as const

function isOver(limit: FreshnessTime | null | undefined, age: number): boolean {
  if (limit == null || limit.count === null || limit.period === null) return false
  return age > limit.count * PERIOD_SECONDS[limit.period]
}

async function collect(scope: NodeScope, source: SourceDefinition): Promise<StatementResult> {
  const { session } = scope
  const relation = session.relations.ofSource(source, true)
  if (source.loaded_at_query !== null && source.loaded_at_query !== undefined) {
    const template = session.template(source.loaded_at_query, source.original_file_path)
    const query = await template.render(scope.thread, scope)
    return ask(scope, 'collect_freshness_custom_sql', { source: relation, loaded_at_query: query })
  }
  if (source.loaded_at_field !== null && source.loaded_at_field !== undefined) {
    const filter = source.freshness?.filter ?? null
    return ask(scope, 'collect_freshness', { source: relation, loaded_at_field: source.loaded_at_field, filter })
  }
  fail(
    'runtime',
    'freshness-unknown',
    `Could not compute freshness for source ${source.name}: no 'loaded_at_field' provided and ` +
      `${session.plugin.type} adapter does not support metadata-based freshness checks.`,
    { hint: 'say which column holds the time a row was loaded: `loaded_at_field` or `loaded_at_query`' },
  )
}

async function ask(scope: NodeScope, macro: string, kwargs: Kwargs): Promise<StatementResult> {
  const result = await runMacro(scope, macro, kwargs)
  if (result instanceof StatementResult) return result
  fail('compilation', 'freshness-result', `The macro '${macro}' must return the result of its statement`)
}

function readFinding(result: StatementResult, source: SourceDefinition): FreshnessFinding {
  const rows = [...iterate(getAttr(result.table, 'rows'))].map((row) => [...iterate(row)])
  const row = rows[0]
  if (rows.length !== 1 || row === undefined || row.length < 2) {
    fail(
      'compilation',
      'freshness-result',
      'Got an invalid result from "collect_freshness" macro: it must give one row of two columns',
    )
  }
  const loaded = row[0] === null ? NEVER : isoOf(row[0], source, 'last_modified')
  const asked = isoOf(row[1], source, 'snapshotted_at')
  return { max_loaded_at: loaded, snapshotted_at: asked, age: (Date.parse(asked) - Date.parse(loaded)) / 1000 }
}

/** A time as Python writes it in ISO 8601, in UTC; a time without zone counts as UTC. */
function isoOf(value: Value, source: SourceDefinition, field: string): string {
  if (value === null || value === undefined) {
    fail(
      'database',
      'unexpected-null',
      `Expected a non-null value when querying field '${field}' of table  ${source.relation_name} but received value 'null' instead`,
    )
  }
  const text = toStr(value)
  const time = parseUtc(text)
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:/.test(text) || Number.isNaN(time.getTime())) {
    fail(
      'database',
      'unexpected-non-timestamp',
      `Expected a timestamp value when querying field '${field}' of table ${source.relation_name} but received value of type '${typeof value}' instead`,
    )
  }
  const micros = /\.(\d+)/.exec(text)?.[1]?.padEnd(6, '0').slice(0, 6)
  const fraction = micros === undefined || micros === '000000' ? '' : `.${micros}`
  return `${time.toISOString().slice(0, 19)}${fraction}+00:00`
}
