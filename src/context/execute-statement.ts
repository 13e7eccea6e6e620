import type { Connection, ExecuteOptions, QueryResult } from '../adapters/adapter.js'
import type { ColumnDescription } from '../adapters/column.js'
import { fail, internalError } from '../core/diagnostic.js'
import type { NodeScope } from './node-scope.js'
import { withQueryComment } from './query-comment.js'

/** How much of a long statement logs show when the caller asks for less. */
const ABRIDGED_LENGTH = 512

/**
 * Runs SQL of a template on the node's own connection, with the project's query comment, and tells the log.
 * @param abridge logs only the statement's beginning: seeds send much.
 */
export async function executeStatement(
  scope: NodeScope,
  sql: string,
  options: ExecuteOptions,
  abridge = false,
): Promise<QueryResult> {
  const connection = await connectionOf(scope)
  const text = await withQueryComment(scope, sql)
  const shown = abridge ? `${text.slice(0, ABRIDGED_LENGTH)}...` : text
  scope.emit({
    name: 'SQLQuery',
    code: 'E016',
    level: 'debug',
    msg: `On ${connection.name}: ${shown}`,
    data: { conn_name: connection.name, sql: shown },
  })
  const started = performance.now()
  const result = await connection.execute(text, options)
  const elapsed = (performance.now() - started) / 1000
  const status = result.response._message
  scope.emit({
    name: 'SQLQueryStatus',
    code: 'E017',
    level: 'debug',
    msg: `SQL status: ${status} in ${elapsed.toFixed(3)} seconds`,
    data: { status, elapsed, query_id: '' },
  })
  return result
}

/** Names and types of a query's columns; the query is not run. */
export async function describeQuery(scope: NodeScope, sql: string): Promise<ColumnDescription[]> {
  const { adapter } = scope.session
  if (adapter === null) throw internalError('A query was to be described without a warehouse')
  return adapter.introspect.describeQuery(await connectionOf(scope), sql)
}

async function connectionOf(scope: NodeScope): Promise<Connection> {
  if (scope.connection === undefined) {
    fail('runtime', 'no-connection', `connection never acquired for thread ${scope.parts.threadName ?? 'MainThread'}`, {
      hint: scope.session.flags.introspect
        ? undefined
        : 'with --no-introspect templates cannot ask the warehouse anything',
    })
  }
  return scope.connection.open()
}
