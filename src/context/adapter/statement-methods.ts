import type { Decimal } from '../../adapters/adapter.js'
import { fail } from '../../core/diagnostic.js'
import {
  AgateTable,
  iterate,
  type Kwargs,
  type Print,
  PyDecimal,
  PyFloat,
  toStr,
  truthy,
  tuple,
  type Value,
} from '../../jinja/index.js'
import { agateTableOf } from '../agate-result.js'
import { describeQuery, executeStatement } from '../execute-statement.js'
import type { NodeScope } from '../node-scope.js'
import { AdapterResponseObject } from '../objects/adapter-response.js'
import { named } from './arguments.js'
import { type AdapterMethods, noList } from './method.js'

/** `adapter` methods that send SQL to the warehouse. */
export const statementMethods: AdapterMethods = {
  execute: {
    parse: () => tuple(['', AgateTable.fromColumns([], [])]),
    run: async (scope, args, kwargs) => {
      const params = ['sql', 'auto_begin', 'fetch', 'limit']
      const defaults = { auto_begin: false, fetch: false, limit: null }
      const [sql, autoBegin, fetch, limit] = named('execute', params, args, kwargs, defaults)
      const result = await executeStatement(scope, toStr(sql), {
        autoBegin: truthy(autoBegin),
        fetch: truthy(fetch),
        limit: typeof limit === 'number' ? limit : undefined,
      })
      return tuple([new AdapterResponseObject(result.response), agateTableOf(result, printer(scope))])
    },
  },
  add_query: {
    parse: () => tuple([null, null]),
    run: async (scope, args, kwargs) => {
      const params = ['sql', 'auto_begin', 'bindings', 'abridge_sql_log']
      const defaults = { auto_begin: true, bindings: null, abridge_sql_log: false }
      const [sql, autoBegin, bindings, abridge] = named('add_query', params, args, kwargs, defaults)
      const result = await executeStatement(
        scope,
        toStr(sql),
        { autoBegin: truthy(autoBegin), bindings: bindings == null ? undefined : [...iterate(bindings)].map(binding) },
        truthy(abridge),
      )
      return tuple([null, new AdapterResponseObject(result.response)])
    },
  },
  commit: {
    parse: () => null,
    run: (scope) => {
      const connection = scope.connection?.current
      return connection?.inTransaction ? connection.commit().then(() => null) : null
    },
  },
  get_column_schema_from_query: {
    parse: noList,
    run: async (scope, args, kwargs) => {
      const sql = toStr(named('get_column_schema_from_query', ['sql'], args, kwargs)[0])
      const { columns } = scope.session
      return (await describeQuery(scope, sql)).map((column) => columns.of(column))
    },
  },
  get_partitions_metadata: {
    parse: () => tuple(['', AgateTable.fromColumns([], [])]),
    run: () => fail('runtime', 'not-implemented', '`get_partitions_metadata` is not implemented for this adapter!'),
  },
  run_sql_for_tests: {
    parse: () => null,
    run: async (scope, args, kwargs: Kwargs) => {
      const [sql, fetch] = named('run_sql_for_tests', ['sql', 'fetch', 'conn'], args, kwargs, {
        fetch: null,
        conn: null,
      })
      const table = agateTableOf(await executeStatement(scope, toStr(sql), { fetch: fetch !== null }))
      const rows = [...iterate(table)].map((row) => tuple(iterate(row)))
      return fetch === 'one' ? (rows[0] ?? null) : fetch === 'all' ? rows : null
    },
  },
}

/** What `table.print_table()` writes goes where `print()` goes. */
function printer(scope: NodeScope): Print {
  return (text) => {
    const msg = text.replace(/\n$/, '')
    scope.emit({ name: 'PrintEvent', code: 'Z052', level: 'info', msg, data: { msg } })
  }
}

/** A value of a seed or template as drivers take it. */
function binding(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (value instanceof PyFloat) return value.value
  // As a number: `32.00` is a value of an integer column then, where the text is none.
  if (value instanceof PyDecimal) return { kind: 'decimal', text: toStr(value) } satisfies Decimal
  return typeof value === 'bigint' ? value : toStr(value)
}
