import { fail } from '../../core/diagnostic.js'
import { EVERYTHING, type SelectorMethod } from './method.js'

/** `column:orders.amount`: the resource of a column; `+` before and behind it follow the column, not the resource. */
export const column: SelectorMethod = {
  over: EVERYTHING,
  prepare(value, _args, { columns }) {
    if (columns === undefined) {
      return fail(
        'selector',
        'no-column-lineage',
        "'column:' cannot be used here: the SQL of the project was not read",
        {
          hint: 'select by columns in ls, compile, run, test and build',
        },
      )
    }
    const id = columns.resourceOf(String(value))
    return (node) => node.unique_id === id
  },
}
