import type { Connection, ExecuteOptions, QueryResult } from '../adapters/adapter.js'
import type { ColumnDescription } from '../adapters/column.js'
import { fail, internalError } from '../core/diagnostic.js'
import { LoggedConnection } from './logged-connection.js'
import type { NodeScope } from './node-scope.js'
import { withQueryComment } from './query-comment.js'

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
  const asked = abridge ? { ...options, abridge } : options
  // A hook uses the connection of the whole run: what it does there is told as its own.
  return connection instanceof LoggedConnection
    ? connection.execute(text, asked, (event) => scope.emit(event))
    : connection.execute(text, asked)
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
