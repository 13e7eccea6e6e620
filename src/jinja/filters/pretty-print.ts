import { isMapping } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import { compareStrings } from '../values/ordering.js'
import { toRepr } from '../values/text.js'
import { PyTuple } from '../values/tuple.js'
import type { Value } from '../values/value.js'

const WIDTH = 80

/** `pprint.pformat(value)`: containers that do not fit a line take one line an item, dicts in key order. */
export function prettyPrint(value: Value): string {
  return print(value, 0, 0)
}

function print(value: Value, indent: number, allowance: number): string {
  const flat = sortedRepr(value)
  if (flat.length <= WIDTH - indent - allowance) return flat
  if (Array.isArray(value)) {
    const isTuple = value instanceof PyTuple
    const items = value as readonly Value[]
    const [open, close] = isTuple ? ['(', items.length === 1 ? ',)' : ')'] : ['[', ']']
    return (
      open +
      printItems(
        items.map((item) => ['', item]),
        indent + 1,
        allowance + 1,
      ) +
      close
    )
  }
  if (isMapping(value)) {
    const items = sortedEntries(value).map(([key, item]): [string, Value] => [`${toRepr(key)}: `, item])
    return `{${printItems(items, indent + 1, allowance + 1)}}`
  }
  return flat
}

function printItems(items: readonly [prefix: string, value: Value][], indent: number, allowance: number): string {
  return items
    .map(([prefix, item], i) => {
      const room = i === items.length - 1 ? allowance : 1
      return prefix + print(item, indent + prefix.length, room)
    })
    .join(`,\n${' '.repeat(indent)}`)
}

function sortedEntries(value: Parameters<typeof mappingEntries>[0]): [Value, Value][] {
  return Array.from(mappingEntries(value)).sort(([a], [b]) =>
    typeof a === 'string' && typeof b === 'string' ? compareStrings(a, b) : Number(a) - Number(b) || 0,
  )
}

function sortedRepr(value: Value): string {
  if (Array.isArray(value)) {
    const items = Array.from(value as readonly Value[], sortedRepr)
    if (!(value instanceof PyTuple)) return `[${items.join(', ')}]`
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
  }
  if (!isMapping(value)) return toRepr(value)
  return `{${sortedEntries(value)
    .map(([key, item]) => `${toRepr(key)}: ${sortedRepr(item)}`)
    .join(', ')}}`
}
