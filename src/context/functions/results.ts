import type { AdapterResponse } from '../../adapters/adapter.js'
import { fail } from '../../core/diagnostic.js'
import { AgateTable, bindArguments, type HostFunction, isUndefined, toStr, type Value } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'
import { AdapterResponseObject } from '../objects/adapter-response.js'
import { StatementResult } from '../objects/statement-result.js'

/** `load_result(name)`: a statement's result, once (`main` as often as wanted); None for a name never stored. */
export const loadResult: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const name = toStr(bindArguments('load_result', ['name'], args, kwargs)[0])
    const result = scope.results.get(name)
    if (result === undefined) return null
    if (result === null) {
      fail(
        'compilation',
        'result-loaded',
        `The 'statement' result named '${name}' has already been loaded into a variable`,
      )
    }
    if (name !== 'main') scope.results.set(name, null)
    return result
  }

/** `store_result(name, response, agate_table=None)` */
export const storeResult: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const params = ['name', 'response', 'agate_table']
    const [name, response, table] = bindArguments('store_result', params, args, kwargs, { agate_table: null })
    scope.results.set(toStr(name), new StatementResult(response, tableOf(table)))
    return ''
  }

/** `store_raw_result(name, message=None, code=None, rows_affected=None, agate_table=None)` */
export const storeRawResult: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const params = ['name', 'message', 'code', 'rows_affected', 'agate_table']
    const defaults = { message: null, code: null, rows_affected: null, agate_table: null }
    const [name, message, code, rows, table] = bindArguments('store_raw_result', params, args, kwargs, defaults)
    const response: AdapterResponse = {
      _message: message === null ? 'None' : toStr(message),
      ...(code === null ? {} : { code: toStr(code) }),
      ...(rows === null ? {} : { rows_affected: Number(toStr(rows)) }),
    }
    scope.results.set(toStr(name), new StatementResult(new AdapterResponseObject(response), tableOf(table)))
    return ''
  }

function tableOf(value: Value): AgateTable {
  if (value instanceof AgateTable) return value
  if (value === null || isUndefined(value)) return AgateTable.fromColumns([], [])
  return fail('compilation', 'result-table', 'A statement stores its rows as an agate table')
}
