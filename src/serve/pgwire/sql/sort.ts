import type { Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { type Sql, sql } from './sql-text.js'

/** One entry of an ORDER BY. */
export function writeSort(node: Node, write: (node: Node) => Sql): Sql {
  if (!('SortBy' in node)) return refuse(SQLSTATE.featureNotSupported, 'this order is not supported here')
  const { node: by, sortby_dir, sortby_nulls } = node.SortBy
  if (sortby_dir === 'SORTBY_USING') refuse(SQLSTATE.featureNotSupported, 'ORDER BY ... USING is not supported here')
  const descending = sortby_dir === 'SORTBY_DESC'
  // PostgreSQL sorts nulls as the largest values; warehouses differ, so it is always written.
  const nullsFirst = sortby_nulls === 'SORTBY_NULLS_FIRST' || (sortby_nulls !== 'SORTBY_NULLS_LAST' && descending)
  return sql`${write(by!)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`
}
