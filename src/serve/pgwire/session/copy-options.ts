import type { Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { constantOf, namesOf } from '../statement/ast.js'
import type { CopyOptions } from './portal.js'

/** The options of a COPY ... TO, with PostgreSQL's defaults for its format. @throws WireError `22023`. */
export function readCopyOptions(nodes: readonly Node[] | undefined): CopyOptions {
  const given = new Map<string, string | true | readonly string[]>()
  for (const node of nodes ?? []) {
    if (!('DefElem' in node)) continue
    const { defname = '', arg } = node.DefElem
    given.set(defname, arg === undefined ? true : optionValue(arg))
  }
  const text = (name: string): string | undefined => {
    const value = given.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const format = text('format') ?? 'text'
  if (format !== 'text' && format !== 'csv' && format !== 'binary') {
    return refuse(SQLSTATE.invalidParameterValue, `COPY format "${format}" not recognized`)
  }
  const delimiter = text('delimiter') ?? (format === 'csv' ? ',' : '\t')
  if (!/^[^\r\n\u0080-\uffff]$/.test(delimiter))
    refuse(SQLSTATE.invalidParameterValue, 'COPY delimiter must be a single one-byte character')
  const encoding = text('encoding')
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
    refuse(SQLSTATE.invalidParameterValue, 'COPY gives UTF8 only')
  const quote = text('quote') ?? '"'
  const force = given.get('force_quote')
  const header = given.get('header')
  return {
    format,
    delimiter,
    nullText: text('null') ?? (format === 'csv' ? '' : '\\N'),
    header: header === true || /^(true|on|1|match)$/i.test(String(header ?? 'off')),
    quote,
    escape: text('escape') ?? quote,
    forceQuote: Array.isArray(force)
      ? new Set<string>(force as readonly string[])
      : force === '*'
        ? 'all'
        : new Set<string>(),
  }
}

function optionValue(arg: Node): string | true | readonly string[] {
  if ('String' in arg) return arg.String.sval ?? ''
  if ('Integer' in arg) return String(arg.Integer.ival ?? 0)
  if ('Boolean' in arg) return arg.Boolean.boolval === true ? 'true' : 'false'
  if ('A_Star' in arg) return '*'
  if ('List' in arg) return namesOf(arg.List.items)
  const value = constantOf(arg)
  return value === undefined || value === null ? true : String(value)
}
